"""A day with losses on both lines: gaps, re-requests, and snapshots that the board's gate takes.

What both lines lost is asked for on a real socket. The books of the host, and those of the board
from trust on, are the books of a day that lost nothing.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace

import numpy as np
import pytest

from hwtools.bits import Records
from tests.tickwire.venue import Manners, Venue, listening, messages_of
from tickwire.board.virtual import feed_book
from tickwire.book.compiled import Book
from tickwire.exchange.flow import Day, DayConfig, packets
from tickwire.gen.records import BOOK_OP, SLOTS, Operation, Reason
from tickwire.recover.client import Client
from tickwire.recover.live import Live, SnapshotError
from tickwire.recover.requests import Settings
from tickwire.recover.server import Server
from tickwire.recover.stream import Packet
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
                    old[-1].append(live.snapshot(slot))
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


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_day_that_lost_goes_on_as_one_that_lost_nothing(seed: int) -> None:
    sent = day(seed, loses=0.02, spoils=0.01)
    done = played(sent, Server({SESSION: messages_of(sent.messages)}))
    assert len(done.replayed.received.missing) > 3
    assert done.live.recovery is not None and done.live.books is not None
    stream = done.live.recovery.stream
    assert stream.next == len(sent.messages) + 1 and not stream.lacking and not stream.doubt
    # the host's books are the lossless day's, order by order
    book = Book(SLOTS)
    book.apply(_every(sent))
    for slot in range(len(SYMBOLS)):
        assert done.live.books.orders(slot) == book.orders(slot) and book.orders(slot)
    fine, wrong, last = compared(sent, done.replayed)
    assert wrong == 0 and fine > 800 and last > 5_000
    assert done.replayed.events["refused_trusts"] == 0
    assert done.snapshots == 3 * (len(sent.pieces) - 1)
    # without a host there is no way back
    alone, wrong, _ = compared(sent, replay(sent.traffic, sent.registers, WIDTH))
    assert wrong == 0 and alone < fine


def _every(sent: Sent) -> Records:
    stream = b"".join(len(one).to_bytes(2, "big") + one for one in sent.messages)
    return operations(itch.decode(stream), sent.registers.locates)


def test_snapshots_from_before_a_gap_are_refused() -> None:
    sent = day(4, loses=0.03)
    done = played(sent, Server({SESSION: messages_of(sent.messages)}), late=1)
    assert done.snapshots == done.replayed.events["refused_trusts"] > 10
    _, wrong, last = compared(sent, done.replayed)
    assert wrong == 0 and last < done.replayed.received.missing["first"].min()
    loads = done.replayed.operations["operation"] == Operation.LOAD
    assert loads.sum() == done.snapshots


def test_one_that_is_a_message_short_makes_a_wrong_book_or_is_refused() -> None:
    """The gate sees a number that is too old; what has the right number and lacks an order only the
    comparison sees: which shows that it does."""
    sent = day(5, loses=0.03)
    done = played(sent, Server({SESSION: messages_of(sent.messages)}))
    times, given = done.host
    older = given.copy()
    trusts = older["operation"] == Operation.TRUST
    missing = done.replayed.received.missing
    older["sequence_number"][trusts] = missing["first"].min() + missing["count"].min()
    assert replay(sent.traffic, sent.registers, WIDTH, (times, older)).events["refused_trusts"] > 10
    adds = np.flatnonzero(given["operation"] == Operation.ADD)
    less = np.ones(len(given), np.bool_)
    less[adds[:: max(1, len(adds) // 40)]] = False
    short = replay(sent.traffic, sent.registers, WIDTH, (times[less], given[less]))
    assert compared(sent, short)[1] > 20


def test_what_the_venue_has_not_stays_stale() -> None:
    sent = day(6, loses=0.03)
    live, feed = Live(sent.registers), Feed(sent.registers, WIDTH)
    live.take(sent.traffic, feed.take(sent.traffic))
    assert live.recovery is not None
    first = live.recovery.stream.lacking.first
    assert first is not None
    here = {at: one for at, one in messages_of(sent.messages).items() if at != first}
    quick = Settings(wait=MS, most_wait=2 * MS, tries=6)
    live, feed = Live(sent.registers, settings=quick), Feed(sent.registers, WIDTH)
    with listening(Venue(Server({SESSION: here}), Manners())) as where, Client(where, live) as one:
        for at in range(len(sent.pieces) - 1):
            live.take(sent.piece(at), feed.take(sent.piece(at)))
            one.run()
    assert live.recovery is not None and live.books is not None
    assert live.recovery.lost == [(first, first + 1)] and live.books.number == first - 1
    # what the host can say is from before the gap's end, and the board refuses it
    given = live.snapshot(0)
    assert given["sequence_number"][-1] == first - 1
    times = int(sent.traffic.first.max()) + 20_000 + np.arange(len(given))
    assert replay(
        sent.traffic, sent.registers, WIDTH, (times, given)
    ).events["refused_trusts"] == 1  # fmt: skip


def test_a_session_joined_late_has_no_snapshot_until_all_of_it_is_there() -> None:
    sent = day(7, loses=0.0, start=50)
    server = Server({SESSION: messages_of(sent.messages)})
    joined = played(sent, server)
    assert joined.snapshots == 0
    with pytest.raises(SnapshotError, match="slot 0 is stale on the host too: no_start"):
        joined.live.snapshot(0)
    whole = played(sent, server, from_start=True)
    fine, wrong, _ = compared(sent, whole.replayed)
    assert wrong == 0 and fine > 1_000 and whole.replayed.events["refused_trusts"] == 0
    # a book that is trusted by word isn't trusted beyond what its messages bear out
    trusted = replace(sent, registers=replace(sent.registers, any_start=1))
    with pytest.raises(SnapshotError, match="stale on the host too: unknown_reference"):
        played(trusted, server).live.snapshot(0)
    live = Live(trusted.registers)
    live._packet(Packet(SESSION, 3, tuple(sent.messages[2:])))  # before any order
    live._advance()
    book = Book(SLOTS)
    book.apply(_every(sent))
    assert live.books is not None and live.books.orders(0) == book.orders(0) != {}
    assert len(live.snapshot(0)) == len(book.orders(0)) + 3


# -- What has no snapshot --------------------------------------------------------------------------


def test_there_is_no_snapshot_of_what_cannot_be_known() -> None:
    sent = day(8, loses=0.0)
    live = Live(sent.registers)
    with pytest.raises(SnapshotError, match="no session was heard"):
        live.snapshot(0)
    assert live.due(0) == [] and live.wake(0) is None and live.answer(b"", 0) == "unasked"
    feed = Feed(sent.registers, WIDTH)
    piece = sent.piece(0)
    live.take(piece, feed.take(piece))
    assert live.snapshot(0)["operation"][0] == Operation.LOAD
    with pytest.raises(SnapshotError, match="slot 5 follows no instrument"):
        live.snapshot(5)
    assert live.recovery is not None and live.books is not None
    stream = live.recovery.stream
    live._packet(Packet(b"OTHER     ", 1, (b"x",)))
    with pytest.raises(SnapshotError, match="another session was heard since: OTHER"):
        live.snapshot(0)
    live._packet(Packet(SESSION, stream.next, (sent.messages[stream.next - 1],)))
    assert live.snapshot(0)["operation"][-1] == Operation.TRUST
    live._packet(Packet(SESSION, stream.next, (b"other",)))
    with pytest.raises(SnapshotError, match=r"in doubt: message [0-9]+ came twice"):
        live.snapshot(0)
    assert live.counts["packets of another session"] == 1
    live.resynchronise()
    with pytest.raises(SnapshotError, match="no session was heard"):
        live.snapshot(0)


def test_the_end_of_a_session_and_the_next_one() -> None:
    sent = day(9, loses=0.0)
    live = Live(sent.registers)
    for packet in read_packets(packets(_messages(sent)[0])):
        live._packet(packet)
    live._advance()
    end = len(sent.messages) + 1
    live._packet(Packet(SESSION, end, (), True))
    live._advance()
    with pytest.raises(SnapshotError, match="stale on the host too: session_ended"):
        live.snapshot(0)
    live._packet(Packet(b"TOMORROW  ", 1, tuple(sent.messages[:5])))
    live._advance()
    assert live.books is not None and live.books.number == 5
    assert live.books.orders(0) == {} and len(live.snapshot(0)) == 3


def _messages(sent: Sent) -> tuple[itch.Messages, int]:
    stream = b"".join(len(one).to_bytes(2, "big") + one for one in sent.messages)
    return itch.decode(stream), len(sent.messages)


def test_a_halt_is_in_the_snapshot() -> None:
    sent = day(10, loses=0.0)
    live = Live(sent.registers)
    halt = struct.pack(">cHH6s8sccI", b"H", 2, 0, bytes(6), b"BBBB    ", b"H", b" ", 0)
    live._packet(Packet(SESSION, 1, (*sent.messages[:500], halt)))
    live._advance()
    given = live.snapshot(1)
    assert given["operation"][1] == Operation.HALT and given["sequence_number"][-1] == 501
    top = Book(SLOTS).apply(given).tops[-1]
    assert top["halted"] and top["reason"] == Reason.HALTED and not top["stale"]
    assert {int(live.snapshot(other)["operation"][1]) for other in (0, 2)} == {Operation.RESUME}


@pytest.mark.long
def test_the_rtl_takes_the_hosts_snapshots() -> None:
    """Each record of its books is the replay's, with the operations when it took them."""
    sent = day(2, loses=0.02, spoils=0.01)
    done = played(sent, Server({SESSION: messages_of(sent.messages)}))
    observed = feed_book.top(WIDTH).run(sent.traffic, sent.registers, host=done.host)
    taken = observed.cycles_of("host_taken")
    assert len(taken) == len(done.host[1]) > 1_000
    expected = replay(sent.traffic, sent.registers, WIDTH, (taken, done.host[1]))
    tops = observed.rows("tops")
    assert len(tops) == len(expected.outcome.tops) > 5_000
    assert np.array_equal(tops, expected.outcome.tops)
    fine, wrong, last = compared(sent, expected)
    assert wrong == 0 and fine > 800 and last > 5_000
    assert observed.count("refused_trusts") == expected.events["refused_trusts"] == 0
