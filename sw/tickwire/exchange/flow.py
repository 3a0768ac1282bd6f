"""A test day of order flow: every order of several instruments, from first to last message.

It has the directory, a crossed book before the open and before the close, auctions, adds with and
without attribution, replaces, partial cancels, executions at the order's price and at others,
deletes, far prices, bursts of deletes that empty levels, hidden trades, imbalances and halts.
Messages name live orders only, with positive prices and shares, except for `bad_in_a_million` of
them. The same seed gives the same bytes, whatever the size of the pieces.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hwtools.compiled import compiled
from tickwire.exchange.events import EVENT, to_messages
from tickwire.exchange.flow_kernel import run
from tickwire.exchange.flow_orders import State
from tickwire.wire import itch
from tickwire.wire.chunks import Chunks
from tickwire.wire.itch import LENGTHS, Messages
from tickwire.wire.mold import packetise

SYMBOLS = ("AAAA", "BBBB", "CCCC", "DDDD", "EEEE", "FFFF", "GGGG", "HHHH")
MOST_BYTES = 1400  # of a packet's blocks
_START = 25_200_000_000_000  # ns: seven in the morning
_HOLD = 600  # ns: a message that follows within this time goes into the same packet


class FlowError(ValueError):
    """An invalid day. The message is one line."""


@dataclass(frozen=True)
class DayConfig:
    """What kind of day; locate numbers are 1, 2, 3 ... in the order of the symbols."""

    seed: int
    events: int
    symbols: tuple[str, ...] = SYMBOLS
    resting: int = 600  # orders of an instrument, about
    bad_in_a_million: int = 0

    def __post_init__(self) -> None:
        if not 1 <= len(self.symbols) <= 200 or len(set(self.symbols)) < len(self.symbols):
            raise FlowError("a day has 1 to 200 instruments, each once")
        if any(not 1 <= len(symbol.encode("ascii", "replace")) <= 8 for symbol in self.symbols):
            raise FlowError("a symbol has 1 to 8 characters")
        if self.events < 2 * len(self.symbols) + 3:
            raise FlowError(f"{self.events} events are too few for the day's directory")
        if self.resting < 20 or not 0 <= self.bad_in_a_million <= 1_000_000:
            raise FlowError("resting is at least 20, bad_in_a_million at most 1,000,000")


class Day:
    """The messages of one day, in pieces of any size."""

    def __init__(self, config: DayConfig) -> None:
        self.config = config
        self.left = config.events
        self._state = _state(config)

    @property
    def locates(self) -> dict[int, int]:
        """The slot of each instrument's locate number."""
        return {slot + 1: slot for slot in range(len(self.config.symbols))}

    def messages(self, most: int | None = None) -> Messages:
        """The next messages, at most `most`; none when the day is over."""
        count = self.left if most is None else min(most, self.left)
        events = np.zeros(count, EVENT)
        run(self._state, events)
        self.left -= count
        return to_messages(events, self.config.symbols)


def _state(config: DayConfig) -> State:
    count = len(config.symbols)
    generator = np.random.default_rng(config.seed)
    # every third is below a dollar, where a tick is a hundredth of a cent
    cheap = np.arange(count) % 3 == 2
    tick = np.where(cheap, 1, 100)
    middle = np.where(
        cheap, generator.integers(2_000, 9_000, count), 100 * generator.integers(500, 60_000, count)
    )
    places = (count, 2 * config.resting + 64)
    return State(
        random=generator.integers(0, 2**63, 1, np.uint64),
        event=np.zeros(1, np.int64),
        total=np.full(1, config.events),
        phase=np.zeros(2, np.int64),
        burst=np.zeros(5, np.int64),
        numbers=np.array([1, 1, _START]),
        live=np.zeros(count, np.int64),
        middle=middle.astype(np.int64),
        tick=tick.astype(np.int64),
        halted=np.zeros(count, np.int64),
        reference=np.zeros(places, np.int64),
        side=np.zeros(places, np.int64),
        price=np.zeros(places, np.int64),
        shares=np.zeros(places, np.int64),
        rates=np.array([config.resting, config.bad_in_a_million]),
    )


def packets(messages: Messages, *, session: bytes = b"TICKWIRE", first: int = 1) -> Chunks:
    """MoldUDP64 packets. Messages close together in time share one, up to MOST_BYTES."""
    times = messages.column("timestamp", np.uint64).astype(np.int64)
    counts = _counts(times, LENGTHS[messages.types] + 2, _HOLD, MOST_BYTES)
    return packetise(itch.encode(messages), counts, session=session, sequence_number=first)


@compiled
def _counts(
    times: npt.NDArray[np.int64], sizes: npt.NDArray[np.int64], hold: int, most: int
) -> npt.NDArray[np.int64]:
    counts = np.zeros(len(times), np.int64)
    packet, size = -1, 0
    for row in range(len(times)):
        late = row == 0 or times[row] - times[row - 1] > hold
        if late or size + sizes[row] > most:
            packet, size = packet + 1, 0
        counts[packet] += 1
        size += sizes[row]
    return counts[: packet + 1]
