"""Beside a live feed: the host's own books of all that was sent, and snapshots of them.

A gap makes every slot of the board stale. Here the messages behind it wait until re-requests have
brought what lacks; then the books go on, in order, and are those of a feed that lost nothing. A
`snapshot` of a slot is what the board is then given: load, the orders, halted or not, and trust
with the session and the number up to which all is in it. What nobody has said trades is halted,
too. Whether the session goes on, and the number is new enough, the board judges (`op_gate`): one
from before the end of a gap, or from before the slot's last message, is refused there.

No snapshot is made while a message lacks, nor of what can't be known: a book that is stale here
too, a session that was joined after its first message (unless `any_start` is written, or
`from_start` asks for all of it), one in doubt, or one beside which another was heard.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np

from hwtools.bits import Records
from tickwire.book.compiled import Book
from tickwire.gen.records import BOOK_OP, SLOTS, Operation, Reason
from tickwire.recover.recovery import Recovery
from tickwire.recover.requests import Settings
from tickwire.recover.stream import Packet, Stream, packets, payloads
from tickwire.replay.books import in_time
from tickwire.replay.feed import Feed, Received
from tickwire.replay.feed_frames import MAC, UDP
from tickwire.replay.gate import BEGINS
from tickwire.wire import mold
from tickwire.wire.chunks import Chunks
from tickwire.wire.datagrams import datagrams
from tickwire.wire.ethernet import MOST_PAYLOAD, Flow, frames
from tickwire.wire.traffic import Registers, Traffic

_WIDTH = 8
_LONGEST = MOST_PAYLOAD + 64  # bytes of a frame and what is around it: cycles, too
_MOST_BYTES = 1_400
_DATAGRAMS = [UDP.index("datagrams"), UDP.index("no_checksum")]


class SnapshotError(ValueError):
    """Why there is none. The message is one line."""


class Books:
    """The books of one session, of its messages in order: no message may lack. `sure` are slots
    whose locates are known from before it, whatever it doesn't say."""

    def __init__(
        self, registers: Registers, stream: Stream, sure: frozenset[int] = frozenset()
    ) -> None:
        values = registers.values()
        self._registers, self._learn, self._enable = registers, values["learn"], values["enable"]
        every = replace(registers, feed_enable=3, any_group=3, any_port=3)
        self._feed = Feed(every, _WIDTH, longest=_LONGEST)
        self._book = Book(SLOTS)
        self._stream = stream
        self._cycle = _LONGEST
        self._sure = sure
        self.number = stream.start - 1  # of the last message

    def take(self) -> int:
        """What the stream has ready; how many messages that were."""
        first, messages = self._stream.ready()
        if messages:
            self._play(payloads(self._stream.session, first, messages, _MOST_BYTES))
            self.number = first + len(messages) - 1
        if self._stream.end == self.number + 1:
            end = mold.packetise(
                b"", [], session=self._stream.session, sequence_number=self.number + 1, end=True
            )
            self._play(end)
        return len(messages)

    def _play(self, sent: Chunks) -> None:
        """As a feed that loses nothing."""
        traffic = Traffic.of(frames(sent, Flow()), _WIDTH, start=self._cycle)
        self._cycle = int(traffic.first[-1]) + _LONGEST  # beyond its end
        operations, part, _ = in_time(self._feed.take(traffic), _WIDTH)
        self._book.apply(operations[part != BEGINS])  # no host gave a book before

    def registers(self) -> Registers:
        """As the board has them by now: slots have the locates that they learned."""
        slots = [slot for slot in range(SLOTS) if self._enable >> slot & 1]
        learned = {slot: self._feed.locate(slot) for slot in slots}
        return replace(self._registers, locates={}, shared=learned)

    def sure(self) -> frozenset[int]:
        """The slots whose locates hold in the next session: nothing that might have said otherwise
        is known to lack."""
        if self._stream.lacking or self._stream.doubt:
            return frozenset()
        return self._sure | {slot for slot in range(SLOTS) if self._feed.named(slot)}

    def orders(self, slot: int) -> dict[int, tuple[int, int, int]]:
        return self._book.orders(slot)

    def snapshot(self, slot: int, locate: int) -> Records:
        """What the board is to be given, in order. `locate` is what it has of the slot: if an R
        that gave it another was lost, it would go on with another instrument's orders."""
        if not self._feed.hears(slot):
            raise SnapshotError(
                f"slot {slot} follows no instrument, or a lower slot has its locate"
            )
        known = self._feed.locate(slot)
        where = f"slot {slot} is at locate {locate} on the board, and at {known} here"
        named = self._feed.named(slot) or (slot in self._sure and locate == known)
        if self._learn >> slot & 1 and not named:
            raise SnapshotError(f"{where}: this session hasn't named its symbol, so it isn't known "
                                "what is right")  # fmt: skip
        if locate != known:
            raise SnapshotError(f"{where}: write {known} into slots[{slot}].locate, then load")
        reason = self._book.reason(slot)
        if reason != Reason.OK:
            raise SnapshotError(f"slot {slot} is stale on the host too: {reason.name.lower()}")
        orders = sorted(self._book.orders(slot).items())
        given = BOOK_OP.empty(len(orders) + 3)
        given["slot"] = slot
        given["operation"][0] = Operation.LOAD
        halted = self._book.halted(slot) or self._feed.unsaid(slot)
        given["operation"][1] = Operation.HALT if halted else Operation.RESUME
        given["operation"][2:] = Operation.ADD
        given["operation"][-1] = Operation.TRUST
        for at, (reference, (side, price, shares)) in enumerate(orders, 2):
            given["order_reference"][at], given["side"][at] = reference, side
            given["price"][at], given["shares"][at] = price, shares
        given["sequence_number"] = self.number
        for name, value in mold.named(self._stream.session).items():
            given[name][-1] = value
        return given


