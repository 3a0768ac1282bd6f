"""Graphs that hold one or more of every layer class, as hls4ml's own layer descriptions.

Many layers hang side by side on one input, so that one g++ run judges them all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from csim import Layers, model_settings, vectors

from openrtl.precision import Numbers

VALID_1D = {"pad_left": 0, "pad_right": 0}
VALID_2D = {"pad_top": 0, "pad_bottom": 0, **VALID_1D}
SAME_2D = dict.fromkeys(VALID_2D, 1)
LAST = {"data_format": "channels_last"}


@dataclass
class Graph:
    """Layers under construction; every added layer is an output unless it says otherwise."""

    shapes: dict[str, tuple[int, ...]]
    settings: dict[str, Any] = field(default_factory=model_settings)
    layers: Layers = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    seed: int = 3
    count: int = 600
    form: tuple[int, int, int] = (1, 5, 10)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)
        for name, shape in self.shapes.items():
            self.layers.append(
                {"class_name": "InputLayer", "name": name, "input_shape": list(shape)}
            )

    def weights(self, *shape: int) -> Numbers:
        return self.rng.normal(size=shape)

    def kernel(self, *shape: int) -> dict[str, Numbers]:
        """Weights, and a bias for the last dimension."""
        return {"weight_data": self.weights(*shape), "bias_data": self.weights(shape[-1])}

    def scale(self, size: int) -> dict[str, Numbers]:
        return {"scale_data": self.weights(size), "bias_data": self.weights(size)}

    def add(self, kind: str, name: str, inner: bool = False, **attributes: Any) -> None:
        attributes.setdefault("inputs", [next(iter(self.shapes))])
        self.layers.append({"class_name": kind, "name": name, **attributes})
        if not inner:
            self.outputs.append(name)

    def tensors(self) -> list[Numbers]:
        return [
            vectors(n, self.count, shape, self.form) for n, shape in enumerate(self.shapes.values())
        ]


def activations(precision: str) -> Graph:
    g = Graph({"x": (4,)}, model_settings(precision))
    for kind in ("relu", "relu6", "relu1", "sigmoid", "tanh", "softplus", "softsign", "selu"):
        g.add("Activation", kind, activation=kind)
    g.add("Activation", "binary", activation="binary_tanh")
    g.add("Activation", "ternary", activation="ternary_tanh")
    g.add("LeakyReLU", "leaky", activation="LeakyReLU", activ_param=0.3)
    g.add("ThresholdedReLU", "threshold", activation="ThresholdedReLU", activ_param=0.7)
    g.add("ELU", "elu", activation="ELU", activ_param=1.1)
    g.add("PReLU", "prelu", activation="prelu", param_data=g.weights(4))
    g.add("HardActivation", "hard_sigmoid", activation="hard_sigmoid")
    g.add("HardActivation", "hard_tanh", activation="hard_tanh", slope=0.25)
    for kind in ("stable", "latency", "argmax"):
        g.add("Softmax", kind, activation="softmax", n_in=4, axis=-1, implementation=kind)
    return g


def merges() -> Graph:
    g = Graph({"x": (4,), "z": (4,)})
    both = ["x", "z"]
    for kind in ("add", "subtract", "multiply", "average", "maximum", "minimum"):
        g.add("Merge", kind, op=kind, inputs=both)
    g.add("Dot", "dot", op="dot1d", axes=1, inputs=both)
    g.add("Concatenate", "joined", op="concatenate1d", axis=-1, inputs=both)
    g.add("Constant", "shift", inner=True, inputs=[], value=g.weights(4))
    g.add("Merge", "shifted", op="add", inputs=["x", "shift"])
    g.add("BatchNormalization", "norm", n_in=4, n_filt=-1, **g.scale(4))
    g.add("ApplyAlpha", "alpha", n_in=4, n_filt=-1, **g.scale(4))
    g.add("Dense", "dense", n_in=4, n_out=3, **g.kernel(4, 3), use_bias=True)
    return g


def one_dimension() -> Graph:
    g = Graph({"x": (8, 2)})
    _convolutions_1d(g)
    _pools_1d(g)
    width = {"in_width": 8, "n_chan": 2}
    g.add("ZeroPadding1D", "padded", **LAST, **width, out_width=11, pad_left=1, pad_right=2)
    g.add("Cropping1D", "cropped", **width, out_width=5, crop_left=1, crop_right=2)
    up = {"in_height": 1, "out_height": 1, "out_width": 16, "algorithm": "nearest"}
    g.add("UpSampling1D", "resized", **LAST, **width, **up)
    g.add("Transpose", "turned", perm=[1, 0])
    g.add("Reshape", "flat", inner=True, target_shape=[16])
    g.add("Activation", "after_flat", activation="relu", inputs=["flat"])
    rows = {"activation": "softmax", "n_in": 16, "n_outer": 8, "n_inner": 1, "axis": -1}
    g.add("Softmax", "softmax_rows", **rows)
    g.add("BatchNormalization", "norm_channels", n_in=16, n_filt=2, **g.scale(2))
    return g


def _convolutions_1d(g: Graph) -> None:
    conv = {**LAST, "in_width": 8, "n_chan": 2, "use_bias": True, "stride_width": 1}
    g.add(
        "Conv1D",
        "valid",
        **{**conv, **VALID_1D},
        n_filt=3,
        filt_width=3,
        out_width=6,
        **g.kernel(3, 2, 3),
    )
    g.add(
        "Conv1D",
        "causal",
        **{**conv, "stride_width": 2, "pad_left": 2, "pad_right": 0},
        n_filt=2,
        filt_width=3,
        out_width=4,
        **g.kernel(3, 2, 2),
    )
    g.add(
        "Conv1D",
        "pointwise",
        **{**conv, **VALID_1D},
        n_filt=3,
        filt_width=1,
        out_width=8,
        **g.kernel(1, 2, 3),
    )
    same = {**conv, "pad_left": 1, "pad_right": 1, "filt_width": 3, "out_width": 8}
    g.add(
        "DepthwiseConv1D",
        "depthwise",
        **same,
        n_filt=2,
        depthwise_data=g.weights(3, 2, 1),
        bias_data=g.weights(2),
    )
    g.add(
        "SeparableConv1D",
        "separable",
        **same,
        n_filt=3,
        depth_multiplier=1,
        depthwise_data=g.weights(3, 2, 1),
        pointwise_data=g.weights(1, 2, 3),
        bias_data=g.weights(3),
    )


def _pools_1d(g: Graph) -> None:
    pool = {**LAST, "n_in": 8, "n_filt": 2}
    two = {**VALID_1D, "n_out": 4, "pool_width": 2, "stride_width": 2, "padding": "valid"}
    g.add("MaxPooling1D", "maximum", **pool, **two)
    g.add("AveragePooling1D", "average", **pool, **two)
    three = {"pool_width": 3, "stride_width": 3, "n_out": 3, "padding": "same"}
    edges = {"pad_left": 1, "pad_right": 0}
    g.add("AveragePooling1D", "thirds", **pool, **three, **edges, count_pad=False)
    g.add("MaxPooling1D", "maximum_edges", **pool, **three, **edges)
    g.add("GlobalMaxPooling1D", "all_maximum", **pool)
    g.add("GlobalAveragePooling1D", "all_average", **pool)


def two_dimensions() -> Graph:
    g = Graph({"x": (5, 4, 2)}, count=300)
    _convolutions_2d(g)
    _pools_2d(g)
    size = {**LAST, "in_height": 5, "in_width": 4, "n_chan": 2}
    g.add(
        "ZeroPadding2D", "padded", **size, **{**SAME_2D, "pad_right": 2}, out_height=7, out_width=7
    )
    edges = {"crop_top": 1, "crop_bottom": 1, "crop_left": 2, "crop_right": 0}
    g.add("Cropping2D", "cropped", **size, **edges, out_height=3, out_width=2)
    g.add("UpSampling2D", "resized", **size, out_height=10, out_width=8, algorithm="nearest")
    g.add("Transpose", "turned", perm=[2, 0, 1])
    return g


def _convolutions_2d(g: Graph) -> None:
    conv = {**LAST, "in_height": 5, "in_width": 4, "n_chan": 2, "use_bias": True}
    one = {"stride_height": 1, "stride_width": 1}
    g.add(
        "Conv2D",
        "valid",
        **{**conv, **one, **VALID_2D},
        n_filt=2,
        filt_height=3,
        filt_width=2,
        out_height=3,
        out_width=3,
        **g.kernel(3, 2, 2, 2),
    )
    three = {"filt_height": 3, "filt_width": 3}
    g.add(
        "Conv2D",
        "strided",
        **{**conv, **SAME_2D, **three},
        n_filt=2,
        stride_height=2,
        stride_width=2,
        out_height=3,
        out_width=2,
        **g.kernel(3, 3, 2, 2),
    )
    same = {**conv, **one, **SAME_2D, **three, "out_height": 5, "out_width": 4}
    g.add(
        "DepthwiseConv2D",
        "depthwise",
        **same,
        n_filt=2,
        depth_multiplier=1,
        depthwise_data=g.weights(3, 3, 2, 1),
        bias_data=g.weights(2),
    )
    g.add(
        "SeparableConv2D",
        "separable",
        **same,
        n_filt=2,
        depth_multiplier=1,
        depthwise_data=g.weights(3, 3, 2, 1),
        pointwise_data=g.weights(1, 1, 2, 2),
        bias_data=g.weights(2),
    )


def _pools_2d(g: Graph) -> None:
    pool = {**LAST, "in_height": 5, "in_width": 4, "n_filt": 2}
    stride = {"stride_height": 2, "stride_width": 2}
    two = {**VALID_2D, "pool_height": 2, "pool_width": 2, "padding": "valid"}
    g.add("MaxPooling2D", "maximum", **pool, **stride, **two, out_height=2, out_width=2)
    nine = {**SAME_2D, "pool_height": 3, "pool_width": 3, "padding": "same"}
    g.add("AveragePooling2D", "ninths", **pool, **stride, **nine, out_height=3, out_width=2)
    g.add("GlobalMaxPooling2D", "all_maximum", **pool)
    g.add("GlobalAveragePooling2D", "all_average", **pool)


def windows() -> Graph:
    """Recurrent layers over a window, and products of whole tensors."""
    g = Graph({"x": (2, 2), "z": (2, 3)}, model_settings("fixed<12,4>"), count=300, form=(1, 1, 8))
    for kind, gates in (("LSTM", 4), ("GRU", 3)):
        for whole in (False, True):
            g.add(
                kind,
                f"{kind.lower()}_{'all' if whole else 'last'}",
                n_in=2,
                n_out=3,
                n_timesteps=2,
                activation="tanh",
                recurrent_activation="sigmoid",
                return_sequences=whole,
                return_state=False,
                pass_initial_states=False,
                direction="forward",
                time_major=False,
                apply_reset_gate="after",
                weight_data=g.weights(2, 3 * gates),
                recurrent_weight_data=g.weights(3, 3 * gates),
                bias_data=g.weights(3 * gates),
                recurrent_bias_data=g.weights(3 * gates),
            )
    dense = {"inp_shape": (2, 2), "out_shape": (2, 3)}
    g.add("EinsumDense", "einsum_dense", equation="ab,bc->ac", **dense, **g.kernel(2, 3))
    shapes = {"inp0_shape": (2, 2), "inp1_shape": (2, 3), "out_shape": (2, 3)}
    g.add("Einsum", "einsum", equation="ab,bc->ac", **shapes, inputs=["x", "z"])
    return g


def lookups() -> Graph:
    """A table of vectors, addressed by an unsigned input."""
    settings = model_settings(x={"Precision": {"result": "ufixed<4,4>"}})
    g = Graph({"x": (3,)}, settings, form=(0, 4, 0))
    rows = {"n_in": 3, "n_out": 2, "vocab_size": 16}
    g.add("Embedding", "embedding", **rows, embeddings_data=g.weights(16, 2))
    return g


GRAPHS = {
    "activations, truncated": lambda: activations("fixed<16,6>"),
    "activations, saturated": lambda: activations("fixed<12,4,RND,SAT>"),
    "merges": merges,
    "one dimension": one_dimension,
    "two dimensions": two_dimensions,
    "windows": windows,
    "lookups": lookups,
}
