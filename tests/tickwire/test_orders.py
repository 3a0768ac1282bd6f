"""Orders of the host's replay against order_path's golden model, cycle by cycle: signals, a host
that commands and comes back, a venue that answers late, twice, too much, and what nobody wants."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import numpy as np
import pytest

from sim.golden.order_path import OrderPath
from sim.golden.tick_pkg import unpack
from sim.lib.rows import made, word
from sim.stimulus.desk import ALL, WIDE
from sim.stimulus.ouch import message
from tickwire.gen.records import (
    DECISION,
    ORDER_SETTINGS,
    RISK_COMMAND,
    RISK_STOPS,
    SIGNAL,
    SLOT_LIMITS,
    SLOTS,
    TOTAL_LIMITS,
    Act,
    Action,
    Marking,
)
from tickwire.replay import orders
from tickwire.replay.orders import BOOK, Told
from tickwire.risk import opening
from tickwire.risk.opening import Command, command
from tickwire.wire.ouch import CODEC

CYCLES, KEY, MODEL, HASH, MIDDLE = 1_800, 0x5EC4E7, 0x1122334455667788, 0xABCDEF, 100_0000
USED = (0, 1, 5)
SYMBOLS = {slot: f"SYM{slot}".ljust(8).encode() for slot in USED} | {5: b"SYM\x7f    "}


class World:
    """Everything around the path, a cycle at a time; it keeps what the replay must be told."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.model = OrderPath(16, 4, 8_192, 16)
        self.settings = ORDER_SETTINGS.empty(SLOTS)
        for slot in USED:
            one = self.settings[slot]
            one["shares"], one["capped"] = 40 + slot, 1
            one["marking"] = self.rng.choice(list(Marking))
            one["symbol"] = int.from_bytes(SYMBOLS[slot], "big")
        self.signals: list[np.ndarray] = []
        self.cycles: list[int] = []
        self.stops: list[dict[str, int]] = []  # of each cycle
        self.commands: list[tuple[int, Command]] = []
        self.heard: list[tuple[int, bytes]] = []
        self.decided: list[tuple[int, int]] = []
        self.sent: list[tuple[int, bytes]] = []
        self.due: list[tuple[int, bytes]] = []
        self.took: set[int] = set()  # cycles of commands
        self.armed = 0
        self.limits: dict[int, dict[str, int]] = {}
        self.agenda = self.opening()
        self.flags = dict.fromkeys(BOOK, 0)

    def opening(self) -> list[Command]:
        rng = self.rng
        total = ALL | {"silence": 180, "open_orders": 16, "rate_depth": 1 << 20}
        yet = [command(Act.KEY, KEY)]
        yet.append(command(Act.TOTAL_LIMITS, KEY, made(TOTAL_LIMITS, **total)))
        for slot in USED:
            self.limits[slot] = WIDE | {
                "symbol": int(self.settings[slot]["symbol"]), "position_long": 1_200, "loss": 200,
                "rate_depth": rng.choice((30, 1 << 20)), "duplicate": rng.choice((0, 4, 40)),
            }  # fmt: skip
            yet.append(self.limited(slot))
            yet += [self.reference(slot), command(Act.LOSS, KEY, slot=slot)]
            yet.append(command(Act.REVIVE_SLOT, KEY, slot=slot))
        yet.append(command(Act.LOSS_TOTAL, KEY))
        yet.append(command(Act.TOKEN, KEY, token=rng.choice((1, 2**32 - 60))))
        return [*yet, command(Act.SESSION, KEY, open=1), *self.arming()]

    def limited(self, slot: int) -> Command:
        limits = made(SLOT_LIMITS, **self.limits[slot])
        return command(Act.SLOT_LIMITS, KEY, limits, slot=slot)

    def reference(self, slot: int) -> Command:
        away, most = self.rng.choice((*[0] * 9, 100, 40_000)), 2**32 - 1
        return opening.reference(KEY, slot, MIDDLE + away, 1, most)

    def arming(self) -> list[Command]:
        yet = [command(Act.DISARM, 0), command(Act.REVIVE, KEY), command(Act.BEAT, KEY)]
        yet += [command(Act.HASH, KEY, limits_hash=HASH), command(Act.REQUEST, KEY)]
        return [*yet, command(Act.ARM, KEY, model_id=MODEL, limits_hash=HASH)]

    def run(self) -> None:
        self.model.reset()
        for cycle in range(CYCLES):
            self.look(cycle)
            now = dict.fromkeys(self.model.inputs, 0) | {"cycle": cycle, "model_id": MODEL}
            for slot in range(SLOTS):
                bits = word(self.settings[slot : slot + 1], ORDER_SETTINGS)
                now["settings"] |= bits << ORDER_SETTINGS.width * slot
            self.book(now)
            self.command(cycle, now)
            self.venue(cycle, now)
            self.signal(cycle, now)
            self.armed = self.model.beside(**now)["armed"]
            self.model.step(**now)

    def look(self, cycle: int) -> None:
        ports = self.model.outputs()
        self.pending, self.nonce = ports["pending"], ports.get("nonce", 0)
        if ports["m_echo_valid"] and ports["m_echo_taken"]:
            self.took.add(cycle - 1)
        if ports["m_decision_valid"]:
            self.decided.append((cycle, ports["m_decision"]))
        if ports["m_valid"]:
            raw = ports["m_message"].to_bytes(47, "big")
            self.sent.append((cycle, raw))
            self.answer(cycle, raw)
        if not self.armed and not self.agenda and self.rng.random() < 0.2:
            self.agenda = self.arming()

    def book(self, now: dict[str, int]) -> None:
        for name in BOOK:
            if self.rng.random() < 0.004:
                self.flags[name] = self.rng.choice((0, 0, 0, 0, 1 << self.rng.randrange(6)))
            now[f"book_{name}"] = self.flags[name]
        self.stops.append(dict(self.flags))

    def command(self, cycle: int, now: dict[str, int]) -> None:
        rng = self.rng
        if not self.agenda and rng.random() < 0.03:
            slot = rng.choice(USED)
            self.limits[slot]["loss_decay"] += 40  # which isn't loosened
            acts = (Act.BEAT, Act.BEAT, Act.LIFT, Act.LOSS, Act.LOSS_TOTAL, Act.REVIVE_SLOT)
            self.agenda = [self.reference(slot), self.limited(slot)]
            self.agenda += [command(act, KEY, slot=slot) for act in acts]
            self.agenda = [rng.choice(self.agenda)]
            if rng.random() < 0.1:
                stray = rng.choice((Act.KILL, Act.DISARM, Act.KILL_SLOT))
                self.agenda = [command(stray, KEY, slot=slot), command(Act.DISARM, 0)]
                self.agenda.append(command(Act.REVIVE_SLOT, KEY, slot=slot))
        if not self.agenda or self.rng.random() < 0.5:
            return
        one = self.agenda.pop(0)
        if one.act == Act.ARM:
            one.row["nonce"] = self.nonce
        now["command_valid"], now["command"] = 1, word(one.row, RISK_COMMAND)
        for act, name, layout in (
            (Act.SLOT_LIMITS, "slot_limits", SLOT_LIMITS),
            (Act.TOTAL_LIMITS, "total_limits", TOTAL_LIMITS),
        ):
            if one.act == act and one.limits is not None:
                now[name] = word(one.limits, layout)
        self.commands.append((cycle, one))

    def answer(self, cycle: int, raw: bytes) -> None:
        """Now and then what nobody asked for, too."""
        said = CODEC.decode("client", raw).values
        token, rng = int(said["user_ref_num"]), self.rng
        whole = {"user_ref_num": token, "quantity": int(said["quantity"])}
        part = {"user_ref_num": token, "quantity": rng.randint(1, whole["quantity"])}
        price = {"price": int(said["price"])}
        taken = ("order_accepted", {"order_state": b"L", "user_ref_num": token})
        filled, gone = ("order_executed", whole | price), ("order_canceled", whole)
        often: list[list[tuple[str, Any]]] = [
            [taken, filled],
            [taken, gone],
            [filled],
            [("order_rejected", {})],
        ]
        rest = {"user_ref_num": token, "quantity": whole["quantity"] - part["quantity"]}
        often += [[taken, ("order_executed", part | price), ("order_canceled", rest)]] * 2
        seldom: list[list[tuple[str, Any]]] = [
            [taken, taken],
            [filled, gone],
            [("broken_trade", {})],
            [("system_event", {})],
        ]
        seldom += [[("order_replaced", {})], [("order_accepted", {"order_state": b"D"})]]
        chosen = rng.choice(often if rng.random() < 0.95 else [[*one, gone] for one in seldom])
        for name, values in chosen:
            own = {"user_ref_num": token} if name != "system_event" else {}
            cycle += rng.randint(1, 9)
            self.due.append((cycle, self.message(name, own | values)))

    def message(self, name: str, values: dict[str, int | bytes]) -> bytes:
        kind = CODEC.by_name[name]
        names = {one.name for one in kind.fields}
        return message(self.rng, kind, **{key: values[key] for key in values if key in names})

    def venue(self, cycle: int, now: dict[str, int]) -> None:
        if self.heard and cycle - self.heard[-1][0] < 2:
            return
        for at, (due, raw) in enumerate(self.due):
            if due <= cycle:
                now["venue_valid"], now["venue_bytes"] = 1, len(raw)
                now["venue_message"] = int.from_bytes(raw.ljust(68, b"\0"), "big")
                self.heard.append((cycle, raw))
                del self.due[at]
                return

    def signal(self, cycle: int, now: dict[str, int]) -> None:
        rng = self.rng
        if (self.cycles and cycle - self.cycles[-1] < 2) or rng.random() < 0.75:
            return
        bid, ask = MIDDLE - rng.choice((100, 200)), MIDDLE + rng.choice((*[100] * 9, 200, -200))
        one = made(
            SIGNAL, slot=rng.choice(USED), decision=rng.choice(list(Action)), bid_price=bid,
            ask_price=ask, bid_shares=rng.randint(1, 200), ask_shares=rng.randint(1, 200),
            message_cycle=max(cycle - 30, 0), sequence_number=cycle, model_id=MODEL,
        )  # fmt: skip
        now["s_valid"], now["s_signal"] = 1, word(one, SIGNAL)
        self.signals.append(one)
        self.cycles.append(cycle)

    def expected(self) -> orders.Orders:
        stops = RISK_STOPS.empty(len(self.signals))
        for row, (one, cycle) in enumerate(zip(self.signals, self.cycles, strict=True)):
            for name in BOOK:
                then = self.stops[min(cycle + orders.STOPPED, CYCLES - 1)][name]
                stops[name][row] = then >> int(one["slot"][0]) & 1
        told = Told([one for one in self.commands if one[0] in self.took], self.heard)
        signals, cycles = np.concatenate(self.signals), np.array(self.cycles)
        return orders.replay(signals, cycles, self.settings, stops, told)


@pytest.mark.parametrize("seed", range(3))
def test_each_decision_and_each_order_is_the_golden_models(seed: int) -> None:
    world = World(seed)
    world.run()
    expected = world.expected()
    decided = [(at, word(row, DECISION)) for at, row in zip(
        expected.decided.tolist(), np.split(expected.decisions, len(expected.made)), strict=True)
        if at < CYCLES]  # fmt: skip
    for one, other in zip(decided, world.decided, strict=True):
        assert one == other, (one, unpack("decision", one[1]), unpack("decision", other[1]))
    sent = list(zip(expected.sent.tolist(), map(bytes, expected.messages), strict=True))
    assert [one for one in sent if one[0] < CYCLES] == world.sent
    counts = Counter(expected.decisions["reason"].tolist())
    assert len(world.sent) > 30 and len(counts) > 8, (len(world.sent), counts)
