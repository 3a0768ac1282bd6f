"""A day that loses nothing, as a host that hears all of it knows it: its messages' naive book.

Behind its last message every order that rests is deleted, one by one, which no venue sends: so each
of them is asked for, and what a book has beside them shows.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from tickwire.book.naive import NaiveBook
from tickwire.book.types import Order, Outcome
from tickwire.gen.records import BOOK_OP, SLOTS, Operation
from tickwire.wire.itch import Messages
from tickwire.wire.operations import operations


@dataclass(frozen=True)
class Lossless:
    """`ops` are the day's, and then the deletes, numbered on behind `last`; `outcome` has a row for
    each. `numbers` and `rows` are by slot: the sequence numbers of its operations, their rows."""

    messages: Messages
    locates: Mapping[int, int]
    ops: Records
    outcome: Outcome
    last: int  # number of the last message
    most: int  # orders of a slot, about
    numbers: Mapping[int, npt.NDArray[np.int64]]
    rows: Mapping[int, npt.NDArray[np.int64]]

    @property
    def deletes(self) -> Records:
        return self.ops[self.ops["sequence_number"] > self.last]

    def newest(self, slot: int, number: int) -> int:
        """The number of the slot's last operation up to this one; 0: none."""
        at = int(np.searchsorted(self.numbers[slot], number, side="right"))
        return int(self.numbers[slot][at - 1]) if at else 0

    def row(self, slot: int, number: int) -> int:
        """The row that shows the slot's book as of this number; -1: nothing came yet."""
        at = int(np.searchsorted(self.numbers[slot], number, side="right"))
        return int(self.rows[slot][at - 1]) if at else -1

    def resting(self, asked: Iterable[tuple[int, int]]) -> dict[tuple[int, int], dict[int, Order]]:
        """Of each slot and number: the orders that rest then, by reference."""
        book, found, done = NaiveBook(SLOTS), dict[tuple[int, int], dict[int, Order]](), 0
        upto = self.ops["sequence_number"].astype(np.int64)
        for slot, number in sorted(set(asked), key=lambda one: one[1]):
            end = int(np.searchsorted(upto, number, side="right"))
            book.apply(self.ops[done:end])
            done = end
            found[slot, number] = book.orders(slot)
        return found


def lossless(messages: Messages, locates: Mapping[int, int], seed: int) -> Lossless:
    ops = operations(messages, dict(locates))
    ops = ops[ops["operation"] != Operation.NONE]
    book, most, tops = NaiveBook(SLOTS), 0, []
    for part in np.array_split(ops, max(1, len(ops) // 1_000)):
        tops.append(book.apply(part, levels=True))
        most = max(most, *(len(book.orders(slot)) for slot in locates.values()))
    deletes = _deletes(book, sorted(locates.values()), len(messages), random.Random(f"{seed} end"))
    tops.append(book.apply(deletes, levels=True))
    levels = [one.levels for one in tops if one.levels is not None]
    outcome = Outcome(
        np.concatenate([one.tops for one in tops]),
        np.concatenate([one.causes for one in tops]),
        np.concatenate([one.ignored for one in tops]),
        np.concatenate(levels),
    )
    every = np.concatenate([ops, deletes])
    rows = {slot: np.flatnonzero(every["slot"] == slot) for slot in locates.values()}
    numbers = {slot: every["sequence_number"][rows[slot]].astype(np.int64) for slot in rows}
    return Lossless(messages, locates, every, outcome, len(messages), most, numbers, rows)


def _deletes(book: NaiveBook, slots: list[int], last: int, rng: random.Random) -> Records:
    orders = [(slot, reference) for slot in slots for reference in book.orders(slot)]
    rng.shuffle(orders)
    ops = BOOK_OP.empty(len(orders))
    ops["operation"] = Operation.DELETE
    ops["slot"], ops["order_reference"] = np.array(orders, np.uint64).reshape(-1, 2).T
    ops["sequence_number"] = last + 1 + np.arange(len(orders))
    return ops
