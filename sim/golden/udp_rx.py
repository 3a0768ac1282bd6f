"""Golden model of udp_rx: the frame is kept as bytes and its headers are read whole."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from sim.golden.tick_pkg import pack_some

EVENTS = (
    "datagrams",
    "other_protocol",
    "bad_ip_header",
    "ip_fragments",
    "bad_udp",
    "filtered",
    "truncated",
    "bad_checksum",
    "no_checksum",
)
DELAY = 3  # cycles from the beat that completes the headers to accept
POSITION_BITS = 15
TAGS, IPV4, IPV6 = (b"\x81\x00", b"\x88\xa8"), b"\x08\x00", b"\x86\xdd"
UDP, FRAGMENT = 17, 44  # what comes next
UDP_HEADER, CHECK = 8, 4  # bytes


@dataclass(frozen=True)
class Headers:
    """Where a frame's headers begin, and what it says of them."""

    kind: bytes
    ip: int
    udp: int
    words: int  # of an IPv4 header, as it says


def headers(frame: bytes) -> Headers | None:
    """As far as the IP header's first byte is there."""
    at = 12
    while at < 20 and frame[at : at + 2] in TAGS:
        at += 4
    kind, ip = frame[at : at + 2], at + 2
    if len(frame) <= ip:
        return None
    words, size = frame[ip] & 15, 20
    if kind == IPV4:
        size = max(20, 4 * words)
    if kind == IPV6:
        size = 40
    return Headers(kind, ip, ip + size, words)


def verdict(frame: bytes, enable: int, any_group: int, any_port: int, group: int, port: int) -> str:
    """What the headers alone come to. They are there up to the UDP length."""
    found = headers(frame)
    assert found is not None and len(frame) >= found.udp + 6
    if found.kind not in (IPV4, IPV6):
        return "other_protocol"
    ip, to_us = frame[found.ip : found.udp], bool(any_group)
    if ip[0] >> 4 != (4 if found.kind == IPV4 else 6):
        return "bad_ip_header"
    if found.kind == IPV4:
        if found.words < 5:
            return "bad_ip_header"
        total = sum(struct.unpack(f">{len(ip) // 2}H", ip))
        while total >> 16:
            total = (total & 0xFFFF) + (total >> 16)
        rest, fragment, protocol = struct.unpack(">2xH2xHxB", ip[:10])
        if total != 0xFFFF or rest < len(ip):
            return "bad_ip_header"
        rest -= len(ip)
        to_us |= int.from_bytes(ip[16:20], "big") == group
        if protocol != UDP:
            return "other_protocol"
        if fragment & 0x3FFF:
            return "ip_fragments"
    else:
        rest, after = struct.unpack(">4xHB", ip[:7])
        if after == FRAGMENT:
            return "ip_fragments"
        if after != UDP:
            return "other_protocol"
    their_port, udp_length = struct.unpack(">2xHH", frame[found.udp : found.udp + 6])
    if udp_length < UDP_HEADER or udp_length != rest:
        return "bad_udp"
    return "datagrams" if enable and to_us and (any_port or their_port == port) else "filtered"


def summed(frame: bytes) -> str:
    """What the UDP checksum (RFC 768, RFC 8200) of an accepted frame comes to."""
    found = headers(frame)
    assert found is not None
    udp, six = found.udp, found.kind == IPV6
    datagram = frame[udp : udp + int.from_bytes(frame[udp + 4 : udp + 6], "big")]
    if datagram[6:8] == b"\0\0":
        return "bad_checksum" if six else "no_checksum"
    ip = frame[found.ip : udp]
    addresses = ip[8:40] if six else ip[12:20]
    whole = addresses + struct.pack(">HH", UDP, len(datagram)) + datagram
    words = struct.unpack(f">{(len(whole) + 1) // 2}H", whole + bytes(len(whole) % 2))
    return "datagrams" if sum(words) % 0xFFFF == 0 else "bad_checksum"


def optional(frame: bytes, event: str | None) -> bool:
    """Whether IPv4 options were skipped in a datagram that was taken."""
    found = headers(frame)
    return (
        event in ("datagrams", "no_checksum")
        and found is not None
        and (found.kind == IPV4 and found.words > 5)
    )


