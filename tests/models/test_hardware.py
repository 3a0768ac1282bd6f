"""A kept student in RTL: the Verilated network equals its torch module on a day's features."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from models.deploy.sweep import LOOP, ROOM, hardware
from models.nets.student import INPUT_SCALE, INPUTS, CNNStep, NetConfig, StudentStep, build
from models.train.students import TRAINED, load
from openrtl.convert import convert
from openrtl.measure.judge import judge
from openrtl.measure.networks import Case
from openrtl.simulate import Simulation
from openrtl.torch import prune_smallest
from openrtl.torch.steps import DilatedConvCell, run
from tickwire.data import days
from tickwire.features.kernel import Features

pytestmark = pytest.mark.long

# of each kind, one of the default horizon
NAMES = sorted(path.name for path in TRAINED.glob("*_50"))


@pytest.mark.parametrize("name", NAMES)
def test_a_kept_student_in_hardware(tmp_path: Path, name: str) -> None:
    net, _ = load(TRAINED / name)
    net = net.double().eval()
    shapes: list[tuple[int, ...]] = [(INPUTS,), *((state.size,) for state in net.states)]
    model = convert(net, shapes, tmp_path, name="student", tag_bits=1)
    model.write()
    interface = json.loads((tmp_path / "interface.json").read_text())
    assert interface.get("loop", {}).get("cycles", 1) <= LOOP
    simulation = Simulation(tmp_path)
    simulation.compile()
    _, chunks = days.read("market", 20_000, 3)
    (events,) = chunks
    vectors = Features(1).run(events)
    x = vectors.values[vectors.event][2_000:2_600].astype(np.float64) / INPUT_SCALE
    tags = np.arange(len(x)) % 2  # two instruments, in turn
    observed = simulation.run(x, tags=tags).values
    with torch.no_grad():
        stream = torch.as_tensor(x)
        step = isinstance(net, StudentStep)
        expected = (run(net, stream, torch.as_tensor(tags)) if step else net(stream)).numpy()
    assert observed.shape == expected.shape == (600, 5)
    assert np.array_equal(observed, expected)
    assert all(len(np.unique(expected[:, output])) > 50 for output in range(3))


@pytest.mark.parametrize("name", NAMES)
def test_a_kept_student_fits(tmp_path: Path, name: str) -> None:
    """With the state of 16 instruments."""
    figures = hardware(load(TRAINED / name)[0], tmp_path)
    assert 1_000 < figures["comb"] <= ROOM and figures["loop"] <= LOOP


@pytest.mark.parametrize("pruned", [False, True])
def test_the_convolution_is_exact_at_every_level(tmp_path: Path, pruned: bool) -> None:
    """torch, hls4ml's C++, integers and Verilog; the state is ring buffers that move each tick."""
    torch.manual_seed(5)
    net = build(NetConfig("cnn", hidden=5, dilations=(1, 3, 2)))
    assert isinstance(net, CNNStep)
    if pruned:  # the oldest entries of two of the rings are then not read
        for cell in list(net.cells)[1:]:
            assert isinstance(cell, DilatedConvCell)
            prune_smallest(cell.ago, 1.0)
    form = net.form
    verdict = judge(Case("cnn step", net, [form.x, form.ring]), tmp_path, 1200, 2)
    assert verdict.values == 1200 * (net.rings.size + 5) and verdict.distinct > 300
    assert verdict.mismatches == {"torch, c++": 0, "c++, integers": 0, "torch, verilog": 0}
    assert verdict.steps == 75  # of each instrument, many times what a ring holds
    assert verdict.design.core.loop is not None and verdict.design.core.loop.cycles <= 12
