"""`python -m tickwire.data.facts`: which stylised facts of real markets a day has.

It measures a generated day or, with `--data`, any file of events, such as a real day to compare
with. A fact is a figure and a bound; the output says whether it holds. The measures follow Cont
(2001) and Bouchaud et al. (2018). Returns are of the mid price, every 10 seconds unless stated.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from hwtools.command import Parser, ended
from hwtools.report import Report
from tickwire.data import days
from tickwire.data import events as files
from tickwire.data.events import DataError, Events
from tickwire.gen.records import Operation, Reason

Floats = npt.NDArray[np.float64]
_SECOND = 1_000_000_000
_STEP = 10  # seconds


@dataclass(frozen=True)
class Fact:
    """A figure, and the bound that it must meet to hold."""

    name: str
    value: float
    op: str
    bound: float
    meaning: str

    @property
    def holds(self) -> bool:
        return self.value >= self.bound if self.op == ">=" else self.value <= self.bound


@dataclass(frozen=True)
class _Day:
    """The columns that the measures use, of the rows whose book is ok."""

    time: Floats  # seconds
    middle: Floats
    spread: Floats
    imbalance: Floats
    sign: Floats  # of a row that trades: 1 a buyer came, -1 a seller; else 0
    shares: Floats
    price: Floats  # of a trade
    depth: Floats  # mean shares of levels 1, 2 …


def measure(events: Events, slot: int = 0) -> list[Fact]:
    """Every fact of one instrument."""
    tops = events.tops
    keep = (tops["slot"] == slot) & (tops["reason"] == Reason.OK)
    keep &= tops["operation"] != Operation.NONE
    day = _day(events.rows(keep))
    if len(day.time) < 5000:
        raise DataError(f"{len(day.time):,} rows are too few to measure; at least 5,000")
    returns = {step: _returns(day, step) for step in (_STEP, 6 * _STEP, 30 * _STEP)}
    return [*_of_returns(returns), *_of_trades(day), *_of_the_book(day, returns[_STEP])]


def _day(events: Events) -> _Day:
    tops = events.tops
    bid, ask = tops["bid_price"].astype(float), tops["ask_price"].astype(float)
    held = tops["bid_shares"].astype(float), tops["ask_shares"].astype(float)
    trades = np.isin(tops["operation"], [Operation.EXECUTE, Operation.EXECUTE_PRICE])
    sign = np.where(trades, np.where(tops["operation_side"] == 1, 1.0, -1.0), 0.0)
    return _Day(
        tops["timestamp"].astype(float) / _SECOND,
        (bid + ask) / 2,
        ask - bid,
        (held[0] - held[1]) / np.maximum(held[0] + held[1], 1),
        sign,
        tops["operation_shares"].astype(float),
        tops["operation_price"].astype(float),
        events.levels["shares"].astype(float).mean(axis=(0, 1)),
    )


def _returns(day: _Day, step: int) -> Floats:
    """Logarithmic returns of the mid price, every `step` seconds."""
    grid = np.arange(day.time[0], day.time[-1], step)
    at = np.searchsorted(day.time, grid, side="right") - 1
    return np.asarray(np.diff(np.log(day.middle[at])))


def _acf(values: Floats, lag: int) -> float:
    if len(values) <= lag + 2 or values.std() == 0:
        return 0.0
    centred = values - values.mean()
    return float((centred[lag:] * centred[:-lag]).mean() / centred.var())


def _kurtosis(values: Floats) -> float:
    centred = values - values.mean()
    spread = float((centred**2).mean())
    return float((centred**4).mean() / spread**2 - 3) if spread else 0.0


def _hill(values: Floats) -> float:
    """Hill's tail index of the largest twentieth of the absolute values."""
    ranked = np.sort(np.abs(values))[::-1]
    top = ranked[: max(len(ranked) // 20, 5)]
    top = top[top > 0]
    logs = np.log(top / top[-1]).mean() if len(top) > 2 else 0.0
    return float(1 / logs) if logs > 0 else 99.0


def _of_returns(returns: dict[int, Floats]) -> list[Fact]:
    short, minute, long = returns.values()
    linear = float(np.mean([abs(_acf(short, lag)) for lag in range(2, 11)]))
    clustered = float(np.mean([_acf(np.abs(short), lag) for lag in range(1, 31)]))
    lever = np.corrcoef(short[:-1], np.abs(short[1:]))[0, 1]
    return [
        Fact(
            "linear_correlation", linear, "<=", 0.05, "returns hardly foretell returns, lags 2-10"
        ),
        Fact("fat_tails", _kurtosis(short), ">=", 1.0, "excess kurtosis of 10 s returns"),
        Fact("tail_index", _hill(short), "<=", 6.0, "Hill's index; 2 to 5 in real markets"),
        Fact(
            "nearer_to_normal_over_time",
            _kurtosis(short) - _kurtosis(long),
            ">=",
            0.0,
            "excess kurtosis falls from 10 s to 5 min",
        ),
        Fact("volatility_clusters", clustered, ">=", 0.03, "absolute returns, mean of lags 1-30"),
        Fact("leverage", float(lever), "<=", -0.02, "after a fall the market moves more"),
        Fact(
            "gains_and_losses_differ",
            -float(((minute - minute.mean()) ** 3).mean() / max(minute.std() ** 3, 1e-30)),
            ">=",
            0.1,
            "1 min returns are skewed to losses",
        ),
    ]


def _of_trades(day: _Day) -> list[Fact]:
    trades = day.sign != 0
    signs, times = day.sign[trades], day.time[trades]
    pauses = np.diff(times[np.concatenate([[True], np.diff(times) > 1e-3])])
    bursts = float(pauses.std() / pauses.mean()) if len(pauses) > 2 and pauses.mean() else 0.0
    memory = float(np.mean([_acf(signs, lag) for lag in range(20, 61)]))
    bounce = _acf(np.diff(day.price[trades]), 1)
    return [
        Fact("trades_come_in_bursts", bursts, ">=", 1.1, "spread of pauses by their mean"),
        Fact("signs_remember", memory, ">=", 0.01, "signs of trades, mean of lags 20-60"),
        Fact("bid_ask_bounce", bounce, "<=", -0.05, "trade prices go back and forth, lag 1"),
        Fact("impact_is_concave", _impact(day, trades), "<=", 0.9, "exponent of move by size"),
    ]


def _impact(day: _Day, trades: npt.NDArray[np.bool_]) -> float:
    """The exponent of size in the mean move, 50 rows later, in the trade's direction."""
    rows = np.flatnonzero(trades)
    rows = rows[rows < len(day.middle) - 50]
    moves = day.sign[rows] * (day.middle[rows + 50] - day.middle[np.maximum(rows - 1, 0)])
    size = day.shares[rows]
    edges = np.unique(np.quantile(size, np.linspace(0, 1, 7)))
    place = np.clip(np.searchsorted(edges, size, side="right") - 1, 0, len(edges) - 2)
    groups = [place == group for group in range(len(edges) - 1)]
    points = [(size[g].mean(), moves[g].mean()) for g in groups if g.sum() > 30]
    points = [(s, m) for s, m in points if m > 0]
    if len(points) < 2:
        return 99.0
    x, y = np.log(np.array(points)).T
    return float(np.polyfit(x, y, 1)[0])


def _of_the_book(day: _Day, short: Floats) -> list[Fact]:
    grid = np.arange(day.time[0], day.time[-1], _STEP)
    volume, _ = np.histogram(day.time, grid, weights=day.shares * (day.sign != 0))
    count = min(len(volume), len(short))
    ties = np.corrcoef(volume[:count], np.abs(short[:count]))[0, 1]
    ahead = np.sign(day.middle[20:] - day.middle[:-20])
    moved = ahead != 0
    leads = np.corrcoef(day.imbalance[:-20][moved], ahead[moved])[0, 1] if moved.any() else 0.0
    parts, _ = np.histogram(day.time, 12)
    edges = (parts[0] + parts[-1]) / 2
    hump = float(day.depth[1:4].max() / max(day.depth[0], 1))
    skew = ((day.spread - day.spread.mean()) ** 3).mean() / max(day.spread.std() ** 3, 1e-30)
    return [
        Fact("volume_goes_with_moves", float(ties), ">=", 0.1, "volume and absolute returns"),
        Fact("imbalance_foretells", float(leads), ">=", 0.1, "queue imbalance and the next move"),
        Fact(
            "busy_open_and_close",
            float(edges / np.median(parts)),
            ">=",
            1.2,
            "events, ends by middle",
        ),
        Fact("spread_is_skewed", float(skew), ">=", 0.5, "now and then much wider"),
        Fact("deeper_behind_the_best", hump, ">=", 1.0, "shares of levels 2-4 by the best's"),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = Parser(prog="tickwire.data.facts", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, help="events; default: a generated day")
    parser.add_argument("--events", type=int, default=1_000_000, help="of the generated day")
    parser.add_argument("--seed", type=int, default=1, help="of all that is drawn")
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    args = parser.parse_args(arguments)
    try:
        if args.data:
            about, events = files.read(args.data)
        else:
            about, chunks = days.read("market", args.events, args.seed)
            events = files.join(chunks)
        facts = measure(events)
    except (DataError, ValueError) as error:
        print(f"facts: {error}", file=sys.stderr)
        return 2
    _report(about.instruments[0] if args.data else "generated day", facts, len(events), args.seed)
    if args.json:
        print(json.dumps([{**asdict(fact), "holds": fact.holds} for fact in facts]))
        return 0
    for fact in facts:
        sign = "holds     " if fact.holds else "DOESN'T   "
        print(f"{sign}{fact.name:28}{fact.value:8.3f} {fact.op} {fact.bound:<6g}{fact.meaning}")
    print(f"{sum(fact.holds for fact in facts)} of {len(facts)} hold")
    return 0


def _report(case: str, facts: list[Fact], rows: int, seed: int) -> None:
    report = Report("facts", "python -m tickwire.data.facts", seed)
    for fact in facts:
        report.row(case, fact.name, round(fact.value, 4), "", n=rows, how="measured on host")
        report.row(case, f"{fact.name}_holds", int(fact.holds), "", n=rows, how="measured on host")
    report.write()


if __name__ == "__main__":
    sys.exit(ended("facts", main))
