"""ITCH 5.0: its codec, of the table hw/regs/itch.toml. How it works stands in `codec`."""

from __future__ import annotations

from tickwire.gen.itch_table import MESSAGES
from tickwire.wire.codec import PREFIX, Codec, Fault, Messages, Scan, from_wire, to_wire

__all__ = ["PREFIX", "Fault", "Messages", "Scan", "from_wire", "to_wire"]

CODEC = Codec("ITCH 5.0", MESSAGES)
BY_CODE = CODEC.by_code
LENGTHS = CODEC.lengths  # of a message by its type; 0: no such type
scan, decode, encode = CODEC.scan, CODEC.decode, CODEC.encode
empty, one_by_one = CODEC.empty, CODEC.one_by_one
