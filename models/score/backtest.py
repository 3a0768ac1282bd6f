"""Backtest: a model's forecasts become orders on a day of events, and their profit in integers.

Money is price times shares in the file's units (1/10,000 dollar for stocks); prices, positions and
cash are 64-bit integers. A decision is made at each sample from the forecasts alone, so that
latency changes the fills and never a decision:

- A class up (down) with a chance of at least the threshold, above that of down (up), is a signal.
  A signal sets the target position to `size` shares long (short), or renews it. A target that isn't
  renewed for `hold` samples becomes 0, and so does every target at the last 20 samples.
- Orders move the position to the target, one at a time: while a message is under way or an order
  rests, no new order is sent. A message sent at a sample acts on the book after all events that are
  stamped before the sample's time plus the latency, and in any case after the sample's row.

`models/score/fills.py` says how the orders of the two policies are filled.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from models.score.fills import LAST, fill_orders
from models.train.labels import DOWN, UP, Part, Samples
from tickwire.data.events import About, Events
from tickwire.gen.records import Reason

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]

POLICIES: Final = ("taker", "passive")
LATENCIES: Final = (0, 1_000, 100_000)  # ns
CHOSEN_AT: Final = 1_000  # ns: the latency at which the threshold is chosen
LEAST_TRIPS: Final = 20  # on validation, for a threshold to be chosen
_SHARES: Final = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995)  # of samples below a threshold


@dataclass(frozen=True)
class Rules:
    """What a backtest trades, for how long, and at what cost."""

    policy: str = "taker"
    size: int = 100  # shares of a target position
    hold: int = 50  # samples
    threshold: float = 0.5
    fee_take: int = 30  # per share, in 1/10,000 dollar
    fee_make: int = 0  # the same for a passive fill; a rebate is negative
    fee_millionths: int = 0  # of the value
    patience: int = 1_000_000_000  # ns

    def __post_init__(self) -> None:
        if self.policy not in POLICIES:
            raise ValueError(f"policy={self.policy!r}: one of {', '.join(POLICIES)}")
        if self.size < 1 or self.hold < 1 or self.patience < 0 or self.fee_millionths < 0:
            raise ValueError("size and hold are at least 1, patience and millionths at least 0")


def default_rules(about: About, **more: Any) -> Rules:
    """The defaults for the file's unit. Shares: a round lot, and a fee of 0.003 dollar a share to
    take. Other units: 10,000 of them, and a fee of a thousandth of the value."""
    if about.share_unit == "shares":
        return Rules(**more)
    return Rules(**{"size": 10_000, "fee_take": 0, "fee_millionths": 1_000, **more})


@dataclass(frozen=True)
class Tape:
    """One instrument's rows, side by side."""

    time: Array
    ok: Array
    event: Array  # [row]: operation, side, price, shares
    price: Array  # [row, side, level]
    shares: Array

    @classmethod
    def of(cls, events: Events, slot: int = 0) -> tuple[Tape, Array]:
        """The tape of a slot, and where in the file its rows are."""
        rows = np.flatnonzero(events.tops["slot"] == slot)
        tops, levels = events.tops[rows], events.levels[rows]
        names = ("operation", "operation_side", "operation_price", "operation_shares")
        tape = cls(
            np.maximum.accumulate(tops["timestamp"].astype(np.int64)),
            tops["reason"] == Reason.OK,
            np.stack([tops[name].astype(np.int64) for name in names], axis=1),
            np.ascontiguousarray(levels["price"].astype(np.int64)),
            np.ascontiguousarray(levels["shares"].astype(np.int64)),
        )
        return tape, rows


