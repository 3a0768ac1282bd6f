"""Bench of crc32: zlib is the judge, over single beats and over whole frames."""

from __future__ import annotations

import random
import zlib
from typing import Any

import cocotb
import pytest
from cocotb.triggers import Timer

from sim.golden.crc32 import ONES, crc_next
from sim.lib.runner import PERIOD_NS, run

BEATS = 400


async def step(dut: Any, register: int, data: bytes) -> int:
    dut.crc.value = register
    dut.data.value = int.from_bytes(data, "little")
    await Timer(PERIOD_NS, "ns")
    return int(dut.crc_next.value)


@cocotb.test()
async def any_beat_from_any_register(dut: Any) -> None:
    rng, size = random.Random(cocotb.RANDOM_SEED), len(dut.data) // 8
    registers = [0, ONES, *(1 << bit for bit in range(32))]
    registers += [rng.getrandbits(32) for _ in range(BEATS)]
    for register in registers:
        data = rng.randbytes(size)
        assert await step(dut, register, data) == crc_next(register, data)
    for i in range(8 * size):  # each bit alone
        data = (1 << i).to_bytes(size, "little")
        assert await step(dut, 0, data) == crc_next(0, data)


@cocotb.test()
async def a_frame(dut: Any) -> None:
    rng, size = random.Random(cocotb.RANDOM_SEED), len(dut.data) // 8
    frame, register = rng.randbytes(8 * 20), ONES
    for at in range(0, len(frame), size):
        register = await step(dut, register, frame[at : at + size])
    assert register ^ ONES == zlib.crc32(frame)


@pytest.mark.parametrize("width", [8, 16, 32, 64])
def test_crc32(width: int) -> None:
    run("crc32", W=width)
