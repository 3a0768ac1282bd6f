"""What is put into a report of scores: which numbers, how many digits, and of which rules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hwtools.report import Report
from models.score import scoring
from models.score.backtest import LATENCIES
from models.score.scoring import Case
from models.train.baselines import Trained
from models.train.labels import PARTS


@pytest.fixture()
def case(day_file: Path) -> Case:
    opened = scoring.open_day(day_file)
    assert (opened.horizon, opened.seed) == (scoring.HORIZONS[0], 0)
    opened.report = Report("scores", command="none")
    return opened


def rows(case: Case) -> dict[str, Any]:
    """The report's values by metric."""
    return {row.metric: (row.value, row.unit, row.n) for row in case.report.rows}


def test_a_number_has_five_digits_and_a_count_all_of_its_own(case: Case) -> None:
    case.row("x", "share", 0.123456789, "", 10)
    case.row("x", "count", 123456789, "", 10)
    assert rows(case) == {"share": (0.12346, "", 10), "count": (123456789, "", 10)}


def test_each_figure_of_a_part_is_a_row_with_its_interval(case: Case) -> None:
    scores = {"samples": 7, "mcc": 0.1, "macro_f1": 0.2, "accuracy": 0.3, "calibration_error": 0.4}
    against = {"mcc": [0.1, 0.05, 0.15], "macro_f1_over_lightgbm": [0.01, -0.02, 0.04]}
    scoring._add_rows(case, "x", 1, scores | {"against": against})
    assert {name: value for name, (value, _, _) in rows(case).items()} == {
        "validation_mcc": 0.1, "validation_macro_f1": 0.2, "validation_accuracy": 0.3,
        "validation_calibration_error": 0.4,
        "validation_mcc_low": 0.05, "validation_mcc_high": 0.15,
        "validation_macro_f1_over_lightgbm": 0.01, "validation_macro_f1_over_lightgbm_low": -0.02,
        "validation_macro_f1_over_lightgbm_high": 0.04,
    }  # fmt: skip
    assert {n for _, _, n in rows(case).values()} == {7}


def test_rules_hold_for_the_horizon_and_are_of_their_policy(case: Case) -> None:
    case.horizon = 100
    by = scoring.usual(case)
    assert {name: (one.policy, one.hold) for name, one in by.items()} == {
        "taker": ("taker", 100), "passive": ("passive", 100),
    }  # fmt: skip


def test_forecasts_are_kept_to_four_and_five_digits(case: Case) -> None:
    rng = np.random.default_rng(1)
    chances = rng.dirichlet((1.0, 1.0, 1.0), 3000)
    figures = scoring.figures(rng.integers(0, 3, 3000), chances)
    assert figures["samples"] == 3000 == sum(map(sum, figures["confusion"]))
    values = [value for bin_ in figures["calibration"] for value in bin_]
    assert values == [round(value, 4) for value in values] != [round(value, 3) for value in values]
    trained = guessing(5)
    against = scoring.judged(case, trained, 1)["against"]
    assert set(against) == {f"{m}{over}" for m in ("mcc", "macro_f1") for over in
                            ("", "_over_persistence")}  # fmt: skip
    numbers = [value for three in against.values() for value in three]
    assert numbers == [round(value, 5) for value in numbers] != [round(v, 4) for v in numbers]
    assert all(low <= value <= high for value, low, high in against.values())


def guessing(seed: int) -> Trained:
    """A candidate that guesses."""

    def chances(_: Any, part: Any) -> Any:
        return np.random.default_rng(seed).dirichlet((1.0, 1.0, 1.0), len(part))

    return Trained("guess", 1e-4, "digest", chances)


def test_money_is_shown_in_the_files_unit_and_kept_to_seven_digits(case: Case) -> None:
    rules = {"taker": replace(scoring.usual(case)["taker"], threshold=0.4)}
    results = scoring.played(case, guessing(2), 1, rules)
    assert set(results) == {"taker"} and results["taker"]["rules"]["threshold"] == 0.4
    row = results["taker"][str(LATENCIES[0])]
    floats = [value for value in row.values() if isinstance(value, float)]
    assert floats == [round(value, 7) for value in floats] != [round(value, 6) for value in floats]
    curve = row["curve"]
    assert len(curve) == min(scoring.POINTS, curve[-1][0] - curve[0][0] + 1)
    scoring.money(case, guessing(2), 1)
    shown = rows(case)
    for name, (_, unit, n) in shown.items():
        assert unit == (case.about.price_unit if name.endswith("_net") else "") and n > 0
    assert {name.split("_")[0] for name in shown} == {PARTS[1]}
    assert len(shown) == 2 * len(LATENCIES) * len(scoring._ROWS)
