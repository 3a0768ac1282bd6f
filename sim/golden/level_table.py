"""Golden model of level_table: the places of golden.hash_table, under this module's own rows."""

from __future__ import annotations

from sim.golden.hash_table import Table

LATENCY, READ_LATENCY = 3, 4
HASH = {"sparse": 0, "skew_0": 6, "offset_1": 2, "skew_1": 7}


class LevelTable(Table):
    """A slot is two rows here."""

    shape = HASH

    def __init__(self, rows: int, ways: int, books: int) -> None:
        super().__init__(32, rows, ways, 2 * books)

    def clear(self, slot: int) -> None:
        super().clear(2 * slot)
        super().clear(2 * slot + 1)
