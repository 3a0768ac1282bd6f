"""`make sim`: the whole path, frames in and signals out, against the host's replay; one table.

The network is converted by hls4ml (`models.deploy.convert`), the core is Verilated around it, and a
slice of a day goes through at line rate. What must come out is computed and hashed first. DATA= is
market or flow (generated), a LOBSTER zip, an ITCH file or a capture; EVENTS= so many messages, or
all; MODEL= a kept student, a kind or a TOML file; W= 8 or 64. Exit 1 where anything differs.

A TOML file names a network of your own, in fixed point (openrtl.torch), with 3 to 5 outputs (down,
flat, up, return, volatility); features are those of docs/reference/features.md, in the order of the
table:

    [model]
    file = "my_net.py"            # beside the TOML file
    class = "MyNet"               # a torch module, made without arguments
    weights = "w.pt"              # a state_dict; may be left out
    features = ["spread", "flow_8"]
"""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from hwtools.report import REPORTS, Report
from hwtools.toolchain import ROOT, ToolError, activate
from models.deploy.check import NetworkError
from models.train.students import StudentError
from openrtl.refuse import RefusedError
from sim.lib.runner import seed
from sim.run_path import day as path_day
from sim.run_path import judge as path_judge
from sim.run_path import page as path_page
from sim.run_path import run as path_run
from sim.run_path.judge import Level
from sim.run_path.run import Plan, Run
from tickwire.book.lobster import LobsterError
from tickwire.data.events import DataError
from tickwire.exchange.flow import FlowError
from tickwire.exchange.market import MarketError
from tickwire.gen.records import Action, Reason
from tickwire.wire.chunks import WireError
from tickwire.wire.traffic import HERTZ

EXPECTED = (
    *(path_day.DayError, NetworkError, StudentError, RefusedError, ToolError, DataError),
    *(FlowError, MarketError, LobsterError, WireError),
)
ZERO: dict[str, Any] = {"how": "simulated", "bound": 0, "op": "<="}


def case(run: Run) -> str:
    """What a report calls the run."""
    return f"{run.day.name}, {run.model}, W={run.plan.width}"


def decisions(run: Run) -> dict[str, int]:
    """Signals by what was decided, and why not."""
    shown = run.shown.rows("signals")
    told = {}
    for action in (Action.BUY, Action.SELL):
        told[action.name.lower()] = int((shown["decision"] == action).sum())
    reasons, counts = np.unique(shown["reason"], return_counts=True)
    for reason, count in zip(reasons.tolist(), counts.tolist(), strict=True):
        if reason != Reason.OK:
            told[f"none, {Reason(reason).name.lower().replace('_', ' ')}"] = count
    return told


def strengths(run: Run) -> str:
    """Of the steps: score up less score down, in the network's units."""
    shown = run.shown.rows("signals")
    stepped = np.isin(shown["reason"], _STEPPED) | (shown["decision"] != Action.NONE)
    values = shown["strength"][stepped] / (1 << run.score_fraction)
    if not len(values):
        return "no step"
    return " ".join(f"{value:+.2f}" for value in np.percentile(values, [0, 5, 50, 95, 100]))


_STEPPED = (Reason.BELOW_THRESHOLD, Reason.HYSTERESIS, Reason.TOO_SOON)


# -- Figures ---------------------------------------------------------------------------------------


