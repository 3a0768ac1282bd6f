"""A network that is too large is refused before it converts; converting can be stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from hwtools.toolchain import ROOT
from models.deploy import convert
from models.deploy.apart import apart
from models.deploy.convert import conversion, converted
from models.deploy.source import find
from models.nets.graph import graph_of
from models.nets.own import NetworkError
from openrtl import convert as openrtl_convert
from openrtl import estimate as estimates
from openrtl.estimate import digits, estimate
from openrtl.torch import FixedQuantizer, FixedSoftmax, FixedTable
from openrtl.torch.numbers import Format

LARGE = """
from torch import manual_seed, nn
from openrtl.torch import FixedLinear, FixedQuantizer

class MyNet(nn.Sequential):
    def __init__(self, size=SIZE):
        manual_seed(1)
        super().__init__(
            FixedQuantizer(2, 5, True), FixedLinear(4, size, 4), FixedQuantizer(2, 5, False),
            FixedLinear(size, size, 4), FixedQuantizer(2, 5, False),
            FixedLinear(size, 3, 4), FixedQuantizer(3, 8, True),
        )
"""
TOML = """
[model]
file = "my_net.py"
class = "MyNet"
features = ["spread", "imbalance_1", "micro_price", "flow_8"]
"""


@pytest.fixture(autouse=True)
def _apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert, "NETS", tmp_path / "net")


def network(folder: Path, size: int, more: str = "") -> str:
    (folder / "my_net.py").write_text(LARGE.replace("SIZE", str(size)))
    (folder / "my.toml").write_text(TOML + more)
    return str(folder / "my.toml")


def test_an_oversized_network_is_refused_before_it_converts(tmp_path: Path) -> None:
    message = (
        r"my\.toml: MyNet: about 2\d\d,\d\d\d cells and 1\d\d s to convert, by estimate; the bound "
        r"is 40,000 cells and 60 s, and allow_large = true in \[model\] lifts it"
    )
    with pytest.raises(NetworkError, match=message):
        converted(network(tmp_path, 256))
    assert not list((tmp_path / "net").iterdir())


def test_the_bound_can_be_lifted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimates, "MOST_CELLS", 100)
    with pytest.raises(NetworkError, match="the bound is 100 cells"):
        converted(network(tmp_path, 8))
    assert converted(network(tmp_path, 8, "allow_large = true\n")).latency > 0


def test_ctrl_c_ends_a_conversion_at_once_and_leaves_nothing(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib; from models.deploy import convert; "
        f"convert.NETS = pathlib.Path({str(tmp_path / 'net')!r}); "
        "sys.exit(convert.main(sys.argv[1:]))"
    )
    path = network(tmp_path, 256, "allow_large = true\n")
    argv = [sys.executable, "-c", script, path]
    # A shell that runs these tests in the background has what it starts ignore the signal.
    process = subprocess.Popen(
        argv, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while process.poll() is None and not (list(tmp_path.glob("net/*")) and children.read_text()):
        time.sleep(0.05)
    child = int(children.read_text())
    time.sleep(1)  # well into it
    os.killpg(process.pid, signal.SIGINT)
    _, error = process.communicate(timeout=30)  # it would take minutes
    assert process.returncode == 130 and error == "network: stopped\n"
    assert not Path(f"/proc/{child}").exists() and not list((tmp_path / "net").iterdir())


def test_progress_names_layers_and_seconds(tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    conversion(find(network(tmp_path, 8)), lambda *step: seen.append(step))
    assert any(what.startswith("converting ") and "about 1 s in all" in what for what, _, _ in seen)
    assert {total for _, _, total in seen} == {4, 0} or {total for _, _, total in seen} == {4}


def test_a_child_that_dies_is_one_line() -> None:
    with pytest.raises(NetworkError, match="ended with signal 9"):
        apart(lambda _: os.kill(os.getpid(), signal.SIGKILL), lambda *_: None)


def test_digits_are_those_of_the_shortest_signed_form() -> None:
    assert digits(np.array([0, 1, 3, 7, -7, 5, 11, 15, 170])).tolist() == [
        0,
        1,
        2,
        2,
        2,
        2,
        3,
        2,
        4,
    ]


@pytest.mark.parametrize(
    ("name", "cells", "cycles"),  # of docs/figures/students.json
    [("mlp", 4_704, 9), ("cnn", 12_440, 16), ("lstm_attn", 19_051, 13)],
)
def test_estimates_are_near_what_synthesis_gave(
    tmp_path: Path, name: str, cells: int, cycles: int
) -> None:
    source = find(name)
    cost = estimate(graph_of(source, source.load(), tmp_path), source.period)
    assert 0.75 * cells < cost.cells < 1.25 * cells
    assert abs(cost.cycles - cycles) <= 2 and cost.seconds < 10


@pytest.mark.parametrize(
    ("bits", "entry", "cells", "rams"),  # as yosys has them: comb and DP16KD of synth_ecp5
    [(7, 8, 53, 0), (8, 8, 105, 0), (8, 16, 0, 1), (9, 16, 0, 1), (10, 8, 0, 1), (12, 16, 0, 4)],
)
def test_a_large_table_is_of_block_ram(
    tmp_path: Path, bits: int, entry: int, cells: int, rams: int
) -> None:
    form = Format(True, 3, bits - 4)
    net = nn.Sequential(
        FixedQuantizer(3, bits - 4, True), FixedTable(torch.sigmoid, form, Format(False, 0, entry))
    )
    cost = estimate(openrtl_convert.convert(net.eval(), [(1,)], tmp_path), 8.0)
    assert cost.rams == rams and 0.75 * cells <= cost.cells <= 1.25 * cells


def test_a_softmax_looks_its_one_sum_up_once(tmp_path: Path) -> None:
    form = Format(True, 2, 4)
    net = nn.Sequential(FixedQuantizer(2, 4, True), FixedSoftmax(3, form))
    cost = estimate(openrtl_convert.convert(net.eval(), [(3,)], tmp_path), 8.0)
    assert cost.rams == 5 and 0.75 * 460 <= cost.cells <= 1.25 * 460  # as yosys has them
    assert ", 5 block RAMs and 0 s" in str(cost) and not cost.bound
    wide = Format(True, 9, 10)
    large = nn.Sequential(FixedQuantizer(9, 10, True), FixedTable(torch.sigmoid, wide, form))
    large_cost = estimate(openrtl_convert.convert(large.eval(), [(1,)], tmp_path / "large"), 8.0)
    assert "208 block RAMs" in large_cost.bound
