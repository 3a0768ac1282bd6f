"""Bench of order_cancel42: kills of all and of slots in any order, beside a gate whose places fill
and clear, to a queue that takes at once, late or never, in sessions that end."""

from __future__ import annotations

import random
from typing import Any

import cocotb
import pytest
from cocotb.triggers import FallingEdge, RisingEdge

from sim.golden.order_cancel42 import BEHIND, OrderCancel42, packet
from sim.lib.bench import JudgeBeside, Ports, figure, reset, start
from sim.lib.rows import made_word
from sim.lib.runner import run
from tickwire.gen.records import RISK_COMMAND, SLOTS, Act

USED = (0, 3, SLOTS - 1)  # slots


class Bench:
    """`places` is what is open at the gate: of a place, the order's token and its slot."""

    def __init__(self, dut: Any) -> None:
        self.dut, self.ports = dut, Ports(dut)
        self.rng = random.Random(cocotb.RANDOM_SEED)
        self.room = int(dut.OPEN.value)
        self.model, self.killed = OrderCancel42(self.room), 1
        self.judge = JudgeBeside(dut, self.model)
        self.places: dict[int, tuple[int, int]] = {}
        self.ports.write(dict.fromkeys(OrderCancel42.inputs, 0) | {"live": 1, "killed": 1})

    async def begin(self) -> None:
        await start(self.dut)
        cocotb.start_soon(self._look())

    async def _look(self) -> None:
        """The gate answers in the cycle in which it is asked; of nothing, with anything."""
        while True:
            await FallingEdge(self.dut.clk)
            place = self.ports.read("look_place")
            rubbish = (self.rng.getrandbits(32), self.rng.choice(USED))
            token, slot = self.places.get(place, rubbish)
            held = {"look_token": token, "look_slot": slot}
            self.ports.write({"look_open": int(place in self.places)} | held)

    async def tick(self, **line: int) -> None:
        quiet = {"s_echo_valid": 0, "m_ready": 0}
        self.ports.write({**quiet, "killed": self.killed} | line)
        await RisingEdge(self.dut.clk)

    def fill(self, place: int, slot: int) -> int:
        token = self.rng.getrandbits(32) // self.room * self.room + place
        self.places[place] = (token, slot)
        return token

    def stirred(self) -> None:
        """An order more, or one less, now and then."""
        place = self.rng.randrange(self.room)
        if self.rng.random() < 0.05:
            self.fill(place, self.rng.choice(USED))
        elif self.rng.random() < 0.04:
            self.places.pop(place, None)

    def command(self, act: Act, slot: int = 0) -> dict[str, int]:
        return {"s_echo_valid": 1, "s_echo": made_word(RISK_COMMAND, act=act, slot=slot)}


@cocotb.test()
@cocotb.parametrize(takes=[1.0, 0.3, 0.04], ends=[0.0, 0.02])
async def any_kill_at_any_time(dut: Any, takes: float, ends: float) -> None:
    bench = Bench(dut)
    rng, met = bench.rng, bench.model.met
    await bench.begin()
    live, often = True, 1.0 / bench.room  # of all places a walk must come to its end
    for _ in range(4_000):
        bench.killed ^= rng.random() < 0.1 * often
        live = rng.random() >= (ends if live else 0.8)
        bench.stirred()
        line = {"live": int(live), "m_ready": int(rng.random() < takes)}
        if rng.random() < often:
            act = rng.choice((Act.KILL, Act.KILL, *[Act.KILL_SLOT] * 7, rng.choice(list(Act))))
            line |= bench.command(act, rng.choice(USED))
        await bench.tick(**line)
        if rng.random() < 0.002:
            bench.ports.write({"s_echo_valid": 0})
            await reset(dut)
    common = ("of all", "of a slot", "of another slot", "again", "behind")
    assert all(met[name] >= 3 for name in common), met
    assert takes == 1.0 or met["waited"] > 30, met
    assert met["round of all"] + met["round of a slot"] > 10 or takes < 0.1 or ends, met
    assert met["unsent"] > 5 or not ends, met
    bench.judge.done(at_least=4_000)


