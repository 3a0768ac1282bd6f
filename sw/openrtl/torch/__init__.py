"""Torch layers in fixed point, exact from training to hardware. Importing registers them."""

from openrtl.torch.cost import effective_bit_operations, nonzero_weights, prune_smallest
from openrtl.torch.export import export, integers
from openrtl.torch.handlers import register
from openrtl.torch.layers import (
    FixedConv1d,
    FixedLinear,
    FixedQuantizer,
    FixedScale,
    FixedSpread,
    FixedTable,
    FixedWeights,
)
from openrtl.torch.numbers import Format
from openrtl.torch.softmax import FixedSoftmax

register()

__all__ = [
    "FixedConv1d",
    "FixedLinear",
    "FixedQuantizer",
    "FixedScale",
    "FixedSoftmax",
    "FixedSpread",
    "FixedTable",
    "FixedWeights",
    "Format",
    "effective_bit_operations",
    "export",
    "integers",
    "nonzero_weights",
    "prune_smallest",
]
