"""Golden model of order_link, of its two streams: which bytes go, and which messages come.

When a frame goes is tcp_tx's business, and watched in its own bench; this one knows what must have
gone by the time that all is acknowledged.
"""

from __future__ import annotations

from sim.golden.order_queue import ORDER, ORDER42, allowed, token
from sim.golden.soup_rx import SoupRx

ENDS = {
    "none": 0,
    "asked": 1,
    "reset": 2,
    "finished": 3,
    "silent": 4,
    "over": 5,
    "unread": 6,
    "lost": 7,
}


def order_packet(message: bytes) -> bytes:
    assert len(message) in (ORDER, ORDER42)
    return (len(message) + 1).to_bytes(2, "big") + b"U" + message


def host_packet(packet: bytes) -> bytes:
    """Nothing, where the host mayn't send it."""
    return len(packet).to_bytes(2, "big") + packet if allowed(packet) else b""


def messages(stream: bytes) -> list[bytes]:
    """The sequenced messages of a venue's stream."""
    reader = SoupRx()
    for byte in stream:
        reader.step(0, 1, byte)
    return reader.heard


class OrderLink:
    """`stream` is what the venue must have; orders that are refused are taken out again."""

    def __init__(self, ouch42: bool = False) -> None:
        self.ouch42 = ouch42
        self.waiting: list[bytes] = []
        self.stream = b""
        self.refused: list[int] = []

    def order(self, message: bytes) -> None:
        self.waiting.append(message)

    def refuse(self, number: int) -> None:
        """The module says so; it must be of an order that was given, the oldest of its token."""
        known = [one for one in self.waiting if token(one) == number]
        assert known, f"{number} is refused, and wasn't asked for, or was sent"
        self.waiting.remove(known[0])
        self.refused.append(number)

    def sent(self, packet: bytes) -> None:
        """A packet that is on the line for the first time."""
        if self.waiting and packet == order_packet(self.waiting[0]):
            self.waiting.pop(0)
        else:
            assert allowed(packet[2:], self.ouch42)
            assert len(packet) == 2 + int.from_bytes(packet[:2], "big")
        self.stream += packet
