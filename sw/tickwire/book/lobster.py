"""LOBSTER's files to ITCH 5.0, and a book judged by LOBSTER's own order book, row by row.

    python -m tickwire.book.lobster FILE.zip

A file of L levels tells only what happens inside them, so a level that enters at the bottom was
never announced. The transcoder keeps every level that left the window, and may repair only what
lies beyond the row before's window: it sets the entering level to the size that the file shows, and
takes out remembered levels that stand where the file shows none. The level that a row's message
names is never repaired. Repairs come before the row's message.

A message that names an order never announced takes its shares from those at its price whose owner
isn't known. The size of a repair that the next two rows contradict is theirs, so that one wrong
size in the file is one wrong row. Only the size of an entering level that is out of sight again
within two rows has no such witnesses, and is taken as it stands: `--answers` judges by another file
than the one that is transcoded. Row 0 has no row before: its book is seeded from its
answer, its own message undone.
"""

from __future__ import annotations

import argparse
import sys
import zipfile
from bisect import bisect_left, insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.report import Report
from tickwire.book.compiled import Book
from tickwire.gen.records import Side
from tickwire.wire import itch
from tickwire.wire.itch import Messages
from tickwire.wire.operations import operations

LOCATE = 1
_UNKNOWN_OWNER = 1 << 48  # references from here on are the transcoder's own
_ADD, _CANCEL, _DELETE, _EXECUTE, _HIDDEN, _HALT = 1, 2, 3, 4, 5, 7
_SHOWN = 5  # wrong rows that are named
_STATES = {-1: b"H", 0: b"Q", 1: b"T"}

Window = tuple[dict[int, int], dict[int, int]]  # price to size of bids and of asks


class LobsterError(ValueError):
    """A file that isn't LOBSTER's. The message is one line."""


@dataclass(frozen=True)
class Sample:
    """A day: messages [time in ns, type, order, size, price, direction] and the book after each."""

    symbol: str
    depth: int
    messages: npt.NDArray[np.int64]
    prices: npt.NDArray[np.int64]  # [row, side, level]; 0 where there is none
    sizes: npt.NDArray[np.int64]


def load(path: Path) -> Sample:
    """Read a zip that holds one message file and one order book file."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            found = [[name for name in names if f"_{part}_" in name] for part in _PARTS]
            if [len(part) for part in found] != [1, 1]:
                raise LobsterError(f"{path}: not one message and one orderbook file")
            texts = [archive.read(part[0]).decode("ascii") for part in found]
    except (OSError, zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise LobsterError(f"{path}: {error}") from None
    try:
        messages = np.array([_message(line) for line in texts[0].split()], np.int64)
        values = [int(value) for value in texts[1].replace("\n", ",").split(",") if value.strip()]
    except ValueError as error:
        raise LobsterError(f"{path}: {error}") from None
    if not len(messages) or not values or len(values) % (4 * len(messages)):
        raise LobsterError(f"{path}: {len(values)} book values for {len(messages)} messages")
    book = np.array(values, np.int64).reshape(len(messages), -1, 2, 2)[:, :, ::-1]
    prices, sizes = book[..., 0].transpose(0, 2, 1), book[..., 1].transpose(0, 2, 1)
    prices = np.where(sizes == 0, 0, prices)
    return Sample(path.stem, prices.shape[2], messages, prices, sizes.copy())


_PARTS = ("message", "orderbook")


def _message(line: str) -> list[int]:
    time, *rest = line.split(",")
    seconds, _, fraction = time.partition(".")
    if len(rest) != 5 or len(fraction) > 15:
        raise ValueError(f"a message is {line!r}")
    # some times have digits beyond the nanosecond, left over from a float: to the nearest one
    fine = int(seconds + fraction.ljust(15, "0"))
    return [(fine + 500_000) // 1_000_000, *map(int, rest)]


@dataclass
class _Level:
    """Shares by reference; those with an unknown owner are asked first."""

    orders: dict[int, int] = field(default_factory=dict)
    size: int = 0


@dataclass
class _Side:
    """Every level that is known of, in the window or not; `keys` are sorted, the best first."""

    sign: int
    levels: dict[int, _Level] = field(default_factory=dict)
    keys: list[int] = field(default_factory=list)

    def add(self, price: int, reference: int, size: int) -> None:
        if price not in self.levels:
            self.levels[price] = _Level()
            insort(self.keys, self.sign * price)
        level = self.levels[price]
        level.orders[reference] = size
        level.size += size

    def take(self, price: int, reference: int, size: int) -> bool:
        """Take shares of an order; True where it is gone."""
        level = self.levels[price]
        level.size -= size
        level.orders[reference] -= size
        gone = level.orders[reference] == 0
        if gone:
            del level.orders[reference]
            if not level.orders:
                del self.levels[price]
                self.keys.pop(bisect_left(self.keys, self.sign * price))
        return gone

    def best(self, depth: int) -> list[tuple[int, int]]:
        prices = [self.sign * key for key in self.keys[:depth]]
        return [(price, self.levels[price].size) for price in prices]


@dataclass(frozen=True)
class Transcoded:
    """The stream, and for each row where its messages end and how many of them repair."""

    messages: Messages
    ends: npt.NDArray[np.int64]
    repairs: npt.NDArray[np.int64]


def transcode(sample: Sample) -> Transcoded:
    """ITCH messages for every row: repairs, then what the row's message says."""
    return _Transcoder(sample).run()


