"""Frames that provoke one counter of tickwire_core each, so that no other of its kind moves.

Every scenario is ordinary packets around one event; `counter` is the counter that the event is for,
by its name in the register map.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.stimulus.feed import datagram
from sim.stimulus.fuzz import FLOWS, LOCATES, SESSION, STRANGE, payload
from sim.stimulus.shapes import checked
from tickwire.wire import itch
from tickwire.wire.chunks import Chunks
from tickwire.wire.ethernet import frames
from tickwire.wire.traffic import Registers, Traffic

WIDE = 0xFFFF_FFFF  # shares
FOLLOWED = tuple(LOCATES)  # by slot
APART = 60  # cycles between frames: each is through before the next
ERROR, PREAMBLE = 1, 2  # what the wire does to a frame: Traffic.spoiled


@dataclass(frozen=True)
class Sent:
    """A frame on a wire; `spoiled` as Traffic has it."""

    frame: bytes
    feed: int = 0
    spoiled: int = 0


@dataclass(frozen=True)
class Scenario:
    counter: str
    sent: Sequence[Sent]
    registers: Registers = field(default_factory=lambda: Registers(any_hours=1, locates=LOCATES))

    def traffic(self, width: int) -> Traffic:
        """One frame after the other, whichever feed has it."""
        chunks = Chunks.of([one.frame for one in self.sent])
        feed = np.array([one.feed for one in self.sent], np.uint8)
        spoiled = np.array([one.spoiled for one in self.sent], np.uint8)
        lengths = chunks.lengths + 20
        apart = (lengths if width == 8 else -(-lengths // 8)) + APART
        traffic = Traffic.of(chunks, width, feed=feed, spoiled=spoiled, at=chunks.lengths // 2)
        first = 16 + np.cumsum(apart) - apart
        return Traffic(traffic.frames, traffic.feed, first, traffic.spoiled, traffic.at)


def message(kind: str, locate: int = FOLLOWED[0], **values: int | bytes) -> bytes:
    """One message, without its length; what isn't given is 0."""
    row: dict[str, int | bytes] = {"message_type": kind.encode(), "stock_locate": locate, **values}
    return itch.encode(itch.one_by_one([row]))[2:]


def add(reference: int, price: int = 1_000_000, shares: int = 100, side: bytes = b"B",
        locate: int = FOLLOWED[0]) -> bytes:  # fmt: skip
    return message("A", locate, order_reference_number=reference, price=price, shares=shares,
                   buy_sell_indicator=side, stock=b"TICK")  # fmt: skip


def packet(
    sequence: int, *messages: bytes, feed: int = 0, session: bytes = SESSION, spoiled: int = 0
) -> Sent:
    body = payload(sequence, list(messages), session)
    return Sent(bytes(frames(Chunks.of([body]), FLOWS[feed])[0]), feed, spoiled)


def around(feed: int, *odd: Sent, then: int = 2) -> list[Sent]:
    """An ordinary packet, the odd ones, and another; `then` is the number of its message."""
    return [packet(1, add(1), feed=feed), *odd, packet(then, add(2), feed=feed)]


def _spoilt_datagram(feed: int, body: bytes, **spoil: Any) -> Sent:
    group = FLOWS[feed].destination_address
    right: dict[str, Any] = {"ip_dst": group, "udp_dport": FLOWS[feed].destination_port}
    frame = datagram(body, **{**right, **spoil})
    return Sent(checked(frame[:-4]), feed)


def spoilt(sent: Sent) -> Sent:
    """With a wrong check sequence."""
    return Sent(sent.frame[:-1] + bytes([sent.frame[-1] ^ 1]), sent.feed)


