"""The targets of the Makefile, and the measurements behind one of them."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess

import pytest

from hwtools.toolchain import ROOT
from sim.measure.__main__ import MEASURES

MAKEFILE = (ROOT / "Makefile").read_text()


def make(*args: str) -> subprocess.CompletedProcess[str]:
    argv = ["make", "--old-file=.venv/.ready", *args]
    return subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)


def test_help_lists_every_target_in_its_group() -> None:
    listed = re.findall(r"^  make ([a-z-]+) ", make("help").stdout, re.MULTILINE)
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert phony is not None and listed == phony[1].split()
    assert len(listed) <= 25
    groups = re.findall(r"^[A-Z].*$", make("help").stdout, re.MULTILINE)
    assert groups == ["Use it", "Check it", "Learn", "Measure", "Keep the house"]


def test_every_measurement_is_listed_and_there() -> None:
    assert f"NAME={'|'.join(MEASURES)} " in MAKEFILE
    assert all(importlib.util.find_spec(module) for module, _ in MEASURES.values())


def test_an_unknown_measurement_names_those_that_exist() -> None:
    done = make("measure", "NAME=nothing")
    assert done.returncode == 2
    assert done.stderr.startswith("no measurement nothing; there are:\n  NAME=feed ")


def test_a_measurement_says_what_it_can_be_asked_for() -> None:
    done = make("measure", "NAME=host", "ARGS=--help")
    assert done.returncode == 0
    assert done.stdout.startswith("usage: make measure NAME=host ") and "--events" in done.stdout


def test_make_sim_is_the_path_alone() -> None:
    done = make("sim", "MODULE=crc32")
    assert done.returncode == 2
    assert "make benches MODULE=crc32" in done.stderr


def test_the_arguments_of_make_test_reach_no_other_make() -> None:
    """MAKEFLAGS is there again once a tool is called: hwtools.toolchain sets it, without ARGS."""
    assert not {"ARGS", "MFLAGS", "MAKEOVERRIDES", "MAKELEVEL"} & set(os.environ)
    assert "ARGS" not in os.environ.get("MAKEFLAGS", "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            "sim SPACE=1",
            "SPACE=1: make sim takes ARGS AT DATA EVENTS LIMITS MODEL MODULE SEED TRUST W WAVES",
        ),
        ("sim EVENT=5", "no EVENT."),
        ("lint SEED=2", "SEED=2: make lint takes no variable"),
        ("SEDE=2", "SEDE=2: make help takes no variable"),
        ("sim AT=5", "sim: --at (AT=) needs --waves (WAVES=1)"),
        ("sim TRUST=me", "sim: unrecognized arguments: --trust-from-me; see tickwire sim --help"),
        ("sim TRUST=here", "sim: market: it begins with message 1; leave out --trust-from-here"),
        ("sim WINDOW=soon", "sim: argument --window: 'soon': a whole number of cycles, or a time"),
        ("sim WINDOW=9us", "sim: market: only a capture has lines out of step; leave out --window"),
        ("exact TRUST=here", "TRUST=here: make exact takes ANSWERS LOBSTER W, no TRUST"),
        ("sim AT=5 WAVES=0", "sim: --at (AT=) needs --waves (WAVES=1)"),
        ("sim EVENTS=abc", "sim: argument --events: 'abc': a whole number above 0, or all"),
        ("sim SEED=x", "sim: argument --seed: 'x'"),
        ("formal ARGS=x", "ARGS=x: make formal takes MODULE, no ARGS"),
        ("sim AT=99999999 WAVES=1", "sim: AT=99999999: messages are 1 to 50,000"),
        ("cards ARGS=--trials=0", "cards: argument --trials: '0'"),
    ],
)
def test_what_make_does_not_know_is_refused(arguments: str, says: str) -> None:
    done = make(*arguments.split())
    assert done.returncode == 2 and not done.stdout
    assert says in done.stderr.splitlines()[0], done.stderr
    told = [line for line in done.stderr.splitlines() if not line.startswith("make: ***")]
    assert len(told) == 1 and "Traceback" not in done.stderr


def test_every_variable_that_a_target_names_is_taken() -> None:
    for target, text in re.findall(r"^([a-z-]+):.*## (.*)$", MAKEFILE, re.MULTILINE):
        named = set(re.findall(r"\b([A-Z]+)=", text)) - {"ARGS"}
        found = re.search(rf"^TAKES_{target} := (.*)$", MAKEFILE, re.MULTILINE)
        assert named <= set(found[1].split() if found else ()), target
    recipes = set(re.findall(r"\$\((?:if |or )?\$?\(?([A-Z]{2,})\b", MAKEFILE))
    assert {"DATA", "EVENTS", "PCAP", "LOBSTER"} <= recipes


def test_variables_of_other_tools_pass() -> None:
    """hwtools.toolchain puts one into MAKEFLAGS, which every make below takes for its own."""
    flags = {**os.environ, "MAKEFLAGS": "CFG_CXXFLAGS_PCH_I=-include"}
    done = subprocess.run(["make", "help"], cwd=ROOT, env=flags, capture_output=True, check=False)
    assert done.returncode == 0
