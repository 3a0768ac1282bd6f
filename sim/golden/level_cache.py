"""Golden model of level_cache: a sorted list a row, and the bound up to which it is whole."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

LEVELS = 10
Level = tuple[int, int, int]  # key, shares, orders
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
    """What the inputs of a step were."""

    row: int
    key: int
    shares: int
    take: int
    gone: int
    put: int
    closed: int
    offer: Level | None


class LevelCache:
    """Steps whole, one after the other: `done` is what cycle t + 1 says, `shown` t + 2."""

    def __init__(self, books: int, cache: int) -> None:
        self.cache = cache
        self.rows = [Row() for _ in range(2 * books)]
        self.shown: deque[dict[str, int]] = deque()

    def clear(self, slot: int) -> None:
        for row in (2 * slot, 2 * slot + 1):
            self.rows[row] = Row()

    def step(self, step: Step, ignore: bool) -> dict[str, int]:
        """The step's effect; beyond, opened and accepted."""
        row = self.rows[step.row]
        row.blank |= ignore
        found = {"beyond": 0, "opened": 0, "accepted": 0}
        if ignore:
            return found
        outside = not step.closed and (row.bound is None or step.key > row.bound)
        if (step.take or step.put) and outside:
            found["beyond"] = 1
            return found
        dropped = self._change(row, step)
        if dropped == "opened":
            found["opened"] = 1
            row.bound = row.levels[-1][0]
        takes_one = not step.put and dropped != "changed" and len(row.levels) < self.cache
        if step.offer is not None and takes_one:
            row.levels.append(step.offer)
            row.bound = step.offer[0]
            found["accepted"] = 1
        return found

    def _change(self, row: Row, step: Step) -> str:
        """What came of it: a level `changed`, `gone`, `opened` the row, or nothing of these."""
        at = next((i for i, level in enumerate(row.levels) if level[0] == step.key), None)
        if step.take:
            assert at is not None, "the bench takes from a level that is there"
            _, shares, orders = row.levels[at]
            if step.gone and orders == 1:
                del row.levels[at]
                return "gone"
            shares, orders = shares - step.shares, orders - step.gone
            row.levels[at] = (step.key, shares & WRAP["shares"], orders & WRAP["orders"])
            return "changed"
        if step.put and at is not None:
            _, shares, orders = row.levels[at]
            shares, orders = shares + step.shares, orders + 1
            row.levels[at] = (step.key, shares & WRAP["shares"], orders & WRAP["orders"])
        elif step.put:
            row.levels = sorted([*row.levels, (step.key, step.shares, 1)])
            if len(row.levels) > self.cache:
                row.levels.pop()
                return "opened"
        return ""

    def best(self, row: int) -> list[Level]:
        return self.rows[row].levels[:LEVELS]
