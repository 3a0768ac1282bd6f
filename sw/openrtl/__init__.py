"""OpenRTL: an hls4ml backend that writes Verilog itself, bit-exact to hls4ml's own C++.

hls4ml finds it by its entry point. `openrtl.convert` converts a torch module with the right
settings, `openrtl.torch` has fixed-point layers, `python -m openrtl` converts from a shell.
"""

# hls4ml is imported last: its import calls `register`, which needs this package to be complete.
# ruff: noqa: E402

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from openrtl.refuse import RefusedError

__all__ = ["RefusedError", "register"]


def register(register_backend: Callable[..., Any], register_writer: Callable[..., Any]) -> None:
    """hls4ml's plug-in hook. The writer comes first, since a backend asks for it as it starts."""
    from openrtl.backend import OpenRTLBackend
    from openrtl.writer import OpenRTLWriter

    register_writer("OpenRTL", OpenRTLWriter)
    register_backend("OpenRTL", OpenRTLBackend)


import hls4ml  # noqa: F401
