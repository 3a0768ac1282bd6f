"""Frames of feeds A and B, right and wrong in every way that is known, by the million.

The stream is cut into blocks. A block begins with empty books (`begins` says when a host loads them
so, and what has been sent by then), so that what one fault makes stale isn't stale for good. B is
A's copy, late by a little, or silent. Each copy of a frame has its own fault, or none. The same
seed makes the same bytes.
"""

from __future__ import annotations

import random
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.stimulus.shapes import TAGS, checked, longer, ones_sum, resent, shaped
from tickwire.gen.itch_table import MESSAGES
from tickwire.gen.records import BOOK_OP, SLOTS, Operation
from tickwire.wire import mold
from tickwire.wire.chunks import Chunks
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.traffic import Registers, Traffic, wire_cycles

Array = npt.NDArray[Any]
SESSION = b"TICKWIRE01"
LOCATES = {100 + 7 * slot: slot for slot in range(8)}
STRANGE = 999  # a locate that no slot follows
FLOWS = (Flow(destination_address="233.54.12.111"), Flow(destination_address="233.54.12.112"))
REGISTERS = Registers(locates=LOCATES, any_group=1)  # IPv6 is for A alone
PACKETS = 8  # of a block
LONGEST = 9026  # bytes of a frame
QUIET = 400  # cycles before a block, in which the books are emptied
PARAMETERS = {"ORDER_ROWS": 64, "LEVEL_ROWS": 64}  # of feed_book: a block's orders, and few more
OTHERS = [*(kind for kind in MESSAGES if kind not in "AFECXDU"), *"SSSSSSSShh"]


@dataclass(frozen=True)
class Fuzz:
    traffic: Traffic
    begins: list[tuple[int, int]]  # cycles, and the last number before
    faults: dict[str, int]  # frames by what was done to them


SAYS = {  # of messages that say who may act: what they say, by place
    "S": {11: b"QQQQQQSME"},
    "H": {19: b"TTTHPQ"},
    "h": {19: b"QQQB", 20: b"TTH"},
}


class Market:
    """Orders of one block; nothing is named that isn't there."""

    def __init__(self, rng: random.Random) -> None:
        self.rng, self.reference = rng, 1000
        self.live: list[list[int]] = []  # locate, reference, shares, side, price

    def clear(self) -> None:
        self.live = []

    def message(self) -> bytes:
        rng = self.rng
        drawn = rng.random()
        if drawn < 0.07:
            kind = rng.choice(OTHERS)
            body = rng.randbytes(MESSAGES[kind].length)
            for at, letters in SAYS.get(kind, {}).items():
                body = body[:at] + bytes([rng.choice(letters)]) + body[at + 1 :]
            return struct.pack(">cH", kind.encode(), rng.choice((*LOCATES, STRANGE))) + body[3:]
        stamp = rng.getrandbits(46).to_bytes(6, "big")
        if drawn < 0.6 or not self.live:
            self.reference += 1
            locate = STRANGE if rng.random() < 0.08 else rng.choice([*LOCATES])
            side = rng.choice(b"BS")
            price = 100 * (rng.randint(900, 999) if side == 66 else rng.randint(1000, 1100))
            shares = rng.randint(1, 900)
            self.live.append([locate, self.reference, shares, side, price])
            kind = rng.choice("AAAF")
            body = struct.pack(
                ">cHH6sQBI8sI", kind.encode(), locate, 0, stamp, self.reference, side, shares,
                b"TICK    ", price,
            )  # fmt: skip
            return body + (b"MPID" if kind == "F" else b"")
        order = rng.choice(self.live)
        locate, reference, shares, *_ = order
        kind = rng.choice("DDXECU")
        head = struct.pack(">cHH6sQ", kind.encode(), locate, 0, stamp, reference)
        if kind == "D" or (kind in "XEC" and shares == 1):
            self.live.remove(order)
            return b"D" + head[1:]
        if kind == "U":
            self.reference += 1
            order[1], order[2] = self.reference, rng.randint(1, 900)
            order[4] = price = 100 * rng.randint(900, 1100)
            return head + struct.pack(">QII", self.reference, order[2], price)
        taken = rng.randint(1, shares - 1)
        order[2] -= taken
        match = {"X": b"", "E": bytes(8), "C": bytes(8) + b"Y" + struct.pack(">I", 123_400)}
        return head + struct.pack(">I", taken) + match[kind]


def trades(locate: int, name: bytes = b"TICK    ") -> bytes:
    """An H that says so."""
    return struct.pack(">cHH6s8s2s4s", b"H", locate, 0, bytes(6), name, b"T ", bytes(4))


def payload(sequence: int, messages: list[bytes], session: bytes = SESSION) -> bytes:
    head = session + struct.pack(">QH", sequence, len(messages))
    return head + b"".join(struct.pack(">H", len(one)) + one for one in messages)


def _turn(frame: bytes, at: int, bits: int) -> bytes:
    return frame[:at] + bytes([frame[at] ^ bits]) + frame[at + 1 :]


