"""Recurrent networks as steps, (x, state) -> (state', y): one step for each tick, and no window.

A cell maps its inputs and its state to the new state. A step puts cells and a head into the form
that converts: it takes x and each state tensor, and returns one tensor with the new states first
and the outputs last. `Step.states` names where each state lies, which is all that the hardware
needs to close the loop.

Products with x and products with the state are separate layers, so that hardware can compute the
first before it reads the state, and the loop is as short as possible.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from openrtl.torch.layers import FixedLinear, FixedQuantizer, FixedScale, FixedSpread, FixedTable
from openrtl.torch.numbers import Format

FEATURE, GATE, UNIT = Format(True, 2, 5), Format(True, 2, 4), Format(True, 0, 6)
SHARE, CELL, OUTPUT = Format(False, 0, 6), Format(True, 2, 5), Format(True, 3, 8)
RING = Format(False, 2, 4)


@dataclass(frozen=True)
class StepFormats:
    """Bits of everything inside a step. The defaults fit small networks on features of +-4."""

    x: Format = FEATURE
    gate: Format = GATE  # what the gate tables are addressed with
    sigmoid: Format = SHARE
    tanh: Format = UNIT
    hidden: Format = UNIT
    cell: Format = CELL
    output: Format = OUTPUT
    ring: Format = RING  # unsigned: its quantiser is the rectifier too
    weight_fraction: int = 4
    learn: str = ""  # as FixedWeights takes it: "", "tensor" or "weight"


def quantizer(form: Format) -> FixedQuantizer:
    return FixedQuantizer(form.integer, form.fraction, form.signed)


def _linear(
    n_in: int, n_out: int, form: StepFormats, source: Format, bias: bool = True
) -> FixedLinear:
    fraction = form.weight_fraction
    return FixedLinear(n_in, n_out, fraction, bias=bias, learn=form.learn, source=source.width)


class Gate(nn.Module):
    """A squashed sum of products with x and products with the state."""

    def __init__(self, n_in: int, hidden: int, form: StepFormats, tanh: bool = False) -> None:
        super().__init__()
        self.from_x = _linear(n_in, hidden, form, form.x)
        self.from_h = _linear(hidden, hidden, form, form.hidden, bias=False)
        self.narrow = quantizer(form.gate)
        function, entry = (torch.tanh, form.tanh) if tanh else (torch.sigmoid, form.sigmoid)
        self.table = FixedTable(function, form.gate, entry)

    def forward(self, x: Tensor, h: Tensor) -> Tensor:
        result: Tensor = self.table(self.narrow(self.from_x(x) + self.from_h(h)))
        return result


class LSTMCell(nn.Module):
    """A long short-term memory: (x, h, c) -> (h', c')."""

    def __init__(self, n_in: int, hidden: int, form: StepFormats) -> None:
        super().__init__()
        self.take, self.forget, self.give = (Gate(n_in, hidden, form) for _ in range(3))
        self.candidate = Gate(n_in, hidden, form, tanh=True)
        self.to_cell, self.to_hidden = quantizer(form.cell), quantizer(form.hidden)
        self.squash = FixedTable(torch.tanh, form.cell, form.tanh)

    def forward(self, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        kept = self.forget(x, h) * c
        c_next = self.to_cell(kept + self.take(x, h) * self.candidate(x, h))
        h_next = self.to_hidden(self.give(x, h) * self.squash(c_next))
        return h_next, c_next


class GRUCell(nn.Module):
    """A gated recurrent unit: (x, h) -> h'. The reset comes after the product, as in torch."""

    def __init__(self, n_in: int, hidden: int, form: StepFormats) -> None:
        super().__init__()
        self.reset, self.update = Gate(n_in, hidden, form), Gate(n_in, hidden, form)
        self.from_x = _linear(n_in, hidden, form, form.x)
        self.from_h = _linear(hidden, hidden, form, form.hidden)
        self.to_memory, self.to_reset, self.narrow = (quantizer(form.gate) for _ in range(3))
        self.squash = FixedTable(torch.tanh, form.gate, form.tanh)
        self.to_hidden = quantizer(form.hidden)

    def forward(self, x: Tensor, h: Tensor) -> Tensor:
        memory = self.to_reset(self.reset(x, h) * self.to_memory(self.from_h(h)))
        new = self.squash(self.narrow(self.from_x(x) + memory))
        result: Tensor = self.to_hidden(new + self.update(x, h) * (h - new))
        return result


