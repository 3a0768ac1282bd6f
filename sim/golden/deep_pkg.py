"""What deep_pkg must hold, from hw/regs/deep.toml itself."""

from __future__ import annotations

from sim.golden.itch_pkg import of

NUMBERS, LENGTHS = of("deep")
