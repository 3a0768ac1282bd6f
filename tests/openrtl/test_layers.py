"""Every layer class that lowers, against hls4ml's own g++ C simulation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from csim import c_simulation, compare, graph, integer_model, model_settings, vectors
from layer_cases import GRAPHS


@pytest.mark.long
@pytest.mark.parametrize("name", GRAPHS)
def test_equal_to_c_simulation(name: str, tmp_path: Path) -> None:
    g = GRAPHS[name]()
    counts = compare(g.layers, list(g.shapes), g.outputs, g.settings, g.tensors(), tmp_path)
    assert list(counts) == g.outputs
    for output, (mismatches, count, distinct) in counts.items():
        assert distinct > 1, f"{output} is constant, which no comparison can test"
        assert mismatches == 0, f"{output}: {mismatches} of {count} differ"


def test_the_comparison_can_fail(tmp_path: Path) -> None:
    """One weight that differs by one step is a mismatch."""
    weight = np.array([[0.5, -0.25], [0.125, 0.75]])
    layer = {
        "class_name": "Dense",
        "name": "dense",
        "inputs": ["x"],
        "n_in": 2,
        "n_out": 2,
        "bias_data": np.zeros(2),
        "use_bias": True,
    }
    entry = {"class_name": "InputLayer", "name": "x", "input_shape": [2]}
    x = vectors(1, 200, (2,))
    theirs = graph(
        "Vitis",
        [entry, {**layer, "weight_data": weight}],
        ["x"],
        ["dense"],
        model_settings(),
        tmp_path,
    )
    golden = c_simulation(theirs, [x])[0]
    wrong = weight.copy()
    wrong[1, 0] += 2.0**-10
    for weights, equal in ((weight, True), (wrong, False)):
        ours = graph(
            "OpenRTL",
            [entry, {**layer, "weight_data": weights}],
            ["x"],
            ["dense"],
            model_settings(),
            tmp_path / "ours",
        )
        assert np.array_equal(golden, integer_model(ours, [x])[0]) is equal
