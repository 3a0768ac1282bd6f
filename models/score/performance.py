"""Figures of an equity curve: returns by minute, risk, ratios, round trips.

The formulas are those of empyrical, with which the tests compare them (it needs pandas, so only
they use it). A return is the money earned in a minute divided by the capital: the target's size at
the first middle price. A year has 252 days of 390 minutes, or, for a market that never closes, 365
days of 1,440.

Less than 60 days are too short to annualise: the figures are then marked `too_short`.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from models.score.backtest import Outcome

Floats = npt.NDArray[np.float64]

MINUTE: Final = 60_000_000_000  # ns
DAYS_ENOUGH: Final = 60
YEAR: Final = 252 * 390
YEAR_WITHOUT_CLOSE: Final = 365 * 1440
_TAIL: Final = 0.05
_MOST: Final = 1e99  # of a yearly return: a few good minutes would grow beyond any number


def warning(minutes: int, a_year: int = YEAR) -> str:
    """A line where the minutes are too few to annualise, else an empty one."""
    day = 390 if a_year == YEAR else 1440
    if minutes >= DAYS_ENOUGH * day:
        return ""
    return (
        f"{minutes} minutes are too short to annualise (less than {DAYS_ENOUGH} days): "
        "figures of a year are arithmetic, not a forecast"
    )


def by_minute(time: npt.NDArray[np.int64], values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The last value of each minute; a minute without values keeps the one before. `values` is
    longer than `time` by one, the value at the end of the last minute."""
    minute = (time - time[0]) // MINUTE
    ends = np.searchsorted(minute, np.arange(1, int(minute[-1]) + 1)) - 1
    return np.concatenate([values[:1], values[ends], values[-1:]])


def _ratio(mean: float, deviation: float) -> float:
    return mean / deviation if deviation > 0 else 0.0


def _grown(total: float, times: float) -> float:
    """A return so many times in a row."""
    if total <= -1:
        return -1.0
    return float((1 + total) ** times - 1) if times * np.log1p(total) < np.log(_MOST) else _MOST


def drawdown(returns: Floats) -> float:
    """The deepest fall from the highest point before it, as a share of that; at most 0."""
    grown = np.concatenate([[1.0], np.cumprod(1 + returns)])
    return float((grown / np.maximum.accumulate(grown) - 1).min())


def ratios(returns: Floats, market: Floats, a_year: int = YEAR) -> dict[str, float]:
    """Figures of returns by minute; `market` holds the returns of buying at first and holding."""
    count = len(returns)
    mean, deviation = float(returns.mean()), float(returns.std(ddof=1))
    below = float(np.sqrt(np.mean(np.minimum(returns, 0.0) ** 2)))
    total = float(np.prod(1 + returns)) - 1
    annual = _grown(total, a_year / count)
    deepest, active = drawdown(returns), returns - market
    root = float(np.sqrt(a_year))
    worst = np.sort(returns)[: int((count - 1) * _TAIL) + 1]
    centred = returns - mean
    spread = float(np.sqrt(np.mean(centred**2)))
    return {
        "total_return": total,
        "volatility_a_minute": deviation,
        "max_drawdown": deepest,
        "value_at_risk": float(np.percentile(returns, 100 * _TAIL)),
        "conditional_value_at_risk": float(worst.mean()),
        "skew": _ratio(float(np.mean(centred**3)), spread**3),
        "kurtosis": _ratio(float(np.mean(centred**4)), spread**4) - 3.0 if spread else 0.0,
        "information_ratio": _ratio(float(active.mean()), float(active.std(ddof=1))),
        "sharpe_a_minute": _ratio(mean, deviation),
        "sortino_a_minute": _ratio(mean, below),
        "annual_return": annual,
        "annual_volatility": deviation * root,
        "sharpe": _ratio(mean, deviation) * root,
        "sortino": _ratio(mean, below) * root,
        "calmar": _ratio(annual, -deepest),
    }


def figures(
    outcome: Outcome,
    time: npt.NDArray[np.int64],
    middle: npt.NDArray[np.int64],
    size: int,
    a_year: int = YEAR,
) -> dict[str, Any]:
    """All figures of one backtest; money in the file's unit."""
    curve = by_minute(time, outcome.twice)
    held = by_minute(time, np.append(middle, middle[-1])) * size
    capital = float(held[0])  # twice, as the curve is
    returns, market = np.diff(curve) / capital, np.diff(held) / capital
    trips = outcome.trips()
    return {
        "net": outcome.net,
        "fees": outcome.fees,
        "trips": len(trips),
        "left": outcome.left,
        "win_rate": float((trips > 0).mean()) if len(trips) else 0.0,
        "net_a_trip_in_bp": 1e4 * 2 * float(trips.mean()) / capital if len(trips) else 0.0,
        "turnover": 2 * outcome.traded / capital,
        "minutes": len(returns),
        "too_short": bool(warning(len(returns), a_year)),
        **ratios(returns, market, a_year),
    }
