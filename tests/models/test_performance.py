"""Risk figures: by their definitions, and as empyrical and scipy compute them."""

from __future__ import annotations

import math
import statistics

import empyrical
import numpy as np
import pytest
from scipy import stats

from models.score.backtest import Outcome
from models.score.performance import (
    MINUTE,
    YEAR,
    YEAR_WITHOUT_CLOSE,
    by_minute,
    drawdown,
    figures,
    ratios,
    warning,
)


def returns(seed: int, count: int = 390) -> np.ndarray:
    return np.random.default_rng(seed).standard_t(4, count) * 1e-3


@pytest.mark.parametrize("seed", range(4))
def test_empyrical_computes_the_same(seed: int) -> None:
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


def defined(mine: list[float], market: list[float], a_year: int) -> dict[str, float]:
    """Every figure by its definition, a return at a time."""
    count, mean, deviation = len(mine), statistics.fmean(mine), statistics.stdev(mine)
    below = math.sqrt(math.fsum(min(one, 0) ** 2 for one in mine) / count)
    worth, most, deepest = 1.0, 1.0, 0.0
    for one in mine:
        worth *= 1 + one
        most = max(most, worth)
        deepest = min(deepest, worth / most - 1)
    active = [one - other for one, other in zip(mine, market, strict=True)]
    ranked, place = sorted(mine), 0.05 * (count - 1)
    at = math.floor(place)
    annual = worth ** (a_year / count) - 1
    spread = math.sqrt(math.fsum((one - mean) ** 2 for one in mine) / count)
    return {
        "total_return": worth - 1,
        "volatility_a_minute": deviation,
        "max_drawdown": deepest,
        "value_at_risk": ranked[at] + (place - at) * (ranked[at + 1] - ranked[at]),
        "conditional_value_at_risk": statistics.fmean(ranked[: at + 1]),
        "skew": math.fsum((one - mean) ** 3 for one in mine) / count / spread**3,
        "kurtosis": math.fsum((one - mean) ** 4 for one in mine) / count / spread**4 - 3,
        "information_ratio": statistics.fmean(active) / statistics.stdev(active),
        "sharpe_a_minute": mean / deviation,
        "sortino_a_minute": mean / below,
        "annual_return": annual,
        "annual_volatility": deviation * math.sqrt(a_year),
        "sharpe": mean / deviation * math.sqrt(a_year),
        "sortino": mean / below * math.sqrt(a_year),
        "calmar": annual / -deepest,
    }


@pytest.mark.parametrize("a_year", [1, 250, YEAR])
@pytest.mark.parametrize("count", [2, 3, 20, 21, 22, 390, 401])
def test_each_figure_is_as_it_is_defined(count: int, a_year: int) -> None:
    mine, market = returns(count, count), returns(count + 1, count)
    mine[0] = -abs(mine[0])  # some drawdown
    observed, expected = (
        ratios(mine, market, a_year),
        defined(mine.tolist(), market.tolist(), a_year),
    )
    assert observed.keys() == expected.keys()
    for name, value in expected.items():
        assert observed[name] == pytest.approx(value, rel=1e-9, abs=1e-15), name


def test_a_year_has_so_many_minutes() -> None:
    assert (YEAR, YEAR_WITHOUT_CLOSE, MINUTE) == (98_280, 525_600, 60_000_000_000)
    assert ratios(returns(1), returns(2)) == ratios(returns(1), returns(2), YEAR)


def test_degenerate_returns() -> None:
    lost = ratios(np.array([0.1, -1.5, 0.2]), np.zeros(3))
    assert lost["annual_return"] == -1.0 and lost["total_return"] < -1
    assert ratios(np.array([-1.0, 0.5]), np.zeros(2))["annual_return"] == -1.0
    rich = ratios(np.array([0.01, -0.02, 0.04]), np.zeros(3))
    assert rich["annual_return"] == 1e99 and 0 < rich["calmar"] < math.inf
    assert ratios(np.array([0.0, 0.25]), np.zeros(2), 2043)["annual_return"] < 1e99
    assert ratios(np.array([0.0, 0.25]), np.zeros(2), 2044)["annual_return"] == 1e99
    same = ratios(np.full(5, 0.25), np.zeros(5))  # 0.25: their mean is exact
    for name in ("sharpe", "sortino", "calmar", "skew", "kurtosis", "information_ratio"):
        assert same[name] == 0.0, name
    assert ratios(np.array([0.5, 0.25]), np.array([0.25, 0.0]))["information_ratio"] == 0.0


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


def test_without_a_fill_there_is_no_trip() -> None:
    outcome = Outcome(np.zeros((0, 6), np.int64), np.zeros(5, np.int64), 0)
    observed = figures(outcome, np.arange(4) * MINUTE, np.full(4, 200), 10, YEAR_WITHOUT_CLOSE)
    for name in ("net", "fees", "trips", "win_rate", "net_a_trip_in_bp", "turnover"):
        assert observed[name] == 0, name
    assert observed["minutes"] == 4 and observed["left"] == 0


def test_the_market_is_bought_at_first_and_held() -> None:
    """So a curve that is the same has no lead over it, and one of twice its size has."""
    middle = np.array([200, 202, 198, 206])
    for size, same in ((10, True), (20, False)):
        twice = np.append(middle - 200, 6) * 10
        outcome = Outcome(np.array([[0, 0, 100, 10, 0, 0]]), twice, 10)
        observed = figures(outcome, np.arange(4) * MINUTE, middle, size)
        assert (observed["information_ratio"] == 0.0) is same
        assert observed["total_return"] == pytest.approx(
            np.prod(1 + np.diff(twice) / (200 * size)) - 1
        )


def test_a_trip_that_earns_nothing_is_not_won() -> None:
    fills = np.array([[0, 0, 100, 10, 0, 0], [1, 1, 100, 10, 0, 0]])
    outcome = Outcome(fills, np.zeros(5, np.int64), 0)
    assert figures(outcome, np.arange(4) * MINUTE, np.full(4, 200), 10)["win_rate"] == 0.0


def test_a_day_is_too_short_for_a_year() -> None:
    assert "117 minutes are too short" in warning(117) and warning(60 * 390) == ""
    day = 1440  # of what trades day and night
    assert "too short" in warning(60 * day - 1, YEAR_WITHOUT_CLOSE)
    assert warning(60 * day, YEAR_WITHOUT_CLOSE) == "" and "too short" in warning(60 * 390 - 1)
