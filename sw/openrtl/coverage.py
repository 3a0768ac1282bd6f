"""The table of hls4ml's layer classes in docs/openrtl.md: which lower, which don't, and why.

`python -m openrtl.coverage` prints it; `--write` writes it into the page.
"""

from __future__ import annotations

import sys
from pathlib import Path

from hls4ml.model.layers import layer_map

from openrtl.layers import HANDLERS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "openrtl.md"
BEGIN, END = "<!-- layers: begin -->", "<!-- layers: end -->"

# Classes that hls4ml itself replaces by others before any backend sees them.
REWRITTEN = {
    "SeparableConv1D": "DepthwiseConv1D, then Conv1D",
    "SeparableConv2D": "DepthwiseConv2D, then Conv2D",
}
BUILT_IN = ("Input", "Constant")
WHY_NOT = {
    "BatchNormOnnx": "only while ONNX is read; not compared, since nothing here reads ONNX",
    "BiasAdd": "only while TensorFlow is read; not compared, since nothing here reads it",
    "Bidirectional": "runs over time backwards, which no stream can; distil it into a step",
    "BipolarQuant": "only while ONNX is read; not compared, since nothing here reads ONNX",
    "Conv": "only while ONNX is read; not compared, since nothing here reads ONNX",
    "Conv2DBatchnorm": "only while QKeras is read; not compared, since nothing here reads it",
    "DACombinational": "da4ml's own logic, already lowered; use strategy 'Latency'",
    "GarNet": "a graph network whose C++ keeps tables of its own",
    "GarNetStack": "a graph network whose C++ keeps tables of its own",
    "LayerGroup": "a container that hls4ml unpacks",
    "LayerNormalization": "divides by a spread; use BatchNorm1d, a constant at run time",
    "MatMul": "only while ONNX is read; use Einsum",
    "Quant": "only while ONNX is read; use FixedQuantizer",
    "SimpleRNN": "hls4ml's Vitis backend has no C++ for it, so nothing could judge it",
    "SymbolicExpression": "an expression for another backend",
    "TernaryTanh": "hls4ml's C++ calls nothing for it; Activation 'ternary_tanh' lowers",
    "TimeDistributed": "a loop over time in one block; use a step",
}


def class_names() -> dict[str, list[str]]:
    """Each class of hls4ml's `layer_map`, with its names there.

    Classes that a backend adds for its own use are left out.
    """
    classes: dict[str, list[str]] = {}
    for name, kind in layer_map.items():
        if not kind.__module__.startswith("hls4ml.backends"):
            classes.setdefault(kind.__name__, []).append(name)
    return {kind: sorted(names) for kind, names in sorted(classes.items())}


def lowers(kind: str) -> bool:
    return kind not in WHY_NOT and (kind in HANDLERS or kind in BUILT_IN or kind in REWRITTEN)


def note(kind: str) -> str:
    if lowers(kind):
        return f"as {REWRITTEN[kind]}" if kind in REWRITTEN else ""
    return WHY_NOT.get(kind, "no lowering")


def table() -> str:
    """The table as Markdown, with its count first."""
    kinds = class_names()
    count = sum(lowers(kind) for kind in kinds)
    lines = [
        f"{count} of the {len(kinds)} classes lower.",
        "",
        "| class | names in `layer_map` | lowers | |",
        "|---|---|---|---|",
    ]
    for kind, names in kinds.items():
        listed = ", ".join(name for name in names if ">" not in name)
        lines.append(f"| {kind} | {listed} | {'yes' if lowers(kind) else 'no'} | {note(kind)} |")
    return "\n".join(lines)


def page_with_table(text: str) -> str:
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    if "--write" in sys.argv:
        PAGE.write_text(page_with_table(PAGE.read_text()))
    else:
        print(table())
