"""Hours of a bad day in minutes: what a venue sends, and what becomes of it on two lines.

The stream is cut into blocks. A block goes on with the session of the last one, or ends that and
begins another. On each line a frame may be lost, come twice, after its follower, wrong in a bit,
cut, or amid another session's; a line may be late by up to 100 us, or silent; and now and then both
lose the same. Before each block the host loads every book as it truly is, or clears it where a
session begins. What was sent, not what came, is the truth: `truth` has the book after each message.
"""

from __future__ import annotations

import random
import struct
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from sim.golden.market_state import Said, reason
from sim.golden.market_state import itch as itch_says
from sim.golden.tick_pkg import NUMBERS
from sim.stimulus.fuzz import FLOWS, LOCATES, STRANGE, Market, trades
from sim.stimulus.shapes import checked
from tickwire.book.compiled import Book
from tickwire.book.types import Outcome
from tickwire.gen.records import BOOK_OP, SLOTS, Operation, Side
from tickwire.wire import itch, mold
from tickwire.wire.chunks import Chunks
from tickwire.wire.ethernet import frames
from tickwire.wire.operations import operations
from tickwire.wire.traffic import HERTZ, Traffic, wire_cycles

Array = npt.NDArray[np.int64]

PARAMETERS = {"ORDER_ROWS": 64, "LEVEL_ROWS": 64}  # of feed_book
LIVE = 150  # orders, about
PACKETS = 150  # of a block, about
QUIET, BUSY = (0, 1, 1, 1, 2, 3, 8), (1, 8, 20, 30)  # messages of a packet
HOST = 2_000  # cycles that the host needs to load every book
SECONDS = 100e-6  # that a line is late by, at most
END = 0xFFFF
# Of a frame on a line, how often by a thousand; by line, one of these is drawn for a block.
RATES: tuple[dict[str, int], ...] = (
    {},
    {"lost": 2, "twice": 2, "swapped": 2, "bit": 1, "summed": 1, "cut": 1},
    {"lost": 40, "twice": 10, "swapped": 20, "bit": 10, "summed": 5, "cut": 5, "stranger": 1},
    {"lost": 100, "twice": 20, "swapped": 60, "bit": 30, "summed": 10, "cut": 10, "stranger": 3},
    {"silent": 1000},
)
OFTEN = 6, 6, 3, 1, 2


@dataclass(frozen=True)
class Storm:
    """`begins`: of each block its first cycle. `wrong`: the first cycles of frames that were
    spoiled: what comes of one before its end is known isn't held against it."""

    traffic: Traffic
    host: tuple[Array, Records]
    begins: Array
    books: list[Truth]  # of each block, its session's
    wrong: Array
    wrong_ends: Array  # their last cycles
    messages: int
    met: dict[str, int]


@dataclass(frozen=True)
class Truth:
    """A session's operations, the book after each, and why nobody may act by it, or ok."""

    operations: Records
    outcome: Outcome
    shut: Array


def storm(seed: int, messages: int, width: int, window: int) -> Storm:
    """At least so many messages, for a feed that waits for `window` cycles."""
    return _Maker(random.Random(f"{seed} {width} storm"), width, window).make(messages)


