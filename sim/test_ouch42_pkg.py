"""ouch42_pkg: every constant, and the length and tail of every type that a byte can name."""

from __future__ import annotations

from typing import Any

import cocotb

from sim.golden.ouch42_pkg import ANSWERS, NUMBERS
from sim.golden.ouch_pkg import SIDES
from sim.test_itch_pkg import numbers_are
from sim.test_ouch_pkg import build, types_are


@cocotb.test()
async def constants_are_the_tables(dut: Any) -> None:
    await numbers_are(dut, NUMBERS)
    assert len(NUMBERS) > 150


@cocotb.test()
async def a_length_and_a_tail_for_every_byte(dut: Any) -> None:
    await types_are(dut, ANSWERS)
    assert [len(ANSWERS[side]) for side in SIDES] == [5, 15]


def test_ouch42_pkg() -> None:
    build("ouch42_pkg", NUMBERS)
