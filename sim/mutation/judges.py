"""Who tries the mutants of a module: the builds of its own bench, then of those around it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from hwtools.rtl import HW, files, sources
from hwtools.toolchain import ROOT
from sim.doubles import STAND_IN
from sim.lib import depends, runner
from sim.lib.verilated import Build, Value

CORE = "tickwire_core"


@dataclass(frozen=True)
class Judge:
    """One build of a module and the bench that it is run with."""

    module: str
    parameters: tuple[tuple[str, Value], ...] = ()
    bench: str = ""  # the module's own
    top: Path | None = None
    plusargs: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join([self.module, *(f"{name}={value}" for name, value in self.parameters)])

    def build(self, hw: Path = HW) -> Build:
        return Build(self.top or files(hw)[self.module], dict(self.parameters), hw=hw)

    def digest(self) -> str:
        """Of all that a verdict depends on beside the mutant."""
        bench = self.bench or f"test_{self.module}"
        parts = (str(self), self.plusargs, self.build().folder.name, depends.digest(bench))
        return hashlib.sha256(repr((parts, runner.seed())).encode()).hexdigest()

    def run(self, hw: Path, number: int, limit: int = 0) -> runner.Result:
        return runner.run(
            self.module,
            dict(self.parameters),
            bench=self.bench or None,
            top=self.top,
            hw=hw,
            plusargs=[*self.plusargs, f"+mutant={number}"],
            first_failure=True,
            limit=limit,
        )


class _Recorder:
    """A pytest plugin: no bench runs, what it would have been run with is kept."""

    def __init__(self) -> None:
        self.judges = list[Judge]()

    def record(
        self, module: str, parameters: Mapping[str, Value] = runner.NONE, /, **more: Any
    ) -> None:
        bench, top = more.pop("bench", None), more.pop("top", None)
        plusargs, other = more.pop("plusargs", ()), more.keys() & {"hw", "network"}
        if not other:  # a source or a network of the test's own
            chosen = tuple({**parameters, **more}.items())
            self.judges.append(Judge(module, chosen, bench or "", top, tuple(plusargs)))
        pytest.skip("recorded")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: Any) -> Iterator[None]:
        """The module is the one that a test session around this one runs: it gets its `run` back,
        or that session would skip the bench."""
        right = getattr(item.module, "run", None)
        if right is not None:
            item.module.run = self.record
        try:
            return (yield)
        finally:
            if right is not None:
                item.module.run = right


@lru_cache(maxsize=None)
def own(module: str) -> tuple[Judge, ...]:
    """The builds of the module's quick benches, the smallest first: the sum of the parameters
    stands for the size, and what a module is by default is for the part, so comes last. Those with
    a network or with sources of their own are left out."""
    recorder = _Recorder()
    bench = ROOT / "sim" / f"test_{module}.py"
    pytest.main(
        [str(bench), "-m", "not long", "-p", "no:terminal", "-p", "no:cacheprovider"],
        plugins=[recorder],
    )
    return tuple(sorted(dict.fromkeys(recorder.judges), key=_size))


def _size(judge: Judge) -> tuple[int, str]:
    numbers = [value for _, value in judge.parameters if isinstance(value, int)]
    default = 0 if judge.parameters else 1_000_000
    return sum(numbers) + default + 1000 * len(judge.plusargs), str(judge)


def users(module: str) -> list[str]:
    """The modules by hand that name this one, be it as an instance or as a package."""
    texts = {path.stem: path.read_text() for path in sorted((HW / "rtl").glob("*.sv"))}
    bare = {name: re.sub(r"//[^\n]*", "", text) for name, text in texts.items()}
    return [
        name for name, text in bare.items() if name != module and re.search(rf"\b{module}\b", text)
    ]


def around(module: str) -> Iterator[Judge]:
    """The smallest build of every module that uses this one, and of the whole path."""
    names = users(module)
    within = files()[module] in sources(files()[CORE], HW, STAND_IN)
    if within and module != CORE and CORE not in names:
        names.append(CORE)
    for name in names:
        yield from own(name)[:1]
