"""One test of a module's bench, as a measure runs it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sim.lib import runner


def one_test(name: str, module: str, *plusargs: str, **parameters: Any) -> runner.Result:
    """That test alone; BenchError if it fails. A pass is kept as any bench's is."""
    with environment(COCOTB_TEST_FILTER=name):
        return runner.run(module, plusargs=list(plusargs), **parameters)


@contextmanager
def environment(**variables: str) -> Iterator[None]:
    """These variables for a while, and then what stood there before."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
