"""`make evaluate`: scores students and baselines on days of events, without looking ahead.

    tickwire evaluate --data FILE.parquet [--data …] [--model models/trained/NAME …]
        [--trials 30] [--test [--dirty]]

The default data is a generated day, the default models are all of models/trained. Every choice is
made on the training and validation parts. A student trained on another day is a *transfer*: its
weights stay, and the labels' threshold comes from the training part of the day it is scored on.

`--test` scores each candidate's test part, once ever: the scoring is kept in models/ledger.jsonl
and read from there the next time. It requires committed sources, so that the ledger can name them.
Figures go to build/reports/models.json.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from hwtools.command import ended
from hwtools.progress import progress_bar
from hwtools.report import REPORTS, Report
from hwtools.toolchain import BUILD
from models.score import acceptance, ledger, options, performance, scoring
from models.score.backtest import LATENCIES, POLICIES
from models.score.ledger import LedgerError
from models.score.options import LEAST_TRIALS
from models.score.scoring import Case
from models.train import baselines, own, students
from models.train.baselines import Trained
from models.train.kept import OWN
from models.train.labels import (
    HORIZONS,
    PARTS,
    classes,
    moves,
    past_moves,
    smoothed_moves,
    threshold,
)
from models.train.metrics import BLOCK, confusion, macro_f1, mcc
from tickwire.data import days
from tickwire.data import events as files
from tickwire.features.table import NAMES

KEPT = BUILD / "models"
DAY = BUILD / "data" / "market.parquet"
DAY_MESSAGES, DAY_SEED = 300_000, 1


def no_skill(case: Case) -> None:
    """The score of a rule without skill on smoothed labels: reported for comparison, never used."""
    training, validation, _ = case.parts
    samples = case.market.samples
    limit = threshold(smoothed_moves(samples, training, case.horizon))
    truth = classes(smoothed_moves(samples, validation, case.horizon), limit)
    matrix = confusion(truth, classes(past_moves(samples, validation, case.horizon), limit))
    for name, measure in (("mcc", mcc), ("macro_f1", macro_f1)):
        value = float(measure(matrix))
        case.row("persistence, smoothed labels", f"validation_{name}", value, "", len(truth))


def evaluate(
    path: Path,
    report: Report,
    trials: int,
    seed: int,
    test: bool,
    horizons: Sequence[int],
    models: Sequence[Path] = (),
) -> list[dict[str, Any]]:
    """Score every candidate at every horizon of one file; a line of figures for each."""
    for model in models:  # what can't be scored is said before anything is searched
        trained_as(model)
    day = scoring.open_day(path)
    lines = []
    with progress_bar() as bar:
        for horizon in horizons:
            case = replace(day, horizon=horizon, report=report, seed=seed, predicted={})
            task = bar.add_task(f"{day.label} k={horizon}: LightGBM", total=trials)

            def after(trial: int, _: float, task: Any = task) -> None:
                bar.update(task, completed=trial + 1)

            candidates = _candidates(case, trials, after, models)
            bar.update(task, completed=trials)
            scores = bar.add_task(f"{day.label} k={horizon}: scores", total=len(candidates))
            for trained, transfer in candidates:
                lines.append(_line(case, trained, transfer, test))
                bar.advance(scores)
            _important(case, candidates[1][0])
    for line in lines:
        line["soon"] = soon(day)
    acceptance.add_rows(report, lines, {path.name: path for path in models})
    return lines


def trained_as(path: Path) -> tuple[Trained, dict[str, Any]]:
    """A training of a student or of a network of one's own, and what it noted."""
    return own.candidate(path) if (path / OWN).is_file() else students.candidate(path)


def candidate(case: Case, path: Path) -> tuple[Trained, bool] | None:
    """A training, and whether it is a transfer; none where it was for another horizon."""
    student, record = trained_as(path)
    if record["horizon"] != case.horizon:
        return None
    samples = case.market.samples
    transfer = record["data"] != samples.digest
    limit = threshold(moves(samples, case.parts[0], case.horizon)) if transfer else student.limit
    return replace(student, name=path.name, limit=limit), transfer


def _candidates(
    case: Case, trials: int, progress: Callable[[int, float], None], models: Sequence[Path]
) -> list[tuple[Trained, bool]]:
    """The baselines and the students of this horizon, and whether each is a transfer."""
    training, validation, _ = case.parts
    samples, horizon = case.market.samples, case.horizon
    for name, part in zip(PARTS, case.parts, strict=True):
        case.row("parts", f"{name}_samples", len(part), "samples", len(samples))
    rule = baselines.persistence(samples, training, horizon)
    boosted = baselines.boosted(
        samples,
        training,
        validation,
        horizon,
        trials=trials,
        seed=case.seed,
        progress=progress,
        keep=KEPT,
    )
    ours = [one for model in models if (one := candidate(case, model))]
    case.row("labels", "threshold", rule.limit, "", len(training))
    case.row("lightgbm", "trials", trials, "", len(training), bound=LEAST_TRIALS, op=">=")
    no_skill(case)
    return [(rule, False), (boosted, False), *ours]


