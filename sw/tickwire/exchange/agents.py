"""The agents that send orders to the matching engine, compiled. All in integers.

    noise      limit orders near the best price, now and then far; market orders; cancels
    makers     each keeps a bid and an ask around the middle, wider when prices move, and leans
               against what it holds
    momentum   buys when a fast mean of the middle is above a slow one by enough, and sells
    splitters  one large order at a time, cut into small market orders: its size is heavy-tailed

When they come is Hawkes-like: each trade raises the rates of all for a while, on a fast and on a
slow scale, and a table over the day makes open and close busier. Times are drawn by thinning.
An order's reference tells who sent it: its low four bits.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from hwtools.compiled import bare
from tickwire.exchange import engine
from tickwire.exchange.draws import draw, wait

Array = npt.NDArray[Any]

MAKERS = 6
_WHOLE = 30  # in a hundred market orders, those that take the whole best level
NOISE = 4096  # noise orders that are remembered, of an instrument
_LIMIT, _MARKET, _CANCEL, _MAKER, _MOMENTUM, _SPLITTER = range(6)
TYPES = 6
#                    limit market cancel maker momentum splitter
BASE = np.array([340, 50, 0, 300, 6, 8])
_PER_ORDER = 1  # a noise order's weight to be cancelled
# How many calls a trade causes on average, in 1/256, on a fast and a slow scale; of which types.
EXCITE = np.array([400, 700])
SHARES = np.array([[82, 19, 72, 78, 2, 3], [82, 19, 72, 78, 2, 3]])  # each sums up to 256
SCALES = np.array([6, 600])  # in mean times between calls
_FINE = 16  # bits of an excited weight after the point
_MEAN = 16  # of means of the middle
_PART = 900_000_000_000  # ns: the day's parts are quarters of an hour
_LEAN = 2000  # shares held that move a maker's quotes by a tick


class Agents(NamedTuple):
    """Everything between two commands."""

    random: Array  # [0]
    clock: Array  # [time, last reference, mean time between calls, weight of all, opening, of one]
    excited: Array  # [instrument, scale]: weight
    decayed: Array  # [scale]: up to when
    noise: Array  # [instrument, place]: references
    counts: Array  # [instrument]: noise orders
    quotes: Array  # [instrument, maker, side]: reference, 0 none
    asked: Array  # [instrument, maker, side]: tick of that order
    held: Array  # [instrument, maker]: shares
    means: Array  # [instrument, fast, slow and last middle, mean move]
    parent: Array  # [instrument]: shares left, less than 0 to sell
    centre: Array  # [instrument]: tick to begin at
    shape: Array  # weight of each part of the day, 256: as the mean
    exponential: Array
    decay: Array
    base: Array
    excite: Array
    shares: Array
    scales: Array


@bare
def _reference(agents: Agents, owner: int) -> int:
    agents.clock[1] += 1
    return int((agents.clock[1] << 4) | owner)


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
    """The best tick of a side, or one beside the last middle."""
    best = state.best[instrument, side]
    if best >= 0:
        return int(best)
    middle = agents.means[instrument, 2] >> (_MEAN + 1)
    return int(middle - 2 if side == 0 else middle + 2)


@bare
def _inside(state: engine.State, tick: int) -> int:
    return int(min(max(tick, 1), state.ladder[2] - 2))


@bare
def _noise_limit(state: engine.State, agents: Agents, command: Any, instrument: int) -> bool:
    count = agents.counts[instrument]
    if count >= NOISE:
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
    reference = _reference(agents, 0)
    price = state.ladder[0] + tick * state.ladder[1]
    _order(command, 1, reference, side, price, _lot(agents))
    agents.noise[instrument, count] = reference
    agents.counts[instrument] = count + 1
    return True


@bare
def _cancel(state: engine.State, agents: Agents, command: Any, instrument: int) -> bool:
    """A noise order goes, or shrinks; those that traded are forgotten on the way."""
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
            _order(command, 3 if part else 4, reference, 0, 0, less)
            return True
    return False


@bare
def _market(
    state: engine.State, agents: Agents, command: Any, instrument: int, side: int, shares: int
) -> bool:
    """Take from the other side, at its best price and at times a tick or two beyond."""
    best = state.best[instrument, 1 - side]
    if best < 0:
        return False
    beyond = draw(agents.random, 3) if draw(agents.random, 12) == 0 else 0
    if draw(agents.random, 100) < _WHOLE:  # just what stands there, as many takers do
        shares = min(engine.held_at(state, instrument, 1 - side, best), engine.MOST_SHARES)
    tick = _inside(state, best + beyond if side == 0 else best - beyond)
    price = state.ladder[0] + tick * state.ladder[1]
    _order(command, 2, _reference(agents, 15), side, price, shares)
    return True


@bare
def _make(state: engine.State, agents: Agents, command: Any, instrument: int) -> bool:
    """One maker looks at one of its quotes, and moves it where it should stand."""
    maker, side = draw(agents.random, MAKERS), draw(agents.random, 2)
    bid, ask = _best(state, agents, instrument, 0), _best(state, agents, instrument, 1)
    half = 1 + maker // 2 + (agents.means[instrument, 3] >> (_MEAN - 2))
    held = agents.held[instrument, maker]
    lean = held // _LEAN if held >= 0 else -(-held // _LEAN)
    middle = bid + ask - 2 * lean
    tick = (middle - half) >> 1 if side == 0 else (middle + half + 1) >> 1
    # never across: a tick short of the other side
    tick = _inside(state, min(tick, ask - 1) if side == 0 else max(tick, bid + 1))
    quote = agents.quotes[instrument, maker, side]
    price = state.ladder[0] + tick * state.ladder[1]
    shares = 100 * (1 + draw(agents.random, 2))
    if quote == 0:
        quote = _reference(agents, 1 + maker)
        _order(command, 1, quote, side, price, shares)
    elif abs(agents.asked[instrument, maker, side] - tick) > maker // 3:
        _order(command, 5, quote, side, price, shares)
        quote = _reference(agents, 1 + maker)
        command["new_reference"] = quote
    else:
        return False
    agents.quotes[instrument, maker, side] = quote
    agents.asked[instrument, maker, side] = tick
    return True


@bare
def _act(state: engine.State, agents: Agents, command: Any, instrument: int, kind: int) -> bool:
    """What an agent that is called does; False: nothing."""
    random = agents.random
    if kind == _LIMIT:
        return _noise_limit(state, agents, command, instrument)
    if kind == _CANCEL:
        return _cancel(state, agents, command, instrument)
    if kind == _MAKER:
        return _make(state, agents, command, instrument)
    if kind == _MARKET:
        return _market(state, agents, command, instrument, draw(random, 2), _lot(agents))
    if kind == _MOMENTUM:
        trend = agents.means[instrument, 0] - agents.means[instrument, 1]
        if abs(trend) < (10 << _MEAN) + draw(random, 10 << _MEAN):
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
    """After a command: who traded, what that excites, and where the middle is."""
    instrument = events[start]["instrument"]
    traded = False
    for row in range(start, end):
        event = events[row]
        if event["type"] != 69:
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
        for scale in range(2):
            more = (agents.clock[3] * agents.excite[scale]) << (_FINE - 8)
            agents.excited[instrument, scale] += more // agents.scales[scale]
    if state.best[instrument, 0] < 0 or state.best[instrument, 1] < 0:
        return
    means = agents.means[instrument]
    middle = (state.best[instrument, 0] + state.best[instrument, 1]) << _MEAN
    means[0] += (middle - means[0]) >> 6
    means[1] += (middle - means[1]) >> 11
    means[3] += (abs(middle - means[2]) - means[3]) >> 8
    means[2] = middle


@bare
def _weight(agents: Agents, instrument: int) -> int:
    excited = agents.excited[instrument]
    calm = agents.clock[5] + agents.counts[instrument] * _PER_ORDER
    return int(calm + ((excited[0] + excited[1]) >> _FINE))


@bare
def _decay(agents: Agents) -> None:
    """In steps of a 64th of the scale, so that nothing is lost to rounding."""
    for scale in range(2):
        step = (agents.clock[2] * agents.scales[scale] >> 6) + 1
        steps = (agents.clock[0] - agents.decayed[scale]) // step
        if steps > 0:
            agents.decayed[scale] += steps * step
            left = agents.decay[steps] if steps < len(agents.decay) else 0
            for instrument in range(len(agents.excited)):
                excited = agents.excited[instrument, scale]
                agents.excited[instrument, scale] = (excited * left) >> 16


@bare
def _call(agents: Agents, instruments: int) -> tuple[int, int]:
    """Let time pass until an agent is called: of which instrument, and of what type."""
    random, clock = agents.random, agents.clock
    while True:
        total = 0
        for instrument in range(instruments):
            total += _weight(agents, instrument)
        part = min(max((clock[0] - clock[4]) // _PART, 0), len(agents.shape) - 1)
        mean = clock[2] * clock[3] // total * 256 // agents.shape[part]
        passed = wait(random, mean, agents.exponential)
        clock[0] += passed
        at = draw(random, total)
        _decay(agents)
        chosen = -1
        for instrument in range(instruments):
            if chosen < 0:
                weight = _weight(agents, instrument)
                if at < weight:
                    chosen = instrument
                else:
                    at -= weight
        if chosen >= 0:  # else it fell on what has decayed meanwhile: nobody comes
            return chosen, _type(agents, chosen, at)


@bare
def _type(agents: Agents, instrument: int, at: int) -> int:
    """Which type a place within the instrument's weight belongs to."""
    for kind in range(TYPES):
        weight = agents.base[kind]
        if kind == _CANCEL:
            weight += agents.counts[instrument] * _PER_ORDER
        if at < weight:
            return kind
        at -= weight
    scale = 0 if at < agents.excited[instrument, 0] >> _FINE else 1
    at = draw(agents.random, 256)
    for kind in range(TYPES):
        if at < agents.shares[scale, kind]:
            return kind
        at -= agents.shares[scale, kind]
    return _LIMIT


