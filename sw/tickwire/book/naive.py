"""The order book in plain Python: the specification that the compiled book and the RTL follow.

A slot is the book of one instrument. It has orders, known by reference: the key of an order is
(slot, reference), so slots never affect each other. A level is one price of one side: the sum of
its orders' shares, and their number.

Each operation is applied whole or refused whole. It is refused by the first rule that applies:

    operation            reason of refusal       condition
    add, replace         bad_price               price is 0
    add, replace,        bad_shares              shares is 0
      execute,
      execute_price,
      cancel
    execute, …_price,    unknown_reference       the slot has no order with that reference
      cancel, delete,
      replace
    execute, …_price,    excess_shares           shares is more than the order has
      cancel
    add                  duplicate_reference     the slot has an order with that reference
    replace              duplicate_reference     the slot has an order with the new reference, after
                                                 the old order is removed: so an order may be
                                                 replaced under its own reference
    add, replace         number_overflow         the level would hold 2**32 shares or more, or 2**16
                                                 orders or more, after the old order is removed

What an operation does:

    add                              an order comes to rest
    execute, execute_price, cancel   shares are taken off the order; an order without shares is
                                     removed. The price of execute_price is the trade's; the book
                                     doesn't use it
    delete                           the order is removed
    replace                          the order is removed and a new one comes to rest on its side.
                                     No book between the two is visible
    halt, resume                     set and reset `halted`; the orders stay
    stale                            the slot becomes stale, with the reason that the operation has
    clear                            the slot has no orders, and is trusted, or where the operation
                                     gives a reason stale for that; `halted` stays
    load                             as clear, and the slot is loading until trust, clear or stale
    trust                            the slot isn't loading any more
    none                             nothing

A refused operation makes its slot stale, with the reason of the refusal, because the exchange's
book and this one now differ. The first reason stays. A stale or loading slot shows nothing: no top,
no levels, no orders. A stale slot ignores and counts all operations except none, halt, resume,
clear and load, which work as always.

A new book is as after clear, and not halted.

Each operation's row of top_of_book has, besides the best level of both sides:

    stale, halted           stale: the slot shows nothing
    reason                  the first that applies: why the slot is stale; loading; halted;
                            the reason of the slot's last operation but none, stale and clear,
                            ignored ones too, if that isn't ok; crossed (the best bid is above the
                            best ask); locked (they are equal);
                            cleared (no order was added since the clear); one_sided; ok
    operation_side          the order's side
    operation_price         the order's price, for a replace the new one
    operation_shares        the shares added, taken off or deleted, for a replace the new ones

The last three are 0 for operations that touch no order, and for refused or ignored ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hwtools.bits import Records
from tickwire.book.types import (
    HEEDED,
    LEVEL,
    MOST_ORDERS,
    MOST_SHARES,
    Level,
    Order,
    Outcome,
    check,
)
from tickwire.gen.records import LEVELS, SLOTS, TOP_OF_BOOK, Operation, Reason, Side

# Fields of an operation that its row of top_of_book repeats.
_COPIED = (
    *("slot", "operation", "last_of_packet"),
    *("timestamp", "sequence_number", "frame_cycle", "message_cycle"),
)


class Refused(Exception):  # noqa: N818 - caught in this file, where it becomes a reason
    """Why an operation is refused."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason


@dataclass
class _Slot:
    orders: dict[int, Order] = field(default_factory=dict)
    levels: tuple[dict[int, Level], dict[int, Level]] = field(default_factory=lambda: ({}, {}))
    stale: Reason = Reason.OK
    halted: bool = False
    loading: bool = False
    filled: bool = False  # an order was added since the clear
    shut: Reason = Reason.OK  # why nobody may act

    def insert(self, reference: int, side: int, price: int, shares: int) -> None:
        if reference in self.orders:
            raise Refused(Reason.DUPLICATE_REFERENCE)
        _, held, orders = self.levels[side].get(price, (price, 0, 0))
        if held + shares > MOST_SHARES or orders + 1 > MOST_ORDERS:
            raise Refused(Reason.NUMBER_OVERFLOW)
        self.levels[side][price] = (price, held + shares, orders + 1)
        self.orders[reference] = (side, price, shares)
        self.filled = True

    def find(self, reference: int) -> Order:
        if reference not in self.orders:
            raise Refused(Reason.UNKNOWN_REFERENCE)
        return self.orders[reference]

    def take(self, reference: int, shares: int) -> None:
        side, price, rested = self.find(reference)
        if shares > rested:
            raise Refused(Reason.EXCESS_SHARES)
        gone = shares == rested
        _, held, orders = self.levels[side][price]
        self.levels[side][price] = (price, held - shares, orders - gone)
        self.orders[reference] = (side, price, rested - shares)
        if gone:
            del self.orders[reference]
            if orders == 1:
                del self.levels[side][price]

    @property
    def hidden(self) -> bool:
        return self.stale != Reason.OK or self.loading

    def best(self, side: int, depth: int) -> list[Level]:
        prices = sorted(self.levels[side], reverse=side == Side.BUY)
        return [] if self.hidden else [self.levels[side][price] for price in prices[:depth]]


