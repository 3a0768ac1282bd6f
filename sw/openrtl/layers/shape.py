"""Layers that only move values: wires, and constants beside them."""

from __future__ import annotations

from typing import Any

import numpy as np
from alkaid.trace import FVArray

from openrtl.layers.access import input_form, lowers, output_form, shape, weights, whole
from openrtl.layers.conv import padded
from openrtl.precision import Numbers, cast_numbers, cast_one
from openrtl.refuse import RefusedError
from openrtl.symbols import cast, lookup, stack, toward_zero


@lowers("Reshape", "Flatten", "Clone")
def reshape(layer: Any, x: FVArray) -> FVArray:
    return x.reshape(shape(layer))


@lowers("Transpose")
def transpose(layer: Any, x: FVArray) -> FVArray:
    moved = np.asarray(x).transpose(layer.get_attr("perm"))
    return cast(stack(moved.ravel(), shape(layer)), output_form(layer))


@lowers("ZeroPadding1D", "ZeroPadding2D")
def zero_padding(layer: Any, x: FVArray) -> FVArray:
    edges = [("pad_left", "pad_right")]
    if "2D" in layer.class_name:
        edges = [("pad_top", "pad_bottom"), *edges]
    around = [(whole(layer, a), whole(layer, b)) for a, b in edges]
    values = padded(np.asarray(cast(x, output_form(layer))), around)
    return stack(values.ravel(), shape(layer))


@lowers("Cropping1D", "Cropping2D")
def cropping(layer: Any, x: FVArray) -> FVArray:
    values, size = np.asarray(x), shape(layer)
    left = whole(layer, "crop_left")
    if "2D" in layer.class_name:
        top = whole(layer, "crop_top")
        values = values[top : top + size[0], left : left + size[1]]
    else:
        values = values[left : left + size[0]]
    return cast(stack(values.ravel(), size), output_form(layer))


@lowers("Resize")
def resize(layer: Any, x: FVArray) -> FVArray:
    """Nearest neighbour, by the C++'s 16-bit ratios."""
    if layer.get_attr("algorithm", "nearest") != "nearest":
        raise RefusedError(layer.name, "interpolation between pixels", "use algorithm 'nearest'")
    height, width = whole(layer, "in_height", 1), whole(layer, "in_width")
    tall, wide = whole(layer, "out_height", 1), whole(layer, "out_width")
    values = np.asarray(x).reshape(height, width, whole(layer, "n_chan"))
    rows = [(i * (((height << 16) // tall) + 1)) >> 16 for i in range(tall)]
    columns = [(j * (((width << 16) // wide) + 1)) >> 16 for j in range(wide)]
    picked = values[np.ix_(rows, columns)]
    return cast(stack(picked.ravel(), shape(layer)), output_form(layer))


@lowers("Embedding")
def embedding(layer: Any, x: FVArray) -> FVArray:
    """A table of vectors, the input an index into it."""
    table = weights(layer, "embeddings").reshape(-1, whole(layer, "n_out"))
    source, form = input_form(layer), output_form(layer)
    if source.signed or 2**source.integer > len(table):
        reason = (
            f"its input {source} reaches past the {len(table)} rows, and the C++ would read there"
        )
        raise RefusedError(
            layer.name, reason, "use an unsigned input of fewer bits, or a longer table"
        )

    def column(n: int) -> Any:
        def entry(values: Numbers) -> Numbers:
            return cast_numbers(table[np.trunc(values).astype(np.int64), n], form)

        return entry

    indices = [toward_zero(v, 0) for v in np.asarray(x).ravel()]
    values = [
        cast_one(lookup(v, column(n), layer.name), form)
        for v in indices
        for n in range(table.shape[1])
    ]
    return stack(values, shape(layer))