def _line(case: Case, trained: Trained, transfer: bool, test: bool) -> dict[str, Any]:
    name = f"{trained.name} (transfer)" if transfer else trained.name
    named = replace(trained, name=name)
    line: dict[str, Any] = {"case": case.label, "k": case.horizon, "candidate": trained.name}
    line |= {"transfer": transfer, "settings": trained.settings, "digest": trained.digest}
    for part in (1, 2) if test else (1,):
        line[PARTS[part]] = scoring.forecasts(case, named, part)
        line[f"{PARTS[part]}_money"] = scoring.money(case, named, part)
    return line


def _important(case: Case, boosted: Trained) -> None:
    validation = case.parts[1]
    lost = baselines.importance(boosted, case.market.samples, validation, case.horizon, case.seed)
    for index in np.argsort(-lost)[:8].tolist():
        metric = f"validation_mcc_lost_without_{NAMES[index]}"
        case.row("lightgbm", metric, float(lost[index]), "", len(validation))


def a_day(path: Path = DAY) -> Path:
    """The generated day that is the default, written once."""
    if not path.exists():
        about, chunks = days.read("market", DAY_MESSAGES, DAY_SEED)
        files.write(path, about, chunks)
    return path


def _who(line: dict[str, Any], part: str) -> str:
    name = f"{line['candidate']}{' (transfer)' if line['transfer'] else ''}"
    return f"{line['case']:16} {line['k']:>3} {name:30} {part:10}"


def _print(lines: list[dict[str, Any]]) -> None:
    heading = f"{'day':16} {'k':>3} {'candidate':30} {'part':10} {'MCC':>7} {'F1':>7} {'ECE':>6}"
    print(f"{heading}  95 % of MCC")
    for line in lines:
        for part in ("validation", "test"):
            if scores := line.get(part):
                _, low, high = scores["against"]["mcc"]
                two = f"{scores['mcc']:7.4f} {scores['macro_f1']:7.4f}"
                error = f"{scores['calibration_error']:6.3f}"
                print(f"{_who(line, part)} {two} {error}  {low:.4f} to {high:.4f}")
    print(f"intervals: {BLOCK:,}-sample blocks, bootstrapped\n")
    _print_money(lines)


def _print_money(lines: list[dict[str, Any]]) -> None:
    """Net of spread and fees, in basis points of the capital, by latency."""
    after = "  ".join(f"{latency // 1000:>5} us" for latency in LATENCIES)
    heading = f"{'day':16} {'k':>3} {'candidate':30} {'part':10} {'policy':8} {'trips':>6}"
    print(f"{heading}  net in bp after {after}")
    minutes = set()
    for line in lines:
        for part in ("validation", "test"):
            for policy in POLICIES if f"{part}_money" in line else ():
                results = line[f"{part}_money"][policy]
                each = [results[str(latency)] for latency in LATENCIES]
                minutes |= {one["minutes"] for one in each if one["too_short"]}
                net = "  ".join(f"{1e4 * one['total_return']:8.1f}" for one in each)
                print(f"{_who(line, part)} {policy:8} {each[0]['trips']:>6}  {'':15} {net}")
    for label, shares in {line["case"]: line["soon"] for line in lines}.items():
        print(_equal(label, shares))
    if minutes:
        print(f"warning: {performance.warning(max(minutes))}")


def run(args: argparse.Namespace) -> int:
    if args.test and not args.dirty and (changed := ledger.uncommitted()):
        rest = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        needs = "--test needs committed sources, which the ledger names (or --dirty)"
        raise LedgerError(f"{changed[0]}{rest} not committed; {needs}")
    report = Report("models", "make evaluate", args.seed)
    lines: list[dict[str, Any]] = []
    models = args.model or students.kept()
    for path in args.data or [a_day()]:
        horizons = args.horizon or HORIZONS
        lines += evaluate(path, report, args.trials, args.seed, args.test, horizons, models)
        written = report.write(REPORTS)  # after each day, so that it remains after a Ctrl-C
    if args.json:
        print(json.dumps(lines))
    else:
        _print(lines)
        print(written)
    return 0


def soon(case: Case) -> dict[int, float]:
    """The share of a day's samples that the next event follows within each latency."""
    market = case.market
    time = market.tape.time
    at = np.searchsorted(market.rows, market.samples.rows)
    at = at[at + 1 < len(time)]
    gaps = time[at + 1] - time[at]
    return {latency: float((gaps < latency).mean()) for latency in LATENCIES if latency}


def _equal(label: str, shares: dict[int, float]) -> str:
    """Why columns of money are equal, or nearly."""
    each = ", ".join(f"{share:.1%} within {ns // 1000} us" for ns, share in shares.items())
    why = "A latency costs only where the book changes within it, so columns may be equal."
    return f"{label}: the next event follows {each} of a sample's. {why}"


def main(arguments: Sequence[str] | None = None) -> int:
    return ended("evaluate", lambda: run(options.of_evaluate().parse_args(arguments)), ValueError,
                 stopped="stopped; finished searches are kept")  # fmt: skip
