"""A stream with its requests: which answers are taken, which are refused and counted.

damaged         it isn't a whole packet of MoldUDP64
other_session   of another session than the stream's
empty           without a message: the server hasn't got them
unasked         a number that is neither there nor was asked for
repeated        every message is there already
taken           else: what lacked is there now, and the rest of the request is asked for again
"""

from __future__ import annotations

from collections import Counter

from tickwire.recover.requests import Requests, Settings
from tickwire.recover.stream import Packet, Stream, packets
from tickwire.wire import mold
from tickwire.wire.chunks import Chunks


class Recovery:
    def __init__(self, stream: Stream, settings: Settings | None = None) -> None:
        self.stream, self.requests = stream, Requests(settings)
        self.answers: Counter[str] = Counter()

    def due(self, now: int) -> list[bytes]:
        """Requests to be sent now."""
        return [
            mold.request(self.stream.session, first, end - first)
            for first, end in self.requests.due(self.stream.lacking, now)
        ]

    def wake(self, now: int) -> int | None:
        """When there is something to be sent next; None: never, unless something comes."""
        return self.requests.wake(self.stream.lacking, now)

    def answer(self, payload: bytes, now: int) -> str:
        """What became of it."""
        fate = self._fate(payload, now)
        self.answers[fate] += 1
        return fate

    def _fate(self, payload: bytes, now: int) -> str:
        found = list(packets(Chunks.of([payload])))
        if not found:
            return "damaged"
        (packet,) = found
        if packet.session != self.stream.session:
            return "other_session"
        if not packet.messages:
            return "empty"
        if not self._asked(packet):
            return "unasked"
        if not self.stream.take(packet):
            return "repeated"
        self.requests.heard(now)
        return "taken"

    def _asked(self, packet: Packet) -> bool:
        """Each of its numbers is there, or was asked for."""
        if self.requests.asked.holds(packet.number, packet.end):
            return True
        one = range(packet.number, packet.end)
        return all(self.stream.has(at) or self.requests.asked.holds(at, at + 1) for at in one)

    @property
    def lost(self) -> list[tuple[int, int]]:
        """Spans that nobody asks for any more, and that lack."""
        return list(self.requests.given_up.without(()))
