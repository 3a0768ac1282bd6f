"""The compiled part of `tickwire.exchange.engine`.

The levels of a side are a ladder of ticks with a bitmap of those that have orders; the best one is
found through the bitmap. Orders are in a pool, linked into a list for each level, and a hash table
finds them by reference. Nothing is allocated while it runs.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from hwtools.compiled import bare
from tickwire.exchange.engine_types import MOST_SHARES, EngineConfig, Kind, Refusal
from tickwire.exchange.events import REFUSED

Array = npt.NDArray[Any]

# Columns of an order, and of a level.
_REFERENCE, _INSTRUMENT, _SIDE, _TICK, _SHARES, _AFTER, _BEFORE = range(7)
_HEAD, _TAIL, _HELD = range(3)
# The enums' members as integers: numba takes those as constants.
_LIMIT, _IMMEDIATE, _CANCEL, _DELETE, _REPLACE = (int(kind) for kind in Kind)
_BAD_KIND, _BAD_INSTRUMENT = int(Refusal.BAD_KIND), int(Refusal.BAD_INSTRUMENT)
_BAD_PRICE, _BAD_SHARES = int(Refusal.BAD_PRICE), int(Refusal.BAD_SHARES)
_UNKNOWN, _DUPLICATE = int(Refusal.UNKNOWN_REFERENCE), int(Refusal.DUPLICATE_REFERENCE)
_EXCESS, _FULL = int(Refusal.EXCESS_SHARES), int(Refusal.FULL)
_A, _D, _E, _U, _X = (ord(letter) for letter in "ADEUX")


class State(NamedTuple):
    """Arrays only, as numba takes them."""

    ladder: Array  # [lowest, tick, ticks]
    numbers: Array  # [first free place, next match number, orders]
    table: Array  # hash table of references: place of the order, -1: free
    order: Array  # [place, column]; `after` of a free place is the next free one
    level: Array  # [instrument, side, tick, column]: first and last place in line, shares
    bits: Array  # [instrument, side, word]: levels that have orders
    best: Array  # [instrument, side]: tick, -1: none


def empty(config: EngineConfig) -> State:
    places, levels = config.orders, (config.instruments, 2, config.ticks)
    order = np.zeros((places, 8), np.int64)
    order[:, _AFTER] = np.arange(1, places + 1)
    order[-1, _AFTER] = -1
    level = np.full((*levels, 4), -1, np.int64)
    level[..., _HELD] = 0
    return State(
        ladder=np.array([config.lowest, config.tick, config.ticks]),
        numbers=np.array([0, 1, 0]),
        table=np.full(2 * places, -1, np.int64),
        order=order,
        level=level,
        bits=np.zeros((config.instruments, 2, config.ticks // 64), np.uint64),
        best=np.full((config.instruments, 2), -1, np.int64),
    )


@bare
def run(state: State, commands: Array, row: int, events: Array) -> tuple[int, int]:
    """Apply commands from `row` on; stops before one that might not find room for its events."""
    count = 0
    while row < len(commands):
        # a command makes at most an event for each order and two of its own
        if count and count + state.numbers[2] + 2 > len(events):
            break
        count = apply(state, commands[row], events, count)
        row += 1
    return row, count


# -- References ----------------------------------------------------------------------------------


@bare
def _home(places: int, reference: Any) -> int:
    mixed = np.uint64(reference) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    return int(np.int64(mixed & np.uint64(places - 1)))


@bare
def find(state: State, reference: Any) -> int:
    """The order's place in the table; if there is no such order, -1 - the place for it."""
    places, key = len(state.table), np.int64(reference)  # numba compares mixed signs as floats
    at = _home(places, key)
    while state.table[at] >= 0:
        if state.order[state.table[at], _REFERENCE] == key:
            return at
        at = (at + 1) & (places - 1)
    return -1 - at


@bare
def _forget(state: State, at: int) -> None:
    """Free a place of the table and move up the entries behind it."""
    places, free = len(state.table), at
    while True:
        at = (at + 1) & (places - 1)
        if state.table[at] < 0:
            break
        home = _home(places, state.order[state.table[at], _REFERENCE])
        if ((at - home) & (places - 1)) >= ((at - free) & (places - 1)):
            state.table[free] = state.table[at]
            free = at
    state.table[free] = -1


# -- Levels --------------------------------------------------------------------------------------


