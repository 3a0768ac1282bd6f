"""`make evaluate`: students and baselines on days of events, by rules that are often broken.

    python -m models.evaluate --data FILE.parquet [--data …] [--model models/trained/NAME …]
        [--trials 30] [--test]

Without data, a generated day. Everything is chosen on the training and validation parts. `--test`
scores each candidate's test part, once ever: the scoring is kept in models/ledger.jsonl, and read
from there the next time. Figures go to build/reports/models.json.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import Progress

from models import baselines, ledger, students
from models.baselines import Trained
from models.feature_table import NAMES
from models.labels import (
    HORIZONS,
    Classes,
    Part,
    Samples,
    classes,
    load,
    moves,
    parts,
    past_moves,
    smoothed_moves,
    threshold,
)
from models.metrics import BLOCK, Floats, accuracy, bootstrap, calibration, confusion, macro_f1, mcc
from tickwire.data import days
from tickwire.data import events as files
from tickwire.data.events import DataError
from tickwire.report import REPORTS, Report
from tickwire.toolchain import BUILD

HOW = "measured on host"
BOOK = ledger.LEDGER
KEPT = BUILD / "models"
DAY = BUILD / "data" / "market.parquet"
DAY_MESSAGES, DAY_SEED = 300_000, 1
LEAST_TRIALS = 30  # for a comparison that may be stated


@dataclass
class Case:
    """One day and horizon."""

    label: str
    found: Samples
    horizon: int
    report: Report
    seed: int
    said: dict[str, Classes]

    @property
    def parts(self) -> tuple[Part, ...]:
        return parts(self.found)

    def row(
        self, name: str, metric: str, value: float | int, unit: str, n: int, **more: Any
    ) -> None:
        case = f"{self.label} k={self.horizon} {name}"
        rounded = value if isinstance(value, int) else round(value, 5)
        self.report.row(case, metric, rounded, unit, n=n, how=HOW, **more)


def figures(truth: Classes, chances: Floats) -> dict[str, Any]:
    """Everything that one part says of a candidate."""
    said = chances.argmax(axis=1)
    matrix = confusion(truth, said)
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


def judge(case: Case, trained: Trained, part: int, name: str) -> dict[str, Any]:
    """Score a part, and report it."""
    span = case.parts[part]
    truth = classes(moves(case.found, span, case.horizon), trained.limit)
    chances = trained.chances(case.found, span)
    told = figures(truth, chances)
    case.said[f"{trained.name} {name}"] = chances.argmax(axis=1)
    _state(case, trained.name, name, told)
    return told


def _state(case: Case, who: str, part: str, told: dict[str, Any]) -> None:
    for metric in ("mcc", "macro_f1", "accuracy", "calibration_error"):
        case.row(who, f"{part}_{metric}", told[metric], "", told["samples"])


def score_test(case: Case, trained: Trained) -> dict[str, Any]:
    """The test part of a candidate: scored now, or, if it was before, read from the ledger."""
    known = ledger.find(trained.digest, case.found.digest, case.horizon, BOOK)
    if known is None:
        span = case.parts[2]
        truth = classes(moves(case.found, span, case.horizon), trained.limit)
        told = figures(truth, trained.chances(case.found, span))
        told["against"] = _against(case, trained, truth, span)
        name = f"{case.label} {trained.name}"
        known = ledger.append(name, trained.digest, case.found.digest, case.horizon, told, BOOK)
    told = known["figures"]
    _state(case, trained.name, "test", told)
    for metric, (value, low, high) in told["against"].items():
        case.row(trained.name, f"test_{metric}", value, "", told["samples"])
        case.row(trained.name, f"test_{metric}_low", low, "", told["samples"])
        case.row(trained.name, f"test_{metric}_high", high, "", told["samples"])
    return dict(told)


def _against(case: Case, trained: Trained, truth: Classes, span: Part) -> dict[str, list[float]]:
    """The candidate's own intervals, and those of its lead over the rule and LightGBM."""
    said = trained.chances(case.found, span).argmax(axis=1)
    rule = classes(past_moves(case.found, span, case.horizon), trained.limit)
    others = {"persistence": rule, "lightgbm": case.said.get("lightgbm test")}
    made = {}
    for name, measure in (("mcc", mcc), ("macro_f1", macro_f1)):
        own = bootstrap(measure, truth, said, seed=case.seed)
        made[name] = [round(v, 5) for v in (own.value, own.low, own.high)]
        for other, theirs in others.items():
            if theirs is not None and other != trained.name and trained.name != "persistence":
                lead = bootstrap(measure, truth, said, theirs, seed=case.seed)
                made[f"{name}_over_{other}"] = [
                    round(v, 5) for v in (lead.value, lead.low, lead.high)
                ]
    return made


def no_skill(case: Case) -> None:
    """What smoothed labels give to a rule that knows nothing: reported, never used."""
    training, validation, _ = case.parts
    limit = threshold(smoothed_moves(case.found, training, case.horizon))
    truth = classes(smoothed_moves(case.found, validation, case.horizon), limit)
    said = classes(past_moves(case.found, validation, case.horizon), limit)
    matrix = confusion(truth, said)
    for name, measure in (("mcc", mcc), ("macro_f1", macro_f1)):
        case.row(
            "persistence, smoothed labels",
            f"validation_{name}",
            float(measure(matrix)),
            "",
            len(truth),
        )


