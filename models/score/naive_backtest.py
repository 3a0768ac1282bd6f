"""The backtest again, written from the docstrings of `backtest` and `fills`: plain and slow.

Orders are objects and books are dictionaries. The compiled backtest is compared with it, to the
last integer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from models.score.backtest import Rules
from tickwire.data.events import Events
from tickwire.gen.records import Operation, Reason, Side

_LAST = 20


@dataclass
class _Order:
    kind: str  # take, post, cancel
    side: Side
    price: int
    shares: int
    arrives: int  # row
    until: int = 0
    ahead: float = 0  # infinite beyond the levels of the file


@dataclass
class NaiveBacktest:
    """Plays one instrument's events, all of them in `events`."""

    events: Events
    rules: Rules
    latency: int
    position: int = 0
    cash: int = 0
    fills: list[tuple[int, ...]] = field(default_factory=list)
    twice: list[int] = field(default_factory=list)
    resting: _Order | None = None
    sent: _Order | None = None
    taken: dict[Side, tuple[int, int]] = field(default_factory=dict)
    urgent: bool = False

    def run(self, at: Sequence[int], target: Sequence[int]) -> None:
        tops = self.events.tops
        times: list[int] = []
        for time in tops["timestamp"].tolist():
            times.append(max(time, times[-1]) if times else time)
        samples = {row: index for index, row in enumerate(at)}
        row, done = at[0], 0
        while row < len(tops) and (done < len(at) or self.sent):
            self._happens(row)
            self._arrives(row)
            if row in samples:
                index, now = samples[row], times[row]
                arrives = row
                while arrives + 1 < len(times) and times[arrives + 1] < now + self.latency:
                    arrives += 1
                self._sample(row, index, len(at), target, now, arrives)
                self._arrives(row)
                done += 1
            row += 1
        middle = sum(self._best(at[-1], side)[0] for side in Side)
        self.twice.append(2 * self.cash + self.position * middle)

    # -- The book --------------------------------------------------------------------------------

    def _levels(self, row: int, side: Side) -> dict[int, int]:
        rows = self.events.levels[row, side]
        return {int(r["price"]): int(r["shares"]) for r in rows if r["price"]}

    def _best(self, row: int, side: Side) -> tuple[int, int]:
        first = self.events.levels[row, side, 0]
        return int(first["price"]), int(first["shares"])

    def _queue(self, row: int, side: Side, price: int) -> float:
        levels = self._levels(row, side)
        if price in levels:
            return levels[price]
        worse = [p for p in levels if (p < price if side == Side.BUY else p > price)]
        return 0 if worse else float("inf")

    # -- What happens ----------------------------------------------------------------------------

    def _happens(self, row: int) -> None:
        order = self.resting
        if order is None:
            return
        top = self.events.tops[row]
        kind, side = int(top["operation"]), int(top["operation_side"])
        price, shares = int(top["operation_price"]), int(top["operation_shares"])
        worse = price < order.price if order.side == Side.BUY else price > order.price
        through = kind == Operation.EXECUTE and side == order.side and worse
        comes = kind in (Operation.ADD, Operation.REPLACE) and side != order.side
        met = comes and (worse or price == order.price)
        filled = 0.0
        if kind == Operation.EXECUTE and side == order.side and price == order.price:
            filled = max(0, shares - order.ahead)
            order.ahead = max(0, order.ahead - shares)
        elif through or met:
            filled, order.ahead = shares, 0
        order.ahead = min(order.ahead, self._queue(row, order.side, order.price))
        filled = min(filled, order.shares)
        if filled:
            self._fill(row, order.side, order.price, int(filled), True)
            order.shares -= int(filled)
            if not order.shares:
                self.resting = None

    def _arrives(self, row: int) -> None:
        order = self.sent
        if order is None or order.arrives != row:
            return
        self.sent = None
        if order.kind == "cancel":
            self.resting = None
            return
        if self.events.tops[row]["reason"] != Reason.OK:
            return
        other = Side(1 - order.side)
        price, shares = self._best(row, other)
        if order.kind == "take":
            before, taken = self.taken.get(other, (0, 0))
            if before != price:
                taken = 0
            count = max(0, min(order.shares, shares - taken))
            self.taken[other] = (price, taken + count)
            if count:
                self._fill(row, order.side, price, count, False)
        elif order.price < price if order.side == Side.BUY else order.price > price:
            order.ahead = self._queue(row, order.side, order.price)
            self.resting = order

    def _fill(self, row: int, side: Side, price: int, shares: int, passive: bool) -> None:
        sign = 1 if side == Side.BUY else -1
        parts = [shares]
        if self.position * sign < 0 and abs(self.position) < shares:
            parts = [abs(self.position), shares - abs(self.position)]
        for part in parts:
            each = self.rules.fee_make if passive else self.rules.fee_take
            fee = part * each - (-price * part * self.rules.fee_millionths // 1_000_000)
            self.position += sign * part
            self.cash -= sign * price * part + fee
            self.fills.append((row, int(side), price, part, fee, int(passive)))

    # -- Decisions -------------------------------------------------------------------------------

    def _sample(
        self, row: int, index: int, count: int, target: Any, now: int, arrives: int
    ) -> None:
        middle = sum(self._best(row, side)[0] for side in Side)
        self.twice.append(2 * self.cash + self.position * middle)
        if index and target[index] != target[index - 1]:
            self.urgent = False
        if self.sent:
            return
        change, last = int(target[index]) - self.position, index >= count - _LAST
        side = Side.BUY if change > 0 else Side.SELL
        passive = self.rules.policy == "passive"
        if self.resting:
            late = now > self.resting.until
            wrong = change == 0 or side != self.resting.side or self.resting.shares > abs(change)
            if late or last or wrong:
                self.sent = _Order("cancel", side, 0, 0, arrives)
                self.urgent |= late
            return
        closing = change * self.position < 0
        if change and not passive:
            self.sent = _Order("take", side, 0, abs(change), arrives)
        elif change and closing and (self.urgent or last):
            self.sent = _Order("take", side, 0, min(abs(change), abs(self.position)), arrives)
        elif change and not last:
            price = self._best(row, side)[0]
            until = now + self.rules.patience
            self.sent = _Order("post", side, price, abs(change), arrives, until)
