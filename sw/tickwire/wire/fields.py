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
    "integer",
    "signed",
    "price4",
    "wide_price4",
    "price4_offset",
    "price8",
    "signed_price4",
    "timestamp",
    "epoch",
    "alpha",
    "digits",
]
Sender = Literal["client", "venue", "any"]
Tail = Literal["none", "tags", "optional_tags", "payload"]
SIGNED = ("signed", "signed_price4", "price4_offset", "epoch")
TEXTS = ("alpha", "digits")


@dataclass(frozen=True)
class Field:
    """A field: `length` bytes at `offset`; ">": the most significant comes first, "<": last."""

    name: str
    offset: int
    length: int
    kind: Kind
    order: Literal["<", ">"] = ">"
    code: str = ""  # whose letters it may hold

    @property
    def wire(self) -> str:
        """numpy's name for the bytes; six bytes have no integer type and stay raw."""
        if self.kind in TEXTS:
            return f"S{self.length}"
        return "V6" if self.length == 6 else f"{self.order}{self._integer}{self.length}"

    @property
    def host(self) -> str:
        if self.kind in TEXTS:
            return f"S{self.length}"
        return "u8" if self.length == 6 else f"{self._integer}{self.length}"

    @property
    def _integer(self) -> str:
        return "i" if self.kind in SIGNED else "u"


@dataclass(frozen=True)
class Tag:
    """An appendage of a message: its number, and `length` bytes of value."""

    number: int
    name: str
    length: int
    kind: Kind
    code: str = ""


@dataclass(frozen=True)
class MessageType:
    """A message type. `book`: it changes an order book.

    Where a protocol goes both ways, a type is its sender's, and a tail may follow the fields.
    """

    type: str
    name: str
    length: int
    fields: tuple[Field, ...]
    book: bool = False
    sender: Sender = "any"
    tail: Tail = "none"
    tags: tuple[str, ...] = ()  # which appendages it may have

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
