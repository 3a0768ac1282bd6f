"""Golden model of mold_rx: the payload byte by byte, and what each beat held."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

HEADER, RUNT, END_OF_SESSION = 20, 8, 0xFFFF
SAID = ("m_tail", "m_last", "m_runts", "m_start", "m_overrun")


@dataclass
class Beat:
    """What is said of one beat."""

    inputs: dict[str, int]
    told: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SAID, 0))
    frame: int = 0
    lane: int = 0
    length: int = 0

    def outputs(self) -> dict[str, int]:
        told = {"m_axis_tvalid": self.inputs["s_axis_tvalid"], "m_end": self.inputs["s_end"]}
        told |= self.told | {"message_overruns": self.told["m_overrun"]}
        if self.inputs["s_end"]:
            told["m_error"] = self.inputs["s_error"]
        if self.inputs["s_axis_tvalid"]:
            told |= {"m_axis_tdata": self.inputs["s_axis_tdata"], "m_cycle": self.inputs["s_cycle"]}
            told["m_frame_cycle"] = self.frame
        if self.told["m_start"]:
            told |= {"m_lane": self.lane, "m_length": self.length}
        return told


NOTHING = {"s_axis_tvalid": 0, "s_end": 0}


class MoldRx:
    """`messages` keeps (length, whole) of what began, for the bench."""

    inputs = (
        "s_axis_tdata",
        "s_axis_tkeep",
        "s_axis_tvalid",
        "s_first",
        "s_cycle",
        "s_end",
        "s_error",
        "position",
        "accept",
        "vlan",
        "length",
    )

    def __init__(self, width: int) -> None:
        self.lanes = width // 8
        self.stages = 1 if width == 8 else 2
        self.headers: list[tuple[bytes, int, int]] = []
        self.messages: list[bytes] = []  # those that ended
        self.cut, self.runts, self.overruns = 0, 0, 0
        self.reset()

    def reset(self) -> None:
        self.after = deque([Beat(NOTHING) for _ in range(self.stages)])
        self.now, self.frame = Beat(NOTHING), 0
        self.header, self.opened = b"", True
        self.pulse: tuple[bytes, int, int] | None = None
        self._close()

    def _close(self) -> None:
        self.state = "closed"  # then high, low, body, runt
        self.message: bytearray | None = None

    @staticmethod
    def _pulse(pulse: tuple[bytes, int, int] | None) -> dict[str, int]:
        if pulse is None:
            return {"header": 0}
        session, sequence, count = pulse
        told = {"header": 1, "session": int.from_bytes(session, "big"), "count": count}
        reach = (sequence + (0 if count == END_OF_SESSION else count)) % (1 << 64)
        return told | {"sequence_number": sequence, "reach": reach}

    def outputs(self) -> dict[str, int]:
        return self.after[0].outputs()

    def beside(self, **told: int) -> dict[str, int]:
        """Walks the beat; the judge calls it once an edge, before step."""
        self.now, self.pulse = Beat(told), None
        if told["s_axis_tvalid"]:
            if told["s_first"]:
                self._close()
                self.header, self.opened = b"", False
                self.frame = told["s_cycle"]
            self.now.frame = self.frame
            data = told["s_axis_tdata"].to_bytes(self.lanes, "little")
            for lane, byte in enumerate(data[: told["s_axis_tkeep"].bit_count()]):
                self._byte(lane, byte, told["position"] + lane - 42 - 4 * told["vlan"], told)
        if told["s_end"] and told["accept"] and not (told["s_error"] or self.opened):
            self._overrun()
        return self._pulse(self.pulse)

    def step(self, **told: int) -> None:
        if told["s_end"] and not (told["s_axis_tvalid"] and told["s_first"]):
            self.cut += self.message is not None
            self._close()
        self.after.popleft()
        self.after.append(self.now)

    def _overrun(self) -> None:
        self.now.told["m_overrun"] = 1
        self.overruns += 1
        self.remaining = 0

    def _byte(self, lane: int, byte: int, place: int, told: dict[str, int]) -> None:
        if told["s_first"]:
            return
        if 0 <= place < HEADER:
            self.header += bytes([byte])
        if place == HEADER and told["accept"]:
            self._open(told["length"])
        if self.state == "high":
            self.high, self.state = byte, "low"
        elif self.state == "low":
            self._message(self.high << 8 | byte, place + 1)
        elif self.state in ("body", "runt"):
            self._body(lane, byte)

    def _open(self, length: int) -> None:
        self.length, self.opened = length, True
        session, sequence, count = self.header[:10], self.header[10:18], self.header[18:20]
        self.remaining = int.from_bytes(count, "big")
        if length < HEADER:
            self._overrun()
            return
        self.pulse = session, int.from_bytes(sequence, "big"), self.remaining
        self.headers.append(self.pulse)
        if self.remaining == END_OF_SESSION:
            self.remaining = 0
        if self.remaining and length < HEADER + 2:
            self._overrun()
        self.state = "high" if self.remaining else "closed"

    def _message(self, size: int, place: int) -> None:
        """A length was read; the message would begin at `place`."""
        self.remaining -= 1
        if place + size > self.length:
            self._overrun()
            self.state = "closed"
            return
        if self.remaining and place + size + 2 > self.length:
            self._overrun()
        self.left = size
        self.state = "body" if size > RUNT else "runt"
        if self.state == "body":
            self.message = bytearray()
        else:
            self.now.told["m_runts"] += 1
            self.runts += 1
            if not size:
                self.state = "high" if self.remaining else "closed"

    def _body(self, lane: int, byte: int) -> None:
        self.left -= 1
        if self.message is not None:
            if not self.message:
                self.now.told["m_start"] = 1
                self.now.lane, self.now.length = lane, self.left + 1
            self.message.append(byte)
            if not self.now.told["m_start"]:
                self.now.told["m_tail"] += 1
        if self.left:
            return
        if self.message is not None:
            self.now.told["m_last"] = 1
            self.messages.append(bytes(self.message))
            self.message = None
        self.state = "high" if self.remaining else "closed"
