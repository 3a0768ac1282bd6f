"""A day of order flow, every order of it: several instruments, from the first message to the last.

Directory, a crossed book before the open and before the close, auctions, adds with and without
their owner, replaces, partial cancels, executions at the order's price and at others, deletes, far
prices, bursts of deletes that empty levels, hidden trades, imbalances, halts. Only live orders are
named, and prices and shares are positive; `bad_in_a_million` makes so many events that aren't so.
The same seed makes the same bytes, however the day is cut.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from hwtools.compiled import compiled
from tickwire.exchange.flow_kernel import EVENT, State, run
from tickwire.wire import itch
from tickwire.wire.chunks import Chunks
from tickwire.wire.itch import LENGTHS, Messages
from tickwire.wire.mold import packetise

SYMBOLS = ("AAAA", "BBBB", "CCCC", "DDDD", "EEEE", "FFFF", "GGGG", "HHHH")
MOST_BYTES = 1400  # of a packet's blocks
_START = 25_200_000_000_000  # ns: seven in the morning
_HOLD = 600  # ns: a message that follows so soon goes into the same packet


class FlowError(ValueError):
    """A day that can't be made. The message is one line."""


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
            raise FlowError(f"{self.events} events don't hold the day's directory")
        if self.resting < 20 or not 0 <= self.bad_in_a_million <= 1_000_000:
            raise FlowError("resting is at least 20, bad_in_a_million at most 1,000,000")


class Day:
    """The events of one day, in as many pieces as wanted."""

    def __init__(self, config: DayConfig) -> None:
        self.config = config
        self.left = config.events
        self._state = _state(config)

    @property
    def locates(self) -> dict[int, int]:
        """The slot of each instrument's locate number."""
        return {slot + 1: slot for slot in range(len(self.config.symbols))}

    def messages(self, most: int | None = None) -> Messages:
        """The next messages, `most` at most; none when the day is over."""
        count = self.left if most is None else min(most, self.left)
        events = np.zeros(count, EVENT)
        run(self._state, events)
        self.left -= count
        return _messages(events, self.config.symbols)


def _state(config: DayConfig) -> State:
    count = len(config.symbols)
    generator = np.random.default_rng(config.seed)
    # Every third below a dollar, where a tick is a hundredth of a cent
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


# Where an event's numbers stand in a message: field of the message, field of the event.
_FIELDS = {
    "timestamp": "timestamp",
    "order_reference_number": "reference",
    "original_order_reference_number": "reference",
    "new_order_reference_number": "new_reference",
    "shares": "shares",
    "executed_shares": "shares",
    "cancelled_shares": "shares",
    "paired_shares": "shares",
    "price": "price",
    "execution_price": "price",
    "cross_price": "price",
    "current_reference_price": "price",
    "match_number": "match",
}
_CODES = {
    "S": "event_code",
    "H": "trading_state",
    "C": "printable",
    "Q": "cross_type",
    "I": "imbalance_direction",
}
_ALWAYS: dict[str, dict[str, int | bytes]] = {
    "R": {"market_category": b"Q", "financial_status_indicator": b"N", "round_lot_size": 100,
          "round_lots_only": b"N", "issue_classification": b"C", "issue_sub_type": b"Z ",
          "authenticity": b"T", "short_sale_threshold_indicator": b"N", "ipo_flag": b"N",
          "luld_reference_price_tier": b"1", "etp_flag": b"N", "inverse_indicator": b"N"},
    "H": {"reserved": b" ", "reason": b"    "},
    "F": {"attribution": b"TICK"},
    "I": {"cross_type": b"O", "price_variation_indicator": b" "},
}  # fmt: skip


def _messages(events: Records, symbols: tuple[str, ...]) -> Messages:
    names = np.array([symbol.ljust(8).encode() for symbol in symbols], "S8")
    arrays: dict[str, Records] = {}
    for code in np.unique(events["type"]).tolist():
        kind, rows = chr(code), events[events["type"] == code]
        arrays[kind] = made = itch.empty(kind, len(rows))
        fields = made.dtype.names or ()
        for field, source in _FIELDS.items():
            if field in fields:
                made[field] = rows[source]
        for field, value in _ALWAYS.get(kind, {}).items():
            made[field] = value
        if "buy_sell_indicator" in fields:
            made["buy_sell_indicator"] = np.where(rows["side"] == 0, b"B", b"S")
        if kind in _CODES:
            made[_CODES[kind]] = rows["code"].copy().view("S1")
        if kind == "P":
            made["order_reference_number"], made["buy_sell_indicator"] = 0, b"B"
        if kind != "S":
            made["stock_locate"] = rows["instrument"].astype(np.uint16) + 1
        if "stock" in fields:
            made["stock"] = names[rows["instrument"]]
    return Messages.of(events["type"].copy(), arrays)


def packets(messages: Messages, *, session: bytes = b"TICKWIRE", first: int = 1) -> Chunks:
    """MoldUDP64 packets: what comes close together goes together, as far as a packet holds it."""
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
