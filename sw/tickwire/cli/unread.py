"""Wrong frames and damaged packets: which of them held what nothing else brought.

Between two packets of a line what lacks shows by the numbers. Ahead of a line's first packet, and
behind its last, nothing shows it but the frame that couldn't be read. So its packet's header is
asked, which may be wrong as well: it is believed where it names a session that is known, and
numbers near to those that came, and no further than to where the line goes on. A header that isn't
there, or isn't believed, leaves the frame's place: it is lost unless the line goes on behind it, or
other lines brought as many packets there as can't be read of this one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tickwire.gen.itch_table import END_OF_SESSION_COUNT
from tickwire.wire import deep, iex_tp, mold
from tickwire.wire.chunks import Chunks
from tickwire.wire.datagrams import Cause, Datagrams, datagrams
from tickwire.wire.feeds import Feeds
from tickwire.wire.packets import PacketFault

NEAR = 1 << 16  # numbers: a packet holds fewer
_NOWHERE = bytes(16)  # the address of what has none
_START, _END = "at the start", "at the end"
_UDP, _FRAGMENT = 17, 44  # what comes after an IP header
_OPTIONS, _EXTENSIONS = (0, 43, 60), (50, 51, 135, 139, 140)


@dataclass(frozen=True)
class _Unread:
    """A frame whose messages nobody read, and what its packet's header says. `beyond`: there are
    bytes behind its last message."""

    frame: int
    address: bytes
    told: tuple[str, int, int] | None
    damaged: bool = False
    beyond: bool = False


@dataclass(frozen=True)
class _Inner:
    """What may be a packet in a frame: of which datagram, whether UDP's, to which port."""

    datagram: bytes = b""
    udp: bool = True
    port: int | None = None
    payload: bytes = b""


@dataclass(frozen=True)
class _Line:
    """The packets of a session to one address, in the capture's order."""

    session: str
    address: bytes
    frame: npt.NDArray[np.int64]
    number: npt.NDArray[np.uint64]
    reach: npt.NDArray[np.uint64]
    ended: bool  # the session, by a packet that says so

    def begun(self, where: str, bound: int) -> set[int]:
        """With which numbers packets of messages begin, from `bound` on or ahead of it."""
        numbers = self.number[self.reach > self.number]
        beyond = numbers >= bound if where == _END else numbers < bound
        return set(numbers[beyond].tolist())


def unread(frames: Chunks, feeds: Feeds, spans: Mapping[str, tuple[int, int]]) -> Counter[str]:
    """How many of each cause held something that is lost. `spans`: from which number on a session
    was seen, and what its next would be, by all that came."""
    return _Reader(frames, feeds, spans).lost()


