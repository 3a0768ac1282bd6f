"""`python -m sim.measure.host` prints how fast the host makes, codes and books a day."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from hwtools.report import Report
from tickwire.book.compiled import Book
from tickwire.exchange.flow import Day, DayConfig, packets
from tickwire.replay.feed import receive
from tickwire.wire import itch, mold
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.operations import operations
from tickwire.wire.traffic import Registers, Traffic

_T = TypeVar("_T")


def measure(events: int, seed: int) -> Report:
    """Every step once on a small day, to compile, then on the whole."""
    report = Report("host_speed", "python -m sim.measure.host", seed)

    def timed(what: str, step: Callable[[], _T], count: int) -> _T:
        start = time.perf_counter_ns()
        made = step()
        rate = count * 1_000_000_000 // (time.perf_counter_ns() - start)
        if count == events:
            report.row(what, "rate", rate, "messages/s", n=count, how="measured on host")
        return made

    for size in (1000, events):
        day = Day(DayConfig(seed=seed, events=size))
        messages = timed("generate", day.messages, size)
        raw = timed("encode", lambda m=messages: itch.encode(m), size)  # type: ignore[misc]
        timed("decode", lambda r=raw: itch.decode(r), size)  # type: ignore[misc]
        made = timed("packetise", lambda m=messages: packets(m), size)  # type: ignore[misc]
        timed("depacketise", lambda p=made: mold.depacketise(p), size)  # type: ignore[misc]
        framed = timed("frames", lambda p=made: frames(p, Flow()), size)  # type: ignore[misc]
        sent, registers = Traffic.of(framed, 8), Registers(locates=day.locates)
        timed("frames to operations", lambda s=sent, r=registers: receive(s, r, 8), size)  # type: ignore[misc]
        ops = operations(messages, day.locates)
        timed("book", lambda o=ops: Book(8).apply(o), size)  # type: ignore[misc]
        timed("book with levels", lambda o=ops: Book(8).apply(o, levels=True), size)  # type: ignore[misc]
    return report


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="sim.measure.host", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args(arguments)
    report = measure(told.events, told.seed)
    for row in report.rows:
        print(f"{row.case:20} {row.value:>12,} {row.unit}")
    print(report.write())
    return 0


if __name__ == "__main__":
    sys.exit(main())
