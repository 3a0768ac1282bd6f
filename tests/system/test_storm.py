"""Storms through the RTL: what says that it isn't stale is what the venue sent. And the judge of it
sees a book that is wrong, a row that is missing, and one that says it isn't stale."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from sim.lib.truth import SHUT, of_run, wrong_and_not_stale
from sim.stimulus.cases_of_feeds import ROOM, cases
from sim.stimulus.fuzz import REGISTERS
from sim.stimulus.storm import PARAMETERS, Storm, storm
from tickwire.board.virtual.harness import FeedObserved, Top
from tickwire.gen.records import SLOTS, Reason

MESSAGES = 12_000


@cache
def run(width: int, window: int) -> tuple[Storm, FeedObserved]:
    sent = storm(3, MESSAGES, width, window)
    top = Top("feed_book", PARAMETERS | {"W": width})
    registers = replace(REGISTERS, window=window)
    return sent, top.run(sent.traffic, registers, host=sent.host)


@pytest.mark.parametrize("width", [8, 64])
@pytest.mark.parametrize("window", [0, 300, 12_500])
def test_nothing_is_wrong_and_not_stale(width: int, window: int) -> None:
    sent, observed = run(width, window)
    met = of_run(observed, sent)
    assert not met["wrong"], met
    assert met["trusted"] > 300 and met["open"] > 50 and observed.count("gaps") > 0, met
    assert sum(observed.by_feed("reordered")) >= 50 * (window > 300)


@pytest.mark.parametrize(
    "fault", ["not stale", "a price", "a level", "late", "another slot's", "open"]
)
def test_the_judge_sees_a_wrong_row(fault: str) -> None:
    sent, observed = run(8, 300)
    tops, depths = observed.rows("tops").copy(), observed.rows("depths").copy()
    fine = ~tops["stale"] & (tops["bid_price"] > 0) & (tops["operation"] > 0)
    rows = np.flatnonzero(fine & ~np.isin(tops["frame_cycle"], sent.wrong))
    row = rows[len(rows) // 2]
    if fault == "not stale":
        of_feed = tops["stale"] & (tops["frame_cycle"] > 0) & (tops["operation"] > 0)
        tops["stale"][of_feed] = False
    elif fault == "a price":
        tops["bid_price"][row] += 100
    elif fault == "a level":
        depths["shares"][row, 0] += 1
    elif fault == "late":  # the book of the one before
        tops["sequence_number"][rows] += 7
    elif fault == "open":
        assert np.isin(tops["reason"][rows], SHUT).any()
        tops["reason"] = Reason.OK
    else:
        tops["slot"][row] ^= 1
    met = wrong_and_not_stale(tops, depths, observed.cycles_of("tops"), sent)
    assert met["wrong"] > 0, met


@pytest.mark.parametrize("width", [8, 64])
def test_one_wrong_thing_at_a_time(width: int) -> None:
    """Each case of `cases_of_feeds`, small; and that it is what its name says."""
    top = Top("feed_book", PARAMETERS | ROOM | {"W": width})
    met = dict[str, tuple[int, ...]]()
    for case in cases(2, 300):
        sent = case.storm(width)
        observed = top.run(sent.traffic, case.settings(width), host=sent.host)
        rows = of_run(observed, sent)
        assert not rows["wrong"], (case.name, rows)
        if case.waits:
            assert observed.count("messages") == len(case.told), case.name
        held = sum(observed.by_feed("reordered"))
        met[case.name] = rows["trusted"], observed.count("gaps"), held, rows["open"]
    trusted = {name: one[0] for name, one in met.items()}
    assert trusted["joined at its packet 6"] <= SLOTS  # the host's clears, before the session
    assert trusted["too short"] < trusted["unknown type"] < trusted["an 802.1Q tag"]
    gaps = {name for name, one in met.items() if one[1]}
    lost = {"what opens it is lost", "what closes it is lost"}
    assert gaps == {"lost on both lines", "a packet in fragments", *lost}
    opens = met["market opens, breached, interrupted, closes"][3]
    assert opens > met["what opens it is lost"][3] and opens > 20, met
    left_out = met["left out of the morning's list"]
    assert 20 < left_out[3] < left_out[0], met
    assert met["B 10 us behind, 10.0% lost on A"][2] > 20
    assert all(met[f"wrong {what} on A"][2] for what in ("UDP checksum", "check sequence"))
