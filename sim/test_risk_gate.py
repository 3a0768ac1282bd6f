"""Bench of risk_gate: the host, the venue and the strategy of `sim.stimulus.desk`, all at random.
`+decisions=N` asks for more of them."""

from __future__ import annotations

from collections import Counter
from typing import Any

import cocotb
import pytest

from sim.golden.risk_gate import LATENCY
from sim.lib.bench import figure, reset, start
from sim.lib.runner import run
from sim.stimulus.desk import HASH, KEY, MIDDLE, MODEL, MOST, Desk
from tickwire.gen.records import SLOTS, Act, Check, Outcome

DECISIONS = 2_000


@cocotb.test()
async def any_day(dut: Any) -> None:
    desk, asked = Desk(dut), int(cocotb.plusargs.get("decisions", DECISIONS))
    rng, decided = desk.rng, 0
    await start(dut)
    await desk.begin()
    while decided < asked:
        line = desk.any_number()
        if desk.since_order >= 2 and rng.random() < 0.7:
            line |= desk.any_intent()
            decided += 1
        if desk.since_answer >= 3 and rng.random() < 0.5:
            line |= desk.any_answer()
        if rng.random() < 0.1:
            line |= desk.any_command()
        for name in ("stale", "crossed", "locked", "halted"):
            if rng.random() < 0.03:
                line[f"book_{name}"] = rng.getrandbits(SLOTS)
        for name in ("kill_pin", "doubt"):
            if rng.random() < 0.002:
                line[name] = 1
        await desk.tick(**line)
        if rng.random() < 0.0005:
            await reset(dut)
            await desk.begin()
        if rng.random() < 0.003:
            await desk.begin()
        elif not desk.model.control.armed and rng.random() < 0.2:
            await (desk.begin() if rng.random() < 0.3 else desk.arm())
    desk.judge.done(at_least=2 * asked)
    met: Counter[str] = desk.model.check.met
    assert met["sent"] >= asked // 20 and len(met) >= 24, met
    assert desk.model.position.met["number taken"] >= asked // 200
    figure("latency", LATENCY, "cycles")


@cocotb.test()
async def nothing_before_its_time(dut: Any) -> None:
    """After reset each step of a morning is needed: without it no order leaves."""
    desk = Desk(dut)
    await start(dut)
    assert await desk.order()
    steps: list[dict[str, int]] = [
        desk.said(Act.REVIVE), desk.said(Act.REVIVE_SLOT), desk.total(), desk.limits(0),
        desk.reference(0), desk.said(Act.LOSS), desk.said(Act.LOSS_TOTAL),
        desk.said(Act.TOKEN, token=4), desk.said(Act.SESSION, open=1), desk.said(Act.BEAT),
        desk.said(Act.HASH, limits_hash=HASH), desk.said(Act.REQUEST), {},
    ]  # fmt: skip
    await desk.tick(**desk.said(Act.KEY))
    for left_out in range(len(steps)):
        for number, line in enumerate(steps):
            if number != left_out:
                await desk.tick(**line)
        if left_out != len(steps) - 1:
            await desk.tick(**desk.said(Act.ARM, **desk.arming()))
        assert await desk.order(), left_out
        await reset(dut)
        await desk.tick(**desk.said(Act.KEY))
    for line in steps:
        await desk.tick(**line)
    await desk.tick(**desk.said(Act.ARM, **desk.arming()))
    assert await desk.order() == 0
    desk.judge.done(at_least=100)


@cocotb.test()
async def a_kill_at_any_cycle(dut: Any) -> None:
    """Before, while and after an order passes: what the gate still holds doesn't leave."""
    desk = Desk(dut)
    await start(dut)
    await desk.begin()
    kills: list[dict[str, int]] = [
        {"kill_pin": 1}, {"doubt": 1}, desk.said(Act.KILL, 0), desk.said(Act.KILL_SLOT, 0),
        desk.said(Act.DISARM, 0),
        desk.said(Act.BEAT, KEY ^ 1), desk.said(Act.SESSION), desk.confirmed(3, 1, 1, 1),
        {"book_stale": 1}, {"book_halted": 1}, {"book_crossed": 1}, {"book_locked": 1},
    ]  # fmt: skip
    for kill in kills:
        for when in range(5):
            for _ in range(60):
                await desk.tick()
            before = desk.model.check.met["sent"]
            for cycle in range(6):
                line = kill if cycle == when else {}
                await desk.tick(**line, **(desk.intent() if cycle == 0 else {}))
            lasts = not any(name.startswith("book") for name in kill)
            late = 2 if "confirmation" in kill else 0
            stopped = when + late <= 2 if lasts else when == 2
            assert desk.model.check.met["sent"] - before == (not stopped), (kill, when)
            await desk.begin()
    desk.judge.done(at_least=2000)


