"""Golden model of risk_control, from docs/risk.md: what a cycle's command and faults do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sim.golden.tick_pkg import pack_some, unpack
from tickwire.gen.records import SLOTS, Act

MOST = (1 << 32) - 1
FREE = (Act.KILL, Act.KILL_SLOT, Act.DISARM)


class RiskControl:
    """`met` counts what was taken and what stopped."""

    inputs = (
        *("cycle", "model_id", "kill_pin", "saturated", "mismatch", "bad_confirmation"),
        *("limits_written", "total_written", "silence", "s_valid", "s_command"),
    )

    def __init__(self, arm_cycles: int) -> None:
        self.arm_cycles = arm_cycles
        self.met: Counter[str] = Counter()
        self.nonce: int | None = None
        self.reset()

    def reset(self) -> None:
        self.killed, self.slots, self.armed, self.open = True, (1 << SLOTS) - 1, False, False
        self.key = self.hash = None
        self.asked: int | None = None  # cycles since a request, while it is good
        self.requests, self.silence = 0, MOST
        self.events: dict[str, int] = {}

    def outputs(self) -> dict[str, int]:
        ports = {"pending": int(self.asked is not None)}
        if self.nonce is not None:
            ports["nonce"] = self.nonce
        return ports | {"m_events": pack_some("risk_events", self.events)}

    def beside(self, **now: int) -> dict[str, int]:
        """What is so in this cycle."""
        command, act = self._command(now)
        wrong = self._wrong(command, act)
        dies = self.armed and self.silence >= now["silence"]
        faults = [now[name] for name in ("kill_pin", "saturated", "mismatch")]
        kills = any(faults) or dies or act == Act.KILL
        killed = self.killed or kills
        disarms = killed or wrong or act == Act.DISARM or bool(now["bad_confirmation"])
        armed = self.armed and not disarms
        slots = self.slots | (1 << command["slot"] if act == Act.KILL_SLOT else 0)
        opens = act is not None and act not in FREE and not self._keys(command, act) and not wrong
        closes = opens and act == Act.SESSION and not command["open"]
        said = {
            "opens": opens,
            "killed": killed,
            "slot_killed": slots,
            "armed": armed,
            "session_open": self.open and not closes,
            "taken": self._takes(now, command, act, opens, kills, killed, disarms, armed),
        }
        return {name: int(value) for name, value in said.items()}

    def _command(self, now: dict[str, int]) -> tuple[Mapping[str, Any], Act | None]:
        command = unpack("risk_command", now["s_command"])
        return command, Act(int(str(command["act"]))) if now["s_valid"] else None

    def _keys(self, command: Mapping[str, Any], act: Act | None) -> bool:
        return act == Act.KEY and self.key is None and bool(command["key"])

    def _wrong(self, command: Mapping[str, Any], act: Act | None) -> bool:
        if act is None or act in FREE or self._keys(command, act):
            return False
        return act == Act.KEY or self.key is None or command["key"] != self.key

    def _takes(
        self,
        now: dict[str, int],
        command: Mapping[str, Any],
        act: Act | None,
        opens: bool,
        kills: bool,
        killed: bool,
        disarms: bool,
        armed: bool,
    ) -> bool:
        if act in FREE or self._keys(command, act):
            return True
        if not opens:
            return False
        ready = bool(self.hash is not None and now["total_written"])
        given = (command["nonce"], command["model_id"], command["limits_hash"])
        right = self.asked is not None and given == (self.nonce, now["model_id"], self.hash)
        takes = {
            Act.HASH: not armed,
            Act.REQUEST: not armed and not killed and ready,
            Act.ARM: right and not disarms,
            Act.REVIVE: not armed and not kills,
            Act.REVIVE_SLOT: not armed,
            Act.BEAT: True,
            Act.SESSION: not (command["open"] and armed),
        }
        return takes.get(act, False) if act is not None else False

    def step(self, **now: int) -> None:
        said = self.beside(**now)
        command, act = self._command(now)
        wrong = self._wrong(command, act)
        took = act if said["taken"] else None
        self.events = {
            "wrong_keys": int(wrong),
            "kills": int(said["killed"] and not self.killed),
            "disarms": int(self.armed and not said["armed"]),
        }
        if act is not None:
            self.met[f"{act.name} {'taken' if took is not None else 'refused'}"] += 1
        self.met.update(name for name, value in self.events.items() if value)
        self.met["died"] += self.armed and self.silence >= now["silence"]
        self.met["void"] += bool(now["limits_written"] and self.asked is not None)
        self._go_on(now, command, act, took, said, wrong)

    def _go_on(
        self,
        now: dict[str, int],
        command: Mapping[str, Any],
        act: Act | None,
        took: Act | None,
        said: dict[str, int],
        wrong: bool,
    ) -> None:
        disarms = said["killed"] or wrong or act == Act.DISARM or now["bad_confirmation"]
        if self.asked is not None:
            self.asked += 1
        attempt = bool(said["opens"]) and act == Act.ARM
        late = self.asked is not None and self.asked >= self.arm_cycles
        self.met["late"] += late
        if attempt or disarms or now["limits_written"] or late:
            self.asked = None
        if took == Act.REQUEST:
            self.nonce = self.requests << 16 | now["cycle"]
            self.requests = (self.requests + 1) % (1 << 16)
            self.asked = 0
        if took == Act.KEY:
            self.key = command["key"]
        if took == Act.HASH:
            self.hash = command["limits_hash"]
        if now["limits_written"]:
            self.hash = None
        self.killed = bool(said["killed"]) and took != Act.REVIVE
        self.slots = said["slot_killed"]
        if took == Act.REVIVE_SLOT:
            self.slots &= ~(1 << command["slot"])
        self.armed = bool(said["armed"]) or took == Act.ARM
        opened = took == Act.SESSION and bool(command["open"])
        self.open = bool(said["session_open"]) or opened
        self.silence = 0 if took == Act.BEAT else min(self.silence + 1, MOST)
