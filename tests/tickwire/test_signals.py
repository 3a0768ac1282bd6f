"""The rules of decisions, one by one."""

from __future__ import annotations

import numpy as np
import pytest

from hwtools.bits import Records
from sim.golden.signal import Decider, Settings
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
    records["decision"] = records["strength"] = 1  # what no record says yet
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


def test_slots_do_not_meet() -> None:
    decided = decisions(10, 10, 10, slots=[0, 1, 0], hysteresis=5, minimum_interval=9999)
    assert decided == ["buy", "buy", "hysteresis"]


def test_other_records_are_refused() -> None:
    with pytest.raises(TypeError, match="signal records"):
        Signals().decide(np.zeros(3))


# -- Against the plain rules -----------------------------------------------------------------------

OUTCOMES = ("below_threshold", "hysteresis", "too_soon", "gap", "bad_frame", "buy", "sell")


def day(seed: int, rows: int) -> tuple[Records, np.ndarray]:
    """Strengths around the thresholds, so that each rule is the one that applies; and bad frames.
    Times stand still and go back."""
    generator = np.random.default_rng(seed)
    records = SIGNAL.empty(rows)
    walk = np.cumsum(generator.integers(-4, 5, rows)) % 61 - 30
    records["scores"][:, 0] = middle = generator.integers(-9, 10, rows)
    records["scores"][:, 1] = generator.integers(-99, 99, rows)
    records["scores"][:, 2] = middle + walk
    ends = generator.random(rows) < 0.02
    records["scores"][ends] = np.where(generator.random((ends.sum(), 1)) < 0.5, 1, -1) * [
        [-0x7FFF, 0, 0x7FFF]
    ]
    records["slot"] = generator.integers(0, 3, rows)
    steps = generator.choice([0, 1, 500, 1023, 1024, 5000, -700], rows)
    records["timestamp"] = (1 << 40) + np.cumsum(steps)
    records["reason"] = np.where(generator.random(rows) < 0.05, int(Reason.GAP), 0)
    return records, generator.random(rows) < 0.04


def limits(seed: int) -> np.ndarray:
    generator = np.random.default_rng(seed)
    made = settings(3)
    made["buy_threshold"] = generator.integers(-2, 16, 3)
    made["sell_threshold"] = generator.integers(-15, 3, 3)
    made["hysteresis"] = generator.choice([0, 1, 5, 12, 0xFFFF], 3, p=[0.2, 0.2, 0.3, 0.2, 0.1])
    made["minimum_interval"] = generator.choice([0, 1, 2, 40, 2**32 - 1], 3)
    return made


def test_the_plain_rules_decide_the_same() -> None:
    """The golden model of the RTL's bench, which shares no line with the host's."""
    met = dict.fromkeys(OUTCOMES, 0)
    for seed in range(30):
        (records, bad), made = day(seed, 400), limits(seed)
        stage, plain = Signals(made.copy(), 5), [Decider() for _ in range(3)]
        for start in range(0, 400, 100):  # settings change while it runs
            stage.settings[:] = made = limits(seed + start)
            part = slice(start, start + 100)
            decided = stage.decide(records[part], bad[part])
            for one, wrong, mine in zip(records[part], bad[part], decided, strict=True):
                strength = int(one["scores"][2]) - int(one["scores"][0])
                slot = int(one["slot"])
                now = Settings(**{name: int(made[name][slot]) for name in made.dtype.names})
                reason, time = int(one["reason"]), int(one["timestamp"])
                expected = plain[slot].decide(reason, bool(wrong), strength, time, now)
                assert (mine["decision"], mine["reason"]) == expected
                assert mine["strength"] == strength and mine["model_id"] == 5
                name = Action(expected[0]).name if expected[0] else Reason(expected[1]).name
                met[name.lower()] += 1
    assert min(met.values()) > 100, met


def decided(records: Records, made: np.ndarray) -> Records:
    return Signals(made.copy()).decide(records)


MIRROR = {int(Action.NONE): 0, int(Action.BUY): int(Action.SELL), int(Action.SELL): int(Action.BUY)}


@pytest.mark.parametrize("seed", range(10))
def test_buy_and_sell_are_mirror_images(seed: int) -> None:
    """Down for up, and each threshold for the other with its sign turned."""
    (records, _), made = day(seed, 400), limits(seed)
    turned, other = records.copy(), made.copy()
    turned["scores"] = records["scores"][:, ::-1]
    other["buy_threshold"], other["sell_threshold"] = (
        -made["sell_threshold"],
        -made["buy_threshold"],
    )
    one, two = decided(records, made), decided(turned, other)
    assert [MIRROR[int(each)] for each in one["decision"]] == two["decision"].tolist()
    assert np.array_equal(one["reason"], two["reason"])
    assert np.array_equal(one["strength"], -two["strength"])
    assert len(set(one["decision"].tolist())) > 1


@pytest.mark.parametrize("seed", range(10))
def test_only_differences_of_scores_and_of_times_count(seed: int) -> None:
    """All scores more, all times later, every number of the scale twice as large: the same."""
    (records, _), made = day(seed, 400), limits(seed)
    ends = np.abs(records["scores"]).max(axis=1) > 0x3000
    records["scores"][ends] = 0
    first = decided(records, made)
    raised = records.copy()
    raised["scores"] += 1234
    raised["timestamp"] += np.uint64(987_654_321)
    doubled, wide = records.copy(), made.copy()
    doubled["scores"] *= 2
    wide["hysteresis"] = np.minimum(made["hysteresis"], 0x7000)
    for name in ("buy_threshold", "sell_threshold", "hysteresis"):
        wide[name] *= 2
    for other in (decided(raised, made), decided(doubled, wide)):
        for name in ("decision", "reason"):
            assert np.array_equal(other[name], first[name])


def test_a_greater_strength_never_turns_a_buy_into_none() -> None:
    """Of a first record, over all strengths and some thresholds: none, then buy, up to the end."""
    for buy, sell in ((10, -10), (0, 0), (-3, -7), (4, -30)):
        made = settings(1)
        made["buy_threshold"], made["sell_threshold"] = buy, sell
        records = SIGNAL.empty(1)
        taken = []
        for strength in range(-40, 41):
            records["scores"][0] = [0, 0, strength]
            taken.append(int(decided(records, made)["decision"][0]))
        ways = [{Action.SELL: -1, Action.NONE: 0, Action.BUY: 1}[Action(each)] for each in taken]
        assert ways == sorted(ways) and {-1, 1} <= set(ways)
        assert ways.count(1) == 41 - max(buy, sell + (buy == sell))
