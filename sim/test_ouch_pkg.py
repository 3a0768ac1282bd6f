"""ouch_pkg: every constant, and the length and tail of every type that a byte can name."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

import cocotb
from cocotb.triggers import Timer

from hwtools.toolchain import BUILD
from sim.golden.ouch_pkg import ANSWERS, NUMBERS, SIDES, Answers
from sim.lib.runner import PERIOD_NS, run
from sim.test_itch_pkg import numbers_are


def top_level(package: str, numbers: Iterable[str]) -> str:
    """The bench-only module that shows what the package says."""
    ports, body = ["input logic [7:0] kind"], []
    for side in SIDES:
        for what in ("length", "tail"):
            ports.append(f"output logic [31:0] {side}_{what}_is")
            body.append(f"assign {side}_{what}_is = 32'({side}_{what}(kind));")
    for name in numbers:
        ports.append(f"output logic [31:0] number_{name}")
        body.append(f"assign number_{name} = 32'({name});")
    listed, lines = ",\n  ".join(ports), "\n  ".join(body)
    top = f"module {package}_top import {package}::*; (\n  {listed}\n);"
    return f"{top}\n  {lines}\nendmodule\n"


async def types_are(dut: Any, answers: Mapping[str, Answers]) -> None:
    for kind in range(256):
        dut.kind.value = kind
        await Timer(PERIOD_NS, "ns")
        for side, known in answers.items():
            ports = (getattr(dut, f"{side}_{what}_is") for what in ("length", "tail"))
            assert tuple(int(port.value) for port in ports) == known.get(kind, (0, 0))


def build(package: str, numbers: Iterable[str]) -> None:
    """Write the top level and run its bench."""
    top = BUILD / "bench" / f"{package}_top.sv"
    top.parent.mkdir(parents=True, exist_ok=True)
    part = top.with_suffix(f".{os.getpid()}")
    part.write_text(top_level(package, numbers))
    part.replace(top)
    run(package, top=top)


@cocotb.test()
async def constants_are_the_tables(dut: Any) -> None:
    await numbers_are(dut, NUMBERS)
    assert len(NUMBERS) > 250


@cocotb.test()
async def a_length_and_a_tail_for_every_byte(dut: Any) -> None:
    await types_are(dut, ANSWERS)
    assert [len(ANSWERS[side]) for side in SIDES] == [8, 17]


def test_ouch_pkg() -> None:
    build("ouch_pkg", NUMBERS)
