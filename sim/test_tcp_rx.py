"""Bench of tcp_rx: frames by scapy, right and wrong, in and out of order, with idle cycles or none;
and a memory that is full."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import cocotb
import pytest
from cocotb.triggers import RisingEdge

from sim.golden.tcp_rx import TcpRx
from sim.golden.tick_pkg import events
from sim.lib.bench import JudgeBeside, Ports, figure, start
from sim.lib.runner import run
from sim.stimulus.segments import WORD, Ends, Venue, drawn_ends, sealed, segment

FRAMES = 500
EVENTS = {
    "other_frames",
    "bad_segments",
    "unfit_segments",
    "segments",
    "early_segments",
    "repeated_segments",
}


class Line:
    """The module's inputs as mac_rx drives them, and the bytes that it gives."""

    def __init__(self, dut: Any, ends: Ends) -> None:
        self.dut, self.ends, self.ports = dut, ends, Ports(dut)
        self.lanes = len(dut.s_axis_tkeep)
        self.rng = random.Random(f"{cocotb.RANDOM_SEED} {ends}")
        self.given = b""
        self.least = int(dut.ROWS.value)
        quiet = ("open", "live", "s_axis_tvalid", "s_axis_tdata", "s_axis_tkeep", "s_first")
        self.ports.write(dict.fromkeys((*quiet, "s_end", "s_error", "told"), 0))
        following = (ends.next_byte + self.rng.randint(0, 3_000)) % WORD
        self.ports.write({"unacknowledged": ends.next_byte, "next_byte": following})
        self.following = following
        cocotb.start_soon(self._gather())

    async def _gather(self) -> None:
        read, rows = self.ports.read, int(self.dut.ROWS.value)
        while True:
            await RisingEdge(self.dut.clk)
            if read("rst"):
                continue
            if read("m_valid"):
                self.given += bytes([read("m_byte")])
            room = read("room")
            assert room <= rows
            self.least = min(self.least, room)

    async def begin(self) -> None:
        self.ports.write({"session": self.ends.packed()})
        await start(self.dut)
        self.ports.write({"open": 1})
        await RisingEdge(self.dut.clk)
        self.ports.write({"open": 0})
        await RisingEdge(self.dut.clk)
        self.ports.write({"live": 1})
        await RisingEdge(self.dut.clk)

    def beats(self, frame: bytes) -> Iterator[dict[str, int]]:
        for at in range(0, len(frame), self.lanes):
            beat = frame[at : at + self.lanes]
            yield {
                "s_axis_tdata": int.from_bytes(beat, "little"),
                "s_axis_tkeep": (1 << len(beat)) - 1,
                "s_axis_tvalid": 1,
                "s_first": int(at == 0),
            }

    async def send(self, frames: Iterator[tuple[bytes, bool]], idle: float = 0.0) -> None:
        """Each frame's end is said in the cycle after its last beat, as the next one begins."""
        ended = {"s_end": 0, "s_error": 0}
        nothing = {"s_axis_tvalid": 0, "s_first": 0}
        for frame, error in frames:
            for beat in self.beats(frame):
                while self.rng.random() < idle:
                    await self._edge(nothing | ended)
                    ended = {"s_end": 0, "s_error": 0}
                await self._edge(beat | ended)
                ended = {"s_end": 0, "s_error": 0}
            ended = {"s_end": 1, "s_error": int(error)}
        await self._edge(nothing | ended)
        for _ in range(6):
            await self._edge(nothing | {"s_end": 0, "s_error": 0})

    async def _edge(self, line: dict[str, int]) -> None:
        self.ports.write(line | {"told": int(self.rng.random() < 0.02)})
        await RisingEdge(self.dut.clk)

    async def drained(self, count: int) -> None:
        for _ in range(40 + 12 * count):
            if len(self.given) >= count:
                break
            await RisingEdge(self.dut.clk)
        for _ in range(20):
            await RisingEdge(self.dut.clk)


def model_of(dut: Any) -> TcpRx:
    return TcpRx(len(dut.s_axis_tdata), int(dut.ROWS.value))


