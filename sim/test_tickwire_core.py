"""Bench of tickwire_core: registers over AXI4-Lite, a little market as frames, signals out; with a
stand-in as the network. Days, networks and waves are the business of the compiled harness.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cocotb
import numpy as np
import pytest
from cocotb.triggers import ClockCycles, RisingEdge, with_timeout
from cocotbext.axi import AxiLiteBus, AxiLiteMaster

from hwtools.registers import Register
from sim.golden import tickwire_core as golden
from sim.golden.feed_book import EVENTS as CAUSES
from sim.golden.tick_pkg import unpack
from sim.lib.bench import Ports, figure, start
from sim.lib.runner import PERIOD_NS, run
from sim.test_feed_rx import lines
from tickwire.gen import regmap
from tickwire.gen.records import FEATURE_VECTOR, SIGNAL, SLOTS, Action, Operation, Reason
from tickwire.replay.path import Expected
from tickwire.replay.signals import settings
from tickwire.wire import itch
from tickwire.wire.chunks import Chunks
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.mold import packetise
from tickwire.wire.traffic import Registers, Traffic, wire_cycles

EVENTS = 460
LOCATES = {100: 0, 101: 5}
SLOT_SETTINGS = {0: (400, -400, 30, 3000), 5: (300, -500, 20, 4000)}
TABLES = {"ORDER_ROWS": 64, "LEVEL_ROWS": 64}
# Cycles between frames: at 64 most are so near that the next is there before the signal of the one
# before. A frame that comes ALONE after the one before finds nothing that it must wait for.
SPACE = {8: (30,), 64: (4, 4, 4, 60)}
ALONE = 60
SPOILED = (-1, -2, -3, -7, -8)
ANSWER = 500 * PERIOD_NS  # ns, in which an access must be answered
REST = 120  # cycles until the last signal is out


def market(seed: int, events: int = EVENTS) -> itch.Messages:
    """Adds and deletes of two instruments, the second a rare one, in minutes of their time: long
    enough for the first to be warm."""
    rng = np.random.default_rng(seed)
    types, added, deleted = list[str](), list[dict[str, Any]](), list[dict[str, Any]]()
    resting = {locate: {b"B": list[int](), b"S": list[int]()} for locate in LOCATES}
    time, reference = 34_200 * 10**9, 0
    for _ in range(events):
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
    chunks = frames(packetise(itch.encode(market(seed)), counts, session=b"CORE"), Flow())
    for frame in SPOILED:
        chunks.data[chunks.offsets[frame] - 1] ^= 1  # of the one before: its last byte
    return chunks


class Path:
    """The core with its registers, driven by frames."""

    def __init__(self, dut: Any) -> None:
        self.dut, self.ports, self.lanes = dut, Ports(dut), len(dut.s_axis_tkeep) // 2
        names = ("tdata", "tkeep", "tvalid", "tlast", "tuser")
        self.ports.write({f"s_axis_{name}": 0 for name in names})
        self.master = AxiLiteMaster(AxiLiteBus.from_prefix(dut, "s_axil"), dut.clk, dut.rst)
        self.signals: list[tuple[int, int]] = []
        self.vectors: list[int] = []
        self.network: list[int] = []

    async def write(self, register: Register, **values: int) -> None:
        word = register.encode(**values)
        data = word.to_bytes(register.width // 8, "little")
        await with_timeout(self.master.write(register.address, data), ANSWER, "ns")

    async def read(self, register: Register, name: str) -> int:
        read = self.master.read(register.address, register.width // 8)
        answer = await with_timeout(read, ANSWER, "ns")
        return register.decode(int.from_bytes(answer.data, "little"))[name]

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

    async def settle(self, registers: Registers, each_change: bool) -> Any:
        """Write what a host writes; thresholds as the golden model takes them."""
        every = settings(SLOTS)
        for feed in (0, 1):
            await self.write(regmap.FEEDS_GROUP[feed], address=registers.group[feed])
            await self.write(regmap.FEEDS_UDP[feed], port=registers.port[feed])
            names = {"enable": "feed_enable", "any_group": "any_group", "any_port": "any_port"}
            bits = {name: getattr(registers, all_) >> feed & 1 for name, all_ in names.items()}
            await self.write(regmap.FEEDS_CONTROL[feed], **bits)
        for locate, slot in registers.locates.items():
            buy, sell, back, least = every[slot] = SLOT_SETTINGS[slot]
            await self.write(regmap.SLOTS_LOCATE[slot], stock_locate=locate)
            await self.write(regmap.SLOTS_BUY_THRESHOLD[slot], strength=buy)
            await self.write(regmap.SLOTS_SELL_THRESHOLD[slot], strength=sell)
            await self.write(regmap.SLOTS_HYSTERESIS[slot], strength=back)
            await self.write(regmap.SLOTS_MINIMUM_INTERVAL[slot], time_units=least)
            await self.write(regmap.SLOTS_CONTROL[slot], enable=1)
        await self.write(regmap.CONTROL, trigger=int(each_change), taps=0)
        return every

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


def check_latency(path: Path, expected: Expected, width: int) -> None:
    """Least and most of the records that had to wait for nothing: those of a packet of one slot
    that came alone. At 8, where frames are long, none has to."""
    operations, sends = expected.operations, expected.sends
    own = (sends == expected.stands) & (operations["operation"][sends] != Operation.REPLACE)
    came = expected.signals["message_cycle"].astype(np.int64)
    late = np.array([cycle for cycle, _ in path.signals]) - came
    frames = expected.signals["frame_cycle"].astype(np.int64)
    others = np.array([(frames == frame).sum() > 1 for frame in frames])
    alone = own & ~others & (np.diff(came, prepend=came[0] - ALONE - 1) > ALONE)
    unwaited = late[own] if width == 8 else late[alone]
    assert len(unwaited) > 20, len(unwaited)
    assert unwaited.min() == unwaited.max() == late[own].min() == golden.LATENCY[width]
    figure("latency", int(unwaited.max()), "cycles")


def check_counters(observed: dict[str, int], expected: dict[str, int]) -> None:
    """All of them. What is ignored may have a cause too; feed_book's bench has which."""
    ignored = expected["path.ignored_operations"]
    assert len(expected) > 60
    for name, count in observed.items():
        more = ignored if name.partition(".")[2] in CAUSES.values() else 0
        assert expected[name] <= count <= expected[name] + more, (name, count, expected[name])


