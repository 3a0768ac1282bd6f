"""Golden model of level_refill's surroundings: the levels of one side that lie beyond the bound.

What is offered must be the first of them; how the module finds out is its own affair.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from golden.level_index import LevelIndex

MASK = (1 << 32) - 1


@dataclass
class Beyond:
    """A slot: its bound, and the levels beyond it, by key."""

    bound: int = 0
    levels: dict[int, int] = field(default_factory=dict)
    at_hand: int = 16

    def first(self) -> tuple[int, int] | None:
        return min(self.levels.items(), default=None)


class LevelRefill:
    def __init__(self, books: int, bits: int, side: int) -> None:
        self.slots = [Beyond() for _ in range(books)]
        self.index = LevelIndex(books, bits)
        self.side = side
        self.far: list[set[int]] = [set() for _ in range(books)]
        self.met: Counter[str] = Counter()

    def key(self, price: int) -> int:
        return price if self.side else MASK ^ price

    def position(self, key: int) -> int | None:
        return self.index.position(self.side, key if self.side else MASK ^ key)

    def row(self, slot: int) -> int:
        return 2 * slot + self.side

    def set_memory(self, slot: int, key: int, there: bool) -> tuple[int, int, int] | None:
        """In the bitmap or the far list; the word and what changed above it, or none if far."""
        position = self.position(key)
        if position is None:
            (self.far[slot].add if there else self.far[slot].discard)(key)
            return None
        return position >> 5, *self.index.change(self.row(slot), position, there)

    def put(self, slot: int, key: int, value: int) -> None:
        self.slots[slot].levels[key] = value
        self.set_memory(slot, key, True)

    def least(self, slot: int, above: int) -> int | None:
        return min((one for one in self.far[slot] if one > above), default=None)

    def take(self, slot: int, level: int) -> None:
        """The cache takes what was offered: it must be the next."""
        beyond = self.slots[slot]
        first = beyond.first()
        assert first is not None, f"slot {slot} has nothing beyond, but {level:#x} is offered"
        assert level == first[0] << 48 | first[1], f"slot {slot}: {level:#x} isn't {first}"
        del beyond.levels[first[0]]
        beyond.bound = first[0]
        beyond.at_hand += 1
        self.met["far" if self.position(first[0]) is None else "on the index"] += 1