class _Maker:
    def __init__(self, rng: random.Random, width: int, window: int) -> None:
        self.rng, self.width, self.market = rng, width, Market(rng)
        self.rest = 3_000 + 3 * window  # cycles in which all that waits is given up
        self.ended: list[bytes] = []  # ends of sessions
        self.sent: list[tuple[bytes, int, int]] = []  # frame, line, first cycle
        self.wrong: list[tuple[int, int]] = []
        self.host: list[tuple[int, dict[str, int]]] = []
        self.begins: list[int] = []
        self.session, self.number, self.sessions = b"", 1, 0
        self.told: list[list[bytes]] = []  # of each session, all that it said
        self.of_block: list[int] = []
        self.met: dict[str, int] = {}
        self.over = False  # the session has ended

    def make(self, messages: int) -> Storm:
        at, made = 1_000, 0
        while made < messages:
            before = len(self.told[-1]) if self.told else 0
            new = not self.told or (self.over != (self.rng.random() < 0.1))
            at = self._block(at, new)
            made += len(self.told[-1]) - (0 if new else before)
        self.sent.sort(key=lambda one: one[2])
        raw, lines, firsts = zip(*self.sent, strict=True)
        none = np.zeros(len(raw), np.uint8)
        feeds, first = np.array(lines, np.uint8), np.array(firsts, np.int64)
        traffic = Traffic(Chunks.of(raw), feeds, first, none, none.astype(np.uint16))
        ops = BOOK_OP.empty(len(self.host))
        for row, (_, values) in enumerate(self.host):
            for name, value in values.items():
                ops[name][row] = value
        truths = [truth(told) for told in self.told]
        return Storm(
            traffic, (np.array([cycle for cycle, _ in self.host], np.int64), ops),
            np.array(self.begins), [truths[one] for one in self.of_block],
            *spoiled(self.wrong), made, self.met,
        )  # fmt: skip

    def _block(self, at: int, new: bool) -> int:
        """Where the next one may begin."""
        rng = self.rng
        left = self.session, self.number  # without an end, perhaps, which comes in the end
        if new:
            self.sessions += 1
            self.session, self.number = b"STORM%05d" % self.sessions, 1
            self.told.append([])
            self.market.clear()
        self.of_block.append(len(self.told) - 1)
        self.begins.append(at)
        self._loads(at, new)
        payloads = []
        if new:  # the morning's list, which may leave some out
            listed = [trades(locate) for locate in LOCATES if rng.random() < 0.9]
            payloads.append(self._payload(listed, len(listed)))
            self.told[-1] += listed
            self.number += len(listed)
        sizes = rng.choice((QUIET, QUIET, BUSY))
        for _ in range(rng.randint(PACKETS // 2, 2 * PACKETS)):
            several = [self._message() for _ in range(rng.choice(sizes))]
            payloads.append(self._payload(several, len(several)))
            self.told[-1] += several
            self.number += len(several)
        payloads += [self._payload([], 0)] * 3
        if new and self.sessions > 1 and not self.over:
            self.ended.append(left[0] + struct.pack(">QH", left[1], END))
            payloads += self.ended[-1:] * 3
        if new and rng.random() < 0.3:  # whatever may still be followed
            payloads += self.ended[-4:] * 2
        self.over = rng.random() < 0.4
        if self.over:
            self.ended.append(self._payload([], END))
            payloads += self.ended[-1:] * 3
        ends = []
        first, second = rng.choices(RATES, OFTEN, k=2)
        rates = first, second if second != first or second != RATES[-1] else RATES[0]
        both = {n for n in range(len(payloads)) if rng.random() < 0.01 * (rng.random() < 0.3)}
        space = [rng.choice((0, 0, 3, 50, 400)) for _ in payloads]
        for line, flow in enumerate(FLOWS):
            late = rng.choice((0, 0, 1, 7, int(rng.random() * SECONDS * HERTZ[self.width])))
            framed = list(frames(Chunks.of(payloads), flow))
            ends.append(self._line(line, framed, rates[line], both, space, at + HOST + late))
        return max(ends) + self.rest

    def _loads(self, at: int, new: bool) -> None:
        """The host's operations before a block."""
        for slot in range(SLOTS):
            if new and self.rng.random() < 0.5:
                self.host.append((at, {"slot": slot, "operation": Operation.CLEAR}))
                continue
            self.host.append((at, {"slot": slot, "operation": Operation.LOAD}))
            for locate, reference, shares, side, price in self.market.live:
                if LOCATES.get(locate) == slot:
                    self.host.append((at, {
                        "slot": slot, "operation": Operation.ADD, "order_reference": reference,
                        "shares": shares, "price": price,
                        "side": Side.BUY if side == ord("B") else Side.SELL,
                    }))  # fmt: skip
            trust = {"slot": slot, "operation": Operation.TRUST, **mold.named(self.session)}
            self.host.append((at, trust | {"sequence_number": self.number - 1}))

    def _message(self) -> bytes:
        if len(self.market.live) > LIVE:
            locate, reference, *_ = self.market.live.pop(self.rng.randrange(LIVE))
            return struct.pack(">cHH6sQ", b"D", locate, 0, bytes(6), reference)
        while True:
            made = self.market.message()
            if made[:1] != b"H" or made[1:3] == struct.pack(">H", STRANGE):
                return made

    def _payload(self, several: list[bytes], count: int) -> bytes:
        body = b"".join(struct.pack(">H", len(one)) + one for one in several)
        return self.session + struct.pack(">QH", self.number, count) + body

    def _line(
        self, line: int, framed: list[bytes], rates: dict[str, int], both: set[int],
        space: list[int], at: int,
    ) -> int:  # fmt: skip
        """When it is silent again."""
        rng, out = self.rng, list[tuple[bytes, bool]]()
        for place, frame in enumerate(framed):
            fault = "both" if place in both else _drawn(rng, rates)
            if fault:
                self.met[fault] = self.met.get(fault, 0) + 1
            if fault in ("lost", "both", "silent"):
                out.append((b"", False))
            elif fault == "bit":
                out.append((_turned(frame, rng.randrange(len(frame)), rng), True))
            elif fault == "summed":
                out.append(
                    (checked(_turned(frame[:-4], rng.randrange(42, len(frame) - 4), rng)), True)
                )
            elif fault == "cut":
                out.append((frame[: rng.randrange(1, len(frame))], True))
            elif fault == "stranger" and 9 < place < len(framed) - 9:  # it isn't to be followed
                body = b"STRANGER01" + struct.pack(">QH", 77, 1) + struct.pack(">HQ", 9, 1) + b"z"
                out += [(bytes(frames(Chunks.of([body]), FLOWS[line])[0]), True), (frame, False)]
            elif fault == "swapped" and out:
                out.insert(len(out) - 1, (frame, False))
            else:
                out += [(frame, False)] * (2 if fault == "twice" else 1)
        for place, (frame, wrong) in enumerate(out):
            at += space[min(place, len(space) - 1)]
            if frame:
                first = at + (8 if self.width == 8 else 0)
                self.sent.append((frame, line, first))
                if wrong:
                    self.wrong.append((first, last_cycle(first, frame, self.width)))
            at += int(wire_cycles(np.array(max(len(frame), 64)), self.width))
        return at


def last_cycle(first: int, frame: bytes, width: int) -> int:
    return first + (len(frame) - 1) // (width // 8)


def spoiled(frames: list[tuple[int, int]]) -> tuple[Array, Array]:
    """First and last cycles of frames; of two that begin in the same one the later end."""
    ends = dict(sorted(frames))
    return np.array([*ends], np.int64), np.array([*ends.values()], np.int64)


def _drawn(rng: random.Random, rates: dict[str, int]) -> str:
    at = rng.random() * 1000
    for name, rate in rates.items():
        at -= rate
        if at < 0:
            return name
    return ""


def _turned(frame: bytes, at: int, rng: random.Random) -> bytes:
    return frame[:at] + bytes([frame[at] ^ 1 << rng.randrange(8)]) + frame[at + 1 :]


def truth(told: list[bytes]) -> Truth:
    """By the host's decoder and book, and a plain list of what was said of the market: of what was
    sent, whatever came."""
    raw = b"".join(struct.pack(">H", len(one)) + one for one in told)
    ops = operations(itch.decode(raw), LOCATES)
    ops = ops[ops["operation"] != Operation.NONE]
    shut = np.array(_shut(told, ops["sequence_number"].tolist(), ops["slot"].tolist()), np.int64)
    return Truth(ops, Book(SLOTS).apply(ops, levels=True), shut)


def _shut(told: list[bytes], numbers: list[int], slots: list[int]) -> list[int]:
    """By the messages before each number."""
    said: list[Said] = [()] * SLOTS
    places, at = {slot: locate for locate, slot in LOCATES.items()}, 0
    reasons = []
    for number, slot in zip(numbers, slots, strict=True):
        while at < number - 1:
            what = itch_says(told[at])
            for one in range(SLOTS) if what is not None else ():
                assert what is not None
                if what[1] in (None, places.get(one)):
                    said[one] = (*said[one], what[0])
            at += 1
        reasons.append(NUMBERS[f"REASON_{reason(said[slot], False)}"])
    return reasons
