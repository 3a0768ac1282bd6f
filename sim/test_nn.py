"""Bench of nn: vectors of every sort, close upon each other and far apart, more of one instrument
than the network can take, resets; with the stand-in and with converted networks, the network's
clock gated or not.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import cocotb
import numpy as np
import numpy.typing as npt
import pytest
from cocotb.triggers import RisingEdge

from hwtools.bits import pack
from models.deploy.convert import converted
from sim.golden.nn import Foreseen, Nn, StandIn
from sim.lib.bench import Judge, Ports, figure, start
from sim.lib.runner import run
from tickwire.features.table import TABLE, TOP
from tickwire.gen.records import FEATURE_VECTOR, SLOTS, Reason

VECTORS = 2_000
ROOM = 16  # cycles between vectors of one slot in which every network is done
BAD = (Reason.GAP, Reason.CROSSED, Reason.HALTED)


def _network() -> str:
    """Of the simulator's command line; pytest, which only starts it, has none."""
    return str(getattr(cocotb, "plusargs", {}).get("network", ""))


def vectors(rng: random.Random, count: int, slots: Sequence[int]) -> npt.NDArray[Any]:
    """Values that wander to their ends; slots that fall back to not warm, bad and unchanged."""
    rows = FEATURE_VECTOR.empty(count)
    lows = np.array([feature.low for feature in TABLE])
    walk = np.random.default_rng(rng.getrandbits(32)).integers(-25, 26, (count, len(TABLE)))
    at = {slot: np.zeros(len(TABLE), np.int64) for slot in slots}
    for row in range(count):
        slot = rng.choice(slots)
        at[slot] = np.clip(at[slot] + walk[row], lows - 40, TOP + 40)
        rows["values"][row] = np.clip(at[slot], lows, TOP)
        rows["slot"][row], rows["timestamp"][row] = slot, 1000 * row
        warm = rng.random() < 0.96
        rows["warm"][row], rows["changed"][row] = warm, rng.random() < 0.9
        rows["reason"][row] = Reason.OK if warm else Reason.WARMING_UP
        if rng.random() < 0.08:
            rows["reason"][row] = rng.choice(BAD)
        elif not warm and rng.random() < 0.1:
            rows["reason"][row] = Reason.OK  # which it isn't: to nn it is warming_up
        for name in ("sequence_number", "frame_cycle", "message_cycle", "bid_price", "bid_shares",
                     "ask_price", "ask_shares"):  # fmt: skip
            rows[name][row] = rng.getrandbits(32)
    return rows


def words(rows: npt.NDArray[Any]) -> list[int]:
    return [int.from_bytes(row.tobytes(), "big") for row in pack(rows, FEATURE_VECTOR)]


async def play(
    dut: Any, model: Nn, lines: list[int], apart: Sequence[int], rng: random.Random
) -> int:
    """The vectors, and time for the last of them; how many cycles that took."""
    ports, edges = Ports(dut), 0
    for word in lines:
        ports.write({"s_valid": 1, "s_vector": word})
        wait = rng.choice(apart)
        await RisingEdge(dut.clk)
        # What is there without s_valid is nothing
        ports.write({"s_valid": 0, "s_vector": rng.getrandbits(FEATURE_VECTOR.width)})
        for _ in range(wait - 1):
            await RisingEdge(dut.clk)
        edges += wait
    rest = model.network.shape.latency + 16 * model.network.shape.loop + 4
    for _ in range(rest):
        await RisingEdge(dut.clk)
    return edges + rest


async def begin(dut: Any, model: Nn) -> Judge:
    judge = Judge(dut, model)
    Ports(dut).write({"s_valid": 0, "s_vector": 0})
    await start(dut)
    return judge


