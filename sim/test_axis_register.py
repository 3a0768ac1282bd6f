"""Bench of axis_register: the model at every edge, and frames through a library's ends."""

from __future__ import annotations

from typing import Any

import cocotb
import pytest
from cocotb.triggers import ClockCycles, RisingEdge

from sim.golden.axis_register import AxisRegister
from sim.lib.bench import (
    PAUSES,
    Judge,
    Ports,
    Stream,
    content,
    figure,
    latency,
    reset,
    start,
)
from sim.lib.runner import run

FRAMES = 60


@cocotb.test()
@cocotb.parametrize(idle=PAUSES, backpressure=PAUSES)
async def frames_arrive_as_sent(dut: Any, idle: str, backpressure: str) -> None:
    judge = Judge(dut, AxisRegister())
    stream = Stream(dut, idle, backpressure)
    await start(dut)
    sent = stream.frames(FRAMES, longest=4 * stream.lanes)
    await stream.send(sent)
    received = [await stream.sink.recv() for _ in sent]
    assert [content(frame) for frame in received] == [content(frame) for frame in sent]
    judge.done(at_least=FRAMES)


@cocotb.test()
async def one_beat_a_cycle_one_cycle_late(dut: Any) -> None:
    judge = Judge(dut, AxisRegister())
    stream = Stream(dut, "never", "never")
    await start(dut)
    beats = 200
    cocotb.start_soon(stream.send(stream.frames(beats, longest=stream.lanes)))
    edges = await latency(dut)
    assert edges == 1
    figure("latency", edges, "cycles")
    for _ in range(beats - 1):
        await RisingEdge(dut.clk)
        assert dut.m_axis_tvalid.value == 1
    judge.done(at_least=beats)


@cocotb.test()
async def reset_empties_it(dut: Any) -> None:
    judge = Judge(dut, AxisRegister())
    stream = Stream(dut, "never", "often")
    await start(dut)
    for _ in range(8):
        cocotb.start_soon(stream.send(stream.frames(4, longest=4 * stream.lanes)))
        await ClockCycles(dut.clk, stream.rng.randint(3, 9))
        await reset(dut)
        assert dut.m_axis_tvalid.value == 0
    judge.done(at_least=24)


@cocotb.test()
async def a_beat_offered_in_reset_is_not_taken(dut: Any) -> None:
    """Nor right behind it, where ready is low still."""
    judge, ports, edges = Judge(dut, AxisRegister()), Ports(dut), 0
    beat = {"s_axis_tkeep": 1, "s_axis_tlast": 1, "s_axis_tuser": 0}
    ports.write(beat | {"s_axis_tdata": 0, "s_axis_tvalid": 0, "m_axis_tready": 1})
    await start(dut)
    for length in (1, 2, 3):
        for behind in range(4):
            ports.write({"s_axis_tvalid": 1, "s_axis_tdata": 16 * length + behind})
            dut.rst.value = 1
            await ClockCycles(dut.clk, length)
            dut.rst.value = 0
            await ClockCycles(dut.clk, behind)
            ports.write({"s_axis_tvalid": 0})
            await ClockCycles(dut.clk, 3)
            edges += behind + 3
    judge.done(at_least=edges)


@pytest.mark.parametrize("width", [8, 64])
def test_axis_register(width: int) -> None:
    run("axis_register", DATA_W=width)
