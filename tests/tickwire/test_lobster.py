"""LOBSTER's samples, and generated files of its form, against the order books that they hold."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tickwire.book.compiled import Book
from tickwire.book.lobster import (
    LobsterError,
    Sample,
    Transcoded,
    Verdict,
    judge,
    load,
    main,
    replay,
    transcode,
)
from tickwire.book.naive import NaiveBook
from tickwire.data.samples import AAPL, AMZN, FOLDER
from tickwire.gen.records import Side
from tickwire.wire.operations import operations

SAMPLES = {  # rows, least exact without repair
    AMZN: (155_935, 143_800),
    AAPL: (118_497, 101_200),
}


@lru_cache(maxsize=None)
def replayed(name: str) -> tuple[Sample, Transcoded, npt.NDArray[Any]]:
    if not (FOLDER / name).exists():
        pytest.skip(f"{name} isn't in {FOLDER}: set TICKWIRE_DATA to where LOBSTER's samples are")
    sample = load(FOLDER / name)
    transcoded = transcode(sample)
    return sample, transcoded, replay(transcoded)


@pytest.mark.long
@pytest.mark.parametrize("name", SAMPLES)
def test_every_row_is_right(name: str) -> None:
    sample, transcoded, levels = replayed(name)
    rows, least = SAMPLES[name]
    exact, repaired, wrong = judge(sample, transcoded, levels).counts
    assert exact + repaired + wrong == rows == len(sample.messages)
    assert (exact >= least, wrong) == (True, 0)


@pytest.mark.long
@pytest.mark.parametrize("name", SAMPLES)
def test_one_wrong_size_in_the_answer_fails_that_row(name: str) -> None:
    sample, transcoded, levels = replayed(name)
    generator = np.random.default_rng(1)
    for row in (0, len(sample.messages) - 1, *generator.integers(1, len(sample.messages), 20)):
        wrong = changed(sample, int(row), generator)
        assert np.flatnonzero(~judge(wrong, transcoded, levels).right).tolist() == [row]


@pytest.mark.long
@pytest.mark.parametrize("name", SAMPLES)
def test_one_wrong_size_in_the_file_fails_that_row_from_end_to_end(name: str) -> None:
    sample, transcoded, _ = replayed(name)
    part = cut(sample, 0, 4000)
    generator = np.random.default_rng(2)
    repaired = np.flatnonzero(transcoded.repairs[10:3900] > 0) + 10
    plain = np.flatnonzero(transcoded.repairs[10:3900] == 0) + 10
    for row in generator.choice(plain, 6):
        wrong = changed(part, int(row), generator)
        assert np.flatnonzero(~verdict(wrong).right).tolist() == [row]
    wrong_rows = []
    for row in generator.choice(repaired, 12):  # the changed size may have no other witness
        wrong = changed(part, int(row), generator)
        wrong_rows.append(np.flatnonzero(~verdict(wrong).right).tolist())
        assert wrong_rows[-1] in ([], [row], [row + 1])
    assert wrong_rows.count([]) <= 6


@pytest.mark.long
@pytest.mark.parametrize("name", SAMPLES)
def test_repairs_stay_beyond_the_window_and_off_the_message(name: str) -> None:
    """Judged from the stream alone: the naive book's levels before and after each repair."""
    sample, transcoded, _ = replayed(name)
    rows = 6000
    ops = operations(transcoded.messages, {1: 0})
    ends = np.searchsorted(ops["sequence_number"], transcoded.ends[:rows], side="right")
    mends = np.searchsorted(
        ops["sequence_number"],
        np.concatenate([[0], transcoded.ends[: rows - 1]]) + transcoded.repairs[:rows],
        side="right",
    )
    book, repairs = NaiveBook(1), 0
    book.apply(ops[: ends[0]])
    for row in range(1, rows):
        before = [dict.fromkeys(book.levels(0, side, 10_000)) for side in Side]
        repair = ops[ends[row - 1] : mends[row]]
        book.apply(repair)
        side = Side.BUY if sample.messages[row, 5] == 1 else Side.SELL
        for each in Side:
            touched = {
                level[0] for level in before[each].keys() ^ set(book.levels(0, each, 10_000))
            }
            inside = {int(p) for p in sample.prices[row - 1, each] if p}
            assert not touched & inside
            if each == side and sample.messages[row, 1] != 5:
                assert sample.messages[row, 4] not in touched
        repairs += len(repair) > 0
        book.apply(ops[mends[row] : ends[row]])
    assert repairs == int((transcoded.repairs[1:rows] > 0).sum()) > 100


def cut(sample: Sample, first: int, last: int) -> Sample:
    part = slice(first, last)
    return replace(
        sample,
        messages=sample.messages[part],
        prices=sample.prices[part],
        sizes=sample.sizes[part],
    )


