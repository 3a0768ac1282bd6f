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
PULSES = {"over": 0.01, "lost": 0.002, "opens": 0.05, "undone": 0.02}
QUIET = dict.fromkeys(("order", *PULSES, "s_valid", "s_message"), 0)


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

    def learned(self, slots: int, locates: int) -> None:
        for slot in range(SLOTS):
            if slots >> slot & 1:
                self.locate[slot] = locates >> 16 * slot & 0xFFFF

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
    busy, met, said, directory = 0.0, Counter[str](), (0, SYMBOLS[0]), 0.8
    alone = -99  # since when a change is followed by nothing but a halt
    kinds = [kind.encode() for kind in MESSAGES]
    for cycle in range(CYCLES):
        if cycle % 40 == 0:
            busy, directory = rng.choice((0.0, 0.02, 0.3)), rng.choice((0.0, 0.8, 0.8))
        line = dict(QUIET)
        if rng.random() < 0.05:
            settings.change()
        line["order"] = int(rng.random() < busy)
        line |= {name: int(rng.random() < often) for name, often in PULSES.items()}
        line["opens"] |= int(cycle == 0)  # nothing is undone before a frame has opened
        line["s_valid"] = int(rng.random() < 0.2)
        kind = b"R" if rng.random() < directory else rng.choice(kinds)
        symbol = rng.choice((*SYMBOLS, b" " * 8))
        locate = rng.choice(LOCATES)
        if rng.random() < 0.2:  # a halt of what was named a cycle before
            line["s_valid"], kind, (locate, symbol) = 1, rng.choice((b"H", b"h")), said
        alone = cycle if rng.random() < 0.02 and cycle - alone > 9 else alone
        if cycle - alone < 6:
            line |= {"order": 0, "lost": 0, "s_valid": int(cycle - alone == 5)}
            line["over"] = int(cycle == alone)
            kind, symbol = rng.choice((b"H", b"h")), b"UNKNOWN "
            if cycle - alone == rng.choice((1, 2, 3)):
                settings.change()
        said = locate, symbol
        line["s_message"] = message(rng, kind, locate, symbol)
        await RisingEdge(dut.clk)
        ports.write(settings.ports() | line)
        learned, locates = ports.read("learned"), ports.read("m_locate")
        met["learned"] += learned.bit_count()
        if rng.random() < 0.7:  # as the registers have it, or the host has written another
            settings.learned(learned, locates)
        met["turned"] += ports.read("turned").bit_count()
    for _ in range(2):  # what the last cycle brought
        await RisingEdge(dut.clk)
        ports.write(QUIET)
        met["turned"] += ports.read("turned").bit_count()
    judge.done(at_least=CYCLES)
    assert met["turned"] == sum(model.told.values()) and met["learned"] > 100, met
    assert min(model.told.values()) > 50 and min(model.met.values()) > 5, (model.told, model.met)


