"""Golden model of iextp_rx: that of mold_rx, with IEX-TP's header as hw/regs/deep.toml has it."""

from __future__ import annotations

import tomllib
from pathlib import Path

from sim.golden.mold_rx import RUNT as RUNT
from sim.golden.mold_rx import MoldRx

_TABLE = tomllib.loads((Path(__file__).parents[2] / "hw" / "regs" / "deep.toml").read_text())
FIELDS = {one["name"]: one for one in _TABLE["iex_tp"]["header"]}
HEADER = sum(one["length"] for one in FIELDS.values())
VERSION, DEEP, TOO_MANY = 1, 0x8004, 0xFFFF


class IextpRx(MoldRx):
    header_length = HEADER

    @staticmethod
    def _size(first: int, second: int) -> int:
        return second << 8 | first

    def _field(self, name: str) -> int:
        place = FIELDS[name]["offset"]
        return int.from_bytes(self.header[place : place + FIELDS[name]["length"]], "little")

    def _open(self, length: int) -> None:
        self.length, self.opened, self.remaining = length, True, 0
        self.state = "closed"
        if length < HEADER:
            self._overrun()
            return
        count, sequence = self._field("message_count"), self._field("sequence_number")
        protocol = self._field("message_protocol")
        if self._field("version") != VERSION or protocol != DEEP or sequence >> 63:
            self.now.strange = 1
            self.stranges += 1
            return
        if self._field("payload_length") != length - HEADER or count == TOO_MANY:
            self._overrun()
            return
        numbers = (protocol, 2), (self._field("channel"), 4), (self._field("session"), 4)
        session = b"".join(number.to_bytes(size, "big") for number, size in numbers)
        self.pulse = session, sequence, count
        self.headers.append(self.pulse)
        self.remaining = count
        if count and length < HEADER + 2:
            self._overrun()
        self.state = "high" if self.remaining else "closed"

    def __init__(self, width: int) -> None:
        super().__init__(width)
        self.stranges = 0
