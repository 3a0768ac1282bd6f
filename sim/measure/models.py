"""`make measure NAME=models`: how fast the matching engine, the generated day and the features are.

One thread; rates are by the CPU time of this process, so that a busy machine's waiting isn't
counted. Every step is run once on a small piece first, to compile.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence, Sized
from functools import partial

import numpy as np

from hwtools.bits import Records
from hwtools.command import Parser, ended
from hwtools.report import Report
from tickwire.book.compiled import Book
from tickwire.data.events import Events
from tickwire.exchange.engine import Engine
from tickwire.exchange.engine_types import COMMAND, EngineConfig
from tickwire.exchange.market import Market, MarketConfig
from tickwire.features.kernel import Features
from tickwire.wire.itch import Messages
from tickwire.wire.operations import operations

BOUND = 1_000_000  # a second


def commands(seed: int, count: int, config: EngineConfig) -> Records:
    """Orders around a middle that wanders: half new ones, the rest takes, moves or cancels."""
    generator = np.random.default_rng(seed)
    orders = np.zeros(count, COMMAND)
    orders["timestamp"] = np.arange(count)
    orders["kind"] = generator.choice([1, 2, 3, 4, 5], count, p=[0.45, 0.15, 0.05, 0.2, 0.15])
    orders["side"] = generator.integers(0, 2, count)
    middle = 500 + np.cumsum(generator.integers(-1, 2, count)) % 200
    passive = generator.integers(-9, 9, count)
    away = passive * np.where(orders["side"] == 0, -1, 1)
    orders["price"] = config.lowest + config.tick * (middle + away)
    orders["shares"] = generator.integers(1, 300, count)
    orders["reference"] = np.arange(count) + 1
    old = orders["kind"] >= 3
    # what names an order names one that came to rest not long ago
    resting = np.flatnonzero((orders["kind"] == 1) & (passive > 0))
    named = np.searchsorted(resting, np.arange(count)) - generator.integers(1, 40, count)
    orders["reference"][old] = resting[np.maximum(named, 0)][old] + 1
    orders["new_reference"] = np.where(orders["kind"] == 5, np.arange(count) + 1, 0)
    return orders


def _whole(day: Market, days: list[Messages]) -> int:
    days.append(day.messages())
    return len(days[-1])


def _length(step: Callable[[], Sized]) -> int:
    return len(step())


def _vectors(events: Events) -> int:
    return len(Features(1).run(events).values)


def measure(count: int, seed: int) -> Report:
    """Every step once on a small piece, which compiles it, then on the whole."""
    report = Report("models_speed", "make measure NAME=models", seed)

    def timed(case: str, step: Callable[[], int], unit: str) -> None:
        start = time.process_time_ns()
        count = step()
        rate = count * 1_000_000_000 // max(time.process_time_ns() - start, 1)
        report.row(case, "rate", rate, unit, n=count, how="measured on host", bound=BOUND, op=">=")

    config = EngineConfig(ticks=1 << 10)
    for size in (2_000, count):
        report.rows.clear()
        rows = commands(seed, size, config)
        timed("matching engine", partial(_length, partial(Engine(config).run, rows)), "events/s")
        day = Market(MarketConfig(seed=seed, events=size))
        timed("agents and engine", partial(day.advance, size), "events/s")
        days: list[Messages] = []
        whole = Market(MarketConfig(seed=seed, events=size))
        timed("a day as ITCH", partial(_whole, whole, days), "messages/s")
        (messages,) = days
        outcome = Book(1).apply(operations(messages, {1: 0}), levels=True)
        assert outcome.levels is not None
        events = Events(outcome.tops, outcome.levels)
        timed("features", partial(_vectors, events), "events/s")
    return report


def main(arguments: Sequence[str] | None = None) -> int:
    parser = Parser(prog="make measure NAME=models", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--events", type=int, default=1_000_000, help="messages of a generated day")
    parser.add_argument("--seed", type=int, default=1, help="of all that is drawn")
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    args = parser.parse_args(arguments)
    if args.events < 2_000:
        parser.error("--events is at least 2,000")
    report = measure(args.events, args.seed)
    if args.json:
        print(json.dumps([{"case": row.case, "rate": row.value} for row in report.rows]))
    else:
        for row in report.rows:
            print(f"{row.case:20}{row.value:>12,} {row.unit}")
    path = report.write()
    if not args.json:
        print(path)
    return bool(report.failed)


if __name__ == "__main__":
    sys.exit(ended("models", main))
