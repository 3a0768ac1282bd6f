"""Bench of order_maker: every way to a price, books with a side lacking, prices at both ends."""

from __future__ import annotations

import random
from typing import Any

import cocotb
from cocotb.triggers import RisingEdge

from sim.golden.order_maker import LATENCY, OrderMaker
from sim.golden.tick_pkg import pack, samples, width
from sim.lib.bench import Judge, Ports, figure, reset, start
from sim.lib.runner import run
from tickwire.gen.records import SLOTS

RECORDS = 1500
ENDS = (0, 1, 5, 2**32 - 1)


def settings(rng: random.Random) -> int:
    bits, whole = width("order_settings"), 0
    for slot in range(SLOTS):
        one = samples("order_settings", rng, 1)[-1]
        one["offset"] = rng.choice((0, 1, 100, 2**32 - 1))
        one["shares"] = rng.choice((0, 1, 100, 2**32 - 1))
        whole |= pack("order_settings", one) << slot * bits
    return whole


def signal(rng: random.Random, decision: int) -> int:
    one = samples("signal", rng, 1)[-1]
    prices = rng.choice(((1_000_000, 1_000_100), (0, 1_000_000), (1_000_000, 0)))
    if rng.random() < 0.3:
        prices = (rng.choice(ENDS), rng.choice(ENDS))
    one["bid_price"], one["ask_price"] = prices
    one["bid_shares"], one["ask_shares"] = (rng.choice((0, 1, 99, 100, 101)) for _ in range(2))
    one["decision"] = decision
    return pack("signal", one)


@cocotb.test()
async def every_way_is_met(dut: Any) -> None:
    rng, model, ports = random.Random(cocotb.RANDOM_SEED), OrderMaker(), Ports(dut)
    judge = Judge(dut, model)
    ports.write({"s_valid": 0, "settings": settings(rng), "s_signal": signal(rng, 0)})
    await start(dut)
    ports.write({"s_valid": 1, "s_signal": signal(rng, 1)})
    for number in range(RECORDS):
        if rng.random() < 0.1:
            ports.write({"settings": settings(rng)})
        decision = (1, 2, rng.randint(0, 2))[number % 3]
        ports.write({"s_valid": int(rng.random() < 0.7), "s_signal": signal(rng, decision)})
        await (reset(dut) if rng.random() < 0.01 else RisingEdge(dut.clk))
    judge.done(at_least=RECORDS * 9 // 10)
    ways = {f"pricing {way} {side}" for way in range(4) for side in ("buy", "sell")}
    expected = ways | {"no price", "capped", "no decision", "no shares"}
    assert {name for name in expected if model.met[name] >= 5} == expected, model.met
    figure("latency", LATENCY, "cycles")


def test_order_maker() -> None:
    run("order_maker")
