"""Bench of market_state: messages, losses, bad frames and the host's word in any order."""

from __future__ import annotations

import random
from typing import Any

import cocotb
import pytest
from cocotb.triggers import RisingEdge

from sim.golden.itch_parse import MESSAGES
from sim.golden.market_state import SLOTS, MarketState
from sim.golden.tick_pkg import NUMBERS, reason_of
from sim.lib.bench import JudgeBeside, Ports, figure, start
from sim.lib.runner import run

CYCLES = 20_000
LOCATES = [5, 77, 300, 77, 4097, 9, 12, 65535]  # one of them twice
BLANK, ONE, OTHER = b" " * 8, b"ONE     ", b"OTHER   "
SYMBOLS = [ONE, BLANK, OTHER, ONE, bytes(8), BLANK, OTHER, b"ONE    \0"]
PULSES = {"opens": 0.02, "bad_frame": 0.01, "lost": 0.004, "session_ended": 0.004}
PULSES |= {"open_market": 0.02, "begins": 0.004}
QUIET = dict.fromkeys((*PULSES, "turned", "resumed", "s_valid", "s_message"), 0)


def message(rng: random.Random, kind: str, locate: int, **letters: int) -> int:
    """Any bytes, but for what is read."""
    body = bytearray(rng.randbytes(40))
    body[:1], body[1:3] = kind.encode(), locate.to_bytes(2, "big")
    for place, letter in letters.items():
        body[int(place[2:])] = letter
    return int.from_bytes(body, "big")


def any_message(rng: random.Random, is_deep: bool) -> int:
    locate = rng.choice((*LOCATES, 1, 0))
    if rng.random() < 0.2:
        return message(rng, rng.choice([*MESSAGES]), locate)
    kind = rng.choice("SSWHHhhh")
    if kind == "S":
        where = {"at1": rng.choice(b"RRRSM")} if is_deep else {"at11": rng.choice(b"QQQQSMECO")}
        return message(rng, kind, locate, **where)
    if kind == "h":
        return message(rng, kind, locate, at19=rng.choice(b"QQQBX"), at20=rng.choice(b"HTT "))
    named = stock(rng.choice((ONE, OTHER, BLANK)))
    return message(rng, kind, locate, **named, at19=rng.choice(b"TTHPQ"))


def stock(name: bytes) -> dict[str, int]:
    return {f"at{11 + at}": letter for at, letter in enumerate(name)}


def called(locates: list[int], symbols: list[bytes]) -> dict[str, int]:
    return {
        "locate": sum(one << 16 * slot for slot, one in enumerate(locates)),
        "symbol": sum(int.from_bytes(one, "big") << 64 * slot for slot, one in enumerate(symbols)),
    }


def ports_of(dut: Any) -> Ports:
    ports = Ports(dut)
    ports.write(QUIET | {"any_hours": 0, "learn": 0b100000} | called(LOCATES, SYMBOLS))
    return ports


@cocotb.test()
async def every_slot_is_the_model_s(dut: Any) -> None:
    rng, is_deep = random.Random(cocotb.RANDOM_SEED), bool(dut.DEEP.value)
    model, ports = MarketState(is_deep), ports_of(dut)
    judge = JudgeBeside(dut, model)
    await start(dut)
    busy, locates, symbols = 0.0, [*LOCATES], [*SYMBOLS]
    for cycle in range(CYCLES):
        if cycle % 100 == 0:
            busy = rng.choice((0.02, 0.1, 0.5))
            ports.write({"any_hours": int(rng.random() < 0.2)})
        line = {name: int(rng.random() < often) for name, often in PULSES.items()}
        line["opens"] &= ~line["bad_frame"]
        line["turned"] = rng.getrandbits(SLOTS) if rng.random() < 0.01 else 0
        line["s_valid"] = int(rng.random() < busy)
        line["s_message"] = any_message(rng, is_deep)
        line["resumed"] = 1 << rng.randrange(SLOTS) if rng.random() < busy else 0
        if rng.random() < 0.003:
            slot = rng.randrange(SLOTS)
            locates[slot] = rng.choice((*LOCATES, locates[slot]))
            symbols[slot] = rng.choice((*SYMBOLS, symbols[slot]))
            line |= called(locates, symbols)
        await RisingEdge(dut.clk)
        ports.write(line)
    judge.done(at_least=CYCLES)
    expected = {"OK", "MARKET_CLOSED", "HALTED", "undone"} | (
        set() if is_deep else {"BREACHED", "INTERRUPTED"}
    )
    assert min(model.met[name] for name in expected) > 50, model.met
    assert model.met["renamed"] > 20, model.met


