"""`make measure NAME=students`: cells and cycles of each kept student, converted and synthesised.

    python -m models.deploy.hardware [NAME …]

Cells are yosys' for an ECP5, cycles those of openrtl's pipeline; nothing is placed and routed.
Figures go to build/reports/students.json, where the cards read theirs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from hwtools import toolchain
from hwtools.command import Parser, ended
from hwtools.progress import progress_bar
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


def add_rows(report: Report, name: str, figures: dict[str, int]) -> None:
    """A student's rows. These are the clocks of openrtl's pipeline, without those of `nn.sv`."""
    for key, value in figures.items():
        metric = f"{key}_cycles" if key in ("latency", "loop") else f"{key} ({FAMILY})"
        bound = BOUND.get(key)
        op = None if bound is None else "<="
        how = "synthesised"
        report.row(name, metric, value, UNITS[key], n=1, how=how, bound=bound, op=op)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = Parser(prog="models.deploy.hardware", description=(__doc__ or "").split("\n")[0])
    every = [folder.name for folder in students.kept()]
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(every)}")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    args = parser.parse_args(arguments)
    if unknown := sorted(set(args.names) - set(every)):
        parser.error(f"{unknown[0]}: one of {', '.join(every)}")
    toolchain.activate()
    report = Report("students", "make measure NAME=students", None)
    done: dict[str, dict[str, int]] = {}
    try:
        with progress_bar() as bar:
            for name in bar.track(args.names or every, description="students"):
                net, _ = students.load(students.TRAINED / name)
                done[name] = hardware(net, OUT / name)
                add_rows(report, name, done[name])
                if not args.json:
                    print(_line(name, done[name]), flush=True)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except (ToolError, students.StudentError) as error:
        print(f"hardware: {error}", file=sys.stderr)
        return 2
    if args.json:
        print(json.dumps(done))
    if not args.names:
        print(report.write(REPORTS), file=sys.stderr)
    return 0 if all(row.holds is not False for row in report.rows) else 1


def _line(name: str, figures: dict[str, int]) -> str:
    cells = f"{figures['comb']:>6,} COMB {figures['ff']:>6,} FF {figures['dsp']:>3} DSP"
    return f"{name:22} {cells}  {figures['latency']:>2} cycles, loop {figures['loop']:>2}"


if __name__ == "__main__":
    sys.exit(ended("students", main))
