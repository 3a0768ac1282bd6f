"""The compiled part of `tickwire.exchange.flow`: one event at each step, from its state alone.

Live orders are kept in no order, for each instrument; what is taken out is replaced by the last.
Between steps everything is in `State`, so that a day is the same however it is cut.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from hwtools.compiled import bare

Array = npt.NDArray[Any]

EVENT = np.dtype(
    [(name, np.uint64) for name in ("timestamp", "reference", "new_reference", "match")]
    + [(name, np.uint32) for name in ("price", "shares")]
    + [(name, np.uint8) for name in ("type", "instrument", "side", "code")]
)

PRELUDE, BEFORE_OPEN, OPENING, OPEN, BEFORE_CLOSE, CLOSING, AFTER = range(7)
_SWEEP, _AUCTION, _RESUME, _BURST = 1, 2, 3, 4
_HIGHEST = 1_999_999_900  # ITCH's highest limit price, 199,999.9900
_NO_MORE = 86_399_999_999_999  # ns: the day's last


class State(NamedTuple):
    """Everything between two steps."""

    random: Array  # [0]
    event: Array  # [0]: how many were made
    total: Array  # [0]: of the day
    phase: Array  # [phase, step of the phase]
    burst: Array  # [kind, instrument, side, price, place]: what goes on over several events
    numbers: Array  # [next reference, next match number, time]
    live: Array  # [instrument]: orders
    middle: Array  # [instrument]: price
    tick: Array
    halted: Array  # [instrument]: event at which the halt ends; 0: trading
    reference: Array  # [instrument, place]
    side: Array
    price: Array
    shares: Array
    rates: Array  # [orders that rest, bad events in a million]


@bare
def _draw(state: State, below: int) -> int:
    """A number from 0 to below - 1 (splitmix64)."""
    state.random[0] += np.uint64(0x9E3779B97F4A7C15)
    mixed = state.random[0]
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return int(np.int64((mixed >> np.uint64(11)) % np.uint64(below)))


@bare
def _set(event: Any, kind: int, instrument: int, code: int) -> None:
    event["type"], event["instrument"], event["code"] = kind, instrument, code


@bare
def _a_price(state: State, instrument: int, side: int, crossing: bool) -> int:
    middle, tick = state.middle[instrument], state.tick[instrument]
    kind = _draw(state, 100)
    away = 1 + min(_draw(state, 12), _draw(state, 12))
    if kind < 12:
        away = 1 + _draw(state, 120)
    elif kind < 15:
        away = 1 + _draw(state, 3000)
    if crossing and kind >= 15:
        away -= 6
    price = middle - away * tick if side == 0 else middle + away * tick
    if kind == 99:  # far from the market: the least a limit may be, or about the most
        price = tick * (1 + _draw(state, 3)) if side == 0 else _HIGHEST - tick * _draw(state, 3)
    return int(min(max(price, tick), _HIGHEST))


@bare
def _some_shares(state: State) -> int:
    kind = _draw(state, 100)
    if kind < 55:
        return 100
    if kind < 80:
        return 100 * (1 + _draw(state, 10))
    return 1 + _draw(state, 1_000_000 if kind == 99 else 400)


@bare
def _insert(state: State, event: Any, instrument: int, side: int, crossing: bool) -> None:
    """A new order; the event's reference or new reference is its own."""
    place = state.live[instrument]
    price, shares = _a_price(state, instrument, side, crossing), _some_shares(state)
    reference = state.numbers[0]
    state.numbers[0] += 1 + _draw(state, 5)
    state.reference[instrument, place], state.side[instrument, place] = reference, side
    state.price[instrument, place], state.shares[instrument, place] = price, shares
    state.live[instrument] += 1
    event["price"], event["shares"], event["side"] = price, shares, side
    if event["type"] == 85:
        event["new_reference"] = reference
    else:
        event["reference"] = reference


@bare
def _remove(state: State, instrument: int, place: int) -> None:
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
def _take(state: State, event: Any, instrument: int, place: int, kind: int, whole: bool) -> None:
    """Shares of an order traded (E, C) or were taken off (X)."""
    _set(event, kind, instrument, 0)
    _name(state, event, instrument, place)
    rested = state.shares[instrument, place]
    shares = rested if whole else 1 + _draw(state, rested)
    if kind != 88:
        event["match"] = state.numbers[1]
        state.numbers[1] += 1
    if kind == 67:
        event["price"], event["code"] = state.middle[instrument], 89
    event["shares"] = shares
    state.shares[instrument, place] -= shares
    if shares == rested:
        _remove(state, instrument, place)


