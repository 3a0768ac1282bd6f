"""Runs each task of each proof of hw/formal: `python -m sim.checks.formal [MODULE …]`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from hwtools import toolchain
from hwtools.command import Parser, ended
from hwtools.report import Report
from hwtools.toolchain import BUILD, ROOT, TEXT

FORMAL = ROOT / "hw" / "formal"
OUT = BUILD / "formal"


@dataclass(frozen=True)
class Outcome:
    """The result of one task. A task that holds nothing to prove or cover has not passed."""

    module: str
    task: str
    status: str  # PASS, FAIL (a counterexample, a cover not reached) or ERROR
    checked: int  # assertions that the task proves, or covers that it reached
    seconds: float
    folder: Path
    bounded: bool  # looked for so many cycles from reset, not for ever

    @property
    def kind(self) -> str:
        if self.task.startswith("cover"):
            return "covers reached"
        return "assertions held to a bound" if self.bounded else "assertions proved"

    @property
    def passed(self) -> bool:
        return self.status == "PASS" and self.checked > 0


def modules(formal: Path = FORMAL) -> list[str]:
    return sorted(path.stem for path in formal.glob("*.sby"))


def tasks(module: str, formal: Path = FORMAL) -> list[str]:
    """The tasks that the .sby file lists: the first word of each line of its [tasks] section."""
    text = (formal / f"{module}.sby").read_text()
    section = re.search(r"^\[tasks\]\n(.*?)^\[", text, re.MULTILINE | re.DOTALL)
    if section is None:
        raise ValueError(f"{module}.sby has no [tasks]")
    return [line.split()[0] for line in section[1].splitlines() if line.strip()]


def prove(module: str, task: str, formal: Path = FORMAL, out: Path = OUT) -> Outcome:
    """Run one task in a folder of its own."""
    folder = out / f"{module}_{task}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    done = subprocess.run(
        [*toolchain.need("sby").argv, "-f", "-d", str(folder), f"{module}.sby", task],
        cwd=formal,
        env=toolchain.environment(),
        **TEXT,
        capture_output=True,
        check=False,
    )
    result = (folder / "status").read_text().split()[0] if (folder / "status").exists() else "ERROR"
    if done.returncode and result == "PASS":
        result = "ERROR"
    bounded = f"\n{task}: mode bmc\n" in (formal / f"{module}.sby").read_text()
    seconds = time.monotonic() - began
    return Outcome(module, task, result, _checked(folder), seconds, folder, bounded)


def _checked(folder: Path) -> int:
    """Counted in the netlist and in the log, not in the source: what was really there to fail."""
    log = folder / "logfile.txt"
    if not log.exists():
        return 0
    text = log.read_text()
    covers = set(re.findall(r"Reached cover statement in step \d+ at (.+)", text))
    if covers:
        return len(covers)
    netlist = folder / "model" / "design.il"
    if not netlist.exists():
        return 0
    kinds = re.findall(r'parameter \\FLAVOR "(\w+)"|cell \$(assert)\b', netlist.read_text())
    return sum("assert" in kind for kind in kinds)


def table(outcomes: list[Outcome]) -> Table:
    rows = Table("module", "task", "result", "what", "seconds", title="Proofs")
    for one in outcomes:
        colour = "green" if one.passed else "red"
        what = f"{one.checked} {one.kind}" if one.passed else f"see {_near(one.folder)}/logfile.txt"
        rows.add_row(one.module, one.task, f"[{colour}]{one.status}[/]", what, f"{one.seconds:.1f}")
    return rows


def said(one: Outcome) -> list[str]:
    """What sby found: which assertion fails, where its trace is."""
    log = one.folder / "logfile.txt"
    lines = log.read_text().splitlines() if log.exists() else []
    found = [line.partition("summary: ")[2] for line in lines if "summary: " in line]
    found = [line.strip() for line in found if not line.startswith("Elapsed")]
    found += [line.partition("ERROR: ")[2] for line in lines if "ERROR: " in line]
    if one.status == "UNKNOWN":
        found.append("UNKNOWN: the induction fails; from reset nothing was found")
    return found


def _near(path: Path) -> str:
    return os.path.relpath(path, ROOT)


def report(outcomes: list[Outcome]) -> Report:
    figures = Report("formal", command="make formal")
    for one in outcomes:
        case = f"{one.module} {one.task}"
        checked = one.checked if one.passed else 0
        metric = one.kind.replace(" ", "_")
        figures.row(case, metric, checked, "", n=1, how="proved", bound=1, op=">=")
    return figures


def main(argv: list[str]) -> int:
    parser = Parser(prog="make formal", description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="default: every proof")
    chosen = parser.parse_args(argv).modules or modules()
    unknown = sorted(set(chosen) - set(modules()))
    if unknown:
        print(
            f"no proof of {', '.join(unknown)}; there are: {', '.join(modules())}", file=sys.stderr
        )
        return 2
    console = Console()
    jobs = [(module, task) for module in chosen for task in tasks(module)]
    outcomes = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for one in pool.map(lambda job: prove(*job), jobs):
            outcomes.append(one)
            console.print(f"[{len(outcomes)}/{len(jobs)}] {one.module} {one.task}: {one.status}")
    console.print(table(outcomes))
    for one in outcomes:
        if not one.passed:
            print(
                f"{one.module} {one.task}: {_near(one.folder)}/logfile.txt", *said(one), sep="\n  "
            )
    report(outcomes).write()
    return 0 if all(one.passed for one in outcomes) else 1


if __name__ == "__main__":
    sys.exit(ended("formal", lambda: main(sys.argv[1:])))
