"""The numpy types of a message type, on the wire and on the host.

`wire` is the packed type of its bytes, most significant byte first. `host` has the same fields as
native integers and bytes: a timestamp, 6 bytes on the wire, is a 64-bit integer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

Kind = Literal["integer", "price4", "price8", "timestamp", "alpha"]


@dataclass(frozen=True)
class Field:
    """A field: `length` bytes at `offset`."""

    name: str
    offset: int
    length: int
    kind: Kind

    @property
    def wire(self) -> str:
        """numpy's name for the bytes; six bytes have no integer type and stay raw."""
        if self.kind == "alpha":
            return f"S{self.length}"
        return "V6" if self.length == 6 else f">u{self.length}"

    @property
    def host(self) -> str:
        if self.kind == "alpha":
            return f"S{self.length}"
        return "u8" if self.length == 6 else f"u{self.length}"


@dataclass(frozen=True)
class MessageType:
    """A message type of ITCH. `book`: it changes an order book."""

    type: str
    name: str
    length: int
    book: bool
    fields: tuple[Field, ...]

    @property
    def code(self) -> int:
        """The type as a byte."""
        return ord(self.type)

    @cached_property
    def wire(self) -> np.dtype[np.void]:
        return np.dtype([(field.name, field.wire) for field in self.fields])

    @cached_property
    def host(self) -> np.dtype[np.void]:
        return np.dtype([(field.name, field.host) for field in self.fields])
