"""A day with losses on both lines: gaps, re-requests, and snapshots that the board's gate takes.

What both lines lost is asked for on a real socket. The books of the host, and those of the board
from trust on, are the books of a day that lost nothing.
"""

from __future__ import annotations

import struct
from dataclasses import replace

import numpy as np
import pytest

from hwtools.bits import Records
from tests.tickwire.lossy import MS, SESSION, SYMBOLS, WIDTH, Sent, compared, day, played
from tests.tickwire.venue import Manners, Venue, listening, messages_of
from tickwire.board.virtual import feed_book
from tickwire.book.compiled import Book
from tickwire.exchange.flow import packets
from tickwire.gen.records import BOOK_OP, SLOTS, Operation, Reason
from tickwire.recover.client import Client
from tickwire.recover.live import Live, SnapshotError
from tickwire.recover.requests import Settings
from tickwire.recover.server import Server
from tickwire.recover.stream import Packet
from tickwire.recover.stream import packets as read_packets
from tickwire.replay.books import book, replay
from tickwire.replay.feed import Feed
from tickwire.wire import itch, mold
from tickwire.wire.chunks import Chunks
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.operations import operations
from tickwire.wire.traffic import Registers, Traffic

OTHER = Flow(destination_address="239.1.1.1")


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
    return operations(itch.decode(_stream(sent.messages)), sent.registers.locates)


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
    with pytest.raises(SnapshotError, match=f"message {first} lacks, and what came behind it"):
        live.snapshot(0, 1)
    # what the host could say is from before the gap's end, and the board refuses it, too
    given = live.books.snapshot(0, 1)
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
        joined.live.snapshot(0, 1)
    whole = played(sent, server, from_start=True)
    fine, wrong, _ = compared(sent, whole.replayed)
    assert wrong == 0 and fine > 1_000 and whole.replayed.events["refused_trusts"] == 0
    # a book that is trusted by word isn't trusted beyond what its messages bear out
    trusted = replace(sent, registers=replace(sent.registers, any_start=1))
    with pytest.raises(SnapshotError, match="stale on the host too: unknown_reference"):
        played(trusted, server).live.snapshot(0, 1)
    live = Live(trusted.registers)
    live._packet(Packet(SESSION, 3, tuple(sent.messages[2:])))  # before any order
    live._advance()
    book = Book(SLOTS)
    book.apply(_every(sent))
    assert live.books is not None and live.books.orders(0) == book.orders(0) != {}
    assert len(live.snapshot(0, 1)) == len(book.orders(0)) + 3


# -- What has no snapshot --------------------------------------------------------------------------


def test_there_is_no_snapshot_of_what_cannot_be_known() -> None:
    sent = day(8, loses=0.0)
    live = Live(sent.registers)
    with pytest.raises(SnapshotError, match="no session was heard"):
        live.snapshot(0, 1)
    assert live.due(0) == [] and live.wake(0) is None and live.answer(b"", 0) == "unasked"
    feed = Feed(sent.registers, WIDTH)
    piece = sent.piece(0)
    live.take(piece, feed.take(piece))
    assert live.snapshot(0, 1)["operation"][0] == Operation.LOAD
    with pytest.raises(SnapshotError, match="slot 5 follows no instrument"):
        live.snapshot(5, 6)
    shared = Live(replace(sent.registers, shared={5: next(iter(sent.registers.locates))}))
    feed = Feed(sent.registers, WIDTH)
    shared.take(piece, feed.take(piece))
    with pytest.raises(SnapshotError, match="slot 5 follows no instrument, or a lower slot has"):
        shared.snapshot(5, 6)
    with pytest.raises(SnapshotError, match="slot 0 is at locate 9 on the board, and at 1 here"):
        live.snapshot(0, 9)  # the R that moves it was lost on the way to the board
    assert live.recovery is not None and live.books is not None
    stream = live.recovery.stream
    live._packet(Packet(b"OTHER     ", 1, (b"x",)))
    with pytest.raises(SnapshotError, match="another session was heard since: OTHER"):
        live.snapshot(0, 1)
    live._packet(Packet(SESSION, stream.next, (sent.messages[stream.next - 1],)))
    assert live.snapshot(0, 1)["operation"][-1] == Operation.TRUST
    live._packet(Packet(SESSION, stream.next, (b"other",)))
    with pytest.raises(SnapshotError, match=r"in doubt: message [0-9]+ came twice"):
        live.snapshot(0, 1)
    assert live.counts["packets of another session"] == 1
    live.resynchronise()
    with pytest.raises(SnapshotError, match="no session was heard"):
        live.snapshot(0, 1)


