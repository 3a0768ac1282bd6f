"""A network on the path: its scores by torch equal those of its Verilog; what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hwtools.rtl import sources
from hwtools.toolchain import ROOT
from models.deploy import convert
from models.deploy.check import NetworkError
from models.deploy.convert import Network, converted
from models.deploy.files import signature
from models.deploy.source import find
from models.nets.student import KINDS
from openrtl.simulate import CLEAR_AND_STEP, STEP, Simulation
from tickwire.features.table import TABLE, TOP

GRU = """
from openrtl.torch import Format
from openrtl.torch.steps import GRUStep, StepFormats
import torch

class MyNet(GRUStep):
    def __init__(self):
        torch.manual_seed(3)
        super().__init__(5, 6, 3, StepFormats(x=Format(True, 3, 4)))
"""
PLAIN = """
import torch
from torch import nn
from openrtl.torch import FixedLinear, FixedQuantizer

class MyNet(nn.Module):
    def __init__(self, whole=2, outs=4, fraction=4, output=8):
        super().__init__()
        torch.manual_seed(4)
        self.to_x = FixedQuantizer(whole, 7 - whole, True)
        self.first, self.narrow = FixedLinear(3, 6, 4), FixedQuantizer(2, 5, False)
        self.last, self.to_y = FixedLinear(6, outs, fraction), FixedQuantizer(3, output, True)

    def forward(self, x):
        return self.to_y(self.last(self.narrow(self.first(self.to_x(x)))))

class Narrow(MyNet):
    def __init__(self):
        super().__init__()
        self.to_x = FixedQuantizer(0, 5, True)

class Wide(MyNet):
    def __init__(self):
        super().__init__(fraction=12, output=14)

class Lossy(nn.Module):
    def __init__(self):
        super().__init__()
        self.to_x, self.first = FixedQuantizer(2, 5, True), nn.Linear(3, 3)

    def forward(self, x):
        return self.first(self.to_x(x))

class Same(MyNet):
    # one factor of each product is 0, which no bounds show
    def __init__(self):
        super().__init__()
        self.first, self.other = FixedLinear(3, 6, 4, bias=False), FixedLinear(3, 6, 4, bias=False)
        self.narrow_other, self.product = FixedQuantizer(2, 5, False), FixedQuantizer(2, 5, False)
        with torch.no_grad():
            self.other.weight.copy_(-self.first.weight)

    def forward(self, x):
        x = self.to_x(x)
        both = self.narrow(self.first(x)) * self.narrow_other(self.other(x))
        return self.to_y(self.last(self.product(both)))
"""
FEATURES = '"spread", "imbalance_1", "flow_8"'


@pytest.fixture(autouse=True)
def _apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert, "NETS", tmp_path / "net")


def own(folder: Path, text: str, features: str, name: str = "MyNet", more: str = "") -> str:
    """The TOML file of a network of one's own."""
    (folder / "my_net.py").write_text(text)
    path = folder / "my.toml"
    path.write_text(
        f'[model]\nfile = "my_net.py"\nclass = "{name}"\nfeatures = [{features}]\n{more}\n'
        '[training]\nby = "hand"\n'
    )
    return str(path)


def walk(rng: np.random.Generator, count: int) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Whole feature vectors, up to the ends of each feature's range."""
    lows = np.array([feature.low for feature in TABLE])
    steps = np.cumsum(rng.integers(-25, 26, (count, len(TABLE))), axis=0)
    return np.clip(steps % 290 - 145, lows, TOP)


def agrees(network: Network, folder: Path, count: int) -> None:
    """Torch compared with Verilog, with clears."""
    rng = np.random.default_rng(8)
    vectors, clear = walk(rng, count), rng.random(count) < 0.05
    expected = network.scores(vectors, clear)
    assert expected.shape == (count, 5)
    simulation = Simulation(network.folder, build=str(folder / "sim"))
    simulation.compile()
    x = vectors[:, list(network.source.inputs)] / network.signature.input_scale
    users = np.where(clear & network.recurrent, CLEAR_AND_STEP, STEP)
    observed = simulation.run(x, tags=3, users=users).values * 2.0**network.signature.fraction
    outputs = observed.shape[1]
    assert np.array_equal(observed, expected[:, :outputs]) and not expected[:, outputs:].any()
    assert all(len(np.unique(expected[:, place])) > 20 for place in range(3))
    if network.recurrent:
        assert not np.array_equal(expected, network.scores(vectors, np.zeros(count, np.bool_)))


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_a_kept_student_equals_its_verilog(tmp_path: Path, kind: str) -> None:
    agrees(converted(kind), tmp_path, 2_000)