class Faults:
    """What may happen to a frame, by name. Each gives the frames that are on the wire instead, with
    what the wire does to them."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def right(self, frame: bytes) -> list[tuple[bytes, int]]:
        return [(frame, 0)]

    def lost(self, _: bytes) -> list[tuple[bytes, int]]:
        return []

    def twice(self, frame: bytes) -> list[tuple[bytes, int]]:
        return [(frame, 0), (frame, 0)]

    def bad_fcs(self, frame: bytes) -> list[tuple[bytes, int]]:
        return [(_turn(frame, self.rng.randrange(len(frame)), 1 << self.rng.randrange(8)), 0)]

    def bad_fcs_in_the_packet(self, frame: bytes) -> list[tuple[bytes, int]]:
        return [(_turn(frame, self.rng.randrange(42, len(frame)), self.rng.randint(1, 255)), 0)]

    def error_marked(self, frame: bytes) -> list[tuple[bytes, int]]:
        return [(frame, 1)]

    def bad_preamble(self, frame: bytes) -> list[tuple[bytes, int]]:
        return [(frame, 2)]

    def cut(self, frame: bytes) -> list[tuple[bytes, int]]:
        return [(frame[: self.rng.randrange(1, len(frame))], 0)]

    def cut_and_checked(self, frame: bytes) -> list[tuple[bytes, int]]:
        return [(checked(frame[: self.rng.randrange(56, len(frame) - 4)]), 0)]

    def header(self, frame: bytes) -> list[tuple[bytes, int]]:
        return [
            (checked(_turn(frame[:-4], self.rng.randrange(12, 42), self.rng.randint(1, 255))), 0)
        ]

    def message(self, frame: bytes) -> list[tuple[bytes, int]]:
        """Anything in the messages, their lengths too."""
        return [
            (
                resent(
                    _turn(
                        frame[:-4],
                        self.rng.randrange(62, len(frame) - 4),
                        1 << self.rng.randrange(8),
                    )
                ),
                0,
            )
        ]

    def other_sum(self, frame: bytes) -> list[tuple[bytes, int]]:
        """A bit that was turned before the check sequence was made."""
        at = self.rng.randrange(42, len(frame) - 4)
        return [(checked(_turn(frame[:-4], at, 1 << self.rng.randrange(8))), 0)]

    def no_sum(self, frame: bytes) -> list[tuple[bytes, int]]:
        return [(checked(frame[:40] + b"\0\0" + frame[42:-4]), 0)]

    def type(self, frame: bytes) -> list[tuple[bytes, int]]:
        return [(resent(frame[:64] + self.rng.randbytes(1) + frame[65:-4]), 0)]

    def length(self, frame: bytes) -> list[tuple[bytes, int]]:
        length = max(0, frame[63] + self.rng.choice((-40, -12, -2, -1, 1, 2, 23)))
        return [(resent(frame[:62] + struct.pack(">H", length) + frame[64:-4]), 0)]

    def count(self, frame: bytes) -> list[tuple[bytes, int]]:
        count = max(0, frame[61] + self.rng.choice((-1, 1, 2)))
        return [(resent(frame[:60] + struct.pack(">H", count) + frame[62:-4]), 0)]

    def number(self, frame: bytes) -> list[tuple[bytes, int]]:
        number = int.from_bytes(frame[52:60], "big") - self.rng.randint(1, 3)
        return [(resent(frame[:52] + struct.pack(">Q", number) + frame[60:-4]), 0)]

    def session(self, frame: bytes) -> list[tuple[bytes, int]]:
        return [(resent(frame[:42] + b"OTHER     " + frame[52:-4]), 0)]

    def heartbeat(self, frame: bytes) -> list[tuple[bytes, int]]:
        return [(resent(frame[:60] + b"\0\0" + frame[62:-4]), 0), (frame, 0)]

    def noise(self, frame: bytes) -> list[tuple[bytes, int]]:
        noise = self.rng.randbytes(self.rng.randint(1, 120))
        return [(checked(noise) if self.rng.random() < 0.5 else noise, 0), (frame, 0)]

    def long(self, frame: bytes) -> list[tuple[bytes, int]]:
        """About as long as a frame may be, by what stands behind its datagram."""
        more = self.rng.choice((-40, -9, -1, 0, 1, 2, 9, 60))
        return [(checked(frame[:-4] + bytes(LONGEST - len(frame) + more)), 0)]

    def jumbo(self, frame: bytes) -> list[tuple[bytes, int]]:
        """By its datagram."""
        return [(longer(frame, self.rng.randint(1400, LONGEST - len(frame) + 9)), 0)]

    def shape(self, frame: bytes) -> list[tuple[bytes, int]]:
        """Tags and options; nothing is wrong with it."""
        tags = "".join(self.rng.choices([*TAGS], k=self.rng.choice((0, 1, 2, 2))))
        return [(shaped(frame, tags, self.rng.randbytes(4 * self.rng.randint(0, 10))), 0)]

    def six(self, frame: bytes) -> list[tuple[bytes, int]]:
        tags = "".join(self.rng.choices([*TAGS], k=self.rng.choice((0, 1, 2))))
        return [(shaped(frame, tags, six=True), 0)]

    def shape_and_header(self, frame: bytes) -> list[tuple[bytes, int]]:
        """Any byte up to the UDP header's last of such a frame."""
        one = self.rng.choice((self.shape, self.six))(frame)[0][0]
        last = 42 + len(one) - len(frame)
        at = self.rng.randrange(12, max(20, min(last, len(one) - 4)))
        return [(checked(_turn(one[:-4], at, self.rng.randint(1, 255))), 0)]

    def tags(self, frame: bytes) -> list[tuple[bytes, int]]:
        """One too many."""
        return [(shaped(frame, "".join(self.rng.choices([*TAGS], k=3))), 0)]

    def fragment(self, frame: bytes) -> list[tuple[bytes, int]]:
        """More of it is to come, or it isn't the first."""
        at, bits = self.rng.choice(((20, 0x20), (20, 0x01), (21, 0x04)))
        head = _turn(frame[:-4], at, bits)
        head = head[:24] + b"\0\0" + head[26:]
        return [(checked(head[:24] + struct.pack(">H", ones_sum(head[14:34])) + head[26:]), 0)]


