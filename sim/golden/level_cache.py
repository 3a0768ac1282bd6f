"""Golden model of level_cache: a sorted list a row, and the bound up to which it is whole."""

from __future__ import annotations

from dataclasses import dataclass, field

LEVELS = 10
Level = tuple[int, int, int]  # price, shares, orders
WRAP = {"shares": (1 << 32) - 1, "orders": (1 << 16) - 1}


def packed(level: Level) -> int:
    return level[0] << 48 | level[1] << 16 | level[2]


@dataclass
class Row:
    levels: list[Level] = field(default_factory=list)
    bound: int | None = None  # unknown until something came to stand beyond it
    blank: bool = False  # its slot shows nothing until it is cleared


@dataclass(frozen=True)
class Step:
    """What the inputs of a step were; `offer` beside a take."""

    row: int
    price: int
    shares: int
    orders: int
    take: int
    put: int
    bring: int
    closed: int
    offer: Level | None


class LevelCache:
    """Steps whole, one after the other."""

    def __init__(self, books: int, cache: int) -> None:
        self.cache = cache
        self.rows = [Row() for _ in range(2 * books)]

    def clear(self, slot: int) -> None:
        for row in (2 * slot, 2 * slot + 1):
            self.rows[row] = Row()

    @staticmethod
    def key(row: int, price: int) -> int:
        """The better has the smaller: buy, the even rows, wants the higher price."""
        return price if row % 2 else -price

    def step(self, step: Step, ignore: bool) -> dict[str, int]:
        """The step's effect; beyond, opened and accepted."""
        row = self.rows[step.row]
        row.blank |= ignore
        pulses = {"beyond": 0, "opened": 0, "accepted": 0}
        if ignore:
            return pulses
        outside = not step.closed and (
            row.bound is None or self.key(step.row, step.price) > self.key(step.row, row.bound)
        )
        if (step.take or step.put) and outside:
            pulses["beyond"] = 1
            return pulses
        came: Level | None = None
        if step.bring:
            came = (step.price, step.shares, step.orders)
        elif step.take and self._take(row, step):
            came = step.offer
        elif step.put and self._put(row, step):
            pulses["opened"] = 1
            row.bound = row.levels[-1][0]
        if came is not None and len(row.levels) < self.cache:
            row.levels.append(came)
            row.bound = came[0]
            pulses["accepted"] = 1
        return pulses

    def _take(self, row: Row, step: Step) -> bool:
        """True if the level is gone."""
        at = next(i for i, level in enumerate(row.levels) if level[0] == step.price)
        _, shares, orders = row.levels[at]
        if step.orders and orders == 1:
            del row.levels[at]
            return True
        shares, orders = shares - step.shares, orders - step.orders
        row.levels[at] = (step.price, shares & WRAP["shares"], orders & WRAP["orders"])
        return False

    def _put(self, row: Row, step: Step) -> bool:
        """True if a level now stands beyond the bound which did not."""
        held = {level[0]: level for level in row.levels}
        _, shares, orders = held.get(step.price, (0, 0, 0))
        shares, orders = shares + step.shares, orders + step.orders
        held[step.price] = (step.price, shares & WRAP["shares"], orders & WRAP["orders"])
        row.levels = sorted(held.values(), key=lambda level: self.key(step.row, level[0]))
        if len(row.levels) > self.cache:
            row.levels.pop()
            return True
        return False

    def best(self, row: int) -> list[Level]:
        return self.rows[row].levels[:LEVELS]
