"""A desk at tickwire_core, for its bench: the host at the risk window, the venue, and what both
saw, cycle by cycle, played again by the golden model of order_path."""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Mapping
from typing import Any

import cocotb
from cocotb.triggers import ClockCycles, RisingEdge, with_timeout
from cocotbext.axi import AxiLiteBus, AxiLiteMaster

from hwtools.bits import Layout
from hwtools.registers import Register
from sim.golden.order_path import OrderPath
from sim.golden.tick_pkg import events, reason_of, unpack
from sim.golden.tickwire_core import MODEL_ID
from sim.lib.core import ANSWER, Core
from sim.lib.rows import made, word
from sim.lib.speech import SPEECH
from sim.stimulus.desk import ALL, HASH, KEY, WIDE
from tickwire.gen import regmap, risk_regmap
from tickwire.gen.records import (
    CONFIRMATION,
    ORDER_SETTINGS,
    RISK_COMMAND,
    SLOT_LIMITS,
    SLOTS,
    TOTAL_LIMITS,
    Act,
    Check,
    Reason,
)
from tickwire.risk import window

# What is kept of each cycle: what the core is told and shows, and what the gate hears.
SEEN = (
    *("m_valid", "book_valid", "stale_slots", "hears", "market", "command_valid"),
    *("confirmation_valid", "said_valid", "kill_pin", "decision_valid", "order_valid"),
    *("echo_valid", "link_refused", "link_doubt", "m_link_tvalid", "cycle"),
    "takes",
)
WITH = {  # what there is besides, where one of these is valid
    "m_valid": ("m_signal",), "book_valid": ("top",), "decision_valid": ("decision",),
    "order_valid": ("order_message", "order_length"), "echo_valid": ("echo", "echo_taken"),
    "said_valid": ("said_message", "said_bytes"), "link_refused": ("link_refusal",),
    "takes": ("number",),
}  # fmt: skip
LOOKS = "look_place", "look_open"  # likewise, where the venue speaks OUCH 4.2
LIMITS: dict[Act, tuple[str, Layout]] = {
    Act.SLOT_LIMITS: ("slot_limits", SLOT_LIMITS),
    Act.TOTAL_LIMITS: ("total_limits", TOTAL_LIMITS),
}


