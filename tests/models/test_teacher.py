"""Teachers: what they see, that they repeat and resume, and what they write."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
import torch

from models.nets.student import INPUT_SCALE
from models.train import checkpoint, forest, soft, teacher
from models.train.forest import Forest
from models.train.labels import Part, Samples, load, parts, samples
from models.train.mirror import mirrored, turned
from models.train.window import TeacherConfig, Training
from tickwire.data import days
from tickwire.data import events as files
from tickwire.data.events import About
from tickwire.features.table import TABLE

TINY = TeacherConfig(hidden=4, layers=2, heads=2, window=8, epochs=3, batch=64, stride=16)


@lru_cache(maxsize=None)
def found() -> Samples:
    _, chunks = days.read("market", 24_000, 5)
    (events,) = chunks
    return samples(About("test", ("AAAA",)), events)


def test_a_window_ends_at_its_sample(tmp_path: Path) -> None:
    training = Training(TINY, found(), tmp_path)
    at = torch.tensor([0, 3, 500])
    rows = training.windows(at).numpy() * INPUT_SCALE
    assert rows.shape == (3, TINY.window, len(TABLE))
    assert np.array_equal(rows[2], found().x[493:501])
    assert np.array_equal(rows[1, -4:], found().x[:4]) and not rows[1, :4].any()
    assert np.array_equal(rows[0, -1], found().x[0]) and not rows[0, :-1].any()
    # and what it says of a sample doesn't depend on what follows
    x = found().x.copy()
    x[2_000:] = -x[2_000:]
    other = Training(TINY, replace(found(), x=x), tmp_path)
    said, changed = (each.chances(Part(1_900, 2_100)) for each in (training, other))
    assert np.array_equal(said[:100], changed[:100])
    assert (said[100:] != changed[100:]).any(axis=1).all()
    assert np.allclose(said.sum(axis=1), 1)


def test_nothing_behind_the_validation_part_matters(tmp_path: Path) -> None:
    whole = found()
    test = parts(whole)[2].start
    x, middle = whole.x.copy(), whole.middle.copy()
    x[test:], middle[test:] = 0, 1
    said = []
    for number, day in enumerate((whole, replace(whole, x=x, middle=middle))):
        training = Training(replace(TINY, epochs=1), day, tmp_path / str(number))
        training.run()
        grown = Forest(day, *parts(day)[:2], 50, bag=1)
        said.append((training.chances(training.training), grown.chances(grown.x)))
    for one, other in zip(*said, strict=True):
        assert np.array_equal(one, other) and len(np.unique(one)) > 1_000


def test_training_repeats_and_resumes(tmp_path: Path) -> None:
    whole = Training(TINY, found(), tmp_path / "whole")
    whole.run()
    stopped = Training(TINY, found(), tmp_path / "cut")

    def interrupt(epoch: int, *_: float) -> None:
        if epoch == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped.run(interrupt)
    resumed = Training(TINY, found(), tmp_path / "cut")
    resumed.run()
    assert resumed.epoch == 3 and resumed.best == whole.best
    # the last epoch's too, whichever was the best
    ends = [checkpoint.read(each.folder, each.key) for each in (resumed, whole)]
    assert all(end is not None for end in ends)
    for name in ("state", "best_state"):
        mine, theirs = (end[name] for end in ends if end)
        assert all(torch.equal(mine[key], theirs[key]) for key in mine)
    with pytest.raises(ValueError, match="another training"):
        Training(replace(TINY, seed=2), found(), tmp_path / "cut").run()
    (tmp_path / "cut" / "checkpoint.pt").write_bytes(b"nothing")
    with pytest.raises(ValueError, match="not a checkpoint"):
        Training(TINY, found(), tmp_path / "cut").run()


def test_it_stops_when_nothing_gets_better(tmp_path: Path) -> None:
    training = Training(replace(TINY, epochs=30, patience=1, rate=0.2), found(), tmp_path)
    seen = []
    training.run(lambda _epoch, _loss, held, _score: seen.append(held))
    assert len(seen) < 30 and seen[-1] >= min(seen[:-1])
    assert training.judge(training.chances(training.validation))[0] == min(seen) == training.best


def test_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "day.parquet"
    files.write(path, *days.read("market", 24_000, 5))
    monkeypatch.setattr(teacher, "BUILD", tmp_path)
    monkeypatch.setitem(teacher.SIZES, "small", {"hidden": 4, "stride": 32, "epochs": 1})
    assert teacher.main([str(path), "--horizon", "10", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    day = load(path)
    labels = soft.read([Path(told["soft_labels"])], day, parts(day)[0], 10)
    assert len(labels.chances) == len(parts(day)[0]) and 0.0 < told["validation_loss"] < 3.0
    # the exported program says what was written
    program = torch.export.load(Path(told["soft_labels"]).parent / "teacher.pt2").module()
    training = Training(TeacherConfig(), day, tmp_path)
    x = training.windows(torch.arange(300, 305))
    with torch.no_grad():
        mine, theirs = (program(each)[:, :3].softmax(dim=-1) for each in (x, mirrored(x)))
    want = torch.as_tensor(labels.chances[300 - parts(day)[0].start :][:5])
    assert torch.allclose((mine + turned(theirs)) / 2, want, atol=1e-5)
    monkeypatch.setattr(forest, "ROUNDS", 12)
    assert teacher.main([str(path), "--size", "trees", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert soft.read([Path(told["soft_labels"])], day, parts(day)[0], 50)
    assert teacher.main([str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