class _Transcoder:
    def __init__(self, sample: Sample) -> None:
        self.sample = sample
        self.rows: list[list[int]] = sample.messages.tolist()
        self.prices, self.sizes = sample.prices.tolist(), sample.sizes.tolist()
        self.sides = (_Side(-1), _Side(1))
        self.out: list[dict[str, int | bytes]] = []
        self.own = _UNKNOWN_OWNER
        self.time = 0

    def run(self) -> Transcoded:
        ends, repairs = [], []
        for row in range(len(self.rows)):
            self.time = self.rows[row][0]
            start = len(self.out)
            if row == 0:
                self._seed()
            else:
                for side in Side:
                    self._repair(row, side)
            repairs.append(len(self.out) - start)
            self._tell(row)
            ends.append(len(self.out))
        messages = _stream(self.out)
        return Transcoded(messages, np.array(ends), np.array(repairs))

    # -- What a row says -------------------------------------------------------------------------

    def _effect(self, row: int) -> tuple[int, int, int]:
        """Side, price and change of size of a row's message."""
        _, kind, _, size, price, direction = self.rows[row]
        change = {_ADD: size, _CANCEL: -size, _DELETE: -size, _EXECUTE: -size}.get(kind, 0)
        return (Side.BUY if direction == 1 else Side.SELL), price, change

    def _window(self, row: int, side: int) -> dict[int, int]:
        prices, sizes = self.prices[row][side], self.sizes[row][side]
        return {price: size for price, size in zip(prices, sizes, strict=True) if size}

    def _settled(self, row: int, side: int, price: int) -> int:
        """The size of a level at a row, unless the next two rows agree on another."""
        told: list[int | None] = []
        change = 0
        for later in (row + 1, row + 2):
            if later < len(self.rows):
                touched, at, by = self._effect(later)
                change += by if (touched, at) == (side, price) else 0
                size = self._window(later, side).get(price)
                if size is None and by < 0 and (touched, at) == (side, price):
                    return -change  # the message took the last of it
                told.append(None if size is None else size - change)
        if len(told) == 2 and told[0] is not None and told[0] == told[1] and told[0] > 0:
            return told[0]
        return self._window(row, side)[price]

    def _seed(self) -> None:
        touched, at, change = self._effect(0)
        for side in Side:
            window = {price: self._settled(0, side, price) for price in self._window(0, side)}
            if side == touched and change:
                window[at] = window.get(at, 0) - change
            for price, size in window.items():
                if size > 0:
                    self._rest(side, price, size)

    # -- Repairs ---------------------------------------------------------------------------------

    def _repair(self, row: int, side: int) -> None:
        """Make what lies beyond the row before's window what the file shows, if it is in sight."""
        depth, sign = self.sample.depth, self.sides[side].sign
        before, now = self._window(row - 1, side), self._window(row, side)
        if len(before) < depth:
            return  # nothing was out of sight
        touched, own, change = self._effect(row)
        bound = max(sign * price for price in before)
        entering = [price for price in now if sign * price > bound]
        keep = {price for price in now if sign * price <= bound}
        if touched == side and change:
            keep.add(own)
        if len(entering) > 1 or len(keep & now.keys()) == depth:
            return
        last = max((sign * price for price in now), default=bound) if len(now) == depth else None
        shown = self.sides[side]
        for key in list(shown.keys[bisect_left(shown.keys, bound + 1) :]):
            price = sign * key
            if last is not None and key > last:
                break
            if price not in now and price not in keep:
                self._lower(side, price, shown.levels[price].size)
        for price in entering:
            if price not in keep:
                self._set(side, price, self._settled(row, side, price))

    def _set(self, side: int, price: int, size: int) -> None:
        level = self.sides[side].levels.get(price)
        held = level.size if level else 0
        if held < size:
            self._rest(side, price, size - held)
        elif held > size:
            self._lower(side, price, held - size)

    def _rest(self, side: int, price: int, size: int) -> None:
        self.own += 1
        self._add(side, price, self.own, size)

    # -- Messages --------------------------------------------------------------------------------

    def _tell(self, row: int) -> None:
        _, kind, order, size, price, direction = self.rows[row]
        side = Side.BUY if direction == 1 else Side.SELL
        if kind == _ADD:
            self._add(side, price, order, size)
        elif kind in (_CANCEL, _DELETE, _EXECUTE):
            level = self.sides[side].levels.get(price)
            if level and level.orders.get(order, 0) >= size:
                self._take(side, price, order, size, kind)
            else:
                self._lower(side, price, size, kind)
        elif kind == _HIDDEN:
            told = {"shares": size, "price": price, "stock": b"", "buy_sell_indicator": b"B"}
            self._put(b"P", **told)
        elif kind == _HALT and price in _STATES:
            self._put(b"H", trading_state=_STATES[price], stock=b"", reserved=b"", reason=b"")
        else:
            raise LobsterError(f"row {row}: a message of type {kind} and price {price}")

    def _add(self, side: int, price: int, reference: int, size: int) -> None:
        self.sides[side].add(price, reference, size)
        self._put(
            b"A",
            order_reference_number=reference,
            buy_sell_indicator=b"B" if side == Side.BUY else b"S",
            shares=size,
            price=price,
            stock=b"",
        )

    def _lower(self, side: int, price: int, size: int, kind: int = _CANCEL) -> None:
        """Take shares off a level, of unknown owners first. What isn't there is not taken."""
        level = self.sides[side].levels.get(price)
        orders = sorted(level.orders.items(), key=lambda item: -item[0]) if level else []
        for reference, held in orders:
            taken = min(held, size)
            if taken:
                self._take(side, price, reference, taken, kind)
            size -= taken

    def _take(self, side: int, price: int, reference: int, size: int, kind: int) -> None:
        gone = self.sides[side].take(price, reference, size)
        if kind == _EXECUTE:
            self._put(b"E", order_reference_number=reference, executed_shares=size)
        elif gone:
            self._put(b"D", order_reference_number=reference)
        else:
            self._put(b"X", order_reference_number=reference, cancelled_shares=size)

    def _put(self, kind: bytes, **told: Any) -> None:
        self.out.append({"message_type": kind, "timestamp": self.time, **told})


