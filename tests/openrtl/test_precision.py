"""Casts in every mode: symbols against numbers exhaustively, numbers against hls4ml's ap_fixed."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from alkaid.trace import FVArray, trace
from csim import c_simulation, graph, model_settings

from openrtl.lower import optimised
from openrtl.matmul import affine
from openrtl.precision import ApFixed, cast_numbers
from openrtl.symbols import HARDWARE, SOLVER, cast

ROUNDINGS = ("TRN", "TRN_ZERO", "RND", "RND_CONV", "RND_ZERO", "RND_INF", "RND_MIN_INF")
OVERFLOWS = ("WRAP", "SAT", "SAT_SYM", "SAT_ZERO")
MODES = list(itertools.product(ROUNDINGS, OVERFLOWS))
SHAPES = [(1, 1, 2), (0, 2, 1), (1, 3, 4), (0, 0, 3), (1, 6, 6), (1, 2, -1), (0, 1, 5)]


def symbols(count: int, kif: tuple[int, int, int]) -> FVArray:
    k, i, f = (np.full(count, n) for n in kif)
    return FVArray.from_kif(k, i, f, hwconf=HARDWARE, solver_options=SOLVER)


@pytest.mark.parametrize(("rounding", "overflow"), MODES)
def test_symbols_equal_numbers(rounding: str, overflow: str) -> None:
    every = (np.arange(512) - 256) / 32.0
    for signed, integer, fraction in SHAPES:
        form = ApFixed(bool(signed), integer, fraction, rounding, overflow)
        source = symbols(1, (1, 3, 5))
        logic = trace(source, cast(source, form), keep_dead_inputs=True)
        assert np.array_equal(logic.predict(every[:, None]).ravel(), cast_numbers(every, form)), (
            form
        )


def test_numbers_equal_ap_fixed(tmp_path: Path) -> None:
    """All modes side by side in one g++ run; the quantiser's C++ converts each element once."""
    every = ((np.arange(512) - 256) / 32.0)[:, None]
    layers: list[dict[str, object]] = [
        {"class_name": "InputLayer", "name": "x", "input_shape": [1]}
    ]
    outputs, forms = [], []
    for n, (rounding, overflow) in enumerate(MODES):
        signed, integer, fraction = SHAPES[n % 4]
        kbi = [
            np.array([[v]], np.int16)
            for v in (signed, signed + integer + fraction, signed + integer)
        ]
        layers.append(
            {
                "class_name": "FixedPointQuantizer",
                "name": f"q{n}",
                "inputs": ["x"],
                "mask_kbi": tuple(kbi),
                "RND": rounding,
                "SAT": overflow,
                "fusible": None,
                "overrides": {},
            }
        )
        outputs.append(f"q{n}")
        forms.append(ApFixed(bool(signed), integer, fraction, rounding, overflow))
    settings = model_settings("fixed<24,10>", x={"Precision": {"result": "fixed<9,4>"}})
    settings["Model"]["BitExact"] = False
    golden = c_simulation(graph("Vitis", layers, ["x"], outputs, settings, tmp_path), [every])
    for form, observed in zip(forms, golden, strict=True):
        assert len(np.unique(observed)) > 1
        assert np.array_equal(observed, cast_numbers(every, form)), form


@pytest.mark.parametrize("fraction", [3, 8, 14])
@pytest.mark.parametrize("overflow", ["WRAP", "SAT"])
@pytest.mark.parametrize("rounding", ["TRN", "RND", "RND_CONV"])
def test_accumulators(rounding: str, overflow: str, fraction: int) -> None:
    """Lossy and saturating ones too, against the loop of the C++ written out."""
    rng = np.random.default_rng(0)
    accum = ApFixed(True, 4, fraction, rounding, overflow)
    weight, bias = np.round(rng.normal(size=(5, 3)) * 128) / 128, rng.normal(size=3)
    source = symbols(5, (1, 3, 5))
    logic = trace(source, affine(source, weight, bias, accum), keep_dead_inputs=True)
    x = np.floor(rng.uniform(-8, 8, (400, 5)) * 32) / 32
    total = np.tile(cast_numbers(bias, accum), (400, 1))
    for n in range(5):
        total = cast_numbers(total + cast_numbers(x[:, n : n + 1] * weight[n], accum), accum)
    assert np.array_equal(logic.predict(x), total)


def test_weights_wider_than_float32() -> None:
    """The solver holds float32; 30-bit weights are split, not rounded."""
    rng = np.random.default_rng(1)
    weight = rng.integers(-(2**29), 2**29, (3, 2)) * 2.0**-28
    accum = ApFixed(True, 6, 34)
    source = symbols(3, (1, 2, 6))
    logic = optimised([source], [affine(source, weight, np.zeros(2), accum)])
    x = rng.integers(-(2**8), 2**8, (300, 3)) / 64.0
    assert np.array_equal(logic.predict(x), x @ weight)
    assert not np.array_equal(weight, weight.astype(np.float32))
