"""risk_regs: the register block of the risk window against its map, over AXI4-Lite."""

from __future__ import annotations

from typing import Any

import cocotb
from cocotb.triggers import ClockCycles, RisingEdge

from sim.golden.risk_regs import registers
from sim.golden.tickwire_regs import WORD
from sim.lib.register_bench import Bench, bench

ACCESSES = 600


@cocotb.test()
async def every_address_answers_or_errs(dut: Any) -> None:
    """After reset, and after a write to each: of words only written nothing can be read."""
    block = Bench(dut, registers())
    await block.begin()
    block.drive_randomly()
    await RisingEdge(dut.clk)
    block.check_outputs()
    golden = block.golden
    unread = [at for at in golden.words if golden.read(at) is None]
    assert len(unread) == 4 + 15 + 19 + 9 + 14 and golden.size > max(golden.words)
    for address in range(0, golden.size, WORD):
        await block.check_read(address)
        await block.check_write(address, block.rng.getrandbits(32), 0, WORD)
        await ClockCycles(dut.clk, 1)
        block.check_outputs()
        await block.check_read(address)


@cocotb.test()
async def random_accesses(dut: Any) -> None:
    """Bytes of words; words that the hardware clears, and those that it doesn't let be written."""
    block = Bench(dut, registers())
    await block.begin()
    golden, rng = block.golden, block.rng
    cleared = [field for field in golden.fields if field.hw_clears]
    locks = [field for field in golden.fields if field.hw_locks]
    addresses = [*golden.words]
    acting = [field.address for field in golden.fields if field.pulse]
    for _ in range(ACCESSES):
        block.drive_randomly()
        for field in locks:
            block.lock(field, rng.random() < 0.4)
        await RisingEdge(dut.clk)
        lanes = rng.choice((1, 2, 3, WORD, WORD))
        first = rng.randint(0, WORD - lanes)
        address = rng.choice(acting if rng.random() < 0.1 else addresses)
        await block.check_write(address, rng.getrandbits(32), first, lanes)
        if rng.random() < 0.2:
            await block.check_read(rng.choice(addresses))
        if rng.random() < 0.2:
            field = rng.choice(cleared)
            block.ports.write({f"{field.port}_hwclr": 1})
            await RisingEdge(dut.clk)
            block.ports.write({f"{field.port}_hwclr": 0})
            golden.clear(field.path)
            await RisingEdge(dut.clk)
        await ClockCycles(dut.clk, 1)
        block.check_outputs()
    assert all(golden.pulses.values()) and block.seen == golden.pulses


def test_risk_regs() -> None:
    bench("risk_regs", registers())
