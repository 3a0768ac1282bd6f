"""Reports hold what was put in, judge their own bounds, and are shown readably."""

from __future__ import annotations

from pathlib import Path

import pytest

from hwtools.report import Report, markdown, markdown_by_case, read


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
    "wrong", [{"how": "measured"}, {"bound": 3}, {"op": "<="}, {"bound": 3, "op": "<"}]
)
def test_a_row_that_says_too_little_is_refused(wrong: dict[str, object]) -> None:
    settings: dict[str, object] = {"n": 1, "how": "simulated"}
    with pytest.raises(ValueError, match=r"^(how|bound)="):
        Report("x", command="x").row("c", "m", 1, "u", **(settings | wrong))  # type: ignore[arg-type]


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
