"""Converts numpy records to the bits of the RTL's packed structs, and back, many at a time.

A record's bytes are `int.to_bytes(n, "big")` of its packed struct. The first field is in the most
significant bits, element 0 of an array in the least significant ones. The record is right-aligned:
the padding is at the top of the first byte and is always zero.

A value outside its field's range raises `RangeError`, in both directions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Records = npt.NDArray[Any]
Kind = Literal["unsigned", "signed", "flag", "enum"]

_ROWS = 16_384  # converted at a time: unpacked, each bit takes a byte


class RangeError(ValueError):
    """A value outside its field's range. The message names field, row and value."""


@dataclass(frozen=True)
class Field:
    """One field of a record; `high` and `low` are the bounds of one element."""

    name: str
    kind: Kind
    width: int
    count: int = 1
    low: int = 0
    high: int = 0
    unit: str = ""
    values: type[IntEnum] | None = None

    @cached_property
    def bits(self) -> int:
        return self.width * self.count

    @cached_property
    def held(self) -> frozenset[int]:
        """An enum's values; else none."""
        return frozenset(int(value) for value in self.values or ())

    @cached_property
    def bounds(self) -> tuple[int, int]:
        return (min(self.held), max(self.held)) if self.held else (self.low, self.high)


@dataclass(frozen=True)
class Layout:
    """A record: its fields from the most significant bits down, and numpy's type for it."""

    name: str
    width: int
    fields: tuple[Field, ...]
    dtype: np.dtype[np.void] = field(compare=False)

    @cached_property
    def bytes(self) -> int:
        return (self.width + 7) // 8

    @cached_property
    def narrower(self) -> tuple[Field, ...]:
        """The fields that may not hold all that their numpy type does."""
        return tuple(one for one in self.fields if not _same(one, self.dtype[one.name].base))

    def empty(self, rows: int) -> Records:
        """`rows` records of zeros, to be filled."""
        return np.zeros(rows, self.dtype)


def pack(records: Records, layout: Layout) -> Bytes:
    """`records`, of `layout.dtype`, as an array of `layout.bytes` bytes each."""
    if records.dtype != layout.dtype or records.ndim != 1:
        raise TypeError(f"pack wants one row of {layout.name} records, not {records.dtype}")
    for each in layout.narrower:
        _check(records[each.name], each, layout)
    packed = np.empty((len(records), layout.bytes), np.uint8)
    for start in range(0, len(records), _ROWS):
        part = slice(start, start + _ROWS)
        packed[part] = _pack_part(records[part], layout)
    return packed


def unpack(packed: Bytes, layout: Layout) -> Records:
    """The records in `packed`, an array of `layout.bytes` bytes each."""
    if packed.dtype != np.uint8 or packed.ndim != 2 or packed.shape[1] != layout.bytes:
        raise TypeError(f"unpack wants {layout.bytes} bytes for each {layout.name} record")
    records = layout.empty(len(packed))
    for start in range(0, len(packed), _ROWS):
        part = slice(start, start + _ROWS)
        _unpack_part(packed[part], records[part], layout, start)
    for each in layout.narrower:
        _check(records[each.name], each, layout)
    return records


def _pack_part(records: Records, layout: Layout) -> Bytes:
    bits = np.zeros((len(records), layout.bytes * 8), np.uint8)
    column = layout.bytes * 8 - layout.width
    for each in layout.fields:
        values = records[each.name].reshape(len(records), each.count)
        words = values.astype(np.int64 if each.kind == "signed" else np.uint64).astype(">u8")
        spread = np.unpackbits(words.view(np.uint8).reshape(len(records), each.count, 8), axis=2)
        # the last element comes first: element 0 is in the least significant bits
        used = spread[:, ::-1, 64 - each.width :]
        bits[:, column : column + each.bits] = used.reshape(len(records), each.bits)
        column += each.bits
    return np.packbits(bits, axis=1)


def _unpack_part(packed: Bytes, records: Records, layout: Layout, first_row: int) -> None:
    bits = np.unpackbits(packed, axis=1)
    column = layout.bytes * 8 - layout.width
    dirty = bits[:, :column].any(axis=1)
    if dirty.any():
        row = first_row + int(np.argmax(dirty))
        raise RangeError(f"{layout.name}, row {row}: the padding above the record isn't zero")
    for each in layout.fields:
        if each.bits == 1 and each.kind != "signed":  # events are many, and all of this kind
            records[each.name] = bits[:, column].reshape(records[each.name].shape)
            column += 1
            continue
        raw = bits[:, column : column + each.bits].reshape(len(packed), each.count, each.width)
        words = np.zeros((len(packed), each.count, 64), np.uint8)
        words[:, :, 64 - each.width :] = raw[:, ::-1]
        if each.kind == "signed":
            words[:, :, : 64 - each.width] = raw[:, ::-1, :1]
        values = np.packbits(words, axis=2).view(">i8" if each.kind == "signed" else ">u8")
        records[each.name] = values.reshape(records[each.name].shape)
        column += each.bits


def _same(each: Field, dtype: np.dtype[Any]) -> bool:
    if dtype == np.bool_:
        return True
    limits = np.iinfo(dtype)
    return each.bounds == (limits.min, limits.max)


def _check(values: npt.NDArray[Any], each: Field, layout: Layout) -> None:
    low, high = each.bounds
    bad = (values < low) | (values > high)
    if each.held and len(each.held) <= high - low:
        bad |= ~np.isin(values, [*each.held])
    if bad.any():
        where = np.unravel_index(int(np.argmax(bad)), bad.shape)
        element = f"[{where[1]}]" if len(where) > 1 else ""
        allowed = f"one of {each.values.__name__}" if each.values else f"{each.low} to {each.high}"
        raise RangeError(
            f"{layout.name}.{each.name}{element}, row {where[0]}: "
            f"{int(values[where])} isn't {allowed}"
        )
