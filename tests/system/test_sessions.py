"""A snapshot is of the session in which it came: what the host gives behind a session's end, or
before the first one, is stale as the next begins. In the Verilated feed and in the replay of it."""

from __future__ import annotations

import struct
from functools import cache

import numpy as np
import pytest

from sim.golden import feed_book as golden_book
from sim.stimulus.fuzz import payload
from sim.stimulus.storm import PARAMETERS
from tickwire.board.virtual.harness import FeedObserved, Top
from tickwire.gen.records import BOOK_OP, Operation, Reason
from tickwire.wire.chunks import Chunks
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.traffic import Registers, Traffic

LOCATE, SPACE = 40, 2_000
REGISTERS = Registers(locates={LOCATE: 0}, any_hours=1)
LOAD, TRUST, CLEAR = Operation.LOAD, Operation.TRUST, Operation.CLEAR


def add(reference: int, side: bytes, price: int) -> bytes:
    head = struct.pack(">cHH6sQ", b"A", LOCATE, 0, b"\0\0\0\0\0\1", reference)
    return head + struct.pack(">cI8sI", side, 100, b"AMZN    ", price)


@cache
def sent(width: int) -> Traffic:
    """ONE from message 1 to 2, its end, TWO from 1 to 4: a packet each `SPACE` cycles."""
    first, second = b"ONE".ljust(10), b"TWO".ljust(10)
    end = payload(3, [], first)
    packets = [
        payload(1, [add(1, b"B", 10_000)], first),
        payload(2, [add(2, b"S", 20_000)], first),
        end[:18] + b"\xff\xff" + end[20:],
        *(payload(number, [add(number, b"B", 5_000 + number)], second) for number in range(1, 5)),
    ]
    return Traffic.of(frames(Chunks.of(packets), Flow()), width, space=SPACE, start=SPACE)


def loaded(at: int, trusted: int, upto: int) -> list[tuple[int, dict[str, int]]]:
    """The book of ONE, from the cycle `at` on, and its trust."""
    order = {"operation": Operation.ADD, "shares": 100, "order_reference": 1, "price": 10_000}
    return [
        (at, {"operation": LOAD}),
        (at + 50, order),
        (trusted, {"operation": TRUST, "sequence_number": upto}),
    ]


def played(width: int, given: list[tuple[int, dict[str, int]]]) -> FeedObserved:
    operations = BOOK_OP.empty(len(given))
    for row, (_, values) in enumerate(given):
        for name, value in values.items():
            operations[name][row] = value
    host = np.array([cycle for cycle, _ in given], np.int64), operations
    observed = Top("feed_book", PARAMETERS | {"W": width}).run(sent(width), REGISTERS, host=host)
    taken = observed.cycles_of("host_taken")
    assert len(taken) == len(given)
    expected = golden_book.replay(sent(width), REGISTERS, width, (taken, operations))
    assert np.array_equal(observed.rows("tops"), expected.outcome.tops)
    assert observed.count("refused_trusts") == expected.events["refused_trusts"]
    return observed


def second(observed: FeedObserved) -> tuple[list[bool], list[int]]:
    """Of TWO's rows, whether they are stale, and why."""
    tops = observed.rows("tops")
    rows = (tops["operation"] == Operation.ADD) & (tops["frame_cycle"] >= 4 * SPACE)
    assert rows.sum() >= 2  # while a slot loads it has none
    return tops["stale"][rows].tolist(), tops["reason"][rows].tolist()


@pytest.mark.parametrize("width", [8, 64])
@pytest.mark.parametrize("when", ["behind the end", "over the begin"])
def test_a_snapshot_is_not_of_the_next_session(width: int, when: str) -> None:
    first = sent(width).first
    behind, begun = int(first[2]) + 800, int(first[4]) + 300
    trust = behind + 500 if when == "behind the end" else begun
    observed = played(width, loaded(behind, trust, 2))
    stale, reasons = second(observed)
    assert all(stale) and set(reasons) == {Reason.SESSION_ENDED}


@pytest.mark.parametrize("width", [8, 64])
def test_a_book_cleared_between_sessions_is_the_next_ones(width: int) -> None:
    behind = int(sent(width).first[2]) + 800
    stale, _ = second(played(width, [(behind, {"operation": CLEAR})]))
    assert stale == [False] * 4


@pytest.mark.parametrize("width", [8, 64])
def test_a_snapshot_of_the_session_itself_is_trusted(width: int) -> None:
    begun = int(sent(width).first[4]) + 300  # message 2 of TWO has come
    stale, _ = second(played(width, loaded(begun, begun + 600, 2)))
    assert stale[-2:] == [False, False]


@pytest.mark.parametrize("width", [8, 64])
def test_a_snapshot_before_any_session_is_of_none(width: int) -> None:
    observed = played(width, loaded(300, 900, 0))
    tops = observed.rows("tops")
    rows = (tops["operation"] == Operation.ADD) & (tops["frame_cycle"] > 0)
    assert tops["stale"][rows].all()
