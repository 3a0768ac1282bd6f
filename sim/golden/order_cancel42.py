"""Golden model of order_cancel42: which orders are looked at next, and which look waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sim.golden.tick_pkg import pack_some
from sim.lib.rows import row
from tickwire.gen.records import RISK_COMMAND, Act
from tickwire.wire.dialogue import Said
from tickwire.wire.ouch import CODEC_42

LONGEST = 22  # bytes
BEHIND = 2  # cycles for which nothing may follow the last place
ALL = -1  # a round of all; else of a slot


def packet(token: int) -> bytes:
    """Of SoupBinTCP: no share of that order stays open."""
    values: dict[str, int | bytes] = {"order_token": b"%08X" % token, "shares": 0}
    message = CODEC_42.encode("client", Said("cancel_order", values))
    return (len(message) + 1).to_bytes(2, "big") + b"U" + message


class OrderCancel42:
    """`met` counts what happened; `sent` is what left. A round is a walk over all places."""

    inputs: Sequence[str] = (
        *("live", "killed", "s_echo_valid", "s_echo", "m_ready"),
        *("look_open", "look_token", "look_slot"),
    )

    def __init__(self, places: int) -> None:
        self.places = places
        self.met, self.sent = Counter[str](), list[bytes]()
        self.reset()

    def reset(self) -> None:
        self.round: int | None = None
        self.place = 0
        self.waiting = set[int]()  # slots
        self.was_killed, self.rose = True, False
        self.since = BEHIND + 1
        self.events: dict[str, int] = {}

    def outputs(self) -> dict[str, int]:
        walks = self.round is not None
        out = {
            "m_events": pack_some("link_events", self.events),
            "blocks": int(walks or self.since <= BEHIND),
        }
        return out | ({"look_place": self.place} if walks else {})

    def _wanted(self, now: dict[str, int]) -> bool:
        """The order in this place is one of this round."""
        return bool(now["look_open"]) and self.round in (ALL, now["look_slot"])

    def beside(self, **now: int) -> dict[str, int]:
        if self.round is None or not now["live"] or not self._wanted(now):
            return {"m_valid": 0}
        raw = packet(now["look_token"])
        return {"m_valid": 1, "m_packet": int.from_bytes(raw, "big"), "m_length": len(raw)}

    def step(self, **now: int) -> None:
        self.since, self.events = self.since + 1, {}
        was = self.round is not None
        if was:
            self.since = 1
            if now["live"]:
                self._walk(now)
        self._ask(now)
        if not now["live"] and (was or self.round is not None):
            self.round, self.waiting, self.events = None, set(), {"cancels_unsent": 1}
            self.met["unsent"] += 1
        self.rose = bool(now["killed"]) and not self.was_killed
        self.was_killed = bool(now["killed"])

    def _walk(self, now: dict[str, int]) -> None:
        if self._wanted(now):
            if not now["m_ready"]:
                self.met["waited"] += 1
                return
            self.sent.append(packet(now["look_token"]))
            self.met["of all" if self.round == ALL else "of a slot"] += 1
            self.events = {"cancels": 1}
        elif now["look_open"]:
            self.met["of another slot"] += 1
        self.place += 1
        if self.place == self.places:
            self.met["round of all" if self.round == ALL else "round of a slot"] += 1
            self.round = None

    def _ask(self, now: dict[str, int]) -> None:
        act, slot = Act.NONE, 0
        if now["s_echo_valid"]:
            echo = row(now["s_echo"], RISK_COMMAND)
            act, slot = Act(int(echo["act"][0])), int(echo["slot"][0])
        if self.rose or act == Act.KILL:
            self.met["again"] += self.round is not None
            self.round, self.place, self.waiting = ALL, 0, set()
        elif act == Act.KILL_SLOT:
            self.met["behind"] += self.round is not None
            self.waiting.add(slot)
        if self.round is None and self.waiting:
            self.round, self.place = min(self.waiting), 0
            self.waiting.remove(self.round)
