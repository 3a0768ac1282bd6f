"""Bench of risk_registers: whole records as the host writes them, words and bytes of any kind,
commands as dense as the bus lets them; and what the gate answers.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import cocotb
import pytest
from cocotb.triggers import ClockCycles, RisingEdge
from cocotbext.axi import AxiLiteBus, AxiLiteMaster, AxiResp

from sim.golden.risk_registers import PORTS, RiskRegisters
from sim.golden.tick_pkg import pack, samples
from sim.golden.tickwire_regs import WORD
from sim.lib.bench import Ports, reset, start
from sim.lib.runner import run
from tickwire.gen import records, risk_regmap
from tickwire.risk import window

ACCESSES = 1500
LAST = risk_regmap.LAST.address
VALID = {"command": "command_valid", "confirmation": "confirmation_valid"}
IDLE = dict.fromkeys(("killed", "armed", "pending", "nonce"), 0) | dict.fromkeys(
    ("echo_valid", "echo_taken", "echo_act"), 0
)


class Bench:
    """The block and its model; `shown` is what it presented, by cycle."""

    def __init__(self, dut: Any) -> None:
        self.dut, self.rng, self.ports = dut, random.Random(cocotb.RANDOM_SEED), Ports(dut)
        self.model = RiskRegisters()
        self.shown: list[dict[str, int]] = []
        self.expected: list[dict[str, int]] = []

    async def begin(self) -> None:
        self.ports.write(IDLE)
        for name in ("awvalid", "wvalid", "bready", "arvalid", "rready"):
            getattr(self.dut, f"s_axil_{name}").value = 0
        await start(self.dut)
        bus = AxiLiteBus.from_prefix(self.dut, "s_axil")
        self.master = AxiLiteMaster(bus, self.dut.clk, self.dut.rst)
        cocotb.start_soon(self._watch())
        await ClockCycles(self.dut.clk, 2)

    async def _watch(self) -> None:
        taken: set[str] = set()  # in the cycle before
        while True:
            await RisingEdge(self.dut.clk)
            for port in taken:
                assert not self.ports.read(port), f"{port} isn't cleared"
            taken = set()
            for of, valid in VALID.items():
                if self.ports.read(valid):
                    ports = [
                        port for port in PORTS if (port == "confirmation") == (of == "confirmation")
                    ]
                    self.shown.append({port: self.ports.read(port) for port in ports})
                    taken |= {*ports}

    async def write(self, address: int, word: int, first: int = 0, lanes: int = WORD) -> None:
        """Bytes `first` to `first + lanes - 1` of the word."""
        raw = word.to_bytes(WORD, "little")[first : first + lanes]
        await self.master.write(address + first, raw)
        if shown := self.model.write(address, word, ((1 << lanes) - 1) << first):
            self.expected.append(shown)

    async def check_read(self, address: int) -> None:
        done, expected = await self.master.read(address, WORD), self.model.file.read(address)
        assert done.resp == (AxiResp.SLVERR if expected is None else AxiResp.OKAY), hex(address)
        if expected is not None:
            assert int.from_bytes(done.data, "little") == expected, hex(address)

    async def done(self, at_least: int) -> None:
        await ClockCycles(self.dut.clk, 10)
        assert self.shown == self.expected and len(self.shown) >= at_least, len(self.shown)


def drawn(rng: random.Random, record: str) -> Any:
    """One of the host's, any, and its word."""
    values = rng.choice(samples(record, rng, 2))
    row = getattr(records, record.upper()).empty(1)
    for name, value in values.items():
        row[name] = value
    return row, pack(record, values)


def word_of(row: Any) -> int:
    values = {name: int(row[name][0]) for name in row.dtype.names}
    return pack("risk_command", values)