class Slot:
    """Slot 3 alone, step by step: what turned it, if anything."""

    def __init__(self, dut: Any) -> None:
        self.dut, self.ports, self.rng = dut, Ports(dut), random.Random(cocotb.RANDOM_SEED)
        self.settings = Settings(self.rng)
        self.settings.enable, self.settings.learn = 0b1000, 0
        self.settings.locate = [*range(20, 20 + SLOTS)]
        self.registers = False  # which have what is learned
        self.ports.write(self.settings.ports() | QUIET)

    async def cycles(self, count: int = 1, **line: int) -> int | None:
        """The last reason of a turn within these cycles."""
        why = None
        for _ in range(count):
            self.ports.write(self.settings.ports() | QUIET | line)
            await RisingEdge(self.dut.clk)
            line = {}
            if self.registers and self.ports.read("learned"):
                self.settings.learned(self.ports.read("learned"), self.ports.read("m_locate"))
            if self.ports.read("turned"):
                assert self.ports.read("turned") == 0b1000
                why = self.ports.read("turned_reason")
        return why

    async def session(self, enable: int = 0b1000) -> None:
        """A new one, the slot followed from its start."""
        self.settings.enable = enable
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
        slot.settings.learn, slot.registers = learn, bool(learn)
        await slot.session()
        assert await slot.cycles(4, **slot.names(at, own)) is None
        assert await slot.cycles(4, **slot.names(at + 50, SYMBOLS[9])) is None
        elsewhere = await slot.cycles(4, **slot.names(at + 1, own))
        assert elsewhere == (None if learn else RELOCATED)
        taken = await slot.cycles(4, **slot.names(slot.settings.locate[3], SYMBOLS[9]))
        assert taken == (None if learn else RELOCATED)
        assert await slot.cycles(4, order=1) == (RELOCATED if learn else None)
        slot.settings.locate[3] = at
        await slot.session()
        await slot.cycles(4, **slot.names(at, SYMBOLS[9]))
        await slot.cycles(8, **slot.names(at, own))
        assert await slot.cycles(4, order=1) is None
        await slot.session()
        slot.settings.symbol[3] = BLANKS[bool(learn)]
        assert await slot.cycles(6) is None
        assert await slot.cycles(4, **slot.names(at, SYMBOLS[9])) is None
        assert await slot.cycles(4, order=1) is None
        slot.settings.symbol[3] = own


@cocotb.test()
async def a_loss_may_have_been_an_order(dut: Any) -> None:
    slot = Slot(dut)
    await start(dut)
    await slot.session()
    slot.settings.locate[3] ^= 1
    assert await slot.cycles(4) is None
    await slot.cycles(4, lost=1)
    slot.settings.locate[3] ^= 1
    assert await slot.cycles(4) == RELOCATED


@cocotb.test()
async def what_a_wrong_frame_taught_is_forgotten(dut: Any) -> None:
    """The locate is what it was, and so is the doubt that the frame's own message cleared."""
    slot = Slot(dut)
    await start(dut)
    own, at = SYMBOLS[3], slot.settings.locate[3]
    slot.settings.learn, slot.registers = 0b1000, True
    for flows in (0, 1):
        await slot.session()
        await slot.cycles(4, order=flows)
        await slot.cycles(4, **slot.names(at, SYMBOLS[9]))
        assert slot.settings.locate[3] == 0, "its locate is another's"
        await slot.cycles(4, opens=1)
        await slot.cycles(4, **slot.names(at + 7, own))
        moved = await slot.cycles(4, **slot.names(at + 9, own))
        assert slot.settings.locate[3] == at + 9 and moved == (RELOCATED if flows else None)
        back = await slot.cycles(4, undone=1)
        assert slot.settings.locate[3] == 0 and back == (RELOCATED if flows else None)
        assert await slot.cycles(4, undone=1) is None, "it is undone once"
        assert await slot.cycles(4, order=1) == (None if flows else RELOCATED), "in doubt again"
        await slot.cycles(4, opens=1)
        await slot.cycles(4, **slot.names(at + 7, own))
        await slot.cycles(4, opens=1)
        await slot.cycles(4, undone=1)
        assert slot.settings.locate[3] == at + 7, "the frame that taught it was right"
        await slot.cycles(4, **slot.names(at, own))
    await slot.session()
    await slot.cycles(4, opens=1)
    await slot.cycles(4, **slot.names(at, SYMBOLS[9]))
    assert await slot.cycles(8, undone=1) is None and slot.settings.locate[3] == at
    assert await slot.cycles(4, order=1) is None, "a doubt of the wrong frame's own"