def changed(sample: Sample, row: int, generator: np.random.Generator) -> Sample:
    """The sample with one size of the row's answer changed."""
    sizes = sample.sizes.copy()
    there = np.argwhere(sizes[row] > 0)
    side, level = there[generator.integers(len(there))]
    sizes[row, side, level] += int(generator.integers(1, 100))
    return replace(sample, sizes=sizes)


def verdict(sample: Sample) -> Verdict:
    transcoded = transcode(sample)
    return judge(sample, transcoded, replay(transcoded))


def a_file(path: Path, seed: int, depth: int, events: int = 4000) -> Path:
    """Random orders in LOBSTER's form: only changes of the best `depth` levels are rows."""
    generator = np.random.default_rng(seed)
    orders: dict[int, list[int]] = {}  # side, price, size
    messages, books = [], []

    def window() -> list[int]:
        sums: tuple[dict[int, int], dict[int, int]] = ({}, {})
        for side, price, size in orders.values():
            sums[side][price] = sums[side].get(price, 0) + size
        bids, asks = sorted(sums[0], reverse=True)[:depth], sorted(sums[1])[:depth]
        row = []
        for level in range(depth):
            row += [asks[level], sums[1][asks[level]]] if level < len(asks) else [9_999_999_999, 0]
            row += [bids[level], sums[0][bids[level]]] if level < len(bids) else [-9_999_999_999, 0]
        return row

    before = window()
    for event in range(events):
        kind = 1 if len(orders) < 40 else int(generator.choice([1, 2, 3, 4]))
        if kind == 1:
            reference, side = 1000 + event, int(generator.integers(2))
            price = 10_000 + 100 * int(generator.integers(1, 12)) * (1 if side else -1)
            orders[reference] = [side, price, size := int(generator.integers(1, 9)) * 100]
        else:
            reference = int(generator.choice(list(orders)))
            side, price, size = orders[reference]
            if kind != 3:
                size = int(generator.integers(1, size + 1))
            orders[reference][2] -= size
            if orders[reference][2] == 0:
                del orders[reference]
        now = window()
        if now != before and event > 100:  # what rests before the first row is never announced
            row = (f"34200.{event:09d}", kind, reference, size, price, 1 if side == 0 else -1)
            messages.append(",".join(map(str, row)))
            books.append(",".join(map(str, now)))
        before = now
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"X_message_{depth}.csv", "\n".join(messages) + "\n")
        archive.writestr(f"X_orderbook_{depth}.csv", "\n".join(books) + "\n")
    return path


@pytest.mark.parametrize("depth", [1, 3, 10])
@pytest.mark.parametrize("seed", range(3))
def test_generated_files_are_right(tmp_path: Path, seed: int, depth: int) -> None:
    sample = load(a_file(tmp_path / "generated.zip", seed, depth))
    assert sample.depth == depth
    exact, repaired, wrong = verdict(sample).counts
    assert wrong == 0 and exact + repaired == len(sample.messages) > 300
    assert exact > len(sample.messages) // 2


def with_rare_rows(sample: Sample, seed: int) -> Sample:
    """Hidden trades and every halt among the others, as often as those; no book changes."""
    generator = np.random.default_rng(seed)
    rows, prices, sizes = [], [], []
    for row, price, size in zip(sample.messages, sample.prices, sample.sizes, strict=True):
        rows.append(row)
        prices.append(price)
        sizes.append(size)
        while generator.random() < 0.4:
            one = row.copy()
            if generator.random() < 0.5:
                one[1:] = [5, 0, generator.integers(1, 500), generator.integers(1, 10**6), 1]
            else:
                one[1:] = [7, 0, 0, generator.integers(-1, 2), -1]
            rows.append(one)
            prices.append(price)
            sizes.append(size)
    return replace(sample, messages=np.array(rows), prices=np.array(prices), sizes=np.array(sizes))


