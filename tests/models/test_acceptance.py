"""The acceptance criteria: each one holds where it should, and fails where it should."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hwtools.report import Report
from models.score import acceptance
from models.score.acceptance import Criterion
from models.train.labels import HORIZONS


def line(k: int, persistence: float, lightgbm: float, part: str = "test") -> dict[str, Any]:
    figures = {
        "samples": 1000,
        "macro_f1": 0.45,
        "against": {
            "mcc_over_persistence": [0.1, persistence, 0.2],
            "mcc_over_lightgbm": [0.0, lightgbm, 0.01],
        },
    }
    head = {"case": "amzn", "k": k, "candidate": f"net_amzn_{k}", "transfer": False}
    return {**head, "validation": figures, part: figures}


def rows(lines: list[dict[str, Any]], folder: Path) -> dict[str, Any]:
    report = Report("models", "test")
    folders = {f"net_amzn_{k}": folder / f"net_amzn_{k}" for k in (10, 50, 100)}
    acceptance.add_rows(report, lines, folders)
    return {f"{row.case} {row.metric}": row for row in report.rows}


A = "amzn net_amzn accepted_a_test_mcc_over_persistence_low_least_of_horizons"
B = "amzn net_amzn accepted_b_test_mcc_over_lightgbm_low_best_of_horizons"


@pytest.mark.parametrize(
    ("leads", "a", "b"),
    [
        ([(0.03, -0.01), (0.02, -0.03), (0.01, -0.019)], True, True),
        ([(0.03, 0.01), (0.02, -0.03), (0.01, -0.021)], True, False),
        ([(0.03, 0.01), (0.0, -0.01), (0.01, -0.03)], False, True),
        ([(0.03, 0.01), (0.1, 0.01), (-0.001, 0.01)], False, True),
    ],
)
def test_leads(tmp_path: Path, leads: list[tuple[float, float]], a: bool, b: bool) -> None:
    lines = [line(k, *lead) for k, lead in zip((10, 50, 100), leads, strict=True)]
    observed = rows(lines, tmp_path)
    assert (observed[A].holds, observed[B].holds) == (a, b)
    assert observed[A].value == min(lead[0] for lead in leads)
    assert observed[B].value == max(lead[1] for lead in leads[1:])


def test_a_family_is_judged_over_all_horizons_only(tmp_path: Path) -> None:
    assert A not in rows([line(10, 1.0, 1.0), line(50, 1.0, 1.0)], tmp_path)
    assert B not in rows([line(10, 1.0, 1.0), line(50, 1.0, 1.0)], tmp_path)
    assert not rows([{**line(10, 1.0, 1.0), "transfer": True}], tmp_path)


def test_on_validation_alone_there_is_no_bound(tmp_path: Path) -> None:
    lines = [line(k, -1.0, -1.0, "validation") for k in (10, 50, 100)]
    assert all(row.holds is None for row in rows(lines, tmp_path).values())
    words = [one.words for one in acceptance.leads(lines[1])]
    assert all("**not met**" in word and "validation only" in word for word in words)


@pytest.mark.parametrize(
    ("op", "value", "holds"),
    [(">=", 2, True), (">=", 1.99, False), ("<=", 2, True), ("<=", 2.01, False), (">=", 3, True),
     ("<=", 1, True)],
)  # fmt: skip
def test_a_criterion_at_below_and_above_its_bound(op: str, value: float, holds: bool) -> None:
    one = Criterion("d", "loop_cycles", value, 2, op, 1, "clocks", "simulated")
    verdict = "met" if holds else "**not met**"
    assert one.holds is holds
    assert one.words == f"(d) {verdict}: loop cycles {value:g} clocks, bound {op} 2"


def test_words_name_the_bound_and_the_part() -> None:
    a, b = acceptance.leads(line(50, 0.03, -0.01))
    assert a.words == ("(a) met: test MCC over persistence, lower end of 95 %, 0.03, bound above 0")
    assert b.words == ("(b) met: test MCC over lightgbm, lower end of 95 %, -0.01, bound >= -0.02")
    (a, _) = acceptance.leads(line(50, -0.03, -0.01, "validation"))
    assert a.words.endswith(" (validation only; the test part isn't scored)")
    f1 = Criterion("c", "validation_macro_f1_below_float", 0.5, 1.0, "<=", 1, "points")
    assert f1.words == "(c) met: validation macro F1 below float 0.5 points, bound <= 1"


def test_criterion_b_is_of_the_long_horizons() -> None:
    letters = {k: [one.letter for one in acceptance.leads(line(k, 1.0, 1.0))] for k in HORIZONS}
    assert letters == {10: ["a"], 50: ["a", "b"], 100: ["a", "b"]}
    bare = line(50, 1.0, 1.0)
    bare["test"] = {**bare["test"], "against": {}}
    assert acceptance.leads(bare) == []
    # of lines of which some are scored on the test part and some aren't, nothing is said
    mixed = [line(10, 1.0, 1.0), line(50, 1.0, 1.0, "validation"), line(100, 1.0, 1.0)]
    assert acceptance.of_family(mixed) == []
    assert [one.letter for one in acceptance.of_family([line(k, 1.0, 1.0) for k in (50, 100)])] == [
        "b"
    ]


def test_the_first_folder_with_the_figure_counts(tmp_path: Path) -> None:
    for folder, comb in (("new", 7), ("kept", 99_999)):
        report = Report("students", "test")
        report.row("net", "comb (ecp5)", comb, "cells", n=1, how="synthesised")
        report.write(tmp_path / folder)
    (one,) = acceptance.hardware("net", [tmp_path / "new", tmp_path / "kept"])
    assert (one.value, one.bound, one.unit, one.how, one.n) == (
        7,
        20_000,
        "cells",
        "synthesised",
        1,
    )


@pytest.mark.parametrize(
    ("name", "f1", "holds"),
    [
        ("float", 0.459, True),
        ("float", 0.461, False),
        ("teacher", 0.469, True),
        ("teacher", 0.471, False),
    ],
)
def test_beside_its_float_network_and_its_teacher(
    tmp_path: Path, name: str, f1: float, holds: bool
) -> None:
    folder = tmp_path / "net_amzn_50"
    folder.mkdir()
    (folder / f"{name}.json").write_text(json.dumps({"validation_macro_f1": f1}))
    key = f"amzn k=50 net_amzn_50 accepted_c_validation_macro_f1_below_{name}"
    assert rows([line(50, 1.0, 1.0)], tmp_path)[key].holds is holds
    (folder / f"{name}.json").write_text("{}")
    with pytest.raises(ValueError, match=f"{name}.json: not what training prints"):
        rows([line(50, 1.0, 1.0)], tmp_path)


def test_points_are_of_a_hundred_and_whole_to_three_digits(tmp_path: Path) -> None:
    folder = tmp_path / "net_amzn_50"
    folder.mkdir()
    (folder / "float.json").write_text(json.dumps({"validation_macro_f1": 0.456784}))
    (one,) = acceptance.beside(folder, 0.45, 1000)
    assert (one.value, one.bound, one.unit, one.n) == (0.678, 1.0, "points", 1000)


def test_baselines_have_no_criteria(tmp_path: Path) -> None:
    assert rows([{**line(50, 1.0, 1.0), "candidate": "lightgbm"}], tmp_path) == {}


@pytest.mark.parametrize(("comb", "loop", "holds"), [(20_000, 12, 2), (20_001, 12, 1), (9, 13, 1)])
def test_hardware(tmp_path: Path, comb: int, loop: int, holds: int) -> None:
    report = Report("students", "test")
    report.row("net", "comb (ecp5)", comb, "cells", n=1, how="synthesised")
    report.row("net", "loop_cycles", loop, "clocks", n=1, how="simulated")
    report.row("other", "loop_cycles", 99, "clocks", n=1, how="simulated")
    report.write(tmp_path)
    criteria = acceptance.hardware("net", [tmp_path])
    assert [one.letter for one in criteria] == ["d", "d"]
    assert sum(one.holds for one in criteria) == holds
    assert acceptance.hardware("none", [tmp_path]) == []
