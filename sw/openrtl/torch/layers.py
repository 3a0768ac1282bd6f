"""Layers in which every number is fixed-point, so that the hardware computes what torch trained.

No layer rounds its own result: accumulation is exact, and a `FixedQuantizer` after the layer rounds
it. So each rounding stands in the model, once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from hls4ml.utils.torch import HLS4MLModule
from torch import Tensor, nn

from openrtl.torch.numbers import Format, quantise, snap, snap_plain, straight_through, whole


class FixedQuantizer(HLS4MLModule):  # type: ignore[misc]
    """Rounds values to a format; its widths can be trained, one for all or one for each element."""

    def __init__(
        self,
        integer: int,
        fraction: int,
        signed: bool = True,
        rounding: str = "RND",
        overflow: str = "SAT",
        learn: bool = False,
        shape: tuple[int, ...] = (1,),
    ) -> None:
        super().__init__()
        self.signed, self.rounding, self.overflow = signed, rounding, overflow
        self.integer = nn.Parameter(torch.full(shape, float(integer)), requires_grad=learn)
        self.fraction = nn.Parameter(torch.full(shape, float(fraction)), requires_grad=learn)

    def forward(self, values: Tensor) -> Tensor:
        if self._plain and (form := self.format()).width > 0:
            return snap_plain(values, form)
        integer, fraction = whole(self.integer), whole(self.fraction)
        return quantise(values, self.signed, integer, fraction, self.rounding, self.overflow)

    @property
    def _plain(self) -> bool:
        """Whether it is of the usual kind, for which there is a faster way."""
        fixed = self.integer.numel() == 1 and not self.integer.requires_grad
        return fixed and (self.rounding, self.overflow) == ("RND", "SAT")

    def width(self) -> Tensor:
        """Bits of each element, with a gradient: the input width of a multiplier behind it."""
        return torch.relu(whole(self.integer) + whole(self.fraction) + float(self.signed))

    def format(self) -> Format:
        """The one format of every element; an error where they differ."""
        if self.integer.numel() == 1:
            return Format(self.signed, round(float(self.integer)), round(float(self.fraction)))
        pairs = {(int(i), int(f)) for i, f in zip(*self.whole_bits(), strict=True)}
        if len(pairs) != 1:
            raise ValueError(f"the elements have {len(pairs)} formats, not one")
        integer, fraction = pairs.pop()
        return Format(self.signed, integer, fraction)

    def whole_bits(self) -> tuple[Any, Any]:
        """Integer and fraction bits of each element, flat, as whole numbers."""
        with torch.no_grad():
            return (
                torch.round(self.integer).int().ravel().numpy(),
                torch.round(self.fraction).int().ravel().numpy(),
            )


class FixedWeights(nn.Module):
    """What linear and convolution share: weights and bias on grids, and pruned weights.

    `learn` trains the weights' fraction bits: "tensor" one width for all, "weight" one for each. A
    weight of width 0 becomes zero and costs nothing.
    """

    weight: Tensor
    bias: Tensor | None
    keep: Tensor
    weight_integer: Tensor
    bias_fraction: Tensor

    def set_grid(
        self,
        integer: int,
        fraction: int,
        bias_fraction: int | None,
        learn: str,
        source: FixedQuantizer | int,
    ) -> None:
        if learn not in ("", "tensor", "weight"):
            raise ValueError(f"learn={learn!r}: '', 'tensor' or 'weight'")
        shape = tuple(self.weight.shape) if learn == "weight" else (1,) * self.weight.ndim
        self.weight_fraction = nn.Parameter(
            torch.full(shape, float(fraction)), requires_grad=bool(learn)
        )
        self.register_buffer("weight_integer", torch.tensor(float(integer)))
        self.register_buffer("bias_fraction", torch.tensor(float(bias_fraction or fraction + 2)))
        self.register_buffer("keep", torch.ones_like(self.weight, dtype=torch.bool))
        # In a tuple, or torch would register the quantiser as a child of this layer too.
        self._source = (source,)

    def grid_weight(self) -> Tensor:
        integer = self.weight_integer
        grid = quantise(self.weight, True, integer, whole(self.weight_fraction), "RND", "SAT_SYM")
        return grid * self.keep

    def grid_bias(self) -> Tensor | None:
        if self.bias is None:
            return None
        wide = torch.full_like(self.bias_fraction, 15.0)
        return quantise(self.bias, True, wide, self.bias_fraction, "RND", "SAT")

    def weight_bits(self) -> Tensor:
        """Bits that each weight has, none for a zero, with a gradient to its fraction bits."""
        grid = self.grid_weight().detach()
        nonzero = grid != 0
        top = torch.floor(torch.log2(torch.where(nonzero, grid.abs(), torch.ones_like(grid)))) + 1
        bits = torch.relu(top + whole(self.weight_fraction))
        return torch.where(nonzero, bits, torch.zeros_like(bits))

    def input_width(self) -> Tensor:
        source = self._source[0]
        return torch.tensor(float(source)) if isinstance(source, int) else source.width()

    def bit_operations(self) -> Tensor:
        """Effective bit operations: bits of weight times bits of input, over all products."""
        return (self.weight_bits() * self._spread_input_width()).sum() * self.products_per_weight()

    def products_per_weight(self) -> int:
        return 1

    def _spread_input_width(self) -> Tensor:
        width = self.input_width()
        per_element = width.numel() == self.weight.shape[1] and width.numel() > 1
        tail = (1,) * (self.weight.ndim - 2)
        return width.reshape(1, -1, *tail) if per_element else width.mean()


class FixedLinear(nn.Linear, FixedWeights, HLS4MLModule):  # type: ignore[misc]
    """A linear layer on a grid. Its result is exact."""

    def __init__(
        self,
        n_in: int,
        n_out: int,
        fraction: int = 6,
        integer: int = 1,
        bias: bool = True,
        bias_fraction: int | None = None,
        learn: str = "",
        source: FixedQuantizer | int = 8,
    ) -> None:
        super().__init__(n_in, n_out, bias=bias)
        self.set_grid(integer, fraction, bias_fraction, learn, source)

    def forward(self, values: Tensor) -> Tensor:
        return nn.functional.linear(values, self.grid_weight(), self.grid_bias())


class FixedConv1d(nn.Conv1d, FixedWeights, HLS4MLModule):  # type: ignore[misc]
    """A one-dimensional convolution on a grid; `causal` pads on the left only."""

    def __init__(
        self,
        n_in: int,
        n_out: int,
        width: int,
        stride: int = 1,
        dilation: int = 1,
        causal: bool = False,
        fraction: int = 6,
        integer: int = 1,
        bias: bool = True,
        bias_fraction: int | None = None,
        learn: str = "",
        source: FixedQuantizer | int = 8,
    ) -> None:
        super().__init__(n_in, n_out, width, stride=stride, dilation=dilation, bias=bias)
        self.pad_left = (width - 1) * dilation if causal else 0
        self.positions = 1
        self.set_grid(integer, fraction, bias_fraction, learn, source)

    def forward(self, values: Tensor) -> Tensor:
        padded = nn.functional.pad(values, (self.pad_left, 0))
        result = nn.functional.conv1d(
            padded,
            self.grid_weight(),
            self.grid_bias(),
            stride=self.stride,
            dilation=self.dilation,
        )
        self.positions = result.shape[-1]
        return result

    def products_per_weight(self) -> int:
        return self.positions  # unrolled in space: each position has its own multiplier


class FixedSpread(HLS4MLModule):  # type: ignore[misc]
    """Copies and sums of elements by a matrix of zeros and ones: wires and adders, not trained."""

    def __init__(self, matrix: Tensor) -> None:
        super().__init__()
        self.register_buffer("matrix", matrix.float())

    def forward(self, values: Tensor) -> Tensor:
        matrix = torch.as_tensor(self.matrix)
        return nn.functional.linear(values, matrix.to(values.dtype))


class FixedScale(HLS4MLModule):  # type: ignore[misc]
    """Every element times one exact constant, such as 1 - 2**-n for a decay."""

    def __init__(self, size: int, factor: float) -> None:
        super().__init__()
        self.size, self.factor = size, factor

    def forward(self, values: Tensor) -> Tensor:
        return values * self.factor


class FixedTable(HLS4MLModule):  # type: ignore[misc]
    """A function of one element by table, one entry for every value of its input's format.

    Its inputs must lie on that format's grid and in its range: put a `FixedQuantizer` of the same
    format in front.
    """

    def __init__(
        self, function: Callable[[Tensor], Tensor], address: Format, entry: Format
    ) -> None:
        super().__init__()
        self.function, self.address, self.entry = function, address, entry
        bits = (torch.tensor(float(entry.integer)), torch.tensor(float(entry.fraction)))
        exact = snap(function(address.codes()), entry.signed, *bits, "RND", "SAT")
        self.register_buffer("entries", exact)

    def forward(self, values: Tensor) -> Tensor:
        codes = torch.round(values.detach() * 2.0**self.address.fraction).long()
        entries = torch.as_tensor(self.entries).to(values.dtype)
        place = codes.bitwise_and(entries.numel() - 1).ravel()  # a power of two
        exact = entries.index_select(0, place).view_as(values)
        return straight_through(self.function(values), exact)
