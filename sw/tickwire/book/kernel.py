"""The compiled part of `tickwire.book.compiled`: orders, levels and operations of many slots.

Orders are in a hash table of (slot, reference) with linear probing. A side's levels are sorted with
the best at the end, where most changes are.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from hwtools.compiled import compiled
from tickwire.book.types import MOST_ORDERS, MOST_SHARES
from tickwire.gen.records import Operation, Reason

Array = npt.NDArray[Any]

# The enums' members as integers: numba takes those as constants.
_NONE, _ADD, _DELETE = int(Operation.NONE), int(Operation.ADD), int(Operation.DELETE)
_REPLACE, _HALT, _RESUME = int(Operation.REPLACE), int(Operation.HALT), int(Operation.RESUME)
_STALE, _CLEAR = int(Operation.STALE), int(Operation.CLEAR)
_LOAD, _TRUST = int(Operation.LOAD), int(Operation.TRUST)
_CLEARED, _CROSSED, _LOCKED = int(Reason.CLEARED), int(Reason.CROSSED), int(Reason.LOCKED)
_HALTED, _ONE_SIDED = int(Reason.HALTED), int(Reason.ONE_SIDED)
_LOADING = int(Reason.LOADING)
_OVERFLOW, _UNKNOWN = int(Reason.NUMBER_OVERFLOW), int(Reason.UNKNOWN_REFERENCE)
_DUPLICATE, _EXCESS = int(Reason.DUPLICATE_REFERENCE), int(Reason.EXCESS_SHARES)
_BAD_PRICE, _BAD_SHARES = int(Reason.BAD_PRICE), int(Reason.BAD_SHARES)

EMPTY = 255  # the slot of a free place


class State(NamedTuple):
    """Arrays only, as numba takes them."""

    used: Array  # [0]: the number of orders
    slot: Array  # of each place of the hash table
    reference: Array
    side: Array
    price: Array
    shares: Array
    depth: Array  # [slot, side]: levels
    level_price: Array  # [slot, side, level], the best last
    level_shares: Array
    level_orders: Array
    stale: Array  # [slot]: the reason, 0: not stale
    halted: Array
    loading: Array
    filled: Array
    shut: Array  # why nobody may act, 0: anybody may


# -- Orders --------------------------------------------------------------------------------------


@compiled
def _home(places: int, slot: int, reference: Any) -> int:
    mixed = (np.uint64(reference) + np.uint64(slot)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    return int(np.int64(mixed & np.uint64(places - 1)))


@compiled
def _find(state: State, slot: int, reference: Any) -> int:
    """The order's place; if there is no such order, -1 - the free place where it would be."""
    places = len(state.slot)
    place = _home(places, slot, reference)
    while state.slot[place] != EMPTY:
        if state.slot[place] == slot and state.reference[place] == reference:
            return place
        place = (place + 1) & (places - 1)
    return -1 - place


@compiled
def is_full(state: State) -> bool:
    return bool(2 * (state.used[0] + 1) > len(state.slot))


@compiled
def _drop(state: State, place: int) -> None:
    """Free a place and move up the orders behind it, so that no probe ends too early."""
    places = len(state.slot)
    state.used[0] -= 1
    free, at = place, place
    while True:
        at = (at + 1) & (places - 1)
        if state.slot[at] == EMPTY:
            break
        home = _home(places, state.slot[at], state.reference[at])
        if ((at - home) & (places - 1)) >= ((at - free) & (places - 1)):
            _copy(state, at, state, free)
            free = at
    state.slot[free] = EMPTY


@compiled
def _copy(source: State, at: int, target: State, place: int) -> None:
    target.slot[place] = source.slot[at]
    target.reference[place] = source.reference[at]
    target.side[place] = source.side[at]
    target.price[place] = source.price[at]
    target.shares[place] = source.shares[at]


