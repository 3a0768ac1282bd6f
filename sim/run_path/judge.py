"""What came out of the path, level by level, against what had to: how much, and where it differs.

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

from sim.lib import feed_judge
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
    got: str

    def __str__(self) -> str:
        return (
            f"{self.level}: row {self.row}, field {self.field}, message {self.message}, "
            f"slot {self.slot}: expected {self.expected}, got {self.got}"
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
    """Rows of vectors as they came, in the order of the slots, and as they were expected."""

    seen: Array
    expected: Array


def align(seen: Array, expected: Array) -> Aligned:
    """By slot; within one in the order in which they came."""
    return Aligned(np.argsort(seen, kind="stable"), np.argsort(expected, kind="stable"))


def judge(shown: Observed, told: Expected) -> list[Level]:
    """Every level."""
    seen = {name: shown.rows(name) for name in shown.records}
    book_seen, book_told = _books(seen, told)
    levels = [
        compare("operations", seen["operations"], told.operations),
        compare("book", book_seen, book_told),
    ]
    for level, name, skipped in (
        ("features", "vectors", ()),
        ("network", "network", _DECIDED),
        ("signal", "signals", ()),
    ):
        theirs: Array = getattr(told, name)
        way = align(seen[name]["slot"], theirs["slot"])
        levels.append(
            compare(level, seen[name][way.seen], theirs[way.expected], way.expected, skipped)
        )
    return levels


def _books(seen: Mapping[str, Array], told: Expected) -> tuple[Array, Array]:
    """Tops, levels, and why an operation was refused or ignored, as rows of one record each."""
    assert told.outcome.levels is not None
    shown = feed_book.levels(seen["tops"], seen["depths"])
    causes = np.where(seen["ignored"].astype(bool), 0, seen["causes"])  # what's ignored has none
    return (
        _joined(seen["tops"], shown, causes, seen["ignored"]),
        _joined(told.outcome.tops, told.outcome.levels, told.outcome.causes, told.outcome.ignored),
    )


def _joined(tops: Array, levels: Array, causes: Array, ignored: Array) -> Array:
    shape = (levels.shape[2],)
    parts = [(name, tops.dtype[name], tops[name]) for name in tops.dtype.names or ()]
    for side in Side:
        for field in ("price", "shares", "orders"):
            name = f"{side.name.lower()}_{field}_of_level"
            parts.append((name, np.dtype((levels[field].dtype, shape)), levels[field][:, side]))
    parts += [("cause", np.dtype(np.uint8), causes), ("ignored", np.dtype(np.bool_), ignored)]
    made = np.zeros(len(tops), np.dtype([(name, kind) for name, kind, _ in parts]))
    for name, _, values in parts:
        made[name] = values
    return made


def compare(
    level: str,
    got: Array,
    told: Array,
    places: Array | None = None,
    skipped: tuple[str, ...] = (),
) -> Level:
    """Field by field; `places` are the rows' places in the level's own order."""
    common = min(len(got), len(told))
    wrong = np.zeros(common, np.bool_)
    names = [name for name in told.dtype.names or () if name not in skipped]
    for name in names:
        wrong |= _differs(got[name][:common], told[name][:common])
    mismatches = int(wrong.sum()) + abs(len(got) - len(told))
    first = None
    if wrong.any():
        rows = np.flatnonzero(wrong)
        row = int(rows[np.argmin(told["sequence_number"][rows])])
        first = _located(level, got[row], told[row], names, row, places)
    elif mismatches:
        first = _lacking(level, got, told, common, places)
    return Level(level, len(told), common, mismatches, first)


def _differs(got: Array, told: Array) -> Array:
    differs: Array = got != told
    return differs.any(axis=tuple(range(1, differs.ndim))) if differs.ndim > 1 else differs


def _located(
    level: str, got: Any, told: Any, names: list[str], row: int, places: Array | None
) -> Mismatch:
    for name in names:
        if np.array_equal(got[name], told[name]):
            continue
        shown, theirs, field = got[name], told[name], name
        if np.ndim(shown):
            at = int(np.flatnonzero(shown != theirs)[0])
            shown, theirs, field = shown[at], theirs[at], f"{name}[{at}]"
        place = row if places is None else int(places[row])
        return Mismatch(
            level,
            place,
            field,
            int(told["sequence_number"]),
            int(told["slot"]),
            _text(name, theirs),
            _text(name, shown),
        )
    raise AssertionError("no field differs")


def _lacking(level: str, got: Array, told: Array, common: int, places: Array | None) -> Mismatch:
    here, more = (told, "no row") if len(told) > common else (got, "a row more")
    one = here[common]
    place = common if places is None or len(told) <= common else int(places[common])
    said = (more, "") if len(got) > common else ("a row", more)
    return Mismatch(level, place, "", int(one["sequence_number"]), int(one["slot"]), *said)


def _text(field: str, value: Any) -> str:
    number = int(value)
    kinds: dict[str, Any] = {"reason": Reason, "cause": Reason, "operation": Operation}
    return kinds[field](number).name.lower() if field in kinds else f"{number}"


# -- How late --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stages:
    """Cycles of each stage, of what passed it, and from a message's last byte to its signal: of the
    message's own instrument, and of the others of its packet, which follow. `own` says which a
    signal is, in the order of the slots."""

    cycles: dict[str, Array]
    own: Array
    message: Array  # the sequence number of each signal


def stages(shown: Observed, told: Expected) -> Stages | None:
    """Nothing where rows are lacking: then no row is known to be of another."""
    counts = [len(shown.records[name][0]) for name in ("operations", "tops")]
    later = [len(shown.records[name][0]) for name in ("vectors", "network", "signals")]
    if set(counts) != {len(told.operations)} or set(later) != {len(told.vectors)}:
        return None
    operations, tops = shown.cycles_of("operations"), shown.cycles_of("tops")
    stamp = shown.rows("operations")["message_cycle"].astype(np.int64)
    vectors, network, signals = (shown.cycles_of(n) for n in ("vectors", "network", "signals"))
    made = shown.rows("vectors")
    way = align(made["slot"], told.vectors["slot"])
    sent = told.sends[way.expected]
    own = told.outcome.tops["slot"][sent] == told.vectors["slot"][way.expected]
    ready = vectors[way.seen] - tops[sent]
    whole = (signals - made["message_cycle"].astype(np.int64))[way.seen]
    cycles = {
        "operations": operations - stamp,
        "book": tops - operations,
        "features": ready[own],
        "network": network - vectors,
        "signal": signals - network,
        "tick to signal": whole[own],
    }
    if (~own).any():
        cycles["tick to signal, others"] = whole[~own]
    return Stages(cycles, own, told.vectors["sequence_number"][way.expected])


def spread(values: Array) -> tuple[int, int, int, int]:
    """Min, p50, p99, max, each a value that occurs."""
    kinds = np.percentile(values, [0, 50, 99, 100], method="inverted_cdf")
    return tuple(int(one) for one in kinds)  # type: ignore[return-value]


@dataclass(frozen=True)
class Waits:
    """Signals of a message's own instrument: the latency of those that nothing held up, and how
    many others had each cause. `unknown`: those that didn't take exactly that and their waits."""

    all: int
    unwaited: int
    least: int
    most: int
    causes: dict[str, int]
    unknown: int


