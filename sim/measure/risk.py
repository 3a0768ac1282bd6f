"""`make measure NAME=risk`: each check of the risk gate is taken out of the RTL and must be missed.

For every statement of risk_check that sets a bit of `failed`, and for every condition in it, a copy
of hw without it is made; the module's bench and its proof must both fail. Then a long day of the
gate's bench (`--decisions`), and how many checks a second the host's reference makes.
`make measure NAME=risk ARGS="killed tick_price"` tries those deletions only.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
from rich.console import Console
from rich.table import Table

from hwtools.command import ended
from hwtools.report import REPORTS, Report
from hwtools.toolchain import BUILD, ROOT
from sim.checks import formal
from sim.lib import runner
from sim.lib.environment import environment
from sim.measure.one_test import one_test
from tickwire.gen.records import INTENT, RISK_STOPS, Check
from tickwire.risk.gate import Gate

OUT = BUILD / "risk"
RTL = ROOT / "hw" / "rtl"
MODULE, PROOF = "risk_check", "bounded"
PART = 250_000  # decisions of a long day that are played at once, at most
FEWEST = 2_000  # in which the bench meets all that it wants to have met
STATEMENT = re.compile(
    r"^ *(?:if \(.*\) )?(?:judged|failed)\[CHECK_(\w+)\] =[^;]*;\n", re.MULTILINE
)

# A condition: what it is in the text, and the text without it.
CONDITIONS = {
    "unwritten_slot": ("!q_written || !total_written", "!total_written"),
    "unwritten_total": ("!q_written || !total_written", "!q_written"),
    "collar_touch_none": ("opposite == '0 ||\n        !near", "!near"),
    "collar_reference_none": ("q_state.reference_price == '0 ||\n        !near", "!near"),
    "price_band_low": ("q_q.price < q_state.band_low || q_q.price >", "q_q.price >"),
    "price_band_high": (
        "q_q.price < q_state.band_low || q_q.price > q_state.band_high",
        "q_q.price < q_state.band_low",
    ),
    "tick_price": ("q_q.price == '0 || q_limits.tick_class ==", "q_limits.tick_class =="),
    "tick_class": ("q_limits.tick_class == TICK_CLASS_UNSET ||\n        (q_q", "(q_q"),
    "tick_fours": ("twenty_fives(q_q.price) && q_q.price[1:0] == '0", "twenty_fives(q_q.price)"),
    "tick_twos": ("twenty_fives(q_q.price) && !q_q.price[0]", "twenty_fives(q_q.price)"),
    "order_shares_none": ("q_q.shares == '0 || q_q.shares >", "q_q.shares >"),
    "position_long_open": (
        "position + $signed(SHARES_SUM_W'(q_state.open_buy)) + shares",
        "position + shares",
    ),
    "position_short_open": (
        "$signed(SHARES_SUM_W'(q_state.open_sell)) + shares - position",
        "shares - position",
    ),
    "gross_open": ("(q_state.gross)) -\n        open_money", "(q_state.gross))"),
    "credit_open": ("(q_state.traded)) -\n        open_money", "(q_state.traded))"),
    "net_buys": ("-net - $signed(MONEY_SUM_W'(q_state.open_buy_money))", "-net"),
    "net_sells": ("net - $signed(MONEY_SUM_W'(q_state.open_sell_money))", "net"),
    "rate_none": ("q_limits.rate_cycles == '0 ||\n", "\n"),
    "rate_total_none": ("total.rate_cycles == '0 ||\n", "\n"),
    "loss_decay": ("q_limits.loss_decay == '0 ||\n", "\n"),
    "loss_total_decay": ("total.loss_decay == '0 ||\n", "\n"),
    "open_total_place": ("total.open_orders || !q_state.place_free", "total.open_orders"),
    "open_total_count": ("q_state.total_open >= total.open_orders || !q_state", "!q_state"),
    "symbol_none": ("q_limits.symbol == '0 || q_q.symbol", "q_q.symbol"),
    "symbol_other": ("'0 || q_q.symbol != q_limits.symbol", "'0"),
    "short_sale_permitted": ("MARKING_SHORT ? !q_limits.short_permitted", "MARKING_SHORT ? 1'b0"),
    "short_sale_held": (
        "!q_limits.short_permitted : held < 0",
        "!q_limits.short_permitted : 1'b0",
    ),
}


@dataclass(frozen=True)
class Deletion:
    """A copy of risk_check's text that lacks something."""

    name: str
    text: str


@dataclass(frozen=True)
class Verdict:
    name: str
    bench: str  # why it failed; empty where it passed
    proof: str


def deletions(text: str) -> list[Deletion]:
    """Each statement, then each condition; what isn't found just once is an error."""
    found = []
    for match in STATEMENT.finditer(text):
        name = match[1].lower()
        if "if (" in match[0] and sum(one[1] == match[1] for one in STATEMENT.finditer(text)) > 1:
            name += "_now"
        found.append(Deletion(name, text[: match.start()] + text[match.end() :]))
    lacking = {check.name.lower() for check in Check} - {one.name for one in found}
    if lacking:
        raise ValueError(f"{MODULE}: no statement sets {', '.join(sorted(lacking))}")
    for name, (old, new) in CONDITIONS.items():
        if text.count(old) != 1:
            raise ValueError(f"{MODULE}: {name} stands there {text.count(old)} times")
        found.append(Deletion(name, text.replace(old, new)))
    return found


