"""Scores of a forecast from its confusion matrix, with bootstrapped intervals.

A day's samples aren't independent, so the bootstrap draws blocks of 1,000 samples. The difference
of two candidates is paired: both are scored on the same blocks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tickwire.gen.records import CLASSES

BLOCK = 1000
DRAWS = 2000

Matrix = npt.NDArray[np.float64]  # [..., truth, predicted]
Classes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def likeliest(chances: Floats) -> Classes:
    """The class with the greatest chance or score; a sample without a number has none."""
    if not np.isfinite(chances).all():
        row = int(np.flatnonzero(~np.isfinite(chances).all(axis=1))[0])
        raise ValueError(f"sample {row}: chances of {chances[row].tolist()}")
    return np.asarray(chances.argmax(axis=1), np.int64)


def confusion(truth: Classes, predicted: Classes) -> Matrix:
    """How often each class was predicted for each true class."""
    if truth.shape != predicted.shape:
        raise ValueError(f"{len(truth)} classes and {len(predicted)} that were predicted")
    for classes in (truth, predicted):
        if len(classes) and not 0 <= classes.min() <= classes.max() < CLASSES:
            raise ValueError(f"classes are 0 to {CLASSES - 1}")
    counts = np.bincount(truth * CLASSES + predicted, minlength=CLASSES * CLASSES)
    return np.asarray(counts.reshape(CLASSES, CLASSES).astype(np.float64))


def mcc(matrix: Matrix) -> Floats:
    """Matthews' correlation of several classes (Gorodkin's R_K); 0 where one side is constant."""
    total = matrix.sum(axis=(-2, -1))
    right = np.trace(matrix, axis1=-2, axis2=-1)
    truths, predicted = matrix.sum(axis=-1), matrix.sum(axis=-2)
    covariance = right * total - (truths * predicted).sum(axis=-1)
    spread = (total**2 - (truths**2).sum(axis=-1)) * (total**2 - (predicted**2).sum(axis=-1))
    return np.where(spread > 0, covariance / np.sqrt(np.where(spread > 0, spread, 1.0)), 0.0)


def macro_f1(matrix: Matrix) -> Floats:
    """The mean of the classes' F1; 0 for a class that neither occurs nor is predicted."""
    right = np.diagonal(matrix, axis1=-2, axis2=-1)
    both = matrix.sum(axis=-1) + matrix.sum(axis=-2)
    each = np.where(both > 0, 2 * right / np.where(both > 0, both, 1.0), 0.0)
    return np.asarray(each.mean(axis=-1))


def accuracy(matrix: Matrix) -> Floats:
    right = np.trace(matrix, axis1=-2, axis2=-1)
    return np.asarray(right / np.maximum(matrix.sum(axis=(-2, -1)), 1.0))


def calibration(truth: Classes, chances: Floats, bins: int = 10) -> tuple[float, list[list[float]]]:
    """Expected calibration error of the predicted class, and for each bin a row of the mean chance
    of that class, the share that was right, and the number of samples."""
    hits, sure = likeliest(chances) == truth, chances.max(axis=1)
    place = np.minimum((sure * bins).astype(np.int64), bins - 1)
    rows, error = [], 0.0
    for at in range(bins):
        here = place == at
        if here.any():
            chance, right = float(sure[here].mean()), float(hits[here].mean())
            rows.append([chance, right, int(here.sum())])
            error += abs(chance - right) * float(here.mean())
    return error, rows


@dataclass(frozen=True)
class Interval:
    """A value and its 95 % interval."""

    value: float
    low: float
    high: float


def blocks(truth: Classes, predicted: Classes, size: int = BLOCK) -> Matrix:
    """The confusion matrix of each block; a rest of less than half a block joins the last one."""
    if not len(truth):
        raise ValueError("no samples to score")
    edges = list(range(0, len(truth), size))
    if len(edges) > 1 and len(truth) - edges[-1] < size // 2:
        edges.pop()
    ends = [*edges[1:], len(truth)]
    return np.stack(
        [confusion(truth[a:b], predicted[a:b]) for a, b in zip(edges, ends, strict=True)]
    )


def bootstrap(
    measure: Callable[[Matrix], Floats],
    truth: Classes,
    predicted: Classes,
    other: Classes | None = None,
    *,
    seed: int,
    size: int = BLOCK,
    draws: int = DRAWS,
) -> Interval:
    """A measure of a candidate, or its lead over another candidate on the same blocks."""
    mine = blocks(truth, predicted, size)
    theirs = blocks(truth, other, size) if other is not None else None
    picks = np.random.default_rng(seed).integers(0, len(mine), (draws, len(mine)))

    def value(each: Matrix, which: npt.NDArray[np.int64] | None) -> Floats:
        summed = each.sum(axis=0) if which is None else each[which].sum(axis=1)
        return measure(summed)

    drawn, centre = value(mine, picks), float(value(mine, None))
    if theirs is not None:
        drawn, centre = drawn - value(theirs, picks), centre - float(value(theirs, None))
    low, high = np.quantile(drawn, [0.025, 0.975]).tolist()
    return Interval(centre, low, high)
