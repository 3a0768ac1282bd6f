"""A small generated day, and small untrained students for the commands that score."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest
import torch

from hwtools import report
from models.nets.student import NetConfig, build
from models.score import evaluate, scoring
from models.train import baselines, labels, students
from models.train.labels import Samples
from models.train.trainer import digest
from tickwire.data import days
from tickwire.data import events as files
from tickwire.data.events import About, Events
from tickwire.features.table import table_hash


@pytest.fixture(scope="session")
def events() -> Events:
    """A small generated day of one instrument."""
    _, chunks = days.read("market", 24_000, 5)
    (events,) = chunks
    return events


@pytest.fixture(scope="session")
def samples(events: Events) -> Samples:
    return labels.samples(About("test", ("AAAA",)), events)


@pytest.fixture()
def day_file(tmp_path: Path) -> Path:
    path = tmp_path / "day.parquet"
    files.write(path, *days.read("market", 24_000, 5))
    return path


@pytest.fixture()
def day(day_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Arguments for a small day; nothing is written outside of the test's folder."""
    monkeypatch.setattr(baselines, "ROUNDS", 40)
    monkeypatch.setattr(report, "commit", lambda: "none")
    monkeypatch.setattr(scoring, "BOOK", tmp_path / "ledger.jsonl")
    monkeypatch.setattr(evaluate, "REPORTS", tmp_path)
    monkeypatch.setattr(evaluate, "KEPT", tmp_path)
    return ["--data", str(day_file), "--trials", "1", "--horizon", "10", "--json"]


def _student(folder: Path, data: str, horizon: int = 10, seed: int = 1) -> Path:
    """The file of a small untrained student, as of one that was trained on `data`."""
    torch.manual_seed(seed)
    net = build(NetConfig("mlp", layers=(4,)))
    record = {
        "net": asdict(NetConfig("mlp", layers=(4,))),
        "training": {},
        "horizon": horizon,
        "threshold": (1e-3).hex(),
        "data": data,
        "instrument": "AAAA",
        "features": table_hash(),
        "validation_mcc": 0.0,
        "digest": digest(net, 1e-3),
        "layers": students._layers(net),
    }
    folder.mkdir(exist_ok=True)
    (folder / students.FILE).write_text(json.dumps(record))
    return folder


@pytest.fixture()
def student() -> Callable[..., Path]:
    return _student
