"""What a register is to the host: a word of named fields at an address.

`tickwire.gen.regmap` has every register of the board, made from hw/regs/tickwire.rdl. A value that
a field can't hold is refused by `RegisterError`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

# rw: kept as written. r: read only. w1c: set by hardware, a written 1 clears it. pulse: a written 1
# acts for one clock cycle, and reads back as 0.
Access = Literal["rw", "r", "w1c", "pulse"]


class RegisterError(ValueError):
    """A field, element or value that the register map doesn't have."""


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
    """A register of 32 or 64 bits; one of an array is had by its index: `SLOTS_STATUS[3]`."""

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
        """Bus words of 32 bits; the low one first."""
        return self.width // 32

    @property
    def reset(self) -> int:
        """The register after reset, with 0 where hardware drives a field."""
        return sum((field.reset or 0) << field.low for field in self.fields)

    def field(self, name: str) -> RegisterField:
        for field in self.fields:
            if field.name == name:
                return field
        raise RegisterError(f"{self.name} has no field {name}")

    def encode(self, **values: int) -> int:
        """The word to write for these fields, the others 0."""
        return sum(self.field(name).insert(value) for name, value in values.items())

    def decode(self, word: int) -> dict[str, int]:
        """Each field's value in `word`, by name."""
        return {field.name: field.extract(word) for field in self.fields}


@dataclass(frozen=True)
class Window:
    """Addresses kept for a block that isn't there yet: an access ends in SLVERR."""

    name: str
    address: int
    size: int
    description: str
