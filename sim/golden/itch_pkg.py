"""What itch_pkg must hold, from hw/regs/itch.toml itself."""

from __future__ import annotations

import tomllib
from pathlib import Path

_REGS = Path(__file__).parents[2] / "hw" / "regs"


def of(protocol: str) -> tuple[dict[str, int], dict[int, int]]:
    """The constants of a protocol's package by name, and the length of each type."""
    table = tomllib.loads((_REGS / f"{protocol}.toml").read_text())
    transport = table["protocol"]["transport"]
    lengths = {ord(one["type"]): one["length"] for one in table["message"]}
    numbers = {"LONGEST_MESSAGE": max(lengths.values()), "MESSAGE_TYPES": len(lengths)}
    groups = {one["name"]: one["fields"] for one in table["message"]}
    for one in table["message"]:
        name = one["name"].upper()
        numbers |= {f"{name}_TYPE": ord(one["type"]), f"{name}_LENGTH": one["length"]}
    for name, fields in (
        groups | {"message": table["header"], transport: table[transport]["header"]}
    ).items():
        for field in fields:
            numbers[f"{name}_{field['name']}_AT".upper()] = field["offset"]
    numbers[f"{transport}_header_length".upper()] = sum(
        field["length"] for field in table[transport]["header"]
    )
    return numbers, lengths


NUMBERS, LENGTHS = of("itch")
