"""hls4ml's activation tables: the entries as its C++ computes them, and how it indexes them.

The C++ computes in float with the C library's expf and tanhf. numpy has its own float32 versions,
which differ in the last bit, so the C library is called here too.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import math
from collections.abc import Callable

import numpy as np
from alkaid.trace.fixed_variable import FVariable

from openrtl.precision import ApFixed, Numbers, cast_numbers, cast_one
from openrtl.symbols import clamp, lookup, toward_zero

_LIBM = ctypes.CDLL(ctypes.util.find_library("m") or "libm.so.6")


def _c_function(name: str) -> Callable[[Numbers], Numbers]:
    function = getattr(_LIBM, name)
    function.argtypes, function.restype = [ctypes.c_float], ctypes.c_float
    return np.vectorize(lambda value: np.float32(function(float(value))), otypes=[np.float32])


expf, tanhf = _c_function("expf"), _c_function("tanhf")

# Each table covers -reach to +reach.
REACH = {"sigmoid": 8, "tanh": 4, "softplus": 8, "softsign": 8}


def _single(values: Numbers) -> Numbers:
    return values.astype(np.float32)


def _doubled(values: Numbers) -> Numbers:
    return values.astype(np.float64)


def _function(kind: str, x: Numbers) -> Numbers:
    """One activation of float32 arguments, with the C++ expression's mix of float and double."""
    if kind == "sigmoid":  # 1.0 / (1 + exp(-x)): the sum in float, the quotient in double
        return _single(1.0 / _doubled(np.float32(1) + expf(-x)))
    if kind == "tanh":
        return tanhf(x)
    if kind == "softplus":
        return _single(np.log(_doubled(expf(x)) + 1.0))
    if kind == "softsign":
        return _single(_doubled(x) / (np.abs(_doubled(x)) + 1.0))
    if kind == "elu":
        return _single(_doubled(expf(x)) - 1.0)
    if kind == "selu":
        grown = 1.6732632423543772848170429916717 * (_doubled(expf(x)) - 1.0)
        return _single(1.0507009873554804934193349852946 * grown)
    raise KeyError(kind)


def entries(kind: str, size: int, form: ApFixed) -> Numbers:
    """The table of a two-sided activation."""
    index = np.arange(size, dtype=np.float64)
    x = _single(2.0 * REACH[kind] * (index - size / 2.0) / size)
    return cast_numbers(_function(kind, x), form)


def negative_entries(kind: str, size: int, form: ApFixed) -> Numbers:
    """The table of elu or selu: from zero down to -8."""
    x = _single(-8.0 * np.arange(size, dtype=np.float64) / size)
    return cast_numbers(_function(kind, x), form)


def _cut(value: FVariable, size: int, span: int) -> FVariable:
    """Drop the bits that an index of `size` entries over `span` never sees; others keep them."""
    fraction = math.log2(size / span)
    return toward_zero(value, int(fraction)) if fraction.is_integer() else value


def activate(
    value: FVariable, kind: str, size: int, table_form: ApFixed, result: ApFixed, layer: str
) -> FVariable:
    """The entry for one value: index = int(x * size / span) + size / 2, held inside the table."""
    table = entries(kind, size, table_form)
    reach = REACH[kind]
    near = clamp(_cut(value, size, 2 * reach), -float(reach), float(reach))

    def entry(x: Numbers) -> Numbers:
        index = np.trunc(x * size / (2 * reach)).astype(np.int64) + size // 2
        return cast_numbers(table[np.clip(index, 0, size - 1)], result)

    return cast_one(lookup(near, entry, layer), result)


def activate_negative(
    value: FVariable,
    kind: str,
    size: int,
    table_form: ApFixed,
    scale: float,
    result: ApFixed,
    layer: str,
) -> FVariable:
    """The entry for a value below zero, times `scale`."""
    table = negative_entries(kind, size, table_form)
    near = clamp(_cut(value, size, 8), -8.0, 0.0)

    def entry(x: Numbers) -> Numbers:
        index = np.trunc(-x * size / 8).astype(np.int64)
        return cast_numbers(scale * table[np.clip(index, 0, size - 1)], result)

    return cast_one(lookup(near, entry, layer), result)
