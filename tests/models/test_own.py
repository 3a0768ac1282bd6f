"""A network of one's own that is wrong: one line, with its file, its line and what would work."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from models.deploy import convert
from models.deploy.convert import converted
from models.deploy.source import find
from models.nets.examine import rounded_away
from models.nets.module import make
from models.nets.own import NetworkError, own
from tests.models.own_cases import CASES, FEATURES, HEAD, MODULE, TOML, Case


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
