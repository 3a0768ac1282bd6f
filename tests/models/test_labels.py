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


def _straight(count: int) -> Samples:
    """A sample in each row of a day."""
    rows = np.arange(count)
    x = np.zeros((count, 32), np.int16)
    return Samples("straight", "", rows, count, x, rows + 1000, rows * 0 + 1, rows)


def test_the_parts_of_a_day_of_samples_are_where_the_shares_say() -> None:
    cut = [(part.start, part.stop) for part in parts(_straight(20_000))]
    assert cut == [(0, 12_000 - 256), (12_000, 14_000 - 256), (14_000, 20_000 - 100)]
    assert len(labels.Part(5, 3)) == 0 and len(labels.Part(3, 5)) == 2


def test_a_part_needs_a_thousand_samples() -> None:
    rows = 10 * (1000 + GAP)  # of which validation is a tenth
    assert len(parts(_straight(rows))[1]) == 1000
    with pytest.raises(ValueError, match=r"parts of [\d,]+, 999, [\d,]+ samples"):
        parts(_straight(rows - 10))


def test_the_first_samples_are_compared_with_the_first() -> None:
    day = _straight(20_000)
    past = past_moves(day, labels.Part(0, 50), 10)
    assert past[:11].tolist() == [(1000 + at) / 1000 - 1 for at in range(11)]
    assert past[11] == 1011 / 1001 - 1


def test_a_spread_is_the_ask_less_the_bid(events: Events, samples: Samples) -> None:
    tops = events.tops[samples.rows].astype([(n, "i8") for n in events.tops.dtype.names or ()])
    assert np.array_equal(samples.spread, tops["ask_price"] - tops["bid_price"])
    assert np.array_equal(samples.middle, tops["ask_price"] + tops["bid_price"])


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
