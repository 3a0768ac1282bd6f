"""Who may act, by hand: the reason of each operation after the messages before it."""

from __future__ import annotations

import pytest

from tickwire.gen.records import Operation, Reason
from tickwire.wire.itch import Messages, one_by_one
from tickwire.wire.market import Market
from tickwire.wire.operations import operations

CLOSED, OK, BREACHED = Reason.MARKET_CLOSED, Reason.OK, Reason.BREACHED
HALTED = Reason.HALTED
STOPPED = Reason.INTERRUPTED
SLOTS = {7: 0, 9: 3}
Row = dict[str, int | bytes]


def delete(locate: int) -> Row:
    return {"message_type": b"D", "stock_locate": locate, "order_reference_number": 1}


def event(code: bytes) -> Row:
    return {"message_type": b"S", "stock_locate": 0, "event_code": code}


def trading(locate: int, state: bytes) -> Row:
    return {"message_type": b"H", "stock_locate": locate, "trading_state": state}


def halt(locate: int, market: bytes, action: bytes) -> Row:
    return {"message_type": b"h", "stock_locate": locate, "market_code": market,
            "operational_halt_action": action}  # fmt: skip


BREACH: Row = {"message_type": b"W", "stock_locate": 0, "breached_level": b"1"}
# What comes before an operation of each slot, and what their reasons then are.
DAY: list[tuple[list[Row], Reason, Reason]] = [
    ([], CLOSED, CLOSED),
    ([event(b"O"), event(b"S")], CLOSED, CLOSED),
    ([event(b"Q")], HALTED, HALTED),
    ([trading(8, b"T"), trading(9, b"Q"), trading(7, b"T")], OK, HALTED),
    ([trading(9, b"T"), trading(7, b"H")], OK, OK),
    ([halt(7, b"B", b"H"), halt(8, b"Q", b"H")], OK, OK),
    ([halt(9, b"Q", b"H")], OK, STOPPED),
    ([BREACH], BREACHED, STOPPED),
    ([trading(7, b"T"), halt(9, b"Q", b"T")], OK, BREACHED),
    ([trading(9, b"Q")], OK, BREACHED),
    ([trading(9, b"T")], OK, OK),
    ([event(b"M")], CLOSED, CLOSED),
]


def stream(day: list[tuple[list[Row], Reason, Reason]]) -> Messages:
    return one_by_one([row for said, *_ in day for row in (*said, delete(7), delete(9))])


@pytest.mark.parametrize("any_hours", [False, True])
@pytest.mark.parametrize("cut", [1, 5, len(DAY)])
def test_each_operation_has_what_was_said_before_it(any_hours: bool, cut: int) -> None:
    """In one piece or two."""
    market, found = Market(any_hours), list[Reason]()
    for part in (DAY[:cut], DAY[cut:]):
        ops = operations(stream(part), SLOTS, market=market) if part else []
        found += [Reason(op["reason"]) for op in ops if op["operation"] == Operation.DELETE]
    expected = [reason for _, *both in DAY for reason in both]
    if any_hours:
        expected = [OK if reason in (CLOSED, HALTED) else reason for reason in expected]
    assert found == expected


def test_without_a_market_anybody_may_act() -> None:
    assert not operations(stream(DAY), SLOTS)["reason"].any()
