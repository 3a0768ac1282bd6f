"""A DEEP capture as rows, by the host alone: a line for each message, and books fed by levels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tickwire.book.compiled import Book
from tickwire.cli.decoded import FAULTS, shown_fields
from tickwire.data.captures import (
    first_reason,
    in_order,
    level_symbols,
    lost,
    with_gaps,
    with_unread,
)
from tickwire.gen.records import Operation, Reason, Side
from tickwire.wire import deep, level_operations
from tickwire.wire.chunks import as_bytes
from tickwire.wire.codec import Fault, Messages
from tickwire.wire.feeds import Feeds

_BOOK = ("operation", "operation_side", "operation_price", "operation_shares", "reason", "stale")
_BEST = tuple(f"{side}_{what}" for side in ("bid", "ask") for what in ("price", "shares"))


def rows(
    where: str,
    feeds: Feeds,
    times: npt.NDArray[np.int64],
    symbols: Sequence[str],
    *,
    trust_from_here: bool = False,
) -> Iterator[dict[str, Any]]:
    """A dictionary for each message, in the order of sequence numbers, session by session."""
    numbers, source = feeds.packets.message_sequence, feeds.message_source
    frame = np.repeat(feeds.frame, np.diff(feeds.packets.first))
    for session in feeds.sessions:
        mine = [at for at, one in enumerate(feeds.sources) if one.session == session]
        here = np.flatnonzero(np.isin(source, mine))
        order, missing = in_order(numbers[here])
        here = here[order]
        begins = feeds.begins(session)
        missing = lost(numbers[here], missing, begins, trust_from_here)
        start = first_reason(begins, trust_from_here)
        good = here[feeds.places.faults[here] == Fault.NONE]
        messages = _messages(feeds, good)
        wrong = here[feeds.places.faults[here] != Fault.NONE]
        unread = [(int(numbers[at]), level_operations.unread_of(_raw(feeds, at))) for at in wrong]
        missed = numbers[here][missing]
        books = _books(
            where, messages, numbers[good], missed, symbols, unread, trust_from_here, start
        )
        fields = iter(shown_fields(messages, deep.CODEC.by_code))
        for at in here.tolist():
            number = int(numbers[at])
            row = {"frame": int(frame[at]), "time": int(times[frame[at]]), "session": session}
            row["sequence_number"] = number
            if feeds.places.faults[at] == Fault.NONE:
                row |= next(fields)
            else:
                raw = _raw(feeds, at)
                fault = FAULTS[Fault(int(feeds.places.faults[at]))]
                row |= {"fault": fault, "length": len(raw), "bytes": raw.hex()}
            if number in books:
                row["book"] = books[number]
            yield row


def _raw(feeds: Feeds, at: int) -> bytes:
    start, length = int(feeds.places.offsets[at]), int(feeds.places.lengths[at])
    return as_bytes(feeds.packets.stream)[start : start + length].tobytes()


def _messages(feeds: Feeds, index: npt.NDArray[np.int64]) -> Messages:
    """Some of the messages, all of them without a fault."""
    every = feeds.codec.decode(feeds.packets.stream, skip_faulty=True)
    places = np.cumsum(feeds.places.faults == Fault.NONE) - 1
    here = places[index]
    return Messages(every.types[here], every.rows[here], every.arrays)


def _books(
    where: str,
    messages: Messages,
    numbers: npt.NDArray[np.uint64],
    missing: npt.NDArray[np.uint64],
    symbols: Sequence[str],
    unread: Sequence[tuple[int, bytes | None]],
    any_hours: bool,
    start: Reason,
) -> dict[int, dict[str, Any]]:
    """What operations made of the books, by the number of the message that each came from.
    `unread`: messages that can't be read, and whose they are; empty: nobody knows."""
    if not symbols:
        return {}
    names = level_symbols(where, messages, symbols)
    slots = {name.ljust(8).encode("latin-1"): slot for slot, name in enumerate(names)}
    ops = level_operations.operations(messages, slots, sequence=numbers, any_hours=any_hours)
    ops = with_gaps(ops, missing, len(names), start)
    for number, name in unread:
        if name is not None and (name in slots or not name):
            of = [slots[name]] if name else list(slots.values())
            ops = with_unread(ops, number, of)
    tops = Book(len(names)).apply(ops).tops
    tops = tops[tops["operation"] != Operation.STALE]
    books = {}
    for top in tops:
        book: dict[str, Any] = {"symbol": names[int(top["slot"])]}
        book |= {name: int(top[name]) for name in (*_BOOK, *_BEST)}
        book["operation"] = Operation(book["operation"]).name.lower()
        book["reason"] = Reason(book["reason"]).name.lower()
        book["operation_side"] = Side(book["operation_side"]).name.lower()
        book["complete"] = bool(top["last_of_packet"])
        books[int(top["sequence_number"])] = book
    return books
