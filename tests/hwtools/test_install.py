"""`make setup`: torch's CPU build first, a line a step, a log, a folder that the tools can take."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hwtools import doctor, install, toolchain
from hwtools.toolchain import ROOT, ToolError


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What would be run; a source is `pip`'s own or an index."""
    told: list[str] = []
    monkeypatch.setattr(install, "LOG", tmp_path / "setup.log")
    monkeypatch.setattr(install, "is_built_for_cuda", lambda: True)
    return told


def pretend(monkeypatch: pytest.MonkeyPatch, told: list[str], has: set[str]) -> None:
    def run(*argv: str, what: str, check: bool = True) -> bool:  # noqa: ARG001
        asked = [each for each in argv if "torch" in each or each.startswith(("https", "sim."))]
        told.append(" ".join(asked) or argv[-1])
        return check or told[-1] in has

    monkeypatch.setattr(install, "run", run)


CPU = f"{install.pinned()[0]}+cpu"
INDEX = f"{install.CPU_INDEX} {CPU}"


@pytest.mark.parametrize(
    ("has", "asked", "warned"),
    [
        ({CPU}, [CPU], False),
        ({INDEX}, [CPU, INDEX], False),
        (set(), [CPU, INDEX], True),
    ],
)
def test_the_cpu_build_is_asked_for_first(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    ran: list[str],
    has: set[str],
    asked: list[str],
    warned: bool,
) -> None:
    pretend(monkeypatch, ran, has)
    assert install.main([]) == 0
    assert ran[: len(asked)] == asked
    assert ran[len(asked) :] == [str(install.LOCK), ".", "sim.run_path.warm"]
    lines = capsys.readouterr().err.splitlines()
    steps = [line for line in lines if line.startswith("setup ")]
    assert [line[:12] for line in steps] == [f"setup {n} of 4:"[:12] for n in (1, 2, 3, 4)]
    assert (len(lines) == 6) is warned and (len(lines) == 5) is not warned
    assert warned == any("PyPI's comes with CUDA" in line for line in lines)


def test_what_is_handed_in_is_taken(monkeypatch: pytest.MonkeyPatch, ran: list[str]) -> None:
    pretend(monkeypatch, ran, set())
    assert install.main(["torch-9.whl"]) == 0
    assert ran[0] == "torch-9.whl" and len(ran) == 4


def test_a_step_that_fails_is_one_line_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ran: list[str]
) -> None:
    assert not ran
    says = "print('collecting'); print('ERROR: no space'); raise SystemExit(1)"
    monkeypatch.setattr(install, "_PIP", (sys.executable, "-c", says))
    assert install.main(["torch-9.whl"]) == 1
    out, error = capsys.readouterr()
    assert not out and error.splitlines()[1:] == [
        f"setup: installing torch-9.whl failed (ERROR: no space); all of it: {install.LOG}"
    ]
    assert "collecting" in install.LOG.read_text()


def test_only_linux_for_x86_has_cuda_on_pypi(monkeypatch: pytest.MonkeyPatch) -> None:
    for machine, cuda in (("x86_64", True), ("aarch64", False)):
        monkeypatch.setattr(install.platform, "machine", lambda machine=machine: machine)
        assert install.is_built_for_cuda() is cuda


@pytest.mark.parametrize("name", ["with space", "quote'd", "semi;colon", "a$b", "a%b", "größe"])
def test_a_folder_that_the_tools_take_apart_is_refused(name: str, tmp_path: Path) -> None:
    toolchain.check_path(tmp_path / "ok-1.2_@~")
    with pytest.raises(ToolError, match="make and Verilator can't work below a path with"):
        toolchain.check_path(tmp_path / name)


def test_a_clone_in_such_a_folder_is_refused_before_anything_is_installed(tmp_path: Path) -> None:
    clone = tmp_path / "my clone"
    (clone / "sw").mkdir(parents=True)
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, clone / name)
    shutil.copytree(ROOT / "sw" / "hwtools", clone / "sw" / "hwtools")
    done = subprocess.run(["make", "sim"], cwd=clone, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and not (clone / ".venv").exists()
    line = done.stderr.splitlines()[0]
    assert line.startswith("lacking: another folder (") and "a path with ' ')" in line


def test_a_disk_without_room_is_lacking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    monkeypatch.setattr(
        doctor.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9, 8, 10**9)
    )
    assert f"{doctor.ROOM} GB of disk (1.0 are free)" in doctor.lacking_prerequisites()


def test_output_is_read_in_every_locale(tmp_path: Path) -> None:
    """Of a tool that prints bytes which are no UTF-8, in a locale that has only ASCII."""
    tool = tmp_path / "perl"
    tool.write_text("#!/bin/sh\nprintf 'gr\\303\\266\\303\\237e \\377 5.40\\n'\n")
    tool.chmod(0o755)
    code = f"from hwtools import toolchain; print(ascii(toolchain._quiet(({f'{tool}'!r},)).stdout))"
    plain = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    for variables in ({"LC_ALL": "C"}, plain):
        done = subprocess.run(
            [sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=False
        )
        assert done.stdout == "'gr\\xf6\\xdfe \\ufffd 5.40\\n'\n", done.stderr


def test_no_program_is_read_by_the_locale() -> None:
    paths = [path for folder in ("sw", "models", "sim") for path in (ROOT / folder).rglob("*.py")]
    assert [path for path in paths if "text=True" in path.read_text()] == []
