"""The torch layers: gradients, trained widths, exact zeros, integers, and hls4ml reading them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from openrtl.measure.judge import judge
from openrtl.measure.networks import Case
from openrtl.precision import ApFixed, cast_numbers
from openrtl.torch import (
    FixedConv1d,
    FixedLinear,
    FixedQuantizer,
    FixedTable,
    Format,
    effective_bit_operations,
    export,
    nonzero_weights,
    prune_smallest,
)

pytestmark = pytest.mark.long


@pytest.mark.parametrize("overflow", ["WRAP", "SAT", "SAT_SYM"])
@pytest.mark.parametrize("rounding", ["TRN", "RND", "RND_CONV"])
def test_quantiser_is_the_cast(rounding: str, overflow: str) -> None:
    every = torch.arange(-2048, 2048, dtype=torch.float64) / 64
    layer = FixedQuantizer(2, 3, rounding=rounding, overflow=overflow).double()
    expected = cast_numbers(every.numpy(), ApFixed(True, 2, 3, rounding, overflow))
    assert np.array_equal(layer(every).detach().numpy(), expected)


def test_gradients_go_straight_through_and_stop_at_the_ends() -> None:
    x = torch.tensor([0.3, 5.0, -7.0], requires_grad=True)
    FixedQuantizer(2, 2)(x).sum().backward()
    assert x.grad is not None and x.grad.tolist() == [1.0, 0.0, 0.0]


def test_widths_train() -> None:
    """Too few fraction bits grow under the loss; spare ones shrink under the penalty."""
    torch.manual_seed(0)
    x, target = torch.rand(512, 4), torch.rand(4, 1)
    layer = FixedLinear(4, 1, fraction=2, bias=False, learn="weight")
    with torch.no_grad():
        layer.weight.copy_(target.T)
    optimizer = torch.optim.Adam([layer.weight_fraction], 0.05)
    for _ in range(200):
        loss = 100 * ((layer(x) - x @ target) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    grown = layer.weight_fraction.detach().mean()
    assert grown > 3
    for _ in range(300):
        penalty = effective_bit_operations(layer)
        optimizer.zero_grad()
        penalty.backward()
        optimizer.step()
    assert layer.weight_fraction.detach().mean() < grown - 2


def test_pruned_weights_are_zero_for_good() -> None:
    layer = FixedLinear(8, 8, 4)
    assert prune_smallest(layer, 0.5) == 32
    optimizer = torch.optim.SGD(layer.parameters(), 1.0)
    for _ in range(3):
        optimizer.zero_grad()
        layer(torch.randn(16, 8)).square().sum().backward()
        optimizer.step()
    assert int((layer.grid_weight() == 0).sum()) >= 32
    assert nonzero_weights(layer)[0] <= 32
    assert float((layer.weight_bits() * ~layer.keep).sum()) == 0.0


class Small(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.to_x, self.linear = FixedQuantizer(2, 4), FixedLinear(5, 3, 5)
        self.narrow = FixedQuantizer(1, 4)
        self.table = FixedTable(torch.tanh, Format(True, 1, 4), Format(True, 0, 7))

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.table(self.narrow(self.linear(self.to_x(x))))
        return result

    def input_shapes(self) -> list[tuple[int, ...]]:
        return [(5,)]


def test_export_is_the_layer_in_integers() -> None:
    """Integer arithmetic on the exported numbers alone gives torch's result."""
    torch.manual_seed(2)
    model = Small().double()
    layers = export(model)
    x = torch.randint(-64, 64, (500, 5))
    weight, bias = layers["linear"].weight, layers["linear"].bias
    assert weight.codes.dtype == np.int64 and bias is not None
    common = max(bias.fraction, weight.fraction + 4)
    sums = (x.numpy() @ weight.codes.T) << (common - weight.fraction - 4)
    sums = sums + (bias.codes << (common - bias.fraction))
    drop = common - 4
    codes = np.clip((sums + (1 << (drop - 1))) >> drop, -32, 31)
    table = layers["table"].entries
    expected = model(x.double() / 16).detach().numpy()
    assert np.array_equal(table.codes[codes % 64] * 2.0**-table.fraction, expected)
    assert len(np.unique(expected)) > 10


def test_convolution_pads_only_the_past() -> None:
    layer = FixedConv1d(2, 3, 3, causal=True, bias=False)
    x = torch.zeros(1, 2, 6)
    x[0, :, 4] = 1.0
    assert layer(x)[0, :, :4].abs().sum() == 0
    assert layer(x)[0, :, 4].abs().sum() > 0


class NarrowedTable(nn.Module):
    """A table behind a quantiser that its input can't fill: hls4ml narrows the quantiser."""

    def __init__(self) -> None:
        super().__init__()
        self.to_x, self.linear = FixedQuantizer(0, 2), FixedLinear(2, 2, 1, bias=False)
        self.narrow = FixedQuantizer(3, 6)
        self.table = FixedTable(torch.sigmoid, Format(True, 3, 6), Format(False, 0, 8))
        with torch.no_grad():
            self.linear.weight.copy_(torch.tensor([[0.5, 0.5], [1.0, -0.5]]))

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.table(self.narrow(self.linear(self.to_x(x))))
        return result

    def input_shapes(self) -> list[tuple[int, ...]]:
        return [(2,)]


@pytest.mark.parametrize("kind", [Small, NarrowedTable])
def test_every_level_agrees(kind: Any, tmp_path: Path) -> None:
    torch.manual_seed(5)
    module = kind()
    form = module.to_x.format()
    verdict = judge(Case("tabled", module, [form]), tmp_path, 400, 1)
    assert verdict.total == 0, verdict.mismatches
    assert verdict.distinct > 4
    if kind is Small:
        assert verdict.reached is not None and verdict.reached.ties > 0
