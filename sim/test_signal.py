"""Bench of signal: records of few slots, with scores around the thresholds, so that every reason is
met; settings that change, bad frames, and times that stand still or go back."""

from __future__ import annotations

import random
from typing import Any

import cocotb
import pytest
from cocotb.triggers import RisingEdge

from hwtools.bits import pack
from sim.golden.signal import LATENCY, WIDTHS, Signal
from sim.lib.bench import Judge, Ports, figure, start
from sim.lib.runner import run
from tickwire.gen.records import SIGNAL, SLOTS, Reason

RECORDS = 1500
NEAR, STEP = 40, 10  # scores and thresholds are within this, and meet in steps of that


def settings(rng: random.Random) -> dict[str, int]:
    def word(name: str, value: int) -> int:
        return value & (1 << WIDTHS[name]) - 1

    words = dict.fromkeys(WIDTHS, 0)
    for slot in range(SLOTS):
        extreme = rng.random() < 0.1
        values = {
            "buy_threshold": 0xFFFF if extreme else STEP * rng.randint(-1, NEAR // STEP),
            "sell_threshold": -0x10000 if extreme else STEP * rng.randint(-NEAR // STEP, 1),
            "hysteresis": rng.choice((0, 1, STEP, 3 * STEP, 0xFFFF)),
            "minimum_interval": rng.choice((0, 0, 1, 2, 3, 0xFFFFFFFF)),
        }
        for name, value in values.items():
            words[name] |= word(name, value) << slot * WIDTHS[name]
    return words | {"model_id": rng.getrandbits(64)}


def record(rng: random.Random, time: int, frame: int) -> int:
    row = SIGNAL.empty(1)
    for name, bits in (("sequence_number", 64), ("bid_price", 32), ("ask_shares", 32)):
        row[name] = rng.getrandbits(bits)
    if rng.random() < 0.1:
        row["scores"][0] = [rng.choice((-0x8000, 0x7FFF)) for _ in range(3)]
    else:
        row["scores"][0] = [STEP * rng.randint(-NEAR // 2 // STEP, NEAR // 2 // STEP), 0, 0]
    row["slot"] = rng.choice((0, 1, SLOTS - 1))
    row["timestamp"], row["frame_cycle"] = time, frame
    row["reason"] = rng.choice((*[Reason.OK] * 12, Reason.GAP, Reason.WARMING_UP))
    return int.from_bytes(pack(row, SIGNAL)[0].tobytes(), "big")


async def play(dut: Any, records: int, apart: tuple[int, ...]) -> Signal:
    rng, model, ports = (
        random.Random(cocotb.RANDOM_SEED),
        Signal(int(dut.VERDICTS.value)),
        Ports(dut),
    )
    judge = Judge(dut, model)
    ports.write(dict.fromkeys(Signal.inputs, 0))
    await start(dut)
    ports.write(settings(rng))
    time, frame, edges = 1 << 40, 7, 0
    for _ in range(records):
        time += rng.choice((0, 100, 500, 1023, 1024, 3000, -200))
        frame += rng.random() < 0.3
        late = frame - rng.choice((0, 0, 1, 3))  # some wait, while later frames turn out bad
        if rng.random() < 0.01:
            ports.write(settings(rng))
        wrong = frame + rng.choice((-1, 0, 1))
        bad = {"bad_frame": int(rng.random() < 0.03), "bad_frame_cycle": wrong}
        ports.write({"s_valid": 1, "s_signal": record(rng, time, late)} | bad)
        for wait in range(rng.choice(apart)):
            await RisingEdge(dut.clk)
            edges += 1
            if not wait:
                # What is there without s_valid is nothing
                nothing = {"s_valid": 0, "bad_frame": 0, "s_signal": record(rng, time, frame)}
                ports.write(nothing)
    for _ in range(LATENCY + 1):
        await RisingEdge(dut.clk)
    judge.done(at_least=edges)
    return model


@cocotb.test()
async def every_reason_is_met(dut: Any) -> None:
    model = await play(dut, RECORDS, (2, 2, 2, 3, 7))
    expected = {"BELOW_THRESHOLD", "HYSTERESIS", "TOO_SOON", "GAP", "WARMING_UP", "BAD_FRAME", "OK"}
    assert {name for name in expected if model.met[name] >= 4} == expected, model.met
    assert min(model.met[name] for name in ("BUY", "SELL")) >= 10
    figure("latency", LATENCY, "cycles")


@cocotb.test()
async def reset_forgets(dut: Any) -> None:
    """Each slot may decide once more, and no frame is known to be bad; a record that comes in reset
    is nobody's."""
    rng, model, ports = (
        random.Random(cocotb.RANDOM_SEED),
        Signal(int(dut.VERDICTS.value)),
        Ports(dut),
    )
    judge = Judge(dut, model)
    ports.write(dict.fromkeys(Signal.inputs, 0))
    await start(dut)
    each = sum(1 << 17 * slot for slot in range(SLOTS))
    ports.write({"buy_threshold": STEP * each, "sell_threshold": (2**17 - STEP) * each})
    ports.write({"minimum_interval": (1 << 32 * SLOTS) - 1})  # one decision a slot, until reset
    time = 1 << 40
    for _ in range(30):
        for _ in range(rng.randint(0, 5)):
            time += rng.choice((1, 1 << 13))
            ports.write({"s_valid": 1, "s_signal": record(rng, time, 7)})
            await RisingEdge(dut.clk)
            ports.write({"s_valid": 0})
            await RisingEdge(dut.clk)
        time += 1 << 13
        if rng.random() < 0.5:
            ports.write({"bad_frame": 1, "bad_frame_cycle": 7})  # the frame of the next ones
            await RisingEdge(dut.clk)
            ports.write({"bad_frame": 0})
        ports.write({"s_valid": 1, "s_signal": record(rng, time, 7)})  # to nobody
        dut.rst.value = 1
        await RisingEdge(dut.clk)
        dut.rst.value = 0
        ports.write({"s_valid": 0})
        await RisingEdge(dut.clk)
    judge.done(at_least=60)
    assert model.met["OK"] and model.met["TOO_SOON"] and model.met["BELOW_THRESHOLD"]


@pytest.mark.parametrize("verdicts", [1, 4])
def test_signal(verdicts: int) -> None:
    run("signal", VERDICTS=verdicts)
