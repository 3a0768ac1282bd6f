"""Golden model of soup_rx: the bytes are kept until a packet is whole, and then read at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sim.golden.ouch_decode import LONGEST
from sim.golden.tick_pkg import pack_some

LATENCY = 1


class SoupRx:
    """`met` counts packets by type; `heard` are the messages."""

    inputs: Sequence[str] = ("open", "s_valid", "s_byte")

    def __init__(self, longest: int = LONGEST) -> None:
        self.longest = longest
        self.met, self.heard = Counter[str](), list[bytes]()
        self.reset()

    def reset(self) -> None:
        self.held, self.lost = b"", False
        self.message: bytes | None = None
        self.doubt = self.over = False
        self.events: dict[str, int] = {}

    def outputs(self) -> dict[str, int]:
        out = {
            "m_valid": int(self.message is not None),
            "m_doubt": int(self.doubt),
            "m_over": int(self.over),
            "m_events": pack_some("link_events", self.events),
            "whole": int(not self.held and not self.lost),
        }
        if self.message is None:
            return out
        longest = self.longest
        seen = self.message[:longest]
        care = (1 << 8 * len(seen)) - 1 << 8 * (longest - len(seen))
        whole = Partly(int.from_bytes(seen.ljust(longest, b"\0"), "big"), care)
        return out | {"m_length": len(self.message), "m_message": whole}

    def step(self, open: int, s_valid: int, s_byte: int) -> None:  # noqa: A002
        self.message, self.doubt, self.over, self.events = None, False, False, {}
        if open:
            self.held, self.lost = b"", False
            return
        if not s_valid or self.lost:
            return
        self.held += bytes([s_byte])
        if len(self.held) < 2 or len(self.held) < 2 + int.from_bytes(self.held[:2], "big"):
            return
        packet, self.held = self.held[2:], b""
        kind = packet[:1].decode("latin-1")
        self.met[kind] += 1
        if kind == "S":
            self.message, self.events = packet[1:], {"messages_heard": 1}
            self.heard.append(self.message)
        elif kind == "H":
            self.events = {"heartbeats_heard": 1}
        elif kind != "+":
            self.doubt, self.over, self.lost = True, kind == "Z", True


class Partly(int):
    """A number of which only some bits have a meaning."""

    care: int

    def __new__(cls, value: int, care: int) -> Partly:
        self = super().__new__(cls, value)
        self.care = care
        return self
