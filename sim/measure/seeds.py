"""`make measure NAME=seeds`: every bench on many seeds, and those on which it fails.

A bench is a build that `make benches` runs: a parametrisation of the tests in sim/test_*.py. It is
built once and run on each seed, one at a time; JOBS=2 runs two. Verdicts are kept in build/seeds by
bench, seed, and all else that they depend on, so that what was broken off goes on; FRESH=1 runs
them again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

from hwtools.command import Parser, ended
from hwtools.report import REPORTS, Report
from hwtools.rtl import HW, files
from hwtools.toolchain import BUILD, ROOT, ToolError
from sim.__main__ import benches
from sim.doubles import STAND_IN
from sim.lib import runner
from sim.lib.environment import environment
from sim.lib.verilated import Build, BuildError, Value

OUT = BUILD / "seeds"
SIM = ROOT / "sim"
QUIET = ("-m", "not long", "-p", "no:terminal", "-p", "no:cacheprovider", "--timeout=0",
         "--import-mode=importlib")  # fmt: skip
SHOWN = 5  # failing seeds of a bench in the table; the report has all


class TrialError(RuntimeError):
    """A run that says nothing of a seed."""


@dataclass(frozen=True)
class Verdict:
    """Of one bench on one seed; `why` names the tests that failed."""

    bench: str
    seed: int
    passed: bool
    why: str = ""


@dataclass
class Asked:
    """A pytest plugin: no bench runs; what its first run depends on is kept, by the test's id."""

    digests: dict[str, str] = field(default_factory=dict)
    wrong: str = ""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: Any) -> Iterator[None]:
        right = getattr(item.module, "run", None)

        def record(
            module: str, parameters: Mapping[str, Value] = runner.NONE, /, **more: Any
        ) -> None:
            self.digests[item.nodeid] = digest(module, parameters, more)
            pytest.skip("asked")

        if right is not None:
            item.module.run = record
        try:
            return (yield)
        finally:
            if right is not None:
                item.module.run = right

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self.wrong = f"{report.nodeid}: {report.longreprtext.splitlines()[-1]}"


def digest(module: str, parameters: Mapping[str, Value], more: dict[str, Any]) -> str:
    """Of all that a run depends on beside its seed."""
    names = ("bench", "top", "hw", "network", "plusargs", "first_failure", "limit")
    given = {name: more.pop(name) for name in names if name in more}
    hw = given.get("hw", HW)
    top = given.get("top") or files(hw)[module]
    build = Build(top, {**parameters, **more}, False, hw, given.get("network", STAND_IN))
    bench = given.get("bench") or f"test_{module}"
    return runner.depended(build, module, bench, given.get("plusargs", ()))


class Watcher:
    """A pytest plugin: the verdicts of one seed, each kept as it is known."""

    def __init__(self, kept: Kept, seed: int, progress: Progress, task: Any) -> None:
        self.kept, self.seed, self.progress, self.task = kept, seed, progress, task
        self.wrong = ""

    def pytest_runtest_logreport(self, report: Any) -> None:
        name = report.nodeid
        if report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            why = crash.message if crash is not None else report.longreprtext
            kind, _, why = why.rpartition("Error: ")
            if report.when != "call" or kind.endswith("Build"):
                self.wrong = f"{name}: {why}"
                return
            self._keep(Verdict(name, self.seed, False, why.splitlines()[0]))
            shown = f"FAIL  {name} SEED={self.seed}: {why.splitlines()[0]}"
            self.progress.console.print(shown, markup=False, highlight=False, soft_wrap=True)
        elif report.when == "call":
            if report.passed:
                self._keep(Verdict(name, self.seed, True))
            self.progress.advance(self.task)

    def _keep(self, verdict: Verdict) -> None:
        self.kept.keep(verdict)
        if not verdict.passed:
            self.progress.advance(self.task)


@dataclass
class Kept:
    """The verdicts of one module's benches, in a folder."""

    digests: dict[str, str]
    folder: Path

    def path(self, bench: str, seed: int) -> Path:
        whole = hashlib.sha256(f"{bench} {seed} {self.digests[bench]}".encode())
        return self.folder / f"{whole.hexdigest()[:16]}.json"

    def known(self, bench: str, seed: int) -> Verdict | None:
        path = self.path(bench, seed)
        return Verdict(**json.loads(path.read_text())) if path.exists() else None

    def keep(self, verdict: Verdict) -> None:
        """By rename: a run that is broken off leaves no half of one."""
        path = self.path(verdict.bench, verdict.seed)
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(f".{os.getpid()}")
        half.write_text(json.dumps(asdict(verdict)))
        half.replace(path)


def asked(file: Path) -> dict[str, str]:
    """The benches of a file, and what each depends on; a test without a run is none."""
    plugin = Asked()
    code = pytest.main([str(file), *QUIET], plugins=[plugin])
    if code == pytest.ExitCode.INTERRUPTED and not plugin.wrong:
        raise KeyboardInterrupt
    if plugin.wrong or not plugin.digests:
        raise TrialError(plugin.wrong or f"{file.name}: no bench in it")
    return plugin.digests


