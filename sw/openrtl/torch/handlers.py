"""How hls4ml reads the fixed-point layers: a handler for each, and a pass that fits the tables.

hls4ml narrows a quantiser whose input can't fill it, and its C++ addresses a table with the bits of
the narrowed number. `FitTables` picks the entries that the narrowed number can reach, in its order.
Without it such a table would silently be read at wrong places.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from hls4ml.converters import register_pytorch_layer_handler
from hls4ml.converters.pytorch_to_hls import layer_handlers
from hls4ml.model.flow.flow import update_flow
from hls4ml.model.optimizer import OptimizerPass, get_available_passes, register_pass
from hls4ml.model.optimizer.passes.hgq_proxy_model import UnaryLUT
from hls4ml.model.types import FixedPrecisionType

from openrtl.refuse import RefusedError
from openrtl.torch.layers import (
    FixedConv1d,
    FixedLinear,
    FixedQuantizer,
    FixedScale,
    FixedSpread,
    FixedTable,
)

ADDRESS = "address_format"  # the table's own attribute: the format of its address
Shape = list[int | None]
Parsed = tuple[dict[str, Any], Shape]


def _numpy(tensor: Any) -> Any:
    return None if tensor is None else tensor.detach().numpy()


def quantizer(name: str, inputs: list[str], shapes: list[Shape], module: FixedQuantizer) -> Parsed:
    integer, fraction = module.whole_bits()
    signed = np.full_like(integer, int(module.signed))
    width = np.maximum(signed + integer + fraction, 0)
    alike = integer.size == 1
    shape = (1,) if alike else (1, *module.integer.shape)
    kbi = tuple(a.astype(np.int16).reshape(shape) for a in (signed, width, integer + signed))
    layer: dict[str, Any] = {
        "name": name,
        "class_name": "FixedPointQuantizer",
        "inputs": inputs,
        "mask_kbi": kbi,
        "RND": module.rounding,
        "SAT": module.overflow,
        "fusible": None,
        "overrides": {},
    }
    return layer, list(shapes[0])


def _dense(name: str, inputs: list[str], shapes: list[Shape], weight: Any, bias: Any) -> Parsed:
    n_out, n_in = weight.shape
    layer = {
        "name": name,
        "class_name": "Dense",
        "inputs": inputs,
        "weight_data": weight,
        "bias_data": bias,
        "use_bias": bias is not None,
        "n_in": n_in,
        "n_out": n_out,
    }
    return layer, [*shapes[0][:-1], n_out]


def linear(name: str, inputs: list[str], shapes: list[Shape], module: FixedLinear) -> Parsed:
    return _dense(name, inputs, shapes, _numpy(module.grid_weight()), _numpy(module.grid_bias()))


def spread(name: str, inputs: list[str], shapes: list[Shape], module: FixedSpread) -> Parsed:
    return _dense(name, inputs, shapes, _numpy(module.matrix), None)


def conv1d(name: str, inputs: list[str], shapes: list[Shape], module: FixedConv1d) -> Parsed:
    batch, _channels, width = shapes[0]
    assert width is not None
    filt, stride, dilation = module.kernel_size[0], module.stride[0], module.dilation[0]
    reach = (filt - 1) * dilation + 1
    out_width = (width + module.pad_left - reach) // stride + 1
    bias = _numpy(module.grid_bias())
    layer = {
        "name": name,
        "class_name": "Conv1D",
        "inputs": inputs,
        "data_format": "channels_first",
        "weight_data": _numpy(module.grid_weight()),
        "bias_data": bias,
        "use_bias": bias is not None,
        "in_width": width,
        "n_chan": module.in_channels,
        "n_filt": module.out_channels,
        "filt_width": filt,
        "stride_width": stride,
        "dilation": dilation,
        "out_width": out_width,
        "pad_left": module.pad_left,
        "pad_right": 0,
    }
    return layer, [batch, module.out_channels, out_width]


def scale(name: str, inputs: list[str], shapes: list[Shape], module: FixedScale) -> Parsed:
    layer = {
        "name": name,
        "class_name": "BatchNormalization",
        "inputs": inputs,
        "n_in": module.size,
        "n_out": module.size,
        "n_filt": -1,
        "scale_data": np.full(module.size, module.factor),
        "bias_data": np.zeros(module.size),
    }
    return layer, list(shapes[0])


def table(name: str, inputs: list[str], shapes: list[Shape], module: FixedTable) -> Parsed:
    entry = module.entry
    layer = {
        "name": name,
        "class_name": "UnaryLUT",
        "activation": "unary_lut",
        "inputs": inputs,
        "table_data": _numpy(module.entries).astype(np.float64),
        "table_t": FixedPrecisionType(entry.width, entry.integer + int(entry.signed), entry.signed),
        ADDRESS: (int(module.address.signed), module.address.integer, module.address.fraction),
    }
    return layer, list(shapes[0])


class FitTables(OptimizerPass):  # type: ignore[misc]
    """Reorder a table for the format that its input was narrowed to."""

    def match(self, node: Any) -> bool:
        if not isinstance(node, UnaryLUT) or ADDRESS not in node.attributes:
            return False
        return bool(_kif(node.get_input_variable().type.precision) != node.attributes[ADDRESS])

    def transform(self, _model: Any, node: Any) -> bool:
        signed, integer, fraction = _kif(node.get_input_variable().type.precision)
        width = signed + integer + fraction
        codes = np.arange(1 << width)
        if signed:
            codes = np.where(codes >= 1 << (width - 1), codes - (1 << width), codes)
        was_signed, was_integer, was_fraction = node.attributes[ADDRESS]
        address = codes * 2.0 ** (was_fraction - fraction)
        entries = node.attributes["table_data"]
        reachable = address == np.rint(address)
        if not reachable.all() or width > was_signed + was_integer + was_fraction:
            reason = (
                f"its input has {width} bits, {fraction} of them fraction, and its table "
                f"{was_signed + was_integer + was_fraction} and {was_fraction}"
            )
            raise RefusedError(node.name, reason, "put a FixedQuantizer of its format in front")
        fitted = entries[np.mod(np.rint(address).astype(np.int64), entries.size)]
        node.attributes["table_data"] = fitted
        node.attributes["table_size"] = fitted.size
        node.weights["table"].data = fitted
        node.weights["table"].shape = list(fitted.shape)
        node.attributes[ADDRESS] = (signed, integer, fraction)
        return False


def _kif(precision: Any) -> tuple[int, int, int]:
    signed = int(precision.signed)
    return signed, precision.integer - signed, precision.width - precision.integer


def _adapted(handler: Callable[..., Parsed]) -> Callable[..., Parsed]:
    """A handler with hls4ml's arguments, of which it needs some."""

    def adapted(
        _op: str,
        name: str,
        inputs: list[str],
        shapes: list[Shape],
        _node: Any,
        module: Any,
        *_: Any,
    ) -> Parsed:
        return handler(name, inputs, shapes, module)

    return adapted


HANDLERS: dict[str, Callable[..., Parsed]] = {
    "FixedQuantizer": quantizer,
    "FixedLinear": linear,
    "FixedConv1d": conv1d,
    "FixedSpread": spread,
    "FixedScale": scale,
    "FixedTable": table,
}


def register() -> None:
    """Tell hls4ml about the layers; safe to call again."""
    for name, handler in HANDLERS.items():
        if name not in layer_handlers:
            register_pytorch_layer_handler(name, _adapted(handler))
    if "fit_tables" not in get_available_passes():
        register_pass("fit_tables", FitTables)
        update_flow("optimize", add_optimizers=["fit_tables"])
