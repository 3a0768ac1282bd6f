"""Book operations to events, through the compiled book, a piece at a time."""

from __future__ import annotations

from collections.abc import Callable

from hwtools.bits import Records
from tickwire.book.compiled import Book
from tickwire.data.events import Events

Progress = Callable[[int, int], None]  # bytes or rows done, and the total
UNSAID = "instruments of which nobody said that they trade"  # a note: nobody may act on them


def quiet(done: int, total: int) -> None:
    """Progress that isn't shown."""


class Booker:
    """The books of one file. `notes` counts what they refused and ignored."""

    def __init__(self, slots: int, notes: dict[str, int]) -> None:
        self._book = Book(slots)
        self.notes = notes

    def events(self, ops: Records) -> Events:
        outcome = self._book.apply(ops, levels=True)
        assert outcome.levels is not None
        for reason, count in outcome.counts().items():
            self._count(f"refused: {reason.name.lower()}", count)
        self._count("ignored while stale", int(outcome.ignored.sum()))
        return Events(outcome.tops, outcome.levels)

    def _count(self, what: str, count: int) -> None:
        if count:
            self.notes[what] = self.notes.get(what, 0) + count
