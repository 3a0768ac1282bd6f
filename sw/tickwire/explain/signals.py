"""`tickwire signals FILE`: the last run's signals as CSV or Parquet, as the RTL had them.

time_ns is the exchange's, ns since midnight; prices are in 1/10,000 dollar. Scores, strength and
the two heads are in the network's units, and empty where the network didn't run. cycles are from
the edge that takes the message's last byte to the signal, simulated.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tickwire.explain.export import export

if TYPE_CHECKING:
    from tickwire.explain.last_run import LastRun

_BOOK = ("bid_price", "bid_shares", "ask_price", "ask_shares")


def columns(run: LastRun) -> dict[str, list[Any]]:
    """Every column by its name."""
    import numpy as np

    from tickwire.gen.records import Action, Reason

    rows, unit = run.observed["signals"], 1 << run.about.score_fraction
    ran = run.observed["network"]["reason"] == Reason.OK  # a row of each goes with the other's
    stepped = np.resize(ran, len(rows)) if len(ran) else np.zeros(len(rows), np.bool_)

    def scaled(values: Any) -> list[float | None]:
        pairs = zip(values.tolist(), stepped.tolist(), strict=True)
        return [value / unit if stood else None for value, stood in pairs]

    def named(kind: Any, values: Any) -> list[str]:
        names = {each.value: each.name.lower() for each in kind}
        return [names[value] for value in values.tolist()]

    symbols = dict(enumerate(run.about.symbols))
    slots = rows["slot"].tolist()
    late = run.observed["signals_cycle"] - rows["message_cycle"].astype(np.int64)
    return {
        "symbol": [symbols.get(slot, f"slot {slot}") for slot in slots],
        "time_ns": rows["timestamp"].tolist(),
        "message": rows["sequence_number"].tolist(),
        "decision": named(Action, rows["decision"]),
        "reason": named(Reason, rows["reason"]),
        "strength": scaled(rows["strength"]),
        **{name: scaled(rows["scores"][:, at]) for at, name in enumerate(("down", "flat", "up"))},
        "expected_return": scaled(rows["expected_return"]),
        "expected_volatility": scaled(rows["expected_volatility"]),
        **{name: rows[name].tolist() for name in _BOOK},
        "cycles": late.tolist(),
        "model_id": [run.about.model_id] * len(rows),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    return export("signals", __doc__, columns, "signals", arguments)


if __name__ == "__main__":
    sys.exit(main())
