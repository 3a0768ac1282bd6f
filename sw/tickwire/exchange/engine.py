"""A matching engine in price-time priority, compiled: commands in, what happened out.

`tickwire.exchange.naive_engine` says in its docstring what an engine does, and this one is held
against it. Levels are a ladder of ticks, orders a pool with a list a level, references a hash
table; the best tick of a side is found through a bitmap. Nothing is allocated while it runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from hwtools.compiled import bare

Array = npt.NDArray[Any]


class Kind(IntEnum):
    """What is asked of the engine."""

    LIMIT = 1  # trade what crosses, rest with what is left
    IMMEDIATE = 2  # trade what crosses, drop what is left
    CANCEL = 3  # take shares off; priority stays
    DELETE = 4
    REPLACE = 5  # the order goes, a new one comes in on its side, last at its price


class Refusal(IntEnum):
    """Why a command is refused; the first that applies."""

    NONE = 0
    BAD_KIND = 1
    BAD_INSTRUMENT = 2
    BAD_PRICE = 3  # off the ladder or between ticks
    BAD_SHARES = 4
    UNKNOWN_REFERENCE = 5
    DUPLICATE_REFERENCE = 6
    EXCESS_SHARES = 7
    FULL = 8


COMMAND = np.dtype(
    [(name, np.uint64) for name in ("timestamp", "reference", "new_reference")]
    + [(name, np.uint32) for name in ("price", "shares")]
    + [(name, np.uint8) for name in ("kind", "instrument", "side")]
)
# `type` is ITCH's A, E, X, D, U, or 0: refused. `other` is the taker of an execution, or what
# replaces the order.
EVENT = np.dtype(
    [(name, np.uint64) for name in ("timestamp", "reference", "other", "match")]
    + [(name, np.uint32) for name in ("price", "shares")]
    + [(name, np.uint8) for name in ("type", "instrument", "side", "reason")]
)
REFUSED = 0
_REFERENCE, _INSTRUMENT, _SIDE, _TICK, _SHARES, _AFTER, _BEFORE = range(7)
_HEAD, _TAIL, _HELD = range(3)
_LIMIT, _IMMEDIATE, _CANCEL, _DELETE, _REPLACE = (int(kind) for kind in Kind)
_A, _D, _E, _U, _X = (ord(letter) for letter in "ADEUX")
MOST_SHARES = 1_000_000  # of an order


@dataclass(frozen=True)
class EngineConfig:
    """The ladder: `ticks` prices from `lowest` on, for each instrument; room for `orders`."""

    instruments: int = 1
    lowest: int = 100
    tick: int = 100
    ticks: int = 1 << 14
    orders: int = 1 << 15

    def __post_init__(self) -> None:
        if not 1 <= self.instruments <= 255 or self.ticks % 64 or self.ticks < 64:
            raise ValueError("1 to 255 instruments; ticks are a multiple of 64")
        if self.lowest < 1 or self.tick < 1 or self.lowest + self.tick * self.ticks >= 1 << 32:
            raise ValueError("a ladder stands within 1 and 2**32 - 1")
        if self.orders & (self.orders - 1) or self.orders < 2:
            raise ValueError("orders is a power of two")


class State(NamedTuple):
    """Arrays only, as numba takes them."""

    ladder: Array  # [lowest, tick, ticks]
    numbers: Array  # [first free place, next match number, orders]
    table: Array  # hash of references: place of the order, -1 empty
    order: Array  # [place, column], columns below; `after` of a free place is the next free one
    level: Array  # [instrument, side, tick, column]: first and last place in line, shares
    bits: Array  # [instrument, side, word]: levels that have orders
    best: Array  # [instrument, side]: tick, -1 none


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


class Engine:
    """Books and their matching; `run` takes commands in order."""

    def __init__(self, config: EngineConfig | None = None) -> None:
        self.config = config or EngineConfig()
        self._state = empty(self.config)

    def run(self, commands: Records) -> Records:
        """Every event that the commands cause."""
        parts, row = [], 0
        while row < len(commands):
            events = np.zeros(max(1 << 16, 2 * self.config.orders), EVENT)
            row, count = _run(self._state, commands, row, events)
            parts.append(events[:count])
        return np.concatenate([np.zeros(0, EVENT), *parts])

    def orders(self) -> dict[int, tuple[int, int, int, int]]:
        """What rests, by reference: instrument, side, price, shares."""
        state = self._state
        places = state.table[state.table >= 0]
        found = state.order[places]
        price = state.ladder[0] + found[:, _TICK] * state.ladder[1]
        columns = (found[:, _INSTRUMENT], found[:, _SIDE], price, found[:, _SHARES])
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return dict(zip(found[:, _REFERENCE].view(np.uint64).tolist(), rows, strict=True))


@bare
def _run(state: State, commands: Array, row: int, events: Array) -> tuple[int, int]:
    """Apply commands until the end, or until one might not find room for its events."""
    count = 0
    while row < len(commands):
        # a command makes at most an event an order, its own and one more
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
    """Where in the table the order is, or, less than 0, where it would be: -1 - that."""
    places, wanted = len(state.table), np.int64(reference)  # int64 and uint64 would meet as floats
    at = _home(places, wanted)
    while state.table[at] >= 0:
        if state.order[state.table[at], _REFERENCE] == wanted:
            return at
        at = (at + 1) & (places - 1)
    return -1 - at


@bare
def _forget(state: State, at: int) -> None:
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
    if side == 0:
        found = 63
        while not (kept >> np.uint64(found)) & np.uint64(1):
            found -= 1
    else:
        found = 0
        while not (kept >> np.uint64(found)) & np.uint64(1):
            found += 1
    return word * 64 + found


@bare
def _unlink(state: State, at: int) -> None:
    """An order leaves its level, the pool and the table."""
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
def _tell(event: Any, command: Any, kind: Any, reference: Any, side: Any) -> None:
    event["timestamp"], event["instrument"] = command["timestamp"], command["instrument"]
    event["type"], event["reference"], event["side"] = kind, reference, side
    event["other"], event["match"], event["reason"] = 0, 0, 0


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
    """Trade against the other side, the best first, the first in line first; what is left."""
    instrument, other = command["instrument"], 1 - side
    while shares > 0 and crosses(state, instrument, side, tick):
        level = state.best[instrument, other]
        place = state.level[instrument, other, level, _HEAD]
        traded = min(shares, state.order[place, _SHARES])
        event = events[count]
        _tell(event, command, _E, state.order[place, _REFERENCE], other)
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
    if kind < 1 or kind > 5:
        return 1
    if command["instrument"] >= len(state.best):
        return 2
    if kind not in (_CANCEL, _DELETE):
        above = np.int64(command["price"]) - state.ladder[0]
        if above < 0 or above % state.ladder[1] or above // state.ladder[1] >= state.ladder[2]:
            return 3
    if kind != _DELETE and (shares == 0 or shares > MOST_SHARES):
        return 4
    if kind >= _CANCEL:
        at = find(state, command["reference"])
        if at < 0 or state.order[state.table[at], _INSTRUMENT] != command["instrument"]:
            return 5
        renamed = kind == _REPLACE and command["new_reference"] != command["reference"]
        if renamed and find(state, command["new_reference"]) >= 0:
            return 6
        if kind == _CANCEL and shares > state.order[state.table[at], _SHARES]:
            return 7
        return 0
    if find(state, command["reference"]) >= 0:
        return 6
    if kind == _LIMIT and state.numbers[0] < 0:
        return 8
    return 0


@bare
def apply(state: State, command: Any, events: Array, count: int) -> int:
    """One command; events from `count` on, and how many there are then."""
    refused = _refusal(state, command)
    side, kind = np.int64(command["side"] & 1), command["kind"]
    reference, shares = command["reference"], np.int64(command["shares"])
    if refused:
        _tell(events[count], command, 0, reference, side)
        events[count]["reason"], events[count]["price"] = refused, 0
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
            _tell(events[count], command, _D, reference, side)
            events[count]["price"] = state.ladder[0] + state.order[place, _TICK] * state.ladder[1]
            events[count]["shares"] = state.order[place, _SHARES]
            count, letter = count + 1, _A
        _unlink(state, at)
        reference = command["new_reference"]
    left, count = _match(state, command, reference, side, tick, shares, events, count)
    if left and kind != _IMMEDIATE:
        _rest(state, command, reference, side, tick, left)
        old = command["reference"] if letter == _U else reference
        _tell(events[count], command, letter, old, side)
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
    _tell(event, command, _D if whole else _X, command["reference"], side)
    event["price"], event["shares"] = state.ladder[0] + tick * state.ladder[1], shares
    state.level[command["instrument"], side, tick, _HELD] -= shares
    state.order[place, _SHARES] -= shares
    if whole:
        _unlink(state, at)
    return count + 1
