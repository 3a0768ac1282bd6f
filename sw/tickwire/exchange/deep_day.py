"""A day of orders as IEX DEEP would send it: levels instead of orders, in IEX-TP packets.

Each message of an ITCH day that changes levels becomes an event: an update for each level whose
shares changed, the last of them marked as the event's end. Trades, the directory, halts and the
market's own events are translated, and behind an instrument's first H comes an O that says N; all
else has nothing to answer to. The day is one of New York's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tickwire.gen.records import Side
from tickwire.wire import deep, itch
from tickwire.wire.chunks import Chunks
from tickwire.wire.codec import Messages
from tickwire.wire.iex_tp import packetise

DAY = 1_516_597_200 * 1_000_000_000  # when 22 January 2018 began in New York, in ns since 1970
MOST_BYTES = 1400  # of a packet's messages
_EVENTS = {b"O": b"O", b"S": b"S", b"Q": b"R", b"M": b"M", b"E": b"E", b"C": b"C"}
_STATES = {b"T": b"T", b"H": b"H", b"P": b"P", b"Q": b"O"}
Row = dict[str, int | bytes]


@dataclass
class _Book:
    """Orders by reference, and the shares of each level."""

    orders: dict[int, tuple[Side, int, int]] = field(default_factory=dict)
    levels: dict[tuple[Side, int], int] = field(default_factory=dict)
    changed: dict[tuple[Side, int], None] = field(default_factory=dict)

    def put(self, reference: int, side: Side, price: int, shares: int) -> None:
        self.orders[reference] = side, price, shares
        self._add(side, price, shares)

    def take(self, reference: int, shares: int | None = None) -> tuple[Side, int, int]:
        """Some of an order's shares or all of them: its side and price, and how many."""
        side, price, rests = self.orders[reference]
        gone = rests if shares is None else shares
        self._add(side, price, -gone)
        if gone == rests:
            del self.orders[reference]
        else:
            self.orders[reference] = side, price, rests - gone
        return side, price, gone

    def _add(self, side: Side, price: int, shares: int) -> None:
        self.levels[side, price] = self.levels.get((side, price), 0) + shares
        self.changed[side, price] = None


def translate(messages: itch.Messages) -> tuple[Messages, list[int]]:
    """The DEEP messages, and of each the ITCH message that it comes from."""
    books: dict[int, _Book] = {}
    names: dict[int, bytes] = {}
    spun = set[int]()  # of which IEX has said that it doesn't halt them
    rows: list[Row] = []
    origin: list[int] = []
    trades = 0
    for index in range(len(messages)):
        message: dict[str, Any] = messages.row(index)
        kind, locate = message["message_type"], message["stock_locate"]
        if "stock" in message:
            names[locate] = message["stock"]
        about: Row = {"timestamp": DAY + message["timestamp"]}
        if kind != b"S":
            about["symbol"] = names[locate]
        before = len(rows)
        if kind in b"SRH":
            rows.append(about | _said(kind, message))
            if kind == b"H" and locate not in spun:
                rows.append(about | {"message_type": b"O", "operational_halt_status": b"N"})
                spun.add(locate)
        else:
            book = books.setdefault(locate, _Book())
            traded = _apply(book, kind, message)
            if traded:
                trades += 1
                rows.append(about | {"message_type": b"T", "trade_id": trades} | traded)
            rows += [about | update for update in _updates(book)]
        origin += [index] * (len(rows) - before)
    return deep.CODEC.one_by_one(rows), origin


def _said(kind: bytes, message: dict[str, Any]) -> Row:
    if kind == b"S":
        return {"message_type": b"S", "system_event": _EVENTS[message["event_code"]]}
    if kind == b"R":
        return {"message_type": b"D", "round_lot_size": message["round_lot_size"], "luld_tier": 1}
    return {
        "message_type": b"H",
        "trading_status": _STATES[message["trading_state"]],
        "reason": b"NA",
    }


def _apply(book: _Book, kind: bytes, message: dict[str, Any]) -> Row:
    """What the message does to the book; what it traded, if any."""
    reference = message.get("order_reference_number", 0)
    if kind in (b"A", b"F"):
        side = Side.SELL if message["buy_sell_indicator"] == b"S" else Side.BUY
        book.put(reference, side, message["price"], message["shares"])
    elif kind in (b"E", b"C"):
        _, price, shares = book.take(reference, message["executed_shares"])
        return {"size": shares, "price": message.get("execution_price", price)}
    elif kind == b"X":
        book.take(reference, message["cancelled_shares"])
    elif kind == b"D":
        book.take(reference)
    elif kind == b"U":
        side, _, _ = book.take(message["original_order_reference_number"])
        new = message["new_order_reference_number"]
        book.put(new, side, message["price"], message["shares"])
    elif kind == b"P":
        return {"size": message["shares"], "price": message["price"]}
    return {}


def _updates(book: _Book) -> list[Row]:
    """A row for each level that changed, the last one marked."""
    updates: list[Row] = [
        {
            "message_type": b"8" if side == Side.BUY else b"5",
            "size": book.levels[side, price],
            "price": price,
            "event_flags": 0,
        }
        for side, price in book.changed
    ]
    book.changed.clear()
    if updates:
        updates[-1]["event_flags"] = 1
    return updates


def packets(messages: Messages, *, session: int = 1, first: int = 1, seed: int = 1) -> Chunks:
    """IEX-TP packets of random sizes, up to MOST_BYTES."""
    sizes = deep.CODEC.lengths[messages.types] + 2
    generator = np.random.default_rng(seed)
    counts: list[int] = []
    room = left = 0
    for size in sizes.tolist():
        if left == 0 or size > room:
            counts.append(0)
            room, left = MOST_BYTES, int(generator.integers(1, 30))
        counts[-1] += 1
        room, left = room - size, left - 1
    times = messages.column("timestamp", np.int64)[np.cumsum([0, *counts])[:-1]]
    return packetise(
        deep.CODEC.encode(messages), counts, session=session, sequence_number=first, times=times
    )
