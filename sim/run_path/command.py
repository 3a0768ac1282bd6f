"""What `tickwire sim` does once its options are known to be right: run, compare, print."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from hwtools.progress import watched
from hwtools.report import REPORTS, Report
from hwtools.toolchain import ROOT, activate
from sim.run_path import page
from sim.run_path.plan import Plan
from sim.run_path.report import notes, rows, table
from sim.run_path.run import Run, play


def run(plan: Plan, as_json: bool) -> int:
    activate()
    with watched() as watch:
        played = play(plan, watch)
    report = Report("sim", "make sim", plan.seed)
    rows(report, played)
    failed = bool(played.mismatches or report.failed)
    written, drawn = report.write(), page.write(played, REPORTS / "sim.html")
    if as_json:
        sys.stdout.write(written.read_text())
        return int(failed)
    console = Console()
    _show(played, console, failed)
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
    if not failed:
        console.print("[green]OK[/] every row of every level is the host's", highlight=False)
    if run.observed.wave:
        console.print(f"waves: gtkwave {_here(run.observed.wave)}  (or: surfer)", soft_wrap=True)


def _here(file: Path) -> str:
    return os.path.relpath(file, ROOT)