@dataclass(frozen=True)
class Outcome:
    """The result of a backtest. `twice` is twice the equity, which is a whole number: cash plus
    position times the middle price, at each sample before it acts, and at the end."""

    fills: Array
    twice: Array
    left: int  # shares that couldn't be closed

    @property
    def net(self) -> int:
        """Equity at the end; a position that couldn't be closed counts at the middle price."""
        return int(self.twice[-1]) // 2

    def trips(self) -> Array:
        """Net money of each round trip, from one flat position to the next."""
        sign = np.where(self.fills[:, 1] == 0, 1, -1)
        position = np.cumsum(sign * self.fills[:, 3])
        money = np.cumsum(-sign * self.fills[:, 2] * self.fills[:, 3] - self.fills[:, 4])
        return np.diff(money[position == 0], prepend=0)

    @property
    def traded(self) -> int:
        return int((self.fills[:, 2] * self.fills[:, 3]).sum())

    @property
    def fees(self) -> int:
        return int(self.fills[:, 4].sum())


# -- Decisions -----------------------------------------------------------------------------------


def targets(chances: Floats, rules: Rules) -> Array:
    """The target position at each sample, in shares."""
    if not np.isfinite(chances).all():
        raise ValueError("chances that are no numbers decide nothing")
    up, down = chances[:, UP], chances[:, DOWN]
    signal = np.where((up >= rules.threshold) & (up > down), 1, 0)
    signal = signal - np.where((down >= rules.threshold) & (down > up), 1, 0)
    places = np.where(signal != 0, np.arange(len(signal)), -1)
    latest = np.maximum.accumulate(places)
    held = (latest >= 0) & (np.arange(len(signal)) - latest < rules.hold)
    target = np.where(held, signal[np.maximum(latest, 0)], 0) * rules.size
    target[-LAST:] = 0
    return target.astype(np.int64)


def arrivals(tape: Tape, at: Array, latency: int) -> Array:
    """The row whose book a message sent at each sample acts on."""
    before = np.searchsorted(tape.time, tape.time[at] + latency, side="left") - 1
    return np.maximum(at, before)


def run(
    tape: Tape, rows: Array, samples: Samples, part: Part, target: Array, rules: Rules, latency: int
) -> Outcome:
    """Orders towards the target position at each sample of a part."""
    at = np.searchsorted(rows, samples.rows[part.span])
    numbers = (rules.policy == "passive", rules.fee_take, rules.fee_make, rules.fee_millionths)
    settings = np.array([*map(int, numbers), rules.patience], np.int64)
    fills, twice, left = fill_orders(
        (tape.time, tape.ok, tape.event, tape.price, tape.shares),
        at,
        arrivals(tape, at, latency),
        target,
        samples.middle[part.span].astype(np.int64),
        settings,
    )
    return Outcome(fills, twice, int(left))


@dataclass(frozen=True)
class Market:
    """One day as a backtest needs it."""

    tape: Tape
    rows: Array
    samples: Samples

    def play(self, chances: Floats, part: Part, rules: Rules, latency: int) -> Outcome:
        target = targets(chances, rules)
        return run(self.tape, self.rows, self.samples, part, target, rules, latency)

    def tried(self, chances: Floats, part: Part, rules: Rules) -> list[tuple[Rules, int, int]]:
        """Round trips and net money on a part, threshold by threshold, the lowest first."""
        trials = []
        sure = np.maximum(chances[:, UP], chances[:, DOWN])
        for limit in dict.fromkeys(np.quantile(sure, _SHARES).tolist()):
            each = replace(rules, threshold=limit)
            outcome = self.play(chances, part, each, CHOSEN_AT)
            trials.append((each, len(outcome.trips()), outcome.net))
        return trials

    def choose(self, chances: Floats, part: Part, rules: Rules) -> Rules:
        """The threshold that earned most after fees on a part (the validation part), among those
        with enough round trips; if none has enough, the one with the most."""
        tried = self.tried(chances, part, rules)
        often = [(net, each) for each, trips, net in tried if trips >= LEAST_TRIPS]
        rest = [(trips, each) for each, trips, _ in tried]
        return max(often or rest, key=lambda one: one[0])[1]
