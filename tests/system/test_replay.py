"""The host's replay of the path: against a naive one, and against what is trained on."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from models.train import labels, students
from models.train.stream import exact_outputs, exact_scores
from tickwire.book.compiled import Book
from tickwire.book.naive import NaiveBook
from tickwire.book.types import Outcome
from tickwire.data.events import About, Events
from tickwire.exchange.flow import Day, DayConfig, packets
from tickwire.exchange.market import Market, MarketConfig
from tickwire.features.naive import NaiveFeatures
from tickwire.gen.records import SLOTS, TOP_OF_BOOK, Operation, Reason
from tickwire.replay import path
from tickwire.replay.signals import SETTINGS, Signals
from tickwire.wire import itch, mold
from tickwire.wire.operations import operations

Array = np.ndarray[Any, Any]
UNIT = 256


class Recurrent:
    """A network that is nothing but a sum of what it saw since it was cleared."""

    def __init__(self) -> None:
        self.state = 0

    def step(self, values: Any) -> list[int]:
        self.state = (5 * self.state + sum(int(value) for value in values)) % 997
        return [self.state, 7, 997 - self.state, -self.state, 3]

    def scores(self, vectors: Array, clear: Array) -> Array:
        made = np.zeros((len(vectors), 5), np.int64)
        for row, values in enumerate(vectors):
            if clear[row]:
                self.state = 0
            made[row] = self.step(values)
        return made


class Student:
    """A kept student's torch."""

    def __init__(self, name: str) -> None:
        self.net = students.load(students.TRAINED / name)[0].double().eval()

    def scores(self, vectors: Array, clear: Array) -> Array:
        starts = [0, *(row for row in np.flatnonzero(clear).tolist() if row), len(vectors)]
        parts = [
            exact_outputs(self.net, np.asarray(vectors[a:b], np.int64)) for a, b in pairwise(starts)
        ]
        return np.rint(np.concatenate(parts) * UNIT).astype(np.int64)


def day(kind: str, events: int, symbols: int) -> Array:
    names = tuple(letter * 4 for letter in "ABCDEFGH")[:symbols]
    made: Day | Market
    if kind == "flow":
        made = Day(DayConfig(seed=3, events=events, symbols=names))
    else:
        made = Market(MarketConfig(seed=3, events=events, symbols=names))
    unpacked = mold.depacketise(packets(made.messages()))
    return operations(
        itch.decode(unpacked.stream),
        made.locates,
        sequence=unpacked.message_sequence,
        last=unpacked.last_of_packet,
    )


def settings() -> Array:
    made = np.zeros(SLOTS, SETTINGS)
    made["buy_threshold"], made["sell_threshold"] = 200, -200
    made["hysteresis"], made["minimum_interval"] = 40, 100
    return made


def naive(ops: Array, each_change: bool) -> list[tuple[int, ...]]:
    """Slot, sequence, scores, reason of each vector, a record at a time and from plain books."""
    shown = NaiveBook(SLOTS).apply(ops, levels=True)
    assert shown.levels is not None
    features, nets = NaiveFeatures(SLOTS), {slot: Recurrent() for slot in range(SLOTS)}
    stands: dict[int, tuple[list[int], bool, int]] = {}
    events, touched = set[int](), set[int]()
    made = []
    for top, levels in zip(shown.tops, shown.levels, strict=True):
        slot = int(top["slot"])
        values, event, warm, reason = features.row(top, levels)
        acts = top["operation"] != Operation.NONE
        if acts:
            stands[slot] = values, warm, reason
            touched.add(slot)
            events |= {slot} if event else set()
        ends = top["last_of_packet"] and not each_change
        if not ends and not (each_change and acts):
            continue
        for one in sorted(touched, key=lambda other: (other != slot, other)):
            values, warm, reason = stands[one]
            scores = [0, 0, 0]
            if not warm:
                nets[one].state = 0
            elif reason == Reason.OK and one in events:
                scores = nets[one].step(values)[:3]
            elif reason == Reason.OK:
                reason = Reason.UNCHANGED
            made.append((one, int(top["sequence_number"]), *scores, int(reason)))
        events, touched = set(), set()
    return made


@pytest.mark.parametrize(
    ("kind", "events", "symbols", "each_change"),
    [("flow", 12_000, 4, False), ("market", 6_000, 2, False), ("market", 4_000, 1, True)],
)
def test_a_replay_is_that_of_a_naive_path(
    kind: str, events: int, symbols: int, each_change: bool
) -> None:
    ops = day(kind, events, symbols)
    replayed = path.replay(
        ops,
        Book(SLOTS).apply(ops, levels=True),
        Recurrent(),
        Signals(settings()),
        each_change=each_change,
    )
    rows = [
        (int(row["slot"]), int(row["sequence_number"]), *row["scores"].tolist(), int(row["reason"]))
        for row in replayed.network
    ]
    assert len(rows) > events // 5
    assert rows == naive(ops, each_change)
    assert replayed.steps.sum() > 500 and replayed.clears.sum() >= 1
    reasons = set(replayed.network["reason"].tolist())
    assert {Reason.OK, Reason.WARMING_UP} <= reasons
    if not each_change:
        assert Reason.UNCHANGED in reasons
    assert set(replayed.signals["decision"].tolist()) == {0, 1, 2}


