"""Bench of slot_follow: settings, directory messages, orders and ends of sessions at any time."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import cocotb
from cocotb.triggers import RisingEdge

from sim.golden.itch_parse import MESSAGES
from sim.golden.slot_follow import NO_START, NOT_ENABLED, RELOCATED, SLOTS, SlotFollow
from sim.lib.bench import Judge, Ports, figure, start
from sim.lib.runner import run

CYCLES = 20_000
SYMBOLS = [b"TICK%-4d" % slot for slot in range(SLOTS + 2)]
BLANKS = (b" " * 8, bytes(8))
LOCATES = range(1, 13)
QUIET = {"order": 0, "over": 0, "s_valid": 0, "s_message": 0}


def message(rng: random.Random, kind: bytes, locate: int, symbol: bytes) -> int:
    body = bytearray(rng.randbytes(40))
    body[:1], body[1:3], body[11:19] = kind, locate.to_bytes(2, "big"), symbol
    return int.from_bytes(body, "big")


class Settings:
    """What a host has written, by slot."""

    def __init__(self, rng: random.Random) -> None:
        self.rng, self.enable, self.learn = rng, rng.getrandbits(SLOTS), rng.getrandbits(SLOTS)
        self.locate = [rng.choice(LOCATES) for _ in range(SLOTS)]
        self.symbol = SYMBOLS[:SLOTS]

    def change(self) -> None:
        rng, slot = self.rng, self.rng.randrange(SLOTS)
        drawn = rng.random()
        if drawn < 0.4:
            self.enable ^= 1 << slot
        elif drawn < 0.7:
            self.locate[slot] = rng.choice(LOCATES)
        elif drawn < 0.85:
            self.learn ^= 1 << slot
        else:
            self.symbol[slot] = rng.choice((SYMBOLS[slot], SYMBOLS[slot], *BLANKS))

    def ports(self) -> dict[str, int]:
        return {
            "enable": self.enable,
            "learn": self.learn,
            "locate": sum(one << 16 * slot for slot, one in enumerate(self.locate)),
            "symbol": sum(
                int.from_bytes(one, "big") << 64 * slot for slot, one in enumerate(self.symbol)
            ),
        }


@cocotb.test()
async def every_turn_is_the_model_s(dut: Any) -> None:
    rng = random.Random(cocotb.RANDOM_SEED)
    model, ports, settings = SlotFollow(), Ports(dut), Settings(rng)
    judge = Judge(dut, model)
    ports.write(settings.ports() | QUIET)
    await start(dut)
    busy, met = 0.0, Counter[str]()
    kinds = [kind.encode() for kind in MESSAGES]
    for cycle in range(CYCLES):
        if cycle % 40 == 0:
            busy = rng.choice((0.0, 0.02, 0.3))
        line = dict(QUIET)
        if rng.random() < 0.05:
            settings.change()
        line["order"] = int(rng.random() < busy)
        line["over"] = int(rng.random() < 0.01)
        line["s_valid"] = int(rng.random() < 0.2)
        kind = b"R" if rng.random() < 0.8 else rng.choice(kinds)
        symbol = rng.choice((*SYMBOLS, b" " * 8))
        line["s_message"] = message(rng, kind, rng.choice(LOCATES), symbol)
        await RisingEdge(dut.clk)
        ports.write(settings.ports() | line)
        met["learned"] += ports.read("learned").bit_count()
        met["turned"] += ports.read("turned").bit_count()
    for _ in range(2):  # what the last cycle brought
        await RisingEdge(dut.clk)
        ports.write(QUIET)
        met["turned"] += ports.read("turned").bit_count()
    judge.done(at_least=CYCLES)
    assert met["turned"] == sum(model.told.values()) and met["learned"] > 100, met
    assert min(model.told.values()) > 50, model.told


class Slot:
    """Slot 3 alone, step by step: what turned it, if anything."""

    def __init__(self, dut: Any) -> None:
        self.dut, self.ports, self.rng = dut, Ports(dut), random.Random(cocotb.RANDOM_SEED)
        self.settings = Settings(self.rng)
        self.settings.enable, self.settings.learn = 0b1000, 0
        self.settings.locate = [*range(20, 20 + SLOTS)]
        self.ports.write(self.settings.ports() | QUIET)

    async def cycles(self, count: int = 1, **line: int) -> int | None:
        """The last reason of a turn within these cycles."""
        why = None
        for _ in range(count):
            self.ports.write(self.settings.ports() | QUIET | line)
            await RisingEdge(self.dut.clk)
            line = {}
            if self.ports.read("turned"):
                assert self.ports.read("turned") == 0b1000
                why = self.ports.read("turned_reason")
        return why

    async def session(self) -> None:
        """A new one, the slot followed from its start."""
        self.settings.enable |= 0b1000
        await self.cycles(6)
        await self.cycles(1, over=1)
        await self.cycles(6)

    def names(self, locate: int, symbol: bytes) -> dict[str, int]:
        return {"s_valid": 1, "s_message": message(self.rng, b"R", locate, symbol)}


@cocotb.test()
async def an_order_counts_up_to_two_cycles_after_a_change(dut: Any) -> None:
    slot = Slot(dut)
    await start(dut)
    for later, turns in ((0, True), (1, True), (2, True), (3, False)):
        for reason in (NO_START, NOT_ENABLED, RELOCATED):
            await slot.session()
            if reason == NO_START:
                slot.settings.enable = 0
                await slot.cycles(6)
            if reason == RELOCATED:
                slot.settings.locate[3] ^= 1
            else:
                slot.settings.enable ^= 0b1000
            why = await slot.cycles(1, order=int(not later))
            for cycle in range(1, 8):
                why = await slot.cycles(1, order=int(cycle == later)) or why
            assert why == (reason if turns else None), (later, reason, why)
    figure("latency", 1, "cycles")


@cocotb.test()
async def a_directory_message_may_contradict_a_slot(dut: Any) -> None:
    """Its own symbol elsewhere, or its locate another's: at once, or, where it learns, with the
    first order unless its own symbol is named before."""
    slot = Slot(dut)
    await start(dut)
    own, at = SYMBOLS[3], slot.settings.locate[3]
    for learn in (0, 0b1000):
        slot.settings.learn = learn
        await slot.session()
        assert await slot.cycles(4, **slot.names(at, own)) is None
        assert await slot.cycles(4, **slot.names(at + 50, SYMBOLS[9])) is None
        elsewhere = await slot.cycles(4, **slot.names(at + 1, own))
        assert elsewhere == (None if learn else RELOCATED)
        taken = await slot.cycles(4, **slot.names(at, SYMBOLS[9]))
        assert taken == (None if learn else RELOCATED)
        assert await slot.cycles(4, order=1) == (RELOCATED if learn else None)
        await slot.session()
        await slot.cycles(4, **slot.names(at, SYMBOLS[9]))
        await slot.cycles(4, **slot.names(at, own))
        assert await slot.cycles(4, order=1) is None
        await slot.session()
        slot.settings.symbol[3] = BLANKS[bool(learn)]
        await slot.cycles(2)
        assert await slot.cycles(4, **slot.names(at, SYMBOLS[9])) is None
        assert await slot.cycles(4, order=1) is None
        slot.settings.symbol[3] = own


def test_slot_follow() -> None:
    run("slot_follow")
