"""Frames through the Verilated feed, and what it made of them, held to the host's replay.

The frames go onto the wire of feed A, spaced, with a check sequence where the capture has none. The
hardware follows one session. What it counts as another session's is played again, on its own. Every
message must be the one that the host's replay of the same frames delivers. Those of frames that
turn out wrong, which the hardware undoes, are left out, and counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.toolchain import ToolError
from tickwire.board.virtual import feed_book
from tickwire.board.virtual.builds import START
from tickwire.board.virtual.harness import FeedObserved, Top
from tickwire.cli.decoded import Decoded
from tickwire.gen.records import Operation, Reason, Side
from tickwire.replay.feed import Received, receive
from tickwire.replay.feed_frames import MAC, UDP
from tickwire.replay.feed_merge import MERGE
from tickwire.wire.capture import framed
from tickwire.wire.chunks import Chunks
from tickwire.wire.datagrams import datagrams
from tickwire.wire.traffic import HERTZ, Registers, Traffic
from tickwire.wire.window import Window

Array = npt.NDArray[Any]
WIDTH = 64  # of the path that only decodes; books are exact at 8 bits whatever comes
FLUSH = 200  # cycles after all that comes
SPACE = 24  # cycles between frames: all that one does is done before the next
RIGHT, UNDOES = MAC.index("frames"), [UDP.index("truncated"), UDP.index("bad_checksum")]
OTHER_SESSION = 1 << MERGE.index("other_session")
_PIECE = 1 << 16  # messages
DROPS = (  # frames of which nothing was taken, and packets
    *("bad_fcs", "short_frames", "long_frames", "other_protocol", "bad_ip_header"),
    *("ip_fragments", "bad_udp", "filtered", "truncated", "bad_checksum"),
    *("ip_options", "no_checksum"),  # these it takes
)


def decode(
    frames: Chunks,
    times: Array,
    *,
    symbols: Sequence[str] = (),
    locates: dict[str, int] | None = None,
    named: Collection[str] = (),
    port: int | None = None,
    which: Array | None = None,
    trust_from_here: bool = False,
    window: Window | None = None,
    progress: Any = None,
) -> Decoded:
    """Play the frames, or those of `which`, until no session is left out. `trust_from_here`: what a
    session that is joined late had before is taken for nothing; not of what comes late of one that
    was played already. `locates` are given; the messages call those of `named` so, too, and a slot
    is stale where they no longer do. All lines' frames go onto the wire of A, in their order; a
    packet that is ahead waits there for `window`."""
    names, known = list(symbols), locates or {}
    with_book = bool(names)
    width = 8 if with_book else WIDTH
    top = feed_book.top(width) if with_book else Top("feed_rx", {"W": width})
    registers = Registers(
        any_group=3,
        any_port=0 if port is not None else 3,
        port=(port or 0, port or 0),
        any_start=int(trust_from_here),
        any_hours=int(trust_from_here),
        window=window.cycles(HERTZ[width]) if window else 0,
        # A locate that is given says which instrument is meant, whatever the directory calls it.
        symbols=tuple("" if name in known else name for name in names),
        locates={locate: names.index(name) for name, locate in known.items()},
        known={names.index(name): name for name in named if name in known},
    )
    whole, left = framed(frames), np.arange(len(frames)) if which is None else which
    parts: list[tuple[Array, Array]] = []
    books: dict[tuple[int, int], dict[str, Any]] = {}
    dropped: Counter[str] = Counter()
    cycles, undone, first_run = 0, 0, True
    played = set[str]()
    while len(left):
        if played & set(_sessions(whole, left)):
            registers = replace(registers, any_start=0)
        traffic = Traffic.of(_pick(whole, left), width, space=SPACE, start=START)
        expected = receive(traffic, registers, width)
        flush = FLUSH + feed_book.beyond(expected, traffic)
        observed = top.run(traffic, registers, flush=flush, progress=progress)
        cycles += observed.cycles
        counted = ("feed_drops", "gaps", "message_overruns", "late_joins", "hold_drops")
        dropped.update({name: observed.count(name) for name in (*counted, "reordered")})
        if first_run:
            dropped.update({name: observed.count(name) for name in DROPS})
        others = left[np.flatnonzero(expected.merge == OTHER_SESSION)]
        taken = _frames(observed.messages, expected, traffic)
        played |= set(_sessions(whole, left[taken]))
        right = _right(expected)[taken]
        undone += int(np.maximum(observed.messages["runts"], 1)[~right].sum())
        parts.append((observed.messages[right], left[taken[right]]))
        if with_book:
            place = np.cumsum(right) - 1
            for row, book in _books(observed, names):
                if right[row]:
                    books[len(parts) - 1, int(place[row])] = book
        if len(others) == len(left):
            dropped["other_session"] += len(others)
            break
        left, first_run = others, False
    made = _together(parts, books, times, whole)
    return replace(made, dropped=+dropped, cycles=cycles, window=registers.window, undone=undone)


def _pick(frames: Chunks, which: Array) -> Chunks:
    return frames if len(which) == len(frames) else Chunks.of(frames[int(n)] for n in which)


def _frames(messages: Array, expected: Received, traffic: Traffic) -> Array:
    """The frame of each row of messages. They must be those that the host delivers."""
    counts = np.maximum(messages["runts"], 1).astype(np.int64)
    first = np.cumsum(counts) - counts
    if counts.sum() != len(expected.messages):
        raise ToolError(f"{counts.sum()} messages, {len(expected.messages)} in the host's replay")
    theirs = expected.messages[first]
    frames: Array = theirs["frame"]
    wrong = messages["sequence_number"] != theirs["sequence_number"]
    wrong |= messages["frame_cycle"] != traffic.first[frames]
    wrong |= messages["length"] != np.where(messages["runts"], 0, theirs["length"])
    for start in range(0, len(messages), _PIECE):
        part = slice(start, start + _PIECE)
        wrong[part] |= _bytes_differ(messages[part], theirs[part], traffic.frames)
    if wrong.any():
        number = theirs["sequence_number"][np.argmax(wrong)]
        raise ToolError(f"message {number} isn't what the host's replay delivers")
    return frames


def _bytes_differ(messages: Array, theirs: Array, frames: Chunks) -> Array:
    at = np.arange(messages["bytes"].shape[1])
    places = (frames.offsets[theirs["frame"]] + theirs["at"])[:, None] + at
    differs = messages["bytes"] != frames.data[np.minimum(places, len(frames.data) - 1)]
    any_: Array = (differs & (at < messages["length"][:, None])).any(axis=1)
    return any_


def _right(expected: Received) -> Array:
    """Which frames the hardware doesn't undo."""
    right: Array = (expected.mac == RIGHT) & ~np.isin(expected.udp, UNDOES)
    return right


