"""A kept student in RTL: the Verilated network says what its integers say, on a day's features."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from models.features import Features
from models.nets import INPUT_SCALE, LSTMAttentionStep
from models.steps import run
from models.students import TRAINED, load
from openrtl.convert import convert
from openrtl.simulate import Simulation
from tickwire.data import days

pytestmark = pytest.mark.long

NAMES = sorted(path.name for path in TRAINED.glob("lstm_attn_*"))


@pytest.mark.parametrize("name", NAMES[:1])
def test_a_kept_student_in_hardware(tmp_path: Path, name: str) -> None:
    net, _ = load(TRAINED / name)
    assert isinstance(net, LSTMAttentionStep)
    net = net.double().eval()
    model = convert(net, net.input_shapes(), tmp_path, name="lstm_attn", tag_bits=1)
    model.write()
    interface = json.loads((tmp_path / "interface.json").read_text())
    assert interface["loop"]["cycles"] <= 12
    simulation = Simulation(tmp_path)
    simulation.compile()
    _, chunks = days.read("market", 20_000, 3)
    (events,) = chunks
    vectors = Features(1).run(events)
    x = vectors.values[vectors.event][2_000:2_600].astype(np.float64) / INPUT_SCALE
    tags = np.arange(len(x)) % 2  # two instruments, turn by turn
    seen = simulation.run(x, tags=tags)
    with torch.no_grad():
        want = run(net, torch.as_tensor(x), torch.as_tensor(tags)).numpy()
    assert seen.values.shape == want.shape == (600, 5)
    assert np.array_equal(seen.values, want)
    assert all(len(np.unique(want[:, output])) > 50 for output in range(3))