def test_what_steps_is_what_is_trained_on() -> None:
    """On one instrument's day: the samples, and the very scores that evaluation gives them."""
    ops = day("market", 20_000, 1)
    shown = Book(SLOTS).apply(ops, levels=True)
    assert shown.levels is not None
    samples = labels.samples(About("market", ("AAAA",)), Events(shown.tops, shown.levels))
    for name in ("mlp_amzn_50", "cnn_amzn_50", "lstm_attn_amzn_50"):
        student = Student(name)
        replayed = path.replay(ops, shown, student, Signals(settings()))
        steps, width = replayed.steps, samples.x.shape[1]
        assert np.array_equal(replayed.sends[steps], samples.rows)
        assert np.array_equal(replayed.vectors["values"][steps][:, :width], samples.x)
        scores = np.rint(exact_scores(student.net, samples) * UNIT)
        assert np.array_equal(replayed.network["scores"][steps], scores)
        assert len(samples) > 5_000 and len(np.unique(scores[:, 2])) > 50


def test_a_vector_carries_the_book_it_was_made_of() -> None:
    """Of an instrument that another one's message sends, its own latest."""
    ops = day("flow", 12_000, 4)
    shown = Book(SLOTS).apply(ops, levels=True)
    replayed = path.replay(ops, shown, Recurrent(), Signals(settings()))
    other = shown.tops["slot"][replayed.sends] != replayed.vectors["slot"]
    assert other.sum() > 50
    assert (shown.tops["slot"][replayed.stands] == replayed.vectors["slot"]).all()
    for name in path.TOUCHED:
        assert np.array_equal(replayed.signals[name], shown.tops[name][replayed.stands])
    assert (replayed.stands[other] < replayed.sends[other]).all()


def test_a_vector_has_the_last_time_that_is_known() -> None:
    """Though what ends its packet is no operation, and has none."""
    ops = day("flow", 12_000, 4)
    shown = Book(SLOTS).apply(ops, levels=True)
    replayed = path.replay(ops, shown, Recurrent(), Signals(settings()))
    times, last = list[int](), 0
    for time in shown.tops["timestamp"].tolist():
        last = time if time else last
        times.append(last)
    timeless = shown.tops["timestamp"][replayed.sends] == 0
    assert timeless.sum() > 50 and times[0] > 0
    expected = [times[row] for row in replayed.sends.tolist()]
    assert replayed.vectors["timestamp"].tolist() == expected
    assert replayed.signals["timestamp"].tolist() == expected


def test_a_bad_frame_decides_nothing() -> None:
    ops = day("market", 8_000, 1)
    ops["frame_cycle"] = 1_000 * np.cumsum(np.concatenate([[0], ops["last_of_packet"][:-1]]))
    shown = Book(SLOTS).apply(ops, levels=True)
    fine = path.replay(ops, shown, Recurrent(), Signals(settings()))
    one = int(np.flatnonzero(fine.signals["decision"])[5])
    stamp = fine.signals["frame_cycle"][[one]]
    bad = np.isin(ops["frame_cycle"], stamp)
    replayed = path.replay(ops, shown, Recurrent(), Signals(settings()), bad=bad)
    signal = replayed.signals[one]
    assert signal["reason"] == Reason.BAD_FRAME and signal["decision"] == 0
    assert np.array_equal(replayed.network, fine.network)


def test_what_is_written_is_what_is_read() -> None:
    ops = day("market", 4_000, 1)
    books = Book(SLOTS).apply(ops, levels=True)
    arrays = path.replay(ops, books, Recurrent(), Signals(settings())).arrays()
    again = path.Expected.of(arrays)
    assert path.digest(again.arrays()) == path.digest(arrays)
    arrays["network"] = arrays["network"].copy()
    arrays["network"]["scores"][17, 1] ^= 1
    assert path.digest(arrays) != path.digest(again.arrays())


def test_an_empty_feed_has_no_signals() -> None:
    none = Outcome(
        TOP_OF_BOOK.empty(0), *(np.zeros(0, np.uint8),) * 2, np.zeros((0, 2, 10), _LEVEL)
    )
    replayed = path.replay(day("market", 400, 1)[:0], none, Recurrent(), Signals(settings()))
    assert len(replayed.signals) == len(replayed.vectors) == 0


_LEVEL = np.dtype([("price", np.uint32), ("shares", np.uint32), ("orders", np.uint16)])
