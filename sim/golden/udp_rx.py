"""Golden model of udp_rx: the frame is kept as bytes and its headers are read whole."""

from __future__ import annotations

import struct

from sim.golden.tick_pkg import pack_some

EVENTS = (
    "datagrams",
    "other_protocol",
    "bad_ip_header",
    "ip_options",
    "ip_fragments",
    "bad_udp",
    "filtered",
    "truncated",
    "bad_checksum",
    "no_checksum",
)
DELAY = 3  # cycles from the beat that completes the headers to accept


def verdict(frame: bytes, enable: int, any_group: int, any_port: int, group: int, port: int) -> str:
    """What the headers alone come to."""
    skip = 4 if frame[12:14] == b"\x81\x00" else 0
    if frame[12 + skip : 14 + skip] != b"\x08\x00":
        return "other_protocol"
    ip = frame[14 + skip :]
    version, words = ip[0] >> 4, ip[0] & 15
    if version != 4 or words < 5:
        return "bad_ip_header"
    if words > 5:
        return "ip_options"
    total = sum(struct.unpack(">10H", ip[:20]))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    ip_length, fragment = struct.unpack(">2xH2xH", ip[:8])
    if total != 0xFFFF or ip_length < 20:
        return "bad_ip_header"
    if ip[9] != 17:
        return "other_protocol"
    if fragment & 0x3FFF:
        return "ip_fragments"
    their_port, udp_length = struct.unpack(">2xHH", ip[20:26])
    if udp_length < 8 or udp_length + 20 != ip_length:
        return "bad_udp"
    our_group = any_group or int.from_bytes(ip[16:20], "big") == group
    our_port = any_port or their_port == port
    return "datagrams" if enable and our_group and our_port else "filtered"


def summed(frame: bytes) -> str:
    """What the UDP checksum (RFC 768) of an accepted frame comes to."""
    ip = frame[18 if frame[12:14] == b"\x81\x00" else 14 :]
    datagram = ip[20 : 20 + int.from_bytes(ip[24:26], "big")]
    if datagram[6:8] == b"\0\0":
        return "no_checksum"
    whole = ip[12:20] + struct.pack(">HH", 17, len(datagram)) + datagram
    words = struct.unpack(f">{(len(whole) + 1) // 2}H", whole + bytes(len(whole) % 2))
    return "datagrams" if sum(words) % 0xFFFF == 0 else "bad_checksum"


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
        self.reset()

    def reset(self) -> None:
        self.frame: bytes | None = None
        self.live = False  # the frame goes on
        self.wait: int | None = None  # cycles until the headers are judged
        self.verdict: str | None = None
        self.event: str | None = None

    def _skip(self) -> int:
        return 4 if self.frame is not None and self.frame[12:14] == b"\x81\x00" else 0

    def outputs(self) -> dict[str, int]:
        return {"feed_events": pack_some("feed_events", {self.event: 1} if self.event else {})}

    def _cut(self) -> bool:
        assert self.frame is not None
        if len(self.frame) < 64:
            return True
        skip = self._skip()
        length = int.from_bytes(self.frame[38 + skip : 40 + skip], "big")
        return self.verdict == "datagrams" and len(self.frame) < 34 + skip + length + 4

    def beside(self, **inputs: int) -> dict[str, int]:
        first = bool(inputs["s_axis_tvalid"] and inputs["s_first"])
        accept = self.verdict == "datagrams" and not first
        ports = {"accept": int(accept)}
        if inputs["s_axis_tvalid"] and (first or self.live):
            ports["position"] = 0 if first or self.frame is None else len(self.frame)
        if accept and self.frame is not None:
            skip = self._skip()
            ports["vlan"] = int(skip > 0)
            ports["length"] = int.from_bytes(self.frame[38 + skip : 40 + skip], "big") - 8
        if inputs["s_end"] and self.live:
            wrong = self._cut() or self._event() == "bad_checksum"
            ports["m_error"] = int(bool(inputs["s_error"]) or wrong)
        return ports

    def _event(self) -> str | None:
        if self._cut():
            return "truncated"
        return summed(self.frame or b"") if self.verdict == "datagrams" else self.verdict

    def step(self, **inputs: int) -> None:
        self.event = None
        if inputs["s_end"] and self.live:
            self.event = self._event()
            self.events.append(self.event or "none")
        first = bool(inputs["s_axis_tvalid"] and inputs["s_first"])
        if first:
            self.frame, self.live, self.wait, self.verdict = b"", True, None, None
        if self.wait is not None:
            self.wait -= 1
            if self.wait == 0 and self.frame is not None:
                registers = [inputs[name] for name in self.inputs[:5]]
                self.verdict, self.wait = verdict(self.frame, *registers), None
        if inputs["s_axis_tvalid"] and self.live and self.frame is not None:
            before = len(self.frame) - self._skip()
            kept = inputs["s_axis_tkeep"].bit_count()
            self.frame += inputs["s_axis_tdata"].to_bytes(self.lanes, "little")[:kept]
            # the beat that reaches byte 39 of an untagged frame, kept to its end or not
            if before <= 39 < before + self.lanes and len(self.frame) - self._skip() >= 39:
                self.wait = DELAY - 1
        if inputs["s_end"] and not first:
            self.live = False  # the frame's verdict stays; nothing more is taken
