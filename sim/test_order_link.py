"""Bench of order_link: orders to a venue over lines that lose, double, reorder and spoil, and its
answers back; and every way in which a session ends."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from typing import Any

import cocotb
import pytest
from cocotb.triggers import FallingEdge, RisingEdge
from scapy.all import TCP, Ether

from sim.golden.mac_rx import right
from sim.golden.order_cancel import ALL, DISABLE
from sim.golden.order_cancel import packet as packet_of
from sim.golden.order_cancel42 import packet as cancel_of
from sim.golden.order_link import ENDS, OrderLink, messages
from sim.golden.order_queue import HOST
from sim.golden.tick_pkg import events, unpack
from sim.lib.bench import Ports, figure, start
from sim.lib.order_line import OrderLine
from sim.lib.rows import made_word
from sim.lib.runner import Result, run
from sim.lib.speech import SPEECH, Speech, text
from sim.lib.stacks import StackPeer, UnavailableError
from sim.lib.tcp_peer import Line, Peer
from sim.stimulus.ouch import message
from sim.stimulus.segments import WORD, drawn_ends, sealed, segment
from sim.test_soup_rx import VENUE, packet
from tickwire.gen import ouch42_table
from tickwire.gen.records import RISK_COMMAND, Act

_TOP: Any = getattr(cocotb, "top", None)  # pytest, which only starts the simulator, has none
OUCH42 = int(_TOP.OUCH42.value) if _TOP is not None else 0
VENUE42 = [kind.name for kind in ouch42_table.MESSAGES if kind.sender == "venue"]

QUIET = dict.fromkeys(
    (
        "open",
        "close",
        "session",
        "stopped",
        "killed",
        "echo_valid",
        "echo",
        "order_slot",
        "number",
        "look_open",
        "look_token",
        "look_slot",
        "s_valid",
        "s_message",
        "host_valid",
        "host_packet",
        "host_length",
    ),
    0,
)


class World:
    """The module between its host and a venue; `edge` is a cycle."""

    def __init__(self, dut: Any, seed: object, **line: float) -> None:
        self.dut, self.ports = dut, Ports(dut)
        self.rng = random.Random(f"{cocotb.RANDOM_SEED} {seed}")
        self.line = OrderLine(dut, self.ports, "s_axis", "m_axis")
        self.lanes, self.cycle, self.token = self.line.lanes, 0, 0
        self.out, self.back = Line(self.rng, **line), Line(self.rng, **line)
        self.ouch42 = int(dut.OUCH42.value)
        self.speech: Speech = SPEECH[self.ouch42]
        self.model = OrderLink(bool(self.ouch42))
        self.places: dict[int, tuple[int, int]] = {}  # open at the gate: token and slot
        self.heard, self.bytes, self.doubts = list[bytes](), b"", 0
        self.reach = 0  # bytes of the stream that were on the line
        self.events, self.met = Counter[str](), Counter[str]()  # as it counts, and as it was
        self.number = 1_000_000  # of what a kill sends
        quiet = {"m_axis_tready": 1, "number_known": 1, "number": self.number}
        self.ports.write(QUIET | self.line.quiet | quiet)

    async def begin(self, reset: bool = True) -> None:
        self.ends = drawn_ends(self.rng)
        self.peer = Peer(self.ends, self.rng)
        if reset:
            await start(self.dut)
        for _ in range(20_000):
            if self.ports.read("settled"):
                break
            await self.edge()
        self.ports.write({"open": 1, "session": self.ends.packed()})
        await RisingEdge(self.dut.clk)
        assert self.ports.read("open_taken")
        self.ports.write({"open": 0})
        for _ in range(3):
            await self.edge()
        assert self.ports.read("live")
        self.back.put(self.peer.spoken("A"), self.cycle)  # says its window

    async def edge(self, **line: int) -> None:
        self._drive(line)
        await RisingEdge(self.dut.clk)
        self.cycle += 1
        self._hear()
        for frame in self.peer.frames(self.cycle) if self.cycle % 64 == 0 else ():
            self.back.put(frame, self.cycle)
        came = self.out.get(self.cycle)
        if came is not None and right(came):
            self.peer.hear(came[:-4], self.cycle)

    def _drive(self, line: dict[str, int]) -> None:
        if self.line.free and (arrived := self.back.get(self.cycle)) is not None:
            self.line.give(arrived)
        quiet = {"s_valid": 0, "close": 0, "open": 0, "echo_valid": 0}
        self.ports.write(quiet | self.line.next() | line)

    def _hear(self) -> None:
        read = self.ports.read
        if read("m_refused"):
            token = int(unpack("confirmation", read("m_refusal"))["token"])  # type: ignore[arg-type]
            self.model.refuse(token)
            self.close(token)
        self.doubts += read("m_doubt")
        self.number += read("takes")
        self.ports.write({"number": self.number})
        counted = events("path_events", read("path_events"))
        self.events.update({name.removeprefix("link_"): n for name, n in counted.items()})
        if read("m_valid"):
            self.bytes += bytes([read("m_byte")])
        if read("venue_valid"):
            size = min(read("venue_bytes"), self.speech.longest)
            whole = read("venue_message").to_bytes(len(self.dut.venue_message) // 8, "big")
            self.heard.append(whole[:size])
        if (frame := self.line.take()) is not None:
            self._left(frame)

    def _left(self, frame: bytes) -> None:
        """A frame of the card's: what is new of it is held to what was asked for."""
        assert right(frame) and len(frame) >= 64
        layers = Ether(frame[:-4])
        data = bytes(layers[TCP].payload)[: layers.len - 40]
        at = (layers[TCP].seq - self.ends.next_byte) % WORD
        if not data:
            self.met["acks_sent" if at == self.reach else "probes_sent"] += 1
        elif at == self.reach:
            self.model.sent(data)
            self.reach += len(data)
            self.met["packets_sent"] += 1
        else:
            self.met["packets_resent"] += 1
        self.out.put(frame, self.cycle)

    async def order(self) -> None:
        self.token += 1
        name = b"%-14s" % text(self.token) if self.ouch42 else self.token.to_bytes(4, "big")
        raw = b"O" + name + self.rng.randbytes(self.speech.order_bytes - 1 - len(name))
        self.model.order(raw)
        await self.edge(s_valid=1, s_message=int.from_bytes(raw, "big"))

    async def order_of(self, slot: int, symbol: bytes) -> None:
        self.token += 1
        values = {"user_ref_num": self.token, "symbol": symbol}
        raw = self.speech.said(self.rng, "enter_order", **values)
        self.model.order(raw)
        self.places[self.token % int(self.dut.ORDERS.value)] = (self.token, slot)
        await self.edge(order_slot=slot)
        await self.edge(s_valid=1, s_message=int.from_bytes(raw, "big"), order_slot=slot ^ 1)

    def close(self, token: int) -> None:
        self.places = {at: one for at, one in self.places.items() if one[0] != token}

    async def look(self) -> None:
        """The gate says what stands in a place, in the cycle in which it is asked."""
        while True:
            await FallingEdge(self.dut.clk)
            place = self.ports.read("look_place")
            token, slot = self.places.get(place, (0, 0))
            held = {"look_token": token, "look_slot": slot}
            self.ports.write({"look_open": int(place in self.places)} | held)

    def command(self, act: Act, slot: int = 0) -> dict[str, int]:
        return {"echo_valid": 1, "echo": made_word(RISK_COMMAND, act=act, slot=slot)}

    async def host(self, raw: bytes) -> bool:
        """Offer a packet of the host's until it is sent or refused; whether it was sent."""
        whole = int.from_bytes(raw.ljust(HOST, b"\0"), "big")
        line = {"host_valid": 1, "host_packet": whole, "host_length": len(raw)}
        for _ in range(5_000):
            await self.edge(**line)
            if self.ports.read("host_ready"):
                refused = self.ports.read("host_refused")
                self.met["host_refused" if refused else "host_packets"] += 1
                self.ports.write({"host_valid": 0})
                return not refused
        raise AssertionError("the host's packet is neither sent nor refused")

    def counted(self) -> None:
        """Its events are what was seen."""
        beats, rest = 0, self.peer.stream
        while rest:
            beats += rest.startswith(packet(b"H"))
            rest = rest[2 + int.from_bytes(rest[:2], "big") :]
        heard = {"orders_held": len(self.model.refused), "messages_heard": len(self.heard)}
        for name, count in (self.met | heard | {"heartbeats_heard": beats}).items():
            assert self.events[name] == count, (name, self.events[name], count)

    async def quiet(self, cycles: int) -> None:
        for _ in range(cycles):
            await self.edge()

    async def cancelled(self, packets: int) -> None:
        """Until so many of what kills send have left, and both ends have all."""
        for _ in range(200):
            if self.events["cancels"] == packets:
                break
            await self.quiet(500)
        assert self.events["cancels"] == packets
        await self.settled()

    async def settled(self) -> None:
        """Until both ends know that the other has all."""
        for _ in range(400_000):
            await self.edge()
            una = self.ports.read("unacknowledged")
            done = (una - self.ends.next_byte) % WORD == self.reach and not self.model.waiting
            if done and self.peer.known == len(self.peer.stream) == len(self.bytes):
                await self.quiet(400)
                return
        raise AssertionError("the streams never come to their ends")


