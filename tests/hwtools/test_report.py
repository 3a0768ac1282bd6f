"""Reports hold what was put in, judge their own bounds, and are shown readably."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from hwtools.report import Report, Row, markdown, markdown_by_case, misses, number, read


def a_report(cycles: int = 12) -> Report:
    report = Report("feed", command="make measure NAME=feed", seed=3)
    report.row("W=8", "latency_book", cycles, "cycles", n=10, how="simulated", bound=14, op="<=")
    report.row("W=8", "messages", 155935, "rows", n=1, how="simulated")
    return report


def test_written_and_read_again(tmp_path: Path) -> None:
    report = read(a_report().write(tmp_path))
    assert report["report"] == "feed"
    assert report["seed"] == 3
    assert report["command"] == "make measure NAME=feed"
    assert report["rows"][0] == {
        "case": "W=8", "metric": "latency_book", "value": 12, "unit": "cycles", "n": 10,
        "how": "simulated", "bound": 14, "op": "<=", "holds": True,
    }  # fmt: skip
    assert "bound" not in report["rows"][1]


def test_a_missed_bound_is_known() -> None:
    assert [row.metric for row in a_report(cycles=15).failed] == ["latency_book"]
    assert a_report(cycles=14).failed == []


@pytest.mark.parametrize(
    "wrong",
    [{"how": "measured"}, {"how": ""}, {"bound": 3}, {"op": "<="}, {"bound": 3, "op": "<"}],
)
def test_a_row_that_says_too_little_is_refused(wrong: dict[str, object]) -> None:
    settings: dict[str, object] = {"n": 1, "how": "simulated"}
    with pytest.raises(ValueError, match=r"^(how|bound)="):
        Report("x", command="x").row("c", "m", 1, "u", **(settings | wrong))  # type: ignore[arg-type]


def judged(value: Any, op: str | None, bound: Any) -> Row:
    return Report("x", command="x").row(
        "c", "m", value, "u", n=1, how="simulated", bound=bound, op=op
    )


@pytest.mark.parametrize(
    ("op", "below", "at", "above"),
    [("<=", True, True, False), (">=", False, True, True), ("==", False, True, False)],
)
@pytest.mark.parametrize("bound", [0, 7, -7, 0.25, 10**30])
def test_each_operator_at_below_and_above_its_bound(
    op: str, below: bool, at: bool, above: bool, bound: float
) -> None:
    steps = [-1, 0, 1] if isinstance(bound, int) else [-1e-9, 0.0, 1e-9]
    for step, holds in zip(steps, (below, at, above), strict=True):
        row = judged(bound + step, op, bound)
        assert row.holds is holds and (row.value, row.bound, row.op) == (bound + step, bound, op)
    report = Report("x", command="x", rows=[judged(bound + step, op, bound) for step in steps])
    assert [row.holds for row in report.rows] == [below, at, above]
    assert report.failed == [row for row in report.rows if not row.holds]


@pytest.mark.parametrize("figure", [math.nan, math.inf, -math.inf, None])
@pytest.mark.parametrize("op", ["<=", ">=", "==", None])
def test_what_is_no_figure_is_refused(figure: float | None, op: str | None) -> None:
    """As a value, with and without a bound, and as the bound."""
    with pytest.raises(ValueError, match=r"c m: .* is no figure"):
        judged(figure, op, 1 if op else None)
    if op:
        with pytest.raises(ValueError, match=r"is no figure|give both"):
            judged(1, op, figure)


def test_words_are_the_same_or_not() -> None:
    assert judged("a", "==", "a").holds and judged("a", "==", "b").holds is False
    assert judged("nan", None, None).holds is None
    for value, op, bound in (("a", "<=", "b"), ("1", "==", 1), (1, ">=", "1")):
        with pytest.raises(ValueError, match="can't be compared"):
            judged(value, op, bound)


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ({"value": 1}, False),
        ({"value": 1, "bound": 1, "op": "<=", "holds": True}, False),
        ({"value": 2, "bound": 1, "op": "<=", "holds": True}, True),  # edited by hand
        ({"value": 1, "bound": 1, "op": "<=", "holds": False}, True),
        ({"value": 1, "bound": 1, "op": "<="}, True),
        ({"value": math.nan, "bound": 1, "op": "<=", "holds": True}, True),
        ({"bound": 1, "op": "<=", "holds": True}, True),
        ({"value": 1, "bound": 1, "holds": True}, True),
        ({"value": 1, "op": "<=", "holds": True}, True),
        ({"value": 1, "bound": 1, "op": "<", "holds": True}, True),
        ({"value": "1", "bound": 1, "op": "==", "holds": True}, True),
    ],
)
def test_a_row_that_was_read_is_judged_again(row: dict[str, Any], wrong: bool) -> None:
    assert misses(row) is wrong


def test_a_report_is_replaced_whole(tmp_path: Path) -> None:
    report = a_report()
    path = report.write(tmp_path / "new")
    assert path == tmp_path / "new" / "feed.json"
    Report("feed", command="x").write(tmp_path / "new")
    assert read(path)["rows"] == [] and read(path)["seed"] is None
    assert [file.name for file in path.parent.iterdir()] == ["feed.json"]
    text = a_report().write(tmp_path).read_text()
    assert text.count('"rows":') == 1
    lines = text.splitlines()
    assert sum(line.startswith('  {"case"') for line in lines) == 2  # a row a line
    assert number(1234567) == "1,234,567" and number(0.123456) == "0.1235" and number("a") == "a"


@pytest.mark.parametrize("lacking", ["report", "commit", "rows"])
def test_a_report_without_its_head_is_refused(tmp_path: Path, lacking: str) -> None:
    path = a_report().write(tmp_path)
    whole = json.loads(path.read_text())
    path.write_text(json.dumps({key: value for key, value in whole.items() if key != lacking}))
    with pytest.raises(ValueError, match=r"not a report \(no report, commit or rows\)"):
        read(path)
    least = {"report": "x", "commit": "y", "rows": []}
    path.write_text(json.dumps(least))
    assert read(path) == least
    path.write_text("[]")
    with pytest.raises(ValueError, match="not a report"):
        read(path)
    with pytest.raises(ValueError, match="not a report"):
        read(tmp_path / "none.json")


def test_not_a_report(tmp_path: Path) -> None:
    (tmp_path / "half.json").write_text('{"report": "x"')
    with pytest.raises(ValueError, match=r"half\.json: not a report"):
        read(tmp_path / "half.json")


def test_tables_are_readable(tmp_path: Path) -> None:
    rows = read(a_report().write(tmp_path))["rows"]
    assert "| W=8 | latency book | 12 cycles | <= 14 | simulated |" in markdown(rows)
    assert "| 155,935 rows |" in markdown(rows)
    assert "latency book, cycles<br>*simulated*" in markdown_by_case(rows)
    assert "| W=8 | 12 | 155,935 |" in markdown_by_case(rows)
