"""A teacher of boosted trees: a bag of them, trained on each sample and on its mirror image.

A few settings are tried; the validation loss decides which one is taken, and how many trees. The
bag's chances of the training part, on which it was trained, are what a student learns from. Bags
trained without the samples that they label taught no better.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import lightgbm
import numpy as np
import numpy.typing as npt

from models.train.baselines import REPEATABLE, THREADS
from models.train.labels import Part, Samples, classes, moves, threshold
from models.train.metrics import Floats
from models.train.mirror import SIGNS
from tickwire.gen.records import CLASSES

ROUNDS, PATIENCE = 400, 30
GRID = (
    {"num_leaves": 7, "min_data_in_leaf": 100, "lambda_l2": 1.0, "learning_rate": 0.06},
    {"num_leaves": 15, "min_data_in_leaf": 200, "lambda_l2": 10.0, "learning_rate": 0.05},
    {"num_leaves": 31, "min_data_in_leaf": 200, "lambda_l2": 20.0, "learning_rate": 0.05},
)

SAMPLED = {"feature_fraction": 0.5, "bagging_fraction": 0.6, "bagging_freq": 1, "max_bin": 63}

Rows = npt.NDArray[np.float32]


def _mirrored(x: Rows) -> Rows:
    return x * np.array(SIGNS, np.float32)


def _both(x: Rows, y: npt.NDArray[np.int64]) -> tuple[Rows, npt.NDArray[np.int64]]:
    """Samples and their mirror images."""
    return np.concatenate([x, _mirrored(x)]), np.concatenate([y, CLASSES - 1 - y])


def _chances(booster: lightgbm.Booster, x: Rows) -> Floats:
    """The mean over each sample and its mirror image."""
    mine = np.asarray(booster.predict(x, num_threads=THREADS), np.float64)
    theirs = np.asarray(booster.predict(_mirrored(x), num_threads=THREADS), np.float64)
    return (mine + theirs[:, ::-1]) / 2


class Forest:
    """Trained on the training part, its settings chosen on the validation part."""

    def __init__(
        self,
        samples: Samples,
        training: Part,
        validation: Part,
        horizon: int,
        *,
        bag: int = 3,
        seed: int = 1,
        progress: Callable[[int, float], None] | None = None,
    ) -> None:
        ahead = moves(samples, training, horizon)
        self.limit, self.bag = threshold(ahead), bag
        self.x = samples.x[training.span].astype(np.float32)
        self.y = classes(ahead, self.limit)
        held_x = samples.x[validation.span].astype(np.float32)
        held_y = classes(moves(samples, validation, horizon), self.limit)
        best: tuple[float, dict[str, Any], int] = (float("inf"), {}, 0)
        x, y = _both(self.x, self.y)
        for number, settings in enumerate(GRID):
            parameters = {**REPEATABLE, **SAMPLED, "seed": seed, **settings}
            data = lightgbm.Dataset(x, y, params=parameters)
            held = lightgbm.Dataset(*_both(held_x, held_y), reference=data)
            stop = lightgbm.early_stopping(PATIENCE, verbose=False)
            booster = lightgbm.train(parameters, data, ROUNDS, valid_sets=[held], callbacks=[stop])
            loss = float(booster.best_score["valid_0"]["multi_logloss"])
            if loss < best[0]:
                best = (loss, settings, booster.best_iteration)
            if progress:
                progress(number, loss)
        self.loss, self.settings, self.trees = best
        self.boosters = []
        for number in range(bag):
            parameters = {**REPEATABLE, **SAMPLED, "seed": seed + number, **self.settings}
            data = lightgbm.Dataset(x, y, params=parameters)
            self.boosters.append(lightgbm.train(parameters, data, self.trees))

    def chances(self, x: Rows) -> Floats:
        return np.asarray(np.mean([_chances(booster, x) for booster in self.boosters], axis=0))
