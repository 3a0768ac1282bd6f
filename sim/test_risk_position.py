"""Bench of risk_position: orders sent and confirmed in any order, late, twice, too much; and every
sum at its bound."""

from __future__ import annotations

import random
from typing import Any

import cocotb
import pytest
from cocotb.triggers import RisingEdge

from sim.golden.risk_position import RiskPosition
from sim.lib.bench import JudgeBeside, Ports, figure, reset, start
from sim.lib.rows import made_word
from sim.lib.runner import run
from tickwire.gen.records import CONFIRMATION, INTENT, ORDER, RISK_COMMAND, SLOTS, Act, Outcome

CYCLES = 3000
PRICE = 100_0000
MOST = 2**32 - 1
QUIET = {"sent": 0, "s_valid": 0, "writes": 0, "takes": 0}


class Bench:
    def __init__(self, dut: Any) -> None:
        self.dut, self.ports = dut, Ports(dut)
        self.model = RiskPosition(int(dut.OPEN.value))
        self.rng = random.Random(cocotb.RANDOM_SEED)
        self.looks = random.Random(cocotb.RANDOM_SEED)  # at any place, all the time
        self.judge = JudgeBeside(dut, self.model)
        self.ports.write(dict.fromkeys(RiskPosition.inputs, 0))
        self.ports.write({"q_intent": self.asked()})

    def asked(self) -> int:
        slot, side = self.rng.choice((0, 1, SLOTS - 1)), self.rng.randint(0, 1)
        price = PRICE + self.rng.choice((0, 1, -1, 100))
        return made_word(INTENT, slot=slot, side=side, price=price, shares=1)

    @property
    def token(self) -> int:
        return int(self.model.state.total["token"][0])

    @property
    def free(self) -> bool:
        state = self.model.state
        known = bool(state.total["token_known"][0]) and self.token < 2**32
        return known and not state.places["open"][self.token % len(state.places)]

    async def tick(self, **line: int) -> None:
        look = {"look_place": self.looks.randrange(len(self.model.state.places))}
        self.ports.write({**QUIET, "q_intent": self.asked(), **look, **line})
        await RisingEdge(self.dut.clk)
        self.ports.write(QUIET)

    def order(self, slot: int, side: int, price: int, shares: int) -> dict[str, int]:
        order = made_word(ORDER, token=self.token, slot=slot, side=side, price=price, shares=shares)
        return {"sent": 1, "sent_order": order, "sent_money": price * shares}

    def answer(self, token: int, outcome: int, shares: int, price: int) -> dict[str, int]:
        values = {"outcome": outcome, "shares": shares, "price": price}
        return {"s_valid": 1, "s_confirmation": made_word(CONFIRMATION, token=token, **values)}

    async def send(self, slot: int, side: int, price: int, shares: int) -> int:
        token = self.token
        await self.tick(**self.order(slot, side, price, shares))
        await self.tick()
        if self.token + 1 < MOST and self.rng.random() < 0.1:
            await self.tick(takes=1)
            await self.tick()
        return token

    async def confirm(self, token: int, outcome: Outcome, shares: int = 0, price: int = 0) -> None:
        await self.tick(**self.answer(token, outcome, shares, price))
        for _ in range(2):
            await self.tick()

    async def tell(self, act: Act, armed: int = 0, **values: int) -> None:
        await self.tick(
            writes=1, armed=armed, s_command=made_word(RISK_COMMAND, act=int(act), **values)
        )
        await self.tick()


