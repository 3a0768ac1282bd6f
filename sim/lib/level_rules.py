"""What a feed of DEEP comes to, packet by packet, by rules that know no cycle; and packets in which
something is wrong, to try them."""

from __future__ import annotations

import random
import struct

from sim.golden.iextp_rx import DEEP, TOO_MANY
from tickwire.exchange import deep_day
from tickwire.gen.deep_table import MESSAGES
from tickwire.wire import iex_tp
from tickwire.wire.chunks import Chunks
from tickwire.wire.packets import PacketFault

Book = list[list[tuple[int, int]]]  # of each side the best prices, with their shares


class Rules:
    """Which slots are stale, and what rests in those that aren't. `rows` has it after each message
    that says something of a book: its slot, whether that is stale, and its best levels."""

    def __init__(self, slots: dict[bytes, int]) -> None:
        self.slots, self.all = slots, set(slots.values())
        self.next, self.session = 0, b""
        self.stale: set[int] = set()
        self.sides: dict[tuple[int, str], dict[int, int]] = {}
        self.rows: list[tuple[int, bool, Book]] = []

    def take(self, packet: bytes) -> None:
        if iex_tp.faults(Chunks.of([packet]))[0] in (
            PacketFault.SHORT_HEADER,
            PacketFault.BAD_HEADER,
        ):
            return
        (protocol,), session = struct.unpack_from("<H", packet, 2), packet[2:12]
        count, sequence = (
            struct.unpack_from(f, packet, at)[0] for f, at in (("<H", 14), ("<q", 24))
        )
        if protocol != DEEP or count == TOO_MANY:
            return
        if not self.session:
            self.session, self.next = session, sequence
            self.stale |= set() if sequence == 1 else set(self.all)
        if session != self.session:
            self.stale = set(self.all)
            return
        if sequence > self.next:
            self.stale, self.next = set(self.all), sequence
        at = 40
        for number in range(sequence, sequence + count):
            size = int.from_bytes(packet[at : at + 2], "little") if at + 2 <= len(packet) else 0
            if at + 2 + size > len(packet) or at + 2 > len(packet):
                return  # cut: those that lack are a gap, once the next packet shows it
            message, at = packet[at + 2 : at + 2 + size], at + 2 + size
            if number == self.next:
                self.next += 1
                self.message(message)

    def message(self, message: bytes) -> None:
        kind = chr(message[0]) if message else ""
        slot = self.slots.get(message[10:18], -1)
        known = MESSAGES.get(kind)
        right = known is not None and known.length == len(message)
        short = len(message) < 18 and (kind in "85HO" or not known)
        if len(message) <= 8 or (not right and (short or kind == "S")):
            self.stale = set(self.all)
            return
        if slot < 0 or (known is not None and kind not in "85HO"):
            return
        time = int.from_bytes(message[2:10], "little") - deep_day.DAY
        if not right or not 0 <= time < 1 << 48:
            self.stale.add(slot)
        elif kind in "85":
            size, price = struct.unpack_from("<Iq", message, 18)
            if 0 < price < 1 << 32:
                held = self.sides.setdefault((slot, kind), {})
                held[price] = size
                if not size:
                    del held[price]
            else:
                self.stale.add(slot)
        best = [
            sorted(self.sides.get((slot, side), {}).items(), reverse=side == "8")[:10]
            for side in "85"
        ]
        self.rows.append((slot, slot in self.stale, best))


def damaged(rng: random.Random, packet: bytes) -> bytes:
    """A byte of it is another, or bytes come or go, mostly where it matters."""
    body, kind = bytearray(packet), rng.random()
    at = rng.choice((rng.randrange(len(body)), rng.randrange(40), 40 + rng.randrange(40)))
    at = min(at, len(body) - 1)
    if kind < 0.7:
        body[at] = rng.choice((body[at] ^ 1 << rng.randrange(8), 0, 0xFF))
    elif kind < 0.85:
        del body[at : at + rng.randint(1, 9)]
    else:
        body[at:at] = rng.randbytes(rng.randint(1, 9))
    if rng.random() < 0.6 and len(body) >= 40:  # what the header says of its length is right
        body[12:14] = struct.pack("<H", len(body) - 40)
    return bytes(body)


def spoilt(rng: random.Random, packets: list[bytes]) -> list[bytes]:
    """One packet of the day, not the first, is damaged, twice there, not at all or late."""
    at, kind = rng.randrange(1, len(packets)), rng.random()
    if kind < 0.8:
        return [*packets[:at], damaged(rng, packets[at]), *packets[at + 1 :]]
    if kind < 0.87:
        return [*packets[:at], *packets[at:], *packets[at:]]
    if kind < 0.94:
        return [*packets[:at], *packets[at + 1 :]]
    return [*packets[:at], *packets[at + 1 : at + 3], packets[at], *packets[at + 3 :]]
