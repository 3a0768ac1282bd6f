"""ITCH messages to book operations, each kind by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tickwire.gen.records import Operation, Reason, Side
from tickwire.wire.itch import one_by_one
from tickwire.wire.operations import operations

CASES: list[tuple[dict[str, int | bytes], dict[str, int]]] = [
    (
        {"message_type": b"A", "order_reference_number": 5, "buy_sell_indicator": b"S",
         "shares": 7, "price": 9},
        {"operation": Operation.ADD, "side": Side.SELL, "order_reference": 5, "shares": 7,
         "price": 9},
    ),
    (
        {"message_type": b"F", "order_reference_number": 2**64 - 1, "buy_sell_indicator": b"B",
         "shares": 2**32 - 1, "price": 2**32 - 1},
        {"operation": Operation.ADD, "side": Side.BUY, "order_reference": 2**64 - 1,
         "shares": 2**32 - 1, "price": 2**32 - 1},
    ),
    (
        {"message_type": b"A", "order_reference_number": 5, "buy_sell_indicator": b"b",
         "shares": 7, "price": 9},
        {"operation": Operation.STALE, "reason": Reason.PARSE_ERROR, "timestamp": 0},
    ),
    (
        {"message_type": b"E", "order_reference_number": 5, "executed_shares": 3},
        {"operation": Operation.EXECUTE, "order_reference": 5, "shares": 3},
    ),
    (
        {"message_type": b"C", "order_reference_number": 5, "executed_shares": 3,
         "execution_price": 8},
        {"operation": Operation.EXECUTE_PRICE, "order_reference": 5, "shares": 3, "price": 8},
    ),
    (
        {"message_type": b"X", "order_reference_number": 5, "cancelled_shares": 3},
        {"operation": Operation.CANCEL, "order_reference": 5, "shares": 3},
    ),
    (
        {"message_type": b"D", "order_reference_number": 5},
        {"operation": Operation.DELETE, "order_reference": 5},
    ),
    (
        {"message_type": b"U", "original_order_reference_number": 5,
         "new_order_reference_number": 6, "shares": 4, "price": 3},
        {"operation": Operation.REPLACE, "order_reference": 5, "new_order_reference": 6,
         "shares": 4, "price": 3},
    ),
    ({"message_type": b"H", "trading_state": b"T"}, {"operation": Operation.RESUME}),
    ({"message_type": b"H", "trading_state": b"H"}, {"operation": Operation.HALT}),
    ({"message_type": b"H", "trading_state": b"Q"}, {"operation": Operation.HALT}),
    ({"message_type": b"H", "trading_state": b"?"}, {"operation": Operation.HALT}),
]  # fmt: skip


@pytest.mark.parametrize(("message", "expected"), CASES)
def test_a_message_is_its_operation(
    message: dict[str, int | bytes], expected: dict[str, int]
) -> None:
    ops = operations(one_by_one([{**message, "stock_locate": 77, "timestamp": 12}]), {77: 3})
    assert len(ops) == 1
    fields = {"slot": 3, "timestamp": 12, "sequence_number": 1, **expected}
    names = ops.dtype.names or ()
    assert {name: ops[name][0].item() for name in names} == {
        name: fields.get(name, 0) for name in names
    }


def test_what_is_not_followed_or_changes_no_book_makes_none() -> None:
    messages = one_by_one(
        [
            {"message_type": b"D", "stock_locate": 1},
            {"message_type": b"P", "stock_locate": 2},
            {"message_type": b"D", "stock_locate": 2},
            {"message_type": b"S"},
        ]
    )
    slots = {2: 0}
    assert operations(messages, slots)["sequence_number"].tolist() == [3]
    ended = operations(
        messages,
        slots,
        sequence=np.arange(10, 14, dtype=np.uint64),
        last=np.array([False, True, False, True]),
    )
    assert ended["operation"].tolist() == [Operation.NONE, Operation.DELETE, Operation.NONE]
    assert ended["sequence_number"].tolist() == [11, 12, 13]
    assert ended["last_of_packet"].tolist() == [True, False, True]
