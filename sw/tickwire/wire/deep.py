"""IEX DEEP 1.0: its codec, of the table hw/regs/deep.toml. How it works stands in `codec`."""

from __future__ import annotations

from tickwire.gen.deep_table import MESSAGES
from tickwire.wire.codec import Codec

CODEC = Codec("DEEP 1.0", MESSAGES, little=True)
