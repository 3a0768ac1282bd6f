"""Golden model of answer_queue: a place for each source, one queue behind them."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence

from sim.golden.tick_pkg import width

APART = 3
LATENCY = 3  # cycles, where nothing waits
BITS = width("confirmation")


class AnswerQueue:
    """`met` counts what was presented, by source, what was lost, and the most that waited."""

    inputs: Sequence[str] = ("s_valid", "s_confirmation")

    def __init__(self, sources: int, room: int) -> None:
        self.sources, self.room, self.met = sources, room, Counter[str]()
        self.reset()

    def reset(self) -> None:
        self.places: list[int | None] = [None] * self.sources
        self.queue: deque[tuple[int, int]] = deque()  # source, and what it said
        self.out: int | None = None
        self.since = APART
        self.lost = False

    @property
    def empty(self) -> bool:
        """Nothing waits, or is presented."""
        return not self.queue and self.out is None and self.places.count(None) == self.sources

    def outputs(self) -> dict[str, int]:
        out = {"lost": int(self.lost), "m_valid": int(self.out is not None)}
        return out if self.out is None else out | {"m_confirmation": self.out}

    def step(self, s_valid: int, s_confirmation: int) -> None:
        full = len(self.queue) == self.room
        before = [source for source, said in enumerate(self.places) if said is not None]
        self.out, self.since = None, self.since + 1
        if self.queue and self.since >= APART:
            source, self.out = self.queue.popleft()
            self.since = 0
            self.met[f"source {source}"] += 1
        if before and not full:
            said = self.places[before[0]]
            assert said is not None
            self.queue.append((before[0], said))
            self.places[before[0]] = None
        self.lost = False
        for source in range(self.sources):
            if not s_valid >> source & 1:
                continue
            if self.places[source] is not None:
                self.lost = True
                self.met["lost"] += 1
            else:
                self.places[source] = s_confirmation >> source * BITS & (1 << BITS) - 1
        self.met["most"] = max(self.met["most"], len(self.queue))
