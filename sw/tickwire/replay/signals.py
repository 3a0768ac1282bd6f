"""From scores to decisions: what `hw/rtl/signal.sv` does, for the host's replay of it.

Every record of the network becomes a signal; `strength` is the score up minus the score down. The
decision is none with the first reason that applies, else it is buy or sell with reason ok:

    reason            when
    bad_frame         the check sequence of the record's frame was wrong
    (the record's)    it brings a reason: stale, crossed, halted, warming up ...
    below_threshold   the strength is neither at or above buy_threshold nor at or below
                      sell_threshold, or it is both
    hysteresis        the same decision was taken, and since then the strength hasn't come back:
                      to buy_threshold - hysteresis or below, to sell_threshold + hysteresis or
                      above; the opposite decision counts as coming back, and hysteresis 0 asks for
                      nothing
    too_soon          the slot's last decision was less than minimum_interval, in units of
                      1,024 ns of the exchange's time, before, or after

The strength of a record with one of the first two reasons counts for nothing. Only a reset forgets
what was decided; a cleared book doesn't.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from hwtools.compiled import compiled
from tickwire.gen.records import SIGNAL, SLOTS, Action, Reason

_UNIT_BITS = 10  # of minimum_interval: 1,024 ns
_BUY, _SELL = int(Action.BUY), int(Action.SELL)
_BAD_FRAME, _BELOW = int(Reason.BAD_FRAME), int(Reason.BELOW_THRESHOLD)
_HYSTERESIS, _TOO_SOON = int(Reason.HYSTERESIS), int(Reason.TOO_SOON)

SETTINGS = np.dtype(
    [
        ("buy_threshold", np.int32),
        ("sell_threshold", np.int32),
        ("hysteresis", np.uint16),
        ("minimum_interval", np.uint32),
    ]
)
_STATE = np.dtype(
    [
        ("bought", np.bool_),  # and not come back since
        ("sold", np.bool_),
        ("decided", np.bool_),  # ever
        ("time", np.int64),  # of the last decision
    ]
)


def settings(slots: int = SLOTS) -> npt.NDArray[Any]:
    """What the registers hold after reset: decisions at the very ends of the scale only."""
    rows = np.zeros(slots, SETTINGS)
    rows["buy_threshold"], rows["sell_threshold"] = 0xFFFF, -0x10000
    return rows


@dataclass
class Signals:
    """The stage with its memory of what it decided."""

    settings: npt.NDArray[Any] = field(default_factory=settings)
    model_id: int = 0

    def __post_init__(self) -> None:
        self._state = np.zeros(len(self.settings), _STATE)

    def decide(self, records: Records, bad: npt.NDArray[np.bool_] | None = None) -> Records:
        """Signals for records of SIGNAL that have no decision yet, `reason` being the record's.

        `bad` says whose frame was bad.
        """
        if records.dtype != SIGNAL.dtype or records.ndim != 1:
            raise TypeError(f"signals are made of one row of signal records, not {records.dtype}")
        signals = records.copy()
        signals["model_id"] = self.model_id
        wrong = np.zeros(len(records), np.bool_) if bad is None else bad
        _decide(signals, wrong, self.settings, self._state)
        return signals


@compiled
def _decide(signals: Any, bad: Any, config: Any, memory: Any) -> None:
    for row in range(len(signals)):
        one, slot = signals[row], signals[row]["slot"]
        strength = np.int64(one["scores"][2]) - np.int64(one["scores"][0])
        one["strength"] = strength
        one["decision"] = 0
        if bad[row]:
            one["reason"] = _BAD_FRAME
        elif one["reason"] == 0:
            time = np.int64(one["timestamp"])
            one["reason"] = _check(strength, time, config[slot], memory[slot])
            if one["reason"] == 0:
                buys = strength >= config[slot]["buy_threshold"]
                one["decision"] = _BUY if buys else _SELL
                memory[slot]["bought"], memory[slot]["sold"] = buys, not buys
                memory[slot]["decided"], memory[slot]["time"] = True, time


@compiled
def _check(strength: Any, time: Any, config: Any, memory: Any) -> int:
    """The reason for no decision, or 0; the strength is taken note of."""
    back = np.int64(config["hysteresis"])
    if back == 0 or strength <= config["buy_threshold"] - back:
        memory["bought"] = False
    if back == 0 or strength >= config["sell_threshold"] + back:
        memory["sold"] = False
    buys, sells = strength >= config["buy_threshold"], strength <= config["sell_threshold"]
    if buys == sells:
        return _BELOW
    if memory["bought"] if buys else memory["sold"]:
        return _HYSTERESIS
    least = np.int64(config["minimum_interval"]) << _UNIT_BITS
    if memory["decided"] and time - memory["time"] < least:
        return _TOO_SOON
    return 0
