"""Features, compiled: the network's input integers after every book change.

docs/reference/features.md, made from `tickwire.features.table`, says what they are. State is kept
between calls, so a day may be cut anywhere; a feature knows nothing but the rows before it and its
own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from hwtools.compiled import bare, compiled
from tickwire.data.events import Events
from tickwire.features.numbers import Array, Numbers, numbers
from tickwire.features.table import SOURCES, TABLE, WHOLE, Table
from tickwire.gen.records import SLOTS, Operation, Reason

COUNT = len(TABLE)
_NONE, _CLEAR, _LOAD = int(Operation.NONE), int(Operation.CLEAR), int(Operation.LOAD)
_TRUST, _REPLACE = int(Operation.TRUST), int(Operation.REPLACE)
_ADD, _CANCEL, _DELETE = int(Operation.ADD), int(Operation.CANCEL), int(Operation.DELETE)
_EXECUTE, _EXECUTE_PRICE = int(Operation.EXECUTE), int(Operation.EXECUTE_PRICE)
_OK, _WARMING = int(Reason.OK), int(Reason.WARMING_UP)
_FLOW, _PRESSURE, _TRADE, _MOVE = range(len(SOURCES))


class State(NamedTuple):
    """Of each slot."""

    price: Array  # [slot, side, level], as the last record said
    shares: Array
    events: Array  # [slot]: events, up to WARM_EVENTS
    fine: Array  # [slot]: the record before was ok
    lacking: Array  # [slot, side]: trusted, and no record of the side has come since
    time: Array
    middle: Array
    last: Array  # [slot]: last move that wasn't 0
    since: Array  # [slot]: events since then
    ring: Array  # [slot, place]: middles, the newest at `at`; as many as the longest lag, or more
    at: Array
    sums: Array  # [slot, element]: of running means
    bucket: Array  # [slot, element]: of samplers
    begun: Array  # [slot, element]: buckets begun since the first event
    sample: Array  # [slot, element, age]: middles, the newest first
    vector: Array  # [slot, element]


@dataclass(frozen=True)
class Vectors:
    """A row for each record."""

    values: npt.NDArray[np.int16]
    event: npt.NDArray[np.bool_]  # the row made the vector anew
    warm: npt.NDArray[np.bool_]
    reason: npt.NDArray[np.uint8]


class Features:
    """The features of `slots` instruments, as a table has them."""

    def __init__(self, slots: int = SLOTS, table: Table = WHOLE) -> None:
        def zeros(*shape: int) -> Array:
            return np.zeros((slots, *shape), np.int64)

        self._numbers = numbers(table)
        ring = 1 << (max(table.column("lag")) - 1).bit_length()
        deepest = max(table.column("buckets"))
        self._state = State(
            zeros(2, table.depth), zeros(2, table.depth), zeros(), zeros(), zeros(2), zeros(),
            zeros(), zeros(), zeros(), zeros(ring), zeros(), zeros(COUNT), zeros(COUNT),
            zeros(COUNT), zeros(COUNT, deepest), zeros(COUNT),
        )  # fmt: skip

    def run(self, events: Events) -> Vectors:
        """The vector of each row's slot after the row."""
        rows, tops = len(events), events.tops
        vectors = Vectors(
            np.zeros((rows, COUNT), np.int16),
            np.zeros(rows, np.bool_),
            np.zeros(rows, np.bool_),
            np.zeros(rows, np.uint8),
        )
        if rows and int(tops["slot"].max()) >= len(self._state.events):
            raise ValueError(f"slot {int(tops['slot'].max())} has no features")
        results = vectors.values, vectors.event, vectors.warm, vectors.reason
        _run(self._state, self._numbers, tops, events.levels, *results)
        return vectors


def triggered(tops: Array, each_change: bool = False) -> npt.NDArray[np.int64]:
    """The slots' rows whose vectors go to the network, in order.

    By default a row for each slot that a packet touched, when the packet ends: [row of the packet's
    last message, slot] where the slot of that message is first and the others follow upwards.
    Otherwise every row that has an operation, with its slot.
    """
    kinds, slots = tops["operation"], tops["slot"]
    if each_change:
        rows = np.flatnonzero(kinds != _NONE)
        return np.stack([rows, slots[rows].astype(np.int64)], axis=1)
    return _packets(kinds, slots, tops["last_of_packet"])


@compiled
def _packets(kinds: Array, slots: Array, last: Array) -> npt.NDArray[np.int64]:
    rows = np.zeros((len(kinds), 2), np.int64)
    touched = np.zeros(256, np.bool_)
    count = 0
    for row in range(len(kinds)):
        if kinds[row] != _NONE:
            touched[slots[row]] = True
        if last[row]:
            for turn in range(257):
                slot = np.int64(slots[row]) if turn == 0 else turn - 1
                if touched[slot]:
                    rows[count, 0], rows[count, 1] = row, slot
                    touched[slot] = False
                    count += 1
    return rows[:count].copy()


