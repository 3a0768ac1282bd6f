"""The orders of a test day, compiled: new ones, and what happens to those that rest.

An instrument's resting orders are in no particular order: a removed one is replaced by the last.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from hwtools.compiled import bare
from tickwire.exchange.draws import bits

Array = npt.NDArray[Any]

HIGHEST = 1_999_999_900  # ITCH's highest limit price, 199,999.9900
_A, _C, _D, _E, _U, _X = (ord(letter) for letter in "ACDEUX")
_PRINTABLE = ord("Y")


class State(NamedTuple):
    """Everything that lasts from one step to the next."""

    random: Array  # [0]
    event: Array  # [0]: the number of events so far
    total: Array  # [0]: the number of events of the day
    phase: Array  # [phase, step of the phase]
    burst: Array  # [kind, instrument, side, price, place] of what goes on over several events
    numbers: Array  # [next reference, next match number, time]
    live: Array  # [instrument]: orders
    middle: Array  # [instrument]: price
    tick: Array
    halted: Array  # [instrument]: event at which the halt ends; 0: trading
    reference: Array  # [instrument, place]
    side: Array
    price: Array
    shares: Array
    rates: Array  # [resting orders to aim at, bad events in a million]


@bare
def draw(state: State, below: int) -> int:
    """A number from 0 to below - 1."""
    return int(np.int64((bits(state.random) >> np.uint64(11)) % np.uint64(below)))


@bare
def write(event: Any, kind: int, instrument: int, code: int) -> None:
    event["type"], event["instrument"], event["code"] = kind, instrument, code


@bare
def _a_price(state: State, instrument: int, side: int, crossing: bool) -> int:
    middle, tick = state.middle[instrument], state.tick[instrument]
    kind = draw(state, 100)
    away = 1 + min(draw(state, 12), draw(state, 12))
    if kind < 12:
        away = 1 + draw(state, 120)
    elif kind < 15:
        away = 1 + draw(state, 3000)
    if crossing and kind >= 15:
        away -= 6
    price = middle - away * tick if side == 0 else middle + away * tick
    if kind == 99:  # far from the market: near the lowest or the highest price of a limit
        price = tick * (1 + draw(state, 3)) if side == 0 else HIGHEST - tick * draw(state, 3)
    return int(min(max(price, tick), HIGHEST))


@bare
def some_shares(state: State) -> int:
    kind = draw(state, 100)
    if kind < 55:
        return 100
    if kind < 80:
        return 100 * (1 + draw(state, 10))
    return 1 + draw(state, 1_000_000 if kind == 99 else 400)


@bare
def insert(state: State, event: Any, instrument: int, side: int, crossing: bool) -> None:
    """Add an order; its reference is the event's, or the new one of a replace."""
    place = state.live[instrument]
    price, shares = _a_price(state, instrument, side, crossing), some_shares(state)
    reference = state.numbers[0]
    state.numbers[0] += 1 + draw(state, 5)
    state.reference[instrument, place], state.side[instrument, place] = reference, side
    state.price[instrument, place], state.shares[instrument, place] = price, shares
    state.live[instrument] += 1
    event["price"], event["shares"], event["side"] = price, shares, side
    if event["type"] == _U:
        event["other"] = reference
    else:
        event["reference"] = reference


@bare
def remove(state: State, instrument: int, place: int) -> None:
    last = state.live[instrument] - 1
    state.live[instrument] = last
    state.reference[instrument, place] = state.reference[instrument, last]
    state.side[instrument, place] = state.side[instrument, last]
    state.price[instrument, place] = state.price[instrument, last]
    state.shares[instrument, place] = state.shares[instrument, last]


@bare
def _name(state: State, event: Any, instrument: int, place: int) -> None:
    event["reference"] = state.reference[instrument, place]
    event["side"] = state.side[instrument, place]
    event["price"] = state.price[instrument, place]


@bare
def take(state: State, event: Any, instrument: int, place: int, kind: int, whole: bool) -> None:
    """Take shares off an order: they are traded (E, C) or cancelled (X)."""
    write(event, kind, instrument, 0)
    _name(state, event, instrument, place)
    rested = state.shares[instrument, place]
    shares = rested if whole else 1 + draw(state, rested)
    if kind != _X:
        event["match"] = state.numbers[1]
        state.numbers[1] += 1
    if kind == _C:
        event["price"], event["code"] = state.middle[instrument], _PRINTABLE
    event["shares"] = shares
    state.shares[instrument, place] -= shares
    if shares == rested:
        remove(state, instrument, place)


@bare
def delete(state: State, event: Any, instrument: int, place: int) -> None:
    write(event, _D, instrument, 0)
    _name(state, event, instrument, place)
    remove(state, instrument, place)


@bare
def near_the_market(state: State, instrument: int) -> int:
    """The order nearest to the middle, out of six."""
    best = draw(state, state.live[instrument])
    for _ in range(5):
        other = draw(state, state.live[instrument])
        middle = state.middle[instrument]
        far, near = state.price[instrument, best], state.price[instrument, other]
        if abs(near - middle) < abs(far - middle):
            best = other
    return best


@bare
def bad(state: State, event: Any, instrument: int) -> None:
    """Write an event that contradicts earlier ones."""
    kind, side = draw(state, 8), draw(state, 2)
    place = draw(state, state.live[instrument])
    types = (_A, _A, _A, _E, _X, _D, _U, _U)
    write(event, types[kind], instrument, 0)
    _name(state, event, instrument, place)
    event["shares"], event["side"] = some_shares(state), side
    if kind == 1:
        event["price"] = 0
    if kind == 2:
        event["shares"] = 0
    if kind in (1, 2, 5, 6):
        event["reference"] = np.uint64(1 << 62) + np.uint64(draw(state, 1 << 30))
    if kind in (3, 4):
        event["shares"] = state.shares[instrument, place] + 1 + draw(state, 100)
    if kind >= 6:
        other = draw(state, state.live[instrument])
        event["other"] = state.reference[instrument, other]
        if kind == 7 and other == place:
            event["shares"] = 0