def said(rng: random.Random, count: int) -> bytes:
    """What a venue says: answers, heartbeats, texts."""
    if OUCH42:
        told = [SPEECH[OUCH42].said(rng, rng.choice(VENUE42)) for _ in range(count)]
    else:
        told = [message(rng, rng.choice(VENUE)) for _ in range(count)]
    packets = [packet(b"S", one) for one in told]
    return b"".join(
        one + rng.choice((b"", b"", packet(b"H"), packet(b"+", b"x"))) for one in packets
    )


LINES: dict[str, dict[str, float]] = {
    "right": {},
    "lossy": {"lost": 0.1, "late": 0.1},
    "wild": {"lost": 0.15, "doubled": 0.15, "late": 0.3, "spoiled": 0.1},
}


@cocotb.test()
@cocotb.parametrize(lines=["wild"] if OUCH42 else list(LINES), seed=[1] if OUCH42 else [1, 2])
async def all_comes_over_once_and_in_order(dut: Any, lines: str, seed: int) -> None:
    world = World(dut, (lines, seed), **LINES[lines])
    rng = world.rng
    await world.begin()
    await world.quiet(3_000)
    for _ in range(60):
        for _ in range(rng.choice((1, 1, 1, 3))):
            await world.order()
            await world.quiet(rng.randint(1, 3))
        if rng.random() < 0.3:
            await world.host(rng.choice((b"R", b"UX" + rng.randbytes(8), b"+hello")))
        if rng.random() < 0.5:
            world.peer.stream += said(rng, rng.randint(1, 4))
        if rng.random() < 0.2 or world.peer.window < 500:
            world.peer.window = rng.choice((0, 60, 500, 8_192, 8_192, 8_192))
            world.peer.due = True
        await world.quiet(rng.choice((0, 20, 200, 1_500)))
    world.peer.window, world.peer.due = 8_192, True
    await world.settled()
    assert world.ports.read("live") and not world.doubts
    assert world.peer.took == world.model.stream
    assert len(world.model.stream) > 1_000, (len(world.model.stream), len(world.model.refused))
    assert world.bytes == world.peer.stream
    longest = world.speech.longest
    assert world.heard == [one[:longest] for one in messages(world.peer.stream)]
    assert len(world.heard) > 40
    world.counted()
    assert lines != "right" or len(world.model.refused) < 60


