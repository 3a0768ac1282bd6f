"""The compiled part of `tickwire.exchange.flow`: one event at each step, from the state alone.

All that lasts from one step to the next is in `State`, so the size of the pieces changes nothing.
"""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

from hwtools.compiled import bare
from tickwire.exchange import flow_orders as orders
from tickwire.exchange.flow_orders import HIGHEST, State, draw, write

Array = npt.NDArray[Any]

_PRELUDE, _BEFORE_OPEN, _OPENING, _OPEN, _BEFORE_CLOSE, _CLOSING, _AFTER = range(7)
# What goes on over several events.
_NOTHING, _SWEEP, _AUCTION, _RESUME, _BURST = range(5)
_LAST_TIME = 86_399_999_999_999  # ns: the day's last
_NO_INSTRUMENT = 255
_A, _C, _E, _F, _H, _I, _P, _Q, _R, _S, _U, _X = (ord(letter) for letter in "ACEFHIPQRSUX")
# Event codes of S; trading states of H; cross types of Q; buy of P; no imbalance of I.
_START_MESSAGES, _START_SYSTEM, _START_MARKET, _END_MARKET, _END = (ord(code) for code in "OSQMC")
_HALTED, _TRADING = ord("H"), ord("T")
_CROSS_OPEN, _CROSS_CLOSE, _CROSS_HALT = ord("O"), ord("C"), ord("H")
_BUY, _NONE = ord("B"), ord("N")


@bare
def _continue(state: State, event: Any) -> bool:
    """Write the next event of what goes on; False if there is none and it is over."""
    kind, instrument, side, limit, place = state.burst
    while kind in (_SWEEP, _BURST) and place < state.live[instrument]:
        price, own = state.price[instrument, place], state.side[instrument, place]
        middle = state.middle[instrument]
        crossing = price >= middle if own == 0 else price <= middle
        near = own == side and (price >= limit if own == 0 else price <= limit)
        if kind == _SWEEP and crossing:
            orders.take(state, event, instrument, place, _C if draw(state, 3) == 0 else _E, True)
            state.burst[4] = place
            return True
        if kind == _BURST and near:
            orders.delete(state, event, instrument, place)
            state.burst[4] = place
            return True
        place += 1
    auction = state.phase[0] in (_OPENING, _CLOSING) or state.halted[instrument] > 0
    if kind == _SWEEP and auction:
        state.burst[0] = _AUCTION
        return _continue_auction(state, event)
    if kind in (_AUCTION, _RESUME):
        return _continue_auction(state, event)
    state.burst[0] = _NOTHING
    return False


@bare
def _continue_auction(state: State, event: Any) -> bool:
    instrument = state.burst[1]
    if state.burst[0] == _AUCTION:
        code = _CROSS_HALT if state.halted[instrument] > 0 else _CROSS_OPEN
        write(event, _Q, instrument, _CROSS_CLOSE if state.phase[0] == _CLOSING else code)
        event["price"], event["shares"] = state.middle[instrument], 100 * draw(state, 10_000)
        event["match"] = state.numbers[1]
        state.numbers[1] += 1
        state.burst[0] = _RESUME if state.halted[instrument] > 0 else _NOTHING
    else:
        write(event, _H, instrument, _TRADING)
        state.halted[instrument] = 0
        state.burst[0] = _NOTHING
    return True


@bare
def _begin(state: State, kind: int, instrument: int, side: int, price: int) -> None:
    state.burst[0], state.burst[1], state.burst[2] = kind, instrument, side
    state.burst[3], state.burst[4] = price, 0


