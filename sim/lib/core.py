"""What the benches of tickwire_core share: a driver of its frames and registers, and what it says
compared with what the golden model expects.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import cocotb
import numpy as np
from cocotb.triggers import ClockCycles, RisingEdge, with_timeout
from cocotbext.axi import AxiLiteBus, AxiLiteMaster

from hwtools.registers import Register
from sim.golden.feed_book import EVENTS as CAUSES
from sim.golden.tick_pkg import unpack
from sim.lib.bench import Ports
from sim.lib.runner import PERIOD_NS
from sim.stimulus.fuzz import SESSION
from sim.test_feed_rx import lines
from tickwire.gen import regmap
from tickwire.gen.records import SLOTS, Check, Operation
from tickwire.replay.signals import settings
from tickwire.wire import mold
from tickwire.wire.traffic import Registers, Traffic

BUILD_HASH = 0x0123_4567_89AB_CDEF
# The benches' parameters beside W, GATED and TAPS: small tables, and a hash to be known by.
PARAMETERS: dict[str, int | str] = {
    "ARM_CYCLES": 1 << 13,
    "ANSWERS": 2,
    "ORDER_ROWS": 64,
    "LEVEL_ROWS": 64,
    "BUILD_HASH": f"64'd{BUILD_HASH}",
}
COUNTED = ("counters.", "risk_checks[].")  # how the names of registers begin that are counters
ANSWER = 500 * PERIOD_NS  # ns, in which an access must be answered
REST = 120  # cycles until the last signal is out
SWEEP = 300  # cycles after reset until such tables are empty
# Of the simulator's top level; pytest, which only starts it, has none.
_TOP: Any = getattr(cocotb, "top", None)
WIDTH = 4 * len(_TOP.s_axis_tkeep) if _TOP is not None else 0
Decide = tuple[int, int, int, int]  # buy and sell threshold, hysteresis, minimum interval


class Core:
    """The core with its registers, driven by frames."""

    def __init__(self, dut: Any) -> None:
        self.dut, self.ports, self.lanes = dut, Ports(dut), len(dut.s_axis_tkeep) // 2
        names = ("tdata", "tkeep", "tvalid", "tlast", "tuser")
        self.ports.write({f"s_axis_{name}": 0 for name in names})
        quiet = ("kill_pin", "venue_valid", "venue_message", "venue_bytes")
        self.ports.write(dict.fromkeys((*quiet, *(f"s_link_{name}" for name in names)), 0))
        self.ports.write({"m_link_tready": 1})
        for name in ("awvalid", "wvalid", "arvalid", "bready", "rready"):
            getattr(dut, f"s_risk_{name}").value = 0
        # It writes two lines for each access, of which there are thousands.
        logging.getLogger(f"cocotb.{dut._name}.s_axil").setLevel(logging.WARNING)
        self.master = AxiLiteMaster(AxiLiteBus.from_prefix(dut, "s_axil"), dut.clk, dut.rst)
        self.signals: list[tuple[int, int]] = []
        self.vectors: list[int] = []
        self.network: list[int] = []

    async def write(self, register: Register, **values: int) -> None:
        word = register.encode(**values)
        data = word.to_bytes(register.width // 8, "little")
        await with_timeout(self.master.write(register.address, data), ANSWER, "ns")

    async def read(self, register: Register, name: str) -> int:
        return (await self.fields(register))[name]

    async def fields(self, register: Register) -> dict[str, int]:
        read = self.master.read(register.address, register.width // 8)
        answer = await with_timeout(read, ANSWER, "ns")
        return register.decode(int.from_bytes(answer.data, "little"))

    async def counters(self) -> dict[str, int]:
        """Every counter, by its name in the register map."""
        elements = [
            register[n] if register.stride else register
            for register in regmap.REGISTERS
            if register.name.startswith("counters.")
            for n in range(register.count)
        ]
        return {
            one.name.removeprefix("counters."): await self.read(one, "count") for one in elements
        }

    async def failed(self, slot: int, check: Check) -> int:
        """How often this check of the risk gate failed of the slot's orders."""
        return await self.read(getattr(regmap, f"RISK_CHECKS_{check.name}")[slot], "count")

    async def anew(self) -> None:
        """From reset, when the tables are empty."""
        self.ports.write({"rst": 1})
        await ClockCycles(self.dut.clk, 4)
        self.ports.write({"rst": 0})
        await ClockCycles(self.dut.clk, SWEEP)

    async def slots(self) -> list[dict[str, int]]:
        """Of every slot, its status and sticky registers."""
        rows = []
        for slot in range(SLOTS):
            status = await self.fields(regmap.SLOTS_STATUS[slot])
            sticky = await self.fields(regmap.SLOTS_STICKY[slot])
            rows.append(
                {f"status.{name}": value for name, value in status.items()}
                | {f"sticky.{name}": value for name, value in sticky.items()}
            )
        return rows

    async def settle(
        self, registers: Registers, each_change: bool, chosen: Mapping[int, Decide] | None = None
    ) -> Any:
        """Write what a host writes, `chosen` settings by slot among it; all slots' settings as the
        golden model takes them."""
        every = settings(SLOTS)
        for feed in (0, 1):
            await self.write(regmap.FEEDS_GROUP[feed], address=registers.group[feed])
            await self.write(regmap.FEEDS_UDP[feed], port=registers.port[feed])
            names = {"enable": "feed_enable", "any_group": "any_group", "any_port": "any_port"}
            bits = {name: getattr(registers, all_) >> feed & 1 for name, all_ in names.items()}
            await self.write(regmap.FEEDS_CONTROL[feed], **bits)
        for slot, (buy, sell, back, least) in (chosen or {}).items():
            every[slot] = buy, sell, back, least
            await self.write(regmap.SLOTS_BUY_THRESHOLD[slot], strength=buy)
            await self.write(regmap.SLOTS_SELL_THRESHOLD[slot], strength=sell)
            await self.write(regmap.SLOTS_HYSTERESIS[slot], strength=back)
            await self.write(regmap.SLOTS_MINIMUM_INTERVAL[slot], time_units=least)
        for locate, slot in registers.locates.items():
            await self.write(regmap.SLOTS_LOCATE[slot], stock_locate=locate)
            await self.write(regmap.SLOTS_CONTROL[slot], enable=1)
        control = {name: getattr(registers, name) for name in ("any_start", "any_hours")}
        await self.write(regmap.CONTROL, taps=0, trigger=int(each_change), **control)
        await self.write(regmap.REORDER, window=registers.window)
        return every

    async def open_market(self) -> None:
        """Whatever was in doubt until now."""
        doubts = await self.read(regmap.MARKET, "doubts")
        await self.write(regmap.MARKET, known=doubts)
        await self.write(regmap.COMMAND, open_market=1)

    async def issue(self, slot: int, operation: Operation, side: int = 0, **values: int) -> None:
        """An operation of the host's, until it is taken: `reference`, `price` and so on."""
        for name, value in values.items():
            if name in ("reference", "sequence"):  # of two words
                halves = {"low": value & 0xFFFF_FFFF, "high": value >> 32}
                for half, word in halves.items():
                    await self.write(getattr(regmap, f"HOST_{name}_{half}".upper()), word=word)
            else:
                await self.write(getattr(regmap, f"HOST_{name.upper()}"), **{name: value})
        await self.write(regmap.HOST_ISSUE, slot=slot, operation=operation, side=side, go=1)
        for _ in range(50):
            if not await self.read(regmap.HOST_STATUS, "waits"):
                return
        raise AssertionError(f"{operation.name} still waits")

    async def trust(self, slot: int, upto: int, session: bytes = SESSION) -> None:
        """The snapshot of it, up to a message of the session."""
        named = mold.named(session)
        first, last = named["order_reference"], named["price"]
        await self.issue(slot, Operation.TRUST, sequence=upto, reference=first, price=last)

    def see(self, cycle: int) -> None:
        read = self.ports.read
        if read("m_valid"):
            self.signals.append((cycle, read("m_signal")))
        if read("tap_vector_valid"):
            self.vectors.append(read("tap_vector"))
        if read("tap_network_valid"):
            self.network.append(read("tap_network"))

    async def play(self, traffic: Traffic) -> int:
        """Drive it; the core's cycle in which the traffic's first was."""
        cycle, began = -1, 0
        for line in lines(traffic, self.lanes, REST):
            await RisingEdge(self.dut.clk)
            if cycle >= 0:
                self.see(cycle)
            cycle += 1
            self.ports.write(line)
            if not cycle:
                began = self.ports.read("cycle") + 1  # the edge that was counts it up
        return began


def records(name: str, layout: Any, words: list[int]) -> Any:
    rows = layout.empty(len(words))
    for row, word in enumerate(words):
        for field, value in unpack(name, word).items():
            rows[field][row] = value
    return rows


def same(observed: Any, expected: Any, began: int) -> None:
    """Field by field; stamps count from the traffic's first cycle."""
    assert len(observed) == len(expected)
    for name in observed.dtype.names:
        late = began if name in ("frame_cycle", "message_cycle") else 0
        differs = observed[name] != expected[name] + late
        wrong = np.flatnonzero(differs.reshape(len(observed), -1).any(axis=1))
        assert not len(wrong), (name, wrong[0], observed[wrong[0]], expected[wrong[0]])


def check_counters(observed: dict[str, int], expected: dict[str, int]) -> None:
    """All of them. What is ignored may have a cause too; feed_book's bench has which."""
    ignored = expected["path.ignored_operations"]
    assert len(expected) > 60
    for name, count in observed.items():
        more = ignored if name.partition(".")[2] in CAUSES.values() else 0
        assert expected[name] <= count <= expected[name] + more, (name, count, expected[name])
