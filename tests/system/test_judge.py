"""The path's judge finds what is wrong where it is: each bit of each record, and each row.

No simulator: what "was observed" is the host's own replay, packed as the RTL packs it, with one
thing changed. Vectors come in another order of the slots than was expected, as they may.
"""

from __future__ import annotations

import random
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from hwtools.bits import RangeError, pack, unpack
from sim.run_path.frames import FRAME
from sim.run_path.judge import LEVELS, Level, align, compare, judge
from sim.run_path.latency import stages
from sim.run_path.orders import ORDER, WIRE
from tickwire.board.virtual.core import LAYOUTS
from tickwire.board.virtual.observed import Observed
from tickwire.book.compiled import Book
from tickwire.exchange.flow import Day, DayConfig, packets
from tickwire.gen.records import DEPTH, SLOTS, Operation
from tickwire.replay import path
from tickwire.replay.path import Expected
from tickwire.replay.signals import SETTINGS, Signals
from tickwire.wire import itch, mold
from tickwire.wire.operations import operations

LEVEL_OF = {
    "operations": "operations",
    "vectors": "features",
    "network": "network",
    **dict.fromkeys(("tops", "depths", "causes", "ignored"), "book"),
    "signals": "signal",
}
BY_SLOT = ("vectors", "network", "signals")
# The network's record holds these, but they are made behind it.
NOT_YET = ("decision", "strength", "model_id")


class Sums:
    """A network whose scores take both signs."""

    def scores(self, vectors: Any, clear: Any) -> Any:
        del clear
        sums = np.asarray(vectors, np.int64).sum(axis=1)
        return np.stack([sums, -sums, 2 * sums, 3 - sums, sums + 1], axis=1)


@lru_cache(maxsize=None)
def expected() -> Expected:
    day = Day(DayConfig(seed=5, events=2_500, symbols=("AAAA", "BBBB", "CCCC")))
    unpacked = mold.depacketise(packets(day.messages()))
    ops = operations(
        itch.decode(unpacked.stream),
        day.locates,
        sequence=unpacked.message_sequence,
        last=unpacked.last_of_packet,
    )
    settings = np.zeros(SLOTS, SETTINGS)
    settings["buy_threshold"], settings["sell_threshold"] = 300, -300
    outcome = Book(SLOTS).apply(ops, levels=True)
    # some operations were ignored, some refused, as after a gap; nothing else depends on it
    generator = np.random.default_rng(1)
    outcome.ignored[:] = generator.random(len(ops)) < 0.1
    outcome.causes[:] = np.where(generator.random(len(ops)) < 0.1, 17, 0) * ~outcome.ignored
    return path.replay(ops, outcome, Sums(), Signals(settings, 0x123456789ABCDEF0))


@lru_cache(maxsize=None)
def order() -> Any:
    """Places of the expected vectors in the order in which they "came": within a packet, any."""
    sends, rng = expected().sends, random.Random(3)
    packets_of = [np.flatnonzero(sends == one).tolist() for one in np.unique(sends)]
    return np.array([place for rows in packets_of for place in rng.sample(rows, len(rows))])


@lru_cache(maxsize=None)
def packed() -> dict[str, Any]:
    """The bytes of each record, as they come out of the RTL."""
    should = expected()
    outcome, rows = should.outcome, np.arange(len(should.operations))
    assert outcome.levels is not None
    depths = DEPTH.empty(len(rows))
    depths["slot"] = outcome.tops["slot"]
    depths["side"] = side = outcome.tops["operation_side"]
    for name, theirs in (("prices", "price"), ("shares", "shares"), ("orders", "orders")):
        depths[name] = outcome.levels[theirs][rows, side]
    records = {
        "operations": should.operations,
        "tops": outcome.tops,
        "depths": depths,
        **{name: getattr(should, name)[order()] for name in BY_SLOT},
    }
    words = {name: pack(rows, LAYOUTS[name]) for name, rows in records.items() if LAYOUTS[name]}
    for name in ("causes", "ignored"):
        words[name] = np.asarray(getattr(outcome, name)).astype(np.uint8)[:, None]
    return words


def observed(**changed: Any) -> Observed:
    rows = {**packed(), **changed}
    cycles = {name: (np.arange(len(each)), each) for name, each in rows.items()}
    return Observed(0, np.zeros(0), cycles, LAYOUTS)


def wrong(levels: list[Level]) -> list[Level]:
    return [level for level in levels if level.mismatches or level.first]


def test_nothing_is_wrong_with_what_is_right() -> None:
    levels = judge(observed(), expected())
    assert [level.name for level in levels] == list(LEVELS) and wrong(levels) == []
    assert all(level.compared == level.expected > 300 for level in levels)
    assert len(np.unique(expected().vectors["slot"])) == 3
    assert (np.diff(order()) < 0).sum() > 20
    assert (expected().network["scores"] < 0).any() and (expected().vectors["values"] < 0).any()


# -- Each bit --------------------------------------------------------------------------------------


