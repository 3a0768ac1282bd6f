"""What a simulated design showed: the other side of the comparison with `replay.path.Expected`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy.typing as npt

from hwtools.bits import Layout, unpack

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Observed:
    """`records` by name: the cycles in which they were presented, and the packed rows. `messages`
    are those that went to itch_parse, as mold_merge cut them."""

    cycles: int
    messages: Array
    records: Mapping[str, tuple[Array, Array]]
    layouts: Mapping[str, Layout | None] = field(repr=False)

    def cycles_of(self, name: str) -> Array:
        return self.records[name][0]

    def rows(self, name: str) -> Array:
        """The records, unpacked; those that have no layout are their bytes."""
        layout, rows = self.layouts[name], self.records[name][1]
        return rows[:, 0] if layout is None else unpack(rows, layout)
