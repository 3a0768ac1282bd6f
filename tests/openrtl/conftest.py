"""What every test of the backend shares."""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

sys.path.insert(0, str(Path(__file__).parent))  # csim.py, beside the tests

from hwtools import toolchain


@pytest.fixture(autouse=True, scope="session")
def _tools() -> None:
    toolchain.activate()
    torch.set_num_threads(1)


@pytest.fixture
def tmp_path(request: pytest.FixtureRequest) -> Path:
    """The same empty folder at every run, so that ccache knows hls4ml's C++, which names it."""
    name = re.sub(r"\W+", "_", request.node.nodeid.partition("openrtl/")[2])
    folder = toolchain.BUILD / "tests" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """hls4ml prints every layer that it reads."""
    with contextlib.redirect_stdout(io.StringIO()):
        yield
