"""When agents are called: a Hawkes-like process, compiled. All in integers.

Each trade raises the rates of all types for a while, on a fast and on a slow scale, and a table
over the day makes open and close busier. Times are drawn by thinning.
"""

from __future__ import annotations

from hwtools.compiled import bare
from tickwire.exchange.agent_state import (
    BASE_WEIGHT,
    FINE,
    INSTRUMENT_WEIGHT,
    MEAN_TIME,
    NOISE_CANCEL,
    NOISE_LIMIT,
    OPENING,
    TIME,
    Agents,
)
from tickwire.exchange.draws import UNIT, draw, wait

_PART = 900_000_000_000  # ns: the day's parts are quarters of an hour


@bare
def excite(agents: Agents, instrument: int) -> None:
    """A trade raises the instrument's weights."""
    for scale in range(2):
        more = (agents.clock[BASE_WEIGHT] * agents.excite[scale]) << (FINE - 8)
        agents.excited[instrument, scale] += more // agents.scales[scale]


@bare
def _weight(agents: Agents, instrument: int) -> int:
    excited = agents.excited[instrument]
    calm = agents.clock[INSTRUMENT_WEIGHT] + agents.counts[instrument]
    return int(calm + ((excited[0] + excited[1]) >> FINE))


@bare
def _decay(agents: Agents) -> None:
    """In steps of a 64th of the scale, so that nothing is lost to rounding."""
    for scale in range(2):
        step = (agents.clock[MEAN_TIME] * agents.scales[scale] >> 6) + 1
        steps = (agents.clock[TIME] - agents.decayed[scale]) // step
        if steps > 0:
            agents.decayed[scale] += steps * step
            left = agents.decay[steps] if steps < len(agents.decay) else 0
            for instrument in range(len(agents.excited)):
                excited = agents.excited[instrument, scale]
                agents.excited[instrument, scale] = (excited * left) >> UNIT


@bare
def call(agents: Agents) -> tuple[int, int]:
    """Let time pass until an agent is called; its instrument and its type."""
    random, clock, instruments = agents.random, agents.clock, len(agents.centre)
    while True:
        total = 0
        for instrument in range(instruments):
            total += _weight(agents, instrument)
        part = min(max((clock[TIME] - clock[OPENING]) // _PART, 0), len(agents.shape) - 1)
        mean = clock[MEAN_TIME] * clock[BASE_WEIGHT] // total * 256 // agents.shape[part]
        clock[TIME] += wait(random, mean, agents.exponential)
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
        if chosen >= 0:  # else it fell on weight that has decayed meanwhile: no call
            return chosen, _type(agents, chosen, at)


@bare
def _type(agents: Agents, instrument: int, at: int) -> int:
    """The type that a place within the instrument's weight belongs to."""
    for kind in range(len(agents.base)):
        weight = agents.base[kind]
        if kind == NOISE_CANCEL:
            weight += agents.counts[instrument]
        if at < weight:
            return kind
        at -= weight
    scale = 0 if at < agents.excited[instrument, 0] >> FINE else 1
    at = draw(agents.random, 256)
    for kind in range(len(agents.base)):
        if at < agents.excited_types[scale, kind]:
            return kind
        at -= agents.excited_types[scale, kind]
    return NOISE_LIMIT
