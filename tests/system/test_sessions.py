"""A snapshot is of a session, which its trust names: where another one goes on, or none, it isn't
trusted, and a book that the host gave before is stale as the next begins. In the Verilated feed and
in the replay of it."""

from __future__ import annotations

import struct
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from sim.golden import feed_book as golden_book
from sim.stimulus.fuzz import payload
from sim.stimulus.storm import PARAMETERS
from tickwire.board.virtual.harness import FeedObserved, Top
from tickwire.gen.records import BOOK_OP, Operation
from tickwire.wire import mold
from tickwire.wire.chunks import Chunks
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.traffic import Registers, Traffic

LOCATE, SPACE = 40, 2_000
REGISTERS = Registers(locates={LOCATE: 0}, any_hours=1)
ONE, TWO = b"SESSION  1", b"SESSION  2"
Given = list[tuple[int, dict[str, int]]]
LOAD, TRUST, CLEAR = Operation.LOAD, Operation.TRUST, Operation.CLEAR


def add(reference: int, side: bytes, price: int) -> bytes:
    head = struct.pack(">cHH6sQ", b"A", LOCATE, 0, b"\0\0\0\0\0\1", reference)
    return head + struct.pack(">cI8sI", side, 100, b"AMZN    ", price)


ENDS = (0, 1, 2, 3, 4, 5, 6)  # packets: ONE from message 1 to 2, its end, TWO from 1 to 4
LOSES = (0, 1, 3, 4, 7, 5, 6)  # ONE's end; and ONE is heard once more, amid TWO


@cache
def sent(width: int, order: tuple[int, ...] = ENDS, wrong: int = -1) -> Traffic:
    """A packet each `SPACE` cycles; of the `wrong`th frame the check sequence is."""
    end = payload(3, [], ONE)
    packets = [
        payload(1, [add(1, b"B", 10_000)], ONE),
        payload(2, [add(2, b"S", 20_000)], ONE),
        end[:18] + b"\xff\xff" + end[20:],
        *(payload(number, [add(number, b"B", 5_000 + number)], TWO) for number in range(1, 5)),
        end,  # a heartbeat
    ]
    chosen = Chunks.of(packets[one] for one in order)
    traffic = Traffic.of(frames(chosen, Flow()), width, space=SPACE, start=SPACE)
    return replace(traffic, spoiled=(np.arange(len(order)) == wrong).astype(np.uint8))


def loaded(at: int, trusted: int, upto: int, session: bytes) -> Given:
    """A book from the cycle `at` on, and its trust."""
    order = {"operation": Operation.ADD, "shares": 100, "order_reference": 1, "price": 10_000}
    return [
        (at, {"operation": LOAD}),
        (at + 50, order),
        (trusted, {"operation": TRUST, "sequence_number": upto, **mold.named(session)}),
    ]


def played(
    width: int, given: Given, order: tuple[int, ...] = ENDS, wrong: int = -1
) -> FeedObserved:
    operations = BOOK_OP.empty(len(given))
    for row, (_, values) in enumerate(given):
        for name, value in values.items():
            operations[name][row] = value
    host = np.array([cycle for cycle, _ in given], np.int64), operations
    traffic = sent(width, order, wrong)
    observed = Top("feed_book", PARAMETERS | {"W": width}).run(traffic, REGISTERS, host=host)
    taken = observed.cycles_of("host_taken")
    assert len(taken) == len(given)
    expected = golden_book.replay(traffic, REGISTERS, width, (taken, operations))
    assert np.array_equal(observed.rows("tops"), expected.outcome.tops)
    assert observed.count("refused_trusts") == expected.events["refused_trusts"]
    return observed


def second(observed: FeedObserved) -> list[bool]:
    """Of TWO's rows, whether they are stale; while a slot loads it has none."""
    tops = observed.rows("tops")
    rows = (tops["operation"] == Operation.ADD) & (tops["frame_cycle"] >= 4 * SPACE)
    return [bool(one) for one in tops["stale"][rows]]


