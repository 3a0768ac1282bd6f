"""`make measure NAME=path`: the whole path in RTL against the host's replay.

Whole days, three networks, both widths; frames far apart and back to back; clocks gated and not.

Every row has the number of rows compared. `--only NAME` runs one part, `--events` makes the
generated day smaller, `--model` and `--width` keep to one. Without LOBSTER's samples their rows are
left out, with a line (TICKWIRE_DATA). What was done of the same sources is kept: after Ctrl-C it
goes on from there.
"""

from __future__ import annotations

import json
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from hwtools.command import Parser, ended
from hwtools.progress import watched
from hwtools.rename import by_rename
from hwtools.report import Report
from hwtools.toolchain import BUILD, ToolError, activate
from sim.measure.kept import once
from sim.run_path.latency import Waits, spread
from sim.run_path.plan import LIMITS, Plan
from sim.run_path.report import ZERO, rows
from sim.run_path.run import Run
from sim.run_path.run import play as played
from tickwire.data import samples

MODELS = ("mlp", "cnn", "lstm_attn")
# Last byte to signal where nothing waits, by model: at W = 8; at 64 it may be 2 more.
BOUND = {"mlp": 30, "cnn": 34, "lstm_attn": 46}
IDLE = 200  # cycles between frames
FOLDER = BUILD / "path" / "measured"
SPEED = 500_000  # cycles a second, clocks of blocks that rest standing


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    events: int = 300_000
    short: int = 50_000
    seed: int = 1
    models: tuple[str, ...] = MODELS
    widths: tuple[int, ...] = (8, 64)

    def each(self) -> Iterator[tuple[str, int]]:
        return ((model, width) for model in self.models for width in self.widths)


