"""A register as the host sees it: a word of named fields at an address.

`hwtools.generate` writes a design's register map in these types. A value that doesn't fit a field
raises `RegisterError`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

# rw: reads as written. r: read only. w: write only. w1c: set by hardware, cleared by writing 1.
# pulse: writing 1 acts for one clock cycle; it reads as 0.
Access = Literal["rw", "r", "w", "w1c", "pulse"]


class RegisterError(ValueError):
    """A field or element that the register map doesn't have, or a value that doesn't fit."""


@dataclass(frozen=True)
class RegisterField:
    """Bits `high` to `low` of a register. `reset` is None where hardware drives it."""

    name: str
    high: int
    low: int
    access: Access
    reset: int | None
    description: str
    signed: bool = False

    @property
    def width(self) -> int:
        return self.high - self.low + 1

    def insert(self, value: int) -> int:
        """`value` at this field's place in the register."""
        half = 1 << (self.width - 1)
        least, most = (-half, half - 1) if self.signed else (0, 2 * half - 1)
        if not least <= value <= most:
            raise RegisterError(f"{self.name}: {value} isn't within {least} to {most}")
        return (value & (2 * half - 1)) << self.low

    def extract(self, word: int) -> int:
        """This field's value in the register's `word`."""
        value = (word >> self.low) & ((1 << self.width) - 1)
        return value - (1 << self.width) if self.signed and value >> (self.width - 1) else value


@dataclass(frozen=True)
class Register:
    """A register of 32 or 64 bits, or an array of them: `SLOTS_STATUS[3]` is its element 3."""

    name: str
    address: int
    width: int
    description: str
    fields: tuple[RegisterField, ...]
    count: int = 1
    stride: int = 0

    def __getitem__(self, index: int) -> Register:
        if not self.stride:
            raise RegisterError(f"{self.name} isn't an array")
        if not 0 <= index < self.count:
            raise RegisterError(f"{self.name} has elements 0 to {self.count - 1}, not {index}")
        name = self.name.replace("[]", f"[{index}]")
        return replace(
            self, name=name, address=self.address + index * self.stride, count=1, stride=0
        )

    @property
    def words(self) -> int:
        """The number of 32-bit bus words; the low word comes first."""
        return self.width // 32

    @property
    def reset(self) -> int:
        """The value after reset, with 0 in fields that hardware drives."""
        return sum((field.reset or 0) << field.low for field in self.fields)

    def field(self, name: str) -> RegisterField:
        for field in self.fields:
            if field.name == name:
                return field
        raise RegisterError(f"{self.name} has no field {name}")

    def encode(self, **values: int) -> int:
        """The word to write for these fields; the others are 0."""
        return sum(self.field(name).insert(value) for name, value in values.items())

    def decode(self, word: int) -> dict[str, int]:
        """Each field's value in `word`, by name."""
        return {field.name: field.extract(word) for field in self.fields}


@dataclass(frozen=True)
class Window:
    """Addresses reserved for a block that isn't there yet: an access ends in SLVERR."""

    name: str
    address: int
    size: int
    description: str
