"""Expected against observed, level by level: how much was compared, and where it differs.

Rows are compared in their order; vectors and what follows from them in the order of each slot,
since the vectors of a packet's other instruments may be overtaken. A row that is only there or only
here differs, and moves no row of another slot. The level at fault is the first one on the path that
differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.progress import Watch, quiet
from tickwire.board.virtual import feed_book
from tickwire.board.virtual.observed import Observed
from tickwire.gen.records import Operation, Reason, Side
from tickwire.replay.path import Expected

Array = npt.NDArray[Any]

LEVELS = ("operations", "book", "features", "network", "signal")  # on the path, in order
WAY_OUT = ("order", "wire", "frame")  # behind them (sim.run_path.orders)
_DECIDED = ("decision", "strength", "model_id")  # not the network's


@dataclass(frozen=True)
class Mismatch:
    """The first difference of a level: `row` in its order, `message` the sequence number."""

    level: str
    row: int
    field: str
    message: int
    slot: int
    expected: str
    observed: str

    def __str__(self) -> str:
        return (
            f"{self.level}: row {self.row}, field {self.field}, message {self.message}, "
            f"slot {self.slot}: expected {self.expected}, observed {self.observed}"
        )


@dataclass(frozen=True)
class Level:
    """One level's comparison."""

    name: str
    expected: int
    compared: int
    mismatches: int
    first: Mismatch | None


@dataclass(frozen=True)
class Aligned:
    """Places of the rows that are compared with each other, as they came and as they were expected;
    of those that were expected and didn't come, and of those that came and weren't expected."""

    observed: Array
    expected: Array
    lacking: Array
    extra: Array


def align(observed: Array, expected: Array) -> Aligned:
    """By the slots of the rows; within a slot in the order in which they came."""
    here, there = _turns(observed), _turns(expected)
    _, ours, theirs = np.intersect1d(here, there, assume_unique=True, return_indices=True)
    lacking, extra = (np.flatnonzero(~np.isin(a, b)) for a, b in ((there, here), (here, there)))
    return Aligned(ours, theirs, lacking, extra)


def _turns(slots: Array) -> Array:
    """Of each row a number that tells its slot and which row of the slot it is."""
    turns = np.zeros(len(slots), np.int64)
    for slot in np.unique(slots).tolist():
        rows = np.flatnonzero(slots == slot)
        turns[rows] = np.arange(len(rows)) + (slot << 40)
    return turns


def _in_order(observed: Array, expected: Array) -> Aligned:
    """All rows as of one slot."""
    return align(np.zeros(len(observed), np.int64), np.zeros(len(expected), np.int64))


def judge(observed: Observed, expected: Expected, progress: Watch = quiet) -> list[Level]:
    """Every level."""

    def say(level: str) -> None:
        progress(f"comparing {level}", LEVELS.index(level), len(LEVELS))

    say("operations")
    rows = {name: observed.rows(name) for name in observed.records}
    levels = [compare("operations", rows["operations"], expected.operations)]
    say("book")
    levels.append(compare("book", *_books(rows, expected)))
    for level, name, skipped in (
        ("features", "vectors", ()),
        ("network", "network", _DECIDED),
        ("signal", "signals", ()),
    ):
        say(level)
        theirs: Array = getattr(expected, name)
        order = align(rows[name]["slot"], theirs["slot"])
        levels.append(compare(level, rows[name], theirs, order, skipped))
    return levels


def _books(observed: Mapping[str, Array], expected: Expected) -> tuple[Array, Array]:
    """Tops, levels, and why an operation was refused or ignored, as rows of one record each."""
    outcome, ignored = expected.outcome, observed["ignored"]
    assert outcome.levels is not None
    levels = feed_book.levels(observed["tops"], observed["depths"])
    causes = np.where(ignored.astype(bool), 0, observed["causes"])  # what's ignored has none
    return (
        _joined(observed["tops"], observed["depths"]["slot"], levels, causes, ignored),
        _joined(
            outcome.tops, outcome.tops["slot"], outcome.levels, outcome.causes, outcome.ignored
        ),
    )


def _joined(tops: Array, slots: Array, levels: Array, causes: Array, ignored: Array) -> Array:
    shape = (levels.shape[2],)
    parts = [(name, tops.dtype[name], tops[name]) for name in tops.dtype.names or ()]
    parts += [("slot_of_depth", slots.dtype, slots)]
    for side in Side:
        for field in ("price", "shares", "orders"):
            name = f"{side.name.lower()}_{field}_of_level"
            parts.append((name, np.dtype((levels[field].dtype, shape)), levels[field][:, side]))
    parts += [("cause", np.dtype(np.uint8), causes), ("ignored", np.dtype(np.bool_), ignored)]
    rows = np.zeros(len(tops), np.dtype([(name, kind) for name, kind, _ in parts]))
    for name, _, values in parts:
        rows[name] = values
    return rows


def compare(
    level: str,
    observed: Array,
    expected: Array,
    order: Aligned | None = None,
    skipped: tuple[str, ...] = (),
) -> Level:
    """Field by field, row by row as they came, or as they were aligned."""
    order = order or _in_order(observed, expected)
    ours, theirs = order.observed, order.expected
    wrong = np.zeros(len(theirs), np.bool_)
    names = [name for name in expected.dtype.names or () if name not in skipped]
    for name in names:
        differs = observed[name][ours] != expected[name][theirs]
        wrong |= differs.any(axis=tuple(range(1, differs.ndim)))
    mismatches = int(wrong.sum()) + len(order.lacking) + len(order.extra)
    # the first in the exchange's order: what is lacking moves the rest of its slot
    suspects = np.concatenate([theirs[wrong], order.lacking])
    first = None
    if len(suspects):
        place = int(suspects[np.argmin(expected["sequence_number"][suspects])])
        if place in order.lacking:
            first = _alone(level, expected[place], place, ("a row", "no row"))
        else:
            row = observed[ours[np.flatnonzero(theirs == place)[0]]]
            first = _located(level, row, expected[place], names, place)
    elif len(order.extra):
        place = int(order.extra[0])
        first = _alone(level, observed[place], place, ("no row", "a row"))
    return Level(level, len(expected), len(theirs), mismatches, first)


def _located(level: str, observed: Any, expected: Any, names: list[str], place: int) -> Mismatch:
    """The first field that differs."""
    name = next(name for name in names if not np.array_equal(observed[name], expected[name]))
    here, there, field = observed[name], expected[name], name
    if np.ndim(here):
        at = int(np.flatnonzero(here != there)[0])
        here, there, field = here[at], there[at], f"{name}[{at}]"
    message, slot = int(expected["sequence_number"]), int(expected["slot"])
    return Mismatch(level, place, field, message, slot, _text(name, there), _text(name, here))


def _alone(level: str, row: Any, place: int, sides: tuple[str, str]) -> Mismatch:
    """A row that has no other."""
    return Mismatch(level, place, "", int(row["sequence_number"]), int(row["slot"]), *sides)


def _text(field: str, value: Any) -> str:
    number = int(value)
    kinds: dict[str, Any] = {"reason": Reason, "cause": Reason, "operation": Operation}
    known: dict[int, str] = {int(each): each.name.lower() for each in kinds.get(field, ())}
    return known.get(number, f"{number}")
