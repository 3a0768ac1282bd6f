"""Bench of risk_registers: whole records as the host writes them, words and bytes of any kind,
commands as dense as the bus lets them; what the gate answers; and the order's session.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import cocotb
import pytest
from cocotb.triggers import ClockCycles, RisingEdge
from cocotbext.axi import AxiLiteBus, AxiLiteMaster, AxiResp

from sim.golden.risk_registers import RiskRegisters
from sim.golden.tick_pkg import pack, samples
from sim.golden.tickwire_regs import WORD
from sim.lib.bench import Ports, reset, start
from sim.lib.runner import run
from tickwire.gen import records, risk_regmap
from tickwire.risk import window

ACCESSES = 1500
LAST = risk_regmap.LAST.address
# What is presented for one cycle, and what beside it.
VALID = {
    "command_valid": ("command", "slot_limits", "total_limits"),
    "confirmation_valid": ("confirmation",),
    "session_open": ("session",),
    "session_close": ("session_close",),
}
IDLE = dict.fromkeys(("killed", "armed", "pending", "nonce"), 0) | dict.fromkeys(
    ("echo_valid", "echo_taken", "echo_act"), 0
) | dict.fromkeys(
    ("session_taken", "session_live", "session_settled", "session_end", "unacknowledged",
     "next_byte", "expected_byte", "packet_ready", "packet_refused"), 0)  # fmt: skip


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
        waited, held = False, dict[str, int]()  # a packet, likewise
        while True:
            await RisingEdge(self.dut.clk)
            for port in taken:
                assert not self.ports.read(port), f"{port} isn't cleared"
            taken = set()
            for valid, ports in VALID.items():
                if self.ports.read(valid):
                    self.shown.append({port: self.ports.read(port) for port in ports})
                    taken |= {*ports}
            waits = bool(self.ports.read("packet_valid"))
            if waits:
                now = {port: self.ports.read(port) for port in ("packet", "packet_length")}
                if not waited:
                    held = now
                    self.shown.append(now)
                assert now == held, "it changed while it waited"
            waited = waits and not self.ports.read("packet_ready")

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

    async def free_packet(self) -> None:
        """What waits is sent or refused; that it can be where nothing does changes nothing."""
        refused = self.rng.getrandbits(1)
        await RisingEdge(self.dut.clk)
        self.ports.write({"packet_ready": 1, "packet_refused": refused})
        await RisingEdge(self.dut.clk)
        self.ports.write({"packet_ready": 0, "packet_refused": refused ^ 1})
        if self.model.packets["waits"]:
            self.model.packed(refused)
        await RisingEdge(self.dut.clk)

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
    going = [
        register.address
        for register in (
            *(risk_regmap.ISSUE, risk_regmap.CONFIRM, risk_regmap.HAND_OVER),
            *(risk_regmap.TAKE_BACK, risk_regmap.SEND),
        )
    ]
    for number in range(ACCESSES):
        if rng.random() < 0.1:
            await bench.check_read(rng.choice(addresses))
        if number == ACCESSES // 2:
            await reset(dut)
            bench.model.reset()
        lanes = rng.choice((1, 2, WORD, WORD, WORD))
        if rng.random() < 0.1:
            await bench.free_packet()
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


@cocotb.test()
async def where_the_session_is_can_be_read(dut: Any) -> None:
    """Handed over as the host does it, taken or not; packets of each length, sent and refused."""
    bench = Bench(dut)
    await bench.begin()
    rng, met = bench.rng, Counter[str]()
    for length in [*range(1, 57), 1, 56]:
        raw = rng.randbytes(length)
        for address, value in window.packet(raw):
            await bench.write(address, value)
        await ClockCycles(dut.clk, 4)
        whole = bench.shown[-1]["packet"].to_bytes(56, "big")
        assert whole[:length] == raw and bench.shown[-1]["packet_length"] == length
        if length % 5 == 0:  # none is handed over while a packet of the one before waits
            bench.ports.write({"session_taken": 1})
            for address, value in window.hand_over(drawn(rng, "tcp_session")[0]):
                await bench.write(address, value)
            bench.model.handed(0)
            await ClockCycles(dut.clk, 4)
            bench.ports.write({"session_taken": 0})
        await bench.check_read(risk_regmap.SESSION_STATUS.address)
        await bench.free_packet()
        await bench.check_read(risk_regmap.SESSION_STATUS.address)
        if rng.random() < 0.4:
            taken = rng.getrandbits(1)
            bench.ports.write({"session_taken": taken})
            row, word = drawn(rng, "tcp_session")
            for address, value in window.hand_over(row):
                await bench.write(address, value)
            bench.model.handed(taken)
            await ClockCycles(dut.clk, 4)
            assert bench.shown[-1] == {"session": word}
            bench.ports.write({"session_taken": taken ^ 1})
            met[f"taken {taken}"] += 1
        now = {name: rng.getrandbits(1) for name in ("live", "settled")}
        now["end"] = rng.randrange(8)
        bench.ports.write({f"session_{name}": value for name, value in now.items()})
        numbers = {
            name: rng.getrandbits(32) for name in ("unacknowledged", "next_byte", "expected_byte")
        }
        bench.ports.write(numbers)
        bench.model.of_session(now["live"], now["settled"], now["end"], **numbers)
        await ClockCycles(dut.clk, 2)
        for at in range(0x20, 0x30, WORD):
            await bench.check_read(at)
    assert min(met.values()) > 5 and len(met) == 2, met
    await bench.done(at_least=70)


def test_risk_registers() -> None:
    run("risk_registers")


def test_a_packet_that_none_is_isnt_written() -> None:
    for raw in (b"", bytes(57)):
        with pytest.raises(ValueError, match="1 to 56 bytes"):
            window.packet(raw)
    assert window.take_back() == [(0x34, 1)]


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
