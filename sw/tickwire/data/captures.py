"""Feeds in capture files as events: A and B merged, in the order of sequence numbers.

ITCH 5.0 in MoldUDP64 and DEEP 1.0 in IEX-TP are read. A message on both feeds is taken once. A
message on neither is a gap: from there on every instrument is stale, with reason gap. So it is from
the start, with reason no_start, where the capture begins after the session's first message, unless
that is to be trusted by the caller's word. What isn't a whole and right packet of the feed counts
as not captured, and is noted by its cause. Several streams are refused until one is chosen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from tickwire.data.booked import UNSAID, Booker, Progress, quiet
from tickwire.data.events import About, DataError, Events
from tickwire.data.instruments import Directory, shown
from tickwire.gen.records import BOOK_OP, SLOTS, Operation, Reason
from tickwire.wire import capture, deep, feeds, level_operations
from tickwire.wire.chunks import Offsets, WireError
from tickwire.wire.codec import Messages
from tickwire.wire.feeds import Choice, Feeds
from tickwire.wire.market import Market
from tickwire.wire.operations import operations

_PIECE = 1 << 18  # operations


def read(
    path: Path,
    symbols: Sequence[str] = (),
    choices: Sequence[Choice] = (),
    progress: Progress = quiet,
    *,
    trust_from_here: bool = False,
) -> tuple[About, Iterator[Events]]:
    """What the capture holds, and its events."""
    try:
        frames = capture.read(path).frames
        total = path.stat().st_size
        progress(total // 2, total)
        found = feeds.find(frames, choices)
        feeds.check(found)
        messages = found.codec.decode(found.packets.stream)
    except WireError as error:
        message = str(error)
        named = message.startswith(str(path))
        raise DataError(message if named else f"{path}: {message}") from None
    except OSError as error:
        raise DataError(f"{path}: {error.strerror or error}") from None
    order, missing = in_order(found.packets.message_sequence)
    sequence = found.packets.message_sequence[order]
    merged = Messages(messages.types[order], messages.rows[order], messages.arrays)
    notes = found.left_out | _notes(found, sequence)
    last = found.packets.last_of_packet[order]
    if found.codec is deep.CODEC:
        about, ops = _levels(path, merged, symbols, sequence, notes, trust_from_here)
    else:
        about, ops = _orders(
            path, merged, symbols, sequence, last, notes, Market(any_hours=trust_from_here)
        )
    begins, ends = (one(found.sessions[0]) for one in (found.begins, found.ends))
    before = sequence[lost(sequence, missing, begins, trust_from_here)]
    if ends > int(sequence[-1]) + 1:  # a heartbeat says that more was sent
        before = np.concatenate([before, np.array([ends], np.uint64)])
    ops = with_gaps(ops, before, len(about.instruments), first_reason(begins, trust_from_here))

    def events() -> Iterator[Events]:
        booker = Booker(len(about.instruments), notes)
        for start in range(0, len(ops), _PIECE):
            yield booker.events(ops[start : start + _PIECE])
            progress(total // 2 + total * min(start + _PIECE, len(ops)) // len(ops) // 2, total)

    return about, events()


def _notes(found: Feeds, sequence: npt.NDArray[np.uint64]) -> dict[str, int]:
    """Messages that came twice, and those that didn't come."""
    begins = found.begins(found.sessions[0])
    lacking = gaps(sequence, found.ends(found.sessions[0]), begins)
    counts = {
        "messages of a second feed": len(found.packets.message_sequence) - len(sequence),
        "gaps": len(lacking),
        "messages lacking": sum(count for _, count in lacking),
    }
    late = {"joined at message": begins} if begins != 1 else {}
    return {name: count for name, count in counts.items() if count} | late


def lost(
    sequence: npt.NDArray[np.uint64], missing: Offsets, begins: int, trust_from_here: bool
) -> Offsets:
    """Of the places where something is missing, those that count: what was before a session that is
    joined late may be trusted to be nothing, but not what a heartbeat says was sent since."""
    if trust_from_here and begins == int(sequence[0]):
        return missing[missing > 0]
    return missing


def first_reason(begins: int, trust_from_here: bool) -> Reason:
    """Why what is ahead of all makes stale: where a start is known, or trusted, it is a loss."""
    return Reason.GAP if trust_from_here or begins == 1 else Reason.NO_START


def gaps(
    sequence: npt.NDArray[np.uint64], ends: int, begins: int | None = None
) -> list[tuple[int, int]]:
    """The first number and the count of what lacks between these numbers, up to `ends`, which is
    beyond them, and from `begins` on."""
    first = int(sequence[0]) if begins is None else begins
    expected = np.concatenate([np.array([first], np.uint64), sequence + np.uint64(1)])
    lacking = np.append(sequence, np.uint64(ends)) - expected
    places = np.flatnonzero(lacking)
    return [(int(expected[at]), int(lacking[at])) for at in places.tolist()]


