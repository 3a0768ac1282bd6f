"""Messages of a protocol that goes both ways, encoded and decoded one at a time, by its table.

A message is a `Said`: values by the names of its fields, appendages by the names of their tags.
What a table counts by itself (the type, `appendage_length`) isn't among the values.

`decode` refuses an unknown type, a length that isn't the type's, appendages that aren't what they
say, and one that stands twice; it skips appendages whose numbers it doesn't know, and keeps them in
`unknown`. Letters are kept as they came: a venue may have more of them tomorrow. `encode` refuses a
value that is lacking, unknown, too wide or no letter of its code. Every `WireError` names the
message and the field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tickwire.wire.chunks import WireError
from tickwire.wire.fields import SIGNED, Field, MessageType, Tag

Side = Literal["client", "venue"]
Value = int | bytes
COUNT = 2  # bytes of a count of appendages
_OWN = ("message_type", "appendage_length")


@dataclass(frozen=True)
class Said:
    """A message; `payload` is what follows it where anything may."""

    name: str
    values: Mapping[str, Value] = field(default_factory=dict)
    tags: Mapping[str, Value] = field(default_factory=dict)
    unknown: tuple[tuple[int, bytes], ...] = ()
    payload: bytes = b""


class Dialogue:
    """A protocol: its title, its messages, their appendages and letters."""

    def __init__(
        self,
        title: str,
        messages: Sequence[MessageType],
        tags: Sequence[Tag] = (),
        codes: Mapping[str, Mapping[str, bytes]] | None = None,
    ) -> None:
        self.title = title
        self.by_name = {kind.name: kind for kind in messages}
        self._tags = {tag.name: tag for tag in tags}
        self._numbers = {tag.number: tag for tag in tags}
        self._letters = {name: tuple(code.values()) for name, code in (codes or {}).items()}
        self._by_code: dict[Side, dict[int, MessageType]] = {
            side: {kind.code: kind for kind in messages if kind.sender in (side, "any")}
            for side in ("client", "venue")
        }

    def encode(self, sender: Side, said: Said) -> bytes:
        """The message's bytes."""
        kind = self.by_name.get(said.name)
        if kind is None or kind.sender not in (sender, "any"):
            raise WireError(f"{said.name} isn't a message that a {sender} sends in {self.title}")
        if said.unknown:
            raise WireError(f"{said.name}: appendage {said.unknown[0][0]} has no name")
        if said.payload and kind.tail != "payload":
            raise WireError(f"{said.name}: nothing may follow it")
        appendages = b"".join(self._appendage(kind, *item) for item in said.tags.items())
        own: dict[str, Value] = {
            "message_type": kind.type.encode(),
            "appendage_length": len(appendages),
        }
        names = [one.name for one in kind.fields if one.name not in _OWN]
        for name in said.values:
            if name not in names:
                raise WireError(f"{said.name} has no field {name}")
        for name in names:
            if name not in said.values:
                raise WireError(f"{said.name}: {name} is lacking")
        values = {**said.values, **own}
        fields = b"".join(
            self._bytes(f"{said.name}.{one.name}", one, values[one.name]) for one in kind.fields
        )
        if kind.tail == "optional_tags" and appendages:
            fields += len(appendages).to_bytes(COUNT, "big")
        return fields + appendages + said.payload

    def decode(self, sender: Side, raw: bytes) -> Said:
        """What a message says."""
        if not raw:
            raise WireError("a message without a type")
        kind = self._by_code[sender].get(raw[0])
        if kind is None:
            raise WireError(f"type {raw[:1]!r} isn't one of a {sender} in {self.title}")
        tail = raw[kind.length :]
        counted = kind.tail == "tags" or (kind.tail == "optional_tags" and len(tail) >= COUNT)
        if len(raw) < kind.length or (tail and not counted and kind.tail != "payload"):
            wanted = f"{kind.length} or more" if kind.tail == "payload" else f"{kind.length}"
            raise WireError(f"{kind.name}: {len(raw)} bytes, but it has {wanted}")
        values = {
            one.name: _value(f"{kind.name}.{one.name}", one, raw[one.offset :][: one.length])
            for one in kind.fields
            if one.name not in _OWN
        }
        if kind.tail == "payload":
            return Said(kind.name, values, payload=tail)
        if not counted:
            return Said(kind.name, values)
        start = kind.length - COUNT if kind.tail == "tags" else kind.length
        return self._with_appendages(kind, values, raw, start)

    def _with_appendages(
        self, kind: MessageType, values: Mapping[str, Value], raw: bytes, start: int
    ) -> Said:
        """Read the count at `start`, and the appendages behind it."""
        announced, there = int.from_bytes(raw[start:][:COUNT], "big"), len(raw) - start - COUNT
        if announced != there:
            raise WireError(
                f"{kind.name}: {announced} bytes of appendages announced, {there} are there"
            )
        tags: dict[str, Value] = {}
        unknown: list[tuple[int, bytes]] = []
        seen = set()
        for at, number, value in _appendages(kind.name, raw, start + COUNT):
            if number in seen:
                raise WireError(f"{kind.name}: appendage {number} at byte {at} is there twice")
            seen.add(number)
            tag = self._numbers.get(number)
            if tag is None:
                unknown.append((number, value))
                continue
            where = f"{kind.name}: appendage {tag.name} at byte {at}"
            if len(value) != tag.length:
                raise WireError(f"{where}: {len(value)} bytes, but it has {tag.length}")
            tags[tag.name] = _value(where, tag, value)
        return Said(kind.name, values, tags, tuple(unknown))

    def _appendage(self, kind: MessageType, name: str, value: Value) -> bytes:
        if name not in kind.tags:
            raise WireError(f"{kind.name} can't have the appendage {name}")
        tag = self._tags[name]
        packed = self._bytes(f"{kind.name}: appendage {name}", tag, value)
        return bytes((1 + tag.length, tag.number)) + packed

    def _bytes(self, where: str, one: Field | Tag, value: Value) -> bytes:
        """A value's bytes on the wire."""
        letters = self._letters.get(one.code)
        if letters is not None and value not in letters:
            raise WireError(f"{where}: {value!r} isn't one of {b' '.join(letters).decode()!r}")
        if one.kind == "alpha":
            if not isinstance(value, bytes) or len(value) > one.length:
                raise WireError(f"{where}: {value!r} isn't at most {one.length} bytes")
            return value.ljust(one.length)
        signed, bits = one.kind in SIGNED, 8 * one.length
        low, high = (-(1 << bits - 1), 1 << bits - 1) if signed else (0, 1 << bits)
        if one.kind == "digits":
            high = 10**one.length
        if isinstance(value, bytes) or not low <= value < high:
            raise WireError(f"{where}: {value!r} isn't a whole number of {one.length} {_unit(one)}")
        if one.kind == "digits":
            return str(value).encode().rjust(one.length)
        return value.to_bytes(one.length, "big", signed=signed)


def _unit(one: Field | Tag) -> str:
    return "digits" if one.kind == "digits" else "bytes"


def _value(where: str, one: Field | Tag, raw: bytes) -> Value:
    """What stands in a field's bytes. Texts keep all of theirs."""
    if one.kind == "alpha":
        return raw
    if one.kind == "digits":
        digits = raw.strip(b" ")
        if not digits.isdigit():
            raise WireError(f"{where}: {raw!r} isn't a number in digits")
        return int(digits)
    return int.from_bytes(raw, "big", signed=one.kind in SIGNED)


def _appendages(name: str, raw: bytes, at: int) -> Iterator[tuple[int, int, bytes]]:
    """Of each appendage from byte `at` on: where it is, its number, its value."""
    while at < len(raw):
        length = raw[at]
        if length == 0:
            raise WireError(f"{name}: the appendage at byte {at} has no number")
        if at + 1 + length > len(raw):
            rest = len(raw) - at - 1
            raise WireError(f"{name}: the appendage at byte {at} has {rest} of {length} bytes")
        yield at, raw[at + 1], raw[at + 2 : at + 1 + length]
        at += 1 + length
