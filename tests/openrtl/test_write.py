"""The written Verilog: the same bytes each time, exact in simulation, of the stated latency."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from hwtools import toolchain
from openrtl.convert import convert
from openrtl.netlist import netlist_simulation
from openrtl.simulate import Simulation
from openrtl.torch import FixedLinear, FixedQuantizer

pytestmark = pytest.mark.long


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.to_x, self.first = FixedQuantizer(2, 4), FixedLinear(6, 8, 4)
        self.relu, self.middle = nn.ReLU(), FixedQuantizer(2, 4, signed=False)
        self.second, self.to_y = FixedLinear(8, 3, 4), FixedQuantizer(3, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = self.middle(self.relu(self.first(self.to_x(x))))
        result: Tensor = self.to_y(self.second(x))
        return result


def network() -> nn.Module:
    torch.manual_seed(6)
    return Net().double().eval()


def write(folder: Path, **options: Any) -> Any:
    model = convert(network(), [(6,)], folder, name="net", **options)
    model.write()
    return model


def inputs(count: int) -> NDArray[np.float64]:
    codes = np.random.default_rng(1).integers(-64, 64, (count, 6))
    return codes / 16.0


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("net")
    return write(folder), folder


def _texts(folder: Path) -> dict[str, str]:
    return {p.name: p.read_text() for p in sorted((folder / "src").glob("*.v"))}


def test_same_input_same_bytes(written: Any, tmp_path: Path) -> None:
    write(tmp_path / "again")
    assert _texts(written[1]) == _texts(tmp_path / "again")
    other = network()
    with torch.no_grad():
        other.first.weight[0, 0] += 0.25  # type: ignore[union-attr, index, operator]
    changed = convert(other, [(6,)], tmp_path / "other", name="net")
    changed.write()
    assert _texts(written[1]) != _texts(tmp_path / "other")


def test_hls4ml_interface(written: Any) -> None:
    """hls4ml's write, compile and predict, all of them equal to torch."""
    model, _ = written
    model.compile()
    x = inputs(300)
    expected = network()(torch.from_numpy(x)).detach().numpy()
    assert np.array_equal(model.predict(x), expected)
    assert np.array_equal(model.predict(x, simulator="integers"), expected)
    assert model.predict(x[:1]).shape == (3,)


def test_one_flipped_bit_is_a_mismatch(written: Any, tmp_path: Path) -> None:
    """One operand of one adder, moved by one bit: the exactness check must fail."""
    _, folder = written
    copy = tmp_path / "flipped"
    write(copy)
    path = copy / "src" / "net_stage0.v"
    text = path.read_text()
    adder = re.search(r"shift_adder #\((\d+),(\d+),(\d),(\d),(\d+),(\d+),(-?\d+),(\d)\)", text)
    assert adder is not None
    flipped = text[: adder.start(8)] + str(1 - int(adder[8])) + text[adder.end(8) :]
    path.write_text(flipped)
    x = inputs(300)
    expected = Simulation(folder).run(x).values
    assert not np.array_equal(Simulation(copy).run(x).values, expected)


def test_interface_is_described(written: Any) -> None:
    model, folder = written
    described = json.loads((folder / "interface.json").read_text())
    wrapper = (folder / "src" / "net.v").read_text()
    assert described["latency"] == model.openrtl_design.latency
    assert f"parameter LATENCY  = {described['latency']}," in wrapper
    beats = Simulation(folder).run(inputs(50), tags=np.arange(50) % 16)
    assert set(beats.clock - beats.taken - 1) == {described["latency"]}
    assert np.array_equal(beats.tag, np.arange(50) % 16)


def test_another_latency_is_refused_at_elaboration(written: Any) -> None:
    _, folder = written
    sources = [folder / name for name in (folder / "sources.f").read_text().split()]
    lint = ["--lint-only", "-Wno-fatal", "--top-module", "net"]
    right = toolchain.run("verilator", *lint, *sources, check=False)
    wrong = toolchain.run("verilator", *lint, "-GLATENCY=99", *sources, check=False)
    assert right.returncode == 0, right.stdout
    assert wrong.returncode != 0 and "has_another_latency" in wrong.stdout


def test_reset_clears_valid(written: Any) -> None:
    _, folder = written
    flags = np.ones(20, np.int64)
    flags[10] = 2
    beats = Simulation(folder).run(inputs(20), flags=flags)
    latency = json.loads((folder / "interface.json").read_text())["latency"]
    lost = min(latency, 10)
    assert len(beats.values) == 19 - lost


def test_depth_is_chosen(tmp_path: Path) -> None:
    """Fewer stages for a longer period; and as many as were asked for."""
    fast = write(tmp_path / "fast", clock_period=5.0).openrtl_design.latency
    slow = write(tmp_path / "slow", clock_period=20.0).openrtl_design.latency
    assert slow < fast
    model = write(tmp_path / "three", depth=3)
    assert model.openrtl_design.latency == 3
    model.compile()
    expected = network()(torch.from_numpy(inputs(200))).detach().numpy()
    assert np.array_equal(model.predict(inputs(200)), expected)


@pytest.mark.long
def test_netlist_replays(written: Any) -> None:
    """yosys' netlist gives the source's results; its counts show that nothing was lost."""
    _, folder = written
    netlist, resources = netlist_simulation(folder)
    x = inputs(500)
    source, mapped = Simulation(folder).run(x), netlist.run(x)
    assert np.array_equal(source.values, mapped.values)
    assert np.array_equal(source.clock, mapped.clock)
    described = json.loads((folder / "interface.json").read_text())
    registers = sum(described["stage_register_bits"]) + described["output_bits"]
    assert 0.6 * registers <= resources.ff <= 1.2 * registers + 200
    assert 100 <= resources.comb <= 2000
    assert resources.dsp == 0 and resources.ram == 0
