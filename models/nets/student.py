"""The students: causal networks on integer features, small enough for the FPGA.

A feature's integer n enters as n / 32, which fixed point holds exactly. There are five outputs: the
scores of down, flat and up, the return, and the volatility.

    mlp         dense layers on the latest features; no state
    cnn         dilated causal convolutions over ring buffers of earlier values
    lstm_attn   a streaming LSTM, beside it linear attention with a decaying store; one head

The recurrent students are steps, one sample at a time, and a step is what openrtl converts.
`sequence` computes the same over many samples at once, for training: all that doesn't depend on the
state is computed for every sample together.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.nets.kinds import KINDS as KINDS
from openrtl.torch import FixedLinear, Format
from openrtl.torch.steps import (
    DilatedConvCell,
    LinearAttentionCell,
    LSTMCell,
    Rings,
    Step,
    StepFormats,
    quantizer,
)
from tickwire.features.table import TABLE

INPUTS = len(TABLE)
INPUT_SCALE = 32.0  # a feature's integer by this is the network's number
OUTPUTS = 5

States = tuple[Tensor, ...]


@dataclass(frozen=True)
class NetConfig:
    """Sizes of a student."""

    kind: str = "lstm_attn"
    hidden: int = 16
    keys: int = 4
    values: int = 4
    decay: int = 5
    layers: tuple[int, ...] = (24, 16)  # of the mlp
    dilations: tuple[int, ...] = (1, 2, 4)  # of the cnn, a convolution each
    fraction: int = 4  # bits of a weight behind the point
    learn: str = ""  # trained widths of weights, as FixedWeights takes it

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind={self.kind!r}: one of {', '.join(KINDS)}")
        if not self.dilations or max(self.dilations) < 2:
            raise ValueError("dilations: at least one, and one of them more than 1")
        if min(self.hidden, self.keys, self.values, *self.layers, *self.dilations) < 1:
            raise ValueError("sizes are at least 1")

    def formats(self) -> StepFormats:
        return StepFormats(weight_fraction=self.fraction, learn=self.learn)


class StudentStep(Step):
    """What the recurrent students share."""

    def begin(self, streams: int, like: Tensor) -> States:
        """The initial states of so many streams: zeros."""
        return tuple(torch.zeros(streams, state.size, dtype=like.dtype) for state in self.states)

    def sequence(self, x: Tensor, states: States) -> tuple[Tensor, States]:
        """Outputs for x of [time, stream, feature], and the last states; equal to single steps."""
        read, states = self.reads(x, states)
        return self.to_y(self.head(read)), states

    def reads(self, x: Tensor, states: States) -> tuple[Tensor, States]:
        """The inputs of the head, and the last states."""
        raise NotImplementedError


class LSTMAttentionStep(StudentStep):
    """One LSTM and one linear attention on the same input, and a head on both outputs."""

    def __init__(self, config: NetConfig, form: StepFormats | None = None) -> None:
        form = form or config.formats()
        hidden, store = config.hidden, config.keys * config.values
        sizes = {"h": hidden, "c": hidden, "s": store}
        super().__init__(INPUTS, sizes, OUTPUTS, hidden + config.values, form)
        self.to_h, self.to_c, self.to_s = (
            quantizer(each) for each in (form.hidden, form.cell, form.cell)
        )
        self.lstm = LSTMCell(INPUTS, hidden, form)
        self.attention = LinearAttentionCell(INPUTS, config.keys, config.values, form, config.decay)

    def forward(self, x: Tensor, h: Tensor, c: Tensor, s: Tensor) -> Tensor:
        x = self.to_x(x)
        h_next, c_next = self.lstm(x, self.to_h(h), self.to_c(c))
        s_next, read = self.attention(x, self.to_s(s))
        y = self.to_y(self.head(torch.cat((h_next, read), dim=-1)))
        states = torch.cat((torch.cat((h_next, c_next), dim=-1), s_next), dim=-1)
        return torch.cat((states, y), dim=-1)

    def reads(self, x: Tensor, states: States) -> tuple[Tensor, States]:
        h, c, s = states
        x, lstm, size = self.to_x(x), self.lstm, self.states[0].size
        gates = (lstm.take, lstm.forget, lstm.give, lstm.candidate)
        from_x = torch.cat([gate.from_x(x) for gate in gates], dim=-1)
        back = torch.cat([gate.from_h.grid_weight() for gate in gates])
        hiddens = []
        # unbind, because the gradient of an index is as large as the whole tensor, at every step
        for now in from_x.unbind():
            total = lstm.take.narrow(now + nn.functional.linear(h, back))
            take, forget, give = lstm.take.table(total[:, : 3 * size]).split(size, dim=-1)
            candidate = lstm.candidate.table(total[:, 3 * size :])
            c = lstm.to_cell(forget * c + take * candidate)
            h = lstm.to_hidden(give * lstm.squash(c))
            hiddens.append(h)
        cell = self.attention
        pairs = cell.spread_key(cell.to_key(cell.key(x))) * cell.spread_value(
            cell.to_value(cell.value(x))
        )
        stores = []
        for now in pairs.unbind():
            s = cell.to_store(cell.decay(s) + now)
            stores.append(s)
        query = cell.spread_query(cell.to_query(cell.query(x)))
        read = cell.to_read(cell.sum_keys(query * torch.stack(stores)))
        return torch.cat((torch.stack(hiddens), read), dim=-1), (h, c, s)


class CNNStep(StudentStep):
    """A projection, then dilated convolutions; the head reads all of them."""

    def __init__(self, config: NetConfig, form: StepFormats | None = None) -> None:
        form = form or config.formats()
        size, dilations = config.hidden, config.dilations
        self.rings = Rings(size, dilations)
        super().__init__(INPUTS, {"r": self.rings.size}, OUTPUTS, size * (len(dilations) + 1), form)
        self.to_r, self.narrow = quantizer(form.ring), quantizer(form.ring)
        self.first = FixedLinear(
            INPUTS, size, form.weight_fraction, learn=form.learn, source=form.x.width
        )
        self.oldest = nn.ModuleList(self.rings.oldest(at) for at in range(len(dilations)))
        self.moved = self.rings.moved()
        self.cells = nn.ModuleList(DilatedConvCell(size, form) for _ in dilations)

    def forward(self, x: Tensor, r: Tensor) -> Tensor:
        r, value = self.to_r(r), self.narrow(self.first(self.to_x(x)))
        read = newest = value
        for at, (cell, oldest) in enumerate(zip(self.cells, self.oldest, strict=True)):
            if at:
                newest = torch.cat((newest, value), dim=-1)
            value = cell(value, oldest(r))
            read = torch.cat((read, value), dim=-1)
        kept = torch.cat((newest, self.moved(r)), dim=-1)
        return torch.cat((kept, self.to_y(self.head(read))), dim=-1)

    def reads(self, x: Tensor, states: States) -> tuple[Tensor, States]:
        (state,), read, series = states, [self.narrow(self.first(self.to_x(x)))], []
        for at, cell in enumerate(self.cells):
            series.append(self.rings.behind(state, at, read[-1]))
            read.append(cell(read[-1], series[-1][: len(x)]))
        return torch.cat(read, dim=-1), (self.rings.after(series),)


class MLP(nn.Module):
    """Dense layers with a rectifier between, on the latest features alone."""

    states = ()

    def __init__(self, config: NetConfig, form: StepFormats | None = None) -> None:
        super().__init__()
        self.form = form = form or config.formats()
        self.to_x, self.to_y = quantizer(form.x), quantizer(form.output)
        middle = Format(False, 2, 5)
        self.layers, self.narrow = nn.ModuleList(), nn.ModuleList()
        width, source = INPUTS, form.x
        for size in config.layers:
            linear = FixedLinear(width, size, form.weight_fraction, source=source.width)
            self.layers.append(linear)
            self.narrow.append(quantizer(middle))  # unsigned, so it is the rectifier too
            width, source = size, middle
        self.head = FixedLinear(width, OUTPUTS, form.weight_fraction, source=source.width)

    def forward(self, x: Tensor) -> Tensor:
        x = self.to_x(x)
        for linear, narrow in zip(self.layers, self.narrow, strict=True):
            x = narrow(linear(x))
        result: Tensor = self.to_y(self.head(x))
        return result

    def begin(self, streams: int, like: Tensor) -> States:  # noqa: ARG002 - as the steps'
        return ()

    def sequence(self, x: Tensor, states: States) -> tuple[Tensor, States]:
        return self(x), states


Student = LSTMAttentionStep | CNNStep | MLP


def build(config: NetConfig) -> Student:
    """A student with new weights, drawn from torch's random numbers."""
    kinds: dict[str, type[Student]] = {"mlp": MLP, "cnn": CNNStep, "lstm_attn": LSTMAttentionStep}
    return kinds[config.kind](config)
