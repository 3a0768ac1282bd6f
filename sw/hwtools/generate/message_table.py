"""The message table `hw/regs/messages.toml`, read and checked: what it holds can be generated.

Anything that isn't clear is refused by a `TableError` of one line, which names the record and the
field.
"""

from __future__ import annotations

import keyword
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peakrdl_regblock.identifier_filter import SV_KEYWORDS

from hwtools.toolchain import ROOT

MESSAGES = ROOT / "hw" / "regs" / "messages.toml"

NUMBER_KINDS = ("unsigned", "signed")
MOST_BITS = 64  # of one element, so that numpy's integers hold it
MOST_ELEMENTS = 4096

_LOWER = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_UPPER = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")


class TableError(ValueError):
    """The table can't be used. The message is one line and names the place."""


@dataclass(frozen=True)
class Constant:
    name: str
    value: int
    unit: str
    meaning: str


@dataclass(frozen=True)
class Member:
    """One value of an enum."""

    name: str
    value: int
    meaning: str


@dataclass(frozen=True)
class Enum:
    name: str
    width: int
    meaning: str
    members: tuple[Member, ...]


@dataclass(frozen=True)
class Field:
    """One field of a record. `width_name` and `count_name` are as written: constants or numbers."""

    name: str
    kind: str  # unsigned, signed, flag or enum
    enum: str  # the enum's name, else empty
    width: int  # bits of one element
    width_name: str
    count: int  # elements; 1 and no count_name: not an array
    count_name: str
    unit: str
    low: int
    high: int
    meaning: str

    @property
    def bits(self) -> int:
        return self.width * self.count

    @property
    def is_array(self) -> bool:
        return bool(self.count_name)


@dataclass(frozen=True)
class Record:
    """A message; its first field is in the most significant bits."""

    name: str
    meaning: str
    fields: tuple[Field, ...]

    @property
    def width(self) -> int:
        return sum(field.bits for field in self.fields)


@dataclass(frozen=True)
class Table:
    constants: tuple[Constant, ...]
    enums: tuple[Enum, ...]
    records: tuple[Record, ...]


def load(path: Path = MESSAGES) -> Table:
    """Read and check the table at `path`."""
    try:
        return parse(path.read_text())
    except OSError as error:
        raise TableError(f"{path}: {error.strerror}") from None
    except TableError as error:
        raise TableError(f"{path.name}: {error}") from None


