"""The wire table `hw/regs/itch.toml`, read and checked: fields follow each other without a hole.

Anything that isn't clear is refused by a `TableError` of one line, which names the place.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hwtools.generate.message_table import TableError
from hwtools.toolchain import ROOT

ITCH = ROOT / "hw" / "regs" / "itch.toml"

# The lengths that a kind may have; None is any.
KINDS: dict[str, tuple[int, ...] | None] = {
    "integer": (1, 2, 4, 8),
    "price4": (4,),
    "price8": (8,),
    "timestamp": (6, 8),
    "alpha": None,
}
LONGEST = 63  # bytes: message_length() has 6 bits, and 0 says that the type is unknown

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


@dataclass(frozen=True)
class Field:
    """`length` bytes from `offset` on."""

    name: str
    offset: int
    length: int
    kind: str
    meaning: str


@dataclass(frozen=True)
class Message:
    """A message with all its fields, those of the header first."""

    type: str
    name: str
    length: int
    book: bool
    meaning: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Mold:
    header: tuple[Field, ...]
    block: tuple[Field, ...]
    heartbeat_count: int
    end_of_session_count: int


@dataclass(frozen=True)
class WireTable:
    header: tuple[Field, ...]
    messages: tuple[Message, ...]
    mold: Mold


def load(path: Path = ITCH) -> WireTable:
    """Read and check the table at `path`."""
    try:
        return parse(path.read_text())
    except OSError as error:
        raise TableError(f"{path}: {error.strerror}") from None
    except TableError as error:
        raise TableError(f"{path.name}: {error}") from None


def parse(text: str) -> WireTable:
    """Check the table in `text`."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TableError("not TOML: " + " ".join(str(error).split())) from None
    _keys(raw, "the table", ("mold", "header", "message"))
    header = _fields(raw["header"], "header", 0)
    messages = tuple(_message(item, header) for item in raw["message"])
    for what, values in (
        ("type", [message.type for message in messages]),
        ("message", [message.name for message in messages]),
    ):
        for value in values:
            if values.count(value) > 1:
                raise TableError(f"the table: {what} {value} is there twice")
    return WireTable(header, messages, _mold(raw["mold"]))


def _mold(raw: Any) -> Mold:
    _keys(raw, "mold", ("header", "block", "heartbeat_count", "end_of_session_count"))
    return Mold(
        _fields(raw["header"], "mold header", 0),
        _fields(raw["block"], "mold block", 0),
        _integer(raw, "heartbeat_count", "mold", 0, 0xFFFF),
        _integer(raw, "end_of_session_count", "mold", 0, 0xFFFF),
    )


def _message(raw: Any, header: Sequence[Field]) -> Message:
    where = f"message {raw.get('name', '?')}" if isinstance(raw, dict) else "message"
    _keys(raw, where, ("type", "name", "length", "book", "meaning", "fields"))
    kind = _text(raw, "type", where)
    if len(kind) != 1 or not kind.isascii() or not kind.isalpha():
        raise TableError(f"{where}: type {kind!r} isn't one letter")
    if not isinstance(raw["book"], bool):
        raise TableError(f"{where}: book must be true or false")
    start = sum(field.length for field in header)
    fields = (*header, *_fields(raw["fields"], where, start))
    length = _integer(raw, "length", where, start + 1, LONGEST)
    end = fields[-1].offset + fields[-1].length
    if end != length:
        raise TableError(f"{where}: length {length}, but the fields end at {end}")
    names = [field.name for field in fields]
    for name in names:
        if names.count(name) > 1:
            raise TableError(f"{where}: field {name} is there twice")
    return Message(
        kind, _name(raw, where), length, raw["book"], _text(raw, "meaning", where), fields
    )


def _fields(raw: Any, where: str, start: int) -> tuple[Field, ...]:
    """The fields in `raw`, which must follow each other from `start` on."""
    if not isinstance(raw, list) or not raw:
        raise TableError(f"{where}: it has no fields")
    fields = []
    for item in raw:
        field = _field(item, where)
        if field.offset != start:
            raise TableError(f"{where}, field {field.name}: offset {field.offset}, not {start}")
        start += field.length
        fields.append(field)
    return tuple(fields)


def _field(raw: Any, where: str) -> Field:
    where = f"{where}, field {raw.get('name', '?')}" if isinstance(raw, dict) else where
    _keys(raw, where, ("name", "offset", "length", "kind", "meaning"))
    kind = _text(raw, "kind", where)
    if kind not in KINDS:
        raise TableError(f"{where}: kind {kind!r} isn't one of {', '.join(KINDS)}")
    length = _integer(raw, "length", where, 1, LONGEST)
    allowed = KINDS[kind]
    if allowed is not None and length not in allowed:
        raise TableError(f"{where}: {kind} of {length} bytes")
    offset = _integer(raw, "offset", where, 0, LONGEST)
    return Field(_name(raw, where), offset, length, kind, _text(raw, "meaning", where))


def _keys(raw: Any, where: str, needed: Sequence[str]) -> None:
    if not isinstance(raw, dict):
        raise TableError(f"{where}: not a table")
    for key in raw:
        if key not in needed:
            raise TableError(f"{where}: unknown key {key!r}")
    for key in needed:
        if key not in raw:
            raise TableError(f"{where}: {key} is lacking")


def _name(raw: Any, where: str) -> str:
    name = _text(raw, "name", where)
    if not _NAME.fullmatch(name):
        raise TableError(f"{where}: the name must be in small_letters_with_underscores")
    return name


def _text(raw: Any, key: str, where: str) -> str:
    if not isinstance(raw[key], str) or not raw[key] or "\n" in raw[key]:
        raise TableError(f"{where}: {key} must be one line of text")
    return str(raw[key])


def _integer(raw: Any, key: str, where: str, low: int, high: int) -> int:
    value = raw[key]
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise TableError(f"{where}: {key} must be a whole number from {low} to {high}")
    return value
