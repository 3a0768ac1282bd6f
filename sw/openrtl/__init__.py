"""OpenRTL: an hls4ml backend that writes Verilog itself, bit for bit what hls4ml's C++ does.

hls4ml finds it by its entry point; nothing here needs an import by hand.
"""

# hls4ml is imported last: importing it calls `register`, which must see whole modules of ours.
# ruff: noqa: E402

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from openrtl.refuse import RefusedError

__all__ = ["RefusedError", "register"]


def register(register_backend: Callable[..., Any], register_writer: Callable[..., Any]) -> None:
    """hls4ml's plug-in hook. The writer comes first: a backend asks for it when it is made."""
    from openrtl.backend import OpenRTLBackend
    from openrtl.writer import OpenRTLWriter

    register_writer("OpenRTL", OpenRTLWriter)
    register_backend("OpenRTL", OpenRTLBackend)


import hls4ml  # noqa: F401
