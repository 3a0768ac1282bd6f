"""One run of the main job: frames, the host's expectation written and hashed, the RTL, the judge.

What was expected and what came stands in build/path/last afterwards, for `tickwire explain`.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.rtl import HW
from hwtools.toolchain import BUILD, ToolError
from models.deploy.convert import converted
from sim.lib import waves
from sim.run_path import day as path_day
from sim.run_path import judge as path_judge
from sim.run_path.judge import Level, Stages
from tickwire.board.virtual import core
from tickwire.board.virtual.builds import SPACING, START
from tickwire.board.virtual.core import Core, CoreObserved
from tickwire.gen.records import SLOTS
from tickwire.replay import path
from tickwire.replay.books import replay
from tickwire.replay.feed import Received
from tickwire.replay.signals import SETTINGS, Signals
from tickwire.wire.traffic import HERTZ, Traffic, wire_cycles

Array = npt.NDArray[Any]
Told = Callable[[str, int, int], None]  # what, how much of it is done, of how much

LAST = BUILD / "path" / "last"
_BEFORE, _AFTER = 64, 160  # cycles of a wave around its message
_UNIT = 1_024  # ns of a minimum interval


def quiet(what: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""


@dataclass(frozen=True)
class Plan:
    """What to run. `threshold`, `hysteresis` are in units of the network's scores."""

    data: str = "market"
    events: int | None = 50_000
    model: str = "lstm_attn"
    width: int = 8
    seed: int = 1
    space: int = 0  # cycles between frames beyond what the wire asks for
    threshold: float = 1.5
    hysteresis: float = 0.5
    interval: int = 1_000_000  # ns
    gated: bool = True
    symbols: tuple[str, ...] = ()
    at: int | None = None  # waves around this message
    hw: Path = HW
    network: Callable[[Path], Path] | None = None  # another copy of the network's files
    folder: Path = LAST


@dataclass
class Run:
    """All that a run told."""

    plan: Plan
    day: path_day.Day
    model: str
    model_id: int
    score_fraction: int
    latency: int
    loop: int
    sent: Traffic
    messages: int
    told: path.Expected
    digest: str
    shown: CoreObserved
    levels: list[Level]
    counters: dict[str, tuple[int, int]]  # expected, read
    stages: Stages | None
    settings: Array
    given: Array = field(repr=False)

    @property
    def mismatches(self) -> int:
        wrong = sum(1 for expected, read in self.counters.values() if expected != read)
        return sum(level.mismatches for level in self.levels) + wrong

    @property
    def fault(self) -> path_judge.Mismatch | None:
        """The first difference of the first level on the path that has any."""
        return next((level.first for level in self.levels if level.first), None)

    @property
    def rate(self) -> int:
        """Messages a second, as the wire carried them."""
        last = wire_cycles(self.sent.frames.lengths[-1:], self.plan.width)[0]
        span = int(self.sent.first[-1] + last - self.sent.first[0])
        return self.messages * HERTZ[self.plan.width] // span

    def waits(self) -> path_judge.Waits:
        """What held signals up; the stages must be known."""
        return path_judge.waits(self.shown, self.told, SPACING[self.plan.width], self.loop)


def settings(plan: Plan, fraction: int) -> Array:
    """What every slot's registers are given."""
    made = np.zeros(SLOTS, SETTINGS)
    unit = 1 << fraction
    made["buy_threshold"] = round(plan.threshold * unit)
    made["sell_threshold"] = -round(plan.threshold * unit)
    made["hysteresis"] = round(plan.hysteresis * unit)
    made["minimum_interval"] = plan.interval // _UNIT
    return made


def run(plan: Plan, tell: Told = quiet) -> Run:
    """Expect, then simulate, then compare."""
    tell("making the day", 0, 0)
    day = path_day.find(plan.data, plan.events, plan.seed, plan.symbols)
    if not len(day.frames):
        raise path_day.DayError(f"{plan.data}: holds no frame")
    tell("converting the network", 0, 0)
    network = converted(plan.model)
    sources = network.sources
    if plan.network is not None:
        copy = plan.network(network.folder)
        sources = tuple(copy / source.relative_to(network.folder) for source in sources)
    sent = Traffic.of(day.frames, plan.width, space=plan.space, start=START)
    tell("replaying it on the host", 0, 0)
    books = replay(sent, day.registers, plan.width)
    received = books.received
    told_settings = settings(plan, network.signature.fraction)
    told = path.replay(
        books.operations, books.outcome, network, Signals(told_settings, network.model_id)
    )
    window = _window(plan, received.messages)  # what can't be is said before anything is built
    writes = core.writes(day.registers, told_settings)
    digest = _written(plan.folder, told)

    top = Core(plan.width, sources, plan.gated, plan.hw, _waves(plan))
    tell("building the simulator", 0, 0)
    _ = top.program
    total = len(sent.frames)
    shown = top.run(
        sent,
        writes,
        seed=plan.seed,
        wave=window,
        progress=lambda _, frames: tell("frames through the RTL", frames, total),
    )
    tell("comparing", 0, 0)
    told = _read(plan.folder, digest)
    made = Run(
        plan, day, network.source.name, network.model_id, network.signature.fraction,
        network.latency, network.loop, sent, len(received.messages), told, digest, shown,
        path_judge.judge(shown, told), _counters(received, told, network.model_id, shown),
        path_judge.stages(shown, told), told_settings, received.messages,
    )  # fmt: skip
    _keep(made)
    return made


