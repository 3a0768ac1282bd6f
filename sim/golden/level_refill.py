"""Golden model of level_refill's surroundings: the levels of each row that lie beyond the bound.

What is offered must be the first of them; how the module finds out is its own affair.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from sim.golden.level_index import LevelIndex

MASK = (1 << 32) - 1


@dataclass
class Beyond:
    """A row: its bound, and the levels beyond it, by key."""

    bound: int = 0
    levels: dict[int, int] = field(default_factory=dict)
    at_hand: int = 16

    def first(self) -> tuple[int, int] | None:
        return min(self.levels.items(), default=None)


class LevelRefill:
    def __init__(self, books: int, bits: int) -> None:
        self.rows = [Beyond() for _ in range(2 * books)]
        self.index = LevelIndex(books, bits)
        self.far: list[set[int]] = [set() for _ in range(2 * books)]
        self.met: Counter[str] = Counter()

    @staticmethod
    def key(row: int, price: int) -> int:
        """And back: from a key to its price."""
        return price if row % 2 else MASK ^ price

    def position(self, row: int, key: int) -> int | None:
        return self.index.position(row, self.key(row, key))

    def set_memory(self, row: int, key: int, there: bool) -> tuple[int, int, int] | None:
        """In the bitmap or the far list; the word and what changed above it, or none if far."""
        position = self.position(row, key)
        if position is None:
            (self.far[row].add if there else self.far[row].discard)(key)
            return None
        return position >> 5, *self.index.change(row, position, there)

    def put(self, row: int, key: int, value: int) -> None:
        self.rows[row].levels[key] = value
        self.set_memory(row, key, True)

    def least(self, row: int, above: int) -> int | None:
        return min((one for one in self.far[row] if one > above), default=None)

    def take(self, row: int, level: int) -> None:
        """The cache takes what was offered: it must be the next."""
        beyond = self.rows[row]
        first = beyond.first()
        assert first is not None, f"row {row} has nothing beyond, but {level:#x} is offered"
        expected = self.key(row, first[0]) << 48 | first[1]
        assert level == expected, f"row {row}: {level:#x} isn't {expected:#x}"
        del beyond.levels[first[0]]
        beyond.bound = first[0]
        beyond.at_hand += 1
        self.met["far" if self.position(row, first[0]) is None else "on the index"] += 1
