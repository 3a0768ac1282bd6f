"""What itch_pkg must hold, from hw/regs/itch.toml itself."""

from __future__ import annotations

import tomllib
from pathlib import Path

_TABLE = tomllib.loads((Path(__file__).parents[2] / "hw" / "regs" / "itch.toml").read_text())
LENGTHS = {ord(one["type"]): one["length"] for one in _TABLE["message"]}
NUMBERS = {"LONGEST_MESSAGE": max(LENGTHS.values()), "MESSAGE_TYPES": len(LENGTHS)}
for _one in _TABLE["message"]:
    _name = _one["name"].upper().replace(" ", "_")
    NUMBERS |= {f"{_name}_TYPE": ord(_one["type"]), f"{_name}_LENGTH": _one["length"]}
    for _field in _one["fields"]:
        NUMBERS[f"{_name}_{_field['name'].upper()}_AT"] = _field["offset"]
for _field in _TABLE["header"]:
    NUMBERS[f"MESSAGE_{_field['name'].upper()}_AT"] = _field["offset"]
for _field in _TABLE["mold"]["header"]:
    NUMBERS[f"MOLD_{_field['name'].upper()}_AT"] = _field["offset"]
