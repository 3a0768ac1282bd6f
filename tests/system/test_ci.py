"""The steps of .ci/run: their times, and the end at the first that fails."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from hwtools import report
from hwtools.toolchain import ROOT
from sim.checks import ci

BUSY = f"{sys.executable} -c 'sum(range(10**7))'"


def test_a_step_that_fails_is_the_last(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(ci, "STEPS", ("true", BUSY, "false", "true"))
    monkeypatch.setattr(ci, "REPORTS", tmp_path)
    assert ci.main(["--setup", "7"]) == 1
    assert capsys.readouterr().out.endswith("\nsteps: 3 passed, 1 failed\n")
    rows = report.read(tmp_path / "ci.json")["rows"]
    times = {row["case"]: row["value"] for row in rows if row["metric"] == "processor_time"}
    assert list(times) == ["make setup", "true", BUSY, "false", "all"]
    assert times[BUSY] > times["true"] and times["all"] >= times[BUSY]
    assert ("make setup", 7.0) in {(row["case"], row["value"]) for row in rows}


def test_every_step_that_passes_is_counted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(ci, "STEPS", ("true", "exit 0"))
    monkeypatch.setattr(ci, "REPORTS", tmp_path)
    assert ci.main([]) == 0
    assert capsys.readouterr().out.endswith("\nsteps: 2 passed, 0 failed\n")


def test_every_step_is_a_target_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = [step.split()[1] for step in ci.STEPS if step.startswith("make ")]
    assert targets == ["lint", "test", "test-long", "formal", "benches", "sim"]
    assert all(f"\n{target}: " in makefile for target in targets)


def test_the_seed_is_that_of_the_environment_or_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Every step has it, and the first and the last line but one say how to repeat it."""
    monkeypatch.setattr(ci, "STEPS", ('test "$SEED" = 1 || exit 3',))
    monkeypatch.setattr(ci, "REPORTS", tmp_path)
    monkeypatch.setenv("SEED", "")
    assert ci.main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == lines[-2] and "SEED=1 make test" in lines[0]
    monkeypatch.setenv("SEED", "5")
    assert ci.main([]) == 1
    assert "SEED=5 make test" in capsys.readouterr().out
