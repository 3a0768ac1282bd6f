"""Bench of feed_rx: whole frames on two feeds, right and wrong, and operations out.

The golden model works frame by frame, with the host's decoder; scapy builds frames of its own.
"""

from __future__ import annotations

import itertools
import random
import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import cocotb
import numpy as np
import pytest
from cocotb.triggers import RisingEdge
from scapy.all import IP, UDP, Ether, IPv6, IPv6ExtHdrFragment, Raw, fragment, fragment6

from sim.golden import feed_rx as golden
from sim.golden.tick_pkg import events, pack, unpack, width
from sim.lib.bench import Ports, figure, start
from sim.lib.runner import run
from sim.stimulus import feed, shapes
from sim.stimulus import fuzz as feed_fuzz
from tickwire.gen.records import SLOTS, Operation, Reason
from tickwire.wire.chunks import Chunks
from tickwire.wire.traffic import PORTS, Registers, Traffic

PULSES = {"session_ended": golden.SESSION_ENDED, "bad_frame": golden.BAD_FRAME}
RECORD = "book_op"
EVENTS_W = width("feed_events")


def beats(traffic: Traffic, one: int, lanes: int) -> Iterator[dict[str, int]]:
    """What a feed has on the wire, cycle by cycle from 0 on."""
    now = 0
    for row in np.flatnonzero(traffic.feed == one).tolist():
        data = traffic.frames[row]
        first, kind = int(traffic.first[row]), int(traffic.spoiled[row])
        if lanes == 1:
            head = b"\x55" * 5 + (b"\x5d" if kind == 2 else b"\x55") + b"\x55\xd5"
            first, data = first - len(head), head + data
        yield from ({} for _ in range(first - now))
        for at in range(0, len(data), lanes):
            part = data[at : at + lanes]
            place = (int(traffic.at[row]) + (8 if lanes == 1 else 0)) // lanes
            yield {
                "tdata": int.from_bytes(part, "little"),
                "tkeep": (1 << len(part)) - 1,
                "tvalid": 1,
                "tlast": int(at + lanes >= len(data)),
                "tuser": int(kind == 1 and at // lanes == place),
            }
        now = first + -(-len(data) // lanes)


def lines(traffic: Traffic, lanes: int, then: int) -> Iterator[dict[str, int]]:
    """Both feeds' ports, cycle by cycle from 0 on, and `then` cycles after the traffic."""
    bits = {"tdata": 8 * lanes, "tkeep": lanes, "tvalid": 1, "tlast": 1, "tuser": 1}
    feeds = [beats(traffic, one, lanes) for one in (0, 1)]
    while then:
        both = [next(one, None) for one in feeds]
        then -= both == [None, None]
        yield {
            f"s_axis_{name}": sum((beat or {}).get(name, 0) << f * width
                                  for f, beat in enumerate(both))
            for name, width in bits.items()
        }  # fmt: skip


def hold(dut: Any) -> tuple[int, int]:
    """The bytes and packets of each feed that can wait."""
    return int(dut.HOLD_BYTES.value), int(dut.HOLD_PACKETS.value)


class Play:
    """Drives traffic, and keeps operations, pulses and what is for the host, by cycle."""

    OPERATION = ("m_valid", "m_op")

    def __init__(self, dut: Any, registers: Registers) -> None:
        self.dut, self.lanes, self.ports = dut, len(dut.s_axis_tkeep) // 2, Ports(dut)
        self.operations: list[tuple[int, int]] = []
        self.events: Counter[str] = Counter()  # those of a feed with its number before them
        self.pulses: list[tuple[int, int]] = []
        self.missing: list[tuple[int, int]] = []  # cycle, the newest number that may be missing
        self.host: list[bytes] = []
        self.learned: list[tuple[int, int]] = []  # slot, its locate
        self.turned: list[tuple[int, int, int]] = []  # cycle, reason, slots
        self.cycle = -1
        values = registers.values()
        self.locate = values["locate"]
        self.ports.write({name: values[name] for name in PORTS})
        self.ports.write(dict.fromkeys(("resynchronise", "open_market", "cycle"), 0))
        names = ("tdata", "tkeep", "tvalid", "tlast", "tuser")
        self.ports.write({f"s_axis_{name}": 0 for name in names})

    def see(self) -> None:
        read = self.ports.read
        valid, operation = self.OPERATION
        if read(valid):
            self.operations.append((self.cycle, read(operation)))
        for one, word in enumerate(divmod(read("feed_events"), 1 << EVENTS_W)[::-1]):
            of_feed = events("feed_events", word)
            self.events.update({f"{one} {name}": count for name, count in of_feed.items()})
        self.events.update(events("path_events", read("path_events")))
        if read("lost") or read("turned"):
            number = unpack("tap", read("tap"))["sequence_number"]
            assert isinstance(number, int)
            self.missing.append((self.cycle, (number - 1) % (1 << 64)))
        if read("lost"):
            self.pulses.append((self.cycle, read("lost_reason")))
        self.pulses += [(self.cycle, reason) for name, reason in PULSES.items() if read(name)]
        if read("host_valid"):
            self.host.append(read("host_message").to_bytes(40, "big"))
        if learned := read("learned"):
            self._learn(learned, read("learned_locate"))
        if read("turned"):
            self.turned.append((self.cycle, read("turned_reason"), read("turned")))

    def _learn(self, slots: int, locates: int) -> None:
        """As the registers do."""
        for slot in range(SLOTS):
            if slots >> slot & 1:
                mask = 0xFFFF << 16 * slot
                self.learned.append((slot, (locates & mask) >> 16 * slot))
                self.locate = (self.locate & ~mask) | (locates & mask)
        self.ports.write({"locate": self.locate})

    async def send(self, traffic: Traffic, then: int = 40) -> None:
        """Cycle numbers begin anew at 0."""
        self.cycle = -1
        for line in lines(traffic, self.lanes, then):
            await RisingEdge(self.dut.clk)
            if self.cycle >= 0:
                self.see()
            self.cycle += 1
            self.ports.write(line | {"cycle": self.cycle})


def packed(records: Any) -> list[int]:
    names = records.dtype.names
    return [pack(RECORD, dict(zip(names, row, strict=True))) for row in records.tolist()]


def assert_same(observed: list[Any], expected: list[Any]) -> None:
    """Shows the first that differ."""
    pairs = itertools.zip_longest(observed, expected)
    differ = [(at, *pair) for at, pair in enumerate(pairs) if pair[0] != pair[1]]
    assert not differ, f"{differ[:2]}"


def check(play: Play, front: golden.Received, sent: Traffic) -> None:
    """Every operation, when it came and what it is; every event; every pulse and its cycle."""
    late = golden.LATENCY[8 * play.lanes]
    operations = [unpack(RECORD, word) for _, word in play.operations]
    assert_same(operations, [unpack(RECORD, word) for word in packed(front.operations)])
    assert [cycle for cycle, _ in play.operations] == (front.given + late).tolist()
    assert sorted(play.pulses) == sorted(front.pulses.tolist())
    turned = [(cycle, reason, slots) for cycle, slots, _, reason in front.turned.tolist()]
    assert_same(play.turned, turned)
    missing = [(cycle, upto) for cycle, _, upto, _ in front.turned.tolist()]
    lost = ~np.isin(front.marks["reason"], (golden.BAD_FRAME, Reason.SESSION_ENDED))
    missing += front.marks[["cycle", "upto"]][lost].tolist()
    nothing = {cycle for cycle, upto in missing if upto == (1 << 64) - 1}  # of no session yet
    observed = [one for one in play.missing if one[0] not in nothing]
    assert_same(observed, sorted(one for one in set(missing) if one[0] not in nothing))
    expected = Counter(front.events)
    for one in (0, 1):
        here = sent.feed == one
        for names, column in ((golden.MAC, front.mac), (golden.UDP, front.udp)):
            for number, name in enumerate(names):
                expected[f"{one} {name}"] = int((column == number)[here].sum())
        expected[f"{one} ip_options"] = int(front.options[here].sum())
        for number, name in enumerate(golden.MERGE):
            counted = (front.merge > 0) & (front.merge >> number & 1 == 1)
            expected[f"{one} {name}"] = int(counted[here].sum())
        expected[f"{one} message_overruns"] = int(front.overruns[here].sum())
        expected[f"{one} reordered"] = front.reordered[one]
        expected[f"{one} hold_drops"] = front.hold_drops[one]
    expected["gaps"], expected["messages"] = len(front.missing), len(front.messages)
    expected["sessions_ended"] = front.sessions_ended
    expected["late_joins"] = front.late_joins
    expected["late_slots"] = sum(slots.bit_count() for _, _, slots in turned)
    expected["bad_frames"] = int((front.marks["reason"] == golden.BAD_FRAME).sum())
    assert_same(sorted((+play.events).items()), sorted((+expected).items()))


def a_frame(
    rng: random.Random,
    sequence: int,
    messages: list[bytes],
    count: int = -1,
    session: bytes = feed_fuzz.SESSION,
) -> bytes:
    """By scapy, with its check sequence."""
    body = feed_fuzz.payload(sequence, messages, session)
    if count >= 0:
        body = body[:18] + struct.pack(">H", count) + body[20:]
    return shapes.checked(feed.datagram(body, tags=rng.choice(("", "q")))[: -feed.CHECK])


SCAPY = Registers(
    group=(0xEF010203, 0xEF010203), port=(feed.PORT, feed.PORT), locates=feed_fuzz.LOCATES
)


@cocotb.test()
@cocotb.parametrize(seed=[1])
async def right_and_wrong_frames(dut: Any, seed: int) -> None:
    width = len(dut.s_axis_tkeep) * 4
    fuzz = feed_fuzz.fuzz(cocotb.RANDOM_SEED + seed, 200 if width == 8 else 500, width, quiet=20)
    play = Play(dut, feed_fuzz.REGISTERS)
    await start(dut)
    await play.send(fuzz.traffic)
    front = golden.receive(fuzz.traffic, feed_fuzz.REGISTERS, width)
    check(play, front, fuzz.traffic)
    reasons = {reason for _, reason in play.pulses}
    assert len(play.operations) >= 100 and reasons >= {golden.GAP, golden.BAD_FRAME}


@cocotb.test()
@cocotb.parametrize(window=[1, 40, 1000])
async def what_comes_early_waits(dut: Any, window: int) -> None:
    """The same frames, but nothing is missing before it was waited for."""
    width, size = len(dut.s_axis_tkeep) * 4, hold(dut)
    registers = replace(feed_fuzz.REGISTERS, window=window)
    for seed in itertools.count(cocotb.RANDOM_SEED + window):  # the first frame may be wrong
        traffic = feed_fuzz.fuzz(seed, 200 if width == 8 else 500, width, quiet=20).traffic
        front = golden.receive(traffic, registers, width, hold=size)
        if len(front.operations) >= 100:
            break
    play = Play(dut, registers)
    await start(dut)
    await play.send(traffic, then=40 + 30 * window)
    check(play, front, traffic)
    assert sum(front.reordered) >= 5


@cocotb.test()
@cocotb.parametrize(how=["cut", "wrong sum"])
async def a_wrong_datagram_in_a_right_frame_is_undone(dut: Any, how: str) -> None:
    """B has it as it was, later."""
    rng, width = random.Random(cocotb.RANDOM_SEED), len(dut.s_axis_tkeep) * 4
    deletes = [struct.pack(">cHH6sQ", b"D", 100, 0, bytes(6), n) for n in range(6)]
    whole = a_frame(rng, 2, deletes[1:4])
    wrong = bytearray(whole[: -feed.CHECK])
    if how == "cut":
        wrong = wrong[:-5]
    else:
        wrong[-30] ^= 1  # of a tracking number
    frames = [a_frame(rng, 1, deletes[:1]), shapes.checked(bytes(wrong)), whole]
    frames.append(a_frame(rng, 5, deletes[4:]))
    traffic = Traffic.of(Chunks.of(frames), width, feed=np.array([0, 0, 1, 0]), space=40)
    for at in (2, 3):
        traffic.first[at] = traffic.first[at - 1] + len(frames[at - 1]) * 8 // width + 30
    play = Play(dut, SCAPY)
    await start(dut)
    await play.send(traffic)
    check(play, golden.receive(traffic, SCAPY, width), traffic)
    assert [reason for _, reason in play.pulses] == [golden.BAD_FRAME]
    references = [unpack(RECORD, word)["order_reference"] for _, word in play.operations]
    first = [1, 2] if how == "cut" else [1, 2, 3]
    assert [int(one) for one in references] == [0, *first, 1, 2, 3, 4, 5]  # type: ignore[arg-type]


@cocotb.test()
async def a_command_ends_what_waited_at_once(dut: Any) -> None:
    """The session is left while a packet that waited is given: nothing of the next frame is taken
    for it, and the session that follows is whole."""
    rng, width = random.Random(cocotb.RANDOM_SEED), len(dut.s_axis_tkeep) * 4
    delete = [struct.pack(">cHH6sQ", b"D", 100, 0, bytes(6), n) for n in range(200)]
    packets = [(0, 1, 1), (0, 3, 60), (1, 2, 1), (0, 100, 20), (0, 120, 20)]
    frames = [a_frame(rng, first, delete[:count]) for _, first, count in packets]
    feeds = np.array([feed for feed, _, _ in packets])
    traffic = Traffic.of(Chunks.of(frames), width, feed=feeds, space=10)
    longest = int(traffic.first[1]) + len(frames[1]) * 8 // width
    traffic.first[2] = longest + 40
    waited = longest + 40 + len(frames[2]) * 8 // width + 600 * 8 // width  # amid the packet of 60
    traffic.first[3] = waited - 300 * 8 // width
    traffic.first[4] = traffic.first[3] + len(frames[3]) * 8 // width + 2_000
    play = Play(dut, replace(SCAPY, window=100_000, any_start=1))
    await start(dut)

    async def leave() -> None:
        while play.cycle < waited:
            await RisingEdge(dut.clk)
        play.ports.write({"resynchronise": 1})
        await RisingEdge(dut.clk)
        play.ports.write({"resynchronise": 0})

    leaving = cocotb.start_soon(leave())
    await play.send(traffic)
    await leaving
    every = [unpack(RECORD, word) for _, word in play.operations]
    numbers = [int(one["sequence_number"]) for one in every]  # type: ignore[arg-type]
    given = numbers.index(3)
    left = next(at for at, number in enumerate(numbers) if at and number != numbers[at - 1] + 1)
    assert numbers[:given] == [1, 2] and 10 < left < 50, numbers
    for one, number in zip(every[given:left], numbers[given:left], strict=True):
        assert one["order_reference"] == number - 3  # of the packet that waited
    assert numbers[left:] == list(range(120, 140)), numbers


@cocotb.test()
@cocotb.parametrize(many=[1, 60])
async def there_is_room_for_so_much(dut: Any, many: int) -> None:
    """Both feeds lack some, most of all what begins each hundred; then far more comes behind it
    than can wait. B has `many` messages a packet: A's packets, of one, come while one of B's is
    being taken, and more than there is room for. What doesn't fit is counted."""
    width, size = len(dut.s_axis_tkeep) * 4, hold(dut)
    registers = replace(SCAPY, window=5_000, any_group=3, any_start=1)
    for seed in itertools.count():
        traffic = crowd(random.Random(f"{cocotb.RANDOM_SEED} {many} {seed}"), many, width)
        front = golden.receive(traffic, registers, width, hold=size)
        fills = many == 1 or size[1] > 4 or any(front.hold_drops)
        if fills and len(front.missing) >= 2 and sum(front.reordered) >= 4:
            break
    play = Play(dut, registers)
    await start(dut)
    await play.send(traffic, then=80_000)
    check(play, front, traffic)


def crowd(rng: random.Random, many: int, width: int) -> Traffic:
    every = 1800 if many > 1 else 300
    frames: list[list[bytes]] = [[], []]
    for feed_frames, step in zip(frames, (1, many), strict=True):
        for number in range(1, every, step):
            if number % 100 and rng.random() < 0.9:
                several = [
                    struct.pack(">cHH6sQ", b"D", 100, 0, bytes(6), number + n) for n in range(step)
                ]
                feed_frames.append(a_frame(rng, number, several))
    feeds = np.repeat([0, 1], [len(one) for one in frames])
    space = np.array([rng.choice((0, 0, 0, 0, 400)) for _ in feeds])
    if many > 1:  # both at one pace
        space += np.where(feeds == 1, 4000 * 8 // width, 0)
    return Traffic.of(Chunks.of([*frames[0], *frames[1]]), width, feed=feeds, space=space)


@cocotb.test()
@cocotb.parametrize(space=[0, 60])
async def always_as_late(dut: Any, space: int) -> None:
    """One-message packets, full packets of deletes, every type: back to back, and apart."""
    rng = random.Random(f"{cocotb.RANDOM_SEED} {space}")
    width, market = len(dut.s_axis_tkeep) * 4, feed_fuzz.Market(rng)
    packets = [[market.message()] for _ in range(25)]
    packets += [[market.message() for _ in range(12)] for _ in range(6)]
    packets += [[struct.pack(">cHH6sQ", b"D", 100, 0, bytes(6), n) for n in range(69)]]
    frames, sequence = [], 1
    for messages in packets:
        frames.append(a_frame(rng, sequence, messages))
        sequence += len(messages)
    traffic = Traffic.of(Chunks.of(frames), width, space=space)
    play = Play(dut, SCAPY)
    await start(dut)
    await play.send(traffic)
    front = golden.receive(traffic, SCAPY, width)
    check(play, front, traffic)
    lates = {
        cycle - unpack(RECORD, word)["message_cycle"]  # type: ignore[operator]
        for cycle, word in play.operations
    }
    assert lates == {golden.LATENCY[width]} and play.events["messages"] == sequence - 1
    assert not play.pulses and len(play.operations) >= 100
    figure("latency", max(lates), "cycles")


@cocotb.test()
async def what_venues_send_is_taken_as_soon(dut: Any) -> None:
    """Tags, options and IPv6 by scapy, a packet of 9,000 bytes, and one in fragments: a gap."""
    rng, width = random.Random(cocotb.RANDOM_SEED), len(dut.s_axis_tkeep) * 4
    registers = Registers(
        group=SCAPY.group, port=SCAPY.port, locates=feed_fuzz.LOCATES, any_group=3
    )
    market = feed_fuzz.Market(rng)
    kinds = [(tags, words) for tags in ("", "q", "a", "qa", "aq") for words in (*range(11), -1)]
    frames, sequence = [], 1
    for tags, words in kinds:
        messages = [market.message() for _ in range(rng.choice((1, 1, 3)))]
        frames.append(_framed(sequence, messages, tags, words))
        sequence += len(messages)
    jumbo = [market.message() for _ in range(200)]
    jumbo += [struct.pack(">cHH6sQ", b"D", 100, 0, bytes(6), n) for n in range(80)]
    frames.append(_framed(sequence, jumbo, "qa", -1))
    assert 8000 < len(frames[-1]) < 9018
    before = sequence + len(jumbo)
    lost = [market.message() for _ in range(30)]
    for words in (2, -1):
        frames += _fragments(feed_fuzz.payload(before, lost), words)
    frames.append(_framed(before + 30, [market.message()], "", 0))
    traffic = Traffic.of(Chunks.of(frames), width)
    play = Play(dut, registers)
    await start(dut)
    await play.send(traffic)
    front = golden.receive(traffic, registers, width)
    check(play, front, traffic)
    assert front.missing.tolist() == [(front.missing["cycle"][0], before, 30)]
    assert [reason for _, reason in play.pulses] == [golden.GAP]
    assert play.events["messages"] == before and play.events["0 ip_fragments"] >= 4
    assert play.events["0 ip_options"] == sum(words > 0 for _, words in kinds)
    assert play.events["0 datagrams"] == len(kinds) + 2
    lates = {
        cycle - unpack(RECORD, word)["message_cycle"]  # type: ignore[operator]
        for cycle, word in play.operations
    }
    assert lates == {golden.LATENCY[width]} and len(play.operations) >= 200


def _framed(sequence: int, messages: list[bytes], tags: str, words: int) -> bytes:
    """With so many words of options; -1 is IPv6."""
    body, six = feed_fuzz.payload(sequence, messages), words < 0
    frame = feed.datagram(body, tags=tags, options=max(words, 0), six=six)
    return shapes.checked(frame[: -feed.CHECK])


def _fragments(body: bytes, words: int) -> list[bytes]:
    udp = UDP(dport=feed.PORT) / Raw(body)
    if words < 0:
        pieces = fragment6(IPv6(**feed.SIX) / IPv6ExtHdrFragment() / udp, 400)
    else:
        pieces = fragment(IP(dst=feed.GROUP, src="10.0.0.1") / udp, 400)
    assert len(pieces) > 1
    return [shapes.checked(bytes(Ether() / piece).ljust(60, b"\0")) for piece in pieces]


@cocotb.test()
async def the_tap_holds_what_itch_parse_reads(dut: Any) -> None:
    """Messages put together from it are those that were packed; what a width doesn't have is 0."""
    rng, width = random.Random(cocotb.RANDOM_SEED), len(dut.s_axis_tkeep) * 4
    market = feed_fuzz.Market(rng)
    messages = [market.message() for _ in range(40)]
    frames = [a_frame(rng, 1 + 4 * n, messages[4 * n : 4 * n + 4]) for n in range(10)]
    play, whole = Play(dut, SCAPY), list[tuple[int, bytes]]()

    async def watch() -> None:
        held = b""
        while True:
            await RisingEdge(dut.clk)
            tap = events("tap", play.ports.read("tap"))
            data = tap.get("data", 0).to_bytes(8, "little")
            assert not any(data[play.lanes :])
            held += data[: tap.get("tail", 0)]
            if "last" in tap:
                whole.append((tap["sequence_number"], held))
            if "start" in tap:
                assert tap.get("lane", 0) < play.lanes
                held = data[tap.get("lane", 0) : play.lanes]

    await start(dut)
    watching = cocotb.start_soon(watch())
    await play.send(Traffic.of(Chunks.of(frames), width))
    watching.cancel()
    assert whole == list(enumerate(messages, 1)) and not play.pulses


@cocotb.test()
async def what_cannot_be_read_makes_stale(dut: Any) -> None:
    """What is too short for its locate, every slot, in order with the operations; an unknown type,
    or a wrong length of a type that says something of the book, the slot of its locate."""
    rng, width = random.Random(cocotb.RANDOM_SEED), len(dut.s_axis_tkeep) * 4
    delete = struct.pack(">cHH6sQ", b"D", 100, 0, bytes(6), 7)
    strange = [
        struct.pack(">cH", kind, 107) + rng.randbytes(size - 3)
        for kind, size in ((b"z", 19), (b"H", 24), (b"H", 26), (b"\0", 9), (b"D", 20))
    ]
    harmless = [
        struct.pack(">cH", kind, 107) + rng.randbytes(size - 3)
        for kind, size in ((b"P", 43), (b"R", 40), (b"L", 25), (b"z", 12))
    ]
    harmless[-1] = harmless[-1][:1] + b"\3\xe7" + harmless[-1][3:]  # of no slot
    packets = [[delete, bytes(size), delete, *strange[: size % 6]] for size in range(9)]
    packets += [strange, harmless, [bytes(3)] * 5, [delete]]
    frames, sequence = [], 1
    for messages in packets:
        frames.append(a_frame(rng, sequence, messages))
        sequence += len(messages)
    traffic = Traffic.of(Chunks.of(frames), width)
    play = Play(dut, SCAPY)
    await start(dut)
    await play.send(traffic)
    front = golden.receive(traffic, SCAPY, width)
    check(play, front, traffic)
    assert {reason for _, reason in play.pulses} == {Reason.PARSE_ERROR}
    assert len(play.pulses) >= 9 + (5 if width == 8 else 2)
    stale = front.operations[front.operations["operation"] == Operation.STALE]
    expected = sum(size % 6 for size in range(9)) + len(strange)
    assert len(stale) == expected and set(stale["slot"].tolist()) == {1}


@cocotb.test()
async def a_session_is_left_at_its_end_and_by_command(dut: Any) -> None:
    """Both tell op_gate, between the operations before and behind; then another one is followed."""
    rng, width = random.Random(cocotb.RANDOM_SEED), len(dut.s_axis_tkeep) * 4
    delete = struct.pack(">cHH6sQ", b"D", 100, 0, bytes(6), 7)
    other = feed_fuzz.payload(500, [delete], b"ANOTHERONE")
    other = shapes.checked(feed.datagram(other)[: -feed.CHECK])
    frames = [
        a_frame(rng, 1, [delete]),
        a_frame(rng, 2, [], 0xFFFF),
        other,
        a_frame(rng, 1, [delete]),
    ]
    play = Play(dut, SCAPY)
    await start(dut)
    await play.send(Traffic.of(Chunks.of(frames), width))
    reasons = [golden.SESSION_ENDED, golden.NO_START, golden.OTHER_SESSION]
    assert [reason for _, reason in play.pulses] == reasons and len(play.operations) == 2
    (ended, _), (joined, _), (strange, _), (before, _), (behind, _) = play.pulses + play.operations
    assert before < ended < joined < behind < strange and play.events["0 other_session"] == 1
    assert play.events["late_joins"] == 1
    play.ports.write({"resynchronise": 1})
    await RisingEdge(dut.clk)
    play.ports.write({"resynchronise": 0})
    await play.send(Traffic.of(Chunks.of(frames[:1]), width))
    assert [reason for _, reason in play.pulses] == [*reasons, golden.SESSION_ENDED]
    assert len(play.operations) == 3 and play.pulses[3][0] < play.operations[2][0]
    assert not play.events["gaps"] and play.events["late_joins"] == 1


@pytest.mark.parametrize("width", [8, 64])
@pytest.mark.parametrize("packets", [4, 64])
def test_feed_rx(width: int, packets: int) -> None:
    run("feed_rx", W=width, HOLD_PACKETS=packets)


@pytest.mark.parametrize("width", [8, 64])
def test_feed_rx_slots(width: int) -> None:
    run("feed_rx", W=width, HOLD_PACKETS=64, bench="stimulus.feed_slots")
