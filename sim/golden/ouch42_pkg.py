"""What ouch42_pkg must hold, from hw/regs/ouch42.toml itself."""

from __future__ import annotations

from sim.golden.ouch_pkg import of

NUMBERS, ANSWERS = of("ouch42")