def _stream(told: list[dict[str, int | bytes]]) -> Messages:
    """As `itch.one_by_one`, a column at a time."""
    types = np.array([row["message_type"][0] for row in told], np.uint8)  # type: ignore[index]
    arrays = {}
    for code in np.unique(types).tolist():
        rows = [row for row, other in zip(told, types.tolist(), strict=True) if other == code]
        arrays[chr(code)] = made = itch.empty(chr(code), len(rows))
        made["stock_locate"] = LOCATE
        for name in rows[0]:
            column = [row[name] for row in rows]
            made[name] = [v.ljust(8) for v in column] if name == "stock" else column  # type: ignore[union-attr]
    return Messages.of(types, arrays)


@dataclass(frozen=True)
class Verdict:
    """Which rows of a book were right, and which of those needed a repair."""

    right: npt.NDArray[np.bool_]
    repaired: npt.NDArray[np.bool_]

    @property
    def counts(self) -> tuple[int, int, int]:
        """Rows exact without repair, exact after a repair, mismatching."""
        exact = int((self.right & ~self.repaired).sum())
        return exact, int((self.right & self.repaired).sum()), int((~self.right).sum())


def judge(sample: Sample, transcoded: Transcoded, levels: npt.NDArray[Any]) -> Verdict:
    """Compare the book after each row, [row, side, level] of price and shares, with the file's."""
    rows, depth = len(sample.messages), sample.depth
    if levels.shape[0] != rows or levels.shape[2] < depth:
        raise LobsterError(f"{levels.shape[0]} rows to judge, {rows} in the file")
    seen = levels[:, :, :depth]
    same = (seen["price"] == sample.prices) & (seen["shares"] == sample.sizes)
    return Verdict(same.all(axis=(1, 2)), transcoded.repairs > 0)


