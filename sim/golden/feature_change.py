"""Golden model of feature_change: rules 1 to 5 of the features' page, a record at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sim.lib.pipeline import elements
from tickwire.features.naive import hold, squash
from tickwire.features.table import WHOLE
from tickwire.gen.records import Operation, Reason, Side

Levels = list[tuple[int, int]]  # price and shares, the best first
CLIP, DEPTH, WARM = WHOLE.clip, WHOLE.depth, WHOLE.warm_events
KNEES = {"flow3": WHOLE.number("flow_1", "knee"), "trade3": WHOLE.number("trade", "knee")}
TRADES = (Operation.EXECUTE, Operation.EXECUTE_PRICE)
TAKES = (*TRADES, Operation.CANCEL, Operation.DELETE)
RENEWS = (Operation.CLEAR, Operation.LOAD, Operation.TRUST)


def change(shares: int) -> Collection[int]:
    """change_t: a size with a sign; of 0 either sign will do."""
    bits = CLIP.bit_length()
    return {abs(shares) | (shares < 0) << bits} if shares else {0, 1 << bits}


@dataclass
class _Slot:
    sides: list[Levels] = field(default_factory=lambda: [[(0, 0)] * DEPTH for _ in Side])
    lacking: set[int] = field(default_factory=set)  # sides that no record brought since the trust
    fine: bool = False
    events: int = 0
    middle: int = 0


class Change:
    """`record` takes one, and says what the ports tell of it, by their names."""

    def __init__(self) -> None:
        self.slots: dict[int, _Slot] = {}

    def record(self, top: Any, side: int, levels: Levels) -> dict[str, int | Collection[int]]:
        number, kind = int(top["slot"]), int(top["operation"])
        slot = self.slots.setdefault(number, _Slot())
        outputs: dict[str, int | Collection[int]] = {
            "events0": min(slot.events, WARM), "valid1": 1, "acts1": int(kind != Operation.NONE),
            "slot1": number, "slot2": number, "slot3": number, "side1": side,
            "keeps1": 0, "event1": 0, "event2": 0, "event3": 0,
        }  # fmt: skip
        if kind == Operation.NONE:
            return outputs
        if top["stale"] or kind in RENEWS:
            self.slots[number] = _Slot(lacking={0, 1} if kind == Operation.TRUST else set())
            return outputs | {"alive2": 0}
        slot.lacking.discard(side)
        before, was_fine = slot.sides[side], slot.fine
        slot.sides[side] = now = levels[:DEPTH]
        slot.fine = int(top["reason"]) == Reason.OK and not slot.lacking
        outputs["keeps1"] = 1
        if now != before and slot.fine:
            outputs |= dict.fromkeys(("event1", "event2", "event3"), 1)
            outputs |= self._event(slot, top, side, before if was_fine else None)
        outputs["alive2"] = int(slot.events > 0)
        if slot.events:
            outputs["seasoned2"] = int(slot.events >= WARM)
        return outputs

    def _event(
        self, slot: _Slot, top: Any, side: int, before: Levels | None
    ) -> dict[str, int | Collection[int]]:
        bid, ask = int(top["bid_price"]), int(top["ask_price"])
        kind, first, middle = int(top["operation"]), not slot.events, bid + ask
        shares = min(int(top["operation_shares"]), CLIP)
        sign = 1 if top["operation_side"] == Side.BUY else -1
        pressure = sign * shares if kind == Operation.ADD else 0
        pressure = -sign * shares if kind in TAKES else pressure
        trade = -sign * shares if kind in TRADES else 0
        flow = 0 if before is None else _flow(before[0], slot.sides[side][0], side)
        outputs: dict[str, int | Collection[int]] = {
            "first1": int(first), "middle1": middle, "spread1": ask - bid, "flow2": change(flow),
            "trade2": change(trade), "pressure2": change(pressure),
            "travel2": 0 if first else abs(middle - slot.middle),
            "flow3": elements([squash(flow, KNEES["flow3"])]),
            "trade3": elements([squash(trade, KNEES["trade3"])]),
        }  # fmt: skip
        if not first:
            outputs["before1"] = slot.middle
        slot.middle, slot.events = middle, slot.events + 1
        return outputs


def _flow(before: tuple[int, int], now: tuple[int, int], side: int) -> int:
    """Of the side that the record brought; the other is as it was."""
    better = now[0] - before[0] if side == Side.BUY else before[0] - now[0]
    flow = (now[1] if better >= 0 else 0) - (before[1] if better <= 0 else 0)
    return hold(flow if side == Side.BUY else -flow, CLIP)
