"""`make measure NAME=feed`: the feed's RTL on whole days, at its densest, and on what is wrong.

Every row has the number of rows compared. `--only NAME` runs one part, `--events` and `--frames`
make it smaller. Without LOBSTER's samples (TICKWIRE_DATA) their rows are left out, with a line.
What was done at a commit is kept: after Ctrl-C it goes on from there.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.command import Parser, ended
from hwtools.report import Report
from hwtools.toolchain import ToolError
from sim.golden import feed_rx as golden
from sim.lib.feed_judge import compared, differing, until_depth_lost, waits
from sim.lib.snapshot_judge import JudgeError
from sim.measure import feed_captures, feed_faults, feed_snapshots
from sim.measure.feed_faults import FOLDER, WIDTHS, ZERO, by_width, say
from sim.measure.kept import once
from sim.stimulus import fuzz as feed_fuzz
from sim.stimulus.dense import dense
from tickwire.board.virtual import feed_book
from tickwire.board.virtual.builds import SPACING, START
from tickwire.board.virtual.harness import FeedObserved
from tickwire.book import lobster
from tickwire.book.compiled import Book
from tickwire.book.naive import NaiveBook
from tickwire.book.types import Outcome
from tickwire.cli import exact
from tickwire.data import samples
from tickwire.exchange.flow import Day, DayConfig, packets
from tickwire.gen.records import SLOTS, Operation
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.market import Market
from tickwire.wire.operations import operations
from tickwire.wire.traffic import HERTZ, Registers, Traffic, wire_cycles

Array = npt.NDArray[Any]
FRONT = {8: 4, 64: 6}  # cycles that the path up to itch_parse may take
WHOLE = {8: 12, 64: 14}  # up to the book; a replace may take 2 more
SAMPLES = {samples.AMZN: 143_800, samples.AAPL: 101_200}  # rows exact without repair, at least
STAMPS = ("last_of_packet", "frame_cycle", "message_cycle")  # of operations: by frame and cycle


@dataclass(frozen=True)
class Plan:
    """How much of everything."""

    events: int = 1_000_000
    frames: int = 1_000_000
    storm: int = 10_000_000
    packets: int = 500
    seed: int = 1
    moments: int = 24


# -- LOBSTER ---------------------------------------------------------------------------------------


def lobsters(report: Report, _: Plan) -> None:
    for name, least in SAMPLES.items():
        if not (samples.FOLDER / name).exists():
            say(f"{name} isn't in {samples.FOLDER}: left out (set TICKWIRE_DATA)")
            continue
        sample = lobster.load(samples.FOLDER / name)
        transcoded = lobster.transcode(sample)
        for width in WIDTHS:
            verdict = lobster.judge(sample, transcoded, exact.replay(width)(transcoded))
            plain, repaired, wrong = verdict.counts
            case = f"{name.split('_')[2]}, W={width}"
            about: dict[str, Any] = {"n": len(verdict.right), "how": "simulated"}
            report.row(case, "exact_without_repair", plain, "rows", **about, bound=least, op=">=")
            report.row(case, "exact_after_repair", repaired, "rows", **about)
            report.row(case, "mismatching", wrong, "rows", **about, bound=0, op="<=")


# -- A whole day -----------------------------------------------------------------------------------


def day(report: Report, plan: Plan) -> None:
    """A generated day, each operation and the book after it: the host's own decoder, which sees no
    frame, and the naive book in plain Python."""
    generated = Day(DayConfig(seed=plan.seed, events=plan.events))
    messages = generated.messages()
    expected = operations(messages, generated.locates, market=Market())
    naive: tuple[Array, Outcome] | None = None
    for width in WIDTHS:
        say(f"day: {plan.events:,} events through the RTL, W={width}")
        observed = feed_book.play(messages, generated.locates, width)
        ops = observed.rows("operations")
        case = f"generated day, W={width}"
        lost = len(messages) - observed.count("messages")
        report.row(case, "messages_lost", lost, "messages", n=len(messages), **ZERO)
        plain = ops[ops["operation"] != Operation.NONE]
        for name in STAMPS:
            plain[name] = 0
        report.row(case, "operation_mismatches", differing(plain, expected), "operations",
                   n=len(expected), **ZERO)  # fmt: skip
        if naive is None:
            say(f"day: {len(ops):,} operations through the naive book")
            naive = ops["operation"], NaiveBook(SLOTS).apply(ops, levels=True)
        kinds, outcome = naive
        if np.array_equal(ops["operation"], kinds):  # the same outcome, with this width's stamps
            for name in STAMPS:
                outcome.tops[name] = ops[name]
        books(report, case, observed, outcome)
        dropped = observed.count("book_drops")
        report.row(case, "operations_dropped", dropped, "operations", n=len(ops), **ZERO)


def books(report: Report, case: str, observed: FeedObserved, expected: Outcome) -> None:
    """The book after each operation, until a side can't be refilled in time: that makes its slot
    stale, and it stays so."""
    ops = observed.rows("operations")
    trusted, losses = until_depth_lost(observed, ops)
    report.row(case, "depth_lost", losses, "times", n=len(ops), **ZERO)
    for name, wrong in compared(observed, expected, trusted).items():
        report.row(case, name, wrong, "operations", n=int(trusted.sum()), **ZERO)


# -- How late, and how dense -----------------------------------------------------------------------


def densest(report: Report, plan: Plan) -> None:
    for width in WIDTHS:
        for kind in ("full", "single"):
            framed = dense(kind, plan.packets if kind == "full" else 10 * plan.packets)
            sent = Traffic.of(framed, width, start=START)
            observed = feed_book.top(width).run(sent, feed_fuzz.REGISTERS)
            expected = golden.receive(sent, feed_fuzz.REGISTERS, width)
            case = f"densest {kind} packets, W={width}"
            count, messages = len(expected.operations), len(expected.messages)
            lost = messages - observed.count("messages")
            report.row(case, "messages_lost", lost, "messages", n=messages, **ZERO)
            wrong = differing(observed.rows("operations"), expected.operations)
            report.row(case, "operation_mismatches", wrong, "operations", n=count, **ZERO)
            dropped = observed.count("book_drops")
            report.row(case, "operations_dropped", dropped, "operations", n=count, **ZERO)
            books(report, case, observed, Book(SLOTS).apply(expected.operations, levels=True))
            span = int(sent.first[-1] + wire_cycles(sent.frames.lengths[-1], width) - sent.first[0])
            rate = messages * HERTZ[width] // span
            report.row(case, "rate", rate, "messages/s", n=messages, how="simulated")


def histogram(values: Array) -> str:
    cycles, counts = np.unique(values, return_counts=True)
    return ", ".join(f"{c}: {n:,}" for c, n in zip(cycles.tolist(), counts.tolist(), strict=True))


def latency(report: Report, plan: Plan) -> None:
    """From the last byte of a message to its operation and to the book, by type: frames far apart,
    and back to back."""
    generated = Day(DayConfig(seed=plan.seed + 1, events=max(2_000, plan.events // 10)))
    framed = frames(packets(generated.messages()), Flow())
    for width in WIDTHS:
        for traffic, space in (("idle", 200), ("saturated", 0)):
            sent = Traffic.of(framed, width, space=space, start=START)
            observed = feed_book.top(width).run(sent, Registers(locates=generated.locates))
            _latencies(report, f"W={width}, {traffic}", width, observed)


def _latencies(report: Report, case: str, width: int, observed: FeedObserved) -> None:
    ops, came = observed.rows("operations"), observed.cycles_of("operations")
    stamps = ops["message_cycle"].astype(np.int64)
    front, book = came - stamps, observed.cycles_of("tops") - stamps
    about: dict[str, Any] = {"n": len(ops), "how": "simulated"}
    report.row(case, "latency_to_operation_min", int(front.min()), "cycles", **about)
    report.row(case, "latency_to_operation_max", int(front.max()), "cycles", **about,
               bound=FRONT[width], op="<=")  # fmt: skip
    waited, longer = waits(came, observed.rows("causes"), ops, SPACING[width])
    own, replaces = book - waited, longer > 0
    for name, here, bound in (
        ("latency_to_book", ~replaces, WHOLE[width]),
        ("latency_to_book_of_a_replace", replaces, WHOLE[width] + 2),
    ):
        about = {"n": int(here.sum()), "how": "simulated"}
        report.row(case, f"{name}_min", int(own[here].min()), "cycles", **about)
        report.row(case, f"{name}_max", int(own[here].max()), "cycles", **about,
                   bound=bound, op="<=")  # fmt: skip
    about = {"n": len(ops), "how": "simulated"}
    late = int((waited > 0).sum())
    report.row(case, "operations_that_waited", late, "operations", **about)
    report.row(case, "longest_wait", int(waited.max()), "cycles", **about)
    for kind in np.unique(ops["operation"]).tolist():
        here = ops["operation"] == kind
        name = Operation(kind).name.lower()
        report.row(case, f"histogram of {name}", histogram(book[here]), "cycles: operations",
                   n=int(here.sum()), how="simulated")  # fmt: skip


# -- The way back ----------------------------------------------------------------------------------


def snapshots(report: Report, plan: Plan) -> None:
    feed_snapshots.measure(report, plan.moments, plan.seed, say)


PARTS: dict[str, Callable[[Report, Plan], None]] = {
    "lobster": lobsters,
    "day": day,
    "densest": densest,
    "latency": latency,
    "fuzz": lambda report, plan: by_width(report, feed_faults.fuzzed, plan.frames, plan.seed),
    "captures": lambda report, plan: feed_captures.measure(report, plan.seed),
    "cases": lambda report, plan: by_width(report, feed_faults.cases, plan.seed),
    "storm": lambda report, plan: by_width(report, feed_faults.storms, plan.storm, plan.seed),
    "snapshots": snapshots,
}


def _once(report: Report, name: str, plan: Plan) -> None:
    there = [sample for sample in SAMPLES if (samples.FOLDER / sample).exists()]
    once(FOLDER, report, f"{name}, {plan}, {there}", lambda report: PARTS[name](report, plan))


def run(plan: Plan, only: Sequence[str] = ()) -> Report:
    report = Report("feed", "make measure NAME=feed", plan.seed)
    for name in PARTS:
        if only and name not in only:
            continue
        start, before = time.monotonic(), len(report.rows)
        _once(report, name, plan)
        for row in report.rows[before:]:
            bound = f"{row.op} {row.bound}" if row.op else ""
            value = f"{row.value:,}" if isinstance(row.value, int) else row.value
            print(f"{row.case:38} {row.metric:28} {value} {row.unit} {bound}"
                  f"{'' if row.holds in (None, True) else '  FAILS'}")  # fmt: skip
        say(f"{name}: {time.monotonic() - start:.0f} s")
    return report


def main(arguments: Sequence[str] | None = None) -> int:
    parser = Parser(prog="make measure NAME=feed", description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--events", type=int, default=Plan.events, help="messages of a generated day"
    )
    parser.add_argument(
        "--frames", type=int, default=Plan.frames, help="wrong frames at each width"
    )
    parser.add_argument(
        "--storm", type=int, default=Plan.storm, help="messages of storms at each width"
    )
    parser.add_argument(
        "--moments", type=int, default=Plan.moments, help="losses of a day that snapshots make good"
    )
    parser.add_argument("--seed", type=int, default=Plan.seed, help="of all that is drawn")
    parser.add_argument(
        "--only",
        action="append",
        choices=[*PARTS],
        default=[],
        help="this part alone; repeatable; default: all",
    )
    args = parser.parse_args(arguments)
    try:
        plan = Plan(args.events, args.frames, args.storm, seed=args.seed, moments=args.moments)
        report = run(plan, args.only)
    except (ToolError, JudgeError) as error:
        print(f"feed: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("feed: interrupted", file=sys.stderr)
        return 130
    if not args.only:
        print(report.write())
    for row in report.failed:
        print(f"{row.case}: {row.metric} is {row.value}, not {row.op} {row.bound}", file=sys.stderr)
    return bool(report.failed)


if __name__ == "__main__":
    sys.exit(ended("feed", main))
