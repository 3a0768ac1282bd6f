"""Streams of a training part: in order, and each beside its mirror image."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from models.nets.student import INPUT_SCALE
from models.train.labels import Samples, classes, moves, parts, threshold
from models.train.mirror import mirrored
from models.train.soft import Soft
from models.train.targets import build_targets


def test_streams_are_the_part_in_order_and_mirrored(samples: Samples) -> None:
    training = parts(samples)[0]
    ahead = moves(samples, training, 50)
    chances = np.random.default_rng(1).random((len(training), 3)).astype(np.float32)
    targets = build_targets(samples, training, 50, 8, mirror=True, soft=Soft(chances, ""))
    count = len(training) // 8
    assert targets.x.shape == (count, 16, samples.x.shape[1]) and targets.streams == 16
    assert targets.limit == threshold(ahead) and targets.soft is not None
    truth = torch.as_tensor(classes(ahead, targets.limit))
    for stream in (0, 3, 7):
        rows = slice(training.start + stream * count, training.start + (stream + 1) * count)
        own = slice(stream * count, (stream + 1) * count)
        x = torch.as_tensor(samples.x[rows].astype(np.float32) / INPUT_SCALE)
        assert torch.equal(targets.x[:, stream], x)
        assert torch.equal(targets.x[:, 8 + stream], mirrored(x))
        assert torch.equal(targets.classes[:, stream], truth[own])
        assert torch.equal(targets.classes[:, 8 + stream], 2 - truth[own])
        assert torch.equal(targets.returns[:, 8 + stream], -targets.returns[:, stream])
        assert np.array_equal(targets.soft[:, stream].numpy(), chances[own])
        assert np.array_equal(targets.soft[:, 8 + stream].numpy(), chances[own][:, ::-1])
    # up and down are now equally frequent, and have the same weight in the loss
    assert targets.balance[0] == targets.balance[2]
    change, label = targets.returns[:, :8], targets.classes[:, :8]
    assert (change[label == 2] > 0).all() and (change[label == 0] < 0).all()


def test_a_part_that_makes_no_stream_is_refused(samples: Samples) -> None:
    with pytest.raises(ValueError, match="don't make 20000 streams"):
        build_targets(samples, parts(samples)[0], 50, 20_000)


def test_returns_are_moves_in_deviations_cut_at_three(samples: Samples) -> None:
    training = parts(samples)[0]
    ahead = moves(samples, training, 50)
    targets = build_targets(samples, training, 50, 1)
    expected = np.clip(ahead / np.std(ahead), -3, 3).astype(np.float32)
    assert np.array_equal(targets.returns[:, 0].numpy(), expected)
    assert np.abs(expected).max() == 3 and (np.abs(ahead) > 3 * np.std(ahead)).any()


def test_a_price_that_never_moves_gives_finite_targets(samples: Samples) -> None:
    """Then no class but flat is there, and no deviation to divide by."""
    still = replace(samples, middle=np.full_like(samples.middle, 2_000_000))
    targets = build_targets(still, parts(samples)[0], 50, 2)
    assert (targets.returns == 0).all() and (targets.classes == 1).all()
    assert torch.isfinite(targets.balance).all()