@pytest.mark.parametrize("seed", range(3))
def test_each_row_is_the_message_that_its_kind_says(tmp_path: Path, seed: int) -> None:
    """Where the file shows every level, so that nothing is repaired: one message a row."""
    sample = with_rare_rows(load(a_file(tmp_path / "generated.zip", seed, 12, 1_500)), seed)
    transcoded = transcode(sample)
    assert not transcoded.repairs[1:].any() and transcoded.repairs[0] > 0
    first = int(transcoded.repairs[0])
    assert transcoded.ends.tolist() == list(range(first + 1, first + 1 + len(sample.messages)))
    sent = transcoded.messages
    names = [chr(kind) for kind in sent.types]
    messages = [sent.arrays[name][at] for name, at in zip(names, sent.rows, strict=True)][first:]
    left: dict[int, int] = {}  # shares of the orders that the file announced
    kinds = set[str]()
    for row, name, message in zip(sample.messages.tolist(), names[first:], messages, strict=True):
        time, kind, order, size, price, direction = row
        kinds.add(f"{kind} {name}")
        assert message["timestamp"] == time and message["stock_locate"] == 1
        if kind == 1:
            left[order] = size
            assert name == "A" and message["order_reference_number"] == order
            assert (message["shares"], message["price"]) == (size, price)
            assert message["buy_sell_indicator"] == (b"B" if direction == 1 else b"S")
        elif kind in (2, 3, 4):
            if order in left:
                assert message["order_reference_number"] == order
                left[order] -= size
                assert name == ("E" if kind == 4 else "X" if left[order] else "D")
            else:  # it rested before the first row
                assert message["order_reference_number"] > 1 << 48
            if name != "D":
                shares = "executed_shares" if name == "E" else "cancelled_shares"
                assert message[shares] == size and (name == "E") == (kind == 4)
        elif kind == 5:
            assert name == "P" and (message["shares"], message["price"]) == (size, price)
        else:
            state = {-1: b"H", 0: b"Q", 1: b"T"}[price]
            assert name == "H" and message["trading_state"] == state
    assert kinds == {"1 A", "2 X", "2 D", "3 D", "3 X", "4 E", "5 P", "7 H"}
    levels = replay(transcoded)
    with pytest.raises(LobsterError, match="a book of 10 levels, 12 in the file"):
        judge(sample, transcoded, levels)
    with pytest.raises(LobsterError, match=r"\d+ rows to judge, \d+ in the file"):
        judge(sample, transcoded, levels[1:])
    wide = np.zeros((*levels.shape[:2], 12), levels.dtype)
    wide[:, :, :10] = levels
    observed = judge(sample, transcoded, wide).right
    assert np.array_equal(observed, (sample.sizes[:, :, 10:] == 0).all(axis=(1, 2)))


@pytest.mark.parametrize(("kind", "price"), [(6, 100), (8, 1), (7, 2), (7, -2), (0, 100)])
def test_a_row_of_no_kind_is_refused(tmp_path: Path, kind: int, price: int) -> None:
    sample = load(a_file(tmp_path / "generated.zip", 1, 12, 300))
    sample.messages[40, [1, 4]] = kind, price
    with pytest.raises(LobsterError, match=f"row 40: a message of type {kind} and price {price}"):
        transcode(sample)


def test_both_books_replay_a_file_alike(tmp_path: Path) -> None:
    transcoded = transcode(load(a_file(tmp_path / "generated.zip", 7, 3)))
    ops = operations(transcoded.messages, {1: 0})
    fast, naive = Book(1).apply(ops, levels=True), NaiveBook(1).apply(ops, levels=True)
    assert np.array_equal(fast.tops, naive.tops)
    assert fast.levels is not None and naive.levels is not None
    assert np.array_equal(fast.levels, naive.levels)
    assert not fast.causes.any()


def test_a_lost_message_is_noticed_and_not_repaired(tmp_path: Path) -> None:
    sample = load(a_file(tmp_path / "generated.zip", 5, 3))
    best = sample.messages[:, 4] == sample.prices[:, 0, 0]
    row = int(np.flatnonzero((sample.messages[:, 1] == 1) & best)[50])
    kept = sample.messages.copy()
    kept[row, 1:] = [5, 0, 1, 1, 1]  # the add becomes a hidden trade
    right = verdict(replace(sample, messages=kept)).right
    assert right[:row].all() and not right[row]


def test_what_is_no_sample_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row, book = "1.5,1,2,3,4,1\n", "1,2,3,4\n"
    for name, (messages, books, says) in {
        "short": ("1.5,1,2,3,4\n", book, "a_message_1, line 1: 5 values, not 6"),
        "letters": (
            row + "1.5,1,2,3,4,x\n",
            2 * book,
            "a_message_1, line 2: '1.5,1,2,3,4,x' isn't",
        ),
        "heading": ("Time, Type\n" + row, 2 * book, "a_message_1, line 1: 'Time, Type' isn't"),
        "dollars": (row, "585.33,2,3,4\n", "a_orderbook_1, line 1: '585.33,2,3,4' isn't LOBSTER's"),
        "levels": (2 * row, book + "1,2,3,4,5,6,7,8\n", "a_orderbook_1, line 2: 8 values, not 4"),
        "rows": (2 * row, book, "1 rows of books for 2 messages"),
        "three": (row, "1,2,3\n", "1 rows of books for 1 messages"),
        "backwards": (row + "1.4,1,2,3,4,1\n", 2 * book, "line 2: it is before the line above"),
        "thousandths": ("34200017,1,2,3,4,1\n", book, "line 1: beyond a day; times are in seconds"),
    }.items():
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("a_message_1", messages)
            archive.writestr("a_orderbook_1", books)
        with pytest.raises(LobsterError, match=re.escape(says)) as error:
            load(tmp_path / name)
        assert str(error.value).startswith(f"{tmp_path / name}: ") and "\n" not in str(error.value)
    with zipfile.ZipFile(tmp_path / "empty", "w"):
        pass
    with pytest.raises(LobsterError, match="not one message and one orderbook file"):
        load(tmp_path / "empty")
    assert main([str(tmp_path / "absent")]) == 2
    assert capsys.readouterr().err.startswith("lobster: ")
