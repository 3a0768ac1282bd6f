"""Transcodes a LOBSTER sample to ITCH 5.0 messages.

A file of L levels holds only what happens inside those levels, its window. A level that enters the
window at the bottom was never announced, so some rows need repair messages. The rules:

- Every level that leaves the window is remembered.
- A repair touches only what lies beyond the window of the row before. It sets an entering level to
  the size that the file shows, and removes remembered levels where the file shows none.
- The level that the row's own message names is never repaired. Repairs come before that message.
- A message about an order that was never announced takes its shares from orders at its price,
  from those with an unknown owner first.
- If the next two rows agree on another size for a repaired level, theirs is used. So one wrong
  size in the file makes one wrong row. An entering level that leaves again within two rows has no
  such witnesses: its size is taken as the file shows it.
- Row 0 has no row before it: its book comes from its own answer, with its own message undone.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from tickwire.book.lobster_files import Kind, LobsterError, Sample
from tickwire.gen.records import Side
from tickwire.wire import itch
from tickwire.wire.itch import Messages

LOCATE = 1
_UNKNOWN_OWNER = 1 << 48  # the transcoder's own references are greater
_TAKING = (Kind.CANCEL, Kind.DELETE, Kind.EXECUTE)
_STATES = {-1: b"H", 0: b"Q", 1: b"T"}  # trading state by the price of a halt's row


@dataclass
class _Level:
    """A level's orders, shares by reference, and the sum of their shares."""

    orders: dict[int, int] = field(default_factory=dict)
    size: int = 0


@dataclass
class _Side:
    """Every known level, inside the window or not. `keys` are `sign * price`, the best first."""

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
        """Take shares off an order; True where none are left and it is gone."""
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


@dataclass(frozen=True)
class Transcoded:
    """The stream; for each row, where its messages end and how many of them are repairs."""

    messages: Messages
    ends: npt.NDArray[np.int64]
    repairs: npt.NDArray[np.int64]


def transcode(sample: Sample) -> Transcoded:
    """ITCH messages for every row: its repairs, then its own message."""
    return _Transcoder(sample).run()