async def days_signals(dut: Any, each_change: bool) -> None:
    width, seed = len(dut.s_axis_tkeep) * 4, cocotb.RANDOM_SEED
    registers = Registers(locates=LOCATES)
    chunks = sent(seed)
    space = np.random.default_rng(seed).choice(SPACE[width], len(chunks))
    traffic = Traffic.of(chunks, width, start=8, space=space)
    path = Path(dut)
    await start(dut)
    slots = await path.settle(registers, each_change)
    expected, counts = golden.expect(traffic, registers, width, slots, each_change)
    met = {reason.name: int((expected.signals["reason"] == reason).sum()) for reason in Reason}
    assert met["WARMING_UP"] > 100 and expected.steps.sum() > 40, met
    decided = {each: counts[f"path.signals_{each.name.lower()}"] for each in Action}
    assert min(decided.values()) >= 1 and met["BELOW_THRESHOLD"] > 5, (met, decided)
    assert met["BAD_FRAME"] >= (len(SPOILED) if not each_change else 1)
    assert counts["path.bad_frames"] == counts["feeds[0].bad_fcs"] == len(SPOILED)
    await ClockCycles(dut.clk, 300)  # the tables are empty
    began = await path.play(traffic)
    same(records("signal", SIGNAL, [word for _, word in path.signals]), expected.signals, began)
    if int(dut.TAPS.value):
        same(records("feature_vector", FEATURE_VECTOR, path.vectors), expected.vectors, began)
        same(records("signal", SIGNAL, path.network), expected.network, began)
    else:
        assert not path.vectors and not path.network and not int(dut.tap.value)
    check_latency(path, expected, width)
    check_counters(await path.counters(), counts)
    last = np.flatnonzero(expected.vectors["slot"] == 0)[-1]
    assert await path.read(regmap.SLOTS_STATUS[0], "warm") == expected.vectors["warm"][last]
    assert await path.read(regmap.SLOTS_STICKY[0], "stale") == 1  # by the bad frame
    assert await path.read(regmap.SLOTS_STATUS[5], "warm") == 0
    assert await path.read(regmap.MODEL, "hash") == golden.MODEL_ID
    assert await path.read(regmap.CAPABILITIES, "width") == width


@cocotb.test()
async def a_market_makes_its_signals(dut: Any) -> None:
    await days_signals(dut, each_change=False)


