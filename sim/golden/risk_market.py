"""Golden model of risk_market: what the host said last, and losses that grow cycle by cycle."""

from __future__ import annotations

from collections import Counter

from sim.golden.tick_pkg import NUMBERS, pack_some, unpack
from tickwire.gen.records import SLOTS

MOST = (1 << 63) - 1
UNIT = 1 << 10
ACTS = {NUMBERS[f"ACT_{name}"]: name for name in ("REFERENCE", "LOSS", "LOSS_TOTAL")}
PRICES = ("reference_price", "band_low", "band_high")


class RiskMarket:
    inputs = ("cycle", "writes", "s_command", "g_decay", "total_decay", "q_slot")

    def __init__(self) -> None:
        self.met: Counter[str] = Counter()
        self.reset()

    def reset(self) -> None:
        self.prices = [dict.fromkeys(PRICES, 0) for _ in range(SLOTS)]
        self.losses = [MOST] * SLOTS
        self.loss = MOST

    def outputs(self) -> dict[str, int]:
        return {}

    def beside(self, **now: int) -> dict[str, int]:
        writes, s_command, q_slot = now["writes"], now["s_command"], now["q_slot"]
        losses = {"slot_loss": self.losses[q_slot], "total_loss": self.loss}
        act = int(str(unpack("risk_command", s_command)["act"]))
        return {
            "taken": int(writes and act in ACTS),
            "q_state": pack_some("risk_state", self.prices[q_slot] | losses),
        }

    def step(self, cycle: int, writes: int, s_command: int, g_decay: int, total_decay: int,
             **_: int) -> None:  # fmt: skip
        slot = cycle - (UNIT - SLOTS)
        if slot >= 0:
            self.losses[slot] = self._grown(self.losses[slot], g_decay)
        if slot == -1:
            self.loss = self._grown(self.loss, total_decay)
        command = {
            name: int(str(value)) for name, value in unpack("risk_command", s_command).items()
        }
        if not writes or command["act"] not in ACTS:
            return
        name = ACTS[command["act"]]
        self.met[name] += 1
        if name == "REFERENCE":
            self.prices[command["slot"]] = {price: command[price] for price in PRICES}
        elif name == "LOSS":
            self.losses[command["slot"]] = command["loss"]
        else:
            self.loss = command["loss"]

    def _grown(self, loss: int, decay: int) -> int:
        self.met["grown"] += 1
        self.met["worn out"] += loss < MOST <= loss + decay
        return min(loss + decay, MOST)
