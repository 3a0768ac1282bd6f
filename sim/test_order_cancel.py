"""Bench of order_cancel: kills of all and of slots in any order, beside orders, to a queue that
takes at once, late or never, in sessions that end."""

from __future__ import annotations

import random
from typing import Any

import cocotb
from cocotb.triggers import RisingEdge

from sim.golden.order_cancel import ALL, BEHIND, DISABLE, OrderCancel, packet
from sim.lib.bench import JudgeBeside, Ports, figure, reset, start
from sim.lib.rows import made_word
from sim.lib.runner import run
from sim.stimulus.ouch import message
from tickwire.gen.ouch_table import MESSAGES
from tickwire.gen.records import RISK_COMMAND, SLOTS, Act

ENTER_ORDER = next(kind for kind in MESSAGES if kind.name == "enter_order")
LAST = 2**32 - 1


class Bench:
    def __init__(self, dut: Any) -> None:
        self.dut, self.ports = dut, Ports(dut)
        self.rng = random.Random(cocotb.RANDOM_SEED)
        self.model, self.number, self.killed = OrderCancel(), 1, 1
        self.judge = JudgeBeside(dut, self.model)
        self.ports.write(dict.fromkeys(OrderCancel.inputs, 0))
        self.ports.write({"live": 1, "killed": 1, "number_known": 1, "number": 1})

    async def tick(self, **line: int) -> None:
        """A cycle; what was taken in it goes on to the next number."""
        quiet = {"s_echo_valid": 0, "s_valid": 0, "m_ready": 0}
        self.ports.write({**quiet, "killed": self.killed, "number": self.number} | line)
        await RisingEdge(self.dut.clk)
        self.number += self.ports.read("m_taken")
        assert self.number <= LAST

    async def order(self, slot: int, symbol: bytes, **line: int) -> None:
        raw = message(self.rng, ENTER_ORDER, symbol=symbol)
        await self.tick(s_slot=slot, **line)
        await self.tick(s_slot=self.rng.randrange(SLOTS), s_valid=1,
                        s_message=int.from_bytes(raw, "big"), **line)  # fmt: skip

    def command(self, act: Act, slot: int = 0) -> dict[str, int]:
        return {"s_echo_valid": 1, "s_echo": made_word(RISK_COMMAND, act=act, slot=slot)}


def symbol(rng: random.Random) -> bytes:
    return bytes(rng.choices(range(0x21, 0x7F), k=rng.randint(1, 8))).ljust(8)


@cocotb.test()
@cocotb.parametrize(takes=[1.0, 0.3, 0.02], ends=[0.0, 0.02])
async def any_kill_at_any_time(dut: Any, takes: float, ends: float) -> None:
    bench = Bench(dut)
    rng, model = bench.rng, bench.model
    await start(dut)
    live = known = True
    for _ in range(2_500):
        if rng.random() < 0.02:
            bench.killed ^= 1
        live = rng.random() >= (ends if live else 0.8)
        known = rng.random() >= (ends / 4 if known else 0.8)
        line = {"live": int(live), "number_known": int(known)}
        line["m_ready"] = int(rng.random() < takes)
        way = rng.random()
        if way < 0.2:
            await bench.order(rng.randrange(SLOTS), symbol(rng), **line)
        elif way < 0.3:
            act = rng.choice((Act.KILL, *[Act.KILL_SLOT] * 3, *Act))
            await bench.tick(**bench.command(act, rng.randrange(SLOTS)), **line)
        else:
            await bench.tick(**line)
        if rng.random() < 0.002:
            bench.ports.write({"s_echo_valid": 0, "s_valid": 0})
            await reset(dut)
    met = model.met
    assert met[DISABLE] > 5 and met[ALL] > 5 and met["slot"] > 3, met
    assert met["again"] > 3 or takes > 0.1, met
    assert met["unsent"] > 5 or not ends, met
    bench.judge.done(at_least=2_500)


@cocotb.test()
async def a_kill_sends_both_and_a_slot_its_symbol(dut: Any) -> None:
    """Byte by byte as OUCH 5.0 and SoupBinTCP have them, and how late."""
    bench = Bench(dut)
    await start(dut)
    bench.killed, bench.number = 0, 0x01020304
    for slot, name in ((0, b"AAPL    "), (5, b"MSFT    "), (5, b"AMZN    ")):
        await bench.order(slot, name)
    await bench.tick(**bench.command(Act.KILL_SLOT, 5))
    await bench.tick(m_ready=1)
    await bench.tick()
    assert bench.model.sent.pop() == b"\0\x14UC\x01\x02\x03\x04    AMZN    \0\0"
    await bench.tick(**bench.command(Act.KILL_SLOT, 3))  # of which there was no order
    for _ in range(3):
        await bench.tick(m_ready=1)
    assert not bench.model.sent
    bench.killed, cycles = 1, 0
    await bench.tick(m_ready=1)
    while not bench.ports.read("m_valid"):
        await bench.tick(m_ready=1)
        cycles += 1
    figure("latency", cycles, "cycles")
    assert cycles == 2
    await bench.tick(m_ready=1)
    for _ in range(BEHIND):
        await bench.tick()
        assert bench.ports.read("blocks")
    await bench.tick()
    assert not bench.ports.read("blocks")
    assert bench.model.sent == [
        b"\0\x0cUD\x01\x02\x03\x05    \0\0",
        b"\0\x14UC\x01\x02\x03\x06            \0\0",
    ]
    bench.judge.done(at_least=20)


@cocotb.test()
async def the_host_knows_what_it_must_send(dut: Any) -> None:
    """Without a session, or a number, nothing is sent later; and one that ends says so once."""
    bench = Bench(dut)
    await start(dut)
    for line in ({"live": 0}, {"number_known": 0}):
        bench.killed = 0
        await bench.tick(live=1, number_known=1)
        bench.killed, before = 1, bench.model.met["unsent"]
        for _ in range(4):
            await bench.tick(**line)
        for _ in range(4):
            await bench.tick(live=1, number_known=1, m_ready=1)
        assert bench.model.met["unsent"] == before + 1 and not bench.model.sent
    bench.killed = 0
    await bench.tick()
    bench.killed = 1
    for _ in range(4):
        await bench.tick()
    await bench.tick(m_ready=1)
    await bench.tick()
    assert bench.model.sent == [packet(DISABLE, 1, {})]
    await bench.tick(live=0)
    for _ in range(3):
        await bench.tick(live=1, m_ready=1)
    assert len(bench.model.sent) == 1 and bench.model.met["unsent"] == 3
    bench.judge.done(at_least=20)


def test_order_cancel() -> None:
    run("order_cancel")
