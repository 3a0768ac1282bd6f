"""Each recipe of docs/recipes.md converts as it stands; docs/layers.md has every layer."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import torch

import openrtl.torch
from hwtools.toolchain import ROOT
from models.deploy import convert
from models.deploy.convert import converted
from models.nets.module import make
from models.nets.own import own
from models.train.own import OwnNet

PAGE = (ROOT / "docs" / "recipes.md").read_text()
TOML = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
SECTIONS = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]
RECIPES = {
    section.splitlines()[0]: re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    for section in SECTIONS
}


def recipe(folder: Path, name: str) -> Path:
    (code,), (toml,) = RECIPES[name], TOML
    (folder / "my_net.py").write_text(code)
    (folder / "my.toml").write_text(toml)
    return folder / "my.toml"


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_converts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The conversion itself compares torch with the integers that become Verilog."""
    monkeypatch.setattr(convert, "NETS", tmp_path / "net")
    torch.manual_seed(1)
    network = converted(str(recipe(tmp_path, name)))
    assert network.recurrent == bool(getattr(network.net, "states", ()))
    rng = np.random.default_rng(3)
    vectors = rng.integers(0, 128, (60, 32))
    scores = network.scores(vectors, np.zeros(60, np.bool_))
    assert all(len(np.unique(scores[:, place])) > 5 for place in range(3)), name
    assert network.latency > 1 and 100 < network.cells < 20_000


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_can_be_trained(tmp_path: Path, name: str) -> None:
    """A loss on a sequence of two streams gives each of its weights a gradient."""
    torch.manual_seed(1)
    described = own(recipe(tmp_path, name))
    net = OwnNet(make(described).float(), described.inputs)
    x = torch.randint(0, 128, (24, 2, 32)) / 32
    y, _ = net.sequence(x, net.begin(2, x))
    assert y.shape == (24, 2, 3)
    y.square().sum().backward()
    weights = {key: value for key, value in net.named_parameters() if key.endswith("weight")}
    assert weights and all(value.grad is not None for value in weights.values())
    moved = [key for key, value in weights.items() if value.grad.abs().sum() > 0]  # type: ignore[union-attr]
    assert len(moved) >= len(weights) - 1


def test_there_are_recipes_for_what_people_bring() -> None:
    for name in ("Dense", "GRU step", "LSTM step", "Attention", "Convolution over time",
                 "Convolution over features", "Plain torch"):  # fmt: skip
        assert len(RECIPES[name]) == 1


def test_every_layer_has_its_place_on_the_page() -> None:
    page = (ROOT / "docs" / "layers.md").read_text()
    assert [name for name in openrtl.torch.__all__ if f"`{name}" not in page] == []
