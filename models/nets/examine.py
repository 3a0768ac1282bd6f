"""What is seen of a network of one's own before anything converts: its layers, widths, outputs.

A few vectors go through it in torch. What can't be on the path is refused with the user's line or
the layer's name, and with what would work.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from models.nets.module import blamed
from models.nets.own import NetworkError, Own
from openrtl.design import StatePort, states_of
from openrtl.torch import FixedQuantizer
from openrtl.torch.layers import FixedWeights
from tickwire.gen.records import CLASSES

MOST_OUTPUTS = 5  # the scores of down, flat and up, the return, the volatility
_ROWS, _FRACTION = 8, 5  # vectors that are tried; n / 32
_STEPS = {
    "GRU": "openrtl.torch.GRUStep(inputs, hidden, 3)",
    "LSTM": "openrtl.torch.LSTMStep(inputs, hidden, 3)",
    "RNN": "openrtl.torch.GRUStep(inputs, hidden, 3)",
    "MultiheadAttention": "openrtl.torch.LinearAttentionStep(inputs, keys, values, 3)",
}
_STEPS |= {f"{name}Cell": _STEPS[name] for name in ("GRU", "LSTM", "RNN")}
_NORMS = ("LayerNorm", "GroupNorm", "InstanceNorm1d", "RMSNorm")


def examine(own: Own, net: nn.Module) -> None:
    """Refuse a network that can't be on the path, as far as torch shows it."""
    where = f"{own.path}: {own.file.name}"
    _check_layers(where, net)
    width = len(own.inputs)
    states = states_of(getattr(net, "states", ()))
    vectors = [torch.linspace(-2, 2, _ROWS * width).reshape(_ROWS, width)]
    vectors += [torch.zeros(_ROWS, state.size) for state in states]
    blame = blamed(own, f"{own.name}.forward: ")
    with blame, _watched(where, net, width), torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's, of the user's own code
        y = net.eval()(*(vector.to(_type(net)) for vector in vectors))
    _check_outputs(f"{where}: {own.name}", y, states)


def _type(net: nn.Module) -> torch.dtype:
    return next((v.dtype for v in net.parameters() if v.is_floating_point()), torch.float64)


def _check_layers(where: str, net: nn.Module) -> None:
    for name, layer in net.named_modules():
        kind = type(layer).__name__
        if not type(layer).__module__.startswith("torch.nn"):
            continue
        if kind in _STEPS:
            reason = f"nn.{kind} reads a window, and a tick brings one vector"
            raise NetworkError(f"{where}: layer {name}: {reason}; make the class of {_STEPS[kind]},"
                               " whose state the hardware keeps (docs/recipes.md)")  # fmt: skip
        if kind in _NORMS:
            reason = f"nn.{kind} divides by a spread that each input has anew"
            raise NetworkError(f"{where}: layer {name}: {reason}; use nn.BatchNorm1d behind a "
                               "FixedLinear, or nothing")  # fmt: skip
        if kind in ("Softmax", "LogSoftmax", "Softmax2d"):
            reason = f"nn.{kind} isn't exact, and scores are compared as they are"
            raise NetworkError(f"{where}: layer {name}: {reason}; leave it out of the network, or "
                               "use FixedSoftmax")  # fmt: skip
    _check_quantisers(where, net)


def _check_quantisers(where: str, net: nn.Module) -> None:
    """Of torch's own layers alone nothing says how many bits there are."""
    layers = list(net.modules())
    if any(isinstance(layer, FixedQuantizer) for layer in layers):
        return
    if any(isinstance(layer, nn.Linear | nn.Conv1d) for layer in layers):
        reason = "it has no FixedQuantizer, so nothing says how many bits its values have"
        put = "put FixedQuantizer(2, 5, True) first, FixedQuantizer(2, 5, False) after each hidden"
        raise NetworkError(f"{where}: {reason}; {put} layer, FixedQuantizer(3, 8, True) last "
                           "(docs/recipes.md#plain-torch)")  # fmt: skip


