"""itch_pkg: every constant, and the length of every type that a byte can name, by the table."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

import cocotb
from cocotb.triggers import Timer

from hwtools.toolchain import BUILD
from sim.golden.itch_pkg import LENGTHS, NUMBERS
from sim.lib.runner import PERIOD_NS, run


def top_level(package: str, numbers: Iterable[str]) -> str:
    """The bench-only module that shows what the package says."""
    ports = ["input logic [7:0] kind", "output logic [31:0] length"]
    ports += [f"output logic [31:0] number_{name}" for name in numbers]
    body = ["assign length = 32'(message_length(kind));"]
    body += [f"assign number_{name} = 32'({name});" for name in numbers]
    listed, lines = ",\n  ".join(ports), "\n  ".join(body)
    top = f"module {package}_top import {package}::*; (\n  {listed}\n);"
    return f"{top}\n  {lines}\nendmodule\n"


async def numbers_are(dut: Any, numbers: Mapping[str, int]) -> None:
    dut.kind.value = 0
    await Timer(PERIOD_NS, "ns")
    assert {name: int(getattr(dut, f"number_{name}").value) for name in numbers} == numbers


async def lengths_are(dut: Any, lengths: Mapping[int, int]) -> None:
    for kind in range(256):
        dut.kind.value = kind
        await Timer(PERIOD_NS, "ns")
        assert int(dut.length.value) == lengths.get(kind, 0)


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
    assert len(NUMBERS) > 100


@cocotb.test()
async def a_length_for_every_byte(dut: Any) -> None:
    await lengths_are(dut, LENGTHS)


def test_itch_pkg() -> None:
    build("itch_pkg", NUMBERS)
