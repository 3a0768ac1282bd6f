"""`make measure NAME=mutation ARGS="python [FILE …]"`: faults in the host's Python, and its tests.

Each file of `sim/measure/mutation_python.toml` gets one small fault at a time
(`sim.measure.python_mutants`), and the tests named beside it must fail. A fault in a line that they
never run lives without being tried. What takes too long counts apart, as caught.

Nothing happens in the working tree: the tests run in a copy, build/mutation/python/tree. Outcomes
are kept by the file, its tests and the fault, so that the same command goes on where Ctrl-C stopped
it, and a file that hasn't changed isn't tried again.

Why not a tool from PyPI. mutmut 3.8 (BSD) leaves decorated functions out, and so every kernel that
numba compiles. cosmic-ray 8.7 (MIT) starts a process for each fault, which imports torch and numba
again, some ten seconds, and a fault's machine code would be kept for the next.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import random
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hwtools.command import Parser, ended
from hwtools.progress import progress_bar
from hwtools.report import REPORTS, Report
from hwtools.toolchain import BUILD, ROOT, TEXT
from sim.measure.python_mutants import Mutant, mutants

TABLE = Path(__file__).with_suffix(".toml")
FOLDER = BUILD / "mutation" / "python"
BOUND = 92  # percent that must be caught
CAUGHT = ("killed", "timeout")
_MOST_SECONDS = 600  # of a file's unmutated tests


class MutationError(ValueError):
    """What can't be measured. The message is one line."""


