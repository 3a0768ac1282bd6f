"""The order's line at a module's pins: frames of a venue in, frames of the card out."""

from __future__ import annotations

from typing import Any

from sim.lib.bench import Ports

PREAMBLE = b"\x55" * 7 + b"\xd5"
GAP = 12  # beats between frames at 8 bits; at 64 one


class OrderLine:
    """`given` and `taken` are what the ports of its two directions begin with: s_axis, m_axis."""

    def __init__(self, dut: Any, ports: Ports, given: str, taken: str) -> None:
        self.ports, self.given, self.taken = ports, given, taken
        self.lanes = len(getattr(dut, f"{taken}_tkeep"))
        self.beats, self.held = list[dict[str, int]](), b""

    @property
    def quiet(self) -> dict[str, int]:
        names = ("tdata", "tkeep", "tvalid", "tlast", "tuser")
        return dict.fromkeys((f"{self.given}_{name}" for name in names), 0)

    @property
    def free(self) -> bool:
        """The next frame may be given."""
        return not self.beats

    def give(self, frame: bytes) -> None:
        raw, lanes = PREAMBLE + frame if self.lanes == 1 else frame, self.lanes
        for at in range(0, len(raw), lanes):
            part = raw[at : at + lanes]
            self.beats.append({
                f"{self.given}_tdata": int.from_bytes(part, "little"),
                f"{self.given}_tkeep": (1 << len(part)) - 1,
                f"{self.given}_tvalid": 1,
                f"{self.given}_tlast": int(at + lanes >= len(raw)),
            })  # fmt: skip
        self.beats += [{f"{self.given}_tvalid": 0}] * (GAP if lanes == 1 else 1)

    def next(self) -> dict[str, int]:
        """What is to be driven in this cycle."""
        idle = {f"{self.given}_tvalid": 0, f"{self.given}_tlast": 0}
        return idle | (self.beats.pop(0) if self.beats else {})

    def take(self) -> bytes | None:
        """A frame whose last byte has just been, its preamble gone."""
        read, ended = self.ports.read, False
        if read(f"{self.taken}_tvalid"):
            assert not read(f"{self.taken}_tuser")
            kept = read(f"{self.taken}_tkeep").bit_count()
            data = read(f"{self.taken}_tdata").to_bytes(self.lanes, "little")
            self.held += data[:kept]
            ended = self.lanes > 1 and bool(read(f"{self.taken}_tlast"))
        elif self.held and self.lanes == 1:
            assert self.held[:8] == PREAMBLE
            self.held, ended = self.held[8:], True
        if not ended:
            return None
        frame, self.held = self.held, b""
        return frame
