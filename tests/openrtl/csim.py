"""hls4ml's own C simulation of a graph by g++, beside our lowering of the same graph."""

from __future__ import annotations

import copy
import os
from pathlib import Path
from typing import Any

import hls4ml
import numpy as np
from hls4ml.model.graph import ModelGraph
from hls4ml.utils.config import create_config

from openrtl.convert import ensure_registered
from openrtl.lower import lower
from openrtl.precision import Numbers

ensure_registered()

Layers = list[dict[str, Any]]


def graph(
    backend: str,
    layers: Layers,
    inputs: list[str],
    outputs: list[str],
    settings: dict[str, Any],
    folder: Path,
) -> Any:
    """An hls4ml graph from layer descriptions, which reach classes that no torch layer becomes."""
    config = create_config(output_dir=str(folder), project_name="network", backend=backend)
    config["HLSConfig"] = copy.deepcopy(settings)
    return ModelGraph.from_layer_list(config, copy.deepcopy(layers), inputs=inputs, outputs=outputs)


def model_settings(precision: Any = "fixed<16,6>", **per_layer: Any) -> dict[str, Any]:
    """hls4ml's configuration: one precision for the model, others by layer."""
    settings: dict[str, Any] = {
        "Model": {"Precision": precision, "ReuseFactor": 1, "Strategy": "Latency"}
    }
    if per_layer:
        settings["LayerName"] = per_layer
    return settings


def c_simulation(model: Any, tensors: list[Numbers]) -> list[Numbers]:
    """Compile hls4ml's C++ with g++ and run it; every output flat, a row a vector."""
    optimised_for_tests(model)
    ready = [np.ascontiguousarray(t) for t in tensors]
    result = model.predict(ready if len(ready) > 1 else ready[0])
    parts = result if isinstance(result, list) else [result]
    return [np.asarray(p, np.float64).reshape(len(ready[0]), -1) for p in parts]


def optimised_for_tests(model: Any) -> None:
    """Compile at -O1: the C++ is integer arithmetic, and -O3 takes several times as long."""
    model.write()
    script = Path(model.config.get_output_dir()) / "build_lib.sh"
    script.write_text(script.read_text().replace("-O3", os.environ.get("OPENRTL_CSIM_O", "-O1")))
    model._compile()


def integer_model(model: Any, tensors: list[Numbers]) -> list[Numbers]:
    """Our lowering, evaluated on integers."""
    lowered = lower(model)
    flat = lowered.evaluate(lowered.quantise_inputs(tensors))
    sizes = [port.size for port in lowered.outputs]
    return np.split(flat, np.cumsum(sizes)[:-1], axis=1)


def vectors(
    seed: int, count: int, shape: tuple[int, ...], form: tuple[int, int, int] = (1, 5, 10)
) -> Numbers:
    """Random values on a grid: small ones, large ones, and the grid's corners."""
    rng = np.random.default_rng(seed)
    signed, integer, fraction = form
    low, high = -signed * 2.0**integer, 2.0**integer - 2.0**-fraction
    small = rng.normal(size=(count, *shape))
    wide = rng.uniform(low, high, size=(count, *shape))
    values = np.where(rng.random((count, *shape)) < 0.6, small, wide)
    corners = rng.choice(
        [low, high, 0.0, 2.0**-fraction, -signed * 2.0**-fraction], size=(count, *shape)
    )
    values = np.where(rng.random((count, *shape)) < 0.1, corners, values)
    snapped: Numbers = np.clip(np.floor(values * 2.0**fraction) / 2.0**fraction, low, high)
    return snapped


def compare(
    layers: Layers,
    inputs: list[str],
    outputs: list[str],
    settings: dict[str, Any],
    tensors: list[Numbers],
    folder: Path,
) -> dict[str, tuple[int, int, int]]:
    """For each output: mismatches, values compared, distinct values."""
    theirs = graph("Vitis", layers, inputs, outputs, settings, folder / "csim")
    ours = graph("OpenRTL", layers, inputs, outputs, settings, folder / "rtl")
    golden = c_simulation(theirs, tensors)
    observed = integer_model(ours, tensors)
    assert len(golden) == len(observed) == len(outputs)
    counts = {}
    for name, g, o in zip(outputs, golden, observed, strict=True):
        assert g.shape == o.shape, name
        counts[name] = (int((g != o).sum()), g.size, len(np.unique(g)))
    return counts


def torch_config(module: Any, shape: Any, precision: str, granularity: str) -> dict[str, Any]:
    config: dict[str, Any] = hls4ml.utils.config_from_pytorch_model(
        module,
        shape,
        granularity=granularity,
        backend="Vitis",
        default_precision=precision,
        channels_last_conversion="off",
    )
    return config
