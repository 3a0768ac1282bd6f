"""Bench of mac_tx: frames of every length, back to back and with gaps, taken off the wire by a
library's GMII or AXI-Stream sink and by scapy; and sources that break off."""

from __future__ import annotations

import random
from typing import Any

import cocotb
import pytest
from cocotb.triggers import ClockCycles, RisingEdge
from cocotbext.axi import AxiStreamBus, AxiStreamFrame, AxiStreamSink, AxiStreamSource
from cocotbext.eth import GmiiFrame, GmiiSink
from scapy.all import IP, TCP, Ether, Raw

from sim.golden.mac_tx import MacTxBytes, MacTxWords, on_the_wire, padded
from sim.lib.bench import PAUSES, JudgeBeside, Ports, figure, pauses, reset, start
from sim.lib.runner import run

LENGTHS = (14, 15, 53, 54, 55, *range(56, 75), 104, 112, 113, 200)


def model_of(dut: Any) -> Any:
    return MacTxBytes(int(dut.GAP.value)) if len(dut.s_axis_tkeep) == 1 else MacTxWords()


class Line:
    """Frames in by a library's source, and what its sink makes of the wire."""

    def __init__(self, dut: Any, pause: str = "never") -> None:
        self.dut, self.gmii = dut, len(dut.s_axis_tkeep) == 1
        self.rng = random.Random(f"{cocotb.RANDOM_SEED} {pause}")
        self.source = AxiStreamSource(AxiStreamBus.from_prefix(dut, "s_axis"), dut.clk, dut.rst)
        if self.gmii:
            dut.m_axis_tready.value = 0
            lines = (dut.m_axis_tdata, dut.m_axis_tuser, dut.m_axis_tvalid)
            self.sink: Any = GmiiSink(*lines, dut.clk, dut.rst)
        else:
            bus = AxiStreamBus.from_prefix(dut, "m_axis")
            self.sink = AxiStreamSink(bus, dut.clk, dut.rst)
            for end in (self.source, self.sink):
                pattern = pauses(pause, self.rng)
                if pattern is not None:
                    end.set_pause_generator(pattern)

    def frame(self, length: int) -> bytes:
        layers = Ether(dst="02:00:00:00:00:01") / IP(dst="10.0.0.1") / TCP(dport=26400)
        return (bytes(layers / Raw(self.rng.randbytes(max(0, length - 54)))))[:length]

    async def came(self) -> bytes:
        """The next frame on the wire, its check sequence with it."""
        frame = await self.sink.recv()
        if not self.gmii:
            user = frame.tuser if isinstance(frame.tuser, int) else max(frame.tuser)
            assert not user
            return bytes(frame.tdata)
        assert isinstance(frame, GmiiFrame)
        # The sink doesn't keep a frame's first byte; the model has seen it.
        assert bytes(frame.data[:7]) == b"\x55" * 6 + b"\xd5" and frame.check_fcs()
        assert not frame.error or not any(frame.error)
        return bytes(frame.data[7:])


@cocotb.test()
@cocotb.parametrize(pause=PAUSES)
async def every_length_comes_whole(dut: Any, pause: str) -> None:
    line, model = Line(dut, pause), model_of(dut)
    judge = JudgeBeside(dut, model)
    await start(dut)
    frames = [line.frame(length) for length in LENGTHS]
    line.rng.shuffle(frames)
    for frame in frames:
        await line.source.send(AxiStreamFrame(frame))
        if pause == "often" and line.rng.random() < 0.5:
            await ClockCycles(dut.clk, line.rng.randint(1, 300))
    for frame in frames:
        came = await line.came()
        assert came == on_the_wire(frame)
        assert Ether(came[:-4])[Ether].dst == "02:00:00:00:00:01"
    assert model.frames == frames and not model.broken
    judge.done(at_least=sum(map(len, frames)) // len(dut.s_axis_tkeep))


@cocotb.test()
async def the_first_byte_and_the_least_gap(dut: Any) -> None:
    """Frames that stand ready: nothing but the gap between them."""
    line = Line(dut)
    judge = JudgeBeside(dut, model_of(dut))
    await start(dut)
    frames = [line.frame(length) for length in (60, 54, 104)]
    for frame in frames:
        line.source.send_nowait(AxiStreamFrame(frame))
    ports, cycles, wire = Ports(dut), 0, list[int]()
    while not ports.read("s_axis_tvalid"):
        await RisingEdge(dut.clk)
    while not ports.read("m_axis_tvalid"):
        await RisingEdge(dut.clk)
        cycles += 1
    assert cycles == 1
    figure("latency", cycles, "cycles")
    gap, lanes = int(dut.GAP.value), len(dut.s_axis_tkeep)
    while wire.count(1) < sum(len(padded(each)) + 4 + 8 * line.gmii for each in frames) // lanes:
        wire.append(ports.read("m_axis_tvalid"))
        await RisingEdge(dut.clk)
        assert len(wire) < 1000
    idle = wire.count(0)
    assert idle == (2 * gap if line.gmii else 0), wire
    figure("gap", idle // 2, "cycles")
    judge.done(at_least=20)


@cocotb.test()
async def a_source_that_breaks_off_is_said(dut: Any) -> None:
    """Random lines, which no source would drive."""
    rng, model = random.Random(cocotb.RANDOM_SEED), model_of(dut)
    judge, ports, full = JudgeBeside(dut, model), Ports(dut), (1 << len(dut.s_axis_tkeep)) - 1
    idle = {"s_axis_tvalid": 0, "s_axis_tlast": 0, "s_axis_tkeep": full, "s_axis_tdata": 0}
    ports.write(idle | {"m_axis_tready": 1})
    await start(dut)
    for _ in range(20_000):
        kept = full if rng.random() < 0.97 else full >> rng.randrange(full.bit_length())
        ports.write(
            {
                "s_axis_tvalid": int(rng.random() < (0.995 if full == 1 else 0.8)),
                "s_axis_tlast": int(rng.random() < 0.02),
                "s_axis_tkeep": kept,
                "s_axis_tdata": rng.getrandbits(8 * full.bit_length()),
                "m_axis_tready": int(rng.random() < 0.9),
            }
        )
        await (reset(dut) if rng.random() < 0.001 else RisingEdge(dut.clk))
    judge.done(at_least=19_000)
    assert model.broken and model.frames


@pytest.mark.parametrize(("width", "gap"), [(8, 12), (8, 1), (64, 12)])
def test_mac_tx(width: int, gap: int) -> None:
    run("mac_tx", W=width, GAP=gap)
