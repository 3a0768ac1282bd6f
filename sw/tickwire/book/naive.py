"""The order book in plain Python: orders by reference, levels by price, and nothing clever.

This text is what a book does; `tickwire.book.compiled` and the RTL are held against it.

A slot has orders, known by reference: (slot, reference) is the key, so slots never meet. A level
is the sum of the shares and the number of the orders at one price of one side. Each operation is
applied whole or refused whole. The first rule that applies refuses it:

    operation            refused with            when
    add, replace         bad_price               price is 0
    add, replace,        bad_shares              shares is 0
      execute,
      execute_price,
      cancel
    execute, …_price,    unknown_reference       the slot has no order of that reference
      cancel, delete,
      replace
    execute, …_price,    excess_shares           shares is more than the order has
      cancel
    add                  duplicate_reference     the slot has an order of that reference
    replace              duplicate_reference     the same for the new reference, the old order being
                                                 gone: an order may be replaced under its own
    add, replace         number_overflow         the level would hold 2**32 shares or more, or 2**16
                                                 orders or more, the old order being gone

Whatever refuses an operation makes the slot stale with that reason, since the exchange's book is no
longer this one. `stale` does so with the reason that it brings. The first reason stays. A stale
slot shows nothing, neither top nor levels nor orders, and operations on it are ignored and
counted, but for halt and resume, which are heeded, and clear.

    execute, execute_price, cancel   take shares off the order; one without shares is gone. The
                                     price of execute_price is the trade's and isn't looked at
    replace                          the order is gone; another on its side comes to rest. No book
                                     between the two is visible
    halt, resume                     set and reset `halted`; the book stays as it is
    clear                            the slot has no orders and is trusted; `halted` stays
    load                             the same, and it is loading, until trust, clear or stale
    trust                            the slot isn't loading any more
    none                             nothing

A new book is as after clear, and not halted. `reason` is the first that applies: why the slot is
stale; loading; halted; crossed (best bid above best ask); locked (they are equal); cleared (no
order was ever added since the clear); one_sided; ok. `stale` of the top says that it shows nothing.
`operation_side`, `_price` and `_shares` tell what an operation that was applied did: the order's
side; its price, the new one for a replace; the shares added, taken off, or deleted, the new ones
for a replace. They are 0 for all others.
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

_STAMPS = ("timestamp", "sequence_number", "frame_cycle", "message_cycle")
_PASSED = ("slot", "operation", "last_of_packet", *_STAMPS)


class Refused(Exception):  # noqa: N818 - it is caught here and becomes a reason
    """Why an operation isn't applied."""

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
        seen = np.zeros((len(ops), 2, LEVELS), LEVEL) if levels else None
        for row, op in enumerate(ops):
            slot = self._slots[op["slot"]]
            touched = (0, 0, 0)
            try:
                ignored[row] = slot.stale and op["operation"] not in HEEDED
                if not ignored[row]:
                    touched = _apply(slot, op)
            except Refused as refused:
                causes[row] = slot.stale = refused.reason
            for name in _PASSED:
                tops[name][row] = op[name]
            _show(slot, touched, tops, row)
            for side in Side if seen is not None else ():
                best = slot.best(side, LEVELS)
                seen[row, side, : len(best)] = best  # type: ignore[index]
        return Outcome(tops, causes, ignored, seen)

    def levels(self, slot: int, side: int, depth: int = LEVELS) -> list[Level]:
        """The best levels of a side: price, shares, orders."""
        return self._slots[slot].best(side, depth)

    def orders(self, slot: int) -> dict[int, Order]:
        """The orders of a slot by reference: side, price, shares."""
        return {} if self._slots[slot].hidden else dict(self._slots[slot].orders)


def _apply(slot: _Slot, op: Any) -> Order:
    """Apply one operation; what it touched."""
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
        slot.stale, slot.filled = Reason.OK, False
        slot.loading = kind == Operation.LOAD
    elif kind == Operation.TRUST:
        slot.loading = False
    return 0, 0, 0


def _show(slot: _Slot, touched: Order, tops: Records, row: int) -> None:
    none = [(0, 0, 0)]
    bid, ask = ((slot.best(side, 1) or none)[0] for side in (Side.BUY, Side.SELL))
    both = bool(bid[2] and ask[2])
    crossed, locked = both and bid[0] > ask[0], both and bid[0] == ask[0]
    reasons = (
        (slot.stale != Reason.OK, slot.stale),
        (slot.loading, Reason.LOADING),
        (slot.halted, Reason.HALTED),
        (crossed, Reason.CROSSED),
        (locked, Reason.LOCKED),
        (not slot.filled, Reason.CLEARED),
        (not both, Reason.ONE_SIDED),
        (True, Reason.OK),
    )
    shown = {
        **dict(zip(("bid_price", "bid_shares", "bid_orders"), bid, strict=True)),
        **dict(zip(("ask_price", "ask_shares", "ask_orders"), ask, strict=True)),
        "crossed": crossed,
        "locked": locked,
        "stale": slot.hidden,
        "halted": slot.halted,
        "reason": next(reason for applies, reason in reasons if applies),
        **dict(
            zip(("operation_side", "operation_price", "operation_shares"), touched, strict=True)
        ),
    }
    for name, value in shown.items():
        tops[name][row] = value
