"""`make measure NAME=area`: what each block needs of an ECP5-85, and the period that it reaches.

The build for that part: 8 bits a beat, 4 instruments, 8 k orders. Every block is synthesised; those
in ROUTED are placed and routed too, each from several seeds, and the best and the worst period are
stated: one seed says little. It takes most of an hour.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from hwtools.command import Parser, ended
from hwtools.report import REPORTS, Report
from hwtools.toolchain import ToolError
from sim.lib.route import OUT, Routed, route

HOW, PLACED = "synthesised", "placed and routed"
WHOLE = "feed_book"
BOOKS, ORDERS = {"BOOKS": "4"}, {"ROWS": "1024"}
LEVELS = {"CACHE": "12", "FAR": "8", "INDEX_W": "16", "SPACING": "8"}
BLOCKS: dict[str, dict[str, str]] = {
    "mac_rx": {},
    "udp_rx": {},
    "mold_rx": {},
    "mold_merge": {},
    "itch_parse": {},
    "feed_rx": {},
    "op_gate": BOOKS,
    "hash_table": {**BOOKS, **ORDERS},
    "order_table": {**BOOKS, **ORDERS},
    "price_book": {**BOOKS, **LEVELS},
    "features": BOOKS,
    "signal": {},
    WHOLE: {**BOOKS, **LEVELS, "ORDER_ROWS": "1024"},
}
ROUTED = ("feed_rx", "op_gate", "order_table", "price_book", WHOLE)
MOST_COMB, MOST_RAM = 25_000, 150
SEEDS = 3


def work(module: str, seeds: tuple[int, ...], out: Path) -> list[Routed]:
    """One block: its cells, and where it is one of ROUTED its period from each seed."""
    parameters = BLOCKS[module]
    if module not in ROUTED or not seeds:
        return [route(module, parameters, out=out, placed=False)]
    return [route(module, parameters, seed=seed, out=out / f"seed{seed}") for seed in seeds]


def state(report: Report, tried: list[Routed]) -> None:
    """The block's rows; yosys' counts are the same for every seed."""
    best = min(tried, key=lambda routed: routed.period)
    case, whole = best.module, best.module == WHOLE
    bounds = {"comb": MOST_COMB, "dp16kd": MOST_RAM} if whole else {}
    for metric in ("comb", "ff", "dp16kd", "dpr16x4", "mult"):
        bound = bounds.get(metric)
        op = None if bound is None else "<="
        value = getattr(best, metric)
        report.row(case, metric, value, "cells", n=len(tried), how=HOW, bound=bound, op=op)
    if best.period:
        report.row(case, "placed_comb", best.placed_comb, "cells", n=len(tried), how=PLACED)
        worst = max(routed.period for routed in tried)
        report.row(case, "best_period", best.period, "ns", n=len(tried), how=PLACED)
        report.row(case, "worst_period", worst, "ns", n=len(tried), how=PLACED)


def main(argv: list[str]) -> int:
    parser = Parser(prog="make measure NAME=area", description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="default: all of them")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="of the placer; 0: count only")
    parser.add_argument("--jobs", type=int, default=1, help="at once")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    args = parser.parse_args(argv)
    if unknown := [name for name in args.modules if name not in BLOCKS]:
        parser.error(f"{unknown[0]}: one of {', '.join(BLOCKS)}")
    if args.seeds < 0 or args.jobs < 1:
        parser.error("--seeds is at least 0, --jobs at least 1")
    chosen = [name for name in BLOCKS if not args.modules or name in args.modules]
    seeds = tuple(range(1, args.seeds + 1))
    report = Report("area", "make measure NAME=area", None)
    console = Console(stderr=True)
    with (
        Progress(console=console, transient=True, disable=not console.is_terminal) as bar,
        ThreadPoolExecutor(args.jobs) as pool,
    ):
        task = bar.add_task("area", total=len(chosen))
        try:
            for tried in pool.map(lambda name: work(name, seeds, OUT), chosen):
                state(report, tried)
                bar.advance(task)
                line = tried[0]
                print(f"{line.module}: {line.comb} COMB, {line.dp16kd} DP16KD", file=sys.stderr)
        except ToolError as error:
            pool.shutdown(cancel_futures=True)
            print(f"area: {error}", file=sys.stderr)
            return 2
    if args.json:
        print(json.dumps([vars(row) for row in report.rows]))
    else:
        for row in report.rows:
            print(f"{row.case:12} {row.metric:13} {row.value:>9,} {row.unit:6} {row.how}")
        if not args.modules:
            print(report.write(REPORTS))
    for row in report.failed:
        print(f"{row.case}: {row.metric} {row.value}, not {row.op} {row.bound}", file=sys.stderr)
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(ended("area", lambda: main(sys.argv[1:])))