@bare
def seed_books(state: engine.State, agents: Agents, command: Any, events: Array) -> int:
    """Orders on both sides of every centre, before trading begins."""
    count = 0
    for instrument in range(len(agents.centre)):
        agents.means[instrument, :3] = agents.centre[instrument] << (_MEAN + 1)
        for step in range(120):
            for side in range(2):
                away = 1 + step // 3
                tick = agents.centre[instrument] + (-away if side == 0 else away)
                reference = _reference(agents, 0)
                price = state.ladder[0] + tick * state.ladder[1]
                _order(command, 1, reference, side, price, _lot(agents))
                command["timestamp"], command["instrument"] = agents.clock[0], instrument
                place = agents.counts[instrument]
                agents.noise[instrument, place] = reference
                agents.counts[instrument] = place + 1
                agents.clock[0] += 1 + draw(agents.random, 1_000_000)
                count = engine.apply(state, command, events, count)
    return count


@bare
def run(state: engine.State, agents: Agents, command: Any, events: Array, last: int) -> int:
    """Fill `events` as long as a command surely finds room; how many there are then."""
    count = 0
    while count + 2_000 < len(events):
        instrument, kind = _call(agents, len(agents.centre))
        agents.clock[0] = min(agents.clock[0], last)
        if _act(state, agents, command, instrument, kind):
            command["timestamp"], command["instrument"] = agents.clock[0], instrument
            start = count
            count = engine.apply(state, command, events, count)
            if count > start:
                _learn(state, agents, events, start, count)
    return count
