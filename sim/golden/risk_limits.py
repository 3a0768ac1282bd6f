"""Golden model of risk_limits: what may be written over what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from sim.golden.tick_pkg import NUMBERS, pack, unpack
from tickwire.gen.records import SLOTS

SLOT, TOTAL = NUMBERS["ACT_SLOT_LIMITS"], NUMBERS["ACT_TOTAL_LIMITS"]
LOOSER_BELOW = {"rate_cycles", "duplicate", "loss_decay", "restricted"}  # all others: above
Row = Mapping[str, int]


@lru_cache(4096)
def plain(record: str, word: int) -> Row:
    return {name: value for name, value in unpack(record, word).items() if isinstance(value, int)}


def loosened(was: Row, now: Row) -> list[str]:
    """The names of what is looser now."""

    def looser(name: str) -> bool:
        if name in ("tick_class", "symbol"):
            return now[name] != was[name]
        return now[name] < was[name] if name in LOOSER_BELOW else now[name] > was[name]

    return [name for name in was if looser(name)]


class RiskLimits:
    """`met` counts what kept a write from being taken. `spoiled` has what isn't its shadow."""

    inputs = (
        *("cycle", "armed", "writes", "s_command", "s_slot_limits", "s_total_limits", "q_slot"),
    )

    def __init__(self) -> None:
        self.met: Counter[str] = Counter()
        self.reset()

    def reset(self) -> None:
        self.slots: list[int | None] = [None] * SLOTS
        self.total: int | None = None
        self.spoiled: set[int | str] = set()

    def outputs(self) -> dict[str, int]:
        return {}

    def beside(self, **now: int) -> dict[str, int]:
        limits, shown = self.slots[now["q_slot"]], self.slots[now["cycle"]]
        bad = "total" in self.spoiled or now["cycle"] in self.spoiled
        return {
            "taken": int(self._takes(now) == []),
            "q_written": int(limits is not None),
            "q_limits": limits or 0,
            "total_written": int(self.total is not None),
            "total": self.total or 0,
            "g_decay": plain("slot_limits", shown)["loss_decay"] if shown else 0,
            "mismatch": int(bad),
        }

    def _takes(self, now: dict[str, int]) -> list[str]:
        """What is against it."""
        command = plain("risk_command", now["s_command"])
        if not now["writes"] or command["act"] not in (SLOT, TOTAL):
            return ["nothing"]
        record = "slot_limits" if command["act"] == SLOT else "total_limits"
        was = self.slots[command["slot"]] if command["act"] == SLOT else self.total
        if not now["armed"]:
            return []
        if was is None:
            return [f"{record} unwritten"]
        new = plain(record, now[f"s_{record}"])
        return [f"{record} {name}" for name in loosened(plain(record, was), new)]

    def step(self, **now: int) -> None:
        against = self._takes(now)
        if len(against) == 1:
            self.met[against[0]] += 1
        if against:
            return
        self.met["taken armed" if now["armed"] else "taken"] += 1
        command = plain("risk_command", now["s_command"])
        if command["act"] == SLOT:
            self.slots[command["slot"]] = now["s_slot_limits"]
            self.spoiled.discard(command["slot"])
        else:
            self.total = now["s_total_limits"]
            self.spoiled.discard("total")


def words(record: str, **values: int) -> int:
    """A word of these, else zeros."""
    return pack(record, dict.fromkeys(plain(record, 0), 0) | values)
