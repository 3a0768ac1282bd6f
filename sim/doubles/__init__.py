"""Stand-ins for what a bench is compiled with instead of the real thing."""

from __future__ import annotations

from pathlib import Path

DOUBLES = Path(__file__).parent
# What `nn` is compiled with unless a converted network is given.
STAND_IN = (DOUBLES / "network_pkg.sv", DOUBLES / "network.sv")
