"""Features: compiled and plain are the same, nothing is seen ahead, the page is the table's."""

from __future__ import annotations

import random
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from sim.checks.feature_numbers import UNSEEN, altered, names
from sim.lib.restless import Venues
from tickwire.book.compiled import Book
from tickwire.data import days
from tickwire.data.events import Events
from tickwire.features import __main__ as features_command
from tickwire.features.kernel import Features, Vectors, triggered
from tickwire.features.naive import NaiveFeatures, octaves
from tickwire.features.package import package
from tickwire.features.page import page
from tickwire.features.table import NAMES, TABLE, TOP, table_hash
from tickwire.gen.records import BOOK_OP, TOP_OF_BOOK, Operation, Reason, Side


@lru_cache(maxsize=None)
def a_day(kind: str, messages: int, instruments: int = 1) -> Events:
    _, chunks = days.read(kind, messages, 3, instruments)
    parts = list(chunks)
    return Events(
        np.concatenate([part.tops for part in parts]),
        np.concatenate([part.levels for part in parts]),
    )


def damaged(seed: int, rows: int) -> Events:
    """A market day with halts, gaps and clears in it, quiet hours, and time that steps back."""
    day = a_day("market", rows + 1000, 3)
    events = Events(day.tops[:rows].copy(), day.levels[:rows].copy())
    generator = np.random.default_rng(seed)
    tops = events.tops
    quiet = (generator.random(rows) < 5e-4) * generator.integers(0, 200_000_000_000, rows)
    tops["timestamp"] += np.cumsum(quiet).astype(np.uint64)
    for start in generator.integers(0, rows, 12).tolist():
        span = slice(start, start + int(generator.integers(1, 400)))
        what = int(generator.integers(0, 4))
        if what == 0:
            tops["stale"][span], tops["reason"][span] = 1, Reason.GAP
            events.levels[span] = 0
        elif what == 1:
            tops["reason"][span] = Reason.HALTED
        elif what == 2:
            tops["operation"][span.start] = Operation.CLEAR
        else:
            tops["operation"][span] = Operation.NONE
    back = generator.integers(0, rows, 20)
    tops["timestamp"][back] -= np.uint64(5_000_000_000)
    events.levels["shares"][generator.integers(0, rows, 50)] = 2**32 - 1
    tops["operation_shares"][generator.integers(0, rows, 50)] = 2**32 - 1
    return events


def naive(events: Events, slots: int = 8) -> Vectors:
    plain = NaiveFeatures(slots)
    rows = [plain.row(top, levels) for top, levels in zip(events.tops, events.levels, strict=True)]
    columns = list(zip(*rows, strict=True))
    return Vectors(*(np.array(column) for column in columns))


def same(fast: Vectors, plain: Vectors) -> None:
    for name in ("values", "event", "warm", "reason"):
        assert np.array_equal(getattr(fast, name), getattr(plain, name)), name


def test_both_agree_on_a_damaged_day() -> None:
    events = damaged(5, 12_000)
    observed, expected = Features().run(events), naive(events)
    same(observed, expected)
    assert 0.4 < observed.event.mean() < 0.99
    assert {Reason.GAP, Reason.HALTED, Reason.WARMING_UP, Reason.OK} <= set(
        observed.reason.tolist()
    )
    assert observed.warm.any() and not observed.warm.all()
    # no feature is asleep: each varies, and one that has a sign takes both
    for index, feature in enumerate(TABLE):
        column = observed.values[:, index]
        assert column.max() > 3 and column.max() <= TOP, feature.name
        assert (column.min() < -3) if feature.signed else (column.min() == 0), feature.name


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2])
def test_both_agree_on_a_hundred_thousand_random_events(seed: int) -> None:
    events = damaged(seed, 100_000)
    observed = Features().run(events)
    same(observed, naive(events))
    assert len(observed.values) == 100_000 and observed.event.mean() > 0.4


def test_both_agree_on_a_day_with_everything_in_it() -> None:
    """Cheap and dear instruments, a crossed opening, halts, replaces, sweeps."""
    events = a_day("flow", 12_000, 8)
    observed = Features().run(events)
    same(observed, naive(events))
    assert 0.3 < observed.event.mean() < 0.9
    assert {Reason.LOCKED, Reason.CROSSED} <= set(observed.reason.tolist())


