"""Helpers for alkaid's symbolic arrays, with its limits checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from alkaid.trace import FVArray, HWConfig
from alkaid.trace.affine_interval import AffineInterval
from alkaid.trace.fixed_variable import FVariable
from numpy.typing import NDArray

from openrtl.precision import ApFixed, Numbers, cast_one
from openrtl.refuse import NETWORK, RefusedError

HARDWARE = HWConfig(1, 1, -1)
# A tree one level deeper than the shallowest, and no more: latency is what this is for.
SOLVER = {"hard_dc": 2}
# alkaid holds table entries as int32 behind a float32; more significant bits would be lost.
ENTRY_BITS = 23
LARGEST_TABLE = 1 << 18
FLOAT32_BITS = 24
# alkaid's solver reads weights as float32, and adds some of them up on the way.
SOLVER_BITS = 20

Symbols = NDArray[Any]  # an object array of FVariable


def array(values: Any) -> FVArray:
    """A symbolic array from variables and plain numbers."""
    return FVArray(np.asarray(values, dtype=object), SOLVER, hwconf=HARDWARE)


def constant(value: float) -> FVariable:
    if abs(value) >= float(steps_of(np.array(value))) * 2.0**FLOAT32_BITS:
        raise RefusedError(NETWORK, f"the constant {value} has over 24 bits", "narrow its type")
    return FVariable.from_const(float(value), hwconf=HARDWARE)


def fresh(value: FVariable) -> FVariable:
    """The same value without its dependence on others.

    For tighter bounds alkaid keeps each value as a weighted sum of older ones, and finds the last
    bit of a weight in float32. Weights that multiply from layer to layer are too long for that.
    """
    if value.low == value.high:
        return value
    return value._with(renew_id=False, _affine=AffineInterval.new(value.qint))


def times(value: FVariable, factor: float) -> FVariable:
    """A product with a constant of any number of bits."""
    parts = [part.item() for part in in_parts(np.array([factor]))]
    total = value * parts[0]
    for part in parts[1:]:
        total = fresh(total) + fresh(value * part)
    return total


def stack(items: Iterable[Any], shape: tuple[int, ...]) -> FVArray:
    """Variables, one after another, in the given shape."""
    flat = list(items)
    result = np.empty(len(flat), dtype=object)
    for index, item in enumerate(flat):
        result[index] = item
    return array(result.reshape(shape))


def each(values: Any, function: Callable[[FVariable], Any]) -> FVArray:
    """The function of every element, in the same shape."""
    raw = np.asarray(values)
    return stack((function(v) for v in raw.ravel()), raw.shape)


def cast(values: Any, form: ApFixed) -> FVArray:
    """The symbolic conversion of every element."""
    return each(values, lambda value: cast_one(value, form))


def toward_zero(value: FVariable, fraction: int) -> FVariable:
    """Cut to `fraction` bits as C++ does on the way to an integer: toward zero."""
    _, integer, had = value.kif
    if had <= fraction:
        return value
    return cast_one(value, ApFixed(True, integer + 1, fraction, "TRN_ZERO"))


def clamp(value: FVariable, low: float, high: float) -> FVariable:
    return value.max_of(low).min_of(high)


def choose(key: FVariable, negative: Any, otherwise: Any) -> FVariable:
    """`negative` where the key is below zero, else `otherwise`."""
    if key.low >= 0:
        return otherwise if isinstance(otherwise, FVariable) else constant(otherwise)
    if key.high < 0:
        return negative if isinstance(negative, FVariable) else constant(negative)
    return key.msb_mux(negative, otherwise)


def lookup(value: FVariable, function: Callable[[Numbers], Numbers], layer: str) -> FVariable:
    """A table of `function` over every value that `value` can take."""
    if value.low == value.high:
        return constant(float(function(np.array([value.low]))[0]))
    count = round((value.high - value.low) / value.step) + 1
    if count > LARGEST_TABLE:
        instead = f"narrow its input to {LARGEST_TABLE.bit_length() - 1} bits"
        raise RefusedError(layer, f"its table would need {count} entries", instead)
    points = value.low + value.step * np.arange(count)
    entries = np.asarray(function(points), np.float64)
    if np.all(entries == entries[0]):
        return constant(float(entries[0]))
    upper, lower = _split(entries)
    if not lower.any():
        return value.lookup(entries)
    return value.lookup(upper) + (
        constant(float(lower[0])) if np.all(lower == lower[0]) else value.lookup(lower)
    )


def _split(entries: Numbers) -> tuple[Numbers, Numbers]:
    """Entries as a coarse and a fine part, each within what a table may hold."""
    finest = step_of(entries)
    if np.abs(entries).max() / finest < 2.0**ENTRY_BITS:
        return entries, np.zeros_like(entries)
    grain = finest * 2.0**ENTRY_BITS
    upper = np.floor(entries / grain) * grain
    if np.abs(upper).max() / grain >= 2.0**ENTRY_BITS:
        raise ValueError("a table entry of more than 46 bits")
    return upper, entries - upper


def in_parts(values: Numbers) -> list[Numbers]:
    """Arrays that add up to `values`, each of few enough bits for the solver."""
    largest = float(np.abs(values).max())
    if largest == 0.0 or largest < step_of(values) * 2.0**SOLVER_BITS:
        return [values]
    grain = 2.0 ** (np.floor(np.log2(largest)) + 1 - SOLVER_BITS)
    upper: Numbers = np.floor(values / grain) * grain
    return [upper, *in_parts(values - upper)]


def step_of(values: Numbers) -> float:
    """The coarsest power of two of which every value is a multiple."""
    nonzero = np.asarray(values, np.float64).ravel()
    nonzero = nonzero[nonzero != 0]
    if not nonzero.size:
        return 1.0
    return float(steps_of(nonzero).min())


def steps_of(values: Numbers) -> Numbers:
    """For every value, the largest power of two that divides it; a huge one for zero."""
    mantissa, exponent = np.frexp(np.asarray(values, np.float64))
    whole = np.ldexp(mantissa, 53).astype(np.int64)
    trailing = whole & -whole
    exact = np.ldexp(trailing.astype(np.float64), exponent - 53)
    result: Numbers = np.where(whole == 0, 2.0**60, exact)
    return result
