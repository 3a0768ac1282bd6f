"""`make measure NAME=mutation ARGS="python …"`: faults put into code, and who catches them."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

KINDS = {
    "python": "sim.measure.mutation_python",
}


def main(args: Sequence[str]) -> int:
    kind, *rest = args or [""]
    if kind not in KINDS:
        print(f"{__doc__}\nkinds: {', '.join(KINDS)}", file=sys.stderr)
        return 0 if kind in ("-h", "--help") else 2
    return os.execv(sys.executable, [sys.executable, "-m", KINDS[kind], *rest])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
