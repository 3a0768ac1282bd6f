"""`python -m sim.run_path.warm`: has numba compile what a run of the path needs on the host.

Machine code is cached beside the sources (`hwtools.compiled`): `make setup` does this once, and no
later command waits for it until the sources change.
"""

from __future__ import annotations

import sys

from sim.run_path.plan import WIDTHS, Plan
from sim.run_path.run import prepared

EVENTS = 12_000  # of the market's day: enough to warm up


def main() -> int:
    for width in WIDTHS:
        steps = prepared(Plan(events=EVENTS, width=width))
        if not steps.any():
            raise RuntimeError(f"{EVENTS} events are too few for a step")
    return 0


if __name__ == "__main__":
    sys.exit(main())
