"""Inputs and targets of a training part, as parallel streams: [time, stream, …].

The part is cut into streams of equal length, in order; a rest is left out. With `mirror`, every
stream is there twice, the second time with bid and ask swapped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from models.nets.student import INPUT_SCALE
from models.train.labels import Part, Samples, classes, moves, threshold
from models.train.mirror import mirrored, turned
from models.train.soft import Soft
from tickwire.gen.records import CLASSES


@dataclass(frozen=True)
class Targets:
    """A training part's inputs, and the outputs that are to be learned."""

    x: Tensor
    classes: Tensor
    returns: Tensor  # in standard deviations, within 3
    soft: Tensor | None  # a teacher's chances
    balance: Tensor  # of the classes in the loss
    limit: float  # the labels' threshold

    @property
    def streams(self) -> int:
        return self.x.shape[1]


def build_targets(
    samples: Samples,
    training: Part,
    horizon: int,
    streams: int,
    *,
    mirror: bool = False,
    soft: Soft | None = None,
) -> Targets:
    count = len(training) // streams
    if not count:
        raise ValueError(f"{samples.name}: {len(training):,} samples don't make {streams} streams")
    used = Part(training.start, training.start + count * streams)

    def shaped(values: Any) -> Tensor:
        rows = torch.as_tensor(values).reshape(streams, count, -1)
        return rows.transpose(0, 1).contiguous()

    def twice(value: Tensor, other: Tensor) -> Tensor:
        return torch.cat((value, other), dim=1) if mirror else value

    ahead = moves(samples, training, horizon)
    limit = threshold(ahead)  # of the whole part, as in evaluation
    labels = shaped(classes(ahead[: len(used)], limit))[..., 0]
    truth = twice(labels, CLASSES - 1 - labels)
    scale = float(np.std(ahead)) or 1.0
    returns = shaped(np.clip(ahead[: len(used)] / scale, -3, 3).astype(np.float32))[..., 0]
    x = shaped(samples.x[used.span].astype(np.float32) / INPUT_SCALE)
    counts = torch.bincount(truth.ravel(), minlength=CLASSES).float()
    chances = None if soft is None else shaped(soft.chances[: len(used)])
    return Targets(
        twice(x, mirrored(x)),
        truth,
        twice(returns, -returns),
        None if chances is None else twice(chances, turned(chances)),
        (counts.sum() / (CLASSES * counts.clamp(min=1))).sqrt(),
        limit,
    )