@bare
def _next_best(state: State, instrument: int, side: int, tick: int) -> int:
    """The best level at `tick` or worse."""
    words = state.bits[instrument, side]
    word = tick >> 6
    step = -1 if side == 0 else 1
    place = np.uint64(tick & 63)
    if side == 0:
        kept = words[word] << (np.uint64(63) - place) >> (np.uint64(63) - place)
    else:
        kept = words[word] >> place << place
    while kept == 0:
        word += step
        if word < 0 or word >= len(words):
            return -1
        kept = words[word]
    bit = 63 if side == 0 else 0
    while not (kept >> np.uint64(bit)) & np.uint64(1):
        bit += step
    return word * 64 + bit


@bare
def _unlink(state: State, at: int) -> None:
    """Remove an order from its level, the pool and the table."""
    place = state.table[at]
    order = state.order[place]
    instrument, side, tick = order[_INSTRUMENT], order[_SIDE], order[_TICK]
    before, after = order[_BEFORE], order[_AFTER]
    if before >= 0:
        state.order[before, _AFTER] = after
    else:
        state.level[instrument, side, tick, _HEAD] = after
    if after >= 0:
        state.order[after, _BEFORE] = before
    else:
        state.level[instrument, side, tick, _TAIL] = before
    _forget(state, at)
    state.order[place, _AFTER] = state.numbers[0]
    state.numbers[0] = place
    state.numbers[2] -= 1
    if state.level[instrument, side, tick, _HEAD] < 0:
        state.bits[instrument, side, tick >> 6] &= ~(np.uint64(1) << np.uint64(tick & 63))
        if state.best[instrument, side] == tick:
            state.best[instrument, side] = _next_best(state, instrument, side, tick)


@bare
def _rest(state: State, command: Any, reference: Any, side: Any, tick: Any, shares: Any) -> None:
    """Add an order at the end of its level's line."""
    instrument = command["instrument"]
    at = -1 - find(state, reference)
    place = state.numbers[0]
    state.numbers[0] = state.order[place, _AFTER]
    state.numbers[2] += 1
    state.table[at] = place
    order = state.order[place]
    order[_REFERENCE], order[_INSTRUMENT] = np.int64(reference), instrument
    order[_SIDE], order[_TICK], order[_SHARES] = side, tick, shares
    last = state.level[instrument, side, tick, _TAIL]
    order[_BEFORE], order[_AFTER] = last, -1
    if last >= 0:
        state.order[last, _AFTER] = place
    else:
        state.level[instrument, side, tick, _HEAD] = place
        state.bits[instrument, side, tick >> 6] |= np.uint64(1) << np.uint64(tick & 63)
    state.level[instrument, side, tick, _TAIL] = place
    state.level[instrument, side, tick, _HELD] += shares
    best = state.best[instrument, side]
    if best < 0 or (tick > best if side == 0 else tick < best):
        state.best[instrument, side] = tick


@bare
def shares_at(state: State, at: int) -> int:
    """The shares of the order at a place of the table."""
    return int(state.order[state.table[at], _SHARES])


@bare
def held_at(state: State, instrument: int, side: Any, tick: Any) -> int:
    """The shares of a level."""
    return int(state.level[instrument, side, tick, _HELD])


@bare
def crosses(state: State, instrument: int, side: Any, tick: Any) -> bool:
    best = state.best[instrument, 1 - side]
    return bool(best >= 0 and (tick >= best if side == 0 else tick <= best))


# -- Commands ------------------------------------------------------------------------------------


@bare
def _write(event: Any, command: Any, kind: Any, reference: Any, side: Any) -> None:
    event["timestamp"], event["instrument"] = command["timestamp"], command["instrument"]
    event["type"], event["reference"], event["side"] = kind, reference, side
    event["other"], event["match"], event["code"] = 0, 0, 0


