"""One test of a module's bench, as a measure runs it."""

from __future__ import annotations

from typing import Any

from sim.lib import runner
from sim.lib.environment import environment


def one_test(name: str, module: str, *plusargs: str, **parameters: Any) -> runner.Result:
    """That test alone; BenchError if it fails. A pass is kept as any bench's is."""
    with environment(COCOTB_TEST_FILTER=name):
        return runner.run(module, plusargs=list(plusargs), **parameters)