@cocotb.test()
async def a_gate_that_stops_lets_nothing_begin(dut: Any) -> None:
    """What waits is refused, and what the host says against it still goes."""
    world = World(dut, "stops")
    await world.begin()
    await world.quiet(200)
    for _ in range(6):
        await world.order()
    await world.edge(stopped=1)
    world.ports.write({"stopped": 1})
    assert await world.host(b"UC" + bytes(18))
    await world.settled()
    assert len(world.model.refused) >= 4 and world.model.stream[-18 - 2 :] == b"UC" + bytes(18)
    assert not await world.host(b"UO" + bytes(46))
    world.ports.write({"stopped": 0})
    await world.order()
    await world.settled()
    assert world.peer.took == world.model.stream
    assert len(world.model.stream) == 22 + 2 * (3 + world.speech.order_bytes)
    assert not world.doubts


@cocotb.test(skip=bool(OUCH42))
@cocotb.parametrize(lines=list(LINES))
async def a_kill_takes_back_what_is_open(dut: Any, lines: str) -> None:
    """A slot's, then all: behind what left before, before all that comes, whatever the window."""
    world = World(dut, ("kill", lines), **LINES[lines])
    await world.begin()
    await world.quiet(3_000)
    for slot, symbol in ((1, b"AAPL    "), (4, b"MSFT    "), (1, b"AMZN    ")):
        await world.order_of(slot, symbol)
        await world.quiet(400)
    world.peer.window, world.peer.due = 0, True
    await world.settled()
    await world.quiet(4_000)
    await world.edge(**world.command(Act.KILL_SLOT, 1), stopped=1)
    world.ports.write({"stopped": 0})
    for _ in range(4):  # refused: what is to be cancelled waits for the window
        await world.order_of(4, b"MSFT    ")
        await world.quiet(60)
    assert len(world.model.refused) >= 4
    world.peer.window, world.peer.due = 8_192, True
    before = world.model.stream
    await world.cancelled(1)
    slots = packet_of(1, 1_000_000, {1: b"AMZN    "})
    assert world.model.stream == before + slots and world.number == 1_000_001
    await world.order_of(4, b"MSFT    ")
    await world.settled()
    refused = len(world.model.refused)  # an order that comes just behind, its token below
    await world.edge(**world.command(Act.KILL_SLOT, 4))
    await world.order_of(1, b"AMZN    ")
    await world.cancelled(2)
    assert len(world.model.refused) == refused + 1
    assert world.model.stream.endswith(packet_of(4, 1_000_001, {4: b"MSFT    "}))
    world.ports.write({"stopped": 1, "killed": 1})
    await world.order_of(4, b"MSFT    ")
    assert await world.host(b"R")
    await world.cancelled(4)
    kill = packet_of(DISABLE, 1_000_002, {}) + packet_of(ALL, 1_000_003, {})
    assert world.model.stream.endswith(kill + b"\0\1R")
    assert world.peer.took == world.model.stream and not world.doubts
    assert (world.events["cancels"], world.events["cancels_unsent"]) == (4, 0)
    await world.edge(close=1)
    await world.edge(**world.command(Act.KILL))
    await world.quiet(4)
    assert (world.events["cancels"], world.events["cancels_unsent"]) == (4, 1)
    world.ports.write({"stopped": 0, "killed": 0})


