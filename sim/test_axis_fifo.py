"""Bench of axis_fifo: the model at every edge, and frames through a library's source and sink."""

from __future__ import annotations

from typing import Any

import cocotb
import pytest
from cocotb.triggers import ClockCycles, RisingEdge
from cocotbext.axi import AxiStreamFrame

from sim.golden.axis_fifo import AxisFifo
from sim.lib.bench import PAUSES, Judge, Stream, content, figure, latency, reset, start
from sim.lib.runner import run

FRAMES = 60


def judge_of(dut: Any) -> tuple[Judge, AxisFifo]:
    depth, frame_drop = int(dut.DEPTH.value), bool(int(dut.FRAME_DROP.value))
    model = AxisFifo(depth, frame_drop, len(dut.drop_count))
    return Judge(dut, model), model


async def drain(dut: Any, stream: Stream) -> list[AxiStreamFrame]:
    """Everything that still comes out, with the sink never pausing."""
    stream.sink.clear_pause_generator()
    stream.sink.pause = False
    await ClockCycles(dut.clk, int(dut.DEPTH.value) + 8)
    return [stream.sink.recv_nowait() for _ in range(stream.sink.count())]


@cocotb.test()
@cocotb.parametrize(idle=PAUSES, backpressure=PAUSES)
async def frames_arrive_whole_or_are_counted(dut: Any, idle: str, backpressure: str) -> None:
    judge, model = judge_of(dut)
    stream = Stream(dut, idle, backpressure)
    await start(dut)
    frames = stream.frames(FRAMES, longest=6 * stream.lanes)
    await stream.send(frames)
    received = [content(frame) for frame in await drain(dut, stream)]
    waiting = iter(content(frame) for frame in frames)
    assert all(one in waiting for one in received), "a frame that was never sent, or out of order"
    assert int(dut.drop_count.value) == min(len(frames) - len(received), model.count_max)
    assert model.frame_drop or len(received) == len(frames)
    judge.done(at_least=FRAMES)


@cocotb.test()
async def full_stops_or_drops(dut: Any) -> None:
    """A sink that never takes: the RAM fills to its last place."""
    judge, model = judge_of(dut)
    stream = Stream(dut, "never", "never")
    stream.sink.pause = True
    await start(dut)
    frames = stream.frames(2 * model.depth + 8, longest=stream.lanes)
    cocotb.start_soon(stream.send(frames))
    await ClockCycles(dut.clk, 4 * model.depth + 24)
    kept = model.depth + 1  # the RAM, and the beat that is presented
    assert model.full
    lost = len(frames) - kept if model.frame_drop else 0
    assert int(dut.drop_count.value) == min(lost, model.count_max)
    received = [content(frame) for frame in await drain(dut, stream)]
    assert received[:kept] == [content(frame) for frame in frames[:kept]]
    judge.done(at_least=kept)


@cocotb.test()
async def one_beat_a_cycle_two_cycles_late(dut: Any) -> None:
    judge, _ = judge_of(dut)
    stream = Stream(dut, "never", "never")
    await start(dut)
    beats = 200
    cocotb.start_soon(stream.send(stream.frames(beats, longest=stream.lanes)))
    edges = await latency(dut)
    assert edges == 2
    figure("latency", edges, "cycles")
    for _ in range(beats - 1):
        await RisingEdge(dut.clk)
        assert dut.m_axis_tvalid.value == 1
    judge.done(at_least=beats)


@cocotb.test()
async def a_frame_longer_than_the_ram(dut: Any) -> None:
    judge, model = judge_of(dut)
    stream = Stream(dut, "never", "never")
    await start(dut)
    short, long = AxiStreamFrame(b"\x5a"), AxiStreamFrame(bytes(stream.lanes * (model.depth + 1)))
    await stream.send([short, long, short])
    received = [content(frame) for frame in await drain(dut, stream)]
    passing = [short, short] if model.frame_drop else [short, long, short]
    assert received == [content(frame) for frame in passing]
    assert int(dut.drop_count.value) == int(model.frame_drop)
    judge.done(at_least=model.depth)


@cocotb.test()
async def drop_count_stops_at_its_maximum(dut: Any) -> None:
    judge, model = judge_of(dut)
    stream = Stream(dut, "never", "never")
    await start(dut)
    too_long = AxiStreamFrame(bytes(stream.lanes * (model.depth + 2)))
    frames = min(model.count_max + 2, 20)
    await stream.send([too_long] * frames)
    await drain(dut, stream)
    expected = min(frames, model.count_max) if model.frame_drop else 0
    assert int(dut.drop_count.value) == expected
    judge.done(at_least=model.depth)


@cocotb.test()
async def reset_empties_it(dut: Any) -> None:
    judge, model = judge_of(dut)
    stream = Stream(dut, "never", "often")
    await start(dut)
    for _ in range(8):
        cocotb.start_soon(stream.send(stream.frames(6, longest=4 * stream.lanes)))
        await ClockCycles(dut.clk, stream.rng.randint(3, 2 * model.depth))
        await reset(dut)
        assert dut.m_axis_tvalid.value == 0
        assert int(dut.drop_count.value) == 0
    judge.done(at_least=24)


@pytest.mark.parametrize("width", [8, 64])
@pytest.mark.parametrize(("depth", "count_w"), [(2, 3), (16, 32)])
@pytest.mark.parametrize("frame_drop", [0, 1])
def test_axis_fifo(width: int, depth: int, count_w: int, frame_drop: int) -> None:
    run("axis_fifo", DATA_W=width, DEPTH=depth, FRAME_DROP=frame_drop, COUNT_W=count_w)
