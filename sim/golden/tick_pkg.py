"""What a record is in bits, worked out slowly, with integers, from hw/regs/messages.toml itself; a
record of events from the counters of hw/regs/tickwire.rdl.

DESIGN: first field in the most significant bits; element 0 of an array in the least significant.
It shares nothing with the generator and with hwtools.bits: it is their judge.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from systemrdl.node import RegNode

from sim.golden.tickwire_regs import elaborate

_TABLE = tomllib.loads(
    (Path(__file__).resolve().parents[2] / "hw" / "regs" / "messages.toml").read_text()
)
_CONSTANTS = {name: raw["value"] for name, raw in _TABLE["constants"].items()}
_ENUMS = {raw["name"]: raw for raw in _TABLE["enum"]}

# Every name that stands for a number in the package.
NUMBERS: dict[str, int] = _CONSTANTS | {
    f"{enum['name']}_{member['name']}".upper(): member["value"]
    for enum in _ENUMS.values()
    for member in enum["values"]
}

Value = int | list[int]


@dataclass(frozen=True)
class Field:
    name: str
    width: int
    count: int | None  # None: not an array
    signed: bool
    enum: str  # its name, or empty
    choices: tuple[int, ...]  # an enum's values
    low: int
    high: int

    def all(self, value: int) -> Value:
        return value if self.count is None else [value] * self.count

    def draw(self, rng: random.Random) -> Value:
        """Any allowed value; the bounds more often than chance has them."""

        def one() -> int:
            if self.choices:
                return rng.choice(self.choices)
            return rng.choice((self.low, self.high, *(rng.randint(self.low, self.high),) * 6))

        return one() if self.count is None else [one() for _ in range(self.count)]


def _number(raw: int | str) -> int:
    return _CONSTANTS[raw] if isinstance(raw, str) else raw


def _field(raw: dict[str, Any]) -> Field:
    enum = _ENUMS.get(raw["kind"])
    signed = raw["kind"] == "signed"
    width = enum["width"] if enum else 1 if raw["kind"] == "flag" else _number(raw["width"])
    low = -(1 << (width - 1)) if signed else 0
    high = (1 << (width - signed)) - 1
    choices = tuple(value["value"] for value in enum["values"]) if enum else ()
    if choices:
        low, high = min(choices), max(choices)
    low, high = raw.get("range", (low, high))
    count = _number(raw["count"]) if "count" in raw else None
    name = enum["name"] if enum else ""
    return Field(raw["name"], width, count, signed, name, choices, low, high)


def _events() -> dict[str, tuple[Field, ...]]:
    """A field for each counter, in order of address: of feed A's, with those of the path that are
    of each feed, and of the path's others."""
    fields: dict[str, list[Field]] = {"feed_events": [], "path_events": []}
    for node in elaborate().descendants(unroll=True):
        if not isinstance(node, RegNode) or ".counters." not in node.get_path():
            continue
        each_feed = node.get_property("each_feed", default=False)
        bits = node.get_property("step_bits", default=1)
        record = "feed_events" if each_feed or ".feeds[0]." in node.get_path() else "path_events"
        if ".feeds[1]." not in node.get_path():
            one = Field(node.inst_name, bits, None, False, "", (), 0, (1 << bits) - 1)
            fields[record].append(one)
    return {name: tuple(listed) for name, listed in fields.items()}


RECORDS = {raw["name"]: tuple(_field(field) for field in raw["fields"]) for raw in _TABLE["record"]}
RECORDS |= _events()


def width(record: str) -> int:
    return sum(field.width * (field.count or 1) for field in RECORDS[record])


def pack(record: str, values: Mapping[str, Value]) -> int:
    """The packed struct as one integer."""
    word = 0
    for field in RECORDS[record]:
        value = values[field.name]
        elements = value if isinstance(value, list) else [value]
        for element in reversed(elements):  # the last element first: element 0 ends up lowest
            word = word << field.width | element % (1 << field.width)
    return word


def pack_some(record: str, values: dict[str, int]) -> int:
    """The packed struct in which the fields that aren't named are 0."""
    places, word = _places(record), 0
    assert values.keys() <= places.keys(), f"{record} has no {values.keys() - places.keys()}"
    for name, value in values.items():
        low, bits = places[name]
        word |= value % (1 << bits) << low
    return word


@lru_cache
def _places(record: str) -> dict[str, tuple[int, int]]:
    """The lowest bit and the width of each field that isn't an array."""
    places, low = {}, 0
    for field in reversed(RECORDS[record]):
        if field.count is None:
            places[field.name] = low, field.width
        low += field.width * (field.count or 1)
    return places


def events(record: str, word: int) -> dict[str, int]:
    """The fields of numbers that aren't 0: of a record of events, those that are there."""
    fields = unpack(record, word).items() if word else ()
    return {name: value for name, value in fields if isinstance(value, int) and value}


@lru_cache(4096)  # models ask for the same words at many edges
def unpack(record: str, word: int) -> Mapping[str, Value]:
    """The record that the integer holds, taken off from the least significant end."""
    values: dict[str, Value] = {}
    for field in reversed(RECORDS[record]):
        elements = []
        for _ in range(field.count or 1):
            element, word = word % (1 << field.width), word >> field.width
            negative = field.signed and element >> (field.width - 1)
            elements.append(element - (1 << field.width) if negative else element)
        values[field.name] = elements[0] if field.count is None else elements
    assert word == 0, f"{record}: bits above the record"
    return values


def samples(record: str, rng: random.Random, count: int) -> list[dict[str, Value]]:
    """All at the least, all at the most, one field at a time at either, then any."""
    fields = RECORDS[record]
    least = {field.name: field.all(field.low) for field in fields}
    most = {field.name: field.all(field.high) for field in fields}
    rows = [least, most]
    for field in fields:
        rows += [least | {field.name: most[field.name]}, most | {field.name: least[field.name]}]
    rows += [{field.name: field.draw(rng) for field in fields} for _ in range(count)]
    return rows


# A reason of each slot in one word, slot 0's in the lowest bits.
_REASON_BITS = next(one.width for one in RECORDS["top_of_book"] if one.name == "reason")
_REASON = (1 << _REASON_BITS) - 1


class Reasons(int):
    """That word, of which only some slots' reasons are defined: the bits that `care` has."""

    care: int

    @classmethod
    def of(cls, reasons: Mapping[int, int]) -> Reasons:
        word = cls(sum(why << _REASON_BITS * slot for slot, why in reasons.items()))
        word.care = sum(_REASON << _REASON_BITS * slot for slot in reasons)
        return word


def reasons_word(reasons: Sequence[int]) -> int:
    return Reasons.of(dict(enumerate(reasons)))


def reason_of(reasons: int, slot: int) -> int:
    return reasons >> _REASON_BITS * slot & _REASON
