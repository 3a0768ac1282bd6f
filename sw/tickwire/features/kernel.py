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

from hwtools.compiled import compiled
from tickwire.data.events import Events
from tickwire.features import table
from tickwire.features.table import CLIP, DEPTH, LAGS, MOST_COUNT, SAMPLERS, TABLE, WARM_EVENTS
from tickwire.gen.records import SLOTS, Operation, Reason

Array = npt.NDArray[Any]

COUNT = len(TABLE)
_NONE, _CLEAR, _LOAD = int(Operation.NONE), int(Operation.CLEAR), int(Operation.LOAD)
_TRUST, _REPLACE = int(Operation.TRUST), int(Operation.REPLACE)
_ADD, _CANCEL, _DELETE = int(Operation.ADD), int(Operation.CANCEL), int(Operation.DELETE)
_EXECUTE, _EXECUTE_PRICE = int(Operation.EXECUTE), int(Operation.EXECUTE_PRICE)
_OK, _WARMING = int(Reason.OK), int(Reason.WARMING_UP)
_TOP, _FRACTION, _MICRO, _TIME_SHIFT = table.TOP, table.FRACTION, table.LOG_MICRO, table.TIME_SHIFT
_SHARE = np.array(table.SHARE, np.int64)
_LAG = np.array(LAGS, np.int64)
_RING = 16  # middles remembered: as many as the longest lag
if max(LAGS) > _RING:
    raise ImportError("the ring of middles is too short")
_EXPONENT = np.array([exponent for _, exponent, _ in SAMPLERS], np.int64)
_BUCKETS = np.array([count for _, _, count in SAMPLERS], np.int64)
# Running sums and their shifts.
_FLOW8, _FLOW32, _FLOW128, _PRESSURE, _TRADE8, _TRADE64, _ABS16, _ABS256 = range(8)
_SPREAD, _IMBALANCE, _PACE, _TREND32, _TREND128 = range(8, 13)
_SHIFTS = np.array([3, 5, 7, 5, 3, 6, 4, 8, 5, 4, 4, 5, 7], np.int64)
_SUMS = len(_SHIFTS)


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
    ring: Array  # [slot, place]: middles, the newest at `at`
    at: Array
    sums: Array  # [slot, sum]
    bucket: Array  # [slot, sampler]
    begun: Array  # [slot, sampler]: buckets begun since the first event
    sample: Array  # [slot, sampler, age]: middles, the newest first
    vector: Array  # [slot, feature]


@dataclass(frozen=True)
class Vectors:
    """A row for each record."""

    values: npt.NDArray[np.int16]
    event: npt.NDArray[np.bool_]  # the row made the vector anew
    warm: npt.NDArray[np.bool_]
    reason: npt.NDArray[np.uint8]


class Features:
    """The features of `slots` instruments."""

    def __init__(self, slots: int = SLOTS) -> None:
        def zeros(*shape: int) -> Array:
            return np.zeros((slots, *shape), np.int64)

        deepest = int(_BUCKETS.max())
        self._state = State(
            zeros(2, DEPTH), zeros(2, DEPTH), zeros(), zeros(), zeros(2), zeros(), zeros(), zeros(),
            zeros(), zeros(_RING), zeros(), zeros(_SUMS), zeros(len(SAMPLERS)),
            zeros(len(SAMPLERS)), zeros(len(SAMPLERS), deepest), zeros(COUNT),
        )  # fmt: skip

    def run(self, events: Events) -> Vectors:
        """The vector of each row's slot after the row."""
        rows = len(events)
        made = Vectors(
            np.zeros((rows, COUNT), np.int16),
            np.zeros(rows, np.bool_),
            np.zeros(rows, np.bool_),
            np.zeros(rows, np.uint8),
        )
        if rows and int(events.tops["slot"].max()) >= len(self._state.events):
            raise ValueError(f"slot {int(events.tops['slot'].max())} has no features")
        _run(
            self._state, events.tops, events.levels, made.values, made.event, made.warm, made.reason
        )
        return made


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
    found = np.zeros((len(kinds), 2), np.int64)
    touched = np.zeros(256, np.bool_)
    count = 0
    for row in range(len(kinds)):
        if kinds[row] != _NONE:
            touched[slots[row]] = True
        if last[row]:
            for turn in range(257):
                slot = np.int64(slots[row]) if turn == 0 else turn - 1
                if touched[slot]:
                    found[count, 0], found[count, 1] = row, slot
                    touched[slot] = False
                    count += 1
    return found[:count].copy()


# -- Arithmetic ----------------------------------------------------------------------------------


