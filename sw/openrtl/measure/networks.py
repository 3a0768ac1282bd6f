"""The networks that are measured: one of each kind, each small enough for an ECP5."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from openrtl.torch import (
    FixedConv1d,
    FixedLinear,
    FixedQuantizer,
    FixedSoftmax,
    FixedTable,
    Format,
    prune_smallest,
)
from openrtl.torch.layers import FixedWeights
from openrtl.torch.steps import GRUStep, LinearAttentionStep, LSTMStep, Step


class ConvNet(nn.Module):
    """Two causal convolutions over a window of 10 and a linear head."""

    def __init__(self) -> None:
        super().__init__()
        self.to_x = FixedQuantizer(2, 4)
        self.first = FixedConv1d(3, 6, 3, causal=True, fraction=3)
        self.first_relu, self.to_first = nn.ReLU(), FixedQuantizer(2, 3, signed=False)
        self.second = FixedConv1d(6, 4, 3, stride=2, causal=True, fraction=3)
        self.second_relu, self.to_second = nn.ReLU(), FixedQuantizer(2, 3, signed=False)
        self.flat = nn.Flatten()
        self.head, self.to_y = FixedLinear(20, 3, 3), FixedQuantizer(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.to_first(self.first_relu(self.first(self.to_x(x))))
        x = self.to_second(self.second_relu(self.second(x)))
        result: Tensor = self.to_y(self.head(self.flat(x)))
        return result

    def input_shapes(self) -> list[tuple[int, ...]]:
        return [(3, 10)]


class SoftmaxNet(nn.Module):
    """A linear layer and a softmax of fixed-point tables."""

    def __init__(self) -> None:
        super().__init__()
        logit = Format(True, 2, 4)
        self.to_x, self.linear = FixedQuantizer(2, 4), FixedLinear(12, 5, 4)
        self.to_logit = FixedQuantizer(logit.integer, logit.fraction)
        self.softmax = FixedSoftmax(5, logit)

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.softmax(self.to_logit(self.linear(self.to_x(x))))
        return result

    def input_shapes(self) -> list[tuple[int, ...]]:
        return [(12,)]


class PlainMLP(nn.Module):
    """Ordinary torch layers; hls4ml gives every number the same format."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.norm, self.relu = nn.Linear(16, 16), nn.BatchNorm1d(16), nn.ReLU()
        self.second, self.tanh, self.third = nn.Linear(16, 8), nn.Tanh(), nn.Linear(8, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu(self.norm(self.first(x)))
        result: Tensor = self.third(self.tanh(self.second(x)))
        return result

    def input_shapes(self) -> list[tuple[int, ...]]:
        return [(16,)]


class TableAlone(nn.Module):
    """A table behind the quantiser that addresses it, to be read at every address.

    In a network some addresses may never occur, as some totals of a softmax.
    """

    def __init__(self, table: FixedTable) -> None:
        super().__init__()
        form = table.address
        self.to_address = FixedQuantizer(form.integer, form.fraction, signed=form.signed)
        self.table = table

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.table(self.to_address(x))
        return result

    def input_shapes(self) -> list[tuple[int, ...]]:
        return [(1,)]


class PlainTanh(nn.Module):
    """torch's tanh, which hls4ml reads from a table of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.tanh = nn.Tanh()

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.tanh(x)
        return result

    def input_shapes(self) -> list[tuple[int, ...]]:
        return [(1,)]


@dataclass
class Case:
    """A network with what its comparison needs."""

    name: str
    module: Any
    inputs: list[Format]  # one an input tensor: its grid
    precision: str = "fixed<32,16>"
    granularity: str = "model"
    torch_is_exact: bool = True
    exhaustive: bool = False  # every value of its one input, instead of drawn vectors
    bounds: dict[str, tuple[float, str]] = field(default_factory=dict)

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        shapes: list[tuple[int, ...]] = self.module.input_shapes()
        return shapes

    @property
    def recurrent(self) -> bool:
        return isinstance(self.module, Step)


def _thinned(module: nn.Module, share: float) -> nn.Module:
    """Prune without training: the comparison needs no accuracy."""
    for layer in module.modules():
        if isinstance(layer, FixedWeights):
            prune_smallest(layer, share)
    return module


def _plain_statistics(module: PlainMLP) -> PlainMLP:
    module.train()
    with torch.no_grad():
        for _ in range(20):
            module(torch.randn(256, 16))
    return module


def _every_address(name: str, table: FixedTable) -> Case:
    return Case(f"{name} at every address", TableAlone(table), [table.address], exhaustive=True)


def cases(digits: nn.Module, seed: int = 1) -> list[Case]:
    """All of them, from one seed; the trained MLP is passed in."""
    torch.manual_seed(seed)
    lstm = LSTMStep(8, 16, 3)
    form, pixel = lstm.form, Format(False, 0, 4)
    gru, attention = GRUStep(8, 8, 3), LinearAttentionStep(8, 4, 4, 3)
    softmax = SoftmaxNet()
    loop = {"loop_cycles": (12.0, "<=")}
    return [
        Case(
            "mlp 16-64-32-32-5",
            digits,
            [pixel],
            bounds={"cycles": (20.0, "<="), "dsp": (0.0, "<=")},
        ),
        Case("conv1d", _thinned(ConvNet(), 0.5), [Format(True, 2, 4)]),
        Case("lstm step", _thinned(lstm, 0.6), [form.x, form.hidden, form.cell], bounds=loop),
        Case("gru step", _thinned(gru, 0.5), [form.x, form.hidden], bounds=loop),
        Case("attention step", _thinned(attention, 0.5), [form.x, form.cell], bounds=loop),
        Case("softmax head", softmax, [Format(True, 2, 4)]),
        _every_address("softmax powers", softmax.softmax.power),
        _every_address("softmax inverses", softmax.softmax.invert),
        Case(
            "plain torch mlp",
            _plain_statistics(PlainMLP()),
            [Format(True, 5, 10)],
            precision="fixed<16,6>",
            granularity="name",
            torch_is_exact=False,
        ),
        Case(
            "plain torch tanh at every input",
            PlainTanh(),
            [Format(True, 5, 10)],
            precision="fixed<16,6>",
            granularity="name",
            torch_is_exact=False,
            exhaustive=True,
        ),
    ]