def test_a_day_may_be_cut_anywhere() -> None:
    events = a_day("market", 21_000)
    whole = Features().run(events)
    engine = Features()
    parts = [engine.run(events.rows(slice(at, at + 977))) for at in range(0, len(events), 977)]
    for name in ("values", "event", "warm", "reason"):
        joined = np.concatenate([getattr(part, name) for part in parts])
        assert np.array_equal(joined, getattr(whole, name))
    assert len(whole.values) == len(events) > 20_000


@pytest.mark.parametrize("what", ["deleted", "shuffled", "damaged"])
def test_what_comes_later_changes_no_feature(what: str) -> None:
    events = a_day("market", 21_000)
    whole = Features().run(events)
    generator = np.random.default_rng(1)
    for now in (1_000, 7_777, 19_000):
        later = np.arange(now + 1, len(events))
        if what == "deleted":
            later = later[:0]
        elif what == "shuffled":
            later = generator.permutation(later)
        changed = events.rows(np.concatenate([np.arange(now + 1), later]))
        if what == "damaged":
            changed.levels["shares"][now + 1 :] = 1
            changed.tops["timestamp"][now + 1 :] = 0
        observed = Features().run(changed)
        assert np.array_equal(observed.values[: now + 1], whole.values[: now + 1])
        assert np.array_equal(observed.warm[: now + 1], whole.warm[: now + 1])


@lru_cache(maxsize=None)
def of_one() -> Events:
    return a_day("market", 6_000)


def test_only_differences_of_prices_and_times_count() -> None:
    """All prices higher, and the whole day later by whole buckets: the same features."""
    day, first = of_one(), Features().run(of_one())
    assert first.warm.any() and len(np.unique(first.values)) > 200
    higher = Events(day.tops.copy(), day.levels.copy())
    for prices in (higher.levels["price"], higher.tops["bid_price"], higher.tops["ask_price"]):
        prices[prices > 0] += 777_000
    later = Events(day.tops.copy(), day.levels)
    later.tops["timestamp"] += np.uint64(3 << 34)
    for other in (higher, later):
        same(Features().run(other), first)
        same(naive(other), first)


def test_buy_and_sell_are_mirror_images() -> None:
    """Bids and asks exchanged, prices turned around: what has a sign has the other one."""
    day, top = of_one(), 10_000_000
    turned = Events(day.tops.copy(), day.levels[:, ::-1].copy())
    there = turned.levels["price"] > 0
    turned.levels["price"][there] = top - turned.levels["price"][there]
    for mine, its in (("bid", "ask"), ("ask", "bid")):
        prices = day.tops[f"{its}_price"].astype(np.int64)
        turned.tops[f"{mine}_price"] = np.where(prices > 0, top - prices, 0)
        turned.tops[f"{mine}_shares"] = day.tops[f"{its}_shares"]
    turned.tops["operation_side"] = 1 - day.tops["operation_side"]
    one, other = Features().run(day), Features().run(turned)
    assert np.array_equal(one.event, other.event) and np.array_equal(one.warm, other.warm)
    for index, feature in enumerate(TABLE):
        mine, theirs = one.values[:, index], other.values[:, index]
        even = not feature.signed or feature.name == "spread_change"  # which has no side
        # shifts round downwards, and so not alike on both sides of 0
        off = 0 if even else 6
        assert np.abs(theirs - (mine if even else -mine)).max() <= off, feature.name
        assert len(np.unique(mine)) > 3


def test_the_trigger_follows_the_packets() -> None:
    tops = TOP_OF_BOOK.empty(7)
    tops["slot"] = [2, 0, 1, 1, 0, 0, 3]
    tops["operation"] = [1, 1, 1, 2, 0, 0, 1]
    tops["last_of_packet"] = [0, 0, 1, 1, 1, 1, 0]
    assert triggered(tops).tolist() == [[2, 1], [2, 0], [2, 2], [3, 1]]
    assert triggered(tops, each_change=True).tolist() == [[0, 2], [1, 0], [2, 1], [3, 1], [6, 3]]


