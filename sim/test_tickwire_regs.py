"""tickwire_regs: the register block against the register map, over AXI4-Lite."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import cocotb
import pytest
from cocotb.triggers import ClockCycles, RisingEdge
from cocotbext.axi import AxiResp

from hwtools.rtl import HW
from sim.golden.tickwire_regs import WORD, Field, RegisterFile
from sim.lib import register_bench
from sim.lib.register_bench import FOLDER, WINDOW_IN, Bench
from sim.lib.runner import RESULT, BenchError
from sim.lib.verilated import SIM_BUILD

ACCESSES = 900


@cocotb.test()
async def every_register_after_reset(dut: Any) -> None:
    bench = Bench(dut, RegisterFile())
    await bench.begin()
    bench.drive_randomly()
    await RisingEdge(dut.clk)
    bench.check_outputs()
    assert len(bench.golden.words) > 110
    for address in sorted(bench.golden.words):  # the high word of a buffered register last
        await bench.check_read(address)


@cocotb.test()
async def every_address_without_a_register(dut: Any) -> None:
    """All that are near one that has, and some of the rest, the reserved window included."""
    bench = Bench(dut, RegisterFile())
    await bench.begin()
    answered = {*bench.golden.words}.union(*bench.golden.windows.values())
    bad = sorted(set(range(0, bench.golden.size, WORD)) - answered)
    assert set(range(0x3000, 0x4000, WORD)) <= set(bad)
    near = [address for address in bad if {address - WORD, address + WORD} & answered]
    for address in [*near, *bench.rng.sample(bad, 300)]:
        await bench.check_read(address)
        await bench.check_write(address, bench.rng.getrandbits(32), 0, WORD)
    bench.check_outputs()


@cocotb.test()
async def random_accesses(dut: Any) -> None:
    bench = Bench(dut, RegisterFile())
    await bench.begin()
    bench.drive_randomly()
    rng = bench.rng
    writable = [a for a, f in bench.golden.words.items() if any(each.sw_writes for each in f)]
    readable = [a for a, f in bench.golden.words.items() if f[0].address == a]
    sticky = [field for field in bench.golden.fields if field.sticky]
    for _ in range(ACCESSES):
        choice = rng.random()
        if choice < 0.5:
            lanes = rng.choice((1, 2, 3, WORD, WORD))
            first = rng.randint(0, WORD - lanes)
            address = rng.choice(writable if rng.random() < 0.9 else readable)
            await bench.check_write(address, rng.getrandbits(32), first, lanes)
        elif choice < 0.9:
            await bench.check_read(rng.choice(writable))
        else:
            field = rng.choice(sticky)
            bench.drive(field, 1)
            await RisingEdge(dut.clk)
            bench.drive(field, 0)
            await RisingEdge(dut.clk)
        await ClockCycles(dut.clk, 1)
        bench.check_outputs()
    for field in [field for field in bench.golden.fields if field.pulse]:
        await bench.check_write(field.address, 1 << field.low, 0, WORD)
    await ClockCycles(dut.clk, 2)
    assert all(bench.golden.pulses.values())
    assert bench.seen == bench.golden.pulses


@cocotb.test()
async def hardware_learns_a_locate(dut: Any) -> None:
    bench = Bench(dut, RegisterFile())
    await bench.begin()
    fields = [field for field in bench.golden.fields if field.has_we]
    assert len(fields) == 8
    for field in fields:
        value = bench.rng.randint(1, field.most)
        getattr(dut, f"{field.port}_next").value = value
        await ClockCycles(dut.clk, 2)
        await bench.check_read(field.address)  # nothing without the write enable
        getattr(dut, f"{field.port}_we").value = 1
        await RisingEdge(dut.clk)
        getattr(dut, f"{field.port}_we").value = 0
        await ClockCycles(dut.clk, 2)
        bench.golden.load(field.path, value)
        await bench.check_read(field.address)
    bench.check_outputs()


@cocotb.test()
async def the_windows_are_answered_by_other_blocks(dut: Any) -> None:
    """Any address of either, any time; writes say whole what is to be written, and reads what
    came. Only the one that is meant is asked."""
    bench = Bench(dut, RegisterFile())
    await bench.begin()
    memory: dict[int, int] = {}
    for name in bench.golden.windows:
        cocotb.start_soon(_answer(bench, name, memory))
    rng, windows = bench.rng, list(bench.golden.windows.values())
    assert [window.start for window in windows] == [0x2000, 0x2800]
    assert len(windows[0]) > 60 and len(windows[1]) == 512
    ends = [end for window in windows for end in (window.start, window[-1])]
    some = [rng.choice(rng.choice(windows)) for _ in range(180)]
    for address in [*ends, *some]:
        if rng.random() < 0.5:
            value = memory[address] = rng.getrandbits(32)
            done = await bench.master.write(address, value.to_bytes(WORD, "little"))
            assert done.resp == AxiResp.OKAY
        else:
            memory.setdefault(address, rng.getrandbits(32))
            done = await bench.master.read(address, WORD)
            assert done.resp == AxiResp.OKAY
            assert int.from_bytes(done.data, "little") == memory[address]
    bench.check_outputs()


async def _answer(bench: Bench, name: str, memory: dict[int, int]) -> None:
    """The other block: it is asked for what `memory` says, and answers after a while."""
    read, write = bench.ports.read, bench.ports.write
    write({f"{name}_{port}": 0 for port in WINDOW_IN})
    while True:
        await RisingEdge(bench.dut.clk)
        if not read(f"{name}_req"):
            continue
        address = bench.golden.windows[name].start + read(f"{name}_addr")
        writes = read(f"{name}_req_is_wr")
        if writes:
            assert read(f"{name}_wr_data") == memory[address]
            assert read(f"{name}_wr_biten") == 0xFFFF_FFFF
        await ClockCycles(bench.dut.clk, bench.rng.choice((1, 2, 5, 9)))
        rest = bench.rng.getrandbits(32)
        ack = {f"{name}_rd_ack": 1 - writes, f"{name}_wr_ack": writes}
        write(ack | {f"{name}_rd_data": rest if writes else memory[address]})
        await RisingEdge(bench.dut.clk)
        write({f"{name}_rd_ack": 0, f"{name}_wr_ack": 0, f"{name}_rd_data": rest})


@cocotb.test()
@cocotb.parametrize(
    parts=[
        ("cycles.count",),
        ("mold.next.sequence_number",),
        ("mold.session.characters", "mold.session_end.characters"),
        ("mold.gap_first.sequence_number", "mold.gap_count.messages"),
    ]
)
async def wide_reads_are_not_torn(dut: Any, parts: tuple[str, ...]) -> None:
    """Values that change at every clock edge; what is read must have been there at one edge."""
    bench = Bench(dut, RegisterFile())
    await bench.begin()
    fields = [next(f for f in bench.golden.fields if f.path == path) for path in parts]
    history: set[tuple[int, ...]] = set()
    cocotb.start_soon(_change(bench, fields, history))
    await ClockCycles(dut.clk, 4)
    words = [a for a, f in sorted(bench.golden.words.items()) if fields_of(f) & set(fields)]
    got = set()
    for _ in range(60):
        memory = {}
        for address in words:
            done = await bench.master.read(address, WORD)
            assert done.resp == AxiResp.OKAY
            memory[address] = int.from_bytes(done.data, "little")
        await ClockCycles(dut.clk, bench.rng.randint(0, 5))
        read = tuple(_assembled(field, memory) for field in fields)
        assert read in history, f"torn: {[hex(part) for part in read]}"
        got.add(read)
    assert len(got) == 60


def fields_of(fields: list[Field]) -> set[Field]:
    return set(fields)


def _assembled(field: Field, memory: dict[int, int]) -> int:
    low = memory[field.address]
    high = memory.get(field.address + WORD, 0) if field.width > 32 else 0
    return (high << 32 | low) >> field.low & field.most


async def _change(bench: Bench, fields: list[Field], history: set[tuple[int, ...]]) -> None:
    """New values every cycle, in which each 32-bit half differs from the one before."""
    while True:
        values = tuple(bench.rng.randint(0, field.most) for field in fields)
        for field, value in zip(fields, values, strict=True):
            getattr(bench.dut, f"{field.port}_next").value = value
        history.add(values)
        await RisingEdge(bench.dut.clk)


def _copy(name: str, texts: dict[str, str]) -> Path:
    hw = FOLDER / f"tickwire_regs_{name}" / "hw"
    shutil.rmtree(hw, ignore_errors=True)
    (hw / "gen").mkdir(parents=True)
    for file, text in texts.items():
        (hw / "gen" / file).write_text(text)
    return hw


def test_tickwire_regs() -> None:
    register_bench.bench("tickwire_regs", RegisterFile())


# Faults that don't meet: each must be found by the one test named, and by that alone.
FAULTS = {
    "every_register_after_reset": (
        "readback_data_var[ad_hi(14'h4)][15:8] = 8'h5;",
        "readback_data_var[ad_hi(14'h4)][15:8] = 8'h6;",
    ),
    "every_address_without_a_register": ("decoded_err = (~is_valid_addr |", "decoded_err = ("),
    "random_accesses": (
        "value & ~decoded_wr_biten[31:0]) | (decoded_wr_data[31:0] & decoded_wr_biten[31:0])",
        "value & 32'h0) | decoded_wr_data[31:0]",
    ),
    "hardware_learns_a_locate": ("locate.stock_locate.we)", "locate.stock_locate.we && 1'b0)"),
    "the_windows_are_answered_by_other_blocks": (
        "hwif_out.counters.addr = decoded_addr[9:0]",
        "hwif_out.counters.addr = {decoded_addr[9:3], decoded_addr[3], decoded_addr[1:0]}",
    ),
    "wide_reads_are_not_torn/parts=0": (
        "readback_data_var[ad_hi(14'h24)] = rbuf_storage.cycles.data[63:32]",
        "readback_data_var[ad_hi(14'h24)] = hwif_in.cycles.count.next[63:32]",
    ),
}


def test_each_fault_is_caught() -> None:
    block = {path.name: path.read_text() for path in (HW / "gen").glob("tickwire_regs*.sv")}
    text = block["tickwire_regs.sv"]
    for right, wrong in FAULTS.values():
        assert right in text
        text = text.replace(right, wrong, 1)
    with pytest.raises(BenchError):
        faulty = _copy("faulty", block | {"tickwire_regs.sv": text})
        register_bench.bench("tickwire_regs", RegisterFile(), faulty)
    left = SIM_BUILD / "tickwire_regs" / "mutants" / "tickwire_regs_faulty" / RESULT
    assert sorted(json.loads(left.read_text())["failed"]) == sorted(FAULTS)
