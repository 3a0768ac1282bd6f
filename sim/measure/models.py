"""`make bench-models`: how fast the matching engine, the generated day and the features are.

One thread; rates are by the CPU time of this process, so that a busy machine's waiting isn't
counted. Every step is run once on a small piece first, to compile.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence

import numpy as np

from hwtools.bits import Records
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
    made = np.zeros(count, COMMAND)
    made["timestamp"] = np.arange(count)
    made["kind"] = generator.choice([1, 2, 3, 4, 5], count, p=[0.45, 0.15, 0.05, 0.2, 0.15])
    made["side"] = generator.integers(0, 2, count)
    middle = 500 + np.cumsum(generator.integers(-1, 2, count)) % 200
    passive = generator.integers(-9, 9, count)
    away = passive * np.where(made["side"] == 0, -1, 1)
    made["price"] = config.lowest + config.tick * (middle + away)
    made["shares"] = generator.integers(1, 300, count)
    made["reference"] = np.arange(count) + 1
    old = made["kind"] >= 3
    # what names an order names one that came to rest not long ago
    resting = np.flatnonzero((made["kind"] == 1) & (passive > 0))
    named = np.searchsorted(resting, np.arange(count)) - generator.integers(1, 40, count)
    made["reference"][old] = resting[np.maximum(named, 0)][old] + 1
    made["new_reference"] = np.where(made["kind"] == 5, np.arange(count) + 1, 0)
    return made


def _whole(day: Market, made: list[Messages]) -> int:
    made.append(day.messages())
    return len(made[-1])


def measure(count: int, seed: int) -> Report:
    report = Report("models_speed", "make bench-models", seed)

    def timed(case: str, step: Callable[[], int], unit: str) -> None:
        start = time.process_time_ns()
        done = step()
        rate = done * 1_000_000_000 // max(time.process_time_ns() - start, 1)
        about = {"n": done, "how": "measured on host"}
        report.row(case, "rate", rate, unit, bound=BOUND, op=">=", **about)  # type: ignore[arg-type]

    config = EngineConfig(ticks=1 << 10)
    for size in (2_000, count):
        report.rows.clear()
        rows = commands(seed, size, config)
        engine = Engine(config)
        timed("matching engine", lambda e=engine, r=rows: len(e.run(r)), "events/s")  # type: ignore[misc]
        day = Market(MarketConfig(seed=seed, events=size))
        timed("agents and engine", lambda d=day, s=size: d.advance(s), "events/s")  # type: ignore[misc]
        whole = Market(MarketConfig(seed=seed, events=size))
        made: list[Messages] = []
        timed("a day as ITCH", lambda d=whole, m=made: _whole(d, m), "messages/s")  # type: ignore[misc]
        (messages,) = made
        outcome = Book(1).apply(operations(messages, {1: 0}), levels=True)
        assert outcome.levels is not None
        events = Events(outcome.tops, outcome.levels)
        timed("features", lambda e=events: len(Features(1).run(e).values), "events/s")  # type: ignore[misc]
    return report


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="sim.measure.models", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    told = parser.parse_args(arguments)
    if told.events < 2_000:
        parser.error("--events is at least 2,000")
    report = measure(told.events, told.seed)
    if told.json:
        print(json.dumps([{"case": row.case, "rate": row.value} for row in report.rows]))
    else:
        for row in report.rows:
            print(f"{row.case:20}{row.value:>12,} {row.unit}")
    path = report.write()
    if not told.json:
        print(path)
    return bool(report.failed)


if __name__ == "__main__":
    sys.exit(main())
