"""A network of one's own that is wrong: one line, with its file, its line and what would work."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch

from models.deploy import convert
from models.deploy.convert import converted
from models.deploy.source import find
from models.nets.examine import rounded_away
from models.nets.module import make
from models.nets.own import NetworkError, own
from tests.models.own_cases import CASES, FEATURES, HEAD, MINE, MODULE, TOML, Case


@pytest.fixture(autouse=True)
def _apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert, "NETS", tmp_path / "net")


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_said_in_one_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    case, path = CASES[name], tmp_path / "my.toml"
    case.write(tmp_path)
    before = {*tmp_path.rglob("*")}
    assert convert.main([str(path)]) == 2
    out, line = capfd.readouterr()
    assert line.startswith(f"network: {path}: ") and line.count("\n") == 1 and not out
    assert case.message in line, line
    left = {each for each in {*tmp_path.rglob("*")} - before if each.is_file()}
    assert {each for each in left if each.suffix != ".pyc"} == set()


@pytest.mark.parametrize("name", TOML)
def test_the_toml_file_is_checked_without_torch(tmp_path: Path, name: str) -> None:
    path = TOML[name].write(tmp_path)
    with pytest.raises(NetworkError, match=r"my\.toml: "):
        own(path)
    assert "torch" not in own.__globals__


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match=r"none\.toml: No such file"):
        find(str(tmp_path / "none.toml"))


def test_a_neighbour_is_the_files_own(tmp_path: Path) -> None:
    """Two files in two folders import what has one name: each has its own."""
    mine = "from blocks import SCALE\n\n\n" + MINE.replace(
        "pass", "def __init__(self):\n        super().__init__(scale=SCALE)"
    )
    nets = []
    for scale in (1.0, 2.0, 1.0):
        folder = tmp_path / f"{scale:g}"
        folder.mkdir(exist_ok=True)
        (folder / "blocks.py").write_text(f"SCALE = {scale}\n")
        nets.append(make(own(Case("", mine=mine).write(folder))).first.weight)
    assert nets[0].equal(nets[2]) and nets[1].equal(2 * nets[0])


@pytest.mark.parametrize("sub", [False, True])
def test_frozen_weights_are_no_widths(tmp_path: Path, sub: bool) -> None:
    """A class for inference draws others each time; a layer of one's own has widths, too."""
    mine = MINE.replace(
        "pass",
        "def __init__(self):\n        super().__init__()\n"
        "        torch.manual_seed(torch.seed() % 1000)\n"
        "        self.first = Linear(3, 6, 4)\n        self.requires_grad_(False)",
    )
    base = "class Linear(FixedLinear):\n    pass\n\n\n" if sub else "Linear = FixedLinear\n\n\n"
    case = Case("", mine=base + mine)
    path = case.write(tmp_path)
    saved = make(own(path)).state_dict()
    torch.save(saved, tmp_path / "w.pt")
    path.write_text(case.toml + 'weights = "w.pt"\n')
    assert make(own(path)).state_dict()["first.weight"].equal(saved["first.weight"])
    saved["first.weight_fraction"] += 1
    torch.save(saved, tmp_path / "w.pt")
    with pytest.raises(NetworkError, match=r"first\.weight_fraction is 5, and Mine says 4"):
        make(own(path))


def test_features_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    plain = find(str(Case("").write(tmp_path)))
    other = 'features = ["flow_8", "spread", "imbalance_1"]\n'
    turned = find(str(Case("", toml=HEAD + other).write(tmp_path)))
    assert plain.inputs == (0, 2, 11) and turned.inputs == (11, 0, 2)
    assert plain.weights != turned.weights
    package = (converted(str(tmp_path / "my.toml")).folder / "network_pkg.sv").read_text()
    assert "FEATURE[INPUTS] = '{11, 0, 2};" in package


def test_a_file_may_import_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("SCALE = 0.5\n")
    mine = "from beside import SCALE\n\nclass Mine(Net):\n    scale = SCALE\n"
    net = make(own(Case("", mine=mine).write(tmp_path)))
    assert net.scale == 0.5 and str(tmp_path) not in sys.path
    del sys.modules["beside"]


def test_what_rounds_away_is_named_by_layer(tmp_path: Path) -> None:
    mine = (
        "class Mine(Net):\n    def __init__(self):\n        super().__init__()\n"
        "        with torch.no_grad():\n            self.first.weight[0] = 0.03\n"
        "            self.first.weight[1:] = 0.5\n            self.last.weight[:] = 2.5\n"
    )
    lines = rounded_away(make(own(Case("", mine=mine).write(tmp_path))))
    assert len(lines) == 2
    assert "first: 3 of 18 weights round to 0 at 4 fraction bits, steps of 0.0625" in lines[0]
    assert lines[1] == "last: 18 of 18 weights are beyond 2 and are cut to it"


def test_the_module_of_the_cases_is_right(tmp_path: Path) -> None:
    assert FEATURES in Case("").toml and "class Net" in MODULE
    assert converted(str(Case("").write(tmp_path))).latency > 0
