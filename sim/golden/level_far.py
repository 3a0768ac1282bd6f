"""Golden model of level_far: for each slot, the keys by place."""

from __future__ import annotations


class LevelFar:
    def __init__(self, books: int, far: int) -> None:
        self.far = far
        self.held: list[dict[int, int]] = [{} for _ in range(books)]  # place: key

    def full(self, slot: int) -> bool:
        return len(self.held[slot]) == self.far

    def insert(self, slot: int, place: int, key: int) -> None:
        assert place not in self.held[slot], f"place {place} holds a level"
        self.held[slot][place] = key

    def erase(self, slot: int, place: int) -> None:
        del self.held[slot][place]

    def clear(self, slot: int) -> None:
        self.held[slot].clear()

    def above(self, slot: int, key: int) -> int | None:
        """The least key above this one."""
        return min((one for one in self.held[slot].values() if one > key), default=None)

    def cycles(self, slot: int) -> int:
        """From f_start to the cycle in which f_done tells the answer, at most."""
        return len(self.held[slot]) + 2
