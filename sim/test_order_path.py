"""Bench of order_path: the desk of `sim.stimulus.desk`, with signals for orders, and a venue that
takes and says messages of OUCH 5.0 or 4.2."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import cocotb
import pytest

from sim.golden.order_path import LATENCY, OrderPath
from sim.golden.risk_gate import LATENCY as DECIDES
from sim.golden.risk_gate import RiskGate
from sim.golden.tick_pkg import pack_some, width
from sim.lib.bench import figure, reset, start
from sim.lib.rows import made_word
from sim.lib.runner import run
from sim.lib.speech import SPEECH, Speech
from sim.stimulus.desk import MIDDLE, SLOTS_USED, SYMBOL, Desk
from tickwire.gen.records import (
    CONFIRMATION,
    SIGNAL,
    SLOTS,
    Act,
    Action,
    Capacity,
    Marking,
    Outcome,
    Pricing,
    TimeInForce,
)

SIGNALS = 500
SETTING: dict[str, int] = {
    "pricing": Pricing.OPPOSITE, "shares": 100, "time_in_force": TimeInForce.IMMEDIATE,
    "capacity": Capacity.PRINCIPAL, "marking": Marking.SHORT,
}  # fmt: skip


ODD = int.from_bytes(b"TICK\x7f   ", "big")  # no symbol, says OUCH


def symbol_of(slot: int) -> int:
    """That of the last slot can't be sent."""
    return ODD if slot == SLOTS - 1 else SYMBOL + slot


def settings_of(*each: dict[str, int]) -> int:
    bits = width("order_settings")
    words = (
        pack_some("order_settings", SETTING | {"symbol": symbol_of(slot)} | one)
        for slot, one in enumerate(each)
    )
    return sum(word << slot * bits for slot, word in enumerate(words))