@cocotb.test()
async def a_killed_slot_stops_itself_only(dut: Any) -> None:
    """Not the order of another slot before it, though it comes while that one is stopped or not."""
    desk = Desk(dut)
    await start(dut)
    await desk.begin()
    await desk.tick(**desk.said(Act.KILL_SLOT, 0, slot=1))
    for slot, other in ((0, 1), (1, 0)):
        before = desk.model.check.met["sent"]
        await desk.tick(**desk.intent(slot=slot))
        for _ in range(4):
            await desk.tick(s_intent=desk.intent(slot=other)["s_intent"])
        assert desk.model.check.met["sent"] - before == (slot == 0)
    desk.judge.done(at_least=50)


@cocotb.test()
async def arms_for_this_model_only(dut: Any) -> None:
    """And by the limits that were there as it was asked."""
    desk = Desk(dut)
    await start(dut)
    await desk.begin()
    between: list[dict[str, int]] = [{}, desk.total(), desk.limits(2)]
    for write in between:
        for line in ({"model_id": MODEL ^ 1}, {}):
            for mine in (MODEL ^ 1 << 63, MODEL):
                await desk.ask()
                await desk.tick(**write)
                said = desk.arming() | {"model_id": mine}
                await desk.tick(**desk.said(Act.ARM, **said), **line)
                await desk.tick()
                armed = mine == MODEL and not line and not write
                assert desk.model.control.armed == armed, (write, line, mine)
        await desk.tick(**desk.said(Act.DISARM))
        await desk.tick(**desk.said(Act.REQUEST))  # of a hash that a write has made void
        await desk.tick()
        assert (desk.model.control.asked is None) == bool(write)
    desk.judge.done(at_least=100)


@cocotb.test()
async def a_sum_that_saturates_kills(dut: Any) -> None:
    desk = Desk(dut)
    await start(dut)
    await desk.begin()
    shares, widest = 2**31 + 1, {"order_shares": 2**32 - 1, "order_money": MOST}
    await desk.tick(**desk.said(Act.DISARM))
    await desk.tick(**desk.limits(0, **widest, position_long=2**32 - 1))
    await desk.tick(**desk.total(gross=MOST, net=MOST, credit=MOST))
    await desk.arm()
    first = desk.token
    assert await desk.order(shares=shares) == 0
    await desk.answer(first, Outcome.EXECUTED, shares, 2**32 - 1)
    for _ in range(4):
        await desk.tick()
    assert desk.model.control.killed and await desk.order() & 1 << Check.KILLED
    desk.judge.done(at_least=50)


@cocotb.test()
async def total_limits_are_the_gates(dut: Any) -> None:
    """How many orders at once and a day, and how long the host may be silent; a new day waits."""
    desk = Desk(dut)
    await start(dut)
    await desk.begin()

    async def by(**limits: int) -> None:
        await desk.tick(**desk.said(Act.DISARM))
        await desk.tick(**desk.total(**limits))
        await desk.arm()

    await by(rate_cycles=500, rate_depth=1000)
    assert [await desk.order(shares=n) for n in (1, 2, 3)] == [0, 0, 1 << Check.RATE_TOTAL]
    await by(day_orders=3)
    assert await desk.order(shares=4) == 0
    await desk.tick(**desk.said(Act.NEW_DAY))
    assert await desk.order(shares=5) == 1 << Check.DAY_TOTAL
    await by(silence=80)
    assert not desk.model.control.killed
    for _ in range(80):
        await desk.tick()
    assert desk.model.control.killed
    desk.judge.done(at_least=150)


@cocotb.test()
async def positions_are_held(dut: Any) -> None:
    """Orders up to a limit, none beyond, until a fill is confirmed away or a cancel gives room; and
    each limit tightened while armed, loosened only when not."""
    desk = Desk(dut)
    await start(dut)
    await desk.begin()
    await desk.tick(**desk.limits(0, position_long=250, rate_cycles=1))
    assert not desk.model.control.armed or desk.model.limits.met
    await desk.tick(**desk.said(Act.DISARM))
    await desk.tick(**desk.limits(0, position_long=250, rate_depth=4000, duplicate=0))
    await desk.arm()
    first = desk.token
    assert [await desk.order() for _ in range(3)] == [0, 0, 1 << 18]
    await desk.answer(first, Outcome.EXECUTED, 100, MIDDLE)
    assert await desk.order() == 1 << 18
    await desk.answer(first + 1, Outcome.CANCELLED, 60)
    for _ in range(3):
        await desk.tick()
    assert await desk.order() == 0
    await desk.tick(**desk.limits(0, position_long=251, rate_depth=4000, duplicate=0))
    assert await desk.order(shares=1) == 0
    await desk.tick(**desk.limits(0, position_long=200, rate_depth=4000, duplicate=0))
    assert await desk.order(shares=1) == 1 << 18
    desk.judge.done(at_least=100)


@pytest.mark.parametrize(("places", "recent"), [(16, 4), (4, 1)])
def test_risk_gate(places: int, recent: int) -> None:
    run("risk_gate", OPEN=places, RECENT=recent, ARM_CYCLES=40)