@bare
def _delete(state: State, event: Any, instrument: int, place: int) -> None:
    _set(event, 68, instrument, 0)
    _name(state, event, instrument, place)
    _remove(state, instrument, place)


@bare
def _near_the_market(state: State, instrument: int) -> int:
    """Of a few orders, the one that is nearest to the middle."""
    best = _draw(state, state.live[instrument])
    for _ in range(5):
        other = _draw(state, state.live[instrument])
        middle = state.middle[instrument]
        far, near = state.price[instrument, best], state.price[instrument, other]
        if abs(near - middle) < abs(far - middle):
            best = other
    return best


@bare
def _continue(state: State, event: Any) -> bool:
    """The next event of what goes on; False when that is over without one."""
    kind, instrument, side, limit, place = state.burst
    while kind in (_SWEEP, _BURST) and place < state.live[instrument]:
        price, own = state.price[instrument, place], state.side[instrument, place]
        middle = state.middle[instrument]
        crossing = price >= middle if own == 0 else price <= middle
        near = own == side and (price >= limit if own == 0 else price <= limit)
        if kind == _SWEEP and crossing:
            _take(state, event, instrument, place, 67 if _draw(state, 3) == 0 else 69, True)
            state.burst[4] = place
            return True
        if kind == _BURST and near:
            _delete(state, event, instrument, place)
            state.burst[4] = place
            return True
        place += 1
    auction = state.phase[0] in (OPENING, CLOSING) or state.halted[instrument] > 0
    if kind == _SWEEP and auction:
        state.burst[0] = _AUCTION
        return _continue_auction(state, event)
    if kind in (_AUCTION, _RESUME):
        return _continue_auction(state, event)
    state.burst[0] = 0
    return False


@bare
def _continue_auction(state: State, event: Any) -> bool:
    instrument = state.burst[1]
    if state.burst[0] == _AUCTION:
        code = 72 if state.halted[instrument] > 0 else 79
        _set(event, 81, instrument, 67 if state.phase[0] == CLOSING else code)
        event["price"], event["shares"] = state.middle[instrument], 100 * _draw(state, 10_000)
        event["match"] = state.numbers[1]
        state.numbers[1] += 1
        state.burst[0] = _RESUME if state.halted[instrument] > 0 else 0
    else:
        _set(event, 72, instrument, 84)
        state.halted[instrument] = 0
        state.burst[0] = 0
    return True


@bare
def _begin(state: State, kind: int, instrument: int, side: int, price: int) -> None:
    state.burst[0], state.burst[1], state.burst[2] = kind, instrument, side
    state.burst[3], state.burst[4] = price, 0


@bare
def _bad(state: State, event: Any, instrument: int) -> None:
    """An event that contradicts what was told before."""
    kind, side = _draw(state, 8), _draw(state, 2)
    place = _draw(state, state.live[instrument])
    types = (65, 65, 65, 69, 88, 68, 85, 85)
    _set(event, types[kind], instrument, 0)
    _name(state, event, instrument, place)
    event["shares"], event["side"] = _some_shares(state), side
    if kind == 1:
        event["price"] = 0
    if kind == 2:
        event["shares"] = 0
    if kind in (1, 2, 5, 6):
        event["reference"] = np.uint64(1 << 62) + np.uint64(_draw(state, 1 << 30))
    if kind in (3, 4):
        event["shares"] = state.shares[instrument, place] + 1 + _draw(state, 100)
    if kind >= 6:
        other = _draw(state, state.live[instrument])
        event["new_reference"] = state.reference[instrument, other]
        if kind == 7 and other == place:
            event["shares"] = 0


