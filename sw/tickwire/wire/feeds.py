"""The feeds in a capture: which packets of messages there are, from whom, and which are chosen.

A *source* is an address, a port and a session. The sources of one session are feeds A and B of one
stream where they send the same messages under the same numbers, or none under the same. Where the
same number has other bytes they are different streams, which nobody may merge: they are named, and
a `Choice` picks one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hwtools.compiled import compiled
from tickwire.wire import deep, iex_tp, itch, mold
from tickwire.wire.chunks import Bytes, Chunks, Offsets, WireError, as_bytes
from tickwire.wire.codec import Codec, Scan
from tickwire.wire.datagrams import Datagrams, datagrams, packed, text
from tickwire.wire.dialects import IEX, dialect
from tickwire.wire.packets import Packets

HOW = "--feed ADDRESS:PORT/SESSION; parts may be left out, and A and B be given together"
_LISTED = 8  # sources in a message
_NOT_CHOSEN, _ODD = "datagrams that weren't chosen", "datagrams of something else"
_DAMAGED = "damaged packets"


@dataclass(frozen=True)
class Choice:
    """What of a capture is followed; None where it doesn't matter."""

    address: bytes | None = None
    port: int | None = None
    session: str | None = None

    @classmethod
    def parse(cls, choice: str) -> Choice:
        """ADDRESS, ADDRESS:PORT, :PORT, any of them before /SESSION. IPv6 stands in brackets."""
        place, slash, session = choice.partition("/")
        address, colon, port = place, "", ""
        if not place.endswith("]"):
            address, colon, port = place.rpartition(":") if ":" in place else (place, "", "")
        if colon and not (port.isdecimal() and int(port) < 1 << 16):
            raise WireError(f"feed {choice!r}: a port is a whole number below 65,536")
        try:
            where = packed(address) if address else None
        except ValueError:
            raise WireError(f"feed {choice!r}: {address!r} isn't an IP address") from None
        if not choice:
            raise WireError(f"a feed is chosen by {HOW}")
        return cls(where, int(port) if colon else None, session if slash else None)


@dataclass(frozen=True)
class Source:
    """Who sent messages: `numbers` is the first and the last."""

    address: bytes
    port: int
    session: str
    messages: int
    numbers: tuple[int, int]

    @property
    def name(self) -> str:
        return f"{text(self.address)}:{self.port}/{self.session}"


@dataclass(frozen=True)
class Feeds:
    """Packets of one protocol. Packet i is of frame `frame[i]` and source `source[i]`, -1 where its
    source sends no messages. `left_out` counts frames and datagrams by cause."""

    codec: Codec
    packets: Packets
    places: Scan
    frame: Offsets
    source: Offsets
    sources: tuple[Source, ...]
    left_out: dict[str, int]

    @property
    def sessions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(source.session for source in self.sources))

    def of(self, session: str) -> npt.NDArray[np.bool_]:
        """Which packets are of this session, on whatever line, those without messages too."""
        raw = np.ascontiguousarray(self.packets.session).view(np.uint8)
        raw = raw.reshape(len(self.source), -1)
        mine = np.zeros(len(self.source), np.bool_)
        for at, source in enumerate(self.sources):
            if source.session == session:
                mine |= (raw == raw[np.argmax(self.source == at)]).all(axis=1)
        return mine

    @property
    def reach(self) -> npt.NDArray[np.uint64]:
        """The number after each packet's last."""
        return self.packets.sequence_number + np.diff(self.packets.first).astype(np.uint64)

    def begins(self, session: str) -> int:
        """From which number on the session was seen, by packets without messages too."""
        return int(self.packets.sequence_number[self.of(session)].min())

    def ends(self, session: str) -> int:
        """What the session's next number would be, by packets without messages too."""
        return int(self.reach[self.of(session)].max())

    @property
    def message_source(self) -> Offsets:
        return np.repeat(self.source, np.diff(self.packets.first))


def find(frames: Chunks, choices: Sequence[Choice] = ()) -> Feeds:
    """The packets of those chosen; a WireError where there are none, or of two protocols."""
    every = datagrams(frames)
    left_out = every.left_out
    chosen = _chosen(every, choices)
    odd = int((~chosen).sum())
    every = every.rows(np.flatnonzero(chosen))
    by_mold, by_iex = mold.faults(every.payloads) == 0, iex_tp.faults(every.payloads) == 0
    by_mold &= ~by_iex
    both = [_feeds(every, by_iex, choices), _feeds(every, by_mold, choices)]
    with_messages = [feeds for feeds in both if feeds.sources]
    if not with_messages:
        raise WireError(_nothing(every, len(frames), odd, left_out))
    if len(with_messages) > 1:
        names = _listed([source for feeds in with_messages for source in feeds.sources])
        raise WireError(f"ITCH and DEEP in one capture: {names}; choose by {HOW}")
    feeds = with_messages[0]
    codec_mask = by_iex if feeds.codec is deep.CODEC else by_mold
    left_out |= _others(every, ~codec_mask, feeds)
    odd += int(codec_mask.sum()) - len(feeds.frame)
    left_out |= {_NOT_CHOSEN: odd} if odd else {}
    return Feeds(**{**vars(feeds), "left_out": left_out})


