"""The targets of the Makefile, and the measurements behind one of them."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess

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
