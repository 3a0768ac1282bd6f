"""The limits as a person writes them: a TOML file, in which nothing may be lacking or unknown.

    [total]
    gross = 500_000_0000
    …
    [slots.0]
    symbol = "AMZN"
    enabled = true
    tick_class = "cent"
    …

Each name is a field of total_limits or slot_limits (docs/reference/messages.md), each number is in
its unit; prices and money are in 1/10,000 dollar. A slot that isn't there has no limits, and
trades nothing. `Limits.hash` is what host and board compare before they arm.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from hwtools.bits import Layout, Records
from tickwire.gen.records import SLOT_LIMITS, SLOTS, TOTAL_LIMITS, TickClass

SYMBOL_BYTES = 8


class LimitsError(ValueError):
    """A limits file that can't be taken; the message says where and why."""


def symbol_word(symbol: str) -> int:
    """As the gate has it: its first letter in the highest bits, filled up with spaces."""
    return int.from_bytes(symbol.ljust(SYMBOL_BYTES).encode(), "big")


_WORDS = {"tick_class": lambda name: TickClass[name.upper()], "symbol": symbol_word}


@dataclass(frozen=True)
class SlotLimits:
    symbol: str
    enabled: bool
    restricted: bool
    short_permitted: bool
    tick_class: str
    age: int
    collar_touch: int
    collar_reference: int
    order_shares: int
    order_money: int
    position_long: int
    position_short: int
    open_orders: int
    rate_cycles: int
    rate_depth: int
    day_orders: int
    repeated: int
    duplicate: int
    loss: int
    loss_decay: int

    def record(self) -> Records:
        """One row of SLOT_LIMITS."""
        row = SLOT_LIMITS.empty(1)
        for name, value in asdict(self).items():
            row[name] = _WORDS.get(name, int)(value)
        return row


@dataclass(frozen=True)
class TotalLimits:
    gross: int
    net: int
    credit: int
    open_orders: int
    rate_cycles: int
    rate_depth: int
    day_orders: int
    loss: int
    loss_decay: int
    silence: int

    def record(self) -> Records:
        """One row of TOTAL_LIMITS."""
        row = TOTAL_LIMITS.empty(1)
        for name, value in asdict(self).items():
            row[name] = value
        return row


@dataclass(frozen=True)
class Limits:
    total: TotalLimits
    slots: Mapping[int, SlotLimits]

    @property
    def hash(self) -> int:
        """64 bits of SHA-256 of all names and values."""
        listed = {str(slot): asdict(self.slots[slot]) for slot in sorted(self.slots)}
        text = json.dumps({"total": asdict(self.total), "slots": listed}, sort_keys=True)
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


_Kind = TypeVar("_Kind", SlotLimits, TotalLimits)


def load(path: Path) -> Limits:
    try:
        return read(tomllib.loads(path.read_text()))
    except (LimitsError, tomllib.TOMLDecodeError) as error:
        raise LimitsError(f"{path}: {error}") from None


def read(table: Mapping[str, Any]) -> Limits:
    """From what TOML makes of the file."""
    if unknown := sorted(set(table) - {"total", "slots"}):
        raise LimitsError(f"unknown: {', '.join(unknown)}")
    if "total" not in table:
        raise LimitsError("[total] is lacking")
    slots = {}
    for key, raw in table.get("slots", {}).items():
        if not key.isdecimal() or int(key) >= SLOTS or str(int(key)) != key:
            raise LimitsError(f"[slots.{key}]: a slot is 0 to {SLOTS - 1}")
        slots[int(key)] = _one(SlotLimits, SLOT_LIMITS, raw, f"[slots.{key}]")
    names = [one.symbol for one in slots.values()]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise LimitsError(f"{', '.join(twice)}: an instrument has one slot, and these have two")
    return Limits(_one(TotalLimits, TOTAL_LIMITS, table["total"], "[total]"), slots)


def _named(value: Any) -> bool:
    letters = isinstance(value, str) and value.isascii() and value.isprintable()
    return letters and " " not in value and 1 <= len(value) <= SYMBOL_BYTES


def _one(kind: type[_Kind], layout: Layout, raw: Any, where: str) -> _Kind:
    if not isinstance(raw, dict):
        raise LimitsError(f"{where}: a table is wanted")
    known = {each.name for each in fields(kind)}
    if unknown := sorted(set(raw) - known):
        raise LimitsError(f"{where}: unknown: {', '.join(unknown)}")
    if lacking := sorted(known - set(raw)):
        raise LimitsError(f"{where}: lacking: {', '.join(lacking)}")
    for each in layout.fields:
        value = raw[each.name]
        if each.kind == "flag":
            right, wanted = isinstance(value, bool), "true or false"
        elif each.name == "tick_class":
            names = [one.name.lower() for one in TickClass]
            right, wanted = value in names, f"one of {', '.join(names)}"
        elif each.name == "symbol":
            right, wanted = _named(value), f"1 to {SYMBOL_BYTES} letters without a space"
        else:
            right = type(value) is int and each.low <= value <= each.high
            wanted = f"a whole number of {each.low} to {each.high}"
        if not right:
            raise LimitsError(f"{where} {each.name} is {value!r}: {wanted} is wanted")
    return kind(**raw)
