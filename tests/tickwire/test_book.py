"""Both books under the same tests: the rules by hand, then random operations, row by row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from hwtools.bits import Records
from tickwire.book.compiled import Book
from tickwire.book.naive import NaiveBook
from tickwire.book.types import BookError, Outcome
from tickwire.gen.records import BOOK_OP, LEVELS, Operation, Reason, Side

BOOKS: list[Callable[[int], Any]] = [
    NaiveBook,
    Book,
    lambda slots: Book(slots, orders=1, levels=1),  # must grow
]
MOST = 2**32 - 1


def ops(*rows: dict[str, int]) -> Records:
    records = BOOK_OP.empty(len(rows))
    for index, row in enumerate(rows):
        for name, value in row.items():
            records[name][index] = value
    return records


def add(reference: int, side: int, price: int, shares: int, slot: int = 0) -> dict[str, int]:
    return {
        "operation": Operation.ADD,
        "order_reference": reference,
        "side": side,
        "price": price,
        "shares": shares,
        "slot": slot,
    }


def on(kind: Operation, reference: int = 0, shares: int = 0, **more: int) -> dict[str, int]:
    return {"operation": kind, "order_reference": reference, "shares": shares, **more}


BUY, SELL = Side.BUY, Side.SELL
TWO_SIDES = (add(1, BUY, 100, 10), add(2, BUY, 100, 5), add(3, BUY, 99, 7), add(4, SELL, 102, 1))


@pytest.mark.parametrize("make", BOOKS)
class TestRules:
    def run(self, make: Callable[[int], Any], *rows: dict[str, int]) -> tuple[Any, Outcome]:
        book = make(2)
        return book, book.apply(ops(*rows), levels=True)

    def test_levels_are_sums_best_first(self, make: Callable[[int], Any]) -> None:
        book, outcome = self.run(make, *TWO_SIDES)
        assert book.levels(0, BUY) == [(100, 15, 2), (99, 7, 1)]
        assert book.levels(0, SELL) == [(102, 1, 1)]
        assert book.levels(1, BUY) == []
        top = outcome.tops[-1]
        assert [top[f"bid_{name}"] for name in ("price", "shares", "orders")] == [100, 15, 2]
        assert top["reason"] == Reason.OK
        assert [Reason(reason).name for reason in outcome.tops["reason"][:3]] == ["ONE_SIDED"] * 3
        assert outcome.levels is not None
        assert outcome.levels[-1, BUY, :2].tolist() == [(100, 15, 2), (99, 7, 1)]
        assert not outcome.levels[-1, BUY, 2:]["orders"].any()

    @pytest.mark.parametrize("kind", [Operation.EXECUTE, Operation.EXECUTE_PRICE, Operation.CANCEL])
    def test_shares_leave_an_order(self, make: Callable[[int], Any], kind: Operation) -> None:
        book, outcome = self.run(make, *TWO_SIDES, on(kind, 1, 4, price=7), on(kind, 2, 5))
        assert book.levels(0, BUY) == [(100, 6, 1), (99, 7, 1)]
        assert book.orders(0) == {1: (BUY, 100, 6), 3: (BUY, 99, 7), 4: (SELL, 102, 1)}
        assert outcome.tops["operation_price"][4:].tolist() == [100, 100]
        assert outcome.tops["operation_shares"][4:].tolist() == [4, 5]

    def test_a_delete_exposes_the_next_level(self, make: Callable[[int], Any]) -> None:
        book, outcome = self.run(
            make, *TWO_SIDES, on(Operation.DELETE, 2), on(Operation.DELETE, 1), on(Operation.NONE)
        )
        assert book.levels(0, BUY) == [(99, 7, 1)]
        assert outcome.tops["operation_shares"][4:].tolist() == [5, 10, 0]

    def test_a_replace_keeps_its_side(self, make: Callable[[int], Any]) -> None:
        replace = on(Operation.REPLACE, 4, 50, new_order_reference=9, price=101, side=BUY)
        same = on(Operation.REPLACE, 9, MOST, new_order_reference=9, price=101)
        book, outcome = self.run(make, *TWO_SIDES, replace, same)
        assert book.levels(0, SELL) == [(101, MOST, 1)]
        assert 4 not in book.orders(0)
        assert outcome.tops["operation_side"][4:].tolist() == [SELL, SELL]
        assert not outcome.causes.any()

    def test_crossed_locked_halted(self, make: Callable[[int], Any]) -> None:
        _, outcome = self.run(
            make,
            *TWO_SIDES,
            add(5, SELL, 100, 1),
            on(Operation.HALT),
            add(6, SELL, 99, 1),
            on(Operation.RESUME),
        )
        names = [Reason(reason).name for reason in outcome.tops["reason"][4:]]
        assert names == ["LOCKED", "HALTED", "HALTED", "CROSSED"]
        assert outcome.tops["crossed"][4:].tolist() == [False, False, True, True]
        assert outcome.tops["locked"][4:].tolist() == [True, True, False, False]

    @pytest.mark.parametrize(
        ("bad", "reason"),
        [
            (add(9, BUY, 0, 0), Reason.BAD_PRICE),
            (add(9, BUY, 1, 0), Reason.BAD_SHARES),
            (add(1, SELL, 105, 1), Reason.DUPLICATE_REFERENCE),
            (add(9, BUY, 100, MOST - 14), Reason.NUMBER_OVERFLOW),
            (on(Operation.EXECUTE, 1, 0), Reason.BAD_SHARES),
            (on(Operation.EXECUTE, 9, 1), Reason.UNKNOWN_REFERENCE),
            (on(Operation.EXECUTE_PRICE, 1, 11), Reason.EXCESS_SHARES),
            (on(Operation.CANCEL, 1, MOST), Reason.EXCESS_SHARES),
            (on(Operation.DELETE, 9), Reason.UNKNOWN_REFERENCE),
            (on(Operation.REPLACE, 9, 1, price=1), Reason.UNKNOWN_REFERENCE),
            (on(Operation.REPLACE, 1, 1, new_order_reference=2, price=1), "DUPLICATE_REFERENCE"),
            (on(Operation.REPLACE, 1, 1, new_order_reference=9), Reason.BAD_PRICE),
            (on(Operation.REPLACE, 1, 0, new_order_reference=9, price=1), Reason.BAD_SHARES),
            (
                on(Operation.REPLACE, 3, MOST - 14, new_order_reference=9, price=100),
                Reason.NUMBER_OVERFLOW,
            ),
        ],
    )
    def test_bad_input_makes_stale(
        self, make: Callable[[int], Any], bad: dict[str, int], reason: Reason | str
    ) -> None:
        expected = Reason[reason] if isinstance(reason, str) else reason
        after = (on(Operation.DELETE, 3), on(Operation.HALT), on(Operation.STALE, reason=0x20))
        book, outcome = self.run(make, *TWO_SIDES, add(1, BUY, 5, 5, slot=1), bad, *after)
        assert outcome.counts() == {expected: 1}
        assert outcome.ignored.tolist() == [False] * 6 + [True, False, True]
        last = outcome.tops[-1]
        assert (last["stale"], last["reason"], last["halted"]) == (True, expected, True)
        assert last["bid_price"] == last["ask_orders"] == 0
        assert book.levels(0, BUY) == [] and book.orders(0) == {}
        assert book.levels(1, BUY) == [(5, 5, 1)]  # the other slot goes on
        cleared = book.apply(ops(on(Operation.CLEAR), on(Operation.RESUME), add(1, BUY, 8, 1)))
        assert [Reason(r).name for r in cleared.tops["reason"]] == [
            "HALTED",
            "CLEARED",
            "ONE_SIDED",
        ]
        assert book.orders(0) == {1: (BUY, 8, 1)}

    def test_a_snapshot_shows_when_it_is_trusted(self, make: Callable[[int], Any]) -> None:
        load, trust = on(Operation.LOAD), on(Operation.TRUST)
        rows = (*TWO_SIDES, load, add(1, BUY, 90, 3), on(Operation.HALT), add(2, SELL, 91, 4))
        book, outcome = self.run(make, *rows)
        assert book.levels(0, BUY) == [] and book.orders(0) == {}
        assert [Reason(r).name for r in outcome.tops["reason"][4:]] == ["LOADING"] * 4
        assert outcome.tops["stale"][4:].all()
        assert not outcome.causes.any() and not outcome.ignored.any()
        outcome = book.apply(ops(on(Operation.CANCEL, 1, 1), trust, on(Operation.RESUME)))
        assert [Reason(r).name for r in outcome.tops["reason"]] == ["LOADING", "HALTED", "OK"]
        assert book.orders(0) == {1: (BUY, 90, 2), 2: (SELL, 91, 4)}
        bad = ops(load, on(Operation.DELETE, 7), trust, on(Operation.CLEAR), add(3, BUY, 5, 5))
        outcome = book.apply(bad)  # trust doesn't mend what is stale
        names = [Reason(r).name for r in outcome.tops["reason"]]
        assert names == ["LOADING", *["UNKNOWN_REFERENCE"] * 2, "CLEARED", "ONE_SIDED"]

    def test_the_edge_of_shares_is_kept(self, make: Callable[[int], Any]) -> None:
        book, outcome = self.run(make, add(1, BUY, MOST, MOST - 1), add(2, BUY, MOST, 1))
        assert book.levels(0, BUY) == [(MOST, MOST, 2)]
        assert not outcome.causes.any()
        book.apply(ops(on(Operation.CANCEL, 1, MOST - 1)))
        assert book.levels(0, BUY) == [(MOST, 1, 1)]

    def test_the_edge_of_orders_is_kept(self, make: Callable[[int], Any]) -> None:
        book = make(1)
        many = ops(*(add(n, SELL, 7, 1) for n in range(65_535)))
        assert not book.apply(many).causes.any()
        assert book.levels(0, SELL) == [(7, 65_535, 65_535)]
        one_more = book.apply(ops(add(70_000, SELL, 7, 1)))
        assert one_more.counts() == {Reason.NUMBER_OVERFLOW: 1}

    @pytest.mark.parametrize(
        "bad",
        [{"slot": 2}, {"operation": 13}, {"side": 2}, {"operation": Operation.STALE}],
    )
    def test_an_invalid_operation_is_refused(
        self, make: Callable[[int], Any], bad: dict[str, int]
    ) -> None:
        book = make(2)
        with pytest.raises(BookError, match="operation 1: "):
            book.apply(ops(add(1, BUY, 1, 1), bad))
        assert book.orders(0) == {}
        with pytest.raises(BookError):
            book.apply(np.zeros(1))


def random_ops(seed: int, rows: int, bad: float) -> Records:
    """Operations on few references and prices, so that most of them have an effect."""
    generator = np.random.default_rng(seed)
    records = BOOK_OP.empty(rows)
    kinds = generator.choice(
        13, rows, p=[0.02, 0.4, 0.1, 0.04, 0.1, 0.14, 0.14] + [0.01] * 4 + [0.004, 0.016]
    )
    records["operation"] = kinds
    records["slot"] = generator.integers(0, 4, rows)
    records["side"] = generator.integers(0, 2, rows)
    records["price"] = 1000 + generator.integers(0, 40, rows) - 20 * records["side"]
    records["shares"] = generator.integers(1, 50, rows)
    records["reason"] = np.where(kinds == Operation.STALE, Reason.GAP, 0)
    records["timestamp"] = np.arange(rows)
    records["last_of_packet"] = generator.random(rows) < 0.3
    live: list[list[tuple[int, int]]] = [[] for _ in range(4)]
    for row in range(rows):  # references that exist, as far as is cheaply known
        known = live[records["slot"][row]]
        records["new_order_reference"][row] = 2**63 + row
        records["order_reference"][row] = 2**63 + row
        if kinds[row] == Operation.ADD:
            known.append((2**63 + row, records["shares"][row]))
        elif kinds[row] in (Operation.CLEAR, Operation.LOAD):
            known.clear()
        elif known and kinds[row] <= Operation.REPLACE:
            index = int(generator.integers(len(known)))
            reference, shares = known[index]
            records["order_reference"][row] = reference
            if kinds[row] < Operation.DELETE:
                records["shares"][row] = taken = min(records["shares"][row], shares)
                known[index] = (reference, shares - taken)
            gone = kinds[row] >= Operation.DELETE or known[index][1] == 0
            if gone:
                known.pop(index)
            if kinds[row] == Operation.REPLACE:
                known.append((2**63 + row, records["shares"][row]))
        elif not known and Operation.EXECUTE <= kinds[row] <= Operation.REPLACE:
            records["operation"][row] = Operation.NONE
    for name in ("price", "shares", "order_reference", "new_order_reference"):
        spoiled = generator.random(rows) < bad
        records[name][spoiled] = generator.choice([0, 77, MOST], int(spoiled.sum()))
    return records


def alike(one: Outcome, other: Outcome) -> bool:
    assert one.levels is not None and other.levels is not None
    return (
        np.array_equal(one.tops, other.tops)
        and np.array_equal(one.causes, other.causes)
        and np.array_equal(one.ignored, other.ignored)
        and np.array_equal(one.levels, other.levels)
    )


@pytest.mark.parametrize("bad", [0.0, 0.002, 0.02])
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("make", BOOKS[1:])
def test_both_books_agree(make: Callable[[int], Any], seed: int, bad: float) -> None:
    rows = random_ops(seed, 8000, bad)
    naive, fast = NaiveBook(4), make(4)
    for part in np.array_split(rows, 7):
        expected, observed = naive.apply(part, levels=True), fast.apply(part, levels=True)
        assert alike(observed, expected)
        assert all(naive.orders(slot) == fast.orders(slot) for slot in range(4))
        assert all(
            naive.levels(slot, side, 1000) == fast.levels(slot, side, 1000)
            for slot in range(4)
            for side in Side
        )


def test_the_random_operations_meet_every_case() -> None:
    outcome = NaiveBook(4).apply(random_ops(1, 60_000, 0.02), levels=True)
    assert set(outcome.counts()) == {Reason(code) for code in range(0x16, 0x1C)}
    tops = outcome.tops[~outcome.tops["stale"]]
    assert {Reason.OK, Reason.CROSSED, Reason.LOCKED, Reason.HALTED, Reason.ONE_SIDED} <= set(
        tops["reason"].tolist()
    )
    assert outcome.levels is not None
    assert (outcome.levels["orders"][:, :, LEVELS - 1] > 0).any()
    applied = outcome.tops["operation"][(outcome.causes == 0) & ~outcome.ignored]
    assert set(applied.tolist()) == {int(kind) for kind in Operation} - {Operation.LEVEL}


@pytest.mark.parametrize("name", ["price", "shares", "side", "order_reference", "operation"])
def test_a_changed_operation_is_noticed(name: str) -> None:
    rows = random_ops(2, 2000, 0.0)
    changed = rows.copy()
    adds = np.flatnonzero(rows["operation"] == Operation.ADD)
    named = rows["order_reference"]
    row = next(int(row) for row in adds if (named[row + 1 : 200] == named[row]).any())
    changed[name][row] = 0 if name == "operation" else rows[name][row] ^ 1
    assert not alike(NaiveBook(4).apply(rows, levels=True), Book(4).apply(changed, levels=True))
