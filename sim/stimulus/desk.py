"""A desk around the risk gate, for its benches: a host that writes limits, arms, pushes prices and
losses, strays and comes back; a venue that confirms late, twice, too much; orders between."""

from __future__ import annotations

import random
from typing import Any

import cocotb
from cocotb.triggers import RisingEdge

from sim.golden.risk_gate import LATENCY, RiskGate
from sim.golden.tick_pkg import pack_some
from sim.lib.bench import JudgeBeside, Ports
from sim.lib.rows import made_word
from tickwire.gen.records import (
    CHECKS,
    CONFIRMATION,
    INTENT,
    RISK_COMMAND,
    SLOT_LIMITS,
    SLOTS,
    TOTAL_LIMITS,
    Act,
    Outcome,
)

FAILED_AT = pack_some("decision", {"failed": 1}).bit_length() - 1
KEY, HASH, MODEL = 0x5EC4E7, 0xABCDEF0123456789, 0x1122334455667788
MIDDLE, MOST = 100_0000, 2**63 - 1
SLOTS_USED = (0, 1, SLOTS - 1)
MOMENTARY = ("kill_pin", "doubt", "link_refused", "link_doubt", "takes")
SYMBOL = int.from_bytes(b"TICK    ", "big")
WIDE: dict[str, int] = {
    "enabled": 1, "short_permitted": 1, "tick_class": 1, "age": 2**20, "collar_touch": 10_000,
    "collar_reference": 20_000, "order_shares": 1000, "order_money": 10**12, "position_long": 3000,
    "position_short": 3000, "open_orders": 9, "rate_cycles": 3, "rate_depth": 40,
    "day_orders": 10**6, "repeated": 10**6, "duplicate": 4, "loss": 10**9, "loss_decay": 1,
    "symbol": SYMBOL,
}  # fmt: skip
ALL: dict[str, int] = {
    "gross": 10**15, "net": 10**15, "credit": 10**15, "open_orders": 9, "rate_cycles": 1,
    "rate_depth": 1000, "day_orders": 10**6, "loss": 10**9, "loss_decay": 1, "silence": 3000,
}  # fmt: skip


