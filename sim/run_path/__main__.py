"""`make sim`: the whole path, frames in and signals out, against the host's replay; one table.

The network is converted by hls4ml (`models.deploy.convert`), the core is Verilated around it, and a
slice of a day goes through at line rate. What must come out is computed and hashed first. DATA= is
market or flow (generated), a LOBSTER zip, an ITCH file or a capture; EVENTS= so many messages, or
all; MODEL= a kept student, a kind, a training or a TOML file; W= 8 or 64. Exit 1 where it differs.

A TOML file names a network of your own, in fixed point (openrtl.torch), with 3 to 5 outputs (down,
flat, up, return, volatility); features are those of docs/reference/features.md, in the order of its
inputs; `tickwire model check` says beforehand what it costs:

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

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from hwtools.report import REPORTS, Report
from hwtools.toolchain import ROOT, ToolError, activate
from models.deploy.check import NetworkError
from models.train.students import StudentError
from openrtl.refuse import RefusedError
from sim.lib.runner import seed
from sim.run_path import page
from sim.run_path.day import DayError
from sim.run_path.report import notes, rows, table
from sim.run_path.run import Plan, Run, play
from tickwire.book.lobster import LobsterError
from tickwire.data.events import DataError
from tickwire.exchange.flow import FlowError
from tickwire.exchange.market import MarketError
from tickwire.wire.chunks import WireError
from tickwire.wire.traffic import HERTZ

# What a user can cause ends in one line, without a traceback.
ERRORS = (
    *(DayError, NetworkError, StudentError, RefusedError, ToolError, DataError),
    *(FlowError, MarketError, LobsterError, WireError),
)


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
        help="of a file's instruments, at most 8, or NAME=locate; repeatable",
    )
    parser.add_argument(
        "--feed",
        action="append",
        default=[],
        help="of a capture: ADDRESS:PORT/SESSION, parts may be left out; repeatable",
    )
    parser.add_argument("--at", type=int, help="waves around this message, a sequence number")
    parser.add_argument("--ungated", action="store_true", help="let all clocks run, always")
    return parser.parse_args(arguments)


def _plan(args: argparse.Namespace) -> Plan:
    events = None
    if args.events != "all":
        if not args.events.isdigit() or not int(args.events):
            raise DayError(f"EVENTS={args.events}: a whole number above 0, or all")
        events = int(args.events)
    if args.width not in map(str, HERTZ):
        raise DayError(f"W={args.width}: {' or '.join(map(str, HERTZ))}")
    if args.space < 0 or args.interval < 0:
        raise DayError("space and interval aren't below 0")
    if not (0 <= args.threshold < math.inf and 0 <= args.hysteresis < math.inf):
        raise DayError("threshold and hysteresis are numbers that aren't below 0")
    return Plan(
        args.data, events, args.model, int(args.width), seed(), args.space, args.threshold,
        args.hysteresis, args.interval, not args.ungated, tuple(args.symbol), tuple(args.feed),
        _at(args),
    )  # fmt: skip


def _at(args: argparse.Namespace) -> int | None:
    """The message that waves are wanted of."""
    if os.environ.get("WAVES", "") in ("", "0"):
        return None if args.at is None else int(args.at)
    at = os.environ.get("AT") or f"{args.at or 1}"
    if not at.isdecimal():
        raise DayError(f"AT={at}: a message's sequence number")
    return int(at)


def watched(plan: Plan, console: Console) -> Run:
    """Run it behind a progress bar."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    bar = Progress(*columns, TimeElapsedColumn(), console=console, transient=True,
                   disable=not console.is_terminal)  # fmt: skip
    with bar:
        task = bar.add_task("", total=None)

        def progress(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total or None)

        return play(plan, progress)


def main(arguments: Sequence[str] | None = None) -> int:
    args = _arguments(arguments)
    activate()
    try:
        run = watched(_plan(args), Console(stderr=True))
    except (*ERRORS, ValueError) as error:
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
    failed = bool(run.mismatches or report.failed)
    console = Console()
    _show(run, console, failed)
    written, drawn = report.write(), page.write(run, REPORTS / "sim.html")
    console.print(f"report: {_here(written)}, {_here(drawn)}", soft_wrap=True)
    console.print("one message, stage by stage: .venv/bin/tickwire explain SEQUENCE_NUMBER")
    return int(failed)


def _show(run: Run, console: Console, failed: bool) -> None:
    """The table, and what is wrong."""
    console.print(table(run))
    for note in notes(run):
        console.print(note, highlight=False)
    if run.fault:
        console.print(f"[red]FAIL[/] {escape(str(run.fault))}", soft_wrap=True)
    for name, (expected, observed) in run.counters.items():
        if expected != observed:
            console.print(f"[red]FAIL[/] register {name}: expected {expected}, read {observed}")
    if not run.expected.steps.any():
        console.print(
            "[red]FAIL[/] the network never ran: too short a day to warm up; give more EVENTS"
        )
    if not failed:
        console.print("[green]OK[/] every row of every level is the host's", highlight=False)
    if run.observed.wave:
        console.print(f"waves: gtkwave {_here(run.observed.wave)}  (or: surfer)", soft_wrap=True)


def _here(file: Path) -> str:
    return os.path.relpath(file, ROOT)


if __name__ == "__main__":
    sys.exit(main())