def of_feed(feed: int, width: int) -> Iterator[Scenario]:
    """Each counter of a feed. A wrong preamble can't come at 64 bits: the words have none."""
    beat = packet(2, feed=feed)  # of no message
    body = payload(2, [])
    long = packet(2, *(add(number) for number in range(10, 254)), feed=feed)
    past = {"ip_len": 28 + len(body) + 60, "udp_len": 8 + len(body) + 60}
    odd: dict[str, Sequence[Sent]] = {
        "frames": [],
        "bad_preamble": [Sent(beat.frame, feed, PREAMBLE)],
        "short_frames": [Sent(checked(beat.frame[:50]), feed)],
        "long_frames": [Sent(long.frame, feed)],
        "receive_errors": [Sent(beat.frame, feed, ERROR)],
        "bad_fcs": [spoilt(beat)],
        "other_protocol": [_spoilt_datagram(feed, body, ip_proto=6)],
        "bad_ip_header": [_spoilt_datagram(feed, body, ip_chksum=0x1234)],
        "ip_options": [_spoilt_datagram(feed, body, options=1)],
        "ip_fragments": [_spoilt_datagram(feed, body, ip_flags="MF")],
        "bad_udp": [_spoilt_datagram(feed, body, udp_len=4)],
        "filtered": [_spoilt_datagram(feed, body, udp_dport=9)],
        "truncated": [_spoilt_datagram(feed, body, **past)],
        "datagrams": [_spoilt_datagram(feed, b"too short")],
        "bad_checksum": [_spoilt_datagram(feed, body, udp_chksum=0x1234)],
        "no_checksum": [_spoilt_datagram(feed, body, udp_chksum=0)],
        "heartbeats": [beat],
        "duplicates": [packet(1, add(1), feed=feed)],
        "other_session": [packet(2, add(3), feed=feed, session=b"ANOTHER001")],
        "packets": [packet(2, add(3), add(4), feed=feed)],
    }
    if width == 64:
        del odd["bad_preamble"]
    for name, frames_ in odd.items():
        then = 4 if name == "packets" else 2
        yield Scenario(f"feeds[{feed}].{name}", around(feed, *frames_, then=then))


def of_path() -> Iterator[Scenario]:
    """Counters of the path, of what a message says or lacks."""
    short = message("D", order_reference_number=1)[:-1]
    messages = {
        "messages": add(3),
        "unknown_types": b"z" + bytes(20),
        "wrong_lengths": short,
        "book_messages": message("D", order_reference_number=1),
        "trade_messages": message("P", order_reference_number=1, shares=5),
        "status_messages": message("S"),
        "other_instruments": add(3, locate=STRANGE),
        "unknown_references": message("D", order_reference_number=77),
        "duplicate_references": add(1),
        "excess_shares": message("X", order_reference_number=1, cancelled_shares=101),
        "zero_prices": add(3, price=0),
        "zero_shares": add(3, shares=0),
    }
    for name, one in messages.items():
        yield Scenario(f"path.{name}", around(0, packet(2, one), then=3))
    sides = {"crossed_books": 999_900, "locked_books": 1_000_000}
    for name, price in sides.items():
        yield Scenario(
            f"path.{name}", around(1, packet(2, add(3, price, side=b"S"), feed=1), then=3)
        )
    overrun = struct.pack(">H", 90) + add(3)
    body = SESSION + struct.pack(">QH", 2, 1) + overrun
    yield Scenario(
        "path.message_overruns", around(0, Sent(bytes(frames(Chunks.of([body]), FLOWS[0])[0])))
    )
    full = [packet(2, add(3, shares=WIDE)), packet(3, add(4, shares=WIDE))]
    yield Scenario("path.number_overflows", around(0, *full, then=4))
    lost = [packet(1, add(1)), packet(3, add(3)), packet(1, add(1), feed=1), packet(3, feed=1)]
    yield Scenario("path.gaps", [*lost, packet(4, add(4), feed=1)])
    yield Scenario("path.ignored_operations", [*lost, packet(4, add(4)), packet(5, add(5))])
    yield Scenario("path.late_joins", [packet(2, add(1)), packet(3, add(2))])
    end = SESSION + struct.pack(">QH", 2, 0xFFFF)
    over = Sent(bytes(frames(Chunks.of([end]), FLOWS[0])[0]))
    yield Scenario("path.sessions_ended", [packet(1, add(1)), over])
    yield Scenario("path.bad_frames", around(0, spoilt(packet(2, add(3))), then=2))


SCENARIOS: Sequence[Callable[[int], Iterator[Scenario]]] = (
    lambda width: of_feed(0, width),
    lambda width: of_feed(1, width),
    lambda _: of_path(),
)