@compiled
def _octaves(y: Any) -> int:
    """Sixteenths of an octave of y >= 1: leading one, and the four bits behind it."""
    place, rest = 0, y
    for step in (32, 16, 8, 4, 2, 1):
        if rest >> step:
            rest >>= step
            place += step
    if place >= _FRACTION:
        behind = (y >> (place - _FRACTION)) & ((1 << _FRACTION) - 1)
    else:
        behind = (y << (_FRACTION - place)) & ((1 << _FRACTION) - 1)
    return int((place << _FRACTION) + behind)


@compiled
def _log(x: Any) -> int:
    return _octaves(x + 1)


@compiled
def _squash(x: Any, knee: int) -> int:
    size = min(_octaves(abs(x) + (1 << knee)) - (knee << _FRACTION), _TOP)
    return size if x >= 0 else -size


@compiled
def _hold(x: Any, most: int) -> int:
    return int(min(max(x, -most), most))


# -- One record ----------------------------------------------------------------------------------


@compiled
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


@compiled
def _flow(state: State, slot: Any, levels: Array) -> int:
    """Order-flow imbalance at the best prices, against the record before."""
    flow = np.int64(0)
    for side in range(2):
        price, shares = np.int64(levels[side, 0]["price"]), np.int64(levels[side, 0]["shares"])
        old = state.price[slot, side, 0]
        better = price >= old if side == 0 else price <= old
        worse = price <= old if side == 0 else price >= old
        change = (shares if better else 0) - (state.shares[slot, side, 0] if worse else 0)
        flow += change if side == 0 else -change
    return _hold(flow, CLIP)


@compiled
def _side(top: Any) -> int:
    """The side that a record is of: its operation's, if that has one, else buy."""
    kind = top["operation"]
    return int(top["operation_side"]) if _ADD <= kind <= _REPLACE else 0


@compiled
def _remember(state: State, slot: Any, levels: Array) -> bool:
    """Take in the best levels, but none of a side that is lacking; whether any differs."""
    changed = False
    for side in range(2):
        if state.lacking[slot, side]:
            continue
        for level in range(DEPTH):
            price = np.int64(levels[side, level]["price"])
            shares = np.int64(levels[side, level]["shares"])
            if state.price[slot, side, level] != price or state.shares[slot, side, level] != shares:
                changed = True
                state.price[slot, side, level] = price
                state.shares[slot, side, level] = shares
    return changed


@compiled
def _sample(state: State, slot: Any, time: Any, first: bool, middle: Any) -> None:
    """Begin the buckets up to now; the middle before this event was in force as they did."""
    for sampler in range(len(_BUCKETS)):
        samples, count = state.sample[slot, sampler], _BUCKETS[sampler]
        bucket = time >> _EXPONENT[sampler]
        if first:
            samples[:] = middle
            state.bucket[slot, sampler] = bucket
            continue
        begun = bucket - state.bucket[slot, sampler]
        if begun <= 0:
            continue
        state.bucket[slot, sampler] = bucket
        state.begun[slot, sampler] = min(state.begun[slot, sampler] + begun, count)
        for age in range(count - 1, -1, -1):
            samples[age] = samples[age - begun] if age >= begun else state.middle[slot]


@compiled
def _add(state: State, slot: Any, which: int, value: Any) -> int:
    total = state.sums[slot, which]
    state.sums[slot, which] = total + value - (total >> _SHIFTS[which])
    return int(state.sums[slot, which])


@compiled
def _level(state: State, slot: Any, which: int, value: Any, first: bool) -> int:
    if first:
        state.sums[slot, which] = value << _SHIFTS[which]
        return int(value)
    return int(_add(state, slot, which, value) >> _SHIFTS[which])


@compiled
def _gap(state: State, slot: Any, level: int) -> int:
    """How far a level is from the best, ask less bid."""
    total = 0
    for side in range(2):
        price, best = state.price[slot, side, level], state.price[slot, side, 0]
        away = _squash(abs(price - best), 7) if price else 0
        total += -away if side == 0 else away
    return total


@compiled
def _sizes(state: State, slot: Any, values: Array) -> int:
    """Elements 2 to 5; the best level's imbalance, not held."""
    best = 0
    for level in range(3):
        bid, ask = state.shares[slot, 0, level], state.shares[slot, 1, level]
        imbalance = _log(bid) - _log(ask)
        best = imbalance if level == 0 else best
        values[2 + level] = _hold(imbalance, _TOP)
    bids, asks = state.shares[slot, 0].sum(), state.shares[slot, 1].sum()
    values[5] = _hold(_log(bids) - _log(asks), _TOP)
    return best


