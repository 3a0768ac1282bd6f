"""Which tests are quick. At the end of a run: how many benches were kept (sim/lib/runner.py), and
what took longest."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator

import pytest

from hwtools.toolchain import ROOT
from sim.lib import runner

# `make test ARGS=…` hands these to all that it starts; a test that starts make means its own.
for name in ("MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES", "MAKELEVEL", "ARGS"):
    os.environ.pop(name, None)

KEPT, SECONDS = "benches kept", "processor time"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--processor-time", type=int, metavar="N", default=0,
                     help="list the N tests that took most processor time")  # fmt: skip


def pytest_configure() -> None:
    try:
        runner.seed()
    except ValueError as error:
        raise pytest.UsageError(str(error)) from None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`make test` plays each bench at its first parameters; at the others it is `more`."""
    played = set[str]()
    for item in items:
        bench, _, at = item.nodeid.partition("[")
        if at and bench in played and item.path.parent == ROOT / "sim":
            item.add_marker("more")
        played.add(bench)


def processor_time() -> float:
    """Of this process and those that it started and that have ended."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """From before a test's fixtures to after it."""
    item.stash[_BEGUN] = processor_time(), runner.kept
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    if call.when == "teardown":
        seconds, kept = item.stash[_BEGUN]
        item.user_properties += [
            (SECONDS, processor_time() - seconds),
            (KEPT, runner.kept - kept),
        ]
    return (yield)


_BEGUN = pytest.StashKey[tuple[float, int]]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [one for each in terminalreporter.stats.values() for one in each]
    ends = [one for one in reports if getattr(one, "when", "") == "teardown"]
    figures = [(dict(one.user_properties), one.nodeid) for one in ends]
    if kept := sum(values.get(KEPT, 0) for values, _ in figures):
        terminalreporter.write_line(
            f"{kept} benches kept: they passed before, and nothing has changed since; "
            "FRESH=1 runs them again"
        )
    times = sorted(((values.get(SECONDS, 0.0), name) for values, name in figures), reverse=True)
    count = terminalreporter.config.getoption("--processor-time")
    if count and times:
        terminalreporter.section("processor time")
        terminalreporter.write_line(f"{sum(seconds for seconds, _ in times):8.1f} s, all tests")
        for seconds, name in times[:count]:
            terminalreporter.write_line(f"{seconds:8.1f} s  {name}")