@bare
def _log(n: Numbers, x: Any) -> int:
    """Sixteenths of an octave of x + 1: its leading one, and the four bits behind it."""
    y = x + 1
    place, rest = 0, y
    for step in (32, 16, 8, 4, 2, 1):
        if rest >> step:
            rest >>= step
            place += step
    if place >= n.fraction:
        behind = (y >> (place - n.fraction)) & ((1 << n.fraction) - 1)
    else:
        behind = (y << (n.fraction - place)) & ((1 << n.fraction) - 1)
    return int((place << n.fraction) + behind)


@bare
def _squash(n: Numbers, x: Any, knee: Any) -> int:
    size = min(_log(n, abs(x) + (1 << knee) - 1) - (knee << n.fraction), n.top)
    return int(size) if x >= 0 else -int(size)


@bare
def _hold(x: Any, most: int) -> int:
    return int(min(max(x, -most), most))


@bare
def _reset(state: State, slot: Any, kind: Any) -> None:
    for array in (state.price, state.shares):
        array[slot] = 0
    for array in (state.events, state.fine, state.time, state.middle):
        array[slot] = 0
    for array in (state.last, state.since, state.at):
        array[slot] = 0
    for array in (state.ring, state.sums, state.bucket, state.begun, state.vector):
        array[slot] = 0
    state.sample[slot] = 0
    state.lacking[slot] = kind == _TRUST


@bare
def _flow(state: State, slot: Any, levels: Array, clip: int) -> int:
    """Order-flow imbalance at the best prices, against the record before."""
    flow = np.int64(0)
    for side in range(2):
        price, shares = np.int64(levels[side, 0]["price"]), np.int64(levels[side, 0]["shares"])
        old = state.price[slot, side, 0]
        better = price >= old if side == 0 else price <= old
        worse = price <= old if side == 0 else price >= old
        change = (shares if better else 0) - (state.shares[slot, side, 0] if worse else 0)
        flow += change if side == 0 else -change
    return _hold(flow, clip)


@bare
def _side(top: Any) -> int:
    """The side that a record is of: its operation's, if that has one, else buy."""
    kind = top["operation"]
    return int(top["operation_side"]) if _ADD <= kind <= _REPLACE else 0


@bare
def _remember(state: State, slot: Any, levels: Array) -> bool:
    """Take in the best levels, but none of a side that is lacking; whether any differs."""
    changed = False
    for side in range(2):
        if state.lacking[slot, side]:
            continue
        for level in range(state.price.shape[2]):
            price = np.int64(levels[side, level]["price"])
            shares = np.int64(levels[side, level]["shares"])
            if state.price[slot, side, level] != price or state.shares[slot, side, level] != shares:
                changed = True
                state.price[slot, side, level] = price
                state.shares[slot, side, level] = shares
    return changed


@bare
def _sample(state: State, n: Numbers, slot: Any, time: Any, first: bool, middle: Any) -> None:
    """Begin the buckets up to now; the middle before this event was in force as they did."""
    for at in n.momentums:
        samples, count = state.sample[slot, at], n.buckets[at]
        bucket = time >> n.exponent[at]
        if first:
            samples[:] = middle
            state.bucket[slot, at] = bucket
            continue
        begun = bucket - state.bucket[slot, at]
        if begun <= 0:
            continue
        state.bucket[slot, at] = bucket
        state.begun[slot, at] = min(state.begun[slot, at] + begun, count)
        for age in range(count - 1, -1, -1):
            samples[age] = samples[age - begun] if age >= begun else state.middle[slot]


@bare
def _mean(state: State, n: Numbers, slot: Any, at: Any, value: Any) -> int:
    total = state.sums[slot, at]
    state.sums[slot, at] = total + value - (total >> n.shift[at])
    return int(state.sums[slot, at])


@bare
def _level(state: State, n: Numbers, slot: Any, at: Any, value: Any, first: bool) -> int:
    if first:
        state.sums[slot, at] = value << n.shift[at]
        return int(value)
    return int(_mean(state, n, slot, at, value) >> n.shift[at])


@bare
def _gap(state: State, n: Numbers, slot: Any, at: Any) -> int:
    """How far a level is from the best, ask less bid."""
    total = 0
    for side in range(2):
        price, best = state.price[slot, side, n.level[at] - 1], state.price[slot, side, 0]
        away = _squash(n, abs(price - best), n.knee[at]) if price else 0
        total += -away if side == 0 else away
    return total


