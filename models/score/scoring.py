"""Scores of a candidate on a part of a day: its forecasts, then its money, beside the baselines.

The validation part may be scored any number of times, and every choice is made on it. On the test
part each candidate is scored once for its forecasts and once for its orders; later requests are
answered from the ledger.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from hwtools.report import Report
from models.score import ledger, performance
from models.score.backtest import LATENCIES, POLICIES, Market, Rules, Tape, default_rules
from models.train import labels
from models.train.baselines import Trained
from models.train.labels import HORIZONS, PARTS, Classes, Part, classes, moves, parts, past_moves
from models.train.metrics import (
    Floats,
    accuracy,
    bootstrap,
    calibration,
    confusion,
    likeliest,
    macro_f1,
    mcc,
)
from tickwire.data import events as files
from tickwire.data.events import About

HOW: Final = "measured on host"
BOOK = ledger.LEDGER
POINTS: Final = 60  # of a curve that is kept
TEST: Final = PARTS.index("test")
_MEASURES: Final = (("mcc", mcc), ("macro_f1", macro_f1))
# of the figures of money, those that the report shows
_ROWS: Final = ("net", "trips", "win_rate", "net_a_trip_in_bp", "max_drawdown", "sharpe_a_minute")


@dataclass
class Case:
    """One day and horizon, and the classes that candidates predicted for its parts."""

    label: str
    about: About
    market: Market
    horizon: int
    report: Report
    seed: int
    predicted: dict[tuple[str, int], Classes] = field(default_factory=dict)

    @property
    def parts(self) -> tuple[Part, ...]:
        return parts(self.market.samples)

    @property
    def a_year(self) -> int:
        """Minutes of trading a year: what isn't quoted in shares trades day and night."""
        shares = self.about.share_unit == "shares"
        return performance.YEAR if shares else performance.YEAR_WITHOUT_CLOSE

    def row(
        self, name: str, metric: str, value: float | int, unit: str, n: int, **more: Any
    ) -> None:
        case = f"{self.label} k={self.horizon} {name}"
        rounded = value if isinstance(value, int) else round(value, 5)
        self.report.row(case, metric, rounded, unit, n=n, how=HOW, **more)


def open_day(path: Path) -> Case:
    """The case of a file; the caller sets its horizon, report and seed."""
    about, events = files.read(path)
    label = f"{about.instruments[0].lower()} {about.date}".strip()
    market = Market(*Tape.of(events), labels.samples(about, events))
    return Case(label, about, market, HORIZONS[0], Report("", ""), 0)


# -- Forecasts -----------------------------------------------------------------------------------


def figures(truth: Classes, chances: Floats) -> dict[str, Any]:
    """The figures of a candidate's forecasts on a part."""
    matrix = confusion(truth, likeliest(chances))
    error, bins = calibration(truth, chances)
    return {
        "samples": len(truth),
        "mcc": float(mcc(matrix)),
        "macro_f1": float(macro_f1(matrix)),
        "accuracy": float(accuracy(matrix)),
        "calibration_error": error,
        "calibration": [[round(v, 4) for v in row] for row in bins],
        "confusion": matrix.astype(int).tolist(),
    }


def judged(case: Case, trained: Trained, part: int) -> dict[str, Any]:
    """Score a part, with intervals of the candidate's scores and of its lead over the baselines."""
    span, samples = case.parts[part], case.market.samples
    truth = classes(moves(samples, span, case.horizon), trained.limit)
    chances = trained.chances(samples, span)
    predicted = likeliest(chances)
    case.predicted[trained.name, part] = predicted
    scores = figures(truth, chances)
    scores["against"] = against = {}
    rule = classes(past_moves(samples, span, case.horizon), trained.limit)
    others = {"persistence": rule, "lightgbm": case.predicted.get(("lightgbm", part))}
    for name, measure in _MEASURES:
        own = bootstrap(measure, truth, predicted, seed=case.seed)
        against[name] = [round(v, 5) for v in (own.value, own.low, own.high)]
        for other, theirs in others.items():
            if theirs is not None and trained.name not in (other, "persistence"):
                lead = bootstrap(measure, truth, predicted, theirs, seed=case.seed)
                against[f"{name}_over_{other}"] = [
                    round(v, 5) for v in (lead.value, lead.low, lead.high)
                ]
    return scores


