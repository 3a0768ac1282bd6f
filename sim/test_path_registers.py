"""Bench of path_registers: AXI4-Lite on one side, what the path shows of itself on the other.

Every field of the register map that isn't a counter's is written or read here, with another value
for each slot and each feed; what comes of it is compared with the golden model after each access,
the events and the cycle counter at every edge.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import cocotb
import pytest
from cocotb.triggers import ClockCycles, RisingEdge, with_timeout
from cocotbext.axi import AxiLiteBus, AxiLiteMaster, AxiResp

from sim.golden import tick_pkg
from sim.golden.path_registers import ISSUED, SLOTS, PathRegisters
from sim.golden.tick_pkg import NUMBERS
from sim.golden.tickwire_regs import WORD, Field
from sim.lib.bench import JudgeBeside, Ports, reset, start
from sim.lib.runner import PERIOD_NS, run

ANSWER = 20  # cycles, in which an access must be answered
IDLE = 60  # cycles until a clock that may stand does
BUILD, MODEL = 0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210
REASONS = [value for name, value in NUMBERS.items() if name.startswith("REASON_")]
QUIET = ("book_valid", "vector_valid", "signal_valid", "learned", "host_op_ready")
COUNTER = {"counters": "counter", "risk_checks": "check"}  # a window, and how its ports begin
ANSWERED = ("rd_ack", "rd_data", "wr_ack")
WIDTHS = {"session": 80, "next": 64, "gap_first": 64, "gap_count": 64, "learned_locate": 128}


class Bench:
    """The block and its model; what the path shows is driven alike in both."""

    def __init__(self, dut: Any) -> None:
        self.dut, self.ports, self.rng = dut, Ports(dut), random.Random(cocotb.RANDOM_SEED)
        names = ("W", "BOOKS", "ORDER_ROWS", "BUILD_HASH", "MODEL_ID")
        self.model = PathRegisters(*(int(getattr(dut, name).value) for name in names))
        self.judge = JudgeBeside(dut, self.model)
        self.pulses = dict.fromkeys(("resynchronise", "open_market", "clear_counters"), 0)

    async def begin(self) -> None:
        self.ports.write(dict.fromkeys((*PathRegisters.inputs, *QUIET), 0))
        for counter in COUNTER.values():
            self.ports.write({f"{counter}_{name}": 0 for name in ANSWERED})
        for name in ("awvalid", "wvalid", "bready", "arvalid", "rready"):
            getattr(self.dut, f"s_axil_{name}").value = 0
        await start(self.dut)  # a master that is there would take what stands before it for answers
        bus = AxiLiteBus.from_prefix(self.dut, "s_axil")
        self.master = AxiLiteMaster(bus, self.dut.clk, self.dut.rst)
        cocotb.start_soon(self._watch())
        await ClockCycles(self.dut.clk, 2)

    async def _watch(self) -> None:
        while True:
            await RisingEdge(self.dut.clk)
            for name in self.pulses:
                self.pulses[name] += self.ports.read(name)

    async def read(self, address: int) -> int:
        access = self.master.read(address, WORD)
        done = await with_timeout(access, ANSWER * PERIOD_NS, "ns")
        assert done.resp == AxiResp.OKAY, hex(address)
        return int.from_bytes(done.data, "little")

    async def write(self, address: int, word: int) -> None:
        access = self.master.write(address, word.to_bytes(WORD, "little"))
        done = await with_timeout(access, ANSWER * PERIOD_NS, "ns")
        assert done.resp == AxiResp.OKAY, hex(address)
        self.model.file.write(address, word, 0xF)
        await ClockCycles(self.dut.clk, 2)

    async def write_field(self, path: str, value: int) -> None:
        """One field, the others of its register as they are."""
        field = self.field(path)
        others = self.model.file.read(field.address)
        assert others is not None
        mask = field.most << field.low
        await self.write(field.address, others & ~mask | value << field.low)

    def field(self, path: str) -> Field:
        (field,) = (one for one in self.model.file.fields if one.path == path)
        return field

    def check_settings(self) -> None:
        for name, expected in self.model.settings().items():
            observed = self.ports.read(name)
            assert observed == expected, f"{name} is {observed:#x}, not {expected:#x}"

    async def check_reads(self) -> int:
        """Every word but the cycle counter's."""
        count = 0
        (cycles,) = (one.address for one in self.model.file.fields if one.path == "cycles.count")
        for address in sorted(self.model.file.words):
            if address not in (cycles, cycles + WORD):
                observed, expected = await self.read(address), self.model.file.read(address)
                assert observed == expected, (
                    f"{address:#06x} reads {observed:#x}, not {expected:#x}"
                )
                count += 1
        return count

    def state_of_the_path(self) -> dict[str, int]:
        values = {name: self.rng.getrandbits(bits) for name, bits in WIDTHS.items()}
        nobodys = 0xFFFF << 16 * self.rng.randrange(SLOTS)  # a locate that is learned to be 0
        values["learned_locate"] &= ~nobodys
        return values | {"followed": self.rng.getrandbits(1)}

    def record(self, name: str, slot: int) -> int:
        """Any, of this slot."""
        fields = {field.name: field.draw(self.rng) for field in tick_pkg.RECORDS[name]}
        if self.rng.random() < 0.4 and "reason" in fields:
            fields["reason"] = NUMBERS["REASON_OK"]
        return tick_pkg.pack(name, fields | {"slot": slot})

    def reasons(self) -> int:
        """Any, of every slot."""
        return tick_pkg.reasons_word([self.rng.choice(REASONS) for _ in range(SLOTS)])

    def records(self, slot: int, often: float = 1.0) -> dict[str, int]:
        """One of each kind, each valid as often as that; without its valid a record is nothing."""
        rng = self.rng
        valid = {name: int(rng.random() < often) for name in QUIET[:3]}
        kinds = {"top": "top_of_book", "vector": "feature_vector", "signal_record": "signal"}
        return valid | {port: self.record(name, slot) for port, name in kinds.items()}


