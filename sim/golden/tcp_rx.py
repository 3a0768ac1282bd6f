"""Golden model of tcp_rx: when a frame has ended it is read whole, by the rules of docs/session.md.

Which rows wait in the memory isn't modelled: `room` is taken as the module says it, and a bench of
its own holds it to what it may be.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sim.golden.tick_pkg import pack, pack_some, unpack

WORD = 1 << 32


def checksum(data: bytes) -> int:
    """RFC 1071; 0 for what has its checksum in it."""
    total: int = sum(struct.unpack(f"!{(len(data) + 1) // 2}H", data + b"\0" * (len(data) % 2)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


@dataclass(frozen=True)
class Session:
    our_mac: int
    peer_mac: int
    our_address: int
    peer_address: int
    our_port: int
    peer_port: int
    next_byte: int
    expected_byte: int
    window: int

    @classmethod
    def of(cls, packed: int) -> Session:
        return cls(**unpack("tcp_session", packed))  # type: ignore[arg-type]


def is_ours(frame: bytes, session: Session) -> bool:
    """By its header alone."""
    if len(frame) < 38:
        return False
    return (
        frame[:6] == session.our_mac.to_bytes(6, "big")
        and frame[12:15] == b"\x08\x00\x45"
        and frame[23] == 6
        and frame[26:30] == session.peer_address.to_bytes(4, "big")
        and frame[30:34] == session.our_address.to_bytes(4, "big")
        and struct.unpack("!HH", frame[34:38]) == (session.peer_port, session.our_port)
    )


def is_whole(frame: bytes, error: bool) -> bool:
    """Whether lengths and checksums are right; the frame ends in its check sequence."""
    if error or len(frame) < 58:
        return False
    total, offset = int.from_bytes(frame[16:18], "big"), (frame[46] >> 4) * 4
    if total < 20 + offset or offset < 20 or len(frame) < 14 + total + 4:
        return False
    if int.from_bytes(frame[20:22], "big") & 0x3FFF or checksum(frame[14:34]):
        return False
    pseudo = frame[26:34] + struct.pack("!HH", 6, total - 20)
    return checksum(pseudo + frame[34 : 14 + total]) == 0


@dataclass
class Heard:
    """What a frame came to."""

    event: str
    segment: dict[str, int] | None = None
    ack: bool = False
    reset: bool = False
    finished: bool = False
    taken: bytes = b""


def hear(
    frame: bytes, error: bool, session: Session, expected: int, room: int, una: int, following: int
) -> Heard:
    """By the table of docs/session.md, from its first row to its last."""
    if not is_ours(frame, session):
        return Heard("other_frames")
    if not is_whole(frame, error):
        return Heard("bad_segments")
    total, offset = int.from_bytes(frame[16:18], "big"), (frame[46] >> 4) * 4
    number, acknowledged = struct.unpack("!II", frame[38:46])
    flags, window = frame[47], int.from_bytes(frame[48:50], "big")
    fin, syn, rst, ack = (bool(flags & bit) for bit in (1, 2, 4, 16))
    data = frame[34 + offset : 14 + total]
    length = len(data) + syn + fin
    inside = (number - expected) % WORD < room
    if rst:
        exactly = number == expected
        return Heard("unfit_segments", ack=inside and not exactly, reset=exactly)
    if length:
        fits = room > 0 and any(
            (number + at - expected) % WORD < room for at in (0, *range(length))
        )
    else:
        fits = inside or number == expected
    if not fits or syn:
        return Heard("unfit_segments", ack=True)
    if not ack:
        return Heard("unfit_segments")
    sent = (following - una) % WORD
    new = (acknowledged - una) % WORD <= sent
    if not new and (una - acknowledged) % WORD > 65535:
        return Heard("unfit_segments", ack=True)
    heard = Heard("repeated_segments", ack=length > 0)
    if new:
        heard.segment = {
            "first_byte": number,
            "acknowledged": acknowledged,
            "window": window,
            "bare": int(length == 0),
        }
    known = (expected - number) % WORD  # bytes of it that are known, if it isn't ahead
    if known < len(data):
        heard.event, heard.taken = "segments", data[known:]
    elif known >= WORD // 2 and length:
        heard.event = "early_segments"
    heard.finished = fin and (bool(heard.taken) or known == len(data))
    return heard


class TcpRx:
    """`met` counts events; `taken` are all bytes that must be given."""

    inputs: Sequence[str] = (
        "open",
        "live",
        "session",
        "s_axis_tdata",
        "s_axis_tkeep",
        "s_axis_tvalid",
        "s_first",
        "s_end",
        "s_error",
        "unacknowledged",
        "next_byte",
        "told",
        "room",
    )

    def __init__(self, width: int, rows: int) -> None:
        self.lanes, self.rows = width // 8, rows
        self.met, self.taken = Counter[str](), b""
        self.now = 0  # the session, as it was last seen
        self.reset()

    def reset(self) -> None:
        self.frame: bytes | None = None
        self.ended: tuple[bytes, bool] | None = None
        self.said = Heard("")
        self.update = False
        self.expected: int | None = None
        self.edge = 0
        self.asked = False  # for an acknowledgement that says the room

    def outputs(self) -> dict[str, int]:
        said, event = self.said, self.said.event
        out = {
            "segment_valid": int(said.segment is not None),
            "ack_due": int(said.ack or self.update),
            "m_reset": int(said.reset),
            "m_finished": int(said.finished),
            "m_events": pack_some("link_events", {event: 1} if event else {}),
        }
        if said.segment is not None:
            out["segment"] = pack("tcp_segment", said.segment)
        return out if self.expected is None else out | {"expected_byte": self.expected}

    def beside(self, **inputs: int) -> dict[str, int]:
        if not inputs["s_end"] or self.frame is None:
            return {}
        ours = bool(inputs["live"]) and is_ours(self.frame, Session.of(inputs["session"]))
        return {"ours": int(ours)}

    def step(self, **inputs: int) -> None:
        self.said, session = Heard(""), Session.of(inputs["session"])
        edge = ((self.expected or 0) + inputs["room"]) % WORD
        more = (edge - self.edge) % WORD
        due = bool(inputs["live"]) and not self.asked and self.rows // 2 <= more < WORD // 2
        self.update = due and not inputs["told"]
        self.asked = bool(inputs["live"] and not inputs["told"]) and (self.asked or due)
        if not inputs["live"] or inputs["told"]:
            self.edge = edge
        if self.ended is not None and inputs["live"] and self.expected is not None:
            una, following = inputs["unacknowledged"], inputs["next_byte"]
            room = inputs["room"]
            self.said = hear(*self.ended, session, self.expected, room, una, following)
            if self.said.taken:
                self.expected = (self.expected + len(self.said.taken)) % WORD
                self.taken += self.said.taken
            self.met[self.said.event] += 1
        self.ended = None
        if inputs["s_end"] and self.frame is not None:
            self.ended, self.frame = (self.frame, bool(inputs["s_error"])), None
        if inputs["s_axis_tvalid"] and (inputs["s_first"] or self.frame is not None):
            kept = inputs["s_axis_tkeep"].bit_count()
            beat = inputs["s_axis_tdata"].to_bytes(self.lanes, "little")[:kept]
            self.frame = (b"" if inputs["s_first"] else self.frame or b"") + beat
        if inputs["open"]:
            self.said, self.update, self.ended, self.frame = Heard(""), False, None, None
            self.expected, self.taken = session.expected_byte, b""