# -- What is expected, written before anything is simulated ----------------------------------------


def _written(folder: Path, told: path.Expected) -> str:
    """Write it and its hash, by rename."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in ("run.json", "shown.npz"):
        (folder / old).unlink(missing_ok=True)
    arrays = told.arrays()
    digest = path.digest(arrays)
    part = folder / f"expected.{os.getpid()}.part.npz"
    np.savez(part, **arrays)  # type: ignore[arg-type]
    part.replace(folder / "expected.npz")
    (folder / "expected.sha256").write_text(f"{digest}\n")
    return digest


def _read(folder: Path, digest: str) -> path.Expected:
    """What was written, and nothing else."""
    with np.load(folder / "expected.npz") as kept:
        arrays = {name: kept[name] for name in kept.files}
    if path.digest(arrays) != digest or (folder / "expected.sha256").read_text().strip() != digest:
        raise ToolError(f"{folder}: what was expected isn't what was written")
    return path.Expected.of(arrays)


def _keep(made: Run) -> None:
    """For `tickwire explain`."""
    shown, folder = made.shown, made.plan.folder
    arrays: dict[str, Array] = {"messages": shown.messages}
    for name in shown.records:
        arrays[name] = shown.rows(name)
        arrays[f"{name}_cycle"] = shown.cycles_of(name)
    part = folder / f"shown.{os.getpid()}.part.npz"
    np.savez(part, **arrays)  # type: ignore[arg-type]
    part.replace(folder / "shown.npz")
    about = {
        "day": made.day.name,
        "symbols": made.day.symbols,
        "model": made.model,
        "model_id": f"{made.model_id:016x}",
        "score_fraction": made.score_fraction,
        "settings": _told_settings(made),
        "width": made.plan.width,
        "hertz": HERTZ[made.plan.width],
        "messages": made.messages,
        "expected": made.digest,
        "mismatches": made.mismatches,
    }
    part = folder / f"run.{os.getpid()}.part"
    part.write_text(json.dumps(about, indent=1) + "\n")
    part.replace(folder / "run.json")


def _told_settings(made: Run) -> dict[str, float]:
    """As the registers hold them, which is not to the last digit what was asked for."""
    unit, one = 1 << made.score_fraction, made.settings[0]  # every slot's are the same
    return {
        "buy_threshold": int(one["buy_threshold"]) / unit,
        "sell_threshold": int(one["sell_threshold"]) / unit,
        "hysteresis": int(one["hysteresis"]) / unit,
        "interval_ns": int(one["minimum_interval"]) * _UNIT,
    }


# -- Counters, waves -------------------------------------------------------------------------------


def _counters(
    received: Received, told: path.Expected, model_id: int, shown: CoreObserved
) -> dict[str, tuple[int, int]]:
    """What registers say at the end, against the replay."""
    decisions = np.bincount(told.signals["decision"], minlength=3)
    expected = {
        "MODEL": model_id,
        "COUNTERS_PATH_MESSAGES": len(received.messages),
        "COUNTERS_PATH_BOOK_MESSAGES": received.events["book_messages"],
        "COUNTERS_PATH_GAPS": len(received.missing),
        "COUNTERS_PATH_INFERENCES": int(told.steps.sum()),
        "COUNTERS_PATH_SIGNALS_NONE": int(decisions[0]),
        "COUNTERS_PATH_SIGNALS_BUY": int(decisions[1]),
        "COUNTERS_PATH_SIGNALS_SELL": int(decisions[2]),
        **{f"COUNTERS_PATH_{name}_DROPS": 0 for name in ("FEED", "BOOK", "NETWORK", "RECORD")},
    }
    return {
        name.removeprefix("COUNTERS_PATH_").lower(): (value, shown.registers[name])
        for name, value in expected.items()
    }


def _waves(plan: Plan) -> tuple[str, ...]:
    return waves.flags() if plan.at is not None else ()


def _window(plan: Plan, given: Array) -> tuple[int, int, Path] | None:
    if plan.at is None:
        return None
    row = np.flatnonzero(given["sequence_number"] == plan.at)
    if not len(row):
        low, high = int(given["sequence_number"].min()), int(given["sequence_number"].max())
        raise path_day.DayError(f"AT={plan.at}: messages are {low} to {high}")
    last = int(given["cycle"][row[0]])
    return max(last - _BEFORE, 0), last + _AFTER, plan.folder / f"message_{plan.at}.fst"


def copied(source: Path, to: Path) -> Path:
    """A fresh copy of a folder."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(source, to)
    return to