def writable(bench: Bench) -> Iterator[tuple[int, int]]:
    """An address and a word of it, for every register that keeps what is written, in any order."""
    rng = bench.rng
    kept = {
        field.address
        for field in bench.model.file.fields
        if field.sw_writes and not (field.sticky or field.pulse)
    }
    for address in rng.sample(sorted(kept), len(kept)):
        pulses = [field for field in bench.model.file.words[address] if field.pulse]
        clear = sum(field.most << field.low for field in pulses)
        yield address, rng.getrandbits(32) & ~clear


@cocotb.test()
async def every_setting_reaches_the_path(dut: Any) -> None:
    """All ports are compared after each write: what goes elsewhere shows. Then all is read."""
    bench = Bench(dut)
    await bench.begin()
    bench.check_settings()
    writes = 0
    for _ in range(2):
        for address, word in writable(bench):
            await bench.write(address, word)
            bench.check_settings()
            writes += 1
    assert writes == 2 * (2 * 3 + SLOTS * 11 + 3 + 7)  # feeds, slots, path, host
    assert await bench.check_reads() > 100
    await reset(dut)
    await ClockCycles(dut.clk, 2)
    bench.check_settings()
    assert not bench.ports.read("host_op_valid")
    await bench.check_reads()
    bench.judge.done(at_least=1000)


@cocotb.test()
async def what_the_path_is_can_be_read(dut: Any) -> None:
    """Long after the last access, too. Sticky bits keep what was, until they are cleared."""
    bench = Bench(dut)
    await bench.begin()
    rng, hidden = bench.rng, 0
    for number in range(10):
        for slot in range(SLOTS):
            word = 0  # one register holds both
            for name in ("enable", "learn"):
                word |= int(rng.random() < 0.8) << bench.field(f"slots[{slot}].control.{name}").low
            await bench.write(bench.field(f"slots[{slot}].control.enable").address, word)
        await ClockCycles(dut.clk, IDLE)
        for slot in rng.sample(range(SLOTS), SLOTS):
            for _ in range(rng.randint(0, 2)):
                bench.ports.write(bench.records(slot))
                await RisingEdge(dut.clk)
        stale = {name: rng.getrandbits(SLOTS) for name in ("hears", "stale_slots", "learned")}
        stale |= {name: bench.reasons() for name in ("stale_reasons", "market")}
        stale["doubts"] = rng.getrandbits(16)
        bench.ports.write(dict.fromkeys(QUIET, 0) | bench.state_of_the_path() | stale)
        await RisingEdge(dut.clk)
        stale = {"stale_slots": rng.getrandbits(SLOTS), "stale_reasons": bench.reasons()}
        bench.ports.write({"learned": 0} | stale)
        await ClockCycles(dut.clk, IDLE if number % 2 else 3)
        await bench.check_reads()
        bench.check_settings()
        hidden += bench.model.hidden_reasons()
        for slot in range(SLOTS):
            sticky = bench.field(f"slots[{slot}].sticky.stale").address
            await bench.write(sticky, rng.getrandbits(4))
        await bench.check_reads()
    assert hidden > 2
    slots = bench.model.slots
    assert all(len({tuple(slot.values()) for slot in slots}) > 3 for _ in (0,))
    bench.judge.done(at_least=2000)


@cocotb.test()
async def books_that_become_crossed_locked_or_stale_are_counted(dut: Any) -> None:
    bench = Bench(dut)
    await bench.begin()
    rng = bench.rng
    for _ in range(1500):
        line = bench.records(rng.randrange(SLOTS), often=0.6)
        if rng.random() < 0.2:
            line["stale_slots"] = rng.getrandbits(SLOTS)
        bench.ports.write(line)
        await RisingEdge(dut.clk)
    assert bench.model.events > 200
    bench.judge.done(at_least=1500)


