"""The steps of `.ci/run`, and the processor time that each takes: `python -m sim.checks.ci`.

The seed of its benches is 1 unless SEED says another; it prints which. It ends at the first step
that fails. The table at the end, and build/reports/ci.json, say where the time went; a machine's
other work is in the wall time alone.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from hwtools.command import Parser
from hwtools.report import REPORTS, Report
from hwtools.toolchain import ROOT

SLOWEST = 'ARGS="--processor-time 15"'
STEPS = (
    "make lint",
    f"make test {SLOWEST}",
    f"make test-long {SLOWEST}",
    "make formal",
    "make benches",  # kept from both tests; its report says their latencies
    "make sim",
    ".venv/bin/python -m hwtools.figures --latency",
)


@dataclass(frozen=True)
class Time:
    """Seconds: of processors, and by the clock on the wall."""

    step: str
    processor: float
    wall: float


def repeat(number: str) -> str:
    return f"SEED={number}: SEED={number} make test runs the same again"


def children() -> float:
    """Processor time of everything that this process started, and that has ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(step: str) -> tuple[Time, int]:
    """One step, and its exit status."""
    begun, before = time.monotonic(), children()
    print(f"== {step}", flush=True)
    status = subprocess.run(step, shell=True, cwd=ROOT, check=False).returncode
    return Time(step, children() - before, time.monotonic() - begun), status


def table(times: list[Time]) -> Table:
    rows = Table("step", "processor, s", "wall, s", title="Where the time went")
    for each in [*times, total(times)]:
        rows.add_row(each.step, f"{each.processor:,.0f}", f"{each.wall:,.0f}")
    return rows


def total(times: list[Time]) -> Time:
    return Time("all", sum(each.processor for each in times), sum(each.wall for each in times))


def report(times: list[Time]) -> Report:
    figures = Report("ci", command=".ci/run")
    for each in [*times, total(times)]:
        for metric, value in (("processor_time", each.processor), ("wall_time", each.wall)):
            figures.row(each.step, metric, round(value, 1), "s", n=1, how="measured on host")
    return figures


def main(argv: list[str]) -> int:
    parser = Parser(prog="python -m sim.checks.ci", description=__doc__)
    parser.add_argument("--setup", type=float, metavar="SECONDS", help="that make setup took")
    args = parser.parse_args(argv)
    os.environ["SEED"] = os.environ.get("SEED") or "1"
    print(f"== {repeat(os.environ['SEED'])}", flush=True)
    times: list[Time] = []
    if args.setup is not None:  # .ci/run became this process: what it has waited for is setup
        times.append(Time("make setup", children(), args.setup))
    failed = 0
    for step in STEPS:
        spent, failed = run(step)
        times.append(spent)
        if failed:
            break
    Console().print(table(times))
    report(times).write(REPORTS)
    passed = len(times) - bool(failed)
    print(f"== {repeat(os.environ['SEED'])}")
    print(f"steps: {passed} passed, {int(bool(failed))} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