@contextmanager
def _watched(where: str, net: nn.Module, width: int) -> Iterator[None]:
    """Linear layers tell what is wrong with their input before torch does."""
    handles = []

    def watch(name: str, layer: Any) -> None:
        def look(_: nn.Module, taken: tuple[Any, ...]) -> None:
            size = taken[0].shape[-1] if taken and isinstance(taken[0], Tensor) else None
            if size not in (None, layer.in_features):
                reason = f"layer {name} takes {layer.in_features} values and gets {size}"
                raise NetworkError(f"{where}: {reason}; the network has {_features(width)}")

        handles.append(layer.register_forward_pre_hook(look))

    for name, layer in net.named_modules():
        if isinstance(layer, nn.Linear):
            watch(name, layer)
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _features(count: int) -> str:
    return f"{count} features" if count > 1 else "1 feature"


def check_scale(own: Own, net: nn.Module) -> None:
    """Refuse to train a network that will see other numbers on the path: its first quantiser's
    fraction decides what a feature's integer counts for there."""
    found: list[FixedQuantizer] = []

    def look(layer: nn.Module, _: tuple[Any, ...]) -> None:
        if isinstance(layer, FixedQuantizer) and not found:
            found.append(layer)

    handles = [layer.register_forward_pre_hook(look) for layer in net.modules()]
    states = states_of(getattr(net, "states", ()))
    vectors = [torch.zeros(1, len(own.inputs)), *(torch.zeros(1, s.size) for s in states)]
    with torch.no_grad():
        net.eval()(*(vector.to(_type(net)) for vector in vectors))
    for handle in handles:
        handle.remove()
    fraction = int(found[0].whole_bits()[1][0]) if found else _FRACTION
    if fraction != _FRACTION:
        reason = f"its first quantiser has {fraction} fraction bits, and make train gives n / 32"
        raise NetworkError(f"{own.path}: {own.file.name}: {reason}; use FixedQuantizer(2, 5, True)")


def _check_outputs(where: str, y: object, states: list[StatePort]) -> None:
    if not isinstance(y, Tensor):
        raise NetworkError(f"{where}.forward returns a {type(y).__name__}; it returns one tensor")
    kept = sum(state.size for state in states)
    shape = tuple(y.shape)
    if len(shape) != 2 or shape[0] != _ROWS:
        got = " x ".join(map(str, shape))
        reason = f"for {_ROWS} vectors it returns {got} values"
        raise NetworkError(f"{where}.forward: {reason}; it returns [vectors, scores]")
    count = shape[1] - kept
    if not CLASSES <= count <= MOST_OUTPUTS:
        beside = f" beside {kept} of its state" if kept else ""
        wanted = f"{CLASSES} to {MOST_OUTPUTS} are possible: down, flat, up, return, volatility"
        raise NetworkError(f"{where}: it has {count} outputs{beside}; {wanted}")


# -- What rounds away ----------------------------------------------------------------------------


def rounded_away(net: nn.Module) -> list[str]:
    """What the weights' grids make of the weights, a line for each layer that loses some."""
    lines = []
    for name, layer in net.named_modules():
        if not isinstance(layer, FixedWeights):
            continue
        with torch.no_grad():
            grid = layer.grid_weight()
        raw = layer.weight.detach() * layer.keep
        fraction = round(float(layer.weight_fraction.detach().max()))
        lost = int(((grid == 0) & (raw != 0)).sum())
        if lost:
            every, largest = int((raw != 0).sum()), float(raw.abs().max())
            bits = f"{fraction} fraction bits, steps of {2.0**-fraction:g}"
            text = f"{lost:,} of {every:,} weights round to 0 at {bits}"
            lines.append(f"{name}: {text}" + (f"; the largest is {largest:.2g}"
                                              if lost == every else ""))  # fmt: skip
        bound = 2.0 ** int(layer.weight_integer)
        beyond = int((raw.abs() > bound).sum())
        if beyond:
            every = raw.numel()
            text = f"{beyond:,} of {every:,} weights are beyond {bound:g} and are cut to it"
            lines.append(f"{name}: {text}")
    return lines