class UdpRx:
    """One frame at a time; `events` keeps each frame's, for the bench."""

    inputs = (
        "enable",
        "any_group",
        "any_port",
        "group",
        "port",
        "s_axis_tdata",
        "s_axis_tkeep",
        "s_axis_tvalid",
        "s_first",
        "s_end",
        "s_error",
    )

    def __init__(self, width: int) -> None:
        self.lanes = width // 8
        self.events: list[str] = []
        self.options = 0  # frames taken that had some
        self.reset()

    def reset(self) -> None:
        self.frame = b""
        self.live = False  # the frame goes on
        self.wait: int | None = None  # cycles until the headers are judged
        self.verdict: str | None = None
        self.now: dict[str, int] = {}

    def outputs(self) -> dict[str, int]:
        return {"feed_events": pack_some("feed_events", self.now)}

    def _udp(self) -> int | None:
        found = headers(self.frame)
        return None if found is None else found.udp

    def _length(self, udp: int) -> int:
        return int.from_bytes(self.frame[udp + 4 : udp + 6], "big")

    def _ends(self, inputs: dict[str, int]) -> tuple[str | None, bool]:
        """Its verdict, if the frame ends in this cycle, and whether it is cut short."""
        udp, verdict = self._udp(), self._verdict(inputs)
        if udp is None or len(self.frame) < max(64, udp + UDP_HEADER + CHECK):
            return verdict, True
        cut = len(self.frame) < udp + self._length(udp) + CHECK
        return verdict, verdict == "datagrams" and cut

    def _verdict(self, inputs: dict[str, int]) -> str | None:
        """With that of this cycle."""
        if self.wait != 1:
            return self.verdict
        return verdict(self.frame, *(inputs[name] for name in self.inputs[:5]))

    def _event(self, inputs: dict[str, int]) -> str:
        verdict, cut = self._ends(inputs)
        if cut or verdict is None:
            return "truncated"
        return summed(self.frame) if verdict == "datagrams" else verdict

    def _position(self, first: bool) -> int | None:
        """Right from the beat of the datagram's first byte on."""
        udp = self._udp()
        if first or udp is None or len(self.frame) + self.lanes <= udp:
            return None
        return (len(self.frame) - udp) % (1 << POSITION_BITS)

    def beside(self, **inputs: int) -> dict[str, int]:
        first = bool(inputs["s_axis_tvalid"] and inputs["s_first"])
        accept = self.verdict == "datagrams" and not first
        ports = {"accept": int(accept)}
        if inputs["s_axis_tvalid"] and self.live:
            position = self._position(first)
            ports |= {} if position is None else {"position": position}
        udp = self._udp()
        if accept and udp is not None:
            ports["length"] = self._length(udp) - UDP_HEADER
        if inputs["s_end"] and self.live:
            verdict, cut = self._ends(inputs)
            wrong = cut or self._event(inputs) == "bad_checksum"
            ports["m_error"] = int(bool(inputs["s_error"]) or wrong)
            if not cut:
                ports["accepted"] = int(verdict == "datagrams")
        return ports

    def step(self, **inputs: int) -> None:
        self.now = {}
        if inputs["s_end"] and self.live:
            event = self._event(inputs)
            self.now, skipped = {event: 1}, optional(self.frame, event)
            if skipped:
                self.now["ip_options"] = 1
            self.options += skipped
            self.events.append(event)
        first = bool(inputs["s_axis_tvalid"] and inputs["s_first"])
        if self.wait is not None:
            self.verdict, self.wait = self._verdict(inputs), self.wait - 1 or None
        if first:
            self.frame, self.live, self.wait, self.verdict = b"", True, None, None
        if inputs["s_axis_tvalid"] and self.live:
            before = len(self.frame)
            kept = inputs["s_axis_tkeep"].bit_count()
            self.frame += inputs["s_axis_tdata"].to_bytes(self.lanes, "little")[:kept]
            udp = self._udp()
            if udp is not None and before < udp + 6 <= len(self.frame):
                self.wait = DELAY - 1
        if inputs["s_end"] and not first:
            self.live = False  # the frame's verdict stays; nothing more is taken