@pytest.mark.parametrize("width", [8, 64])
@pytest.mark.parametrize("session", [ONE, TWO])
@pytest.mark.parametrize("when", ["behind the end", "over the begin", "behind the begin"])
def test_a_snapshot_is_of_the_session_that_goes_on(width: int, session: bytes, when: str) -> None:
    """Behind the end none does; then TWO. One that was loaded before TWO began isn't trusted even
    if it has TWO's name: the book is stale."""
    first = sent(width).first
    behind, begun = int(first[2]) + 800, int(first[4]) + 300
    load = begun if when == "behind the begin" else behind
    trust = load + 500 if when != "over the begin" else begun
    observed = played(width, loaded(load, trust, 2, session))
    good = (when, session) == ("behind the begin", TWO)
    refused = when == "behind the end" or session == ONE
    assert observed.count("refused_trusts") == refused
    stale = second(observed)
    assert stale[-2:] == [False, False] if good else all(stale) and (refused or stale)


def refusals(
    width: int, session: bytes, start: int, order: tuple[int, ...], wrong: int = -1
) -> list[int]:
    """Whether a trust was refused, from before a frame of 66 beats or 9 begins until behind it;
    each cycle was tried about those where that changes."""

    def refused(at: int) -> int:
        given = loaded(start - 900, at, 2, session)
        return played(width, given, order, wrong).count("refused_trusts")

    found = {at: refused(at) for at in range(start - 20, start + 110, 3)}
    for at, later in pairwise(tuple(found)):
        if found[at] != found[later]:
            found |= {between: refused(between) for between in range(at + 1, later)}
    return [found[at] for at in sorted(found)]


@pytest.mark.parametrize("width", [8, 64])
@pytest.mark.parametrize("wrong", [False, True])
def test_about_an_end(width: int, wrong: bool) -> None:
    """The hardware and the replay say the same; ONE's snapshot is trusted until the end, and again
    if that was none. Likewise below."""
    start = int(sent(width).first[2])
    one = refusals(width, ONE, start, ENDS, 2 if wrong else -1)
    assert (one[0], one[-1]) == (0, int(not wrong)) and 1 in one
    assert all(refusals(width, TWO, start, ENDS, 2 if wrong else -1))


@pytest.mark.parametrize("width", [8, 64])
@pytest.mark.parametrize("wrong", [False, True])
def test_about_a_begin(width: int, wrong: bool) -> None:
    start = int(sent(width).first[3])
    two = refusals(width, TWO, start, ENDS, 3 if wrong else -1)
    assert (two[0], two[-1]) == (1, int(wrong)) and 0 in two
    assert all(refusals(width, ONE, start, ENDS, 3 if wrong else -1))


@pytest.mark.parametrize("width", [8, 64])
@pytest.mark.parametrize("wrong", [False, True])
def test_about_another_sessions_packet(width: int, wrong: bool) -> None:
    """ONE's end is lost. Perhaps TWO goes on, whatever the frame that says so."""
    start = int(sent(width, LOSES).first[2])
    one = refusals(width, ONE, start, LOSES, 2 if wrong else -1)
    assert (one[0], one[-1]) == (0, 1)
    assert all(refusals(width, TWO, start, LOSES, 2 if wrong else -1))


@pytest.mark.parametrize("width", [8, 64])
def test_about_a_packet_of_its_own_again(width: int) -> None:
    one = refusals(width, ONE, int(sent(width, LOSES).first[4]), LOSES)
    assert (one[0], one[-1]) == (1, 0)


@pytest.mark.parametrize("width", [8, 64])
def test_a_book_cleared_between_sessions_is_the_next_ones(width: int) -> None:
    behind = int(sent(width).first[2]) + 800
    assert second(played(width, [(behind, {"operation": CLEAR})])) == [False] * 4


@pytest.mark.parametrize("width", [8, 64])
def test_a_snapshot_before_any_session_is_of_none(width: int) -> None:
    observed = played(width, loaded(300, 900, 0, ONE))
    assert observed.count("refused_trusts") == 1 and not (~observed.rows("tops")["stale"]).any()
