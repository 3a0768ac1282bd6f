"""feature_table_pkg: every constant as a simulator reads it, against the table."""

from __future__ import annotations

import os
from typing import Any

import cocotb
from cocotb.triggers import Timer

from hwtools.toolchain import BUILD
from sim.golden.feature_table_pkg import ARRAYS, NUMBERS
from sim.lib.runner import PERIOD_NS, run

TOP = BUILD / "bench" / "feature_table_pkg_top.sv"


def top_level() -> str:
    """The bench-only module that shows what the package says."""
    ports = [f"output logic [31:0] number_{name}" for name in NUMBERS]
    body = [f"assign number_{name} = 32'({name});" for name in NUMBERS]
    for name, values in ARRAYS.items():
        for at in range(len(values)):
            ports.append(f"output logic signed [31:0] array_{name}_{at}")
            body.append(f"assign array_{name}_{at} = 32'({name}[{at}]);")
    listed, lines = ",\n  ".join(ports), "\n  ".join(body)
    head = "module feature_table_pkg_top import feature_table_pkg::*;"
    return f"{head} (\n  {listed}\n);\n  {lines}\nendmodule\n"


@cocotb.test()
async def constants_are_the_tables(dut: Any) -> None:
    await Timer(PERIOD_NS, "ns")
    observed = {name: int(getattr(dut, f"number_{name}").value) for name in NUMBERS}
    assert observed == NUMBERS and len(NUMBERS) > 35
    for name, values in ARRAYS.items():
        ports = (getattr(dut, f"array_{name}_{at}") for at in range(len(values)))
        assert tuple(port.value.to_signed() for port in ports) == values, name
    assert sum(map(len, ARRAYS.values())) > 190


def test_feature_table_pkg() -> None:
    TOP.parent.mkdir(parents=True, exist_ok=True)
    part = TOP.with_suffix(f".{os.getpid()}")
    part.write_text(top_level())
    part.replace(TOP)
    run("feature_table_pkg", top=TOP)
