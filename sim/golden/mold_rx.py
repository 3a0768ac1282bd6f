"""Golden model of mold_rx: the payload byte by byte, and what each beat held."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from sim.golden.tick_pkg import pack_some
from sim.golden.udp_rx import POSITION_BITS

HEADER, RUNT, END_OF_SESSION = 20, 8, 0xFFFF
PAYLOAD = 8  # byte of the datagram
LANES = ("m_tail", "m_last", "m_runts", "m_start")  # which lanes are whose


@dataclass
class Beat:
    """One beat, and whose its lanes are."""

    inputs: dict[str, int]
    lanes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LANES, 0))
    overrun: int = 0
    strange: int = 0  # what iextp_rx alone refuses
    frame: int = 0
    lane: int = 0
    length: int = 0

    def outputs(self) -> dict[str, int]:
        inputs = self.inputs
        ports = {"m_axis_tvalid": inputs["s_axis_tvalid"], "m_end": inputs["s_end"]}
        ports |= self.lanes
        counts = {"message_overruns": self.overrun, "other_protocol": self.strange}
        ports["feed_events"] = pack_some("feed_events", counts)
        if inputs["s_end"]:
            ports["m_error"] = inputs["s_error"]
        if inputs["s_axis_tvalid"]:
            ports |= {"m_axis_tdata": inputs["s_axis_tdata"], "m_cycle": inputs["s_cycle"]}
            ports["m_frame_cycle"] = self.frame
        if self.lanes["m_start"]:
            ports |= {"m_lane": self.lane, "m_length": self.length}
        return ports


NOTHING = {"s_axis_tvalid": 0, "s_end": 0}


class MoldRx:
    """`messages` keeps those that ended, for the bench. iextp_rx's model is made of it."""

    header_length = HEADER

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
        "length",
        "accepted",
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
        ports = {"header": 1, "session": int.from_bytes(session, "big"), "count": count}
        reach = (sequence + (0 if count == END_OF_SESSION else count)) % (1 << 64)
        return ports | {"sequence_number": sequence, "reach": reach}

    def outputs(self) -> dict[str, int]:
        return self.after[0].outputs()

    def beside(self, **inputs: int) -> dict[str, int]:
        """Walks the beat; the judge calls it once an edge, before step."""
        self.now, self.pulse = Beat(inputs), None
        if inputs["s_end"] and inputs["accepted"] and not (inputs["s_error"] or self.opened):
            self._overrun()
        if inputs["s_axis_tvalid"]:
            if inputs["s_first"]:
                self._close()
                self.header, self.opened = b"", False
                self.frame = inputs["s_cycle"]
            self.now.frame = self.frame
            data = inputs["s_axis_tdata"].to_bytes(self.lanes, "little")
            below = inputs["position"] >> POSITION_BITS - 1 << POSITION_BITS  # 0
            for lane, byte in enumerate(data[: inputs["s_axis_tkeep"].bit_count()]):
                self._byte(lane, byte, inputs["position"] - below + lane - PAYLOAD, inputs)
        return self._pulse(self.pulse)

    def step(self, **inputs: int) -> None:
        if inputs["s_end"] and not (inputs["s_axis_tvalid"] and inputs["s_first"]):
            self.cut += self.message is not None
            self._close()
        self.after.popleft()
        self.after.append(self.now)

    def _overrun(self) -> None:
        self.now.overrun = 1
        self.overruns += 1
        self.remaining = 0

    def _byte(self, lane: int, byte: int, place: int, inputs: dict[str, int]) -> None:
        if inputs["s_first"]:
            return
        if 0 <= place < self.header_length:
            self.header += bytes([byte])
        if place == self.header_length and inputs["accept"]:
            self._open(inputs["length"])
        if self.state == "high":
            self.high, self.state = byte, "low"
        elif self.state == "low":
            self._message(self._size(self.high, byte), place + 1)
        elif self.state in ("body", "runt"):
            self._body(lane, byte)

    @staticmethod
    def _size(first: int, second: int) -> int:
        return first << 8 | second

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
            self.now.lanes["m_runts"] += 1
            self.runts += 1
            if not size:
                self.state = "high" if self.remaining else "closed"

    def _body(self, lane: int, byte: int) -> None:
        self.left -= 1
        if self.message is not None:
            if not self.message:
                self.now.lanes["m_start"] = 1
                self.now.lane, self.now.length = lane, self.left + 1
            self.message.append(byte)
            if not self.now.lanes["m_start"]:
                self.now.lanes["m_tail"] += 1
        if self.left:
            return
        if self.message is not None:
            self.now.lanes["m_last"] = 1
            self.messages.append(bytes(self.message))
            self.message = None
        self.state = "high" if self.remaining else "closed"
