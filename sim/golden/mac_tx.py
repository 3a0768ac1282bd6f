"""Golden model of mac_tx: what a frame is on the wire, as bytes made with zlib, and when they come.

At W = 8 it goes byte by byte; at W = 64 the frame's bytes become beats as soon as they are known.
"""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Sequence

SHORTEST = 60
HEAD = b"\x55" * 7 + b"\xd5"


def padded(frame: bytes) -> bytes:
    return frame.ljust(SHORTEST, b"\0")


def on_the_wire(frame: bytes) -> bytes:
    """The frame with its check sequence."""
    whole = padded(frame)
    return whole + zlib.crc32(whole).to_bytes(4, "little")


class MacTxBytes:
    """W = 8: `frames` are those that left whole, as they were given."""

    inputs: Sequence[str] = ("s_axis_tdata", "s_axis_tlast", "s_axis_tvalid")

    def __init__(self, gap: int) -> None:
        self.gap, self.frames, self.broken = gap, list[bytes](), 0
        self.reset()

    def reset(self) -> None:
        self.now = "idle"
        self.frame = b""
        self.ahead = deque[int]()  # bytes that are known to come
        self.rest = 0
        self.out: tuple[int, int] | None = None  # byte, and whether it is wrong

    def outputs(self) -> dict[str, int]:
        out = {
            "s_axis_tready": int(self.now in ("body", "skip")),
            "m_axis_tvalid": int(self.out is not None),
            "m_broken": int(self.out is not None and self.out[1] == 1),
        }
        if self.out is not None:
            out |= {"m_axis_tdata": self.out[0], "m_axis_tuser": self.out[1]}
        return out

    def beside(self, **inputs: int) -> dict[str, int]:
        del inputs
        return {}

    def step(self, s_axis_tdata: int, s_axis_tlast: int, s_axis_tvalid: int) -> None:
        self.out = None
        if self.now == "idle" and s_axis_tvalid:
            self.now, self.frame, self.ahead = "head", b"", deque(HEAD)
        if self.now in ("head", "tail"):
            self.out = (self.ahead.popleft(), 0)
            if not self.ahead:
                self.now, self.rest = ("body" if self.now == "head" else "rest"), self.gap
        elif self.now == "body" and not s_axis_tvalid:
            self.now, self.out = "skip", (0, 1)
            self.broken += 1
        elif self.now == "body":
            self.frame += bytes([s_axis_tdata])
            self.out = (s_axis_tdata, 0)
            if s_axis_tlast:
                self.frames.append(self.frame)
                self.now, self.ahead = "tail", deque(on_the_wire(self.frame)[len(self.frame) :])
        elif self.now == "skip" and s_axis_tvalid and s_axis_tlast:
            self.now, self.rest = "rest", self.gap
        elif self.now == "rest":
            self.rest -= 1
            if not self.rest:
                self.now = "idle"


class MacTxWords:
    """W = 64: beats that wait are those of padding and check sequence."""

    inputs: Sequence[str] = (
        "s_axis_tdata",
        "s_axis_tkeep",
        "s_axis_tlast",
        "s_axis_tvalid",
        "m_axis_tready",
    )

    def __init__(self) -> None:
        self.frames, self.broken = list[bytes](), 0
        self.reset()

    def reset(self) -> None:
        self.frame = b""
        self.skips = self.pulse = False
        self.ahead = deque[dict[str, int]]()
        self.out: dict[str, int] | None = None

    def outputs(self) -> dict[str, int]:
        return {
            "m_axis_tvalid": int(self.out is not None),
            "m_broken": int(self.pulse),
            **(self.out or {}),
        }

    def beside(self, **inputs: int) -> dict[str, int]:
        free = self.out is None or inputs["m_axis_tready"]
        return {"s_axis_tready": int(bool(free) and not self.ahead)}

    def step(
        self,
        s_axis_tdata: int,
        s_axis_tkeep: int,
        s_axis_tlast: int,
        s_axis_tvalid: int,
        m_axis_tready: int,
    ) -> None:
        self.pulse = False
        if self.out is not None and not m_axis_tready:
            return
        self.out = None
        if self.ahead:
            self.out = self.ahead.popleft()
        elif s_axis_tvalid and self.skips:
            self.skips = not s_axis_tlast
        elif s_axis_tvalid and not s_axis_tlast and s_axis_tkeep != 0xFF:
            self.out = {"m_axis_tkeep": 1, "m_axis_tlast": 1, "m_axis_tuser": 1}
            self.skips = self.pulse = True
            self.broken += 1
            self.frame = b""
        elif s_axis_tvalid:
            beat = s_axis_tdata.to_bytes(8, "little")[: s_axis_tkeep.bit_count()]
            before = len(self.frame)
            self.frame += beat
            if not s_axis_tlast:
                self.out = self._beat(beat, False)
                return
            rest = on_the_wire(self.frame)[before:]
            parts = [rest[at : at + 8] for at in range(0, len(rest), 8)]
            beats = [self._beat(part, part is parts[-1]) for part in parts]
            self.out, *behind = beats
            self.ahead.extend(behind)
            self.frames.append(self.frame)
            self.frame = b""

    def _beat(self, data: bytes, last: bool) -> dict[str, int]:
        beat = {"m_axis_tkeep": (1 << len(data)) - 1, "m_axis_tlast": int(last), "m_axis_tuser": 0}
        whole = int.from_bytes(data, "little")
        return beat | {"m_axis_tdata": Kept(whole, len(data))}


class Kept(int):
    """A beat's data, of which only the lanes that are kept have a meaning."""

    care: int

    def __new__(cls, value: int, lanes: int) -> Kept:
        self = super().__new__(cls, value)
        self.care = (1 << 8 * lanes) - 1
        return self
