"""Which instrument each slot follows, compiled: what directory messages say of that, as slot_follow
has it; and which messages say who may act, of which slots. Registers don't change here but for the
locates that are learned.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from hwtools.compiled import bare
from tickwire.gen.itch_table import MESSAGES
from tickwire.gen.records import SLOTS
from tickwire.wire.market import KINDS, WHERE

Array = npt.NDArray[Any]

_R = MESSAGES["R"].code
_STOCK = next(field.offset for field in MESSAGES["R"].fields if field.name == "stock")
_ACTION, _HALT = WHERE["H"], WHERE["h"]
_EVENT = WHERE["S"]
_S, _W, _H, _I = KINDS.encode()
_BLANK = int.from_bytes(b" " * 8, "big")
# Cycles from a message's last byte, by width: until a directory message or an order turns a slot,
# and until one does whose locate is learned.
_SAID, _ORDERED, _MOVED = {8: 5, 64: 6}, {8: 3, 64: 5}, {8: 7, 64: 8}

SLOT = np.dtype(
    [
        ("enabled", np.bool_),
        ("learns", np.bool_),
        ("locate", np.int64),
        ("symbol", np.uint64),
        ("doubted", np.bool_),  # its locate was given to another symbol, before any order
    ]
)
TURN = np.dtype([("cycle", np.int64), ("slots", np.uint8), ("upto", np.uint64)])
SAID = np.dtype(
    [
        ("row", np.int64),  # of the message
        ("given", np.int64),
        ("kind", np.uint8),
        ("letter", np.uint8),
        ("action", np.uint8),
        ("slots", np.uint8),
    ]
)
TURNS, _FLOWS, _ENDED, SAYS = range(4)  # of `state`


class Follow(NamedTuple):
    """`by_locate`: the slot, -1: none. `turned`: what can't be trusted from then on, of which
    state[TURNS] are filled in; `ends`: of how many messages a session's end comes after; `said`:
    what says who may act, of which state[SAYS] are."""

    slots: Array
    by_locate: Array
    state: Array
    late: Array
    ends: Array
    turned: Array
    said: Array

    @classmethod
    def of(cls, registers: Mapping[str, int], width: int) -> Follow:
        slots = np.zeros(SLOTS, SLOT)
        for slot, row in enumerate(slots):
            row["enabled"] = registers["enable"] >> slot & 1
            row["learns"] = registers["learn"] >> slot & 1
            row["locate"] = registers["locate"] >> 16 * slot & 0xFFFF
            row["symbol"] = registers["symbol"] >> 64 * slot & (1 << 64) - 1
        by_locate = np.full(1 << 16, -1, np.int64)
        for slot in reversed(range(SLOTS)):
            if slots["enabled"][slot]:
                by_locate[slots["locate"][slot]] = slot
        late = np.array([_SAID[width], _ORDERED[width], _MOVED[width]])
        nothing = np.zeros(0, np.int64)
        state, turned, said = np.zeros(4, np.int64), np.zeros(0, TURN), np.zeros(0, SAID)
        return cls(slots, by_locate, state, late, nothing, turned, said)

    def anew(self, most: int, ends: Array) -> Follow:
        """For the next so many messages."""
        self.state[TURNS] = self.state[_ENDED] = self.state[SAYS] = 0
        return self._replace(ends=ends, turned=np.zeros(most, TURN), said=np.zeros(most, SAID))


@bare
def follow(state: Follow, data: Array, at: int, message: Any, row: int, status: bool) -> None:
    """A message, the `row`th; `status`: it is a right one that says nothing of orders."""
    flags, slots = state.state, state.slots
    while flags[_ENDED] < len(state.ends) and state.ends[flags[_ENDED]] <= row:
        flags[_ENDED] += 1
        flags[_FLOWS] = 0
        slots["doubted"][:] = False
    turns, when = 0, state.late[0]
    if message["length"] > 8 and not status:
        flags[_FLOWS], when = 1, state.late[1]
    elif status and data[at] == _R:
        turns, moves = _directory(state, _read(data, at + 1, 2), _read(data, at + _STOCK, 8))
        if moves and flags[_FLOWS]:
            turns, when = turns | moves, state.late[2]
    if flags[_FLOWS]:
        for slot in range(len(slots)):
            if slots[slot]["doubted"]:
                slots[slot]["doubted"], turns = False, turns | 1 << slot
    if turns:
        turn = state.turned[flags[TURNS]]
        turn["cycle"], turn["slots"] = message["given"] + when, turns
        turn["upto"] = message["sequence_number"]
        flags[TURNS] += 1
    if status and data[at] in (_S, _W, _H, _I):
        _say(state, data, at, message["given"], row)


@bare
def _say(state: Follow, data: Array, at: int, given: int, row: int) -> None:
    said, kind = state.said[state.state[SAYS]], data[at]
    said["row"], said["given"], said["kind"] = row, given, kind
    if kind == _S:
        said["letter"] = data[at + _EVENT]
    elif kind == _H:
        said["letter"] = data[at + _ACTION]
    elif kind == _I:
        said["letter"], said["action"] = data[at + _HALT], data[at + _HALT + 1]
    locate, slots = _read(data, at + 1, 2), 0
    for slot in range(len(state.slots)):
        if state.slots[slot]["locate"] == locate:
            slots |= 1 << slot
    said["slots"] = slots
    state.state[SAYS] += 1


@bare
def _directory(state: Follow, locate: Any, symbol: Any) -> tuple[int, int]:
    """The slots that it contradicts, and those that it moves."""
    turns, moves = 0, 0
    for number in range(len(state.slots)):
        slot = state.slots[number]
        if slot["symbol"] == symbol:
            slot["doubted"] = False
            if slot["locate"] != locate and slot["learns"]:
                moves |= slot["enabled"] << number
                _move(state, number, locate)
            elif slot["locate"] != locate:
                turns |= slot["enabled"] << number
        elif slot["enabled"] and slot["locate"] == locate and slot["symbol"] not in (0, _BLANK):
            if slot["learns"]:
                slot["doubted"] = True
            else:
                turns |= 1 << number
    return turns, moves


@bare
def _move(state: Follow, number: int, locate: Any) -> None:
    """Each locate's slot is the lowest that has it."""
    before = state.slots[number]["locate"]
    state.slots[number]["locate"] = locate
    state.by_locate[before] = state.by_locate[locate] = -1
    for other in range(len(state.slots) - 1, -1, -1):
        slot = state.slots[other]
        if slot["enabled"] and (slot["locate"] == before or slot["locate"] == locate):
            state.by_locate[slot["locate"]] = other


@bare
def _read(data: Array, at: int, length: int) -> Any:
    value = np.uint64(0)
    for byte in range(length):
        value = (value << np.uint64(8)) | np.uint64(data[at + byte])
    return value
