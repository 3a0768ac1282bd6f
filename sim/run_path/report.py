"""A run's figures: rows of a report, and the one table of `make sim`."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from rich import box
from rich.table import Table

from hwtools.report import Report
from sim.run_path.judge import Level
from sim.run_path.latency import spread
from sim.run_path.run import Run, joined
from tickwire.gen.records import Action, Reason
from tickwire.wire.traffic import HERTZ

ZERO: dict[str, Any] = {"how": "simulated", "bound": 0, "op": "<="}
_FIGURES = ("min", "p50", "p99", "max")
_WHOLE = (
    *("tick to signal", "tick to signal, others"),
    *("tick to order", "tick to frame", "tick to its end"),
)
_STEPPED = (Reason.BELOW_THRESHOLD, Reason.HYSTERESIS, Reason.TOO_SOON)


def case(run: Run) -> str:
    """What a report calls the run."""
    return f"{run.day.name}, {run.model}, W={run.plan.width}"


def decisions(run: Run) -> dict[str, int]:
    """Signals by what was decided, and why not."""
    signals = run.observed.rows("signals")
    counts = {}
    for action in (Action.BUY, Action.SELL):
        counts[action.name.lower()] = int((signals["decision"] == action).sum())
    reasons, numbers = np.unique(signals["reason"], return_counts=True)
    for reason, number in zip(reasons.tolist(), numbers.tolist(), strict=True):
        if reason != Reason.OK:
            counts[f"none, {Reason(reason).name.lower().replace('_', ' ')}"] = number
    return counts


def verdicts(run: Run) -> dict[str, int]:
    """Intended orders by what became of them: sent, or the first check that failed; or the gate let
    them pass, and OUCH can't carry them."""
    reasons, numbers = np.unique(run.observed.rows("decisions")["reason"], return_counts=True)
    counts = {}
    for reason, number in zip(reasons.tolist(), numbers.tolist(), strict=True):
        name = Reason(reason).name.lower().replace("_", " ")
        counts["sent" if reason == Reason.OK else f"refused, {name}"] = number
    if unwritable := run.ordered.expected.unwritable:
        counts |= {"sent": counts["sent"] - unwritable, "refused, by OUCH": unwritable}
    if held := len(run.observed.refused[0]):
        counts |= {"sent": counts["sent"] - held, "refused, by the session": held}
    return counts


def strengths(run: Run) -> str:
    """Of the steps: score up less score down, in the network's units."""
    signals = run.observed.rows("signals")
    stepped = np.isin(signals["reason"], _STEPPED) | (signals["decision"] != Action.NONE)
    values = signals["strength"][stepped] / run.unit
    if not len(values):
        return "no step"
    return " ".join(f"{value:+.2f}" for value in np.percentile(values, [0, 5, 50, 95, 100]))


def rows(report: Report, run: Run, name: str | None = None) -> None:
    """One run's figures."""
    what, expected, observed = name or case(run), run.expected, run.observed
    about: dict[str, Any] = {"how": "simulated"}
    signals, steps = len(expected.signals), int(expected.steps.sum())
    report.row(what, "messages", run.messages, "messages", n=run.messages, **about)
    report.row(what, "signals", len(observed.cycles_of("signals")), "signals", n=signals, **about)
    least: dict[str, Any] = {"bound": 1, "op": ">="} if run.plan.warm else {}
    report.row(what, "inferences", steps, "steps", n=len(expected.vectors), **about, **least)
    missing = run.received.missing
    report.row(what, "gaps", len(missing), "gaps", n=run.messages, **about)
    report.row(what, "messages_lost", int(missing["count"].sum()), "messages", n=run.messages,
               **about)  # fmt: skip
    if window := run.day.registers.window:
        report.row(what, "window", window, "cycles", n=run.messages, **about)
        reordered = sum(run.received.reordered)
        report.row(what, "packets_that_waited", reordered, "packets", n=run.messages, **about)
    for level in run.levels:
        report.row(what, f"{level.name}_compared", level.compared, "rows", n=level.expected,
                   **about, bound=level.expected, op="==")  # fmt: skip
        report.row(what, f"{level.name}_mismatches", level.mismatches, "rows", n=level.compared,
                   **ZERO)  # fmt: skip
    counters = run.counters
    wrong = sum(there != here for there, here in counters.values())
    report.row(what, "counters_that_differ", wrong, "counters", n=len(counters), **ZERO)
    drops = sum(here for counter, (_, here) in counters.items() if counter.endswith("_drops"))
    report.row(what, "drops", drops, "drops", n=run.messages, **ZERO)
    report.row(what, "rate", run.rate, "messages/s", n=run.messages, **about)
    for stage, values in (run.stages.cycles if run.stages else {}).items():
        if len(values):
            for figure, value in zip(_FIGURES, spread(values), strict=True):
                metric = f"latency_of_{_metric(stage)}_{figure}"
                report.row(what, metric, value, "cycles", n=len(values), **about)
    intended = len(run.ordered.expected.decisions)
    for verdict, count in verdicts(run).items():
        report.row(what, f"orders_{_metric(verdict)}", count, "orders", n=intended, **about)
    for check, count in run.failed.items():
        report.row(
            what, f"orders_that_failed_{_metric(check)}", count, "orders", n=intended, **about
        )
    for decision, count in decisions(run).items():
        report.row(what, f"signals_{_metric(decision)}", count, "signals", n=signals, **about)
    speed = int(observed.cycles / max(observed.seconds, 1e-9))
    report.row(what, "simulator", speed, "cycles/s", n=observed.cycles, how="measured on host")


