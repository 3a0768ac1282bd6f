"""What op_gate lets through, in the replay: snapshots and clears beside losses and ends."""

from __future__ import annotations

import numpy as np
import pytest

from tickwire.gen.records import BOOK_OP, Operation, Reason
from tickwire.replay.gate import BEGINS, EVENTS, gate

FEED, HOST, MARK, _ = range(BEGINS + 1)
ADD, CLEAR, LOAD, TRUST = Operation.ADD, Operation.CLEAR, Operation.LOAD, Operation.TRUST
STALE, HALT = Operation.STALE, Operation.HALT
Row = tuple[int, Operation, int, Reason]  # whose, what, its number, a mark's reason
LOST: Row = (MARK, STALE, 8, Reason.GAP)  # up to 8 may be missing
ENDED: Row = (MARK, STALE, 0, Reason.SESSION_ENDED)
BEGUN: Row = (BEGINS, STALE, 0, Reason.SESSION_ENDED)


def row(whose: int, what: Operation, number: int = 0) -> Row:
    return whose, what, number, Reason.OK


def gated(*rows: Row, may: bool = True) -> tuple[list[bool], list[int], dict[str, int]]:
    operations = BOOK_OP.empty(len(rows))
    operations["operation"] = [what for _, what, _, _ in rows]
    operations["sequence_number"] = [number for _, _, number, _ in rows]
    operations["reason"] = [reason for *_, reason in rows]
    operations["slot"], counts = 3, np.zeros(len(EVENTS), np.int64)
    part = np.array([whose for whose, *_ in rows])
    slots = np.full(len(rows), 8 * may, np.uint8)
    leaves = gate(operations, part, np.arange(len(rows)), slots, counts)
    events = dict(zip(EVENTS, counts.tolist(), strict=True))
    return leaves.tolist(), operations["reason"].tolist(), events


@pytest.mark.parametrize(
    ("before", "trusted"),
    [
        ([], True),
        ([row(FEED, HALT, 4)], False),
        ([row(FEED, ADD, 4)], False),
        ([LOST], False),
        ([row(FEED, ADD, 4), ENDED], True),
        ([LOST, ENDED], True),
        ([row(HOST, LOAD), row(HOST, TRUST, 4)], False),
        ([(MARK, STALE, 0, Reason.BAD_FRAME)], True),
    ],
)
def test_an_empty_book_is_trusted_at_the_start_only(before: list[Row], trusted: bool) -> None:
    _, reasons, _ = gated(*before, row(HOST, CLEAR))
    assert reasons[-1] == (Reason.OK if trusted else Reason.NO_START)


@pytest.mark.parametrize(("number", "taken"), [(7, False), (8, True), (9, True)])
def test_a_snapshot_has_what_a_loss_took(number: int, taken: bool) -> None:
    leaves, _, events = gated(LOST, row(HOST, LOAD), row(HOST, TRUST, number))
    assert leaves[-1] == taken and events["refused_trusts"] == (not taken)


def test_there_is_no_snapshot_of_a_slot_that_follows_nobody_or_of_another_session() -> None:
    rows = (row(HOST, LOAD), row(HOST, TRUST, 9))
    assert [gated(*rows, may=may)[0][-1] for may in (False, True)] == [False, True]


def test_what_a_snapshot_has_is_kept_out() -> None:
    feed = [row(FEED, ADD, number) for number in (5, 6, 7, 5)]
    leaves, _, events = gated(
        row(FEED, ADD, 4), row(HOST, LOAD), *feed[:1], row(HOST, TRUST, 4), row(HOST, TRUST, 6),
        *feed[1:],
    )  # fmt: skip
    # 5 came while it loaded; 4 lacks it; 6 is the snapshot's; from 7 on nothing is kept out
    assert leaves == [True, True, False, False, True, False, True, True]
    assert events == {"kept_out": 2, "refused_trusts": 1}


@pytest.mark.parametrize(
    ("before", "given"),
    [
        ([], False),
        ([row(HOST, CLEAR)], False),
        ([row(HOST, LOAD)], True),
        ([row(HOST, LOAD), row(HOST, TRUST, 4)], True),
        ([row(FEED, ADD, 4), ENDED], False),
        ([row(FEED, ADD, 4), ENDED, row(HOST, LOAD), row(HOST, TRUST, 4)], True),
        ([row(HOST, LOAD), row(HOST, CLEAR)], False),
    ],
)
def test_a_book_from_before_a_session_is_not_of_it(before: list[Row], given: bool) -> None:
    leaves, reasons, _ = gated(*before, BEGUN, row(HOST, CLEAR))
    assert leaves[-2:] == [given, True] and reasons[-1] == Reason.OK


def test_a_session_keeps_nothing_out_of_a_book_from_before() -> None:
    leaves, _, events = gated(
        row(HOST, LOAD), row(HOST, TRUST, 9), BEGUN, row(FEED, ADD, 1), row(HOST, TRUST, 9)
    )
    assert leaves == [True, True, True, True, False] and events["kept_out"] == 0
