"""The mirror image of features is what features say of the mirrored market."""

from __future__ import annotations

import numpy as np
import torch

from models.train.mirror import SIGNS, mirrored, turned
from tickwire.data import days
from tickwire.data.events import Events
from tickwire.features.kernel import Features
from tickwire.features.table import NAMES

TURN = 3_000_000  # a price p becomes this less p


def swapped(events: Events) -> Events:
    """Bids become asks: every price turned over, every side the other."""
    tops, levels = events.tops.copy(), events.levels[:, ::-1].copy()
    for mine, other in (("bid", "ask"), ("ask", "bid")):
        for field in ("price", "shares", "orders"):
            tops[f"{mine}_{field}"] = events.tops[f"{other}_{field}"]
    for array, names in ((tops, ("bid_price", "ask_price")), (levels, ("price",))):
        for name in names:
            array[name] = np.where(array[name] > 0, TURN - array[name], 0)
    tops["operation_side"] = 1 - tops["operation_side"]
    return Events(tops, levels)


def test_features_of_the_swapped_market() -> None:
    _, chunks = days.read("market", 20_000, 7)
    (events,) = chunks
    mine, theirs = Features(1).run(events), Features(1).run(swapped(events))
    assert np.array_equal(mine.event, theirs.event)
    rows = mine.event & mine.warm
    expected = mirrored(torch.as_tensor(mine.values[rows].astype(np.float64))).numpy()
    away = np.abs(theirs.values[rows] - expected)
    # shifts round downwards on both sides of 0, and a sum of 2**n events gathers 2**n of that:
    # 4 after the squashes of flow_128 and trades_64. Nothing else may differ.
    worst = dict(zip(NAMES, away.max(axis=0).tolist(), strict=True))
    assert max(worst.values()) <= 4, worst
    assert len(expected) > 5_000 and away.mean() < 0.25
    # each feature moves, so that a wrong sign shows
    signed = np.array(SIGNS) < 0
    assert (np.abs(expected[:, signed]).max(axis=0) > 4).all() and signed.sum() == 25


def test_turning_twice_is_nothing() -> None:
    x = torch.randn(5, len(NAMES))
    assert torch.equal(mirrored(mirrored(x)), x)
    assert turned(torch.tensor([1.0, 2.0, 3.0])).tolist() == [3.0, 2.0, 1.0]
