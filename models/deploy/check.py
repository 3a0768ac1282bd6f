"""Torch and its conversion compared on random vectors: they must compute the same function."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from models.nets.graph import REMEDY
from models.nets.own import NetworkError as NetworkError
from models.nets.student import Student
from openrtl.design import states_of
from tickwire.features.table import TABLE, TOP

CHECKED = 500  # vectors on which torch and the conversion are compared

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def outputs(net: nn.Module, x: Integers, scale: float) -> Floats:
    """A network's outputs for a stream of integer inputs, x / scale, from empty states on."""
    if isinstance(net, Student):
        from models.train.stream import exact_outputs  # numba, which only a student needs

        return exact_outputs(net, x)
    stream = torch.as_tensor(x / scale)
    states = states_of(getattr(net, "states", ()))
    with torch.no_grad():
        if not states:
            return np.asarray(net(stream).numpy())
        kept = [torch.zeros(1, state.size, dtype=torch.float64) for state in states]
        width, rows = sum(state.size for state in states), []
        for row in stream:
            whole = net(row[None], *kept)
            kept = [whole[:, state.start : state.start + state.size] for state in states]
            rows.append(whole[0, width:].numpy())
    return np.stack(rows)


def check(name: str, inputs: tuple[int, ...], net: nn.Module, graph: Any, scale: float) -> None:
    """Refuse a network whose torch outputs differ from the integers that became its Verilog, or
    whose outputs never change."""
    rng, lowered = np.random.default_rng(1), graph.openrtl
    lows = np.array([TABLE[index].low for index in inputs])
    vectors = [rng.integers(lows, TOP + 1, (CHECKED, len(lows))) / scale]
    for port in lowered.inputs[1:]:
        form = port.form
        codes = rng.integers(form.low / form.step, form.high / form.step + 1, (CHECKED, port.size))
        vectors.append(codes * form.step)
    with torch.no_grad():
        expected = net(*map(torch.as_tensor, vectors)).numpy()
    observed = lowered.evaluate(lowered.quantise_inputs(vectors))
    wrong = int((expected != observed).any(axis=1).sum())
    if wrong:
        raise NetworkError(
            f"{name}: torch and its conversion differ on {wrong} of {CHECKED} vectors; {REMEDY}"
        )
    width = len(graph.openrtl_design.out_forms)
    if (expected[:, -width:] == expected[0, -width:]).all():
        raise NetworkError(f"{name}: its outputs are the same for all of {CHECKED} vectors")
