"""The table of layers in the docs is the code's, and no class counts that isn't compared."""

from __future__ import annotations

from hls4ml.model.layers import layer_map
from layer_cases import GRAPHS

from openrtl import coverage
from openrtl import torch as fixed  # noqa: F401  (its table layer joins hls4ml's map)

# Compared in test_precision.py, test_fixed.py and everywhere.
ELSEWHERE = {"FixedPointQuantizer", "UnaryLUT", "Input"}


def test_the_page_is_up_to_date() -> None:
    text = coverage.PAGE.read_text()
    assert coverage.page_with_table(text) == text, "python -m openrtl.coverage --write"


def test_enough_classes_lower() -> None:
    assert sum(coverage.lowers(kind) for kind in coverage.class_names()) >= 36


def test_every_class_that_lowers_is_compared() -> None:
    used = {
        layer_map[layer["class_name"]].__name__ for g in GRAPHS.values() for layer in g().layers
    }
    claimed = {kind for kind in coverage.class_names() if coverage.lowers(kind)}
    assert claimed - used - ELSEWHERE == set()


def test_every_other_class_has_its_reason() -> None:
    silent = [
        k for k in coverage.class_names() if not coverage.lowers(k) and k not in coverage.WHY_NOT
    ]
    assert silent == []
