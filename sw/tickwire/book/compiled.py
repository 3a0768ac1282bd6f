"""The order book compiled: what `tickwire.book.naive` describes, at millions of operations a
second.

Orders are a hash table of (slot, reference) with linear probing; a side's levels are sorted with
the best at the end, where most changes are. Both grow as needed.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from hwtools.compiled import compiled
from tickwire.book.types import LEVEL, MOST_ORDERS, MOST_SHARES, Level, Order, Outcome, check
from tickwire.gen.records import LEVELS, SLOTS, TOP_OF_BOOK, Operation, Reason

Array = npt.NDArray[Any]

# numba takes in module constants; an enum's members as plain integers.
_NONE, _ADD, _EXECUTE, _EXECUTE_PRICE = 0, 1, 2, 3
_CANCEL, _DELETE, _REPLACE = 4, 5, 6
_HALT, _RESUME, _STALE, _CLEAR, _LOAD, _TRUST = 7, 8, 9, 10, 11, 12
_KNOWN = range(13)
if list(Operation) != list(_KNOWN):
    raise ImportError("hw/regs/messages.toml numbers the operations otherwise than the book")
_CLEARED, _CROSSED, _LOCKED = int(Reason.CLEARED), int(Reason.CROSSED), int(Reason.LOCKED)
_HALTED, _ONE_SIDED = int(Reason.HALTED), int(Reason.ONE_SIDED)
_LOADING = int(Reason.LOADING)
_OVERFLOW, _UNKNOWN = int(Reason.NUMBER_OVERFLOW), int(Reason.UNKNOWN_REFERENCE)
_DUPLICATE, _EXCESS = int(Reason.DUPLICATE_REFERENCE), int(Reason.EXCESS_SHARES)
_BAD_PRICE, _BAD_SHARES = int(Reason.BAD_PRICE), int(Reason.BAD_SHARES)

_EMPTY = 255  # the slot of a free place


class _State(NamedTuple):
    """Arrays only: numba takes it as it is. `used[0]` is the number of orders."""

    used: Array
    slot: Array  # of each place of the hash table
    reference: Array
    side: Array
    price: Array
    shares: Array
    depth: Array  # [slot, side]: levels
    level_price: Array  # [slot, side, level], the best last
    level_shares: Array
    level_orders: Array
    stale: Array  # [slot]: the reason
    halted: Array
    loading: Array
    filled: Array


class Book:
    """`slots` books."""

    def __init__(self, slots: int = SLOTS, *, orders: int = 1 << 16, levels: int = 256) -> None:
        """Room for so many orders and levels a side to begin with."""
        places = 1 << max(4, (2 * orders - 1).bit_length())
        self._state = _State(
            np.zeros(1, np.int64),
            np.full(places, _EMPTY, np.uint8),
            np.zeros(places, np.uint64),
            np.zeros(places, np.uint8),
            np.zeros(places, np.uint32),
            np.zeros(places, np.uint32),
            np.zeros((slots, 2), np.int64),
            np.zeros((slots, 2, levels), np.uint32),
            np.zeros((slots, 2, levels), np.uint32),
            np.zeros((slots, 2, levels), np.uint16),
            np.zeros(slots, np.uint8),
            np.zeros(slots, np.bool_),
            np.zeros(slots, np.bool_),
            np.zeros(slots, np.bool_),
        )

    def apply(self, ops: Records, *, levels: bool = False) -> Outcome:
        """Apply operations in order."""
        check(ops, len(self._state.stale))
        tops = TOP_OF_BOOK.empty(len(ops))
        for name in ops.dtype.names or ():
            if name in (tops.dtype.names or ()) and name != "reason":
                tops[name] = ops[name]
        causes = np.zeros(len(ops), np.uint8)
        ignored = np.zeros(len(ops), np.bool_)
        seen = np.zeros((len(ops) if levels else 0, 2, LEVELS), LEVEL)
        row = 0
        while row < len(ops):
            row = _run(self._state, ops, row, tops, causes, ignored, seen)
            if row < len(ops):
                self._grow(int(ops["slot"][row]))
        return Outcome(tops, causes, ignored, seen if levels else None)

    def _grow(self, slot: int) -> None:
        """Double what is full: the hash table, or every side's levels."""
        state = self._state
        if _is_full(state):
            places = 2 * len(state.slot)
            larger = state._replace(
                used=np.zeros(1, np.int64),
                slot=np.full(places, _EMPTY, np.uint8),
                reference=np.zeros(places, np.uint64),
                side=np.zeros(places, np.uint8),
                price=np.zeros(places, np.uint32),
                shares=np.zeros(places, np.uint32),
            )
            _move(state, larger, _EMPTY)
            self._state = larger
        if state.depth[slot].max() >= state.level_price.shape[2]:
            wider = {
                name: np.concatenate([array, np.zeros_like(array)], axis=2)
                for name, array in state._asdict().items()
                if name.startswith("level_")
            }
            self._state = self._state._replace(**wider)

    def levels(self, slot: int, side: int, depth: int = LEVELS) -> list[Level]:
        """The best levels of a side: price, shares, orders."""
        state = self._state
        count = 0 if _hidden(state, slot) else int(state.depth[slot, side])
        best = slice(max(0, count - depth), count)
        columns = (
            array[slot, side, best][::-1].tolist()
            for array in (state.level_price, state.level_shares, state.level_orders)
        )
        return list(zip(*columns, strict=True))

    def orders(self, slot: int) -> dict[int, Order]:
        """The orders of a slot by reference: side, price, shares."""
        state = self._state
        here = (state.slot == slot) & (not _hidden(state, slot))
        found = (state.reference, state.side, state.price, state.shares)
        rows = zip(*(array[here].tolist() for array in found), strict=True)
        return {reference: (side, price, shares) for reference, side, price, shares in rows}