@cocotb.test()
async def records_arrive_whole(dut: Any) -> None:
    """Written as the host does it, each kind of command with its limits, and confirmations."""
    bench, met = Bench(dut), Counter[str]()
    await bench.begin()
    for _ in range(60):
        kind = bench.rng.choice(("", "slot_limits", "total_limits", "confirmation"))
        met[kind] += 1
        if kind == "confirmation":
            row, word = drawn(bench.rng, "confirmation")
            writes = window.confirmation(row)
            expected = {"confirmation": word}
        else:
            row, word = drawn(bench.rng, "risk_command")
            row["act"] = records.Act[kind.upper()] if kind else records.Act.BEAT
            word = word_of(row)
            limits, more = drawn(bench.rng, kind) if kind else (None, 0)
            writes = window.command(row, limits)
            expected = {"command": word} | ({kind: more} if kind else {})
        for address, value in writes:
            await bench.write(address, value)
        await ClockCycles(dut.clk, 4)
        assert bench.shown[-1].items() >= expected.items(), kind
    assert min(met.values()) > 5, met
    await bench.done(at_least=60)


@cocotb.test()
async def what_is_written_is_taken_once(dut: Any) -> None:
    """Any bytes of any words; what was taken is 0, what wasn't stays, none can be read."""
    bench = Bench(dut)
    await bench.begin()
    rng, addresses = bench.rng, [*bench.model.file.words]
    going = [risk_regmap.ISSUE.address, risk_regmap.CONFIRM.address]
    for number in range(ACCESSES):
        if rng.random() < 0.1:
            await bench.check_read(rng.choice(addresses))
        if number == ACCESSES // 2:
            await reset(dut)
            bench.model.reset()
        lanes = rng.choice((1, 2, WORD, WORD, WORD))
        address = rng.choice(going if rng.random() < 0.15 else addresses)
        await bench.write(address, rng.getrandbits(32), rng.randint(0, WORD - lanes), lanes)
    await bench.done(at_least=80)
    assert any(not any(shown.values()) for shown in bench.shown), "none came behind another"


@cocotb.test()
async def what_the_gate_is_can_be_read(dut: Any) -> None:
    bench = Bench(dut)
    await bench.begin()
    rng = bench.rng
    for _ in range(80):
        now = {name: rng.getrandbits(1) for name in ("killed", "armed", "pending")}
        now["nonce"] = rng.getrandbits(32)
        bench.ports.write(now)
        bench.model.show(**now)
        for _ in range(rng.choice((0, 1, 3))):
            echo = {"act": int(rng.choice([*records.Act])), "taken": rng.getrandbits(1)}
            bench.ports.write({f"echo_{name}": value for name, value in echo.items()})
            bench.ports.write({"echo_valid": 1})
            bench.model.echo(**echo)
            await RisingEdge(dut.clk)
        bench.ports.write({"echo_valid": 0, "echo_act": rng.randrange(1, 9), "echo_taken": 1})
        await ClockCycles(dut.clk, 2)
        for register in (risk_regmap.STATUS, risk_regmap.NONCE, risk_regmap.LAST):
            await bench.check_read(register.address)
        if rng.random() < 0.1:
            await reset(dut)
            bench.model.reset()
            await bench.check_read(LAST)
    await bench.done(at_least=0)


def test_risk_registers() -> None:
    run("risk_registers")


def test_the_hosts_words_are_the_records() -> None:
    """Whatever else was written before: a command writes all of its words, and of its limits'."""
    row = records.RISK_COMMAND.empty(1)
    row["act"], row["key"] = records.Act.KEY, 0xFFFF_FFFF_0000_0001
    limits, of_slot = records.TOTAL_LIMITS.empty(1), records.SLOT_LIMITS.empty(1)
    writes = window.command(row)
    assert [address for address, _ in writes] == [*range(0x80, 0x80 + 4 * 15, 4), 0x10]
    with pytest.raises(ValueError, match="the command key takes no limits"):
        window.command(row, limits)
    row["act"], limits["silence"] = records.Act.TOTAL_LIMITS, 7
    for wrong in (None, of_slot):
        with pytest.raises(ValueError, match="the command total_limits takes total_limits"):
            window.command(row, wrong)
    with pytest.raises(ValueError, match="one total_limits at a time, not 2"):
        window.command(row, records.TOTAL_LIMITS.empty(2))
    writes = window.command(row, limits)
    assert len(writes) == 15 + 14 + 1 and writes[15] == (0x100, 7) and writes[-1] == (0x10, 1)
