"""Softmax as hls4ml computes it: an exponential table, a sum, a table of inverses, a product."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from alkaid.trace import FVArray
from alkaid.trace.fixed_variable import FVariable

from openrtl.layers.access import input_form, lowers, output_form, type_form, whole
from openrtl.precision import ApFixed, Numbers, cast_numbers, cast_one
from openrtl.refuse import RefusedError
from openrtl.symbols import cast, constant, lookup, stack
from openrtl.tables import expf

Pair = Callable[[FVariable, FVariable], FVariable]


def _tree(values: list[FVariable], join: Pair) -> FVariable:
    """nnet::reduce: the left part is the largest power of two below the count."""
    if len(values) == 1:
        return values[0]
    left = 1 << math.floor(math.log2(len(values) - 1))
    if len(values) == 2:
        return join(values[0], values[1])
    return join(_tree(values[:left], join), _tree(values[left:], join))


def _address(layer: Any, form: ApFixed, size: int) -> ApFixed:
    """The top bits of `form` that address a table of `size` entries."""
    bits = math.ceil(math.log2(size))
    if bits > form.width:
        reason = f"a table of {size} entries is addressed by {form.width} bits"
        raise RefusedError(layer.name, reason, f"set its table size to {1 << form.width} at most")
    return ApFixed(form.signed, form.integer, bits - form.integer - int(form.signed))


def _table_size(layer: Any, name: str) -> int:
    return whole(layer, name, whole(layer, "table_size"))


def _exponent_type(layer: Any) -> tuple[ApFixed, int, float]:
    """What addresses the exponential table, the table's size, and the sign of its argument."""
    source, size = input_form(layer), _table_size(layer, "exp_table_size")
    if layer.get_attr("implementation", "stable") == "latency":
        return source, size, 1.0
    if layer.get_attr("inp_norm_t") is not None:
        return type_form(layer, "inp_norm_t"), size, -1.0
    normal = ApFixed(False, source.integer, source.fraction)
    if source.signed:
        size = min(_table_size(layer, "inv_table_size"), 1 << normal.width)
    return normal, size, -1.0


def _one_slice(layer: Any, values: list[FVariable], form: ApFixed) -> list[FVariable]:
    accum, inverse_in = type_form(layer, "accum_t"), type_form(layer, "inv_inp_t")
    exp_form, inverse = type_form(layer, "exp_table_t"), type_form(layer, "inv_table_t")
    if layer.get_attr("inv_inp_t").name == "model_default_t":
        inverse_in = exp_form  # hls4ml's own substitution
    kind, exp_size, sign = _exponent_type(layer)
    scale = np.float32(sign) * np.float32(layer.get_attr("exp_scale", 1.0) or 1.0)
    if sign < 0:
        top = _tree(values, lambda a, b: a.max_of(b))
        values = [cast_one(top - v, kind) for v in values]
    exp_address = _address(layer, kind, exp_size)
    inv_address = _address(layer, inverse_in, _table_size(layer, "inv_table_size"))

    def exponential(x: Numbers) -> Numbers:
        return cast_numbers(
            cast_numbers(expf((x.astype(np.float32) * scale).astype(np.float64)), exp_form), accum
        )

    def reciprocal(x: Numbers) -> Numbers:
        with np.errstate(divide="ignore"):
            quotient = np.float32(1) / x.astype(np.float32)
        return cast_numbers(np.where(np.isinf(quotient), 1e30, quotient), inverse)

    def top_bits(v: FVariable, address: ApFixed) -> FVariable:
        return v.quantize(address.signed, address.integer, address.fraction)

    powers = [
        cast_one(lookup(top_bits(v, exp_address), exponential, layer.name), accum) for v in values
    ]
    total = cast_one(_tree(powers, lambda a, b: cast_one(a + b, accum)), inverse_in)
    inverted = lookup(top_bits(total, inv_address), reciprocal, layer.name)
    return [cast_one(p * inverted, form) for p in powers]


def _argmax(values: list[FVariable], form: ApFixed) -> list[FVariable]:
    """One at the first maximum, zero elsewhere."""
    one = float(cast_numbers(1.0, form))
    results = []
    for i, v in enumerate(values):
        wins = constant(1.0)
        for j, other in enumerate(values):
            if i != j:
                wins = wins & ((v > other) if j < i else (v >= other))
        results.append(cast_one(wins * one, form))
    return results


@lowers("Softmax")
def softmax(layer: Any, x: FVArray) -> FVArray:
    form = output_form(layer)
    if layer.get_attr("skip", False):
        return cast(x, form)
    kind = layer.get_attr("implementation", "stable")
    if kind not in ("stable", "latency", "argmax"):
        raise RefusedError(
            layer.name, f"softmax implementation {kind!r}", "use 'stable', 'latency' or 'argmax'"
        )
    outer, inner = whole(layer, "n_outer", 1) or 1, whole(layer, "n_inner", 1) or 1
    values = np.asarray(x).reshape(outer, -1, inner)
    result = np.empty_like(values)
    for o in range(outer):
        for i in range(inner):
            row = list(values[o, :, i])
            shares = _argmax(row, form) if kind == "argmax" else _one_slice(layer, row, form)
            result[o, :, i] = np.asarray(stack(shares, (len(shares),)))
    return stack(result.ravel(), x.shape)
