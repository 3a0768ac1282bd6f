"""One run of the path: frames, the host's expectation written and hashed, the RTL, the comparison.

What was expected and what was observed stands in build/path/last afterwards, for `tickwire explain`
(tickwire.explain.last_run).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.rtl import HW
from models.deploy.convert import Network, conversion
from models.deploy.source import find as find_network
from sim.lib import waves
from sim.run_path.day import Day, DayError, find
from sim.run_path.judge import Level, Mismatch, judge
from sim.run_path.latency import Stages, Waits, stages, waits
from tickwire.board.virtual.builds import SPACING, START
from tickwire.board.virtual.core import Core, CoreObserved, writes
from tickwire.explain import last_run
from tickwire.gen.records import SLOTS
from tickwire.replay import path
from tickwire.replay.books import replay
from tickwire.replay.feed import Received
from tickwire.replay.path import Expected
from tickwire.replay.signals import SETTINGS, Signals
from tickwire.wire.traffic import HERTZ, Traffic, wire_cycles

Array = npt.NDArray[Any]
Progress = Callable[[str, int, int], None]  # what is done, how much of it, of how much

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
    feeds: tuple[str, ...] = ()  # of a capture, those chosen
    at: int | None = None  # waves around this message
    hw: Path = HW
    network: Callable[[Path], Path] | None = None  # another copy of the network's files
    folder: Path = last_run.FOLDER


@dataclass(frozen=True)
class Run:
    """What was run, and the two sides of it."""

    plan: Plan
    day: Day
    network: Network
    traffic: Traffic
    settings: Array  # of every slot
    received: Received
    expected: Expected
    digest: str
    observed: CoreObserved
    levels: list[Level]
    stages: Stages | None

    @property
    def model(self) -> str:
        return self.network.source.name

    @property
    def unit(self) -> int:
        """Of a score, as an integer."""
        return 1 << self.network.signature.fraction

    @property
    def messages(self) -> int:
        return len(self.received.messages)

    @property
    def counters(self) -> dict[str, tuple[int, int]]:
        """By name what registers must hold at the end, and what they held."""
        decisions = np.bincount(self.expected.signals["decision"], minlength=3).tolist()
        expected = {
            "MODEL": self.network.model_id,
            "COUNTERS_PATH_MESSAGES": self.messages,
            "COUNTERS_PATH_BOOK_MESSAGES": self.received.events["book_messages"],
            "COUNTERS_PATH_GAPS": len(self.received.missing),
            "COUNTERS_PATH_INFERENCES": int(self.expected.steps.sum()),
            "COUNTERS_PATH_SIGNALS_NONE": decisions[0],
            "COUNTERS_PATH_SIGNALS_BUY": decisions[1],
            "COUNTERS_PATH_SIGNALS_SELL": decisions[2],
            **{f"COUNTERS_PATH_{name}_DROPS": 0 for name in ("FEED", "BOOK", "NETWORK", "RECORD")},
        }
        return {
            name.removeprefix("COUNTERS_PATH_").lower(): (value, self.observed.registers[name])
            for name, value in expected.items()
        }

    @property
    def mismatches(self) -> int:
        wrong = sum(1 for expected, observed in self.counters.values() if expected != observed)
        return sum(level.mismatches for level in self.levels) + wrong

    @property
    def fault(self) -> Mismatch | None:
        """The first difference of the first level on the path that has any."""
        return next((level.first for level in self.levels if level.first), None)

    @property
    def rate(self) -> int:
        """Messages a second, as the wire carried them."""
        first = self.traffic.first
        last = wire_cycles(self.traffic.frames.lengths[-1:], self.plan.width)[0]
        return self.messages * HERTZ[self.plan.width] // int(first[-1] + last - first[0])

    def waits(self) -> Waits:
        """What held signals up; the stages must be known."""
        spacing, loop = SPACING[self.plan.width], self.network.loop
        return waits(self.observed, self.expected, spacing, loop)


def settings(plan: Plan, fraction: int) -> Array:
    """What every slot's registers are given."""
    rows = np.zeros(SLOTS, SETTINGS)
    unit = 1 << fraction
    rows["buy_threshold"] = round(plan.threshold * unit)
    rows["sell_threshold"] = -round(plan.threshold * unit)
    rows["hysteresis"] = round(plan.hysteresis * unit)
    rows["minimum_interval"] = plan.interval // _UNIT
    return rows


