"""A day at the synthetic exchange: agents, a matching engine, and what it says as ITCH 5.0.

From a seed, the same bytes however the day is cut. It is the data that needs no download.
What of a real market it has and hasn't: `python -m tickwire.data.facts`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from tickwire.exchange import agents, engine
from tickwire.exchange.draws import DECAY, EXPONENTIAL
from tickwire.wire import itch
from tickwire.wire.itch import Messages

_OPEN, _CLOSE = 34_200_000_000_000, 57_600_000_000_000  # ns: half past nine, four
_LAST = 86_399_999_000_000
_BATCH = 1 << 16
# Of each quarter of an hour, in 1/256 of the mean: busy at the open, less so at the close.
_SHAPE = np.array([520, 400, 340, 300, 270, 250, 240, 225, 210, 200, 195, 190, 185,
                   185, 185, 190, 195, 200, 210, 220, 230, 245, 265, 290, 330, 400])  # fmt: skip
_QUIET = 2  # of so many mean times, one passes between two agents' calls when nothing excites


class MarketError(ValueError):
    """A day that can't be made. The message is one line."""


@dataclass(frozen=True)
class MarketConfig:
    """A day of `events` ITCH messages; locate numbers are 1, 2, 3 … in the order of the symbols."""

    seed: int
    events: int
    symbols: tuple[str, ...] = ("AAAA",)
    price: int = 1_000_000  # of the first instrument, 1/10,000 dollar; each next is a fifth higher
    engine_orders: int = 1 << 15

    def __post_init__(self) -> None:
        if not 1 <= len(self.symbols) <= 8 or len(set(self.symbols)) < len(self.symbols):
            raise MarketError("a day has 1 to 8 instruments, each once")
        if any(not 1 <= len(symbol.encode("ascii", "replace")) <= 8 for symbol in self.symbols):
            raise MarketError("a symbol has 1 to 8 characters")
        if self.events < 400 * len(self.symbols):
            raise MarketError(f"{self.events} events don't hold the day's opening")
        if not 400_000 <= self.price <= 1_200_000 or self.price % 100:
            raise MarketError("a price is 40 to 120 dollars, in whole cents")


class Market:
    """The messages of one day, in as many pieces as wanted."""

    def __init__(self, config: MarketConfig) -> None:
        self.config = config
        self.left = config.events
        count = len(config.symbols)
        self._state = engine.empty(
            engine.EngineConfig(instruments=count, ticks=1 << 15, orders=config.engine_orders)
        )
        self._agents = _agents(config)
        self._command = np.zeros(1, engine.COMMAND)
        self._made = [_prelude(config)]
        self._waiting = len(self._made[0])
        self._opened = False

    @property
    def locates(self) -> dict[int, int]:
        """The slot of each instrument's locate number."""
        return {slot + 1: slot for slot in range(len(self.config.symbols))}

    def messages(self, most: int | None = None) -> Messages:
        """The next messages, `most` at most; none when the day is over."""
        count = self.left if most is None else min(most, self.left)
        while self._waiting < count:
            self._made.append(self._batch())
            self._waiting += len(self._made[-1])
        events = np.concatenate(self._made) if len(self._made) > 1 else self._made[0]
        self._made, self._waiting = [events[count:]], len(events) - count
        taken = events[:count]
        self.left -= count
        if count and not self.left:  # the day's last message
            taken[-1]["type"], taken[-1]["reason"] = ord("S"), ord("C")
        return messages(taken, self.config.symbols)

    def advance(self, count: int) -> int:
        """Make at least so many events and keep them; how many were made: what a bench times."""
        made = 0
        while made < count:
            self._made.append(self._batch())
            made += len(self._made[-1])
        self._waiting += made
        return made

    def _batch(self) -> Records:
        events = np.zeros(_BATCH, engine.EVENT)
        command = self._command[0]
        if self._opened:
            count = agents.run(self._state, self._agents, command, events, _LAST)
        else:
            count = agents.seed_books(self._state, self._agents, command, events)
            self._opened = True
        return events[:count]


