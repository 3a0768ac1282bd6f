"""A reason of each slot in one word, slot 0's in the lowest bits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.golden.tick_pkg import RECORDS

BITS = next(one.width for one in RECORDS["top_of_book"] if one.name == "reason")
_ONE = (1 << BITS) - 1


class Reasons(int):
    """The word, of which only some slots' reasons are defined: the bits that `care` has."""

    care: int

    @classmethod
    def of(cls, reasons: Mapping[int, int]) -> Reasons:
        word = cls(sum(reason << BITS * slot for slot, reason in reasons.items()))
        word.care = sum(_ONE << BITS * slot for slot in reasons)
        return word


def word(reasons: Sequence[int]) -> int:
    return sum(reason << BITS * slot for slot, reason in enumerate(reasons))


def reason(reasons: int, slot: int) -> int:
    return reasons >> BITS * slot & _ONE