class Desk:
    """The host, the venue and the strategy, a cycle at a time."""

    decides = LATENCY  # cycles from an intent to its decision
    settles = 3  # cycles until the gate knows what the venue said

    def __init__(self, dut: Any) -> None:
        self.dut, self.ports = dut, Ports(dut)
        self.rng = random.Random(cocotb.RANDOM_SEED)
        self.looks = random.Random(cocotb.RANDOM_SEED)  # at any place, all the time
        self.places = int(dut.OPEN.value)
        self.model = self.golden()
        self.judge = JudgeBeside(dut, self.model)
        self.cycle, self.since_order, self.since_answer = 500, 9, 9
        self.quiet = dict.fromkeys(self.model.inputs, 0) | {"model_id": MODEL}
        self.ports.write(self.quiet)

    def golden(self) -> Any:
        """The module's model."""
        return RiskGate(*self.parameters("OPEN", "RECENT", "ARM_CYCLES"))

    def parameters(self, *names: str) -> list[int]:
        return [int(getattr(self.dut, name).value) for name in names]

    @property
    def gate(self) -> RiskGate:
        gate: RiskGate = self.model
        return gate

    async def tick(self, **line: int) -> None:
        self.cycle += 1
        self.since_order = 0 if line.get("s_valid") else self.since_order + 1
        answered = any(line.get(f"{name}_valid") for name in ("confirmation", "venue", "host"))
        answered = answered or bool(line.get("link_refused"))
        self.since_answer = 0 if answered else self.since_answer + 1
        look = {"look_place": self.looks.randrange(self.places)}
        self.ports.write({**self.quiet, "cycle": self.cycle, **look, **line})
        await RisingEdge(self.dut.clk)
        self.ports.write(dict.fromkeys(self.momentary, 0))

    @property
    def momentary(self) -> list[str]:
        return [name for name in self.quiet if name.endswith("valid") or name in MOMENTARY]

    def said(self, act: Act, key: int = KEY, **values: int) -> dict[str, int]:
        command = made_word(RISK_COMMAND, act=int(act), key=key, **values)
        return {"command_valid": 1, "command": command}

    def limits(self, slot: int, **values: int) -> dict[str, int]:
        word = made_word(SLOT_LIMITS, **WIDE | values)
        return self.said(Act.SLOT_LIMITS, slot=slot) | {"slot_limits": word}

    def total(self, **values: int) -> dict[str, int]:
        return self.said(Act.TOTAL_LIMITS) | {
            "total_limits": made_word(TOTAL_LIMITS, **ALL | values)
        }

    def arming(self) -> dict[str, int]:
        return {"nonce": self.gate.control.nonce or 0, "model_id": MODEL, "limits_hash": HASH}

    @property
    def token(self) -> int:
        return int(self.gate.position.state.total["token"][0])

    @property
    def opens(self) -> list[Any]:
        places = self.gate.position.state.places
        return list(places[places["open"]].copy())

    async def begin(self) -> None:
        """Everything that it takes, in the order of a morning."""
        for act in (Act.DISARM, Act.KEY, Act.REVIVE):
            await self.tick(**self.said(act))
        await self.tick(**self.total())
        for slot in range(SLOTS):
            await self.tick(**self.limits(slot))
            await self.tick(**self.said(Act.REVIVE_SLOT, slot=slot))
            await self.tick(**self.reference(slot))
        await self.flatten()
        for _ in range(self.settles):
            await self.tick()
        await self.tick(**self.said(Act.NEW_DAY))
        await self.tick(**self.said(Act.TOKEN, token=max(self.token, 7) & 0xFFFF_FFFF))
        await self.tick(**self.said(Act.SESSION, open=1))
        await self.arm()
        assert self.gate.control.armed

    async def arm(self) -> None:
        """With the limits that there are, which may not let it."""
        await self.ask()
        await self.tick(**self.said(Act.ARM, **self.arming()))
        await self.tick()

    async def ask(self) -> None:
        """All up to the second step."""
        for act in (Act.DISARM, Act.REVIVE, Act.BEAT, Act.LOSS_TOTAL):
            await self.tick(**self.said(act))
        for slot in range(SLOTS):
            await self.tick(**self.said(Act.LOSS, slot=slot, loss=0))
        await self.tick(**self.said(Act.HASH, limits_hash=HASH))
        await self.tick(**self.said(Act.REQUEST))
        await self.tick()

    def reference(self, slot: int) -> dict[str, int]:
        band = {"band_low": MIDDLE - 50_000, "band_high": MIDDLE + 50_000}
        return self.said(Act.REFERENCE, slot=slot, reference_price=MIDDLE, **band)

    async def flatten(self) -> None:
        """The venue cancels all that is open."""
        for one in self.opens:
            await self.answer(int(one["token"]), Outcome.CANCELLED, int(one["left"]))

    async def answer(self, token: int, outcome: int, shares: int = 0, price: int = 0) -> None:
        while self.since_answer < 3:
            await self.tick()
        await self.tick(**self.confirmed(token, outcome, shares, price))

    def confirmed(self, token: int, outcome: int, shares: int, price: int) -> dict[str, int]:
        values = {"outcome": int(outcome), "shares": shares, "price": price}
        word = made_word(CONFIRMATION, token=token, **values)
        return {"confirmation_valid": 1, "confirmation": word}

    def intent(self, **values: int) -> dict[str, int]:
        base = {"slot": 0, "side": 0, "price": MIDDLE, "shares": 100, "symbol": SYMBOL,
                "bid_price": MIDDLE - 100, "ask_price": MIDDLE, "message_cycle": self.cycle - 30,
        }  # fmt: skip
        return {"s_valid": 1, "s_intent": made_word(INTENT, **base | values)}

    async def order(self, **values: int) -> int:
        """The bits that failed."""
        while self.since_order < 2:
            await self.tick()
        await self.tick(**self.intent(**values))
        for _ in range(self.decides):
            await self.tick()
        out = self.gate.check.out
        assert out["m_valid"]
        return int(out["m_decision"]) >> FAILED_AT & (1 << CHECKS) - 1

    def any_intent(self) -> dict[str, int]:
        rng = self.rng
        side = rng.randint(0, 1)
        bid = MIDDLE - 100 * rng.randint(1, 3)
        ask = bid + 100 * rng.choice((1, 1, 1, 1, 1, 2, 0, -1))
        odd = rng.random() < 0.1
        return self.intent(
            slot=rng.choice(SLOTS_USED), side=side, marking=int(rng.random() < 0.8),
            price=rng.choice((0, bid + 50, bid + 20_000)) if odd else (ask, bid)[side],
            shares=rng.choice((0, 1001, 2**32 - 1) if rng.random() < 0.05 else (1, 100)),
            bid_price=bid * (rng.random() < 0.98), ask_price=ask * (rng.random() < 0.98),
            sequence_number=self.cycle, frame_cycle=self.cycle - 40,
        )  # fmt: skip

    def any_number(self) -> dict[str, int]:
        """Somebody takes a number that is an order's no longer."""
        known = bool(self.gate.position.state.total["token_known"][0]) and self.token < 2**32 - 9
        return {"takes": int(known and self.rng.random() < 0.02)}

    def any_answer(self) -> dict[str, int]:
        """Nearly always one that is right."""
        rng, opens = self.rng, self.opens
        if not opens:
            return {}
        one = rng.choice(opens)
        token, left = int(one["token"]), int(one["left"])
        outcome = rng.choice((1, 1, 2, 2, *[0, 3] * (not one["answered"])))
        shares = rng.choice((left, left, 1, (left + 1) // 2))
        if rng.random() < 0.01:
            token, outcome, shares = rng.choice(
                ((token ^ 16, 1, 1), (token, 1, left + 1), (token, 2, 0), (token, 4, 1))
            )
        return self.confirmed(token, outcome, shares, MIDDLE + rng.choice((0, 100, -100)))

    def any_command(self) -> dict[str, int]:
        rng, slot = self.rng, self.rng.choice(SLOTS_USED)
        chance = rng.random()
        if chance < 0.3:
            return self.limits(slot, **self.tight())
        if chance < 0.4:
            name = rng.choice(sorted(ALL))
            rich = name in ("gross", "net", "credit", "loss")
            return self.total(**{name: rng.choice((10**9, 10**10, 0) if rich else (0, 5, 40))})
        acts = [act for act in Act if act not in (Act.SLOT_LIMITS, Act.TOTAL_LIMITS)]
        calm = (Act.BEAT, Act.LIFT, Act.REFERENCE, Act.LOSS, Act.LOSS_TOTAL)
        act = rng.choice(calm if chance < 0.93 else acts)
        if act == Act.REFERENCE and rng.random() < 0.8:
            return self.reference(slot)
        key = KEY if rng.random() < 0.998 else KEY ^ 1
        values = {"slot": slot, "open": rng.randint(0, 1), "loss": rng.choice((0, -5, 10**9 - 5))}
        values |= {"token": self.token + 1 & 0xFFFF_FFFF, "position": rng.choice((0, 40, -40))}
        return self.said(act, key, **values, **self.arming())

    def tight(self) -> dict[str, int]:
        rng = self.rng
        near = {
            "order_shares": (99, 100), "order_money": (100 * MIDDLE, 0), "position_long": (0, 150),
            "position_short": (0, 150), "open_orders": (1, 2), "rate_cycles": (0, 9),
            "rate_depth": (3, 6), "day_orders": (0, 30), "repeated": (0, 20),
            "duplicate": (50, 2000),
            "loss": (0, 5), "loss_decay": (0, 2**32 - 1), "collar_touch": (0,), "enabled": (0,),
            "collar_reference": (0, 200), "restricted": (1,), "short_permitted": (0,),
            "tick_class": (0, 2, 3), "age": (31, 32, 33), "symbol": (0, SYMBOL ^ 1),
        }  # fmt: skip
        chosen = rng.sample(sorted(near), rng.choice((0, 1, 1, 2)))
        return {name: rng.choice(near[name]) for name in chosen}