@dataclass(frozen=True)
class Place:
    """A tree of sources, and where its copy and the outcomes are."""

    root: Path = ROOT
    folder: Path = FOLDER
    least_seconds: float = 20.0  # that a mutant may take, however quick its tests are

    @property
    def copy(self) -> Path:
        return self.folder / "tree"

    @property
    def outcomes(self) -> Path:
        return self.folder / "outcomes.jsonl"

    @contextmanager
    def held(self) -> Iterator[None]:
        """One measurement at a time writes into the copy."""
        self.copy.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise MutationError(f"{self.copy}: another measurement is under way") from None
            yield

    def files(self) -> list[str]:
        """All that git keeps or would keep; without git, all."""
        argv = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        done = subprocess.run(argv, cwd=self.root, capture_output=True, **TEXT, check=False)
        if done.returncode == 0 and done.stdout:
            return [name for name in done.stdout.split("\0") if name]
        paths = [path for path in self.root.rglob("*.*") if self.folder not in path.parents]
        return [str(path.relative_to(self.root)) for path in paths if path.is_file()]

    def sync(self) -> None:
        """Make the copy equal to the tree; numba's machine code stays where it is."""
        wanted = {name for name in self.files() if (self.root / name).is_file()}
        for path in self.copy.rglob("*"):
            name = str(path.relative_to(self.copy))
            kept = "__pycache__" in path.parts or name.partition("/")[0] == "build"
            if path.is_file() and not kept and name not in wanted:
                path.unlink()
        for name in wanted:
            source, target = self.root / name, self.copy / name
            content = source.read_bytes()
            if not target.exists() or target.read_bytes() != content:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
                shutil.copymode(source, target)

    def digest(self, file: str, tests: Sequence[str]) -> str:
        """Of what outcomes depend on: the file, its tests and what all tests share."""
        sha = hashlib.sha256(repr((file, tests)).encode())
        named = {word.partition("::")[0] for word in tests}
        shared = (name for name in self.files() if name.endswith("conftest.py") or name in named)
        for name in [file, *sorted(shared)]:
            sha.update((self.root / name).read_bytes())
        return sha.hexdigest()[:20]

    def known(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The outcomes that are kept, by digest and mutant."""
        if not self.outcomes.exists():
            return {}
        lines = map(json.loads, self.outcomes.read_text().splitlines())
        return {(line["digest"], line["name"]): line for line in lines}


def module_of(file: str) -> str:
    """The name under which it is imported."""
    return file.removeprefix("sw/").removesuffix(".py").replace("/", ".")


def tried(
    place: Place, file: str, tests: list[str], chosen: Sequence[Mutant]
) -> Iterator[tuple[Mutant, str]]:
    """The outcome of each, as it comes: those that are known first."""
    known, digest = place.known(), place.digest(file, tests)
    rest = []
    for mutant in chosen:
        line = known.get((digest, mutant.name))
        if line:
            yield mutant, line["outcome"]
        else:
            rest.append(mutant)
    if not rest:
        return
    by_name = {mutant.name: mutant for mutant in rest}
    with place.held():
        place.sync()
        for line in _worked(place, file, tests, rest):
            with place.outcomes.open("a") as kept:
                kept.write(json.dumps({"file": file, "digest": digest, **line}) + "\n")
            yield by_name[line["name"]], line["outcome"]


def _worked(
    place: Place, file: str, tests: list[str], rest: Sequence[Mutant]
) -> Iterator[dict[str, Any]]:
    """The worker's lines, but for its first, which tells of the unmutated tests."""
    job: dict[str, Any] = {"file": file, "module": module_of(file), "tests": tests}
    job |= {"most_seconds": _MOST_SECONDS, "least_seconds": place.least_seconds}
    job["mutants"] = [{**asdict(mutant), "name": mutant.name} for mutant in rest]
    paths = [str(place.copy / "sw"), str(place.copy)]
    environment = {
        **os.environ,
        "PYTHONPATH": ":".join(paths),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    argv = [sys.executable, "-m", "sim.measure.python_worker"]
    with subprocess.Popen(
        argv, cwd=place.copy, env=environment, **TEXT, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as worker:  # fmt: skip
        assert worker.stdin and worker.stdout
        try:
            worker.stdin.write(json.dumps(job))
            worker.stdin.close()
            first = json.loads(worker.stdout.readline() or "{}")
            if not first.get("passed"):
                raise MutationError(f"{file}: its unmutated tests fail: {shlex.join(tests)}")
            for line in worker.stdout:
                yield json.loads(line)
        finally:
            worker.terminate()


# -- The report ------------------------------------------------------------------------------------


def add_rows(report: Report, file: str, outcomes: dict[Mutant, str]) -> None:
    """The share that was caught, and each fault that lives."""
    counts = Counter(outcomes.values())
    caught = sum(counts[name] for name in CAUGHT)
    about: dict[str, Any] = {"n": len(outcomes), "how": "measured on host"}
    share = round(100 * caught / len(outcomes), 1)
    report.row(file, "share_caught", share, "%", **about, bound=BOUND, op=">=")
    for name in ("killed", "timeout", "alive", "not run"):
        report.row(file, name.replace(" ", "_"), counts[name], "faults", **about)
    for mutant, outcome in outcomes.items():
        if outcome not in CAUGHT:
            what = f"{mutant.original} -> {mutant.mutated}"
            case = f"{file}:{mutant.line}"
            report.row(case, f"survivor_{outcome.replace(' ', '_')}", what, "", n=1,
                       how="measured on host")  # fmt: skip


def drawn(place: Place, file: str, count: int | None, seed: int) -> list[Mutant]:
    """Some of a file's mutants, in the order of their places; more of them hold those of fewer."""
    every = mutants((place.root / file).read_bytes())
    order = list(range(len(every)))
    random.Random(f"{seed} {file}").shuffle(order)
    return [every[at] for at in sorted(order[:count])]


def _arguments(args: Sequence[str] | None) -> argparse.Namespace:
    parser = Parser(
        prog='make measure NAME=mutation ARGS="python"', description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help=f"default: all of {TABLE.name}")
    parser.add_argument("--count", type=int, metavar="N", help="draw so many of each file")
    parser.add_argument("--seed", type=int, default=1, help="of all that is drawn")
    return parser.parse_args(args)


def main(arguments: Sequence[str] | None = None, place: Place | None = None) -> int:
    args = _arguments(arguments)
    place = place or Place()
    table: dict[str, str] = tomllib.loads(TABLE.read_text())
    report = Report("mutation_python", "make measure NAME=mutation ARGS=python", args.seed)
    try:
        if unknown := [file for file in args.files if file not in table]:
            raise MutationError(f"{unknown[0]}: not in {TABLE.name}")
        for file in args.files or table:
            _measure(place, report, file, shlex.split(table[file]), args)
    except KeyboardInterrupt:
        print("mutation: stopped; the same command goes on from here", file=sys.stderr)
        return 130
    except MutationError as error:
        print(f"mutation: {error}", file=sys.stderr)
        return 2
    print(report.write(REPORTS))
    return 1 if report.failed else 0


def _measure(
    place: Place, report: Report, file: str, tests: list[str], args: argparse.Namespace
) -> None:
    chosen = drawn(place, file, args.count, args.seed)
    outcomes: dict[Mutant, str] = {}
    with progress_bar() as bar:
        task = bar.add_task(file, total=len(chosen))
        for mutant, outcome in tried(place, file, tests, chosen):
            outcomes[mutant] = outcome
            bar.update(task, completed=len(outcomes))
    if not outcomes:
        return
    add_rows(report, file, outcomes)
    row = next(row for row in report.rows if row.case == file)
    print(f"{file}: {row.value} % of {len(outcomes)} caught")
    for survivor in report.rows:
        if survivor.case.startswith(f"{file}:"):
            print(f"  {survivor.case.partition(':')[2]}: {survivor.value} ({survivor.metric})")


if __name__ == "__main__":
    sys.exit(ended("mutation", main))
