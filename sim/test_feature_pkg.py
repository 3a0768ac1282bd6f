"""feature_pkg: its arithmetic against the plain model, at every seam."""

from __future__ import annotations

import os
import random
from typing import Any

import cocotb
from cocotb.triggers import Timer

from hwtools.toolchain import BUILD
from sim.golden.feature_pkg import KNEES, hold, octaves, share, squash, window
from sim.lib.runner import PERIOD_NS, run

TOP = BUILD / "bench" / "feature_pkg_top.sv"


def top_level() -> str:
    """The bench-only module that shows what the package says."""
    inputs = {"y": "[39:0]", "d": "signed [43:0]", "distance": "[6:0]", "x": "signed [11:0]"}
    ports = [f"input logic {width} {name}" for name, width in inputs.items()]
    ports += ["output logic [9:0] octave", "output logic signed [10:0] shared"]
    ports += ["output logic signed [7:0] held"]
    body = ["assign octave = octaves(y);", "assign shared = share(distance);"]
    body += ["assign held = hold(x);"]
    for knee in KNEES:
        ports += [f"output logic [14:0] window_{knee}", f"output logic signed [7:0] squash_{knee}"]
        ports += [f"output logic [6:0] size_{knee}"]
        body += [f"assign window_{knee} = window(d, {knee});"]
        body += [f"assign squash_{knee} = signed_squash(window(d, {knee}));"]
        body += [f"assign size_{knee} = squash(window(d, {knee}));"]
    listed, lines = ",\n  ".join(ports), "\n  ".join(body)
    return (
        f"module feature_pkg_top import feature_pkg::*; (\n  {listed}\n);\n  {lines}\nendmodule\n"
    )


@cocotb.test()
async def logarithms_are_the_models(dut: Any) -> None:
    rng = random.Random(cocotb.RANDOM_SEED)
    seams = [2**place + step for place in range(40) for step in (-1, 0, 1)]
    values = [*range(1, 1_500), *seams, *(rng.getrandbits(rng.randint(1, 40)) for _ in range(4000))]
    compared = 0
    for y in values:
        if not 0 < y < 2**40:
            continue
        dut.y.value = y
        await Timer(PERIOD_NS, "ns")
        assert int(dut.octave.value) == octaves(y), y
        compared += 1
    assert compared > 5_000


@cocotb.test()
async def squashes_are_the_models(dut: Any) -> None:
    rng, compared, met = random.Random(cocotb.RANDOM_SEED), 0, dict[int, set[int]]()
    seams = [2**place + step for place in range(42) for step in (-2, -1, 0, 1)]
    drawn = (rng.getrandbits(rng.choice((42, *range(5, 21)))) for _ in range(4_000))
    for size in (*range(300), *seams, *drawn):
        for d in {size, -size}:
            dut.d.value = d
            await Timer(PERIOD_NS, "ns")
            for knee in KNEES:
                expected = squash(d, knee)
                signed, size = (getattr(dut, f"{name}_{knee}").value for name in ("squash", "size"))
                assert signed.to_signed() == expected, (d, knee)
                assert size.to_unsigned() == abs(expected), (d, knee)
                assert int(getattr(dut, f"window_{knee}").value) == window(d, knee), (d, knee)
                met.setdefault(knee, set()).add(expected)
                compared += 1
    assert compared > 20_000 and all(len(values) > 240 for values in met.values())


@cocotb.test()
async def shares_and_bounds_are_the_tables(dut: Any) -> None:
    for d in range(128):
        dut.distance.value = d
        await Timer(PERIOD_NS, "ns")
        assert dut.shared.value.to_signed() == share(d), d
    for x in range(-2048, 2048):
        dut.x.value = x
        await Timer(PERIOD_NS, "ns")
        assert dut.held.value.to_signed() == hold(x), x


def write_top() -> None:
    TOP.parent.mkdir(parents=True, exist_ok=True)
    part = TOP.with_suffix(f".{os.getpid()}")
    part.write_text(top_level())
    part.replace(TOP)


def test_feature_pkg() -> None:
    write_top()
    run("feature_pkg", top=TOP)
