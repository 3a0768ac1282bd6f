"""From hls4ml's graph to integer logic: its layers evaluated on symbols, with its types."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from alkaid.trace import FVArray, trace
from alkaid.trace.fixed_variable import FVariable
from alkaid.trace.passes import optimize
from alkaid.types import CombLogic

from openrtl.layers import HANDLERS
from openrtl.precision import WIDEST, ApFixed, Numbers, cast_numbers, of
from openrtl.refuse import NETWORK, RefusedError
from openrtl.symbols import HARDWARE, SOLVER, array, each, fresh

Watch = Callable[[str, int, int], None]  # a layer's name, how many are done, and of how many
ADD_CONSTANT, ADDITIONS = 4, (0, 1)  # alkaid's opcodes


@dataclass(frozen=True)
class Port:
    """One tensor at the edge of the network, every element of one format."""

    name: str
    shape: tuple[int, ...]
    form: ApFixed

    @property
    def size(self) -> int:
        return int(np.prod(self.shape))


@dataclass
class Lowered:
    """The network as integer logic, and the symbols that enter and leave each layer."""

    logic: CombLogic
    inputs: list[Port]
    outputs: list[Port]
    layers: dict[str, tuple[list[FVArray], FVArray]]

    def evaluate(self, flat: Numbers) -> Numbers:
        """The integer model: rows of input values on their grids to rows of output values."""
        result: Numbers = np.asarray(self.logic.predict(np.ascontiguousarray(flat)))
        return result.reshape(len(flat), -1)

    def quantise_inputs(self, tensors: list[Numbers]) -> Numbers:
        """What the input types make of these values: one row a sample, the tensors side by side."""
        flat = [
            cast_numbers(np.asarray(t, np.float64).reshape(-1, port.size), port.form)
            for t, port in zip(tensors, self.inputs, strict=True)
        ]
        return np.ascontiguousarray(np.concatenate(flat, axis=1))


def unwatched(name: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""


@contextmanager
def _deep_recursion() -> Iterator[None]:
    """The tracer walks a network's depth by recursion."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, 200_000))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _port(variable: Any, name: str) -> Port:
    return Port(name, tuple(int(n) for n in variable.shape), of(variable.type.precision, name))


def _symbols(port: Port) -> FVArray:
    form = port.form
    k, i, f = (np.full(port.shape, n) for n in (int(form.signed), form.integer, form.fraction))
    return FVArray.from_kif(k, i, f, hwconf=HARDWARE, solver_options=SOLVER)


def _constant(layer: Any) -> FVArray:
    form = of(layer.get_output_variable().type.precision, layer.name)
    return array(cast_numbers(layer.get_attr("value"), form).astype(object))


def lower(model: Any) -> Lowered:
    """Lower every layer. Raises `RefusedError` where a layer can't be exact.

    A graph's attribute `openrtl_watch`, if there is one, is told of each layer.
    """
    inputs = [_port(v, n) for v, n in zip(model.get_input_variables(), model.inputs, strict=True)]
    outputs = [
        _port(v, n) for v, n in zip(model.get_output_variables(), model.outputs, strict=True)
    ]
    values: dict[str, FVArray] = {port.name: _symbols(port) for port in inputs}
    sources = list(values.values())
    layers: dict[str, tuple[list[FVArray], FVArray]] = {}
    watch: Watch = getattr(model, "openrtl_watch", unwatched)
    order = list(model.get_layers())
    with _deep_recursion():
        for at, layer in enumerate(order):
            watch(layer.name, at, len(order))
            if layer.outputs[0] in values:
                continue
            taken = [each(values[name], fresh) for name in layer.inputs]
            result = (
                _constant(layer) if layer.class_name == "Constant" else _lower_layer(layer, taken)
            )
            _check_width(layer.name, result)
            values.update(dict.fromkeys(layer.outputs, result))
            layers[layer.name] = (taken, result)
        watch("pipeline", len(order), len(order))
        logic = optimised(sources, [values[port.name] for port in outputs])
    return Lowered(logic, inputs, outputs, layers)


def _lower_layer(layer: Any, taken: list[FVArray]) -> FVArray:
    handler = HANDLERS.get(layer.class_name)
    if handler is None:
        raise RefusedError(
            layer.name, f"no lowering for {layer.class_name}", "see the table of layers in the docs"
        )
    return handler(layer, *taken)


def _check_width(name: str, result: FVArray) -> None:
    widest = max((sum(map(int, v.kif)) for v in np.asarray(result).ravel()), default=0)
    if widest > WIDEST:
        raise RefusedError(name, f"values of {widest} bits, more than {WIDEST}", "narrow its types")


def _flat(arrays: list[FVArray]) -> list[FVariable]:
    return [v for a in arrays for v in np.asarray(a).ravel()]


def optimised(sources: list[FVArray], results: list[FVArray]) -> CombLogic:
    raw = trace(_flat(sources), _flat(results), optimize=False, keep_dead_inputs=True)
    logic = optimize(raw, keep_dead_inputs=True)
    if _lost_bits(logic):
        # Optimising traces again, and there weights of different layers multiply beyond float32.
        logic = optimize(raw, keep_dead_inputs=True, retrace=False)
    _check_logic(logic)
    return logic


def _lost_bits(logic: CombLogic) -> bool:
    """Whether any sum is on a coarser grid than its terms, by cancelling or by losing a bit."""
    for op in logic.ops:
        if op.opcode in ADDITIONS:
            a, b = (logic.ops[n].qint.step for n in op.addr)
            if op.qint.step > min(a, b * 2.0 ** op.data[0]):
                return True
    return False


def _check_logic(logic: CombLogic) -> None:
    """Two limits that the tracer doesn't check itself: 53-bit bounds and 32-bit constants."""
    for op in logic.ops:
        if sum(map(int, op.qint.kif)) > WIDEST:
            raise RefusedError(
                NETWORK, f"a value of more than {WIDEST} bits inside", "narrow the types"
            )
        if op.opcode == ADD_CONSTANT:
            value, fraction = op.data
            before = logic.ops[op.addr[0]].qint
            if before.min + value * 2.0**-fraction != op.qint.min:
                raise RefusedError(
                    NETWORK, "a constant of more than 31 bits", "narrow biases and types"
                )


def layer_cost(taken: list[FVArray], result: FVArray) -> tuple[float, int]:
    """alkaid's estimate of one layer's LUTs, and the bits of its result."""
    bits = sum(sum(map(int, v.kif)) for v in _flat([result]))
    entering: dict[Any, FVariable] = {}
    for value in _flat(taken):
        if value.low != value.high:
            entering.setdefault(value.id, value.unscaled)
    live = [v for v in _flat([result]) if v.low != v.high and v.id not in entering]
    if not live or not entering:
        return 0.0, bits
    with _deep_recursion():
        raw = trace(list(entering.values()), live, optimize=False)
        try:
            return float(optimize(raw).cost), bits
        except AssertionError:  # by itself, a table's input has a wider range than in the network
            return float(optimize(raw, retrace=False).cost), bits