@cocotb.test()
async def a_kill_cancels_each_and_a_slot_its_own(dut: Any) -> None:
    """Byte by byte as OUCH 4.2 and SoupBinTCP have them, and how late."""
    bench = Bench(dut)
    await bench.begin()
    bench.killed, room, rng = 0, bench.room, bench.rng
    await bench.tick(m_ready=1)
    slots = {place: rng.choice(USED) for place in range(0, room, 2)} | {0: 3, room - 1: 3}
    tokens = {place: bench.fill(place, slot) for place, slot in slots.items()}
    tokens[0] = 0x0A9F_C0D0
    bench.places[0] = (tokens[0], 3)
    await bench.tick(**bench.command(Act.KILL_SLOT, 3))
    for _ in range(room + BEHIND):
        await bench.tick(m_ready=1)
        assert bench.ports.read("blocks")
    await bench.tick(m_ready=1)
    assert not bench.ports.read("blocks")
    raw = b"\0\x14UX" + b"%08X" % tokens[0] + b" " * 6 + bytes(4)
    assert len(raw) == 22 and bench.model.sent[0] == raw
    own = [packet(tokens[place]) for place in sorted(slots) if slots[place] == 3]
    assert bench.model.sent == own and len(own) >= 2
    bench.killed, cycles = 1, 0
    await bench.tick(m_ready=1)
    while not bench.ports.read("m_valid"):
        await bench.tick(m_ready=1)
        cycles += 1
    figure("latency", cycles, "cycles")
    assert cycles == 2
    for _ in range(room + BEHIND):
        await bench.tick(m_ready=1)
    assert bench.model.sent == own + [packet(tokens[place]) for place in sorted(slots)]
    bench.judge.done(at_least=2 * room)


@cocotb.test()
async def what_closes_meanwhile_is_passed_over(dut: Any) -> None:
    """Also while it waits for the window. Slots' kills wait for the walk, the lowest first, and one
    of the slot that is walked is a walk more."""
    bench = Bench(dut)
    await bench.begin()
    bench.killed, read = 0, bench.ports.read
    await bench.tick()
    kept = bench.fill(0, USED[0])
    bench.fill(1, USED[1])
    for slot in (USED[0], USED[2], USED[1], USED[0]):
        await bench.tick(**bench.command(Act.KILL_SLOT, slot))
    while bench.model.round != USED[1]:
        await bench.tick(m_ready=1)
    assert bench.model.sent == [packet(kept)] * 2
    while not read("m_valid"):
        await bench.tick()
    for _ in range(3):
        await bench.tick()
        assert read("m_valid") and read("look_place") == 1
    del bench.places[1]
    end = bench.fill(0, USED[2])
    while bench.model.round is not None:
        await bench.tick(m_ready=1)
    assert bench.model.sent == [packet(kept), packet(kept), packet(end)]
    bench.judge.done(at_least=2 * bench.room)


@cocotb.test()
async def the_host_knows_what_it_must_send(dut: Any) -> None:
    """Without a session nothing is sent later; and one that ends says so once."""
    bench = Bench(dut)
    await bench.begin()
    bench.killed = 0
    await bench.tick()
    bench.killed = 1
    for place in range(bench.room):
        bench.fill(place, 0)
    for _ in range(4):
        await bench.tick(live=0)
    for _ in range(4):
        await bench.tick(live=1, m_ready=1)
    assert bench.model.met["unsent"] == 1 and not bench.model.sent
    await bench.tick(**bench.command(Act.KILL))
    await bench.tick(m_ready=1)
    await bench.tick()
    assert bench.model.sent == [packet(bench.places[0][0])]
    await bench.tick(live=0, m_ready=1)
    for _ in range(3):
        await bench.tick(live=1, m_ready=1)
    assert len(bench.model.sent) == 1 and bench.model.met["unsent"] == 2
    bench.judge.done(at_least=15)


@pytest.mark.parametrize("places", [16, 2])
def test_order_cancel42(places: int) -> None:
    run("order_cancel42", OPEN=places)