def evaluate(
    path: Path,
    report: Report,
    trials: int,
    seed: int,
    test: bool,
    horizons: Sequence[int],
    models: Sequence[Path] = (),
) -> list[dict[str, Any]]:
    """All horizons of one file; a line of figures each."""
    found = load(path)
    about, _ = files.about(path)
    lines = []
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        for horizon in horizons:
            label = f"{about.instruments[0].lower()} {about.date}".strip()
            case = Case(label, found, horizon, report, seed, {})
            task = bar.add_task(f"{label} k={horizon}", total=trials)

            def told(trial: int, _: float, task: Any = task) -> None:
                bar.update(task, completed=trial + 1)

            lines += _horizon(case, trials, test, told, models)
    return lines


def _horizon(
    case: Case, trials: int, test: bool, told: Any, models: Sequence[Path]
) -> list[dict[str, Any]]:
    training, validation, _ = case.parts
    found, horizon = case.found, case.horizon
    for name, part in zip(("training", "validation", "test"), case.parts, strict=True):
        case.row("parts", f"{name}_samples", len(part), "samples", len(found))
    candidates = [
        baselines.persistence(found, training, horizon),
        baselines.boosted(
            found,
            training,
            validation,
            horizon,
            trials=trials,
            seed=case.seed,
            told=told,
            keep=KEPT,
        ),
    ]
    for model in models:
        student, about = students.candidate(model)
        if (about["data"], about["horizon"]) == (found.digest, horizon):
            candidates.append(student)
    case.row("labels", "threshold", candidates[0].limit, "", len(training))
    case.row("lightgbm", "trials", trials, "", len(training), bound=LEAST_TRIALS, op=">=")
    no_skill(case)
    lines = []
    for trained in candidates:
        line = {"case": case.label, "k": horizon, "candidate": trained.name}
        line["validation"] = judge(case, trained, 1, "validation")
        line["settings"] = trained.settings
        line["digest"] = trained.digest
        if test:
            line["test"] = score_test(case, trained)
            # for a paired comparison with those that follow
            said = trained.chances(found, case.parts[2]).argmax(axis=1)
            case.said[f"{trained.name} test"] = said
        lines.append(line)
    lost = baselines.importance(candidates[1], found, validation, horizon, case.seed)
    for index in np.argsort(-lost)[:8].tolist():
        metric = f"validation_mcc_lost_without_{NAMES[index]}"
        case.row("lightgbm", metric, float(lost[index]), "", len(validation))
    return lines


def a_day(path: Path = DAY) -> Path:
    """The generated day that is the default, made once."""
    if not path.exists():
        about, chunks = days.read("market", DAY_MESSAGES, DAY_SEED)
        files.write(path, about, chunks)
    return path


def _print(lines: list[dict[str, Any]]) -> None:
    heading = f"{'day':20} {'k':>4} {'candidate':12} {'part':11} {'MCC':>7} {'F1':>7} {'ECE':>6}"
    print(f"{heading}  95 % of MCC")
    for line in lines:
        for part in ("validation", "test"):
            told = line.get(part)
            if not told:
                continue
            span = told.get("against", {}).get("mcc")
            shown = f"  {span[1]:.4f} to {span[2]:.4f}" if span else ""
            who = f"{line['case']:20} {line['k']:>4} {line['candidate']:12} {part:11}"
            three = f"{told['mcc']:7.4f} {told['macro_f1']:7.4f} {told['calibration_error']:6.3f}"
            print(f"{who} {three}{shown}")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="models.evaluate", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--data", type=Path, action="append", help="events; may be repeated")
    parser.add_argument("--model", type=Path, action="append", help="a trained student's folder")
    parser.add_argument("--trials", type=int, default=LEAST_TRIALS, help="of LightGBM, a horizon")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--horizon", type=int, action="append", choices=HORIZONS)
    parser.add_argument("--test", action="store_true", help="score the test part, once a candidate")
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    told = parser.parse_args(arguments)
    if told.trials < 1:
        parser.error("--trials is at least 1")
    report = Report("models", "make evaluate", told.seed)
    lines: list[dict[str, Any]] = []
    try:
        for path in told.data or [a_day()]:
            horizons = told.horizon or HORIZONS
            lines += evaluate(
                path, report, told.trials, told.seed, told.test, horizons, told.model or ()
            )
            written = report.write(REPORTS)  # what is done stays if a later day takes too long
    except (DataError, ledger.LedgerError, ValueError) as error:
        print(f"evaluate: {error}", file=sys.stderr)
        return 2
    if told.json:
        print(json.dumps(lines))
    else:
        _print(lines)
        print(f"intervals: {BLOCK:,}-sample blocks, bootstrapped")
        print(written)
    return 0


if __name__ == "__main__":
    sys.exit(main())