@cocotb.test(skip=bool(_network()))
async def every_vector_has_its_record(dut: Any) -> None:
    """Few instruments, so that a step waits for the one before."""
    rng, model = random.Random(cocotb.RANDOM_SEED), Nn(StandIn())
    judge = await begin(dut, model)
    lines = words(vectors(rng, VECTORS, (0, 1, 2, SLOTS - 1)))
    edges = await play(dut, model, lines, (2, 2, 3, 7, 12, 30), rng)
    judge.done(at_least=edges - 1)
    assert model.records == VECTORS and not model.met["network_drops"]
    expected = ("OK", "WARMING_UP", "UNCHANGED", *(reason.name for reason in BAD))
    assert min(model.met[name] for name in expected) >= 20, model.met
    assert model.met["inferences"] == model.met["OK"] > VECTORS // 2
    assert model.waits[0] > VECTORS // 4 and model.met["waited"] > 100
    figure("latency", model.network.shape.latency + 1, "cycles")


@cocotb.test(skip=bool(_network()))
async def too_many_are_dropped_and_counted(dut: Any) -> None:
    """Bursts of one instrument: the queue overflows, and the slot is broken until it is cleared."""
    rng, model = random.Random(cocotb.RANDOM_SEED + 1), Nn(StandIn())
    judge, edges = await begin(dut, model), 0
    for _ in range(12):
        slots = rng.sample(range(SLOTS), rng.choice((1, 2, 3)))
        lines = words(vectors(rng, 60, slots))
        edges += await play(dut, model, lines, rng.choice(((1, 1, 2), (2,), (2, 3, 9))), rng)
    judge.done(at_least=edges - 1)
    assert model.met["network_drops"] > 50 and model.met["DROPPED"] > 50, model.met
    assert model.records + model.met["network_drops"] == 12 * 60
    assert model.met["OK"] > 100


@cocotb.test(skip=bool(_network()))
async def reset_forgets(dut: Any) -> None:
    """What waits, what is under way, and every state; a vector that comes in reset is nobody's."""
    rng, model = random.Random(cocotb.RANDOM_SEED + 2), Nn(StandIn())
    judge, ports = await begin(dut, model), Ports(dut)
    for _ in range(40):
        lines = words(vectors(rng, 30, (0, 1)))
        for word in lines[: rng.randint(1, 29)]:
            ports.write({"s_valid": 1, "s_vector": word})
            await RisingEdge(dut.clk)
            ports.write({"s_valid": 0})
            for _ in range(rng.choice((0, 1, 12))):
                await RisingEdge(dut.clk)
        ports.write({"s_valid": 1, "s_vector": lines[-1]})
        dut.rst.value = 1
        await RisingEdge(dut.clk)
        dut.rst.value = 0
        ports.write({"s_valid": 0})
        for _ in range(rng.choice((0, 20))):
            await RisingEdge(dut.clk)
    judge.done(at_least=400)
    assert model.met["inferences"] > 100 and model.records > 60


@cocotb.test(skip=not _network())
async def a_converted_network_says_what_torch_says(dut: Any) -> None:
    """At the pace that a feed has: what it will say is known before the simulator steps."""
    rng = random.Random(cocotb.RANDOM_SEED + 3)
    rows = vectors(rng, VECTORS, range(SLOTS))
    network = Foreseen(converted(_network()), rows)
    scores = np.array([row for slot in network.scores.values() for row in slot])
    assert min(len(np.unique(scores[:, output])) for output in range(3)) > 50
    model = Nn(network)
    judge = await begin(dut, model)
    edges = await play(dut, model, words(rows), (2, 2, 3, ROOM, 2 * ROOM), rng)
    judge.done(at_least=edges - 1)
    assert model.records == VECTORS and not model.met["network_drops"]
    assert model.met["inferences"] == len(scores) > VECTORS // 2
    assert not any(network.scores.values())  # each was asked for
    if network.shape.recurrent:
        assert model.waits[0] > VECTORS // 4 and model.met["waited"] > 50
    figure(f"latency_{_network()}", network.shape.latency + 1, "cycles")


@pytest.mark.parametrize("gated", [0, 1])
def test_nn(gated: int) -> None:
    run("nn", GATED=gated)


@pytest.mark.parametrize("gated", [0, 1])
@pytest.mark.parametrize("name", ["mlp", "cnn", "lstm_attn"])
def test_a_converted_network(name: str, gated: int) -> None:
    network = converted(name)
    plusargs = [f"+network={name}", f"+model={network.folder.name}"]
    run("nn", plusargs=plusargs, network=network.sources, GATED=gated)
