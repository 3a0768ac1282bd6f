"""The part `snapshots` of `make measure NAME=feed`: the way back after a loss, at any moment.

Days of AMZN and AAPL, and the generated day of `make sim`. What both lines lose, and what a host
does about it: `sim.stimulus.snapshots`. Who judges: `sim.lib.snapshot_judge`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from hwtools.report import Report
from sim.golden import feed_book as golden_book
from sim.lib.snapshot_judge import Judge, JudgeError, by_the_file
from sim.run_path.day import SYMBOLS
from sim.run_path.plan import WHOLE, Plan
from sim.stimulus.lossless import Lossless, lossless
from sim.stimulus.snapshots import Snapshots, snapshots
from tickwire.board.virtual.builds import SPACING, START
from tickwire.board.virtual.harness import FeedObserved, Top
from tickwire.book import lobster
from tickwire.data import samples
from tickwire.exchange.market import Market, MarketConfig

ROWS = 512  # of the tables: room for every day's orders, and a load's sweep is soon over
TABLES = {"ORDER_ROWS": ROWS, "LEVEL_ROWS": ROWS}
ZERO: dict[str, Any] = {"how": "simulated", "bound": 0, "op": "<="}
SOME: dict[str, Any] = {"how": "simulated", "bound": 1, "op": ">="}
Say = Callable[[str], None]


@dataclass(frozen=True)
class _Day:
    name: str
    day: Lossless
    moments: int
    file: tuple[lobster.Sample, lobster.Transcoded] | None = None


def sweep(rows: int) -> int:
    """Cycles from a load until the slot's next one isn't held: two sweeps of tables of so many."""
    return 16 * rows + 1_000


def measure(report: Report, moments: int, seed: int, say: Say) -> None:
    for one in _days(moments, seed, say):
        for width in SPACING:
            case = f"snapshots, {one.name}, W={width}"
            say(f"{case}: {one.day.last:,} messages, {one.moments} moments")
            top = Top("feed_book", {"W": width, **TABLES, "SPACING": SPACING[width]})
            sent = snapshots(one.day, width, one.moments, seed, sweep=sweep(ROWS), start=START)
            observed = top.run(sent.traffic, sent.registers, host=sent.host, flush=sent.flush)
            _rows(report, case, one, sent, observed, width)


def _days(moments: int, seed: int, say: Say) -> Iterator[_Day]:
    for name in (samples.AMZN, samples.AAPL):
        if not (samples.FOLDER / name).exists():
            say(f"{name} isn't in {samples.FOLDER}: left out (set TICKWIRE_DATA)")
            continue
        sample = lobster.load(samples.FOLDER / name)
        transcoded = lobster.transcode(sample)
        day = lossless(transcoded.messages, {lobster.LOCATE: 0}, seed)
        yield _Day(name.split("_")[2], day, moments, (sample, transcoded))
    market = Market(MarketConfig(seed=seed, events=WHOLE, symbols=SYMBOLS))
    day = lossless(market.messages(Plan.events or WHOLE), market.locates, seed)
    yield _Day("generated day", day, max(4, moments // 2))  # eight slots are loaded at each


def _rows(
    report: Report, case: str, one: _Day, sent: Snapshots, observed: FeedObserved, width: int
) -> None:
    judge = Judge(one.day, sent, observed)
    met = judge.judge()
    trusts, compared = met["trusts"], met["compared"]
    about: dict[str, Any] = {"how": "simulated", "n": one.day.last}
    report.row(case, "moments", met["moments"], "moments", **about)
    report.row(case, "operations_loaded", met["loaded"], "operations", **about)
    report.row(case, "trusts_refused", met["refused"], "trusts", n=trusts, **SOME)
    report.row(case, "trusts_exactly_newest", met["exactly_newest"], "trusts", n=trusts, **SOME)
    report.row(case, "trusts_ahead", met["ahead"], "trusts", n=trusts, **SOME)
    about["n"] = trusts
    report.row(case, "trusts_amid_a_packet", met["amid_a_packet"], "trusts", **about)
    report.row(case, "trusts_lost_while_loading", met["lost_while_loading"], "trusts", **about)
    report.row(case, "trusts_misjudged", met["trusts_misjudged"], "trusts", n=trusts, **ZERO)
    report.row(case, "records_compared_after_trust", compared, "records", n=len(judge.tops),
               **SOME)  # fmt: skip
    report.row(case, "mismatches", met["mismatches"], "records", n=compared, **ZERO)
    report.row(case, "wrong_and_not_stale", met["wrong_and_not_stale"], "records", n=met["shown"],
               **ZERO)  # fmt: skip
    report.row(case, "orders_asked_for_at_the_end", met["emptied"], "orders", how="simulated",
               n=met["emptied"])  # fmt: skip
    if one.file is not None:
        count, wrong = by_the_file(*one.file, judge.tops, judge.depths)
        report.row(case, "records_unlike_the_file", wrong, "records", n=count, **ZERO)
    wrong = replay_differs(sent, observed, width)
    report.row(case, "records_unlike_the_replay", wrong, "records", n=len(judge.tops), **ZERO)


def replay_differs(sent: Snapshots, observed: FeedObserved, width: int) -> int:
    """Records that aren't the host's replay of the same frames and operations: what it shows, of
    the side that the RTL shows."""
    tops, depths, taken = (observed.rows("tops"), observed.rows("depths"),
                           observed.cycles_of("host_taken"))  # fmt: skip
    if len(taken) != len(sent.host[1]):
        raise JudgeError(f"{len(sent.host[1])} operations of the host, {len(taken)} taken")
    expected = golden_book.replay(sent.traffic, sent.registers, width, (taken, sent.host[1]))
    outcome = expected.outcome
    assert outcome.levels is not None
    if len(tops) != len(outcome.tops):
        return max(len(tops), len(outcome.tops))
    wrong = (tops != outcome.tops) | (observed.rows("ignored") != outcome.ignored)
    wrong |= (observed.rows("causes") != outcome.causes) & ~outcome.ignored
    levels = outcome.levels[np.arange(len(tops)), depths["side"]]
    for name, column in (("price", "prices"), ("shares", "shares"), ("orders", "orders")):
        wrong |= (depths[column] != levels[name]).any(axis=1)
    events = sum(observed.count(name) != count for name, count in expected.events.items())
    return int(wrong.sum()) + events
