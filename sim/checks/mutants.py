"""Faults put into the RTL on purpose, to see that benches and proofs catch them.

`python -m sim.checks.mutants [NAME …]` (or patterns: "mold_*") applies each
`sim/mutants/NAME.patch` to a copy of `hw/`, runs the bench and the proof that its header names, and
prints killed / all. A header is lines `key: value` before the diff: `fault` (what is wrong),
`module`, `bench` (the bench's parameters, and its module of sim if that isn't test_ and the
module's name) and `proof` (the task); one of `bench` and `proof` may be absent. Before that, each
bench and each proof that they name runs without a fault: one that fails then would catch anything.

The report says of each a digest of all that its verdict depends on. `make test-long` judges again
those alone that the kept report lacks, or has of another digest; FRESH=1 judges all.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatchcase
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.table import Table

from hwtools import rtl, toolchain
from hwtools.command import Parser, ended
from hwtools.report import FIGURES, Report, read
from hwtools.toolchain import BUILD, ROOT, TEXT
from sim.checks import formal
from sim.doubles import STAND_IN
from sim.lib import depends, runner
from sim.lib.verilated import waivers

PATCHES = ROOT / "sim" / "mutants"
KEYS = ("fault", "module", "bench", "proof")


@dataclass(frozen=True)
class Mutant:
    """One patch and who must catch it."""

    name: str
    fault: str
    module: str
    bench: dict[str, int] | None
    proof: str | None
    tests: str | None = None  # the bench's module

    @property
    def judges(self) -> list[str]:
        return [kind for kind in ("bench", "proof") if getattr(self, kind) is not None]


def names() -> list[str]:
    return sorted(path.stem for path in PATCHES.glob("*.patch"))


def load(name: str) -> Mutant:
    """Read a patch's header; one that names no judge is refused."""
    head = (PATCHES / f"{name}.patch").read_text().partition("\n--- ")[0]
    header = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    unknown = set(header) - set(KEYS)
    if unknown or not {"fault", "module"} <= set(header) or not {"bench", "proof"} & set(header):
        raise ValueError(f"{name}.patch: its header must hold fault, module and bench or proof")
    bench, tests = None, None
    if "bench" in header:
        words = [word for word in header["bench"].split() if word != "defaults"]
        pairs = (word.split("=") for word in words if "=" in word)
        bench = {key: int(value) for key, value in pairs}
        tests = next((word for word in words if "=" not in word), None)
    return Mutant(name, header["fault"], header["module"], bench, header.get("proof"), tests)


def apply(mutant: Mutant) -> Path:
    """A copy of hw with the fault in it."""
    copy = BUILD / "mutants" / mutant.name
    shutil.rmtree(copy, ignore_errors=True)
    for part in ("rtl", "gen", "formal"):
        shutil.copytree(ROOT / "hw" / part, copy / "hw" / part)
    patch = PATCHES / f"{mutant.name}.patch"
    argv = [
        *toolchain.need("git").argv,
        "apply",
        "--unsafe-paths",
        f"--directory={copy}",
        str(patch),
    ]
    done = subprocess.run(argv, cwd="/", **TEXT, capture_output=True, check=False)
    if done.returncode:
        raise ValueError(f"{patch.name} doesn't apply: {done.stderr.strip()}")
    return copy / "hw"


def judge(mutant: Mutant) -> Iterator[tuple[str, bool, str]]:
    """(judge, killed, why). A build that fails is not a kill: the fault must run. A bench ends at
    its first test that fails."""
    hw = apply(mutant)
    if mutant.bench is not None:
        try:
            runner.run(mutant.module, mutant.bench, bench=mutant.tests, hw=hw, first_failure=True)
            yield "bench", False, "the bench passes"
        except runner.BenchError as caught:
            yield "bench", True, str(caught).splitlines()[0]
    if mutant.proof is not None:
        out = hw.parent / "proofs"
        outcome = formal.prove(mutant.module, mutant.proof, hw / "formal", out)
        yield "proof", outcome.status == "FAIL", f"{mutant.proof}: {outcome.status}"


# -- What a verdict depends on ---------------------------------------------------------------------


def inputs(mutant: Mutant) -> list[Path]:
    """The patch, the module with all below it, and what its judges are and read."""
    paths = {PATCHES / f"{mutant.name}.patch", ROOT / "requirements.lock", Path(__file__)}
    sources = rtl.sources(rtl.files()[mutant.module], network=STAND_IN)
    paths |= {*sources}
    if mutant.bench is not None:
        paths |= {*depends.files(mutant.tests or f"test_{mutant.module}"), *waivers(sources)}
    if mutant.proof is not None:
        script = formal.FORMAL / f"{mutant.module}.sby"
        listed = script.read_text().partition("\n[files]\n")[2].split()
        paths |= {Path(formal.__file__), script}
        paths |= {(formal.FORMAL / name).resolve() for name in listed}
    return sorted(paths)


