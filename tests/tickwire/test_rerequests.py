"""What was lost is asked for again: the stream, the requests, the answers, and a real socket."""

from __future__ import annotations

import socket
import struct

import numpy as np
import pytest

from tests.tickwire.venue import Manners, Venue, listening, messages_of
from tickwire.recover import stream as recovered
from tickwire.recover.client import Client, place
from tickwire.recover.recovery import Recovery
from tickwire.recover.requests import MOST, MOST_BYTES, Requests, Settings
from tickwire.recover.server import Server
from tickwire.recover.spans import Spans
from tickwire.recover.stream import Packet, Stream, packets, payloads
from tickwire.wire import mold
from tickwire.wire.chunks import Chunks, WireError

DAY = b"DAY       "
MS = 1_000_000


def day(count: int, seed: int = 1) -> list[bytes]:
    generator = np.random.default_rng(seed)
    return [generator.bytes(int(size)) for size in generator.integers(1, 50, count)]


def packet(number: int, *messages: bytes, session: bytes = DAY, ends: bool = False) -> Packet:
    return Packet(session, number, messages, ends)


def answer(number: int, *messages: bytes, session: bytes = DAY) -> bytes:
    return payloads(session, number, list(messages), MOST_BYTES)[0]


# -- The stream ------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_a_stream_is_the_day_whatever_comes_when(seed: int) -> None:
    every, generator = day(300, seed), np.random.default_rng(seed)
    stream, handed, came = Stream(DAY), [], set[int]()
    for _ in range(400):
        first = int(generator.integers(0, 300))
        size = int(generator.integers(0, 6))
        new = stream.take(packet(first + 1, *every[first : first + size]))
        these = set(range(first, min(first + size, 300)))
        assert new == len(these - came)
        came |= these
        reached = stream.reach - 1
        assert stream.lacking == Spans((at + 1, at + 2) for at in set(range(reached)) - came)
        if generator.random() < 0.5:
            number, messages = stream.ready()
            assert number == len(handed) + 1
            handed += messages
            assert len(handed) not in came, "all that is there was handed on"
    assert [stream.has(number) for number in range(302)] == [at - 1 in came for at in range(302)]
    stream.take(packet(301, ends=True))
    assert not stream.whole
    for first, end in stream.lacking:
        stream.take(packet(first, *every[first - 1 : end - 1]))
    handed += stream.ready()[1]
    assert handed == every and stream.whole and not stream.doubt


def test_what_differs_puts_the_stream_in_doubt() -> None:
    for told, why in (
        ((packet(2, b"b"), packet(2, b"x")), "message 2 came twice with other bytes"),
        ((packet(3, ends=True), packet(3, b"x")), "message 3 in a session that ends before"),
        ((packet(1, b"a", b"b"), packet(2, ends=True)), "message 2 in a session that ends before"),
    ):
        stream = Stream(DAY)
        for one in told:
            stream.take(one)
        assert stream.doubt == why and not stream.whole
    stream = Stream(DAY)
    for one in (packet(2, b"b"), packet(2, b"b"), packet(4), packet(4, ends=True)):
        stream.take(one)
    assert not stream.doubt and stream.duplicates == 1 and list(stream.lacking) == [(1, 2), (3, 4)]


def test_what_was_handed_on_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second line's copy comes later, as a rule: of the last messages it must be the same."""
    monkeypatch.setattr(recovered, "REMEMBERED", 3)
    every = [bytes([number]) for number in range(1, 9)]
    stream = Stream(DAY)
    for number, one in enumerate(every, 1):
        stream.take(packet(number, one))
        assert stream.ready() == (number, [one])
    for number, one in enumerate(every, 1):
        stream.take(packet(number, one))
    assert not stream.doubt and stream.duplicates == 8
    stream.take(packet(5, b"too old"))
    assert not stream.doubt
    stream.take(packet(6, b"x"))
    assert stream.doubt == "message 6 came twice with other bytes"


