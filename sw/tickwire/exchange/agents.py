"""The agents that send orders to the matching engine, compiled. All in integers.

    noise      limit orders near the best price, sometimes far from it; market orders; cancels
    makers     each keeps a bid and an ask around the mid price, wider when prices move, and shifts
               both against the shares that it holds
    momentum   buys when a fast mean of the mid price is far enough above a slow one, and sells when
               it is as far below
    splitters  one large order at a time, cut into small market orders; its size is heavy-tailed

`arrivals` decides when they are called. The low four bits of an order's reference are its owner.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.compiled import bare
from tickwire.exchange import arrivals
from tickwire.exchange import engine_kernel as engine
from tickwire.exchange.agent_state import (
    FAST,
    LAST,
    LAST_REFERENCE,
    MAKER,
    MAKERS,
    MEAN,
    MOMENTUM,
    MOVE,
    NOISE_CANCEL,
    NOISE_LIMIT,
    NOISE_MARKET,
    NOISE_ORDERS,
    SLOW,
    TIME,
    Agents,
)
from tickwire.exchange.draws import draw
from tickwire.exchange.engine_types import MOST_SHARES, Kind

Array = npt.NDArray[Any]

_NOISE, _TAKER = 0, 15  # owners of orders; makers are 1 to MAKERS
_WHOLE = 30  # of a hundred market orders, those that take the whole best level
_LEAN = 2000  # shares held that move a maker's quotes by a tick
_E = ord("E")
# The kinds of commands as integers: numba takes those as constants.
_LIMIT, _IMMEDIATE, _CANCEL, _DELETE, _REPLACE = (int(kind) for kind in Kind)


@bare
def _reference(agents: Agents, owner: int) -> int:
    agents.clock[LAST_REFERENCE] += 1
    return int((agents.clock[LAST_REFERENCE] << 4) | owner)


@bare
def _order(command: Any, kind: int, reference: int, side: int, price: int, shares: int) -> None:
    command["kind"], command["reference"], command["side"] = kind, reference, side
    command["price"], command["shares"], command["new_reference"] = price, shares, 0


@bare
def _lot(agents: Agents) -> int:
    kind = draw(agents.random, 100)
    if kind < 60:
        return 100
    if kind < 85:
        return 100 * (1 + draw(agents.random, 5))
    return 1 + draw(agents.random, 2000 if kind > 97 else 300)


@bare
def _best(state: engine.State, agents: Agents, instrument: int, side: int) -> int:
    """The best tick of a side; without one, a tick near the last mid price."""
    best = state.best[instrument, side]
    if best >= 0:
        return int(best)
    middle = agents.means[instrument, LAST] >> (MEAN + 1)
    return int(middle - 2 if side == 0 else middle + 2)


@bare
def _inside(state: engine.State, tick: int) -> int:
    return int(min(max(tick, 1), state.ladder[2] - 2))


@bare
def _noise_limit(state: engine.State, agents: Agents, command: Any, instrument: int) -> bool:
    count = agents.counts[instrument]
    if count >= NOISE_ORDERS:
        return _cancel(state, agents, command, instrument)
    random, side = agents.random, draw(agents.random, 2)
    own = _best(state, agents, instrument, side)
    other = _best(state, agents, instrument, 1 - side)
    gap, kind = abs(other - own), draw(random, 100)
    if kind < 12 and gap > 1:
        away = -1 - draw(random, gap - 1)  # into the spread
    elif kind < 30:
        away = 0
    else:
        reach = 2
        while draw(random, 100) < 62 and reach < 256:
            reach *= 2
        away = 1 + draw(random, reach)
    tick = _inside(state, own - away if side == 0 else own + away)
    reference = _reference(agents, _NOISE)
    price = state.ladder[0] + tick * state.ladder[1]
    _order(command, _LIMIT, reference, side, price, _lot(agents))
    agents.noise[instrument, count] = reference
    agents.counts[instrument] = count + 1
    return True


@bare
def _cancel(state: engine.State, agents: Agents, command: Any, instrument: int) -> bool:
    """Delete a noise order, or take shares off it. Orders that have traded are forgotten."""
    for _ in range(8):
        count = agents.counts[instrument]
        if count == 0:
            return False
        place = draw(agents.random, count)
        reference = agents.noise[instrument, place]
        at = engine.find(state, np.uint64(reference))
        shares = engine.shares_at(state, at) if at >= 0 else 0
        part = at >= 0 and shares > 100 and draw(agents.random, 8) == 0
        if not part:
            agents.noise[instrument, place] = agents.noise[instrument, count - 1]
            agents.counts[instrument] = count - 1
        if at >= 0:
            less = 1 + draw(agents.random, shares - 1) if part else 0
            _order(command, _CANCEL if part else _DELETE, reference, 0, 0, less)
            return True
    return False


@bare
def _market(
    state: engine.State, agents: Agents, command: Any, instrument: int, side: int, shares: int
) -> bool:
    """Take from the other side, at its best price or, sometimes, up to two ticks beyond."""
    best = state.best[instrument, 1 - side]
    if best < 0:
        return False
    beyond = draw(agents.random, 3) if draw(agents.random, 12) == 0 else 0
    if draw(agents.random, 100) < _WHOLE:  # exactly what rests there, as many takers do
        shares = min(engine.held_at(state, instrument, 1 - side, best), MOST_SHARES)
    tick = _inside(state, best + beyond if side == 0 else best - beyond)
    price = state.ladder[0] + tick * state.ladder[1]
    _order(command, _IMMEDIATE, _reference(agents, _TAKER), side, price, shares)
    return True


@bare
def _make(state: engine.State, agents: Agents, command: Any, instrument: int) -> bool:
    """A maker checks one of its quotes, and moves it if its price has changed enough."""
    maker, side = draw(agents.random, MAKERS), draw(agents.random, 2)
    bid, ask = _best(state, agents, instrument, 0), _best(state, agents, instrument, 1)
    half = 1 + maker // 2 + (agents.means[instrument, MOVE] >> (MEAN - 2))
    held = agents.held[instrument, maker]
    lean = held // _LEAN if held >= 0 else -(-held // _LEAN)
    middle = bid + ask - 2 * lean
    tick = (middle - half) >> 1 if side == 0 else (middle + half + 1) >> 1
    # at least a tick away from the other side
    tick = _inside(state, min(tick, ask - 1) if side == 0 else max(tick, bid + 1))
    quote = agents.quotes[instrument, maker, side]
    price = state.ladder[0] + tick * state.ladder[1]
    shares = 100 * (1 + draw(agents.random, 2))
    if quote == 0:
        quote = _reference(agents, 1 + maker)
        _order(command, _LIMIT, quote, side, price, shares)
    elif abs(agents.asked[instrument, maker, side] - tick) > maker // 3:
        _order(command, _REPLACE, quote, side, price, shares)
        quote = _reference(agents, 1 + maker)
        command["new_reference"] = quote
    else:
        return False
    agents.quotes[instrument, maker, side] = quote
    agents.asked[instrument, maker, side] = tick
    return True


@bare
def _act(state: engine.State, agents: Agents, command: Any, instrument: int, kind: int) -> bool:
    """The command of an agent that is called; False: it sends none."""
    random = agents.random
    if kind == NOISE_LIMIT:
        return _noise_limit(state, agents, command, instrument)
    if kind == NOISE_CANCEL:
        return _cancel(state, agents, command, instrument)
    if kind == MAKER:
        return _make(state, agents, command, instrument)
    if kind == NOISE_MARKET:
        return _market(state, agents, command, instrument, draw(random, 2), _lot(agents))
    if kind == MOMENTUM:
        trend = agents.means[instrument, FAST] - agents.means[instrument, SLOW]
        if abs(trend) < (10 << MEAN) + draw(random, 10 << MEAN):
            return False
        return _market(state, agents, command, instrument, 0 if trend > 0 else 1, _lot(agents))
    left = agents.parent[instrument]
    if left == 0:
        if draw(random, 3):
            return False
        left = 100 + draw(random, 300)
        while draw(random, 1000) < 380 and left < 10_000:
            left *= 2
        left = left if draw(random, 2) else -left
    shares = min(abs(left), _lot(agents))
    agents.parent[instrument] = left - shares if left > 0 else left + shares
    return _market(state, agents, command, instrument, 0 if left > 0 else 1, shares)


@bare
def _learn(state: engine.State, agents: Agents, events: Array, start: int, end: int) -> None:
    """Update holdings, quotes, weights and means after a command."""
    instrument = events[start]["instrument"]
    traded = False
    for row in range(start, end):
        event = events[row]
        if event["type"] != _E:
            continue
        traded = True
        maker = np.int64(event["reference"] & np.uint64(15)) - 1
        if 0 <= maker < MAKERS:
            side = event["side"]
            shares = np.int64(event["shares"])
            agents.held[instrument, maker] += shares if side == 0 else -shares
            if engine.find(state, event["reference"]) < 0:
                agents.quotes[instrument, maker, side] = 0
    if traded:
        arrivals.excite(agents, instrument)
    if state.best[instrument, 0] < 0 or state.best[instrument, 1] < 0:
        return
    means = agents.means[instrument]
    middle = (state.best[instrument, 0] + state.best[instrument, 1]) << MEAN
    means[FAST] += (middle - means[FAST]) >> 6
    means[SLOW] += (middle - means[SLOW]) >> 11
    means[MOVE] += (abs(middle - means[LAST]) - means[MOVE]) >> 8
    means[LAST] = middle


@bare
def seed_books(state: engine.State, agents: Agents, command: Any, events: Array) -> int:
    """Place orders on both sides of every centre, before trading begins."""
    count = 0
    for instrument in range(len(agents.centre)):
        agents.means[instrument, : LAST + 1] = agents.centre[instrument] << (MEAN + 1)
        for step in range(120):
            for side in range(2):
                away = 1 + step // 3
                tick = agents.centre[instrument] + (-away if side == 0 else away)
                reference = _reference(agents, _NOISE)
                price = state.ladder[0] + tick * state.ladder[1]
                _order(command, _LIMIT, reference, side, price, _lot(agents))
                command["timestamp"], command["instrument"] = agents.clock[TIME], instrument
                place = agents.counts[instrument]
                agents.noise[instrument, place] = reference
                agents.counts[instrument] = place + 1
                agents.clock[TIME] += 1 + draw(agents.random, 1_000_000)
                count = engine.apply(state, command, events, count)
    return count


@bare
def run(state: engine.State, agents: Agents, command: Any, events: Array, last: int) -> int:
    """Fill `events` while any command would find room; the number of events."""
    count = 0
    while count + 2_000 < len(events):
        instrument, kind = arrivals.call(agents)
        agents.clock[TIME] = min(agents.clock[TIME], last)
        if _act(state, agents, command, instrument, kind):
            command["timestamp"], command["instrument"] = agents.clock[TIME], instrument
            start = count
            count = engine.apply(state, command, events, count)
            if count > start:
                _learn(state, agents, events, start, count)
    return count
