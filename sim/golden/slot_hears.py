"""Golden model of slot_hears: an instrument is heard by the first enabled slot that names it."""

from __future__ import annotations

from collections.abc import Sequence


def follows(enabled: Sequence[bool], names: Sequence[int]) -> list[bool]:
    return [heard and bool(name) for heard, name in zip(hears(enabled, names), names, strict=True)]


def hears(enabled: Sequence[bool], names: Sequence[int]) -> list[bool]:
    heard, every = set[int](), list[bool]()
    for follows, name in zip(enabled, names, strict=True):
        every.append(follows and name not in heard)
        if follows and name:
            heard.add(name)
    return every