@cocotb.test()
async def a_day(dut: Any) -> None:
    """What each message does to slots 1 and 3, which have the same locate, and to slot 0."""
    rng, is_deep, ports = random.Random(cocotb.RANDOM_SEED), bool(dut.DEEP.value), ports_of(dut)
    await start(dut)

    async def shown(*words: int, **pulses: int) -> list[str]:
        """Slots 0, 1 and 3 after these."""
        for word in words:
            ports.write({"s_valid": 1, "s_message": word})
            await RisingEdge(dut.clk)
            ports.write({"s_valid": 0})
        ports.write(pulses)
        await RisingEdge(dut.clk)
        ports.write(QUIET)
        await RisingEdge(dut.clk)
        market = ports.read("market")
        names = {number: name for name, number in NUMBERS.items() if name.startswith("REASON_")}
        return [names[reason_of(market, slot)][7:].lower() for slot in (0, 1, 3)]

    def event(letter: bytes) -> int:
        return message(rng, "S", 0, **{"at1" if is_deep else "at11": letter[0]})

    opens, closed = event(b"R" if is_deep else b"Q"), ["market_closed"] * 3
    trades = [message(rng, "H", 77, **stock(one), at19=ord("T")) for one in (ONE, OTHER)]
    assert await shown() == closed
    assert await shown(opens) == closed, "no session has begun"
    assert await shown(begins=1) == closed
    assert await shown(event(b"S")) == closed
    if not is_deep:  # slots 0 and 3 have a name, slot 1 a number alone
        assert await shown(opens) == ["halted"] * 3, "nobody has said that they trade"
        assert await shown(trades[1]) == ["halted", "ok", "halted"]
        assert await shown(trades[0]) == ["ok"] * 3
        ports.write(called([5, 78, 300, 79], [ONE, BLANK, OTHER, ONE]))
        assert await shown() == ["ok", "halted", "ok"], "the name is the same, the number isn't"
        ports.write(called(LOCATES, [OTHER, *SYMBOLS[1:]]))
        assert await shown() == ["halted", "halted", "ok"]
        ports.write(called(LOCATES, SYMBOLS))
        assert await shown() == ["halted", "halted", "ok"]
        assert await shown(*trades) == ["ok"] * 3
    else:
        assert await shown(opens, resumed=0b10) == ["halted", "ok", "halted"]
        assert await shown(opens=1) == ["halted", "ok", "halted"]
        assert await shown(resumed=1) == ["ok", "ok", "halted"]
        assert await shown(bad_frame=1, resumed=0b1000) == ["halted", "ok", "halted"], "as it was"
        assert await shown(resumed=0b1011) == ["ok"] * 3
        ports.write(called([5, 78, 300, 79], [OTHER, *SYMBOLS[1:]]))
        assert await shown() == ["halted", "ok", "ok"], "another symbol; numbers say nothing"
        ports.write(called(LOCATES, SYMBOLS))
        assert await shown() == ["halted", "ok", "ok"]
        assert await shown(resumed=1) == ["ok"] * 3
    assert await shown(opens) == ["ok"] * 3
    assert await shown(event(b"M")) == closed
    assert await shown(open_market=1) == closed, "there is no doubt"
    assert await shown(opens) == ["ok"] * 3
    assert await shown(lost=1) == closed
    assert await shown(opens) == closed, "something else may have been missed"
    assert await shown(open_market=1) == ["ok"] * 3
    assert await shown(lost=1) == await shown(event(b"M")) == closed
    assert await shown(open_market=1) == closed, "it was said since"
    assert await shown(opens, turned=2) == ["ok", "market_closed", "ok"]
    assert await shown(opens) == ["ok", "market_closed", "ok"]
    assert await shown(event(b"M"), bad_frame=1) == ["ok", "market_closed", "ok"], "as it was"
    assert await shown(open_market=1) == ["ok"] * 3
    assert await shown(opens=1) == ["ok"] * 3
    if is_deep:
        return
    breach = message(rng, "W", 0)
    again = message(rng, "H", 77, **stock(OTHER), at19=ord("T"))
    halt = message(rng, "h", 77, at19=ord("Q"), at20=ord("H"))
    other = message(rng, "h", 5, at19=ord("B"), at20=ord("H"))
    goes_on = message(rng, "h", 77, at19=ord("Q"), at20=ord("T"))
    assert await shown(breach) == ["breached"] * 3
    assert await shown(again) == ["breached", "ok", "ok"]
    assert await shown(halt, other) == ["breached", "interrupted", "interrupted"]
    assert await shown(goes_on, opens=1) == ["breached", "ok", "ok"]
    assert await shown(halt, breach, bad_frame=1) == ["breached", "ok", "ok"]
    assert await shown(session_ended=1) == closed
    assert await shown(opens) == closed, "whatever goes on"
    assert await shown(begins=1) == closed
    assert await shown(opens) == ["halted"] * 3
    assert await shown(*trades) == ["ok"] * 3
    # R and h in one packet: the turn by the R comes up to 3 cycles after the h
    for cycles in range(1, 6):
        assert await shown(goes_on, open_market=1) == ["ok"] * 3
        ports.write({"s_valid": 1, "s_message": halt})
        for _ in range(cycles):
            await RisingEdge(dut.clk)
            ports.write({"s_valid": 0})
        since, then = ("interrupted",) * 2 if cycles <= 3 else ("market_closed", "ok")
        assert await shown(turned=2) == ["ok", since, "interrupted"], cycles
        assert await shown(open_market=1) == ["ok", then, "interrupted"], cycles
    figure("latency", 1, "cycles")


@pytest.mark.parametrize("is_deep", [0, 1])
def test_market_state(is_deep: int) -> None:
    run("market_state", DEEP=is_deep)
