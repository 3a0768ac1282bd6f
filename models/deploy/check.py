"""Whether torch and its conversion are the same function, on vectors at random."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from models.nets.student import Student
from models.train.stream import exact_outputs
from openrtl.design import states_of
from tickwire.features.table import TABLE, TOP

CHECKED = 500  # vectors on which torch and the conversion are compared
REMEDY = "build it of openrtl.torch's layers, with as many inputs as features"

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class NetworkError(ValueError):
    """A network that the path can't take. The message is one line."""


def outputs(net: nn.Module, x: Integers, scale: float) -> Floats:
    """What a network says of a stream of its inputs' integers, from empty states on."""
    if isinstance(net, Student):
        return exact_outputs(net, x)
    given = torch.as_tensor(x / scale)
    states = states_of(getattr(net, "states", ()))
    with torch.no_grad():
        if not states:
            return np.asarray(net(given).numpy())
        kept = [torch.zeros(1, state.size, dtype=torch.float64) for state in states]
        width, made = sum(state.size for state in states), []
        for row in given:
            whole = net(row[None], *kept)
            kept = [whole[:, state.start : state.start + state.size] for state in states]
            made.append(whole[0, width:].numpy())
    return np.stack(made)


def check(name: str, inputs: tuple[int, ...], net: nn.Module, graph: Any, scale: float) -> None:
    """Torch against the integers that the Verilog was made of, on vectors at random."""
    rng, lowered = np.random.default_rng(1), graph.openrtl
    lows = np.array([TABLE[index].low for index in inputs])
    given = [rng.integers(lows, TOP + 1, (CHECKED, len(lows))) / scale]
    for port in lowered.inputs[1:]:
        form = port.form
        codes = rng.integers(form.low / form.step, form.high / form.step + 1, (CHECKED, port.size))
        given.append(codes * form.step)
    with torch.no_grad():
        want = net(*map(torch.as_tensor, given)).numpy()
    got = lowered.evaluate(lowered.quantise_inputs(given))
    wrong = int((want != got).any(axis=1).sum())
    if wrong:
        raise NetworkError(
            f"{name}: torch and its conversion differ on {wrong} of {CHECKED} vectors; {REMEDY}"
        )
    width = graph.openrtl_design.out_forms
    if (want[:, -len(width) :] == want[0, -len(width) :]).all():
        raise NetworkError(f"{name}: it says the same of {CHECKED} vectors")
