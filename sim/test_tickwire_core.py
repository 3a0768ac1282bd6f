"""Bench of tickwire_core: registers over AXI4-Lite, a little market as frames, signals out; with a
stand-in as the network. Days, networks and waves are the business of the compiled harness.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cocotb
import numpy as np
import pytest
from cocotb.triggers import ClockCycles, RisingEdge

from sim.golden import tickwire_core as golden
from sim.lib import core_seen
from sim.lib.bench import figure, start
from sim.lib.core import COUNTED, PARAMETERS, SWEEP, WIDTH, Core, check_counters, records, same
from sim.lib.runner import run
from sim.stimulus import causes, core_map, core_orders, core_session, core_slots
from sim.stimulus.fuzz import LOCATES as FUZZED
from sim.stimulus.market import market
from tickwire.gen import regmap
from tickwire.gen.records import FEATURE_VECTOR, SIGNAL, Action, Operation, Reason
from tickwire.replay.path import Expected
from tickwire.wire import itch
from tickwire.wire.chunks import Chunks
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.mold import packetise
from tickwire.wire.traffic import Registers, Traffic, wire_cycles

EVENTS = 460
LOCATES = {100: 0, 101: 5}
SHARES = {100: 0.92, 101: 0.08}  # the second is a rare one
SLOT_SETTINGS = {0: (400, -400, 30, 3000), 5: (300, -500, 20, 4000)}
# Cycles between frames: at 64 most are so near that the next is there before the signal of the one
# before. A frame that comes ALONE after the one before finds nothing that it must wait for.
SPACE = {8: (30,), 64: (4, 4, 4, 60)}
ALONE = 60
SPOILED = (-1, -2, -3, -7, -8)
UNDONE = len({-3, -8})  # alone; what the others do is behind a gap, which is undone as a loss


def sent(seed: int) -> Chunks:
    """Of three frames in a row at the end, and two before, the check sequence is wrong: known when
    their operations are through, and when the next frame's are on their way."""
    rng, left, counts = np.random.default_rng(seed + 1), EVENTS, list[int]()
    while left:
        counts.append(min(left, int(rng.choice([1, 1, 2, 4]))))
        left -= counts[-1]
    chunks = frames(
        packetise(itch.encode(market(seed, EVENTS, SHARES)), counts, session=b"CORE"), Flow()
    )
    for frame in SPOILED:
        chunks.data[chunks.offsets[frame] - 1] ^= 1  # of the one before: its last byte
    return chunks


def check_latency(path: Core, expected: Expected, width: int) -> None:
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


async def days_signals(dut: Any, each_change: bool) -> None:
    width, seed = len(dut.s_axis_tkeep) * 4, cocotb.RANDOM_SEED
    registers = Registers(any_hours=1, locates=LOCATES)
    chunks = sent(seed)
    space = np.random.default_rng(seed).choice(SPACE[width], len(chunks))
    traffic = Traffic.of(chunks, width, start=8, space=space)
    path = Core(dut)
    await start(dut)
    slots = await path.settle(registers, each_change, SLOT_SETTINGS)
    played = golden.expect(traffic, registers, width, slots, each_change)
    expected, counts = played.expected, played.counters
    met = {reason.name: int((expected.signals["reason"] == reason).sum()) for reason in Reason}
    assert met["WARMING_UP"] > 100 and expected.steps.sum() > 40, met
    decided = {each: counts[f"path.signals_{each.name.lower()}"] for each in Action}
    assert min(decided.values()) >= 1 and met["BELOW_THRESHOLD"] > 5, (met, decided)
    assert met["BAD_FRAME"] >= (UNDONE if not each_change else 1)
    assert counts["path.bad_frames"] == UNDONE and counts["feeds[0].bad_fcs"] == len(SPOILED)
    await ClockCycles(dut.clk, SWEEP)  # the tables are empty
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
async def each_of_many_bad_frames_is_remembered(dut: Any) -> None:
    """They come as fast as the wire has them: at 64 bits three more are known to be bad before the
    first one's record is decided. Each is of another slot, and undone before the next."""
    path = Core(dut)
    await start(dut)
    registers = Registers(any_hours=1, locates=FUZZED)
    rows = await path.settle(registers, each_change=False)
    await ClockCycles(dut.clk, SWEEP)
    adds = (causes.add(1, locate=locate) for locate in registers.locates)
    bad = [causes.spoilt(causes.packet(1, one)) for one in adds]
    traffic = Traffic.of(Chunks.of([one.frame for one in bad]), WIDTH, start=16)
    expected = golden.expect(traffic, registers, WIDTH, rows, False).expected
    assert expected.signals["reason"].tolist() == [Reason.BAD_FRAME] * len(registers.locates)
    began = await path.play(traffic)
    same(records("signal", SIGNAL, [word for _, word in path.signals]), expected.signals, began)


