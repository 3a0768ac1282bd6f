"""Bench of slot_state: operations, masks and late causes of few slots, as close as can be."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import cocotb
from cocotb.triggers import FallingEdge, ReadOnly

from sim.golden.price_book import Op
from sim.golden.slot_state import SlotState
from sim.golden.tick_pkg import NUMBERS, reason_of, reasons_word
from sim.lib.bench import start
from sim.lib.runner import run

OPERATIONS = 6000
INPUTS = ("s_stale", "s_stale_reasons", "hold", "s_valid", "s_slot", "s_operation", "s_cause",
          "s_reason", "s_put", "late", "late_cause")  # fmt: skip
OUTPUTS = ("ignored", "cause", "stale", "loading", "halted", "filled", "hidden", "shut")
KINDS = {"ADD": 12, "DELETE": 4, "NONE": 2, "HALT": 1, "RESUME": 1, "STALE": 1, "CLEAR": 3,
         "LOAD": 1, "TRUST": 2}  # fmt: skip

SLOTS = NUMBERS["SLOTS"]
LEVELS = {NUMBERS["OPERATION_ADD"], NUMBERS["OPERATION_DELETE"]}


class Player:
    """`events` are what takes effect, by cycle; a mask of cycle c comes before c's operation."""

    def __init__(self, dut: Any) -> None:
        self.dut, self.rng, self.model = dut, random.Random(cocotb.RANDOM_SEED), SlotState()
        self.cycle, self.held = 0, 0
        self.waiting: list[dict[int, int]] = []  # why, by slot
        self.masks: dict[int, list[dict[int, int]]] = {}
        self.ops: dict[int, Op] = {}
        self.met: Counter[str] = Counter()

    def op(self) -> Op:
        rng = self.rng
        kind = rng.choices([*KINDS], [*KINDS.values()])[0]
        refused = rng.random() < 0.05
        return {
            "slot": rng.choice((0, 1, 7)),
            "operation": NUMBERS[f"OPERATION_{kind}"],
            "cause": rng.randint(20, 27) if refused else 0,
            "reason": rng.choice((0, 34, 35) if kind in ("STALE", "CLEAR") else (0, 0, 40, 41)),
            "put": int(kind == "ADD" and not refused),
        }

    def masks_come(self) -> None:
        """They take effect with this cycle's operation, or after what holds them."""
        rng, dut = self.rng, self.dut
        mask = rng.choice((1, 3, 130, 255)) if rng.random() < 0.06 else 0
        reasons = [rng.randint(32, 36) for _ in range(SLOTS)]
        dut.s_stale.value, dut.s_stale_reasons.value = mask, reasons_word(reasons)
        if mask:
            self.waiting.append({n: why for n, why in enumerate(reasons) if mask >> n & 1})
        dut.hold.value = int(self.held > 0)
        if not self.held:
            self.masks[self.cycle + 2] = self.waiting
            self.waiting = []
        self.held = max(0, self.held - 1)

    async def tick(self, op: Op | None) -> None:
        """`op` is here 2 cycles after its masks; its outcome a cycle later."""
        dut, rng, model = self.dut, self.rng, self.model
        self.masks_come()
        dut.s_valid.value = int(op is not None)
        for name, value in (op or self.op()).items():
            getattr(dut, f"s_{name}").value = value
        stale, reasons = model.stale, model.reasons
        after = self.masks.pop(self.cycle - 1, [])
        for reasons_of in after:
            model.mask(reasons_of)
        self.met["masks"] += len(after)
        done = self.ops.pop(self.cycle, None)
        outcome = model.apply(done) if done is not None else None
        late = outcome is not None and not (outcome.stale or outcome.ignored) and rng.random() < 0.2
        late = late and done is not None and done["operation"] in LEVELS
        cause = rng.choice((21, 22, 29))
        dut.late.value, dut.late_cause.value = int(late), cause
        await ReadOnly()
        assert int(dut.stale_slots.value) == stale, f"cycle {self.cycle}"
        shown = int(dut.stale_reasons.value)
        for slot, why in enumerate(reasons):
            assert not why or reason_of(shown, slot) == why
        if op is not None:
            self.ops[self.cycle + 1] = op
        if outcome is not None:
            observed = {name: int(getattr(dut, f"m_{name}").value) for name in OUTPUTS}
            expected = {name: getattr(outcome, name) for name in OUTPUTS}
            assert observed == expected, (self.cycle, done)
            self.met["compared"] += 1
            self.met["ignored"] += outcome.ignored
            self.met["hidden"] += outcome.hidden
            self.met["shut"] += bool(outcome.shut)
        if late and done is not None:
            model.late(done["slot"], cause)
            self.met["late"] += 1
        await FallingEdge(dut.clk)
        self.cycle += 1


@cocotb.test()
async def every_slot_is_the_model_s(dut: Any) -> None:
    for name in INPUTS:
        getattr(dut, name).value = 0
    await start(dut)
    await FallingEdge(dut.clk)
    player = Player(dut)
    for _ in range(OPERATIONS):
        if player.rng.random() < 0.1 and not player.held:
            player.held = 2
        await player.tick(player.op())
        for _ in range(player.rng.choice((1, 1, 2, 5))):
            await player.tick(None)
    assert player.met["compared"] > 0.9 * OPERATIONS, player.met
    assert min(player.met[name] for name in ("masks", "ignored", "hidden", "late", "shut")) > 50, (
        player.met
    )


def test_slot_state() -> None:
    run("slot_state")