class LinearAttentionCell(nn.Module):
    """Causal linear attention, its store decaying: S' = (1 - 2**-decay) S + k v^T, read by q.

    The store is `keys` by `values`, flat, the values of one key side by side. The decay keeps it
    within its format. There is no division.
    """

    def __init__(
        self, n_in: int, keys: int, values: int, form: StepFormats, decay: int = 4
    ) -> None:
        super().__init__()
        self.to_key, self.to_value, self.to_query = (quantizer(form.hidden) for _ in range(3))
        self.key, self.value, self.query = (
            _linear(n_in, size, form, form.x) for size in (keys, values, keys)
        )
        each_key = torch.eye(keys).repeat_interleave(values, dim=0)
        each_value = torch.eye(values).repeat(keys, 1)
        self.spread_key, self.spread_query = FixedSpread(each_key), FixedSpread(each_key.clone())
        self.spread_value = FixedSpread(each_value)
        self.sum_keys = FixedSpread(each_value.T.contiguous())
        self.decay = FixedScale(keys * values, 1.0 - 2.0**-decay)
        self.to_store, self.to_read = quantizer(form.cell), quantizer(form.cell)

    def forward(self, x: Tensor, s: Tensor) -> tuple[Tensor, Tensor]:
        k = self.spread_key(self.to_key(self.key(x)))
        v = self.spread_value(self.to_value(self.value(x)))
        s_next = self.to_store(self.decay(s) + k * v)
        q = self.spread_query(self.to_query(self.query(x)))
        read = self.to_read(self.sum_keys(q * s_next))
        return s_next, read


class DilatedConvCell(nn.Module):
    """One tick of a causal convolution of two taps: the latest value, and one some ticks older."""

    def __init__(self, channels: int, form: StepFormats) -> None:
        super().__init__()
        self.now = _linear(channels, channels, form, form.ring)
        self.ago = _linear(channels, channels, form, form.ring, bias=False)
        self.narrow = quantizer(form.ring)

    def forward(self, x: Tensor, old: Tensor) -> Tensor:
        result: Tensor = self.narrow(self.now(x) + self.ago(old))
        return result


class Rings:
    """Ring buffers of several series in one state, each of its own length.

    The newest value of every series comes first, then the older ones. At each tick all values move
    by one place, through matrices of zeros and ones, which are wires.
    """

    def __init__(self, channels: int, lengths: tuple[int, ...]) -> None:
        self.channels, self.lengths = channels, lengths
        self.places, free = [], len(lengths)
        for series, length in enumerate(lengths):
            self.places.append([series, *range(free, free + length - 1)])
            free += length - 1
        self.size = channels * free

    def oldest(self, series: int) -> FixedSpread:
        return FixedSpread(self._pick([self.places[series][-1]]))

    def moved(self) -> FixedSpread:
        """The values that the older places take over, in the order of the places."""
        return FixedSpread(self._pick([at for each in self.places for at in each[:-1]]))

    def _pick(self, places: list[int]) -> Tensor:
        whole = torch.eye(self.size).reshape(-1, self.channels, self.size)
        return whole[places].reshape(-1, self.size)

    def behind(self, state: Tensor, series: int, values: Tensor) -> Tensor:
        """A series [time, stream, channel] after the values of it that the state holds."""
        held = state.reshape(len(state), -1, self.channels)[:, self.places[series]]
        return torch.cat((held.transpose(0, 1).flip(0), values))

    def after(self, series: list[Tensor]) -> Tensor:
        """The state after these series, each with the values of the earlier state in front."""
        newest = [each[-length:].flip(0) for each, length in zip(series, self.lengths, strict=True)]
        firsts, rest = [each[:1] for each in newest], [each[1:] for each in newest]
        return torch.cat([*firsts, *rest]).transpose(0, 1).flatten(1)


