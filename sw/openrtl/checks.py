"""What is refused before lowering starts: what would convert silently to a wrong result."""

from __future__ import annotations

from typing import Any

import numpy as np

from openrtl.layers import HANDLERS
from openrtl.reading import check_torch
from openrtl.refuse import NETWORK, RefusedError


def check(model: Any) -> None:
    """Every check, over hls4ml's graph and over the torch module it was read from."""
    if model.config.get_config_value("IOType") != "io_parallel":
        raise RefusedError(NETWORK, "io_stream", "convert with io_type='io_parallel'")
    for layer in model.get_layers():
        _known(layer)
        _finite(layer)
        _unfolded(layer)
    module = model.config.config.get("PytorchModel")
    if module is not None and not isinstance(module, str):
        check_torch(module)


def _known(layer: Any) -> None:
    if layer.class_name not in (*HANDLERS, "Input", "InputLayer", "Constant"):
        raise RefusedError(
            layer.name,
            f"hls4ml's {layer.class_name} has no lowering",
            "see the table of layers in the docs",
        )


def _finite(layer: Any) -> None:
    for name, variable in layer.weights.items():
        values = np.asarray(variable.data, np.float64)
        bad = int((~np.isfinite(values)).sum())
        if bad:
            raise RefusedError(
                layer.name, f"{bad} of its {name} values are NaN or infinite", "train it again"
            )


def _unfolded(layer: Any) -> None:
    factor = layer.get_attr("reuse_factor", 1)
    if factor not in (None, 1):
        raise RefusedError(
            layer.name,
            f"ReuseFactor {factor}: everything is unrolled, one result a clock",
            "set ReuseFactor to 1",
        )
