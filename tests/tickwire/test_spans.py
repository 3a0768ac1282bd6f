"""Sets of numbers as spans, against Python's own sets."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tickwire.recover.spans import Spans


def plain(spans: Spans) -> set[int]:
    listed = list(spans)
    assert all(first < end for first, end in listed)
    assert all(a[1] < b[0] for a, b in pairwise(listed)), "in order, apart"
    return {number for first, end in listed for number in range(first, end)}


@pytest.mark.parametrize("seed", range(8))
def test_spans_are_sets(seed: int) -> None:
    generator = np.random.default_rng(seed)
    spans, numbers = Spans(), set[int]()
    for _ in range(400):
        first, size, act = generator.integers((0, 0, 0), (60, 12, 2)).tolist()
        part = set(range(first, first + size))
        if act:
            spans.add(first, first + size)
            numbers |= part
        else:
            spans.cut(first, first + size)
            numbers -= part
        assert plain(spans) == numbers and spans.count == len(numbers)
        assert spans.first == min(numbers, default=None) and bool(spans) == bool(numbers)
        low, high = sorted(generator.integers(0, 60, 2).tolist())
        asked = set(range(low, high))
        assert plain(spans.within(low, high)) == numbers & asked
        assert spans.holds(low, high) == (asked <= numbers)
        other = Spans([(low, high), (high + 3, high + 9)])
        assert plain(spans.without(other)) == numbers - plain(other)
        assert Spans(spans) == spans and plain(spans) == numbers
