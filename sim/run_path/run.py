"""One run of the path: frames, the host's expectation written and hashed, the RTL, the comparison.

What was expected and what was observed stands in build/path/last afterwards, for `tickwire explain`
(tickwire.explain.last_run).
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from hwtools.compiled import said
from hwtools.progress import Watch, quiet
from hwtools.toolchain import BUILD
from models.deploy.convert import Network, conversion
from models.deploy.source import find as find_network
from models.nets.student import OUTPUTS
from sim.lib import waves
from sim.run_path.day import Day, find
from sim.run_path.judge import Level, Mismatch, judge
from sim.run_path.latency import Stages, Waits, stages, waits
from sim.run_path.orders import Ordered, desk, judged
from sim.run_path.orders import settings as order_settings
from sim.run_path.plan import DayError, Plan
from tickwire.board.virtual.builds import SPACING, START
from tickwire.board.virtual.core import FLUSH, Core, CoreObserved, writes
from tickwire.board.virtual.desk import Commands, Desk
from tickwire.board.virtual.feed_book import beyond
from tickwire.explain import last_run
from tickwire.gen.records import SLOTS, Check
from tickwire.replay import path
from tickwire.replay.books import Replayed, replay
from tickwire.replay.feed import Received
from tickwire.replay.path import Expected
from tickwire.replay.signals import SETTINGS, Signals
from tickwire.risk.limits import Limits, load
from tickwire.wire.traffic import HERTZ, Traffic, wire_cycles

Array = npt.NDArray[Any]

WAVES = BUILD / "path" / "waves"
_BEFORE, _AFTER = 64, 160  # cycles of a wave around its message
_UNIT = 1_024  # ns of a minimum interval
_NEVER = "PACKETS_RESENT", "BAD_SEGMENTS", "OTHER_FRAMES", "DOUBTS"  # on a line without faults


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
    ordered: Ordered
    commands: Commands  # the host's
    limits: Limits | None

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
            **self._counted,
            **self._failed,
            **{f"COUNTERS_PATH_{name}_DROPS": 0 for name in ("FEED", "BOOK", "NETWORK", "RECORD")},
        }
        if self.plan.window:
            for feed, count in enumerate(self.received.reordered):
                expected[f"COUNTERS_FEEDS_REORDERED[{feed}]"] = count
        return {
            name.removeprefix("COUNTERS_PATH_").lower(): (value, self.observed.registers[name])
            for name, value in expected.items()
        }

    @property
    def _counted(self) -> dict[str, int]:
        """What the way out must have counted."""
        orders = self.ordered.expected
        passed = int((orders.decisions["failed"] == 0).sum())
        cancels = 0 if orders.cancels is None else 2
        counts = {
            "ORDERS": passed,
            "REFUSED_ORDERS": len(orders.decisions) - passed,
            "ORDER_MESSAGES": len(orders.messages),
            "UNWRITABLE_ORDERS": orders.unwritable,
            "LINK_PACKETS_SENT": len(self.ordered.left) + cancels,
            "LINK_CANCELS": cancels,
            "LINK_ORDERS_HELD": len(orders.messages) - len(self.ordered.left),
            "LINK_MESSAGES_HEARD": len(self.observed.heard),
            **{f"LINK_{name}": 0 for name in _NEVER},
        }
        return {f"COUNTERS_PATH_{name}": count for name, count in counts.items()}

    @property
    def _failed(self) -> dict[str, int]:
        """What each slot's counter of each check must hold, of the decisions that were expected."""
        decisions = self.ordered.expected.decisions
        return {
            failing(check, slot): int(count)
            for check in Check
            for slot, count in enumerate(
                np.bincount(decisions["slot"][_fails(decisions, check)], minlength=SLOTS)
            )
        }

    @property
    def failed(self) -> dict[str, int]:
        """Intended orders by the checks that they failed, as the hardware counted them."""
        held = self.observed.registers
        counts = {
            check.name.lower().replace("_", " "): sum(
                held[failing(check, slot)] for slot in range(SLOTS)
            )
            for check in Check
        }
        return {name: count for name, count in counts.items() if count}

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


def failing(check: Check, slot: int) -> str:
    """The register that counts how often it failed of a slot."""
    return f"RISK_CHECKS_{check.name}[{slot}]"


def _fails(decisions: Records, check: Check) -> Array:
    fails: Array = decisions["failed"] >> np.uint64(check) & np.uint64(1) != 0
    return fails


def settings(plan: Plan, fraction: int) -> Array:
    """What every slot's registers are given."""
    rows = np.zeros(SLOTS, SETTINGS)
    unit = 1 << fraction
    values = {
        "buy_threshold": round(plan.threshold * unit),
        "sell_threshold": -round(plan.threshold * unit),
        "hysteresis": round(plan.hysteresis * unit),
        "minimum_interval": plan.interval // _UNIT,
    }
    for name, value in values.items():
        try:
            rows[name] = value
        except OverflowError:
            raise DayError(f"{name}: {value:,} is too large for its register") from None
    return rows


