"""Bench of features: what a book shows of restless venues, against the host's on integers.

The expected vectors are computed and hashed before the first clock edge; each is compared in the
cycle in which it must come.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

import cocotb
import numpy as np
import pytest
from cocotb.triggers import RisingEdge

from sim.checks.feature_numbers import handful, hardware, noticed, scrambled
from sim.golden.features import LATENCY, FeaturesModel, Part, digest
from sim.lib.bench import Judge, Ports, figure, start
from sim.lib.restless import Venues, worth
from sim.lib.runner import run, seed
from tickwire.data import days
from tickwire.data.events import Events
from tickwire.features.table import TABLE, TOP, WHOLE
from tickwire.gen.records import Operation, Reason

RECORDS = 12_000
DAY = 50_000  # messages
KINDS = 40  # values that a feature takes, at least


def _plus(name: str) -> int:
    """Of the simulator's command line; pytest, which only starts it, has none."""
    return int(getattr(cocotb, "plusargs", {}).get(name, 0))


async def play(dut: Any, parts: list[Part], apart: Iterable[int], settle: int = 0) -> FeaturesModel:
    """Every part after a reset; `settle` cycles more after each packet."""
    before = digest(parts)
    slots, gap = int(dut.BOOKS.value), int(dut.GAP.value)
    model, rng, ports = FeaturesModel(parts, slots, gap), random.Random(before), Ports(dut)
    choice = tuple(apart)
    ports.write({"s_valid": 0, "each_change": int(parts[0].each_change)})
    judge, edges = Judge(dut, model), 0
    await start(dut)
    for number, part in enumerate(parts):
        if number:  # a record that comes in reset is nobody's, and what waits is forgotten
            ports.write({"s_valid": 1, "each_change": int(part.each_change)})
            dut.rst.value = 1
            await RisingEdge(dut.clk)
            dut.rst.value = 0
            ports.write({"s_valid": 0})
            await RisingEdge(dut.clk)
        ends = part.events.tops["last_of_packet"].tolist()
        for (top, depth), last in zip(part.inputs, ends, strict=True):
            ports.write({"s_valid": 1, "s_top": top, "s_depth": depth})
            wait = rng.choice(choice) + (settle if last else 0)
            await RisingEdge(dut.clk)
            ports.write({"s_valid": 0, "s_depth": rng.getrandbits(800)})
            for _ in range(wait - 1):
                await RisingEdge(dut.clk)
            edges += wait
    for _ in range(LATENCY + 8 * gap + 2):
        await RisingEdge(dut.clk)
    judge.done(at_least=edges)
    assert digest(parts) == before and not model.parts
    assert model.sent >= len(parts[-1].sent) > 0
    assert sorted(model.order) == list(range(len(parts[-1].sent)))
    return model


def restless(seed: int, dut: Any, records: int, each_change: bool) -> Part:
    slots = tuple(range(int(dut.BOOKS.value)))
    events = Venues(random.Random(seed), slots).events(records)
    return Part.of(events, each_change, scrambled(_plus("table")) if _plus("table") else WHOLE)


def lacking(part: Part) -> list[str]:
    """What the bench should meet, and the records and the vectors that are sent don't bring: each
    feature varies and goes to its ends, each reason is sent, each kind of operation comes."""
    met, sent = worth(part.events), part.vectors.values[part.rows]
    kinds = ("TRUST", "LOAD", "CLEAR", "HALT", "REPLACE", "NONE", "EXECUTE_PRICE", "STALE")
    rare = ("large levels", "highest price", "later first", "CROSSED", "LOCKED")
    names = [name for name in (*(f"op {kind}" for kind in kinds), *rare) if met[name] < 4]
    reasons = (Reason.OK, Reason.WARMING_UP, Reason.ONE_SIDED, Reason.LOADING)
    names += [one.name for one in reasons if not (part.vectors.reason[part.rows] == one).any()]
    if part.vectors.warm[part.rows].sum() <= 200:
        names.append("warm vectors")
    other = bool(_plus("table"))  # another table's features may never go to their ends
    for feature, column in zip(TABLE, sent.T, strict=True):
        least = 10 if other else 20 if feature.name == "since_move" else KINDS
        asleep = column.max() < TOP or column.min() > feature.low
        if len(np.unique(column)) < least or (asleep and not other):
            names.append(feature.name)
    return names


