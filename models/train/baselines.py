"""The baselines of a model: rules without skill, and LightGBM on the same features.

LightGBM's settings are searched at random: each trial trains on the training part and stops early
on the validation part; the trial with the best validation MCC is kept. Training never reads the
test part, and the digest of what was trained doesn't depend on it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hwtools.rename import by_rename
from models.train.labels import FLAT, Classes, Part, Samples, classes, moves, past_moves, threshold
from models.train.metrics import Floats, confusion, likeliest, mcc
from tickwire.features.table import NAMES, table_hash
from tickwire.gen.records import CLASSES

if TYPE_CHECKING:
    import lightgbm  # takes a second to import, and a trained student needs none of it

ROUNDS, PATIENCE = 600, 40
WARM_UP = 4096  # samples
# Without it LightGBM takes every core, and waits for those that are busy.
THREADS = 1
# What each of our boosted trees has, here and in models.train.forest.
REPEATABLE: dict[str, Any] = {
    "objective": "multiclass",
    "num_class": CLASSES,
    "verbosity": -1,
    "num_threads": THREADS,
    "deterministic": True,
    "force_row_wise": True,
}

Set = tuple[npt.NDArray[np.int16], Classes]  # features and labels of a part
Best = tuple[float, str, dict[str, Any]]  # validation MCC, LightGBM's text, settings


@dataclass(frozen=True)
class Trained:
    """A candidate whose training is done: its chances, and a digest of all that it learned."""

    name: str
    limit: float  # the labels' threshold
    digest: str
    chances: Callable[[Samples, Part], Floats]
    validation_mcc: float = 0.0
    settings: dict[str, Any] = field(default_factory=dict)


def _certain(classes: Classes) -> Floats:
    """A chance of 1 for each predicted class."""
    return np.asarray(np.eye(CLASSES)[classes], np.float64)


def persistence(samples: Samples, training: Part, horizon: int) -> Trained:
    """The class of the last k samples' move, by the same threshold."""
    limit = threshold(moves(samples, training, horizon))

    def chances(other: Samples, part: Part) -> Floats:
        return _certain(classes(past_moves(other, part, horizon), limit))

    digest = hashlib.sha256(repr(("persistence", horizon, limit)).encode()).hexdigest()
    return Trained("persistence", limit, digest, chances)


def always_flat(samples: Samples, training: Part, horizon: int) -> Trained:
    """The class flat for every sample."""
    limit = threshold(moves(samples, training, horizon))

    def chances(_: Samples, part: Part) -> Floats:
        return _certain(np.full(len(part), FLAT))

    digest = hashlib.sha256(repr(("flat", horizon, limit)).encode()).hexdigest()
    return Trained("always_flat", limit, digest, chances)


def _settings(generator: np.random.Generator) -> dict[str, Any]:
    """One draw of the search."""
    return {
        "learning_rate": float(np.exp(generator.uniform(np.log(0.02), np.log(0.2)))),
        "num_leaves": int(generator.choice([7, 15, 31, 63, 127])),
        "min_data_in_leaf": int(generator.choice([20, 50, 100, 200, 500, 1000])),
        "lambda_l2": float(np.exp(generator.uniform(np.log(1e-2), np.log(1e2)))),
        "feature_fraction": float(generator.uniform(0.4, 1.0)),
        "bagging_fraction": float(generator.uniform(0.4, 1.0)),
        "bagging_freq": 1,
        "max_bin": int(generator.choice([63, 255])),
    }


