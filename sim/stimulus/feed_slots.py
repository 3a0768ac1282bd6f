"""Bench of feed_rx: what becomes of its slots, where directory messages, halts, orders, ends of
sessions and wrong frames come close upon each other. The replay says what is right.
"""

from __future__ import annotations

import random
import struct
from collections import Counter
from dataclasses import replace
from typing import Any

import cocotb
import numpy as np
from cocotb.triggers import RisingEdge

from sim.golden import feed_rx as golden
from sim.golden.tick_pkg import unpack
from sim.lib.bench import start
from sim.stimulus import feed
from sim.test_feed_rx import RECORD, SCAPY, Play, a_frame, check
from tickwire.gen.records import Operation, Reason
from tickwire.wire.chunks import Chunks
from tickwire.wire.traffic import Registers, Traffic

NAMES = ("FIRST", "SECOND", "THIRD", "FOURTH")
LOCATES = (40, 41, 42, 43, 44)
END = 0xFFFF


@cocotb.test()
@cocotb.parametrize(reads=["wrong", "right"])
async def what_a_wrong_frame_said_of_who_may_act_is_undone(dut: Any, reads: str) -> None:
    """A's second frame says that an instrument is interrupted; its check sequence is wrong, and B's
    says another market interrupts it. Or A's is right, and so it stays, whatever B brings."""
    rng, width = random.Random(cocotb.RANDOM_SEED), len(dut.s_axis_tkeep) * 4
    opening = struct.pack(">cHH6sc", b"S", 0, 0, bytes(6), b"Q")

    def halts(market: bytes) -> bytes:
        return struct.pack(">cHH6s8s2s", b"h", 100, 0, bytes(6), b"TICK    ", market + b"H")

    deletes = [struct.pack(">cHH6sQ", b"D", 100, 0, bytes(6), n) for n in range(6)]
    frames = [
        a_frame(rng, 1, [opening, *deletes[:2]]),
        a_frame(rng, 4, [halts(b"Q"), deletes[2]]),
        a_frame(rng, 4, [halts(b"B"), deletes[2]]),
        a_frame(rng, 6, deletes[3:]),
    ]
    if reads == "wrong":
        frames[1] = frames[1][:-1] + bytes([frames[1][-1] ^ 1])
    feeds = np.array([0, 0, 1, 0])
    traffic = Traffic.of(Chunks.of(frames), width, feed=feeds, space=40)
    longest = [len(frame) * 8 // width for frame in frames]
    traffic.first[2] = traffic.first[1] + longest[1] + 30
    traffic.first[3] = traffic.first[2] + longest[2] + 30
    registers = replace(SCAPY, any_hours=1)
    play = Play(dut, registers)
    await start(dut)
    await play.send(traffic)
    front = golden.receive(traffic, registers, width)
    check(play, front, traffic)
    every = [unpack(RECORD, word) for _, word in play.operations]
    reasons = [Reason(int(one["reason"])) for one in every if one["operation"]]  # type: ignore[arg-type]
    interrupted, ok = Reason.INTERRUPTED, Reason.OK
    right = [ok, ok, interrupted, *[interrupted] * 3]
    assert reasons == ([ok, ok, interrupted, ok, *[ok] * 3] if reads == "wrong" else right)


@cocotb.test()
@cocotb.parametrize(strange=["unknown type", "h too long"])
async def what_cannot_be_read_may_have_been_an_interruption(dut: Any, strange: str) -> None:
    rng, width = random.Random(cocotb.RANDOM_SEED), len(dut.s_axis_tkeep) * 4
    opening = struct.pack(">cHH6sc", b"S", 0, 0, bytes(6), b"Q")
    mine, other = (struct.pack(">cHH6sQ", b"D", locate, 0, bytes(6), 7) for locate in (100, 107))
    kind = b"Z" if strange == "unknown type" else b"h"
    unread = struct.pack(">cHH6s11s", kind, 100, 0, bytes(6), b"TICK    QT ")
    frames = [a_frame(rng, 1, [opening, mine, unread, mine, other])]
    traffic = Traffic.of(Chunks.of(frames), width, space=40)
    registers = replace(SCAPY, any_hours=1)
    play = Play(dut, registers)
    await start(dut)
    await play.send(traffic)
    check(play, golden.receive(traffic, registers, width), traffic)
    every = [int(unpack(RECORD, word)["reason"]) for _, word in play.operations]  # type: ignore[arg-type]
    assert every == [Reason.OK, Reason.PARSE_ERROR, Reason.MARKET_CLOSED, Reason.OK]


@cocotb.test()
async def locates_are_learned(dut: Any) -> None:
    """A directory message names a symbol of a slot; the host sees S, R and H."""
    rng, width = random.Random(cocotb.RANDOM_SEED), len(dut.s_axis_tkeep) * 4
    messages = []
    for locate, symbol in ((5, b"OTHER   "), (77, b"SECOND  "), (9, b"FIRST   ")):
        body = bytearray(rng.randbytes(39))
        body[:3], body[11:19] = struct.pack(">cH", b"R", locate), symbol
        messages.append(bytes(body))
    play = Play(dut, Registers(
        group=SCAPY.group, port=SCAPY.port, symbols=("FIRST", "SECOND", "THIRD")
    ))  # fmt: skip
    await start(dut)
    await play.send(Traffic.of(Chunks.of([a_frame(rng, 1, messages)]), width))
    assert play.learned == [(1, 77), (0, 9)]
    assert [message[:39] for message in play.host] == messages


@cocotb.test()
async def a_directory_that_contradicts_a_slot_turns_it(dut: Any) -> None:
    """Slot 1's symbol is at another locate, slot 2's locate another's, and slot 0, which learns,
    has orders under a locate that its symbol was never given; the same in the replay."""
    rng, width = random.Random(cocotb.RANDOM_SEED), len(dut.s_axis_tkeep) * 4
    registers = Registers(
        group=SCAPY.group, port=SCAPY.port, locates={40: 0, 41: 1, 42: 2, 43: 3},
        symbols=("FIRST",), known={1: "SECOND", 2: "THIRD", 3: "FOURTH"},
    )  # fmt: skip
    names = ((40, "OTHER"), (43, "FOURTH"), (77, "SECOND"), (42, "OTHER2"), (9, "NOBODY"))
    packets = [[feed.directory(locate, symbol)] for locate, symbol in names]
    packets += [
        [feed.order(1, 43)],
        [feed.order(2, 40)],
        [feed.order(3, 43)],
        [feed.directory(43, "FIFTH")],
    ]
    frames = [a_frame(rng, 1 + number, packet) for number, packet in enumerate(packets)]
    play, traffic = Play(dut, registers), Traffic.of(Chunks.of(frames), width, space=40)
    await start(dut)
    await play.send(traffic)
    check(play, golden.receive(traffic, registers, width), traffic)
    assert [slots for _, _, slots in play.turned] == [2, 4, 1, 8]


def _short(kind: bytes, locate: int, body: bytes) -> bytes:
    return struct.pack(">cHH6s", kind, locate, 0, bytes(6)) + body


def _any(rng: random.Random) -> bytes:
    """A message of one of the slots' instruments, or of another."""
    locate = rng.choice(LOCATES)
    drawn = rng.random()
    if drawn < 0.35:
        return feed.directory(locate, rng.choice((*NAMES, "OTHER")))
    if drawn < 0.5:
        return _short(b"h", locate, b"STOCK   Q" + rng.choice((b"H", b"H", b"T")))
    if drawn < 0.6:
        return _short(b"H", locate, b"STOCK   " + rng.choice((b"T", b"P")) + b"     ")
    if drawn < 0.7:
        return _short(b"S", 0, rng.choice((b"Q", b"Q", b"M")))
    if drawn < 0.72:
        return _short(b"Z", locate, bytes(rng.randint(0, 9)))
    if drawn < 0.74:
        return bytes(rng.randint(0, 8))
    if drawn < 0.87:
        return _short(b"D", locate, struct.pack(">Q", rng.randint(1, 9)))
    return feed.order(rng.randint(1, 9), locate)


def _day(rng: random.Random, width: int) -> Traffic:
    """Short sessions on A, one after the other; B brings some frames too. A frame may be wrong, a
    packet missing, a session may go on after its end, and another's packet may come."""
    frames, feeds = list[bytes](), list[int]()
    number, session = 1, b"SESSION000"
    for _ in range(150):
        several = list[bytes]()
        for _ in range(rng.choice((0, 1, 1, 2, 3, 6))):
            one = _any(rng)
            if one[:1] in (b"D", b"Z") and several and several[-1][:1] == b"R":
                one = feed.order(7, 44)  # so short, just behind an R: before the register's locate
            several.append(one)
        if rng.random() < 0.08:
            several, count = [], END
        else:
            count = -1
        frame = a_frame(rng, number, several, count, session)
        wrong = frame[:-1] + bytes([frame[-1] ^ 1])
        drawn = rng.random()
        if count == END:  # if that is lost, all that follows is another's
            frames, feeds = [*frames, wrong, frame, frame], [*feeds, 0, 0, 0]
        elif drawn < 0.15:
            frames, feeds = [*frames, wrong, frame], [*feeds, 0, rng.randint(0, 1)]
        elif drawn < 0.2:
            frames, feeds = [*frames, wrong], [*feeds, 0]
        elif drawn < 0.95:
            frames, feeds = [*frames, frame], [*feeds, rng.randint(0, 1)]
        if rng.random() < 0.06:  # another's, perhaps amid that; an end is never followed
            frames, feeds = [*frames, a_frame(rng, 3, [], END, b"ANOTHER001")], [*feeds, 1]
        number += len(several)
        if count == END and rng.random() < 0.9:
            number, session = rng.choice((1, 1, 1, 5)), b"SESSION%03d" % rng.randint(0, 2)
    return _timed(rng, Traffic.of(Chunks.of(frames), width, feed=np.array(feeds)), width)


def _timed(rng: random.Random, traffic: Traffic, width: int) -> Traffic:
    """One after the other, but that B's may come while A's before it does, and A's while B's."""
    free, before = [0, 0], 0
    for row, line in enumerate(traffic.feed.tolist()):
        beats = -(-len(traffic.frames[row]) * 8 // width)
        together = line != traffic.feed[row - 1] and rng.random() < 0.3
        earliest = before + 1 if together else max(free)
        if together and free[line] <= before:  # anywhere amid the other
            earliest = rng.randint(before + 1, max(free[1 - line], before + 1))
        traffic.first[row] = before = max(free[line], earliest) + rng.choice((24, 30, 80))
        free[line] = before + beats
    return traffic


@cocotb.test()
@cocotb.parametrize(seed=range(6), shared=[False, True])
async def whatever_comes_close(dut: Any, seed: int, shared: bool) -> None:
    """Two slots learn, two don't; the same in the replay, to the cycle. Or slots share locates, and
    a symbol: as one that learns comes and goes, others hear their instrument or don't."""
    rng, width = random.Random(f"{cocotb.RANDOM_SEED} {seed}"), len(dut.s_axis_tkeep) * 4
    registers = Registers(
        group=SCAPY.group, port=SCAPY.port, locates={40: 0, 41: 1, 42: 2, 43: 3},
        symbols=NAMES[:2], known={2: NAMES[2], 3: NAMES[3]}, window=(0, 0, 300)[seed % 3],
    )  # fmt: skip
    if shared:
        registers = replace(
            registers, locates={40: 0, 41: 1, 42: 3, 43: 5}, shared={2: 40, 4: 42, 6: 43},
            symbols=("", "FIRST", "SECOND", "FIRST"), known={4: "THIRD", 5: "FOURTH"},
        )  # fmt: skip
    play, traffic = Play(dut, registers), _day(rng, width)
    await start(dut)
    await play.send(traffic, then=2000)
    check(play, golden.receive(traffic, registers, width), traffic)
    met = Counter(reason for _, reason in play.pulses)
    assert len(play.turned) > 5 and len(play.learned) > 5 and met[Reason.BAD_FRAME] > 2, met
    why = {reason for _, reason, _ in play.turned}
    assert why == {Reason.RELOCATED, Reason.NOT_ENABLED, Reason.NO_START}


@cocotb.test()
@cocotb.parametrize(
    case=[
        ("nothing moves", 1, [], []),
        ("before any order", 3, [("R", 16)], [(Reason.NO_START, 2)]),
        ("a halt passed it by", 3, [("h", 15), ("R", 16)], [(Reason.NO_START, 2)]),
        ("its locate is another's", 3, [("O", 15)], [(Reason.NO_START, 2), (Reason.RELOCATED, 1)]),
        ("an order did", 3, [("A", 15), ("R", 16)], [(Reason.NO_START, 3)]),
        (
            "and it comes back",
            1,
            [("R", 16), ("A", 16), ("R", 15)],
            [(Reason.NO_START, 2), (Reason.NOT_ENABLED, 3)],
        ),
    ]
)
async def of_two_slots_with_one_locate_the_lower_hears(
    dut: Any, case: tuple[str, int, list[tuple[str, int]], list[tuple[Reason, int]]]
) -> None:
    """Slot 0 learns FIRST; slot 1 is by the host's word at the locate that it has. If both turn in
    a cycle, the first of the reasons is said."""
    what, hear, says, turns = case
    rng, width = random.Random(cocotb.RANDOM_SEED), len(dut.s_axis_tkeep) * 4
    registers = Registers(
        group=SCAPY.group, port=SCAPY.port, symbols=("FIRST",), locates={15: 0}, shared={1: 15},
        any_hours=1,
    )  # fmt: skip
    messages = []
    for kind, locate in says:
        one = feed.directory(locate, "OTHER" if kind == "O" else "FIRST")
        one = feed.order(7, locate) if kind == "A" else one
        messages.append(_short(b"h", locate, b"FIRST   QH") if kind == "h" else one)
    frames = [a_frame(rng, 1 + number, [one]) for number, one in enumerate(messages)]
    frames.append(a_frame(rng, len(frames) + 1, [feed.order(1, 15), feed.order(2, 16)]))
    traffic = Traffic.of(Chunks.of(frames), width, feed=np.zeros(len(frames), np.int64))
    play = Play(dut, registers)
    await start(dut)
    await play.send(traffic, then=60)
    check(play, golden.receive(traffic, registers, width), traffic)
    assert [(reason, slots) for _, reason, slots in play.turned] == turns, what
    assert int(dut.hears.value) == hear, what
    last = [unpack(RECORD, word) for _, word in play.operations][-2:]
    slots = [one["slot"] for one in last if one["operation"] != Operation.NONE]
    first = play.locate & 0xFFFF  # slot 0's
    assert slots == {15: [0], 16: [1, 0], 0: [1]}[first], what


@cocotb.test()
@cocotb.parametrize(
    change=[("enable", 0, 3), ("locate", 15, 16), ("lower", 3, 2)], says=["H", "h", "W"]
)
async def the_host_changes_a_slot_about_a_halt(
    dut: Any, change: tuple[str, int, int], says: str
) -> None:
    """In any cycle about it, before any order: the halt reaches the slot, or the slot is turned. W
    is nobody's, and counts once it has come."""
    width, rng = len(dut.s_axis_tkeep) * 4, random.Random(cocotb.RANDOM_SEED)
    what, before, after = change
    at = {16: 1} if what != "locate" else {15: 1}
    registers = Registers(
        group=SCAPY.group, port=SCAPY.port, any_hours=1, locates=at,
        shared={0: 16} if what == "lower" else {},
    )  # fmt: skip
    rest = {"H": b"FIRST   P     ", "h": b"FIRST   QH", "W": b"1"}[says]
    messages = [_short(b"S", 0, b"O"), _short(says.encode(), 16, rest), feed.order(1, 16)]
    frames = [a_frame(rng, 1 + number, [one]) for number, one in enumerate(messages)]
    traffic = Traffic.of(Chunks.of(frames), width, feed=np.zeros(3, np.int64), space=60)
    told = 0
    end = int(traffic.first[1]) + (len(frames[1]) - 4) * 8 // width
    for late in range(-6, 20):
        play = Play(dut, registers)
        if what != "locate":
            play.ports.write({"enable": before})
        await start(dut)
        sending = cocotb.start_soon(play.send(traffic, then=20))
        while play.cycle < end + late:
            await RisingEdge(dut.clk)
        if what == "locate":
            play.locate = play.locate & ~(0xFFFF << 16) | after << 16
            play.ports.write({"locate": play.locate})
        else:
            play.ports.write({"enable": after})
        await sending
        every = [unpack(RECORD, word) for _, word in play.operations]
        halts = [one for one in every if one["slot"] == 1 and one["operation"] == Operation.HALT]
        (order,) = (one for one in every if one["slot"] == 1 and one["operation"] == Operation.ADD)
        shut = int(order["reason"]) != Reason.OK  # type: ignore[arg-type]
        turned = any(slots >> 1 & 1 for _, _, slots in play.turned)
        assert halts or turned or shut, (change, says, late)
        told += turned
    assert told > 5, told


@cocotb.test()
@cocotb.parametrize(learns=[False, True])
async def yesterdays_locate_hides_no_slot(dut: Any, learns: bool) -> None:
    """Slot 0 has the locate that slot 1's instrument has today: slot 1 hears its halts and orders,
    whether slot 0's own instrument is named later or never is."""
    rng, width = random.Random(cocotb.RANDOM_SEED), len(dut.s_axis_tkeep) * 4
    registers = Registers(
        group=SCAPY.group, port=SCAPY.port, symbols=("OTHER", "FIRST"), locates={15: 0}, any_hours=1
    )
    later = [feed.directory(16, "OTHER")] if learns else []
    messages = [feed.directory(15, "FIRST"), _short(b"H", 15, b"FIRST   H     "), *later]
    frames = [a_frame(rng, 1, messages), a_frame(rng, 4, [feed.order(1, 15), feed.order(2, 16)])]
    frames = frames if learns else [frames[0], a_frame(rng, 3, [feed.order(1, 15)])]
    traffic = Traffic.of(Chunks.of(frames), width, feed=np.zeros(2, np.int64))
    play = Play(dut, registers)
    await start(dut)
    await play.send(traffic)
    check(play, golden.receive(traffic, registers, width), traffic)
    heard = [unpack(RECORD, word) for _, word in play.operations]
    heard = [one for one in heard if one["operation"] != Operation.NONE]
    assert [(one["slot"], one["operation"]) for one in heard] == [
        (1, Operation.HALT),
        (1, Operation.ADD),
        *([(0, Operation.ADD)] if learns else []),
    ]
    assert [slots for _, _, slots in play.turned] == ([] if learns else [1])


@cocotb.test()
@cocotb.parametrize(
    says=[
        ("H", 16, "FIRST", "H", 1),
        ("H", 16, "FIRST", "T", 1),
        ("H", 15, "OTHER", "T", 1),
        ("H", 16, "OTHER", "H", 0),
        ("h", 16, "FIRST", "Q", 1),
        ("W", 15, "FIRST", "T", 1),  # and then an H that lifts it from what the slot followed
    ]
)
async def what_passed_a_learning_slot_by_turns_it(
    dut: Any, says: tuple[str, int, str, str, int]
) -> None:
    """Before the R that moves it, and before any order."""
    kind, locate, name, state, turns = says
    rng, width = random.Random(cocotb.RANDOM_SEED), len(dut.s_axis_tkeep) * 4
    registers = Registers(
        group=SCAPY.group, port=SCAPY.port, symbols=("FIRST",), locates={15: 0}, any_hours=1
    )
    breach = [_short(b"W", 0, b"1")] if kind == "W" else []
    heard = "H" if kind == "W" else kind
    body = name.ljust(8).encode() + state.encode() + (b"     " if heard == "H" else b"H")
    messages = [*breach, _short(heard.encode(), locate, body), feed.directory(16, "FIRST")]
    frames = [a_frame(rng, 1, messages), a_frame(rng, 1 + len(messages), [feed.order(1, 16)])]
    traffic = Traffic.of(Chunks.of(frames), width, feed=np.zeros(2, np.int64))
    play = Play(dut, registers)
    await start(dut)
    await play.send(traffic, then=60)
    check(play, golden.receive(traffic, registers, width), traffic)
    assert [slots for _, _, slots in play.turned] == [1] * turns, says


@cocotb.test()
async def a_wrong_frame_undoes_nothing_of_the_one_before(dut: Any) -> None:
    """B's wrong frame opens just after A's last message, which teaches a slot or interrupts it. If
    A's hadn't ended, both are undone, which is a loss."""
    alone = 0
    for delta in range(-4, 20):
        alone += await _undone_behind(dut, delta)
    assert alone >= 10, alone


async def _undone_behind(dut: Any, delta: int) -> bool:
    """Whether it was undone alone."""
    rng, width = random.Random(cocotb.RANDOM_SEED), len(dut.s_axis_tkeep) * 4
    registers = Registers(group=SCAPY.group, port=SCAPY.port, symbols=("FIRST",), any_hours=1)
    messages = [feed.directory(9, "FIRST"), _short(b"h", 9, b"FIRST   QH")]
    frames = [
        a_frame(rng, 1, messages[:1]),
        a_frame(rng, 2, messages[1:]),
        a_frame(rng, 3, [feed.order(1, 9)]),
    ]
    wrong = [frame[:-1] + bytes([frame[-1] ^ 1]) for frame in frames[1:]]
    sent = Chunks.of([frames[0], wrong[0], frames[1], wrong[1], frames[2]])
    traffic = Traffic.of(sent, width, feed=np.array([0, 1, 0, 1, 0]))
    beats = [len(frame) * 8 // width for frame in sent]
    for a, b in ((0, 1), (2, 3)):  # headers end at byte 62 or, with a tag, 66; B's is behind
        traffic.first[a] = 100 + 100 * 64 // width * a
        traffic.first[b] = traffic.first[a] + beats[a] - 66 * 8 // width + delta
    traffic.first[4] = traffic.first[2] + 900
    play = Play(dut, registers)
    await start(dut)
    await play.send(traffic)
    check(play, golden.receive(traffic, registers, width), traffic)
    if Reason.GAP in (reason for _, reason in play.pulses):
        return False
    assert play.learned == [(0, 9)]
    last = unpack(RECORD, play.operations[-1][1])
    assert last["operation"] and last["reason"] == Reason.INTERRUPTED, last
    return True


@cocotb.test()
async def what_goes_on_upon_a_wrong_frame_is_lost_at_once(dut: Any) -> None:
    """B's packet begins just before A's frame ends wrong: nobody waits for its last message to say
    that what it builds on is wrong."""
    rng, width = random.Random(cocotb.RANDOM_SEED), len(dut.s_axis_tkeep) * 4
    registers, seen = replace(SCAPY, any_hours=1, locates={40: 0}), 0
    frames = [
        a_frame(rng, 1, [feed.order(1, 40)]),
        a_frame(rng, 2, [feed.order(2, 40)]),
        a_frame(rng, 3, [feed.order(number, 40) for number in range(3, 20)]),
    ]
    frames[1] = frames[1][:-1] + bytes([frames[1][-1] ^ 1])
    beats = [-(-len(frame) * 8 // width) for frame in frames]
    for delta in range(-12, 4):
        traffic = Traffic.of(Chunks.of(frames), width, feed=np.array([0, 0, 1]), space=200)
        ends = int(traffic.first[1]) + beats[1] - 1
        traffic.first[2] = ends - 66 * 8 // width + delta
        play = Play(dut, registers)
        await start(dut)
        await play.send(traffic)
        check(play, golden.receive(traffic, registers, width), traffic)
        gaps = [cycle for cycle, reason in play.pulses if reason == Reason.GAP]
        last = max(cycle for cycle, _ in play.operations)
        if len(gaps) == 2:  # at once, and as all is undone
            seen += 1
            assert ends < gaps[0] <= ends + 6 < last <= gaps[1], (delta, ends, gaps, last)
    assert seen >= (2 if width == 8 else 0), seen


@cocotb.test()
@cocotb.parametrize(reads=["wrong", "right"])
async def what_an_open_frame_taught_is_undone_as_it_is_left(dut: Any, reads: str) -> None:
    """Its session is left in any cycle from the R on that moves slot 0: before the frame's end the
    locate is what it was, and the next session's orders are read by it; what a frame taught that
    ended right stays."""
    width, locates = len(dut.s_axis_tkeep) * 4, list[int]()
    rng = random.Random(cocotb.RANDOM_SEED)
    opening = _short(b"S", 0, b"Q")
    orders = [feed.order(number, 44) for number in range(10)]
    frames = [
        a_frame(rng, 1, [opening, feed.directory(40, "FIRST")]),
        a_frame(rng, 3, [feed.directory(41, "FIRST"), *orders]),
        a_frame(rng, 1, [opening, feed.order(1, 40), feed.order(2, 41)], session=b"ANOTHER001"),
    ]
    if reads == "wrong":
        frames[1] = frames[1][:-1] + bytes([frames[1][-1] ^ 1])
    traffic = Traffic.of(Chunks.of(frames), width, space=300)
    beats = len(frames[1]) * 8 // width
    for late in (*range(110 * 8 // width + 6, beats - 4, 7), *range(beats - 4, beats + 16)):
        leaves = int(traffic.first[1]) + late
        play = Play(dut, Registers(
            group=SCAPY.group, port=SCAPY.port, symbols=("FIRST",), any_hours=1
        ))  # fmt: skip
        await start(dut)
        leaving = cocotb.start_soon(_leaves(play, leaves))
        await play.send(traffic)
        await leaving
        locates.append(play.locate & 0xFFFF)
        every = [unpack(RECORD, word) for _, word in play.operations]
        (one,) = (each for each in every if each["operation"])
        assert one["order_reference"] == locates[-1] - 39 and one["reason"] == Reason.OK, one
        assert [reason for _, reason in play.pulses].count(golden.SESSION_ENDED) == 1
    kept = len(locates) - locates.index(41) if 41 in locates else 0
    assert locates == sorted(locates) and len(locates) - kept > 8, locates
    assert kept > 4 if reads == "right" else kept == 0, locates


async def _leaves(play: Play, cycle: int) -> None:
    while play.cycle < cycle:
        await RisingEdge(play.dut.clk)
    play.ports.write({"resynchronise": 1})
    await RisingEdge(play.dut.clk)
    play.ports.write({"resynchronise": 0})


@cocotb.test()
@cocotb.parametrize(breach=[False, True])
async def the_host_moves_a_slot_behind_a_breach(dut: Any, breach: bool) -> None:
    """A breach is over for the instrument that an H names, and for no other that the host gives the
    slot before any order came. Without a breach it may follow any, of which nobody has said yet
    that it trades."""
    width, rng = len(dut.s_axis_tkeep) * 4, random.Random(cocotb.RANDOM_SEED)
    messages = [_short(b"S", 0, b"Q"), _short(b"H", 40, b"STOCK   T     ")]
    if breach:
        messages[1:1] = [_short(b"W", 0, b"1")]
    frames = [a_frame(rng, 1, messages), a_frame(rng, 1 + len(messages), [feed.order(1, 41)])]
    traffic = Traffic.of(Chunks.of(frames), width, space=300)
    play = Play(dut, Registers(group=SCAPY.group, port=SCAPY.port, locates={40: 0}))
    await start(dut)
    sending = cocotb.start_soon(play.send(traffic))
    while play.cycle < int(traffic.first[1]) - 100:
        await RisingEdge(dut.clk)
    play.locate = play.locate & ~0xFFFF | 41
    play.ports.write({"locate": play.locate})
    moved = play.cycle
    await sending
    turned = [(moved + 2, Reason.RELOCATED, 1)]
    assert play.turned == (turned if breach else []), (play.turned, moved)
    last = unpack(RECORD, play.operations[-1][1])
    assert last["reason"] == (Reason.MARKET_CLOSED if breach else Reason.HALTED), last


@cocotb.test()
async def what_the_mornings_list_leaves_out_is_halted(dut: Any) -> None:
    """Slot 0 has a name, slot 1 a number alone. What an H says of another symbol is nothing of slot
    0's, whose own may come behind its R in one packet."""
    width, rng = len(dut.s_axis_tkeep) * 4, random.Random(cocotb.RANDOM_SEED)
    registers = Registers(
        group=SCAPY.group, port=SCAPY.port, symbols=("FIRST",), locates={41: 1}
    )  # fmt: skip
    opens, orders = _short(b"S", 0, b"Q"), [feed.order(1, 40), feed.order(2, 41)]
    other, mine = _short(b"H", 42, b"OTHER   T     "), _short(b"H", 40, b"FIRST   T     ")
    numbered = _short(b"H", 41, b"OTHER   T     ")
    packets = [
        [opens, feed.directory(40, "FIRST")], orders, [other, *orders], [numbered, *orders],
        [mine, *orders],
    ]  # fmt: skip
    frames, number = list[bytes](), 1
    for one in packets:
        frames.append(a_frame(rng, number, one))
        number += len(one)
    anew = [[opens, feed.directory(40, "FIRST"), mine], orders]
    traffic = Traffic.of(Chunks.of(frames), width, space=300)
    play = Play(dut, registers)
    await start(dut)
    await play.send(traffic)
    check(play, golden.receive(traffic, registers, width), traffic)
    halted, ok = Reason.HALTED, Reason.OK
    assert _of_orders(play) == [halted, halted, halted, halted, halted, ok, ok, ok]
    alone = Traffic.of(
        Chunks.of([a_frame(rng, 1, anew[0]), a_frame(rng, 4, anew[1])]), width, space=300
    )
    play = Play(dut, registers)
    await start(dut)
    await play.send(alone)
    assert _of_orders(play) == [ok, halted]


def _of_orders(play: Play) -> list[Reason]:
    every = [unpack(RECORD, word) for _, word in play.operations]
    others = (Operation.NONE, Operation.HALT, Operation.RESUME)
    return [Reason(int(one["reason"])) for one in every if one["operation"] not in others]  # type: ignore[arg-type]


@cocotb.test()
async def another_sessions_packet_comes_amid_one(dut: Any) -> None:
    """The R behind it turns slot 0, whose locate it gives away; before it nothing was an order."""
    rng, width = random.Random(cocotb.RANDOM_SEED), len(dut.s_axis_tkeep) * 4
    registers = Registers(
        group=SCAPY.group, port=SCAPY.port, symbols=("FIRST",), known={1: "SECOND"},
        locates={40: 0, 42: 1},
    )  # fmt: skip
    several = [feed.directory(50 + number, f"ELSE{number}") for number in range(9)]
    frames = [
        a_frame(rng, 1, [*several, feed.directory(40, "OTHER")]),
        a_frame(rng, 1, [], 0, b"ANOTHER001"),
    ]
    amid = 0
    for delta in range(40, 480, 40):
        traffic = Traffic.of(Chunks.of(frames), width, feed=np.array([0, 1]))
        traffic.first[1] = traffic.first[0] + delta * 8 // width
        play = Play(dut, registers)
        await start(dut)
        await play.send(traffic, then=100)
        front = golden.receive(traffic, registers, width)
        check(play, front, traffic)
        assert [slots for _, _, slots in play.turned] == [1]
        amid += play.turned[0][0] > play.pulses[0][0] + 1
    assert amid >= 6, amid
