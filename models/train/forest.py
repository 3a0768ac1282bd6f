"""Boosted trees as a teacher: a bag of them, on each sample and on its mirror image.

A few settings are tried; the validation loss decides which, and how many trees. What the bag then
says of the training part is what a student learns from. Bags that were trained without the stretch
that they speak of taught no better.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import lightgbm
import numpy as np
import numpy.typing as npt

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

Rows = npt.NDArray[np.float32]
Said = Callable[[Rows], Floats]


def _fixed(seed: int) -> dict[str, Any]:
    return {
        "objective": "multiclass",
        "num_class": CLASSES,
        "verbosity": -1,
        "num_threads": 1,
        "deterministic": True,
        "force_row_wise": True,
        "feature_fraction": 0.5,
        "bagging_fraction": 0.6,
        "bagging_freq": 1,
        "max_bin": 63,
        "seed": seed,
    }


def _both(x: Rows, y: npt.NDArray[np.int64]) -> tuple[Rows, npt.NDArray[np.int64]]:
    signs = np.array(SIGNS, np.float32)
    return np.concatenate([x, x * signs]), np.concatenate([y, CLASSES - 1 - y])


def _said(booster: lightgbm.Booster, x: Rows) -> Floats:
    """Its chances, the mirror image's taken in."""
    signs = np.array(SIGNS, np.float32)
    mine = np.asarray(booster.predict(x, num_threads=1), np.float64)
    theirs = np.asarray(booster.predict(x * signs, num_threads=1), np.float64)
    return (mine + theirs[:, ::-1]) / 2


class Forest:
    """Found on the training part, its settings chosen on the validation part."""

    def __init__(
        self,
        found: Samples,
        training: Part,
        validation: Part,
        horizon: int,
        *,
        bag: int = 3,
        seed: int = 1,
        told: Callable[[int, float], None] | None = None,
    ) -> None:
        ahead = moves(found, training, horizon)
        self.limit, self.bag = threshold(ahead), bag
        self.x = found.x[training.span].astype(np.float32)
        self.y = classes(ahead, self.limit)
        held_x = found.x[validation.span].astype(np.float32)
        held_y = classes(moves(found, validation, horizon), self.limit)
        best: tuple[float, dict[str, Any], int] = (float("inf"), {}, 0)
        x, y = _both(self.x, self.y)
        for number, settings in enumerate(GRID):
            both = {**_fixed(seed), **settings}
            data = lightgbm.Dataset(x, y, params=both)
            held = lightgbm.Dataset(*_both(held_x, held_y), reference=data)
            stop = lightgbm.early_stopping(PATIENCE, verbose=False)
            booster = lightgbm.train(both, data, ROUNDS, valid_sets=[held], callbacks=[stop])
            loss = float(booster.best_score["valid_0"]["multi_logloss"])
            if loss < best[0]:
                best = (loss, settings, booster.best_iteration)
            if told:
                told(number, loss)
        self.loss, self.settings, self.trees = best
        self.boosters = []
        for number in range(bag):
            both = {**_fixed(seed + number), **self.settings}
            data = lightgbm.Dataset(x, y, params=both)
            self.boosters.append(lightgbm.train(both, data, self.trees))

    def chances(self, x: Rows) -> Floats:
        return np.asarray(np.mean([_said(booster, x) for booster in self.boosters], axis=0))
