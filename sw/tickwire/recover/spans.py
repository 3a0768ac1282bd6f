"""A set of whole numbers as spans [first, end), in order, none touching another."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

Span = tuple[int, int]


class Spans:
    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self._firsts: list[int] = []
        self._ends: list[int] = []
        for first, end in spans:
            self.add(first, end)

    def __iter__(self) -> Iterator[Span]:
        return iter(list(zip(self._firsts, self._ends, strict=True)))

    def __bool__(self) -> bool:
        return bool(self._firsts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Spans) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # it changes

    def __repr__(self) -> str:
        return f"Spans({list(self)})"

    @property
    def count(self) -> int:
        """Of numbers."""
        return sum(self._ends) - sum(self._firsts)

    @property
    def first(self) -> int | None:
        return self._firsts[0] if self._firsts else None

    def add(self, first: int, end: int) -> None:
        if first >= end:
            return
        low, high = bisect_left(self._ends, first), bisect_right(self._firsts, end)
        if low < high:  # those that it touches become one with it
            first, end = min(first, self._firsts[low]), max(end, self._ends[high - 1])
        self._firsts[low:high], self._ends[low:high] = [first], [end]

    def cut(self, first: int, end: int) -> None:
        """Take these out."""
        if first >= end:
            return
        low, high = bisect_right(self._ends, first), bisect_left(self._firsts, end)
        if low >= high:
            return
        left = (self._firsts[low], first), (end, self._ends[high - 1])
        kept = [span for span in left if span[0] < span[1]]
        self._firsts[low:high] = [span[0] for span in kept]
        self._ends[low:high] = [span[1] for span in kept]

    def within(self, first: int, end: int) -> Spans:
        """What of it lies there."""
        part = Spans()
        if first >= end:
            return part
        low, high = bisect_right(self._ends, first), bisect_left(self._firsts, end)
        part._firsts = [max(one, first) for one in self._firsts[low:high]]
        part._ends = [min(one, end) for one in self._ends[low:high]]
        return part

    def without(self, other: Iterable[Span]) -> Spans:
        left = Spans()
        left._firsts, left._ends = self._firsts.copy(), self._ends.copy()
        for first, end in other:
            left.cut(first, end)
        return left

    def holds(self, first: int, end: int) -> bool:
        """All of these."""
        at = bisect_right(self._firsts, first) - 1
        return first >= end or (at >= 0 and end <= self._ends[at])
