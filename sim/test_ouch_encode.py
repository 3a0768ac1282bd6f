"""Bench of ouch_encode: orders at and beyond every bound, symbols of any bytes, back to back."""

from __future__ import annotations

import random
from typing import Any

import cocotb
from cocotb.triggers import RisingEdge

from sim.golden.ouch_encode import LATENCY, LENGTH, MOST_PRICE, MOST_SHARES, OuchEncode, refused
from sim.golden.tick_pkg import pack, samples, unpack, width
from sim.lib import ouch_reader
from sim.lib.bench import Judge, Ports, figure, reset, start
from sim.lib.runner import run
from sim.test_soup_rx import packet

RECORDS = 4000
PRICES = (1, 9_999, 1_234_500, MOST_PRICE - 1, MOST_PRICE)
HIGH = (MOST_PRICE + 1, 2_000_000_000, 0x7FFF_FFFF, 0xFFFF_FFFF)
TOKENS = (1, 0x89AB_CDEF, 0x0123_4567, 0xFFFF_FFFF)


def symbol(rng: random.Random) -> int:
    """Now and then one with a byte that no symbol has."""
    length = rng.randint(1, 8)
    raw = bytearray(rng.choice((b"AMZN", b"A", b"ZVZZT", rng.randbytes(8).hex()[:length].encode())))
    raw = bytearray(raw.ljust(8))
    if rng.random() < 0.1:
        raw[rng.randrange(8)] = rng.choice((0, 0x1F, 0x20, 0x7E, 0x7F, 0x80, 0xFF))
    if rng.random() < 0.03:
        raw[0] = 0x20
    return int.from_bytes(raw, "big")


def order(rng: random.Random) -> int:
    """One that passes more often than not; else one field of it has a value that doesn't."""
    one = samples("order", rng, 1)[-1]
    one["symbol"] = symbol(rng)
    one["price"] = rng.choice((*PRICES, rng.randint(1, MOST_PRICE)))
    one["shares"] = rng.choice((1, 100, MOST_SHARES, rng.randint(1, MOST_SHARES)))
    one["token"] = rng.choice((*TOKENS, rng.randint(1, 2**32 - 1)))
    wrong: tuple[tuple[str, tuple[int, ...]], ...] = (
        ("price", (0, *HIGH)),
        ("shares", (0, MOST_SHARES + 1, 2**32 - 1)),
        ("token", (0,)),
        ("time_in_force", (2, 3)),
        ("capacity", (3,)),
    )
    if rng.random() < 0.4:
        name, values = rng.choice(wrong)
        one[name] = rng.choice(values)
    return pack("order", one)


@cocotb.test()
async def every_order_is_written_or_refused(dut: Any) -> None:
    rng, model, ports = random.Random(cocotb.RANDOM_SEED), OuchEncode(), Ports(dut)
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
    rng, ports = random.Random(cocotb.RANDOM_SEED), Ports(dut)
    wanted = int(cocotb.plusargs.get("orders", RECORDS))
    given, read, raw = list[dict[str, int]](), 0, b""
    ports.write({"s_valid": 0, "s_order": order(rng)})
    await start(dut)
    left = 3  # cycles, behind the last
    while left:
        one, valid = order(rng), len(given) < wanted
        row: dict[str, int] = unpack("order", one)  # type: ignore[assignment]
        if valid and not refused(row, row["symbol"].to_bytes(8, "big")):
            given.append(row)
        left -= not valid
        ports.write({"s_valid": int(valid), "s_order": one})
        await RisingEdge(dut.clk)
        if ports.read("m_valid"):
            raw += packet(b"U", ports.read("m_message").to_bytes(LENGTH, "big"))
        if len(raw) > 1 << 16:
            read, raw = read + same(given[read:], raw), b""
    read += same(given[read:], raw)
    assert read == len(given) == wanted
    figure("orders_that_another_read", read, "orders")


def same(given: list[dict[str, int]], raw: bytes) -> int:
    """How many orders are in these packets, each as it was asked for."""
    found = ouch_reader.orders(raw)
    for one, theirs in zip(given, found, strict=False):
        assert theirs == ouch_reader.asked(one)
    return len(found)


@cocotb.test()
async def every_bit_of_an_order_is_met(dut: Any) -> None:
    """Each bit of token, price and shares alone, in a message that is otherwise the same."""
    model, ports = OuchEncode(), Ports(dut)
    judge = Judge(dut, model)
    base = dict.fromkeys(samples("order", random.Random(1), 1)[0], 0)
    base |= {"price": 1, "shares": 1, "token": 1, "symbol": 0x4142_4242_4242_4220}
    lines = [base | {name: 1 << bit} for name in ("price", "shares", "token") for bit in range(32)]
    symbols = [base["symbol"] ^ 3 << 8 * place for place in range(8)]  # another letter in each
    lines += [base | {"symbol": symbol} for symbol in symbols]
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
    assert width("order") > 300


def test_ouch_encode() -> None:
    run("ouch_encode")
