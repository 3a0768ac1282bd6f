"""`make measure NAME=feed`: the feed's RTL on whole days, at its densest, and on wrong frames.

Every row has the number of rows compared. `--only NAME` runs one part, `--events` and `--frames`
make it smaller. Without LOBSTER's samples (TICKWIRE_DATA) their rows are left out, with a line.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.command import Parser, ended
from hwtools.report import Report
from hwtools.toolchain import ToolError
from sim.golden import feed_book as golden_book
from sim.golden import feed_rx as golden
from sim.lib import truth
from sim.lib.feed_judge import accounted, compared, counters, differing, until_depth_lost, waits
from sim.lib.snapshot_judge import JudgeError
from sim.measure import feed_snapshots
from sim.stimulus import cases_of_feeds, storm
from sim.stimulus import fuzz as feed_fuzz
from sim.stimulus.dense import dense
from tickwire.board.virtual import feed_book
from tickwire.board.virtual.builds import SPACING, START
from tickwire.board.virtual.harness import PULSES, FeedObserved, Top
from tickwire.book import lobster
from tickwire.book.compiled import Book
from tickwire.book.naive import NaiveBook
from tickwire.book.types import Outcome
from tickwire.cli import exact
from tickwire.data import samples
from tickwire.exchange.flow import Day, DayConfig, packets
from tickwire.gen.records import SLOTS, Operation
from tickwire.replay.feed import PULSE
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.market import Market
from tickwire.wire.operations import operations
from tickwire.wire.traffic import HERTZ, Registers, Traffic, wire_cycles

Array = npt.NDArray[Any]
WIDTHS = (8, 64)
FRONT = {8: 4, 64: 6}  # cycles that the path up to itch_parse may take
WHOLE = {8: 12, 64: 14}  # up to the book; a replace may take 2 more
BOOKED = (  # operations that change levels
    *(Operation.ADD, Operation.EXECUTE, Operation.EXECUTE_PRICE),
    *(Operation.CANCEL, Operation.DELETE, Operation.REPLACE),
)
SAMPLES = {samples.AMZN: 143_800, samples.AAPL: 101_200}  # rows exact without repair, at least
STAMPS = ("last_of_packet", "frame_cycle", "message_cycle")  # of operations: by frame and cycle
WINDOWS = 0, 300, 12_500  # cycles; the last 100 us, or 80 at 64 bits
STORM = {  # what is counted of one, and its unit
    "messages": "messages",
    "frames": "frames",
    "trusted": "operations",
    "open": "operations",
    "gaps": "gaps",
    **dict.fromkeys(("bad_frames", "duplicates", "reordered", "hold_drops"), "packets"),
    "other_session": "packets",
    "sessions_ended": "sessions",
    "late_joins": "sessions",
}
ZERO: dict[str, Any] = {"how": "simulated", "bound": 0, "op": "<="}


@dataclass(frozen=True)
class Plan:
    """How much of everything."""

    events: int = 1_000_000
    frames: int = 1_000_000
    storm: int = 1_000_000
    packets: int = 500
    seed: int = 1
    moments: int = 24


# -- LOBSTER ---------------------------------------------------------------------------------------


def lobsters(report: Report, _: Plan) -> None:
    for name, least in SAMPLES.items():
        if not (samples.FOLDER / name).exists():
            _say(f"{name} isn't in {samples.FOLDER}: left out (set TICKWIRE_DATA)")
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
        _say(f"day: {plan.events:,} events through the RTL, W={width}")
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
            _say(f"day: {len(ops):,} operations through the naive book")
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


# -- Wrong frames ----------------------------------------------------------------------------------


def fuzzed(report: Report, plan: Plan) -> None:
    """Half of the frames at each width, in parts that fit into memory."""
    part = 50_000
    for width in WIDTHS:
        total: dict[str, int] = {}
        top = Top("feed_book", feed_fuzz.PARAMETERS | {"W": width})
        while total.get("frames", 0) < plan.frames // 2:
            left = plan.frames // 2 - total.get("frames", 0)
            sent = feed_fuzz.fuzz(plan.seed + total.get("frames", 0), min(part, left), width)
            for name, value in _fuzz_part(top, sent, width).items():
                total[name] = total.get(name, 0) + value
            _say(f"fuzz W={width}: {total['frames']:,} frames")
        case, count = f"fuzz, W={width}", total["frames"]
        for name, unit, n in (
            ("frames_unaccounted", "frames", count),
            ("counters_that_differ", "counters", count),
            ("operation_mismatches", "operations", total["operations"]),
            ("event_mismatches", "events", total["events"]),
            ("top_mismatches", "operations", total["operations"]),
            ("level_mismatches", "operations", total["operations"]),
            ("operations_dropped", "operations", total["operations"]),
        ):
            report.row(case, name, total[name], unit, n=n, **ZERO)
        for name, bound in (("reaching_itch_parse", 40), ("changing_a_book", 20)):
            share = round(100 * total[name] / count, 1)
            report.row(case, f"frames_{name}", share, "%", n=count, how="simulated", bound=bound,
                       op=">=")  # fmt: skip


def _fuzz_part(top: Top, sent: feed_fuzz.Fuzz, width: int) -> dict[str, int]:
    host = feed_fuzz.host(sent)
    observed = top.run(sent.traffic, feed_fuzz.REGISTERS, host=host)
    expected = golden.receive(sent.traffic, feed_fuzz.REGISTERS, width)
    taken = observed.cycles_of("host_taken")
    if len(taken) != len(host[0]):
        raise ToolError(f"{len(host[0])} operations of the host, {len(taken)} taken")
    book = golden_book.book(expected, width, (taken, host[1]), levels=True)
    marks = differing(_marks(observed), np.sort(expected.pulses, order=("cycle", "reason")))
    changed = book.of_feed & ~book.outcome.ignored & (book.outcome.causes == 0)
    changed &= np.isin(book.operations["operation"], BOOKED)
    return {
        "frames": len(sent.traffic.frames),
        "operations": len(expected.operations),
        "events": len(expected.marks),
        "frames_unaccounted": accounted(observed, sent.traffic),
        "counters_that_differ": counters(observed, expected, sent.traffic),
        "operation_mismatches": differing(observed.rows("operations"), expected.operations),
        "event_mismatches": marks,
        "operations_dropped": observed.count("book_drops"),
        "reaching_itch_parse": len(np.unique(expected.messages["frame"])),
        "changing_a_book": len(np.unique(book.operations["frame_cycle"][changed])),
        **compared(observed, book.outcome),
    }


# -- One thing wrong -------------------------------------------------------------------------------


def wrong_things(report: Report, plan: Plan) -> None:
    """Each case by itself, with room for 100 us of packets that wait."""
    for width in WIDTHS:
        top = Top("feed_book", storm.PARAMETERS | cases_of_feeds.ROOM | {"W": width})
        for case in cases_of_feeds.cases(plan.seed):
            sent = case.storm(width)
            observed = top.run(sent.traffic, case.registers, host=sent.host)
            met = truth.of_run(observed, sent)
            name = f"{case.name}, W={width}"
            report.row(name, "wrong_and_not_stale", met["wrong"], "operations",
                       n=met["trusted"], **ZERO)  # fmt: skip
            lost = len(case.told) - observed.count("messages")
            about: dict[str, Any] = {"n": len(case.told), "how": "simulated"}
            report.row(name, "messages_lost", lost, "messages", **about)
            report.row(name, "gaps", observed.count("gaps"), "gaps", **about)
            report.row(name, "reordered", sum(observed.by_feed("reordered")), "packets", **about)


# -- Storms ----------------------------------------------------------------------------------------


def storms(report: Report, plan: Plan) -> None:
    """So many messages at each width, with losses, swaps, duplicates, corruption and sessions that
    change, on both lines; by how long the feed waits for what is missing."""
    for width in WIDTHS:
        top = Top("feed_book", storm.PARAMETERS | {"W": width})
        for window in WINDOWS:
            total: Counter[str] = Counter()
            registers = replace(feed_fuzz.REGISTERS, window=window)
            while total["messages"] < plan.storm // len(WINDOWS):
                left = plan.storm // len(WINDOWS) - total["messages"]
                seed = plan.seed + total["messages"]
                sent = storm.storm(seed, min(40_000, left), width, window)
                observed = top.run(sent.traffic, registers, host=sent.host)
                total += truth.of_run(observed, sent)
                total["messages"] += sent.messages
                total["frames"] += len(sent.traffic.frames)
                for name in ("gaps", "bad_frames", "sessions_ended", "late_joins"):
                    total[name] += observed.count(name)
                for name in ("reordered", "hold_drops", "duplicates", "other_session"):
                    total[name] += sum(observed.by_feed(name))
                _say(f"storm W={width}, window {window}: {total['messages']:,} messages")
            case = f"storm, W={width}, window {window}"
            report.row(case, "wrong_and_not_stale", total["wrong"], "operations",
                       n=total["trusted"], **ZERO)  # fmt: skip
            for name in STORM:
                report.row(case, name, total[name], STORM[name], n=total["rows"], how="simulated")


def _marks(observed: FeedObserved) -> npt.NDArray[Any]:
    """What op_gate was given beside operations."""
    rows = [np.zeros(0, PULSE)]
    for name, reason in (("lost", None), *PULSES.items()):
        cycles = observed.cycles_of(name)
        rows.append(np.zeros(len(cycles), PULSE))
        rows[-1]["cycle"] = cycles
        rows[-1]["reason"] = observed.rows(name) if reason is None else reason
    return np.sort(np.concatenate(rows), order=("cycle", "reason"))


# -- The way back ----------------------------------------------------------------------------------


def snapshots(report: Report, plan: Plan) -> None:
    feed_snapshots.measure(report, plan.moments, plan.seed, _say)


PARTS: dict[str, Callable[[Report, Plan], None]] = {
    "lobster": lobsters,
    "day": day,
    "densest": densest,
    "latency": latency,
    "fuzz": fuzzed,
    "cases": wrong_things,
    "storm": storms,
    "snapshots": snapshots,
}


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def run(plan: Plan, only: Sequence[str] = ()) -> Report:
    report = Report("feed", "make measure NAME=feed", plan.seed)
    for name, part in PARTS.items():
        if only and name not in only:
            continue
        start, before = time.monotonic(), len(report.rows)
        part(report, plan)
        for row in report.rows[before:]:
            bound = f"{row.op} {row.bound}" if row.op else ""
            value = f"{row.value:,}" if isinstance(row.value, int) else row.value
            print(f"{row.case:38} {row.metric:28} {value} {row.unit} {bound}"
                  f"{'' if row.holds in (None, True) else '  FAILS'}")  # fmt: skip
        _say(f"{name}: {time.monotonic() - start:.0f} s")
    return report


def main(arguments: Sequence[str] | None = None) -> int:
    parser = Parser(prog="make measure NAME=feed", description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--events", type=int, default=Plan.events, help="messages of a generated day"
    )
    parser.add_argument("--frames", type=int, default=Plan.frames, help="wrong frames, in all")
    parser.add_argument("--storm", type=int, default=Plan.storm, help="messages of a storm")
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
