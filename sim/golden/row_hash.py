"""Golden model of row_hash: for each bit of a row, the bits of the name that are summed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class RowHash:
    """The module's parameters."""

    name_w: int
    row_w: int
    sparse: int
    skew_0: int
    offset_1: int
    skew_1: int

    @cached_property
    def _masks(self) -> tuple[list[int], list[int]]:
        masks = [0] * self.row_w, [0] * self.row_w
        for i in range(self.name_w):
            q, a = divmod(i, self.row_w)
            first, second = {a}, {a + q}
            if q % 2 or (q and not self.sparse):
                first.add(4 * a + self.skew_0 * q)
            if (q or a + self.offset_1 < self.row_w) and not (self.sparse and q % 2):
                second.add(a + self.offset_1 + self.skew_1 * q)
            for row, bits in zip(masks, (first, second), strict=True):
                for bit in {bit % self.row_w for bit in bits}:
                    row[bit] |= 1 << i
        return masks

    def rows(self, name: int) -> list[int]:
        """The row of each choice."""
        return [
            sum(((name & mask).bit_count() & 1) << bit for bit, mask in enumerate(row))
            for row in self._masks
        ]
