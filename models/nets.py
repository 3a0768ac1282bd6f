"""The students: causal networks that hardware runs, on the features' integers.

A feature's integer n enters as n / 32, which its 8 bits hold exactly. Five outputs: scores of down,
flat and up, the return, the volatility.

    mlp         dense layers on the latest features; no state
    lstm_attn   a streaming LSTM, and beside it linear attention with a decaying store; one head

`LSTMAttentionStep` is the step that converts. `sequence` is the same arithmetic over many samples
at once, for training: what doesn't depend on the state is taken for all of them together.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.feature_table import TABLE
from models.fixed import FixedLinear, Format
from models.steps import LinearAttentionCell, LSTMCell, Step, StepFormats, quantizer

INPUTS = len(TABLE)
INPUT_SCALE = 32.0  # a feature's integer by this is the network's number
OUTPUTS = 5
KINDS = ("mlp", "lstm_attn")

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

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind={self.kind!r}: one of {', '.join(KINDS)}")
        if min(self.hidden, self.keys, self.values, *self.layers) < 1:
            raise ValueError("sizes are at least 1")


class LSTMAttentionStep(Step):
    """One LSTM, one linear attention on the same input, and a head on what both say."""

    def __init__(self, config: NetConfig, form: StepFormats | None = None) -> None:
        form = form or StepFormats()
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

    def begin(self, streams: int, like: Tensor) -> States:
        """The states of so many streams before anything happened."""
        return tuple(torch.zeros(streams, state.size, dtype=like.dtype) for state in self.states)

    def sequence(self, x: Tensor, states: States) -> tuple[Tensor, States]:
        """Outputs of [time, stream, feature], and the states after; equal to step upon step."""
        h, c, s = states
        x, lstm, size = self.to_x(x), self.lstm, self.states[0].size
        gates = (lstm.take, lstm.forget, lstm.give, lstm.candidate)
        given = torch.cat([gate.from_x(x) for gate in gates], dim=-1)
        back = torch.cat([gate.from_h.grid_weight() for gate in gates])
        hiddens = []
        for at in range(len(x)):
            total = lstm.take.narrow(given[at] + nn.functional.linear(h, back))
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
        for at in range(len(x)):
            s = cell.to_store(cell.decay(s) + pairs[at])
            stores.append(s)
        query = cell.spread_query(cell.to_query(cell.query(x)))
        read = cell.to_read(cell.sum_keys(query * torch.stack(stores)))
        y = self.to_y(self.head(torch.cat((torch.stack(hiddens), read), dim=-1)))
        return y, (h, c, s)


class MLP(nn.Module):
    """Dense layers with a rectifier between; the latest features are all that it sees."""

    states = ()

    def __init__(self, config: NetConfig, form: StepFormats | None = None) -> None:
        super().__init__()
        self.form = form = form or StepFormats()
        self.to_x, self.to_y = quantizer(form.x), quantizer(form.output)
        middle = Format(False, 2, 5)
        self.layers, self.narrow = nn.ModuleList(), nn.ModuleList()
        width, source = INPUTS, form.x
        for size in config.layers:
            linear = FixedLinear(width, size, form.weight_fraction, source=source.width)
            self.layers.append(linear)
            self.narrow.append(quantizer(middle))  # unsigned: what is below 0 becomes 0
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


Student = LSTMAttentionStep | MLP


def build(config: NetConfig) -> Student:
    """A student with fresh weights, by torch's own random numbers."""
    return MLP(config) if config.kind == "mlp" else LSTMAttentionStep(config)
