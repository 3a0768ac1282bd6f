"""Golden model of level_far: for each row, the keys by place."""

from __future__ import annotations


class LevelFar:
    def __init__(self, books: int, far: int) -> None:
        self.far = far
        self.held: list[dict[int, int]] = [{} for _ in range(2 * books)]  # place: key

    def full(self, row: int) -> bool:
        return len(self.held[row]) == self.far

    def insert(self, row: int, place: int, key: int) -> None:
        assert place not in self.held[row], f"place {place} holds a level"
        self.held[row][place] = key

    def erase(self, row: int, place: int) -> None:
        del self.held[row][place]

    def clear(self, slot: int) -> None:
        for row in (2 * slot, 2 * slot + 1):
            self.held[row].clear()

    def above(self, row: int, key: int) -> int | None:
        """The least key above this one."""
        return min((one for one in self.held[row].values() if one > key), default=None)

    def cycles(self, row: int) -> int:
        """From f_start to the cycle in which f_done tells the answer, at most."""
        return len(self.held[row]) + 2