@cocotb.test()
async def both_feeds_have_their_own_registers(dut: Any) -> None:
    """Feed A takes any group's, feed B any port's; what only the other would take is filtered. Of
    six messages the third and fourth are missing."""
    width, path = len(dut.s_axis_tkeep) * 4, Core(dut)
    registers = Registers(
        any_hours=1, locates=LOCATES, any_group=1, any_port=2, port=(26_401, 26_402)
    )
    await start(dut)
    slots = await path.settle(registers, False, SLOT_SETTINGS)
    await ClockCycles(dut.clk, SWEEP)
    payloads = packetise(itch.encode(market(1, 6, SHARES)), [1] * 6, session=b"REGISTERS1")
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
    played = golden.expect(traffic, registers, width, slots, False)
    expected, counts = played.expected, played.counters
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
    """After a reset the books are empty. An operation waits till it is taken, and says so. A
    snapshot is of the session that goes on, or isn't trusted."""
    path = Core(dut)
    await start(dut)
    await path.settle(Registers(any_hours=1, locates=LOCATES), each_change=False)
    begins = causes.Scenario("", [causes.packet(1)])  # without a message
    await path.play(begins.traffic(len(dut.s_axis_tkeep) * 4))
    await path.open_market()  # no session says so
    await ClockCycles(dut.clk, SWEEP)
    signals: list[int] = []

    async def watch() -> None:
        while True:
            await RisingEdge(dut.clk)
            if path.ports.read("m_valid"):
                signals.append(path.ports.read("m_signal"))

    watching = cocotb.start_soon(watch())

    await path.issue(5, Operation.LOAD)
    await ClockCycles(dut.clk, 20)  # it is on its way when it doesn't wait any more
    assert await path.read(regmap.SLOTS_STATUS[5], "reason") == Reason.LOADING
    await ClockCycles(dut.clk, 200)
    await path.issue(5, Operation.ADD, 0, reference=7, price=1_000_000, shares=300)
    await path.issue(5, Operation.ADD, 1, reference=8, price=1_000_100, shares=200)
    await path.issue(5, Operation.EXECUTE, 0)  # isn't the host's to say
    await path.trust(5, 9, b"TICKWIRE02")
    await path.trust(5, 9)
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
    width, path = len(dut.s_axis_tkeep) * 4, Core(dut)
    await start(dut)
    await path.settle(Registers(any_hours=1), each_change=False)
    symbol = int.from_bytes(b"LEARNED ", "big")
    await path.write(regmap.SLOTS_SYMBOL_FIRST[5], characters=symbol >> 32)
    await path.write(regmap.SLOTS_SYMBOL_LAST[5], characters=symbol & 0xFFFFFFFF)
    await path.write(regmap.SLOTS_CONTROL[5], enable=1, learn=1)
    await ClockCycles(dut.clk, SWEEP)
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


@cocotb.test(skip=WIDTH != 8)
async def each_change_makes_its_own(dut: Any) -> None:
    """Only at W = 8: where that is asked for at 64 it is as if it weren't."""
    await days_signals(dut, each_change=True)


@pytest.mark.parametrize(("width", "gated", "taps"), [(8, 0, 0), (8, 1, 0), (64, 1, 1)])
def test_tickwire_core(width: int, gated: int, taps: int) -> None:
    run("tickwire_core", {"W": width, "GATED": gated, "TAPS": taps, **PARAMETERS})


@pytest.mark.parametrize("bench", ["core_map", "core_slots", "core_orders"])
@pytest.mark.parametrize(("width", "gated", "taps"), [(8, 0, 0), (64, 1, 1)])
def test_the_registers(width: int, gated: int, taps: int, bench: str) -> None:
    parameters = {"W": width, "GATED": gated, "TAPS": taps, **PARAMETERS}
    run("tickwire_core", parameters, bench=f"stimulus.{bench}")


@pytest.mark.parametrize(("width", "ouch42"), [(8, 0), (64, 0), (64, 1)])
def test_the_session(width: int, ouch42: int) -> None:
    parameters = {"W": width, "GATED": 1, "LINK": 1, "TIMEOUT": 2_048, "RETRIES": 6, **PARAMETERS}
    parameters["OUCH42"] = ouch42
    run("tickwire_core", parameters, bench="stimulus.core_session")


def test_every_register_is_seen() -> None:
    """A new one, or a new field of one, is nobody's until core_seen says whose. Every counter of
    the risk gate's checks is read in core_orders: signals_become_orders."""
    counted = {one.name for one in regmap.REGISTERS if one.name.startswith(COUNTED)}
    assert {one.name for one in regmap.REGISTERS} - counted == set(core_seen.SEEN)
    fields = sum(len(one.fields) for one in regmap.REGISTERS if one.name in core_seen.SEEN)
    assert fields == 72
    tests = {*vars(core_map), *vars(core_slots), *vars(core_orders), *vars(core_session)}
    assert set(core_seen.ELSEWHERE.values()) <= tests