@bare
def _match(
    state: State,
    command: Any,
    taker: Any,
    side: Any,
    tick: Any,
    shares: Any,
    events: Array,
    count: int,
) -> tuple[int, int]:
    """Trade against the other side, best price first, first in line first; the shares left."""
    instrument, other = command["instrument"], 1 - side
    while shares > 0 and crosses(state, instrument, side, tick):
        level = state.best[instrument, other]
        place = state.level[instrument, other, level, _HEAD]
        traded = min(shares, state.order[place, _SHARES])
        event = events[count]
        _write(event, command, _E, state.order[place, _REFERENCE], other)
        event["other"], event["match"] = taker, state.numbers[1]
        event["price"] = state.ladder[0] + level * state.ladder[1]
        event["shares"] = traded
        state.numbers[1] += 1
        count += 1
        shares -= traded
        state.order[place, _SHARES] -= traded
        state.level[instrument, other, level, _HELD] -= traded
        if state.order[place, _SHARES] == 0:
            _unlink(state, find(state, state.order[place, _REFERENCE]))
    return shares, count


@bare
def _refusal(state: State, command: Any) -> int:
    kind, shares = command["kind"], np.int64(command["shares"])
    if kind < _LIMIT or kind > _REPLACE:
        return _BAD_KIND
    if command["instrument"] >= len(state.best):
        return _BAD_INSTRUMENT
    if kind not in (_CANCEL, _DELETE):
        above = np.int64(command["price"]) - state.ladder[0]
        if above < 0 or above % state.ladder[1] or above // state.ladder[1] >= state.ladder[2]:
            return _BAD_PRICE
    if kind != _DELETE and (shares == 0 or shares > MOST_SHARES):
        return _BAD_SHARES
    if kind >= _CANCEL:
        at = find(state, command["reference"])
        if at < 0 or state.order[state.table[at], _INSTRUMENT] != command["instrument"]:
            return _UNKNOWN
        renamed = kind == _REPLACE and command["new_reference"] != command["reference"]
        if renamed and find(state, command["new_reference"]) >= 0:
            return _DUPLICATE
        if kind == _CANCEL and shares > state.order[state.table[at], _SHARES]:
            return _EXCESS
        return 0
    if find(state, command["reference"]) >= 0:
        return _DUPLICATE
    if kind == _LIMIT and state.numbers[0] < 0:
        return _FULL
    return 0


@bare
def apply(state: State, command: Any, events: Array, count: int) -> int:
    """Apply one command; writes its events from `count` on, and returns their new number."""
    refused = _refusal(state, command)
    side, kind = np.int64(command["side"] & 1), command["kind"]
    reference, shares = command["reference"], np.int64(command["shares"])
    if refused:
        _write(events[count], command, REFUSED, reference, side)
        events[count]["code"], events[count]["price"] = refused, 0
        events[count]["shares"] = 0
        return count + 1
    if kind in (_CANCEL, _DELETE):
        return _take_off(state, command, events, count)
    tick = (np.int64(command["price"]) - state.ladder[0]) // state.ladder[1]
    letter = _A
    if kind == _REPLACE:
        at = find(state, reference)
        place = state.table[at]
        side = state.order[place, _SIDE]
        letter = _D if crosses(state, command["instrument"], side, tick) else _U
        state.level[command["instrument"], side, state.order[place, _TICK], _HELD] -= shares_at(
            state, at
        )
        if letter == _D:
            _write(events[count], command, _D, reference, side)
            events[count]["price"] = state.ladder[0] + state.order[place, _TICK] * state.ladder[1]
            events[count]["shares"] = state.order[place, _SHARES]
            count, letter = count + 1, _A
        _unlink(state, at)
        reference = command["new_reference"]
    left, count = _match(state, command, reference, side, tick, shares, events, count)
    if left and kind != _IMMEDIATE:
        _rest(state, command, reference, side, tick, left)
        old = command["reference"] if letter == _U else reference
        _write(events[count], command, letter, old, side)
        events[count]["price"], events[count]["shares"] = command["price"], left
        if letter == _U:
            events[count]["other"] = reference
        count += 1
    return count


@bare
def _take_off(state: State, command: Any, events: Array, count: int) -> int:
    at = find(state, command["reference"])
    place = state.table[at]
    side, tick = state.order[place, _SIDE], state.order[place, _TICK]
    whole = command["kind"] == _DELETE or command["shares"] == state.order[place, _SHARES]
    shares = state.order[place, _SHARES] if whole else np.int64(command["shares"])
    event = events[count]
    _write(event, command, _D if whole else _X, command["reference"], side)
    event["price"], event["shares"] = state.ladder[0] + tick * state.ladder[1], shares
    state.level[command["instrument"], side, tick, _HELD] -= shares
    state.order[place, _SHARES] -= shares
    if whole:
        _unlink(state, at)
    return count + 1
