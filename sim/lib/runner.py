"""The one way a bench is run: `run("axis_fifo", DEPTH=16)` builds the module and runs its bench.

SEED chooses the seed, WAVES=1 leaves an FST. Each run leaves its result beside its log, for the
table of `make benches`. A bench that passed isn't run again while nothing that it could depend on
has changed: the build (sources, parameters, tools), the bench's own files (sim/lib/depends.py), the
lock file, the seed. Its result counts as kept; FRESH=1 runs it.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import resource
import secrets
import shlex
import shutil
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import MappingProxyType

from cocotb_tools import runner as cocotb_runner

from hwtools.rtl import HW, files
from hwtools.toolchain import ROOT
from sim.doubles import STAND_IN
from sim.lib import depends
from sim.lib.verilated import SIM_BUILD, Build, Value

SAID = 800  # characters of what a failed test says
RESULT = "result.json"
FIGURES = "figures.jsonl"  # one [metric, value, unit] a line, left by the bench
PERIOD_NS = 8
NONE: Mapping[str, Value] = MappingProxyType({})
# cocotb has pytest rewrite the assertions of every module that the simulator's Python imports, with
# numpy, numba and torch: seconds a run. Ours alone are worth it.
REWRITTEN = shlex.quote(f"{glob.escape(str(ROOT / 'sim'))}/*.py")
kept = 0  # benches that this process kept instead of running them


class BenchError(AssertionError):
    """A bench failed; the message names the tests that did, the seed and the log. Where no test of
    it ran, `ran` is false: that says nothing of the module."""

    def __init__(self, message: str, log: Path | None = None, ran: bool = True) -> None:
        super().__init__(message)
        self.log, self.ran = log, ran


class OutOfTimeError(BenchError):
    """The simulator took more processor time than it was given."""


@dataclass(frozen=True)
class Result:
    """One run of one build."""

    module: str
    parameters: dict[str, Value]
    tests: int
    failed: list[str]
    cycles: int
    seconds: float
    seed: int
    log: str
    waves: str | None
    figures: list[tuple[str, int, str]]
    kept: bool = False  # of an earlier run, in which everything was as it is now


def seed() -> int:
    """SEED of the environment, else 1, so that CI repeats itself; SEED=random draws one."""
    text = os.environ.get("SEED") or "1"
    if text == "random":
        text = os.environ["SEED"] = str(secrets.randbelow(2**31))
    if not text.isdigit():
        raise ValueError(f"SEED={text}: give a whole number, or random")
    return int(text)


def waves_wanted() -> bool:
    return os.environ.get("WAVES", "") not in ("", "0")


def run(
    module: str,
    parameters: Mapping[str, Value] = NONE,
    /,
    *,
    bench: str | None = None,
    top: Path | None = None,
    hw: Path = HW,
    plusargs: Sequence[str] = (),
    network: tuple[Path, ...] = STAND_IN,
    first_failure: bool = False,
    limit: int = 0,
    **more: Value,
) -> Result:
    """Build `module` with its parameters, run its bench, and raise BenchError if a test fails.

    Parameters come as a mapping, by name, or both. `bench` is the module of `sim` that holds the
    cocotb tests (default `test_<module>`), `top` a bench-only top level instead of the module's own
    file, `hw` another copy of hw/, for mutants; `network` is what a module that needs a network is
    built with. With `first_failure` the first test that fails is the last one. A simulator that
    takes more than `limit` seconds of processor time is ended: OutOfTimeError.
    """
    chosen = {**parameters, **more}
    build = Build(top or files(hw)[module], chosen, waves_wanted(), hw, network)
    bench = bench or f"test_{module}"
    folder = _run_folder(build, module, bench)
    passed = _passed(build, module, bench, plusargs)
    if passed.exists() and os.environ.get("FRESH", "") in ("", "0") and not build.waves:
        global kept
        kept += 1
        result = replace(Result(**json.loads(passed.read_text())), kept=True)
        (folder / RESULT).write_text(json.dumps(asdict(result)))
        return result
    xml = _simulate(build, folder, bench, plusargs, first_failure, limit)
    result = _collect(build, module, folder, xml)
    (folder / RESULT).write_text(json.dumps(asdict(result)))
    if result.failed or not result.tests:
        what = _names(result.failed) or "no test ran"
        message = f"{module}: {what}; SEED={result.seed}, log {result.log}{_why(xml)}"
        raise BenchError(message, folder / "sim.log", bool(result.tests))
    passed.parent.mkdir(parents=True, exist_ok=True)
    passed.write_text(json.dumps(asdict(result)))
    return result


def depended(build: Build, module: str, bench: str, plusargs: Sequence[str]) -> str:
    """A digest of all that a run could depend on beside its seed."""
    chosen = (module, bench, *plusargs, sys.version, depends.environment(bench))
    around = (build.folder.name, depends.digest(bench), depends.packages(bench))
    return hashlib.sha256(f"{chosen} {around}".encode()).hexdigest()


def _passed(build: Build, module: str, bench: str, plusargs: Sequence[str]) -> Path:
    """Where the result of a pass stands."""
    whole = f"{seed()} {depended(build, module, bench, plusargs)}"
    digest = hashlib.sha256(whole.encode())
    return SIM_BUILD / module / "passed" / f"{digest.hexdigest()[:16]}.json"


def _names(failed: list[str]) -> str:
    more = f" and {len(failed) - 2} more" if len(failed) > 2 else ""
    return ", ".join(failed[:2]) + more


def results(names: Sequence[str]) -> list[Result]:
    """What the last runs of these modules left, mutants aside."""
    runs = [path for name in names for path in sorted((SIM_BUILD / name).glob(f"runs/*/{RESULT}"))]
    return [Result(**json.loads(path.read_text())) for path in runs]


def forget(names: Sequence[str]) -> None:
    """Drop the results of earlier runs, so that a table holds this one's only."""
    for name in names:
        shutil.rmtree(SIM_BUILD / name / "runs", ignore_errors=True)


