"""What can't be exact is refused by name, with a reason and a remedy, and nothing is written."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from csim import graph, model_settings
from torch import Tensor, nn

from openrtl import estimate
from openrtl.__main__ import main
from openrtl.convert import convert
from openrtl.reading import check_forward
from openrtl.refuse import RefusedError
from openrtl.torch import FixedLinear, FixedQuantizer


class Chained(nn.Module):
    """Two quantisers in a row, the second behind a reshape."""

    def __init__(self, flat: bool) -> None:
        super().__init__()
        self.first, self.second = FixedQuantizer(2, 4), FixedQuantizer(1, 3)
        self.between = nn.Flatten() if flat else nn.Identity()
        self.linear = FixedLinear(4, 2)
        self.flat = flat

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        if self.flat:
            x = self.between(x)
        result: Tensor = self.linear(self.second(x))
        return result


class OutputTakenTwice(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(4, 3), nn.Linear(3, 2)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        hidden = self.first(x)
        return hidden, self.second(hidden)


def _not_a_number(layer: nn.Module | None = None) -> nn.Module:
    model = nn.Sequential(layer or nn.Linear(4, 2))
    with torch.no_grad():
        next(model.parameters())[0, 0] = float("nan")
    return model


Case = tuple[Callable[[], nn.Module], dict[str, Any], str]
TORCH: dict[str, Case] = {
    "chained": (lambda: Chained(False), {}, "second: it quantises what first quantised"),
    "chained, reshaped": (lambda: Chained(True), {}, "second: it quantises what first quantised"),
    "output taken": (OutputTakenTwice, {}, "first: it is an output and second takes it"),
    "not a number": (_not_a_number, {}, "1 of its weight values are NaN"),
    "not a number, on a grid": (
        lambda: _not_a_number(FixedLinear(4, 2)),
        {},
        "0: 1 of its weight values are NaN or infinite",
    ),
    "one slope": (lambda: nn.Sequential(nn.Linear(4, 3), nn.PReLU()), {}, "reads past"),
    "reuse": (
        lambda: nn.Sequential(nn.Linear(4, 2)),
        {"settings": {"Model": {"Precision": "fixed<16,6>", "ReuseFactor": 2}}},
        "ReuseFactor 2.*set ReuseFactor to 1",
    ),
    "strategy": (
        lambda: nn.Sequential(nn.Linear(4, 2)),
        {
            "settings": {
                "Model": {"Precision": "fixed<16,6>", "ReuseFactor": 1, "Strategy": "Resource"}
            }
        },
        "strategy 'resource'",
    ),
    "name": (lambda: nn.Sequential(nn.Linear(4, 2)), {"name": "table"}, "net_table"),
    "wide": (
        lambda: nn.Sequential(nn.Linear(4, 2)),
        {"precision": "fixed<60,20>"},
        "more than 53|over 24 bits|wider",
    ),
}


@pytest.mark.parametrize("name", TORCH)
def test_torch(name: str, tmp_path: Path) -> None:
    make, options, message = TORCH[name]
    folder = tmp_path / "out"
    options = {"name": "net", "precision": "fixed<16,6>", **options}
    torch.manual_seed(0)
    with pytest.raises(RefusedError, match=message) as caught:
        convert(make(), [(4,)], folder, **options).write()
    assert caught.value.reason and caught.value.instead
    assert not folder.exists()


GRAPHS: dict[str, tuple[dict[str, Any], str]] = {
    "unknown class": (
        {"class_name": "SimpleRNN", "n_in": 2, "n_out": 2, "n_timesteps": 2, "activation": "tanh"},
        "SimpleRNN has no lowering",
    ),
    "unset result": (
        {"class_name": "TernaryTanh", "activation": "ternary_tanh"},
        "leaves its result unset",
    ),
    "old softmax": (
        {"class_name": "Softmax", "activation": "softmax", "n_in": 4, "implementation": "legacy"},
        "softmax implementation 'legacy'",
    ),
    "unknown activation": (
        {"class_name": "Activation", "activation": "swish"},
        "activation 'swish' is not known",
    ),
}


@pytest.mark.parametrize("name", GRAPHS)
def test_graph(name: str, tmp_path: Path) -> None:
    layer, message = GRAPHS[name]
    shape = [2, 2] if layer["class_name"] == "SimpleRNN" else [4]
    if layer["class_name"] == "SimpleRNN":
        zeros = torch.zeros(2, 2).numpy()
        layer = {**layer, "return_sequences": False, "return_state": False, "weight_data": zeros}
        layer |= {"recurrent_weight_data": zeros, "bias_data": zeros[0]}
    layers = [
        {"class_name": "InputLayer", "name": "x", "input_shape": shape},
        {**layer, "name": "odd", "inputs": ["x"]},
    ]
    folder = tmp_path / "out"
    with pytest.raises(RefusedError, match=message):
        graph("OpenRTL", layers, ["x"], ["odd"], model_settings(), folder).write()
    assert not folder.exists()


def test_dilation_is_refused(tmp_path: Path) -> None:
    """hls4ml's C++ computes something else for it."""
    model = nn.Sequential(nn.Conv1d(2, 2, 2, dilation=2))
    with pytest.raises(RefusedError, match="dilation 2"):
        convert(model, [(2, 6)], tmp_path / "out", name="net", precision="fixed<16,6>").write()