def _chosen(every: Datagrams, choices: Sequence[Choice]) -> npt.NDArray[np.bool_]:
    """By address and port; sessions stand in the packets."""
    chosen = np.full(len(every.frame), not choices, np.bool_)
    for choice in choices:
        fits = np.ones(len(chosen), np.bool_)
        if choice.address is not None:
            fits &= (every.address == np.frombuffer(choice.address, np.uint8)).all(axis=1)
        if choice.port is not None:
            fits &= every.port == choice.port
        chosen |= fits
    return chosen


def _feeds(every: Datagrams, which: npt.NDArray[np.bool_], choices: Sequence[Choice]) -> Feeds:
    """Of datagrams that are packets of one transport."""
    by_iex = bool(which.any()) and bool((iex_tp.faults(every.payloads)[which] == 0).all())
    codec, transport = (deep.CODEC, iex_tp) if by_iex else (itch.CODEC, mold)
    rows = every.rows(np.flatnonzero(which))
    if by_iex:
        rows = rows.rows(np.flatnonzero(iex_tp.protocols(rows.payloads) == iex_tp.DEEP))
    packets = transport.depacketise(rows.payloads)
    if any(choice.session is not None for choice in choices):
        every_row = range(len(rows.frame))
        keep = np.array([_session_fits(rows, packets, at, choices) for at in every_row], np.bool_)
        rows = rows.rows(np.flatnonzero(keep))
        packets = transport.depacketise(rows.payloads)
    source, sources = _sources(rows, packets)
    places = codec.scan(packets.stream)
    return Feeds(codec, packets, places, rows.frame, source, sources, {})


def _session_fits(rows: Datagrams, packets: Packets, at: int, choices: Sequence[Choice]) -> bool:
    session = _session(packets, at)
    address, port = rows.address[at].tobytes(), int(rows.port[at])
    return any(
        choice.session in (None, session)
        and choice.address in (None, address)
        and choice.port in (None, port)
        for choice in choices
    )


def _session(packets: Packets, at: int) -> str:
    """As sent: only the spaces that fill it up are left out."""
    raw = packets.session[at : at + 1].tobytes()
    if packets.session.dtype.itemsize > 10:  # of IEX-TP, written by us
        raw = raw.rstrip(b"\0")
    return raw.decode("latin-1").rstrip(" ")


def _sources(rows: Datagrams, packets: Packets) -> tuple[Offsets, tuple[Source, ...]]:
    """The source of each packet, and those that send messages, in the order of their first."""
    counts, width = np.diff(packets.first), packets.session.dtype.itemsize
    keys = np.concatenate(
        [
            rows.address,
            rows.port.astype(">u2").view(np.uint8).reshape(-1, 2),
            packets.session.copy().view(np.uint8).reshape(len(counts), width),
        ],
        axis=1,
    )
    whole = np.ascontiguousarray(keys).view(f"V{keys.shape[1]}").reshape(-1)
    _, first, of = np.unique(whole, return_index=True, return_inverse=True)
    sources: list[Source] = []
    numbers = np.full(len(first), -1, np.int64)
    for kind in np.argsort(first).tolist():
        mine = np.flatnonzero((of == kind) & (counts > 0))
        if not len(mine):
            continue
        numbers[kind] = len(sources)
        begins = packets.sequence_number[mine]
        ends = begins + counts[mine].astype(np.uint64) - np.uint64(1)
        at = int(mine[0])
        sources.append(
            Source(
                rows.address[at].tobytes(),
                int(rows.port[at]),
                _session(packets, at),
                int(counts[mine].sum()),
                (int(begins.min()), int(ends.max())),
            )
        )
    return numbers[of], tuple(sources)


def _others(every: Datagrams, which: npt.NDArray[np.bool_], feeds: Feeds) -> dict[str, int]:
    """Datagrams that aren't whole packets: of the feeds' own addresses, and others."""
    ours = {(source.address, source.port) for source in feeds.sources}
    rows = np.flatnonzero(which).tolist()
    mine = sum((every.address[at].tobytes(), int(every.port[at])) in ours for at in rows)
    counts = {_DAMAGED: mine, _ODD: len(rows) - mine}
    return {name: count for name, count in counts.items() if count}


