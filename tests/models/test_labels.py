"""Samples, labels and parts: what is foretold, and that nothing reaches over a border."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from models.train import baselines
from models.train.labels import (
    DOWN,
    FLAT,
    GAP,
    HORIZONS,
    UP,
    Samples,
    classes,
    moves,
    parts,
    past_moves,
    samples,
    smoothed_moves,
    threshold,
)
from tickwire.data import days
from tickwire.data.events import About, Events
from tickwire.gen.records import Reason

ABOUT = About("test", ("AAAA",))


@lru_cache(maxsize=None)
def a_day() -> Events:
    _, chunks = days.read("market", 24_000, 5)
    (events,) = chunks
    return events


@lru_cache(maxsize=None)
def found() -> Samples:
    return samples(ABOUT, a_day())


def test_samples_are_packets_that_changed_a_warm_book() -> None:
    events, seen = a_day(), found()
    assert 10_000 < len(seen) < len(events)
    assert (np.diff(seen.rows) > 0).all()
    assert (events.tops["last_of_packet"][seen.rows] == 1).all()
    assert (events.tops["reason"][seen.rows] == Reason.OK).all()
    # where a packet is one row, something among the five best has changed with it
    alone = seen.rows[events.tops["last_of_packet"][seen.rows - 1] == 1]
    best = events.levels[["price", "shares"]][:, :, :5]
    assert (best[alone] != best[alone - 1]).any(axis=(1, 2)).all() and len(alone) > 5_000
    assert (seen.spread > 0).all() and seen.x.shape == (len(seen), 32)
    # a row without a time, as the end of a packet may be, has that of the row before
    timeless = Events(events.tops.copy(), events.levels)
    timeless.tops["timestamp"][seen.rows[5000]] = 0
    times = samples(ABOUT, timeless).time
    assert times[5000] == events.tops["timestamp"][seen.rows[5000] - 1]
    assert (np.diff(times) >= 0).all() and (np.diff(seen.time) >= 0).all()


def test_labels_are_the_moves_ahead() -> None:
    seen = found()
    for horizon in HORIZONS:
        part = parts(seen)[1]
        ahead, smooth = moves(seen, part, horizon), smoothed_moves(seen, part, horizon)
        past = past_moves(seen, part, horizon)
        middle = seen.middle.tolist()
        at_all = range(part.start, part.stop)
        assert ahead.tolist() == [middle[at + horizon] / middle[at] - 1 for at in at_all]
        for index in range(0, len(part), 7):
            at = part.start + index
            now = seen.middle[at]
            mean = seen.middle[at + 1 : at + 1 + horizon].mean()
            assert smooth[index] == pytest.approx(mean / now - 1, abs=1e-12)
            assert past[index] == now / seen.middle[at - horizon] - 1
    assert classes(np.array([-2.0, -1.0, 0.0, 1.0, 2.0]), 1.0).tolist() == [
        DOWN, FLAT, FLAT, FLAT, UP,
    ]  # fmt: skip


def test_parts_follow_each_other_with_a_gap() -> None:
    seen = found()
    training, validation, test = parts(seen)
    assert training.start == 0 and test.stop == len(seen) - max(HORIZONS)
    assert validation.start - training.stop == test.start - validation.stop == GAP
    assert max(HORIZONS) < GAP
    share = seen.rows[validation.start] / seen.file_rows
    assert share == pytest.approx(0.6, abs=0.01)
    with pytest.raises(ValueError, match="over a border"):
        parts(seen, gap=50)
    with pytest.raises(ValueError, match="each needs 1,000"):
        parts(replace(seen, rows=seen.rows[:3000], file_rows=int(seen.rows[3000])))


def test_the_threshold_is_the_training_parts_lower_third() -> None:
    seen = found()
    limit = threshold(moves(seen, parts(seen)[0], 100))
    flat = classes(moves(seen, parts(seen)[0], 100), limit) == FLAT
    assert 0.3 < flat.mean() < 0.45


def corrupted() -> Events:
    """The day with every row of the test part replaced by nonsense."""
    events = a_day()
    start = len(events) * 7 // 10
    changed = Events(events.tops.copy(), events.levels.copy())
    tops = changed.tops[start:]
    tops["bid_price"], tops["ask_price"] = 100, 900
    tops["timestamp"] = 0
    changed.levels["shares"][start:] = np.random.default_rng(1).integers(
        1, 1000, changed.levels[start:].shape
    )
    changed.levels["price"][start:, 0], changed.levels["price"][start:, 1] = 100, 900
    return changed


def test_corrupting_every_test_row_leaves_what_is_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baselines, "ROUNDS", 12)
    digests, sizes = [], []
    other = corrupted()
    assert (other.tops != a_day().tops).sum() == len(other) - len(other) * 7 // 10
    for events in (a_day(), other):
        seen = samples(ABOUT, events)
        training, validation, test = parts(seen)
        made = [
            baselines.persistence(seen, training, 100),
            baselines.always_flat(seen, training, 100),
            baselines.boosted(seen, training, validation, 100, trials=2, seed=1),
        ]
        digests.append([one.digest for one in made])
        sizes.append((training, validation))
        assert made[0].limit > 0
        assert len(test) > 1000
    assert digests[0] == digests[1] and sizes[0] == sizes[1]
    # and the hash does tell what it was trained on
    seen = samples(ABOUT, a_day())
    training, validation, _ = parts(seen)
    less = replace(seen, x=np.where(np.arange(32) == 2, 0, seen.x).astype(np.int16))
    again = baselines.boosted(less, training, validation, 100, trials=2, seed=1)
    assert again.digest != digests[0][2]
    assert again.validation_mcc >= 0.0