@pytest.mark.parametrize("first", [Side.BUY, Side.SELL])
def test_a_snapshot_counts_when_both_sides_have_come(first: Side) -> None:
    """trust shows a whole book at once, but a record brings one side of it."""
    add, other = Operation.ADD, 1 - first
    loads = [(add, side, 10_000 + (100 if side else -100) * level, 10) for side in Side
             for level in range(1, 4)]  # fmt: skip
    near = {Side.BUY: 9_950, Side.SELL: 10_050}
    rows = [
        (Operation.LOAD, 0, 0, 0),
        *loads,
        (Operation.TRUST, 0, 0, 0),
        *[(add, first, near[first], 5 + more) for more in range(3)],  # of one side: no event
        (add, other, near[Side(other)], 7),  # the slot's first event
        (add, first, near[first], 9),
    ]
    ops = BOOK_OP.empty(len(rows))
    for name, column in zip(
        ("operation", "side", "price", "shares"), zip(*rows, strict=True), strict=True
    ):
        ops[name] = column
    ops["order_reference"] = np.arange(len(rows)) + 1
    outcome = Book(2).apply(ops, levels=True)
    assert outcome.levels is not None
    events = Events(outcome.tops, outcome.levels)
    observed = Features().run(events)
    same(observed, naive(events))
    assert np.flatnonzero(observed.event).tolist() == [len(rows) - 2, len(rows) - 1]
    assert (outcome.tops["reason"][-6:] == Reason.OK).all()
    flow, spread = NAMES.index("flow_1"), NAMES.index("spread")
    assert (
        not observed.values[-2, flow] and observed.values[-1, flow] and observed.values[-2, spread]
    )
    # a resume is of the buy side, as the hardware has it
    resumed = Events(outcome.tops.copy(), outcome.levels)
    resumed.tops["operation"][-3] = Operation.RESUME
    resumed.tops["operation_side"][-3] = 0
    observed = Features().run(resumed)
    same(observed, naive(resumed))
    assert bool(observed.event[-3]) == (first == Side.SELL) and not observed.event[-4]


def test_logarithms_are_close_and_never_step_back() -> None:
    values = [octaves(y) for y in range(1, 5000)]
    assert values == sorted(values)
    exact = 16 * np.log2(np.arange(1, 5000))
    assert np.abs(np.array(values) - exact).max() < 2.4


def test_the_plain_model_has_the_tables_names() -> None:
    """In their order; it states them itself."""
    plain, events = NaiveFeatures(), a_day("market", 2_000)
    for top, levels in zip(events.tops, events.levels, strict=True):
        plain.row(top, levels)
    assert tuple(plain.names(0)) == NAMES


def test_each_number_changed_alone_is_seen() -> None:
    """The kernel with one number of the table more or less, against the plain model."""
    events = Venues(random.Random(1), tuple(range(4))).events(12_000)
    expected, unseen = naive(events), set()
    same(Features().run(events), expected)
    for name in names():
        for step in (1, -1):
            observed = Features(table=altered(name, step)).run(events)
            if all(
                np.array_equal(getattr(observed, field), getattr(expected, field))
                for field in ("values", "event", "warm", "reason")
            ):
                unseen.add(name)
    assert unseen == {UNSEEN} and len(names()) > 180
    observed = Features(table=altered(UNSEEN, 1_000)).run(events)
    assert not np.array_equal(observed.values, expected.values)


def test_page_and_package_follow_the_table() -> None:
    for name in names():
        table = altered(name, 1)
        assert page(table) != page() and package(table) != package(), name


def test_what_models_depend_on_is_what_it_was() -> None:
    """Kept weights carry it."""
    assert table_hash().startswith("7fd633c01c032371")


def test_the_page_is_what_the_table_makes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert features_command.main(["--check"]) == 0
    assert features_command.main(["--root", str(tmp_path)]) == 0
    text = tmp_path / "docs" / "reference" / "features.md"
    assert all(f"`{name}`" in text.read_text() for name in NAMES)
    assert "KNEE_SPREAD = 7;" in (tmp_path / "hw" / "gen" / "feature_table_pkg.sv").read_text()
    text.write_text(text.read_text().replace("127", "126", 1))
    assert features_command.main(["--check", "--root", str(tmp_path)]) == 1
    assert "docs/reference/features.md" in capsys.readouterr().out