@cocotb.test(skip=not OUCH42)
@cocotb.parametrize(lines=["right", "wild"])
async def a_kill_cancels_each_order_that_is_open(dut: Any, lines: str) -> None:
    """In OUCH 4.2: a slot's, then all, by their tokens and in the order of their places."""
    world = World(dut, ("kill", lines), **LINES[lines])
    await world.begin()
    looking = cocotb.start_soon(world.look())
    await world.quiet(3_000)
    for slot in (1, 4, 1, 1, 6):
        await world.order_of(slot, b"AAPL    ")
        await world.quiet(400)
    world.close(3)  # the venue has executed it
    world.peer.window, world.peer.due = 0, True
    await world.settled()
    await world.quiet(4_000)
    await world.edge(**world.command(Act.KILL_SLOT, 1), stopped=1)
    world.ports.write({"stopped": 0})
    for _ in range(4):  # refused: what is to be cancelled waits for the window
        await world.order_of(4, b"MSFT    ")
        await world.quiet(60)
    assert len(world.model.refused) == 4
    world.peer.window, world.peer.due = 8_192, True
    before = world.model.stream
    await world.cancelled(2)
    assert world.model.stream == before + cancel_of(1) + cancel_of(4)
    for token in (1, 4):
        world.close(token)
    await world.order_of(4, b"MSFT    ")
    await world.settled()
    refused = len(world.model.refused)  # an order that comes just behind
    await world.edge(**world.command(Act.KILL_SLOT, 4))
    await world.order_of(1, b"AMZN    ")
    await world.cancelled(4)
    assert len(world.model.refused) == refused + 1
    assert world.model.stream.endswith(cancel_of(2) + cancel_of(10))
    live = [token for token, _ in world.places.values()]
    assert sorted(live) == [2, 5, 10]  # nothing was heard of them
    world.ports.write({"stopped": 1, "killed": 1})
    await world.order_of(4, b"MSFT    ")
    assert await world.host(b"R")
    await world.cancelled(7)
    kill = b"".join(cancel_of(token) for token in (2, 5, 10))
    assert world.model.stream.endswith(kill + b"\0\1R")
    assert world.peer.took == world.model.stream and not world.doubts
    assert (world.events["cancels"], world.events["cancels_unsent"]) == (7, 0)
    await world.edge(close=1)
    await world.edge(**world.command(Act.KILL))
    await world.quiet(4)
    assert (world.events["cancels"], world.events["cancels_unsent"]) == (7, 1)
    assert world.number == 1_000_000, "a cancel takes none"
    world.ports.write({"stopped": 0, "killed": 0})
    looking.cancel()


