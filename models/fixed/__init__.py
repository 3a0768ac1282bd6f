"""Torch layers in fixed point, exact from training to hardware. Importing registers them."""

from models.fixed.cost import effective_bit_operations, nonzero_weights, prune_smallest
from models.fixed.export import export, integers
from models.fixed.handlers import register
from models.fixed.layers import (
    FixedConv1d,
    FixedLinear,
    FixedQuantizer,
    FixedScale,
    FixedSpread,
    FixedTable,
    FixedWeights,
)
from models.fixed.numbers import Format
from models.fixed.softmax import FixedSoftmax

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
