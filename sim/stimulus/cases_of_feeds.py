"""A day of a feed with one thing wrong in it, by name, for both lines.

Every case sends the same kind of day: packets of a session, from its message 1 on, that a host has
cleared every book for.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from sim.stimulus.fuzz import FLOWS, LOCATES, REGISTERS, Market, payload, trades
from sim.stimulus.shapes import checked, shaped
from sim.stimulus.storm import HOST, LIVE, Storm, last_cycle, spoiled, truth
from tickwire.gen.records import BOOK_OP, SLOTS, Operation
from tickwire.wire.chunks import Chunks
from tickwire.wire.ethernet import frames
from tickwire.wire.traffic import HERTZ, Registers, Traffic, wire_cycles

MESSAGES = 1_500
ROOM = {"HOLD_BYTES": 131_072, "HOLD_PACKETS": 1_024}  # of feed_book: for 100 us at 10 Gb/s
START = 1_000
SESSION = b"TICKWIRE01"
FIRST_LOCATE = min(LOCATES)
Line = list[bytes]  # frames in order; b"" for one that isn't there


@dataclass(frozen=True)
class Day:
    """What the venue sends: packets, and of each its first number and messages."""

    rng: random.Random
    packets: list[tuple[int, list[bytes]]]

    @classmethod
    def of(cls, seed: str, messages: int) -> Day:
        rng = random.Random(seed)
        market, number = Market(rng), 1 + len(LOCATES)
        packets = [(1, spin())]
        while number <= messages:
            several = []
            for _ in range(rng.choice((1, 1, 2, 4))):
                several.append(_message(rng, market))
            packets.append((number, several))
            number += len(several)
        return cls(rng, packets)

    def told(self) -> list[bytes]:
        return [message for _, several in self.packets for message in several]

    def line(self, feed: int) -> Line:
        payloads = [payload(number, several, SESSION) for number, several in self.packets]
        number = self.packets[-1][0] + len(self.packets[-1][1])
        payloads += [payload(number, [], SESSION)] * 3
        return list(frames(Chunks.of(payloads), FLOWS[feed]))


@dataclass(frozen=True)
class Case:
    name: str
    lines: tuple[Line, Line]
    told: list[bytes]
    behind: float = 0.0  # us that B comes later
    registers: Registers = REGISTERS
    waits: bool = False  # as long as B is behind: nothing is lost then
    spoiled: frozenset[bytes] = field(default_factory=frozenset)  # frames that turn out wrong

    def cycles(self, width: int) -> int:
        return int(self.behind * 1e-6 * HERTZ[width])

    def settings(self, width: int) -> Registers:
        if not self.waits:
            return self.registers
        return replace(self.registers, window=self.cycles(width) + 4_000)

    def storm(self, width: int) -> Storm:
        """It as traffic, the host's first operations beside it."""
        sent, wrong = list[tuple[bytes, int, int]](), list[tuple[int, int]]()
        space = 20 if width == 8 else 8
        for feed, line in enumerate(self.lines):
            at = START + HOST + feed * self.cycles(width)
            for frame in line:
                first = at + (8 if width == 8 else 0)
                if frame:
                    sent.append((frame, feed, first))
                    if frame in self.spoiled:
                        wrong.append((first, last_cycle(first, frame, width)))
                at += int(wire_cycles(np.array(max(len(frame), 64)), width)) + space
        raw, feeds, firsts = zip(*sorted(sent, key=lambda one: one[2]), strict=True)
        none = np.zeros(len(raw), np.uint8)
        traffic = Traffic(
            Chunks.of(raw), np.array(feeds, np.uint8), np.array(firsts, np.int64), none,
            none.astype(np.uint16),
        )  # fmt: skip
        ops = BOOK_OP.empty(SLOTS)
        ops["operation"], ops["slot"] = Operation.CLEAR, np.arange(SLOTS)
        host = np.full(SLOTS, START, np.int64), ops
        return Storm(traffic, host, np.array([START]), [truth(self.told)],
                     *spoiled(wrong), len(self.told), {})  # fmt: skip


def spin(but_for: int = 0) -> list[bytes]:
    """The morning's list of what trades."""
    names = {FIRST_LOCATE: b"FIRST   "}
    return [
        b"Y" + bytes(19) if locate == but_for else trades(locate, names.get(locate, b"TICK    "))
        for locate in LOCATES
    ]


