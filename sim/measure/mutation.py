"""`make measure NAME=mutation ARGS="rtl …"`: faults drawn by a seed from the code's own text, and
how many of them its tests catch. The first word of ARGS says of which code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

CODES = {
    "rtl": ("sim.measure.mutation_rtl", "modules of hw/rtl, by their benches and those around"),
}


def main(arguments: Sequence[str]) -> int:
    code, *rest = arguments or [""]
    listed = "\n".join(f"  {name:8} {text}" for name, (_, text) in CODES.items())
    if code in ("-h", "--help"):
        print(f'usage: make measure NAME=mutation ARGS="CODE …"\n\n{__doc__}\n\n{listed}')
        return 0
    if code not in CODES:
        print(f"mutation: of which code? There are:\n{listed}", file=sys.stderr)
        return 2
    return os.execv(sys.executable, [sys.executable, "-m", CODES[code][0], *rest])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
