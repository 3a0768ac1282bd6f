"""Convolutions, unrolled: every output position is a product with the same constant matrix."""

from __future__ import annotations

from typing import Any

import numpy as np
from alkaid.trace import FVArray

from openrtl.layers.access import lowers, output_form, shape, type_form, weights, whole
from openrtl.layers.linear import need_latency_strategy
from openrtl.matmul import affine
from openrtl.precision import Numbers
from openrtl.refuse import RefusedError
from openrtl.symbols import Symbols, array, cast, constant, stack


def padded(values: Symbols, edges: list[tuple[int, int]], fill: float = 0.0) -> Symbols:
    """Constants around the spatial dimensions; the channels come last."""
    result = values
    for axis, (before, after) in enumerate(edges):
        parts = []
        for count in (before, after):
            size = list(result.shape)
            size[axis] = count
            parts.append(np.full(size, constant(fill), dtype=object))
        result = np.concatenate([parts[0], result, parts[1]], axis=axis)
    return result


def _refuse_dilation(layer: Any) -> None:
    dilation = layer.get_attr("dilation", 1) or 1
    if dilation != 1:
        reason = f"dilation {dilation}: hls4ml's C++ ignores it and computes something else"
        raise RefusedError(layer.name, reason, "use dilation 1, or a wider filter with zeros in it")


def _channels_last(layer: Any) -> None:
    if layer.get_attr("data_format", "channels_last") != "channels_last":
        raise RefusedError(
            layer.name,
            "channels come first",
            "convert with channels_last_conversion='internal' or 'full'",
        )


def _patches_1d(layer: Any, x: FVArray) -> Symbols:
    width, stride = whole(layer, "filt_width"), whole(layer, "stride_width", 1)
    values = np.asarray(x).reshape(whole(layer, "in_width"), whole(layer, "n_chan"))
    values = padded(values, [(whole(layer, "pad_left"), whole(layer, "pad_right"))])
    starts = range(0, whole(layer, "out_width") * stride, stride)
    return np.stack([values[s : s + width].reshape(-1) for s in starts])


def _patches_2d(layer: Any, x: FVArray) -> Symbols:
    height, width = whole(layer, "filt_height"), whole(layer, "filt_width")
    down, right = whole(layer, "stride_height", 1), whole(layer, "stride_width", 1)
    values = np.asarray(x).reshape(
        whole(layer, "in_height"), whole(layer, "in_width"), whole(layer, "n_chan")
    )
    edges = [("pad_top", "pad_bottom"), ("pad_left", "pad_right")]
    values = padded(values, [(whole(layer, a), whole(layer, b)) for a, b in edges])
    return np.stack(
        [
            values[r * down : r * down + height, c * right : c * right + width].reshape(-1)
            for r in range(whole(layer, "out_height"))
            for c in range(whole(layer, "out_width"))
        ]
    )


def _patches(layer: Any, x: FVArray) -> Symbols:
    need_latency_strategy(layer)
    _refuse_dilation(layer)
    _channels_last(layer)
    return _patches_2d(layer, x) if "2D" in layer.class_name else _patches_1d(layer, x)


@lowers("Conv1D", "PointwiseConv1D", "Conv2D", "PointwiseConv2D", "Conv2DBatchnorm")
def convolution(layer: Any, x: FVArray) -> FVArray:
    patches = _patches(layer, x)
    weight = weights(layer, "weight").reshape(patches.shape[1], whole(layer, "n_filt"))
    bias = weights(layer, "bias").ravel()
    result = affine(patches, weight, bias, type_form(layer, "accum_t"))
    return cast(result, output_form(layer)).reshape(shape(layer))


@lowers("DepthwiseConv1D", "DepthwiseConv2D")
def depthwise(layer: Any, x: FVArray) -> FVArray:
    """Each channel by itself; hls4ml has one filter a channel."""
    patches = _patches(layer, x)
    channels = whole(layer, "n_chan")
    if whole(layer, "n_filt", channels) != channels:
        raise RefusedError(
            layer.name, "more than one filter a channel", "use a depth multiplier of 1"
        )
    taps: Numbers = weights(layer, "weight").reshape(-1, channels)
    bias, accum = weights(layer, "bias").ravel(), type_form(layer, "accum_t")
    columns = [
        np.asarray(
            affine(array(patches[:, c::channels]), taps[:, c : c + 1], bias[c : c + 1], accum)
        )
        for c in range(channels)
    ]
    result = np.concatenate(columns, axis=1)
    return cast(stack(result.ravel(), result.shape), output_form(layer)).reshape(shape(layer))
