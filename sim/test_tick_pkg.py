"""tick_pkg: records packed by the host, taken apart and put together by the RTL, and compared.

The bench-only top level, written from the message table, has for each record R and field F
  R_raw   -> R_F_out     each element of F, by its name in the struct, sign-extended
  R_F_in  -> R_packed    the struct, put together from its elements
and for each constant and enum value N an output number_N.
"""

from __future__ import annotations

import os
import random
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cocotb
import numpy as np
import pytest
from cocotb.triggers import Timer

from hwtools import bits
from hwtools.rtl import HW
from hwtools.toolchain import BUILD, ROOT
from sim.golden import tick_pkg as golden
from sim.lib.runner import PERIOD_NS, BenchError, run, seed
from tickwire.gen import records

SAMPLES = 200
WORD_W = 64  # bits in which every element comes out
TOP = BUILD / "bench" / "tick_pkg_top.sv"


def members(record: str) -> Iterator[tuple[str, str, int | None, golden.Field]]:
    """For each element of each field: port, struct member, index in the field, the field."""
    for field in golden.RECORDS[record]:
        if field.count is None:
            yield f"{record}_{field.name}", field.name, None, field
        else:
            for i in range(field.count):
                yield f"{record}_{field.name}_{i}", f"{field.name}[{i}]", i, field


def top_level() -> str:
    """The bench-only module that reads and writes the structs by their members' names."""
    ports, body = [], []
    for record in golden.RECORDS:
        width = f"{golden.width(record) - 1}:0"
        ports += [f"input logic [{width}] {record}_raw", f"output logic [{width}] {record}_packed"]
        body += [f"{record}_t {record}_from, {record}_to;"]
        body += [f"assign {record}_from = {record}_t'({record}_raw);"]
        body += [f"assign {record}_packed = {record}_to;"]
        for port, member, _, field in members(record):
            ports += [f"output logic signed [{WORD_W - 1}:0] {port}_out"]
            ports += [f"input logic [{field.width - 1}:0] {port}_in"]
            body += [f"assign {port}_out = {WORD_W}'({record}_from.{member});"]
            kind = f"{field.enum}_e'" if field.enum else ""
            body += [f"assign {record}_to.{member} = {kind}({port}_in);"]
    for name in golden.NUMBERS:
        ports += [f"output logic [{WORD_W - 1}:0] number_{name}"]
        body += [f"assign number_{name} = {WORD_W}'({name});"]
    listed, lines = ",\n  ".join(ports), "\n  ".join(body)
    return f"module tick_pkg_top import tick_pkg::*; (\n  {listed}\n);\n  {lines}\nendmodule\n"


def as_records(record: str, samples: list[dict[str, golden.Value]]) -> bits.Records:
    """The samples as the host holds them."""
    rows = records.LAYOUTS[record].empty(len(samples))
    for field in golden.RECORDS[record]:
        rows[field.name] = np.array(
            [sample[field.name] for sample in samples], rows[field.name].dtype
        )
    return rows


def element(value: golden.Value, index: int | None) -> int:
    if not isinstance(value, list):
        return value
    assert index is not None
    return value[index]


@cocotb.test()
@cocotb.parametrize(record=list(golden.RECORDS))
async def packed_by_the_host_and_read_by_the_rtl(dut: Any, record: str) -> None:
    samples = golden.samples(record, random.Random(cocotb.RANDOM_SEED), SAMPLES)
    packed = bits.pack(as_records(record, samples), records.LAYOUTS[record])
    assert len(packed) == len(samples)
    ports = list(members(record))
    for row, sample in enumerate(samples):
        getattr(dut, f"{record}_raw").value = int.from_bytes(packed[row].tobytes(), "big")
        await Timer(PERIOD_NS, "ns")
        for port, member, index, field in ports:
            out = getattr(dut, f"{port}_out").value
            # an unsigned element of 64 bits fills the signed port
            observed = out.to_signed() if field.signed else out.to_unsigned()
            expected = element(sample[field.name], index)
            assert observed == expected, (
                f"row {row}: {record}.{member} is {observed}, not {expected}"
            )


