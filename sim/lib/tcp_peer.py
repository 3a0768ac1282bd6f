"""A venue's end of a TCP connection, plain and by RFC 9293, and a line that loses, doubles,
reorders and spoils what goes over it. Time is in cycles."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from scapy.all import TCP, Ether

from sim.stimulus.segments import WORD, Ends, sealed, segment

TIMEOUT = 6_000  # cycles until what isn't acknowledged is sent again


@dataclass
class Peer:
    """Takes the card's frames, gives its own; `took` is the stream that it has taken."""

    ends: Ends
    rng: random.Random
    longest: int = 300  # bytes of a segment
    took: bytes = b""
    stream: bytes = b""  # all that it is to send
    window: int = 8_192
    sent: int = 0  # bytes of stream
    known: int = 0  # of them, acknowledged
    room: int = 1_024  # that the card says
    since: int = 0
    early: dict[int, bytes] = field(default_factory=dict)
    due: bool = False  # an acknowledgement

    @property
    def expected(self) -> int:
        return (self.ends.next_byte + len(self.took)) % WORD

    def hear(self, frame: bytes, cycle: int) -> None:
        """A frame of the card's, whole."""
        layer = Ether(frame)[TCP]
        if (layer.sport, layer.dport) != (self.ends.our_port, self.ends.peer_port):
            return  # of an earlier connection
        data = bytes(layer.payload)[: Ether(frame).len - 40]
        assert layer.flags in ("A", "PA"), layer.flags
        number = (layer.ack - self.ends.expected_byte) % WORD
        assert number <= self.sent, "the card acknowledges what was never sent"
        ahead = (layer.seq - self.expected) % WORD
        if ahead >= WORD // 2:  # all of it is known: it is answered, and nothing of it counts
            self.due = True
            return
        if number > self.known:
            self.known, self.since = number, cycle
        self.room = layer.window
        if not data:
            return
        self.due = True
        assert ahead + len(data) <= max(self.window, 8_192), "beyond every window"
        self.early[layer.seq] = data
        while self.expected in self.early:
            self.took += self.early.pop(self.expected)

    def frames(self, cycle: int) -> list[bytes]:
        """What it sends now: new bytes, old ones when time has passed, or an acknowledgement."""
        out = list[bytes]()
        if self.sent > self.known and cycle - self.since > TIMEOUT:
            out.append(self._segment(self.known, self.rng.randint(1, self.longest)))
            self.since = cycle
        while self.sent < len(self.stream) and self.sent - self.known < min(self.room, 1_500):
            length = min(self.rng.randint(1, self.longest), self.room + self.known - self.sent)
            if self.sent == self.known:
                self.since = cycle
            out.append(self._segment(self.sent, length))
            self.sent = min(len(self.stream), self.sent + length)
        if self.due and not out:
            out.append(self._segment(self.sent, 0))
        self.due = False
        return out

    def _segment(self, at: int, length: int) -> bytes:
        data, number = self.stream[at : at + length], self.ends.expected_byte + at
        return sealed(segment(self.ends, number, self.expected, data, window=self.window))

    def spoken(self, flags: str, off: int = 0) -> bytes:
        """A segment with these flags, its number `off` from the next one's."""
        number = self.ends.expected_byte + self.sent + off
        return sealed(segment(self.ends, number, self.expected, flags=flags, window=self.window))


@dataclass
class Line:
    """What is put on it comes out later, if at all."""

    rng: random.Random
    lost: float = 0.0
    doubled: float = 0.0
    late: float = 0.0
    spoiled: float = 0.0
    ways: list[tuple[int, bytes]] = field(init=False, default_factory=list)

    def put(self, frame: bytes, cycle: int) -> None:
        rng = self.rng
        for _ in range(1 + (rng.random() < self.doubled)):
            if rng.random() < self.lost:
                continue
            if rng.random() < self.spoiled:
                at = rng.randrange(len(frame))
                frame = frame[:at] + bytes([frame[at] ^ 1 << rng.randrange(8)]) + frame[at + 1 :]
            wait = rng.randint(300, 2_500) if rng.random() < self.late else 50
            self.ways.append((cycle + wait, frame))

    def get(self, cycle: int) -> bytes | None:
        """The next frame whose time has come."""
        there = [one for one in self.ways if one[0] <= cycle]
        if not there:
            return None
        first = min(there, key=lambda one: one[0])
        self.ways.remove(first)
        return first[1]
