"""The wire tables of `hw/regs`, read and checked: fields follow each other without a hole.

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
DEEP = ROOT / "hw" / "regs" / "deep.toml"

# The lengths that a kind may have; None is any.
KINDS: dict[str, tuple[int, ...] | None] = {
    "integer": (1, 2, 4, 8),
    "signed": (1, 2, 4, 8),
    "price4": (4,),
    "wide_price4": (8,),
    "price4_offset": (4,),
    "price8": (8,),
    "signed_price4": (8,),
    "timestamp": (6, 8),
    "epoch": (8,),
    "alpha": None,
    "digits": None,
}
LONGEST = 255  # bytes: the host's codec writes lengths of one byte
ORDERS = ("big", "little")

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


@dataclass(frozen=True)
class Field:
    """`length` bytes from `offset` on."""

    name: str
    offset: int
    length: int
    kind: str
    meaning: str
    code: str = ""  # whose letters it may hold, in the table of a dialogue


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
class Transport:
    """The packets that messages come in. Without `end_of_session_count` none ends the session."""

    name: str
    title: str
    header: tuple[Field, ...]
    block: tuple[Field, ...]
    heartbeat_count: int
    end_of_session_count: int | None


@dataclass(frozen=True)
class WireTable:
    name: str
    title: str
    little: bool
    header: tuple[Field, ...]
    messages: tuple[Message, ...]
    transport: Transport


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
    protocol = raw.get("protocol")
    if not isinstance(protocol, dict):
        raise TableError("the table: protocol is lacking")
    check_keys(protocol, "protocol", ("name", "title", "order", "transport", "transport_title"))
    transport = read_text(protocol, "transport", "protocol")
    check_keys(raw, "the table", ("protocol", transport, "header", "message"))
    order = read_text(protocol, "order", "protocol")
    if order not in ORDERS:
        raise TableError(f"protocol: order {order!r} isn't one of {', '.join(ORDERS)}")
    header = read_fields(raw["header"], "header", 0)
    messages = tuple(_message(item, header) for item in raw["message"])
    for what, values in (
        ("type", [message.type for message in messages]),
        ("message", [message.name for message in messages]),
    ):
        for value in values:
            if values.count(value) > 1:
                raise TableError(f"the table: {what} {value} is there twice")
    title = read_text(protocol, "title", "protocol")
    carried = _transport(
        raw[transport], transport, read_text(protocol, "transport_title", "protocol")
    )
    table = WireTable(
        read_name(protocol, "protocol"), title, order == "little", header, messages, carried
    )  # fmt: skip
    fields = [*header, *(field for message in messages for field in message.fields)]
    fields += [*table.transport.header, *table.transport.block]
    for field in fields:
        if table.little and field.length == 6 and field.kind != "alpha":
            raise TableError(f"field {field.name}: 6 bytes in little order aren't supported")
    return table


def _transport(raw: Any, name: str, title: str) -> Transport:
    needed = ("header", "block", "heartbeat_count")
    ends = isinstance(raw, dict) and "end_of_session_count" in raw
    check_keys(raw, name, (*needed, *(("end_of_session_count",) if ends else ())))
    return Transport(
        name,
        title,
        read_fields(raw["header"], f"{name} header", 0),
        read_fields(raw["block"], f"{name} block", 0),
        read_integer(raw, "heartbeat_count", name, 0, 0xFFFF),
        read_integer(raw, "end_of_session_count", name, 0, 0xFFFF) if ends else None,
    )


def _message(raw: Any, header: Sequence[Field]) -> Message:
    where = f"message {raw.get('name', '?')}" if isinstance(raw, dict) else "message"
    check_keys(raw, where, ("type", "name", "length", "book", "meaning", "fields"))
    kind = read_text(raw, "type", where)
    if len(kind) != 1 or not kind.isascii() or not kind.isalnum():
        raise TableError(f"{where}: type {kind!r} isn't one letter or digit")
    if not isinstance(raw["book"], bool):
        raise TableError(f"{where}: book must be true or false")
    start = sum(field.length for field in header)
    fields = (*header, *read_fields(raw["fields"], where, start))
    length = read_integer(raw, "length", where, start + 1, LONGEST)
    end = fields[-1].offset + fields[-1].length
    if end != length:
        raise TableError(f"{where}: length {length}, but the fields end at {end}")
    names = [field.name for field in fields]
    for name in names:
        if names.count(name) > 1:
            raise TableError(f"{where}: field {name} is there twice")
    return Message(
        kind, read_name(raw, where), length, raw["book"], read_text(raw, "meaning", where), fields
    )


def read_fields(raw: Any, where: str, start: int, codes: Sequence[str] = ()) -> tuple[Field, ...]:
    """The fields in `raw`, which must follow each other from `start` on."""
    if not isinstance(raw, list) or not raw:
        raise TableError(f"{where}: it has no fields")
    fields = []
    for item in raw:
        field = _field(item, where, codes)
        if field.offset != start:
            raise TableError(f"{where}, field {field.name}: offset {field.offset}, not {start}")
        start += field.length
        fields.append(field)
    return tuple(fields)


def _field(raw: Any, where: str, codes: Sequence[str]) -> Field:
    where = f"{where}, field {raw.get('name', '?')}" if isinstance(raw, dict) else where
    coded = ("code",) if codes and isinstance(raw, dict) and "code" in raw else ()
    check_keys(raw, where, ("name", "offset", "length", "kind", "meaning", *coded))
    kind = read_text(raw, "kind", where)
    if kind not in KINDS:
        raise TableError(f"{where}: kind {kind!r} isn't one of {', '.join(KINDS)}")
    length = read_integer(raw, "length", where, 1, LONGEST)
    allowed = KINDS[kind]
    if allowed is not None and length not in allowed:
        raise TableError(f"{where}: {kind} of {length} bytes")
    offset = read_integer(raw, "offset", where, 0, LONGEST)
    name, meaning = read_name(raw, where), read_text(raw, "meaning", where)
    return Field(name, offset, length, kind, meaning, read_code(raw, where, length, kind, codes))


def read_code(raw: Any, where: str, length: int, kind: str, codes: Sequence[str]) -> str:
    """Whose letters a value may hold; empty: it has no code."""
    if "code" not in raw:
        return ""
    code = read_text(raw, "code", where)
    if code not in codes or (length, kind) != (1, "alpha"):
        raise TableError(f"{where}: code {code!r} isn't one of {', '.join(codes)}, or no letter's")
    return code


def check_keys(raw: Any, where: str, needed: Sequence[str]) -> None:
    if not isinstance(raw, dict):
        raise TableError(f"{where}: not a table")
    for key in raw:
        if key not in needed:
            raise TableError(f"{where}: unknown key {key!r}")
    for key in needed:
        if key not in raw:
            raise TableError(f"{where}: {key} is lacking")


def read_name(raw: Any, where: str) -> str:
    name = read_text(raw, "name", where)
    if not _NAME.fullmatch(name):
        raise TableError(f"{where}: the name must be in small_letters_with_underscores")
    return name


def read_text(raw: Any, key: str, where: str) -> str:
    if not isinstance(raw[key], str) or not raw[key] or "\n" in raw[key]:
        raise TableError(f"{where}: {key} must be one line of text")
    return str(raw[key])


def read_integer(raw: Any, key: str, where: str, low: int, high: int) -> int:
    value = raw[key]
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise TableError(f"{where}: {key} must be a whole number from {low} to {high}")
    return value