@cocotb.test()
@cocotb.parametrize(record=list(golden.RECORDS))
async def packed_by_the_rtl_and_read_by_the_host(dut: Any, record: str) -> None:
    layout = records.LAYOUTS[record]
    samples = golden.samples(record, random.Random(cocotb.RANDOM_SEED), SAMPLES)
    words = []
    for sample in samples:
        for port, _, index, field in members(record):
            value = element(sample[field.name], index)
            getattr(dut, f"{port}_in").value = value % (1 << field.width)
        await Timer(PERIOD_NS, "ns")
        words.append(getattr(dut, f"{record}_packed").value.to_unsigned())
    for row, (sample, word) in enumerate(zip(samples, words, strict=True)):
        expected = golden.pack(record, sample)
        assert word == expected, f"row {row}: {record} is {word:#x}, not {expected:#x}"
    raw = b"".join(word.to_bytes(layout.bytes, "big") for word in words)
    packed = np.frombuffer(raw, np.uint8).reshape(len(words), layout.bytes)
    assert np.array_equal(bits.unpack(packed, layout), as_records(record, samples))


@cocotb.test()
async def constants_and_enums_have_their_values(dut: Any) -> None:
    await Timer(PERIOD_NS, "ns")
    observed = {name: int(getattr(dut, f"number_{name}").value) for name in golden.NUMBERS}
    assert observed == golden.NUMBERS


def _bench(hw: Path = HW) -> None:
    TOP.parent.mkdir(parents=True, exist_ok=True)
    part = TOP.with_suffix(f".{os.getpid()}")
    part.write_text(top_level())
    part.replace(TOP)
    run("tick_pkg", top=TOP, hw=hw)


def test_tick_pkg() -> None:
    _bench()


def _swapped(text: str, first: str, second: str) -> str:
    """The package with two members of one struct in each other's place."""
    pattern = rf"(?P<a>^ *logic [^;\n]*{first};)(?P<between>.*?)(?P<b>^ *logic [^;\n]*{second};)"
    return re.sub(pattern, r"\g<b>\g<between>\g<a>", text, count=1, flags=re.DOTALL | re.MULTILINE)


FAULTS: dict[str, tuple[Callable[[str], str], str]] = {
    "swapped_fields": (lambda text: _swapped(text, "bid_price", "ask_price"), "read_by_the_rtl"),
    "swapped_stamps": (lambda text: _swapped(text, "frame_cycle", "message_cycle"), "by_the_host"),
    "unsigned_elements": (
        lambda text: text.replace("logic signed [FEATURE_W-1:0]", "logic [FEATURE_W-1:0]"),
        "read_by_the_rtl",
    ),
    "swapped_values": (
        lambda text: text.replace("ADD = 4'd1", "ADD = 4'd0").replace("NONE = 4'd0", "NONE = 4'd1"),
        "constants_and_enums",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_caught(name: str) -> None:
    fault, judge = FAULTS[name]
    hw = BUILD / "bench" / f"tick_pkg_{name}" / "hw"
    shutil.rmtree(hw, ignore_errors=True)
    (hw / "gen").mkdir(parents=True)
    text = (ROOT / "hw" / "gen" / "tick_pkg.sv").read_text()
    faulty = fault(text)
    assert faulty != text
    (hw / "gen" / "tick_pkg.sv").write_text(faulty)
    with pytest.raises(BenchError, match=judge):
        _bench(hw)


def test_golden_agrees_with_itself() -> None:
    rng = random.Random(seed())
    for record in golden.RECORDS:
        for sample in golden.samples(record, rng, SAMPLES):
            assert golden.unpack(record, golden.pack(record, sample)) == sample
