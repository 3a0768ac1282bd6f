"""What soup_pkg must hold, from hw/regs/soup.toml itself."""

from __future__ import annotations

from sim.golden.ouch_pkg import of

NUMBERS, ANSWERS = of("soup")