@bare
def _trade(state: State, event: Any, instrument: int) -> None:
    """One event of an instrument in which nothing goes on."""
    live, wanted = state.live[instrument], state.rates[0]
    crossing = state.phase[0] in (BEFORE_OPEN, BEFORE_CLOSE) or state.halted[instrument] > 0
    kind, side = _draw(state, 1000), _draw(state, 2)
    if live > 0 and _draw(state, 1_000_000) < state.rates[1]:
        _bad(state, event, instrument)
    elif live < 20 or (kind < (470 if live < wanted else 270) and live < 2 * wanted):
        _set(event, 70 if _draw(state, 7) == 0 else 65, instrument, 0)
        _insert(state, event, instrument, side, crossing)
    elif kind < 620:
        place = _near_the_market(state, instrument)
        _set(event, 85, instrument, 0)
        event["reference"] = state.reference[instrument, place]
        own = state.side[instrument, place]
        _remove(state, instrument, place)
        _insert(state, event, instrument, own, crossing)
    elif kind < 800:
        _delete(state, event, instrument, _draw(state, live))
    elif kind < 860:
        _take(state, event, instrument, _draw(state, live), 88, False)
    elif kind < 940 and not crossing:
        place = _near_the_market(state, instrument)
        _take(state, event, instrument, place, 67 if kind > 930 else 69, _draw(state, 2) == 0)
    elif kind < 944 and not crossing:
        best = state.price[instrument, _near_the_market(state, instrument)]
        _begin(state, _BURST, instrument, side, best)
        _delete(state, event, instrument, _draw(state, live))
    elif kind < 970:
        _set(event, 80, instrument, 66)
        event["price"], event["shares"] = state.middle[instrument], _some_shares(state)
        event["match"] = state.numbers[1]
        state.numbers[1] += 1
    else:
        _set(event, 73, instrument, 78)
        event["price"] = state.middle[instrument]
        if not crossing:
            tick = state.tick[instrument]
            moved = state.middle[instrument] + tick * (_draw(state, 7) - 3)
            state.middle[instrument] = min(max(moved, 20 * tick), _HIGHEST // 2)
            _begin(state, _SWEEP, instrument, 0, 0)


@bare
def _prelude(state: State, event: Any, instruments: int) -> None:
    step = state.phase[1]
    state.phase[1] += 1
    if step == 0:
        _set(event, 83, 255, 79)
    elif step <= instruments:
        _set(event, 82, step - 1, 0)
    elif step <= 2 * instruments:
        _set(event, 72, step - 1 - instruments, 84)
    else:
        _set(event, 83, 255, 83)
        state.phase[0], state.phase[1] = BEFORE_OPEN, 0


@bare
def _step(state: State, event: Any) -> None:
    instruments, made, total = len(state.live), state.event[0], state.total[0]
    if made == total - 1:
        _set(event, 83, 255, 67)
        return
    if state.burst[0] and _continue(state, event):
        return
    phase = state.phase[0]
    if phase == PRELUDE:
        _prelude(state, event, instruments)
        return
    if phase in (OPENING, CLOSING):
        instrument = state.phase[1]
        if instrument < instruments:
            state.phase[1] += 1
            _begin(state, _SWEEP, instrument, 0, 0)
            _continue(state, event)
            return
        _set(event, 83, 255, 81 if phase == OPENING else 77)
        state.phase[0], state.phase[1] = phase + 1, 0
        return
    if phase == BEFORE_OPEN and made >= total // 20:
        state.phase[0], state.phase[1] = OPENING, 0
    elif phase == OPEN and made >= total - total // 25:
        state.phase[0] = BEFORE_CLOSE
    elif phase == BEFORE_CLOSE and made >= total - total // 50:
        state.phase[0], state.phase[1] = CLOSING, 0
    instrument = min(_draw(state, instruments), _draw(state, instruments))
    if state.halted[instrument] > 0 and made >= state.halted[instrument]:
        _begin(state, _SWEEP, instrument, 0, 0)
        _continue(state, event)
        return
    if phase == OPEN and state.halted[instrument] == 0 and _draw(state, 20_000) == 0:
        state.halted[instrument] = made + 200 + _draw(state, 2000)
        _set(event, 72, instrument, 72)
        return
    _trade(state, event, instrument)


@bare
def run(state: State, events: Array) -> None:
    """Fill `events` with the day's next ones."""
    gap = max(1, 768_000_000_000_000 // state.total[0])  # so that the day lasts nine hours
    for row in range(len(events)):
        _step(state, events[row])
        quiet = state.burst[0] == 0 and _draw(state, 12) == 0
        state.numbers[2] += _draw(state, gap) if quiet else _draw(state, 620)
        state.numbers[2] = min(state.numbers[2], _NO_MORE)
        events[row]["timestamp"] = state.numbers[2]
        state.event[0] += 1
