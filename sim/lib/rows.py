"""One record: a word of the RTL, as a row of the host's, and back.

A model converts a few at each edge, and the same ones at many: integers are quicker for one record
than `hwtools.bits` is, which is made for many at a time and says what is out of range.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from hwtools.bits import Field, Layout, Records, pack, unpack
from tickwire.gen.records import LAYOUTS

KEPT = 4096


def row(word: int, layout: Layout) -> Records:
    """One row, which isn't the caller's to change."""
    return _row(word, layout.name)


@lru_cache(KEPT)
def _row(word: int, name: str) -> Records:
    layout, values, rest = LAYOUTS[name], list[int](), word
    for each in reversed(layout.fields):
        value = rest & (1 << each.width) - 1
        if each.kind == "signed" and value >> (each.width - 1):
            value -= 1 << each.width
        if not _plain(each, value):
            break
        rest >>= each.width
        values.append(value)
    if rest or len(values) < len(layout.fields):
        data = np.frombuffer(word.to_bytes(layout.bytes, "big"), np.uint8)
        rows = unpack(data.reshape(1, -1), layout)
    else:
        rows = np.array([tuple(reversed(values))], layout.dtype)
    rows.flags.writeable = False
    return rows


def word(rows: Records, layout: Layout) -> int:
    """Of one row."""
    if rows.shape != (1,) or rows.dtype != layout.dtype:
        raise TypeError(f"one row of {layout.name}, not {rows.shape} of {rows.dtype}")
    return _word(rows.tobytes(), layout.name)


@lru_cache(KEPT)
def _word(row: bytes, name: str) -> int:
    layout, word = LAYOUTS[name], 0
    rows = np.frombuffer(row, layout.dtype)
    for each, value in zip(layout.fields, rows[0].item(), strict=True):
        if not _plain(each, value):
            return int.from_bytes(pack(rows, layout)[0].tobytes(), "big")
        word = word << each.width | value & (1 << each.width) - 1
    return word


def _plain(each: Field, value: int) -> bool:
    """One number, of those that it may be."""
    if each.count > 1:
        return False
    return value in each.held if each.held else each.bounds[0] <= value <= each.bounds[1]


def made(layout: Layout, **values: Any) -> Records:
    """One row of these, else zeros."""
    one = layout.empty(1)
    for name, value in values.items():
        one[name] = value
    return one


def made_word(layout: Layout, **values: Any) -> int:
    return word(made(layout, **values), layout)
