"""Samples, labels and parts, and that no label reaches over a border."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.train import baselines, labels
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
    smoothed_moves,
    threshold,
)
from tickwire.data.events import About, Events
from tickwire.gen.records import Reason

ABOUT = About("test", ("AAAA",))


def test_samples_are_packets_that_changed_a_warm_book(events: Events, samples: Samples) -> None:
    assert 10_000 < len(samples) < len(events)
    assert (np.diff(samples.rows) > 0).all()
    assert (events.tops["last_of_packet"][samples.rows] == 1).all()
    assert (events.tops["reason"][samples.rows] == Reason.OK).all()
    # where a packet is one row, one of the five best levels has changed with it
    alone = samples.rows[events.tops["last_of_packet"][samples.rows - 1] == 1]
    best = events.levels[["price", "shares"]][:, :, :5]
    assert (best[alone] != best[alone - 1]).any(axis=(1, 2)).all() and len(alone) > 5_000
    assert (samples.spread > 0).all() and samples.x.shape == (len(samples), 32)
    # a row without a time, as the end of a packet may be, has the time of the row before
    timeless = Events(events.tops.copy(), events.levels)
    timeless.tops["timestamp"][samples.rows[5000]] = 0
    times = labels.samples(ABOUT, timeless).time
    assert times[5000] == events.tops["timestamp"][samples.rows[5000] - 1]
    assert (np.diff(times) >= 0).all() and (np.diff(samples.time) >= 0).all()


def test_labels_are_the_moves_ahead(samples: Samples) -> None:
    for horizon in HORIZONS:
        part = parts(samples)[1]
        ahead, smooth = moves(samples, part, horizon), smoothed_moves(samples, part, horizon)
        past = past_moves(samples, part, horizon)
        middle = samples.middle.tolist()
        at_all = range(part.start, part.stop)
        assert ahead.tolist() == [middle[at + horizon] / middle[at] - 1 for at in at_all]
        for index in range(0, len(part), 7):
            at = part.start + index
            now = samples.middle[at]
            mean = samples.middle[at + 1 : at + 1 + horizon].mean()
            assert smooth[index] == pytest.approx(mean / now - 1, abs=1e-12)
            assert past[index] == now / samples.middle[at - horizon] - 1
    assert classes(np.array([-2.0, -1.0, 0.0, 1.0, 2.0]), 1.0).tolist() == [
        DOWN, FLAT, FLAT, FLAT, UP,
    ]  # fmt: skip


def test_parts_follow_each_other_with_a_gap(samples: Samples) -> None:
    training, validation, test = parts(samples)
    assert training.start == 0 and test.stop == len(samples) - max(HORIZONS)
    assert validation.start - training.stop == test.start - validation.stop == GAP
    assert max(HORIZONS) < GAP
    share = samples.rows[validation.start] / samples.file_rows
    assert share == pytest.approx(0.6, abs=0.01)
    with pytest.raises(ValueError, match="over a border"):
        parts(samples, gap=50)
    with pytest.raises(ValueError, match="each needs 1,000"):
        parts(replace(samples, rows=samples.rows[:3000], file_rows=int(samples.rows[3000])))


def test_the_threshold_is_the_training_parts_lower_third(samples: Samples) -> None:
    limit = threshold(moves(samples, parts(samples)[0], 100))
    flat = classes(moves(samples, parts(samples)[0], 100), limit) == FLAT
    assert 0.3 < flat.mean() < 0.45


def corrupted(events: Events) -> Events:
    """The day with every row of the test part overwritten."""
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


def test_corrupting_every_test_row_leaves_what_is_trained(
    events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(baselines, "ROUNDS", 12)
    digests, sizes = [], []
    other = corrupted(events)
    assert (other.tops != events.tops).sum() == len(other) - len(other) * 7 // 10
    for day in (events, other):
        samples = labels.samples(ABOUT, day)
        training, validation, test = parts(samples)
        trained = [
            baselines.persistence(samples, training, 100),
            baselines.always_flat(samples, training, 100),
            baselines.boosted(samples, training, validation, 100, trials=2, seed=1),
        ]
        digests.append([one.digest for one in trained])
        sizes.append((training, validation))
        assert trained[0].limit > 0
        assert len(test) > 1000
    assert digests[0] == digests[1] and sizes[0] == sizes[1]
    # and the digest does depend on the training data
    samples = labels.samples(ABOUT, events)
    training, validation, _ = parts(samples)
    less = replace(samples, x=np.where(np.arange(32) == 2, 0, samples.x).astype(np.int16))
    again = baselines.boosted(less, training, validation, 100, trials=2, seed=1)
    assert again.digest != digests[0][2]
    assert again.validation_mcc >= 0.0
