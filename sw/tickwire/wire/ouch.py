"""OUCH 5.0 and 4.2: their codecs, of hw/regs/ouch.toml and ouch42.toml. How they work stands in
`dialogue`."""

from __future__ import annotations

from tickwire.gen import ouch42_table, ouch_table
from tickwire.wire.dialogue import Dialogue

CODEC = Dialogue("OUCH 5.0", ouch_table.MESSAGES, ouch_table.TAGS, ouch_table.CODES)
CODEC_42 = Dialogue("OUCH 4.2", ouch42_table.MESSAGES, (), ouch42_table.CODES)
