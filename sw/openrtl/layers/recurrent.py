"""hls4ml's own recurrent layers over a window of known length, unrolled step by step.

These take a whole window at once. A network that follows a stream is built from a step instead,
whose state stays in hardware.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from alkaid.trace import FVArray
from alkaid.trace.fixed_variable import FVariable

from openrtl.layers.access import lowers, output_form, shape, type_form, weights, whole
from openrtl.layers.linear import need_latency_strategy
from openrtl.matmul import affine
from openrtl.precision import Numbers, cast_one
from openrtl.refuse import RefusedError
from openrtl.symbols import constant, stack
from openrtl.tables import REACH, activate

Vector = list[FVariable]


class Cell:
    """One direction of one layer: its constants and its types, as the C++ has them."""

    def __init__(self, layer: Any, prefix: str = "") -> None:
        need_latency_strategy(layer)
        self.layer, self.prefix = layer, prefix
        self.accum, self.result = type_form(layer, "accum_t"), output_form(layer)
        self.weight, self.bias = self._pair("")
        self.recurrent, self.recurrent_bias = self._pair("recurrent_")
        self.size = self.recurrent.shape[0]
        self.pytorch = bool(layer.get_attr("pytorch", False))

    def _pair(self, kind: str) -> tuple[Numbers, Numbers]:
        weight = weights(self.layer, f"{self.prefix}{kind}weight")
        return weight, weights(self.layer, f"{self.prefix}{kind}bias").ravel()

    def squash(self, values: Vector, kind: str) -> Vector:
        kind = str(self.layer.get_attr(f"{self.prefix}{kind}")).lower()
        if kind == "relu":
            return [cast_one(v.relu(), self.accum) for v in values]
        if kind not in REACH:
            raise RefusedError(
                self.layer.name, f"activation {kind!r} inside it", "use tanh, sigmoid or relu"
            )
        size, table = whole(self.layer, "table_size"), type_form(self.layer, "table_t")
        return [activate(v, kind, size, table, self.accum, self.layer.name) for v in values]

    def sums(self, x: Vector, h: Vector) -> tuple[Vector, Vector]:
        row = affine(np.asarray(x, object), self.weight, self.bias, self.accum)
        state = affine(np.asarray(h, object), self.recurrent, self.recurrent_bias, self.accum)
        return list(np.asarray(row).ravel()), list(np.asarray(state).ravel())

    def lstm(self, x: Vector, state: list[Vector]) -> list[Vector]:
        h, c = state
        n, acc = self.size, self.accum
        a, r = self.sums(x, h)
        gates = [cast_one(p + q, acc) for p, q in zip(a, r, strict=True)]
        i, f, o = (
            self.squash(gates[k * n : (k + 1) * n], "recurrent_activation") for k in (0, 1, 3)
        )
        g = self.squash(gates[2 * n : 3 * n], "activation")
        c = [cast_one(g[k] * i[k] + c[k] * f[k], self.result) for k in range(n)]
        squashed = self.squash(c, "activation")
        return [[cast_one(o[k] * squashed[k], self.result) for k in range(n)], c]

    def gru(self, x: Vector, state: list[Vector]) -> list[Vector]:
        (h,) = state
        n, acc = self.size, self.accum
        a, r = self.sums(x, h)
        both = [cast_one(a[k] + r[k], acc) for k in range(2 * n)]
        gates = self.squash(both, "recurrent_activation")
        reset, update = (gates[:n], gates[n:]) if self.pytorch else (gates[n:], gates[:n])
        memory = [cast_one(reset[k] * r[2 * n + k], acc) for k in range(n)]
        new = self.squash([cast_one(a[2 * n + k] + memory[k], acc) for k in range(n)], "activation")
        mixed = (new[k] * (1.0 - update[k]) + h[k] * update[k] for k in range(n))
        return [[cast_one(value, self.result) for value in mixed]]

    def run(self, window: list[Vector], kind: str) -> list[Vector]:
        """The hidden state after each step."""
        state = [[constant(0.0)] * self.size for _ in range(2 if kind == "lstm" else 1)]
        hidden = []
        for x in window:
            state = self.lstm(x, state) if kind == "lstm" else self.gru(x, state)
            hidden.append(state[0])
        return hidden


def _checked(layer: Any, states: tuple[Any, ...]) -> None:
    if states or layer.get_attr("pass_initial_states", False):
        raise RefusedError(
            layer.name, "initial states as inputs", "use a step network, which holds its state"
        )
    if layer.get_attr("return_state", False):
        raise RefusedError(
            layer.name, "its state as an output", "use a step network, which holds its state"
        )
    if not layer.get_attr("static", True):
        raise RefusedError(
            layer.name, "the non-static implementation rounds differently", "leave 'static' on"
        )
    if layer.get_attr("apply_reset_gate", "after") != "after":
        raise RefusedError(layer.name, "the reset gate before the product", "use reset_after")


@lowers("LSTM", "GRU")
def recurrent(layer: Any, x: FVArray, *states: Any) -> FVArray:
    _checked(layer, states)
    window = [list(row) for row in np.asarray(x)]
    if layer.get_attr("direction", "forward") == "backward" or layer.get_attr(
        "go_backwards", False
    ):
        raise RefusedError(
            layer.name, "time backwards", "a stream runs forward; reverse the window yourself"
        )
    hidden = Cell(layer).run(window, layer.class_name.lower())
    chosen = hidden if layer.get_attr("return_sequences") else hidden[-1:]
    return stack((v for row in chosen for v in row), shape(layer))