class NaiveBook:
    """`slots` books."""

    def __init__(self, slots: int = SLOTS) -> None:
        self._slots = [_Slot() for _ in range(slots)]

    def apply(self, ops: Records, *, levels: bool = False) -> Outcome:
        """Apply operations in order."""
        check(ops, len(self._slots))
        tops = TOP_OF_BOOK.empty(len(ops))
        causes = np.zeros(len(ops), np.uint8)
        ignored = np.zeros(len(ops), np.bool_)
        sides = np.zeros((len(ops), 2, LEVELS), LEVEL) if levels else None
        for row, op in enumerate(ops):
            slot = self._slots[op["slot"]]
            touched = (0, 0, 0)
            if op["operation"] not in (Operation.NONE, Operation.STALE, Operation.CLEAR):
                slot.shut = Reason(op["reason"])
            try:
                ignored[row] = slot.stale and op["operation"] not in HEEDED
                if not ignored[row]:
                    touched = _apply(slot, op)
            except Refused as refused:
                causes[row] = slot.stale = refused.reason
            for name in _COPIED:
                tops[name][row] = op[name]
            for name, value in _top(slot, touched).items():
                tops[name][row] = value
            for side in Side if sides is not None else ():
                best = slot.best(side, LEVELS)
                sides[row, side, : len(best)] = best  # type: ignore[index]
        return Outcome(tops, causes, ignored, sides)

    def levels(self, slot: int, side: int, depth: int = LEVELS) -> list[Level]:
        """The best levels of a side: price, shares, orders."""
        return self._slots[slot].best(side, depth)

    def orders(self, slot: int) -> dict[int, Order]:
        """The orders of a slot by reference: side, price, shares."""
        return {} if self._slots[slot].hidden else dict(self._slots[slot].orders)


def _apply(slot: _Slot, op: Any) -> Order:
    """Apply one operation; the side, price and shares that it touched."""
    kind = Operation(op["operation"])
    reference, price, shares = (int(op[name]) for name in ("order_reference", "price", "shares"))
    if kind in (Operation.ADD, Operation.REPLACE) and price == 0:
        raise Refused(Reason.BAD_PRICE)
    counted = (Operation.EXECUTE, Operation.EXECUTE_PRICE, Operation.CANCEL)
    if kind in (Operation.ADD, Operation.REPLACE, *counted) and shares == 0:
        raise Refused(Reason.BAD_SHARES)
    if kind == Operation.ADD:
        slot.insert(reference, int(op["side"]), price, shares)
        return int(op["side"]), price, shares
    if kind in counted:
        side, rests_at, _ = slot.find(reference)
        slot.take(reference, shares)
        return side, rests_at, shares
    if kind in (Operation.DELETE, Operation.REPLACE):
        side, rests_at, rested = slot.find(reference)
        slot.take(reference, rested)
        if kind == Operation.DELETE:
            return side, rests_at, rested
        slot.insert(int(op["new_order_reference"]), side, price, shares)
        return side, price, shares
    if kind in (Operation.HALT, Operation.RESUME):
        slot.halted = kind == Operation.HALT
    elif kind == Operation.STALE:
        slot.stale = Reason(op["reason"])
    elif kind in (Operation.CLEAR, Operation.LOAD):
        slot.orders, slot.levels = {}, ({}, {})
        slot.filled, slot.loading = False, kind == Operation.LOAD
        slot.stale = Reason(op["reason"]) if kind == Operation.CLEAR else Reason.OK
    elif kind == Operation.TRUST:
        slot.loading = False
    return 0, 0, 0


def _top(slot: _Slot, touched: Order) -> dict[str, int]:
    """The top of the book after an operation that touched this side, price and shares."""
    bid, ask = ((slot.best(side, 1) or [(0, 0, 0)])[0] for side in Side)
    both = bid[2] > 0 and ask[2] > 0
    crossed, locked = both and bid[0] > ask[0], both and bid[0] == ask[0]
    reasons = (
        (slot.stale != Reason.OK, slot.stale),
        (slot.loading, Reason.LOADING),
        (slot.halted, Reason.HALTED),
        (slot.shut != Reason.OK, slot.shut),
        (crossed, Reason.CROSSED),
        (locked, Reason.LOCKED),
        (not slot.filled, Reason.CLEARED),
        (not both, Reason.ONE_SIDED),
        (True, Reason.OK),
    )
    return {
        **dict(zip(("bid_price", "bid_shares", "bid_orders"), bid, strict=True)),
        **dict(zip(("ask_price", "ask_shares", "ask_orders"), ask, strict=True)),
        "crossed": crossed,
        "locked": locked,
        "stale": slot.hidden,
        "halted": slot.halted,
        "reason": next(reason for applies, reason in reasons if applies),
        "operation_side": touched[0],
        "operation_price": touched[1],
        "operation_shares": touched[2],
    }
