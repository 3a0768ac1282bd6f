"""Golden model of mac_rx: a frame is kept as bytes, and judged whole by zlib at its end, or with
the beat that makes it too long."""

from __future__ import annotations

import zlib

from sim.golden.tick_pkg import pack_some

EVENTS = (
    "bad_preamble",
    "receive_errors",
    "long_frames",
    "short_frames",
    "bad_fcs",
    "frames",
)


def right(frame: bytes) -> bool:
    """Whether the check sequence at the frame's end is its own."""
    return zlib.crc32(frame[:-4]) == int.from_bytes(frame[-4:], "little")


class MacRx:
    """Takes beats; `presented` is the beat of the cycle after, `event` that of the frame's end."""

    inputs = (
        "cycle",
        "s_axis_tdata",
        "s_axis_tkeep",
        "s_axis_tvalid",
        "s_axis_tlast",
        "s_axis_tuser",
    )

    def __init__(self, width: int, shortest: int, longest: int) -> None:
        self.lanes, self.shortest, self.longest = width // 8, shortest, longest
        self.judged: list[tuple[str, bytes]] = []  # event and bytes of each frame, for the bench
        self.reset()

    def reset(self) -> None:
        self.presented: dict[str, int] | None = None
        self.event: str | None = None
        self.ends = False
        self.over = False  # W = 64: the frame's last beat was the one before
        self._forget()

    def _forget(self) -> None:
        self.spanned = False  # something of a frame was seen
        self.preamble: bool | None = None if self.lanes == 1 else True  # None: it is not over
        self.bytes = b""
        self.error = self.stopped = self.sent = False
        self.too_long = self.judged_before = False

    def outputs(self) -> dict[str, int]:
        ports = {"m_axis_tvalid": int(self.presented is not None), "m_end": int(self.ends)}
        ports["m_error"] = int(self.ends and self.event != "frames")
        ports["feed_events"] = pack_some("feed_events", {self.event: 1} if self.event else {})
        return ports | (self.presented or {})

    def step(
        self,
        *,
        cycle: int,
        s_axis_tdata: int,
        s_axis_tkeep: int,
        s_axis_tvalid: int,
        s_axis_tlast: int,
        s_axis_tuser: int,
    ) -> None:
        self.presented, self.event, self.ends = None, None, False
        if self.too_long and not self.judged_before:  # with its last beat
            self._verdict()
            self.judged_before = True
        if self.lanes == 1:
            if not s_axis_tvalid:
                if self.spanned:
                    self._judge()
                return
            self.spanned = True
            self.error |= bool(s_axis_tuser)
            if self.preamble is None:
                if s_axis_tdata != 0x55:
                    self.preamble = s_axis_tdata == 0xD5
            elif self.preamble:
                self._take(s_axis_tdata, 1, cycle)
            return
        if self.over:
            self._judge()
            self.over = False
        if not s_axis_tvalid:
            return
        kept = 0
        while kept < 8 and s_axis_tkeep >> kept & 1:
            kept += 1
        ill = s_axis_tkeep != (1 << kept) - 1 or (not s_axis_tlast and kept < 8)
        self.error |= bool(s_axis_tuser) or ill
        self.stopped |= ill
        self._take(s_axis_tdata, kept, cycle)
        self.over = bool(s_axis_tlast)

    def _take(self, data: int, kept: int, cycle: int) -> None:
        self.bytes += data.to_bytes(self.lanes, "little")[:kept]
        self.too_long = len(self.bytes) > self.longest
        self.stopped |= self.too_long
        if not self.stopped:
            self.presented = {
                "m_axis_tdata": data,
                "m_axis_tkeep": (1 << kept) - 1,
                "m_first": int(not self.sent),
                "m_cycle": cycle,
            }
            self.sent = True

    def _judge(self) -> None:
        if not self.judged_before:
            self._verdict()
        self._forget()

    def _verdict(self) -> None:
        self.ends = self.sent
        if not self.preamble:
            self.event = "bad_preamble"
        elif self.error:
            self.event = "receive_errors"
        elif len(self.bytes) > self.longest:
            self.event = "long_frames"
        elif len(self.bytes) < self.shortest:
            self.event = "short_frames"
        else:
            self.event = "frames" if right(self.bytes) else "bad_fcs"
        self.judged.append((self.event, self.bytes))