class _Nothing:
    """The network of a replay that asks only which vectors step."""

    def scores(self, vectors: Array, clear: Array) -> Array:  # noqa: ARG002
        return np.zeros((len(vectors), OUTPUTS), np.int64)


def play(plan: Plan, progress: Watch = quiet) -> Run:
    """Expect, then simulate, then compare. Where the plan names no folder, what `tickwire explain`
    reads is replaced at the end: others may run beside."""
    with said(progress) as watch:
        if plan.folder is not None:
            plan.folder.mkdir(parents=True, exist_ok=True)
            return _play(plan, plan.folder, watch)
        with last_run.replaced() as folder:
            return _play(plan, folder, watch)


def _play(plan: Plan, folder: Path, progress: Watch) -> Run:
    limits = None if plan.limits is None else load(plan.limits)
    source = find_network(plan.model)  # what is wrong with it is said before anything heavy
    day = _day(plan, progress)
    traffic = Traffic.of(day.frames, plan.width, space=plan.space, start=START)
    progress("replaying it on the host", 0, 0)
    books = replay(traffic, day.registers, plan.width)
    window = _window(plan, books.received)  # what can't be is refused before anything is built
    if plan.warm and not _steps(books).any():
        raise DayError(f"{day.name}: {_why_never(plan, books.received)}")
    network = conversion(source, progress)
    slots = settings(plan, network.signature.fraction)
    progress("scoring it on the host", 0, 0)
    signals = Signals(slots, network.model_id)
    expected = path.replay(books.operations, books.outcome, network, signals)
    digest = last_run.write_expected(folder, expected)
    flush = FLUSH + beyond(books.received, traffic)
    makes = order_settings(day.registers, plan.shares)
    told = desk(limits, books, network.model_id, int(traffic.first.max()))
    sent = writes(day.registers, slots, makes)
    observed = _simulate(plan, network, traffic, sent, told, window, flush, progress)
    expected = last_run.read_expected(folder, digest)
    levels = judge(observed, expected, progress)
    ordered = judged(observed, expected, books.received.market, told, makes, plan.width)
    run = Run(
        plan, day, network, traffic, slots, books.received, expected, digest, observed,
        levels + ordered.levels, stages(observed, expected, ordered), ordered,
        told.commands, limits,
    )  # fmt: skip
    last_run.write_observed(folder, _about(run), observed)
    return run


def joined(plan: Plan, received: Received) -> str:
    """Of a session whose first message wasn't there, where that was; else nothing."""
    if not received.late_joins:
        return ""
    number = int(received.messages["sequence_number"][0])
    trust = "trusted from there on" if plan.trust else "not trusted until a snapshot"
    return f"joined at message {number:,}: {trust}"


def _why_never(plan: Plan, received: Received) -> str:
    """Why the network never runs."""
    late = joined(plan, received)
    if late and not plan.trust:
        return f"{late}; --trust-from-here (TRUST=here) believes its books"
    count = len(received.messages)
    if len(received.missing):
        first, lacking = (int(received.missing[0][name]) for name in ("first", "count"))
        gap = f"messages {first:,} to {first + lacking - 1:,} lack"
        return f"the network never runs: {gap}, and every book is stale from there; {count:,} came"
    return f"the network never runs: {count:,} messages are too few to warm up; give more"


def prepared(plan: Plan) -> Array:
    """Which vectors of a plan's day step; nothing is converted or built for that."""
    day = _day(plan, quiet)
    traffic = Traffic.of(day.frames, plan.width, space=plan.space, start=START)
    return _steps(replay(traffic, day.registers, plan.width))


def _steps(books: Replayed) -> Array:
    none = Signals(np.zeros(SLOTS, SETTINGS), 0)
    return path.replay(books.operations, books.outcome, _Nothing(), none).steps


def _day(plan: Plan, progress: Watch) -> Day:
    progress("making the day", 0, 0)
    window = plan.window.cycles(HERTZ[plan.width])
    day = find(
        plan.data, plan.events, plan.seed, plan.symbols, plan.feeds, trust=plan.trust, window=window
    )
    if not len(day.frames):
        raise DayError(f"{plan.data}: holds no frame")
    return day


def _simulate(
    plan: Plan,
    network: Network,
    traffic: Traffic,
    sent: list[tuple[int, int]],
    told: Desk,
    window: tuple[int, int, Path] | None,
    flush: int,
    progress: Watch,
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
        sent,
        desk=told,
        seed=plan.seed,
        flush=flush,
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
        window=run.day.registers.window,
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
    file = (plan.folder or WAVES) / f"message_{plan.at}.fst"
    return max(last - _BEFORE, 0), last + _AFTER, file


def copied(source: Path, to: Path) -> Path:
    """A fresh copy of a folder."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(source, to)
    return to