class PathDesk(Desk):
    """Its orders are signals; its venue and its host speak as they do."""

    decides, settles = DECIDES + 1, 14

    def __init__(self, dut: Any) -> None:
        super().__init__(dut)
        self.speech = SPEECH[int(dut.OUCH42.value)]
        self.answered: dict[int, int] = {}  # tokens, and when they were spoken of
        self.quiet |= {"settings": settings_of(*[{}] * SLOTS)}

    def golden(self) -> Any:
        return OrderPath(*self.parameters("OPEN", "RECENT", "ARM_CYCLES", "ANSWERS", "OUCH42"))

    @property
    def gate(self) -> RiskGate:
        gate: RiskGate = self.model.gate
        return gate

    def intent(self, **values: int) -> dict[str, int]:
        base = {"decision": Action.BUY, "bid_price": MIDDLE - 100, "ask_price": MIDDLE,
                "bid_shares": 500, "ask_shares": 500, "message_cycle": self.cycle - 30}  # fmt: skip
        return {"s_valid": 1, "s_signal": made_word(SIGNAL, **base | values)}

    def limits(self, slot: int, **values: int) -> dict[str, int]:
        return super().limits(slot, **{"symbol": symbol_of(slot)} | values)

    def any_intent(self) -> dict[str, int]:
        rng = self.rng
        bid = MIDDLE - 100 * rng.randint(1, 3)
        return self.intent(
            slot=rng.choice(SLOTS_USED), decision=rng.choice((*Action, Action.BUY, Action.SELL)),
            bid_price=bid * (rng.random() < 0.98), bid_shares=rng.choice((1, 99, 400)),
            ask_price=(bid + 100 * rng.choice((1, 1, 1, 1, 2, 0, -1))) * (rng.random() < 0.98),
            ask_shares=rng.choice((1, 99, 400)), sequence_number=self.cycle,
            frame_cycle=self.cycle - 40,
        )  # fmt: skip

    def any_settings(self) -> int:
        rng = self.rng
        return settings_of(*({
            "pricing": rng.choice(list(Pricing)), "offset": rng.choice((0, 100, 200)),
            "shares": rng.choice((0, 1, 100, 100, 100, 1001)), "capped": rng.randint(0, 1),
            "time_in_force": rng.choice(list(TimeInForce)), "display": rng.randint(0, 1),
            "capacity": rng.choice(list(Capacity)), "marking": int(rng.random() < 0.8),
            "symbol": symbol_of(slot) ^ (rng.random() < 0.05),
        } for slot in range(SLOTS)))  # fmt: skip

    @property
    def opens(self) -> list[Any]:
        """Those of which nothing is on its way to the gate."""
        return [
            one
            for one in super().opens
            if self.cycle - self.answered.get(int(one["token"]), 0) > self.settles
        ]

    def heard(self, raw: bytes) -> dict[str, int]:
        longest = self.speech.longest
        seen = (raw + self.rng.randbytes(longest))[:longest]
        return {
            "venue_valid": 1,
            "venue_message": int.from_bytes(seen, "big"),
            "venue_bytes": len(raw),
        }

    def told(self, name: str, **values: Any) -> dict[str, int]:
        return self.heard(self.speech.said(self.rng, name, **values))

    def confirmed(self, token: int, outcome: int, shares: int, price: int) -> dict[str, int]:
        """By the host, one time in four."""
        self.answered[token] = self.cycle
        if self.rng.random() < 0.25:
            values = {"outcome": int(outcome), "shares": shares, "price": price}
            word = made_word(CONFIRMATION, token=token, **values)
            return {"host_valid": 1, "host_confirmation": word}
        if outcome == Outcome.REJECTED and self.rng.random() < 0.8:
            word = made_word(CONFIRMATION, token=token, outcome=int(outcome))
            return {"link_refused": 1, "link_refusal": word}
        if outcome == Outcome.CANCELLED and self.rng.random() < 0.3:
            return self.told("aiq_canceled", user_ref_num=token, decrement_shares=shares)
        says: dict[Outcome, tuple[str, dict[str, Any]]] = {
            Outcome.ACCEPTED: ("order_accepted", {"order_state": b"L"}),
            Outcome.EXECUTED: ("order_executed", {"quantity": shares, "price": price}),
            Outcome.CANCELLED: ("order_canceled", {"quantity": shares}),
            Outcome.REJECTED: ("order_rejected", {}),
            Outcome.BROKEN: ("broken_trade", {}),
        }
        name, said = says[Outcome(outcome)]
        return self.told(name, user_ref_num=token, **said)

    def any_strange(self) -> dict[str, int]:
        """What is no confirmation: notices, doubts, bytes."""
        rng = self.rng
        if rng.random() < 0.9:
            return self.told("system_event")
        if rng.random() < 0.2:
            return {"link_doubt": 1}
        return rng.choice((
            self.heard(rng.randbytes(rng.randint(0, 80))),
            self.told("order_replaced"),
            self.heard(self.speech.unfit(rng)),
        ))  # fmt: skip


@cocotb.test()
async def any_day(dut: Any) -> None:
    desk = PathDesk(dut)
    signals = SIGNALS // 2 if int(dut.OUCH42.value) else SIGNALS
    asked = int(cocotb.plusargs.get("signals", signals))
    rng, given = desk.rng, 0
    await start(dut)
    await desk.begin()
    while given < asked:
        line = desk.any_number()
        if desk.since_order >= 2 and rng.random() < 0.7:
            line |= desk.any_intent()
            given += 1
        if desk.since_answer >= 2 and rng.random() < 0.5:
            line |= desk.any_answer() if rng.random() < 0.9 else desk.any_strange()
        if rng.random() < 0.05:
            line |= desk.any_command()
        if rng.random() < 0.05:
            desk.quiet["settings"] = desk.any_settings()
        for name in ("stale", "crossed", "locked", "halted"):
            if rng.random() < 0.02:
                line[f"book_{name}"] = rng.getrandbits(SLOTS)
        if rng.random() < 0.001:
            line["kill_pin"] = 1
        await desk.tick(**line)
        if rng.random() < 0.0005:
            await reset(dut)
            await desk.begin()
        if rng.random() < 0.02 or (not desk.gate.control.armed and rng.random() < 0.2):
            await desk.begin()
    desk.judge.done(at_least=2 * asked)
    met = desk.model.encode.met
    sent = sum(number for name, number in met.items() if name.startswith("side"))
    assert sent >= asked // 20 and met["symbol"] >= asked // 160, met
    sources = {f"source {source}" for source in range(4)}
    assert all(desk.model.answers.met[source] >= asked // 160 for source in sources), (
        desk.model.answers.met
    )


