"""`make sim` as people use it: a wrong name, waves, a cached build, a seed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import pywellen

from hwtools.rtl import HW
from hwtools.toolchain import ROOT
from sim.lib import runner, verilated


def sim(*args: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "sim", *args]
    return subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)


def test_an_unknown_module_names_those_that_exist() -> None:
    done = sim("nope")
    assert done.returncode == 2
    assert done.stderr.startswith("no module nope; there are: axis_fifo, axis_register")


def test_a_seed_that_is_no_number_is_refused() -> None:
    done = sim("axis_register", "--seed", "one")
    assert done.returncode == 2
    assert "SEED=one" in done.stderr


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
    seen = {plain.folder, verilated.Build(module, {"W": 8}, hw=tmp_path).folder}
    seen.add(verilated.Build(module, {}, waves=True, hw=tmp_path).folder)
    verilated.sources.cache_clear()
    (tmp_path / "rtl" / "two_pkg.sv").write_text(
        "package two_pkg; localparam int X = 1; endpackage\n"
    )
    seen.add(verilated.Build(module, {}, hw=tmp_path).folder)
    assert len(seen) == 4


@pytest.mark.parametrize("parameters", [{"DATA_W": 12}, {"DEPTH": 3}])
def test_wrong_parameters_stop_the_build(parameters: dict[str, int]) -> None:
    with pytest.raises(verilated.BuildError, match="axis_fifo: D"):
        runner.run("axis_fifo", **parameters)  # type: ignore[arg-type]


def test_what_passed_is_kept_until_something_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRESH", "1")
    assert not runner.run("crc32", W=8).kept
    monkeypatch.setenv("FRESH", "")
    again = runner.run("crc32", W=8)
    assert again.kept and again.tests > 0
    build = runner.Build(HW / "rtl" / "crc32.sv", {"W": 8})
    places = {runner._passed(build, "crc32", "test_crc32", ())}
    monkeypatch.setattr(runner, "_sources", lambda: "another line in a bench")
    places.add(runner._passed(build, "crc32", "test_crc32", ()))
    monkeypatch.setenv("SEED", "77")
    places.add(runner._passed(build, "crc32", "test_crc32", ()))
    monkeypatch.setenv("COCOTB_TEST_FILTER", "one")
    places.add(runner._passed(build, "crc32", "test_crc32", ()))
    assert len(places) == 4
