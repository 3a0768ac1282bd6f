"""`make benches`: runs the benches of hw/rtl, one table. `python -m sim [MODULE …] [--waves]`.

MODULE=, SEED= and WAVES=1 of `make benches` are the options of this command. The whole path is
`make sim`, sim/run_path/__main__.py.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from hwtools.command import Parser, ended
from hwtools.report import Report
from hwtools.toolchain import ROOT
from sim.lib import runner

SIM = Path(__file__).resolve().parent


def benches() -> list[str]:
    """The modules that have a bench; the name test holds that to be all of them."""
    return sorted(path.stem.removeprefix("test_") for path in SIM.glob("test_*.py"))


class Watcher:
    """A pytest plugin: a progress bar while benches run, and what failed at the end."""

    def __init__(self, progress: Progress) -> None:
        self.progress, self.failures = progress, dict[str, str]()
        self.task = progress.add_task("benches", total=None)

    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        self.progress.update(self.task, total=len(ids))

    def pytest_runtest_logreport(self, report: Any) -> None:
        name = report.nodeid.rpartition("::")[2]
        if report.failed:
            self.failures[name] = report.longreprtext.splitlines()[-1]
            crash = getattr(report.longrepr, "reprcrash", None)
            if crash is not None:
                self.failures[name] = crash.message
        if report.when == "call":
            self.progress.advance(self.task)
            self.progress.console.print(f"{'FAIL' if report.failed else 'pass'}  {name}")

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self.failures[report.nodeid] = report.longreprtext


def simulate(names: list[str], console: Console) -> dict[str, str]:
    """Run the benches on every core; return what failed, by test."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as progress:
        watcher = Watcher(progress)
        argv = [str(SIM / f"test_{name}.py") for name in names]
        workers = os.environ.get("JOBS") or "auto"
        code = pytest.main(
            [*argv, "-n", workers, "-m", "not long", "-p", "no:terminal", "-p", "no:cacheprovider"],
            plugins=[watcher],
        )
    if code == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if code and not watcher.failures:
        watcher.failures["pytest"] = f"ended with {code!r}"
    return watcher.failures


def summary(results: list[runner.Result]) -> tuple[Table, Report]:
    """One row a module."""
    columns = ("module", "builds", "kept", "tests", "cycles", "cycles/s", "seed")
    table = Table(*columns, title="Benches")
    report = Report("modules", command="make benches", seed=runner.seed())
    for module in dict.fromkeys(result.module for result in results):
        runs = [result for result in results if result.module == module]
        tests, failed = sum(run.tests for run in runs), sum(len(run.failed) for run in runs)
        cycles, seconds = sum(run.cycles for run in runs), sum(run.seconds for run in runs)
        passed = f"{tests}" if not failed else f"[red]{failed} of {tests} failed[/]"
        table.add_row(
            module,
            f"{len(runs)}",
            f"{sum(run.kept for run in runs) or ''}",
            passed,
            f"{cycles:,}",
            f"{cycles / seconds:,.0f}" if seconds else "",
            f"{runs[0].seed}",
        )
        report.row(module, "tests", tests, "", n=len(runs), how="simulated")
        report.row(module, "tests_failed", failed, "", n=tests, how="simulated", bound=0, op="<=")
        report.row(module, "cycles", cycles, "cycles", n=len(runs), how="simulated")
        figures = [figure for run in runs for figure in run.figures]
        for metric, unit in dict.fromkeys((metric, unit) for metric, _, unit in figures):
            values = [value for name, value, _ in figures if name == metric]
            report.row(module, metric, max(values), unit, n=len(values), how="simulated")
    return table, report


def main(argv: list[str]) -> int:
    parser = Parser(prog="make benches", description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="default: every module")
    parser.add_argument("--seed", help="a whole number, or random (default 1)")
    parser.add_argument("--waves", action="store_true", help="leave an FST of every run")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    args = parser.parse_args(argv)
    names = args.modules or benches()
    unknown = sorted(set(names) - set(benches()))
    if unknown:
        there = ", ".join(benches())
        print(f"no module {', '.join(unknown)}; there are: {there}", file=sys.stderr)
        return 2
    os.environ.update({"SEED": args.seed} if args.seed else {})
    os.environ.update({"WAVES": "1"} if args.waves else {})
    console = Console(stderr=args.json)
    try:
        console.print(f"{len(names)} module{'' if len(names) == 1 else 's'}, seed {runner.seed()}")
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    os.environ["SEED"] = str(runner.seed())  # one seed for every worker
    runner.forget(names)
    failures = simulate(names, console)
    results = runner.results(names)
    table, report = summary(results)
    console.print(table)
    if any(result.kept for result in results):
        console.print("kept: passed before, and nothing has changed since; FRESH=1 runs them again")
    written = report.write()
    for name, text in failures.items():
        console.print(f"[red]FAIL[/] {name}: {text}", soft_wrap=True, markup=True)
    for result in results:
        if result.waves:
            console.print(
                f"waves: gtkwave {result.waves}  (or: surfer {result.waves})", soft_wrap=True
            )
    console.print(f"report: {os.path.relpath(written, ROOT)}")
    if args.json:
        print(json.dumps([asdict(result) for result in results], indent=1))
    return 1 if failures else 0


if __name__ == "__main__":
    stopped = "stopped; finished builds are kept"
    sys.exit(ended("benches", lambda: main(sys.argv[1:]), stopped=stopped))
