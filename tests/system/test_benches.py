"""`make benches` as people use it: a wrong name, waves, a seed; what is built and run again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import cocotb.triggers
import cocotbext.eth
import pytest
import pywellen
import scapy.layers.inet

from hwtools import toolchain
from hwtools.imports import modules
from hwtools.rtl import HW, sources
from hwtools.toolchain import ROOT
from sim.checks import formal
from sim.lib import depends, route, runner, verilated


def benches(*args: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "sim", *args]
    return subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)


def test_an_unknown_module_names_those_that_exist() -> None:
    done = benches("nope")
    assert done.returncode == 2
    assert done.stderr.startswith("no module nope; there are: answer_queue, axis_fifo")


def test_a_seed_that_is_no_number_is_refused() -> None:
    done = benches("axis_register", "--seed", "one")
    assert done.returncode == 2
    assert "SEED=one" in done.stderr


def test_a_filter_that_matches_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COCOTB_TEST_FILTER", "nosuchtest")
    done = benches("axis_register")
    assert done.returncode == 1 and "Traceback" not in done.stderr + done.stdout
    assert "axis_register: no test ran" in " ".join(done.stdout.split())


def test_pytest_refuses_a_seed_that_is_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEED", "abc")
    argv = [sys.executable, "-m", "pytest", "-q", "sim/test_axis_fifo.py"]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert done.stderr.strip() == "ERROR: SEED=abc: give a whole number, or random"


def test_a_parameter_that_a_module_has_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """slang takes any: the figure would be of another build."""
    with pytest.raises(SystemExit) as ended:
        route.main(["order_table", "BOOK=4"])
    assert ended.value.code == 2
    error = capsys.readouterr().err
    assert "order_table has no parameter BOOK; it has ROWS, WAYS, BOOKS" in error


def test_a_proof_that_fails_names_the_assertion(tmp_path: Path) -> None:
    log = ["SBY 1 [x] summary: Elapsed clock time", "SBY 1 [x] summary:   failed assertion x.holds",
           "SBY 1 [x] ERROR: no such module"]  # fmt: skip
    (tmp_path / "logfile.txt").write_text("\n".join(log))
    one = formal.Outcome("x", "prove", "UNKNOWN", 1, 0.0, tmp_path, bounded=False)
    said = formal.said(one)
    assert "failed assertion x.holds" in said and "no such module" in said
    assert said[-1].startswith("UNKNOWN: the induction fails")


def test_waves_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a reader that isn't ours, and with the signals moving in it."""
    monkeypatch.setenv("WAVES", "1")
    result = runner.run("axis_register", DATA_W=16)
    assert result.waves is not None
    wave = pywellen.Waveform(str(ROOT / result.waves))
    valid = next(var for var in wave.all_vars() if var.name == "m_axis_tvalid")
    picoseconds = range(0, result.cycles * runner.PERIOD_NS * 1000, runner.PERIOD_NS * 1000)
    assert {valid.signal.value_at(time) for time in picoseconds} >= {0, 1}


def test_an_unchanged_module_is_not_built_again() -> None:
    first = verilated.Build(HW / "rtl" / "axis_register.sv", {"DATA_W": 16}).make()
    stamp = (first / "built").stat().st_mtime_ns
    again = verilated.Build(HW / "rtl" / "axis_register.sv", {"DATA_W": 16}).make()
    assert again == first
    assert (again / "built").stat().st_mtime_ns == stamp


def test_a_build_is_named_by_all_that_goes_into_it(tmp_path: Path) -> None:
    (tmp_path / "rtl").mkdir()
    module = tmp_path / "rtl" / "one.sv"
    module.write_text("module one import two_pkg::*; (input logic a, output logic b); endmodule\n")
    (tmp_path / "rtl" / "two_pkg.sv").write_text("package two_pkg; endpackage\n")
    plain = verilated.Build(module, {}, hw=tmp_path)
    assert [path.name for path in plain.files] == ["two_pkg.sv", "one.sv"]
    folders = {plain.folder, verilated.Build(module, {"W": 8}, hw=tmp_path).folder}
    folders.add(verilated.Build(module, {}, waves=True, hw=tmp_path).folder)
    sources.cache_clear()
    (tmp_path / "rtl" / "two_pkg.sv").write_text(
        "package two_pkg; localparam int X = 1; endpackage\n"
    )
    folders.add(verilated.Build(module, {}, hw=tmp_path).folder)
    assert len(folders) == 4


