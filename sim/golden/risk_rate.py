"""Golden model of risk_rate: the host's reference, by its own count of cycles."""

from __future__ import annotations

from sim.golden.risk_position import shown
from sim.lib.rows import row
from tickwire.gen.records import ORDER, RISK_COMMAND, Act
from tickwire.risk.state import fresh, send

FIELDS = ("slot_level", "total_level", "slot_day", "total_day", "repeated", "duplicate")


class RiskRate:
    inputs = (
        *("writes", "s_command", "new_day", "q_intent", "q_window"),
        *("sent", "sent_order", "sent_slot_cycles", "sent_total_cycles"),
    )

    def __init__(self, recent: int) -> None:
        self.recent, self.now = recent, 0
        self.reset()

    def reset(self) -> None:
        self.state = fresh(2, self.recent)
        self.now += 1

    def outputs(self) -> dict[str, int]:
        return {}

    def beside(self, **now: int) -> dict[str, int]:
        return {
            "taken": int(self.taken(now["writes"], now["s_command"])),
            "q_state": shown(self.state, now["q_intent"], now["q_window"], self.now, FIELDS),
        }

    def taken(self, writes: int, s_command: int) -> bool:
        return bool(writes) and bool(row(s_command, RISK_COMMAND)["act"][0] == Act.LIFT)

    def step(self, writes: int, s_command: int, new_day: int, sent: int, sent_order: int,
             sent_slot_cycles: int, sent_total_cycles: int, **_: int) -> None:  # fmt: skip
        self.now += 1
        if sent:
            order = row(sent_order, ORDER)[0]
            send(self.state, order, sent_slot_cycles, sent_total_cycles, self.now)
        if new_day:
            self.state.slots["day"] = 0
            self.state.total["day"] = 0
        if self.taken(writes, s_command):
            self.state.slots["repeated"][int(row(s_command, RISK_COMMAND)["slot"][0])] = 0
