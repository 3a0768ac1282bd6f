"""Golden model of order_cancel: a list of what is still to be sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sim.golden.order_queue import ORDER
from sim.golden.tick_pkg import pack_some
from sim.lib.rows import row
from tickwire.gen.records import RISK_COMMAND, Act
from tickwire.wire.dialogue import Said, Value
from tickwire.wire.ouch import CODEC

LONGEST = 22  # bytes
BEHIND = 2  # cycles for which nothing may follow what was sent
DISABLE, ALL = "disable", "all"


def packet(what: str | int, number: int, symbols: dict[int, bytes]) -> bytes:
    """Of SoupBinTCP; `what` is one of the two, or a slot."""
    values: dict[str, Value] = {"user_ref_num": number, "firm": b"    "}
    name = "disable_order_entry"
    if what != DISABLE:
        name, values["symbol"] = "mass_cancel", symbols[what] if isinstance(what, int) else b" " * 8
    message = CODEC.encode("client", Said(name, values))
    return (len(message) + 1).to_bytes(2, "big") + b"U" + message


class OrderCancel:
    """`met` counts what happened; `sent` is what left."""

    inputs: Sequence[str] = (
        *("live", "killed", "s_echo_valid", "s_echo", "s_slot", "s_valid", "s_message"),
        *("number_known", "number", "m_ready"),
    )

    def __init__(self) -> None:
        self.met, self.sent = Counter[str](), list[bytes]()
        self.reset()

    def reset(self) -> None:
        self.due: list[str | int] = []
        self.symbols: dict[int, bytes] = {}
        self.slot, self.was_killed, self.rose = 0, True, False
        self.since = BEHIND + 1
        self.events: dict[str, int] = {}

    def outputs(self) -> dict[str, int]:
        return {
            "m_events": pack_some("link_events", self.events),
            "blocks": int(bool(self.due) or self.since <= BEHIND),
        }

    def beside(self, **now: int) -> dict[str, int]:
        offered = bool(self.due) and now["live"] and now["number_known"]
        out = {"m_valid": int(offered), "m_taken": int(offered and now["m_ready"])}
        if offered:
            raw = packet(self.due[0], now["number"], self.symbols)
            whole = int.from_bytes(raw.ljust(LONGEST, b"\0"), "big")
            out |= {"m_packet": whole, "m_length": len(raw)}
        return out

    def step(self, **now: int) -> None:
        self.since += 1
        self.events = {}
        if self.beside(**now)["m_taken"]:
            self.sent.append(packet(self.due[0], now["number"], self.symbols))
            self.met["slot" if isinstance(self.due[0], int) else self.due[0]] += 1
            self.due.pop(0)
            self.since, self.events = 1, {"cancels": 1}
        self._ask(now)
        if self.due and not (now["live"] and now["number_known"]):
            self.due, self.events = [], self.events | {"cancels_unsent": 1}
            self.met["unsent"] += 1
        if now["s_valid"]:
            symbol = CODEC.decode("client", now["s_message"].to_bytes(ORDER, "big")).values[
                "symbol"
            ]
            assert isinstance(symbol, bytes)
            self.symbols[self.slot] = symbol
        self.slot = now["s_slot"]
        self.rose = bool(now["killed"]) and not self.was_killed
        self.was_killed = bool(now["killed"])

    def _ask(self, now: dict[str, int]) -> None:
        act, slot = Act.NONE, 0
        if now["s_echo_valid"]:
            echo = row(now["s_echo"], RISK_COMMAND)
            act, slot = Act(int(echo["act"][0])), int(echo["slot"][0])
        if self.rose or act == Act.KILL:
            self.met["again"] += bool(self.due)
            self.due = [DISABLE, ALL]
        elif act == Act.KILL_SLOT and slot in self.symbols:
            slots = {one for one in self.due if isinstance(one, int)} | {slot}
            self.due = [one for one in self.due if not isinstance(one, int)] + sorted(slots)