def tried(
    name: str, seeds: Sequence[int], progress: Progress, folder: Path = SIM, out: Path = OUT
) -> list[Verdict]:
    """The verdict of each bench of a module on each seed: those that are known, then the others."""
    file, fresh = folder / f"test_{name}.py", os.environ.get("FRESH", "") not in ("", "0")
    kept = Kept(asked(file), out / name)
    task = progress.add_task(name, total=len(kept.digests) * len(seeds))
    for seed in seeds:
        known = [bench for bench in kept.digests if kept.known(bench, seed) and not fresh]
        progress.update(task, advance=len(known), description=f"{name}, seed {seed}")
        unknown = [bench for bench in kept.digests if bench not in known]
        if unknown:
            with environment(SEED=str(seed)):
                _run(file, unknown, Watcher(kept, seed, progress, task))
    progress.update(task, description=name)
    every = (kept.known(bench, seed) for bench in kept.digests for seed in seeds)
    return [verdict for verdict in every if verdict is not None]


def _run(file: Path, names: Sequence[str], watcher: Watcher) -> None:
    ids = [f"{file}::{name.partition('::')[2]}" for name in names]
    code = pytest.main([*ids, *QUIET, "-n", os.environ.get("JOBS") or "0"], plugins=[watcher])
    if code == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if watcher.wrong or code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise TrialError(watcher.wrong or f"{file.name}: pytest ended with {code!r}")


def by_bench(verdicts: Sequence[Verdict]) -> dict[str, list[Verdict]]:
    benches = dict.fromkeys(verdict.bench for verdict in verdicts)
    return {name: [one for one in verdicts if one.bench == name] for name in benches}


def summary(verdicts: Sequence[Verdict]) -> Table:
    table = Table(Column("bench", overflow="fold"), "seeds", "failed", "on seeds", title="Seeds")
    for name, ran in by_bench(verdicts).items():
        bad = [str(verdict.seed) for verdict in ran if not verdict.passed]
        more = ", …" if len(bad) > SHOWN else ""
        short = name.rpartition("/")[2].replace("[", r"\[")
        table.add_row(short, f"{len(ran)}", f"{len(bad) or ''}", ", ".join(bad[:SHOWN]) + more)
    return table


def state(report: Report, verdicts: Sequence[Verdict]) -> None:
    for name, ran in by_bench(verdicts).items():
        bad, case = [verdict for verdict in ran if not verdict.passed], name.rpartition("/")[2]
        report.row(case, "seeds", len(ran), "seeds", n=len(ran), how="simulated")
        report.row(case, "seeds_failed", len(bad), "seeds", n=len(ran), how="simulated",
                   bound=0, op="<=")  # fmt: skip
        for verdict in bad:
            report.row(case, f"failed, SEED={verdict.seed}", verdict.why, "", n=1, how="simulated")


def repeats(console: Console, verdicts: Sequence[Verdict]) -> None:
    """How to see each bench's first failure again."""
    for name, ran in by_bench(verdicts).items():
        bad = [verdict for verdict in ran if not verdict.passed]
        if bad:
            command = f"SEED={bad[0].seed} .venv/bin/python -m pytest '{name}'"
            text = f"FAIL {bad[0].why}\n     {command}"
            console.print(text, markup=False, highlight=False, soft_wrap=True)


def measure(args: argparse.Namespace, console: Console) -> Report:
    words = " ".join([*args.modules, f"--seeds {args.seeds} --first {args.first}"])
    report, verdicts = Report("seeds", f'make measure NAME=seeds ARGS="{words}"'), list[Verdict]()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as progress:
        for module in args.modules or benches():
            verdicts += tried(module, range(args.first, args.first + args.seeds), progress)
    state(report, verdicts)
    console.print(summary(verdicts))
    repeats(console, verdicts)
    return report


def main(argv: list[str]) -> int:
    parser = Parser(prog='make measure NAME=seeds ARGS="…"', description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="default: every one")
    parser.add_argument("--seeds", type=int, default=50, metavar="N", help="so many (default 50)")
    parser.add_argument("--first", type=int, default=1, metavar="SEED", help="from it on")
    args = parser.parse_args(argv)
    if unknown := sorted(set(args.modules) - set(benches())):
        print(f"no module {', '.join(unknown)}; there are: {', '.join(benches())}", file=sys.stderr)
        return 2
    if args.seeds < 1 or args.first < 0:
        print("seeds: 1 or more of them, from 0 on", file=sys.stderr)
        return 2
    try:
        report = measure(args, Console())
    except (TrialError, BuildError, ToolError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"report: {os.path.relpath(report.write(REPORTS), ROOT)}")
    return 1 if report.failed else 0


if __name__ == "__main__":
    stopped = "stopped; verdicts so far are kept: the same command goes on"
    sys.exit(ended("seeds", lambda: main(sys.argv[1:]), stopped=stopped))
