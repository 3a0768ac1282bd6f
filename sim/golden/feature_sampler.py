"""Golden model of feature_sampler: every bucket with the middle in force as it began."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from tickwire.features.naive import squash


@dataclass
class _Slot:
    bucket: int  # of the latest event
    samples: deque[int]  # middles as the latest buckets began, the newest last
    middle: int
    begun: int = 0


class Sampler:
    def __init__(self, buckets: int, knee: int) -> None:
        self.buckets, self.knee = buckets, knee
        self.slots: dict[int, _Slot] = {}

    def event(self, slot: int, bucket: int, first: bool, middle: int) -> int:
        """The feature."""
        if first:
            samples = deque([middle] * self.buckets, self.buckets)
            self.slots[slot] = _Slot(bucket, samples, middle)
        state = self.slots[slot]
        for _ in range(min(bucket - state.bucket, self.buckets)):
            state.samples.append(state.middle)
            state.begun += 1
        state.bucket, state.middle = max(bucket, state.bucket), middle
        return squash(middle - state.samples[0], self.knee)

    def full(self, slot: int) -> bool:
        """Of a slot that had an event."""
        return self.slots[slot].begun >= self.buckets
