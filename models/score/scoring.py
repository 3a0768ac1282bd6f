"""Scores of a candidate on a part of a day: forecasts, then money, each beside the baselines.

The validation part is scored as often as wanted; every choice is made on it. The test part is
scored once a candidate, and once a candidate with its orders, and then read from the ledger.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from hwtools.report import Report
from models.score import ledger, performance
from models.score.backtest import LATENCIES, POLICIES, Market, Rules, Tape, rules
from models.train.baselines import Trained
from models.train.labels import HORIZONS, Classes, Part, classes, moves, parts, past_moves, samples
from models.train.metrics import Floats, accuracy, bootstrap, calibration, confusion, macro_f1, mcc
from tickwire.data import events as files
from tickwire.data.events import About

HOW: Final = "measured on host"
BOOK = ledger.LEDGER
POINTS: Final = 60  # of a curve that is kept
NAMES: Final = ("training", "validation", "test")
_MEASURES: Final = (("mcc", mcc), ("macro_f1", macro_f1))
_SHOWN: Final = ("net", "trips", "win_rate", "net_a_trip_in_bp", "max_drawdown", "sharpe_a_minute")


@dataclass
class Case:
    """One day and horizon, and what was said on it."""

    label: str
    about: About
    market: Market
    horizon: int
    report: Report
    seed: int
    said: dict[tuple[str, int], Classes] = field(default_factory=dict)

    @property
    def parts(self) -> tuple[Part, ...]:
        return parts(self.market.found)

    @property
    def a_year(self) -> int:
        """Minutes: what isn't quoted in shares is traded day and night."""
        shares = self.about.share_unit == "shares"
        return performance.YEAR if shares else performance.YEAR_WITHOUT_CLOSE

    def row(
        self, name: str, metric: str, value: float | int, unit: str, n: int, **more: Any
    ) -> None:
        case = f"{self.label} k={self.horizon} {name}"
        rounded = value if isinstance(value, int) else round(value, 5)
        self.report.row(case, metric, rounded, unit, n=n, how=HOW, **more)


def open_day(path: Path) -> Case:
    """A file as evaluation takes it, horizon and report still to come."""
    about, events = files.read(path)
    found = samples(about, events)
    label = f"{about.instruments[0].lower()} {about.date}".strip()
    return Case(label, about, Market(*Tape.of(events), found), HORIZONS[0], Report("", ""), 0)


# -- Forecasts -----------------------------------------------------------------------------------


def figures(truth: Classes, chances: Floats) -> dict[str, Any]:
    """Everything that one part says of a candidate's forecasts."""
    matrix = confusion(truth, chances.argmax(axis=1))
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
    """Score a part, with intervals: the candidate's own, and of its lead over the baselines."""
    span, found = case.parts[part], case.market.found
    truth = classes(moves(found, span, case.horizon), trained.limit)
    chances = trained.chances(found, span)
    said = chances.argmax(axis=1)
    case.said[trained.name, part] = said
    told = figures(truth, chances)
    told["against"] = against = {}
    rule = classes(past_moves(found, span, case.horizon), trained.limit)
    others = {"persistence": rule, "lightgbm": case.said.get(("lightgbm", part))}
    for name, measure in _MEASURES:
        own = bootstrap(measure, truth, said, seed=case.seed)
        against[name] = [round(v, 5) for v in (own.value, own.low, own.high)]
        for other, theirs in others.items():
            if theirs is not None and trained.name not in (other, "persistence"):
                lead = bootstrap(measure, truth, said, theirs, seed=case.seed)
                against[f"{name}_over_{other}"] = [
                    round(v, 5) for v in (lead.value, lead.low, lead.high)
                ]
    return told


def state(case: Case, name: str, part: int, told: dict[str, Any]) -> None:
    """Put a scoring into the report."""
    of, count = NAMES[part], told["samples"]
    for metric in ("mcc", "macro_f1", "accuracy", "calibration_error"):
        case.row(name, f"{of}_{metric}", told[metric], "", count)
    for metric, (value, low, high) in told["against"].items():
        case.row(name, f"{of}_{metric}", value, "", count)
        case.row(name, f"{of}_{metric}_low", low, "", count)
        case.row(name, f"{of}_{metric}_high", high, "", count)


def forecasts(case: Case, trained: Trained, part: int) -> dict[str, Any]:
    """A part's figures; the test part's from the ledger, if they are there."""
    if part < 2:
        told = judged(case, trained, part)
    else:
        key = (trained.digest, case.market.found.digest, case.horizon)
        line = ledger.find(*key, BOOK)
        if line is None:
            told = judged(case, trained, part)
            line = ledger.append(f"{case.label} {trained.name}", *key, told, BOOK)
        else:  # those that follow are compared with what this one says
            said = trained.chances(case.market.found, case.parts[2]).argmax(axis=1)
            case.said[trained.name, part] = said
        told = dict(line["figures"])
    state(case, trained.name, part, told)
    return told


# -- Money ---------------------------------------------------------------------------------------


def chosen(case: Case, trained: Trained) -> dict[str, Rules]:
    """The rules of each policy, their threshold by the validation part."""
    span = case.parts[1]
    chances = trained.chances(case.market.found, span)
    return {name: case.market.choose(chances, span, how) for name, how in usual(case).items()}


def usual(case: Case) -> dict[str, Rules]:
    """The rules of each policy before a threshold is chosen."""
    return {name: rules(case.about, policy=name, hold=case.horizon) for name in POLICIES}


def played(case: Case, trained: Trained, part: int, by: dict[str, Rules]) -> dict[str, Any]:
    """What each policy earns on a part at each latency, with a curve of few points."""
    span, found = case.parts[part], case.market.found
    chances = trained.chances(found, span)
    time, middle = found.time[span.span], found.middle[span.span]
    told: dict[str, Any] = {}
    for policy, how in by.items():
        told[policy] = {"rules": asdict(how)}
        for latency in LATENCIES:
            outcome = case.market.play(chances, span, how, latency)
            found_now = performance.figures(outcome, time, middle, how.size, case.a_year)
            rounded = {k: round(v, 7) if isinstance(v, float) else v for k, v in found_now.items()}
            minutes = performance.by_minute(time, outcome.twice)
            at = np.unique(np.linspace(0, len(minutes) - 1, POINTS).astype(int))
            rounded["curve"] = [[int(m), int(minutes[m]) // 2] for m in at]
            told[policy][str(latency)] = rounded
    return told


def money(case: Case, trained: Trained, part: int) -> dict[str, Any]:
    """A part's replays; the test part's once a candidate and its rules, through the ledger."""
    by = chosen(case, trained)
    if part < 2:
        told = played(case, trained, part, by)
    else:
        parts_of_it = (trained.digest, [asdict(how) for how in by.values()], LATENCIES)
        digest = hashlib.sha256(repr(parts_of_it).encode()).hexdigest()
        key = (digest, case.market.found.digest, case.horizon)
        line = ledger.find(*key, BOOK)
        if line is None:
            told = {"of": trained.digest, **played(case, trained, part, by)}
            line = ledger.append(f"{case.label} {trained.name} backtest", *key, told, BOOK)
        told = {name: line["figures"][name] for name in by}
    for policy, each in told.items():
        for latency in LATENCIES:
            found = each[str(latency)]
            for metric in _SHOWN:
                name = f"{NAMES[part]}_{policy}_{latency // 1000}us_{metric}"
                unit = case.about.price_unit if metric == "net" else ""
                case.row(trained.name, name, found[metric], unit, found["minutes"])
    return told
