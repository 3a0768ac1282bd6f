"""Benches of register blocks: a bench-only top level that gives each member of the block's structs
a port of its own, and what is done over AXI4-Lite done to the golden model too.
"""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import cocotb
from cocotb.triggers import ClockCycles, RisingEdge
from cocotbext.axi import AxiLiteBus, AxiLiteMaster, AxiResp

from hwtools.rtl import HW
from hwtools.toolchain import BUILD
from sim.golden.tickwire_regs import WORD, Field, RegisterFile
from sim.lib.bench import Ports, start
from sim.lib.runner import run

FOLDER = BUILD / "bench"
AXIL_OUT = {"awready": 1, "wready": 1, "bvalid": 1, "bresp": 2, "arready": 1, "rvalid": 1}
AXIL_OUT |= {"rresp": 2, "rdata": 32}
AXIL_IN = {"awvalid": 1, "awaddr": 0, "awprot": 3, "wvalid": 1, "wdata": 32, "wstrb": 4}
AXIL_IN |= {"bready": 1, "arvalid": 1, "araddr": 0, "arprot": 3, "rready": 1}  # 0: the block's
WINDOW_OUT = {"req": 1, "req_is_wr": 1, "addr": 0, "wr_data": 32, "wr_biten": 32}  # 0: its own
WINDOW_IN = {"rd_ack": 1, "rd_data": 32, "wr_ack": 1}


def hardware_ports(field: Field) -> list[tuple[str, str, str, int]]:
    """Direction, port, struct member and width of each signal of a field's hardware side."""
    found = []
    if field.hw_writes:
        found.append(("input", f"{field.port}_next", f"hwif_in.{field.path}.next", field.width))
    if field.has_we:
        found.append(("input", f"{field.port}_we", f"hwif_in.{field.path}.we", 1))
    if field.hw_clears:
        found.append(("input", f"{field.port}_hwclr", f"hwif_in.{field.path}.hwclr", 1))
    if field.hw_locks:
        found.append(("input", f"{field.port}_swwe", f"hwif_in.{field.path}.swwe", 1))
    if field.hw_reads:
        found.append(("output", f"{field.port}_value", f"hwif_out.{field.path}.value", field.width))
    return found


def top_level(block: str, golden: RegisterFile) -> str:
    """The bench-only module with one port for each signal."""
    axil_in = {name: bits or (golden.size - 1).bit_length() for name, bits in AXIL_IN.items()}
    ports = ["input logic clk", "input logic rst"]
    ports += [f"input logic [{width - 1}:0] s_axil_{name}" for name, width in axil_in.items()]
    ports += [f"output logic [{width - 1}:0] s_axil_{name}" for name, width in AXIL_OUT.items()]
    body = []
    for field in golden.fields:
        for direction, port, member, width in hardware_ports(field):
            ports.append(f"{direction} logic [{width - 1}:0] {port}")
            left, right = (member, port) if direction == "input" else (port, member)
            body.append(f"assign {left} = {right};")
    for window, addresses in golden.windows.items():
        own = (WORD * len(addresses) - 1).bit_length()
        for name, width in WINDOW_OUT.items():
            ports.append(f"output logic [{(width or own) - 1}:0] {window}_{name}")
            body.append(f"assign {window}_{name} = hwif_out.{window}.{name};")
        for name, width in WINDOW_IN.items():
            ports.append(f"input logic [{width - 1}:0] {window}_{name}")
            body.append(f"assign hwif_in.{window}.{name} = {window}_{name};")
    listed, lines = ",\n  ".join(ports), "\n  ".join(body)
    return (
        f"module {block}_top import {block}_pkg::*; (\n  {listed}\n);\n"
        f"  {block}__in_t hwif_in;\n  {block}__out_t hwif_out;\n  {lines}\n"
        f"  {block} dut (.*);\nendmodule\n"
    )


class Bench:
    """The block, its golden model, and the hardware side driven alike in both."""

    def __init__(self, dut: Any, golden: RegisterFile) -> None:
        self.dut, self.rng, self.ports = dut, random.Random(cocotb.RANDOM_SEED), Ports(dut)
        self.golden = golden
        self.seen = dict.fromkeys(self.golden.pulses, 0)

    async def begin(self) -> None:
        for field in self.golden.fields:
            for direction, port, _, _ in hardware_ports(field):
                if direction == "input":
                    getattr(self.dut, port).value = 0
        for window in self.golden.windows:
            self.ports.write({f"{window}_{name}": 0 for name in WINDOW_IN})
        bus = AxiLiteBus.from_prefix(self.dut, "s_axil")
        self.master = AxiLiteMaster(bus, self.dut.clk, self.dut.rst)
        await start(self.dut)
        await ClockCycles(self.dut.clk, 2)
        cocotb.start_soon(self._watch_pulses())

    async def _watch_pulses(self) -> None:
        pulses = [field for field in self.golden.fields if field.pulse]
        while True:
            await RisingEdge(self.dut.clk)
            for field in pulses:
                self.seen[field.path] += self.ports.read(f"{field.port}_value")

    def drive(self, field: Field, value: int) -> None:
        getattr(self.dut, f"{field.port}_next").value = value
        self.golden.drive(field.path, value)

    def lock(self, field: Field, locked: bool) -> None:
        self.ports.write({f"{field.port}_swwe": int(not locked)})
        self.golden.lock(field.path, locked)

    def drive_randomly(self) -> None:
        for field in self.golden.fields:
            if field.hw_writes and not field.stored:
                self.drive(field, self.rng.randint(0, field.most))

    async def check_read(self, address: int) -> None:
        done = await self.master.read(address, WORD)
        expected = self.golden.read(address)
        assert done.resp == (AxiResp.SLVERR if expected is None else AxiResp.OKAY), hex(address)
        if expected is not None:
            got = int.from_bytes(done.data, "little")
            assert got == expected, f"{address:#06x} reads {got:#x}, not {expected:#x}"

    async def check_write(self, address: int, data: int, first: int, lanes: int) -> None:
        """Write bytes `first` to `first + lanes - 1` of `data`, the other strobes low."""
        raw = data.to_bytes(WORD, "little")[first : first + lanes]
        done = await self.master.write(address + first, raw)
        strobes = ((1 << lanes) - 1) << first
        allowed = self.golden.write(address, data, strobes)
        assert done.resp == (AxiResp.OKAY if allowed else AxiResp.SLVERR), hex(address)

    def check_outputs(self) -> None:
        for field in self.golden.fields:
            if field.hw_reads and not field.pulse:
                got = self.ports.read(f"{field.port}_value")
                expected = self.golden.state[field.path]
                assert got == expected, f"{field.path} shows {got:#x}, not {expected:#x}"


def bench(block: str, golden: RegisterFile, hw: Path = HW) -> None:
    """Build the block with a port for each signal, and run its tests."""
    top = FOLDER / f"{block}_top.sv"
    top.parent.mkdir(parents=True, exist_ok=True)
    part = top.with_suffix(f".{os.getpid()}")
    part.write_text(top_level(block, golden))
    part.replace(top)
    run(block, top=top, hw=hw)
