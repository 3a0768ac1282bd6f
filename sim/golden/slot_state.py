"""Golden model of slot_state: golden.price_book's slot, its levels aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.golden.price_book import CLEAR, HEEDED, LOAD, OK, Op, Slot
from sim.golden.tick_pkg import NUMBERS


@dataclass(frozen=True)
class Outcome:
    """What the slot is after an operation."""

    ignored: int
    cause: int
    stale: int
    loading: int
    halted: int
    filled: int
    shut: int

    @property
    def hidden(self) -> int:
        return int(bool(self.stale) or bool(self.loading))


class SlotState:
    def __init__(self) -> None:
        self.slots = [Slot() for _ in range(NUMBERS["SLOTS"])]

    def mask(self, reasons: Mapping[int, int]) -> None:
        """Why, of the slots that it has."""
        for number, why in reasons.items():
            if not self.slots[number].stale:
                self.slots[number].stale = why

    def apply(self, op: Op) -> Outcome:
        slot, kind = self.slots[op["slot"]], op["operation"]
        slot.act(op)
        ignored = bool(slot.stale) and kind not in HEEDED
        cause = OK if ignored else op["cause"]
        if kind in (CLEAR, LOAD):
            slot.stale, slot.filled, slot.loading = OK, False, kind == LOAD
            if kind == CLEAR:
                slot.stale = op["reason"]
        elif not slot.stale:
            slot.stale = cause or (op["reason"] if kind == NUMBERS["OPERATION_STALE"] else OK)
        if kind == NUMBERS["OPERATION_TRUST"] and not ignored and not cause:
            slot.loading = False
        slot.halted |= kind == NUMBERS["OPERATION_HALT"]
        slot.halted &= kind != NUMBERS["OPERATION_RESUME"]
        slot.filled |= bool(op["put"]) and not ignored
        return Outcome(
            int(ignored),
            cause,
            slot.stale,
            int(slot.loading),
            int(slot.halted),
            int(slot.filled),
            slot.shut,
        )

    def late(self, number: int, cause: int) -> None:
        self.slots[number].stale = cause

    @property
    def reasons(self) -> list[int]:
        """Why each is stale; 0: it isn't."""
        return [slot.stale for slot in self.slots]

    @property
    def stale(self) -> int:
        return sum(1 << number for number, slot in enumerate(self.slots) if slot.stale)
