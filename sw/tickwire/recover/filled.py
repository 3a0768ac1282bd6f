"""A capture with what it lacked: what was asked for again stands ahead of the packet that showed
the gap, as a frame to the same group and port.

One session of MoldUDP64 is filled, or several one after the other. `messages` is what a server says
from: those of a capture or of a file of ITCH messages, by session and number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tickwire.data.booked import quiet
from tickwire.data.itch_files import read_messages
from tickwire.recover.recovery import Recovery
from tickwire.recover.requests import MOST_BYTES, Settings
from tickwire.recover.server import Messages
from tickwire.recover.spans import Spans
from tickwire.recover.stream import Packet, Stream, payloads
from tickwire.wire import deep, feeds, files, itch
from tickwire.wire.capture import read, right
from tickwire.wire.chunks import Chunks, WireError
from tickwire.wire.datagrams import text
from tickwire.wire.ethernet import CHECK_BYTES, Flow, frames
from tickwire.wire.feeds import Choice, Feeds
from tickwire.wire.pcap import Capture

Run = Callable[[Recovery], None]  # asks until nothing lacks, or nothing more is asked for
_PIECE = 1 << 24  # bytes of a file of messages at a time
_END = 0xFFFF


@dataclass(frozen=True)
class Filled:
    """Of one session: numbers that lacked, gaps in which they did, and what lacks still."""

    session: str
    gaps: int
    lacked: int
    lacks: list[tuple[int, int]]
    requests: int
    answers: dict[str, int]

    @property
    def lacking(self) -> int:
        return sum(end - first for first, end in self.lacks)


def found(path: Path, capture: Capture, choices: Sequence[Choice]) -> Feeds:
    """The capture's packets of MoldUDP64."""
    try:
        every = feeds.find(capture.frames, choices)
        feeds.check(every, sessions=True)
    except WireError as error:
        raise WireError(f"{path}: {error}") from None
    if every.codec is deep.CODEC:
        raise WireError(f"{path}: IEX-TP, whose re-requests aren't MoldUDP64's")
    return every


def messages(path: Path, session: str, choices: Sequence[Choice]) -> dict[bytes, Messages]:
    """By session: ten bytes, as on the wire. `session` is a file's that isn't a capture."""
    kind, _ = files.kind(path)
    if kind in (files.MESSAGES, files.SOUP):
        name = session.encode("latin-1").ljust(10)
        if len(name) > 10:
            raise WireError(f"session {session!r} is longer than 10 bytes")
        listed = [
            message
            for piece in read_messages(path, quiet, _PIECE)
            for message in _cut(itch.encode(piece))
        ]
        return {name: dict(enumerate(listed, 1))}
    every = found(path, read(path), choices)
    there: dict[bytes, dict[int, bytes]] = {}
    for packet in _packets(every):
        mine = there.setdefault(packet.session, {})
        mine.update(enumerate(packet.messages, packet.number))
    return {name: mine for name, mine in there.items() if mine}


def _cut(stream: bytes) -> list[bytes]:
    places = itch.scan(stream)
    ends = (places.offsets + places.lengths).tolist()
    return [stream[a:b] for a, b in zip(places.offsets.tolist(), ends, strict=True)]


def _packets(every: Feeds) -> list[Packet]:
    """In the order of the capture."""
    cut, first = _cut(bytes(every.packets.stream)), every.packets.first.tolist()
    raw = np.ascontiguousarray(every.packets.session).view(np.uint8).reshape(-1, 10)
    numbers, counts = every.packets.sequence_number.tolist(), every.packets.message_count.tolist()
    return [
        Packet(raw[at].tobytes(), number, tuple(cut[first[at] : first[at + 1]]), counts[at] == _END)
        for at, number in enumerate(numbers)
    ]


def fill(
    capture: Capture, every: Feeds, run: Run, *, from_start: bool, settings: Settings
) -> tuple[Capture, list[Filled]]:
    """`run` asks for what a recovery lacks."""
    sent = _packets(every)
    checked = right(capture.frames) is not None
    done: list[Filled] = []
    ahead: dict[int, list[bytes]] = {}  # frames by the frame that they go ahead of
    for name in every.sessions:
        session = name.encode("latin-1").ljust(10)
        mine = [at for at, packet in enumerate(sent) if packet.session == session]
        first = min(sent[at].number for at in mine)
        recovery = Recovery(Stream(session, 1 if from_start else first), settings)
        for at in mine:
            recovery.stream.take(sent[at])
        if recovery.stream.doubt:
            raise WireError(f"session {name}: {recovery.stream.doubt}")
        lacked = recovery.stream.lacking.without(())
        if lacked:
            run(recovery)
        if recovery.stream.doubt:
            raise WireError(f"session {name}: {recovery.stream.doubt}")
        came = lacked.without(recovery.stream.lacking)
        flow = _flow(every, name) if came else Flow()
        for start, end in came:
            before = min(int(every.frame[at]) for at in mine if sent[at].number >= end)
            brought = [recovery.stream.message(number) for number in range(start, end)]
            made = frames(payloads(session, start, brought, MOST_BYTES), flow)
            ahead.setdefault(before, []).extend(
                one if checked else one[:-CHECK_BYTES] for one in made
            )
        done.append(_filled(name, lacked, recovery))
    return _inserted(capture, ahead), done


def _filled(name: str, lacked: Spans, recovery: Recovery) -> Filled:
    return Filled(
        session=name,
        gaps=len(list(lacked)),
        lacked=lacked.count,
        lacks=list(recovery.stream.lacking),
        requests=recovery.requests.sent,
        answers=dict(sorted(recovery.answers.items())),
    )


def _flow(every: Feeds, session: str) -> Flow:
    """To where the session's first source is sent."""
    source = next(one for one in every.sources if one.session == session)
    address = text(source.address)
    if address.startswith("["):
        raise WireError(f"{source.name}: frames of IPv6 aren't written")
    group = 224 <= source.address[12] < 240
    mac = None if group else bytes.fromhex("02000a000002")
    return Flow(
        destination_address=address, destination_port=source.port, destination_mac=mac
    )  # fmt: skip


def _inserted(capture: Capture, ahead: dict[int, list[bytes]]) -> Capture:
    """With the time of the frame that each goes ahead of."""
    every: list[bytes] = []
    times: list[int] = []
    for at, frame in enumerate(capture.frames):
        both = [*ahead.get(at, []), frame]
        every += both
        times += [int(capture.times[at])] * len(both)
    return Capture(Chunks.of(every), np.array(times, np.int64))
