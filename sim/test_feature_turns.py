"""Bench of feature_turns: packets of records, as close as they may come, and far enough apart."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import cocotb
import pytest
from cocotb.triggers import RisingEdge

from sim.golden.feature_turns import Turns
from sim.lib.bench import Judge, Ports, figure, start
from sim.lib.runner import run

RECORDS = 6_000
LATENCY = 2


class Counted(Turns):
    """Counts what left, and by which way."""

    def __init__(self, slots: int, gap: int) -> None:
        self.met: Counter[str] = Counter()
        super().__init__(slots, gap)

    def outputs(self) -> dict[str, int]:
        outputs = super().outputs()
        self.met.update(name for name in ("m_own", "m_other") if outputs[name])
        self.met["most waiting"] = max(self.met["most waiting"], len(self.waiting))
        return outputs


async def play(dut: Any, each_change: int, apart: tuple[int, ...], resets: float = 0) -> Counted:
    rng, ports = random.Random(cocotb.RANDOM_SEED), Ports(dut)
    slots, gap = int(dut.BOOKS.value), int(dut.GAP.value)
    model, edges, length = Counted(slots, gap), 0, 0
    ports.write(dict.fromkeys(Turns.inputs, 0) | {"each_change": each_change})
    judge = Judge(dut, model)
    await start(dut)
    for _ in range(RECORDS):
        if not length:
            length = rng.choice((1, 1, 2, 3, slots, 3 * slots))
        length -= 1
        acts = int(rng.random() < 0.9)
        record = {"s_valid": 1, "s_acts": acts, "s_last": int(not length)}
        ports.write(record | {"s_slot": rng.randrange(slots)})
        dut.rst.value = int(rng.random() < resets)
        await RisingEdge(dut.clk)
        dut.rst.value = 0
        nothing = {"s_valid": 0, "s_acts": rng.getrandbits(1), "s_last": rng.getrandbits(1)}
        ports.write(nothing | {"s_slot": rng.randrange(slots)})
        wait = rng.choice(apart) - 1
        for _ in range(wait):
            await RisingEdge(dut.clk)
        edges += wait
    for _ in range(8 * gap + LATENCY):
        await RisingEdge(dut.clk)
    judge.done(at_least=edges)
    assert not model.waiting
    return model


@cocotb.test()
@cocotb.parametrize(apart=[(2,), (2, 2, 3), (2, 5, 20)])
async def packets_take_their_turns(dut: Any, apart: tuple[int, ...]) -> None:
    model = await play(dut, 0, apart)
    assert model.met["m_own"] > 700 and model.met["m_other"] > 1_000, model.met
    assert model.met["most waiting"] >= int(dut.BOOKS.value) - 1
    figure("latency", LATENCY, "cycles")


@cocotb.test()
async def changes_take_theirs_at_once(dut: Any) -> None:
    model = await play(dut, 1, (2, 2, 3))
    assert model.met["m_own"] > 5_000 and not model.met["m_other"], model.met


@cocotb.test()
async def reset_forgets_what_waits(dut: Any) -> None:
    model = await play(dut, 0, (2, 2, 3), resets=0.05)
    assert model.met["m_own"] > 500 and model.met["m_other"] > 500, model.met


@pytest.mark.parametrize(("books", "gap"), [(8, 2), (4, 1), (3, 2), (8, 1)])
def test_feature_turns(books: int, gap: int) -> None:
    run("feature_turns", BOOKS=books, GAP=gap)
