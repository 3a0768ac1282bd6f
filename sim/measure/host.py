"""`make measure NAME=host`: how fast the host generates, codes and books a day."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import numpy.typing as npt

from hwtools.command import Parser, ended
from hwtools.report import Report
from tickwire.book.compiled import Book
from tickwire.book.types import Outcome
from tickwire.exchange.flow import Day, DayConfig, packets
from tickwire.gen.records import SLOTS
from tickwire.replay.feed import receive
from tickwire.wire import itch, mold
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.operations import operations
from tickwire.wire.traffic import Registers, Traffic

_T = TypeVar("_T")


def _booked(ops: npt.NDArray[Any], levels: bool) -> Outcome:
    return Book(SLOTS).apply(ops, levels=levels)


def measure(events: int, seed: int) -> Report:
    """Every step once on a small day, which compiles it, then on the whole day."""
    report = Report("host_speed", "make measure NAME=host", seed)

    def timed(what: str, step: Callable[[], _T], count: int) -> _T:
        start = time.perf_counter_ns()
        result = step()
        rate = count * 1_000_000_000 // (time.perf_counter_ns() - start)
        if count == events:
            report.row(what, "rate", rate, "messages/s", n=count, how="measured on host")
        return result

    for size in (1000, events):
        day = Day(DayConfig(seed=seed, events=size))
        messages = timed("generate", day.messages, size)
        encoded = timed("encode", partial(itch.encode, messages), size)
        timed("decode", partial(itch.decode, encoded), size)
        payloads = timed("packetise", partial(packets, messages), size)
        timed("depacketise", partial(mold.depacketise, payloads), size)
        framed = timed("frames", partial(frames, payloads, Flow()), size)
        sent, registers = Traffic.of(framed, 8), Registers(locates=day.locates)
        timed("frames to operations", partial(receive, sent, registers, 8), size)
        ops = operations(messages, day.locates)
        timed("book", partial(_booked, ops, levels=False), size)
        timed("book with levels", partial(_booked, ops, levels=True), size)
    return report


def main(arguments: Sequence[str] | None = None) -> int:
    parser = Parser(prog="make measure NAME=host", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--events", type=int, default=1_000_000, help="messages of a generated day")
    parser.add_argument("--seed", type=int, default=1, help="of all that is drawn")
    args = parser.parse_args(arguments)
    report = measure(args.events, args.seed)
    for row in report.rows:
        print(f"{row.case:20} {row.value:>12,} {row.unit}")
    print(report.write())
    return 0


if __name__ == "__main__":
    sys.exit(ended("host", main))
