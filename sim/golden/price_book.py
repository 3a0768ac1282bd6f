"""Golden model of price_book: levels in dictionaries, as tickwire.book.naive says what a book is.

Which levels find no place in a hash table, and which weren't brought in time, is the hardware's
to say: `claims` counts the causes of that kind that were taken over, each after a check that it
can be; what is of the far list is judged here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from sim.golden.tick_pkg import NUMBERS, pack

OK = NUMBERS["REASON_OK"]
HEEDED = {NUMBERS[f"OPERATION_{name}"] for name in ("NONE", "HALT", "RESUME", "CLEAR", "LOAD")}
UNSAID = {NUMBERS[f"OPERATION_{name}"] for name in ("NONE", "STALE", "CLEAR")}  # who may act
CLEAR, LOAD = NUMBERS["OPERATION_CLEAR"], NUMBERS["OPERATION_LOAD"]
STAMPS = ("timestamp", "sequence_number", "frame_cycle", "message_cycle")
LEVELS = NUMBERS["LEVELS"]

Level = tuple[int, int]  # shares, orders
Op = dict[str, int]


def index(price: int, bits: int) -> int | None:
    """The price's place in the bitmap, or none."""
    if price < 10_000:
        return price
    place = 9_900 + price // 100
    return place if price % 100 == 0 and place < 1 << bits else None


@dataclass
class Slot:
    levels: tuple[dict[int, Level], dict[int, Level]] = field(default_factory=lambda: ({}, {}))
    stale: int = OK
    halted: bool = False
    loading: bool = False
    filled: bool = False
    shut: int = OK  # why nobody may act

    def act(self, op: Op) -> None:
        if op["operation"] not in UNSAID:
            self.shut = op["reason"]

    @property
    def hidden(self) -> bool:
        return bool(self.stale) or self.loading

    def best(self, side: int) -> list[tuple[int, int, int]]:
        prices = sorted(self.levels[side], reverse=side == 0)[:LEVELS]
        return [] if self.hidden else [(price, *self.levels[side][price]) for price in prices]


class PriceBook:
    """Operations one by one; `claims` are the causes that the hardware alone can know."""

    def __init__(self, far: int, index_bits: int) -> None:
        self.far, self.index_bits = far, index_bits
        self.slots = [Slot() for _ in range(NUMBERS["SLOTS"])]
        self.claims: Counter[int] = Counter()

    def stale(self, mask: int, reason: int) -> None:
        for number, slot in enumerate(self.slots):
            if mask >> number & 1 and not slot.stale:
                slot.stale = reason

    def apply(self, op: Op, claim: int) -> dict[str, int]:
        """The record of one operation; `claim` is the cause that the hardware gave."""
        slot = self.slots[op["slot"]]
        slot.act(op)
        ignored = bool(slot.stale) and op["operation"] not in HEEDED
        cause = OK if ignored else op["cause"] or self._levels(slot, op, claim)
        applied = not ignored and not cause and (op["take"] or op["put"])
        if not ignored:
            self._state(slot, op, cause)
        which = op["side"] if op["take"] or op["put"] else 0
        best = slot.best(which)
        kind = "put" if op["put"] else "take"
        touched = (op["side"], op[f"{kind}_price"], op[f"{kind}_shares"]) if applied else (0, 0, 0)
        columns = [list(column) for column in zip(*best, strict=True)] or [[], [], []]
        depth = {
            name: [*column, *[0] * (LEVELS - len(column))]
            for name, column in zip(("prices", "shares", "orders"), columns, strict=True)
        }
        return {
            "m_top": pack("top_of_book", self._top(slot, op, touched)),
            "m_depth": pack("depth", {"slot": op["slot"], "side": which, **depth}),
            "m_cause": cause,
            "m_ignored": int(ignored),
            "stale": int(slot.stale != OK),
        }

    def _levels(self, slot: Slot, op: Op, claim: int) -> int:
        """Change the levels; what refuses it."""
        levels = slot.levels[op["side"]]
        if op["take"]:
            shares, orders = levels.pop(op["take_price"])
            shares, orders = shares - op["take_shares"], orders - op["gone"]
            assert shares >= 0 and orders >= 0, "the bench took what isn't there"
            if orders:
                levels[op["take_price"]] = (shares, orders)
        if op["put"]:
            shares, orders = levels.get(op["put_price"], (0, 0))
            if shares + op["put_shares"] >= 1 << 32 or orders + 1 >= 1 << 16:
                return NUMBERS["REASON_NUMBER_OVERFLOW"]
            if not orders and self._overflows(levels, op["put_price"], claim):
                return NUMBERS["REASON_LEVEL_OVERFLOW"]
            levels[op["put_price"]] = (shares + op["put_shares"], orders + 1)
        lost = NUMBERS["REASON_DEPTH_LOST"]
        if claim == lost and (op["take"] or op["put"]) and levels:
            self.claims[lost] += 1
            return lost
        return OK

    def _overflows(self, levels: dict[int, Level], price: int, claim: int) -> bool:
        far = [one for one in levels if index(one, self.index_bits) is None]
        if index(price, self.index_bits) is None and len(far) == self.far:
            return True
        if claim == NUMBERS["REASON_LEVEL_OVERFLOW"]:
            self.claims[claim] += 1
            return True
        return False

    def _state(self, slot: Slot, op: Op, cause: int) -> None:
        kind = op["operation"]
        slot.stale = slot.stale or cause
        if op["put"]:
            slot.filled = True
        if kind == NUMBERS["OPERATION_HALT"]:
            slot.halted = True
        elif kind == NUMBERS["OPERATION_RESUME"]:
            slot.halted = False
        elif kind == NUMBERS["OPERATION_STALE"]:
            slot.stale = op["reason"]
        elif kind == NUMBERS["OPERATION_TRUST"]:
            slot.loading = False
        elif kind in (CLEAR, LOAD):
            slot.levels, slot.filled, slot.loading = ({}, {}), False, kind == LOAD
            slot.stale = op["reason"] if kind == CLEAR else OK

    def _top(self, slot: Slot, op: Op, touched: tuple[int, int, int]) -> dict[str, int]:
        bid, ask = ((slot.best(side) or [(0, 0, 0)])[0] for side in (0, 1))
        both = bool(bid[2] and ask[2])
        crossed, locked = both and bid[0] > ask[0], both and bid[0] == ask[0]
        reasons = (
            (slot.loading, "LOADING"),
            (slot.halted, "HALTED"),
            (crossed, "CROSSED"),
            (locked, "LOCKED"),
            (not slot.filled, "CLEARED"),
            (not both, "ONE_SIDED"),
            (True, "OK"),
        )
        first = NUMBERS[f"REASON_{next(name for applies, name in reasons if applies)}"]
        if not (slot.loading or slot.halted) and slot.shut:
            first = slot.shut
        names = ("price", "shares", "orders")
        return {
            **{f"bid_{name}": value for name, value in zip(names, bid, strict=True)},
            **{f"ask_{name}": value for name, value in zip(names, ask, strict=True)},
            **{name: op[name] for name in ("slot", "operation", "last_of_packet", *STAMPS)},
            "crossed": int(crossed),
            "locked": int(locked),
            "stale": int(slot.hidden),
            "halted": int(slot.halted),
            "reason": slot.stale or first,
            "operation_side": touched[0],
            "operation_price": touched[1],
            "operation_shares": touched[2],
        }
