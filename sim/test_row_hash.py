"""Bench of row_hash: each bit of a name alone, all of them, any names; as the tables hash, and at
the least of rows."""

from __future__ import annotations

import random
from typing import Any

import cocotb
import pytest
from cocotb.triggers import Timer

from sim.golden.hash_table import HASH as REFERENCES
from sim.golden.level_table import HASH as LEVELS
from sim.golden.row_hash import RowHash
from sim.lib.runner import PERIOD_NS, run

NAMES = 1000
SHAPE = ("SPARSE", "SKEW_0", "OFFSET_1", "SKEW_1")


@cocotb.test()
async def every_name_has_its_rows(dut: Any) -> None:
    rng, name_w, row_w = random.Random(cocotb.RANDOM_SEED), len(dut.s_name), int(dut.ROW_W.value)
    model = RowHash(name_w, row_w, *(int(getattr(dut, name).value) for name in SHAPE))
    names = [0, (1 << name_w) - 1, *(1 << bit for bit in range(name_w))]
    names += [rng.getrandbits(name_w) for _ in range(NAMES)]
    for name in names:
        dut.s_name.value = name
        await Timer(PERIOD_NS, "ns")
        rows = int(dut.m_rows.value)
        observed = [rows & (1 << row_w) - 1, rows >> row_w]
        assert observed == model.rows(name), f"{name:#x}"
        assert name.bit_count() != 1 or all(observed), f"{name:#x} shares a row with 0"


@pytest.mark.parametrize(
    ("name_w", "row_w", "shape"),
    [(66, 10, REFERENCES), (36, 9, LEVELS), (36, 7, LEVELS), (4, 1, REFERENCES)],
)
def test_row_hash(name_w: int, row_w: int, shape: dict[str, int]) -> None:
    parameters: dict[str, Any] = {name.upper(): value for name, value in shape.items()}
    run("row_hash", NAME_W=name_w, ROW_W=row_w, **parameters)
