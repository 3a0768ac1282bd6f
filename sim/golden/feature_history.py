"""Golden model of feature_history: all that a slot's events were, and the page's words for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tickwire.features.naive import log, squash
from tickwire.features.table import TABLE, TOP, WHOLE

RETURNS = [TABLE[at].numbers for at in WHOLE.group("return")]
KNEE = WHOLE.number("last_move", "knee")
UNIT, STEP = WHOLE.number("pause", "unit"), WHOLE.number("pause", "step")
SHIFT = WHOLE.number("pace", "shift")


@dataclass
class _Slot:
    middles: list[int] = field(default_factory=list)  # of every event
    last_move: int = 0
    since: int = 0
    time: int = 0
    paces: int = 0


class History:
    def __init__(self) -> None:
        self.slots: dict[int, _Slot] = {}

    def event(self, slot: int, time: int, first: bool, middle: int) -> dict[str, list[int]]:
        """The features, by the module's ports."""
        if first:
            self.slots[slot] = _Slot()
        state = self.slots[slot]
        middles = state.middles
        move = middle - middles[-1] if middles else 0
        state.last_move = move or state.last_move
        state.since = 0 if move else state.since + 1
        passed = 0 if first else max(time - state.time, 0)
        pause = log(passed // 2**UNIT) // 2**STEP
        if first:
            state.paces = pause << SHIFT
        else:
            state.paces += pause - (state.paces >> SHIFT)
        state.time = time
        middles.append(middle)
        returns = [middle - middles[max(len(middles) - 1 - n["lag"], 0)] for n in RETURNS]
        return {
            "return3": [squash(x, n["knee"]) for x, n in zip(returns, RETURNS, strict=True)],
            "last_move3": [squash(state.last_move, KNEE)],
            "since_move3": [min(log(state.since), TOP)],
            "pause3": [min(pause, TOP)],
            "pace3": [min(state.paces >> SHIFT, TOP)],
        }