@cocotb.test()
async def the_host_follows_what_was_halted_before(dut: Any) -> None:
    """An R, H, h or W that came before the host enabled, moved or renamed the slot turns it, or up
    to 2 cycles after that; an H or h one more."""
    slot = Slot(dut)
    await start(dut)

    def halt(kind: bytes, state: bytes) -> dict[str, int]:
        body = bytearray(message(slot.rng, kind, 5, SYMBOLS[9]).to_bytes(40, "big"))
        body[19:20] = state
        return {"s_valid": 1, "s_message": int.from_bytes(body, "big")}

    cases = ((b"H", b"T", 0), (b"H", b"P", 3), (b"h", b"Q", 3), (b"W", b"T", 2), (b"R", b"T", 2))
    for kind, state, latest in (*cases, (b"Y", b"P", 0)):
        for change in ("enabled", "moved", "renamed"):
            for after in (0, 2, 3, 4):  # cycles; 0: before the change
                slot.settings.symbol[3] = b"RENAMES " if change == "renamed" else SYMBOLS[3]
                await slot.session(0 if change == "enabled" else 0b1000)
                if not after:
                    assert await slot.cycles(6, **halt(kind, state)) is None
                if change == "moved":
                    slot.settings.locate[3] ^= 1
                elif change == "renamed":
                    slot.settings.symbol[3] = SYMBOLS[3]
                slot.settings.enable = 0b1000
                why = await slot.cycles(after or 2)
                if after:
                    why = await slot.cycles(6, **halt(kind, state))
                turns = NO_START if change == "enabled" else RELOCATED
                due = latest and after <= latest
                assert why == (turns if due else None), (kind, state, change, after)
    slot.settings.learn, slot.registers = 0b1000, True
    await slot.session()
    await slot.cycles(4, **halt(b"h", b"Q"))
    at = slot.settings.locate[3]
    assert await slot.cycles(4, **slot.names(at + 1, SYMBOLS[3])) is None
    # The host writes a locate, this one or its old one, as the slot is told another.
    slot.registers = False
    for locate in (at + 1, at + 9):
        assert await slot.cycles(2, **slot.names(at + 2, SYMBOLS[3])) is None
        slot.settings.locate[3] = locate
        assert await slot.cycles(4) == RELOCATED, locate


@cocotb.test()
async def who_learns_late_was_not_told(dut: Any) -> None:
    """An H or h names the slot's instrument by a locate that it is yet to learn, or its locate by
    another symbol: it turns at once. A breach is an order: what an H lifts from the slot after it
    may be another instrument's."""
    slot = Slot(dut)
    await start(dut)
    own, at = SYMBOLS[3], slot.settings.locate[3]
    slot.registers = True

    def says(kind: bytes, state: bytes, locate: int, symbol: bytes = own) -> dict[str, int]:
        body = bytearray(message(slot.rng, kind, locate, symbol).to_bytes(40, "big"))
        body[19:20] = state
        return {"s_valid": 1, "s_message": int.from_bytes(body, "big")}

    for learn in (0, 0b1000):
        slot.settings.learn = learn
        for kind, state in ((b"H", b"T"), (b"H", b"P"), (b"h", b"Q")):
            for named in ({"locate": at + 1}, {"locate": at, "symbol": SYMBOLS[9]}):
                await slot.session()
                slot.settings.locate[3] = at
                await slot.cycles(4)
                assert await slot.cycles(4, **says(kind, state, at)) is None
                assert await slot.cycles(4, **says(kind, state, at + 1, SYMBOLS[9])) is None
                untold = await slot.cycles(4, **says(kind, state, **named))
                assert untold == RELOCATED, (learn, kind, state, named)
    for wait in (1, 2, 3):  # it has just learned the locate: the register has it a cycle later
        slot.settings.locate[3] = at
        await slot.session()
        await slot.cycles(wait, **slot.names(at + 1, own))
        assert await slot.cycles(4, **says(b"h", b"Q", at + 1)) is None, wait
        await slot.cycles(wait, **slot.names(at + 2, own))
        assert await slot.cycles(4, **says(b"h", b"Q", at + 1)) == RELOCATED, wait
    await slot.session()
    await slot.cycles(4, **says(b"W", b"1", 0))
    await slot.cycles(4, **says(b"H", b"T", slot.settings.locate[3], SYMBOLS[9]))
    assert await slot.cycles(4, **slot.names(at, own)) == RELOCATED


def test_slot_follow() -> None:
    run("slot_follow")