def _metric(name: str) -> str:
    return name.replace(", ", "_").replace(" ", "_")


def table(run: Run) -> Table:
    """The one table: 80 columns are enough for a day of millions."""
    period = 1e9 / HERTZ[run.plan.width]
    table = Table(title=case(run), box=box.SIMPLE_HEAD, padding=0, title_justify="left")
    for name in ("", "rows", "wrong", *_FIGURES, "ns"):
        table.add_column(name, justify="right" if name else "left", no_wrap=True)
    table.add_row("messages", f"{run.messages:,}", end_section=True)
    stages = run.stages.cycles if run.stages else {}
    for level in run.levels:
        counts = (_compared(level), _wrong(level.mismatches))
        table.add_row(level.name, *counts, *_spread(stages.get(level.name), period))
    counters = run.counters
    wrong = sum(expected != observed for expected, observed in counters.values())
    table.add_row("registers", f"{len(counters)}", _wrong(wrong))
    table.add_section()
    for name in _WHOLE:
        if len(stages.get(name, ())):
            table.add_row(name, f"{len(stages[name]):,}", "", *_spread(stages[name], period))
    table.add_section()
    table.add_row("signals", f"{len(run.expected.signals):,}")
    for decision, count in decisions(run).items():
        table.add_row(f"  {decision}", f"{count:,}")
    table.add_section()
    table.add_row("intended orders", f"{len(run.ordered.expected.decisions):,}")
    for verdict, count in verdicts(run).items():
        table.add_row(f"  {verdict}", f"{count:,}")
    if run.failed:
        table.add_section()
        table.add_row("checks, each failure")
    for check, count in run.failed.items():
        table.add_row(f"  {check}", f"{count:,}")
    return table


def notes(run: Run) -> list[str]:
    """What the table's figures are, and those that aren't rows."""
    width, period = run.plan.width, 1e9 / HERTZ[run.plan.width]
    late = joined(run.plan, run.received)
    window = run.day.registers.window
    return [
        *([f"{run.day.name} {late}."] if late else []),
        *lost(run.received.missing),
        *(
            [
                f"Packets waited up to {window:,} cycles for what was missing: "
                f"{sum(run.received.reordered):,} in their turn later, "
                f"{len(run.received.missing):,} gaps."
            ]
            if window
            else []
        ),
        f"{run.rate:,} messages a second, at line rate. Strength of the steps, min p5 p50 p95 max: "
        f"{strengths(run)}.",
        "min to max: cycles, simulated, of each stage; tick to signal: from the edge that accepts "
        "a message's last byte; to frame: to the first byte of the order's frame, and to its "
        f"end. ns at {period:g} ns, the wire's clock at W={width}, not what a part reached.",
        f"Expected rows up to the signal were written first: sha256 {run.digest[:16]}.",
        limits_note(run),
    ]


def limits_note(run: Run) -> str:
    """By what orders were made, and what the figures of them are."""
    if run.limits is None or run.plan.limits is None:
        return (
            "No limits file: nothing may be traded, and the gate let nothing pass. "
            "LIMITS=file (--limits) has what may; sim/limits.toml is an example."
        )
    heard, file = len(run.observed.heard), run.plan.limits.name
    strange = [
        f"slot {slot} is {name} here, and {run.limits.slots[slot].symbol} in {file}: none of its "
        "orders may pass. "
        for slot, name in enumerate(run.day.symbols)
        if slot in run.limits.slots and run.limits.slots[slot].symbol != name
    ]
    return (
        "".join(strange)
        + f"Orders by {file}, their levels by the host's gate of what the feed, the "
        f"host and a simulated venue said then, cycle by cycle; the venue answered {heard:,} times."
    )


def lost(missing: npt.NDArray[Any]) -> list[str]:
    """What neither line brought, and what that means for the books."""
    if not len(missing):
        return []
    first, count, total = int(missing["first"][0]), len(missing), int(missing["count"].sum())
    gaps = "a gap" if count == 1 else f"{count:,} gaps, the first"
    return [
        f"LOST: {total:,} messages in {gaps} at message {first:,}. Behind a gap every book is "
        "stale until a snapshot is loaded, of which a run has none."
    ]


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
    low, half, most, high = spread(values)
    ns = f"{low * period:.0f}" if low == high else f"{low * period:.0f} to {high * period:.0f}"
    return [f"{low}", f"{half}", f"{most}", f"{high}", ns]
