"""What hw/rtl/counters.sv promises: counts that stay at their maximum, and what a read gives."""

from __future__ import annotations

from collections.abc import Sequence

FIRST, LAST = 8, 13  # cycles from a request to its answer
BEFORE = 6  # cycles before its answer that a read's last increments are of


class Counters:
    """`after[cycle]` is every count with the increments of that cycle taken in."""

    def __init__(self, counters: int, width: int) -> None:
        self.most = (1 << width) - 1
        self.counts = [0] * counters
        self.after: list[tuple[int, ...]] = []

    def step(self, increments: Sequence[int], clear: bool) -> None:
        counted = (min(a + b, self.most) for a, b in zip(self.counts, increments, strict=True))
        self.counts = [0] * len(self.counts) if clear else list(counted)
        self.after.append(tuple(self.counts))

    def read(self, index: int, answered: int) -> int:
        """What is read of a counter when the answer comes in this cycle."""
        return self.after[answered - BEFORE][index] if index < len(self.counts) else 0