@cocotb.test()
async def both_feeds_have_their_own_registers(dut: Any) -> None:
    """Feed A takes any group's, feed B any port's; what only the other would take is filtered. Of
    six messages the third and fourth are missing."""
    width, path = len(dut.s_axis_tkeep) * 4, Path(dut)
    registers = Registers(locates=LOCATES, any_group=1, any_port=2, port=(26_401, 26_402))
    await start(dut)
    slots = await path.settle(registers, each_change=False)
    await ClockCycles(dut.clk, 300)
    payloads = packetise(itch.encode(market(1, 6)), [1] * 6, session=b"REGISTERS1")
    groups = ["233.54.12.111", "233.54.12.112"]
    wires = [  # packet, feed, group and port of which feed
        *((0, 0, 1, 0), (1, 1, 1, 0)),
        *((2, 0, 0, 1), (2, 1, 0, 1), (3, 1, 0, 0)),
        *((4, 1, 1, 1), (4, 0, 0, 0), (5, 0, 1, 0)),
    ]
    chunks = Chunks.of([
        frames(Chunks.of([payloads[packet]]), Flow(
            destination_address=groups[group], destination_port=registers.port[port]))[0]
        for packet, _, group, port in wires
    ])  # fmt: skip
    feed = np.array([feed for _, feed, _, _ in wires])
    apart = wire_cycles(chunks.lengths, width) + 30
    traffic = Traffic.of(chunks, width, feed=feed)
    traffic = replace(traffic, first=16 + np.cumsum(apart) - apart)
    expected, counts = golden.expect(traffic, registers, width, slots, False)
    assert [counts[f"feeds[{one}].filtered"] for one in (0, 1)] == [1, 2]
    assert [counts[f"feeds[{one}].datagrams"] for one in (0, 1)] == [3, 2]
    assert counts["path.gaps"] == counts["feeds[0].duplicates"] == 1
    began = await path.play(traffic)
    same(records("signal", SIGNAL, [word for _, word in path.signals]), expected.signals, began)
    check_counters(await path.counters(), counts)
    assert await path.read(regmap.MOLD_GAP_FIRST, "sequence_number") == 3
    assert await path.read(regmap.MOLD_GAP_COUNT, "messages") == 2
    assert await path.read(regmap.MOLD_NEXT, "sequence_number") == 7
    session = await path.read(regmap.MOLD_SESSION, "characters")
    assert session.to_bytes(8, "big") == b"REGISTER"
    assert await path.read(regmap.MOLD_SESSION_END, "characters") == int.from_bytes(b"S1", "big")
    assert await path.read(regmap.MOLD_SESSION_END, "valid") == 1
    await path.write(regmap.COMMAND, clear_counters=1)
    assert not any((await path.counters()).values())
    await path.write(regmap.COMMAND, resynchronise=1)
    await path.read(regmap.MOLD_SESSION, "characters")  # takes the end with it
    assert await path.read(regmap.MOLD_SESSION_END, "valid") == 0


@cocotb.test()
async def the_host_clears_and_loads(dut: Any) -> None:
    """After a reset the books are empty. An operation waits till it is taken, and says so."""
    path = Path(dut)
    await start(dut)
    await path.settle(Registers(locates=LOCATES), each_change=False)
    await ClockCycles(dut.clk, 300)
    signals: list[int] = []

    async def watch() -> None:
        while True:
            await RisingEdge(dut.clk)
            if path.ports.read("m_valid"):
                signals.append(path.ports.read("m_signal"))

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
    rows = records("signal", SIGNAL, signals)
    assert len(rows) == 4 and (rows["slot"] == 5).all() and not rows["decision"].any()
    assert rows["reason"].tolist() == [*[Reason.LOADING] * 3, Reason.WARMING_UP]
    best = [int(rows[name][-1]) for name in ("bid_price", "bid_shares", "ask_price", "ask_shares")]
    assert best == [1_000_000, 300, 1_000_100, 200] and not rows["message_cycle"].any()
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
    messages: list[dict[str, int | bytes]] = [
        {"message_type": b"R", "stock_locate": 4242, "stock": b"LEARNED"}
    ]
    messages += [
        {"message_type": b"A", "stock_locate": locate, "order_reference_number": locate,
         "buy_sell_indicator": b"B", "shares": 100, "price": price, "stock": b"LEARNED"}
        for locate, price in ((4242, 500_000), (4241, 600_000))
    ]  # fmt: skip
    data = itch.encode(itch.one_by_one(messages))
    traffic = Traffic.of(frames(packetise(data, [1, 1, 1], session=b"NAMES"), Flow()), width,
                         start=8, space=400)  # fmt: skip
    await path.play(traffic)
    assert await path.read(regmap.SLOTS_LOCATE[5], "stock_locate") == 4242
    assert await path.read(regmap.SLOTS_STATUS[5], "learned") == 1
    rows = records("signal", SIGNAL, [word for _, word in path.signals])
    assert (rows["slot"] == 5).sum() == 1, rows
    assert rows["bid_price"][rows["slot"] == 5].tolist() == [500_000]
    assert await path.read(regmap.COUNTERS_PATH_OTHER_INSTRUMENTS, "count") == 1


@cocotb.test()
async def each_change_makes_its_own(dut: Any) -> None:
    """Only at W = 8: where that is asked for at 64 it is as if it weren't."""
    if len(dut.s_axis_tkeep) == 2:
        await days_signals(dut, each_change=True)


@pytest.mark.parametrize(("width", "gated", "taps"), [(8, 0, 0), (8, 1, 0), (64, 1, 1)])
def test_tickwire_core(width: int, gated: int, taps: int) -> None:
    run("tickwire_core", {"W": width, "GATED": gated, "TAPS": taps, **TABLES})
