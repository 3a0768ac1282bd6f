"""A student's outputs over a whole day as one stream: those of the hardware, sample by sample.

Torch computes what doesn't depend on the state. The LSTM's loop, which does, is compiled here, in
float64, which holds every sum exactly. `LSTMAttentionStep.sequence` computes the same, some hundred
times slower for a single stream. The other students have no such loop.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from hwtools.compiled import compiled
from models.nets.student import INPUT_SCALE, LSTMAttentionStep, Student
from models.train.labels import Samples
from openrtl.torch import FixedTable, Format

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]
_PIECE = 1 << 15


class _Numbers(NamedTuple):
    """The LSTM's tables, and its formats as scale, lowest and highest code."""

    back: Array  # [4 * hidden, hidden]
    sigmoid: Array
    tanh: Array
    squash: Array
    gate: Array
    hidden: Array
    cell: Array
    decay: Array


@compiled
def _keep(value: float, form: Array) -> float:
    """Round half up and saturate."""
    code = np.floor(value * form[0] + 0.5)
    return float(min(max(code, form[1]), form[2]) / form[0])


@compiled
def _look(table: Array, value: float, scale: float) -> float:
    return float(table[np.int64(np.rint(value * scale)) & (len(table) - 1)])


@compiled
def _run(from_x: Array, pairs: Array, numbers: _Numbers, h: Array, c: Array, s: Array) -> Array:
    """Hidden states and stores of every sample, [time, hidden + store]; h, c and s are updated."""
    size, gate, scale = len(h), numbers.gate, numbers.gate[0]
    states = np.empty((len(from_x), size + len(s)))
    total, sums = np.empty(4 * size), np.empty(4 * size)
    for at in range(len(from_x)):
        sums[:] = numbers.back @ h
        for unit in range(4 * size):
            total[unit] = _keep(from_x[at, unit] + sums[unit], gate)
        for unit in range(size):
            take = _look(numbers.sigmoid, total[unit], scale)
            forget = _look(numbers.sigmoid, total[size + unit], scale)
            give = _look(numbers.sigmoid, total[2 * size + unit], scale)
            candidate = _look(numbers.tanh, total[3 * size + unit], scale)
            c[unit] = _keep(forget * c[unit] + take * candidate, numbers.cell)
            squashed = _look(numbers.squash, c[unit], numbers.cell[0])
            h[unit] = _keep(give * squashed, numbers.hidden)
            states[at, unit] = h[unit]
        for place in range(len(s)):
            s[place] = _keep(numbers.decay[0] * s[place] + pairs[at, place], numbers.cell)
            states[at, size + place] = s[place]
    return states


def _form(form: Format) -> Array:
    scale = 2.0**form.fraction
    return np.array([scale, form.low * scale, form.high * scale])


def _table(table: FixedTable) -> Array:
    return np.asarray(torch.as_tensor(table.entries).double().numpy())


def _numbers(net: LSTMAttentionStep) -> _Numbers:
    lstm, form = net.lstm, net.form
    gates = (lstm.take, lstm.forget, lstm.give, lstm.candidate)
    back = torch.cat([gate.from_h.grid_weight() for gate in gates])
    return _Numbers(
        np.ascontiguousarray(back.detach().double().numpy()),
        _table(lstm.take.table),
        _table(lstm.candidate.table),
        _table(lstm.squash),
        _form(form.gate),
        _form(form.hidden),
        _form(form.cell),
        np.array([net.attention.decay.factor]),
    )


def exact_scores(net: Student, samples: Samples, piece: int = _PIECE) -> Floats:
    """The three scores of every sample of a day."""
    return exact_outputs(net, samples.x, piece)[:, :3]


def exact_outputs(net: Student, vectors: npt.NDArray[Any], piece: int = _PIECE) -> Floats:
    """All outputs of a student for a stream of vectors, from empty states on."""
    net = net.double()
    pieces = []
    states = [np.zeros(state.size) for state in net.states]
    passed = net.begin(1, torch.zeros(1, dtype=torch.float64))
    numbers = _numbers(net) if isinstance(net, LSTMAttentionStep) else None
    with torch.no_grad():
        for start in range(0, len(vectors), piece):
            x = torch.as_tensor(vectors[start : start + piece].astype(np.float64) / INPUT_SCALE)
            if isinstance(net, LSTMAttentionStep) and numbers:
                y = _outputs(net, x, numbers, states)
            else:
                y, passed = net.sequence(x[:, None], passed)
                y = y[:, 0]
            pieces.append(y.numpy())
    return np.concatenate(pieces)


def _outputs(net: LSTMAttentionStep, x: Tensor, numbers: _Numbers, states: list[Floats]) -> Tensor:
    x, lstm, cell = net.to_x(x), net.lstm, net.attention
    gates = (lstm.take, lstm.forget, lstm.give, lstm.candidate)
    from_x = torch.cat([gate.from_x(x) for gate in gates], dim=-1).numpy()
    key, value = cell.to_key(cell.key(x)), cell.to_value(cell.value(x))
    pairs = (cell.spread_key(key) * cell.spread_value(value)).numpy()
    run = torch.as_tensor(_run(from_x, pairs, numbers, *states))
    hidden, store = run[:, : len(states[0])], run[:, len(states[0]) :]
    query = cell.spread_query(cell.to_query(cell.query(x)))
    read = cell.to_read(cell.sum_keys(query * store))
    result: Tensor = net.to_y(net.head(torch.cat((hidden, read), dim=-1)))
    return result