@cocotb.test()
async def a_doubt_disarms(dut: Any) -> None:
    """Each of the venue's, the session's, and confirmations that came too fast; the next signal
    makes no order."""
    desk = PathDesk(dut)
    await start(dut)
    await desk.begin()
    doubts = {
        "unknown_types": desk.heard(b"?" + bytes(30)),
        "wrong_lengths": desk.heard(b"E" + bytes(30)),
        "unfollowed": desk.told("order_replaced"),
        "wrong_values": desk.heard(desk.speech.unfit(desk.rng)),
    }
    if "appended" in desk.speech.doubts:
        more = desk.speech.said(desk.rng, "order_executed")[:-2] + b"\0\3\2\x1c\1"
        doubts["appended"] = desk.heard(more)
    assert set(doubts) == set(desk.speech.doubts)
    doubts["of the session"] = {"link_doubt": 1}
    for name, line in doubts.items():
        assert await desk.order() == 0, name
        await desk.tick(**line)
        await desk.tick()
        await desk.tick()
        assert not desk.gate.control.armed, name
        assert await desk.order() == 1 << 2, name
        await desk.begin()
    token = desk.token
    assert await desk.order() == 0
    one = desk.told("order_executed", user_ref_num=token, quantity=1, price=MIDDLE)
    while not desk.model.answers.met["lost"]:
        assert desk.gate.control.armed
        await desk.tick(**one)
    for _ in range(2):
        await desk.tick()
    assert not desk.gate.control.armed
    desk.judge.done(at_least=100)


@cocotb.test()
async def what_ouch_cannot_carry_is_rejected(dut: Any) -> None:
    """The gate takes it for sent, and learns that it wasn't: nothing is open, the position is 0."""
    desk = PathDesk(dut)
    await start(dut)
    await desk.begin()
    for slot, symbol in ((0, 0x2020_2020_2020_2020), (SLOTS - 1, ODD)):
        desk.quiet["settings"] = settings_of(*[{"symbol": symbol}] * SLOTS)
        await desk.tick(**desk.said(Act.DISARM))
        await desk.tick(**desk.limits(slot, symbol=symbol))
        await desk.arm()
        assert await desk.order(slot=slot) == 0
        assert len(desk.opens) == 1 and not desk.ports.read("m_valid")
        for _ in range(desk.settles):
            await desk.tick()
        assert not desk.opens and desk.gate.control.armed
    assert desk.model.answers.met["source 0"] == 2
    desk.judge.done(at_least=50)


@dataclass
class Sent:
    """What is left of an order."""

    symbol: bytes
    buys: bool
    left: int


class Ledger:
    """By bytes alone: what was sent, what the venue did with it, and what that may come to."""

    def __init__(self, speech: Speech, long: int, short: int) -> None:
        self.speech = speech
        self.long, self.short, self.last = long, short, 0
        self.open: dict[int, Sent] = {}
        self.held: Counter[bytes] = Counter()

    def send(self, raw: bytes) -> None:
        order = self.speech.order(raw)
        symbol = order.symbol
        assert order.token > self.last
        self.last = order.token
        self.open[order.token] = Sent(symbol, order.buys, order.shares)
        sides = [
            sum(one.left for one in self.open.values() if one.symbol == symbol and one.buys == buys)
            for buys in (True, False)
        ]
        assert self.held[symbol] + sides[0] <= self.long
        assert sides[1] - self.held[symbol] <= self.short

    def fill(self, token: int, shares: int) -> None:
        one = self.open[token]
        one.left -= shares
        self.held[one.symbol] += shares if one.buys else -shares
        self.close(token, 0)

    def close(self, token: int, shares: int) -> None:
        self.open[token].left -= shares
        if not self.open[token].left:
            del self.open[token]


