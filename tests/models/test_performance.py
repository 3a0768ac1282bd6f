"""Risk figures: empyrical and scipy compute the same."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from models.score.backtest import Outcome
from models.score.performance import MINUTE, YEAR, by_minute, drawdown, figures, ratios, warning


def returns(seed: int, count: int = 390) -> np.ndarray:
    return np.random.default_rng(seed).standard_t(4, count) * 1e-3


@pytest.mark.parametrize("seed", range(4))
def test_empyrical_computes_the_same(seed: int) -> None:
    empyrical = pytest.importorskip("empyrical", reason="pip install empyrical-reloaded")
    count = 390 + 10 * seed  # 400 is where counts of a tail differ
    mine, market = returns(seed, count), returns(seed + 10, count)
    observed = ratios(mine, market)
    theirs = {
        "total_return": empyrical.cum_returns_final(mine),
        "volatility_a_minute": empyrical.annual_volatility(mine, annualization=1),
        "max_drawdown": empyrical.max_drawdown(mine),
        "value_at_risk": empyrical.value_at_risk(mine),
        "conditional_value_at_risk": empyrical.conditional_value_at_risk(mine),
        "information_ratio": empyrical.excess_sharpe(mine, market),
        "sharpe_a_minute": empyrical.sharpe_ratio(mine, annualization=1),
        "sortino_a_minute": empyrical.sortino_ratio(mine, annualization=1),
        "annual_return": empyrical.annual_return(mine, annualization=YEAR),
        "annual_volatility": empyrical.annual_volatility(mine, annualization=YEAR),
        "sharpe": empyrical.sharpe_ratio(mine, annualization=YEAR),
        "sortino": empyrical.sortino_ratio(mine, annualization=YEAR),
        "calmar": empyrical.calmar_ratio(mine, annualization=YEAR),
    }
    assert len(theirs) == len(observed) - 2
    for name, value in theirs.items():
        assert observed[name] == pytest.approx(value, rel=1e-9), name


@pytest.mark.parametrize("seed", range(4))
def test_scipy_computes_the_same(seed: int) -> None:
    observed = ratios(returns(seed), returns(seed + 1))
    assert observed["skew"] == pytest.approx(stats.skew(returns(seed)))
    assert observed["kurtosis"] == pytest.approx(stats.kurtosis(returns(seed)))


def test_by_hand() -> None:
    assert drawdown(np.array([0.1, -0.5, 0.2])) == pytest.approx(-0.5)
    assert drawdown(np.array([0.1, 0.2])) == 0.0
    assert drawdown(np.array([-0.5, 0.2])) == pytest.approx(-0.5)  # from the very start
    still = ratios(np.zeros(10), np.zeros(10))
    assert set(still.values()) == {0.0}
    sums = ratios(np.array([0.01, -0.02, 0.03]), np.zeros(3))
    assert sums["total_return"] == pytest.approx(1.01 * 0.98 * 1.03 - 1)
    assert sums["value_at_risk"] == pytest.approx(-0.02 + 0.1 * 0.03)


def test_minutes_end_with_their_last_value() -> None:
    time = np.array([0, 10, MINUTE, MINUTE + 5, 4 * MINUTE + 1]) + 777
    values = np.array([0, 1, 2, 3, 4, 5])
    assert by_minute(time, values).tolist() == [0, 1, 3, 3, 3, 5]


def test_figures_of_a_curve() -> None:
    # bought 10 at 100, sold at 103; then sold 10 at 101, bought at 102; a fee of 1 each
    fills = np.array(
        [[0, 0, 100, 10, 1, 0], [1, 1, 103, 10, 1, 0], [2, 1, 101, 10, 1, 0], [3, 0, 102, 10, 1, 0]]
    )
    twice = np.array([0, 20, 56, 56, 32])
    middle = np.array([200, 202, 202, 204])
    observed = figures(Outcome(fills, twice, 0), np.arange(4) * MINUTE, middle, 10)
    assert [observed[name] for name in ("net", "fees", "trips", "win_rate")] == [16, 4, 2, 0.5]
    assert observed["turnover"] == pytest.approx(4060 / 1000)
    assert observed["net_a_trip_in_bp"] == pytest.approx(1e4 * 8 / 1000)
    assert observed["minutes"] == 4 and observed["too_short"]


def test_a_day_is_too_short_for_a_year() -> None:
    assert "117 minutes are too short" in warning(117) and warning(60 * 390) == ""
