"""`tickwire model check NAME`: does a network convert, does it fit, and what rounds away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from models.deploy.convert import Network, conversion
from models.deploy.source import find
from models.nets.examine import rounded_away
from openrtl.lower import Watch
from openrtl.torch import nonzero_weights
from tickwire.features.table import TABLE
from tickwire.gen.records import SCORE_W

ROOM, LOOP = 20_000, 12  # cells and cycles that the rest of the path leaves to the network
RAMS = 83  # of an ECP5-85's 208 block RAMs, in the build of `make measure NAME=core`


def verdict(name: str, period: float | None, watch: Watch) -> dict[str, Any]:
    """All that can be said of a network before it is simulated. It is converted for that."""
    source = find(name, period)
    network = conversion(source, watch)
    fits = _fits(network)
    return {
        "name": source.name,
        "file": source.file,
        "converts": True,
        "fits": not fits,
        "why_not": fits,
        "features": [TABLE[index].name for index in source.inputs],
        "input_scale": network.signature.input_scale,
        "outputs": len(network.signature.shifts),
        "score_fraction": network.signature.fraction,
        "recurrent": network.recurrent,
        **_weights(source.load()),
        "cells_by_estimate": network.cells,
        "cells_room": ROOM,
        "block_rams_by_estimate": network.rams,
        "block_rams_room": RAMS,
        "cycles": network.latency,
        "loop": network.loop,
        "loop_room": LOOP,
        "period_ns": source.period,
        "model_id": f"{network.model_id:016x}",
        "folder": f"{network.folder}",
    }


def _fits(network: Network) -> list[str]:
    why = []
    if network.cells > ROOM:
        why.append(f"about {network.cells:,} cells, and there is room for {ROOM:,}")
    if network.rams > RAMS:
        why.append(f"about {network.rams} block RAMs, and there is room for {RAMS}")
    if network.loop > LOOP:
        why.append(f"{network.loop} cycles between two steps of an instrument; at most {LOOP}")
    return why


def _features(names: list[str]) -> str:
    return f"all {len(TABLE)}" if names == [each.name for each in TABLE] else ", ".join(names)


def _weights(net: nn.Module) -> dict[str, Any]:
    left, whole = nonzero_weights(net)
    if not whole:  # of torch's own layers, whose weights have 16 fraction bits
        with torch.no_grad():
            grids = [value.mul(2.0**16).round() for value in net.parameters() if value.ndim > 1]
        left, whole = sum(int((g != 0).sum()) for g in grids), sum(g.numel() for g in grids)
    return {"weights": whole, "nonzero_weights": left, "rounds_away": rounded_away(net)}


def _block_rams(found: dict[str, Any]) -> Sequence[tuple[str, str]]:
    """Where it has tables so large."""
    count, room = found["block_rams_by_estimate"], found["block_rams_room"]
    return [("block RAMs", f"about {count} of {room}, by estimate")] if count else []


def lines(found: dict[str, Any]) -> Sequence[tuple[str, str]]:
    """The same for people: what each line is about, and what it says."""
    scale, bits = f"n / {found['input_scale']:g}", f"2**-{found['score_fraction']}"
    loop = f", {found['loop']} between two steps of an instrument" if found["recurrent"] else ""
    about = f"about {found['cells_by_estimate']:,} of {found['cells_room']:,}"
    rounds = found["rounds_away"] or ["nothing"]
    return (
        ("converts", "yes; torch and its conversion agree"),
        ("fits", "no: " + "; ".join(found["why_not"]) if found["why_not"] else "yes"),
        ("features", f"{_features(found['features'])}; as {scale}"),
        ("scores", f"{found['outputs']}, in {bits} of {SCORE_W} bits"),
        ("weights", f"{found['weights']:,}, of which {found['nonzero_weights']:,} aren't 0"),
        *(("rounds away", line) for line in rounds),
        ("cells", f"{about} of an ECP5, by estimate, within a quarter"),
        *_block_rams(found),
        ("cycles", f"{found['cycles']} at {found['period_ns']:g} ns{loop}"),
        ("model id", found["model_id"]),
    )
