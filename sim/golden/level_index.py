"""Golden model of level_index: the set of positions of each row that have a level."""

from __future__ import annotations

from sim.golden.price_book import index


class LevelIndex:
    def __init__(self, books: int, bits: int) -> None:
        self.bits = bits
        self.rows: list[set[int]] = [set() for _ in range(2 * books)]

    def position(self, row: int, price: int) -> int | None:
        place = index(price, self.bits)
        if place is None:
            return None
        return place if row % 2 else (1 << self.bits) - 1 - place

    def change(self, row: int, position: int, there: bool) -> tuple[int, int]:
        """Whether a word of tier 1, and the top word, changed."""
        held = self.rows[row]
        word, block = self.word(row, position >> 5), self.block(row, position >> 10)
        (held.add if there else held.discard)(position)
        return (
            int(bool(word) != bool(self.word(row, position >> 5))),
            int(bool(block) != bool(self.block(row, position >> 10))),
        )

    def clear(self, slot: int) -> None:
        self.rows[2 * slot].clear()
        self.rows[2 * slot + 1].clear()

    def _bits(self, row: int, shift: int, number: int) -> int:
        """Bit b: there is a level whose position, shifted, is 32 * number + b."""
        return sum({1 << (one >> shift) % 32 for one in self.rows[row]
                    if one >> shift + 5 == number})  # fmt: skip

    def word(self, row: int, number: int) -> int:
        return self._bits(row, 0, number)

    def block(self, row: int, number: int) -> int:
        return self._bits(row, 5, number)

    def top(self, row: int) -> int:
        return sum({1 << (one >> 10) for one in self.rows[row]})