def digest(mutant: Mutant) -> str:
    """A hash of those by name and content, and of the seed."""
    whole = hashlib.sha256(f"{runner.seed()} {sys.version_info[:2]}".encode())
    for path in inputs(mutant):
        whole.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()[:16]


def was_judged(mutant: Mutant, figures: Path = FIGURES) -> bool:
    """Whether the kept report has it, of just these inputs, caught by all."""
    rows = read(figures / "mutants.json")["rows"]
    mine = {row["metric"]: row for row in rows if row["case"] == mutant.name}
    caught = mine.get("judges_that_caught_it", {}).get("value") == len(mutant.judges)
    return bool(caught) and bool(mine.get("digest", {}).get("value") == digest(mutant))


def unsound(mutants: Sequence[Mutant]) -> Iterator[str]:
    """The judges that fail without a fault, each with why."""
    benches = [
        (one.module, tuple(one.bench.items()), one.tests)
        for one in mutants
        if one.bench is not None
    ]
    proofs = [(one.module, one.proof) for one in mutants if one.proof is not None]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        yield from filter(None, pool.map(_bench_fails, dict.fromkeys(benches)))
        yield from filter(None, pool.map(_proof_fails, dict.fromkeys(proofs)))


def _bench_fails(bench: tuple[str, tuple[tuple[str, int], ...], str | None]) -> str:
    module, parameters, tests = bench
    try:
        runner.run(module, dict(parameters), bench=tests, first_failure=True)
    except runner.BenchError as caught:
        return str(caught).splitlines()[0]
    return ""


def _proof_fails(proof: tuple[str, str]) -> str:
    module, task = proof
    outcome = formal.prove(module, task, out=BUILD / "mutants" / "without")
    return "" if outcome.status == "PASS" else f"{module}: {task}: {outcome.status}"


def judged(mutants: Sequence[Mutant]) -> Iterator[list[tuple[str, bool, str]]]:
    """The verdicts on each mutant, in order; as many at once as there are processors."""
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        yield from pool.map(_verdicts, mutants)


def _verdicts(mutant: Mutant) -> list[tuple[str, bool, str]]:
    return list(judge(mutant))


def main(argv: list[str]) -> int:
    parser = Parser(prog="make mutants", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="or pattern; default: every patch")
    asked = parser.parse_args(argv).names or ["*"]
    chosen = [name for name in names() if any(fnmatchcase(name, one) for one in asked)]
    unknown = [one for one in asked if not any(fnmatchcase(name, one) for name in names())]
    if unknown:
        print(f"no mutant {', '.join(unknown)}; there are: {', '.join(names())}", file=sys.stderr)
        return 2
    console, report = Console(), Report("mutants", command="make mutants", seed=runner.seed())
    table = Table("mutant", "fault", "caught by", "missed by", title="Mutants")
    modules = dict[str, list[bool]]()
    mutants = [load(name) for name in chosen]
    if bad := [*unsound(mutants)]:
        print("they fail without a fault, too:", *bad, sep="\n", file=sys.stderr)
        return 2
    for mutant, verdicts in zip(mutants, judged(mutants), strict=True):
        name = mutant.name
        killed = [kind for kind, caught, _ in verdicts if caught]
        missed = [kind for kind, caught, _ in verdicts if not caught]
        console.print(f"{name}: {'; '.join(f'{kind}: {text}' for kind, _, text in verdicts)}")
        table.add_row(name, mutant.fault, ", ".join(killed), f"[red]{', '.join(missed)}[/]")
        report.row(name, "judges_that_caught_it", len(killed), "", n=len(verdicts),
                   how="simulated", bound=len(verdicts), op="==")  # fmt: skip
        report.row(name, "digest", digest(mutant), "", n=1, how="simulated")
        modules.setdefault(mutant.module, []).append(not missed)
    alive = len(report.failed)
    for module, caught in sorted(modules.items()):
        report.row(module, "faults", len(caught), "", n=len(caught), how="simulated")
        report.row(module, "caught_by_every_judge", sum(caught), "", n=len(caught),
                   how="simulated", bound=len(caught), op="==")  # fmt: skip
    console.print(table)
    console.print(f"{len(chosen) - alive} of {len(chosen)} killed by every judge named")
    report.write()
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(ended("mutants", lambda: main(sys.argv[1:])))