@pytest.mark.long
@pytest.mark.parametrize(("text", "features"), [(GRU, f'{FEATURES}, "trade", "pace"'),
                                                (PLAIN, FEATURES)])  # fmt: skip
def test_a_network_of_ones_own(tmp_path: Path, text: str, features: str) -> None:
    network = converted(own(tmp_path, text, features))
    agrees(network, tmp_path, 600)
    assert network.source.inputs[:3] == (0, 2, 11)
    again = converted(own(tmp_path, text, features))
    assert again.folder == network.folder and again.model_id == network.model_id


def test_files_and_their_order(tmp_path: Path) -> None:
    network = converted(own(tmp_path, PLAIN, FEATURES))
    files = network.sources
    assert files[0].name == "network_pkg.sv" and all(map(Path.exists, files))
    package = files[0].read_text()
    for constant in (
        f"LATENCY = {network.latency};",
        "INPUTS = 3;",
        "FEATURE[INPUTS] = '{0, 2, 11};",
        "OUTPUTS = 4;",
        f"MODEL_ID = 64'h{network.model_id:016x};",
    ):
        assert constant in package
    nn = ROOT / "hw" / "rtl" / "nn.sv"
    assert sources(nn, network=files)[: len(files)] == files
    assert not set(files) & set(sources(ROOT / "hw" / "rtl" / "signal.sv", network=files))


def test_the_model_id_is_of_weights_and_features(tmp_path: Path) -> None:
    network = converted(own(tmp_path, PLAIN, FEATURES))
    seeded = converted(own(tmp_path, PLAIN.replace("seed(4)", "seed(5)"), FEATURES))
    moved = converted(own(tmp_path, PLAIN, FEATURES.replace("flow_8", "flow_32")))
    drawn = [converted(own(tmp_path, PLAIN.replace("torch.manual_seed(4)", ""), FEATURES))
             for _ in range(2)]  # fmt: skip
    ids = {each.model_id for each in (network, seeded, moved, *drawn)}
    assert len(ids) == 5


def test_a_number_from_another_file_is_part_of_the_model(tmp_path: Path) -> None:
    """Though it is neither in its text nor in its state."""
    other = tmp_path / "scale.txt"
    text = PLAIN.replace(
        "self.to_y(self.last(", f"self.to_y(float(open({str(other)!r}).read()) * self.last("
    )
    weights = []
    for scale in ("1.0", "0.5"):
        other.write_text(scale)
        weights.append(find(own(tmp_path, text, FEATURES)).weights)
    assert weights[0] != weights[1]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Narrow", "feature 'spread' is 0 to 127, its input holds codes -32 to 31"),
        ("Same", "its outputs are the same for all of 500 vectors"),
        ("Wide", "output 0 needs 1[78] bits"),
        ("Lossy", "differ on .* vectors|needs .* bits"),
    ],
)
def test_what_is_refused_as_it_converts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, message: str
) -> None:
    path = own(tmp_path, PLAIN, FEATURES, name)
    with pytest.raises(NetworkError, match=message):
        converted(path)
    assert convert.main([path]) == 2
    line = capsys.readouterr().err
    assert line.startswith("network: ") and line.count("\n") == 1


def test_an_input_that_is_no_vector_of_the_features_is_refused() -> None:
    port = {"signed": True, "integer": 2, "fraction": 5}
    for inputs in ([{**port, "shape": [2]}], [{**port, "shape": [1]}] * 3):
        with pytest.raises(ValueError, match="isn't one vector of 3 features"):
            signature({"inputs": inputs, "outputs": [port] * 3}, list(TABLE[:3]))


def test_a_student_of_another_scale_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert, "INPUT_SCALE", 16.0)
    with pytest.raises(NetworkError, match="enter as n / 32, and it was trained on n / 16"):
        converted("mlp")


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(NetworkError, match=r"no network 'lstm'.*lstm_attn_amzn_50"):
        converted("lstm")
