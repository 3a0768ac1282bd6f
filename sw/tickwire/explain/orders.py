"""`tickwire orders FILE`: the last run's intended orders as CSV or Parquet, a row for each decision
of the risk gate, as the RTL had them.

time_ns is the exchange's, ns since midnight; price is in 1/10,000 dollar. `failed` has every check
that refused the order. token to bytes are empty where none left. executed and cancelled are shares,
by what the venue had said when the run ended. cycles are from the edge that takes the message's
last byte to the decision, to the order's message, and to the first byte of its frame, simulated;
that is empty where the session refused it.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tickwire.explain.export import export

if TYPE_CHECKING:
    from tickwire.explain.last_run import LastRun

_SENT = ("side", "quantity", "price")


def columns(run: LastRun) -> dict[str, list[Any]]:
    """Every column by its name."""
    import numpy as np

    from tickwire.explain.last_run import LastRunError
    from tickwire.explain.order import frames
    from tickwire.gen.records import Check, Verdict
    from tickwire.wire.ouch import CODEC

    decisions, sent = run.observed.get("decisions"), _sent(run)
    if decisions is None:
        raise LastRunError("the last run is of before there were orders; make sim leaves one")
    signals, heard, framed = run.observed["signals"], _heard(run), frames(run)
    times = {(int(one["slot"]), int(one["sequence_number"])): int(one["timestamp"])
             for one in signals}  # fmt: skip
    symbols = dict(enumerate(run.about.symbols))
    stamps = decisions["message_cycle"].astype(np.int64)
    rows = list[dict[str, Any]]()
    for at, one in enumerate(decisions):
        slot, token, failed = (int(one[name]) for name in ("slot", "token", "failed"))
        row: dict[str, Any] = {
            "symbol": symbols.get(slot, f"slot {slot}"),
            "time_ns": times.get((slot, int(one["sequence_number"]))),
            "message": int(one["sequence_number"]),
            "verdict": Verdict(int(one["verdict"])).name.lower(),
            "failed": " ".join(check.name.lower() for check in Check if failed >> check & 1),
            "decision_cycles": int(run.observed["decisions_cycle"][at] - stamps[at]),
        }
        cycle, raw = sent.get(token, (None, b""))
        said = CODEC.decode("client", raw).values if raw else {}
        row["token"] = token if raw else None
        row |= {name: said.get(name) for name in _SENT}
        row["side"] = said["side"].decode() if raw else None  # type: ignore[union-attr]
        row["executed"] = heard["order_executed", token] if raw else None
        row["cancelled"] = heard["order_canceled", token] if raw else None
        row["order_cycles"] = None if cycle is None else cycle - int(stamps[at])
        frame = framed.get(token) if raw else None
        row["frame_cycles"] = None if frame is None else int(frame["cycle"] - stamps[at])
        row["bytes"] = raw.hex() or None
        rows.append(row)
    names = (
        *("symbol", "time_ns", "message", "verdict", "failed", "token", "side", "quantity"),
        *("price", "executed", "cancelled", "decision_cycles", "order_cycles", "frame_cycles"),
        "bytes",
    )
    return {name: [row[name] for row in rows] for name in names}


def _sent(run: LastRun) -> dict[int, tuple[int, bytes]]:
    """By its token, when an order's message came, and its bytes."""
    cycles, raw = run.observed.get("sent_cycle", ()), run.observed.get("sent", ())
    pairs = zip(cycles, raw, strict=True)
    return {int.from_bytes(one[1:5].tobytes(), "big"): (int(cycle), one.tobytes())
            for cycle, one in pairs}  # fmt: skip


def _heard(run: LastRun) -> Counter[tuple[str, int]]:
    """Shares, by what the venue said of which token."""
    from tickwire.wire.ouch import CODEC

    shares = Counter[tuple[str, int]]()
    for one in run.observed.get("heard", ()):
        said = CODEC.decode("venue", one["bytes"][: one["length"]].tobytes())
        if "quantity" in said.values and "user_ref_num" in said.values:
            shares[said.name, int(said.values["user_ref_num"])] += int(said.values["quantity"])
    return shares


def main(arguments: Sequence[str] | None = None) -> int:
    return export("orders", __doc__, columns, "intended orders", arguments)


if __name__ == "__main__":
    sys.exit(main())