def rows(report: Report, run: Run, name: str | None = None) -> None:
    """One run's figures."""
    what = name or case(run)
    about: dict[str, Any] = {"how": "simulated"}
    report.row(what, "messages", run.messages, "messages", n=run.messages, **about)
    report.row(what, "signals", len(run.shown.records["signals"][0]), "signals",
               n=len(run.told.signals), **about)  # fmt: skip
    steps = int(run.told.steps.sum())
    report.row(what, "inferences", steps, "steps", n=len(run.told.vectors), **about, bound=1,
               op=">=")  # fmt: skip
    for level in run.levels:
        report.row(what, f"{level.name}_compared", level.compared, "rows", n=level.expected,
                   **about, bound=level.expected, op="==")  # fmt: skip
        report.row(what, f"{level.name}_mismatches", level.mismatches, "rows", n=level.compared,
                   **ZERO)  # fmt: skip
    wrong = sum(expected != read for expected, read in run.counters.values())
    report.row(what, "counters_that_differ", wrong, "counters", n=len(run.counters), **ZERO)
    drops = sum(read for name, (_, read) in run.counters.items() if name.endswith("_drops"))
    report.row(what, "drops", drops, "drops", n=run.messages, **ZERO)
    report.row(what, "rate", run.rate, "messages/s", n=run.messages, **about)
    for stage, values in (run.stages.cycles if run.stages else {}).items():
        if len(values):
            for figure, value in zip(_FIGURES, path_judge.spread(values), strict=True):
                metric = f"latency_of_{stage.replace(', ', '_').replace(' ', '_')}_{figure}"
                report.row(what, metric, value, "cycles", n=len(values), **about)
    for decision, count in decisions(run).items():
        report.row(
            what,
            f"signals_{decision.replace(', ', '_').replace(' ', '_')}",
            count,
            "signals",
            n=len(run.told.signals),
            **about,
        )
    speed = int(run.shown.cycles / max(run.shown.seconds, 1e-9))
    report.row(what, "simulator", speed, "cycles/s", n=run.shown.cycles, how="measured on host")


_FIGURES = ("min", "p50", "p99", "max")


def table(run: Run) -> Table:
    """The one table: 80 columns are enough for a day of millions."""
    period = 1e9 / HERTZ[run.plan.width]
    made = Table(title=case(run), box=box.SIMPLE_HEAD, padding=0, title_justify="left")
    for name in ("", "rows", "wrong", "min", "p50", "p99", "max", "ns"):
        made.add_column(name, justify="right" if name else "left", no_wrap=True)
    made.add_row("messages", f"{run.messages:,}", end_section=True)
    stages = run.stages.cycles if run.stages else {}
    for level in run.levels:
        told = (_compared(level), _wrong(level.mismatches))
        made.add_row(level.name, *told, *_spread(stages.get(level.name), period))
    bad = sum(expected != read for expected, read in run.counters.values())
    made.add_row("registers", f"{len(run.counters)}", _wrong(bad))
    made.add_section()
    for name in _WHOLE:
        if len(stages.get(name, ())):
            made.add_row(name, f"{len(stages[name]):,}", "", *_spread(stages[name], period))
    made.add_section()
    made.add_row("signals", f"{len(run.told.signals):,}")
    for decision, count in decisions(run).items():
        made.add_row(f"  {decision}", f"{count:,}")
    return made


def notes(run: Run) -> list[str]:
    """What the table's figures are, and those that aren't rows."""
    width, period = run.plan.width, 1e9 / HERTZ[run.plan.width]
    return [
        f"{run.rate:,} messages a second, at line rate. Strength of the steps, min p5 p50 p95 max: "
        f"{strengths(run)}.",
        "min to max: cycles, simulated, of each stage; tick to signal: from the edge that accepts "
        f"a message's last byte. ns at {period:g} ns, the wire's clock at W={width}, not what a "
        "part reached.",
        f"Expected rows were written first: sha256 {run.digest[:16]}.",
    ]


_WHOLE = ("tick to signal", "tick to signal, others")


def _compared(level: Level) -> str:
    """Every row that was expected, unless it says otherwise."""
    if level.compared == level.expected:
        return f"{level.compared:,}"
    return f"[red]{level.compared:,} of {level.expected:,}[/]"


def _wrong(count: int) -> str:
    return f"[red]{count:,}[/]" if count else "0"


def _spread(values: Any, period: float) -> list[str]:
    if values is None or not len(values):
        return []
    low, half, most, high = path_judge.spread(values)
    ns = f"{low * period:.0f}" if low == high else f"{low * period:.0f} to {high * period:.0f}"
    return [f"{low}", f"{half}", f"{most}", f"{high}", ns]


