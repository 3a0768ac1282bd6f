"""Reports hold what was put in, judge their own bounds, and make the README's tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hwtools import figures
from hwtools.report import Report, markdown, read


def made(cycles: int = 12, bound: int = 14) -> Report:
    report = Report("feed", command="make measure NAME=feed", seed=3)
    report.row("W=8", "latency_book", cycles, "cycles", n=10, how="simulated", bound=bound, op="<=")
    report.row("W=8", "messages", 155935, "rows", n=1, how="simulated")
    return report


def test_written_and_read_again(tmp_path: Path) -> None:
    found = read(made().write(tmp_path))
    assert found["report"] == "feed"
    assert found["seed"] == 3
    assert found["command"] == "make measure NAME=feed"
    assert found["rows"][0] == {
        "case": "W=8", "metric": "latency_book", "value": 12, "unit": "cycles", "n": 10,
        "how": "simulated", "bound": 14, "op": "<=", "holds": True,
    }  # fmt: skip
    assert "bound" not in found["rows"][1]


def test_a_missed_bound_is_told() -> None:
    assert [row.metric for row in made(cycles=15).failed] == ["latency_book"]
    assert made(cycles=14).failed == []


@pytest.mark.parametrize(
    "wrong", [{"how": "measured"}, {"bound": 3}, {"op": "<="}, {"bound": 3, "op": "<"}]
)
def test_a_row_that_says_too_little_is_refused(wrong: dict[str, object]) -> None:
    given: dict[str, object] = {"n": 1, "how": "simulated"}
    with pytest.raises(ValueError, match=r"^(how|bound)="):
        Report("x", command="x").row("c", "m", 1, "u", **(given | wrong))  # type: ignore[arg-type]


def test_not_a_report(tmp_path: Path) -> None:
    (tmp_path / "half.json").write_text('{"report": "x"')
    with pytest.raises(ValueError, match=r"half\.json: not a report"):
        read(tmp_path / "half.json")


def clean(path: Path) -> Path:
    """As if it was made from a commit."""
    found = json.loads(path.read_text())
    found["commit"] = "0123456789ab"
    path.write_text(json.dumps(found))
    return path


def test_latency_may_not_rise_nor_vanish(tmp_path: Path) -> None:
    built, kept = tmp_path / "built", tmp_path / "kept"
    made(cycles=12).write(kept)
    made(cycles=12).write(built)
    assert figures.risen(built, kept) == []
    made(cycles=13).write(built)
    assert figures.risen(built, kept) == ["feed: W=8 latency_book is 13 cycles, was 12"]
    Report("feed", command="x").write(built)
    assert figures.risen(built, kept) == ["feed: W=8 latency_book is no longer reported"]


def test_only_figures_that_hold_and_belong_to_a_commit_are_kept(tmp_path: Path) -> None:
    built, kept = tmp_path / "built", tmp_path / "kept"
    clean(made().write(built))
    assert figures.keep((), built, kept) == []  # nobody asked for it, and nothing states it
    assert figures.keep(["feed"], built, kept) == [kept / "feed.json"]
    assert figures.keep((), built, kept) == [kept / "feed.json"]
    with pytest.raises(ValueError, match="fee: no such report"):
        figures.keep(["fee"], built, kept)
    clean(made(cycles=99).write(built))
    with pytest.raises(ValueError, match=r"feed\.json: 1 figures miss their bound"):
        figures.keep((), built, kept)
    path = clean(made().write(built))
    path.write_text(path.read_text().replace("0123456789ab", "0123456789ab-dirty"))
    with pytest.raises(ValueError, match="uncommitted"):
        figures.keep((), built, kept)


def test_the_readme_tables_come_from_the_figures(tmp_path: Path) -> None:
    clean(made().write(tmp_path))
    page = "a\n<!-- figures feed: latency_book -->\nold\n<!-- end -->\nb\n"
    shown = figures.rendered(page, tmp_path)
    assert "| W=8 | latency book | 12 cycles | <= 14 | simulated |" in shown
    assert "`make measure NAME=feed` at 0123456789ab" in shown
    assert "messages" not in shown
    assert "old" not in shown
    assert figures.rendered(shown, tmp_path) == shown


def test_a_table_by_case(tmp_path: Path) -> None:
    clean(made().write(tmp_path))
    page = "<!-- figures feed by case: latency_book; messages -->\n<!-- end -->\n"
    shown = figures.rendered(page, tmp_path)
    assert "latency book, cycles<br>*simulated*" in shown
    assert "| W=8 | 12 | 155,935 |" in shown


def test_numbers_are_readable() -> None:
    row = {"case": "c", "metric": "m", "value": 155935, "unit": "rows", "how": "simulated"}
    assert "| 155,935 rows |" in markdown([row])