class _Reader:
    """Of what nobody read."""

    def __init__(self, frames: Chunks, feeds: Feeds, spans: Mapping[str, tuple[int, int]]) -> None:
        self._frames, self._feeds, self._spans = frames, feeds, spans
        self._every = datagrams(frames)
        self._transport = iex_tp if feeds.codec is deep.CODEC else mold
        addresses = {_NOWHERE, *(source.address for source in feeds.sources)}
        self._lines = {address: tuple(_lines(feeds, address)) for address in addresses}
        self._met: Counter[tuple[str, bytes, str]] = Counter()  # by place, up to now
        self._told: set[tuple[str, bytes, int]] = set()  # by a header that is believed

    def lost(self) -> Counter[str]:
        lost: Counter[str] = Counter()
        every = sorted([*self._wrong(), *self._damaged()], key=lambda one: one.frame)
        by_header = [self._by_header(one) for one in every]
        for one, where in zip(every, by_header, strict=True):
            if where is None:
                where = self._by_place(one)
            if where:
                lost[f"{'damaged packets' if one.damaged else 'wrong frames'} {where}"] += 1
        return lost

    def _wrong(self) -> Iterator[_Unread]:
        """Frames to the feeds' own addresses and ports, as far as these can be read; or to where
        nothing right came, which may be a line of which every frame is wrong."""
        wrong = np.flatnonzero(self._every.causes > Cause.OTHER).tolist()
        theirs = _places(self._every) - self._ours if wrong else set()
        inner = [_inner(self._frames[frame]) for frame in wrong]
        begun = {one.datagram for one in inner if one.port is not None}
        for frame, one in zip(wrong, inner, strict=True):
            address = self._every.to[frame].tobytes()
            if one.port is None and one.datagram and one.datagram in begun:
                continue  # a fragment behind a first one, which tells more
            if one.udp and (address, one.port) not in theirs:
                yield _Unread(frame, address, self._transport.peek(one.payload))

    def _damaged(self) -> Iterator[_Unread]:
        """Right datagrams to them, in which the packet is wrong."""
        rest = self._rest
        faults = self._transport.faults(rest.payloads)
        for row in np.flatnonzero(faults).tolist():
            address = rest.address[row].tobytes()
            if (address, int(rest.port[row])) in self._ours:
                told = self._transport.peek(rest.payloads[row])
                beyond = bool(faults[row] == PacketFault.TRAILING)
                yield _Unread(int(rest.frame[row]), address, told, True, beyond)

    @property
    def _ours(self) -> set[tuple[bytes, int]]:
        return {(source.address, source.port) for source in self._feeds.sources}

    @cached_property
    def _rest(self) -> Datagrams:
        """What isn't a packet that was chosen."""
        return self._every.rows(np.flatnonzero(~np.isin(self._every.frame, self._feeds.frame)))

    @cached_property
    def _others(self) -> set[str]:
        """Sessions that weren't chosen."""
        right = np.flatnonzero(self._transport.faults(self._rest.payloads) == 0).tolist()
        told = (self._transport.peek(self._rest.payloads[row]) for row in right)
        return {one[0] for one in told if one}

    def _by_header(self, one: _Unread) -> str | None:
        """Where what it held is lost, "" if it isn't, None if its header isn't believed."""
        if one.told is None:
            return None
        session, number, count = one.told
        if session not in self._spans:
            if session in self._others:
                return ""
            return "of another session" if one.damaged else None  # whose checksums are right
        begins, ends = self._spans[session]
        reach = number + count + one.beyond
        for line in self._lines.get(one.address, ()):
            later = line.number[(line.frame > one.frame) & (line.number >= number)]
            if line.session == session and len(later):
                reach = min(reach, int(later.min()))  # it held no more than that
        if reach < begins - NEAR or number > ends + NEAR:
            return None
        self._told.add((session, one.address, number))
        if reach > ends:
            return _END
        return _START if number < begins else ""

    def _by_place(self, one: _Unread) -> str:
        lines = self._lines.get(one.address, ())
        if any(line.frame[0] < one.frame < line.frame[-1] for line in lines):
            return ""  # what lacks shows by the numbers
        for line in lines:
            if line.frame[-1] < one.frame:
                where, bound = _END, int(line.reach.max())
                if line.ended:
                    continue
            else:
                where, bound = _START, int(line.number.min())
                if bound <= 1:
                    continue
            key = (line.session, one.address, where)
            self._met[key] += 1
            if self._met[key] > len(self._elsewhere(line, where, bound)):
                return where
        return ""

    def _elsewhere(self, mine: _Line, where: str, bound: int) -> set[int]:
        """The packets that other lines of the session brought from this number on, or ahead, and
        that can't be read of this one."""
        every = (line for lines in self._lines.values() for line in lines)
        return {
            number
            for line in every
            if line.session == mine.session and _NOWHERE not in (mine.address, line.address)
            if line.address != mine.address
            for number in line.begun(where, bound)
            if (mine.session, mine.address, number) not in self._told
        }


def _lines(feeds: Feeds, address: bytes) -> Iterator[_Line]:
    """By session, what went to this address, or to any where that can't be read."""
    ends = feeds.packets.message_count == END_OF_SESSION_COUNT
    ends &= feeds.codec is not deep.CODEC  # nothing ends a session of IEX-TP
    there = [address in (_NOWHERE, source.address) for source in feeds.sources]
    for session in feeds.sessions:
        of = feeds.of(session)
        rows = np.flatnonzero(of & np.array([*there, False])[feeds.source])
        if len(rows):
            numbers, reach = feeds.packets.sequence_number[rows], feeds.reach[rows]
            ended = bool((ends & of).any())
            yield _Line(session, address, feeds.frame[rows], numbers, reach, ended)


def _places(every: Datagrams) -> set[tuple[bytes, int]]:
    """Where right datagrams went to."""
    ports = every.port.astype(">u2").view(np.uint8).reshape(-1, 2)
    keys = np.unique(np.concatenate([every.address, ports], axis=1), axis=0)
    return {(key[:16].tobytes(), int.from_bytes(key[16:].tobytes())) for key in keys}


def _inner(frame: bytes) -> _Inner:
    """What there is in a frame that is wrong, as far as its headers go."""
    at = 12
    while frame[at : at + 2] in (b"\x81\x00", b"\x88\xa8"):
        at += 4
    kind, ip, udp = frame[at : at + 2], frame[at + 2 :], 40
    if kind == b"\x08\x00" and len(ip) >= 20:
        after, udp = ip[9], 4 * (ip[0] & 15)
        offset, name = int.from_bytes(ip[6:8]) & 0x1FFF, ip[4:6] + ip[12:20]
    elif kind == b"\x86\xdd" and len(ip) >= 40:
        after, offset, name = ip[6], 0, b""
        while after in _OPTIONS and len(ip) >= udp + 8:
            after, udp = ip[udp], udp + 8 * (ip[udp + 1] + 1)
        if after == _FRAGMENT and len(ip) >= udp + 8:
            offset = int.from_bytes(ip[udp + 2 : udp + 4]) & 0xFFF8
            name, after, udp = ip[udp + 4 : udp + 8] + ip[8:40], ip[udp], udp + 8
    else:
        return _Inner()
    if after != _UDP:
        return _Inner(udp=after in (*_OPTIONS, _FRAGMENT, *_EXTENSIONS))
    if offset or len(ip) < udp + 8:
        return _Inner(name if offset else b"")
    return _Inner(name, True, int.from_bytes(ip[udp + 2 : udp + 4]), ip[udp + 8 :])