# -- The command -----------------------------------------------------------------------------------


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make sim", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", default=Plan.data, help="market, flow, or a file")
    parser.add_argument(
        "--events", default=f"{Plan.events}", help="messages (of a capture: frames), or all"
    )
    parser.add_argument("--model", default=Plan.model)
    parser.add_argument("--width", default=f"{Plan.width}", help="8 or 64")
    parser.add_argument("--space", type=int, default=0, help="idle cycles between frames")
    parser.add_argument("--threshold", type=float, default=Plan.threshold, help="buy from, sell to")
    parser.add_argument("--hysteresis", type=float, default=Plan.hysteresis)
    parser.add_argument("--interval", type=int, default=Plan.interval, help="ns between decisions")
    parser.add_argument(
        "--symbol",
        action="append",
        default=[],
        help="of a file's instruments, at most 8; repeatable",
    )
    parser.add_argument("--at", type=int, help="waves around this message, a sequence number")
    parser.add_argument("--ungated", action="store_true", help="let all clocks run, always")
    return parser.parse_args(arguments)


def _plan(told: argparse.Namespace) -> Plan:
    events = None
    if told.events != "all":
        if not told.events.isdigit() or not int(told.events):
            raise path_day.DayError(f"EVENTS={told.events}: a whole number above 0, or all")
        events = int(told.events)
    if told.width not in map(str, HERTZ):
        raise path_day.DayError(f"W={told.width}: {' or '.join(map(str, HERTZ))}")
    if told.space < 0 or told.interval < 0:
        raise path_day.DayError("space and interval aren't below 0")
    if not (0 <= told.threshold < math.inf and 0 <= told.hysteresis < math.inf):
        raise path_day.DayError("threshold and hysteresis are numbers that aren't below 0")
    return Plan(
        told.data, events, told.model, int(told.width), seed(), told.space, told.threshold,
        told.hysteresis, told.interval, not told.ungated, tuple(told.symbol), _at(told),
    )  # fmt: skip


def _at(told: argparse.Namespace) -> int | None:
    """The message that waves are wanted of."""
    if os.environ.get("WAVES", "") in ("", "0"):
        return None if told.at is None else int(told.at)
    at = os.environ.get("AT") or f"{told.at or 1}"
    if not at.isdecimal():
        raise path_day.DayError(f"AT={at}: a message's sequence number")
    return int(at)


def watched(plan: Plan, console: Console) -> Run:
    """Run it behind a progress bar."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    shown = Progress(*columns, TimeElapsedColumn(), console=console, transient=True,
                     disable=not console.is_terminal)  # fmt: skip
    with shown as progress:
        task = progress.add_task("", total=None)

        def tell(what: str, done: int, total: int) -> None:
            progress.update(task, description=what, completed=done, total=total or None)

        return path_run.run(plan, tell)


def main(arguments: Sequence[str] | None = None) -> int:
    told = _arguments(arguments)
    activate()
    console = Console()
    try:
        run = watched(_plan(told), Console(stderr=True))
    except (*EXPECTED, ValueError) as error:
        print(f"sim: {error}", file=sys.stderr)
        return 2
    except OverflowError as error:
        print(f"sim: a threshold, hysteresis or interval is too large: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("sim: stopped; finished builds are kept", file=sys.stderr)
        return 130
    report = Report("sim", "make sim", run.plan.seed)
    rows(report, run)
    console.print(table(run))
    for note in notes(run):
        console.print(note, highlight=False)
    written = report.write()
    page = path_page.write(run, REPORTS / "sim.html")
    if run.fault:
        console.print(f"[red]FAIL[/] {escape(str(run.fault))}", soft_wrap=True)
    for name, (expected, read) in run.counters.items():
        if expected != read:
            console.print(f"[red]FAIL[/] register {name}: expected {expected}, read {read}")
    if not run.told.steps.any():
        console.print(
            "[red]FAIL[/] the network never ran: too short a day to warm up; give more EVENTS"
        )
    if not run.mismatches and not report.failed:
        console.print("[green]OK[/] every row of every level is the host's", highlight=False)
    if run.shown.wave:
        console.print(f"waves: gtkwave {_here(run.shown.wave)}  (or: surfer)", soft_wrap=True)
    console.print(f"report: {_here(written)}, {_here(page)}", soft_wrap=True)
    console.print("one message, stage by stage: .venv/bin/tickwire explain SEQUENCE_NUMBER")
    return 1 if run.mismatches or report.failed else 0


def _here(path: Path) -> str:
    return os.path.relpath(path, ROOT)


if __name__ == "__main__":
    sys.exit(main())
