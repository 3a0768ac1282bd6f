"""Bench of risk_control: commands with right and wrong keys in any order, arming done well and
badly, and every fault while it is armed."""

from __future__ import annotations

import random
from typing import Any

import cocotb
import pytest
from cocotb.triggers import RisingEdge

from sim.golden.risk_control import RiskControl
from sim.lib.bench import JudgeBeside, Ports, reset, start
from sim.lib.rows import made_word
from sim.lib.runner import run
from tickwire.gen.records import RISK_COMMAND, SLOTS, Act

KEY, HASH, MODEL = 0xC0FFEE0123456789, 0x0123456789ABCDEF, 0xFEDCBA9876543210
CYCLES = 3000
FAULTS = ("kill_pin", "saturated", "mismatch", "bad_confirmation", "limits_written")


class Host:
    """Drives the ports and knows what would arm the gate."""

    def __init__(self, dut: Any) -> None:
        self.dut, self.ports = dut, Ports(dut)
        self.model = RiskControl(int(dut.ARM_CYCLES.value))
        self.judge = JudgeBeside(dut, self.model)
        self.cycle = 0
        self.write(dict.fromkeys(RiskControl.inputs, 0))
        self.write({"model_id": MODEL, "silence": 10_000, "total_written": 1})

    def write(self, line: dict[str, int]) -> None:
        self.ports.write(line)

    async def tick(self, **line: int) -> None:
        self.cycle += 1
        self.write({"cycle": self.cycle & 0xFFFF, **line})
        await RisingEdge(self.dut.clk)

    async def tell(self, act: Act, key: int = KEY, **values: int) -> None:
        command = made_word(RISK_COMMAND, act=int(act), key=key, **values)
        await self.tick(s_valid=1, s_command=command)
        self.write({"s_valid": 0})

    def arming(self, **wrong: int) -> dict[str, int]:
        given = {"nonce": self.model.nonce or 0, "model_id": MODEL, "limits_hash": HASH}
        return {name: value ^ wrong.get(name, 0) for name, value in given.items()}

    async def arm(self) -> None:
        for act in (Act.KEY, Act.REVIVE, Act.BEAT):
            await self.tell(act)
        await self.tell(Act.HASH, limits_hash=HASH)
        await self.tell(Act.REQUEST)
        await self.tick()
        await self.tell(Act.ARM, **self.arming())
        await self.tick()
        assert self.model.armed


@cocotb.test()
async def any_order_of_commands(dut: Any) -> None:
    host, rng = Host(dut), random.Random(cocotb.RANDOM_SEED)
    await start(dut)
    for _ in range(CYCLES // 20):
        if rng.random() < 0.1:
            await reset(dut)
        if rng.random() < 0.7:
            await host.arm()
        for _ in range(rng.randint(1, 20)):
            key = KEY if rng.random() < 0.95 else rng.choice((0, KEY ^ 1, KEY ^ 1 << 63))
            act = rng.choice([one for one in Act if one != Act.KEY or rng.random() < 0.1])
            values = {"slot": rng.randrange(SLOTS), "open": rng.random() < 0.6}
            values |= host.arming() if rng.random() < 0.7 else {}
            await host.tell(act, key, **{"limits_hash": HASH} | values)
            fault = {rng.choice(FAULTS): 1} if rng.random() < 0.05 else {}
            fault |= {"total_written": 0} if rng.random() < 0.05 else {}
            await host.tick(**fault)
            host.write(dict.fromkeys(FAULTS, 0) | {"total_written": 1})
            if rng.random() < 0.2:
                host.write({"silence": rng.choice((10_000, 10_000, 3))})
    host.judge.done(at_least=CYCLES // 2)
    either = {"HASH", "REQUEST", "ARM", "REVIVE", "REVIVE_SLOT", "BEAT", "SESSION"}
    expected = {f"{name} {how}" for name in either for how in ("taken", "refused")}
    expected |= {"KEY refused", "KILL taken", "KILL_SLOT taken", "DISARM taken", "disarms", "kills"}
    assert expected <= set(host.model.met), (expected - set(host.model.met), host.model.met)


@cocotb.test()
async def arming_done_badly(dut: Any) -> None:
    """One thing is wrong each time: then the right way arms no more with that nonce."""
    host, wait = Host(dut), int(dut.ARM_CYCLES.value)
    await start(dut)
    await host.arm()
    for wrong in ("nonce", "model_id", "limits_hash", "late", "twice", "void", "key", "kill"):
        await host.tell(Act.DISARM)
        await host.tell(Act.REVIVE)
        await host.tell(Act.HASH, limits_hash=HASH)
        await host.tell(Act.REQUEST)
        await host.tick()
        if wrong == "late":
            for _ in range(wait - 1):
                await host.tick()
        if wrong == "void":
            await host.tick(limits_written=1)
            host.write({"limits_written": 0})
        if wrong == "kill":
            await host.tell(Act.KILL)
        await host.tell(Act.ARM, KEY ^ (wrong == "key"), **host.arming(**{wrong: 1}))
        if wrong != "twice":
            await host.tick()
            assert not host.model.armed, wrong
            await host.tell(Act.ARM, **host.arming())
            await host.tick()
            assert not host.model.armed, wrong
        else:
            await host.tell(Act.DISARM)
            await host.tell(Act.ARM, **host.arming())
            await host.tick()
            assert not host.model.armed
    for _ in range(2):  # just in time, and no more
        await host.tell(Act.HASH, limits_hash=HASH)
        await host.tell(Act.REVIVE)
        await host.tell(Act.REQUEST)
        for _ in range(wait - 1):
            await host.tick()
        await host.tell(Act.ARM, **host.arming())
        await host.tick()
        assert host.model.armed
        await host.tell(Act.KILL)
    host.judge.done(at_least=100)
    assert host.model.met["late"] and host.model.met["void"]


@cocotb.test()
async def each_fault_alone(dut: Any) -> None:
    host = Host(dut)
    await start(dut)
    stops = {**dict.fromkeys(FAULTS[:4], 1), "silence": 0, "kill": 1, "key": 1, "disarm": 1}
    for name in stops:
        await reset(dut)
        await host.arm()
        await host.tell(Act.SESSION, open=1)
        await host.tell(Act.SESSION, open=0)
        if name in ("kill", "disarm"):
            await host.tell(Act[name.upper()], 0)
        elif name == "key":
            await host.tell(Act.BEAT, KEY ^ 2)
        else:
            await host.tick(**{name: stops[name]})
            host.write(dict.fromkeys(FAULTS, 0))
        await host.tick(silence=10_000)
        assert not host.model.armed, name
    await reset(dut)
    await host.arm()
    host.write({"silence": 20})
    await host.tell(Act.BEAT)
    for _ in range(20):
        await host.tick()
        assert host.model.armed
    for _ in range(2):
        await host.tick()
    assert not host.model.armed and host.model.killed and host.model.met["died"]
    host.judge.done(at_least=100)


@pytest.mark.parametrize("arm_cycles", [4, 9])
def test_risk_control(arm_cycles: int) -> None:
    run("risk_control", ARM_CYCLES=arm_cycles)