def _message(rng: random.Random, market: Market) -> bytes:
    if len(market.live) > LIVE:
        locate, reference, *_ = market.live.pop(rng.randrange(LIVE))
        return struct.pack(">cHH6sQ", b"D", locate, 0, bytes(6), reference)
    while True:
        made = market.message()
        if made[:1] not in b"HR":
            return made


def _with(day: Day, place: int, message: bytes) -> Day:
    """One message more, in a packet of its own, which says nothing that a book should know."""
    before, behind = day.packets[:place], day.packets[place:]
    number = behind[0][0]
    later = [(first + 1, several) for first, several in behind]
    return replace(day, packets=[*before, (number, [message]), *later])


def late_join(day: Day) -> Iterator[Case]:
    lines = tuple([b""] * 5 + day.line(feed)[5:] for feed in (0, 1))
    yield Case("joined at its packet 6", lines, day.told())  # type: ignore[arg-type]


def checksums(day: Day) -> Iterator[Case]:
    a, b, place = day.line(0), day.line(1), len(day.packets) // 2
    for name, right in (("wrong UDP checksum on A", True), ("wrong check sequence on A", False)):
        bad = bytearray(a[place])
        bad[-8] ^= 4
        spoiled = checked(bytes(bad[:-4])) if right else bytes(bad)
        lines = [*a[:place], spoiled, *a[place + 1 :]], b
        registers = replace(REGISTERS, window=2_000)
        yield Case(name, lines, day.told(), 0.06, registers, spoiled=frozenset({spoiled}))


def relocated(day: Day) -> Iterator[Case]:
    """The directory gives the symbol of slot 0 another locate, under which its orders go on."""
    half = len(day.packets) // 2
    body = bytearray(39)
    body[:3], body[11:19] = struct.pack(">cH", b"R", 4_000), b"FIRST   "
    moved = _with(day, half, bytes(body))
    old, new = struct.pack(">H", FIRST_LOCATE), struct.pack(">H", 4_000)
    packets = moved.packets[: half + 1] + [
        (number, [one[:1] + new + one[3:] if one[1:3] == old else one for one in several])
        for number, several in moved.packets[half + 1 :]
    ]
    moved = replace(moved, packets=packets)
    registers = replace(REGISTERS, known={LOCATES[FIRST_LOCATE]: "FIRST"})
    lines = moved.line(0), moved.line(1)
    yield Case("a symbol's locate changes", lines, moved.told(), registers=registers)


def strange_messages(day: Day) -> Iterator[Case]:
    """What can't be read of a slot's locate may have been of its book: the venue's truth here is
    that it was, an order of a newer protocol."""
    place = len(day.packets) // 2
    order = struct.pack(">cHH6sQcI8sI", b"A", FIRST_LOCATE, 0, bytes(6), 1 << 40, b"B", 1,
                        b"TICK    ", 99_999_900)  # fmt: skip
    for name, sent in (
        ("unknown type", b"z" + order[1:]),
        ("wrong length", order + b"\0"),
        ("too short", b"A\0"),
        ("length of 0", b""),
    ):
        told, seen = _with(day, place, order), _with(day, place, sent)
        yield Case(name, (seen.line(0), seen.line(1)), told.told())


def sessions(day: Day) -> Iterator[Case]:
    """Another session without an end of the one before: what it says is of other books."""
    other = Day.of("another", 300)
    second = [
        list(frames(Chunks.of([payload(n, m, b"TICKWIRE02") for n, m in other.packets]), flow))
        for flow in FLOWS
    ]
    half = len(day.packets) // 2
    mixed = tuple(
        [*day.line(feed)[:half], *second[feed], *day.line(feed)[half:]] for feed in (0, 1)
    )
    yield Case("another session amid it", mixed, day.told())  # type: ignore[arg-type]


def out_of_step(day: Day) -> Iterator[Case]:
    """B comes later, and each packet is lost on A by chance."""
    for micros in (0, 1, 10, 100):
        for loss in (0.001, 0.01, 0.1):
            first, *rest = day.line(0)  # by which the session begins
            line = [first, *(b"" if day.rng.random() < loss else one for one in rest)]
            name = f"B {micros} us behind, {loss:.1%} lost on A"
            yield Case(name, (line, day.line(1)), day.told(), micros, waits=True)


