"""`make measure NAME=seeds`: which seeds fail, what is kept, and what is run again."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import Progress

from hwtools.report import Report
from sim.measure import seeds

BENCH = """
import os
from pathlib import Path

from sim.lib.runner import BenchError


def run(module):
    seed = os.environ["SEED"]
    with Path({ran!r}).open("a") as file:
        file.write(seed + "\\n")
    if seed in {bad}:
        raise BenchError(f"tiny: a_case; SEED={{seed}}, log none")


def test_tiny():
    run("crc32")


def test_beside():
    pass
"""


def file(folder: Path) -> Path:
    """A name of its own for each test: Python imports a file of one name once."""
    return folder / f"test_{folder.name}.py"


def bench(folder: Path, *bad: str) -> Path:
    ran = folder / "ran"
    file(folder).write_text(BENCH.format(ran=str(ran), bad=list(bad)))
    return ran


def measured(folder: Path, numbers: range) -> list[seeds.Verdict]:
    with Progress(console=Console(quiet=True)) as progress:
        return seeds.tried(folder.name, numbers, progress, folder, folder / "out")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FRESH", "")
    monkeypatch.setenv("SEED", "9")
    monkeypatch.setenv("JOBS", "")
    return tmp_path


def test_the_seed_that_fails_is_named(folder: Path) -> None:
    bench(folder, "3")
    verdicts = measured(folder, range(1, 5))
    assert [(one.seed, one.passed) for one in verdicts] == [
        (1, True), (2, True), (3, False), (4, True),
    ]  # fmt: skip
    assert "a_case; SEED=3" in verdicts[2].why and "test_tiny" in verdicts[2].bench
    report = Report("seeds", "test")
    seeds.state(report, verdicts)
    (failed,) = report.failed
    assert failed.metric == "seeds_failed" and failed.value == 1 and failed.n == 4
    assert any(row.metric == "failed, SEED=3" and "a_case" in str(row.value) for row in report.rows)
    console = Console(record=True, quiet=False, width=200)
    seeds.repeats(console, verdicts)
    assert "SEED=3 .venv/bin/python -m pytest" in console.export_text()


def test_a_verdict_is_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = bench(folder, "2")
    first = measured(folder, range(1, 3))
    assert measured(folder, range(1, 4))[:2] == first
    assert ran.read_text().split() == ["1", "2", "3"]
    monkeypatch.setenv("FRESH", "1")
    measured(folder, range(1, 2))
    assert ran.read_text().split() == ["1", "2", "3", "1"]


def test_what_it_depends_on_is_asked_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench(folder)
    (before,) = seeds.asked(file(folder)).values()
    monkeypatch.setattr(seeds.depends, "digest", lambda bench: f"another {bench}")
    (after,) = seeds.asked(file(folder)).values()
    assert before != after


def test_a_file_without_a_bench_is_refused(folder: Path) -> None:
    file(folder).write_text("def test_nothing():\n    pass\n")
    with pytest.raises(seeds.TrialError, match="no bench"):
        measured(folder, range(1, 2))


def test_the_command_refuses_what_it_can_t_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert seeds.main(["no_such_module"]) == 2 and "axis_fifo" in capsys.readouterr().err
    assert seeds.main(["crc32", "--seeds", "0"]) == 2
