"""A session's messages from whatever brings them (line A, line B, an answer), in order, each once.

A number is *lacking* once something later was seen, be it by a heartbeat or the session's end. What
lies behind it waits. Two that differ under one number, or one beyond the session's end, put the
whole stream in doubt: nobody can say which is right.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tickwire.gen.itch_table import END_OF_SESSION_COUNT
from tickwire.recover.spans import Spans
from tickwire.wire import mold
from tickwire.wire.chunks import Chunks
from tickwire.wire.itch import PREFIX, scan

_NUMBERS = 1 << 64


@dataclass(frozen=True)
class Packet:
    """Of MoldUDP64; `ends`: it ends the session."""

    session: bytes
    number: int
    messages: tuple[bytes, ...]
    ends: bool = False

    @property
    def end(self) -> int:
        return self.number + len(self.messages)


def packets(payloads: Chunks) -> Iterator[Packet]:
    """Those that are whole and right."""
    right = np.flatnonzero(mold.faults(payloads) == 0)
    unpacked = mold.depacketise(Chunks.of(payloads[at] for at in right.tolist()))
    places = scan(unpacked.stream)
    starts = places.offsets.tolist()
    ends = (places.offsets + places.lengths).tolist()
    messages = [unpacked.stream[a:b] for a, b in zip(starts, ends, strict=True)]
    sessions = np.ascontiguousarray(unpacked.session).view("S10")
    for at, number in enumerate(unpacked.sequence_number.tolist()):
        first, after = unpacked.first[at : at + 2].tolist()
        ending = int(unpacked.message_count[at]) == END_OF_SESSION_COUNT
        if number + after - first < _NUMBERS:
            raw = sessions[at : at + 1].tobytes()
            yield Packet(raw, number, tuple(messages[first:after]), ending)


REMEMBERED = 1 << 16  # messages that were handed on, to be held to what else comes of them


class Stream:
    """`start`: the first number that is wanted; `next`: the first that wasn't handed on; `reach`:
    one beyond the last that was sent, as far as anything seen says."""

    def __init__(self, session: bytes, start: int = 1) -> None:
        self.session, self.start, self.next, self.reach = session, start, start, start
        self.end: int | None = None  # the number that the session ended before
        self.lacking = Spans()
        self.duplicates = 0
        self.doubt = ""  # why it can't be believed any more
        self._waiting: dict[int, bytes] = {}
        self._handed = OrderedDict[int, int]()  # the hashes of the last that were handed on

    def take(self, packet: Packet) -> int:
        """How many messages are new."""
        if packet.number > self.reach:
            self.lacking.add(self.reach, packet.number)
        self.reach = max(self.reach, packet.end)
        if packet.ends and self.end is None:
            self.end = packet.number
        if self.end is not None and self.reach > self.end:
            self.doubt = self.doubt or f"message {self.reach - 1} in a session that ends before"
        new = 0
        for number, message in enumerate(packet.messages, packet.number):
            if number >= self.next and number not in self._waiting:
                self._waiting[number] = message
                new += 1
            elif self._differs(number, message):
                self.doubt = self.doubt or f"message {number} came twice with other bytes"
        self.duplicates += len(packet.messages) - new
        self.lacking.cut(packet.number, packet.end)
        return new

    def _differs(self, number: int, message: bytes) -> bool:
        """From the copy of it that came before, if that is remembered."""
        if number in self._waiting:
            return self._waiting[number] != message
        return self._handed.get(number, hash(message)) != hash(message)

    def has(self, number: int) -> bool:
        return self.start <= number < self.next or number in self._waiting

    def message(self, number: int) -> bytes:
        """One that is there and wasn't handed on."""
        return self._waiting[number]

    def ready(self) -> tuple[int, list[bytes]]:
        """The number of the first, and all that nothing lacks before; they are handed on now."""
        first, stop = self.next, self.lacking.first
        self.next = self.reach if stop is None else stop
        messages = [self._waiting.pop(number) for number in range(first, self.next)]
        self._handed.update(enumerate(map(hash, messages), first))
        while len(self._handed) > REMEMBERED:
            self._handed.popitem(last=False)
        return first, messages

    @property
    def whole(self) -> bool:
        """Nothing lacks up to the session's end."""
        return self.end is not None and not self.lacking and not self.doubt


def payloads(session: bytes, first: int, messages: list[bytes], most: int) -> Chunks:
    """Packets of at most so many bytes, unless one message alone is longer."""
    counts: list[int] = []
    size = most + 1
    for message in messages:
        if size + PREFIX + len(message) > most:
            counts, size = [*counts, 0], 20
        counts[-1] += 1
        size += PREFIX + len(message)
    stream = b"".join(len(message).to_bytes(2, "big") + message for message in messages)
    return mold.packetise(stream, counts, session=session, sequence_number=first)
