"""What hls4ml's reader of torch can't read, drops, or merges: refused before it reads.

It raises what it met, without the line, or goes on in silence. Here the same graph is walked first,
with the user's line of each operation.
"""

from __future__ import annotations

import itertools
import re
import traceback
from typing import Any

from openrtl.blame import innermost, place, said
from openrtl.refuse import NETWORK, RefusedError

MOVING = ("Flatten", "Identity", "Dropout")  # layers that change no value
SKIPPED = ("Dropout", "Sequential")  # that hls4ml passes over
_TUPLES = ("RNN", "GRU", "LSTM")  # layers that return several tensors
# What to write in place of what isn't read.
_INSTEAD = {
    "getitem": "pick elements by FixedSpread, a matrix of zeros and ones",
    "chunk": "pick elements by FixedSpread, a matrix of zeros and ones",
    "split": "pick elements by FixedSpread, a matrix of zeros and ones",
    "matmul": "use FixedLinear for constants, '*' and FixedSpread for products of values",
    "linear": "use FixedLinear",
    "conv1d": "use FixedConv1d",
    "truediv": "multiply by a constant, FixedScale(size, 1 / n)",
    "clamp": "a FixedQuantizer cuts to its range",
    "mean": "sum by FixedSpread and multiply by FixedScale",
    "sum": "sum by FixedSpread",
    "Unflatten": "use x.view(-1, channels, length), or x.unsqueeze(1)",
    "MultiheadAttention": "use LinearAttentionStep",
    "batch_norm": "use nn.BatchNorm1d",
    "cat": "write torch.cat((a, b), dim=-1), of two different values, and again for a third",
    "number": "multiply by FixedScale(size, number), add by a FixedLinear's bias",
    "itself": "use FixedTable, which holds any function of one value",
    "get_attr": "put it into a FixedLinear, or a FixedScale",
}
_OF_TWO = ("add", "sub", "mul", "maximum", "minimum", "fmin", "fmax")
_ELSE = "use layers of openrtl.torch; FixedTable holds any function of one value"


def check_torch(module: Any) -> None:
    """Every check of the torch module itself."""
    modules = dict(module.named_modules())
    for name, layer in modules.items():
        _check_numbers(name, layer)
    graph = _traced(module)

    fixed = any(type(each).__name__ == "FixedQuantizer" for each in modules.values())

    def kind(node: Any) -> str:
        return type(modules.get(node.target)).__name__ if node.op == "call_module" else ""

    for node in graph.nodes:
        if node.op == "call_module":
            _check_layer(node, modules[node.target])
        elif node.op in ("call_function", "call_method"):
            _check_function(node, kind)
            _check_operands(node)
        elif node.op == "get_attr":
            _refuse(node, "a parameter by itself", "get_attr")
        elif node.op == "placeholder" and fixed:
            _check_input(node, kind)
        elif node.op == "output":
            _check_outputs(node)
        if kind(node) == "FixedQuantizer":
            _check_quantiser(node, kind)


def check_forward(module: Any, shapes: list[tuple[int, ...]]) -> None:
    """Refuse a module that doesn't compute for inputs of these shapes, with the line."""
    import torch

    kind = next((each.dtype for each in module.parameters()), torch.float64)
    try:
        with torch.no_grad():
            module.eval()(*(torch.zeros(1, *shape, dtype=kind) for shape in shapes))
    except Exception as error:  # whatever the user's code raises
        at = place(error)
        given = ", ".join("x".join(map(str, shape)) for shape in shapes)
        reason = f"{f'{at}: ' if at else ''}{said(error)}, for an input of {given}"
        raise RefusedError(NETWORK, reason, "is that the shape of each input?") from None


def _check_numbers(name: str, layer: Any) -> None:
    import torch

    tensors = (*layer.named_parameters(recurse=False), *layer.named_buffers(recurse=False))
    for key, values in tensors:
        bad = int((~torch.isfinite(values)).sum()) if values.is_floating_point() else 0
        if bad:
            reason = f"{bad} of its {key} values are NaN or infinite"
            raise RefusedError(name or NETWORK, reason, "train it again")


