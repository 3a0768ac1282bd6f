"""Metrics: equal to scikit-learn's, and intervals about as wide as they should be."""

from __future__ import annotations

import math
import warnings
from statistics import NormalDist

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, matthews_corrcoef

from models.score.backtest import Rules, targets
from models.train.labels import threshold
from models.train.metrics import (
    Matrix,
    accuracy,
    blocks,
    bootstrap,
    calibration,
    confusion,
    likeliest,
    macro_f1,
    mcc,
)


def guesses(seed: int | list[int], truth: np.ndarray, right: float) -> np.ndarray:
    """The truth for a share of the samples, a random class for the others."""
    generator = np.random.default_rng(seed)
    return np.where(
        generator.random(len(truth)) < right, truth, generator.integers(0, 3, len(truth))
    )


TRUTH = np.random.default_rng(0).choice(3, 20_000, p=[0.3, 0.5, 0.2])


# Truths and guesses of few samples, as often degenerate as not.
def degenerate(seed: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    count = int(generator.integers(1, 40))
    truth = generator.choice(generator.permutation(3)[: generator.integers(1, 4)], count)
    guess = generator.choice(generator.permutation(3)[: generator.integers(1, 4)], count)
    if seed % 5 == 0:
        guess = (truth + 1 + generator.integers(0, 2, count)) % 3  # all wrong
    return truth, truth.copy() if seed % 7 == 0 else guess


PAIRS = [(TRUTH, guesses(seed, TRUTH, 0.2 * seed)) for seed in range(5)]
PAIRS += [degenerate(seed) for seed in range(300)]


def test_scikit_learn_computes_the_same() -> None:
    """Also of one class alone, of none right, of classes that never occur."""
    signs = set()
    for truth, guess in PAIRS:
        matrix = confusion(truth, guess)
        assert matrix.tolist() == confusion_matrix(truth, guess, labels=range(3)).tolist()
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "A single label was found")
            expected = matthews_corrcoef(truth, guess)
        assert float(mcc(matrix)) == pytest.approx(expected, abs=1e-12)
        theirs = f1_score(truth, guess, average="macro", labels=range(3), zero_division=0.0)
        assert float(macro_f1(matrix)) == pytest.approx(theirs, abs=1e-12)
        assert float(accuracy(matrix)) == pytest.approx(accuracy_score(truth, guess), abs=1e-12)
        signs.add(np.sign(round(float(mcc(matrix)), 9)))
    assert signs == {-1.0, 0.0, 1.0}


def test_of_nothing_every_score_is_0() -> None:
    for measure in (mcc, macro_f1, accuracy):
        assert measure(np.zeros((2, 3, 3))).tolist() == [0.0, 0.0]


def test_many_matrices_at_once_are_as_each_alone() -> None:
    matrices = [confusion(*pair) for pair in PAIRS]
    for measure in (mcc, macro_f1, accuracy):
        alone = [float(measure(matrix)) for matrix in matrices]
        assert measure(np.stack(matrices)).tolist() == alone


@pytest.mark.parametrize(
    ("truth", "guess"), [([0, 1, 2], [0, 1]), ([0, 1], [0, 3]), ([0, -1], [0, 1]), ([0, 1, 2], [1])]
)
def test_what_are_no_classes_is_refused(truth: list[int], guess: list[int]) -> None:
    with pytest.raises(ValueError, match="classes"):
        confusion(np.array(truth), np.array(guess))
    with pytest.raises(ValueError, match="no samples"):
        bootstrap(mcc, np.array([], int), np.array([], int), seed=1)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_refused(bad: float) -> None:
    """It would be the greatest chance of all, and a threshold that nothing is above."""
    chances = np.full((40, 3), 1 / 3)
    chances[7, 1] = bad
    for judge in (likeliest, lambda each: calibration(np.zeros(40, int), each)):
        with pytest.raises(ValueError, match="sample 7: chances of "):
            judge(chances)
    with pytest.raises(ValueError, match="decide nothing"):
        targets(chances, Rules())
    with pytest.raises(ValueError, match="no threshold"):
        threshold(chances[:, 1])


def test_a_tie_goes_to_the_first_class() -> None:
    chances = [[0.4, 0.4, 0.2], [0.2, 0.4, 0.4], [0.4, 0.2, 0.4]]
    assert likeliest(np.array(chances)).tolist() == [0, 1, 0]


