"""`make measure NAME=feed`, its parts in which something is wrong: frames at random, each case of
what venues and lines do, and storms of all of it on both lines. Both widths run at once."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.report import Report, Row
from hwtools.toolchain import BUILD, ToolError
from sim.golden import feed_book as golden_book
from sim.golden import feed_rx as golden
from sim.lib import truth
from sim.lib.feed_judge import accounted, compared, counters, differing
from sim.measure.kept import once
from sim.stimulus import cases_of_feeds, storm
from sim.stimulus import fuzz as feed_fuzz
from tickwire.board.virtual.harness import PULSES, FeedObserved, Top
from tickwire.gen.records import Operation
from tickwire.replay.feed import PULSE

WIDTHS = (8, 64)
FOLDER = BUILD / "feed"  # what was done at a commit
PART = 50_000  # frames of a run
BOOKED = (  # operations that change levels
    *(Operation.ADD, Operation.EXECUTE, Operation.EXECUTE_PRICE),
    *(Operation.CANCEL, Operation.DELETE, Operation.REPLACE),
)
WINDOWS = 0, 300, 12_500  # cycles; the last 100 us, or 80 at 64 bits
STORM = {  # what is counted of one, and its unit
    "messages": "messages",
    "frames": "frames",
    "trusted": "operations",
    "provisional": "operations",
    "open": "operations",
    "gaps": "gaps",
    **dict.fromkeys(("bad_frames", "duplicates", "reordered", "hold_drops"), "packets"),
    "other_session": "packets",
    "sessions_ended": "sessions",
    "late_joins": "sessions",
}
ZERO: dict[str, Any] = {"how": "simulated", "bound": 0, "op": "<="}


def by_width(report: Report, part: Callable[..., None], *args: int) -> None:
    """`part(report, width, *args)` at each width, in a process of its own."""
    with ProcessPoolExecutor(len(WIDTHS), mp_context=get_context("spawn")) as pool:
        runs = [pool.submit(_rows, part, width, *args) for width in WIDTHS]
        for run in runs:
            report.rows += run.result()


def _rows(part: Callable[..., None], width: int, *args: int) -> list[Row]:
    report, sizes = Report("feed", ""), ", ".join(map(str, args))
    key = f"{part.__name__}, W={width}, {sizes}"
    once(FOLDER, report, key, lambda report: part(report, width, *args))
    return report.rows


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


# -- Wrong frames ----------------------------------------------------------------------------------


def fuzzed(report: Report, width: int, frames: int, seed: int) -> None:
    """Wrong frames, in parts that fit into memory."""
    total: Counter[str] = Counter()
    top = Top("feed_book", feed_fuzz.PARAMETERS | {"W": width})
    while total["frames"] < frames:
        sent = feed_fuzz.fuzz(seed + total["frames"], min(PART, frames - total["frames"]), width)
        total.update(_fuzz_part(top, sent, width))
        say(f"fuzz W={width}: {total['frames']:,} frames")
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


def _marks(observed: FeedObserved) -> npt.NDArray[Any]:
    """What op_gate was given beside operations."""
    rows = [np.zeros(0, PULSE)]
    for name, reason in (("lost", None), *PULSES.items()):
        cycles = observed.cycles_of(name)
        rows.append(np.zeros(len(cycles), PULSE))
        rows[-1]["cycle"] = cycles
        rows[-1]["reason"] = observed.rows(name) if reason is None else reason
    return np.sort(np.concatenate(rows), order=("cycle", "reason"))


# -- One thing wrong -------------------------------------------------------------------------------


def cases(report: Report, width: int, seed: int) -> None:
    """Each case by itself, with room for 100 us of packets that wait. Where what lacks on A comes
    on B while the feed waits, nothing is lost."""
    top = Top("feed_book", storm.PARAMETERS | cases_of_feeds.ROOM | {"W": width})
    for case in cases_of_feeds.cases(seed):
        sent = case.storm(width)
        observed = top.run(sent.traffic, case.settings(width), host=sent.host)
        met = truth.of_run(observed, sent)
        name = f"{case.name}, W={width}"
        report.row(name, "wrong_and_not_stale", met["wrong"], "operations",
                   n=met["trusted"], **ZERO)  # fmt: skip
        lost = len(case.told) - observed.count("messages")
        about: dict[str, Any] = {"n": len(case.told), "how": "simulated"}
        none: dict[str, Any] = {"bound": 0, "op": "<="} if case.waits else {}
        report.row(name, "messages_lost", lost, "messages", **about, **none)
        report.row(name, "gaps", observed.count("gaps"), "gaps", **about)
        report.row(name, "reordered", sum(observed.by_feed("reordered")), "packets", **about)


# -- Storms ----------------------------------------------------------------------------------------


def storms(report: Report, width: int, messages: int, seed: int) -> None:
    """So many messages, with losses, swaps, duplicates, corruption and sessions that change, on
    both lines; by how long the feed waits for what is missing."""
    each = -(-messages // len(WINDOWS))
    for window in WINDOWS:
        key = f"storm, W={width}, window {window}, {each}, {seed}"
        once(FOLDER, report, key, partial(_storm, width=width, window=window, messages=each,
                                          seed=seed))  # fmt: skip


def _storm(report: Report, width: int, window: int, messages: int, seed: int) -> None:
    top = Top("feed_book", storm.PARAMETERS | {"W": width})
    total: Counter[str] = Counter()
    registers = replace(feed_fuzz.REGISTERS, window=window)
    while (left := messages - total["messages"]) > 0:
        sent = storm.storm(seed + total["messages"], min(40_000, left), width, window)
        observed = top.run(sent.traffic, registers, host=sent.host)
        total += truth.of_run(observed, sent)
        total["messages"] += sent.messages
        total["frames"] += len(sent.traffic.frames)
        for name in ("gaps", "bad_frames", "sessions_ended", "late_joins"):
            total[name] += observed.count(name)
        for name in ("reordered", "hold_drops", "duplicates", "other_session"):
            total[name] += sum(observed.by_feed(name))
        say(f"storm W={width}, window {window}: {total['messages']:,} messages")
    case = f"storm, W={width}, window {window}"
    report.row(case, "wrong_and_not_stale", total["wrong"], "operations",
               n=total["trusted"], **ZERO)  # fmt: skip
    for name in STORM:
        report.row(case, name, total[name], STORM[name], n=total["rows"], how="simulated")
