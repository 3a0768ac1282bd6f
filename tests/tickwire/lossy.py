"""A day with losses on both lines, what a host asks for beside it, and what came of that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hwtools.bits import Records
from tests.tickwire.venue import Manners, Venue, listening
from tickwire.book.compiled import Book
from tickwire.exchange.flow import Day, DayConfig, packets
from tickwire.gen.records import BOOK_OP, SLOTS, Operation
from tickwire.recover.client import Client
from tickwire.recover.live import Live, SnapshotError
from tickwire.recover.requests import Settings
from tickwire.recover.server import Server
from tickwire.recover.stream import packets as read_packets
from tickwire.replay.books import Replayed, replay
from tickwire.replay.feed import Feed
from tickwire.wire import itch, mold
from tickwire.wire.chunks import Chunks
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.operations import operations
from tickwire.wire.traffic import Registers, Traffic

WIDTH = 8
SYMBOLS = ("AAAA", "BBBB", "CCCC")
SESSION = b"TICKWIRE  "
B = Flow(destination_address="233.54.12.112", source_port=26_401)
MS = 1_000_000
EVENTS = 6_000
PAUSE = 400_000  # cycles between pieces: a host's snapshots fit in
SETTINGS = Settings(wait=10 * MS, most_wait=40 * MS, tries=50, open=16)


@dataclass(frozen=True)
class Sent:
    """A day as both lines brought it, in pieces, and the messages of the whole."""

    traffic: Traffic
    pieces: list[int]
    messages: list[bytes]
    registers: Registers
    lossless: dict[tuple[int, int], tuple[object, ...]]  # by slot and number: what the book shows

    def piece(self, at: int) -> Traffic:
        begin, end = self.pieces[at : at + 2]
        offsets = self.traffic.frames.offsets[begin : end + 1]
        chunks = Chunks(self.traffic.frames.data[offsets[0] : offsets[-1]], offsets - offsets[0])
        columns = (self.traffic.feed, self.traffic.first, self.traffic.spoiled, self.traffic.at)
        return Traffic(chunks, *(column[begin:end] for column in columns))


def day(seed: int, *, loses: float, spoils: float = 0.0, start: int = 0) -> Sent:
    """`loses`, `spoils`: shares of a line's frames; the first `start` packets are on no line."""
    generator = np.random.default_rng(seed)
    made = Day(DayConfig(seed=seed, events=EVENTS, symbols=SYMBOLS))
    whole = packets(made.messages())
    every = [message for one in read_packets(whole) for message in one.messages]
    count = len(whole)
    cuts = sorted({start, *generator.integers(start + 40, count - 40, 6).tolist(), count})
    lines = zip(frames(whole, Flow()), frames(whole, B), strict=True)
    both = [frame for pair in lines for frame in pair]
    feed, packet = np.arange(2 * count) % 2, np.arange(2 * count) // 2
    space = np.where(np.isin(packet, cuts), PAUSE, 24) + np.where((packet == 0) & (feed == 1), 9, 0)
    lost = generator.random(2 * count) < loses
    lost |= (np.repeat(generator.random(count // 4 + 1) < loses, 4)[:count])[packet]  # on both
    kept = np.flatnonzero((~lost & (packet >= start)) | (packet >= count - 2))
    spoiled = (generator.random(2 * count) < spoils).astype(np.uint8)
    where = np.full(2 * count, 50)
    timed = Traffic.of(Chunks.of(both), WIDTH, feed=feed, space=space, spoiled=spoiled, at=where)
    columns = (timed.feed, timed.first, timed.spoiled, timed.at)
    chunks = Chunks.of(both[at] for at in kept.tolist())
    traffic = Traffic(chunks, *(column[kept] for column in columns))
    pieces = np.searchsorted(packet[kept], cuts).tolist()
    registers = Registers(locates=made.locates)
    return Sent(traffic, pieces, every, registers, lossless(whole, made.locates))


def lossless(whole: Chunks, locates: dict[int, int]) -> dict[tuple[int, int], tuple[object, ...]]:
    """By the decoder of whole streams, and the books alone."""
    unpacked = mold.depacketise(whole)
    ops = operations(itch.decode(unpacked.stream), locates, sequence=unpacked.message_sequence)
    outcome = Book(SLOTS).apply(ops, levels=True)
    return shown(ops, outcome.tops, outcome.levels)


def shown(
    ops: Records, tops: Records, levels: np.ndarray[object, np.dtype[np.void]] | None
) -> dict[tuple[int, int], tuple[object, ...]]:
    assert levels is not None
    return {
        (int(top["slot"]), int(op["sequence_number"])): (bool(top["halted"]), depth.tobytes())
        for op, top, depth in zip(ops, tops, levels, strict=True)
        if op["operation"] != Operation.NONE
    }


@dataclass
class Played:
    """What the host gave to the board and when, and what came of all of it there."""

    live: Live
    host: tuple[np.ndarray[object, np.dtype[np.int64]], Records]
    replayed: Replayed
    snapshots: int


def played(sent: Sent, server: Server, *, from_start: bool = False, late: int = 0) -> Played:
    """After each piece what lacks is asked for, and every slot is given a snapshot: of now, or of
    `late` pieces ago."""
    live = Live(sent.registers, from_start=from_start, settings=SETTINGS)
    feed = Feed(sent.registers, WIDTH)
    given: list[Records] = []
    times: list[int] = []
    old: list[list[Records]] = []
    venue = Venue(server, Manners(0.2, 0.2, 0.2, 0.3, 0.2, 5 * MS))
    with listening(venue) as where, Client(where, live) as client:
        for at in range(len(sent.pieces) - 1):
            piece = sent.piece(at)
            live.take(piece, feed.take(piece))
            client.run()
            old.append([])
            for slot in range(len(SYMBOLS)):
                try:
                    old[-1].append(live.snapshot(slot, feed.locate(slot)))
                except SnapshotError:
                    continue
            ready = int(piece.first.max()) + 20_000
            for snapshot in old[at - late] if at >= late else []:
                assert len(snapshot) * 40 < PAUSE // 4
                times += [ready + 40 * row for row in range(len(snapshot))]
                ready = times[-1] + 40
                given.append(snapshot)
    host = np.array(times, np.int64), np.concatenate([BOOK_OP.empty(0), *given])
    return Played(live, host, replay(sent.traffic, sent.registers, WIDTH, host), len(given))


def compared(sent: Sent, done: Replayed) -> tuple[int, int, int]:
    """Of the feed's operations: those that show a book, those of them whose book isn't the lossless
    day's, and the last number that shows one."""
    assert done.outcome.levels is not None
    mine = done.of_feed & (done.operations["operation"] != Operation.NONE)
    rows = shown(done.operations[mine], done.outcome.tops[mine], done.outcome.levels[mine])
    keys = [
        (int(op["slot"]), int(op["sequence_number"]))
        for op in done.operations[mine & ~done.outcome.tops["stale"]]
    ]
    wrong = sum(rows[key] != sent.lossless[key] for key in keys)
    return len(keys), wrong, max(number for _, number in keys)
