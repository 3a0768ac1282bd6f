"""What a long measure has done is had again at its commit, and at no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from hwtools.report import Report
from sim.measure import kept


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(kept, "commit", lambda: "one")
    return []


def _measure(tried: list[str], folder: Path, key: str = "a part, W=8") -> Report:
    report = Report("some", "")

    def make(report: Report) -> None:
        tried.append(key)
        report.row("case", "wrong", len(tried), "rows", n=3, how="simulated", bound=5, op="<=")

    kept.once(folder, report, key, make)
    return report


def test_it_is_done_once_at_a_commit(tried: list[str], tmp_path: Path) -> None:
    first, again = _measure(tried, tmp_path), _measure(tried, tmp_path)
    assert first.rows == again.rows and len(tried) == len(again.rows) == 1
    assert _measure(tried, tmp_path, "another part").rows != first.rows


def test_two_keys_of_one_file_name_are_two(tried: list[str], tmp_path: Path) -> None:
    _measure(tried, tmp_path, "a b")
    _measure(tried, tmp_path, "a-b")
    assert tried == ["a b", "a-b"]


@pytest.mark.parametrize("at", ["two", "one-dirty"])
def test_another_commit_is_measured_anew(
    tried: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    _measure(tried, tmp_path)
    monkeypatch.setattr(kept, "commit", lambda: at)
    _measure(tried, tmp_path)
    _measure(tried, tmp_path)
    assert len(tried) == (3 if at.endswith("-dirty") else 2)


def test_what_gave_no_row_isnt_kept(tried: list[str], tmp_path: Path) -> None:
    for _ in range(2):
        kept.once(tmp_path, Report("some", ""), "lacks its data", lambda _: tried.append("done"))
    assert len(tried) == 2