def test_frames_that_are_wrong_or_of_others_are_left_out() -> None:
    """Each has other bytes under a number of the day's, and no checksum of UDP that would tell."""
    sent = day(11, loses=0.0)
    payload = mold.packetise(_stream(sent.messages[:4]), [4], session=b"TICKWIRE")
    right = frames(payload, Flow())[0]
    other = frames(mold.packetise(_stream([b"X" * 30]), [1], session=b"TICKWIRE"), OTHER)[0]
    wrong = bytearray(right)
    wrong[40:42], wrong[-10] = bytes(2), wrong[-10] ^ 1
    live, feed = Live(sent.registers), Feed(sent.registers, WIDTH)
    traffic = Traffic.of(Chunks.of([other, *[bytes(wrong)] * 2, right]), WIDTH)
    assert live.take(traffic, feed.take(traffic)) == 4
    assert live.counts == {"frames left out": 3}
    assert live.recovery is not None and not live.recovery.stream.doubt
    assert live.snapshot(0, 1)["sequence_number"][-1] == 4


def _stream(messages: list[bytes]) -> bytes:
    return b"".join(len(one).to_bytes(2, "big") + one for one in messages)


def test_the_end_of_a_session_and_the_next_one() -> None:
    sent = day(9, loses=0.0)
    live = Live(sent.registers)
    for packet in read_packets(packets(itch.decode(_stream(sent.messages)))):
        live._packet(packet)
    live._advance()
    end = len(sent.messages) + 1
    live._packet(Packet(SESSION, end, (), True))
    live._advance()
    with pytest.raises(SnapshotError, match="stale on the host too: session_ended"):
        live.snapshot(0, 1)
    live._packet(Packet(b"TOMORROW  ", 1, tuple(sent.messages[:5])))
    live._advance()
    assert live.books is not None and live.books.number == 5
    assert live.books.orders(0) == {} and len(live.snapshot(0, 1)) == 3


def test_a_halt_is_in_the_snapshot() -> None:
    sent = day(10, loses=0.0)
    live = Live(sent.registers)
    halt = struct.pack(">cHH6s8sccI", b"H", 2, 0, bytes(6), b"BBBB    ", b"H", b" ", 0)
    live._packet(Packet(SESSION, 1, (*sent.messages[:500], halt)))
    live._advance()
    given = live.snapshot(1, 2)
    assert given["operation"][1] == Operation.HALT and given["sequence_number"][-1] == 501
    top = Book(SLOTS).apply(given).tops[-1]
    assert top["halted"] and top["reason"] == Reason.HALTED and not top["stale"]
    assert {int(live.snapshot(other, other + 1)["operation"][1]) for other in (0, 2)} == {
        Operation.RESUME
    }


@pytest.mark.long
def test_the_rtl_takes_the_hosts_snapshots() -> None:
    """Each record of its books is the replay's, with the operations when it took them."""
    sent = day(2, loses=0.02, spoils=0.01)
    done = played(sent, Server({SESSION: messages_of(sent.messages)}))
    top = feed_book.top(WIDTH)
    observed = top.run(sent.traffic, sent.registers, host=done.host, flush=200_000)
    taken = observed.cycles_of("host_taken")
    assert len(taken) == len(done.host[1]) > 1_000
    expected = replay(sent.traffic, sent.registers, WIDTH, (taken, done.host[1]))
    tops = observed.rows("tops")
    assert len(tops) == len(expected.outcome.tops) > 5_000
    assert np.array_equal(tops, expected.outcome.tops)
    fine, wrong, last = compared(sent, expected)
    assert wrong == 0 and fine > 800 and last > 5_000
    assert observed.count("refused_trusts") == expected.events["refused_trusts"] == 0


