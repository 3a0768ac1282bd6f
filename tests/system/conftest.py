"""A run of `make sim`, played once for all that look at it."""

from __future__ import annotations

import pytest

from sim.run_path.plan import LIMITS, Plan
from sim.run_path.run import Run, play

EVENTS = 10_000  # of the market's day: enough to warm up


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("last")
    plan = Plan(events=EVENTS, model="mlp", width=64, folder=folder, limits=LIMITS)
    return play(plan)
