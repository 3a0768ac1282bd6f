"""Resource counts, place and route, the search for a depth, and the command."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from test_write import network, write

from openrtl import __main__ as command
from openrtl import depth
from openrtl.convert import convert
from openrtl.design import compose
from openrtl.measure.networks import SoftmaxNet
from openrtl.pipeline import DelayModel
from openrtl.report import write as write_report
from openrtl.route import Routed


@pytest.mark.long
def test_build_counts_and_routes(tmp_path: Path) -> None:
    model = write(tmp_path / "net", depth=3)
    figures = model.build(families=("ecp5", "ice40"))
    assert figures["latency"] == 3
    for family in ("ecp5", "ice40"):
        cells = figures["resources"][family]
        assert cells["lut"] > 50 and cells["ff"] > 50 and cells["dsp"] == 0
    routed = figures["routed"]
    assert routed["part"] == "ecp5-85" and routed["speed_grade"] == 6
    assert 2.0 < routed["period"] < 30.0
    assert routed["ff"] > figures["resources"]["ecp5"]["ff"]  # with those of the wrapper


def _search(monkeypatch: pytest.MonkeyPatch, folder: Path, factor: float, period: float) -> Any:
    """The search with a router that is `factor` slower than the model estimates."""
    lowered = write(folder / "net").openrtl

    def routed(design: Any, _folder: Path, part: str, _period: float) -> Routed:
        real = max(depth.stage_delays(design, replace(DelayModel(), scale=factor)))
        return Routed(part, 6, real, 1000, 1000)

    monkeypatch.setattr(depth, "routed", routed)

    def at(clock: float, model: DelayModel) -> Any:
        return compose("net", lowered, period=clock, model=model)

    return depth.search(at, folder / "tries", "ecp5-85", period, say=lambda _: None)


def test_search_fits_the_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """At most three tries, and the shallowest of them that meets the period."""
    design, tries = _search(monkeypatch, tmp_path, 1.3, 8.0)
    assert 1 <= len(tries) <= 3
    met = [t for t in tries if t.routed.period <= 8.0]
    assert met and design.latency == min(t.depth for t in met)
    assert any(t.routed.period > 8.0 for t in tries)  # the unfitted first one


def test_search_takes_the_fastest_when_none_fits(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    design, tries = _search(monkeypatch, tmp_path, 3.0, 4.0)
    best = min(tries, key=lambda t: t.routed.period)
    assert best.routed.period > 4.0 and design.latency == best.depth


def test_clock_and_shape_arguments() -> None:
    assert command.parse_clock("125MHz") == 8.0
    assert command.parse_clock("6.4 ns") == 6.4
    assert command.parse_shape("3x10") == (3, 10)
    with pytest.raises(Exception, match="frequency or a period"):
        command.parse_clock("fast")


def test_command_writes_a_report(tmp_path: Path) -> None:
    saved = tmp_path / "net.pt"
    torch.save(network(), saved)
    out = tmp_path / "out"
    argv = [str(saved), "--clock", "100MHz", "--input-shape", "6", "--no-synth", "-o", str(out)]
    assert command.main(argv) == 0
    report = json.loads((out / "report.json").read_text())
    assert report["latency"] == len(report["stages"])
    assert sum(row["luts"] for row in report["layers"]) > 50
    assert (out / "report.png").stat().st_size > 5000
    assert (out / "network_vivado.tcl").exists()


def test_a_report_has_the_cost_of_tables(tmp_path: Path) -> None:
    """Also of tables whose input has a wider range by itself than in the network."""
    torch.manual_seed(1)
    module = SoftmaxNet().double().eval()
    model = convert(module, module.input_shapes(), tmp_path / "net", name="net")
    model.write()
    report = json.loads(write_report(model.openrtl_design, tmp_path, {}, {}).read_text())
    luts = {row["layer"]: row["luts"] for row in report["layers"]}
    assert luts["softmax_power"] > 50 and luts["softmax_invert"] > 50


def test_command_refuses_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved = tmp_path / "net.pt"
    torch.save(network(), saved)
    out = tmp_path / "out"
    argv = [str(saved), "--input-shape", "6", "--name", "cell", "--no-synth", "-o", str(out)]
    assert command.main(argv) == 2
    assert "net_cell" in capsys.readouterr().err.replace("\n", "")
    assert not out.exists()
