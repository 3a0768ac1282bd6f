"""Machine code is compiled anew when a function or a constant of another file changes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from hwtools.toolchain import ROOT

CALLER = """
from hwtools.compiled import compiled
from constants import ADDED
from callee import doubled

@compiled
def run(x):
    return doubled(x) + ADDED
"""
CALLEE = """
from hwtools.compiled import bare

@bare
def doubled(x):
    return FACTOR * x
"""


def result(folder: Path) -> str:
    code = "from caller import run; print(run(10), len(run.stats.cache_hits))"
    env = {**os.environ, "PYTHONPATH": f"{folder}:{ROOT / 'sw'}", "PYTHONDONTWRITEBYTECODE": "1"}
    argv = [sys.executable, "-c", code]
    return subprocess.run(argv, env=env, capture_output=True, text=True, check=True).stdout.strip()


def test_a_change_elsewhere_compiles_anew(tmp_path: Path) -> None:
    (tmp_path / "caller.py").write_text(CALLER)
    (tmp_path / "callee.py").write_text(CALLEE.replace("FACTOR", "2"))
    (tmp_path / "constants.py").write_text("ADDED = 1\n")
    assert result(tmp_path) == "21 0"
    (tmp_path / "constants.py").write_text("ADDED = 5\n")
    assert result(tmp_path) == "25 0"
    (tmp_path / "callee.py").write_text(CALLEE.replace("FACTOR", "3"))
    assert result(tmp_path) == "35 0"
    assert result(tmp_path) == "35 1"  # from the cache