class Live:
    """Takes what the replay's `Feed` takes; asks, and is answered, as a `client.Client` does it."""

    def __init__(
        self, registers: Registers, *, from_start: bool = False, settings: Settings | None = None
    ) -> None:
        self._registers, self._from_start, self._settings = registers, from_start, settings
        self._sure: frozenset[int] = frozenset()  # slots whose locates are known from before
        self._strange = ""  # another session that was heard since
        self.recovery: Recovery | None = None
        self.books: Books | None = None
        self.counts: Counter[str] = Counter()

    def take(self, traffic: Traffic, received: Received) -> int:
        """Both lines' frames, and what the feed found in each; how many messages the books took."""
        right = (received.mac == MAC.index("frames")) & np.isin(received.udp, _DATAGRAMS)
        which = np.flatnonzero(right).tolist()
        sent = datagrams(Chunks.of(traffic.frames[at] for at in which)).payloads
        self.counts["frames left out"] += len(right) - len(sent)
        taken = 0
        for packet in packets(sent):
            taken += self._packet(packet)
        return taken + self._advance()

    def _packet(self, packet: Packet) -> int:
        """How many messages the books took of a session that this packet ends."""
        taken = 0
        stream = self.recovery.stream if self.recovery else None
        if stream is not None and packet.session != stream.session and stream.end is not None:
            taken, stream = self._advance(), None  # of the old one; no book of it is trusted now
        if stream is None:
            if packet.ends:
                return taken
            stream = Stream(packet.session, 1 if self._from_start else packet.number)
            self.recovery = Recovery(stream, self._settings)
            self._keep()
            self.books = Books(self._registers, stream, self._sure)
        if packet.session != stream.session:
            self.counts["packets of another session"] += 1
            self._strange = packet.session.decode("latin-1").rstrip(" ")
            return taken
        if stream.take(packet):
            self._strange = ""
        return taken

    def _keep(self) -> None:
        """What was learned holds on, as the board's registers do."""
        if self.books is not None:
            self._registers, self._sure = self.books.registers(), self.books.sure()

    def _advance(self) -> int:
        return 0 if self.books is None else self.books.take()

    def resynchronise(self) -> None:
        """As the board's `resynchronise`: forget the session, and follow the next packet's."""
        self._keep()
        self.recovery = self.books = None
        self._strange = ""

    def due(self, now: int) -> list[bytes]:
        return [] if self.recovery is None else self.recovery.due(now)

    def wake(self, now: int) -> int | None:
        return None if self.recovery is None else self.recovery.wake(now)

    def answer(self, payload: bytes, now: int) -> str:
        """What became of it; the books go on as far as they can."""
        if self.recovery is None:
            return "unasked"
        fate = self.recovery.answer(payload, now)
        self._advance()
        return fate

    def snapshot(self, slot: int, locate: int) -> Records:
        """For the board: load, resume or halt, the orders, trust. `locate`: what it reads of the
        slot's register; another one than is known here is refused."""
        if self.books is None or self.recovery is None:
            raise SnapshotError("no session was heard")
        if self.recovery.stream.doubt:
            raise SnapshotError(f"the session is in doubt: {self.recovery.stream.doubt}")
        if self._strange:
            raise SnapshotError(f"another session was heard since: {self._strange}")
        if self.recovery.stream.lacking:
            first = self.recovery.stream.lacking.first
            raise SnapshotError(
                f"message {first} lacks, and what came behind it isn't in the books"
            )
        return self.books.snapshot(slot, locate)
