"""deep_pkg: every constant, and the length of every type that a byte can name, by the table."""

from __future__ import annotations

from typing import Any

import cocotb

from sim.golden.deep_pkg import LENGTHS, NUMBERS
from sim.test_itch_pkg import build, lengths_are, numbers_are


@cocotb.test()
async def constants_are_the_tables(dut: Any) -> None:
    await numbers_are(dut, NUMBERS)
    assert len(NUMBERS) > 80


@cocotb.test()
async def a_length_for_every_byte(dut: Any) -> None:
    await lengths_are(dut, LENGTHS)


def test_deep_pkg() -> None:
    build("deep_pkg", NUMBERS)