# -- Orders --------------------------------------------------------------------------------------


@compiled
def _home(places: int, slot: int, reference: Any) -> int:
    mixed = (np.uint64(reference) + np.uint64(slot)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    return int(np.int64(mixed & np.uint64(places - 1)))


@compiled
def _find(state: _State, slot: int, reference: Any) -> int:
    """The order's place, or the free one where it would be, less than 0: -1 - place."""
    places = len(state.slot)
    place = _home(places, slot, reference)
    while state.slot[place] != _EMPTY:
        if state.slot[place] == slot and state.reference[place] == reference:
            return place
        place = (place + 1) & (places - 1)
    return -1 - place


@compiled
def _is_full(state: _State) -> bool:
    return bool(2 * (state.used[0] + 1) > len(state.slot))


@compiled
def _drop(state: _State, place: int) -> None:
    """Free a place and move up what stood behind it, so that no probe stops too early."""
    places = len(state.slot)
    state.used[0] -= 1
    free, at = place, place
    while True:
        at = (at + 1) & (places - 1)
        if state.slot[at] == _EMPTY:
            break
        home = _home(places, state.slot[at], state.reference[at])
        if ((at - home) & (places - 1)) >= ((at - free) & (places - 1)):
            _copy(state, at, state, free)
            free = at
    state.slot[free] = _EMPTY


@compiled
def _copy(source: _State, at: int, target: _State, place: int) -> None:
    target.slot[place] = source.slot[at]
    target.reference[place] = source.reference[at]
    target.side[place] = source.side[at]
    target.price[place] = source.price[at]
    target.shares[place] = source.shares[at]


@compiled
def _move(source: _State, target: _State, but: int) -> None:
    """Put every order into an empty table, but those of one slot."""
    for at in range(len(source.slot)):
        if source.slot[at] != _EMPTY and source.slot[at] != but:
            _copy(source, at, target, -1 - _find(target, source.slot[at], source.reference[at]))
            target.used[0] += 1


@compiled
def _hidden(state: _State, slot: int) -> bool:
    return bool(state.stale[slot] != 0 or state.loading[slot])


@compiled
def _clear(state: _State, slot: int) -> None:
    """Take out a slot's orders and levels."""
    place = 0
    while place < len(state.slot):
        if state.slot[place] == slot:
            _drop(state, place)  # what moves up into this place is looked at next
        else:
            place += 1
    state.depth[slot] = 0
    state.stale[slot] = 0
    state.filled[slot] = False


# -- Levels --------------------------------------------------------------------------------------


@compiled
def _level(state: _State, slot: int, side: int, price: int) -> int:
    """How many levels are worse than `price`: its own place if it is there."""
    low, high = 0, state.depth[slot, side]
    while low < high:
        middle = (low + high) // 2
        held = state.level_price[slot, side, middle]
        worse = held < price if side == 0 else held > price
        if worse:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def _rest(state: _State, slot: int, side: int, price: int, shares: int) -> bool:
    """An order comes to rest; False where a number would overflow."""
    at = _level(state, slot, side, price)
    count = state.depth[slot, side]
    prices = state.level_price[slot, side]
    held, orders = state.level_shares[slot, side], state.level_orders[slot, side]
    if at == count or prices[at] != price:
        for level in range(count, at, -1):
            prices[level], held[level] = prices[level - 1], held[level - 1]
            orders[level] = orders[level - 1]
        prices[at], held[at], orders[at] = price, shares, 1
        state.depth[slot, side] += 1
        return True
    if np.int64(held[at]) + shares > MOST_SHARES or orders[at] == MOST_ORDERS:
        return False
    held[at] += np.uint32(shares)
    orders[at] += np.uint16(1)
    return True


@compiled
def _take(state: _State, slot: int, place: int, shares: Any) -> None:
    """Shares leave an order; one without any is gone, and a level without orders."""
    side, price = state.side[place], state.price[place]
    at = _level(state, slot, side, price)
    prices = state.level_price[slot, side]
    held, orders = state.level_shares[slot, side], state.level_orders[slot, side]
    held[at] -= np.uint32(shares)
    state.shares[place] -= np.uint32(shares)
    if state.shares[place] == 0:
        _drop(state, place)
        orders[at] -= np.uint16(1)
        if orders[at] == 0:
            state.depth[slot, side] -= 1
            for level in range(at, state.depth[slot, side]):
                prices[level], held[level] = prices[level + 1], held[level + 1]
                orders[level] = orders[level + 1]


# -- Operations ----------------------------------------------------------------------------------


@compiled
def _insert(state: _State, slot: int, reference: Any, side: Any, price: Any, shares: Any) -> int:
    place = _find(state, slot, reference)
    if place >= 0:
        return _DUPLICATE
    if not _rest(state, slot, side, price, shares):
        return _OVERFLOW
    place = -1 - place
    state.slot[place], state.reference[place] = slot, reference
    state.side[place], state.price[place], state.shares[place] = side, price, shares
    state.used[0] += 1
    state.filled[slot] = True
    return 0


@compiled
def _order_operation(state: _State, op: Any, top: Any) -> int:
    """One of add to replace; the reason that refuses it, or 0. `top` learns what it touched."""
    slot, kind = op["slot"], op["operation"]
    price, shares = np.int64(op["price"]), np.int64(op["shares"])
    if kind in (_ADD, _REPLACE) and price == 0:
        return _BAD_PRICE
    if kind != _DELETE and shares == 0:
        return _BAD_SHARES
    side = np.int64(op["side"])
    if kind == _ADD:
        refused = _insert(state, slot, op["order_reference"], side, price, shares)
    else:
        place = _find(state, slot, op["order_reference"])
        if place < 0:
            return _UNKNOWN
        side, rested = np.int64(state.side[place]), np.int64(state.shares[place])
        if kind != _REPLACE:
            price = np.int64(state.price[place])
        if kind == _DELETE:
            shares = rested
        if kind != _REPLACE and shares > rested:
            return _EXCESS
        _take(state, slot, place, rested if kind == _REPLACE else shares)
        refused = 0
        if kind == _REPLACE:
            refused = _insert(state, slot, op["new_order_reference"], side, price, shares)
    if refused == 0:
        top["operation_side"], top["operation_price"], top["operation_shares"] = side, price, shares
    return refused


@compiled
def _show(state: _State, slot: int, top: Any) -> None:
    bids, asks = state.depth[slot, 0], state.depth[slot, 1]
    if _hidden(state, slot):
        bids, asks = 0, 0
    if bids:
        top["bid_price"] = state.level_price[slot, 0, bids - 1]
        top["bid_shares"] = state.level_shares[slot, 0, bids - 1]
        top["bid_orders"] = state.level_orders[slot, 0, bids - 1]
    if asks:
        top["ask_price"] = state.level_price[slot, 1, asks - 1]
        top["ask_shares"] = state.level_shares[slot, 1, asks - 1]
        top["ask_orders"] = state.level_orders[slot, 1, asks - 1]
    both = bids > 0 and asks > 0
    top["crossed"] = both and top["bid_price"] > top["ask_price"]
    top["locked"] = both and top["bid_price"] == top["ask_price"]
    top["stale"] = _hidden(state, slot)
    top["halted"] = state.halted[slot]
    top["reason"] = 0
    if state.stale[slot] != 0:
        top["reason"] = state.stale[slot]
    elif state.loading[slot]:
        top["reason"] = _LOADING
    elif state.halted[slot]:
        top["reason"] = _HALTED
    elif top["crossed"]:
        top["reason"] = _CROSSED
    elif top["locked"]:
        top["reason"] = _LOCKED
    elif not state.filled[slot]:
        top["reason"] = _CLEARED
    elif not both:
        top["reason"] = _ONE_SIDED


@compiled
def _see(state: _State, slot: int, seen: Array) -> None:
    for side in range(2):
        count = 0 if _hidden(state, slot) else state.depth[slot, side]
        for level in range(min(count, seen.shape[1])):
            seen[side, level]["price"] = state.level_price[slot, side, count - 1 - level]
            seen[side, level]["shares"] = state.level_shares[slot, side, count - 1 - level]
            seen[side, level]["orders"] = state.level_orders[slot, side, count - 1 - level]


@compiled
def _run(
    state: _State,
    ops: Array,
    start: int,
    tops: Array,
    causes: Array,
    ignored: Array,
    seen: Array,
) -> int:
    """Apply operations until the end or until there might be no room for the next one."""
    for row in range(start, len(ops)):
        slot, kind = ops[row]["slot"], ops[row]["operation"]
        room = state.level_price.shape[2]
        if _is_full(state) or state.depth[slot, 0] >= room or state.depth[slot, 1] >= room:
            return row
        stale = state.stale[slot] != 0
        if kind in (_HALT, _RESUME):
            state.halted[slot] = kind == _HALT
        elif kind in (_CLEAR, _LOAD):
            _clear(state, slot)
            state.loading[slot] = kind == _LOAD
        elif stale and kind != _NONE:
            ignored[row] = True
        elif kind == _TRUST:
            state.loading[slot] = False
        elif kind == _STALE:
            state.stale[slot] = ops[row]["reason"]
        elif kind != _NONE:
            causes[row] = _order_operation(state, ops[row], tops[row])
            if causes[row] != 0:
                state.stale[slot] = causes[row]
        _show(state, slot, tops[row])
        if len(seen):
            _see(state, slot, seen[row])
    return len(ops)