@dataclass(frozen=True)
class State:
    """One state tensor: its name, which input it is, where its successor begins in the output."""

    name: str
    position: int
    start: int
    size: int


class Step(nn.Module):
    """A step with a linear head. `states` and `sizes` describe its ports."""

    states: tuple[State, ...]

    def __init__(
        self, n_in: int, sizes: dict[str, int], n_out: int, n_read: int, form: StepFormats
    ) -> None:
        super().__init__()
        self.n_in, self.n_out, self.form = n_in, n_out, form
        start, states = 0, []
        for position, (name, size) in enumerate(sizes.items(), 1):
            states.append(State(name, position, start, size))
            start += size
        self.states = tuple(states)
        self.to_x = quantizer(form.x)
        self.head, self.to_y = _linear(n_read, n_out, form, form.cell), quantizer(form.output)

    def input_shapes(self) -> list[tuple[int, ...]]:
        """Shapes of x and of each state, without the batch."""
        return [(self.n_in,), *((state.size,) for state in self.states)]


class LSTMStep(Step):
    """One LSTM and a linear head on its hidden state."""

    def __init__(self, n_in: int, hidden: int, n_out: int, form: StepFormats | None = None) -> None:
        form = form or StepFormats()
        super().__init__(n_in, {"h": hidden, "c": hidden}, n_out, hidden, form)
        self.to_h, self.to_c = quantizer(form.hidden), quantizer(form.cell)
        self.lstm = LSTMCell(n_in, hidden, form)

    def forward(self, x: Tensor, h: Tensor, c: Tensor) -> Tensor:
        h_next, c_next = self.lstm(self.to_x(x), self.to_h(h), self.to_c(c))
        y = self.to_y(self.head(h_next))
        return torch.cat((torch.cat((h_next, c_next), dim=-1), y), dim=-1)


class GRUStep(Step):
    """One GRU and a linear head on its hidden state."""

    def __init__(self, n_in: int, hidden: int, n_out: int, form: StepFormats | None = None) -> None:
        form = form or StepFormats()
        super().__init__(n_in, {"h": hidden}, n_out, hidden, form)
        self.to_h = quantizer(form.hidden)
        self.gru = GRUCell(n_in, hidden, form)

    def forward(self, x: Tensor, h: Tensor) -> Tensor:
        h_next = self.gru(self.to_x(x), self.to_h(h))
        y = self.to_y(self.head(h_next))
        return torch.cat((h_next, y), dim=-1)


class LinearAttentionStep(Step):
    """Causal linear attention and a linear head on what it read."""

    def __init__(
        self,
        n_in: int,
        keys: int,
        values: int,
        n_out: int,
        form: StepFormats | None = None,
        decay: int = 4,
    ) -> None:
        form = form or StepFormats()
        super().__init__(n_in, {"s": keys * values}, n_out, values, form)
        self.to_s = quantizer(form.cell)
        self.attention = LinearAttentionCell(n_in, keys, values, form, decay)

    def forward(self, x: Tensor, s: Tensor) -> Tensor:
        s_next, read = self.attention(self.to_x(x), self.to_s(s))
        y = self.to_y(self.head(read))
        return torch.cat((s_next, y), dim=-1)


def run(step: Step, ticks: Tensor, names: Tensor | None = None) -> Tensor:
    """The outputs for a sequence of ticks from zero states; `names` are the ticks' instruments."""
    first = torch.zeros(max(state.start + state.size for state in step.states), dtype=ticks.dtype)
    kept: dict[int, Tensor] = {}
    results = []
    for at, x in enumerate(ticks):
        name = 0 if names is None else int(names[at])
        flat = kept.get(name, first)
        parts = [flat[state.start : state.start + state.size][None] for state in step.states]
        result = step(x[None], *parts)[0]
        kept[name] = result[: first.numel()]
        results.append(result[first.numel() :])
    return torch.stack(results)