@compiled
def move(source: State, target: State) -> None:
    """Put every order into an empty table."""
    for at in range(len(source.slot)):
        if source.slot[at] != EMPTY:
            _copy(source, at, target, -1 - _find(target, source.slot[at], source.reference[at]))
            target.used[0] += 1


@compiled
def hidden(state: State, slot: int) -> bool:
    return bool(state.stale[slot] != 0 or state.loading[slot])


@compiled
def _clear(state: State, slot: int) -> None:
    """Remove a slot's orders and levels."""
    place = 0
    while place < len(state.slot):
        if state.slot[place] == slot:
            _drop(state, place)  # another order may have moved up: look at this place again
        else:
            place += 1
    state.depth[slot] = 0
    state.filled[slot] = False


# -- Levels --------------------------------------------------------------------------------------


@compiled
def _level(state: State, slot: int, side: int, price: int) -> int:
    """The index of the level of this price, or the one that it would have."""
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
def _rest(state: State, slot: int, side: int, price: int, shares: int) -> bool:
    """Add an order to its level; False where a number of the level would overflow."""
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
def _take(state: State, slot: int, place: int, shares: Any) -> None:
    """Take shares off an order. Remove an order without shares, and a level without orders."""
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
def _insert(state: State, slot: int, reference: Any, side: Any, price: Any, shares: Any) -> int:
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
def _order_operation(state: State, op: Any, top: Any) -> int:
    """Apply one of add to replace; the reason that refuses it, or 0. Writes what it touched."""
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
def _write_top(state: State, slot: int, top: Any) -> None:
    bids, asks = state.depth[slot, 0], state.depth[slot, 1]
    if hidden(state, slot):
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
    top["stale"] = hidden(state, slot)
    top["halted"] = state.halted[slot]
    top["reason"] = 0
    if state.stale[slot] != 0:
        top["reason"] = state.stale[slot]
    elif state.loading[slot]:
        top["reason"] = _LOADING
    elif state.halted[slot]:
        top["reason"] = _HALTED
    elif state.shut[slot] != 0:
        top["reason"] = state.shut[slot]
    elif top["crossed"]:
        top["reason"] = _CROSSED
    elif top["locked"]:
        top["reason"] = _LOCKED
    elif not state.filled[slot]:
        top["reason"] = _CLEARED
    elif not both:
        top["reason"] = _ONE_SIDED


@compiled
def _write_levels(state: State, slot: int, levels: Array) -> None:
    for side in range(2):
        count = 0 if hidden(state, slot) else state.depth[slot, side]
        for level in range(min(count, levels.shape[1])):
            levels[side, level]["price"] = state.level_price[slot, side, count - 1 - level]
            levels[side, level]["shares"] = state.level_shares[slot, side, count - 1 - level]
            levels[side, level]["orders"] = state.level_orders[slot, side, count - 1 - level]


@compiled
def run(
    state: State,
    ops: Array,
    start: int,
    tops: Array,
    causes: Array,
    ignored: Array,
    levels: Array,
) -> int:
    """Apply operations from `start` on; stops before one that might not find room."""
    for row in range(start, len(ops)):
        slot, kind = ops[row]["slot"], ops[row]["operation"]
        room = state.level_price.shape[2]
        if is_full(state) or state.depth[slot, 0] >= room or state.depth[slot, 1] >= room:
            return row
        stale = state.stale[slot] != 0
        if kind not in (_NONE, _STALE, _CLEAR):
            state.shut[slot] = ops[row]["reason"]
        if kind in (_HALT, _RESUME):
            state.halted[slot] = kind == _HALT
        elif kind in (_CLEAR, _LOAD):
            _clear(state, slot)
            state.loading[slot] = kind == _LOAD
            state.stale[slot] = ops[row]["reason"] if kind == _CLEAR else 0
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
        _write_top(state, slot, tops[row])
        if len(levels):
            _write_levels(state, slot, levels[row])
    return len(ops)