@bare
def _sizes(state: State, n: Numbers, slot: Any, spread: Any, first: bool) -> None:
    """What the sizes and prices of both sides are, and the spread between them."""
    values, shares = state.vector[slot], state.shares[slot]
    for at in n.imbalances:
        level = n.level[at] - 1
        values[at] = _hold(_log(n, shares[0, level]) - _log(n, shares[1, level]), n.top)
    deepest = n.level[n.at.imbalance_sum]
    bids, asks = shares[0, :deepest].sum(), shares[1, :deepest].sum()
    values[n.at.imbalance_sum] = _hold(_log(n, bids) - _log(n, asks), n.top)
    best = _log(n, shares[0, 0]) - _log(n, shares[1, 0])
    mean = _level(state, n, slot, n.at.imbalance_mean, best, first)
    values[n.at.imbalance_mean] = _hold(mean, n.top)
    held = _hold(best, n.top)
    offset = min(max(_log(n, spread) + n.share[abs(held)] - n.less, 0), n.top)
    values[n.at.micro_price] = offset if held >= 0 else -offset
    for at in n.gaps:
        values[at] = _gap(state, n, slot, at)
    values[n.at.spread] = _squash(n, spread, n.knee[n.at.spread])
    away = spread - _level(state, n, slot, n.at.spread_change, spread, first)
    values[n.at.spread_change] = _squash(n, away, n.knee[n.at.spread_change])


@bare
def _middle(state: State, n: Numbers, slot: Any, middle: Any, move: Any, first: bool) -> None:
    """Where the middle is against where it was."""
    values, ring = state.vector[slot], state.ring[slot]
    if first:
        ring[:] = middle
    for at in n.returns:
        ago = (state.at[slot] - n.lag[at] + 1) & (len(ring) - 1)
        values[at] = _squash(n, middle - ring[ago], n.knee[at])
    state.at[slot] = (state.at[slot] + 1) & (len(ring) - 1)
    ring[state.at[slot]] = middle
    for at in n.trends:
        level = _level(state, n, slot, at, middle, first)
        values[at] = _squash(n, middle - level, n.knee[at])
    for at in n.momentums:
        oldest = state.sample[slot, at, n.buckets[at] - 1]
        values[at] = _squash(n, middle - oldest, n.knee[at])
    if move:
        state.last[slot] = move
    state.since[slot] = 0 if move else state.since[slot] + 1
    values[n.at.last_move] = _squash(n, state.last[slot], n.knee[n.at.last_move])
    values[n.at.since_move] = min(_log(n, state.since[slot]), n.top)


@bare
def _event(state: State, n: Numbers, slot: Any, top: Any, flow: Any) -> None:
    values, first = state.vector[slot], state.events[slot] == 0
    bid, ask = state.price[slot, 0, 0], state.price[slot, 1, 0]
    time, middle, spread = np.int64(top["timestamp"]), bid + ask, ask - bid
    _sample(state, n, slot, time, first, middle)
    move = 0 if first else middle - state.middle[slot]
    passed = 0 if first else max(time - state.time[slot], 0)
    kind, sign = top["operation"], 1 if top["operation_side"] == 0 else -1
    shares: Any = min(np.int64(top["operation_shares"]), n.clip)
    traded = kind in (_EXECUTE, _EXECUTE_PRICE)
    trade = -sign * shares if traded else 0
    pressure = 0
    if kind == _ADD:
        pressure = sign * shares
    elif traded or kind in (_CANCEL, _DELETE):
        pressure = -sign * shares
    _sizes(state, n, slot, spread, first)
    values[n.at.flow_1] = _squash(n, flow, n.knee[n.at.flow_1])
    values[n.at.trade] = _squash(n, trade, n.knee[n.at.trade])
    for at in n.sums:
        what = n.of[at]
        x = flow if what == _FLOW else pressure if what == _PRESSURE else trade
        if what == _MOVE:
            x = abs(move)
        values[at] = _squash(n, _mean(state, n, slot, at, x), n.knee[at])
    _middle(state, n, slot, middle, move, first)
    pause = _log(n, passed >> n.unit) >> n.step
    values[n.at.pause] = min(pause, n.top)
    values[n.at.pace] = min(_level(state, n, slot, n.at.pace, pause, first), n.top)
    state.time[slot], state.middle[slot] = time, middle
    state.events[slot] = min(state.events[slot] + 1, n.warm_events)


@bare
def _warm(state: State, n: Numbers, slot: Any) -> bool:
    full = state.events[slot] >= n.warm_events
    for at in n.momentums:
        full = full and state.begun[slot, at] >= n.buckets[at]
    return bool(full)


@compiled
def _run(
    state: State,
    n: Numbers,
    tops: Array,
    levels: Array,
    values: Array,
    event: Array,
    warm: Array,
    reason: Array,
) -> None:
    for row in range(len(tops)):
        top, slot = tops[row], np.int64(tops[row]["slot"])
        kind = top["operation"]
        if kind != _NONE:
            if top["stale"] or kind in (_CLEAR, _LOAD, _TRUST):
                _reset(state, slot, kind)
            else:
                flow = _flow(state, slot, levels[row], n.clip) if state.fine[slot] else 0
                state.lacking[slot, _side(top)] = 0
                changed = _remember(state, slot, levels[row])
                state.fine[slot] = top["reason"] == _OK and not state.lacking[slot].any()
                if changed and state.fine[slot]:
                    _event(state, n, slot, top, flow)
                    event[row] = True
        warm[row] = _warm(state, n, slot)
        reason[row] = top["reason"]
        if top["reason"] == _OK and not warm[row]:
            reason[row] = _WARMING
        for index in range(values.shape[1]):
            values[row, index] = state.vector[slot, index]