def test_packets_are_cut_to_fit_and_read_again() -> None:
    every = day(500)
    sent = payloads(b"DAY", 7, every, 400)
    assert sent.lengths.max() <= 400
    read = list(packets(sent))
    assert [one.number for one in read] == [
        7 + sum(len(before.messages) for before in read[:at]) for at in range(len(read))
    ]
    assert [message for one in read for message in one.messages] == every
    assert not any(one.ends for one in read)
    for size, after in zip(sent.lengths.tolist(), read[1:], strict=False):
        assert size + 2 + len(after.messages[0]) > 400, "as few as can be"
    exact = payloads(b"DAY", 1, [bytes(50), bytes(28), b"x"], 20 + 52 + 30)
    assert exact.lengths.tolist() == [20 + 52 + 30, 20 + 3]
    assert len(payloads(b"DAY", 1, [bytes(2000), b"a"], 400)) == 2
    assert len(payloads(b"DAY", 1, [], 400)) == 0
    last = [mold.request(DAY, number, 1) + b"\0\1a" for number in (2**64 - 2, 2**64 - 1)]
    assert [one.number for one in packets(Chunks.of(last))] == [2**64 - 2], "numbers end there"
    broken = [b"", sent[0][:-1], sent[0] + b"x", sent[1]]
    assert list(packets(Chunks.of(broken))) == [read[1]]


def test_a_request_is_the_specifications() -> None:
    """Session 10 bytes, sequence number 8, message count 2."""
    asked = mold.request(b"DAY", 0x0102030405060708, 26)
    assert asked == struct.pack(">10sQH", b"DAY       ", 0x0102030405060708, 26)
    assert mold.read_request(asked) == (DAY, 0x0102030405060708, 26)
    for wrong, why in (
        (lambda: mold.request(b"ELEVENBYTES", 1, 1), "longer than 10"),
        (lambda: mold.request(DAY, 1, 0), "1 to 65534"),
        (lambda: mold.request(DAY, 1, 65535), "1 to 65534"),
        (lambda: mold.request(DAY, 1 << 64, 1), "64 bits"),
        (lambda: mold.read_request(asked + b"x"), "20 bytes, not 21"),
        (lambda: mold.read_request(asked[:18] + bytes(2)), "1 to 65534"),
    ):
        with pytest.raises(WireError, match=why):
            wrong()


# -- When what is asked ----------------------------------------------------------------------------


def test_a_gap_is_asked_for_in_pieces_that_fit_a_datagram() -> None:
    assert 20 + MOST * (2 + 50) <= MOST_BYTES < 20 + (MOST + 1) * (2 + 50)
    requests = Requests(Settings(open=3))
    lacking = Spans([(10, 10 + 2 * MOST + 5), (500, 501)])
    pieces = [(10, 10 + MOST), (10 + MOST, 10 + 2 * MOST), (10 + 2 * MOST, 15 + 2 * MOST)]
    assert requests.due(lacking, 0) == pieces and requests.due(lacking, 0) == []
    lacking.cut(10, 10 + MOST)
    assert requests.wake(lacking, 5) == 5
    assert requests.due(lacking, 5) == [(500, 501)]
    assert requests.sent == 4


