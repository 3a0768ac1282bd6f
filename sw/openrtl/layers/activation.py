"""Element by element: rectifiers, tables and quantisers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from alkaid.trace import FVArray
from alkaid.trace.fixed_variable import FVariable

from openrtl.layers.access import (
    flat_weights,
    input_form,
    lowers,
    output_form,
    type_form,
    weights,
    whole,
)
from openrtl.layers.softmax import softmax
from openrtl.precision import ApFixed, Numbers, cast_numbers, cast_one
from openrtl.refuse import RefusedError
from openrtl.symbols import choose, constant, each, lookup, stack, times
from openrtl.tables import REACH, activate, activate_negative

One = Callable[[FVariable], Any]


def _parameter(layer: Any) -> float:
    """The layer's one parameter, as the C++ function's argument type holds it."""
    value = layer.get_attr("activ_param")
    value = 1.0 if value is None else float(value)
    inner = layer.get_attr("param_t")
    return value if inner is None else float(cast_numbers(value, type_form(layer, "param_t")))


def _leaky(layer: Any, form: ApFixed) -> One:
    slope = _parameter(layer)
    return lambda v: cast_one(choose(v, times(v, slope), v), form)


def _thresholded(layer: Any, form: ApFixed) -> One:
    theta = _parameter(layer)
    return lambda v: choose(theta - v, cast_one(v, form), constant(0.0))


def _exponential(layer: Any, form: ApFixed) -> One:
    kind, size = layer.get_attr("activation").lower(), whole(layer, "table_size")
    table = type_form(layer, "table_t")
    scale = _parameter(layer) if kind == "elu" else 1.0
    gain = 1.0 if kind == "elu" else float(cast_numbers(1.0507009873554805, ApFixed(False, 1, 15)))

    def one(v: FVariable) -> FVariable:
        above = cast_one(times(v.relu(), gain), form)
        if v.low >= 0:
            return above
        return choose(v, activate_negative(v, kind, size, table, scale, form, layer.name), above)

    return one


def _hard(layer: Any, form: ApFixed) -> One:
    slope, shift = (
        float(cast_numbers(layer.get_attr(name), type_form(layer, f"{name}_t")))
        for name in ("slope", "shift")
    )
    if input_form(layer).integer < 0:
        raise RefusedError(
            layer.name, "its input type holds no 1, which the C++ stores in it", "widen the input"
        )
    twice = layer.get_attr("activation").lower() == "hard_tanh"

    def one(v: FVariable) -> FVariable:
        held = (times(v, slope) + shift).min_of(1.0).max_of(0.0)
        return cast_one(held * 2.0 - 1.0 if twice else held, form)

    return one


def _binary_tanh(layer: Any, form: ApFixed) -> One:
    if form.width == 1:
        raise RefusedError(layer.name, "a one-bit result", "use fixed<2,2>")
    ends = [float(end) for end in cast_numbers([-1.0, 1.0], form)]
    return lambda v: choose(v, constant(ends[0]), constant(ends[1]))


def _ternary_tanh(layer: Any, form: ApFixed) -> One:
    inner = input_form(layer)
    ends = [float(end) for end in cast_numbers([-1.0, 1.0], form)]

    def one(v: FVariable) -> FVariable:
        doubled = cast_one(v * 2.0, inner)  # the C++ keeps 2x in the input's own type
        low = choose(-1.0 - doubled, constant(0.0), constant(ends[0]))
        return choose(1.0 - doubled, constant(ends[1]), low)

    return one


def _tabled(layer: Any, form: ApFixed) -> One:
    kind, size = layer.get_attr("activation").lower(), whole(layer, "table_size")
    table = type_form(layer, "table_t")
    return lambda v: activate(v, kind, size, table, form, layer.name)


@lowers("TernaryTanh")
def ternary_class(layer: Any, _x: FVArray) -> FVArray:
    reason = "hls4ml's C++ calls nothing for this class and leaves its result unset"
    raise RefusedError(layer.name, reason, "use class Activation with activation 'ternary_tanh'")


KINDS: dict[str, Callable[[Any, ApFixed], One]] = {
    "linear": lambda _, form: lambda v: cast_one(v, form),
    "relu": lambda _, form: lambda v: cast_one(v.relu(), form),
    "relu6": lambda _, form: lambda v: cast_one(v.relu().min_of(6.0), form),
    "relu1": lambda _, form: lambda v: cast_one(v.relu().min_of(1.0), form),
    "leaky_relu": _leaky,
    "leakyrelu": _leaky,
    "thresholdedrelu": _thresholded,
    "thresholded_relu": _thresholded,
    "elu": _exponential,
    "selu": _exponential,
    "hard_sigmoid": _hard,
    "hard_tanh": _hard,
    "binary_tanh": _binary_tanh,
    "ternary_tanh": _ternary_tanh,
    **dict.fromkeys(REACH, _tabled),
}


@lowers("Activation", "ParametrizedActivation", "HardActivation")
def activation(layer: Any, x: FVArray) -> FVArray:
    kind = layer.get_attr("activation").lower()
    if kind == "softmax":
        return softmax(layer, x)
    if kind not in KINDS:
        raise RefusedError(
            layer.name,
            f"activation {kind!r} is not known",
            f"use one of {', '.join(sorted(KINDS))}",
        )
    return each(x, KINDS[kind](layer, output_form(layer)))


@lowers("PReLU")
def prelu(layer: Any, x: FVArray) -> FVArray:
    slopes, form = flat_weights(layer, "param", x.size), output_form(layer)
    values = zip(np.asarray(x).ravel(), slopes, strict=False)
    return stack((cast_one(choose(v, times(v, float(s)), v), form) for v, s in values), x.shape)


@lowers("FixedPointQuantizer")
def quantizer(layer: Any, x: FVArray) -> FVArray:
    signed, width, integer = (
        np.broadcast_to(np.asarray(a)[0], x.shape).ravel() for a in layer.mask_kbi
    )
    result = output_form(layer)

    def one(index: int, value: FVariable) -> FVariable:
        k, b, i = int(signed[index]), int(width[index]), int(integer[index])
        if b <= 0:
            return constant(0.0)
        return cast_one(
            cast_one(value, ApFixed(bool(k), i - k, b - i, layer.RND, layer.SAT)), result
        )

    return stack((one(n, v) for n, v in enumerate(np.asarray(x).ravel())), x.shape)


@lowers("UnaryLUT")
def unary_table(layer: Any, x: FVArray) -> FVArray:
    """An arbitrary table, addressed with the input's bits."""
    address, form, table = input_form(layer), output_form(layer), weights(layer, "table").ravel()
    if table.size != 1 << address.width:
        reason = f"its table has {table.size} entries and its input {address.width} bits"
        raise RefusedError(layer.name, reason, "quantise its input to the table's own format")

    def entry(values: Numbers) -> Numbers:
        codes = np.rint(values * 2.0**address.fraction).astype(np.int64)
        return cast_numbers(table[np.mod(codes, table.size)], form)

    return each(x, lambda v: cast_one(lookup(v, entry, layer.name), form))
