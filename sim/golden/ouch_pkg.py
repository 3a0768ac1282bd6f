"""What ouch_pkg must hold, from hw/regs/ouch.toml itself."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

_REGS = Path(__file__).parents[2] / "hw" / "regs"
_TAILS = ("none", "tags", "optional_tags", "payload")
SIDES = ("client", "venue")
Answers = Mapping[int, tuple[int, int]]  # of a type: length and tail


def of(protocol: str) -> tuple[dict[str, int], dict[str, Answers]]:
    """The constants of a protocol's package by name; what each side's types are."""
    table = tomllib.loads((_REGS / f"{protocol}.toml").read_text())
    numbers = {name: raw["value"] for name, raw in table.get("constants", {}).items()}
    for code in table.get("code", ()):
        for one in code["letters"]:
            numbers[f"CODE_{code['name']}_{one['name']}".upper()] = ord(one["letter"])
    for tag in table.get("tag", ()):
        name = f"TAG_{tag['name']}".upper()
        numbers |= {name: tag["number"], f"{name}_LENGTH": tag["length"]}
    for one in table["message"]:
        name = one["name"].upper()
        numbers |= {f"{name}_TYPE": ord(one["type"]), f"{name}_LENGTH": one["length"]}
        for field in one["fields"]:
            numbers[f"{name}_{field['name']}_AT".upper()] = field["offset"]
    numbers |= {f"TAIL_{tail.upper()}": number for number, tail in enumerate(_TAILS)}
    answers: dict[str, Answers] = {
        side: {
            ord(one["type"]): (one["length"], _TAILS.index(one["tail"]))
            for one in table["message"]
            if one["sender"] in (side, "any")
        }
        for side in SIDES
    }
    for side, known in answers.items():
        numbers[f"LONGEST_OF_{side.upper()}"] = max(length for length, _ in known.values())
    return numbers, answers


NUMBERS, ANSWERS = of("ouch")
