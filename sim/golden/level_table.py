"""Golden model of level_table: the places of golden.hash_table, under this module's own rows."""

from __future__ import annotations

from sim.golden.hash_table import Table

LATENCY, READ_LATENCY = 3, 4


def masks(name_w: int, row_w: int) -> tuple[list[int], list[int]]:
    """For each choice and each bit of its row, the bits of {row, key} that are summed."""
    made: tuple[list[int], list[int]] = [0] * row_w, [0] * row_w
    for i in range(name_w):
        q, a = divmod(i, row_w)
        first, second = {a}, {(a + q) % row_w}
        if q:
            first.add((6 * q + 4 * a) % row_w)
        if q or a + 2 < row_w:
            second.add((a + 2 + 7 * q) % row_w)
        for choice, bits in enumerate((first, second)):
            for bit in bits:
                made[choice][bit] |= 1 << i
    return made


class LevelTable(Table):
    """A slot is two rows here."""

    def __init__(self, rows: int, ways: int, books: int) -> None:
        super().__init__(32, rows, ways, 2 * books)
        self.masks = masks(32 + (2 * books - 1).bit_length(), (rows - 1).bit_length())

    def clear(self, slot: int) -> None:
        super().clear(2 * slot)
        super().clear(2 * slot + 1)
