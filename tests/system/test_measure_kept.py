"""What a long measure has done is had again of its sources, and of no others."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from hwtools.report import Report
from sim.measure import kept


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(kept, "sources", lambda: "one")
    return []


def _measure(tried: list[str], folder: Path, key: str = "a part, W=8") -> Report:
    report = Report("some", "")

    def make(report: Report) -> None:
        tried.append(key)
        report.row("case", "wrong", len(tried), "rows", n=3, how="simulated", bound=5, op="<=")

    kept.once(folder, report, key, make)
    return report


def test_it_is_done_once_of_its_sources(tried: list[str], tmp_path: Path) -> None:
    first, again = _measure(tried, tmp_path), _measure(tried, tmp_path)
    assert first.rows == again.rows and len(tried) == len(again.rows) == 1
    assert _measure(tried, tmp_path, "another part").rows != first.rows


def test_two_keys_of_one_file_name_are_two(tried: list[str], tmp_path: Path) -> None:
    _measure(tried, tmp_path, "a b")
    _measure(tried, tmp_path, "a-b")
    assert tried == ["a b", "a-b"]


@pytest.mark.parametrize("of", ["two", ""])
def test_other_sources_are_measured_anew(
    tried: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of: str
) -> None:
    """Those that aren't committed each time."""
    _measure(tried, tmp_path)
    monkeypatch.setattr(kept, "sources", lambda: of)
    _measure(tried, tmp_path)
    _measure(tried, tmp_path)
    assert len(tried) == (2 if of else 3)


def test_a_page_is_no_source_and_a_module_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def git(*words: str) -> None:
        me = ("-c", "user.name=me", "-c", "user.email=me@example.com")
        subprocess.run(["git", *me, *words], cwd=tmp_path, check=True, capture_output=True)

    def committed(name: str) -> str:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
        git("add", ".")
        git("commit", "-m", name)
        return kept.sources(tmp_path)

    git("init")
    monkeypatch.setattr(kept, "commit", lambda: "clean")
    first = committed("hw/rtl/one.sv")
    assert first == committed("docs/one.md") == committed("sim/mutants/one.patch")
    assert len({first, committed("hw/rtl/two.sv"), committed("sim/lib/one.py")}) == 3
    monkeypatch.setattr(kept, "commit", lambda: "clean-dirty")
    assert kept.sources(tmp_path) == ""


def test_what_gave_no_row_isnt_kept(tried: list[str], tmp_path: Path) -> None:
    for _ in range(2):
        kept.once(tmp_path, Report("some", ""), "lacks its data", lambda _: tried.append("done"))
    assert len(tried) == 2