def places(name: str, row: int) -> int:
    return int(order()[row]) if name in BY_SLOT else row


def flipped(name: str, row: int, bit: int) -> Any:
    words = packed()[name].copy()
    words[row, -1 - bit // 8] ^= 1 << bit % 8
    return words


def field_of(name: str, row: int, words: Any) -> str:
    """The field that differs, as the judge calls it."""
    layout = LAYOUTS[name]
    if layout is None:
        caused = name == "ignored" and packed()["causes"][row, 0]  # what is ignored has no cause
        return "cause" if name == "causes" or caused else name
    before, after = (unpack(each[row : row + 1], layout)[0] for each in (packed()[name], words))
    (field,) = (
        each for each in before.dtype.names if not np.array_equal(before[each], after[each])
    )
    if name == "depths" and field == "slot":
        return "slot_of_depth"
    if name == "depths" and field != "side":
        side = "sell" if before["side"] else "buy"
        named = {"prices": "price"}.get(field, field)
        place = np.flatnonzero(before[field] != after[field])[0]
        return f"{side}_{named}_of_level[{place}]"
    if np.ndim(before[field]):
        return f"{field}[{np.flatnonzero(before[field] != after[field])[0]}]"
    return str(field)


def is_shown(name: str, row: int, field: str) -> bool:
    """Whether the judge may look at it at all."""
    outcome = expected().outcome
    top = outcome.tops[row] if name in ("depths", "causes") else None
    if name == "network":
        return field not in NOT_YET
    if name == "causes":
        return not outcome.ignored[row]
    if name == "depths":  # of a book that is empty no depth is asked for
        cleared = (Operation.CLEAR, Operation.LOAD)
        empty = top is not None and (top["stale"] or top["operation"] in cleared)
        return field == "slot_of_depth" or (field != "side" and not empty)
    return True


def a_bit(name: str, rng: random.Random) -> int:
    """Any field, then any of its bits; the least significant of the record is 0."""
    layout = LAYOUTS[name]
    if layout is None:
        return rng.randrange(8) if name == "causes" else 0
    at = rng.randrange(len(layout.fields))
    behind = sum(each.bits for each in layout.fields[at + 1 :])
    return behind + rng.randrange(layout.fields[at].bits)


def try_bits(draws: int, seed: int) -> set[str]:
    """Single bits of random rows; the fields that were met."""
    rng, met = random.Random(seed), set[str]()
    while draws:
        name = rng.choice(list(packed()))
        row, bit = rng.randrange(len(packed()[name])), a_bit(name, rng)
        words = flipped(name, row, bit)
        try:
            field = field_of(name, row, words)
        except RangeError:  # no such reason, no such operation: the record itself is refused
            draws -= 1
            with pytest.raises(RangeError, match=f"row {row}: "):
                judge(observed(**{name: words}), expected())
            continue
        if not is_shown(name, row, field):
            continue
        draws -= 1
        met.add(f"{name} {field.partition('[')[0]}")
        levels = judge(observed(**{name: words}), expected())
        (level,) = wrong(levels)
        first, place = level.first, places(name, row)
        where = (name, row, bit)
        assert first is not None and level.name == LEVEL_OF[name], where
        theirs = getattr(expected(), name) if name in BY_SLOT else expected().operations
        assert first.message == int(theirs["sequence_number"][place]), where
        assert first.expected != first.observed, where
        if name in BY_SLOT and field == "slot":  # then others of its packet may be compared wrong
            continue
        assert (first.row, first.slot, first.field) == (place, theirs["slot"][place], field), where
        assert name in ("tops", "depths") or level.mismatches == 1, where
    return met


def test_one_wrong_bit_is_found_at_its_level_row_and_field() -> None:
    assert len(try_bits(300, 1)) > 40


@pytest.mark.parametrize("name", BY_SLOT)
def test_a_wrong_sign_is_found(name: str) -> None:
    """Which no single bit is."""
    layout, rng = LAYOUTS[name], random.Random(6)
    assert layout is not None
    records = unpack(packed()[name], layout)
    for field in (each.name for each in layout.fields if each.kind == "signed"):
        rows = np.flatnonzero(records[field].reshape(len(records), -1).any(axis=1)).tolist()
        if not rows or (name == "network" and field in NOT_YET):
            continue
        for row in rng.sample(rows, 5):
            changed = records.copy()
            changed[field][row] = -changed[field][row]
            (level,) = wrong(judge(observed(**{name: pack(changed, layout)}), expected()))
            assert level.first is not None and level.first.row == places(name, row)
            assert level.first.field.partition("[")[0] == field
            assert int(level.first.expected) == -int(level.first.observed) != 0


@pytest.mark.long
def test_ten_thousand_wrong_bits_are_found() -> None:
    """Of every field of every record."""
    met = try_bits(10_000, 2)
    for name in packed():
        layout = LAYOUTS[name]
        for field in layout.fields if layout and name != "depths" else ():
            if not (name == "network" and field.name in NOT_YET):
                assert f"{name} {field.name}" in met


@pytest.mark.parametrize(("name", "kind"), [("order", ORDER), ("wire", WIRE), ("frame", FRAME)])
def test_a_wrong_bit_on_the_way_out_is_found(name: str, kind: Any) -> None:
    """In every field of a decision and of a message sent, its cycle among them."""
    rng = np.random.default_rng(7)
    should = np.frombuffer(rng.bytes(50 * kind.itemsize), kind)
    assert compare(name, should, should).first is None
    for field in kind.names:
        row, wrong_rows = int(rng.integers(50)), should.copy()
        places = wrong_rows[field].reshape(50, -1)
        place = int(rng.integers(places.shape[1]))
        places[row, place] ^= places.dtype.type(1)
        level = compare(name, wrong_rows, should)
        assert level.mismatches == 1 and level.first is not None, field
        assert (level.first.row, level.first.field.partition("[")[0]) == (row, field)
        assert level.first.expected != level.first.observed


# -- Each row --------------------------------------------------------------------------------------

GROUPS = [("operations",), ("tops", "depths", "causes", "ignored"), *((one,) for one in BY_SLOT)]


@pytest.mark.parametrize("what", ["lost", "doubled", "late"])
@pytest.mark.parametrize("names", GROUPS)
def test_a_row_that_is_lost_doubled_or_late_is_found(names: tuple[str, ...], what: str) -> None:
    """Though the rows of three slots stand behind each other."""
    rng, count = random.Random(4), len(packed()[names[0]])
    slots = expected().vectors["slot"][order()] if names[0] in BY_SLOT else np.zeros(count)
    for row in [0, count - 1, *(rng.randrange(count) for _ in range(10))]:
        same = np.flatnonzero(slots == slots[row])
        behind = same[same > row]
        if what == "late" and not len(behind):
            continue
        rows = list(range(count))
        place = places(names[0], row)
        if what == "lost":
            del rows[row]
        elif what == "doubled":
            rows.insert(row, row)
            place = places(names[0], int(behind[0])) if len(behind) else row + 1
        else:
            rows.remove(row)
            rows.insert(int(rng.choice(behind[:5].tolist())), row)
        changed = {name: packed()[name][rows] for name in names}
        (level,) = wrong(judge(observed(**changed), expected()))
        first = level.first
        assert first is not None and level.name == LEVEL_OF[names[0]]
        assert first.row == place, (row, first)
        sides = (first.expected, first.observed)
        if what == "doubled" and not len(behind):
            assert sides == ("no row", "a row") and first.field == ""
        elif what == "lost" and not len(behind):
            assert sides == ("a row", "no row") and first.field == ""
        else:
            assert first.field != "" and sides[0] != sides[1]
        assert level.compared == count - (what == "lost") and level.expected == count
        # the other slots' rows are where they were
        assert level.mismatches <= len(same) + 1


def test_the_rows_of_another_slot_are_left_alone() -> None:
    """By hand: of slots 1 0 1 0, where the second row is lost and a row of slot 7 comes."""
    way = align(np.array([1, 1, 7, 0]), np.array([1, 0, 1, 0]))
    pairs = sorted(zip(way.observed.tolist(), way.expected.tolist(), strict=True))
    assert pairs == [(0, 0), (1, 2), (3, 1)]
    assert way.lacking.tolist() == [3] and way.extra.tolist() == [2]
    none = align(np.zeros(0, np.uint8), np.array([2]))
    assert none.lacking.tolist() == [0] and not len(none.observed) and not len(none.extra)


def test_rows_that_are_alone_are_counted_and_the_first_is_told() -> None:
    """Three of slot 0 and one of slot 1 are expected; the second slot brings two more."""
    should = expected().vectors[:6].copy()
    should["slot"], should["sequence_number"] = [0, 0, 1, 0, 1, 1], np.arange(6) + 10
    came = should[[2, 4, 5, 0]]
    level = compare("features", came, should, align(came["slot"], should["slot"]))
    assert (level.expected, level.compared, level.mismatches) == (6, 4, 2)
    assert level.first is not None
    assert (level.first.row, level.first.message, level.first.slot) == (1, 11, 0)
    level = compare("features", should, came, align(should["slot"], came["slot"]))
    assert (level.expected, level.compared, level.mismatches) == (4, 4, 2)
    assert level.first is not None
    assert (level.first.row, level.first.message, level.first.observed) == (1, 11, "a row")


def test_what_is_left_out_is_nowhere_found() -> None:
    should = expected().network
    for field in NOT_YET:
        changed = should.copy()
        changed[field][11] = 1 - changed[field][11] % 2
        assert compare("network", changed, should, None, NOT_YET).mismatches == 0
        assert compare("network", changed, should).mismatches == 1


def test_where_a_row_is_lacking_no_latency_is_told() -> None:
    assert stages(observed(), expected()) is not None
    for names in GROUPS:
        short = {name: packed()[name][1:] for name in names if name not in ("causes", "ignored")}
        assert stages(observed(**short), expected()) is None
    assert replace(judge(observed(), expected())[0]).first is None
