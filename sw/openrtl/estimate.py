"""What a network will cost, from hls4ml's graph, in milliseconds, before it is converted.

The constants were fitted to a dozen networks of fixed-point layers, of 1,400 to 29,000 cells. Of
these, cells are met within a quarter of yosys' for an ECP5, and cycles within 2. A table of 4,096
bits or more is one that yosys puts into block RAM.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openrtl.pipeline import DelayModel

# Of every nonzero signed digit of a matrix so much of an adder is left, since adders are shared.
_SHARED = 0.57
_CELLS_A_BIT = 1.2  # of an adder, what is around it included
_ROUNDING = 20  # cells that round and saturate one value
_PACKED = 1.35  # stages are not filled to the brim
_ADDITION, _CHOICE, _TABLE, _TIMES = 2.1, 1.2, 2.4, 5.0  # ns


_ROM = 4_096  # bits of a table from which on yosys takes block RAM
# Entries: bits of each, in one block RAM.
_DEPTHS = {512: 36, 1_024: 18, 2_048: 9, 4_096: 4, 8_192: 2, 16_384: 1}
_MOST = 16_384

# Twice the cells that the path leaves to a network, and an ECP5-85's block RAMs; beyond these the
# tracer works for minutes.
MOST_CELLS, MOST_RAMS, MOST_SECONDS = 40_000, 208, 60


@dataclass(frozen=True)
class Estimate:
    """Cells and block RAMs of an ECP5, clocks from input to output, seconds that converting
    takes."""

    cells: int
    rams: int
    cycles: int
    seconds: float

    def __str__(self) -> str:
        rams = f", {self.rams:,} block RAMs" if self.rams else ""
        return f"about {self.cells:,} cells{rams} and {self.seconds:,.0f} s to convert, by estimate"

    @property
    def bound(self) -> str:
        """What it may cost unless someone wants more; empty where it doesn't pass that."""
        if self.cells <= MOST_CELLS and self.rams <= MOST_RAMS and self.seconds <= MOST_SECONDS:
            return ""
        rams = f", {MOST_RAMS} block RAMs" if self.rams > MOST_RAMS else ""
        return f"the bound is {MOST_CELLS:,} cells{rams} and {MOST_SECONDS} s"


def digits(values: NDArray[Any]) -> NDArray[Any]:
    """Nonzero digits of each whole number, in signed digits with no two side by side."""
    rest = np.abs(values.astype(np.int64))
    count: NDArray[Any] = np.bitwise_count(rest ^ (3 * rest)).astype(np.int64)
    return count


def estimate(model: Any, period: float) -> Estimate:
    """Of an hls4ml graph that isn't lowered yet, at a period in ns."""
    cells = seconds = 0.0
    rams = 0
    ends: dict[str, float] = {}
    distinct: dict[str, int] = {}  # of an output's elements: others are the same once more
    for layer in model.get_layers():
        begins = max((ends.get(name, 0.0) for name in layer.inputs), default=0.0)
        one, elements = _layer(layer), _distinct(layer, distinct)
        cells, seconds = cells + one[0], seconds + one[2]
        ends.update(dict.fromkeys(layer.outputs, begins + one[1]))
        distinct.update(dict.fromkeys(layer.outputs, elements))
        rams += elements * _rams(layer)
    room = max(period - DelayModel().setup, 0.5)
    cycles = max(1, math.ceil(_PACKED * max(ends.values(), default=0.0) / room))
    return Estimate(round(cells), rams, cycles, seconds)


def _entries(address: int) -> float:
    """Cells for each bit of a table's entries; 16 entries fit one."""
    return float(2 ** max(address - 4, 0))


