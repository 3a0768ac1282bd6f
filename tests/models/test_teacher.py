"""Teachers: what they read, that they repeat and resume, and what they write."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from models.nets.student import INPUT_SCALE
from models.train import checkpoint, forest, soft, teacher
from models.train.forest import Forest
from models.train.labels import Part, Samples, load, parts
from models.train.mirror import mirrored, turned
from models.train.window import TeacherConfig, Training
from tickwire.features.table import TABLE

TINY = TeacherConfig(hidden=4, layers=2, heads=2, window=8, epochs=3, batch=64, stride=16)


def test_a_window_ends_at_its_sample(tmp_path: Path, samples: Samples) -> None:
    training = Training(TINY, samples, tmp_path)
    at = torch.tensor([0, 3, 500])
    rows = training.windows(at).numpy() * INPUT_SCALE
    assert rows.shape == (3, TINY.window, len(TABLE))
    assert np.array_equal(rows[2], samples.x[493:501])
    assert np.array_equal(rows[1, -4:], samples.x[:4]) and not rows[1, :4].any()
    assert np.array_equal(rows[0, -1], samples.x[0]) and not rows[0, :-1].any()
    # and the chances of a sample don't depend on what follows it
    x = samples.x.copy()
    x[2_000:] = -x[2_000:]
    other = Training(TINY, replace(samples, x=x), tmp_path)
    chances, changed = (each.chances(Part(1_900, 2_100)) for each in (training, other))
    assert np.array_equal(chances[:100], changed[:100])
    assert (chances[100:] != changed[100:]).any(axis=1).all()
    assert np.allclose(chances.sum(axis=1), 1)


def test_nothing_behind_the_validation_part_matters(tmp_path: Path, samples: Samples) -> None:
    test = parts(samples)[2].start
    x, middle = samples.x.copy(), samples.middle.copy()
    x[test:], middle[test:] = 0, 1
    chances = []
    for number, day in enumerate((samples, replace(samples, x=x, middle=middle))):
        training = Training(replace(TINY, epochs=1), day, tmp_path / str(number))
        training.run()
        bag = Forest(day, *parts(day)[:2], 50, bag=1)
        chances.append((training.chances(training.training), bag.chances(bag.x)))
    for one, other in zip(*chances, strict=True):
        assert np.array_equal(one, other) and len(np.unique(one)) > 1_000


def test_training_repeats_and_resumes(tmp_path: Path, samples: Samples) -> None:
    whole = Training(TINY, samples, tmp_path / "whole")
    whole.run()
    stopped = Training(TINY, samples, tmp_path / "cut")

    def interrupt(epoch: int, *_: float) -> None:
        if epoch == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped.run(interrupt)
    resumed = Training(TINY, samples, tmp_path / "cut")
    resumed.run()
    assert resumed.epoch == 3 and resumed.best == whole.best
    # the last epoch's weights too, whichever epoch was the best
    ends = [checkpoint.read(each.folder, each.key) for each in (resumed, whole)]
    assert all(end is not None for end in ends)
    for name in ("state", "best_state"):
        mine, theirs = (end[name] for end in ends if end)
        assert all(torch.equal(mine[key], theirs[key]) for key in mine)
    with pytest.raises(ValueError, match="another training"):
        Training(replace(TINY, seed=2), samples, tmp_path / "cut").run()
    (tmp_path / "cut" / "checkpoint.pt").write_bytes(b"nothing")
    with pytest.raises(ValueError, match="not a checkpoint"):
        Training(TINY, samples, tmp_path / "cut").run()


def test_it_stops_when_nothing_gets_better(tmp_path: Path, samples: Samples) -> None:
    training = Training(replace(TINY, epochs=30, patience=1, rate=0.2), samples, tmp_path)
    losses = []
    training.run(lambda _epoch, _loss, validation, _score: losses.append(validation))
    assert len(losses) < 30 and losses[-1] >= min(losses[:-1])
    assert training.judge(training.chances(training.validation))[0] == min(losses) == training.best


def test_the_command(
    tmp_path: Path,
    day_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(teacher, "BUILD", tmp_path)
    monkeypatch.setitem(teacher.SIZES, "small", {"hidden": 4, "stride": 32, "epochs": 1})
    assert teacher.main([str(day_file), "--horizon", "10", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    day = load(day_file)
    labels = soft.read([Path(figures["soft_labels"])], day, parts(day)[0], 10)
    assert len(labels.chances) == len(parts(day)[0]) and 0.0 < figures["validation_loss"] < 3.0
    # the exported program gives the chances that were written
    program = torch.export.load(Path(figures["soft_labels"]).parent / "teacher.pt2").module()
    training = Training(TeacherConfig(), day, tmp_path)
    x = training.windows(torch.arange(300, 305))
    with torch.no_grad():
        mine, theirs = (program(each)[:, :3].softmax(dim=-1) for each in (x, mirrored(x)))
    expected = torch.as_tensor(labels.chances[300 - parts(day)[0].start :][:5])
    assert torch.allclose((mine + turned(theirs)) / 2, expected, atol=1e-5)
    monkeypatch.setattr(forest, "ROUNDS", 12)
    assert teacher.main([str(day_file), "--size", "trees", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert soft.read([Path(figures["soft_labels"])], day, parts(day)[0], 50)
    assert teacher.main([str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
