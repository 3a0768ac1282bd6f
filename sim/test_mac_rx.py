"""Bench of mac_rx: frames built by scapy, driven by a library's GMII or AXI-Stream source.

The model is compared at every edge; which event each frame must have also follows from the
library's own check of it, and from how the bench spoiled it.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import cocotb
import pytest
from cocotb.triggers import ClockCycles, RisingEdge
from cocotbext.axi import AxiStreamBus, AxiStreamFrame, AxiStreamSource
from cocotbext.eth import GmiiFrame, GmiiSource
from scapy.all import IP, UDP, Ether, Raw

from sim.golden.mac_rx import EVENTS, MacRx
from sim.golden.tick_pkg import events
from sim.lib.bench import PAUSES, Judge, Ports, figure, pauses, reset, start
from sim.lib.runner import run

FRAMES = 50
KINDS = ("good", "good", "good", "bad_fcs", "short", "long", "error", "preamble")


class Wire:
    """The source for either width, and what is presented, gathered by frame."""

    def __init__(self, dut: Any, idle: str = "never") -> None:
        self.dut, self.gmii = dut, len(dut.s_axis_tkeep) == 1
        self.rng = random.Random(cocotb.RANDOM_SEED)
        self.longest = int(dut.MAX_BYTES.value)
        dut.cycle.value = 0
        if self.gmii:
            dut.s_axis_tkeep.value = dut.s_axis_tlast.value = 0
            lines = (dut.s_axis_tdata, dut.s_axis_tuser, dut.s_axis_tvalid)
            self.source: Any = GmiiSource(*lines, dut.clk, dut.rst)
            self.source.ifg = {"never": 1, "often": 12, "bursts": 3}[idle]
        else:
            self.source = AxiStreamSource(AxiStreamBus.from_prefix(dut, "s_axis"), dut.clk, dut.rst)
            pattern = pauses(idle, self.rng)
            if pattern is not None:
                self.source.set_pause_generator(pattern)
        self.frames: list[tuple[bytes, bool]] = []
        self.events: Counter[str] = Counter()
        cocotb.start_soon(self._count_cycles())
        cocotb.start_soon(self._gather())

    async def _count_cycles(self) -> None:
        count = self.rng.getrandbits(40)
        while True:
            await RisingEdge(self.dut.clk)
            self.dut.cycle.value = count = count + 1

    async def _gather(self) -> None:
        dut, held, lanes = self.dut, b"", len(self.dut.m_axis_tkeep)
        read = Ports(dut).read
        while True:
            await RisingEdge(dut.clk)
            if read("rst"):
                held = b""
                continue
            self.events.update(events("feed_events", read("feed_events")))
            if read("m_end"):
                self.frames.append((held, bool(read("m_error"))))
            if read("m_axis_tvalid"):
                kept = read("m_axis_tkeep").bit_count()
                beat = read("m_axis_tdata").to_bytes(lanes, "little")[:kept]
                held = beat if read("m_first") else held + beat

    def frame(self, kind: str) -> tuple[GmiiFrame, str]:
        """A frame of this kind, and the event that it must come to."""
        rng = self.rng
        room = {"short": rng.randint(0, 17), "long": self.longest + rng.randint(-45, 9)}.get(
            kind, rng.randint(18, 200)
        )
        payload = Raw(rng.randbytes(room))
        layers = Ether(dst="01:00:5e:01:02:03") / IP(dst="239.1.2.3") / UDP(dport=26400) / payload
        right = GmiiFrame.from_payload(bytes(layers), min_len=0)
        head, body = right.get_preamble(), right.get_payload(strip_fcs=False)
        event = "frames"
        if kind == "bad_fcs":
            body[rng.randrange(len(body))] ^= 1 << rng.randrange(8)
            event = "bad_fcs"
        if kind == "preamble" and self.gmii:
            head, event = rng.choice(
                (
                    (bytes(head[:-1]) + b"\x5d", "bad_preamble"),
                    (b"\x55" * 5 + b"\x00" + bytes(head), "bad_preamble"),
                    (head[rng.randrange(8) :], "frames"),
                    (b"\x55" * 20 + b"\xd5", "frames"),
                )
            )
        if len(body) > self.longest and event != "bad_preamble":
            event = "long_frames"
        elif len(body) < 64 and event != "bad_preamble":
            event = "short_frames"
        frame = GmiiFrame(bytes(head) + bytes(body))
        if event in ("frames", "bad_fcs"):
            judge = GmiiFrame(b"\x55" * 7 + b"\xd5" + bytes(body))
            assert judge.check_fcs() == (event == "frames")
        if kind == "error":
            frame.error = [0] * len(frame.data)
            frame.error[rng.randrange(len(frame.data))] = 1
            event = "receive_errors"
        return frame, event

    async def send(self, frame: GmiiFrame) -> None:
        if self.gmii:
            await self.source.send(frame)
            return
        size = len(frame.get_preamble())
        user = [int(one) for one in (frame.error or [0] * len(frame.data))][size:]
        if frame.error and not any(user):
            user[-1] = 1  # it fell in the preamble, which isn't here
        user = [int(any(user[at - at % 8 : at - at % 8 + 8])) for at in range(len(user))]
        await self.source.send(AxiStreamFrame(bytes(frame.data[size:]), tuser=user))

    async def settle(self) -> None:
        await self.source.wait()
        await ClockCycles(self.dut.clk, 8)


def model_of(dut: Any) -> MacRx:
    return MacRx(len(dut.s_axis_tdata), int(dut.MIN_BYTES.value), int(dut.MAX_BYTES.value))


@cocotb.test()
@cocotb.parametrize(idle=PAUSES)
async def every_frame_is_judged(dut: Any, idle: str) -> None:
    wire, model = Wire(dut, idle), model_of(dut)
    judge = Judge(dut, model)
    await start(dut)
    expected, whole = [], []
    for _ in range(FRAMES):
        frame, event = wire.frame(wire.rng.choice(KINDS))
        expected.append(event)
        if event == "frames":
            whole.append(bytes(frame.get_payload(strip_fcs=False)))
        await wire.send(frame)
    await wire.settle()
    assert [event for event, _ in model.judged] == expected
    assert wire.events == Counter(expected)
    assert [held for held, error in wire.frames if not error] == whole
    assert len(whole) >= FRAMES // 5 and len(set(expected)) >= len(EVENTS) - 1
    judge.done(at_least=FRAMES * (64 // len(dut.s_axis_tkeep)) // 2)


@cocotb.test()
async def one_cycle_and_back_to_back(dut: Any) -> None:
    """The least latency there is; frames with no pause between them at W = 64, one at W = 8."""
    wire = Wire(dut)
    judge = Judge(dut, model_of(dut))
    await start(dut)
    for _ in range(20):
        await wire.send(wire.frame("good")[0])
    while not int(dut.s_axis_tvalid.value):
        await RisingEdge(dut.clk)
    while wire.gmii and int(dut.s_axis_tdata.value) != 0xD5:
        await RisingEdge(dut.clk)
    if wire.gmii:
        await RisingEdge(dut.clk)
    edges = 0
    while not int(dut.m_axis_tvalid.value):
        await RisingEdge(dut.clk)
        edges += 1
    assert edges == 1
    figure("latency", edges, "cycles")
    await wire.settle()
    assert wire.events == {"frames": 20}
    judge.done(at_least=200)


@cocotb.test()
async def any_signals_at_all(dut: Any) -> None:
    """Random lines, which no source would drive: holes in tkeep, no last beat, stray errors."""
    rng, model = random.Random(cocotb.RANDOM_SEED), model_of(dut)
    judge, full = Judge(dut, model), (1 << len(dut.s_axis_tkeep)) - 1
    dut.s_axis_tvalid.value = 0
    await start(dut)
    for _ in range(6000):
        await RisingEdge(dut.clk)
        dut.cycle.value = rng.getrandbits(48)
        dut.s_axis_tdata.value = rng.choice((rng.getrandbits(8 * full.bit_length()), 0xD5, 0x55))
        keep = rng.choice((rng.getrandbits(8) & full, full >> rng.randrange(8)))
        dut.s_axis_tkeep.value = full if rng.random() < 0.93 else keep
        dut.s_axis_tvalid.value = int(rng.random() < 0.97)
        dut.s_axis_tlast.value = int(rng.random() < 0.08)
        dut.s_axis_tuser.value = int(rng.random() < 0.01)
        dut.rst.value = int(rng.random() < 0.002)
    judge.done(at_least=5000)
    assert len(model.judged) > 100


@cocotb.test()
async def a_reset_forgets_the_frame(dut: Any) -> None:
    wire, model = Wire(dut), model_of(dut)
    judge = Judge(dut, model)
    await start(dut)
    for _ in range(10):
        await wire.send(wire.frame("good")[0])
        await ClockCycles(dut.clk, wire.rng.randint(4, 40))
        await reset(dut)
        assert int(dut.m_axis_tvalid.value) == 0 and int(dut.m_end.value) == 0
    await wire.settle()
    before = wire.events["frames"]
    await wire.send(wire.frame("good")[0])
    await wire.settle()
    assert wire.events["frames"] == before + 1
    judge.done(at_least=100)


@pytest.mark.parametrize(("width", "longest"), [(8, 300), (64, 300), (8, 9026), (64, 9026)])
def test_mac_rx(width: int, longest: int) -> None:
    run("mac_rx", W=width, MAX_BYTES=longest)
