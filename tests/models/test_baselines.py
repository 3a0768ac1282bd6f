"""Baselines: what a feature is worth is found by shuffling it, and only on the part asked for."""

from __future__ import annotations

import numpy as np

from models.train.baselines import WARM_UP, Trained, importance
from models.train.labels import Part, Samples, classes, moves, parts, samples, threshold
from tickwire.data import days
from tickwire.data.events import About
from tickwire.features.table import NAMES


def test_only_what_is_looked_at_is_worth_something() -> None:
    _, chunks = days.read("market", 24_000, 5)
    (events,) = chunks
    found = samples(About("test", ("AAAA",)), events)
    limit = threshold(moves(found, parts(found)[0], 10))
    part, seen = parts(found)[1], []

    def chances(given: Samples, span: Part) -> np.ndarray:
        seen.append((len(given), span))
        x = given.x[span.span]
        # up or down by one feature, a little by another
        said = classes(np.sign(x[:, 2] + 0.1 * x[:, 5]).astype(float), 0.5)
        return np.eye(3)[said]

    lost = importance(Trained("test", limit, "", chances), found, part, 10, 1)
    worth = {name for name, value in zip(NAMES, lost, strict=True) if value != 0}
    assert worth == {NAMES[2], NAMES[5]} and lost[2] > lost[5] and lost[2] > 0.01
    # the same samples in each try, those of the part at their end
    assert seen == [(len(part) + WARM_UP, Part(WARM_UP, WARM_UP + len(part)))] * (len(NAMES) + 1)