def _agents(config: MarketConfig) -> agents.Agents:
    count = len(config.symbols)
    generator = np.random.default_rng(config.seed)
    weight = int(agents.BASE.sum()) * count
    mean = max(1, _QUIET * (_CLOSE - _OPEN) // config.events)
    centre = [config.price * (5 + place) // 500 for place in range(count)]
    return agents.Agents(
        random=generator.integers(0, 2**63, 1, np.uint64),
        clock=np.array([_OPEN - 200_000_000, 0, mean, weight, _OPEN, weight // count]),
        excited=np.zeros((count, 2), np.int64),
        decayed=np.full(2, _OPEN, np.int64),
        noise=np.zeros((count, agents.NOISE), np.int64),
        counts=np.zeros(count, np.int64),
        quotes=np.zeros((count, agents.MAKERS, 2), np.int64),
        asked=np.zeros((count, agents.MAKERS, 2), np.int64),
        held=np.zeros((count, agents.MAKERS), np.int64),
        means=np.zeros((count, 4), np.int64),
        parent=np.zeros(count, np.int64),
        centre=np.array(centre, np.int64),
        shape=_SHAPE.astype(np.int64),
        exponential=EXPONENTIAL,
        decay=DECAY,
        base=agents.BASE.astype(np.int64),
        excite=agents.EXCITE.astype(np.int64),
        shares=agents.SHARES.astype(np.int64),
        scales=agents.SCALES.astype(np.int64),
    )


def _prelude(config: MarketConfig) -> Records:
    """Start of messages, the directory, every instrument trading, start of market hours."""
    count = len(config.symbols)
    events = np.zeros(3 + 2 * count, engine.EVENT)
    events["timestamp"] = _OPEN - 400_000_000 + np.arange(len(events))
    events["instrument"][1 : 1 + count] = np.arange(count)
    events["instrument"][1 + count : 1 + 2 * count] = np.arange(count)
    events["type"] = [ord(letter) for letter in "S" + "R" * count + "H" * count + "SS"]
    events["reason"][[0, -2, -1]] = [ord(letter) for letter in "OSQ"]
    return events


_FIELDS = {
    "timestamp": "timestamp",
    "order_reference_number": "reference",
    "original_order_reference_number": "reference",
    "new_order_reference_number": "other",
    "shares": "shares",
    "executed_shares": "shares",
    "cancelled_shares": "shares",
    "price": "price",
    "match_number": "match",
}
_ALWAYS: dict[str, dict[str, int | bytes]] = {
    "R": {"market_category": b"Q", "financial_status_indicator": b"N", "round_lot_size": 100,
          "round_lots_only": b"N", "issue_classification": b"C", "issue_sub_type": b"Z ",
          "authenticity": b"T", "short_sale_threshold_indicator": b"N", "ipo_flag": b"N",
          "luld_reference_price_tier": b"1", "etp_flag": b"N", "inverse_indicator": b"N"},
    "H": {"trading_state": b"T", "reserved": b" ", "reason": b"    "},
}  # fmt: skip


def messages(events: Records, symbols: tuple[str, ...]) -> Messages:
    """What the engine did as ITCH; refusals are between the engine and who asked."""
    types = events["type"].copy()  # side by side, for the many comparisons
    told = events
    if not types.all():  # 0: refused
        told = events[types != engine.REFUSED]
        types = told["type"].copy()
    names = np.array([symbol.ljust(8).encode() for symbol in symbols], "S8")
    arrays: dict[str, npt.NDArray[np.void]] = {}
    for code in np.flatnonzero(np.bincount(types, minlength=256)).tolist():
        kind, rows = chr(code), told[np.flatnonzero(types == code)]
        arrays[kind] = made = itch.empty(kind, len(rows))
        fields = made.dtype.names or ()
        for name, source in _FIELDS.items():
            if name in fields:
                made[name] = rows[source]
        for name, value in _ALWAYS.get(kind, {}).items():
            made[name] = value
        if kind == "A":
            made["buy_sell_indicator"] = np.where(rows["side"] == 0, b"B", b"S")
        if kind == "S":
            made["event_code"] = rows["reason"].copy().view("S1")
        else:
            made["stock_locate"] = rows["instrument"].astype(np.uint16) + 1
        if "stock" in fields:
            made["stock"] = names[rows["instrument"]]
    return Messages.of(types, arrays)