@cocotb.test(skip=bool(OUCH42))
async def each_kind_of_segment_is_counted(dut: Any) -> None:
    """Each so often that no two could be exchanged."""
    world = World(dut, "kinds")
    await world.begin()
    await world.quiet(400)
    ends, beat = replace(world.ends, window=8_192), packet(b"H")
    first = ends.expected_byte
    now = first + 7 * len(beat)
    fresh = [segment(ends, first + at * len(beat), ends.next_byte, beat) for at in range(7)]
    wrong = sealed(fresh[0])
    kinds = {
        "segments": [sealed(one) for one in fresh],
        "early_segments": [sealed(segment(ends, now + 9, ends.next_byte, beat))] * 2,
        "repeated_segments": [sealed(segment(ends, now, ends.next_byte))] * 3,
        "unfit_segments": [sealed(segment(ends, now, ends.next_byte + 99)), sealed(fresh[6])] * 2,
        "bad_segments": [wrong[:-1] + bytes([wrong[-1] ^ 1])] * 5,
        "other_frames": [sealed(segment(replace(ends, our_port=ends.our_port ^ 1), now, 0))] * 6,
    }
    before = Counter(world.events)
    world.out.lost = 1.0  # its peer knows nothing of these
    for frames in kinds.values():
        for frame in frames:
            world.back.put(frame, world.cycle)
            await world.quiet(400)
    counts = {name: len(frames) for name, frames in kinds.items()} | {"heartbeats_heard": 7}
    assert len({*counts.values()}) == len(counts) - 1, counts
    grown = {name: world.events[name] - before[name] for name in (*counts, "dropped_segments")}
    assert grown == counts | {"dropped_segments": 0}, grown


@cocotb.test(skip=bool(OUCH42))
async def it_ends_as_it_is_told(dut: Any) -> None:
    """Each end, its reason, and that nothing is heard or sent any more."""
    world, first = World(dut, "ends"), True
    for why in ("asked", "reset", "finished", "over", "unread", "silent", "asked"):
        await world.begin(reset=first)
        first, world.reach, world.bytes, world.model = False, 0, b"", OrderLink()
        await world.quiet(100)
        await world.order()
        if why != "silent":
            await world.settled()
        doubts = world.doubts
        if why == "asked":
            await world.edge(close=1)
        elif why in ("reset", "finished"):
            flags = {"reset": "RA", "finished": "FA"}[why]
            world.back.put(world.peer.spoken(flags), world.cycle)
        elif why == "silent":
            world.out.lost = 1.0
        else:
            world.peer.stream += {"over": packet(b"Z"), "unread": packet(b"J", b"A")}[why]
        for _ in range(200_000):
            if not world.ports.read("live"):
                break
            await world.edge()
        await world.edge()
        await world.edge()
        assert world.ports.read("m_end") == ENDS[why], why
        assert world.doubts - doubts == (why != "asked")
        await world.quiet(300)
        reach = world.reach
        await world.order()
        await world.quiet(300)
        assert world.model.refused and world.reach == reach
        world.out.lost = 0.0
        world.back.ways.clear()
        world.out.ways.clear()


@cocotb.test(skip=bool(OUCH42))
async def what_has_no_place_is_a_doubt_behind_the_end_too(dut: Any) -> None:
    """The host takes the session back while bytes that were acknowledged are still given."""
    world = World(dut, "behind")
    await world.begin()
    await world.quiet(400)
    data = packet(b"H") * 80 + packet(b"Z")
    frame = segment(world.ends, world.ends.expected_byte, world.ends.next_byte, data)
    world.out.lost = 1.0  # its peer knows nothing of it
    world.back.put(sealed(frame), world.cycle)
    while not world.bytes:
        await world.edge()
    await world.edge(close=1)
    while not world.ports.read("settled"):
        await world.edge()
    await world.quiet(3)
    assert world.bytes == data and world.ports.read("m_end") == ENDS["asked"]
    assert world.doubts == world.events["doubts"] == 1


