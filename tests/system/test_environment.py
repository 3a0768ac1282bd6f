"""Environment variables that are set for a while stand afterwards as they stood before."""

from __future__ import annotations

import os

import pytest

from sim.lib.environment import environment


def test_what_stood_there_stands_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEED", "7")
    monkeypatch.delenv("COCOTB_TEST_FILTER", raising=False)
    with pytest.raises(KeyboardInterrupt), environment(SEED="8", COCOTB_TEST_FILTER="one"):
        assert (os.environ["SEED"], os.environ["COCOTB_TEST_FILTER"]) == ("8", "one")
        os.environ.pop("COCOTB_TEST_FILTER")  # as a run may
        raise KeyboardInterrupt
    assert os.environ["SEED"] == "7" and "COCOTB_TEST_FILTER" not in os.environ