class Desk:
    """`core` has the frames. What goes into the risk window is kept as the gate must be told it."""

    def __init__(self, dut: Any, core: Core) -> None:
        self.dut, self.core, self.ports = dut, core, core.ports
        self.rng = random.Random(cocotb.RANDOM_SEED)
        ouch42 = int(dut.OUCH42.value)
        self.speech, self.seen = SPEECH[ouch42], (*SEEN, *LOOKS) if ouch42 else SEEN
        logging.getLogger(f"cocotb.{dut._name}.s_risk").setLevel(logging.WARNING)
        self.master = AxiLiteMaster(AxiLiteBus.from_prefix(dut, "s_risk"), dut.clk, dut.rst)
        self.commands: list[dict[str, int]] = []
        self.confirmations: list[int] = []
        self.settings = [made(ORDER_SETTINGS, symbol=_SPACES) for _ in range(SLOTS)]
        self.lines: list[dict[str, int]] = []
        self.watching: Any = None
        self.open: list[tuple[int, int]] = []  # tokens that are only accepted, and their shares
        self.keeps = 1  # of them at once

    async def begin(self) -> None:
        """From reset on; settings are those of then until `done`."""
        self.lines, self.commands, self.confirmations = [], [], []
        self.watching = cocotb.start_soon(self._watch())

    async def _watch(self) -> None:
        read = self.ports.read
        while True:
            await RisingEdge(self.dut.clk)
            line = {name: read(name) for name in self.seen}
            for valid, names in WITH.items():
                if line[valid]:
                    line |= {name: read(name) for name in names}
            self.lines.append(line)

    # -- What the host does --------------------------------------------------------------------

    async def _write(self, writes: window.Writes) -> None:
        for address, data in writes:
            access = self.master.write(address, data.to_bytes(4, "little"))
            await with_timeout(access, ANSWER, "ns")

    async def read(self, register: Register) -> dict[str, int]:
        access = self.master.read(register.address, 4)
        answer = await with_timeout(access, ANSWER, "ns")
        return register.decode(int.from_bytes(answer.data, "little"))

    async def say(self, act: Act, limits: Any = None, key: int = KEY, **values: int) -> bool:
        """Whether it was taken."""
        await self.go(await self.prepare(act, limits, key, **values))
        await ClockCycles(self.dut.clk, 3)
        last = await self.read(risk_regmap.LAST)
        assert last["act"] == act and last["count"] == len(self.commands) & 0xFFFF
        return bool(last["taken"])

    async def prepare(self, act: Act, limits: Any = None, key: int = KEY, **values: int) -> Any:
        """All but the last write of a command, which is for `go`."""
        row = made(RISK_COMMAND, act=int(act), key=key, **values)
        told = {"command": word(row, RISK_COMMAND)}
        told |= dict.fromkeys(("slot_limits", "total_limits"), 0)
        if limits is not None:
            told[LIMITS[act][0]] = word(limits, LIMITS[act][1])
        self.commands.append(told)
        *writes, last = window.command(row, limits)
        await self._write(writes)
        return last

    async def go(self, last: Any) -> None:
        await self._write([last])

    async def confirm(self, **values: int) -> None:
        row = made(CONFIRMATION, **values)
        self.confirmations.append(word(row, CONFIRMATION))
        await self._write(window.confirmation(row))

    async def set_orders(self, slot: int, symbol: bytes, **values: int) -> None:
        """How its orders are made, and of which instrument."""
        of = int.from_bytes(symbol.ljust(8), "big")
        self.settings[slot] = made(ORDER_SETTINGS, symbol=of, **values)
        write, rest = self.core.write, dict(values)
        await write(regmap.SLOTS_SYMBOL_FIRST[slot], characters=of >> 32)
        await write(regmap.SLOTS_SYMBOL_LAST[slot], characters=of & 0xFFFF_FFFF)
        await write(regmap.SLOTS_ORDER_OFFSET[slot], price=rest.pop("offset", 0))
        await write(regmap.SLOTS_ORDER_SHARES[slot], shares=rest.pop("shares", 0))
        await write(regmap.SLOTS_ORDER[slot], **rest)

    async def open_day(self, middle: int, limits: Mapping[int, Mapping[str, int]]) -> None:
        """Everything that it takes until orders of these slots may leave, by WIDE and `limits`."""
        assert await self.say(Act.KEY)
        total = made(TOTAL_LIMITS, **ALL | {"silence": (1 << 32) - 1, "rate_depth": 1 << 20})
        assert await self.say(Act.TOTAL_LIMITS, total)
        for slot, chosen in limits.items():
            symbol = int(self.settings[slot]["symbol"][0])
            values: dict[str, int] = {**WIDE, "symbol": symbol, **chosen}
            assert await self.say(Act.SLOT_LIMITS, made(SLOT_LIMITS, **values), slot=slot)
            band = {"band_low": 1, "band_high": (1 << 32) - 1}
            assert await self.say(Act.REFERENCE, slot=slot, reference_price=middle, **band)
            for act in (Act.LOSS, Act.REVIVE_SLOT):
                assert await self.say(act, slot=slot)
        assert await self.say(Act.LOSS_TOTAL)
        assert await self.say(Act.TOKEN, token=7)
        assert await self.say(Act.SESSION, open=1)
        await self.arm()

    async def arm(self) -> None:
        for act in (Act.DISARM, Act.REVIVE, Act.BEAT):
            assert await self.say(act)
        assert await self.say(Act.HASH, limits_hash=HASH) and await self.say(Act.REQUEST)
        assert (await self.read(risk_regmap.STATUS))["pending"]
        nonce = (await self.read(risk_regmap.NONCE))["nonce"]
        arming = {"nonce": nonce, "model_id": MODEL_ID, "limits_hash": HASH}
        assert await self.say(Act.ARM, **arming)
        assert (await self.read(risk_regmap.STATUS)) == {"killed": 0, "armed": 1, "pending": 0}

    # -- What the venue does -------------------------------------------------------------------

    async def hear(self, raw: bytes, rest: int = 3) -> None:
        """A message of the venue's, and so many cycles in which there is none."""
        longest = self.speech.longest
        padded = (raw + bytes(longest))[:longest]
        seen = {"venue_message": int.from_bytes(padded, "big"), "venue_bytes": len(raw)}
        self.ports.write({"venue_valid": 1, **seen})
        await RisingEdge(self.dut.clk)
        if rest:
            self.ports.write({"venue_valid": 0})
            await ClockCycles(self.dut.clk, rest)

    async def told(self, name: str, rest: int = 3, **values: Any) -> None:
        await self.hear(self.speech.said(self.rng, name, **values), rest)

    async def venue(self) -> None:
        """Accepts each order, and fills or cancels it a while later; never ends."""
        at = 0
        while True:
            await RisingEdge(self.dut.clk)
            for line in self.lines[at:]:
                at += 1
                if line["order_valid"]:
                    await self._answer(line["order_message"])

    async def _answer(self, sent: int) -> None:
        order = self.speech.order(sent.to_bytes(self.speech.order_bytes, "big"))
        token, shares = order.token, order.shares
        await self.told("order_accepted", user_ref_num=token, order_state=b"L")
        await ClockCycles(self.dut.clk, self.rng.randint(1, 30))
        chance = self.rng.random()
        if self.open and token - self.open[0][0] > 8:  # its place is wanted again
            old, left = self.open.pop(0)
            await self.told("order_canceled", user_ref_num=old, quantity=left)
        if len(self.open) < self.keeps:
            self.open.append((token, shares))
        elif chance < 0.7:
            values = {"quantity": shares, "price": order.price}
            await self.told("order_executed", user_ref_num=token, **values)
        else:
            await self.told("order_canceled", user_ref_num=token, quantity=shares)

    # -- What must have been -------------------------------------------------------------------

    def done(self) -> Counter[str]:
        """Holds every decision, order and echo to the golden model, in its cycle; the events that
        there were. What the book shows reaches the gate a cycle later, by its status."""
        self.watching.cancel()
        names = ("OPEN", "RECENT", "ARM_CYCLES", "ANSWERS", "OUCH42")
        model = OrderPath(*(int(getattr(self.dut, name).value) for name in names))
        commands, confirmations = iter(self.commands), iter(self.confirmations)
        bits, settings = ORDER_SETTINGS.width, 0
        for slot, row in enumerate(self.settings):
            settings |= word(row, ORDER_SETTINGS) << bits * slot
        status = dict.fromkeys(("crossed", "locked", "halted"), 0)
        counts = Counter[str]()
        for at, line in enumerate(self.lines):
            shown = model.outputs()
            self._compare(at, line, shown)
            counts.update(events("path_events", shown["path_events"]))
            shut = _shut(line["market"])
            now = {
                "model_id": MODEL_ID, "settings": settings,
                "book_stale": line["stale_slots"] | ~line["hears"] & (1 << SLOTS) - 1,
                "book_crossed": status["crossed"], "book_locked": status["locked"],
                "book_halted": status["halted"] | shut,
                "s_valid": line["m_valid"], "s_signal": line.get("m_signal", 0),
                "host_valid": line["confirmation_valid"], "host_confirmation": 0,
                **dict.fromkeys(("command", "slot_limits", "total_limits"), 0),
                **{f"venue_{name}": line.get(f"said_{name}", 0)
                   for name in ("valid", "message", "bytes")},
                "link_refusal": 0, "look_place": 0,
            }  # fmt: skip
            now |= {name: line[name] for name in model.inputs if name in line}
            if line["command_valid"]:
                now |= next(commands)
            if line["confirmation_valid"]:
                now["host_confirmation"] = next(confirmations)
            beside = model.beside(**now)
            assert not line["takes"] or line["number"] == beside["number"], at
            assert line.get("look_open", beside["look_open"]) == beside["look_open"], at
            model.step(**now)
            if line["book_valid"]:
                _book(status, line["top"])
        assert next(commands, None) is None and next(confirmations, None) is None
        return counts

    def failed(self) -> Counter[tuple[int, Check]]:
        """How often each check failed, by slot; `done` has held the decisions to the model."""
        counts = Counter[tuple[int, Check]]()
        for line in self.lines:
            if line["decision_valid"]:
                row = unpack("decision", line["decision"])
                slot, bits = int(row["slot"]), int(row["failed"])  # type: ignore[arg-type]
                counts.update((slot, check) for check in Check if bits >> check & 1)
        return counts

    def _compare(self, at: int, line: dict[str, int], shown: dict[str, int]) -> None:
        for valid, theirs, fields in (
            ("decision_valid", "m_decision_valid", {"decision": "m_decision"}),
            ("order_valid", "m_valid", {"order_message": "m_message", "order_length": "m_length"}),
            ("echo_valid", "m_echo_valid", {"echo": "m_echo", "echo_taken": "m_echo_taken"}),
        ):
            assert line[valid] == shown[theirs], (at, valid)
            for ours, expected in fields.items() if line[valid] else ():
                assert line[ours] == shown[expected], (at, ours)


_SPACES = int.from_bytes(b" " * 8, "big")


def _shut(market: int) -> int:
    """The slots in which nobody may act, whatever their books are."""
    return sum(int(reason_of(market, slot) != Reason.OK) << slot for slot in range(SLOTS))


def _book(status: dict[str, int], top: int) -> None:
    row = unpack("top_of_book", top)
    for name in status:
        bit = 1 << int(row["slot"])  # type: ignore[arg-type]
        status[name] = status[name] & ~bit | (bit if row[name] else 0)