def test_what_the_board_filters_is_nothing_to_the_books() -> None:
    """One line alone, its group and port: the books follow what came, however it came."""
    sent = day(12, loses=0.0)
    flow = Flow(destination_address="239.9.9.9", destination_port=9_999)
    registers = replace(sent.registers, feed_enable=2, group=(0, 0xEF090909), port=(0, 9_999))
    payload = mold.packetise(_stream(sent.messages[:60]), [30, 30], session=b"TICKWIRE")
    framed = frames(payload, flow)
    traffic = Traffic.of(framed, WIDTH, feed=np.ones(2, np.uint8))
    live = Live(registers)
    assert (
        live.take(traffic, Feed(registers, WIDTH).take(traffic)) == 60 and not live.counts.total()
    )
    book = Book(SLOTS)
    book.apply(_every(replace(sent, messages=sent.messages[:60])))
    assert live.books is not None and live.books.orders(0) == book.orders(0) != {}


@pytest.mark.parametrize("length", [30, 3_000])
def test_a_long_message_is_one_of_an_unknown_type(length: int) -> None:
    """However long: what comes behind it is numbered right, and taken as behind a short one."""
    sent = day(13, loses=0.0)
    live = Live(sent.registers)
    strange = b"Z\0\2" + bytes(length - 3)  # of the second slot's locate
    live._packet(Packet(SESSION, 1, (*sent.messages[:500], strange, *sent.messages[500:600])))
    live._advance()
    assert live.snapshot(0, 1)["sequence_number"][-1] == 601
    with pytest.raises(SnapshotError, match="slot 1 is stale on the host too: parse_error"):
        live.snapshot(1, 2)


def test_sessions_begin_with_what_is_in_them() -> None:
    sent = day(14, loses=0.0)
    live = Live(sent.registers)
    assert live._packet(Packet(SESSION, 7, (), True)) == 0 and live.recovery is None
    live._packet(Packet(SESSION, 1, ()))
    assert live.books is not None and live.books.number == 0 and live._advance() == 0
    assert len(live.snapshot(0, 1)) == 3
    live._packet(Packet(SESSION, 1, tuple(sent.messages[:9])))
    live._packet(Packet(b"OTHER     ", 1, (b"x",)))
    live.resynchronise()
    live._packet(Packet(SESSION, 1, tuple(sent.messages[:9])))
    assert live._advance() == 9 and live.snapshot(0, 1)["sequence_number"][-1] == 9
    live._packet(Packet(SESSION, 12, (), True))  # its end is known, and 10 and 11 lack
    assert live._advance() == 0
    live._packet(Packet(SESSION, 10, tuple(sent.messages[9:11])))
    assert live._packet(Packet(b"TOMORROW  ", 1, tuple(sent.messages[:2]))) == 2
    assert live._advance() == 2 and live.books is not None and live.books.number == 2


def test_a_snapshot_is_of_a_slot_that_has_learned_its_locate() -> None:
    """A trust before the directory names the slot's symbol is refused, one behind it is taken, and
    what comes later doesn't change what was so."""
    registers = Registers(any_hours=1, symbols=("LATE",))
    named = struct.pack(">cHH6s8s20s", b"R", 9, 0, bytes(6), b"LATE    ", bytes(20))
    feed, cycle, parts = Feed(registers, WIDTH), 5_000, []
    opens = struct.pack(">cHH6sc", b"S", 0, 0, bytes(6), b"Q")
    for number, message in enumerate((opens, named, opens)):
        stream = len(message).to_bytes(2, "big") + message
        packet = mold.packetise(stream, [1], session=b"LATE", sequence_number=number + 1)
        traffic = Traffic.of(frames(packet, Flow()), WIDTH, start=cycle * (1 + number))
        parts.append((cycle * (1 + number), feed.take(traffic)))
    for at, received in parts:
        given = BOOK_OP.empty(2)
        given["operation"], given["last_of_packet"] = (Operation.LOAD, Operation.TRUST), 1
        given["sequence_number"] = 9
        for name, value in mold.named(b"LATE").items():
            given[name] = value
        host = np.array([at + 2_000, at + 2_100]), given
        refused = book(received, WIDTH, host, levels=False).events["refused_trusts"]
        assert refused == (at == cycle)
    assert feed.locate(0) == 9 and feed.hears(0)


