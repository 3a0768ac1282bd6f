"""Bench of tickwire_core's way out: a market whose signals become orders, by settings and limits of
each slot's own, a venue that answers, and a host that commands; the golden model of order_path,
told what the core shows, says every decision, order, echo and counter.
"""

from __future__ import annotations

import random
import struct
from typing import Any

import cocotb
import numpy as np
from cocotb.triggers import ClockCycles
from cocotbext.axi import AxiResp

from sim.golden.tick_pkg import unpack
from sim.lib.bench import figure, start
from sim.lib.core import Core
from sim.lib.core_desk import Desk
from sim.lib.core_seen import counted, moved
from sim.stimulus.desk import KEY
from sim.stimulus.market import market
from sim.stimulus.ouch import message
from tickwire.gen import regmap, risk_regmap
from tickwire.gen.records import (
    SLOTS,
    TCP_SESSION,
    Act,
    Capacity,
    Check,
    Marking,
    Outcome,
    Pricing,
    TimeInForce,
)
from tickwire.risk import window
from tickwire.wire import itch
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.mold import packetise
from tickwire.wire.ouch import CODEC
from tickwire.wire.traffic import Registers, Traffic

MIDDLE = 1_000_000
KILLED = {"killed": 1, "armed": 0, "pending": 0}
LOCATES = {100: 2, 101: 5}
UNWRITABLE = 5  # whose symbol no message of OUCH can have
EVENTS = 440  # of a slot: it is warm after 400
WARM, DECIDES = 0.9, 0.7  # of the events: both are, and the first signals come


def traffic_of(seed: int, width: int, space: int) -> Traffic:
    """`space` is between the first frames of which signals come."""
    events = EVENTS * len(LOCATES)
    day = market(seed, events, dict.fromkeys(LOCATES, 1 / len(LOCATES)))
    raw, every, rng = itch.encode(day), list[list[bytes]](), random.Random(seed)
    together = 1 if width == 64 else 4  # messages of a packet
    places = itch.scan(raw)
    messages = [raw[at : at + length] for at, length in
                zip(places.offsets.tolist(), places.lengths.tolist(), strict=True)]  # fmt: skip
    for at in range(0, events, together):
        every.append(messages[at : at + together])
        if at > events * WARM and rng.random() < 0.2:  # interrupted before its signal is there
            locate = int.from_bytes(every[-1][-1][1:3], "big")
            every += [[halt(b"H", locate)], [halt(b"T", locate)]]
    body = b"".join(len(one).to_bytes(2, "big") + one for several in every for one in several)
    counts = [len(several) for several in every]
    share = np.arange(len(counts)) * together / events
    spaces = np.where((share >= DECIDES) & (share < DECIDES + 0.1), space, 6)
    chunks = frames(packetise(body, counts, session=b"ORDERS"), Flow())
    return Traffic.of(chunks, width, start=8, space=spaces)


def halt(action: bytes, locate: int) -> bytes:
    """An operational halt of the exchange's own market."""
    return struct.pack(">cHH6s8s2s", b"h", locate, 0, bytes(6), b"TICK    ", b"Q" + action)


async def set_up(dut: Any, core: Core, desk: Desk, space: int = 6) -> Traffic:
    """Each slot with settings and limits that no other has."""
    rng = random.Random(cocotb.RANDOM_SEED)
    await core.anew()
    registers = Registers(any_hours=1, locates=LOCATES)
    await core.settle(registers, False, dict.fromkeys(LOCATES.values(), (20, -20, 0, 0)))
    limits = {}
    for slot in LOCATES.values():
        symbol = b"SYM\x7f" if slot == UNWRITABLE else b"SYM%d" % slot
        await desk.set_orders(
            slot, symbol, pricing=rng.choice((Pricing.OPPOSITE, Pricing.BEYOND)), offset=100 * slot,
            shares=100 + slot, capped=1, time_in_force=rng.choice(list(TimeInForce)),
            display=slot >> 1 & 1, capacity=rng.choice(list(Capacity)), marking=Marking.SHORT,
        )  # fmt: skip
        limits[slot] = {"position_long": 900 + slot, "position_short": 700 + slot}
        limits[slot] |= {"rate_cycles": 1, "rate_depth": 1 << 20, "duplicate": 0}
    await desk.begin()
    await desk.open_day(MIDDLE, limits)
    return traffic_of(cocotb.RANDOM_SEED, len(dut.s_axis_tkeep) * 4, space)


@cocotb.test()
async def signals_become_orders(dut: Any) -> None:
    core, width = Core(dut), len(dut.s_axis_tkeep) * 4
    await start(dut)
    desk = Desk(dut, core)
    traffic = await set_up(dut, core, desk)
    venue = cocotb.start_soon(desk.venue())
    await core.play(traffic)
    await ClockCycles(dut.clk, 300)
    venue.cancel()
    await ClockCycles(dut.clk, 100)
    await doubts(desk)
    await desk.arm()
    desk.ports.write({"kill_pin": 1})
    await ClockCycles(dut.clk, 1)
    desk.ports.write({"kill_pin": 0})
    await ClockCycles(dut.clk, 2)
    assert await desk.read(risk_regmap.STATUS) == KILLED
    counts = desk.done()
    seen = set[str]()
    observed = await counted(core, seen)
    assert {name: observed[f"path.{name}"] for name in counts} == counts
    assert min(counts["order_messages"], counts["refused_orders"]) > 5, counts
    assert counts["orders"] == counts["order_messages"] + counts["unwritable_orders"]
    assert counts["venue_confirmations"] > 20, counts
    sent = [line["order_message"].to_bytes(47, "big") for line in desk.lines if line["order_valid"]]
    symbols = {CODEC.decode("client", one).values["symbol"] for one in sent}
    assert symbols == {b"SYM2    "}, symbols
    moved("signals_become_orders", seen)
    await _each_check_is_counted(desk)
    _latency(desk, width)


