"""A network on the path: what it says by torch is what its Verilog says; what it refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hwtools.rtl import sources
from hwtools.toolchain import ROOT
from models.deploy import convert
from models.deploy.check import NetworkError
from models.deploy.convert import Network, converted
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

class Six(MyNet):
    def __init__(self):
        super().__init__(outs=6)

class Wide(MyNet):
    def __init__(self):
        super().__init__(fraction=12, output=14)

class Float(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(3, 3)

    def forward(self, x):
        return self.first(x)

class Lossy(nn.Module):
    def __init__(self):
        super().__init__()
        self.to_x, self.first = FixedQuantizer(2, 5, True), nn.Linear(3, 3)

    def forward(self, x):
        return self.first(self.to_x(x))

class NoNet:
    pass
"""
FEATURES = '"spread", "imbalance_1", "flow_8"'


@pytest.fixture(autouse=True)
def _apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert, "NETS", tmp_path / "net")


def own(folder: Path, text: str, features: str, name: str = "MyNet", more: str = "") -> str:
    (folder / "my_net.py").write_text(text)
    path = folder / "my.toml"
    path.write_text(
        f'[model]\nfile = "my_net.py"\nclass = "{name}"\nfeatures = [{features}]\n{more}\n'
        '[training]\nby = "hand"\n'
    )
    return str(path)


def walk(rng: np.random.Generator, count: int) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Whole vectors within the features' ranges, which they reach."""
    lows = np.array([feature.low for feature in TABLE])
    steps = np.cumsum(rng.integers(-25, 26, (count, len(TABLE))), axis=0)
    return np.clip(steps % 290 - 145, lows, TOP)


def agrees(made: Network, folder: Path, count: int) -> None:
    """Torch beside Verilog, with clears."""
    rng = np.random.default_rng(8)
    vectors, clear = walk(rng, count), rng.random(count) < 0.05
    said = made.scores(vectors, clear)
    assert said.shape == (count, 5)
    simulation = Simulation(made.folder, build=str(folder / "sim"))
    simulation.compile()
    x = vectors[:, list(made.source.inputs)] / made.signature.input_scale
    users = np.where(clear & made.recurrent, CLEAR_AND_STEP, STEP)
    seen = simulation.run(x, tags=3, users=users).values * 2.0**made.signature.fraction
    outputs = seen.shape[1]
    assert np.array_equal(seen, said[:, :outputs]) and not said[:, outputs:].any()
    assert all(len(np.unique(said[:, place])) > 20 for place in range(3))
    if made.recurrent:
        assert not np.array_equal(said, made.scores(vectors, np.zeros(count, np.bool_)))


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_a_kept_student_says_what_its_verilog_says(tmp_path: Path, kind: str) -> None:
    agrees(converted(kind), tmp_path, 2_000)


@pytest.mark.long
@pytest.mark.parametrize(("text", "features"), [(GRU, f'{FEATURES}, "trade", "pace"'),
                                                (PLAIN, FEATURES)])  # fmt: skip
def test_a_network_that_isnt_ours(tmp_path: Path, text: str, features: str) -> None:
    made = converted(own(tmp_path, text, features))
    agrees(made, tmp_path, 600)
    assert made.source.inputs[:3] == (0, 2, 11)
    again = converted(own(tmp_path, text, features))
    assert again.folder == made.folder and again.model_id == made.model_id


def test_files_and_their_order(tmp_path: Path) -> None:
    made = converted(own(tmp_path, PLAIN, FEATURES))
    assert made.sources[0].name == "network_pkg.sv" and all(map(Path.exists, made.sources))
    package = made.sources[0].read_text()
    for told in (
        f"LATENCY = {made.latency};",
        "INPUTS = 3;",
        "FEATURE[INPUTS] = '{0, 2, 11};",
        "OUTPUTS = 4;",
        f"MODEL_ID = 64'h{made.model_id:016x};",
    ):
        assert told in package
    nn = ROOT / "hw" / "rtl" / "nn.sv"
    assert sources(nn, network=made.sources)[: len(made.sources)] == made.sources
    signal = sources(ROOT / "hw" / "rtl" / "signal.sv", network=made.sources)
    assert not set(made.sources) & set(signal)


def test_the_model_id_is_of_weights_and_features(tmp_path: Path) -> None:
    made = converted(own(tmp_path, PLAIN, FEATURES))
    seeded = converted(own(tmp_path, PLAIN.replace("seed(4)", "seed(5)"), FEATURES))
    moved = converted(own(tmp_path, PLAIN, FEATURES.replace("flow_8", "flow_32")))
    drawn = [converted(own(tmp_path, PLAIN.replace("torch.manual_seed(4)", ""), FEATURES))
             for _ in range(2)]  # fmt: skip
    ids = {each.model_id for each in (made, seeded, moved, *drawn)}
    assert len(ids) == 5


def test_a_number_from_another_file_is_part_of_the_model(tmp_path: Path) -> None:
    """Which is in neither its text nor its state."""
    other = tmp_path / "scale.txt"
    text = PLAIN.replace(
        "self.to_y(self.last(", f"self.to_y(float(open({str(other)!r}).read()) * ("
    )
    made = []
    for scale in ("1.0", "0.5"):
        other.write_text(scale)
        made.append(find(own(tmp_path, text, FEATURES)).weights)
    assert made[0] != made[1]


@pytest.mark.parametrize(
    ("name", "features", "more", "said"),
    [
        ("MyNet", '"spread", "flow_9"', "", "there is no feature 'flow_9'"),
        ("MyNet", '"flow_8", "spread", "pace"', "", "in the order of the table"),
        ("MyNet", '"spread", "flow_8"', "", "doesn't convert .*as many inputs as features"),
        ("MyNet", FEATURES, "period = 0.0", "period is 0 ns"),
        ("MyNet", FEATURES, "period = nan", "period is nan ns"),
        ("MyNet", FEATURES, 'weights = "junk.pt"', "junk.pt: "),
        ("MyNet", FEATURES, 'other = "x"', "'other' isn't known"),
        ("MyNet", FEATURES, 'weights = "none.pt"', "No such file"),
        ("Gone", FEATURES, "", "has no attribute 'Gone'"),
        ("NoNet", FEATURES, "", "isn't a torch module"),
        ("Narrow", FEATURES, "", "feature 'spread' is 0 to 127, its input holds codes -32 to 31"),
        ("Six", FEATURES, "", "it has 6 outputs"),
        ("Wide", FEATURES, "", "output 0 needs 1[78] bits"),
        ("Float", FEATURES, "", "begin it with a FixedQuantizer"),
        ("Lossy", FEATURES, "", "differ on .* vectors|needs .* bits"),
    ],
)
def test_what_is_refused(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    features: str,
    more: str,
    said: str,
) -> None:
    path = own(tmp_path, PLAIN, features, name, more)
    (tmp_path / "junk.pt").write_bytes(b"no weights")
    with pytest.raises(NetworkError, match=said):
        converted(path)
    assert convert.main([path]) == 2
    told = capsys.readouterr().err
    assert told.startswith("network: ") and told.count("\n") == 1


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(NetworkError, match=r"no network 'lstm'.*lstm_attn_amzn_50"):
        converted("lstm")
