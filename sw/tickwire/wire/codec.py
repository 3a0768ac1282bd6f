"""Messages of a protocol, encoded and decoded a whole stream at a time, by the protocol's table.

A stream is what packets hold: each message after its length in two bytes. On the host it is an
array of `host` records for each type, and the order of the messages.

`decode` refuses an unknown type, a length that isn't the type's, and a stream that is cut short;
the `WireError` names message and byte. `encode` refuses a value that doesn't fit its bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from hwtools.compiled import compiled
from tickwire.wire.chunks import Bytes, Offsets, WireError, as_bytes
from tickwire.wire.fields import MessageType

PREFIX = 2  # bytes of the length before a message


class Fault(IntEnum):
    """What is wrong with a message."""

    NONE = 0
    UNKNOWN_TYPE = 1
    WRONG_LENGTH = 2
    TRUNCATED = 3  # the stream ends within the message or its length: the last one


# The faults as integers: numba takes those as constants.
_NONE, _UNKNOWN_TYPE, _WRONG_LENGTH, _TRUNCATED = (int(fault) for fault in Fault)


@dataclass(frozen=True)
class Messages:
    """Message i is row `rows[i]` of `arrays[chr(types[i])]`."""

    types: npt.NDArray[np.uint8]
    rows: Offsets
    arrays: Mapping[str, Records]

    @classmethod
    def of(cls, types: npt.NDArray[np.uint8], arrays: Mapping[str, Records]) -> Messages:
        """`types` in order; the rows of each array are in the order of that type's messages."""
        rows = np.zeros(len(types), np.int64)
        for name, array in arrays.items():
            here = types == ord(name)
            if int(here.sum()) != len(array):
                raise WireError(f"type {name}: {int(here.sum())} messages, {len(array)} rows")
            rows[here] = np.arange(len(array))
        return cls(types, rows, arrays)

    def __len__(self) -> int:
        return len(self.types)

    def row(self, index: int) -> dict[str, int | bytes]:
        """The fields of message `index` by name; texts with all their bytes."""
        array = self.arrays[chr(self.types[index])]
        row = array[self.rows[index] : self.rows[index] + 1]
        return {
            name: row[name].tobytes() if row.dtype[name].kind == "S" else row[name][0].item()
            for name in row.dtype.names or ()
        }

    def column(self, name: str, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
        """Field `name` of every message in order; 0 or empty where a type lacks it."""
        column = np.zeros(len(self), dtype)
        for kind, array in self.arrays.items():
            if name in (array.dtype.names or ()):
                here = self.types == ord(kind)
                column[here] = array[name][self.rows[here]]
        return column


@dataclass(frozen=True)
class Scan:
    """Where each message is: `offsets` of its type, `lengths` as the prefix states them."""

    offsets: Offsets
    lengths: Offsets
    faults: npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Codec:
    """A protocol: its name, its messages by type, and the byte order of lengths."""

    name: str
    messages: Mapping[str, MessageType]
    little: bool = False

    @cached_property
    def by_code(self) -> dict[int, MessageType]:
        return {kind.code: kind for kind in self.messages.values()}

    @cached_property
    def lengths(self) -> Offsets:
        """Of a message by its type; 0: no such type."""
        lengths = np.zeros(256, np.int64)
        for kind in self.messages.values():
            lengths[kind.code] = kind.length
        return lengths

    def scan(self, raw: bytes | Bytes) -> Scan:
        """Find every message. Nothing is refused."""
        data = as_bytes(raw)
        most = len(data) // PREFIX + 1
        offsets, lengths = np.empty(most, np.int64), np.empty(most, np.int64)
        faults = np.empty(most, np.uint8)
        count = _scan(data, self.lengths, self.little, offsets, lengths, faults)
        return Scan(offsets[:count].copy(), lengths[:count].copy(), faults[:count].copy())

    def decode(self, raw: bytes | Bytes, *, skip_faulty: bool = False) -> Messages:
        """The messages of a stream. A faulty one is refused, or skipped."""
        data = as_bytes(raw)
        places = self.scan(data)
        good = places.faults == Fault.NONE
        if not good.all() and not skip_faulty:
            raise WireError(self._describe(data, places, int(np.argmin(good))))
        offsets = places.offsets[good]
        types = data[offsets]
        arrays: dict[str, Records] = {}
        for name, kind in self.messages.items():
            here = offsets[types == kind.code]
            if len(here):
                arrays[name] = from_wire(_gather(data, here, kind.length), kind)
        return Messages.of(types, arrays)

    def _describe(self, data: Bytes, places: Scan, index: int) -> str:
        offset, length = int(places.offsets[index]), int(places.lengths[index])
        where = f"message {index} at byte {offset}"
        match Fault(int(places.faults[index])):
            case Fault.TRUNCATED:
                return f"{where}: {length} bytes announced, {max(len(data) - offset, 0)} are there"
            case Fault.UNKNOWN_TYPE:
                return f"{where}: type {bytes([data[offset]])!r} isn't one of {self.name}"
        if length == 0:
            return f"{where}: a message without a type"
        kind = self.by_code[int(data[offset])]
        return f"{where}: {length} bytes, but type {kind.type} ({kind.name}) has {kind.length}"

    def encode(self, messages: Messages) -> bytes:
        """The stream of the messages."""
        unknown = self.lengths[messages.types] == 0
        if unknown.any():
            index = int(np.argmax(unknown))
            code = bytes([messages.types[index]])
            raise WireError(f"message {index}: type {code!r} isn't one of {self.name}")
        sizes = self.lengths[messages.types]
        ends = np.cumsum(sizes + PREFIX)
        offsets = ends - sizes
        data = np.empty(int(ends[-1]) if len(ends) else 0, np.uint8)
        low, high = (2, 1) if self.little else (1, 2)  # no message has 256 bytes
        data[offsets - high], data[offsets - low] = 0, sizes
        for name in self.messages:
            here = messages.types == ord(name)
            if here.any():
                rows = messages.arrays[name][messages.rows[here]]
                _scatter(data, offsets[here], to_wire(rows, self.messages[name]))
        return data.tobytes()

    def empty(self, name: str, rows: int) -> Records:
        """Host records of type `name`, zero but for the type."""
        kind = self.messages[name]
        records = np.zeros(rows, kind.host)
        records["message_type"] = kind.type.encode()
        return records

    def one_by_one(self, messages: Iterable[Mapping[str, int | bytes]]) -> Messages:
        """Messages from field values by name; `message_type` must be among them."""
        listed = list(messages)
        types = np.array([self._code(row) for row in listed], np.uint8)
        arrays: dict[str, Records] = {}
        for code in dict.fromkeys(types.tolist()):
            rows = [row for row, other in zip(listed, types, strict=True) if other == code]
            kind = self.by_code[code]
            arrays[kind.type] = records = self.empty(kind.type, len(rows))
            for index, row in enumerate(rows):
                for name, value in row.items():
                    if name not in (records.dtype.names or ()):
                        raise WireError(f"{kind.name} has no field {name}")
                    _set(records, index, name, value)
        return Messages.of(types, arrays)

    def _code(self, row: Mapping[str, int | bytes]) -> int:
        code = row.get("message_type")
        if not isinstance(code, bytes) or len(code) != 1 or code[0] not in self.by_code:
            raise WireError(f"message_type {code!r} isn't one of {self.name}")
        return code[0]


@compiled
def _scan(
    data: Bytes,
    expected: Offsets,
    little: bool,
    offsets: Offsets,
    lengths: Offsets,
    faults: npt.NDArray[np.uint8],
) -> int:
    at, count = 0, 0
    while at < len(data):
        offsets[count] = at + 2
        if at + 2 > len(data):
            lengths[count], faults[count] = 0, _TRUNCATED
            return count + 1
        high, low = np.int64(data[at]), np.int64(data[at + 1])
        if little:
            high, low = low, high
        length = int((high << 8) | low)
        lengths[count] = length
        at += 2
        if at + length > len(data):
            faults[count] = _TRUNCATED
            return count + 1
        if length == 0:
            faults[count] = _WRONG_LENGTH
        elif expected[data[at]] == 0:
            faults[count] = _UNKNOWN_TYPE
        else:
            faults[count] = _NONE if expected[data[at]] == length else _WRONG_LENGTH
        at += length
        count += 1
    return count


@compiled
def _gather(data: Bytes, offsets: Offsets, length: int) -> Bytes:
    packed = np.empty((len(offsets), length), np.uint8)
    for row in range(len(offsets)):
        for byte in range(length):
            packed[row, byte] = data[offsets[row] + byte]
    return packed


@compiled
def _scatter(data: Bytes, offsets: Offsets, packed: Bytes) -> None:
    for row in range(len(offsets)):
        for byte in range(packed.shape[1]):
            data[offsets[row] + byte] = packed[row, byte]


def from_wire(packed: Bytes, kind: MessageType) -> Records:
    """Rows of `kind.length` bytes as host records."""
    wire = packed.reshape(-1).view(kind.wire)
    host = np.empty(len(packed), kind.host)
    for field in kind.fields:
        if field.length == 6 and field.kind != "alpha":
            words = np.zeros((len(packed), 8), np.uint8)
            words[:, 2:] = packed[:, field.offset : field.offset + 6]
            host[field.name] = words.view(">u8")[:, 0]
        else:
            host[field.name] = wire[field.name]
    return host


def to_wire(host: Records, kind: MessageType) -> Bytes:
    """Host records as rows of `kind.length` bytes."""
    if host.dtype != kind.host or host.ndim != 1:
        raise WireError(f"{kind.name} wants an array of its host records, not of {host.dtype}")
    strange = host["message_type"] != kind.type.encode()
    if strange.any():
        row = int(np.argmax(strange))
        code = bytes(host["message_type"][row])
        raise WireError(f"{kind.name}, row {row}: message_type is {code!r}, not {kind.type!r}")
    packed = np.empty((len(host), kind.length), np.uint8)
    wire = packed.reshape(-1).view(kind.wire)
    for field in kind.fields:
        if field.length == 6 and field.kind != "alpha":
            _refuse_wide(host[field.name], kind, field.name)
            words = host[field.name].astype(">u8").view(np.uint8).reshape(-1, 8)
            packed[:, field.offset : field.offset + 6] = words[:, 2:]
        else:
            wire[field.name] = host[field.name]
    return packed


def _refuse_wide(values: npt.NDArray[Any], kind: MessageType, name: str) -> None:
    wide = values >= np.uint64(1 << 48)
    if wide.any():
        row = int(np.argmax(wide))
        raise WireError(f"{kind.name}.{name}, row {row}: {int(values[row])} needs over 48 bits")


def _set(records: Records, index: int, name: str, value: int | bytes) -> None:
    dtype = records.dtype[name]
    if dtype.kind == "S":
        if not isinstance(value, bytes) or len(value) > dtype.itemsize:
            raise WireError(f"{name}: {value!r} isn't at most {dtype.itemsize} bytes")
        records[name][index] = value.ljust(dtype.itemsize)
    elif isinstance(value, bytes) or not int(np.iinfo(dtype).min) <= value <= int(
        np.iinfo(dtype).max
    ):
        raise WireError(f"{name}: {value!r} isn't a whole number of {dtype.itemsize} bytes")
    else:
        records[name][index] = value
