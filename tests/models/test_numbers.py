"""The fast rounding equals the general one: the same values, the same gradients."""

from __future__ import annotations

import pytest
import torch

from openrtl.torch import FixedQuantizer, FixedTable, Format
from openrtl.torch.numbers import quantise, snap_plain

FORMATS = [Format(True, 2, 5), Format(False, 0, 6), Format(True, 0, 6), Format(False, 2, 4)]


@pytest.mark.parametrize("form", [*FORMATS, Format(True, 3, -1), Format(False, 2, -1)])
@pytest.mark.parametrize("wide", [torch.float32, torch.float64])
def test_the_fast_rounding_is_the_general_one(form: Format, wide: torch.dtype) -> None:
    torch.manual_seed(1)
    free = 6 * torch.randn(4_000, dtype=wide)
    halves = (torch.arange(-600, 600, dtype=wide) + 0.5) * form.step  # where rounding is decided
    values, weights = torch.cat([free, halves]), torch.randn(5_200, dtype=wide)
    results = []
    for fast in (True, False):
        x = values.clone().requires_grad_()
        bits = (torch.tensor(float(form.integer)), torch.tensor(float(form.fraction)))
        y = snap_plain(x, form) if fast else quantise(x, form.signed, *bits, "RND", "SAT")
        (y * weights).sum().backward()
        results.append((y.detach(), x.grad))
    (mine, slope), (theirs, expected) = results
    assert torch.equal(mine, theirs) and torch.equal(slope, expected)
    assert len(mine.unique()) > 1 and 0 < int((slope == 0).sum()) < len(values)


def test_only_the_usual_kind_is_fast() -> None:
    x = torch.tensor([-3.0, 0.5, 0.74, 9.0])
    assert FixedQuantizer(1, 1)(x).tolist() == [-2.0, 0.5, 0.5, 1.5]
    assert FixedQuantizer(1, 1, rounding="TRN", overflow="WRAP")(x).tolist() == [1.0, 0.5, 0.5, 1.0]
    assert FixedQuantizer(1, -2)(x).tolist() == [0.0] * 4
    assert FixedQuantizer(1, 1, overflow="SAT_SYM")(x).tolist() == [-1.5, 0.5, 0.5, 1.5]
    learns = FixedQuantizer(1, 1, learn=True)
    learns(x).sum().backward()
    assert learns.fraction.grad is not None and float(learns.fraction.grad) != 0.0
    each = FixedQuantizer(1, 1, shape=(4,))
    with torch.no_grad():
        each.fraction[2] = 2.0
    assert each(x).tolist() == [-2.0, 0.5, 0.75, 1.5]


def test_a_table_is_read_at_its_address() -> None:
    for form in FORMATS:
        table = FixedTable(torch.tanh, form, Format(True, 0, 6))
        expected = torch.round(torch.tanh(form.codes()) * 64).clamp(-64, 63) / 64
        assert torch.equal(table(form.codes()), expected) and len(expected.unique()) > 10
