"""Torch to an hls4ml graph, with settings that keep it exact, for OpenRTL and for Vitis."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import Any

import hls4ml
from hls4ml.backends.backend import get_available_backends, register_backend
from hls4ml.writer.writers import register_writer
from torch import nn

import openrtl
from openrtl.reading import check_torch


def ensure_registered() -> None:
    """Register the backend where the package runs from its source tree, without being installed."""
    if "openrtl" not in get_available_backends():
        openrtl.register(register_backend, register_writer)


def convert(
    module: nn.Module,
    input_shapes: list[tuple[int, ...]],
    folder: Path | str,
    *,
    name: str = "network",
    backend: str = "OpenRTL",
    precision: str = "fixed<32,16>",
    granularity: str = "model",
    settings: dict[str, Any] | None = None,
    channels_last: str = "internal",
    **options: Any,
) -> Any:
    """An hls4ml `ModelGraph`. Options as `clock_period`, `depth` or `states` go to the backend.

    With fixed-point layers hls4ml derives every type itself, and `precision` is only an initial
    value. `settings` are merged into hls4ml's configuration, as {"Model": {"Precision": …}}.
    """
    ensure_registered()
    module = module.eval()
    check_torch(module)
    config = hls4ml.utils.config_from_pytorch_model(
        module,
        input_shapes if len(input_shapes) > 1 else input_shapes[0],
        granularity=granularity,
        backend="Vitis" if backend == "OpenRTL" else backend,
        default_precision=precision,
        channels_last_conversion=channels_last,
        transpose_outputs=False,
    )
    for section, values in (settings or {}).items():
        config.setdefault(section, {}).update(values)
    if backend == "OpenRTL" and hasattr(module, "states"):
        options.setdefault("states", module.states)
    with contextlib.redirect_stdout(io.StringIO()):  # hls4ml prints each layer that it reads
        return hls4ml.converters.convert_from_pytorch_model(
            module,
            hls_config=config,
            backend=backend,
            io_type="io_parallel",
            output_dir=str(folder),
            project_name=name,
            **options,
        )