def boosted(
    samples: Samples,
    training: Part,
    validation: Part,
    horizon: int,
    *,
    trials: int,
    seed: int,
    progress: Callable[[int, float], None] | None = None,
    keep: Path | None = None,
) -> Trained:
    """LightGBM, the best of `trials` on the validation part.

    `progress` gets each trial's number and the best score so far. The best one is written to the
    folder `keep`, and read from there when all that it depends on is the same.
    """
    training_moves = moves(samples, training, horizon)
    limit = threshold(training_moves)
    sets = (
        (samples.x[training.span], classes(training_moves, limit)),
        (samples.x[validation.span], classes(moves(samples, validation, horizon), limit)),
    )
    key = (horizon, trials, seed, ROUNDS, PATIENCE, limit, training, validation, table_hash())
    arrays = (array for one in sets for array in one)
    kept = keep and keep / f"lightgbm_{_hash(repr(key).encode(), *arrays)}.json"
    best = _read(kept) if kept else None
    if best is None:
        best = _search(*sets, trials, seed, progress)
        if kept:
            with by_rename(kept) as part:
                part.write_text(json.dumps(best))
    score, text, settings = best
    import lightgbm

    booster = lightgbm.Booster(model_str=text)
    digest = hashlib.sha256(repr((text, limit, table_hash())).encode()).hexdigest()

    def chances(other: Samples, part: Part) -> Floats:
        return _chances(booster, other.x[part.span])

    return Trained("lightgbm", limit, digest, chances, score, {**settings, "trials": trials})


def _search(
    training: Set,
    validation: Set,
    trials: int,
    seed: int,
    progress: Callable[[int, float], None] | None,
) -> Best:
    """Train so many times with settings drawn at random; the best one by its validation MCC."""
    best: Best | None = None
    x, truth = validation
    for trial in range(trials):
        settings = _settings(np.random.default_rng([seed, trial]))
        booster = _train(training, validation, settings, seed + trial)
        score = float(mcc(confusion(truth, likeliest(_chances(booster, x)))))
        if best is None or score > best[0]:
            text = booster.model_to_string(num_iteration=booster.best_iteration)
            best = (score, text, {**settings, "trees": booster.best_iteration, "trial": trial})
        if progress is not None:
            progress(trial, best[0])
    if best is None:
        raise ValueError("a search has at least one trial")
    return best


def _hash(head: bytes, *arrays: npt.NDArray[Any]) -> str:
    sha = hashlib.sha256(head)
    for array in arrays:
        sha.update(np.ascontiguousarray(array).tobytes())
    return sha.hexdigest()[:24]


def _read(path: Path) -> Best | None:
    if not path.exists():
        return None
    score, text, settings = json.loads(path.read_text())
    return float(score), str(text), dict(settings)


def _train(training: Set, validation: Set, settings: dict[str, Any], seed: int) -> lightgbm.Booster:
    import lightgbm

    parameters = {**REPEATABLE, "seed": seed, **settings}
    x, y = training
    # the data set takes the parameters too: the bins are among them
    data = lightgbm.Dataset(x.astype(np.float32), y, feature_name=list(NAMES), params=parameters)
    held = lightgbm.Dataset(validation[0].astype(np.float32), validation[1], reference=data)
    stop = lightgbm.early_stopping(PATIENCE, verbose=False)
    return lightgbm.train(parameters, data, ROUNDS, valid_sets=[held], callbacks=[stop])


def _chances(booster: lightgbm.Booster, x: npt.NDArray[np.int16]) -> Floats:
    trees = booster.best_iteration
    chances = booster.predict(x.astype(np.float32), num_iteration=trees, num_threads=THREADS)
    return np.asarray(chances, np.float64)


def importance(trained: Trained, samples: Samples, part: Part, horizon: int, seed: int) -> Floats:
    """The MCC that a part (validation, not test) loses as each feature is shuffled.

    A student's stream begins WARM_UP samples before the part: its memory is shorter than that.
    """
    truth = classes(moves(samples, part, horizon), trained.limit)
    first = max(part.start - WARM_UP, 0)
    near = slice(first, part.stop)
    columns = {name: getattr(samples, name)[near] for name in ("rows", "middle", "spread", "time")}
    span = Part(part.start - first, part.stop - first)

    def score(x: npt.NDArray[np.int16]) -> float:
        chances = trained.chances(replace(samples, x=x, **columns), span)
        return float(mcc(confusion(truth, likeliest(chances))))

    whole = score(samples.x[near])
    lost = []
    for index in range(len(NAMES)):
        x = samples.x[near].copy()
        order = np.random.default_rng([seed, index]).permutation(len(part))
        x[span.span, index] = x[span.span, index][order]
        lost.append(whole - score(x))
    return np.array(lost)
