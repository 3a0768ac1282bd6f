"""The sweep: the Pareto front, and what is kept and written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.deploy import hardware, sweep
from models.deploy.sweep import Point, pareto
from models.nets.student import NetConfig
from openrtl.synth import Resources


def test_the_pareto_front() -> None:
    pairs = [(500, 0.2), (400, 0.1), (400, 0.15), (900, 0.2), (300, 0.05), (950, 0.3), (999, 0.29)]
    figures = [{"comb": comb, "validation_mcc": score} for comb, score in pairs]
    assert pareto(figures) == [4, 2, 0, 5]
    assert pareto(figures[:1]) == [0]


@pytest.mark.timeout(300)
def test_the_command(
    tmp_path: Path,
    day_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    grid = [Point(NetConfig("mlp", layers=(4,)), 100), Point(NetConfig("cnn", hidden=3), 100)]
    cells = iter((2_000, 1_000))
    synthesised = []

    def counted(folder: Path, top: str, family: str) -> tuple[Resources, Path]:
        assert (folder / "sources.f").exists()
        synthesised.append(top)
        return Resources(family, 0, 0, 7, 0, 0, next(cells)), folder

    monkeypatch.setattr(hardware, "synthesise", counted)
    monkeypatch.setattr(sweep, "BUILD", tmp_path)
    monkeypatch.setattr(sweep, "REPORTS", tmp_path / "reports")
    monkeypatch.setitem(sweep.GRIDS, "short", grid)
    arguments = [str(day_file), "--epochs", "2", "--json"]
    assert sweep.main(arguments) == 0
    figures = json.loads(capsys.readouterr().out)
    assert list(figures) == ["mlp 4, 100 weights of 5 bits", "cnn 3, 100 weights of 5 bits"]
    assert [each["comb"] for each in figures.values()] == [2_000, 1_000]
    assert all(50 < each["weights"] <= 100 and each["latency"] > 0 for each in figures.values())
    rows = json.loads((tmp_path / "reports" / "sweep.json").read_text())["rows"]
    assert {row["metric"] for row in rows} > {"validation_mcc", "comb", "loop", "pareto"}
    assert (tmp_path / "reports" / "sweep.png").read_bytes()[1:4] == b"PNG"
    picture = (tmp_path / "reports" / "sweep.svg").read_bytes()
    # the second run computes nothing and writes the same picture
    assert sweep.main(arguments) == 0
    assert json.loads(capsys.readouterr().out) == figures and len(synthesised) == 2
    assert (tmp_path / "reports" / "sweep.svg").read_bytes() == picture
    assert not list(tmp_path.rglob("*.part*"))
    # another training's checkpoint is refused
    assert sweep.main([*arguments, "--epochs", "3"]) == 2
    assert "belongs to another training" in capsys.readouterr().err
    assert sweep.main([str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
