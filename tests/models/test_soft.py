"""Soft labels belong to one training part and are refused for any other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.train import soft
from models.train.labels import Part, Samples, parts
from models.train.soft import SoftError


def chances(count: int, seed: int) -> soft.Floats:
    raw = np.random.default_rng(seed).random((count, 3)) + 0.1
    return np.asarray(raw / raw.sum(axis=1, keepdims=True))


def test_teachers_are_averaged(tmp_path: Path, samples: Samples) -> None:
    training = parts(samples)[0]
    one, two = chances(len(training), 1), chances(len(training), 2)
    paths = [tmp_path / "one.npz", tmp_path / "two.npz"]
    for path, each in zip(paths, (one, two), strict=True):
        soft.write(path, each, samples, training, 50)
    both = soft.read(paths, samples, training, 50)
    assert np.allclose(both.chances, (one + two) / 2, atol=1e-6)
    alone = soft.read(paths[:1], samples, training, 50)
    assert alone.digest == soft.write(tmp_path / "again.npz", one, samples, training, 50).digest
    assert alone.digest != both.digest
    assert not list(tmp_path.glob("*.part"))


def test_another_day_horizon_or_file_is_refused(tmp_path: Path, samples: Samples) -> None:
    training = parts(samples)[0]
    path = tmp_path / "soft.npz"
    soft.write(path, chances(len(training), 1), samples, training, 50)

    def refused(match: str, other: Samples = samples, part: Part = training, k: int = 50) -> None:
        with pytest.raises(SoftError, match=match) as error:
            soft.read([path], other, part, k)
        assert "\n" not in str(error.value)

    refused("another horizon", k=100)
    refused("another training part", part=Part(training.start, training.stop - 1))
    x = samples.x.copy()
    x[training.stop - 1, 0] += 1
    refused("another day's training part", replace(samples, x=x))
    middle = samples.middle.copy()
    middle[training.stop + 49] += 1  # the last label's price
    refused("another day's training part", replace(samples, middle=middle))
    # what follows the training part doesn't matter
    middle, x = samples.middle.copy(), samples.x.copy()
    middle[training.stop + 50 :], x[training.stop :] = 0, 0
    assert soft.read([path], replace(samples, middle=middle, x=x), training, 50)
    path.write_bytes(path.read_bytes()[:100])
    refused("not soft labels")
    path.write_text("nothing")
    refused("not soft labels")
    path.unlink()
    refused("No such file")
    with pytest.raises(SoftError, match="aren't chances"):
        soft.write(path, chances(len(training) - 1, 1), samples, training, 50)
    with pytest.raises(SoftError, match="aren't chances"):
        soft.write(path, chances(len(training), 1) * 2, samples, training, 50)
    assert not path.exists()
