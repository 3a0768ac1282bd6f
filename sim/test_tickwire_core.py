"""Bench of tickwire_core: registers over AXI4-Lite, a little market as frames, signals out; with a
stand-in as the network. Days, networks and waves are the business of the compiled harness.
"""

from __future__ import annotations

from typing import Any

import cocotb
import numpy as np
import pytest
from cocotb.triggers import ClockCycles, RisingEdge, with_timeout
from cocotbext.axi import AxiLiteBus, AxiLiteMaster

from hwtools.registers import Register
from sim.golden import tickwire_core as golden
from sim.golden.tick_pkg import unpack
from sim.lib.bench import Ports, figure, start
from sim.lib.runner import PERIOD_NS, run
from sim.test_feed_rx import lines
from tickwire.gen import regmap
from tickwire.gen.records import FEATURE_VECTOR, SIGNAL, SLOTS, Action, Operation, Reason
from tickwire.replay.signals import settings
from tickwire.wire import itch
from tickwire.wire.chunks import Chunks
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.mold import packetise
from tickwire.wire.traffic import Registers, Traffic

EVENTS = 460
LOCATES = {100: 0, 101: 5}
TABLES = {"ORDER_ROWS": 64, "LEVEL_ROWS": 64}
SPACE = {8: 30, 64: 4}  # at 64 the next frame is there before the signal of the one before
SPOILED = (-1, -2, -3, -7, -8)
ANSWER = 500 * PERIOD_NS  # ns, in which an access must be answered
REST = 120  # cycles until the last signal is out
BUY, SELL, BACK, LEAST = 400, -400, 30, 3000


def market(seed: int) -> itch.Messages:
    """Adds and deletes of two instruments, the second a rare one, in minutes of their time: long
    enough for the first to be warm."""
    rng = np.random.default_rng(seed)
    types, added, deleted = list[str](), list[dict[str, Any]](), list[dict[str, Any]]()
    resting = {locate: {b"B": list[int](), b"S": list[int]()} for locate in LOCATES}
    time, reference = 34_200 * 10**9, 0
    for _ in range(EVENTS):
        time += int(rng.integers(1, 700_000_000))
        locate = 101 if rng.random() < 0.08 else 100
        side = rng.choice([b"B", b"S"])
        mine = resting[locate][side]
        if len(mine) < 4 or rng.random() < 0.5:
            reference += 1
            away = 100 * int(rng.integers(1, 9))
            price = 1_000_000 - away if side == b"B" else 1_000_000 + away
            added.append({
                "stock_locate": locate, "timestamp": time, "order_reference_number": reference,
                "buy_sell_indicator": side, "shares": int(rng.integers(1, 900)), "price": price,
                "stock": b"TICK    ",
            })  # fmt: skip
            mine.append(reference)
            types.append("A")
        else:
            gone = mine.pop(int(rng.integers(len(mine))))
            deleted.append(
                {"stock_locate": locate, "timestamp": time, "order_reference_number": gone}
            )
            types.append("D")
    arrays = {"A": itch.empty("A", len(added)), "D": itch.empty("D", len(deleted))}
    for kind, rows in (("A", added), ("D", deleted)):
        for at, row in enumerate(rows):
            for name, value in row.items():
                arrays[kind][name][at] = value
    return itch.Messages.of(np.frombuffer("".join(types).encode(), np.uint8), arrays)


def sent(seed: int) -> Chunks:
    """Of three frames in a row at the end, and two before, the check sequence is wrong: known when
    their operations are through, and when the next frame's are on their way."""
    rng, left, counts = np.random.default_rng(seed + 1), EVENTS, list[int]()
    while left:
        counts.append(min(left, int(rng.choice([1, 1, 2, 4]))))
        left -= counts[-1]
    made = frames(packetise(itch.encode(market(seed)), counts, session=b"CORE"), Flow())
    for frame in SPOILED:
        made.data[made.offsets[frame] - 1] ^= 1  # of the one before: its last byte
    return made