def _sessions(frames: Chunks, taken: Array) -> Array:
    """The session of each message, by its own frame: one that ends makes room for another."""
    every, of = np.unique(taken, return_inverse=True)
    found = datagrams(_pick(frames, every))
    names = np.full(len(every), "", np.object_)  # objects: texts of numpy lose a NUL at the end
    for at, row in enumerate(found.frame.tolist()):
        names[row] = found.payloads[at][:10].decode("latin-1").rstrip(" ")
    sessions: Array = names[of]
    return sessions


def _books(observed: FeedObserved, names: Sequence[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """What operations made of the books, by the message that each came from."""
    tops = observed.rows("tops")
    tops = tops[tops["operation"] != Operation.NONE]
    ended = observed.messages["message_cycle"]
    order = np.argsort(ended, kind="stable")  # what waited ended before what it waited for
    row = order[np.searchsorted(ended[order], tops["message_cycle"])]
    columns = [name for name in tops.dtype.names if name not in _STAMPS]
    for at, top in zip(row.tolist(), tops[columns].tolist(), strict=True):
        book = dict(zip(columns, top, strict=True))
        slot = book.pop("slot")
        book["operation"] = Operation(book["operation"]).name.lower()
        book["reason"] = Reason(book["reason"]).name.lower()
        book["operation_side"] = Side(book["operation_side"]).name.lower()
        yield at, {"symbol": names[slot]} | book


_STAMPS = ("timestamp", "sequence_number", "frame_cycle", "message_cycle", "last_of_packet")


def _together(
    parts: list[tuple[Array, Array]],
    books: dict[tuple[int, int], dict[str, Any]],
    times: Array,
    frames: Chunks,
) -> Decoded:
    """Every session's messages, in the order of the capture, each once: what comes late of a
    session that has ended is played again without what was before."""
    messages = np.concatenate([part[0] for part in parts])
    frame = np.concatenate([part[1] for part in parts])
    session = _sessions(frames, frame)
    _, of = np.unique(session, return_inverse=True)
    pairs = np.stack([of.astype(np.uint64), messages["sequence_number"]], axis=1)
    _, first = np.unique(pairs, axis=0, return_index=True)
    first.sort()
    order = first[np.argsort(frame[first], kind="stable")]
    starts = np.cumsum([0, *(len(part[0]) for part in parts)])
    place = {at: row for row, at in enumerate(order.tolist())}
    every = {int(starts[part] + row): book for (part, row), book in books.items()}
    moved = {place[at]: book for at, book in every.items() if at in place}
    learned = frozenset(book["symbol"] for book in books.values())
    return Decoded(
        messages[order], frame[order], session[order], times[frame[order]], moved,
        Counter(), len(frames), 0, learned,
    )  # fmt: skip
