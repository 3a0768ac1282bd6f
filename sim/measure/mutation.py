"""`make measure NAME=mutation ARGS="CODE …"`: faults drawn by a seed from the code's own text, and
how many of them its tests catch. CODE is rtl or python."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

CODES = {
    "rtl": ("sim.measure.mutation_rtl", "modules of hw/rtl, by their benches and those around"),
    "python": ("sim.measure.mutation_python", "files of Python that judge, by their tests"),
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