class Path:
    """The core with its registers, driven by frames."""

    def __init__(self, dut: Any) -> None:
        self.dut, self.ports, self.lanes = dut, Ports(dut), len(dut.s_axis_tkeep) // 2
        names = ("tdata", "tkeep", "tvalid", "tlast", "tuser")
        self.ports.write({f"s_axis_{name}": 0 for name in names})
        self.master = AxiLiteMaster(AxiLiteBus.from_prefix(dut, "s_axil"), dut.clk, dut.rst)
        self.signals: list[tuple[int, int]] = []
        self.vectors: list[int] = []
        self.said: list[int] = []

    async def write(self, register: Register, **values: int) -> None:
        word = register.encode(**values)
        data = word.to_bytes(register.width // 8, "little")
        await with_timeout(self.master.write(register.address, data), ANSWER, "ns")

    async def read(self, register: Register, name: str) -> int:
        read = self.master.read(register.address, register.width // 8)
        got = await with_timeout(read, ANSWER, "ns")
        return register.decode(int.from_bytes(got.data, "little"))[name]

    async def settle(self, registers: Registers, each_change: bool) -> Any:
        """Write what a host writes; thresholds as the golden model takes them."""
        made = settings(SLOTS)
        for feed in (0, 1):
            await self.write(regmap.FEEDS_GROUP[feed], address=registers.group[feed])
            await self.write(regmap.FEEDS_UDP[feed], port=registers.port[feed])
            await self.write(regmap.FEEDS_CONTROL[feed], enable=1)
        for locate, slot in registers.locates.items():
            await self.write(regmap.SLOTS_LOCATE[slot], stock_locate=locate)
            await self.write(regmap.SLOTS_BUY_THRESHOLD[slot], strength=BUY)
            await self.write(regmap.SLOTS_SELL_THRESHOLD[slot], strength=SELL)
            await self.write(regmap.SLOTS_HYSTERESIS[slot], strength=BACK)
            await self.write(regmap.SLOTS_MINIMUM_INTERVAL[slot], time_units=LEAST)
            await self.write(regmap.SLOTS_CONTROL[slot], enable=1)
            made[slot] = (BUY, SELL, BACK, LEAST)
        await self.write(regmap.CONTROL, trigger=int(each_change), taps=0)
        return made

    def see(self, cycle: int) -> None:
        read = self.ports.read
        if read("m_valid"):
            self.signals.append((cycle, read("m_signal")))
        if read("tap_vector_valid"):
            self.vectors.append(read("tap_vector"))
        if read("tap_network_valid"):
            self.said.append(read("tap_network"))

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
                began = self.ports.read("cycles_q") + 1  # the edge that was counts it up
        return began


def records(name: str, layout: Any, words: list[int]) -> Any:
    made = layout.empty(len(words))
    for row, word in enumerate(words):
        for field, value in unpack(name, word).items():
            made[field][row] = value
    return made


def same(got: Any, want: Any, began: int) -> None:
    """Field by field; stamps count from the traffic's first cycle."""
    assert len(got) == len(want)
    for name in got.dtype.names:
        late = began if name in ("frame_cycle", "message_cycle") else 0
        wrong = np.flatnonzero((got[name] != want[name] + late).reshape(len(got), -1).any(axis=1))
        assert not len(wrong), (name, wrong[0], got[wrong[0]], want[wrong[0]])


async def days_signals(dut: Any, each_change: bool) -> None:
    width, seed = len(dut.s_axis_tkeep) * 4, cocotb.RANDOM_SEED
    registers = Registers(locates=LOCATES)
    traffic = Traffic.of(sent(seed), width, start=8, space=SPACE[width])
    path = Path(dut)
    await start(dut)
    made = await path.settle(registers, each_change)
    told = golden.told(traffic, registers, width, made, each_change)
    want = told.expected
    met = {reason.name: int((want.signals["reason"] == reason).sum()) for reason in Reason}
    assert met["WARMING_UP"] > 100 and want.steps.sum() > 40, met
    decided = {each: int((want.signals["decision"] == each).sum()) for each in Action}
    assert min(decided.values()) >= 1 and met["BELOW_THRESHOLD"] > 5, (met, decided)
    assert met["BAD_FRAME"] >= (len(SPOILED) if not each_change else 1)
    await ClockCycles(dut.clk, 300)  # the tables are empty
    began = await path.play(traffic)
    same(records("signal", SIGNAL, [word for _, word in path.signals]), want.signals, began)
    if int(dut.TAPS.value):
        same(records("feature_vector", FEATURE_VECTOR, path.vectors), want.vectors, began)
        same(records("signal", SIGNAL, path.said), want.network, began)
    else:
        assert not path.vectors and not path.said and not int(dut.tap_axis_tvalid.value)
    cycles = np.array([cycle for cycle, _ in path.signals])
    own = (want.sends == want.stands) & (
        want.operations["operation"][want.sends] != Operation.REPLACE
    )
    late = (cycles - want.signals["message_cycle"].astype(np.int64))[own]
    assert late.min() == golden.LATENCY[width] and (width == 64 or late.max() == late.min())
    figure("latency", int(late.min()), "cycles")
    last = np.flatnonzero(want.vectors["slot"] == 0)[-1]
    counted = {
        regmap.COUNTERS_PATH_MESSAGES: told.messages,
        regmap.COUNTERS_FEEDS_FRAMES[0]: len(traffic.frames) - len(SPOILED),
        regmap.COUNTERS_FEEDS_BAD_FCS[0]: len(SPOILED),
        regmap.COUNTERS_PATH_BAD_FRAMES: len(SPOILED),
        regmap.COUNTERS_PATH_INFERENCES: int(want.steps.sum()),
        regmap.COUNTERS_PATH_SIGNALS_NONE: decided[Action.NONE],
        regmap.COUNTERS_PATH_SIGNALS_BUY: decided[Action.BUY],
        regmap.COUNTERS_PATH_SIGNALS_SELL: decided[Action.SELL],
        regmap.COUNTERS_PATH_NETWORK_DROPS: 0,
    }
    for register, count in counted.items():
        assert await path.read(register, register.fields[0].name) == count, register.name
    assert await path.read(regmap.SLOTS_STATUS[0], "warm") == want.vectors["warm"][last]
    assert await path.read(regmap.SLOTS_STICKY[0], "stale") == 1  # by the bad frame
    assert await path.read(regmap.SLOTS_STATUS[5], "warm") == 0
    assert await path.read(regmap.MODEL, "hash") == golden.MODEL_ID
    assert await path.read(regmap.CAPABILITIES, "width") == width


@cocotb.test()
async def a_market_makes_its_signals(dut: Any) -> None:
    await days_signals(dut, each_change=False)


@cocotb.test()
async def the_host_clears_and_loads(dut: Any) -> None:
    """After a reset the books are empty. An operation waits till it is taken, and says so."""
    path = Path(dut)
    await start(dut)
    await path.settle(Registers(locates=LOCATES), each_change=False)
    await ClockCycles(dut.clk, 300)
    seen: list[int] = []

    async def watch() -> None:
        while True:
            await RisingEdge(dut.clk)
            if path.ports.read("m_valid"):
                seen.append(path.ports.read("m_signal"))

    watching = cocotb.start_soon(watch())

    async def issue(operation: Operation, side: int = 0, **values: int) -> None:
        for name, value in values.items():
            register = getattr(regmap, f"HOST_{name.upper()}")
            await path.write(register, **{register.fields[0].name: value})
        await path.write(regmap.HOST_ISSUE, slot=5, operation=operation, side=side, go=1)
        for _ in range(50):
            if not await path.read(regmap.HOST_STATUS, "waits"):
                return
        raise AssertionError(f"{operation.name} still waits")

    await issue(Operation.LOAD)
    await ClockCycles(dut.clk, 20)  # it is on its way when it doesn't wait any more
    assert await path.read(regmap.SLOTS_STATUS[5], "reason") == Reason.LOADING
    await ClockCycles(dut.clk, 200)
    await issue(Operation.ADD, 0, reference_low=7, price=1_000_000, shares=300)
    await issue(Operation.ADD, 1, reference_low=8, price=1_000_100, shares=200)
    await issue(Operation.EXECUTE, 0)  # isn't the host's to say
    await issue(Operation.TRUST, sequence_low=9)
    await ClockCycles(dut.clk, 60)
    watching.cancel()
    made = records("signal", SIGNAL, seen)
    assert len(made) == 4 and (made["slot"] == 5).all() and not made["decision"].any()
    assert made["reason"].tolist() == [*[Reason.LOADING] * 3, Reason.WARMING_UP]
    best = [int(made[name][-1]) for name in ("bid_price", "bid_shares", "ask_price", "ask_shares")]
    assert best == [1_000_000, 300, 1_000_100, 200] and not made["message_cycle"].any()
    assert await path.read(regmap.COUNTERS_PATH_SIGNALS_NONE, "count") == 4


@cocotb.test()
async def a_slot_is_found_by_its_name(dut: Any) -> None:
    """Long after the last access to a register: it holds the locate, and the book is the slot's."""
    width, path = len(dut.s_axis_tkeep) * 4, Path(dut)
    await start(dut)
    await path.settle(Registers(), each_change=False)
    symbol = int.from_bytes(b"LEARNED ", "big")
    await path.write(regmap.SLOTS_SYMBOL_FIRST[5], characters=symbol >> 32)
    await path.write(regmap.SLOTS_SYMBOL_LAST[5], characters=symbol & 0xFFFFFFFF)
    await path.write(regmap.SLOTS_CONTROL[5], enable=1, learn=1)
    await ClockCycles(dut.clk, 300)
    orders = [
        {"message_type": b"A", "stock_locate": locate, "order_reference_number": locate,
         "buy_sell_indicator": b"B", "shares": 100, "price": price, "stock": b"LEARNED"}
        for locate, price in ((4242, 500_000), (4241, 600_000))
    ]  # fmt: skip
    named = {"message_type": b"R", "stock_locate": 4242, "stock": b"LEARNED"}
    data = itch.encode(itch.one_by_one([named, *orders]))
    traffic = Traffic.of(frames(packetise(data, [1, 1, 1], session=b"NAMES"), Flow()), width,
                         start=8, space=400)  # fmt: skip
    await path.play(traffic)
    assert await path.read(regmap.SLOTS_LOCATE[5], "stock_locate") == 4242
    assert await path.read(regmap.SLOTS_STATUS[5], "learned") == 1
    made = records("signal", SIGNAL, [word for _, word in path.signals])
    assert (made["slot"] == 5).sum() == 1, made
    assert made["bid_price"][made["slot"] == 5].tolist() == [500_000]
    assert await path.read(regmap.COUNTERS_PATH_OTHER_INSTRUMENTS, "count") == 1


@cocotb.test()
async def each_change_makes_its_own(dut: Any) -> None:
    """Only at W = 8: where that is asked for at 64 it is as if it weren't."""
    if len(dut.s_axis_tkeep) == 2:
        await days_signals(dut, each_change=True)


@pytest.mark.parametrize(("width", "gated", "taps"), [(8, 0, 0), (8, 1, 0), (64, 1, 1)])
def test_tickwire_core(width: int, gated: int, taps: int) -> None:
    run("tickwire_core", W=width, GATED=gated, TAPS=taps, **TABLES)