def waits(shown: Observed, told: Expected, spacing: int, loop: int) -> Waits:
    """When each operation leaves op_gate, and each vector nn's queue, follows from when they came:
    operations are `spacing` cycles apart, a replace is 2 longer, vectors are 2 cycles apart and
    `loop` from the last step of their slot (1: the network has no state)."""
    found = stages(shown, told)
    assert found is not None
    way = align(shown.rows("vectors")["slot"], told.vectors["slot"])
    sent = told.sends[way.expected][found.own]
    came, causes = shown.cycles_of("operations"), shown.rows("causes")
    before, longer = (
        waited[sent] for waited in feed_judge.waits(came, causes, told.operations, spacing)
    )
    steps = np.zeros(len(told.steps), np.bool_)
    steps[way.seen] = told.steps[way.expected]
    paced, looped = (waited[way.seen][found.own] for waited in _in_network(shown, steps, loop))
    whole = found.cycles["tick to signal"]
    free = (before == 0) & (longer == 0) & (paced == 0) & (looped == 0)
    least = int(whole[free].min()) if free.any() else 0
    by = {
        "a_replace": longer,
        "operations_before": before,
        "vectors_before": paced,
        "its_slots_last_step": looped,
    }
    return Waits(
        len(whole),
        int(free.sum()),
        least,
        int(whole[free].max()) if free.any() else 0,
        {name: int((waited > 0).sum()) for name, waited in by.items()},
        int((whole != least + before + longer + paced + looped).sum()),
    )


def _in_network(shown: Observed, steps: Array, loop: int) -> tuple[Array, Array]:
    """Of each vector, in the order in which they came: cycles that it waited for the one before,
    and from then on for the last step of its slot."""
    came, made = shown.cycles_of("vectors"), shown.rows("vectors")
    paced, looped = np.zeros(len(came), np.int64), np.zeros(len(came), np.int64)
    last, stepped = -2, dict[int, int]()
    rows = zip(came.tolist(), made["slot"].tolist(), made["warm"].tolist(), steps, strict=True)
    for row, (cycle, slot, warm, step) in enumerate(rows):
        goes = max(cycle, last + 2)
        paced[row] = goes - cycle
        if step or not warm:
            looped[row] = max(0, stepped.get(slot, goes - loop) + loop - goes)
        last = goes + int(looped[row])
        if step:
            stepped[slot] = last
    return paced, looped
