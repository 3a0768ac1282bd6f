"""Bench of tcp_tx: packets as they come, and a venue that acknowledges all, some, or none of it,
says the same again, closes its window, or says nothing any more."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import cocotb
import pytest
from cocotb.triggers import RisingEdge
from scapy.all import IP, TCP, Ether

from sim.golden.tcp_rx import Session
from sim.golden.tcp_tx import LONGEST, TcpTx
from sim.golden.tick_pkg import events, pack
from sim.lib.bench import Ports, figure, start
from sim.lib.runner import run
from sim.stimulus.segments import WORD, Ends, drawn_ends

QUIET = {
    "open": 0,
    "close": 0,
    "s_valid": 0,
    "s_packet": 0,
    "s_length": 1,
    "segment_valid": 0,
    "segment": 0,
    "ack_due": 0,
    "m_axis_tready": 1,
    "line_free": 1,
}


class World:
    """The module, its watcher, and what is driven: one call of `edge` a cycle."""

    def __init__(self, dut: Any, seed: object) -> None:
        self.dut, self.ports = dut, Ports(dut)
        self.rng = random.Random(f"{cocotb.RANDOM_SEED} {seed}")
        self.lanes, self.cycle, self.edges = len(dut.m_axis_tkeep), 0, 0
        self.timeout = int(dut.TIMEOUT.value)
        self.retries = int(dut.RETRIES.value)
        self.messages = int(dut.MESSAGES.value)
        # a frame at the line's pace, and the cycles from a reason to its frame
        self.model = TcpTx(self.timeout, self.retries, self.messages, 40)
        self.held, self.line, self.ready = b"", dict(QUIET), 1.0
        self.timed_out, self.first_beat = 0, list[int]()
        self.ports.write(QUIET | {"session": 0, "expected_byte": 0, "room": 0})

    async def begin(self, ends: Ends, reset: bool = True) -> None:
        self.ends = ends
        if reset:
            await start(self.dut)
        self.ports.write({"open": 1, "session": ends.packed()})
        self.ports.write({"expected_byte": ends.expected_byte, "room": 2048})
        await RisingEdge(self.dut.clk)
        self.ports.write({"open": 0})
        await RisingEdge(self.dut.clk)
        await RisingEdge(self.dut.clk)
        self.model.open(Session.of(ends.packed()), self.cycle)

    async def edge(self, **line: int) -> bool:
        """Drive the line, take one edge, and let the watcher see it; whether a packet was taken."""
        free = int(self.rng.random() < 0.5 + self.ready / 2)
        ready = int(self.rng.random() < self.ready)
        self.line = QUIET | {"m_axis_tready": ready, "line_free": free} | line
        self.ports.write(self.line)
        await RisingEdge(self.dut.clk)
        self.cycle += 1
        return self._seen()

    def _seen(self) -> bool:
        read, model, cycle, line = self.ports.read, self.model, self.cycle, self.line
        self.edges += 1
        assert read("live") == int(model.live) or line["close"] or not model.live
        taken = False
        if read("m_timeout"):
            model.timed_out(cycle)
            self.timed_out += 1
        if model.live and not line["close"]:
            ready, full = bool(read("s_ready")), bool(read("s_full"))
            if model.sending is None and line["line_free"]:
                model.checks_ready(cycle, line["s_length"], ready, full)
            else:
                assert not ready and not full
            taken = bool(line["s_valid"] and ready)
            if taken:
                packet = line["s_packet"].to_bytes(LONGEST, "big")[: line["s_length"]]
                model.took(packet)
            assert read("unacknowledged") == model.flight.una
            assert read("next_byte") == model.flight.following
        heard = bool(model.live and line["segment_valid"])
        # what is heard in a frame's last cycle is heard before it counts as sent
        if heard and read("m_axis_tvalid") and read("m_axis_tlast") and line["m_axis_tready"]:
            model.hear(cycle, *self.segment)
            heard = False
        self._frames(cycle)
        if read("begins"):
            assert model.sending is None and line["line_free"]
            model.begins(cycle, read("expected_byte"), read("room"), bool(read("told")))
        else:
            assert not read("told")
        model.overdue(cycle)
        if heard:
            model.hear(cycle, *self.segment)
        if line["ack_due"] and model.live:
            model.asked(cycle)
        return taken

    def _frames(self, cycle: int) -> None:
        read = self.ports.read
        if not read("m_axis_tvalid"):
            assert self.model.sending is None, "a frame that begins has its first beat at once"
            return
        assert self.model.sending is not None
        if not self.line["m_axis_tready"]:
            return
        kept = read("m_axis_tkeep")
        assert kept in {(1 << n) - 1 for n in range(1, self.lanes + 1)}
        self.held += read("m_axis_tdata").to_bytes(self.lanes, "little")[: kept.bit_count()]
        if not read("m_axis_tlast"):
            assert kept == (1 << self.lanes) - 1
            return
        kind = self.model.frame(cycle, self.held)
        assert events("link_events", read("m_events")) == {kind: 1}
        checked(self.held)
        self.held = b""

    async def packet(self, length: int) -> int:
        """Offer one until it is taken; 0, where there is no room, else the cycles it took."""
        data = self.rng.randbytes(length)
        whole = int.from_bytes(data.ljust(LONGEST, b"\0"), "big")
        for cycle in range(1, 2_000):
            if await self.edge(s_valid=1, s_packet=whole, s_length=length):
                return cycle
            if self.model.sending is None and self.ports.read("s_full"):
                return 0
        raise AssertionError("a packet is neither taken nor refused")

    async def says(self, first: int, acknowledged: int, window: int, bare: bool) -> None:
        self.segment = (first % WORD, acknowledged % WORD, window, bare)
        names = ("first_byte", "acknowledged", "window", "bare")
        word = pack("tcp_segment", dict(zip(names, map(int, self.segment), strict=True)))
        await self.edge(segment_valid=1, segment=word)
        for _ in range(2):
            await self.edge()

    async def settled(self, cycles: int = 400) -> None:
        for _ in range(cycles):
            await self.edge()


def checked(frame: bytes) -> None:
    """By scapy: what it makes of the same layers is the same, checksums included."""
    layers = Ether(frame)
    sums = layers[IP].chksum, layers[TCP].chksum
    del layers[IP].chksum, layers[TCP].chksum
    again = Ether(bytes(layers))
    assert (again[IP].chksum, again[TCP].chksum) == sums


@cocotb.test()
@cocotb.parametrize(ready=[1.0, 0.7], seed=[1, 2, 3])
async def a_venue_of_any_mood(dut: Any, ready: float, seed: int) -> None:
    world = World(dut, (ready, seed))
    world.ready = ready
    rng, model = world.rng, world.model
    await world.begin(replace(drawn_ends(rng), window=rng.choice((300, 3_000, 60_000))))
    first, window = world.ends.expected_byte, world.ends.window
    for _ in range(1_200):
        if not model.live:
            break
        way, flight = rng.random(), model.flight
        if way < 0.35:
            await world.packet(rng.choice((1, 3, 50, 50, LONGEST, rng.randint(1, LONGEST))))
        elif way < 0.8:
            if rng.random() < 0.1:
                window = rng.choice((0, 20, 57, 58, 120, 5_000, 65_535))
            ends = [flight.una, flight.following, *(at for at, _ in flight.packets)]
            acknowledged = rng.choice((*ends, flight.una, flight.una + rng.randint(0, flight.size)))
            bare = rng.random() < 0.7
            await world.says(first, acknowledged, window, bare)
            first += 0 if bare else rng.randint(1, 100)
            world.ports.write({"expected_byte": first % WORD, "room": rng.randint(0, 2_048)})
        elif way < 0.82:
            await world.says(first - rng.randint(1, 50), flight.una, rng.getrandbits(16), True)
        elif way < 0.9:
            await world.edge(ack_due=1)
        elif way < 0.98:
            await world.settled(rng.randint(1, 200))
        else:
            await world.settled(rng.randint(1, 2 * world.timeout))
    met = model.met
    assert met["packets_sent"] > 40 and met["packets_resent"] > 3 and met["acks_sent"] > 5, met


@cocotb.test()
async def nothing_is_said_any_more(dut: Any) -> None:
    """The oldest again and again, each time after twice as long, and then no more."""
    world = World(dut, "silent")
    await world.begin(replace(drawn_ends(world.rng), window=5_000))
    for _ in range(3):
        await world.packet(50)
    await world.settled((world.timeout << world.retries + 1) + 2_000)
    assert world.model.met["packets_resent"] == world.retries and world.timed_out == 1
    await world.edge(close=1)
    await world.settled(3 * world.timeout)
    assert world.model.met["packets_resent"] == world.retries


@cocotb.test()
async def a_window_that_stays_closed_is_asked_for(dut: Any) -> None:
    world = World(dut, "closed")
    await world.begin(replace(drawn_ends(world.rng), window=57))
    assert await world.packet(LONGEST) == 0
    for _ in range(4):  # it answers each: it lives
        before = world.model.met["probes_sent"]
        while world.model.met["probes_sent"] == before:
            await world.edge()
        await world.says(world.ends.expected_byte, world.ends.next_byte, 0, True)
    await world.says(world.ends.expected_byte, world.ends.next_byte, 58, True)
    assert await world.packet(LONGEST)
    await world.says(world.ends.expected_byte, world.model.flight.following + LONGEST, 0, True)
    await world.settled(200)
    await world.says(world.ends.expected_byte, world.model.flight.following, 0, True)
    await world.settled((world.timeout << world.retries + 1) + 2_000)
    assert world.model.met["probes_sent"] == 4 + world.retries and world.timed_out == 1


@cocotb.test()
async def the_memory_is_full_before_the_window_is(dut: Any) -> None:
    world = World(dut, "full")
    await world.begin(replace(drawn_ends(world.rng), window=65_535))
    for _ in range(world.messages):
        assert await world.packet(1)
    await world.settled(120)
    assert await world.packet(1) == 0
    await world.says(world.ends.expected_byte, world.ends.next_byte + 1, 65_535, True)
    await world.settled(20)
    assert await world.packet(1)
    await world.settled(120)
    assert world.model.met["packets_sent"] == world.messages + 1


@cocotb.test()
async def a_packet_leaves_in_the_next_cycle(dut: Any) -> None:
    world = World(dut, "latency")
    await world.begin(replace(Ends(), window=5_000))
    await world.settled(10)
    assert await world.packet(50) == 1
    await world.edge()
    figure("latency", 1, "cycles")  # the watcher asserts that the first beat is there
    cycles = 1
    while not world.model.met["packets_sent"]:
        await world.edge()
        cycles += 1
    assert cycles == -(-(54 + 50) // world.lanes)
    figure("frame", cycles, "cycles")


@cocotb.test()
async def it_is_opened_and_closed_again(dut: Any) -> None:
    world = World(dut, "again")
    for at in range(12):
        await world.begin(replace(drawn_ends(world.rng), window=5_000), reset=at == 0)
        for _ in range(world.rng.randint(1, 6)):
            await world.packet(world.rng.randint(1, LONGEST))
        await world.settled(world.rng.randint(0, 30))
        world.model.live = False
        await world.edge(close=1)
        while world.ports.read("busy"):
            await world.edge()
        await world.settled(5)
    assert world.model.met["packets_sent"] > 12


@pytest.mark.parametrize(("width", "messages"), [(8, 64), (64, 64), (64, 4)])
def test_tcp_tx(width: int, messages: int) -> None:
    run("tcp_tx", W=width, MESSAGES=messages, TIMEOUT=1_500, RETRIES=3)
