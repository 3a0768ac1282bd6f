"""Metrics: equal to scikit-learn's, and intervals about as wide as they should be."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score, matthews_corrcoef

from models.train.metrics import accuracy, blocks, bootstrap, calibration, confusion, macro_f1, mcc


def guesses(seed: int, truth: np.ndarray, right: float) -> np.ndarray:
    """The truth for a share of the samples, a random class for the others."""
    generator = np.random.default_rng(seed)
    return np.where(
        generator.random(len(truth)) < right, truth, generator.integers(0, 3, len(truth))
    )


TRUTH = np.random.default_rng(0).choice(3, 20_000, p=[0.3, 0.5, 0.2])


@pytest.mark.parametrize("seed", range(5))
def test_scikit_learn_computes_the_same(seed: int) -> None:
    guess = guesses(seed, TRUTH, 0.2 * seed)
    matrix = confusion(TRUTH, guess)
    assert float(mcc(matrix)) == pytest.approx(matthews_corrcoef(TRUTH, guess), abs=1e-12)
    assert float(macro_f1(matrix)) == pytest.approx(f1_score(TRUTH, guess, average="macro"))
    assert float(accuracy(matrix)) == pytest.approx((guess == TRUTH).mean())


def test_one_class_alone_has_no_correlation() -> None:
    assert float(mcc(confusion(TRUTH, np.ones_like(TRUTH)))) == 0.0
    assert float(macro_f1(confusion(TRUTH * 0, TRUTH * 0))) == pytest.approx(1 / 3)


def test_blocks_hold_every_sample_once() -> None:
    guess = guesses(1, TRUTH, 0.5)
    for count in (900, 1000, 1400, 1600, 20_000):
        matrices = blocks(TRUTH[:count], guess[:count])
        assert np.array_equal(matrices.sum(axis=0), confusion(TRUTH[:count], guess[:count]))
    assert len(blocks(TRUTH[:1600], guess[:1600])) == 2
    assert len(blocks(TRUTH[:1400], guess[:1400])) == 1


def test_an_interval_covers_the_truth_about_as_often_as_it_should() -> None:
    many = np.tile(TRUTH, 100)
    centre = float(mcc(confusion(many, guesses(99, many, 0.25))))
    hits = 0
    for seed in range(60):
        guess = guesses(seed, TRUTH, 0.25)
        interval = bootstrap(mcc, TRUTH, guess, seed=1, draws=300)
        assert interval.low < interval.value < interval.high
        hits += interval.low < centre < interval.high
    assert 45 <= hits <= 60


def test_a_lead_is_paired() -> None:
    guess, same = guesses(1, TRUTH, 0.3), guesses(1, TRUTH, 0.3)
    none = bootstrap(mcc, TRUTH, guess, same, seed=1)
    assert (none.value, none.low, none.high) == (0.0, 0.0, 0.0)
    better = bootstrap(mcc, TRUTH, guesses(2, TRUTH, 0.35), guess, seed=1)
    alone = bootstrap(mcc, TRUTH, guess, seed=1)
    assert 0 < better.low < better.value < better.high < 0.1
    assert better.value > alone.high - alone.value


def test_calibration_shows_overconfidence() -> None:
    chances = np.full((len(TRUTH), 3), 0.25)
    chances[:, 1] = 0.5
    honest, rows = calibration(TRUTH, chances)
    assert honest == pytest.approx(abs((TRUTH == 1).mean() - 0.5))
    assert rows == [[0.5, (TRUTH == 1).mean(), 20_000]]
    certain, _ = calibration(TRUTH, np.eye(3)[np.ones_like(TRUTH)])
    assert certain == pytest.approx(1 - (TRUTH == 1).mean())
