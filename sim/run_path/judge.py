"""Expected against observed, level by level: how much was compared, and where it differs.

Rows are compared in their order; vectors and what follows from them in the order of each slot,
since the vectors of a packet's other instruments may be overtaken. A row that is only there or only
here differs. The level at fault is the first one on the path that differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tickwire.board.virtual import feed_book
from tickwire.board.virtual.observed import Observed
from tickwire.gen.records import Operation, Reason, Side
from tickwire.replay.path import Expected

Array = npt.NDArray[Any]

LEVELS = ("operations", "book", "features", "network", "signal")  # on the path, in order
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
    """Places of the rows in the order of the slots, as they came and as they were expected."""

    observed: Array
    expected: Array


def align(observed: Array, expected: Array) -> Aligned:
    """By slot; within one in the order in which they came."""
    return Aligned(np.argsort(observed, kind="stable"), np.argsort(expected, kind="stable"))


def judge(observed: Observed, expected: Expected) -> list[Level]:
    """Every level."""
    rows = {name: observed.rows(name) for name in observed.records}
    levels = [
        compare("operations", rows["operations"], expected.operations),
        compare("book", *_books(rows, expected)),
    ]
    for level, name, skipped in (
        ("features", "vectors", ()),
        ("network", "network", _DECIDED),
        ("signal", "signals", ()),
    ):
        theirs: Array = getattr(expected, name)
        order = align(rows[name]["slot"], theirs["slot"])
        here, there = rows[name][order.observed], theirs[order.expected]
        levels.append(compare(level, here, there, order.expected, skipped))
    return levels


def _books(observed: Mapping[str, Array], expected: Expected) -> tuple[Array, Array]:
    """Tops, levels, and why an operation was refused or ignored, as rows of one record each."""
    outcome, ignored = expected.outcome, observed["ignored"]
    assert outcome.levels is not None
    levels = feed_book.levels(observed["tops"], observed["depths"])
    causes = np.where(ignored.astype(bool), 0, observed["causes"])  # what's ignored has none
    return (
        _joined(observed["tops"], levels, causes, ignored),
        _joined(outcome.tops, outcome.levels, outcome.causes, outcome.ignored),
    )


def _joined(tops: Array, levels: Array, causes: Array, ignored: Array) -> Array:
    shape = (levels.shape[2],)
    parts = [(name, tops.dtype[name], tops[name]) for name in tops.dtype.names or ()]
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
    places: Array | None = None,
    skipped: tuple[str, ...] = (),
) -> Level:
    """Field by field; `places` are the expected rows' places in the level's own order."""
    common = min(len(observed), len(expected))
    wrong = np.zeros(common, np.bool_)
    names = [name for name in expected.dtype.names or () if name not in skipped]
    for name in names:
        differs = observed[name][:common] != expected[name][:common]
        wrong |= differs.any(axis=tuple(range(1, differs.ndim)))
    mismatches = int(wrong.sum()) + abs(len(observed) - len(expected))
    first = None
    if wrong.any():
        rows = np.flatnonzero(wrong)
        row = int(rows[np.argmin(expected["sequence_number"][rows])])
        place = row if places is None else int(places[row])
        first = _located(level, observed[row], expected[row], names, place)
    elif mismatches:
        first = _lacking(level, observed, expected, places)
    return Level(level, len(expected), common, mismatches, first)


def _located(level: str, observed: Any, expected: Any, names: list[str], place: int) -> Mismatch:
    """The first field that differs."""
    name = next(name for name in names if not np.array_equal(observed[name], expected[name]))
    here, there, field = observed[name], expected[name], name
    if np.ndim(here):
        at = int(np.flatnonzero(here != there)[0])
        here, there, field = here[at], there[at], f"{name}[{at}]"
    message, slot = int(expected["sequence_number"]), int(expected["slot"])
    return Mismatch(level, place, field, message, slot, _text(name, there), _text(name, here))


def _lacking(level: str, observed: Array, expected: Array, places: Array | None) -> Mismatch:
    """The first row that has no other."""
    common = min(len(observed), len(expected))
    if len(expected) > common:
        row, sides = expected[common], ("a row", "no row")
        place = common if places is None else int(places[common])
    else:
        row, sides, place = observed[common], ("no row", "a row"), common
    return Mismatch(level, place, "", int(row["sequence_number"]), int(row["slot"]), *sides)


def _text(field: str, value: Any) -> str:
    number = int(value)
    kinds: dict[str, Any] = {"reason": Reason, "cause": Reason, "operation": Operation}
    return kinds[field](number).name.lower() if field in kinds else f"{number}"
