"""One record converted with integers is what the converter of many makes of it."""

from __future__ import annotations

import random

import numpy as np
import pytest

from hwtools.bits import RangeError, pack
from sim.golden import tick_pkg
from sim.lib.rows import row, word
from tickwire.gen.records import CONFIRMATION, LAYOUTS, RISK_STATE


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_row_is_what_the_converter_of_many_makes_of_it(name: str) -> None:
    layout = LAYOUTS[name]
    samples = tick_pkg.samples(name, random.Random(name), 40)
    for sample in samples:
        whole = tick_pkg.pack(name, sample)
        rows = row(whole, layout)
        assert {field: rows[field][0].tolist() for field in sample} == sample
        assert word(rows, layout) == whole == int.from_bytes(pack(rows, layout)[0], "big")
    assert len({tick_pkg.pack(name, sample) for sample in samples}) > 2


def test_what_is_out_of_range_is_named() -> None:
    rows = row(0, CONFIRMATION).copy()
    rows["outcome"] = 7
    with pytest.raises(RangeError, match=r"confirmation.outcome, row 0: 7 isn't one of Outcome"):
        word(rows, CONFIRMATION)
    bits = tick_pkg.pack_some("confirmation", {"outcome": 7})
    with pytest.raises(RangeError, match=r"confirmation.outcome, row 0: 7 isn't one of Outcome"):
        row(bits, CONFIRMATION)
    with pytest.raises(RangeError, match="risk_state, row 0: the padding above"):
        row(1 << RISK_STATE.width, RISK_STATE)
    with pytest.raises(TypeError, match="one row of risk_state, not"):
        word(RISK_STATE.empty(2), RISK_STATE)


def test_a_row_is_not_the_callers_to_change() -> None:
    with pytest.raises(ValueError, match="read-only"):
        row(0, CONFIRMATION)["token"] = 1
    assert np.array_equal(row(0, CONFIRMATION), CONFIRMATION.empty(1))