def _traced(module: Any) -> Any:
    """The graph of the module, each node with the line that made it."""
    from hls4ml.utils.torch import CustomFXTracer
    from torch.fx.proxy import TraceError

    class Tracer(CustomFXTracer):  # type: ignore[misc]
        """Not torch's own way to know lines, which imports its compiler: two seconds."""

        def create_node(self, *args: Any, **kwargs: Any) -> Any:
            node = super().create_node(*args, **kwargs)
            node.meta["line"] = _here()
            return node

    try:
        return Tracer().trace(module)
    except (TraceError, TypeError, IndexError, ValueError) as error:
        if not isinstance(error, TraceError) and "Proxy" not in str(error):
            raise
        reason = f"{place(error) or 'forward'}: what it does there depends on a value or a size"
        instead = "do the same for every input: sizes as constants, choices by products or tables"
        raise RefusedError(NETWORK, reason, instead) from None


def _here() -> str:
    """The user's line that is being traced."""
    frames = [(f.f_code.co_filename, line) for f, line in traceback.walk_stack(None)]
    traced = itertools.takewhile(lambda frame: frame[0] != __file__, frames[2:])
    return innermost(reversed(list(traced)))


def _line(node: Any) -> str:
    return f"{node.meta['line']}: " if node.meta.get("line") else ""


def _refuse(node: Any, what: str, name: str) -> None:
    reason = f"{_line(node)}{what}, which isn't read"
    raise RefusedError(str(node.target if node.op == "call_module" else node.name), reason,
                       _INSTEAD.get(name, _ELSE))  # fmt: skip


def _check_layer(node: Any, layer: Any) -> None:
    from hls4ml.converters.pytorch_to_hls import get_supported_pytorch_layers

    kind = type(layer).__name__
    if kind not in (*get_supported_pytorch_layers(), *SKIPPED):
        _refuse(node, f"nn.{kind}", kind)


def _check_function(node: Any, kind: Any) -> None:
    """Functions and methods are known to hls4ml by the name of their node, without its number."""
    from hls4ml.converters.pytorch_to_hls import get_supported_pytorch_layers, layer_name_map

    name = re.sub(r"_\d+$", "", node.name)
    if name == "getitem":
        source = node.all_input_nodes[0]
        while source.name.startswith("getitem"):
            source = source.all_input_nodes[0]
        if kind(source) not in _TUPLES:
            _refuse(node, "an index", name)
    elif layer_name_map.get(name, name) not in get_supported_pytorch_layers():
        _refuse(node, f"{name}()", name)


def _check_operands(node: Any) -> None:
    """What hls4ml's reader takes for granted of them, and fails without."""
    name = re.sub(r"_\d+$", "", node.name)
    if name == "cat":
        tensors = list(node.args[0]) if node.args else []
        if "dim" not in node.kwargs or len(tensors) != 2 or len({*tensors}) != 2:
            _refuse(node, "cat() as it stands", "cat")
    elif name in _OF_TWO:
        if any(isinstance(each, int | float) for each in node.args):
            _refuse(node, f"{name}() with a number", "number")
        if len(node.all_input_nodes) == 1:
            _refuse(node, f"{name}() of a value with itself", "itself")


def _check_input(node: Any, kind: Any) -> None:
    """With fixed-point layers the types come from the first quantiser."""
    for user in node.users:
        while (kind(user) in MOVING or user.op == "call_method") and len(user.users) == 1:
            user = next(iter(user.users))
        if kind(user) != "FixedQuantizer":
            reason = f"{_line(user)}{user.name} takes it without a quantiser"
            instead = "begin with a FixedQuantizer for each input and each state"
            raise RefusedError(f"input {node.name}", reason, instead)


def _check_quantiser(node: Any, kind: Any) -> None:
    source = node.all_input_nodes[0]
    while kind(source) in MOVING or source.op == "call_method":
        source = source.all_input_nodes[0]
    if kind(source) == "FixedQuantizer":
        reason = f"it quantises what {source.target} quantised; hls4ml would keep one"
        raise RefusedError(str(node.target), reason, "remove one of the two")


def _check_outputs(node: Any) -> None:
    for result in node.all_input_nodes:
        others = [user for user in result.users if user is not node]
        if others:
            reason = (
                f"it is an output and {others[0].name} takes it too; hls4ml would drop the output"
            )
            instead = "return torch.cat((a, b), dim=-1) of what you need: nothing takes that"
            raise RefusedError(result.name, reason, instead)
