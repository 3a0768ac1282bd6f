"""Pooling over windows and over everything, maximum and average."""

from __future__ import annotations

from typing import Any

import numpy as np
from alkaid.trace import FVArray
from alkaid.trace.fixed_variable import FVariable

from openrtl.layers.access import input_form, lowers, output_form, shape, type_form, whole
from openrtl.layers.conv import padded
from openrtl.precision import ApFixed, Numbers, cast_numbers, cast_one
from openrtl.symbols import Symbols, constant, lookup, stack, toward_zero


def _pad_value(kind: str, form: ApFixed) -> float:
    """For a maximum the C++ sets the top bit, which is the least value of a signed type only."""
    if kind == "average":
        return 0.0
    return -(2.0**form.integer) if form.signed else 2.0 ** (form.integer - 1)


def _divide(total: FVariable, count: int, accum: ApFixed, layer: str) -> FVariable:
    """Integer division, which cuts toward zero on accum_t's grid."""
    if count & (count - 1) == 0:
        return cast_one(toward_zero(total * (1.0 / count), accum.fraction), accum)

    def quotient(x: Numbers) -> Numbers:
        return cast_numbers(np.trunc(np.rint(x / accum.step) / count) * accum.step, accum)

    return cast_one(lookup(total, quotient, layer), accum)


def _pool(layer: Any, window: list[FVariable], count: int) -> FVariable:
    kind, accum = layer.get_attr("pool_op").lower(), type_form(layer, "accum_t")
    if kind == "max":
        top = window[0]
        for value in window[1:]:
            top = value.max_of(top)
        return cast_one(cast_one(top, accum), output_form(layer))
    total = constant(0.0)
    for value in window:
        total = cast_one(total + value, accum)
    return cast_one(_divide(total, count, accum, layer.name), output_form(layer))


def _windows(
    values: Symbols, sizes: list[int], strides: list[int], out: list[int]
) -> list[Symbols]:
    """Each window's values, flat by position, for one channel after another."""
    windows = []
    for place in np.ndindex(*out):
        cut = tuple(slice(p * s, p * s + n) for p, s, n in zip(place, strides, sizes, strict=True))
        windows.append(values[cut].reshape(-1, values.shape[-1]))
    return windows


@lowers("Pooling1D", "Pooling2D")
def pooling(layer: Any, x: FVArray) -> FVArray:
    flat = "1D" in layer.class_name
    names = ["width"] if flat else ["height", "width"]
    inner = [whole(layer, "n_in")] if flat else [whole(layer, f"in_{n}") for n in names]
    out = [whole(layer, "n_out")] if flat else [whole(layer, f"out_{n}") for n in names]
    sizes, strides = ([whole(layer, f"{w}_{n}") for n in names] for w in ("pool", "stride"))
    edges = (
        [("pad_left", "pad_right")]
        if flat
        else [("pad_top", "pad_bottom"), ("pad_left", "pad_right")]
    )
    around = [(whole(layer, a), whole(layer, b)) for a, b in edges]
    kind = layer.get_attr("pool_op").lower()
    values = np.asarray(x).reshape(*inner, whole(layer, "n_filt"))
    covered = np.pad(np.ones((*inner, 1), int), [*around, (0, 0)])
    values = padded(values, around, _pad_value(kind, input_form(layer)))
    results = []
    for window, cover in zip(
        _windows(values, sizes, strides, out), _windows(covered, sizes, strides, out), strict=True
    ):
        count = len(window) if layer.get_attr("count_pad", False) else int(cover.sum())
        results += [_pool(layer, list(window[:, c]), count) for c in range(window.shape[1])]
    return stack(results, shape(layer))


@lowers("GlobalPooling1D", "GlobalPooling2D")
def global_pooling(layer: Any, x: FVArray) -> FVArray:
    values = np.asarray(x).reshape(-1, x.shape[-1])
    return stack(
        (_pool(layer, list(values[:, c]), len(values)) for c in range(values.shape[1])),
        shape(layer),
    )