def tried(deletion: Deletion) -> Verdict:
    folder = OUT / deletion.name
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("rtl", "gen", "formal"):
        shutil.copytree(ROOT / "hw" / part, folder / "hw" / part)
    (folder / "hw" / "rtl" / f"{MODULE}.sv").write_text(deletion.text)
    bench = ""
    try:
        runner.run(MODULE, hw=folder / "hw", first_failure=True)
    except runner.BenchError as caught:
        bench = str(caught).partition(";")[0].removeprefix(f"{MODULE}: ") if caught.ran else ""
    outcome = formal.prove(MODULE, PROOF, folder / "hw" / "formal", folder / "proofs")
    return Verdict(deletion.name, bench, _broken(outcome) if outcome.status == "FAIL" else "")


def _broken(outcome: formal.Outcome) -> str:
    """The name of an assertion that failed."""
    log = (outcome.folder / "logfile.txt").read_text()
    names = re.findall(r"Assert failed in \w+: (\w+)", log)
    return names[0] if names else "an assertion"


def verdicts(chosen: Sequence[Deletion]) -> Iterator[Verdict]:
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        yield from pool.map(tried, chosen)


def long_day(report: Report, decisions: int) -> None:
    """The gate beside its model; a difference ends it with an error. In parts, each with a seed of
    its own: those that passed aren't played again after Ctrl-C."""
    options = {"OPEN": 16, "RECENT": 4, "ARM_CYCLES": 40}
    parts = -(-decisions // PART)
    first, played = runner.seed(), 0
    for part in range(parts):
        played, before = decisions * (part + 1) // parts, played
        with environment(SEED=str(first + part)):
            one_test("any_day", "risk_gate", f"+decisions={played - before}", **options)
        print(f"any day: {played:,} of {decisions:,} decisions, 0 differ", flush=True)
    report.row("any day", "differences", 0, "", n=decisions, how="simulated", bound=0, op="==")


def speed(report: Report, orders: int = 1_000_000) -> None:
    gate = Gate()
    intents, stops = INTENT.empty(orders), RISK_STOPS.empty(orders)
    intents["price"], intents["shares"] = 100_0000, 100
    cycles = 2 * np.arange(orders)
    gate.decide(intents[:10], cycles[:10], stops[:10])
    best = min(_seconds(gate, intents, cycles + 100 * (1 + row), stops) for row in range(3))
    report.row("reference", "decisions", round(orders / best / 1e6, 2), "M/s", n=orders,
               how="measured on host")  # fmt: skip
    checks = round(orders * len(Check) / best / 1e6, 1)
    report.row("reference", "checks", checks, "M/s", n=orders, how="measured on host",
               bound=10, op=">=")  # fmt: skip
    one = min(_seconds(gate, intents[:1], cycles[:1] + 10**7, stops[:1]) for _ in range(200))
    report.row("reference", "one_from_python", round(one * 1e6, 1), "us", n=200,
               how="measured on host", bound=10, op="<=")  # fmt: skip


def _seconds(gate: Gate, intents: np.ndarray, cycles: np.ndarray, stops: np.ndarray) -> float:
    began = time.perf_counter()
    gate.decide(intents, cycles, stops)
    return time.perf_counter() - began


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog='make measure NAME=risk ARGS="…"', description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="deletions; default: all")
    parser.add_argument("--decisions", type=int, default=0, metavar="N", help="of a long day")
    args = parser.parse_args(argv)
    if 0 < args.decisions < FEWEST or args.decisions < 0:
        parser.error(f"--decisions {args.decisions}: {FEWEST} or more, or 0 for no long day")
    every = {one.name: one for one in deletions((RTL / f"{MODULE}.sv").read_text())}
    if unknown := sorted(set(args.names) - set(every)):
        print(f"no {', '.join(unknown)}; there are: {', '.join(every)}", file=sys.stderr)
        return 2
    console = Console()
    words = " ".join([*args.names, *([f"--decisions {args.decisions}"] if args.decisions else [])])
    asked = f' ARGS="{words}"' if words else ""
    report = Report("risk", f"make measure NAME=risk{asked}", seed=runner.seed())
    table = Table("taken out", "bench fails in", "proof fails at", title="Deletions")
    for one in verdicts([every[name] for name in args.names or every]):
        table.add_row(one.name, one.bench or "[red]passes[/]", one.proof or "[red]passes[/]")
        console.print(f"{one.name}: bench {one.bench or 'PASSES'}; proof {one.proof or 'PASSES'}")
        report.row(one.name, "judges_that_notice", bool(one.bench) + bool(one.proof), "", n=2,
                   how="simulated", bound=2, op="==")  # fmt: skip
        for metric, judge in (("bench_fails_in", one.bench), ("proof_fails_at", one.proof)):
            report.row(one.name, metric, judge or "nothing", "", n=1, how="simulated")
    console.print(table)
    speed(report)
    if args.decisions:
        long_day(report, args.decisions)
    print(f"report: {os.path.relpath(report.write(REPORTS), ROOT)}")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(ended("risk", lambda: main(sys.argv[1:]), runner.BenchError))