@cocotb.test()
async def the_host_issues_operations(dut: Any) -> None:
    """Each value of the field, for slots with a book and without; one waits until it is taken."""
    bench = Bench(dut)
    await bench.begin()
    rng, issue = bench.rng, bench.field("host.issue.go").address
    issued = dict.fromkeys(range(16), 0)
    tries = [(operation, slot) for operation in range(16) for slot in (0, 1, SLOTS - 1, 255)]
    tries += [(operation, rng.randrange(bench.model.books)) for operation in ISSUED]
    for operation, slot in rng.sample(tries, len(tries)):
        for name in ("reference_low", "reference_high", "price", "shares", "sequence_low",
                     "sequence_high"):  # fmt: skip
            address = next(f.address for f in bench.model.file.fields if f".{name}." in f.path)
            await bench.write(address, rng.getrandbits(32))
        word = slot | operation << 8 | rng.getrandbits(1) << 12
        await bench.write(issue, word)
        assert not bench.ports.read("host_op_valid"), "it was only written"
        await bench.write(issue, word | 1 << 31)
        expected = bench.model.host_op()
        assert bench.ports.read("host_op_valid") == int(expected is not None)
        if expected is None:
            continue
        issued[operation] += 1
        await bench.write(issue, 1 << 31 | rng.choice(ISSUED) << 8)  # one waits: it does nothing
        assert bench.ports.read("host_op") == expected
        status = bench.field("host.status.waits").address
        assert await bench.read(status) == 1
        bench.ports.write({"host_op_ready": 1})
        await RisingEdge(dut.clk)
        bench.ports.write({"host_op_ready": 0})
        await RisingEdge(dut.clk)
        assert not bench.ports.read("host_op_valid") and await bench.read(status) == 0
    assert all(bool(count) == (operation in ISSUED) for operation, count in issued.items())


@cocotb.test()
async def commands_act_once(dut: Any) -> None:
    bench = Bench(dut)
    await bench.begin()
    address, expected = bench.field("command.resynchronise").address, dict.fromkeys(bench.pulses, 0)
    known = bench.field("market.known").address
    for word, doubts in (
        (1, 0),
        (2, 0),
        (2, 7),
        (3, 7),
        (1, 7),
        (0, 7),
        (4, 7),
        (5, 8),
        (5, 6),
        (4, 7),
    ):
        bench.ports.write({"doubts": doubts})
        await bench.write(known, 7 << 16)
        await bench.write(address, word)
        expected["clear_counters"] += word & 1
        expected["resynchronise"] += word >> 1 & 1
        expected["open_market"] += word >> 2 and doubts == 7  # as far as is known
        assert bench.pulses == expected and await bench.read(address) == 0


@cocotb.test()
async def counters_are_other_blocks(dut: Any) -> None:
    """Each answers when it can, at any address of its window, and isn't asked for the other's."""
    bench = Bench(dut)
    await bench.begin()
    rng, windows, ports = bench.rng, bench.model.file.windows, bench.ports

    async def answer(counter: str, tag: int) -> None:
        """The other block: a word that tells its address."""
        while True:
            await RisingEdge(dut.clk)
            if not ports.read(f"{counter}_req"):
                continue
            is_write, place = ports.read(f"{counter}_req_is_wr"), ports.read(f"{counter}_addr")
            await ClockCycles(dut.clk, rng.choice((1, 8, 13)))
            ack = {f"{counter}_rd_ack": 1 - is_write, f"{counter}_wr_ack": is_write}
            ports.write(ack | {f"{counter}_rd_data": tag << 16 | place})
            await RisingEdge(dut.clk)
            ports.write({f"{counter}_{name}": 0 for name in ANSWERED})

    assert windows.keys() == COUNTER.keys()
    asked = list[tuple[int, int]]()
    for tag, (name, window) in enumerate(windows.items(), 1):
        cocotb.start_soon(answer(COUNTER[name], tag))
        places = [window.start, window[-1], *rng.choices(window, k=40)]
        asked += [(place, tag << 16 | place - window.start) for place in places]
    for address, told in rng.sample(asked, len(asked)):
        await ClockCycles(dut.clk, rng.choice((1, IDLE)))
        done = await with_timeout(bench.master.read(address, WORD), 3 * ANSWER * PERIOD_NS, "ns")
        assert int.from_bytes(done.data, "little") == told, hex(address)
        assert (await bench.master.write(address, b"\1\2\3\4")).resp == AxiResp.OKAY


@cocotb.test()
async def cycles_are_counted_from_reset(dut: Any) -> None:
    """What is read was the count while it was read; both halves belong together."""
    bench = Bench(dut)
    await bench.begin()
    address = bench.field("cycles.count").address
    for wait in (1, 2, IDLE, 3):
        await ClockCycles(dut.clk, wait)
        before = bench.model.cycles
        low = await bench.read(address)
        assert before <= low <= bench.model.cycles < before + ANSWER
        assert await bench.read(address + WORD) == 0
    bench.judge.done(at_least=40)


@pytest.mark.parametrize(
    ("width", "books", "gated"), [(8, 8, 0), (8, 8, 1), (64, 4, 1)], ids=["8", "8-gated", "64"]
)
def test_path_registers(width: int, books: int, gated: int) -> None:
    build, model = f"64'd{BUILD}", f"64'd{MODEL}"
    run("path_registers", W=width, BOOKS=books, GATED=gated, ORDER_ROWS=64,
        BUILD_HASH=build, MODEL_ID=model)  # fmt: skip
