"""The numpy types of a message type, on the wire and on the host.

`wire` is the packed type of its bytes. `host` has the same fields as native integers and bytes: a
timestamp, 6 bytes on the wire, is a 64-bit integer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

Kind = Literal[
    "integer", "signed", "price4", "price8", "signed_price4", "timestamp", "epoch", "alpha"
]
_SIGNED = ("signed", "signed_price4", "epoch")


@dataclass(frozen=True)
class Field:
    """A field: `length` bytes at `offset`; ">": the most significant comes first, "<": last."""

    name: str
    offset: int
    length: int
    kind: Kind
    order: Literal["<", ">"] = ">"

    @property
    def wire(self) -> str:
        """numpy's name for the bytes; six bytes have no integer type and stay raw."""
        if self.kind == "alpha":
            return f"S{self.length}"
        return "V6" if self.length == 6 else f"{self.order}{self._integer}{self.length}"

    @property
    def host(self) -> str:
        if self.kind == "alpha":
            return f"S{self.length}"
        return "u8" if self.length == 6 else f"{self._integer}{self.length}"

    @property
    def _integer(self) -> str:
        return "i" if self.kind in _SIGNED else "u"


@dataclass(frozen=True)
class MessageType:
    """A message type. `book`: it changes an order book."""

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