@compiled
def _event(state: State, slot: Any, top: Any, flow: Any) -> None:
    values, first = state.vector[slot], state.events[slot] == 0
    bid, ask = state.price[slot, 0, 0], state.price[slot, 1, 0]
    time, middle, spread = np.int64(top["timestamp"]), bid + ask, ask - bid
    _sample(state, slot, time, first, middle)
    move = 0 if first else middle - state.middle[slot]
    passed = 0 if first else max(time - state.time[slot], 0)
    kind, sign = top["operation"], 1 if top["operation_side"] == 0 else -1
    shares: Any = min(np.int64(top["operation_shares"]), CLIP)
    traded = kind in (_EXECUTE, _EXECUTE_PRICE)
    trade = -sign * shares if traded else 0
    pressure = 0
    if kind == _ADD:
        pressure = sign * shares
    elif traded or kind in (_CANCEL, _DELETE):
        pressure = -sign * shares
    values[0] = _squash(spread, 7)
    values[1] = _squash(spread - _level(state, slot, _SPREAD, spread, first), 7)
    imbalance = _sizes(state, slot, values)
    values[6] = _hold(_level(state, slot, _IMBALANCE, imbalance, first), _TOP)
    offset = max(_log(spread) + _SHARE[abs(values[2])] - _MICRO, 0)
    values[7] = min(offset, _TOP) if values[2] >= 0 else -min(offset, _TOP)
    values[8], values[9] = _gap(state, slot, 1), _gap(state, slot, 4)
    values[10] = _squash(flow, 6)
    values[11] = _squash(_add(state, slot, _FLOW8, flow), 7)
    values[12] = _squash(_add(state, slot, _FLOW32, flow), 8)
    values[13] = _squash(_add(state, slot, _FLOW128, flow), 9)
    values[14] = _squash(_add(state, slot, _PRESSURE, pressure), 8)
    if first:
        state.ring[slot] = middle
    for index in range(len(_LAG)):
        ago = (state.at[slot] - _LAG[index] + 1) & (_RING - 1)
        values[15 + index] = _squash(middle - state.ring[slot, ago], 7)
    state.at[slot] = (state.at[slot] + 1) & (_RING - 1)
    state.ring[slot, state.at[slot]] = middle
    values[18] = _squash(middle - _level(state, slot, _TREND32, middle, first), 7)
    values[19] = _squash(middle - _level(state, slot, _TREND128, middle, first), 7)
    for sampler in range(len(_BUCKETS)):
        oldest = state.sample[slot, sampler, _BUCKETS[sampler] - 1]
        values[20 + sampler] = _squash(middle - oldest, 7 + sampler)
    if move:
        state.last[slot] = move
    state.since[slot] = 0 if move else min(state.since[slot] + 1, MOST_COUNT)
    values[23] = _squash(state.last[slot], 7)
    values[24] = min(_log(state.since[slot]), _TOP)
    values[25] = _squash(trade, 6)
    values[26] = _squash(_add(state, slot, _TRADE8, trade), 7)
    values[27] = _squash(_add(state, slot, _TRADE64, trade), 8)
    pause = _log(passed >> _TIME_SHIFT) >> 2
    values[28] = min(pause, _TOP)
    values[29] = min(_level(state, slot, _PACE, pause, first), _TOP)
    values[30] = _squash(_add(state, slot, _ABS16, abs(move)), 8)
    values[31] = _squash(_add(state, slot, _ABS256, abs(move)), 11)
    state.time[slot], state.middle[slot] = time, middle
    state.events[slot] = min(state.events[slot] + 1, WARM_EVENTS)


@compiled
def _warm(state: State, slot: Any) -> bool:
    full = state.events[slot] >= WARM_EVENTS
    for sampler in range(len(_BUCKETS)):
        full = full and state.begun[slot, sampler] >= _BUCKETS[sampler]
    return bool(full)


@compiled
def _run(
    state: State,
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
                flow = _flow(state, slot, levels[row]) if state.fine[slot] else 0
                state.lacking[slot, _side(top)] = 0
                changed = _remember(state, slot, levels[row])
                state.fine[slot] = top["reason"] == _OK and not state.lacking[slot].any()
                if changed and state.fine[slot]:
                    _event(state, slot, top, flow)
                    event[row] = True
        warm[row] = _warm(state, slot)
        reason[row] = top["reason"]
        if top["reason"] == _OK and not warm[row]:
            reason[row] = _WARMING
        for index in range(COUNT):
            values[row, index] = state.vector[slot, index]