@pytest.mark.parametrize("parameters", [{"DATA_W": 12}, {"DEPTH": 3}])
def test_wrong_parameters_stop_the_build(parameters: dict[str, int]) -> None:
    with pytest.raises(verilated.BuildError, match="axis_fifo: D"):
        runner.run("axis_fifo", parameters)


def test_what_passed_is_kept_until_something_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRESH", "1")
    assert not runner.run("crc32", W=8).kept
    monkeypatch.setenv("FRESH", "")
    again = runner.run("crc32", W=8)
    assert again.kept and again.tests > 0


def place(bench: str = "crc32") -> Path:
    """Where the pass of a bench would be kept, as a new process finds it."""
    for each in (depends.files, depends.digest, depends.packages, depends._installed):
        each.cache_clear()
    for each in (depends._words, depends._data, toolchain.compiler):
        each.cache_clear()
    build = verilated.Build(HW / "rtl" / f"{bench}.sv", {"W": 8})
    return runner._passed(build, bench, f"test_{bench}", ())


def edit(path: Path, patch: pytest.MonkeyPatch) -> None:
    """A file reads as if it had a line more; the file itself stays, since others use it."""
    read, stat = Path.read_bytes, Path.stat

    def longer(self: Path) -> bytes:
        return read(self) + (b"\n" if self == path else b"")

    def grown(self: Path, *, follow_symlinks: bool = True) -> object:
        about = stat(self, follow_symlinks=follow_symlinks)
        if self != path:
            return about
        size = about.st_size + 1
        return SimpleNamespace(st_mode=about.st_mode, st_size=size, st_mtime_ns=about.st_mtime_ns)

    patch.setattr(Path, "read_bytes", longer)
    patch.setattr(Path, "stat", grown)


