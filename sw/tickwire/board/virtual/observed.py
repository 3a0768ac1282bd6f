"""What a simulated design showed: the other side of the comparison with `replay.path.Expected`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
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
        """The records, unpacked once and not to be written; those without a layout are bytes."""
        if name not in self._unpacked:
            layout, rows = self.layouts[name], self.records[name][1]
            self._unpacked[name] = rows[:, 0] if layout is None else unpack(rows, layout)
            self._unpacked[name].flags.writeable = False
        return self._unpacked[name]

    @cached_property
    def _unpacked(self) -> dict[str, Array]:
        return {}
