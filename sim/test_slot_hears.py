"""Bench of slot_hears: few names, so that slots share them, any names, and each pair alone."""

from __future__ import annotations

import random
from typing import Any

import cocotb
import pytest
from cocotb.triggers import Timer

from sim.golden.slot_hears import follows, hears
from sim.lib.runner import PERIOD_NS, run

DRAWN = 2000


async def play(dut: Any, enabled: list[bool], names: list[int]) -> int:
    """How many enabled slots don't hear."""
    bits = len(dut.s_name) // len(enabled)
    dut.s_enable.value = sum(on << slot for slot, on in enumerate(enabled))
    dut.s_name.value = sum(name << bits * slot for slot, name in enumerate(names))
    await Timer(PERIOD_NS, "ns")
    observed, expected = int(dut.m_hears.value), hears(enabled, names)
    assert observed == sum(on << slot for slot, on in enumerate(expected)), (enabled, names)
    named = sum(on << slot for slot, on in enumerate(follows(enabled, names)))
    assert int(dut.m_follows.value) == named, (enabled, names)
    return sum(enabled) - sum(expected)


@cocotb.test()
async def the_lowest_slot_of_an_instrument_hears_it(dut: Any) -> None:
    rng, slots = random.Random(cocotb.RANDOM_SEED), len(dut.s_enable)
    top, deaf = (1 << len(dut.s_name) // slots) - 1, 0
    for _ in range(DRAWN):
        few = [0, *(rng.randint(1, top) for _ in range(rng.randint(1, slots)))]
        enabled = [rng.random() < 0.8 for _ in range(slots)]
        deaf += await play(dut, enabled, [rng.choice(few) for _ in range(slots)])
    assert deaf > DRAWN, deaf


@cocotb.test()
async def every_pair_of_slots_and_every_bit_of_a_name_counts(dut: Any) -> None:
    slots = len(dut.s_enable)
    bits = len(dut.s_name) // slots
    for low in range(slots):
        for high in range(low + 1, slots):
            for bit in range(bits):
                names = [0] * slots
                names[low] = names[high] = 1 << bit
                both = [slot in (low, high) for slot in range(slots)]
                assert await play(dut, both, names) == 1
                assert await play(dut, [slot == high for slot in range(slots)], names) == 0
                names[high] ^= 1 << (bit + 1) % bits
                assert await play(dut, both, names) == 0


@pytest.mark.parametrize("name_w", [16, 64])
def test_slot_hears(name_w: int) -> None:
    run("slot_hears", NAME_W=name_w)