def eventful(seed: int, dut: Any) -> Part:
    """Records that bring all that the bench should meet: drawn again where something is lacking."""
    for number in range(20):
        part = restless(seed + 1000 * number, dut, RECORDS, False)
        if not (names := lacking(part)):
            return part
    raise AssertionError(f"20 draws, and the last lacks {names}")


@cocotb.test()
async def packets_send_what_they_touched(dut: Any) -> None:
    """Records close upon each other; what their vectors are, and when they come."""
    part = eventful(cocotb.RANDOM_SEED, dut)
    model = await play(dut, [part], (2, 2, 2, 3, 7, 30))
    assert model.sent == len(part.sent) and model.others > 1_000
    figure("latency", LATENCY, "cycles")
    figure("vectors", model.sent, "vectors")


@cocotb.test()
async def packets_on_a_wire_keep_their_order(dut: Any) -> None:
    """With the pauses that packets have, vectors leave as the kernel's `triggered` says."""
    part = restless(cocotb.RANDOM_SEED + 1, dut, RECORDS // 3, False)
    model = await play(dut, [part], (2, 2, 3), settle=8 * int(dut.GAP.value))
    assert model.order == list(range(len(part.sent))) and model.others > 400


@cocotb.test()
async def each_change_sends_its_own(dut: Any) -> None:
    part = restless(cocotb.RANDOM_SEED + 2, dut, RECORDS // 2, True)
    model = await play(dut, [part], (2, 2, 2, 5))
    acts = int((part.events.tops["operation"] != Operation.NONE).sum())
    assert model.sent == len(part.sent) == acts and not model.others
    assert model.order == list(range(acts))


@cocotb.test()
async def reset_makes_every_slot_as_new(dut: Any) -> None:
    parts = [restless(cocotb.RANDOM_SEED + 10 + n, dut, 150, n % 3 == 2) for n in range(20)]
    model = await play(dut, parts, (2, 2, 2, 4))
    assert model.sent > 500 and not any(part.vectors.warm.any() for part in parts)


@cocotb.test(skip=not _plus("day"))
async def a_generated_day(dut: Any) -> None:
    """Two instruments of a market day, in the packets that its feed has."""
    _, chunks = days.read("market", DAY, cocotb.RANDOM_SEED, 2)
    pieces = list(chunks)
    events = Events(
        np.concatenate([piece.tops for piece in pieces]),
        np.concatenate([piece.levels for piece in pieces]),
    )
    part = Part.of(events, True)
    model = await play(dut, [part], (2, 3))
    assert model.sent == len(part.sent) > 45_000
    assert part.vectors.warm[part.rows].mean() > 0.8
    assert len(np.unique(events.tops["slot"])) == 2
    figure("day_vectors", model.sent, "vectors")


def test_features() -> None:
    run("features")


def test_fewer_books_without_a_gap() -> None:
    run("features", BOOKS=4, GAP=1)


@pytest.mark.long
def test_a_day() -> None:
    run("features", plusargs=["+day=1"])


@pytest.mark.long
def test_another_table() -> None:
    """Hardware and host of a table whose numbers are all others: each stands where it belongs."""
    hw = hardware(scrambled(seed()), f"scrambled_{seed()}")
    run("features", hw=hw, plusargs=[f"+table={seed()}"], BOOKS=4)


@pytest.mark.long
@pytest.mark.parametrize("name", handful())
def test_a_number_changed_alone_is_seen(name: str) -> None:
    assert noticed(name)
