"""`make measure NAME=… [ARGS="…"]`: figures that take minutes to hours, each with a report.

`python -m sim.measure NAME [ARG …]` is the same; `make measure NAME=feed ARGS=--help` says what a
measurement can be asked for.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

MEASURES = {
    "feed": (
        "sim.measure.feed",
        "feed and books in RTL: days, latency, wrong frames, storms, snapshots; 90 minutes",
    ),
    "path": (
        "sim.measure.path",
        "the whole path in RTL: whole days, three networks, both widths; an hour",
    ),
    "area": (
        "sim.measure.area",
        "the blocks of the path on an ECP5-85: cells, block RAM, period; an hour",
    ),
    "core": (
        "sim.measure.core",
        "the core with a network on an ECP5-85: cells, period, worst path; most of an hour",
    ),
    "netlist": (
        "sim.measure.netlist",
        "the core's synthesised netlist beside its RTL, row by row; half an hour, then a minute",
    ),
    "openrtl": (
        "openrtl.measure",
        "networks: exactness, cycles, cells, period; 15 minutes",
    ),
    "host": (
        "sim.measure.host",
        "codecs, books and the generated day on the host, in messages a second; a minute",
    ),
    "models": (
        "sim.measure.models",
        "matching engine, market's day and features on the host, in events a second; a minute",
    ),
    "mutation": (
        "sim.measure.mutation",
        "faults drawn from the code's own text, and how many its tests catch; hours",
    ),
    "seeds": (
        "sim.measure.seeds",
        "every bench on many seeds, and those on which it fails; hours",
    ),
    "risk": (
        "sim.measure.risk",
        "each check of the risk gate taken out, and who misses it; most of an hour",
    ),
    "session": (
        "sim.measure.session",
        "the order's session: two TCP stacks of others, 100,000 wrong and right segments a width; "
        "half an hour",
    ),
    "students": (
        "models.deploy.hardware",
        "cells and cycles of every kept student; some minutes",
    ),
}


def listed() -> str:
    return "\n".join(f"  NAME={name:9} {text}" for name, (_, text) in MEASURES.items())


def main(args: Sequence[str]) -> int:
    name, *rest = args or [""]
    if name in ("-h", "--help"):
        print(f"{__doc__}\n{listed()}")
        return 0
    if name not in MEASURES:
        reason = f"no measurement {name}" if name else "NAME is lacking"
        print(f"{reason}; there are:\n{listed()}", file=sys.stderr)
        return 2
    return os.execv(sys.executable, [sys.executable, "-m", MEASURES[name][0], *rest])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
