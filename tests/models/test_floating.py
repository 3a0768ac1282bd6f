"""A student's float self: the same weights without rounding, near the exact one."""

from __future__ import annotations

import numpy as np
import torch

from models.nets.floating import as_float
from models.nets.student import INPUT_SCALE, NetConfig, build
from tickwire.features.table import TABLE


def test_a_float_self_is_near_and_not_on_the_grid() -> None:
    generator = np.random.default_rng(2)
    x = torch.as_tensor(generator.integers(-60, 61, (20, 3, len(TABLE))) / INPUT_SCALE)
    for kind in ("lstm_attn", "mlp"):
        torch.manual_seed(3)
        exact = build(NetConfig(kind)).double()
        floating = build(NetConfig(kind)).double()
        floating.load_state_dict(exact.state_dict())
        floating = as_float(floating)
        with torch.no_grad():
            grid, _ = exact.sequence(x, exact.begin(3, x))
            free, _ = floating.sequence(x, floating.begin(3, x))
        steps = free * 2.0**exact.form.output.fraction
        assert torch.equal(grid * 256, torch.round(grid * 256))
        assert (steps != torch.round(steps)).double().mean() > 0.9
        assert 0.0 < (grid - free).abs().mean() < 0.25 * free.abs().mean() + 0.1
