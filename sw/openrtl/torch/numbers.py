"""Fixed-point numbers in torch: snapping to a grid, with gradients that training can use.

A number has a sign bit or none, `integer` bits left of the binary point (the sign not counted) and
`fraction` bits right of it. Rounding and overflow are named as ap_fixed names them.

Snapping computes in the tensor's own type: float32 holds 24 bits, float64 holds 53. Compare with
hardware in float64, or on integers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from openrtl.formats import FixedPoint

ROUNDINGS = ("TRN", "RND", "RND_CONV")
OVERFLOWS = ("WRAP", "SAT", "SAT_SYM")


@dataclass(frozen=True)
class Format(FixedPoint):
    """A fixed-point format, with its values as a tensor."""

    def codes(self) -> Tensor:
        """Every value of the format, in the order of its bits read as an unsigned number."""
        count = 1 << self.width
        codes = torch.arange(count, dtype=torch.float64)
        if self.signed:
            codes = torch.where(codes >= count // 2, codes - count, codes)
        return codes * self.step


def snap(
    values: Tensor, signed: bool, integer: Tensor, fraction: Tensor, rounding: str, overflow: str
) -> Tensor:
    """The nearest grid values, without gradients; `integer` and `fraction` broadcast."""
    scale = torch.exp2(fraction.to(values.dtype))
    codes = values * scale
    if rounding == "TRN":
        codes = torch.floor(codes)
    elif rounding == "RND":
        codes = torch.floor(codes + 0.5)
    elif rounding == "RND_CONV":
        codes = torch.round(codes)
    else:
        raise ValueError(f"rounding={rounding!r}: one of {', '.join(ROUNDINGS)}")
    span = torch.exp2((integer + fraction).to(values.dtype))
    high = span - 1
    low = -span if signed else torch.zeros_like(span)
    if overflow == "SAT":
        codes = torch.minimum(torch.maximum(codes, low), high)
    elif overflow == "SAT_SYM":
        codes = torch.minimum(torch.maximum(codes, -high if signed else low), high)
    elif overflow == "WRAP":
        codes = torch.remainder(codes - low, high - low + 1) + low
    else:
        raise ValueError(f"overflow={overflow!r}: one of {', '.join(OVERFLOWS)}")
    # A format of no bits holds only zero; a negative width would otherwise give wrong values.
    none = (integer + fraction + int(signed)) <= 0
    return torch.where(none, torch.zeros_like(codes), codes / scale)


class _Snap(torch.autograd.Function):
    """Snaps forward; backward, gradients from the rounding error.

    The value's gradient goes straight through inside the range and stops at a saturated end. One
    more fraction bit halves the error, so d/d(fraction) = ln 2 * (value - snapped). One more
    integer bit doubles a saturated end, so d/d(integer) = ln 2 * the end.
    """

    @staticmethod
    def forward(
        ctx: Any,
        values: Tensor,
        integer: Tensor,
        fraction: Tensor,
        signed: bool,
        rounding: str,
        overflow: str,
    ) -> Tensor:
        snapped = snap(values, signed, integer, fraction, rounding, overflow)
        ctx.save_for_backward(values, snapped, integer, fraction)
        ctx.clips = overflow != "WRAP"
        return snapped

    @staticmethod
    def backward(ctx: Any, upstream: Tensor) -> tuple[Tensor | None, ...]:
        values, snapped, integer, fraction = ctx.saved_tensors
        error = values - snapped
        if ctx.clips:
            clipped = error.abs() > torch.exp2(-fraction.to(values.dtype))
        else:
            clipped = torch.zeros_like(values, dtype=torch.bool)
        straight = torch.where(clipped, torch.zeros_like(upstream), upstream)
        to_integer = to_fraction = None
        if ctx.needs_input_grad[1]:
            ends = torch.where(clipped, upstream * snapped, torch.zeros_like(upstream))
            to_integer = (math.log(2.0) * ends).sum_to_size(integer.shape)
        if ctx.needs_input_grad[2]:
            to_fraction = (math.log(2.0) * straight * error).sum_to_size(fraction.shape)
        return straight, to_integer, to_fraction, None, None, None


def quantise(
    values: Tensor, signed: bool, integer: Tensor, fraction: Tensor, rounding: str, overflow: str
) -> Tensor:
    """Snap with gradients for the values and for both bit widths."""
    result: Tensor = _Snap.apply(values, integer, fraction, signed, rounding, overflow)  # type: ignore[no-untyped-call]
    return result


class _Plain(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, values: Tensor, form: Format) -> Tensor:
        scale = 2.0**form.fraction
        codes = torch.floor(values * scale + 0.5)
        snapped = codes.clamp_(form.low * scale, form.high * scale).mul_(form.step)
        ctx.save_for_backward((values - snapped).abs_() <= form.step)
        return snapped

    @staticmethod
    def backward(ctx: Any, upstream: Tensor) -> tuple[Tensor, None]:
        (inside,) = ctx.saved_tensors
        return upstream * inside, None


def snap_plain(values: Tensor, form: Format) -> Tensor:
    """`quantise` for one format with bits, rounding half up and saturating; much faster."""
    result: Tensor = _Plain.apply(values, form)  # type: ignore[no-untyped-call]
    return result


class _Whole(torch.autograd.Function):
    @staticmethod
    def forward(_ctx: Any, bits: Tensor) -> Tensor:
        return torch.round(bits)

    @staticmethod
    def backward(_ctx: Any, upstream: Tensor) -> Tensor:
        return upstream


def whole(bits: Tensor) -> Tensor:
    """The whole number nearest to a trained bit width, with its gradient."""
    result: Tensor = _Whole.apply(bits)  # type: ignore[no-untyped-call]
    return result


class _Known(torch.autograd.Function):
    @staticmethod
    def forward(_ctx: Any, _smooth: Tensor, exact: Tensor) -> Tensor:
        return exact

    @staticmethod
    def backward(_ctx: Any, upstream: Tensor) -> tuple[Tensor, None]:
        return upstream, None


def straight_through(smooth: Tensor, exact: Tensor) -> Tensor:
    """The value of `exact` with the gradient of `smooth`."""
    result: Tensor = _Known.apply(smooth, exact)  # type: ignore[no-untyped-call]
    return result