def play(plan: Plan, progress: Progress = quiet) -> Run:
    """Expect, then simulate, then compare."""
    source = find_network(plan.model)  # what is wrong with it is said before anything heavy
    progress("making the day", 0, 0)
    day = find(plan.data, plan.events, plan.seed, plan.symbols, plan.feeds)
    if not len(day.frames):
        raise DayError(f"{plan.data}: holds no frame")
    network = conversion(source, progress)
    traffic = Traffic.of(day.frames, plan.width, space=plan.space, start=START)
    progress("replaying it on the host", 0, 0)
    books = replay(traffic, day.registers, plan.width)
    slots = settings(plan, network.signature.fraction)
    signals = Signals(slots, network.model_id)
    expected = path.replay(books.operations, books.outcome, network, signals)
    window = _window(plan, books.received)  # what can't be is refused before anything is built
    digest = last_run.write_expected(plan.folder, expected)
    observed = _simulate(plan, day, network, traffic, slots, window, progress)
    progress("comparing", 0, 0)
    expected = last_run.read_expected(plan.folder, digest)
    levels, cycles = judge(observed, expected), stages(observed, expected)
    run = Run(
        plan, day, network, traffic, slots, books.received, expected, digest, observed, levels,
        cycles,
    )  # fmt: skip
    last_run.write_observed(plan.folder, _about(run), observed)
    return run


def _simulate(
    plan: Plan,
    day: Day,
    network: Network,
    traffic: Traffic,
    slots: Array,
    window: tuple[int, int, Path] | None,
    progress: Progress,
) -> CoreObserved:
    sources = network.sources
    if plan.network is not None:
        copy = plan.network(network.folder)
        sources = tuple(copy / source.relative_to(network.folder) for source in sources)
    flags = waves.flags() if plan.at is not None else ()
    core = Core(plan.width, sources, plan.gated, plan.hw, flags)
    progress("building the simulator", 0, 0)
    _ = core.program
    total = len(traffic.frames)
    return core.run(
        traffic,
        writes(day.registers, slots),
        seed=plan.seed,
        wave=window,
        progress=lambda _, frames: progress("frames through the RTL", frames, total),
    )


def _about(run: Run) -> last_run.About:
    unit, slot = run.unit, run.settings[0]  # every slot's are the same
    held = {
        "buy_threshold": int(slot["buy_threshold"]) / unit,
        "sell_threshold": int(slot["sell_threshold"]) / unit,
        "hysteresis": int(slot["hysteresis"]) / unit,
        "interval_ns": int(slot["minimum_interval"]) * _UNIT,
    }
    return last_run.About(
        day=run.day.name,
        symbols=run.day.symbols,
        model=run.model,
        model_id=f"{run.network.model_id:016x}",
        score_fraction=run.network.signature.fraction,
        settings=held,
        width=run.plan.width,
        hertz=HERTZ[run.plan.width],
        messages=run.messages,
        expected=run.digest,
        mismatches=run.mismatches,
    )


def _window(plan: Plan, received: Received) -> tuple[int, int, Path] | None:
    """Cycles of a wave, and its file."""
    if plan.at is None:
        return None
    numbers = received.messages["sequence_number"]
    rows = np.flatnonzero(numbers == plan.at)
    if not len(rows):
        span = f"{int(numbers.min())} to {int(numbers.max())}"
        raise DayError(f"AT={plan.at}: messages are {span}")
    last = int(received.messages["cycle"][rows[0]])
    return max(last - _BEFORE, 0), last + _AFTER, plan.folder / f"message_{plan.at}.fst"


def copied(source: Path, to: Path) -> Path:
    """A fresh copy of a folder."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(source, to)
    return to
