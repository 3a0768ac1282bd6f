"""What every test of the backend shares."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

sys.path.insert(0, str(Path(__file__).parent))  # golden.py, beside the tests

from tickwire import toolchain


@pytest.fixture(autouse=True, scope="session")
def _tools() -> None:
    toolchain.activate()
    torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """hls4ml prints every layer that it reads."""
    with contextlib.redirect_stdout(io.StringIO()):
        yield