@cocotb.test()
async def an_order_without_room_is_a_doubt(dut: Any) -> None:
    """Though nobody has handed a session over: it is open at the gate, and nobody refuses it."""
    world = World(dut, "lost")
    await start(dut)
    world.ends = drawn_ends(world.rng)
    world.peer = Peer(world.ends, world.rng)
    for _ in range(int(dut.ORDERS.value) + 6):
        await world.order()
    await world.quiet(400)
    lost = len(world.model.waiting)
    assert lost >= 3 and world.doubts == lost and world.model.refused


@cocotb.test(skip=bool(OUCH42))
@cocotb.parametrize(seed=[1, 2])
async def sessions_follow_each_other(dut: Any, seed: int) -> None:
    """Ended anywhere, in every way, over lines on which the old one's frames still come: what was
    acknowledged is given, and nothing of one session is in the next."""
    world = World(dut, ("follow", seed), **LINES["wild"])
    rng, met = world.rng, Counter[str]()
    for at in range(14):
        world.model, world.reach, world.bytes = OrderLink(), 0, b""
        world.heard.clear()
        await world.begin(reset=at == 0)
        lines = [world.out, world.back]
        for _ in range(rng.randint(2, 12)):
            await world.order()
            world.peer.stream += said(rng, rng.choice((0, 1, 6, 20)))
            await world.quiet(rng.choice((3, 100, 1_000)))
        why = rng.choice(("asked", "asked", "reset", "silent", "over", "both"))
        doubts = world.doubts
        if why == "over":
            world.peer.stream += packet(b"Z")
        elif why == "silent":
            world.out.lost, world.peer.stream = 1.0, world.peer.stream[: world.peer.sent]
            await world.order()
        elif why == "reset":
            await world.settled()
            for line in lines:
                line.lost = line.spoiled = line.late = 0.0
            world.back.put(world.peer.spoken("RA"), world.cycle)
        for _ in range(400_000):
            if not world.ports.read("live"):
                break
            await world.edge(close=int(why in ("asked", "both")))
        for _ in range(20_000):
            if world.ports.read("settled"):
                break
            await world.edge()
        read, ends = world.ports.read, world.ends
        taken = (read("expected_byte") - ends.expected_byte) % WORD
        assert world.bytes == world.peer.stream[:taken], "settled, and not all is given"
        await world.quiet(200)  # until the line has it
        assert read("settled") and (why == "asked" or world.doubts > doubts or why == "both")
        # both sides of the stream: what left, and what was acknowledged
        assert (read("next_byte") - ends.next_byte) % WORD == len(world.model.stream)
        met[why] += 1
        for name, value in LINES["wild"].items():
            for line in lines:
                setattr(line, name, value)
    assert len(met) >= 3, met


@cocotb.test()
async def from_the_order_to_the_first_byte(dut: Any) -> None:
    world = World(dut, "latency")
    await world.begin()
    await world.quiet(400)
    await world.order()
    cycles = 0
    while not world.ports.read("m_axis_tvalid"):
        await world.edge()
        cycles += 1
    assert cycles == 2
    figure("latency", cycles, "cycles")
    while not world.reach:
        await world.edge()
        cycles += 1
    figure("to_the_last_byte", cycles - (world.lanes == 1), "cycles")


@pytest.mark.parametrize(("width", "ouch42"), [(8, 0), (64, 0), (64, 1)])
def test_order_link(width: int, ouch42: int) -> None:
    run("order_link", W=width, TIMEOUT=4_096, RETRIES=4, OUCH42=ouch42)


def available(stack: str) -> str:
    """Why this machine hasn't got it; nothing where it has."""
    try:
        StackPeer(stack).close()
    except UnavailableError as error:
        return str(error)
    return ""


def against(stack: str, width: int, rounds: int) -> Result:
    """The bench of the stacks, which `make measure NAME=session` runs for longer."""
    parameters = {"W": width, "TIMEOUT": 8_192, "RETRIES": 6}
    plusargs = (f"+stack={stack}", f"+rounds={rounds}")
    return run("order_link", parameters, bench="stimulus.order_stacks", plusargs=plusargs)


@pytest.mark.long
@pytest.mark.parametrize("stack", ["linux", "pytcp"])
def test_order_link_with_a_stack_of_others(stack: str) -> None:
    if why := available(stack):
        pytest.skip(f"{stack}: {why}")
    against(stack, 64, 40)
