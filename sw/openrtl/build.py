"""What `.build()` returns: cells for three FPGA families, and for an ECP5 the routed period."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hwtools import toolchain
from hwtools.timed import PARTS
from openrtl.route import route
from openrtl.synth import FAMILIES, synthesise


def build(
    folder: Path,
    *,
    part: str = "ecp5-85",
    period: float = 8.0,
    families: tuple[str, ...] = tuple(FAMILIES),
    place: bool = True,
) -> dict[str, Any]:
    """Synthesise a written network for each family; place and route it if the part is an ECP5."""
    folder = Path(folder)
    interface = json.loads((folder / "interface.json").read_text())
    unknown = [family for family in families if family not in FAMILIES]
    if unknown:
        raise toolchain.ToolError(f"family {unknown[0]!r}: one of {', '.join(FAMILIES)}")
    figures: dict[str, Any] = {
        "name": interface["name"],
        "latency": interface["latency"],
        "initiation_interval": 1,
        "resources": {f: synthesise(folder, interface["name"], f)[0].as_dict() for f in families},
    }
    if place and part in PARTS:
        routed = route(folder, part, period)
        figures["routed"] = {
            "part": routed.part,
            "speed_grade": routed.speed_grade,
            "asked_period": period,
            "period": routed.period,
            "comb": routed.comb,
            "ff": routed.ff,
        }
    (folder / "build.json").write_text(json.dumps(figures, indent=1) + "\n")
    return figures
