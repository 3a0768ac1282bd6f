"""`make evaluate`: students and baselines on days of events, by rules that are often broken.

    python -m models.score.evaluate --data FILE.parquet [--data …] [--model models/trained/NAME …]
        [--trials 30] [--test [--dirty]]

Without data, a generated day; without a model, every one of models/trained. Everything is chosen on
the training and validation parts. A student that was trained on another day is a *transfer*: its
weights as they are, the labels' threshold from the training part of the day that it meets.

`--test` scores each candidate's test part, once ever: the scoring is kept in models/ledger.jsonl,
and read from there the next time. It wants committed sources, so that the ledger can name them.
Figures go to build/reports/models.json.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import Progress

from hwtools.report import REPORTS, Report
from hwtools.toolchain import BUILD
from models.score import acceptance, ledger, performance, scoring
from models.score.backtest import LATENCIES, POLICIES
from models.score.scoring import Case
from models.train import baselines, students
from models.train.baselines import Trained
from models.train.labels import HORIZONS, classes, moves, past_moves, smoothed_moves, threshold
from models.train.metrics import BLOCK, confusion, macro_f1, mcc
from tickwire.data import days
from tickwire.data import events as files
from tickwire.data.events import DataError
from tickwire.features.table import NAMES

KEPT = BUILD / "models"
DAY = BUILD / "data" / "market.parquet"
DAY_MESSAGES, DAY_SEED = 300_000, 1
LEAST_TRIALS = 30  # for a comparison that may be stated


def no_skill(case: Case) -> None:
    """What smoothed labels give to a rule that knows nothing: reported, never used."""
    training, validation, _ = case.parts
    found = case.market.found
    limit = threshold(smoothed_moves(found, training, case.horizon))
    truth = classes(smoothed_moves(found, validation, case.horizon), limit)
    said = classes(past_moves(found, validation, case.horizon), limit)
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
    day = scoring.open_day(path)
    lines = []
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        for horizon in horizons:
            case = replace(day, horizon=horizon, report=report, seed=seed, said={})
            task = bar.add_task(f"{day.label} k={horizon}: LightGBM", total=trials)

            def told(trial: int, _: float, task: Any = task) -> None:
                bar.update(task, completed=trial + 1)

            candidates = _candidates(case, trials, told, models)
            bar.update(task, completed=trials)
            scores = bar.add_task(f"{day.label} k={horizon}: scores", total=len(candidates))
            for trained, transfer in candidates:
                lines.append(_line(case, trained, transfer, test))
                bar.advance(scores)
            _important(case, candidates[1][0])
    acceptance.state(report, lines, {path.name: path for path in models})
    return lines


def candidate(case: Case, path: Path) -> tuple[Trained, bool] | None:
    """A student, and whether it comes from another day; none where it foretells another horizon."""
    student, about = students.candidate(path)
    if about["horizon"] != case.horizon:
        return None
    found = case.market.found
    transfer = about["data"] != found.digest
    limit = threshold(moves(found, case.parts[0], case.horizon)) if transfer else student.limit
    return replace(student, name=path.name, limit=limit), transfer


def _candidates(
    case: Case, trials: int, told: Any, models: Sequence[Path]
) -> list[tuple[Trained, bool]]:
    training, validation, _ = case.parts
    found, horizon, seed = case.market.found, case.horizon, case.seed
    for name, part in zip(scoring.NAMES, case.parts, strict=True):
        case.row("parts", f"{name}_samples", len(part), "samples", len(found))
    rule = baselines.persistence(found, training, horizon)
    made = [(rule, False)]
    boosted = baselines.boosted(
        found, training, validation, horizon, trials=trials, seed=seed, told=told, keep=KEPT
    )
    made.append((boosted, False))
    students_here = (candidate(case, model) for model in models)
    made += [one for one in students_here if one is not None]
    case.row("labels", "threshold", rule.limit, "", len(training))
    case.row("lightgbm", "trials", trials, "", len(training), bound=LEAST_TRIALS, op=">=")
    no_skill(case)
    return made


def _line(case: Case, trained: Trained, transfer: bool, test: bool) -> dict[str, Any]:
    name = f"{trained.name} (transfer)" if transfer else trained.name
    named = replace(trained, name=name)
    line: dict[str, Any] = {"case": case.label, "k": case.horizon, "candidate": trained.name}
    line |= {"transfer": transfer, "settings": trained.settings, "digest": trained.digest}
    for part in (1, 2) if test else (1,):
        line[scoring.NAMES[part]] = scoring.forecasts(case, named, part)
        line[f"{scoring.NAMES[part]}_money"] = scoring.money(case, named, part)
    return line


def _important(case: Case, boosted: Trained) -> None:
    validation = case.parts[1]
    lost = baselines.importance(boosted, case.market.found, validation, case.horizon, case.seed)
    for index in np.argsort(-lost)[:8].tolist():
        metric = f"validation_mcc_lost_without_{NAMES[index]}"
        case.row("lightgbm", metric, float(lost[index]), "", len(validation))


def all_students() -> list[Path]:
    return sorted(path.parent for path in students.TRAINED.glob(f"*/{students.FILE}"))


def a_day(path: Path = DAY) -> Path:
    """The generated day that is the default, made once."""
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
            if told := line.get(part):
                span = told["against"]["mcc"]
                three = (
                    f"{told['mcc']:7.4f} {told['macro_f1']:7.4f} {told['calibration_error']:6.3f}"
                )
                print(f"{_who(line, part)} {three}  {span[1]:.4f} to {span[2]:.4f}")
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
                told = line[f"{part}_money"][policy]
                each = [told[str(latency)] for latency in LATENCIES]
                minutes |= {one["minutes"] for one in each if one["too_short"]}
                net = "  ".join(f"{1e4 * one['total_return']:8.1f}" for one in each)
                print(f"{_who(line, part)} {policy:8} {each[0]['trips']:>6}  {'':15} {net}")
    if minutes:
        print(f"warning: {performance.warning(max(minutes))}")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="models.score.evaluate", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--data", type=Path, action="append", help="events; may be repeated")
    parser.add_argument("--model", type=Path, action="append", help="a trained student's folder")
    parser.add_argument("--trials", type=int, default=LEAST_TRIALS, help="of LightGBM, a horizon")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--horizon", type=int, action="append", choices=HORIZONS)
    parser.add_argument("--test", action="store_true", help="score the test part, once a candidate")
    parser.add_argument("--dirty", action="store_true", help="score from uncommitted sources")
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    told = parser.parse_args(arguments)
    if told.trials < 1:
        parser.error("--trials is at least 1")
    if told.test and not told.dirty and (changed := ledger.uncommitted()):
        rest = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        print(f"evaluate: {changed[0]}{rest} not committed; --test wants sources that the ledger "
              "can name (or --dirty)", file=sys.stderr)  # fmt: skip
        return 2
    report = Report("models", "make evaluate", told.seed)
    lines: list[dict[str, Any]] = []
    try:
        models = told.model or all_students()
        for path in told.data or [a_day()]:
            horizons = told.horizon or HORIZONS
            lines += evaluate(path, report, told.trials, told.seed, told.test, horizons, models)
            written = report.write(REPORTS)  # what is done stays if a later day takes too long
    except KeyboardInterrupt:
        print("evaluate: stopped; searches that were done are kept", file=sys.stderr)
        return 130
    except (DataError, ledger.LedgerError, ValueError) as error:
        print(f"evaluate: {error}", file=sys.stderr)
        return 2
    if told.json:
        print(json.dumps(lines))
    else:
        _print(lines)
        print(written)
    return 0


if __name__ == "__main__":
    sys.exit(main())