@cocotb.test()
async def any_order(dut: Any) -> None:
    bench = Bench(dut)
    rng, state = bench.rng, bench.model
    await start(dut)
    await bench.tell(Act.TOKEN, token=rng.choice((0, 1000, MOST - 100)))
    since_order, since_answer = 9, 9
    for _ in range(CYCLES):
        line: dict[str, int] = {}
        since_order, since_answer = since_order + 1, since_answer + 1
        if since_order >= 2 and bench.free and rng.random() < 0.5:
            shares = rng.choice((1, 100, 1000, MOST))
            slot, side = rng.choice((0, 1, SLOTS - 1)), rng.randint(0, 1)
            line |= bench.order(slot, side, PRICE + rng.choice((0, 1, -1, 100)), shares)
            since_order = 0
        if since_answer >= 3 and rng.random() < 0.5:
            places = state.state.places
            opens = places[places["open"]]
            one = opens[rng.randrange(len(opens))] if len(opens) else None
            left = int(one["left"]) if one is not None else 1
            token = int(one["token"]) if one is not None else bench.token - 1
            token = token if rng.random() < 0.93 else token ^ len(places)
            shares = rng.choice((left, left, left, 1, (left + 1) // 2, left + 1, 0)) & MOST
            outcome = rng.choice((0, 1, 1, 1, 2, 2, 3, 4))
            line |= bench.answer(token & MOST, outcome, shares, rng.choice((PRICE, 1, MOST >> 12)))
            since_answer = 0
        if rng.random() < 0.1:
            act = rng.choice((Act.POSITION, Act.NEW_DAY, Act.TOKEN, Act.BEAT))
            values = {"slot": rng.choice((0, 1)), "position": rng.choice((0, 5, -5, 2**38))}
            values["token"] = (bench.token + rng.choice((0, 0, 3, -1))) & MOST
            armed = "sent" in line or rng.random() < 0.2  # none is sent by a gate that isn't armed
            line |= {"writes": 1, "armed": int(armed)}
            line["s_command"] = made_word(RISK_COMMAND, act=int(act), **values)
            since_order *= act != Act.TOKEN  # the next order's token isn't known at once
        if rng.random() < 0.002:
            await reset(dut)
            await bench.tell(Act.TOKEN, token=bench.token & MOST)
            since_order, since_answer = 9, 9
            continue
        if not bench.free and "sent" in line:
            continue
        known = bool(state.state.total["token_known"][0])
        if known and bench.token + ("sent" in line) <= MOST and rng.random() < 0.05:
            line["takes"] = 1
            since_order = 0
        await bench.tick(**line)
        if rng.random() < 0.01:  # so that nothing is open, now and then
            for one in state.state.places[state.state.places["open"]].copy():
                await bench.tick()
                await bench.tick()
                await bench.confirm(int(one["token"]), Outcome.CANCELLED, int(one["left"]))
            await bench.tell(rng.choice((Act.POSITION, Act.NEW_DAY)), position=7)
            since_order, since_answer = 9, 9
    bench.judge.done(at_least=CYCLES)
    names = {
        "ACCEPTED",
        "EXECUTED",
        "CANCELLED",
        "REJECTED",
        "POSITION",
        "NEW_DAY",
        "TOKEN",
        "sent",
        "number taken",
    }
    names |= {"unknown_confirmations", "double_confirmations", "excess_confirmations"}
    assert names | {"broken_trades"} <= set(state.met), state.met
    figure("confirmation_latency", 3, "cycles")


@cocotb.test()
async def each_outcome(dut: Any) -> None:
    """All that a confirmation may find: waiting, answered, partly done, gone; and none before."""
    bench = Bench(dut)
    await start(dut)
    await bench.tell(Act.TOKEN, token=5)
    await bench.confirm(5, Outcome.EXECUTED, 1, PRICE)
    for first in (None, *Outcome):
        for second in Outcome:
            for shares in (0, 1, 59, 60, 61, 100, 101):
                token = await bench.send(3, shares & 1, PRICE, 100)
                if first is not None:
                    await bench.confirm(token, first, 40, PRICE - 1)
                await bench.confirm(token, second, shares, PRICE + 1)
                await bench.confirm(token, second, shares, PRICE + 1)
                await bench.confirm(token, Outcome.CANCELLED, 100)
                for left in (60, 59, 41, 40, 1, 100 - shares if shares < 100 else 1):
                    await bench.confirm(token, Outcome.CANCELLED, left)
                place = bench.model.state.places[token % len(bench.model.state.places)]
                if place["open"]:
                    await bench.confirm(token, Outcome.CANCELLED, int(place["left"]))
    bench.judge.done(at_least=1000)
    assert not bench.model.state.total["open"][0]


@cocotb.test()
async def bounds(dut: Any) -> None:
    """Each sum stays at its bound and says so; the last token is the last."""
    bench = Bench(dut)
    await start(dut)
    await bench.tell(Act.TOKEN, token=MOST - 60)
    for side in (0, 1):
        await bench.tell(Act.NEW_DAY)
        edge = 2**39 - 2 if side == 0 else 2 - 2**39
        for slot in (2, 3):
            await bench.tell(Act.POSITION, slot=slot, position=edge)
        for shares, price in ((1, 1), (1, 1), (1, 1), (2**31, MOST), (MOST, MOST), (MOST, MOST)):
            for slot in (2, 3):
                token = await bench.send(slot, side, 1, shares)
                await bench.confirm(token, Outcome.EXECUTED, shares, price)
        for slot in (2, 3):  # and back
            token = await bench.send(slot, 1 - side, 1, MOST)
            await bench.confirm(token, Outcome.EXECUTED, MOST, MOST)
            token = await bench.send(slot, 1 - side, 1, MOST)
            await bench.confirm(token, Outcome.EXECUTED, MOST, MOST - 1)
    await bench.tell(Act.TOKEN, token=MOST)
    token = await bench.send(0, 0, 1, 1)
    assert token == MOST and bench.token == 2**32
    await bench.confirm(token, Outcome.REJECTED)
    assert not bench.ports.read("number_known")
    await bench.tell(Act.TOKEN, token=MOST)  # refused: none is left
    await bench.tell(Act.TOKEN, token=0)
    bench.judge.done(at_least=150)
    assert bench.model.met["saturated"] >= 20


@cocotb.test()
async def while_something_goes_on(dut: Any) -> None:
    """Commands that want it idle, refused while armed and while anything is open."""
    bench = Bench(dut)
    await start(dut)
    await bench.tell(Act.TOKEN, token=9)
    for armed in (1, 0):
        for act in (Act.POSITION, Act.NEW_DAY, Act.TOKEN):
            await bench.tell(act, armed, slot=1, position=-3, token=20)
            token = await bench.send(1, 0, PRICE, 10)
            await bench.tell(act, armed, slot=1, position=-4, token=40)
            await bench.confirm(token, Outcome.EXECUTED, 10, PRICE)
            await bench.tell(act, armed, slot=1, position=-5, token=bench.token - 1)
            await bench.tell(act, armed, slot=1, position=-6, token=bench.token)
    bench.judge.done(at_least=70)


@pytest.mark.parametrize("places", [2, 16])
def test_risk_position(places: int) -> None:
    run("risk_position", OPEN=places)
