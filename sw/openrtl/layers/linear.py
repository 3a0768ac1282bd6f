"""Layers that are sums of products: with constants, or of two tensors."""

from __future__ import annotations

from typing import Any

import numpy as np
from alkaid.trace import FVArray
from alkaid.trace.fixed_variable import FVariable

from openrtl.layers.access import (
    flat_weights,
    lowers,
    output_form,
    shape,
    type_form,
    weights,
    whole,
)
from openrtl.matmul import affine
from openrtl.precision import ApFixed, cast_one
from openrtl.refuse import RefusedError
from openrtl.symbols import cast, constant, fresh, stack, times

LATENCY = ("latency", "none", "")


def need_latency_strategy(layer: Any) -> None:
    """Other strategies add in another order, or ignore types."""
    strategy = str(layer.get_attr("strategy") or "").lower()
    if strategy not in LATENCY:
        raise RefusedError(
            layer.name, f"strategy {strategy!r} has its own arithmetic", "use Strategy 'Latency'"
        )


@lowers("Dense")
def dense(layer: Any, x: FVArray) -> FVArray:
    need_latency_strategy(layer)
    weight = weights(layer, "weight").reshape(whole(layer, "n_in"), whole(layer, "n_out"))
    bias = weights(layer, "bias").ravel()
    result = affine(x.reshape(-1, weight.shape[0]), weight, bias, type_form(layer, "accum_t"))
    return cast(result, output_form(layer)).reshape(shape(layer))


@lowers("BatchNormalization", "ApplyAlpha")
def batch_normalization(layer: Any, x: FVArray) -> FVArray:
    scale, bias = weights(layer, "scale").ravel(), weights(layer, "bias").ravel()
    count = whole(layer, "n_filt", -1)
    if count == -1:
        count = x.size
    scale, bias = flat_weights(layer, "scale", count), flat_weights(layer, "bias", count)
    form = output_form(layer)
    values = (
        cast_one(times(v, float(scale[n % count])) + float(bias[n % count]), form)
        for n, v in enumerate(np.asarray(x).ravel())
    )
    return stack(values, x.shape)


@lowers("EinsumDense")
def einsum_dense(layer: Any, x: FVArray) -> FVArray:
    need_latency_strategy(layer)
    free, out, contract, inplace = (
        whole(layer, name) for name in ("n_free_data", "n_free_kernel", "n_contract", "n_inplace")
    )
    kernel = weights(layer, "weight").reshape(inplace, contract, out)
    bias = weights(layer, "bias").reshape(inplace, free, out)
    form, accum = output_form(layer), type_form(layer, "accum_t")
    data = np.asarray(x.transpose(*layer.get_attr("inp_tpose_idxs"))).reshape(
        inplace, free, contract
    )
    rows = [
        np.asarray(cast(affine(data[i, n], kernel[i], bias[i, n], accum), form))
        for i in range(inplace)
        for n in range(free)
    ]
    return _transposed_out(layer, np.stack(rows))


def _transposed_out(layer: Any, flat: Any) -> FVArray:
    interpreted = flat.reshape(layer.get_attr("out_interpert_shape"))
    moved = interpreted.transpose(layer.get_attr("out_tpose_idxs"))
    return stack(moved.ravel(), shape(layer))


def accumulate(
    pairs: list[tuple[FVariable, FVariable]], accum: ApFixed, round_products: bool
) -> FVariable:
    """Products of two tensors, added one after another into accum_t.

    `round_products`: the C++ stores each product in accum_t before it adds.
    """
    total = constant(0.0)
    for a, b in pairs:
        product = fresh(a * b)
        total = cast_one(total + (cast_one(product, accum) if round_products else product), accum)
    return total


@lowers("Einsum")
def einsum(layer: Any, a: FVArray, b: FVArray) -> FVArray:
    need_latency_strategy(layer)
    free0, free1, contract, inplace = (
        whole(layer, name) for name in ("n_free0", "n_free1", "n_contract", "n_inplace")
    )
    form, accum = output_form(layer), type_form(layer, "accum_t")
    left = np.asarray(a.transpose(*layer.get_attr("inp0_tpose_idxs"))).reshape(
        inplace, free0, contract
    )
    right = np.asarray(b.transpose(*layer.get_attr("inp1_tpose_idxs"))).reshape(
        inplace, free1, contract
    )
    values = [
        cast_one(accumulate(list(zip(left[i, m], right[i, n], strict=True)), accum, False), form)
        for i in range(inplace)
        for m in range(free0)
        for n in range(free1)
    ]
    return _transposed_out(layer, np.asarray(stack(values, (len(values),))))


@lowers("Dot")
def dot(layer: Any, a: FVArray, b: FVArray) -> FVArray:
    pairs = list(zip(np.asarray(a).ravel(), np.asarray(b).ravel(), strict=True))
    total = accumulate(pairs, type_form(layer, "accum_t"), True)
    return stack([cast_one(total, output_form(layer))], shape(layer))
