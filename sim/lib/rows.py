"""One record: a word of the RTL, as a row of the host's, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from hwtools.bits import Layout, Records, pack, unpack


def row(word: int, layout: Layout) -> Records:
    """One row."""
    data = np.frombuffer(word.to_bytes(layout.bytes, "big"), np.uint8)
    return unpack(data.reshape(1, -1), layout)


def word(rows: Records, layout: Layout) -> int:
    """Of one row."""
    return int.from_bytes(pack(rows, layout)[0].tobytes(), "big")


def made(layout: Layout, **values: Any) -> Records:
    """One row of these, else zeros."""
    one = layout.empty(1)
    for name, value in values.items():
        one[name] = value
    return one


def made_word(layout: Layout, **values: Any) -> int:
    return word(made(layout, **values), layout)
