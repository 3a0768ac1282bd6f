"""What a model has to be better than: rules without skill, and LightGBM on the same features.

LightGBM is searched over at random: each trial trains on the training part and stops early on the
validation part; the trial with the best validation MCC is kept. Nothing here is given the test part
before it is trained, and the hash of what was trained doesn't depend on it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import numpy.typing as npt

from models.train.labels import FLAT, Classes, Part, Samples, classes, moves, past_moves, threshold
from models.train.metrics import Floats, confusion, mcc
from tickwire.features.table import NAMES, table_hash
from tickwire.gen.records import CLASSES

ROUNDS, PATIENCE = 600, 40
WARM_UP = 4096  # samples
THREADS = 1


@dataclass(frozen=True)
class Trained:
    """A candidate that is done: says chances, and has a hash of all that it learned."""

    name: str
    limit: float  # the labels' threshold
    digest: str
    chances: Callable[[Samples, Part], Floats]
    validation_mcc: float = 0.0
    settings: dict[str, Any] = field(default_factory=dict)


def _certain(said: Classes) -> Floats:
    return np.asarray(np.eye(CLASSES)[said], np.float64)


def persistence(found: Samples, training: Part, horizon: int) -> Trained:
    """What moved goes on: the last k samples' move, by the same threshold."""
    limit = threshold(moves(found, training, horizon))

    def chances(other: Samples, part: Part) -> Floats:
        return _certain(classes(past_moves(other, part, horizon), limit))

    digest = hashlib.sha256(repr(("persistence", horizon, limit)).encode()).hexdigest()
    return Trained("persistence", limit, digest, chances)


def always_flat(found: Samples, training: Part, horizon: int) -> Trained:
    """Says that nothing happens."""
    limit = threshold(moves(found, training, horizon))

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
    found: Samples,
    training: Part,
    validation: Part,
    horizon: int,
    *,
    trials: int,
    seed: int,
    told: Callable[[int, float], None] | None = None,
    keep: Path | None = None,
) -> Trained:
    """LightGBM, the best of `trials` on the validation part.

    With `keep`, the best one is written there, and read from there when all that it depends on is
    the same.
    """
    training_moves = moves(found, training, horizon)
    limit = threshold(training_moves)
    x, y = found.x[training.span], classes(training_moves, limit)
    held_x = found.x[validation.span]
    held_y = classes(moves(found, validation, horizon), limit)
    key = (horizon, trials, seed, ROUNDS, PATIENCE, limit, training, validation, table_hash())
    kept = keep and keep / f"lightgbm_{_hash(repr(key).encode(), x, y, held_x, held_y)}.json"
    best = _read(kept) if kept else None
    for trial in range(trials if best is None else 0):
        settings = _settings(np.random.default_rng([seed, trial]))
        booster = _train(x, y, held_x, held_y, settings, seed + trial)
        score = float(mcc(confusion(held_y, _chances(booster, held_x).argmax(axis=1))))
        if best is None or score > best[0]:
            text = booster.model_to_string(num_iteration=booster.best_iteration)
            best = (score, text, {**settings, "trees": booster.best_iteration, "trial": trial})
        if told is not None:
            told(trial, best[0])
    if best is None:
        raise ValueError("a search has at least one trial")
    score, text, settings = best
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(f".{os.getpid()}.part")
        part.write_text(json.dumps(best))
        part.replace(kept)
    booster = lightgbm.Booster(model_str=text)
    digest = hashlib.sha256(repr((text, limit, table_hash())).encode()).hexdigest()

    def chances(other: Samples, part: Part) -> Floats:
        return _chances(booster, other.x[part.span])

    return Trained("lightgbm", limit, digest, chances, score, {**settings, "trials": trials})


def _hash(head: bytes, *arrays: npt.NDArray[Any]) -> str:
    found = hashlib.sha256(head)
    for array in arrays:
        found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()[:24]


def _read(path: Path) -> tuple[float, str, dict[str, Any]] | None:
    if not path.exists():
        return None
    score, text, settings = json.loads(path.read_text())
    return float(score), str(text), dict(settings)


def _train(
    x: npt.NDArray[np.int16],
    y: Classes,
    held_x: npt.NDArray[np.int16],
    held_y: Classes,
    settings: dict[str, Any],
    seed: int,
) -> lightgbm.Booster:
    fixed = {
        "objective": "multiclass",
        "num_class": CLASSES,
        "verbosity": -1,
        "num_threads": THREADS,
        "deterministic": True,
        "force_row_wise": True,
        "seed": seed,
    }
    # the bins are a parameter of the data set too
    data = lightgbm.Dataset(
        x.astype(np.float32), y, feature_name=list(NAMES), params={**fixed, **settings}
    )
    held = lightgbm.Dataset(held_x.astype(np.float32), held_y, reference=data)
    return lightgbm.train(
        {**fixed, **settings},
        data,
        ROUNDS,
        valid_sets=[held],
        callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)],
    )


def _chances(booster: lightgbm.Booster, x: npt.NDArray[np.int16]) -> Floats:
    # without a number of threads it takes every core, and waits for those that are busy
    said = booster.predict(
        x.astype(np.float32), num_iteration=booster.best_iteration, num_threads=THREADS
    )
    return np.asarray(said, np.float64)


def importance(trained: Trained, found: Samples, part: Part, horizon: int, seed: int) -> Floats:
    """What shuffling each feature costs in MCC on a part; the validation part, not the test.

    A student's stream begins WARM_UP samples before the part: its memory is shorter than that.
    """
    truth = classes(moves(found, part, horizon), trained.limit)
    first = max(part.start - WARM_UP, 0)
    near = slice(first, part.stop)
    columns = {name: getattr(found, name)[near] for name in ("rows", "middle", "spread", "time")}
    span = Part(part.start - first, part.stop - first)

    def score(x: npt.NDArray[np.int16]) -> float:
        said = trained.chances(replace(found, x=x, **columns), span).argmax(axis=1)
        return float(mcc(confusion(truth, said)))

    whole = score(found.x[near])
    lost = []
    for index in range(len(NAMES)):
        x = found.x[near].copy()
        order = np.random.default_rng([seed, index]).permutation(len(part))
        x[span.span, index] = x[span.span, index][order]
        lost.append(whole - score(x))
    return np.array(lost)
