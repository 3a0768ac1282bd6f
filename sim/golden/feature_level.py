"""Golden model of feature_level: a running mean and what is off it, as the features' page says."""

from __future__ import annotations

from tickwire.features.naive import squash


class Level:
    def __init__(self, shift: int, knee: int) -> None:
        self.shift, self.knee = shift, knee
        self.sums: dict[int, int] = {}

    def event(self, slot: int, first: bool, x: int) -> int:
        """The feature."""
        if first:
            self.sums[slot] = x << self.shift
        else:
            self.sums[slot] += x - (self.sums[slot] >> self.shift)
        return squash(x - (self.sums[slot] >> self.shift), self.knee)
