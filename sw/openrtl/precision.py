"""ap_fixed conversion, once on numbers and once on symbols, in every rounding and overflow mode.

`cast_numbers` is what the C++ type does to a double; `cast` builds the logic that does the same to
a symbolic value. The two are compared with hls4ml's own ap_fixed in the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from alkaid.trace.fixed_variable import FVariable
from hls4ml.model.types import FixedPrecisionType, IntegerPrecisionType, XnorPrecisionType
from numpy.typing import NDArray

from openrtl.formats import FixedPoint
from openrtl.refuse import RefusedError

Numbers = NDArray[np.float64]

# The tracer keeps every bound as a double, which can't hold more bits. A type may be wider than its
# values.
WIDEST = 53


@dataclass(frozen=True)
class ApFixed(FixedPoint):
    """hls4ml's ap_fixed: a format with its modes of rounding and overflow."""

    rounding: str = "TRN"
    overflow: str = "WRAP"

    @property
    def low(self) -> float:
        return -self.high if self.signed and self.overflow == "SAT_SYM" else super().low

    def __str__(self) -> str:
        left = self.integer + int(self.signed)
        kind = "fixed" if self.signed else "ufixed"
        return f"{kind}<{self.width},{left},{self.rounding},{self.overflow}>"


def of(precision: Any, layer: str) -> ApFixed:
    """hls4ml's precision as ours, or a refusal."""
    known = isinstance(precision, FixedPrecisionType | IntegerPrecisionType)
    if not known or isinstance(precision, XnorPrecisionType):
        kind = type(precision).__name__
        raise RefusedError(
            layer, f"{kind} {precision} is not fixed-point", "use fixed<W,I> or ufixed<W,I>"
        )
    if precision.saturation_bits:
        raise RefusedError(
            layer, f"{precision} asks for saturation bits", "use AP_WRAP or AP_SAT without them"
        )
    signed = bool(precision.signed)
    return ApFixed(
        signed,
        int(precision.integer) - int(signed),
        int(precision.width) - int(precision.integer),
        str(precision.rounding_mode),
        str(precision.saturation_mode),
    )


def _round_numbers(scaled: Numbers, rounding: str) -> Numbers:
    if rounding == "TRN":
        return np.floor(scaled)
    if rounding == "TRN_ZERO":
        return np.trunc(scaled)
    if rounding == "RND":
        return np.floor(scaled + 0.5)
    if rounding == "RND_CONV":
        return np.rint(scaled)
    if rounding == "RND_MIN_INF":
        return np.ceil(scaled - 0.5)
    away = (
        np.floor(np.abs(scaled) + 0.5) if rounding == "RND_INF" else np.ceil(np.abs(scaled) - 0.5)
    )
    result: Numbers = np.sign(scaled) * away
    return result


def cast_numbers(values: Any, form: ApFixed) -> Numbers:
    """What the C++ type makes of these doubles."""
    codes = _round_numbers(np.asarray(values, np.float64) * 2.0**form.fraction, form.rounding)
    high, low = form.high * 2.0**form.fraction, form.low * 2.0**form.fraction
    if form.overflow == "WRAP":
        # Only where it has to: in a type beyond 53 bits the arithmetic of wrapping isn't exact.
        outside = (codes > high) | (codes < low)
        codes = np.where(outside, np.mod(codes - low, high - low + 1) + low, codes)
    elif form.overflow == "SAT_ZERO":
        codes = np.where((codes > high) | (codes < low), 0.0, codes)
    else:
        codes = np.clip(codes, low, high)
    result: Numbers = codes * form.step
    return result


def _round(value: FVariable, form: ApFixed) -> FVariable:
    """Drop the bits under `form`'s last one. Every mode is an offset followed by truncation."""
    signed, integer, fraction = value.kif
    if fraction <= form.fraction:
        return value
    mode = form.rounding
    grain, half = 2.0**-fraction, form.step / 2
    under = half - grain  # rounds up what lies above the middle, and leaves the middle
    if mode == "RND":
        value = value + half
    elif mode == "RND_MIN_INF":
        value = value + under
    elif mode == "TRN_ZERO":
        value = value + value.is_negative() * (form.step - grain)
    elif mode == "RND_INF":
        value = value + (half - value.is_negative() * grain)
    elif mode == "RND_ZERO":
        value = value + (value.is_negative() * grain + under)
    elif mode == "RND_CONV":
        odd = value.quantize(0, 1 - form.fraction, form.fraction)
        value = value + (odd * (grain / form.step) + under)
    signed, integer, _ = value.kif
    return value.quantize(signed, integer, form.fraction)


def _limit(value: FVariable, form: ApFixed) -> FVariable:
    """Treat what `form` can't hold."""
    if form.overflow == "WRAP":
        return value.quantize(form.signed, form.integer, form.fraction)
    if form.overflow == "SAT_ZERO":
        for excess in (form.high - value, value - form.low):
            if excess.low < 0:
                value = excess.msb_mux(0.0, value)
        return value.quantize(form.signed, form.integer, form.fraction)
    value = value.max_of(form.low).min_of(form.high)
    return value.quantize(form.signed, form.integer, form.fraction)


def cast_one(value: FVariable, form: ApFixed) -> FVariable:
    """The symbolic conversion of one value."""
    if form.width <= 0:
        return FVariable.from_const(0.0, hwconf=value.hwconf)
    if value.low == value.high:
        return FVariable.from_const(float(cast_numbers(value.low, form)), hwconf=value.hwconf)
    signed, integer, fraction = value.kif
    narrow = fraction <= form.fraction and integer < form.integer and signed <= form.signed
    if narrow:  # whatever the mode, and however wide the type
        return value
    rounded = _round(value, form)
    if rounded.low == rounded.high:
        return FVariable.from_const(float(cast_numbers(rounded.low, form)), hwconf=value.hwconf)
    return _limit(rounded, form)