class _Transcoder:
    def __init__(self, sample: Sample) -> None:
        self.depth = sample.depth
        self.rows: list[list[int]] = sample.messages.tolist()
        self.prices, self.sizes = sample.prices.tolist(), sample.sizes.tolist()
        self.sides = (_Side(-1), _Side(1))
        self.messages: list[dict[str, int | bytes]] = []
        self.last_reference = _UNKNOWN_OWNER
        self.time = 0

    def run(self) -> Transcoded:
        ends, repairs = [], []
        for row in range(len(self.rows)):
            self.time = self.rows[row][0]
            start = len(self.messages)
            if row == 0:
                self._seed()
            else:
                for side in Side:
                    self._repair(row, side)
            repairs.append(len(self.messages) - start)
            self._translate(row)
            ends.append(len(self.messages))
        return Transcoded(_stream(self.messages), np.array(ends), np.array(repairs))

    # -- What the file shows ---------------------------------------------------------------------

    def _effect(self, row: int) -> tuple[int, int, int]:
        """Side, price and change of size of a row's message."""
        _, kind, _, size, price, direction = self.rows[row]
        change = size if kind == Kind.ADD else -size if kind in _TAKING else 0
        return (Side.BUY if direction == 1 else Side.SELL), price, change

    def _window(self, row: int, side: int) -> dict[int, int]:
        prices, sizes = self.prices[row][side], self.sizes[row][side]
        return {price: size for price, size in zip(prices, sizes, strict=True) if size}

    def _settled(self, row: int, side: int, price: int) -> int:
        """The size of a level at a row, unless the next two rows agree on another."""
        witnesses: list[int | None] = []
        change = 0
        for later in (row + 1, row + 2):
            if later < len(self.rows):
                touched, at, by = self._effect(later)
                change += by if (touched, at) == (side, price) else 0
                size = self._window(later, side).get(price)
                if size is None and by < 0 and (touched, at) == (side, price):
                    return -change  # the message took the last of it
                witnesses.append(None if size is None else size - change)
        first = witnesses[0] if len(witnesses) == 2 else None
        if first is not None and first > 0 and first == witnesses[1]:
            return first
        return self._window(row, side)[price]

    # -- Repairs ---------------------------------------------------------------------------------

    def _seed(self) -> None:
        touched, at, change = self._effect(0)
        for side in Side:
            window = {price: self._settled(0, side, price) for price in self._window(0, side)}
            if side == touched and change:
                window[at] = window.get(at, 0) - change
            for price, size in window.items():
                if size > 0:
                    self._add_unknown(side, price, size)

    def _repair(self, row: int, side: int) -> None:
        """Make the levels beyond the window of the row before equal to what this row shows."""
        known = self.sides[side]
        sign = known.sign
        before, now = self._window(row - 1, side), self._window(row, side)
        if len(before) < self.depth:
            return  # the window showed every level
        touched, own, change = self._effect(row)
        bound = max(sign * price for price in before)
        entering = [price for price in now if sign * price > bound]
        keep = {price for price in now if sign * price <= bound}
        if touched == side and change:
            keep.add(own)
        if len(entering) > 1 or len(keep & now.keys()) == self.depth:
            return
        last = max((sign * price for price in now), default=bound)
        for key in list(known.keys[bisect_left(known.keys, bound + 1) :]):
            price = sign * key
            if len(now) == self.depth and key > last:
                break
            if price not in now and price not in keep:
                self._lower(side, price, known.levels[price].size)
        for price in entering:
            if price not in keep:
                self._set(side, price, self._settled(row, side, price))

    def _set(self, side: int, price: int, size: int) -> None:
        level = self.sides[side].levels.get(price)
        held = level.size if level else 0
        if held < size:
            self._add_unknown(side, price, size - held)
        elif held > size:
            self._lower(side, price, held - size)

    def _add_unknown(self, side: int, price: int, size: int) -> None:
        self.last_reference += 1
        self._add(side, price, self.last_reference, size)

    # -- Messages --------------------------------------------------------------------------------

    def _translate(self, row: int) -> None:
        _, kind, order, size, price, direction = self.rows[row]
        side = Side.BUY if direction == 1 else Side.SELL
        if kind == Kind.ADD:
            self._add(side, price, order, size)
        elif kind in _TAKING:
            level = self.sides[side].levels.get(price)
            if level and level.orders.get(order, 0) >= size:
                self._take(side, price, order, size, kind)
            else:
                self._lower(side, price, size, kind)
        elif kind == Kind.HIDDEN:
            self._emit(b"P", shares=size, price=price, stock=b"", buy_sell_indicator=b"B")
        elif kind == Kind.HALT and price in _STATES:
            self._emit(b"H", trading_state=_STATES[price], stock=b"", reserved=b"", reason=b"")
        else:
            raise LobsterError(f"row {row}: a message of type {kind} and price {price}")

    def _add(self, side: int, price: int, reference: int, size: int) -> None:
        self.sides[side].add(price, reference, size)
        self._emit(
            b"A",
            order_reference_number=reference,
            buy_sell_indicator=b"B" if side == Side.BUY else b"S",
            shares=size,
            price=price,
            stock=b"",
        )

    def _lower(self, side: int, price: int, size: int, kind: int = Kind.CANCEL) -> None:
        """Take shares off a level, from unknown owners first, and no more than it has."""
        level = self.sides[side].levels.get(price)
        orders = sorted(level.orders.items(), key=lambda item: -item[0]) if level else []
        for reference, held in orders:
            taken = min(held, size)
            if taken:
                self._take(side, price, reference, taken, kind)
            size -= taken

    def _take(self, side: int, price: int, reference: int, size: int, kind: int) -> None:
        gone = self.sides[side].take(price, reference, size)
        if kind == Kind.EXECUTE:
            self._emit(b"E", order_reference_number=reference, executed_shares=size)
        elif gone:
            self._emit(b"D", order_reference_number=reference)
        else:
            self._emit(b"X", order_reference_number=reference, cancelled_shares=size)

    def _emit(self, kind: bytes, **fields: Any) -> None:
        self.messages.append({"message_type": kind, "timestamp": self.time, **fields})


def _stream(messages: list[dict[str, int | bytes]]) -> Messages:
    """As `itch.one_by_one`, a column at a time."""
    types = np.array([row["message_type"][0] for row in messages], np.uint8)  # type: ignore[index]
    arrays = {}
    for code in np.unique(types).tolist():
        rows = [row for row, other in zip(messages, types.tolist(), strict=True) if other == code]
        arrays[chr(code)] = array = itch.empty(chr(code), len(rows))
        array["stock_locate"] = LOCATE
        for name in rows[0]:
            column = [row[name] for row in rows]
            array[name] = [v.ljust(8) for v in column] if name == "stock" else column  # type: ignore[union-attr]
    return Messages.of(types, arrays)