def replay(transcoded: Transcoded) -> npt.NDArray[Any]:
    """The book after each row, by way of the bytes: encoded, decoded, booked."""
    messages = itch.decode(itch.encode(transcoded.messages))
    ops = operations(messages, {LOCATE: 0})
    booked = Book(1).apply(ops, levels=True)
    assert booked.levels is not None
    # row r's book is that after the last operation of a message up to its end; 0: none so far
    index = np.searchsorted(ops["sequence_number"], transcoded.ends, side="right")
    empty = np.zeros((1, *booked.levels.shape[1:]), booked.levels.dtype)
    return np.concatenate([empty, booked.levels])[index]


Replay = Callable[[Transcoded], npt.NDArray[Any]]  # the book after each row


def judge_files(
    files: Sequence[Path], answers: Path | None, replayed: Replay, report: Report, how: str
) -> None:
    """Transcode each file, have it booked by `replayed`, and print and report the three counts."""
    names = ("exact_without_repair", "exact_after_repair", "mismatching")
    for path in files:
        sample = load(path)
        transcoded = transcode(sample)
        verdict = judge(load(answers) if answers else sample, transcoded, replayed(transcoded))
        rows = len(verdict.right)
        print(f"{sample.symbol}: {rows:,} rows compared, depth {sample.depth}")
        for name, count in zip(names, verdict.counts, strict=True):
            about: dict[str, Any] = {"n": rows, "how": how}
            if name == "mismatching":
                about |= {"bound": 0, "op": "<="}
            report.row(sample.symbol, name, count, "rows", **about)
            print(f"  {name:22}{count:>10,}")
        for row in np.flatnonzero(~verdict.right)[:_SHOWN].tolist():
            print(f"  row {row} is wrong")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="tickwire.book.lobster", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("file", type=Path, nargs="+")
    parser.add_argument("--answers", type=Path, help="judge by this file's order book")
    told = parser.parse_args(arguments)
    report = Report("lobster", "python -m tickwire.book.lobster FILE.zip")
    try:
        judge_files(told.file, told.answers, replay, report, "measured on host")
    except LobsterError as error:
        print(f"lobster: {error}", file=sys.stderr)
        return 2
    print(report.write())
    return bool(report.failed)


if __name__ == "__main__":
    sys.exit(main())
