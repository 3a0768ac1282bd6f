"""`make measure NAME=students`: what each kept student takes, converted and synthesised.

    python -m models.deploy.hardware [NAME …]

Cells by yosys for an ECP5, cycles as openrtl's pipeline has them; nothing is placed. Figures go to
build/reports/students.json, from which the cards take theirs.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from hwtools import toolchain
from hwtools.report import REPORTS, Report
from hwtools.toolchain import BUILD, ToolError
from models.nets.student import INPUTS, Student
from models.score.acceptance import HARDWARE
from models.train import students
from openrtl.convert import convert
from openrtl.synth import synthesise

FAMILY = "ecp5"
OUT = BUILD / "students"
UNITS = {"comb": "cells", "ff": "cells", "dsp": "cells", "latency": "clocks", "loop": "clocks"}
BOUND = {metric.split()[0].removesuffix("_cycles"): most for metric, _, most in HARDWARE}


def hardware(net: Student, folder: Path) -> dict[str, int]:
    """Cells, latency and loop of a student on an ECP5."""
    net = net.double().eval()
    shapes: list[tuple[int, ...]] = [(INPUTS,), *((state.size,) for state in net.states)]
    convert(net, shapes, folder, name="student").write()
    interface = json.loads((folder / "interface.json").read_text())
    cells, _ = synthesise(folder, "student", FAMILY)
    return {
        "comb": cells.comb,
        "ff": cells.ff,
        "dsp": cells.dsp,
        "latency": interface["latency"],
        "loop": interface.get("loop", {}).get("cycles", 1),
    }


def state(report: Report, name: str, found: dict[str, int]) -> None:
    """A student's rows. openrtl counts clocks in its pipeline; the path adds the socket's."""
    for key, value in found.items():
        metric = f"{key}_cycles" if key in ("latency", "loop") else f"{key} ({FAMILY})"
        bound = BOUND.get(key)
        op = None if bound is None else "<="
        how = "synthesised"
        report.row(name, metric, value, UNITS[key], n=1, how=how, bound=bound, op=op)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="make measure NAME=students", description=(__doc__ or "").split("\n")[0]
    )
    every = sorted(path.parent.name for path in students.TRAINED.glob(f"*/{students.FILE}"))
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(every)}")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    told = parser.parse_args(arguments)
    if unknown := sorted(set(told.names) - set(every)):
        parser.error(f"{unknown[0]}: one of {', '.join(every)}")
    toolchain.activate()
    report = Report("students", "make measure NAME=students", None)
    done: dict[str, dict[str, int]] = {}
    console = Console(stderr=True)
    try:
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            for name in bar.track(told.names or every, description="students"):
                net, _ = students.load(students.TRAINED / name)
                done[name] = hardware(net, OUT / name)
                state(report, name, done[name])
                if not told.json:
                    print(_line(name, done[name]), flush=True)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except (ToolError, students.StudentError) as error:
        print(f"hardware: {error}", file=sys.stderr)
        return 2
    if told.json:
        print(json.dumps(done))
    if not told.names:
        print(report.write(REPORTS), file=sys.stderr)
    return 0 if all(row.holds is not False for row in report.rows) else 1


def _line(name: str, told: dict[str, int]) -> str:
    return (
        f"{name:22} {told['comb']:>6,} COMB {told['ff']:>6,} FF {told['dsp']:>3} DSP"
        f"  {told['latency']:>2} cycles, loop {told['loop']:>2}"
    )


if __name__ == "__main__":
    sys.exit(main())
