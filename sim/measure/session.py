"""`make measure NAME=session`: the order's session against TCP stacks that no one here wrote, and
what it makes of segments, right and wrong; and orders as Nasdaq's own library reads them.

Linux's own TCP needs the right to make a network namespace and a TAP, PyTCP needs its package: what
isn't to be had is said, and has no row. A row is what its bench has compared: everything that was
sent was read once and in order, and the other way round, or the bench has failed.
"""

from __future__ import annotations

import argparse
import os
import sys

from rich.console import Console
from rich.table import Table

from hwtools.command import ended
from hwtools.report import REPORTS, Report
from hwtools.toolchain import ROOT
from sim.lib import runner
from sim.measure.one_test import one_test
from sim.test_order_link import against, available

STACKS = {"linux": "Linux", "pytcp": "PyTCP"}
ORDERS = "another_reads_each_order"
FUZZ = "every_frame_comes_to_what_the_rules_say/idle=0.0/seed=1"


def add(report: Report, table: Table, case: str, result: runner.Result) -> None:
    for metric, value, unit in result.figures:
        report.row(case, metric, value, unit, n=1, how="simulated")
        table.add_row(case, metric, f"{value:,}", unit)
    report.row(case, "tests_failed", len(result.failed), "", n=result.tests, how="simulated",
               bound=0, op="<=")  # fmt: skip


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog='make measure NAME=session ARGS="…"', description=__doc__)
    parser.add_argument("--rounds", type=int, default=400, help="of orders and answers, a line")
    parser.add_argument("--frames", type=int, default=100_000, help="that tcp_rx hears, a width")
    parser.add_argument(
        "--orders", type=int, default=100_000, help="that Nasdaq's own library reads"
    )
    args = parser.parse_args(argv)
    console = Console()
    report = Report("session", "make measure NAME=session", seed=runner.seed())
    table = Table("case", "figure", "value", "unit", title="The order's session")
    for stack, name in STACKS.items():
        if why := available(stack):
            console.print(f"[yellow]{name} isn't asked: {why}[/]")
            continue
        for width in (8, 64):
            console.print(f"{name}, W = {width}")
            add(report, table, f"{name}, W={width}", against(stack, width, args.rounds))
    for width in (8, 64):
        console.print(f"{args.frames:,} frames, W = {width}")
        fuzzed = one_test(FUZZ, "tcp_rx", f"+frames={args.frames}", W=width)
        add(report, table, f"segments, W={width}", fuzzed)
    console.print(f"{args.orders:,} orders by another's library")
    add(report, table, "orders", one_test(ORDERS, "ouch_encode", f"+orders={args.orders}"))
    console.print(table)
    print(f"report: {os.path.relpath(report.write(REPORTS), ROOT)}")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(ended("session", lambda: main(sys.argv[1:]), runner.BenchError))