async def _each_check_is_counted(desk: Desk) -> None:
    """By slot, of which each has another number somewhere; then none, as all is cleared."""
    failed, core = desk.failed(), desk.core
    numbers = [tuple(failed[slot, check] for check in Check) for slot in LOCATES.values()]
    assert len({*numbers}) == len(numbers) and all(map(any, numbers)), failed
    counts = {(slot, check): await core.failed(slot, check)
              for slot in range(SLOTS) for check in Check}  # fmt: skip
    assert counts == {place: failed[place] for place in counts}
    await core.write(regmap.COMMAND, clear_counters=1)
    for slot, check in failed:
        assert not await core.failed(slot, check), (slot, check)


async def doubts(desk: Desk) -> None:
    """Of an order that is open: accepted twice, executed beyond its shares, and more said at once
    than has room."""
    token, _ = desk.open[-1]
    await desk.told("order_accepted", user_ref_num=token, order_state=b"L")
    await desk.arm()
    await desk.told("order_executed", user_ref_num=token, quantity=1 << 20, price=MIDDLE)
    await desk.arm()
    for _ in range(20):
        values = {"user_ref_num": token, "quantity": 1, "price": MIDDLE}
        await desk.told("order_executed", rest=0, **values)
    await desk.told("system_event")
    await ClockCycles(desk.dut.clk, 60)
    assert not (await desk.read(risk_regmap.STATUS))["armed"]


def _latency(desk: Desk, width: int) -> None:
    """From each signal to the gate's decision on it, and to its order's message; and some were
    interrupted in between, where a frame is short enough."""
    signals = dict[tuple[int, int], int]()
    to_decision, to_order, halted = set[int](), set[int](), 0
    for at, line in enumerate(desk.lines):
        if line["m_valid"]:
            row = unpack("signal", line["m_signal"])
            signals[row["slot"], row["sequence_number"]] = at  # type: ignore[index]
        if line["decision_valid"]:
            row = unpack("decision", line["decision"])
            late = at - signals[row["slot"], row["sequence_number"]]  # type: ignore[index]
            to_decision.add(late)
            halted += int(row["failed"]) >> Check.HALTED & 1  # type: ignore[arg-type]
            if at + 1 < len(desk.lines) and desk.lines[at + 1]["order_valid"]:
                to_order.add(late + 1)
    assert len(to_decision) == len(to_order) == 1, (to_decision, to_order)
    assert halted > 0 or width == 8
    figure("signal_to_order", to_order.pop(), "cycles")


@cocotb.test()
async def who_has_the_path_has_not_the_gate(dut: Any) -> None:
    """At reset it is killed and disarmed, and nothing written to the path's registers arms it: its
    window is not there."""
    core = Core(dut)
    await start(dut)
    desk = Desk(dut, core)
    await core.anew()
    assert await desk.read(risk_regmap.STATUS) == KILLED
    for address in (*range(0x3000, 0x3180, 4), 0x3FFC):
        done = await core.master.write(address, (1).to_bytes(4, "little"))
        assert done.resp == AxiResp.SLVERR, hex(address)
    assert await desk.read(risk_regmap.STATUS) == KILLED
    assert not (await desk.read(risk_regmap.LAST))["count"]
    if not int(dut.LINK.value):  # then there is no session, whatever the host does
        await desk._write([*window.packet(b"R"), *window.hand_over(TCP_SESSION.empty(1))])
        await ClockCycles(dut.clk, 3)
        status = await desk.read(risk_regmap.SESSION_STATUS)
        assert status == dict.fromkeys(status, 0) | {"refused": 1, "packets": 1}


@cocotb.test()
async def each_event_of_the_gate_is_counted(dut: Any) -> None:
    """Each so often that no two counters could be exchanged."""
    core = Core(dut)
    await start(dut)
    desk = Desk(dut, core)
    await core.anew()
    await desk.begin()
    await desk.open_day(MIDDLE, {})

    for count, name, values in (
        (1, "system_event", {}),
        (2, "order_replaced", {}),
        (3, "order_executed", {"price": 1 << 32}),
        (5, "order_executed", {"user_ref_num": 9, "quantity": 1, "price": MIDDLE}),
        (6, "broken_trade", {"user_ref_num": 9}),
    ):
        for _ in range(count):
            await desk.told(name, **values)
    filled = message(desk.rng, CODEC.by_name["order_executed"])
    for count, raw in (
        (4, filled[:-2] + b"\0\3\2\x1c\1"), (7, b"?" + bytes(30)), (8, b"E" + bytes(30))
    ):  # fmt: skip
        for _ in range(count):
            await desk.hear(raw)
    for _ in range(9):
        assert not await desk.say(Act.BEAT, key=KEY ^ 1)
    for _ in range(11):
        assert not await desk.say(Act.TOKEN, token=1)
    for _ in range(12):
        await desk.confirm(token=9, outcome=Outcome.EXECUTED, shares=1, price=1)
    for _ in range(14):
        await desk.arm()
        assert await desk.say(Act.KILL)
    await ClockCycles(dut.clk, 20)
    counts = desk.done()
    assert len({*counts.values()}) == len(counts), counts
    seen = set[str]()
    observed = await counted(core, seen)
    assert {name: observed[f"path.{name}"] for name in counts} == counts
    moved("each_event_of_the_gate_is_counted", seen)