RATES = {
    "right": 120.0,
    "lost": 5.0,
    "twice": 2.0,
    "bad_fcs": 3.0,
    "bad_fcs_in_the_packet": 2.0,
    "error_marked": 1.0,
    "bad_preamble": 1.0,
    "cut": 2.0,
    "cut_and_checked": 1.0,
    "header": 3.0,
    "message": 2.0,
    "other_sum": 1.0,
    "no_sum": 2.0,
    "type": 1.0,
    "length": 1.0,
    "count": 1.0,
    "number": 1.0,
    "session": 1.0,
    "heartbeat": 1.0,
    "noise": 1.0,
    "long": 0.2,
    "jumbo": 0.1,
    "shape": 8.0,
    "six": 2.0,
    "shape_and_header": 3.0,
    "tags": 0.5,
    "fragment": 1.0,
}


def fuzz(seed: int, count: int, width: int, quiet: int = QUIET) -> Fuzz:
    """At least `count` frames, of both feeds together; `quiet` is what the host needs."""
    rng = random.Random(f"{seed} {width}")
    market, faults = Market(rng), Faults(rng)
    sent: list[tuple[bytes, int, int, int]] = []  # frame, feed, first cycle, spoiled
    begins, faulty = list[tuple[int, int]](), dict.fromkeys(RATES, 0)
    start, sequence = 1000, 1
    while len(sent) < count:
        begins.append((start, sequence - 1))
        start += quiet
        payloads, sequence = _block(rng, market, sequence)
        ends = []
        alone = rng.random() < 0.5  # B is silent
        for feed, flow in enumerate(FLOWS[: 1 if alone else 2]):
            at = start + (feed and rng.choice((0, 1, 3, 10, 40, 200)))
            names = rng.choices([*RATES], [*RATES.values()], k=len(payloads))
            for name, frame in zip(names, frames(payloads, flow), strict=True):
                faulty[name] += 1
                for bytes_, spoiled in getattr(faults, name)(frame):
                    kind = 1 if width == 64 and spoiled == 2 else spoiled
                    at += rng.choice((0, 0, 0, 1, 5, 30))
                    first = at + (8 if width == 8 else 0)
                    sent.append((bytes_, feed, first, kind))
                    at += int(wire_cycles(np.array(len(bytes_)), width))
            ends.append(at)
        start = max(ends) + 64
    raw, feeds, firsts, spoiled = zip(*sent, strict=True)
    where = np.array([rng.randrange(len(one)) for one in raw])
    traffic = Traffic(
        Chunks.of(raw), np.array(feeds, np.uint8), np.array(firsts, np.int64),
        np.array(spoiled, np.uint8), where.astype(np.uint16),
    )  # fmt: skip
    return Fuzz(traffic, begins, faulty)


def _block(rng: random.Random, market: Market, sequence: int) -> tuple[Chunks, int]:
    market.clear()
    payloads = []
    for _ in range(PACKETS):
        messages = [market.message() for _ in range(rng.choice((1, 1, 1, 2, 4)))]
        payloads.append(payload(sequence, messages))
        sequence += len(messages)
    return Chunks.of(payloads), sequence


def host(fuzzed: Fuzz) -> tuple[Array, Array]:
    """The host's operations that load every book, empty, before each block, for `Top.run`: it
    trusts that up to there the session had nothing that rests."""
    starts, numbers = (np.array(column) for column in zip(*fuzzed.begins, strict=True))
    ops = BOOK_OP.empty(2 * SLOTS * len(starts))
    ops["operation"] = np.tile(np.repeat([Operation.LOAD, Operation.TRUST], SLOTS), len(starts))
    ops["slot"] = np.tile(np.arange(SLOTS), 2 * len(starts))
    trusts = ops["operation"] == Operation.TRUST
    ops["sequence_number"][trusts] = np.repeat(numbers, SLOTS)
    for name, value in mold.named(SESSION).items():
        ops[name][trusts] = value
    return np.repeat(starts.astype(np.int64), 2 * SLOTS), ops
