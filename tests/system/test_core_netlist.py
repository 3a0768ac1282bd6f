"""What sim/measure/netlist.py calls equal: every field and cycle of every record, each register."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.measure import netlist as core_netlist
from tickwire.board.virtual.core import LAYOUTS, RECORDS, CoreObserved
from tickwire.board.virtual.harness import MESSAGE

ROWS = 600


def observed() -> CoreObserved:
    """Rows of zeros, and bytes of noise."""
    random = np.random.default_rng(1)
    records = {
        name: (
            np.arange(ROWS),
            np.zeros((ROWS, layout.bytes), np.uint8)
            if layout
            else random.integers(0, 9, (ROWS, 1), np.uint8),
        )
        for name, (_, _, layout) in RECORDS.items()
    }
    messages = np.zeros(ROWS, MESSAGE)
    messages["cycle"] = np.arange(ROWS)
    registers = {"COUNTERS_PATH_INFERENCES": 7, "MODEL": 1 << 63}
    return CoreObserved(1_000, messages, records, LAYOUTS, registers, 1.0)


def test_the_same_is_equal() -> None:
    result = core_netlist.compared(observed(), observed())
    assert (result.mismatches, result.first) == (0, "")
    assert result.rows == (len(RECORDS) + 1) * ROWS + 2


@pytest.mark.parametrize("name", RECORDS)
def test_a_bit_of_any_record_is_seen(name: str) -> None:
    for byte in range(observed().records[name][1].shape[1]):
        other = observed()
        other.records[name][1][17, byte] ^= 0x08
        result = core_netlist.compared(observed(), other)
        assert result.mismatches == 1
        assert result.first.startswith(f"{name}: row 17, field ")


def _cycle(other: Any) -> None:
    other.records["tops"][0][3] += 1


def _message(other: Any) -> None:
    other.messages["bytes"][5, 67] = 1


def _register(other: Any) -> None:
    other.registers["MODEL"] += 1


@pytest.mark.parametrize(
    ("change", "first"),
    [
        (_cycle, "tops: row 3, field cycle: 3, 4 in the netlist"),
        (_message, "messages: row 5, field bytes: "),
        (_register, "registers: row 1, MODEL: "),
    ],
)
def test_what_else_differs_is_named(change: Any, first: str) -> None:
    other = copy.deepcopy(observed())
    change(other)
    result = core_netlist.compared(observed(), other)
    assert result.mismatches == 1 and result.first.startswith(first)


def test_rows_that_are_lacking_differ() -> None:
    other = observed()
    records = {name: (cycles[:0], rows[:0]) for name, (cycles, rows) in other.records.items()}
    none = replace(other, records=records)
    for one, two in ((other, none), (none, other)):
        result = core_netlist.compared(one, two)
        assert result.mismatches == len(RECORDS) * ROWS
        assert result.first.startswith("operations: ")
