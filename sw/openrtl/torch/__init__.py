"""Fixed-point layers for torch: what a network built of them computes, its Verilog computes too.

    Format                      a fixed-point format: sign, integer bits, fraction bits
    FixedQuantizer              rounds and saturates to a format; the only layer that rounds
    FixedLinear, FixedConv1d    weights and bias on a grid; widths can be trained, weights pruned
    FixedTable                  a function by table; put a quantizer of its format in front
    FixedScale, FixedSpread     a constant factor; copies and sums of elements
    FixedSoftmax                softmax of these
    LSTMStep, GRUStep, LinearAttentionStep, StepFormats
                                recurrent networks as steps, with their state in hardware
    effective_bit_operations    a penalty for training: what the network costs in hardware
    prune_smallest, nonzero_weights
                                prune a layer; count what is left
    export, integers            a trained network or layer as integers

`openrtl.torch.steps` has the cells that steps are built of, and `Step` for your own. Importing this
package registers the layers with hls4ml.
"""

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
from openrtl.torch.steps import GRUStep, LinearAttentionStep, LSTMStep, Step, StepFormats

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
    "GRUStep",
    "LSTMStep",
    "LinearAttentionStep",
    "Step",
    "StepFormats",
    "effective_bit_operations",
    "export",
    "integers",
    "nonzero_weights",
    "prune_smallest",
]