def test_what_a_session_taught_holds_in_the_next_one() -> None:
    """The board's registers keep a learned locate, and so do the books; a host that began since
    can't know it, and doesn't say that its own is right."""
    registers = Registers(any_hours=1, symbols=("LATE",), shared={0: 15})

    def message(kind: bytes, locate: int, rest: bytes) -> bytes:
        return struct.pack(">cHH6s", kind, locate, 0, bytes(6)) + rest

    def add(locate: int, price: int) -> bytes:
        rest = struct.pack(">QcI8sI", price, b"B", 100, b"LATE    ", price)
        return message(b"A", locate, rest)

    opens, named = message(b"S", 0, b"Q"), message(b"R", 16, b"LATE    " + bytes(20))
    first, second = (opens, named, add(16, 5)), (opens, add(15, 9), add(16, 7))
    live, fresh = Live(registers), Live(registers)
    live._packet(Packet(b"ONE       ", 1, first))
    live._packet(Packet(b"ONE       ", 4, (), True))
    for each in (live, fresh):
        each._packet(Packet(b"TWO       ", 1, second))
        each._advance()
    given = live.snapshot(0, 16)
    assert given["price"][given["operation"] == Operation.ADD].tolist() == [7]
    with pytest.raises(SnapshotError, match="at locate 15 on the board, and at 16 here: this sess"):
        live.snapshot(0, 15)
    with pytest.raises(SnapshotError, match="at locate 16 on the board, and at 15 here: this sess"):
        fresh.snapshot(0, 16)
    live.resynchronise()
    live._packet(Packet(b"THREE     ", 1, second))
    live._advance()
    assert len(live.snapshot(0, 16)) == 4
    with pytest.raises(SnapshotError, match="at locate 15 on the board, and at 15 here: this sess"):
        fresh.snapshot(0, 15)  # they agree, and neither knows
    live._packet(Packet(b"THREE     ", 6, (), True))  # 4 and 5 lack: one may have been an R
    live._packet(Packet(b"FOUR      ", 1, second))
    live._advance()
    with pytest.raises(SnapshotError, match="at locate 16 on the board, and at 16 here: this sess"):
        live.snapshot(0, 16)


def test_what_nobody_said_trades_is_halted_in_the_snapshot() -> None:
    """A host that says behind a loss that the market is open has nothing else to say it by."""
    registers = Registers(locates={16: 0, 17: 1}, known={0: "XXXX", 1: "YYYY"})
    said = [struct.pack(">cHH6sc", b"S", 0, 0, bytes(6), b"Q")]
    named = struct.pack(">cHH6s8sccI", b"H", 17, 0, bytes(6), b"YYYY    ", b"T", b" ", 0)
    live = Live(registers)
    live._packet(Packet(SESSION, 1, (*said, named)))
    live._advance()
    given = [int(live.snapshot(slot, 16 + slot)["operation"][1]) for slot in (0, 1)]
    assert given == [Operation.HALT, Operation.RESUME]
    late = struct.pack(">cHH6s8sccI", b"H", 16, 0, bytes(6), b"XXXX    ", b"T", b" ", 0)
    live._packet(Packet(SESSION, 3, (late,)))
    live._advance()
    assert int(live.snapshot(0, 16)["operation"][1]) == Operation.RESUME
