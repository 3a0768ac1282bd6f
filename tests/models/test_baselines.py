"""Baselines: a feature's importance comes from shuffling it, on the given part only."""

from __future__ import annotations

import numpy as np

from models.train.baselines import WARM_UP, Trained, importance
from models.train.labels import Part, Samples, classes, moves, parts, threshold
from tickwire.features.table import NAMES


def test_only_features_that_are_used_are_important(samples: Samples) -> None:
    limit = threshold(moves(samples, parts(samples)[0], 10))
    part, calls = parts(samples)[1], []

    def chances(shuffled: Samples, span: Part) -> np.ndarray:
        calls.append((len(shuffled), span))
        x = shuffled.x[span.span]
        # up or down by one feature, a little by another
        predicted = classes(np.sign(x[:, 2] + 0.1 * x[:, 5]).astype(float), 0.5)
        return np.eye(3)[predicted]

    lost = importance(Trained("test", limit, "", chances), samples, part, 10, 1)
    worth = {name for name, value in zip(NAMES, lost, strict=True) if value != 0}
    assert worth == {NAMES[2], NAMES[5]} and lost[2] > lost[5] and lost[2] > 0.01
    # the same samples each time, the part at their end
    assert calls == [(len(part) + WARM_UP, Part(WARM_UP, WARM_UP + len(part)))] * (len(NAMES) + 1)