def _rams(layer: Any) -> int:
    """Block RAMs of one table, each as wide as it isn't deep; 0 where it is of cells."""
    if "table" not in layer.weights:
        return 0
    address, bits = (_width(one()) for one in (layer.get_input_variable, layer.get_output_variable))
    if bits << address < _ROM:
        return 0
    deep = next((entries for entries, wide in _DEPTHS.items() if 1 << address <= entries), _MOST)
    return math.ceil(bits / _DEPTHS[deep]) * max(1, (1 << address) // _MOST)


def _distinct(layer: Any, before: dict[str, int]) -> int:
    """How many of its elements differ: sums of the same values do not, nor does what is made of
    them one by one."""
    size = int(np.prod(layer.get_output_variable().shape))
    if "weight" in layer.weights:
        whole = np.asarray(layer.weights["weight"].data)
        if whole.size % size:
            return size
        bias = np.asarray(layer.weights["bias"].data) if "bias" in layer.weights else 0.0
        columns = np.vstack([whole.reshape(-1, size), np.broadcast_to(bias, (1, size))])
        return len(np.unique(columns, axis=1).T)
    if len(layer.inputs) == 1:
        return min(size, before.get(layer.inputs[0], size))
    return size


def _layer(layer: Any) -> tuple[float, float, float]:
    """Cells, ns and seconds of one layer."""
    size = int(np.prod(layer.get_output_variable().shape))
    cells = nanoseconds = seconds = 0.0
    if "weight" in layer.weights:
        cells, nanoseconds, seconds = _matrix(layer, size)
    elif "scale" in layer.weights:
        cells, nanoseconds, seconds = _scale(layer, size)
    elif "table" in layer.weights:
        address, bits = _width(layer.get_input_variable()), _width(layer.get_output_variable())
        cells = 0.0 if _rams(layer) else size * bits * _entries(address)
        nanoseconds = _TABLE
    elif layer.class_name == "Merge":
        times = layer.get_attr("op") == "multiply"
        cells = 0.0 if times else _CELLS_A_BIT * size * _width(layer.get_output_variable())
        nanoseconds = _TIMES if times else _ADDITION
    elif layer.class_name in ("Activation", "Softmax", "ParametrizedActivation"):
        cells, nanoseconds = 8.0 * size * _width(layer.get_input_variable()), _TABLE + _CHOICE
    if _rounds(layer):
        cells, nanoseconds = cells + _ROUNDING * size, nanoseconds + _ADDITION + _CHOICE
    return cells, nanoseconds, seconds + 1e-4 * size


def _matrix(layer: Any, size: int) -> tuple[float, float, float]:
    whole = _digits(layer.weights["weight"])
    outputs = int(layer.get_attr("n_out") or layer.get_attr("n_filt") or whole.shape[-1])
    columns = whole.reshape(-1, outputs) if whole.size % outputs == 0 else whole.reshape(-1, 1)
    places = max(1, size // outputs)
    count, most = int(columns.sum()), int(columns.sum(axis=0).max(initial=0))
    adders = np.maximum(columns.sum(axis=0) - 1, 0).sum() + outputs * ("bias" in layer.weights)
    width = _width(layer.get_input_variable()) + 3
    cells = _SHARED * _CELLS_A_BIT * float(adders) * width * places
    levels = math.ceil(math.log2(max(most, 1) + 1))
    return cells, levels * _ADDITION, places * 2.3 * (count / 3100) ** 1.7


def _scale(layer: Any, size: int) -> tuple[float, float, float]:
    whole = _digits(layer.weights["scale"])
    adders = float(np.maximum(whole - 1, 0).mean()) * size
    width = _width(layer.get_input_variable()) + 3
    return _CELLS_A_BIT * adders * width, math.log2(whole.max(initial=1)) * _ADDITION, 0.0


def _digits(variable: Any) -> NDArray[Any]:
    precision = variable.type.precision
    fraction = min(precision.width - precision.integer, 24)
    return digits(np.rint(np.asarray(variable.data, np.float64) * 2.0**fraction))


def _width(variable: Any) -> int:
    return int(getattr(variable.type.precision, "width", 16))


def _rounds(layer: Any) -> bool:
    if layer.class_name in ("Input", "InputLayer", "Constant"):
        return False
    precision = layer.get_output_variable().type.precision
    modes = (str(getattr(precision, f"{mode}_mode", "")) for mode in ("rounding", "saturation"))
    return tuple(modes) != ("TRN", "WRAP") and layer.class_name != "UnaryLUT"
