"""Golden model of order_queue: orders in a list, and a turn in each cycle."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping, Sequence

from sim.golden.tick_pkg import pack_some

ORDER, ORDER42, HOST, LONGEST, CANCEL = 47, 49, 56, 58, 22  # bytes
REJECTED = 3


def allowed(packet: bytes, ouch42: bool = False) -> bool:
    """Whether the host may send it: docs/session.md."""
    if not 1 <= len(packet) <= HOST:
        return False
    kind, inner = packet[:1], packet[1:2]
    if kind in (b"R", b"O"):
        return len(packet) == 1
    asks = (b"O", b"U", b"M", b"N") if ouch42 else (b"O", b"U", b"M")
    return kind == b"+" or (kind == b"U" and inner != b"" and inner not in asks)


def token(message: bytes) -> int:
    """Of an order in either."""
    if len(message) == ORDER42:
        return int(message[1:15], 16)
    return int.from_bytes(message[1:5], "big")


class OrderQueue:
    """`met` counts what happened; `sent` are the packets that left, in their order."""

    inputs: Sequence[str] = (
        "live",
        "stopped",
        "s_valid",
        "s_message",
        "host_valid",
        "host_packet",
        "host_length",
        "cancel_valid",
        "cancel_packet",
        "cancel_length",
        "blocks",
        "m_ready",
        "m_full",
    )

    def __init__(self, orders: int, apart: int, ouch42: bool = False) -> None:
        self.orders, self.apart, self.ouch42 = orders, apart, ouch42
        self.bytes = ORDER42 if ouch42 else ORDER
        self.met, self.sent = Counter[str](), list[bytes]()
        self.reset()

    def reset(self) -> None:
        self.waiting = deque[bytes]()
        self.doomed = 0  # of the oldest: they are to be refused
        self.refused: int | None = None
        self.lost = False
        self.since = self.apart
        self.events: dict[str, int] = {}

    def outputs(self) -> dict[str, int]:
        out = {
            "m_refused": int(self.refused is not None),
            "m_lost": int(self.lost),
            "m_events": pack_some("link_events", self.events),
        }
        if self.refused is not None:
            out["m_refusal"] = pack_some(
                "confirmation", {"token": self.refused, "outcome": REJECTED}
            )
        return out

    def _may(self, inputs: Mapping[str, int]) -> bool:
        return bool(inputs["live"] and not inputs["stopped"] and not inputs["blocks"])

    def _cancels(self, inputs: Mapping[str, int]) -> bool:
        return bool(inputs["cancel_valid"] and inputs["live"] and inputs["m_ready"])

    def _cancel(self, inputs: Mapping[str, int]) -> bytes:
        return inputs["cancel_packet"].to_bytes(CANCEL, "big")[: inputs["cancel_length"]]

    def _turn(self, **inputs: int) -> tuple[str, bytes]:
        """What this cycle does, and with which packet; "" where it only waits. Cancels apart."""
        order = self.waiting[0] if self.waiting else None
        if order is None and inputs["s_valid"]:
            order = inputs["s_message"].to_bytes(self.bytes, "big")
        if order is not None:
            packet = (self.bytes + 1).to_bytes(2, "big") + b"U" + order
            may = self._may(inputs) and not self.doomed
            if may and inputs["m_ready"]:
                return "order", packet
            if (not may or inputs["m_full"]) and self.since >= self.apart:
                return "refused", packet
            return ("order waits" if may else ""), packet
        held = self.ouch42 and inputs["blocks"]
        if not inputs["host_valid"] or inputs["cancel_valid"] or held:
            return "", b""
        length = inputs["host_length"]
        host = inputs["host_packet"].to_bytes(HOST, "big")[:length]
        fits = length <= HOST and allowed(host, self.ouch42)
        packet = length.to_bytes(2, "big") + host
        if not inputs["live"] or not fits:
            return "host refused", packet
        if inputs["m_ready"]:
            return "host", packet
        return ("host refused and offered" if inputs["m_full"] else "host waits"), packet

    def beside(self, **inputs: int) -> dict[str, int]:
        turn, packet = self._turn(**inputs)
        out = {
            "host_ready": int(turn in ("host", "host refused", "host refused and offered")),
            "host_refused": int(turn.startswith("host refused")),
            "cancel_ready": int(self._cancels(inputs)),
        }
        offered = turn in ("order", "order waits", "host", "host waits", "host refused and offered")
        offered |= turn == "refused" and self._may(inputs) and not self.doomed
        if inputs["cancel_valid"]:
            offered, packet = bool(inputs["live"]), self._cancel(inputs)
        out["m_valid"] = int(offered)
        if offered:
            whole = int.from_bytes(packet.ljust(LONGEST, b"\0"), "big")
            out |= {"m_packet": whole, "m_length": len(packet)}
        return out

    def step(self, **inputs: int) -> None:
        turn, packet = self._turn(**inputs)
        self.refused, self.lost, self.events = None, False, {}
        self.since += 1
        full = len(self.waiting) == self.orders
        taken = turn in ("order", "refused")
        if inputs["s_valid"]:
            if full and not taken:
                self.lost = True
            else:
                self.waiting.append(inputs["s_message"].to_bytes(self.bytes, "big"))
        if taken:
            self.waiting.popleft()
            self.doomed = max(0, self.doomed - 1)
        if turn == "order waits" and inputs["m_full"]:
            self.doomed = 1
        if not self._may(inputs):
            self.doomed = len(self.waiting)
            self.met["doomed"] += len(self.waiting)
        if turn == "refused":
            self.refused, self.since = token(packet[3:]), 1
            self.events = {"orders_held": 1}
        if turn == "host":
            self.events = {"host_packets": 1}
        if turn.startswith("host refused"):
            self.events = {"host_refused": 1}
        if turn in ("order", "host"):
            self.sent.append(packet)
        if self._cancels(inputs):
            assert turn not in ("order", "host")
            self.sent.append(self._cancel(inputs))
            self.met["cancel"] += 1
        self.met[turn] += 1
        self.met["lost"] += self.lost
        self.met["most"] = max(self.met["most"], len(self.waiting))
