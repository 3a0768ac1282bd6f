"""What a handler reads from an hls4ml layer, and the registry of handlers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from alkaid.trace import FVArray

from openrtl.precision import ApFixed, Numbers, cast_numbers, of
from openrtl.refuse import RefusedError

Handler = Callable[..., FVArray]
HANDLERS: dict[str, Handler] = {}


def lowers(*class_names: str) -> Callable[[Handler], Handler]:
    """Register a function as the handler of these hls4ml class names."""

    def register(handler: Handler) -> Handler:
        for name in class_names:
            HANDLERS[name] = handler
        return handler

    return register


def output_form(layer: Any) -> ApFixed:
    return of(layer.get_output_variable().type.precision, layer.name)


def input_form(layer: Any, index: int = 0) -> ApFixed:
    return of(layer.get_input_variable(layer.inputs[index]).type.precision, layer.name)


def type_form(layer: Any, name: str) -> ApFixed:
    """One of the layer's inner types, as `accum_t` or `table_t`."""
    return of(layer.get_attr(name).precision, layer.name)


def shape(layer: Any) -> tuple[int, ...]:
    return tuple(int(n) for n in layer.get_output_variable().shape)


def whole(layer: Any, name: str, default: int = 0) -> int:
    value = layer.get_attr(name, default)
    return default if value is None else int(value)


def weights(layer: Any, name: str) -> Numbers:
    """A weight array as in the C++: written as decimal text, read as double, cast to its type."""
    variable = layer.weights[name]
    form = of(variable.type.precision, layer.name)
    text = np.vectorize(lambda v: float(variable.precision_fmt.format(v)), otypes=[np.float64])
    return cast_numbers(text(np.asarray(variable.data, np.float64)), form)


def flat_weights(layer: Any, name: str, size: int) -> Numbers:
    """A per-element parameter, and an error where C++ would read past its end."""
    values = weights(layer, name).ravel()
    if values.size < size:
        reason = (
            f"its {name} has {values.size} values for {size} elements, and the C++ reads past them"
        )
        raise RefusedError(layer.name, reason, f"give it one {name} an element")
    return values
