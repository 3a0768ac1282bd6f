"""The tables of `hw/regs` of protocols that go both ways, read and checked: OUCH, SoupBinTCP.

Their language is that of the wire tables, with senders, tails, letters and appendages; what each
word means stands in ouch.toml. Anything that isn't clear is refused by a `TableError` of one line.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hwtools.generate.message_table import TableError
from hwtools.generate.wire_table import (
    KINDS,
    LONGEST,
    Field,
    check_keys,
    read_code,
    read_fields,
    read_integer,
    read_name,
    read_text,
)
from hwtools.toolchain import ROOT

OUCH = ROOT / "hw" / "regs" / "ouch.toml"
OUCH42 = ROOT / "hw" / "regs" / "ouch42.toml"
SOUP = ROOT / "hw" / "regs" / "soup.toml"

SENDERS = ("client", "venue", "any")
TAILS = ("none", "tags", "optional_tags", "payload")
COUNTER = "appendage_length"  # the last field of a message whose tail is tags


@dataclass(frozen=True)
class Constant:
    name: str
    value: int
    meaning: str


@dataclass(frozen=True)
class Letter:
    letter: str
    name: str
    meaning: str


@dataclass(frozen=True)
class Code:
    """The letters that a field may hold."""

    name: str
    meaning: str
    letters: tuple[Letter, ...]


@dataclass(frozen=True)
class Tag:
    """An appendage: its number, and `length` bytes of value."""

    number: int
    name: str
    length: int
    kind: str
    meaning: str
    code: str


@dataclass(frozen=True)
class Statement:
    """A message, by whom it is sent and what may follow its fields."""

    type: str
    name: str
    sender: str
    length: int
    tail: str
    meaning: str
    fields: tuple[Field, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Dialogue:
    name: str
    title: str
    notes: tuple[str, ...]
    constants: tuple[Constant, ...]
    codes: tuple[Code, ...]
    tags: tuple[Tag, ...]
    header: tuple[Field, ...]
    messages: tuple[Statement, ...]

    def sent_by(self, sender: str) -> tuple[Statement, ...]:
        """Those that this side sends."""
        return tuple(one for one in self.messages if one.sender in (sender, "any"))


def load(path: Path = OUCH) -> Dialogue:
    """Read and check the table at `path`."""
    try:
        return parse(path.read_text())
    except OSError as error:
        raise TableError(f"{path}: {error.strerror}") from None
    except TableError as error:
        raise TableError(f"{path.name}: {error}") from None


def parse(text: str) -> Dialogue:
    """Check the table in `text`."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TableError("not TOML: " + " ".join(str(error).split())) from None
    raw = {"constants": {}, "code": [], "tag": [], **raw}
    needed = ("protocol", "constants", "header", "message", "code", "tag")
    check_keys(raw, "the table", needed)
    protocol = raw["protocol"]
    check_keys(protocol, "protocol", ("name", "title", "order", "notes"))
    if protocol["order"] != "big":
        raise TableError(f"protocol: order {protocol['order']!r} isn't big")
    codes = tuple(_code(item) for item in raw["code"])
    tags = tuple(_tag(item, [code.name for code in codes]) for item in raw["tag"])
    _distinct("code", [code.name for code in codes])
    _distinct("tag", [tag.name for tag in tags])
    _distinct("tag", [tag.number for tag in tags])
    header = read_fields(raw["header"], "header", 0)
    table = Dialogue(
        read_name(protocol, "protocol"), read_text(protocol, "title", "protocol"),
        _texts(protocol["notes"], "protocol: notes"),
        tuple(_constant(name, item) for name, item in raw["constants"].items()),
        codes, tags, header, tuple(_message(item, header, codes, tags) for item in raw["message"]),
    )  # fmt: skip
    _distinct("message", [message.name for message in table.messages])
    for sender in ("client", "venue"):
        _distinct(f"the {sender}'s type", [one.type for one in table.sent_by(sender)])
    return table


def _constant(name: str, raw: Any) -> Constant:
    where = f"constant {name}"
    check_keys(raw, where, ("value", "meaning"))
    value = read_integer(raw, "value", where, 0, 0xFFFF_FFFF)
    return Constant(
        read_name({"name": name.lower()}, where).upper(), value, read_text(raw, "meaning", where)
    )