@cocotb.test()
async def what_is_sent_and_filled_stays_within_the_limit(dut: Any) -> None:
    """Whatever order signals, fills and cancels come in: held and open together, by bytes alone."""
    desk = PathDesk(dut)
    ledger = Ledger(desk.speech, 350, 250)
    rng, met = desk.rng, Counter[str]()
    await start(dut)
    await desk.begin()
    await desk.tick(**desk.said(Act.DISARM))
    for slot in range(SLOTS):
        values = {"position_long": ledger.long, "position_short": ledger.short, "duplicate": 0}
        await desk.tick(**desk.limits(slot, rate_cycles=1, **values))
    await desk.arm()
    for _ in range(1000):
        line = desk.any_intent() if desk.since_order >= 2 and rng.random() < 0.6 else {}
        ripe = [token for token in ledger.open if token not in desk.answered]
        if ripe and desk.since_answer >= 3 and rng.random() < 0.4:
            token = rng.choice(ripe)
            shares = ledger.open[token].left
            ends = rng.choice((Outcome.EXECUTED, Outcome.EXECUTED, Outcome.CANCELLED))
            line |= desk.confirmed(token, ends, shares, MIDDLE)
            (ledger.fill if ends == Outcome.EXECUTED else ledger.close)(token, shares)
            met[ends.name] += 1
        if rng.random() < 0.01:
            line |= desk.said(Act.LIFT, slot=rng.choice(SLOTS_USED))
        await desk.tick(**line, **({} if "command" in line else desk.said(Act.BEAT)))
        if desk.ports.read("m_valid"):
            ledger.send(desk.ports.read("m_message").to_bytes(desk.speech.order_bytes, "big"))
            met["sent"] += 1
        if desk.ports.read("m_decision_valid"):
            failed = desk.gate.check.out
            met["decided"] += bool(failed["m_valid"])
    assert desk.gate.control.armed
    assert met["sent"] > 50 and met["EXECUTED"] > 25 and met["decided"] > 2 * met["sent"], met
    desk.judge.done(at_least=1000)


@cocotb.test()
@cocotb.parametrize(kills=["all", "slot"])
async def what_a_kill_lets_pass_stands_when_it_looks(dut: Any, kills: str) -> None:
    """An order that is decided around the kill: 2 cycles after it, where what a kill sends in OUCH
    4.2 begins to look, it stands in its place, or never left."""
    desk, met = PathDesk(dut), Counter[bool]()
    await start(dut)
    for wait in range(2, 6):
        await desk.begin()
        token, made = desk.token, 0
        kill = {"kill_pin": 1} if kills == "all" else desk.said(Act.KILL_SLOT, slot=1)
        lines = [desk.intent(slot=1), *[{}] * wait, kill, {}, {"look_place": token % desk.places}]
        for line in lines:
            await desk.tick(**line)
            made += desk.ports.read("m_order_valid")
        stands = desk.ports.read("look_open")
        for _ in range(6):
            await desk.tick()
            assert not desk.ports.read("m_order_valid")
        assert stands == made
        met[bool(made)] += 1
    assert met[True] >= 1 and met[False] >= 1, met


@cocotb.test()
async def a_message_comes_five_cycles_after_its_signal(dut: Any) -> None:
    desk = PathDesk(dut)
    await start(dut)
    await desk.begin()
    await desk.tick(**desk.intent())
    cycles = 0
    while not desk.ports.read("m_valid"):
        await desk.tick()
        cycles += 1
    assert cycles == LATENCY
    figure("latency", cycles, "cycles")


@pytest.mark.parametrize(("places", "answers", "ouch42"), [(16, 16, 0), (4, 2, 0), (16, 16, 1)])
def test_order_path(places: int, answers: int, ouch42: int) -> None:
    run("order_path", OPEN=places, RECENT=4, ARM_CYCLES=40, ANSWERS=answers, OUCH42=ouch42)
