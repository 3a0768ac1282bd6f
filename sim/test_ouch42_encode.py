"""Bench of ouch42_encode: the orders of ouch_encode's bench, as OUCH 4.2 has them."""

from __future__ import annotations

import random
from typing import Any

import cocotb
from cocotb.triggers import RisingEdge

from sim.golden.ouch42_encode import LENGTH, Ouch42Encode
from sim.golden.ouch_encode import LATENCY, refused
from sim.golden.tick_pkg import pack, samples, unpack
from sim.lib import ouch42_reader
from sim.lib.bench import Judge, Ports, figure, reset, start
from sim.lib.runner import run
from sim.test_ouch_encode import order
from sim.test_soup_rx import packet

RECORDS = 4000


@cocotb.test()
async def every_order_is_written_or_refused(dut: Any) -> None:
    rng, model, ports = random.Random(cocotb.RANDOM_SEED), Ouch42Encode(), Ports(dut)
    judge = Judge(dut, model)
    ports.write({"s_valid": 0, "s_order": order(rng)})
    await start(dut)
    for _ in range(RECORDS):
        ports.write({"s_valid": int(rng.random() < 0.8), "s_order": order(rng)})
        await (reset(dut) if rng.random() < 0.01 else RisingEdge(dut.clk))
    judge.done(at_least=RECORDS * 9 // 10)
    expected = {
        *("side 00", "side 01", "side 10", "side 11", "token", "no shares", "many shares"),
        *("no price", "high price", "time in force", "capacity", "empty symbol", "symbol"),
    }
    assert {name for name in expected if model.met[name] >= 5} == expected, model.met
    figure("latency", LATENCY, "cycles")


@cocotb.test()
async def another_reads_each_order(dut: Any) -> None:
    """Every field by Nasdaq's own library, of the RTL's bytes, behind the packet's head."""
    rng, ports, read = random.Random(cocotb.RANDOM_SEED), Ports(dut), 0
    ports.write({"s_valid": 0, "s_order": 0})
    await start(dut)
    while read < RECORDS:
        one = order(rng)
        row: dict[str, int] = unpack("order", one)  # type: ignore[assignment]
        if refused(row, row["symbol"].to_bytes(8, "big")):
            continue
        ports.write({"s_valid": 1, "s_order": one})
        await RisingEdge(dut.clk)
        ports.write({"s_valid": 0})
        await RisingEdge(dut.clk)
        assert ports.read("m_valid")
        raw = packet(b"U", ports.read("m_message").to_bytes(LENGTH, "big"))
        assert ouch42_reader.order(raw) == ouch42_reader.asked(row)
        read += 1
    figure("orders_that_another_read", read, "orders")


@cocotb.test()
async def every_bit_of_an_order_is_met(dut: Any) -> None:
    """Each bit of token, price and shares alone, in a message that is otherwise the same."""
    model, ports = Ouch42Encode(), Ports(dut)
    judge = Judge(dut, model)
    base = dict.fromkeys(samples("order", random.Random(1), 1)[0], 0)
    base |= {"price": 1, "shares": 1, "token": 1, "symbol": 0x4142_4242_4242_4220}
    lines = [base | {name: 1 << bit} for name in ("price", "shares", "token") for bit in range(32)]
    lines += [base | {"symbol": base["symbol"] ^ 3 << 8 * place} for place in range(8)]
    ports.write({"s_valid": 0, "s_order": 0})
    await start(dut)
    for line in lines:
        ports.write({"s_valid": 1, "s_order": pack("order", line)})
        await RisingEdge(dut.clk)
    ports.write({"s_valid": 0})
    await RisingEdge(dut.clk)
    await RisingEdge(dut.clk)
    judge.done(at_least=len(lines))
    assert sum(model.met.values()) == len(lines)


def test_ouch42_encode() -> None:
    run("ouch42_encode")