def test_it_asks_again_ever_later_and_then_no_more() -> None:
    settings = Settings(wait=50 * MS, most_wait=300 * MS, tries=5)
    requests, lacking, sent = Requests(settings), Spans([(5, 9)]), []
    now: int | None = 0
    while now is not None and now < 10_000 * MS:
        sent += [now // MS] * len(requests.due(lacking, now))
        now = requests.wake(lacking, now)
    assert sent == [0, 50, 150, 350, 650] and now is None
    assert list(requests.given_up) == [(5, 9)]
    assert requests.due(lacking, 10_000 * MS) == []
    requests.retry()
    assert requests.due(lacking, 10_000 * MS) == [(5, 9)]
    # what a line brings after all isn't given up any more
    requests.given_up, lacking = Spans([(5, 9)]), Spans([(7, 9)])
    assert requests.due(lacking, 10_001 * MS) == [] and requests.given_up == lacking


def test_a_silent_server_is_given_up_at_once_and_one_that_answers_in_halves() -> None:
    lacking = Spans([(1, 1_000)])
    requests = Requests(Settings(tries=2))
    times = [0, 50 * MS, 150 * MS]
    assert [len(requests.due(lacking, now)) for now in times] == [8, 8, 0]
    assert requests.given_up == lacking and requests.wake(lacking, 150 * MS) is None
    requests, lacking = Requests(Settings(tries=2)), Spans([(1, 4)])
    asked = []
    for now in (0, 50 * MS, 150 * MS, 200 * MS, 300 * MS, 350 * MS, 450 * MS):
        asked.append(requests.due(lacking, now))
        requests.heard(now + 1)
    halves = [(1, 2), (2, 4)]
    assert asked == [[(1, 4)], [(1, 4)], halves, halves, [(2, 3), (3, 4)], [(2, 3), (3, 4)], []]
    assert requests.given_up == lacking
    # one that has fallen silent: the halves, too, and with the first single message all the rest
    requests, lacking, asked = Requests(Settings(tries=1, most=2, open=1)), Spans([(1, 100)]), []
    requests.heard(-1)
    for now in (0, 50 * MS, 100 * MS):
        asked.append(requests.due(lacking, now))
    assert asked == [[(1, 3)], [(1, 2), (2, 3)], []] and requests.given_up == lacking


def test_settings_that_ask_for_nothing_are_refused() -> None:
    for wrong in ({"most": 0}, {"most": 65535}, {"open": 0}, {"tries": 0}, {"wait": 0}):
        with pytest.raises(ValueError, match=r"a request, 1 or|1 ns or more"):
            Settings(**wrong)
    assert Settings() == Settings(26, 8, 50 * MS, 2_000 * MS, 8)
    assert Settings(most=65_534, open=1, tries=1, wait=1, most_wait=1).most == 65_534
    Settings(most=1)
    with pytest.raises(ValueError, match="not longer than the longest"):
        Settings(wait=2, most_wait=1)


# -- Which answers are taken -----------------------------------------------------------------------


def test_answers_are_held_to_what_was_asked() -> None:
    stream = Stream(DAY)
    stream.take(packet(1, b"a"))
    stream.take(packet(6, b"f"))
    recovery = Recovery(stream)
    assert recovery.answer(answer(2, b"b"), 0) == "unasked", "before it was"
    assert recovery.due(0) == [mold.request(DAY, 2, 4)]
    told = (
        (answer(2, b"b")[:-1], "damaged"),
        (answer(2, b"b") + b"x", "damaged"),
        (b"", "damaged"),
        (answer(2, b"b", session=b"OTHER     "), "other_session"),
        (DAY + bytes(7) + b"\2" + bytes(2), "empty"),
        (DAY + bytes(7) + b"\2" + b"\xff\xff", "empty"),
        (answer(7, b"g"), "unasked"),
        (answer(5, b"e", b"f", b"g"), "unasked"),
        (answer(1, b"a"), "repeated"),
        (answer(2, b"b", b"c"), "taken"),
        (answer(2, b"b", b"c"), "repeated"),
        (answer(5, b"e", b"f"), "taken"),
    )
    for payload, fate in told:
        assert recovery.answer(payload, 1) == fate, payload
    assert recovery.answers.total() == len(told) + 1
    assert stream.reach == 7 and list(stream.lacking) == [(4, 5)] and not stream.doubt
    assert recovery.due(1) == [mold.request(DAY, 4, 1)], "what an answer left out, at once"
    assert stream.ready() == (1, [b"a", b"b", b"c"])
    assert recovery.answer(answer(4, b"d"), 2) == "taken"
    assert stream.ready() == (4, [b"d", b"e", b"f"])
    assert recovery.due(10_000 * MS) == [] and recovery.wake(3) is None


BAD = Manners(loses=0.3, repeats=0.3, delays=0.5, shortens=0.4, garbles=0.3)


@pytest.mark.parametrize("seed", range(10))
def test_a_bad_server_brings_it_all(seed: int) -> None:
    """In virtual time: what the server has comes, what it hasn't is given up, nothing else."""
    every, generator = day(900, seed), np.random.default_rng(seed)
    here = messages_of(every)
    kept = generator.random(900) < (1.0 if seed % 2 else 0.97)
    venue = Venue(Server({DAY: {at: m for at, m in here.items() if kept[at - 1]}}), BAD, seed)
    stream = Stream(DAY)
    recovery = Recovery(stream, Settings(tries=40, wait=10 * MS, most_wait=20 * MS))
    came = np.zeros(900, np.bool_)
    waiting: list[tuple[int, bytes]] = []
    handed: list[bytes] = []
    now, at = 0, 0
    while True:
        while at < 900 and generator.random() < 0.3:  # the feed goes on beside it
            size = int(generator.integers(1, 8))
            if generator.random() < 0.6:
                stream.take(packet(at + 1, *every[at : at + size]))
                came[at : at + size] = True
            at += size
        if at >= 900 and stream.end is None:
            stream.take(packet(901, ends=True))
        for request in recovery.due(now):
            _, _, count = mold.read_request(request)
            assert count <= MOST
            waiting += [(now + late, one) for late, one in venue.says(request)]
        for _, payload in sorted(one for one in waiting if one[0] <= now):
            assert len(payload) <= MOST_BYTES
            recovery.answer(payload, now)
        waiting = [one for one in waiting if one[0] > now]
        handed += stream.ready()[1]
        wake = recovery.wake(now)
        times = [when for when, _ in waiting] + [when for when in (wake,) if when is not None]
        if at >= 900 and not times:
            break
        now = max(now + 1, min(times, default=now + MS))
    lost = {number for first, end in recovery.lost for number in range(first, end)}
    assert lost == {number + 1 for number in np.flatnonzero(~came & ~kept).tolist()}
    assert stream.lacking == recovery.requests.given_up and not stream.doubt
    assert handed == every[: min(lost, default=901) - 1]
    assert stream.whole == (not lost) and (seed % 2 == 0 or not lost)
    assert (
        min(venue.did[what] for what in ("loses", "repeats", "delays", "shortens", "garbles")) > 2
    )
    fates = {"damaged", "other_session", "unasked", "repeated", "taken", "empty"}
    assert fates >= set(recovery.answers) and {"taken", "repeated"} <= set(recovery.answers)


# -- On a socket -----------------------------------------------------------------------------------


def test_a_socket_to_a_bad_server_brings_it_all() -> None:
    every = day(2_000, 5)
    stream = Stream(DAY)
    for at in range(0, 2_000, 40):  # 15 of each 40 lack
        stream.take(packet(at + 1, *every[at : at + 25]))
    stream.take(packet(2_001, ends=True))
    assert stream.lacking.count == 50 * 15
    recovery = Recovery(stream, Settings(wait=20 * MS, most_wait=40 * MS, tries=50, open=16))
    venue = Venue(Server({DAY: messages_of(every)}), Manners(0.2, 0.2, 0.3, 0.3, 0.2, 10 * MS))
    with listening(venue) as where, Client(where, recovery) as client:
        client.run()
    assert stream.whole and stream.ready()[1] == every
    assert venue.did["loses"] > 5 and venue.did["shortens"] > 5
    assert recovery.requests.sent > 50 and recovery.answers["taken"] > 50


def test_a_server_that_is_not_there_is_given_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as held:
        held.bind(("127.0.0.1", 0))
        where = held.getsockname()
    stream = Stream(DAY)
    stream.take(packet(5, b"e"))
    recovery = Recovery(stream, Settings(wait=MS, most_wait=2 * MS, tries=4))
    with Client(where, recovery) as client:
        client.run()
    assert recovery.lost == [(1, 5)] and recovery.requests.sent == 4


def test_a_server_has_one_packet_for_a_request() -> None:
    every = day(100)
    server = Server({DAY: messages_of(every, 11)}, most_bytes=300)
    (one,) = packets(Chunks.of([server.answer(mold.request(DAY, 20, 50)) or b""]))
    assert one.number == 20 and list(one.messages) == every[9 : 9 + len(one.messages)]
    assert 3 < len(one.messages) < 50
    (last,) = packets(Chunks.of([server.answer(mold.request(DAY, 109, 50)) or b""]))
    assert list(last.messages) == every[98:]
    for nothing in (mold.request(DAY, 10, 5), mold.request(b"OTHER", 20, 5), b"x"):
        assert server.answer(nothing) is None
    assert server.counts == {
        "answered": 2, "messages": len(one.messages) + 2,
        "not here": 1, "other session": 1, "no request": 1,
    }  # fmt: skip


def test_places_are_read_as_people_write_them() -> None:
    assert place("127.0.0.1:5000") == ("127.0.0.1", 5000)
    assert place("[::1]:5000") == ("::1", 5000)
    for wrong in ("127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "venue:5000", "::1:5000", ":5"):
        with pytest.raises(WireError, match="server"):
            place(wrong)