def lost_on_both(day: Day) -> Iterator[Case]:
    place = len(day.packets) // 2
    lines = [day.line(feed) for feed in (0, 1)]
    for line in lines:
        line[place] = b""
    yield Case("lost on both lines", (lines[0], lines[1]), day.told())


def shapes(day: Day) -> Iterator[Case]:
    """Every frame in the same headers; IPv6 is of any group."""
    registers = replace(REGISTERS, any_group=3)
    for name, tags, options, six in (
        ("an 802.1Q tag", "q", b"", False),
        ("802.1ad and 802.1Q", "aq", b"", False),
        ("IPv4 options", "", b"\1\1\1\1" * 3, False),
        ("IPv6, two tags", "aq", b"", True),
    ):
        lines = [[shaped(one, tags, options, six) for one in day.line(feed)] for feed in (0, 1)]
        yield Case(name, (lines[0], lines[1]), day.told(), registers=registers)


def fragments(day: Day) -> Iterator[Case]:
    """A packet comes in fragments on both lines: refused, and a gap."""
    place, lines = len(day.packets) // 2, []
    for feed in (0, 1):
        line = day.line(feed)
        whole = bytearray(line[place][:-4])
        whole[20] |= 0x20  # more fragments
        whole[24:26] = b"\0\0"
        total = sum(struct.unpack(">10H", bytes(whole[14:34])))
        whole[24:26] = struct.pack(">H", 0xFFFF - (total % 0xFFFF))
        lines.append([*line[:place], checked(bytes(whole)), *line[place + 1 :]])
    yield Case("a packet in fragments", (lines[0], lines[1]), day.told())


def market_states(day: Day) -> Iterator[Case]:
    """The market opens, is breached, and an instrument goes on; one is interrupted; it closes. And
    what opened it comes in a frame that turns out wrong, or not at all."""
    nothing, fifth, opening = b"Y" + bytes(19), len(day.packets) // 5, event(b"Q")
    others = [(number, [nothing if one[:1] in b"SWh" else one for one in several])
              for number, several in day.packets]  # fmt: skip
    day = replace(day, packets=others)
    moves = [
        opening,
        _message_of("W", 0, b"1"),
        _message_of("H", FIRST_LOCATE, bytes(8) + b"T" + bytes(5)),
        _message_of("h", FIRST_LOCATE, bytes(8) + b"QH"),
        event(b"M"),
    ]
    for at, move in enumerate(moves):
        day = _with(day, fifth // 2 + at * (fifth - 1), move)
    yield Case(
        "market opens, breached, interrupted, closes", (day.line(0), day.line(1)), day.told()
    )
    place = fifth // 2
    a, b = day.line(0), day.line(1)
    wrong = bytearray(a[place])
    wrong[-1] ^= 1
    bad = [*a[:place], bytes(wrong), *a[place + 1 :]]
    spoiled = frozenset({bytes(wrong)})
    registers = replace(REGISTERS, window=2_000)
    name = "it opens in a wrong frame on A"
    yield Case(name, (bad, b), day.told(), 0.06, registers, spoiled=spoiled)
    for later in (place, place + 4 * (fifth - 1)):
        lines = tuple([*line[:later], b"", *line[later + 1 :]] for line in (a, b))
        name = "what opens it is lost" if later == place else "what closes it is lost"
        yield Case(name, lines, day.told())  # type: ignore[arg-type]


def left_out(day: Day) -> Iterator[Case]:
    """Of one instrument nobody says that it trades."""
    (number, _), *rest = day.packets
    day = replace(day, packets=[(number, spin(FIRST_LOCATE)), *rest])
    day = _with(day, 1, event(b"Q"))
    yield Case("left out of the morning's list", (day.line(0), day.line(1)), day.told())


def event(code: bytes) -> bytes:
    return _message_of("S", 0, code)


def _message_of(kind: str, locate: int, rest: bytes) -> bytes:
    return struct.pack(">cHH6s", kind.encode(), locate, 0, bytes(6)) + rest


KINDS: tuple[Callable[[Day], Iterator[Case]], ...] = (
    *(late_join, checksums, relocated, strange_messages, sessions, out_of_step, lost_on_both),
    *(shapes, fragments, market_states, left_out),
)


def cases(seed: int, messages: int = MESSAGES) -> Iterator[Case]:
    for kind in KINDS:
        yield from kind(Day.of(f"{seed} {kind.__name__}", messages))