def _code(raw: Any) -> Code:
    where = f"code {raw.get('name', '?')}" if isinstance(raw, dict) else "code"
    check_keys(raw, where, ("name", "meaning", "letters"))
    letters = []
    for item in raw["letters"]:
        check_keys(item, where, ("letter", "name", "meaning"))
        letter = read_text(item, "letter", where)
        if len(letter) != 1 or not " " <= letter <= "~":
            raise TableError(f"{where}: letter {letter!r} isn't one of ASCII")
        letters.append(Letter(letter, read_name(item, where), read_text(item, "meaning", where)))
    _distinct(f"{where}: letter", [one.letter for one in letters])
    _distinct(f"{where}: name", [one.name for one in letters])
    return Code(read_name(raw, where), read_text(raw, "meaning", where), tuple(letters))


def _tag(raw: Any, codes: Sequence[str]) -> Tag:
    where = f"tag {raw.get('name', '?')}" if isinstance(raw, dict) else "tag"
    coded = ("code",) if isinstance(raw, dict) and "code" in raw else ()
    check_keys(raw, where, ("number", "name", "length", "kind", "meaning", *coded))
    kind, length = read_text(raw, "kind", where), read_integer(raw, "length", where, 1, LONGEST - 1)
    if kind not in KINDS:
        raise TableError(f"{where}: kind {kind!r} isn't one of {', '.join(KINDS)}")
    allowed = KINDS[kind]
    if allowed is not None and length not in allowed:
        raise TableError(f"{where}: {kind} of {length} bytes")
    return Tag(
        read_integer(raw, "number", where, 1, 255), read_name(raw, where), length, kind,
        read_text(raw, "meaning", where), read_code(raw, where, length, kind, codes),
    )  # fmt: skip


def _message(
    raw: Any, header: tuple[Field, ...], codes: Sequence[Code], tags: Sequence[Tag]
) -> Statement:
    where = f"message {raw.get('name', '?')}" if isinstance(raw, dict) else "message"
    raw = {"tags": [], **raw} if isinstance(raw, dict) else raw
    needed = ("type", "name", "sender", "length", "tail", "meaning", "fields", "tags")
    check_keys(raw, where, needed)
    kind, tail = read_text(raw, "type", where), read_text(raw, "tail", where)
    sender = read_text(raw, "sender", where)
    if len(kind) != 1 or not "!" <= kind <= "~":
        raise TableError(f"{where}: type {kind!r} isn't one letter, digit or sign")
    for value, known in ((tail, TAILS), (sender, SENDERS)):
        if value not in known:
            raise TableError(f"{where}: {value!r} isn't one of {', '.join(known)}")
    start = header[-1].offset + header[-1].length
    own = raw["fields"] and read_fields(raw["fields"], where, start, [code.name for code in codes])
    fields = (*header, *own)
    end = fields[-1].offset + fields[-1].length
    length = read_integer(raw, "length", where, 1, LONGEST)
    if end != length:
        raise TableError(f"{where}: length {length}, but the fields end at {end}")
    _distinct(f"{where}: field", [field.name for field in fields])
    counts = (fields[-1].name, fields[-1].length, fields[-1].kind) == (COUNTER, 2, "integer")
    if counts != (tail == "tags"):
        raise TableError(f"{where}: its tail is {tail}, its last field {fields[-1].name}")
    appended = _texts(raw["tags"], f"{where}: tags")
    for name in appended:
        if name not in [tag.name for tag in tags] or "tags" not in tail:
            raise TableError(f"{where}: it can't have the tag {name}")
    _distinct(f"{where}: tag", appended)
    return Statement(
        kind, read_name(raw, where), sender, length, tail, read_text(raw, "meaning", where),
        fields, appended,
    )  # fmt: skip


def _texts(raw: Any, where: str) -> tuple[str, ...]:
    if not isinstance(raw, list) or not all(isinstance(one, str) and one for one in raw):
        raise TableError(f"{where} must be a list of texts")
    return tuple(raw)


def _distinct(what: str, values: Sequence[object]) -> None:
    for value in values:
        if values.count(value) > 1:
            raise TableError(f"{what} {value} is there twice")
