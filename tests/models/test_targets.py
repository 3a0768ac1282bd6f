"""Streams of a training part: in order, and each beside its mirror image."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from models.nets.student import INPUT_SCALE
from models.train.labels import Samples, classes, moves, parts, samples, threshold
from models.train.mirror import mirrored
from models.train.soft import Soft
from models.train.targets import build_targets
from tickwire.data import days
from tickwire.data.events import About


@pytest.fixture(scope="module")
def found() -> Samples:
    _, chunks = days.read("market", 24_000, 5)
    (events,) = chunks
    return samples(About("test", ("AAAA",)), events)


def test_streams_are_the_part_in_order_and_mirrored(found: Samples) -> None:
    training = parts(found)[0]
    ahead = moves(found, training, 50)
    chances = np.random.default_rng(1).random((len(training), 3)).astype(np.float32)
    made = build_targets(found, training, 50, 8, mirror=True, soft=Soft(chances, ""))
    count = len(training) // 8
    assert made.x.shape == (count, 16, found.x.shape[1]) and made.streams == 16
    assert made.limit == threshold(ahead) and made.soft is not None
    truth = torch.as_tensor(classes(ahead, made.limit))
    for stream in (0, 3, 7):
        rows = slice(training.start + stream * count, training.start + (stream + 1) * count)
        own = slice(stream * count, (stream + 1) * count)
        x = torch.as_tensor(found.x[rows].astype(np.float32) / INPUT_SCALE)
        assert torch.equal(made.x[:, stream], x)
        assert torch.equal(made.x[:, 8 + stream], mirrored(x))
        assert torch.equal(made.classes[:, stream], truth[own])
        assert torch.equal(made.classes[:, 8 + stream], 2 - truth[own])
        assert torch.equal(made.returns[:, 8 + stream], -made.returns[:, stream])
        assert np.array_equal(made.soft[:, stream].numpy(), chances[own])
        assert np.array_equal(made.soft[:, 8 + stream].numpy(), chances[own][:, ::-1])
    # up and down are as many now, and so count alike
    assert made.balance[0] == made.balance[2]
    moved, said = made.returns[:, :8], made.classes[:, :8]
    assert (moved[said == 2] > 0).all() and (moved[said == 0] < 0).all()


def test_a_part_that_makes_no_stream_is_refused(found: Samples) -> None:
    with pytest.raises(ValueError, match="don't make 20000 streams"):
        build_targets(found, parts(found)[0], 50, 20_000)
