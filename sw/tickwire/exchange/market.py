"""A day at the synthetic exchange: agents and a matching engine, whose events become ITCH 5.0.

It is market data that needs no download. The same seed gives the same bytes, whatever the size of
the pieces. `python -m tickwire.data.facts` shows which facts of real markets it has.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hwtools.bits import Records
from tickwire.exchange import agent_state, agents, engine_kernel
from tickwire.exchange.draws import DECAY, EXPONENTIAL
from tickwire.exchange.engine_types import COMMAND, EngineConfig
from tickwire.exchange.events import EVENT, to_messages
from tickwire.wire.itch import Messages

_OPEN, _CLOSE = 34_200_000_000_000, 57_600_000_000_000  # ns: half past nine, four
_LAST = 86_399_999_000_000
_BATCH = 1 << 16
# The activity of each quarter of an hour, in 1/256 of the mean.
_SHAPE = np.array([520, 400, 340, 300, 270, 250, 240, 225, 210, 200, 195, 190, 185,
                   185, 185, 190, 195, 200, 210, 220, 230, 245, 265, 290, 330, 400])  # fmt: skip
_CALM = 2  # the time between two calls while nothing is excited, in mean times


class MarketError(ValueError):
    """An invalid day. The message is one line."""


@dataclass(frozen=True)
class MarketConfig:
    """A day of `events` ITCH messages; locate numbers are 1, 2, 3 … in the order of the symbols."""

    seed: int
    events: int
    symbols: tuple[str, ...] = ("AAAA",)
    # of the first instrument in 1/10,000 dollar; each next one's is higher by a fifth of it
    price: int = 1_000_000
    engine_orders: int = 1 << 15

    def __post_init__(self) -> None:
        if not 1 <= len(self.symbols) <= 8 or len(set(self.symbols)) < len(self.symbols):
            raise MarketError("a day has 1 to 8 instruments, each once")
        if any(not 1 <= len(symbol.encode("ascii", "replace")) <= 8 for symbol in self.symbols):
            raise MarketError("a symbol has 1 to 8 characters")
        if self.events < 400 * len(self.symbols):
            raise MarketError(f"{self.events} events are too few for the day's opening")
        if not 400_000 <= self.price <= 1_200_000 or self.price % 100:
            raise MarketError("a price is 40 to 120 dollars, in whole cents")


class Market:
    """The messages of one day, in pieces of any size."""

    def __init__(self, config: MarketConfig) -> None:
        self.config = config
        self.left = config.events
        count = len(config.symbols)
        size = EngineConfig(instruments=count, ticks=1 << 15, orders=config.engine_orders)
        self._state = engine_kernel.empty(size)
        self._agents = _agents(config)
        self._command = np.zeros(1, COMMAND)
        self._events = [_prelude(config)]  # generated and not taken yet
        self._waiting = len(self._events[0])
        self._opened = False

    @property
    def locates(self) -> dict[int, int]:
        """The slot of each instrument's locate number."""
        return {slot + 1: slot for slot in range(len(self.config.symbols))}

    def messages(self, most: int | None = None) -> Messages:
        """The next messages, at most `most`; none when the day is over."""
        count = self.left if most is None else min(most, self.left)
        while self._waiting < count:
            self._events.append(self._batch())
            self._waiting += len(self._events[-1])
        events = np.concatenate(self._events) if len(self._events) > 1 else self._events[0]
        self._events, self._waiting = [events[count:]], len(events) - count
        taken = events[:count]
        self.left -= count
        if count and not self.left:  # the day's last message
            taken[-1]["type"], taken[-1]["code"] = ord("S"), ord("C")
        return to_messages(taken, self.config.symbols)

    def advance(self, count: int) -> int:
        """Generate at least `count` events and keep them; their number. For measurements."""
        new = 0
        while new < count:
            self._events.append(self._batch())
            new += len(self._events[-1])
        self._waiting += new
        return new

    def _batch(self) -> Records:
        events = np.zeros(_BATCH, EVENT)
        command = self._command[0]
        if self._opened:
            count = agents.run(self._state, self._agents, command, events, _LAST)
        else:
            count = agents.seed_books(self._state, self._agents, command, events)
            self._opened = True
        return events[:count]


def _agents(config: MarketConfig) -> agent_state.Agents:
    count = len(config.symbols)
    generator = np.random.default_rng(config.seed)
    weight = int(agent_state.BASE.sum()) * count
    mean = max(1, _CALM * (_CLOSE - _OPEN) // config.events)
    centre = [config.price * (5 + place) // 500 for place in range(count)]
    return agent_state.Agents(
        random=generator.integers(0, 2**63, 1, np.uint64),
        clock=np.array([_OPEN - 200_000_000, 0, mean, weight, _OPEN, weight // count]),
        excited=np.zeros((count, 2), np.int64),
        decayed=np.full(2, _OPEN, np.int64),
        noise=np.zeros((count, agent_state.NOISE_ORDERS), np.int64),
        counts=np.zeros(count, np.int64),
        quotes=np.zeros((count, agent_state.MAKERS, 2), np.int64),
        asked=np.zeros((count, agent_state.MAKERS, 2), np.int64),
        held=np.zeros((count, agent_state.MAKERS), np.int64),
        means=np.zeros((count, 4), np.int64),
        parent=np.zeros(count, np.int64),
        centre=np.array(centre, np.int64),
        shape=_SHAPE.astype(np.int64),
        exponential=EXPONENTIAL,
        decay=DECAY,
        base=agent_state.BASE.astype(np.int64),
        excite=agent_state.EXCITE.astype(np.int64),
        excited_types=agent_state.EXCITED_TYPES.astype(np.int64),
        scales=agent_state.SCALES.astype(np.int64),
    )


def _prelude(config: MarketConfig) -> Records:
    """Start of messages, the directory, every instrument trading, start of market hours."""
    count = len(config.symbols)
    events = np.zeros(3 + 2 * count, EVENT)
    events["timestamp"] = _OPEN - 400_000_000 + np.arange(len(events))
    events["instrument"][1 : 1 + count] = np.arange(count)
    events["instrument"][1 + count : 1 + 2 * count] = np.arange(count)
    events["type"] = [ord(letter) for letter in "S" + "R" * count + "H" * count + "SS"]
    events["code"] = [ord(letter) for letter in "O" + "\0" * count + "T" * count + "SQ"]
    return events
