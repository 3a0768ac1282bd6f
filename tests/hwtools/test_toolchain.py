"""Tools are taken from PATH or from PyPI, and a missing one is named in one line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hwtools import toolchain
from hwtools.toolchain import ROOT, Spec, ToolError


def tool_folder(folder: Path, **scripts: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in scripts.items():
        path = folder / name.replace("_", "-")
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
    return folder


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget earlier searches."""
    toolchain.find.cache_clear()
    monkeypatch.setattr(toolchain, "find", toolchain.find.__wrapped__)


def spec(**changes: object) -> Spec:
    values: dict[str, object] = {"name": "sometool", "purpose": "a test", "minimum": (2, 10)}
    return Spec(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("version", "accepted"), [("2.10", True), ("2.9.7", False), ("10.1", True)]
)
def test_native_only_when_new_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, accepted: bool
) -> None:
    folder = tool_folder(tmp_path, sometool=f"echo sometool version {version}")
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    assert bool(toolchain._native(spec())) is accepted


def test_a_failing_probe_refuses_the_native_tool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = 'case "$1" in --version) echo 9.9;; *) echo "No such command"; exit 1;; esac'
    folder = tool_folder(tmp_path, sometool=body)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    assert toolchain._native(spec(probe=("help", "x"))) is None


@pytest.mark.usefixtures("fresh")
def test_need_names_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(toolchain._BY_NAME, "sometool", spec())
    with pytest.raises(ToolError, match=r"^sometool is lacking \(a test\): install sometool$"):
        toolchain.need("sometool")


def test_every_required_tool_is_here_and_starts() -> None:
    env = toolchain.environment()
    for one in toolchain.SPECS:
        if one.required:
            assert toolchain.find(one.name), one.name
    for command in ("verilator --version", "yosys -V", "sby --help", "z3 --version"):
        done = subprocess.run(command.split(), env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, command
        assert done.stdout.strip(), command


def test_a_failing_tool_shows_its_last_lines() -> None:
    with pytest.raises(ToolError, match=r"yosys ended with 1"):
        toolchain.run("yosys", "-q", "-p", "read_slang nowhere.sv")


def machine_without(tmp_path: Path, *absent: str) -> dict[str, str]:
    """An environment whose PATH holds what a bare machine holds, less `absent`."""
    needed = ["sh", "make", "git", "perl", "c++", "python3", "awk", "rm", "touch", "env"]
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in set(needed) - set(absent):
        program = sys.executable if name == "python3" else shutil.which(name)
        assert program, name
        (folder / name).symlink_to(os.path.realpath(program))
    return {"PATH": str(folder), "HOME": str(tmp_path)}


@pytest.mark.parametrize("absent", ["perl", "git"])
def test_doctor_names_what_is_lacking_in_one_line(tmp_path: Path, absent: str) -> None:
    env = machine_without(tmp_path, absent)
    done = subprocess.run(
        ["make", "doctor"], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert f"lacking: {absent}" in done.stderr.splitlines()


def test_setup_refuses_before_it_installs_anything(tmp_path: Path) -> None:
    env = machine_without(tmp_path, "perl")
    done = subprocess.run(
        ["make", "setup", f"VENV={tmp_path}/venv"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "lacking: perl" in done.stderr
    assert not (tmp_path / "venv").exists()


def test_shims_written_by_many_threads_at_once(tmp_path: Path) -> None:
    def write(number: int) -> None:
        toolchain._write_executable(tmp_path / "tool", f"#!/bin/sh\n# {number % 2}\n")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(400)))
    assert [path.name for path in tmp_path.iterdir()] == ["tool"]