def _run_folder(build: Build, module: str, bench: str) -> Path:
    label = "-".join(f"{key}{value}" for key, value in build.parameters.items()) or "default"
    if bench != f"test_{module}":
        label += f"-{bench}"
    if build.network != STAND_IN:
        label += f"-{build.network[0].parent.name}"
    base = SIM_BUILD / module
    folder = base / "runs" / label if build.hw == HW else base / "mutants" / build.hw.parent.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


@contextmanager
def _limited(seconds: int) -> Iterator[None]:
    """What cocotb starts may take this much processor time, which doesn't depend on what else the
    machine does; 0 is no limit. It inherits our limit, and our own time has to fit into that too.
    """
    before, ours = _children_seconds(), resource.getrlimit(resource.RLIMIT_CPU)
    if seconds:
        whole = int(time.process_time()) + 1 + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (whole, ours[1]))
    try:
        yield
    except RuntimeError:
        if seconds and _children_seconds() - before >= seconds:
            raise OutOfTimeError(f"it took more than {seconds} s of processor time") from None
        raise
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, ours)


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _simulate(
    build: Build,
    folder: Path,
    bench: str,
    plusargs: Sequence[str],
    first_failure: bool,
    limit: int,
) -> Path:
    executable = build.make()
    drawn = seed()
    os.environ["COCOTB_RANDOM_SEED"] = str(drawn)
    start = [f"+verilator+seed+{drawn % (2**31 - 1) + 1}", "+verilator+rand+reset+2"]
    xml, log = folder / "results.xml", folder / "sim.log"
    died = False
    try:
        with _limited(limit):
            cocotb_runner.get_runner("verilator").test(
                hdl_toplevel=build.module,
                hdl_toplevel_lang="verilog",
                test_module=f"sim.{bench}",
                build_dir=executable,
                test_dir=folder,
                results_xml=str(xml),
                plusargs=[*start, *plusargs],
                extra_env={
                    "COCOTB_REWRITE_ASSERTION_FILES": REWRITTEN,
                    "COCOTB_MAX_FAILURES": str(int(first_failure)),
                },
                waves=build.waves,
                log_file=log,
            )
    except SystemExit:  # cocotb's way to say that a test failed; the results have its name
        pass
    except RuntimeError:  # or that the simulator ended by itself, as at an assertion
        died = True
    if died or not xml.exists():
        text = log.read_text() if log.exists() else ""
        tail = "\n".join(text.splitlines()[-15:])
        message = f"{build.module}: the simulator died, SEED={drawn}, log {log}\n{tail}"
        raise BenchError(message, log, f"running sim.{bench}." in text)
    return xml


def _collect(build: Build, module: str, folder: Path, xml: Path) -> Result:
    cases = [case for case in ElementTree.parse(xml).getroot().iter("testcase") if _ran(case)]
    bad = [case.get("name", "?") for case in cases if _failed(case)]
    cycles = sum(_nanoseconds(case) for case in cases) / PERIOD_NS
    dump = folder / "dump.fst"
    return Result(
        module=module,
        parameters=dict(build.parameters),
        tests=len(cases),
        failed=bad,
        cycles=round(cycles),
        seconds=round(sum(float(case.get("time", 0)) for case in cases), 3),
        seed=seed(),
        log=os.path.relpath(folder / "sim.log", ROOT),
        waves=os.path.relpath(dump, ROOT) if dump.exists() else None,
        figures=_figures(folder / FIGURES),
    )


def _figures(path: Path) -> list[tuple[str, int, str]]:
    lines = path.read_text().splitlines() if path.exists() else []
    return [(str(metric), int(value), str(unit)) for metric, value, unit in map(json.loads, lines)]


def _ran(case: ElementTree.Element) -> bool:
    """Not skipped, nor given up after the first failure."""
    failure = case.find("failure")
    if case.find("skipped") is not None:
        return False
    return failure is None or "Regression stopped" not in failure.get("message", "")


def _failed(case: ElementTree.Element) -> bool:
    return case.find("failure") is not None or case.find("error") is not None


def _why(xml: Path) -> str:
    """What the first test that failed says, below the line that names it."""
    cases = ElementTree.parse(xml).getroot().iter("testcase")
    said = next((case.find("failure") for case in cases if _ran(case) and _failed(case)), None)
    return "" if said is None else f"\n{said.get('message', '')[:SAID]}"


def _nanoseconds(case: ElementTree.Element) -> float:
    properties = {each.get("name"): each.get("value", "") for each in case.iter("property")}
    return float(properties.get("sim_time_duration", 0))