def parse(text: str) -> Table:
    """Check the table in `text`."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TableError("not TOML: " + " ".join(str(error).split())) from None
    _keys(raw, "the table", needed=("constants", "enum", "record"))
    constants = tuple(_constant(name, raw["constants"][name]) for name in raw["constants"])
    enums = tuple(_enum(item) for item in raw["enum"])
    by_name = {enum.name: enum for enum in enums}
    values = {constant.name: constant.value for constant in constants}
    records = tuple(_record(item, values, by_name) for item in raw["record"])
    _distinct((enum.name for enum in enums), "the table", "enum")
    _distinct((record.name for record in records), "the table", "record")
    table = Table(constants, enums, records)
    _distinct(package_names(table), "the package", "name")
    return table


def joined(table: Table, records: Iterable[Record]) -> Table:
    """The table with more records, their names held to the same rules."""
    more = Table(table.constants, table.enums, (*table.records, *records))
    for record in more.records:
        for field in record.fields:
            _check_name(field.name, _LOWER, f"record {record.name}, field {field.name}")
    _distinct(package_names(more), "the package", "name")
    return more


def package_names(table: Table) -> list[str]:
    """Every name that the SystemVerilog package will declare."""
    names = [constant.name for constant in table.constants]
    for enum in table.enums:
        names += [f"{enum.name}_e", f"{enum.name.upper()}_W"]
        names += [f"{enum.name}_{member.name}".upper() for member in enum.members]
    for record in table.records:
        names += [f"{record.name}_t", f"{record.name.upper()}_W"]
        names += [
            element_type(record, field)
            for field in record.fields
            if field.is_array and field.kind == "signed"
        ]
    return names


def element_type(record: Record, field: Field) -> str:
    """The type of one element of a signed array: only a named type keeps its sign when indexed."""
    return f"{record.name}_{field.name}_element_t"


def _constant(name: str, raw: Any) -> Constant:
    where = f"constant {name}"
    _check_name(name, _UPPER, where)
    _keys(raw, where, needed=("value", "unit", "meaning"))
    value = _integer(raw["value"], where, "value")
    if not 1 <= value < 2**31:
        raise TableError(f"{where}: value {value} isn't within 1 to 2**31 - 1")
    return Constant(name, value, _text(raw, "unit", where), _meaning(raw, where))


def _enum(raw: Any) -> Enum:
    where = f"enum {_named(raw, 'enum')}"
    _keys(raw, where, needed=("name", "width", "meaning", "values"))
    _check_name(raw["name"], _LOWER, where)
    width = _integer(raw["width"], where, "width")
    if not 1 <= width <= 31:
        raise TableError(f"{where}: width {width} isn't within 1 to 31")
    members = tuple(_member(item, where, width) for item in raw["values"])
    if not members or members[0].value != 0:
        raise TableError(f"{where}: the first value must be 0, what a reset leaves")
    _distinct((member.name for member in members), where, "value")
    _distinct((str(member.value) for member in members), where, "number")
    return Enum(raw["name"], width, _meaning(raw, where), members)


def _member(raw: Any, where: str, width: int) -> Member:
    where = f"{where}, value {_named(raw, where)}"
    _keys(raw, where, needed=("name", "value", "meaning"))
    _check_name(raw["name"], _LOWER, where)
    value = _integer(raw["value"], where, "value")
    if not 0 <= value < 2**width:
        raise TableError(f"{where}: {value} doesn't fit {width} bits")
    return Member(raw["name"], value, _meaning(raw, where))


def _record(raw: Any, constants: Mapping[str, int], enums: Mapping[str, Enum]) -> Record:
    where = f"record {_named(raw, 'record')}"
    _keys(raw, where, needed=("name", "meaning", "fields"))
    _check_name(raw["name"], _LOWER, where)
    fields = tuple(_field(item, where, constants, enums) for item in raw["fields"])
    if not fields:
        raise TableError(f"{where}: it has no fields")
    _distinct((field.name for field in fields), where, "field")
    return Record(raw["name"], _meaning(raw, where), fields)


def _field(raw: Any, where: str, constants: Mapping[str, int], enums: Mapping[str, Enum]) -> Field:
    where = f"{where}, field {_named(raw, where)}"
    _keys(
        raw, where, needed=("name", "kind", "meaning"), allowed=("width", "count", "unit", "range")
    )
    _check_name(raw["name"], _LOWER, where)
    kind = _text(raw, "kind", where)
    if kind not in (*NUMBER_KINDS, "flag", *enums):
        known = ", ".join((*NUMBER_KINDS, "flag", *enums))
        raise TableError(f"{where}: kind {kind!r} isn't one of {known}")
    if kind in NUMBER_KINDS and "width" not in raw:
        raise TableError(f"{where}: width is lacking")
    enum = enums.get(kind)
    own = enum.width if enum else 1
    width, width_name = _size(raw.get("width", own), where, "width", constants, MOST_BITS)
    if kind not in NUMBER_KINDS and width != own:
        raise TableError(f"{where}: width {width}, but {kind} has {own}")
    count, count_name = 1, ""
    if "count" in raw:
        count, count_name = _size(raw["count"], where, "count", constants, MOST_ELEMENTS)
    low, high = _range(raw, where, kind, width, enum)
    return Field(
        name=raw["name"],
        kind="enum" if enum else kind,
        enum=enum.name if enum else "",
        width=width,
        width_name=f"{enum.name.upper()}_W" if enum else width_name,
        count=count,
        count_name=count_name,
        unit=_text(raw, "unit", where) if "unit" in raw else "",
        low=low,
        high=high,
        meaning=_meaning(raw, where),
    )


def _range(
    raw: Mapping[str, Any], where: str, kind: str, width: int, enum: Enum | None
) -> tuple[int, int]:
    least, most = (
        (-(2 ** (width - 1)), 2 ** (width - 1) - 1) if kind == "signed" else (0, 2**width - 1)
    )
    if enum:
        most = max(member.value for member in enum.members)
    if "range" not in raw:
        return least, most
    if kind not in NUMBER_KINDS:
        raise TableError(f"{where}: a {kind} has no range of its own")
    bounds = raw["range"]
    if not isinstance(bounds, list) or len(bounds) != 2:
        raise TableError(f"{where}: range must be [least, most]")
    low, high = (_integer(bound, where, "range") for bound in bounds)
    if not least <= low <= high <= most:
        raise TableError(f"{where}: range {low} to {high} isn't within {least} to {most}")
    return low, high


def _size(
    raw: Any, where: str, what: str, constants: Mapping[str, int], most: int
) -> tuple[int, str]:
    if isinstance(raw, str):
        if raw not in constants:
            raise TableError(f"{where}: {what} {raw!r} isn't a constant of the table")
        value = constants[raw]
    else:
        value = _integer(raw, where, what)
    if not 1 <= value <= most:
        raise TableError(f"{where}: {what} {value} isn't within 1 to {most}")
    return value, str(raw)


def _keys(raw: Any, where: str, needed: tuple[str, ...], allowed: tuple[str, ...] = ()) -> None:
    if not isinstance(raw, dict):
        raise TableError(f"{where}: not a table")
    for key in raw:
        if key not in (*needed, *allowed):
            raise TableError(f"{where}: unknown key {key!r}")
    for key in needed:
        if key not in raw:
            raise TableError(f"{where}: {key} is lacking")


def _named(raw: Any, where: str) -> str:
    if not isinstance(raw, dict) or not isinstance(raw.get("name"), str):
        raise TableError(f"{where}: one has no name")
    return str(raw["name"])


def _check_name(name: str, pattern: re.Pattern[str], where: str) -> None:
    if not pattern.fullmatch(name):
        style = "CAPITALS" if pattern is _UPPER else "small_letters"
        raise TableError(f"{where}: the name must be in {style}_with_underscores")
    if name in SV_KEYWORDS:
        raise TableError(f"{where}: {name} is a keyword of SystemVerilog")
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        raise TableError(f"{where}: {name} is a keyword of Python")


def _distinct(names: Iterable[str], where: str, what: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise TableError(f"{where}: {what} {name} is there twice")
        seen.add(name)


def _integer(raw: Any, where: str, what: str) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool):
        raise TableError(f"{where}: {what} must be a whole number, not {raw!r}")
    return raw


def _text(raw: Mapping[str, Any], key: str, where: str) -> str:
    if not isinstance(raw[key], str) or "\n" in raw[key]:
        raise TableError(f"{where}: {key} must be one line of text")
    return str(raw[key])


def _meaning(raw: Mapping[str, Any], where: str) -> str:
    if not _text(raw, "meaning", where).strip():
        raise TableError(f"{where}: meaning is empty")
    return str(raw["meaning"])
