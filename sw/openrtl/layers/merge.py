"""Two tensors into one: arithmetic element by element, and concatenation."""

from __future__ import annotations

from typing import Any

import numpy as np
from alkaid.trace import FVArray
from alkaid.trace.fixed_variable import FVariable

from openrtl.layers.access import lowers, output_form, shape
from openrtl.layers.linear import dot
from openrtl.precision import ApFixed, cast_one
from openrtl.refuse import RefusedError
from openrtl.symbols import cast, choose, stack


def _join(kind: str, a: FVariable, b: FVariable, form: ApFixed) -> FVariable:
    if kind == "add":
        return cast_one(a + b, form)
    if kind == "subtract":
        return cast_one(a - b, form)
    if kind == "multiply":
        return cast_one(a * b, form)
    if kind == "average":
        return cast_one((a + b) * 0.5, form)
    # The comparison is of the inputs, before either is converted.
    first, second = cast_one(a, form), cast_one(b, form)
    return choose(b - a, first, second) if kind == "maximum" else choose(a - b, first, second)


KINDS = ("add", "subtract", "multiply", "average", "maximum", "minimum")


@lowers("Merge")
def merge(layer: Any, a: FVArray, b: FVArray) -> FVArray:
    kind, form = layer.get_attr("op").lower(), output_form(layer)
    if kind == "dot1d":
        return dot(layer, a, b)
    if kind not in KINDS:
        raise RefusedError(layer.name, f"operation {kind!r}", f"use one of {', '.join(KINDS)}")
    left, right = np.asarray(a).ravel(), np.asarray(b).ravel()
    count = max(left.size, right.size)
    # The C++ repeats the shorter tensor over its flat index, which is broadcasting only by chance.
    values = (_join(kind, left[n % left.size], right[n % right.size], form) for n in range(count))
    return stack(values, shape(layer))


@lowers("Concatenate")
def concatenate(layer: Any, a: FVArray, b: FVArray) -> FVArray:
    form, axis = output_form(layer), int(layer.get_attr("axis"))
    axis = axis - 1 if axis > 0 else axis
    joined = np.concatenate([np.asarray(cast(v, form)) for v in (a, b)], axis=axis)
    return stack(joined.ravel(), joined.shape)