def _orders(
    path: Path,
    messages: Messages,
    symbols: Sequence[str],
    sequence: npt.NDArray[np.uint64],
    last: npt.NDArray[np.bool_],
    notes: dict[str, int],
    market: Market,
) -> tuple[About, Records]:
    locates = Directory(str(path), symbols)
    locates.learn(messages)
    about = About("pcap", locates.names(), notes=notes)
    ops = operations(messages, locates.slots, sequence=sequence, last=last, market=market)
    if unsaid := market.unsaid(len(about.instruments)):
        notes[UNSAID] = unsaid
    return about, ops


def _levels(
    path: Path,
    messages: Messages,
    symbols: Sequence[str],
    sequence: npt.NDArray[np.uint64],
    notes: dict[str, int],
    any_hours: bool,
) -> tuple[About, Records]:
    names = level_symbols(str(path), messages, symbols)
    slots = {name.ljust(8).encode("latin-1"): slot for slot, name in enumerate(names)}
    ops = level_operations.operations(messages, slots, sequence=sequence, any_hours=any_hours)
    said = np.unique(ops["slot"][ops["operation"] == Operation.RESUME])
    if not any_hours and len(said) < len(names):
        notes[UNSAID] = len(names) - len(said)
    times = messages.column("timestamp", np.int64)
    moment = datetime.fromtimestamp(level_operations.midnight(int(times[0])) // 1_000_000_000, UTC)
    return About("pcap, IEX DEEP", names, f"{moment.date()}", notes=notes), ops


def level_symbols(where: str, messages: Messages, symbols: Sequence[str]) -> tuple[str, ...]:
    """The instruments of a DEEP feed: those asked for, or all that it names."""
    every = dict.fromkeys(
        name.tobytes().decode("latin-1").rstrip(" ")
        for kind in "D85H"
        if kind in messages.arrays
        for name in np.unique(np.ascontiguousarray(messages.arrays[kind]["symbol"]).view("V8"))
    )
    for symbol in symbols:
        if "=" in symbol:
            raise DataError(f"{where}: {symbol}: DEEP has no locates; give the name alone")
        if symbol not in every:
            padded = [name for name in every if "\0" in name and name.rstrip("\0") == symbol]
            hint = f"; it is sent as {shown(padded[0])!r}" if padded else ""
            raise DataError(f"{where}: no message names {symbol}{hint}")
    names = tuple(dict.fromkeys(symbols)) or tuple(every)
    if not 1 <= len(names) <= SLOTS:
        raise DataError(f"{where}: {len(names)} instruments; choose at most {SLOTS} symbols")
    return names


def in_order(sequence: npt.NDArray[np.uint64]) -> tuple[Offsets, Offsets]:
    """Indices of the messages by sequence number, each once; and of those after a gap."""
    order = np.argsort(sequence, kind="stable")
    ranked = sequence[order]
    first = np.ones(len(order), np.bool_)
    first[1:] = ranked[1:] != ranked[:-1]
    order = order[first]
    numbers, expected = sequence[order], np.ones(len(order), np.uint64)
    expected[1:] = numbers[:-1] + np.uint64(1)
    return order, np.flatnonzero(numbers != expected)


def with_unread(ops: Records, number: int, slots: Sequence[int]) -> Records:
    """`ops` with a stale operation for each of the slots where a message couldn't be read."""
    stale = BOOK_OP.empty(len(slots))
    stale["operation"], stale["reason"] = Operation.STALE, Reason.PARSE_ERROR
    stale["slot"], stale["sequence_number"] = slots, number
    place = np.searchsorted(ops["sequence_number"], number, side="left")
    return np.insert(ops, np.full(len(slots), place), stale)


def with_gaps(
    ops: Records,
    before: npt.NDArray[np.uint64],
    slots: int,
    start: Reason = Reason.NO_START,
) -> Records:
    """`ops` with a stale operation for each slot ahead of every sequence number in `before`;
    `start` is the reason ahead of all."""
    places = np.searchsorted(ops["sequence_number"], before, side="left")
    stale = BOOK_OP.empty(slots * len(before))
    stale["operation"], stale["reason"] = Operation.STALE, Reason.GAP
    if len(before) and len(ops) and before[0] <= ops["sequence_number"][0]:
        stale["reason"][:slots] = start
    stale["slot"] = np.tile(np.arange(slots), len(before))
    stale["sequence_number"] = np.repeat(before, slots)
    at = np.minimum(places, max(len(ops) - 1, 0))
    if len(ops):
        stale["timestamp"] = np.repeat(ops["timestamp"][at], slots)
    return np.insert(ops, np.repeat(places, slots), stale)