def _nothing(every: Datagrams, frames: int, odd: int, left_out: dict[str, int]) -> str:
    """Why there is no message."""
    iex = iex_tp.faults(every.payloads) == 0
    if iex.any():
        numbers = iex_tp.protocols(every.rows(np.flatnonzero(iex)).payloads).tolist()
        others = [number for number in dict.fromkeys(numbers) if number != iex_tp.DEEP]
        names = [IEX.get(number, f"protocol {number:#06x} in IEX-TP") for number in others]
        if names:
            return f"it holds {', '.join(names)}, of which nothing is read; DEEP 1.0 is"
    empty = int((iex | (mold.faults(every.payloads) == 0)).sum())
    if empty:
        return f"its {empty:,} packets hold no message"
    if odd:
        return f"none of its {odd:,} datagrams is chosen by --feed or --port"
    if len(every.frame):
        return f"none of its {len(every.frame):,} UDP datagrams is a packet of MoldUDP64 or IEX-TP"
    causes = ", ".join(f"{count:,} {says}" for says, count in left_out.items())
    return f"no datagram in its {frames:,} frames: {causes or 'it is empty'}"


def check(feeds: Feeds, *, sessions: bool = False) -> None:
    """Refuse what isn't one stream, and messages of another protocol. `sessions`: several of them
    are fine, since each is looked at alone."""
    names = _listed(feeds.sources)
    for session in feeds.sessions:
        _numbers_go_on(feeds, session)
    if len(feeds.sessions) > 1 and not sessions:
        raise WireError(f"{len(feeds.sessions)} sessions in one capture: {names}; choose by {HOW}")
    differs = _first_that_differs(feeds)
    if differs is not None:
        number, one, other = differs
        if one == other:
            source = feeds.sources[one].name
            raise WireError(
                f"message {number} came twice with other bytes from {source}: a mixture of days?"
            )
        raise WireError(
            f"feeds with the same numbers but other messages, from {number} on: {names}; "
            f"choose by {HOW}"
        )
    types, lengths = _kinds(feeds)
    spoken = dialect(types, lengths)
    if feeds.codec is itch.CODEC and spoken not in ("", feeds.codec.name):
        raise WireError(f"its messages are {spoken}, of which nothing is read; ITCH 5.0 is")


def _numbers_go_on(feeds: Feeds, session: str) -> None:
    """Refuse numbers that go round: what comes first, and what lacks, can't be told of them."""
    mine = feeds.of(session)
    numbers, reach = feeds.packets.sequence_number[mine], feeds.reach[mine]
    if (reach < numbers).any() or int(reach.max()) - int(numbers.min()) >= 1 << 63:
        raise WireError(
            f"session {session!r}: its messages' numbers go round 2^64, "
            f"from {int(numbers.min())} to {int(numbers.max())}"
        )


def _kinds(feeds: Feeds) -> tuple[Bytes, Offsets]:
    data = as_bytes(feeds.packets.stream)
    some = feeds.places.lengths > 0
    return data[feeds.places.offsets[some]], feeds.places.lengths[some]


def _listed(sources: Sequence[Source]) -> str:
    names = [
        f"{source.name} ({source.messages:,} messages, {source.numbers[0]} to {source.numbers[1]})"
        for source in sources[:_LISTED]
    ]
    more = len(sources) - _LISTED
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")


def _first_that_differs(feeds: Feeds) -> tuple[int, int, int] | None:
    """The least number of a session under which two messages differ, and their sources."""
    sums = _hashes(as_bytes(feeds.packets.stream), feeds.places.offsets, feeds.places.lengths)
    numbers, source = feeds.packets.message_sequence, feeds.message_source
    names = feeds.sessions
    of = np.array([names.index(one.session) for one in feeds.sources], np.int64)[source]
    order = np.lexsort((numbers, of))
    ranked, session, sums = numbers[order], of[order], sums[order]
    same = (ranked[1:] == ranked[:-1]) & (session[1:] == session[:-1])
    wrong = np.flatnonzero(same & (sums[1:] != sums[:-1]))
    if not len(wrong):
        return None
    at = int(wrong[0])
    return int(ranked[at]), int(source[order[at]]), int(source[order[at + 1]])


@compiled
def _hashes(data: Bytes, offsets: Offsets, lengths: Offsets) -> npt.NDArray[np.uint64]:
    """FNV-1a of each message, its length in it."""
    sums = np.empty(len(offsets), np.uint64)
    for row in range(len(offsets)):
        value = np.uint64(0xCBF29CE484222325) ^ np.uint64(lengths[row])
        for at in range(offsets[row], offsets[row] + lengths[row]):
            value = (value ^ np.uint64(data[at])) * np.uint64(0x100000001B3)
        sums[row] = value
    return sums
