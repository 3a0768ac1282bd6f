"""`make measure NAME=feed`: the feed's RTL on whole days, at its densest, and on wrong frames.

Every row says how much it compared. `--only NAME` runs one part, `--events` and `--frames` make it
smaller. Without LOBSTER's samples (TICKWIRE_DATA) their rows are left out, and it says so.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.report import Report
from hwtools.toolchain import ToolError
from sim.golden import feed_book as golden_book
from sim.golden import feed_rx as golden
from sim.lib.feed_judge import accounted, compared, counters, differing, until_depth_lost, waits
from sim.stimulus import fuzz as feed_fuzz
from tickwire.board.virtual import feed_book
from tickwire.board.virtual.builds import SPACING, START
from tickwire.board.virtual.harness import Top
from tickwire.book import lobster
from tickwire.book.compiled import Book
from tickwire.book.naive import NaiveBook
from tickwire.cli import exact
from tickwire.data import samples
from tickwire.exchange.flow import Day, DayConfig, packets
from tickwire.gen.records import SLOTS, Operation, Reason
from tickwire.wire import itch
from tickwire.wire.chunks import Chunks
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.mold import packetise
from tickwire.wire.operations import operations
from tickwire.wire.traffic import HERTZ, Registers, Traffic, wire_cycles

Array = npt.NDArray[Any]
WIDTHS = (8, 64)
FRONT = {8: 4, 64: 6}  # cycles that the path up to itch_parse may take
WHOLE = {8: 12, 64: 14}  # up to the book; a replace may take 2 more
DENSE = 69  # deletes that a packet of 1,500 bytes holds
BOOKED = (  # operations that change levels
    *(Operation.ADD, Operation.EXECUTE, Operation.EXECUTE_PRICE),
    *(Operation.CANCEL, Operation.DELETE, Operation.REPLACE),
)
SAMPLES = {samples.AMZN: 143_800, samples.AAPL: 101_200}  # rows exact without repair, at least
ZERO: dict[str, Any] = {"how": "simulated", "bound": 0, "op": "<="}


@dataclass(frozen=True)
class Plan:
    """How much of everything."""

    events: int = 1_000_000
    frames: int = 1_000_000
    packets: int = 500
    seed: int = 1


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
    """A generated day, each operation and the book after it: the host's own decoder, made without
    any frame, and the naive book in plain Python."""
    made = Day(DayConfig(seed=plan.seed, events=plan.events))
    messages = made.messages()
    expected = operations(messages, made.locates)
    naive = NaiveBook(SLOTS)
    for width in WIDTHS:
        _say(f"day: {plan.events:,} events through the RTL, W={width}")
        seen = feed_book.play(messages, made.locates, width)
        got = seen.rows("operations")
        if width == WIDTHS[0]:
            _say(f"day: {len(got):,} operations through the naive book")
            told = naive.apply(got, levels=True)
            last = got.copy()
        case = f"generated day, W={width}"
        report.row(case, "messages_lost", len(messages) - seen.count("messages"), "messages",
                   n=len(messages), **ZERO)  # fmt: skip
        stamps = ("last_of_packet", "frame_cycle", "message_cycle")
        plain = got[got["operation"] != Operation.NONE]
        for name in stamps:
            plain[name] = 0
        report.row(case, "operation_mismatches", differing(plain, expected), "operations",
                   n=len(expected), **ZERO)  # fmt: skip
        # what the naive book showed, with this width's stamps
        same = len(got) == len(last) and bool((got["operation"] == last["operation"]).all())
        if same:
            for name in stamps:
                told.tops[name] = got[name]
        # a side that can't be refilled in time makes its slot stale, and it stays so
        trusted, depth_lost = until_depth_lost(seen, got)
        report.row(case, "depth_lost", depth_lost, "times", n=len(got), **ZERO)
        for name, wrong in compared(seen, told, trusted).items():
            report.row(case, name, wrong, "operations", n=int(trusted.sum()), **ZERO)
        dropped = len(seen.cycles_of("dropped"))
        report.row(case, "operations_dropped", dropped, "operations", n=len(got), **ZERO)


# -- How late, and how dense -----------------------------------------------------------------------


def dense(kind: str, count: int) -> Chunks:
    """`full`: packets of 69 deletes, each of its level's one order; `single`: packets of one."""
    size = DENSE if kind == "full" else 1
    orders = count * size
    numbers = np.arange(orders)
    adds, deletes = itch.empty("A", orders), itch.empty("D", orders)
    for one in (adds, deletes):
        one["stock_locate"], one["order_reference_number"] = 100, 1 + numbers
    adds["buy_sell_indicator"], adds["shares"], adds["stock"] = b"B", 100, b"TICK    "
    adds["price"] = 1_000_000 - 100 * (numbers % DENSE)
    types = np.tile(np.repeat(np.frombuffer(b"AD", np.uint8), size), count)
    messages = itch.Messages.of(types, {"A": adds, "D": deletes})
    # adds are longer: two packets of them, then one of deletes
    cut = [size // 2, size - size // 2, size] if size > 1 else [1, 1]
    return frames(packetise(itch.encode(messages), cut * count, session=b"DENSE"), Flow())


def densest(report: Report, plan: Plan) -> None:
    for width in WIDTHS:
        for kind in ("full", "single"):
            framed = dense(kind, plan.packets if kind == "full" else 10 * plan.packets)
            sent = Traffic.of(framed, width, start=START)
            seen = feed_book.top(width).run(sent, feed_fuzz.REGISTERS)
            told = golden.receive(sent, feed_fuzz.REGISTERS, width)
            case = f"densest {kind} packets, W={width}"
            count = len(told.operations)
            messages = len(told.messages)
            report.row(case, "messages_lost", messages - seen.count("messages"), "messages",
                       n=messages, **ZERO)  # fmt: skip
            report.row(case, "operation_mismatches",
                       differing(seen.rows("operations"), told.operations), "operations",
                       n=count, **ZERO)  # fmt: skip
            report.row(case, "operations_dropped", len(seen.cycles_of("dropped")), "operations",
                       n=count, **ZERO)  # fmt: skip
            depth_lost = int((seen.rows("causes") == Reason.DEPTH_LOST).sum())
            report.row(case, "depth_lost", depth_lost, "times", n=count, how="simulated")
            if not depth_lost:
                shown = Book(SLOTS).apply(told.operations, levels=True)
                for name, wrong in compared(seen, shown).items():
                    report.row(case, name, wrong, "operations", n=count, **ZERO)
            span = int(sent.first[-1] + wire_cycles(sent.frames.lengths[-1], width) - sent.first[0])
            rate = messages * HERTZ[width] // span
            report.row(case, "rate", rate, "messages/s", n=messages, how="simulated")


def histogram(values: Array) -> str:
    cycles, counts = np.unique(values, return_counts=True)
    return ", ".join(f"{c}: {n:,}" for c, n in zip(cycles.tolist(), counts.tolist(), strict=True))


def latency(report: Report, plan: Plan) -> None:
    """From the last byte of a message to its operation and to the book, by type: frames far apart,
    and back to back."""
    made = Day(DayConfig(seed=plan.seed + 1, events=max(2_000, plan.events // 10)))
    messages = made.messages()
    framed = frames(packets(messages), Flow())
    for width in WIDTHS:
        for traffic, space in (("idle", 200), ("saturated", 0)):
            sent = Traffic.of(framed, width, space=space, start=START)
            seen = feed_book.top(width).run(sent, Registers(locates=made.locates))
            ops = seen.rows("operations")
            stamps = ops["message_cycle"].astype(np.int64)
            case = f"W={width}, {traffic}"
            front = seen.cycles_of("operations") - stamps
            about: dict[str, Any] = {"n": len(ops), "how": "simulated"}
            report.row(case, "latency_to_operation_min", int(front.min()), "cycles", **about)
            report.row(case, "latency_to_operation_max", int(front.max()), "cycles", **about,
                       bound=FRONT[width], op="<=")  # fmt: skip
            came, causes = seen.cycles_of("operations"), seen.rows("causes")
            waited, longer = waits(came, causes, ops, SPACING[width])
            book = seen.cycles_of("tops") - stamps
            own = book - waited
            replaces = longer > 0
            for name, here, bound in (
                ("latency_to_book", ~replaces, WHOLE[width]),
                ("latency_to_book_of_a_replace", replaces, WHOLE[width] + 2),
            ):
                about = {"n": int(here.sum()), "how": "simulated"}
                report.row(case, f"{name}_min", int(own[here].min()), "cycles", **about)
                report.row(case, f"{name}_max", int(own[here].max()), "cycles", **about,
                           bound=bound, op="<=")  # fmt: skip
            report.row(case, "operations_that_waited", int((waited > 0).sum()), "operations",
                       n=len(ops), how="simulated")  # fmt: skip
            report.row(case, "longest_wait", int(waited.max()), "cycles", n=len(ops),
                       how="simulated")  # fmt: skip
            for kind in np.unique(ops["operation"]).tolist():
                here = ops["operation"] == kind
                name = Operation(kind).name.lower()
                report.row(case, f"histogram of {name}", histogram(book[here]),
                           "cycles: operations", n=int(here.sum()), how="simulated")  # fmt: skip


# -- Wrong frames ----------------------------------------------------------------------------------


def fuzzed(report: Report, plan: Plan) -> None:
    """Half of the frames at each width, in parts that fit into memory."""
    part = 50_000
    for width in WIDTHS:
        total: dict[str, int] = {}
        top = Top("feed_book", feed_fuzz.PARAMETERS | {"W": width})
        while total.get("frames", 0) < plan.frames // 2:
            left = plan.frames // 2 - total.get("frames", 0)
            made = feed_fuzz.fuzz(plan.seed + total.get("frames", 0), min(part, left), width)
            for name, value in _fuzz_part(top, made, width).items():
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


def _fuzz_part(top: Top, made: feed_fuzz.Fuzz, width: int) -> dict[str, int]:
    host = feed_fuzz.host(made)
    seen = top.run(made.traffic, feed_fuzz.REGISTERS, host=host)
    told = golden.receive(made.traffic, feed_fuzz.REGISTERS, width)
    taken = seen.cycles_of("host_taken")
    if len(taken) != len(host[0]):
        raise ToolError(f"{len(host[0])} operations of the host, {len(taken)} taken")
    shown = golden_book.book(told, width, (taken, host[1]), levels=True)
    marks = 0
    for number, name in enumerate(("gap", "session_ended", "bad_frame")):
        expected = np.sort(told.marks["cycle"][told.marks["kind"] == number])
        marks += differing(seen.of(name)["cycle"].astype(np.int64), expected)
    changed = shown.of_feed & ~shown.outcome.ignored & (shown.outcome.causes == 0)
    changed &= np.isin(shown.operations["operation"], BOOKED)
    return {
        "frames": len(made.traffic.frames),
        "operations": len(told.operations),
        "events": len(told.marks),
        "frames_unaccounted": accounted(seen, made.traffic),
        "counters_that_differ": counters(seen, told, made.traffic),
        "operation_mismatches": differing(seen.rows("operations"), told.operations),
        "event_mismatches": marks,
        "operations_dropped": len(seen.cycles_of("dropped")),
        "reaching_itch_parse": len(np.unique(told.messages["frame"])),
        "changing_a_book": len(np.unique(shown.operations["frame_cycle"][changed])),
        **compared(seen, shown.outcome),
    }


PARTS: dict[str, Callable[[Report, Plan], None]] = {
    "lobster": lobsters,
    "day": day,
    "densest": densest,
    "latency": latency,
    "fuzz": fuzzed,
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
    parser = argparse.ArgumentParser(
        prog="make measure NAME=feed", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--events", type=int, default=Plan.events)
    parser.add_argument("--frames", type=int, default=Plan.frames)
    parser.add_argument("--seed", type=int, default=Plan.seed)
    parser.add_argument("--only", action="append", choices=[*PARTS], default=[])
    told = parser.parse_args(arguments)
    try:
        report = run(Plan(told.events, told.frames, seed=told.seed), told.only)
    except ToolError as error:
        print(f"feed: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("feed: interrupted", file=sys.stderr)
        return 130
    if not told.only:
        print(report.write())
    for row in report.failed:
        print(f"{row.case}: {row.metric} is {row.value}, not {row.op} {row.bound}", file=sys.stderr)
    return bool(report.failed)


if __name__ == "__main__":
    sys.exit(main())
