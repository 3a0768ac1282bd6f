"""Ordinary torch networks with ordinary hls4ml precisions, against hls4ml's C simulation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from csim import c_simulation, integer_model, vectors
from torch import nn

from openrtl.convert import convert

PRECISIONS = [
    ("fixed<16,6>", "name"),  # automatic accumulators and results
    ("fixed<16,6>", "model"),  # one type for everything, accumulators included
    ("fixed<12,5,RND,SAT>", "model"),
    ("fixed<14,5,RND_CONV,SAT_SYM>", "name"),
    ("fixed<12,5,TRN_ZERO,WRAP>", "model"),
]


def _mlp() -> nn.Module:
    return nn.Sequential(
        nn.Linear(6, 8),
        nn.BatchNorm1d(8),
        nn.ReLU(),
        nn.Linear(8, 6),
        nn.LeakyReLU(0.2),
        nn.Linear(6, 6),
        nn.ELU(),
        nn.Linear(6, 5),
        nn.Tanh(),
        nn.Linear(5, 4),
        nn.Sigmoid(),
        nn.Linear(4, 3),
    )


def _softmax() -> nn.Module:
    return nn.Sequential(nn.Linear(6, 4), nn.Softmax(dim=-1))


def _prelu() -> nn.Module:
    return nn.Sequential(nn.Linear(6, 4), nn.PReLU(4), nn.Linear(4, 3))


def _conv() -> nn.Module:
    return nn.Sequential(
        nn.Conv1d(2, 3, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool1d(2),
        nn.Conv1d(3, 2, 2),
        nn.AvgPool1d(2),
        nn.Flatten(),
        nn.Linear(2, 3),
    )


class Recurrent(nn.Module):
    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.cell = kind(2, 3, batch_first=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = self.cell(x)[0]
        return result


CASES: list[tuple[str, Any, tuple[int, ...], str]] = [
    ("mlp", _mlp, (6,), "internal"),
    ("prelu", _prelu, (6,), "internal"),
    ("softmax", _softmax, (6,), "internal"),
    ("conv", _conv, (2, 8), "internal"),
    ("lstm", lambda: Recurrent(nn.LSTM), (3, 2), "off"),
    ("gru", lambda: Recurrent(nn.GRU), (3, 2), "off"),
]
# The MLP in every precision, the others in some: one type for everything, then automatic types.
KINDS = {
    "mlp": range(5),
    "prelu": (0, 1),
    "softmax": (1, 2),
    "conv": (0, 2),
    "lstm": (1,),
    "gru": (2,),
}
CHOSEN = [(case, PRECISIONS[n]) for case in CASES for n in KINDS[case[0]]]


@pytest.mark.long
@pytest.mark.parametrize(
    ("case", "precision"), CHOSEN, ids=[f"{c[0]} {p[0]} {p[1]}" for c, p in CHOSEN]
)
def test_equal_to_c_simulation(case: Any, precision: tuple[str, str], tmp_path: Path) -> None:
    _, make, shape, channels = case
    torch.manual_seed(3)
    module = make().train()
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            if name.endswith("weight") and parameter.ndim > 1:
                parameter.mul_(2.5)  # so that the outputs vary
        for _ in range(5):  # batch statistics that are not the initial ones
            module(torch.randn(64, *shape))
    module.eval()
    options = {"precision": precision[0], "granularity": precision[1], "channels_last": channels}
    theirs = convert(module, [shape], tmp_path / "csim", backend="Vitis", **options)
    ours = convert(module, [shape], tmp_path / "rtl", **options)
    ordered = shape[::-1] if channels == "internal" and len(shape) == 2 else shape
    x = vectors(1, 1000, ordered)
    golden, observed = c_simulation(theirs, [x])[0], integer_model(ours, [x])[0]
    assert len(np.unique(golden)) > 4
    assert int((golden != observed).sum()) == 0
