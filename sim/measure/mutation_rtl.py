"""`make measure NAME=mutation ARGS="rtl [MODULE …]"`: faults drawn from the RTL, and who sees them.

Of each module a seed draws faults: operators, conditions, constants, indices, operands and
assignments dropped, signals, fields and connections taken for others. All of a module stand in one
build. Each is tried by the builds of the module's own bench, the smallest first; what lives, by the
benches of the modules around it and of the whole path; what lives still is proved to be the
original, or is named. Verdicts are kept in build/mutation: what was broken off goes on.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from hwtools import toolchain
from hwtools.command import Parser, ended
from hwtools.report import REPORTS, Report
from hwtools.rtl import HW, files, sources
from hwtools.toolchain import ToolError
from sim.doubles import STAND_IN
from sim.lib.verilated import BuildError
from sim.mutation.candidates import candidates
from sim.mutation.design import DesignError, read
from sim.mutation.judges import Judge, around, own
from sim.mutation.mutant import Mutant, draw
from sim.mutation.trial import Trial, TrialError, Verdict

COUNT = 60
CAUGHT = 95.0  # percent of those that aren't proved to be the original


@dataclass
class Outcome:
    """What became of the mutants of one module."""

    module: str
    trial: Trial
    fates: dict[Mutant, str] = field(default_factory=dict)
    why: dict[Mutant, str] = field(default_factory=dict)
    seconds: float = 0  # of simulation and proofs, those of earlier runs with them

    def count(self, *fates: str) -> int:
        return sum(fate in fates for fate in self.fates.values())

    def settle(self, mutant: Mutant, verdict: Verdict) -> None:
        """Killed by the module's own bench, or by one around it."""
        mine = verdict.judge.split()[0] == self.module
        fate = {"killed": "bench" if mine else "path"}.get(verdict.outcome, verdict.outcome)
        self.fates[mutant], self.why[mutant] = fate, verdict.why

    @property
    def alive(self) -> list[Mutant]:
        return [mutant for mutant in self.trial.mutants if mutant not in self.fates]


def tried(module: str, count: int, seed: int, path: bool, progress: Progress) -> Outcome:
    """Draw a module's mutants, and try them until all judges have spoken."""
    judges = own(module)
    if not judges:
        raise TrialError(f"{module}: its bench has no build that could try a mutant")
    file, top = files()[module], judges[0].build().top
    design = read(file, top, sources(top, HW, STAND_IN), dict(judges[0].parameters))
    mutants = draw(candidates(design), count, seed)
    if not mutants:
        raise TrialError(f"{module}: nothing to draw from")
    return settled(Trial(design, mutants), judges, around(module) if path else (), progress)


def settled(
    trial: Trial, judges: Sequence[Judge], others: Iterable[Judge], progress: Progress
) -> Outcome:
    """The fate of each mutant: what its judges say, then those around, then a proof."""
    module = trial.design.module
    outcome, task = Outcome(module, trial), progress.add_task(module, total=len(trial.mutants))

    def step(name: str, verdict: Verdict) -> None:
        outcome.seconds += verdict.seconds
        progress.update(task, advance=int(not verdict.passed), description=name)

    for judge in chain(judges, others):
        if not outcome.alive:
            break
        for mutant, verdict in trial.verdicts(judge, outcome.alive, step).items():
            if not verdict.passed:
                outcome.settle(mutant, verdict)
    for mutant in outcome.alive:
        progress.update(task, advance=1, description=f"{module}: proofs")
        proof = trial.proof(mutant, judges)
        fate = "equivalent" if proof.proved else "alive"
        outcome.fates[mutant], outcome.why[mutant] = fate, proof.why
        outcome.seconds += proof.seconds
    progress.update(task, description=module)
    return outcome


def state(report: Report, outcome: Outcome) -> None:
    """The rows of one module."""
    module, drawn = outcome.module, len(outcome.fates)
    for metric, fate in (
        ("killed_by_the_bench", "bench"), ("killed_by_the_path", "path"),
        ("killed_by_the_time", "timeout"), ("loops_left_out", "loop"), ("alive", "alive"),
    ):  # fmt: skip
        report.row(module, metric, outcome.count(fate), "mutants", n=drawn, how="simulated")
    equivalent = outcome.count("equivalent")
    report.row(module, "proved_equivalent", equivalent, "mutants", n=drawn, how="proved")
    counted = drawn - equivalent - outcome.count("loop")
    caught = 100 * outcome.count("bench", "path", "timeout") / counted if counted else 100.0
    report.row(module, "caught", round(caught, 2), "%", n=counted, how="simulated",
               bound=CAUGHT, op=">=")  # fmt: skip
    for mutant in (mutant for mutant, fate in outcome.fates.items() if fate == "alive"):
        shown = outcome.trial.shown(mutant)
        text = f"{shown['original']}  =>  {shown['mutated']}"
        report.row(module, f"alive, {shown['place']}", text, "", n=1, how="simulated")


def show(console: Console, outcome: Outcome) -> None:
    """The line of a module, and each mutant that a test should know of."""
    names = ("bench", "path", "timeout", "loop", "equivalent", "alive")
    counts = ", ".join(f"{name} {outcome.count(name)}" for name in names)
    each = outcome.seconds / len(outcome.fates)
    console.print(
        f"{outcome.module}: drawn {len(outcome.fates)}; {counts}; {each:.1f} s a mutant",
        highlight=False,
        soft_wrap=True,
    )
    for mutant, fate in outcome.fates.items():
        if fate in ("alive", "equivalent"):
            shown = outcome.trial.shown(mutant)
            lines = (f"{fate}: {shown['place']} {shown['kind']}: {outcome.why[mutant]}",
                     f"  - {shown['original']}", f"  + {shown['mutated']}")  # fmt: skip
            console.print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)


def by_hand() -> list[str]:
    return sorted(path.stem for path in (HW / "rtl").glob("*.sv"))


def measure(args: argparse.Namespace, console: Console) -> Report:
    words = " ".join([*args.modules, f"--count {args.count} --seed {args.seed}"])
    report = Report("mutation_rtl", f'make measure NAME=mutation ARGS="rtl {words}"', args.seed)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as progress:
        for module in args.modules or by_hand():
            outcome = tried(module, args.count, args.seed, not args.bench_only, progress)
            state(report, outcome)
            show(progress.console, outcome)
    return report


def main(arguments: Sequence[str] | None = None) -> int:
    parser = Parser(prog='make measure NAME=mutation ARGS="rtl …"',
                                     description=__doc__)  # fmt: skip
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="default: all of hw/rtl")
    parser.add_argument("--count", type=int, default=COUNT, help=f"of a module, {COUNT}")
    parser.add_argument("--seed", type=int, default=1, help="of all that is drawn")
    parser.add_argument("--bench-only", action="store_true", help="not the benches around")
    args = parser.parse_args(arguments)
    if unknown := sorted(set(args.modules) - set(by_hand())):
        print(f"no module {', '.join(unknown)} in hw/rtl", file=sys.stderr)
        return 2
    toolchain.activate()
    try:
        report = measure(args, Console())
    except (ToolError, BuildError, DesignError, TrialError) as error:
        print(f"mutation: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("mutation: interrupted; what was tried is kept", file=sys.stderr)
        return 130
    path: Path = report.write(REPORTS)
    print(path)
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(ended("mutation", main))
