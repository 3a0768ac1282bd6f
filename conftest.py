"""Says at the end how many benches were kept instead of run: sim/lib/runner.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sim.lib import runner

KEPT = "benches kept"


@pytest.fixture(autouse=True)
def _told(request: pytest.FixtureRequest) -> Iterator[None]:
    before = runner.kept
    yield
    request.node.user_properties.append((KEPT, runner.kept - before))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [one for each in terminalreporter.stats.values() for one in each]
    told = (dict(getattr(one, "user_properties", ())) for one in reports)
    if count := sum(one.get(KEPT, 0) for one in told):
        terminalreporter.write_line(
            f"{count} benches kept: they passed before, and nothing has changed since; "
            "FRESH=1 runs them again"
        )
