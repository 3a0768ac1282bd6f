"""The rules of decisions, one by one."""

from __future__ import annotations

import numpy as np
import pytest

from tickwire.gen.records import SIGNAL, Action, Reason
from tickwire.replay.signals import Signals, settings

MS = 1_000_000


def decisions(
    *strengths: int,
    times: list[int] | None = None,
    reasons: list[int] | None = None,
    bad: list[bool] | None = None,
    slots: list[int] | None = None,
    **config: int,
) -> list[str]:
    """What is decided of these strengths: buy, sell, or the reason for neither."""
    limits = settings(2)
    for name, value in ({"buy_threshold": 10, "sell_threshold": -10} | config).items():
        limits[name] = value
    records = SIGNAL.empty(len(strengths))
    records["scores"][:, 2] = strengths
    records["timestamp"] = times or np.arange(len(strengths)) * MS
    records["reason"] = reasons or 0
    records["slot"] = slots or 0
    stage = Signals(limits, model_id=7)
    signals = stage.decide(records, np.array(bad) if bad else None)
    assert (signals["strength"] == strengths).all() and (signals["model_id"] == 7).all()
    assert ((signals["decision"] == 0) == (signals["reason"] != 0)).all()
    return [
        (Action(one["decision"]) if one["decision"] else Reason(one["reason"])).name.lower()
        for one in signals
    ]


def test_thresholds_are_within() -> None:
    decided = decisions(9, 10, -9, -10, 0)
    assert decided == ["below_threshold", "buy", "below_threshold", "sell", "below_threshold"]


def test_thresholds_that_cross_decide_nothing_between() -> None:
    decided = decisions(5, 0, -5, 6, buy_threshold=-5, sell_threshold=5)
    assert decided == ["below_threshold"] * 3 + ["buy"]


def test_after_reset_only_the_ends_decide() -> None:
    records = SIGNAL.empty(3)
    records["scores"] = [[-0x8000, 0, 0x7FFF], [0x7FFF, 0, -0x8000], [-0x7FFF, 0, 0x7FFF]]
    signals = Signals().decide(records)
    assert signals["decision"].tolist() == [Action.BUY, Action.NONE, Action.NONE]
    assert signals["strength"].tolist() == [0xFFFF, -0xFFFF, 0xFFFE]


def test_hysteresis_wants_the_strength_back() -> None:
    assert decisions(10, 12, 8, 11, 7, 10, hysteresis=3) == [
        *("buy", "hysteresis", "below_threshold", "hysteresis"),
        *("below_threshold", "buy"),
    ]
    assert decisions(10, 12, 11) == ["buy"] * 3
    assert decisions(-10, 12, -11, hysteresis=3) == ["sell", "buy", "sell"]


def test_the_least_time_is_the_exchange_s() -> None:
    times = [0, 1023, 1024, 2048, 2000, 1 << 47]
    assert decisions(*[10] * 6, times=times, minimum_interval=1) == [
        *("buy", "too_soon", "buy", "buy", "too_soon", "buy")
    ]
    # What was too soon isn't a decision, and what has the first decision waits for nothing
    assert decisions(10, 10, times=[5, 5], minimum_interval=2**32 - 1) == ["buy", "too_soon"]


def test_a_reason_keeps_the_record_out() -> None:
    """Its strength neither decides nor counts as coming back."""
    stale = int(Reason.GAP)
    decided = decisions(10, 0, 10, 0, 10, reasons=[0, stale, 0, 0, 0], hysteresis=5)
    assert decided == ["buy", "gap", "hysteresis", "below_threshold", "buy"]
    decided = decisions(10, 0, 10, bad=[False, True, False], reasons=[0, stale, 0], hysteresis=5)
    assert decided == ["buy", "bad_frame", "hysteresis"]


def test_limitsdo_not_meet() -> None:
    decided = decisions(10, 10, 10, slots=[0, 1, 0], hysteresis=5, minimum_interval=9999)
    assert decided == ["buy", "buy", "hysteresis"]


def test_other_records_are_refused() -> None:
    with pytest.raises(TypeError, match="signal records"):
        Signals().decide(np.zeros(3))