@pytest.mark.parametrize("content", [None, b"", b"not a model", "weights only"])
def test_a_file_that_holds_no_module(
    content: bytes | str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "net.pt", tmp_path / "out"
    if isinstance(content, str):
        torch.save({"weight": torch.zeros(2)}, path)
    elif content is not None:
        path.write_bytes(content)
    assert main([str(path), "-o", str(out)]) == 2
    assert "saved whole" in " ".join(capsys.readouterr().err.split())
    assert not out.exists()


class Broken(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x + torch.zeros(7)


def _line(capsys: pytest.CaptureFixture[str]) -> str:
    text = capsys.readouterr().err.removeprefix("\r")
    assert text.startswith("openrtl: ") and text.count("\n") == 1
    return text


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--input-shape", "5"), "for an input of 5; is that the shape of each input?"),
        (("--input-shape", "x"), "argument --input-shape: 'x': a shape without the batch"),
        ((), "its input shape is unknown; give --input-shape"),
        (("--input-shape", "4", "--part", "ecp7"), "argument --part: invalid choice: 'ecp7'"),
        (("--input-shape", "4", "--clock", "3"), "argument --clock: '3': a frequency or a period"),
        (("--input-shape", "4", "--name", "1x"), "'1x' can't name a Verilog module"),
        (("--input-shape", "4", "-o", "/proc/none"), "/proc/none: No such file or directory"),
    ],
)
def test_wrong_options_end_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], says: str
) -> None:
    path, out = tmp_path / "net.pt", tmp_path / "out"
    torch.save(nn.Sequential(FixedQuantizer(2, 5), FixedLinear(4, 3, 4)), path)
    try:
        code: Any = main([str(path), "-o", str(out), "--no-synth", *options])
    except SystemExit as error:
        code = error.code
    assert code == 2 and says in _line(capsys)
    assert not out.exists()


def test_a_module_that_raises_names_its_line() -> None:
    line = Broken.forward.__code__.co_firstlineno + 1
    with pytest.raises(RefusedError, match=rf"test_refuse\.py:{line}: RuntimeError: The size of"):
        check_forward(Broken(), [(4,)])


def test_what_is_too_large_is_refused_unless_it_is_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(estimate, "MOST_CELLS", 20)
    path, out = tmp_path / "net.pt", tmp_path / "out"
    torch.save(nn.Sequential(FixedQuantizer(2, 5), FixedLinear(4, 3, 4)), path)
    arguments = [str(path), "-o", str(out), "--no-synth", "--input-shape", "4"]
    assert main(arguments) == 2
    assert "the bound is 20 cells and 60 s, and --allow-large lifts it" in _line(capsys)
    assert not out.exists()
    assert main([*arguments, "--allow-large"]) == 0 and out.exists()


def test_a_module_of_a_class_that_is_not_found_says_where_to_look(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine_own.py").write_text("from torch import nn\nclass Mine(nn.Linear): pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    mine = importlib.import_module("mine_own")
    path, out = tmp_path / "net.pt", tmp_path / "out"
    torch.save(mine.Mine(4, 3), path)
    monkeypatch.delitem(sys.modules, "mine_own")
    monkeypatch.setattr(sys, "path", [one for one in sys.path if one != str(tmp_path)])
    assert main([str(path), "-o", str(out), "--input-shape", "4"]) == 2
    line = _line(capsys)
    assert "No module named 'mine_own'" in line and "set PYTHONPATH" in line