@pytest.mark.parametrize(
    ("bench", "file"),
    [
        ("crc32", "sim/golden/crc32.py"),
        ("crc32", "sim/test_crc32.py"),
        ("crc32", "hw/rtl/crc32.sv"),
        ("op_gate", "hw/regs/messages.toml"),
        ("tickwire_core", "hw/regs/tickwire.rdl"),
        ("nn", "sw/openrtl/templates/step.v"),
        ("crc32", "requirements.lock"),
        ("mac_rx", cocotbext.eth.__file__),
        ("udp_rx", scapy.layers.inet.__file__),
        ("crc32", cocotb.triggers.__file__),
    ],
)
def test_an_edited_file_runs_its_bench_again(
    bench: str, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = place(bench)
    assert (ROOT / file).is_file() and place(bench) == before
    edit(ROOT / file, monkeypatch)
    assert place(bench) != before


@pytest.mark.parametrize(
    "name",
    ["SEED", "COCOTB_TESTCASE", "COCOTB_TEST_FILTER", "COCOTB_ANSI_OUTPUT", "GPI_LOG_LEVEL",
     "PYTHONOPTIMIZE", "PYTHONHASHSEED", "CXXFLAGS", "OPT_FAST", "PERIOD_NS"],
)  # fmt: skip
def test_a_variable_runs_a_bench_again(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of cocotb, of Python, of the compiler; and PERIOD_NS, a word of the Python of every bench."""
    before = place()
    monkeypatch.setenv(name, "77")
    assert place() != before


def test_another_compiler_builds_and_runs_a_bench_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = verilated.Build(HW / "rtl" / "crc32.sv", {"W": 8})
    before, folder = place(), build.folder
    other = tmp_path / "g++"
    other.write_text("#!/bin/sh\necho g++ of another version\n")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert place() != before and build.folder != folder


def test_a_variable_that_changes_nothing_keeps_a_bench(monkeypatch: pytest.MonkeyPatch) -> None:
    before = place()
    for name in ("JOBS", "MAKEFLAGS", "EDITOR"):
        monkeypatch.setenv(name, "7")
    assert place() == before


def test_a_part_of_a_bench_is_not_kept_as_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = runner.run("crc32", W=8)
    monkeypatch.setenv("COCOTB_TEST_FILTER", "a_frame")
    part = runner.run("crc32", W=8)
    monkeypatch.delenv("COCOTB_TEST_FILTER")
    again = runner.run("crc32", W=8)
    assert 0 < part.tests < whole.tests == again.tests


def test_a_run_in_which_nothing_runs_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COCOTB_TEST_FILTER", "no_such_test")
    with pytest.raises(runner.BenchError):
        runner.run("crc32", W=8)


def _reruns(edited: str) -> set[str]:
    """The benches that an edit of a file runs again."""
    names = [name.removeprefix("sim.") for name in modules() if name.startswith("sim.test_")]
    assert (ROOT / edited).exists() and len(names) > 30
    return {name for name in names if ROOT / edited in depends.files(name)}


def test_an_edit_runs_again_what_depends_on_it() -> None:
    assert _reruns("models/score/card_text.py") == set()
    assert _reruns("sim/golden/crc32.py") == {"test_crc32"}
    assert _reruns("sim/test_axis_fifo.py") == {"test_axis_fifo"}
    assert {"test_features", "test_nn"} <= _reruns("sw/tickwire/features/kernel.py")
    assert "test_axis_fifo" not in _reruns("sw/tickwire/features/kernel.py")
    # through a golden model that imports another, and a table that one reads by its path
    assert {"test_tick_pkg", "test_hash_table"} <= _reruns("sim/golden/tick_pkg.py")
    messages = _reruns("hw/regs/messages.toml")
    assert {"test_tick_pkg", "test_op_gate", "test_tickwire_core"} <= messages
    assert not {"test_crc32", "test_axis_fifo"} & messages
    assert "test_tickwire_regs" in _reruns("hw/regs/tickwire.rdl")
    for everything in ("sim/lib/runner.py", "sw/hwtools/toolchain.py", "requirements.lock"):
        assert len(_reruns(everything)) > 30


def test_what_a_bench_depends_on_is_found_through_imports_and_names(tmp_path: Path) -> None:
    texts = {
        "sim/__init__.py": "",
        "sim/test_one.py": "def late() -> None:\n    import sim.golden.one\n",
        "sim/test_two.py": "import json\n",
        "sim/golden/__init__.py": "",
        "sim/golden/one.py": 'from tickwire import wire\nTABLE = "one.toml"\n',
        "sw/tickwire/__init__.py": "",
        "sw/tickwire/wire/__init__.py": "HERE = __file__\n",
        "sw/tickwire/wire/beside.h": "",
        "sw/tickwire/book.py": "",
        "hw/regs/one.toml": "",
        "hw/regs/two.toml": "",
        "requirements.lock": "",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    depended = {str(path.relative_to(tmp_path)) for path in depends.files("test_one", tmp_path)}
    others = {"sim/test_two.py", "sw/tickwire/book.py", "hw/regs/two.toml"}
    assert depended == set(texts) - others
    before = depends.digest("test_one", tmp_path)
    for name in texts:
        depends.digest.cache_clear()
        (tmp_path / name).write_text(texts[name] + "#")
        assert (depends.digest("test_one", tmp_path) == before) == (name in others)
        (tmp_path / name).write_text(texts[name])


def test_a_relative_import_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sim").mkdir()
    (tmp_path / "sim" / "test_one.py").write_text("from .lib import bench\n")
    with pytest.raises(ValueError, match=r"test_one\.py:1: a relative import"):
        depends.files("test_one", tmp_path)


@pytest.mark.parametrize(
    ("file", "marks", "expected"),
    [
        ("test_crc32.py", "not long and not more", ["test_crc32[8]"]),
        ("test_crc32.py", "long or more", [f"test_crc32[{width}]" for width in (16, 32, 64)]),
        ("test_crc32.py::test_crc32[64]", "not long and not more", ["test_crc32[64]"]),
        ("test_risk_counters.py", "long or more", ["test_risk_counters[3]"]),
    ],
)
def test_a_bench_is_quick_at_its_first_parameters(
    file: str, marks: str, expected: list[str]
) -> None:
    """`make test` and `make test-long` play each once; one that is named is played."""
    argv = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-m", marks, f"sim/{file}"]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    assert [line.rpartition("::")[2] for line in lines if "::" in line] == expected