@bare
def _trade(state: State, event: Any, instrument: int) -> None:
    """Write an event of an instrument in which nothing goes on."""
    live, target = state.live[instrument], state.rates[0]
    crossing = state.phase[0] in (_BEFORE_OPEN, _BEFORE_CLOSE) or state.halted[instrument] > 0
    kind, side = draw(state, 1000), draw(state, 2)
    if live > 0 and draw(state, 1_000_000) < state.rates[1]:
        orders.bad(state, event, instrument)
    elif live < 20 or (kind < (470 if live < target else 270) and live < 2 * target):
        write(event, _F if draw(state, 7) == 0 else _A, instrument, 0)
        orders.insert(state, event, instrument, side, crossing)
    elif kind < 620:
        place = orders.near_the_market(state, instrument)
        write(event, _U, instrument, 0)
        event["reference"] = state.reference[instrument, place]
        own = state.side[instrument, place]
        orders.remove(state, instrument, place)
        orders.insert(state, event, instrument, own, crossing)
    elif kind < 800:
        orders.delete(state, event, instrument, draw(state, live))
    elif kind < 860:
        orders.take(state, event, instrument, draw(state, live), _X, False)
    elif kind < 940 and not crossing:
        place = orders.near_the_market(state, instrument)
        orders.take(state, event, instrument, place, _C if kind > 930 else _E, draw(state, 2) == 0)
    elif kind < 944 and not crossing:
        best = state.price[instrument, orders.near_the_market(state, instrument)]
        _begin(state, _BURST, instrument, side, best)
        orders.delete(state, event, instrument, draw(state, live))
    elif kind < 970:
        write(event, _P, instrument, _BUY)
        event["price"], event["shares"] = state.middle[instrument], orders.some_shares(state)
        event["match"] = state.numbers[1]
        state.numbers[1] += 1
    else:
        write(event, _I, instrument, _NONE)
        event["price"] = state.middle[instrument]
        if not crossing:
            tick = state.tick[instrument]
            moved = state.middle[instrument] + tick * (draw(state, 7) - 3)
            state.middle[instrument] = min(max(moved, 20 * tick), HIGHEST // 2)
            _begin(state, _SWEEP, instrument, 0, 0)


@bare
def _prelude(state: State, event: Any, instruments: int) -> None:
    step = state.phase[1]
    state.phase[1] += 1
    if step == 0:
        write(event, _S, _NO_INSTRUMENT, _START_MESSAGES)
    elif step <= instruments:
        write(event, _R, step - 1, 0)
    elif step <= 2 * instruments:
        write(event, _H, step - 1 - instruments, _TRADING)
    else:
        write(event, _S, _NO_INSTRUMENT, _START_SYSTEM)
        state.phase[0], state.phase[1] = _BEFORE_OPEN, 0


@bare
def _step(state: State, event: Any) -> None:
    instruments, done, total = len(state.live), state.event[0], state.total[0]
    if done == total - 1:
        write(event, _S, _NO_INSTRUMENT, _END)
        return
    if state.burst[0] and _continue(state, event):
        return
    phase = state.phase[0]
    if phase == _PRELUDE:
        _prelude(state, event, instruments)
        return
    if phase in (_OPENING, _CLOSING):
        instrument = state.phase[1]
        if instrument < instruments:
            state.phase[1] += 1
            _begin(state, _SWEEP, instrument, 0, 0)
            _continue(state, event)
            return
        code = _START_MARKET if phase == _OPENING else _END_MARKET
        write(event, _S, _NO_INSTRUMENT, code)
        state.phase[0], state.phase[1] = phase + 1, 0
        return
    if phase == _BEFORE_OPEN and done >= total // 20:
        state.phase[0], state.phase[1] = _OPENING, 0
    elif phase == _OPEN and done >= total - total // 25:
        state.phase[0] = _BEFORE_CLOSE
    elif phase == _BEFORE_CLOSE and done >= total - total // 50:
        state.phase[0], state.phase[1] = _CLOSING, 0
    instrument = min(draw(state, instruments), draw(state, instruments))
    if state.halted[instrument] > 0 and done >= state.halted[instrument]:
        _begin(state, _SWEEP, instrument, 0, 0)
        _continue(state, event)
        return
    if phase == _OPEN and state.halted[instrument] == 0 and draw(state, 20_000) == 0:
        state.halted[instrument] = done + 200 + draw(state, 2000)
        write(event, _H, instrument, _HALTED)
        return
    _trade(state, event, instrument)


@bare
def run(state: State, events: Array) -> None:
    """Fill `events` with the next events of the day."""
    gap = max(1, 768_000_000_000_000 // state.total[0])  # the day lasts nine hours
    for row in range(len(events)):
        _step(state, events[row])
        quiet = state.burst[0] == 0 and draw(state, 12) == 0
        state.numbers[2] += draw(state, gap) if quiet else draw(state, 620)
        state.numbers[2] = min(state.numbers[2], _LAST_TIME)
        events[row]["timestamp"] = state.numbers[2]
        state.event[0] += 1
