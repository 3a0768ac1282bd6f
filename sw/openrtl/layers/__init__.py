"""A handler for each hls4ml layer class. Importing this package fills the registry."""

from openrtl.layers import activation, conv, linear, merge, pooling, recurrent, shape, softmax
from openrtl.layers.access import HANDLERS

__all__ = [
    "HANDLERS",
    "activation",
    "conv",
    "linear",
    "merge",
    "pooling",
    "recurrent",
    "shape",
    "softmax",
]