def play(report: Report, plan: Plan, name: str, part: Callable[[Report, Run, str], None]) -> None:
    def make(report: Report) -> None:
        begun = time.monotonic()
        with watched() as watch:
            run = played(plan, watch)
        part(report, run, name)
        if run.fault:
            print(f"{name}: {run.fault}", file=sys.stderr)
        print(f"{name}: {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)

    once(FOLDER, report, f"{name}, {plan.events} messages, seed {plan.seed}", make)


def whole(report: Report, run: Run, name: str) -> None:
    rows(report, run, name)
    if run.stages is not None:
        _waits(report, run, name)


def lobsters(report: Report, size: Size) -> None:
    """Whole days of one instrument, as they come."""
    for sample in (samples.AMZN, samples.AAPL):
        if not (samples.FOLDER / sample).exists():
            where = f"{sample} isn't in {samples.FOLDER}"
            print(f"{where}: left out (set TICKWIRE_DATA)", file=sys.stderr)
            continue
        for model, width in size.each():
            file, symbol = str(samples.FOLDER / sample), sample.split("_")[2]
            plan = Plan(file, None, model, width, size.seed, folder=FOLDER, limits=_named(symbol))
            play(report, plan, f"{symbol}, {model}, W={width}", whole)


def _named(symbol: str) -> Path:
    """The limits of a generated day's first slot, for this instrument."""
    table = tomllib.loads(LIMITS.read_text())
    first = {**table["slots"]["0"], "symbol": symbol}
    lines = ["[total]", *(f"{name} = {value}" for name, value in table["total"].items())]
    lines += ["[slots.0]", *(f"{name} = {json.dumps(value)}" for name, value in first.items())]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with by_rename(FOLDER / f"limits_{symbol}.toml") as part:
        part.write_text("\n".join(lines) + "\n")
    return FOLDER / f"limits_{symbol}.toml"


def day(report: Report, size: Size) -> None:
    """A generated day of eight instruments, everything in it, at line rate."""
    for model, width in size.each():
        plan = _generated("flow", size.events, model, width, size.seed)
        play(report, plan, f"generated day, {model}, W={width}", whole)


def _generated(kind: str, events: int, model: str, width: int, seed: int, space: int = 0) -> Plan:
    return Plan(kind, events, model, width, seed, space, folder=FOLDER, limits=LIMITS)


def market(report: Report, size: Size) -> None:
    """A slice of the market's day: what `make sim` plays."""
    for model, width in size.each():
        plan = _generated("market", size.short, model, width, size.seed)
        play(report, plan, f"market, {model}, W={width}", whole)


def latency(report: Report, size: Size) -> None:
    """Frames far apart and back to back: what each stage takes at least and at most."""
    for model, width in size.each():
        for traffic, space in (("idle", IDLE), ("saturated", 0)):
            plan = _generated("market", size.short, model, width, size.seed, space)
            play(report, plan, f"{model}, W={width}, {traffic}", _latencies)


def _latencies(report: Report, run: Run, name: str) -> None:
    report.row(name, "mismatches", run.mismatches, "rows", n=len(run.expected.signals), **ZERO)
    if run.stages is None:
        return
    kind = next(model for model in MODELS if run.model.startswith(model))
    bound = BOUND[kind] + (2 if run.plan.width == 64 else 0)
    for stage, values in run.stages.cycles.items():
        if not len(values):
            continue
        low, _, _, high = spread(values)
        metric = "latency_of_" + stage.replace(", ", "_").replace(" ", "_")
        report.row(name, f"{metric}_min", low, "cycles", n=len(values), how="simulated")
        report.row(name, f"{metric}_max", high, "cycles", n=len(values), how="simulated")
    waits = _waits(report, run, name)
    for metric, value in (("unwaited", waits.least), ("unwaited_max", waits.most)):
        report.row(name, f"latency_tick_to_signal_{metric}", value, "cycles", n=waits.unwaited,
                   how="simulated", bound=bound, op="<=")  # fmt: skip


def _waits(report: Report, run: Run, name: str) -> Waits:
    """Each signal takes what the least takes, and what it must have waited for others."""
    waits = run.waits()
    for cause, count in waits.causes.items():
        report.row(name, f"signals_later_for_{cause}", count, "signals", n=waits.all,
                   how="simulated")  # fmt: skip
    report.row(name, "signals_later_for_no_known_cause", waits.unknown, "signals", n=waits.all,
               **ZERO)  # fmt: skip
    return waits


def gated(report: Report, size: Size) -> None:
    """The simulator with clocks that stand where they may, and with all running: the same rows."""
    for model in size.models:
        key = f"{model}, gated and not, {size.short} messages, seed {size.seed}"
        once(FOLDER, report, key, partial(_gated, size=size, model=model))


def _gated(report: Report, size: Size, model: str) -> None:
    records = {}
    for stands in (True, False):
        plan = Plan("market", size.short, model, 8, size.seed, gated=stands, folder=FOLDER)
        with watched() as watch:
            run = played(plan, watch)
        records[stands] = run.observed.records
        name = f"{model}, W=8, {'gated' if stands else 'ungated'}"
        speed = int(run.observed.cycles / max(run.observed.seconds, 1e-9))
        bound, op = (SPEED, ">=") if stands else (None, None)
        report.row(name, "simulator", speed, "cycles/s", n=run.observed.cycles, bound=bound, op=op,
                   how="measured on host")  # fmt: skip
        report.row(name, "mismatches", run.mismatches, "rows", n=len(run.expected.signals),
                   **ZERO)  # fmt: skip
    same = all(
        np.array_equal(one, two)
        for name in records[True]
        for one, two in zip(records[True][name], records[False][name], strict=True)
    )
    report.row(f"{model}, W=8", "gated_differs_from_ungated", int(not same), "",
               n=len(records[True]["signals"][0]), **ZERO)  # fmt: skip
    print(f"{model}, gated and not: done", file=sys.stderr, flush=True)


PARTS: dict[str, Callable[[Report, Size], None]] = {
    "market": market,
    "latency": latency,
    "gated": gated,
    "day": day,
    "lobster": lobsters,
}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = Parser(prog="make measure NAME=path", description=__doc__)
    parser.add_argument(
        "--events", type=int, default=Size.events, help="messages of a generated day"
    )
    parser.add_argument("--short", type=int, default=Size.short, help="messages of the short days")
    parser.add_argument("--seed", type=int, default=Size.seed, help="of all that is drawn")
    parser.add_argument(
        "--only",
        action="append",
        choices=[*PARTS],
        default=[],
        help="this part alone; repeatable; default: all",
    )
    parser.add_argument(
        "--model",
        action="append",
        choices=MODELS,
        default=[],
        help="this network alone; repeatable; default: all",
    )
    parser.add_argument(
        "--width",
        action="append",
        type=int,
        choices=(8, 64),
        default=[],
        help="bits of a beat; repeatable; default: both",
    )
    args = parser.parse_args(arguments)
    size = Size(args.events, args.short, args.seed, tuple(args.model) or MODELS,
                tuple(args.width) or (8, 64))  # fmt: skip
    activate()
    report = Report("path", "make measure NAME=path", args.seed)
    try:
        for name, part in PARTS.items():
            if not args.only or name in args.only:
                part(report, size)
    except (OSError, ValueError, ToolError) as error:
        print(f"path: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("path: interrupted", file=sys.stderr)
        return 130
    for row in report.rows:
        if row.op or row.metric.startswith("latency"):
            failed = "" if row.holds in (None, True) else "  FAILS"
            bound = f"{row.op} {row.bound}" if row.op else ""
            value = f"{row.value:,}" if isinstance(row.value, int) else row.value
            print(f"{row.case:32} {row.metric:44} {value} {row.unit} {bound}{failed}")
    whole_run = not (args.only or args.model or args.width)
    print(report.write() if whole_run else report.write(FOLDER.parent / "reports"))
    return bool(report.failed)


if __name__ == "__main__":
    sys.exit(ended("path", main))