def test_one_class_alone_has_no_correlation() -> None:
    assert float(mcc(confusion(TRUTH, np.ones_like(TRUTH)))) == 0.0
    assert float(macro_f1(confusion(TRUTH * 0, TRUTH * 0))) == pytest.approx(1 / 3)


def test_blocks_hold_every_sample_once() -> None:
    guess = guesses(1, TRUTH, 0.5)
    for count in (900, 1000, 1400, 1600, 20_000):
        matrices = blocks(TRUTH[:count], guess[:count])
        assert np.array_equal(matrices.sum(axis=0), confusion(TRUTH[:count], guess[:count]))
    for count, expected in ((1400, 1), (1499, 1), (1500, 2), (1600, 2), (2400, 2), (2600, 3)):
        assert len(blocks(TRUTH[:count], guess[:count])) == expected
    assert len(blocks(TRUTH[:120], guess[:120], size=50)) == 2


def test_an_interval_is_that_of_all_draws_and_of_thousand_samples() -> None:
    """By default: as wide as one of the same blocks with many more draws."""
    guess = guesses(3, TRUTH, 0.25)
    mine = bootstrap(mcc, TRUTH, guess, seed=1)
    fine = bootstrap(mcc, TRUTH, guess, seed=2, size=1_000, draws=40_000)
    assert mine.value == fine.value
    assert (mine.low, mine.high) == pytest.approx((fine.low, fine.high), abs=6e-4)


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


def test_calibration_by_hand() -> None:
    """Bins of equal width, the last one closed, and the error weighted by their samples."""
    sure = np.array([0.05, 0.55, 0.5999, 0.6, 0.95, 1.0])
    chances = np.stack([sure, (1 - sure) / 2, (1 - sure) / 2], axis=1)
    truth = np.array([0, 0, 1, 0, 0, 2])
    error, rows = calibration(truth[1:], chances[1:])
    assert rows == [
        [pytest.approx((0.55 + 0.5999) / 2), 0.5, 2], [0.6, 1.0, 1], [pytest.approx(0.975), 0.5, 2],
    ]  # fmt: skip
    away = (2 * abs(0.57495 - 0.5) + abs(0.6 - 1) + 2 * abs(0.975 - 0.5)) / 5
    assert error == pytest.approx(away)
    # of the class that is predicted, which here is the second
    _, rows = calibration(truth[:1], chances[:1])
    assert rows == [[pytest.approx(0.475), 0.0, 1]]
    assert calibration(truth[1:], chances[1:], bins=1)[1][0][2] == 5


# Last, since it takes longest.
PRIOR = np.array([0.3, 0.5, 0.2])
NORMAL = NormalDist().inv_cdf(0.975)


def expected_matrix(right: float) -> Matrix:
    """What guesses that are right for this share, and else random, give on average."""
    return np.diag(PRIOR * right) + PRIOR[:, None] * (1 - right) / 3


@pytest.mark.parametrize("paired", [False, True])
def test_a_95_percent_interval_covers_the_truth_in_95_percent(paired: bool) -> None:
    """Of 2,000 days of 80 blocks; its width is that of the spread of what they measure."""
    size, count, days = 25, 80 * 25, 2_000
    shares = (0.25, 0.1)
    centre = float(mcc(expected_matrix(shares[0])))
    centre -= paired * float(mcc(expected_matrix(shares[1])))
    generator = np.random.default_rng(5)
    truths = generator.choice(3, (days, count), p=PRIOR)
    hits, values, widths = 0, [], []
    for day, truth in enumerate(truths):
        mine, theirs = (guesses([day, at], truth, share) for at, share in enumerate(shares))
        other = theirs if paired else None
        interval = bootstrap(mcc, truth, mine, other, seed=day, size=size, draws=200)
        hits += interval.low <= centre <= interval.high
        values.append(interval.value)
        widths.append(interval.high - interval.low)
    assert 0.93 <= hits / days <= 0.97
    assert np.mean(values) == pytest.approx(centre, abs=0.002)
    assert np.mean(widths) == pytest.approx(2 * NORMAL * np.std(values), rel=0.05)