def _add_rows(case: Case, name: str, part: int, scores: dict[str, Any]) -> None:
    """Put the scores of a part into the report."""
    of, count = PARTS[part], scores["samples"]
    for metric in ("mcc", "macro_f1", "accuracy", "calibration_error"):
        case.row(name, f"{of}_{metric}", scores[metric], "", count)
    for metric, (value, low, high) in scores["against"].items():
        case.row(name, f"{of}_{metric}", value, "", count)
        case.row(name, f"{of}_{metric}_low", low, "", count)
        case.row(name, f"{of}_{metric}_high", high, "", count)


def forecasts(case: Case, trained: Trained, part: int) -> dict[str, Any]:
    """The scores of a part; those of the test part from the ledger, if it has them."""
    if part < TEST:
        scores = judged(case, trained, part)
    else:
        key = (trained.digest, case.market.samples.digest, case.horizon)
        line = ledger.find(*key, BOOK)
        if line is None:
            scores = judged(case, trained, part)
            line = ledger.append(f"{case.label} {trained.name}", *key, scores, BOOK)
        else:  # later candidates are compared with this one
            chances = trained.chances(case.market.samples, case.parts[part])
            case.predicted[trained.name, part] = likeliest(chances)
        scores = dict(line["figures"])
    _add_rows(case, trained.name, part, scores)
    return scores


# -- Money ---------------------------------------------------------------------------------------


def chosen(case: Case, trained: Trained) -> dict[str, Rules]:
    """The rules of each policy, with the threshold that the validation part chooses."""
    span = case.parts[1]
    chances = trained.chances(case.market.samples, span)
    return {name: case.market.choose(chances, span, one) for name, one in usual(case).items()}


def usual(case: Case) -> dict[str, Rules]:
    """The rules of each policy before a threshold is chosen."""
    return {name: default_rules(case.about, policy=name, hold=case.horizon) for name in POLICIES}


def played(case: Case, trained: Trained, part: int, by: dict[str, Rules]) -> dict[str, Any]:
    """The results of each policy on a part at each latency, with a curve of few points."""
    span, samples = case.parts[part], case.market.samples
    chances = trained.chances(samples, span)
    time, middle = samples.time[span.span], samples.middle[span.span]
    results: dict[str, Any] = {}
    for policy, rules in by.items():
        results[policy] = {"rules": asdict(rules)}
        for latency in LATENCIES:
            outcome = case.market.play(chances, span, rules, latency)
            exact = performance.figures(outcome, time, middle, rules.size, case.a_year)
            rounded = {k: round(v, 7) if isinstance(v, float) else v for k, v in exact.items()}
            minutes = performance.by_minute(time, outcome.twice)
            at = np.unique(np.linspace(0, len(minutes) - 1, POINTS).astype(int))
            rounded["curve"] = [[int(m), int(minutes[m]) // 2] for m in at]
            results[policy][str(latency)] = rounded
    return results


def money(case: Case, trained: Trained, part: int) -> dict[str, Any]:
    """The backtests of a part; on the test part once for a candidate with its rules, by ledger."""
    by = chosen(case, trained)
    if part < TEST:
        results = played(case, trained, part, by)
    else:
        identity = (trained.digest, [asdict(rules) for rules in by.values()], LATENCIES)
        digest = hashlib.sha256(repr(identity).encode()).hexdigest()
        key = (digest, case.market.samples.digest, case.horizon)
        line = ledger.find(*key, BOOK)
        if line is None:
            results = {"of": trained.digest, **played(case, trained, part, by)}
            line = ledger.append(f"{case.label} {trained.name} backtest", *key, results, BOOK)
        results = {name: line["figures"][name] for name in by}
    for policy, result in results.items():
        for latency in LATENCIES:
            row = result[str(latency)]
            for metric in _ROWS:
                name = f"{PARTS[part]}_{policy}_{latency // 1000}us_{metric}"
                unit = case.about.price_unit if metric == "net" else ""
                case.row(trained.name, name, row[metric], unit, row["minutes"])
    return results
