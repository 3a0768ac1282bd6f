"""The run as a page of its own: latency by stage, a book with its signals, the waterfall."""

from __future__ import annotations

import html
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from hwtools.rename import by_rename
from hwtools.report import commit
from sim.run_path.latency import Stages, spread
from sim.run_path.report import case, limits_note, verdicts
from sim.run_path.run import Run
from tickwire.gen.records import Action
from tickwire.wire.traffic import HERTZ

# Text stays text: small pages that don't depend on how a font draws; no date, no random names.
_STYLE: Final[Any] = {
    "svg.hashsalt": "tickwire", "svg.fonttype": "none", "font.size": 9,
}  # fmt: skip
_BUY, _SELL, _LINE = "#2166ac", "#b2182b", "#404040"
_WINDOW = 400  # book changes shown
_CSS = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 62em; padding: 0 1em;
       color: #222; background: #fff }
table { border-collapse: collapse; margin: 1em 0 }
th, td { padding: .2em .8em; border-bottom: 1px solid #ddd; text-align: right }
th:first-child, td:first-child { text-align: left }
.bad { color: #b2182b; font-weight: bold }
figure { margin: 2em 0; overflow-x: auto } figcaption { color: #555 } svg { max-width: 100% }
"""


def write(run: Run, file: Path) -> Path:
    with by_rename(file) as part:
        part.write_text(page(run))
    return file


def page(run: Run) -> str:
    period = 1e9 / HERTZ[run.plan.width]
    title = case(run)
    parts = [f"<h1>Tickwire: {html.escape(title)}</h1>", _verdict(run), _levels(run)]
    if run.stages:
        parts += [
            _figure(_histograms(run.stages), "Latency by stage, in clock cycles, simulated."),
            _figure(
                _waterfall(run.stages, period),
                "Where the time goes: each stage's median, and its range. Nanoseconds at "
                f"{period:g} ns, the wire's clock, not what a part reached.",
            ),
        ]
    if len(run.expected.operations):
        parts.append(_figure(*_book(run)))
    parts.append(_figure(_scores(run), "Strength of the signals of all steps, and thresholds."))
    parts.append(_orders(run))
    about = f"commit {commit()}, seed {run.plan.seed}, expected sha256 {run.digest}"
    parts.append(f"<p>{html.escape(about)}; simulated, no board.</p>")
    head = f"<title>{html.escape(title)}</title><style>{_CSS}</style>"
    meta = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    body = "\n".join(parts)
    return f'<!doctype html><html lang="en"><head>{meta}{head}</head>\n<body>{body}</body></html>\n'


def _verdict(run: Run) -> str:
    signals = f"{run.messages:,} messages, {len(run.expected.signals):,} signals"
    verdict = "every row of every level is the host's" if not run.mismatches else (
        f'<span class="bad">{html.escape(str(run.fault or "a register differs"))}</span>'
    )  # fmt: skip
    return f"<p>{signals}, {run.rate:,} messages a second at line rate: {verdict}.</p>"


def _levels(run: Run) -> str:
    head = "".join(f"<th>{name}</th>" for name in ("level", "expected", "compared", "mismatches"))
    body = "".join(
        f"<tr><td>{level.name}</td><td>{level.expected:,}</td><td>{level.compared:,}</td>"
        f"<td{' class=bad' if level.mismatches else ''}>{level.mismatches:,}</td></tr>"
        for level in run.levels
    )
    return f"<table><tr>{head}</tr>{body}</table>"


def _orders(run: Run) -> str:
    """What the gate said, by the first check that failed, and what became of the others; and how
    often each check failed, as the hardware counted it."""
    asked = f"{len(run.ordered.expected.decisions):,}"
    tables = _counts("intended orders", asked, verdicts(run))
    if run.failed:
        tables += _counts("check", "orders that failed it", run.failed)
    return f"{tables}<p>{html.escape(limits_note(run))}</p>"


def _counts(name: str, value: str, counts: Mapping[str, int]) -> str:
    body = "".join(f"<tr><td>{name}</td><td>{count:,}</td></tr>" for name, count in counts.items())
    return f"<table><tr><th>{name}</th><th>{value}</th></tr>{body}</table>"


def _figure(figure: Figure, caption: str) -> str:
    text = io.StringIO()
    with mpl.rc_context(_STYLE):
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    svg = text.getvalue()
    svg = svg[svg.index("<svg") :]
    return f"<figure>{svg}<figcaption>{html.escape(caption)}</figcaption></figure>"


def _histograms(stages: Stages) -> Figure:
    passed = {name: values for name, values in stages.cycles.items() if len(values)}
    figure = Figure(figsize=(9, 1.5 * len(passed)), layout="constrained")
    for axes, (name, values) in zip(
        figure.subplots(len(passed), squeeze=False)[:, 0], passed.items(), strict=True
    ):
        cycles, counts = np.unique(values, return_counts=True)
        axes.bar(cycles, counts, width=0.8, color=_BUY)
        axes.set(title=name, yscale="log", ylabel="rows", ylim=(0.5, 3 * counts.max()))
        axes.set_xlim(min(cycles.min() - 1, 0), max(cycles.max() + 1, 8))
    axes.set_xlabel("cycles")
    return figure


def _waterfall(stages: Stages, period: float) -> Figure:
    passed = [(name, values) for name, values in stages.cycles.items() if len(values)]
    figure = Figure(figsize=(9, 2.6), layout="constrained")
    axes, at = figure.subplots(), 0
    names = []
    for row, (name, values) in enumerate(passed):
        low, half, _, high = spread(values)
        whole = name.startswith("tick")
        start = 0 if whole else at
        axes.barh(row, half, left=start, color=_LINE if whole else _BUY, height=0.6)
        axes.plot([start + low, start + high], [row, row], color=_SELL, linewidth=2)
        axes.text(start + high + 0.4, row, f" {half} ({half * period:.0f} ns)", va="center")
        at += 0 if whole else half
        names.append(name)
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xlabel("cycles after the edge that accepts the message's last byte")
    axes.margins(x=0.15)
    return figure


def _book(run: Run) -> tuple[Figure, str]:
    """A window of one instrument around its decisions."""
    signals, tops = run.observed.rows("signals"), run.observed.rows("tops")
    decided = signals[signals["decision"] != Action.NONE]
    slot = int(decided["slot"][len(decided) // 2]) if len(decided) else int(tops["slot"][-1])
    mine = tops[(tops["slot"] == slot) & (tops["bid_price"] > 0) & (tops["ask_price"] > 0)]
    figure = Figure(figsize=(9, 3.2), layout="constrained")
    axes = figure.subplots()
    symbol = run.day.symbols[slot] if slot < len(run.day.symbols) else f"slot {slot}"
    if not len(mine):
        return figure, f"{symbol}: no book of two sides."
    here = decided[decided["slot"] == slot]
    middle = int(here["sequence_number"][len(here) // 2]) if len(here) else 0
    at = int(np.searchsorted(mine["sequence_number"], middle)) if middle else len(mine) // 2
    mine = mine[max(0, at - _WINDOW // 2) : at + _WINDOW // 2]
    number = mine["sequence_number"].astype(np.int64)
    axes.step(number, mine["bid_price"] / 1e4, where="post", color=_BUY, label="best bid")
    axes.step(number, mine["ask_price"] / 1e4, where="post", color=_SELL, label="best ask")
    for action, mark, colour, price in (
        (Action.BUY, "^", _BUY, "ask_price"), (Action.SELL, "v", _SELL, "bid_price"),
    ):  # fmt: skip
        drawn = here[(here["decision"] == action) & (here["sequence_number"] >= number[0])]
        drawn = drawn[drawn["sequence_number"] <= number[-1]]
        axes.scatter(
            drawn["sequence_number"].astype(np.int64), drawn[price] / 1e4, marker=mark, s=60,
            color=colour, zorder=3, label=f"{action.name.lower()} signal",
        )  # fmt: skip
    axes.set(xlabel="message", ylabel="dollars")
    axes.ticklabel_format(useOffset=False)
    axes.legend(loc="best", fontsize=8)
    return figure, f"The book of {symbol} as the hardware has it, and what it decided."


def _scores(run: Run) -> Figure:
    signals = run.observed.rows("network")
    stepped = signals["scores"].any(axis=1)
    up = signals["scores"][stepped].astype(np.int64)
    unit = run.unit
    figure = Figure(figsize=(9, 2.4), layout="constrained")
    axes = figure.subplots()
    if len(up):
        axes.hist((up[:, 2] - up[:, 0]) / unit, bins=81, color=_LINE)
    for name, colour in (("buy_threshold", _BUY), ("sell_threshold", _SELL)):
        axes.axvline(int(run.settings[name][0]) / unit, color=colour, label=name.replace("_", " "))
    axes.set(xlabel="score up less score down", ylabel="steps")
    axes.legend(fontsize=8)
    return figure