@cocotb.test()
@cocotb.parametrize(idle=[0.0, 0.4], seed=[1, 2, 3])
async def every_frame_comes_to_what_the_rules_say(dut: Any, idle: float, seed: int) -> None:
    rng = random.Random(f"{cocotb.RANDOM_SEED} {seed}")
    line, model = Line(dut, drawn_ends(rng)), model_of(dut)
    judge = JudgeBeside(dut, model)
    await line.begin()
    venue = Venue(rng, line.ends)
    frames = int(cocotb.plusargs.get("frames", FRAMES))

    def drawn() -> Iterator[tuple[bytes, bool]]:
        for _ in range(frames):
            expected = line.ports.read("expected_byte")
            room = line.ports.read("room")
            una = line.ends.next_byte
            yield venue.frame(expected, room, una, line.following)

    await line.send(drawn(), idle)
    await line.drained(len(model.taken))
    assert line.ports.read("empty")
    assert line.given == model.taken and len(line.given) > 1_000
    assert line.ports.read("room") == int(dut.ROWS.value)
    assert all(model.met[event] >= 5 for event in EVENTS), model.met
    judge.done(at_least=frames * 60 // line.lanes)
    figure("frames", frames, "")


@cocotb.test()
async def what_comes_as_it_is_opened_is_forgotten(dut: Any) -> None:
    """Frames of the new session, begun before it, and bytes of the old one that weren't given."""
    line, model = Line(dut, Ends()), model_of(dut)
    judge = JudgeBeside(dut, model)
    await line.begin()
    for at in range(60):
        number = line.ports.read("expected_byte")
        frame = sealed(segment(line.ends, number, 0, line.rng.randbytes(100)))
        sending = cocotb.start_soon(line.send(iter([(frame, False), (frame, False)])))
        for _ in range(at * 4 // line.lanes + line.rng.randrange(4)):
            await RisingEdge(dut.clk)
        dut.live.value = 0
        dut.open.value = 1
        dut.session.value = replace(line.ends, expected_byte=number).packed()
        await RisingEdge(dut.clk)
        dut.open.value = 0
        for _ in range(2):
            await RisingEdge(dut.clk)
        dut.live.value = 1
        line.given = b""
        await sending
        await line.drained(len(model.taken))
        assert line.given == model.taken and line.ports.read("empty")
    judge.done(at_least=1_000)
    assert model.met["segments"] > 20


@cocotb.test()
async def latencies(dut: Any) -> None:
    line = Line(dut, Ends())
    judge = JudgeBeside(dut, model_of(dut))
    await line.begin()
    frame = sealed(segment(line.ends, 0, 0, b"0123456789"))
    sending = cocotb.start_soon(line.send(iter([(frame, False)])))
    read = line.ports.read
    while not read("s_end"):
        await RisingEdge(dut.clk)
    said = first = 0
    for cycle in range(1, 20):
        await RisingEdge(dut.clk)
        said = said or cycle * read("segment_valid")
        first = first or cycle * read("m_valid")
    assert said == 2
    figure("end_to_segment", said, "cycles")
    figure("end_to_first_byte", first, "cycles")
    await sending
    await line.drained(10)
    assert line.given == b"0123456789"
    judge.done(at_least=20)


@cocotb.test()
async def a_full_memory_drops_a_segment_and_says_so(dut: Any) -> None:
    """Rows are given at one byte a cycle; at W = 64 they come eight times as fast."""
    line, rng = Line(dut, Ends()), random.Random(cocotb.RANDOM_SEED)
    await line.begin()
    dropped, sent, count = 0, 0, 0
    rows = int(dut.ROWS.value)
    stream = rng.randbytes(40 * 1_400)

    async def count_drops() -> None:
        nonlocal dropped
        while True:
            await RisingEdge(dut.clk)
            dropped += events("link_events", line.ports.read("m_events")).get("dropped_segments", 0)

    counter = cocotb.start_soon(count_drops())
    while sent < len(stream) and count < 400:
        count += 1
        part = stream[sent : sent + 1_400]
        await line.send(iter([(sealed(segment(line.ends, sent, 0, part)), False)]))
        sent = line.ports.read("expected_byte")
    await line.drained(len(stream))
    assert line.given == stream[: len(line.given)] and len(line.given) == sent
    counter.cancel()
    if line.lanes == 8 and rows <= 256:
        assert dropped and line.least < 100
    else:
        assert len(line.given) == len(stream)


@pytest.mark.parametrize(("width", "rows"), [(8, 2048), (64, 2048), (64, 256)])
def test_tcp_rx(width: int, rows: int) -> None:
    run("tcp_rx", W=width, ROWS=rows)
