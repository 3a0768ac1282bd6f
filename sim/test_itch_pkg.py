"""itch_pkg: every constant, and the length of every type that a byte can name, by the table."""

from __future__ import annotations

import os
from typing import Any

import cocotb
from cocotb.triggers import Timer

from hwtools.toolchain import BUILD
from sim.golden.itch_pkg import LENGTHS, NUMBERS
from sim.lib.runner import PERIOD_NS, run

TOP = BUILD / "bench" / "itch_pkg_top.sv"


def top_level() -> str:
    """The bench-only module that shows what the package says."""
    ports = ["input logic [7:0] kind", "output logic [31:0] length"]
    ports += [f"output logic [31:0] number_{name}" for name in NUMBERS]
    body = ["assign length = 32'(message_length(kind));"]
    body += [f"assign number_{name} = 32'({name});" for name in NUMBERS]
    listed, lines = ",\n  ".join(ports), "\n  ".join(body)
    return f"module itch_pkg_top import itch_pkg::*; (\n  {listed}\n);\n  {lines}\nendmodule\n"


@cocotb.test()
async def constants_are_the_tables(dut: Any) -> None:
    dut.kind.value = 0
    await Timer(PERIOD_NS, "ns")
    assert {name: int(getattr(dut, f"number_{name}").value) for name in NUMBERS} == NUMBERS
    assert len(NUMBERS) > 100


@cocotb.test()
async def a_length_for_every_byte(dut: Any) -> None:
    for kind in range(256):
        dut.kind.value = kind
        await Timer(PERIOD_NS, "ns")
        assert int(dut.length.value) == LENGTHS.get(kind, 0)


def test_itch_pkg() -> None:
    TOP.parent.mkdir(parents=True, exist_ok=True)
    part = TOP.with_suffix(f".{os.getpid()}")
    part.write_text(top_level())
    part.replace(TOP)
    run("itch_pkg", top=TOP)
