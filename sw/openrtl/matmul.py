"""Constant matrix times symbolic vector, as nnet::dense_latency computes it.

The C++ casts each product to accum_t, starts from the bias in accum_t, and casts after each
addition. Wrapping may be done once at the end, since it is arithmetic modulo a power of two.
Rounding may not: a product with bits below accum_t's last one is rounded by itself, and such
products can't share adders. Saturation depends on the order wherever a partial sum can overflow,
and there becomes a chain.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from alkaid.trace import FVArray
from alkaid.trace.fixed_variable import FVariable

from openrtl.precision import ApFixed, Numbers, cast_numbers, cast_one
from openrtl.symbols import array, constant, fresh, in_parts, stack, steps_of, times


def affine(values: Any, weight: Numbers, bias: Numbers, accum: ApFixed) -> FVArray:
    """`values @ weight + bias` in accum_t, for values of shape (..., n_in)."""
    raw = np.asarray(values)
    rows = [
        _row(list(row), weight, cast_numbers(bias, accum), accum)
        for row in raw.reshape(-1, raw.shape[-1])
    ]
    flat = [value for row in rows for value in row]
    return stack(flat, (*raw.shape[:-1], weight.shape[1]))


def _row(row: list[FVariable], weight: Numbers, bias: Numbers, accum: ApFixed) -> list[FVariable]:
    if accum.overflow != "WRAP" and _can_overflow(row, weight, bias, accum):
        return [_chain(row, weight[:, j], float(bias[j]), accum) for j in range(weight.shape[1])]
    fixed = np.array([v.low == v.high for v in row])
    for index in np.flatnonzero(fixed):  # padding and initial states: known products join the bias
        bias = bias + cast_numbers(row[index].low * weight[index], _without_overflow(accum))
    live = [v for v, known in zip(row, fixed, strict=True) if not known]
    if not live:
        return [constant(float(cast_numbers(b, accum))) for b in bias]
    weight = weight[~fixed]
    lossy = _lossy(live, weight, accum)
    sums = _exact(live, np.where(lossy, 0.0, weight))
    for j in np.flatnonzero(lossy.any(axis=0)):
        sums[j] = sums[j] + _rounded(live, weight[:, j] * lossy[:, j], accum)
    return [cast_one(s + float(b), accum) for s, b in zip(sums, bias, strict=True)]


def _without_overflow(accum: ApFixed) -> ApFixed:
    return ApFixed(True, 52 - accum.fraction, accum.fraction, accum.rounding)


def _lossy(row: list[FVariable], weight: Numbers, accum: ApFixed) -> Any:
    """Which products have bits below the accumulator's last one."""
    steps = np.array([v.step for v in row])
    return (steps[:, None] * steps_of(weight) < accum.step) & (weight != 0)


def _exact(row: list[FVariable], weight: Numbers) -> list[Any]:
    """The exact products, with shared adders; weights of many bits in parts."""
    total: list[Any] = [constant(0.0)] * weight.shape[1]
    for part in in_parts(weight):
        if part.any():
            product = np.asarray(array(row) @ part)
            total = [a + fresh(b) for a, b in zip(total, product, strict=True)]
    return total


def _rounded(row: list[FVariable], column: Numbers, accum: ApFixed) -> FVariable:
    """The sum of separately rounded products, as a balanced tree."""
    wide = _without_overflow(accum)
    terms = [cast_one(times(row[i], float(column[i])), wide) for i in np.flatnonzero(column)]
    while len(terms) > 1:
        pairs = zip(terms[::2], terms[1::2], strict=False)
        terms = [a + b for a, b in pairs] + ([terms[-1]] if len(terms) % 2 else [])
    return terms[0]


def _chain(row: list[FVariable], column: Numbers, start: float, accum: ApFixed) -> FVariable:
    """Accumulate one after another, saturating each time."""
    total = constant(start)
    for value, factor in zip(row, column, strict=True):
        if factor != 0:
            total = cast_one(total + cast_one(times(value, float(factor)), accum), accum)
    return total


def _can_overflow(row: list[FVariable], weight: Numbers, bias: Numbers, accum: ApFixed) -> bool:
    """Whether any product, or any sum on the way, can leave accum_t."""
    low = np.array([v.low for v in row])[:, None] * weight
    high = np.array([v.high for v in row])[:, None] * weight
    low, high = np.minimum(low, high), np.maximum(low, high)
    slack = accum.step * np.arange(1, len(row) + 1)[:, None]  # each rounding adds a step at most
    lowest = (np.cumsum(low, axis=0) + bias - slack).min()
    highest = (np.cumsum(high, axis=0) + bias + slack).max()
    over = max(high.max() + accum.step, highest) > accum.high
    under = min(low.min() - accum.step, lowest) < accum.low
    return bool(over or under)
