"""Which instrument each slot follows, compiled: what directory messages say of that, as slot_follow
has it, and which slots hear their instrument; and which messages say who may act, of which slots.
Registers don't change here but for the locates that are learned.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from hwtools.compiled import bare
from tickwire.gen.itch_table import MESSAGES
from tickwire.gen.records import SLOTS, Reason
from tickwire.wire.market import KINDS, WHERE

Array = npt.NDArray[Any]

_R = MESSAGES["R"].code
_STOCK = next(field.offset for field in MESSAGES["R"].fields if field.name == "stock")
_ACTION, _HALT = WHERE["H"], WHERE["h"]
_EVENT = WHERE["S"]
_S, _W, _H, _I = KINDS.encode()
_TRADING = ord("T")
_BLANK = int.from_bytes(b" " * 8, "big")
# Cycles from a message's last byte, by width: until a directory message or an order turns a slot,
# and until one does whose locate is learned.
_SAID, _ORDERED, _MOVED = {8: 5, 64: 6}, {8: 3, 64: 5}, {8: 7, 64: 8}

SLOT = np.dtype(
    [
        ("enabled", np.bool_),
        ("hears", np.bool_),  # and no lower one that is enabled has its locate
        ("learns", np.bool_),
        ("locate", np.int64),
        ("symbol", np.uint64),
        ("doubted", np.bool_),  # its locate was given to another symbol, before any order
        ("moved", np.int64),  # when its locate, or whether it hears, last changed; no order yet
        ("why", np.uint8),  # the reason that this is
        ("named", np.bool_),  # by a directory message
    ]
)
# What happens after so many messages: what may have been an order, a session's end, that a frame
# comes which may be undone, and that it is.
HAPPENS = np.dtype([("after", np.int64), ("cycle", np.int64), ("kind", np.uint8)])
LOSES, ENDS, OPENS, UNDONE = range(4)  # in a cycle
_NEVER = -9
# Of several reasons in a cycle the least is given. `upto`: the newest number of what may be
# missing, filled in later.
TURN = np.dtype(
    [("cycle", np.int64), ("slots", np.uint8), ("upto", np.uint64), ("reason", np.uint8)]
)
_DEAF, _HEARS, _RELOCATED = Reason.NOT_ENABLED, Reason.NO_START, Reason.RELOCATED
SAID = np.dtype(
    [
        ("row", np.int64),  # of the message
        ("given", np.int64),
        ("kind", np.uint8),
        ("letter", np.uint8),
        ("action", np.uint8),
        ("slots", np.uint8),  # by its locate
        ("named", np.uint8),  # of an H: whose symbol it names, or else whose locate
    ]
)
TURNS, _FLOWS, _HAPPENED, SAYS, _TOLD, _CHANGES = range(6)  # of `state`
# From that cycle on these slots follow an instrument.
FOLLOWS = np.dtype([("cycle", np.int64), ("slots", np.uint8)])


class Follow(NamedTuple):
    """`by_locate`: the slot, -1: none. `turned`: what can't be trusted from then on, of which
    state[TURNS] are filled in; `before`: the slots before a frame that may be undone; `happens`:
    see there, in order; `said`: what says who may act, of which state[SAYS] are; `follows`: see
    there, of which state[_CHANGES] are."""

    slots: Array
    before: Array
    by_locate: Array
    state: Array
    late: Array
    happens: Array
    turned: Array
    said: Array
    follows: Array

    @classmethod
    def of(cls, registers: Mapping[str, int], width: int) -> Follow:
        slots = np.zeros(SLOTS, SLOT)
        for slot, row in enumerate(slots):
            row["enabled"] = registers["enable"] >> slot & 1
            row["learns"] = registers["learn"] >> slot & 1
            row["locate"] = registers["locate"] >> 16 * slot & 0xFFFF
            row["moved"] = _NEVER
            row["symbol"] = registers["symbol"] >> 64 * slot & (1 << 64) - 1
        by_locate = np.full(1 << 16, -1, np.int64)
        for slot in reversed(range(SLOTS)):
            if slots["enabled"][slot]:
                by_locate[slots["locate"][slot]] = slot
        late = np.array([_SAID[width], _ORDERED[width], _MOVED[width]])
        state, turned, said = np.zeros(6, np.int64), np.zeros(0, TURN), np.zeros(0, SAID)
        follows, happens = np.zeros(1, FOLLOWS), np.zeros(0, HAPPENS)
        follow = cls(slots, slots, by_locate, state, late, happens, turned, said, follows)
        for slot, row in enumerate(slots):
            row["hears"] = _hears(follow, slot)
        return follow._replace(before=slots.copy())

    def anew(self, most: int, happens: Array) -> Follow:
        """For the next so many messages."""
        self.state[TURNS] = self.state[_HAPPENED] = self.state[SAYS] = 0
        turned = np.zeros(2 * most + (2 + SLOTS) * (1 + len(happens)), TURN)
        said = np.zeros(most, SAID)
        follows = np.zeros(1 + most + 2 * len(happens), FOLLOWS)
        new = self._replace(happens=np.sort(happens), turned=turned, said=said, follows=follows)
        self.state[_CHANGES] = 0
        _note(new, np.iinfo(np.int64).min)
        return new

    def followed(self) -> Array:
        """Which slots follow an instrument, from which cycle on, of these messages alone."""
        return self.follows[: self.state[_CHANGES]].copy()

    def turns(self) -> Array:
        """In order, those of a cycle together."""
        turned = np.sort(self.turned[: self.state[TURNS]])
        first = np.flatnonzero(np.diff(turned["cycle"], prepend=-1))
        every = turned[first]
        if len(turned):
            every["slots"] = np.bitwise_or.reduceat(turned["slots"], first)
            every["reason"] = np.minimum.reduceat(turned["reason"], first)
        return every


@bare
def follow(state: Follow, data: Array, at: int, message: Any, row: int, status: bool) -> None:
    """A message, the `row`th; `status`: it is a right one that says nothing of orders."""
    given = message["given"]
    if message["length"] > 8 and not status:
        _flow(state, given + state.late[1] - 1)
    elif status and data[at] == _R:
        turns, moves = _directory(state, _read(data, at + 1, 2), _read(data, at + _STOCK, 8))
        _turn(state, given + state.late[0], turns, _RELOCATED)
        _tell(state, given + state.late[0] - 1, 2)
        _moves(state, given + state.late[2] - 1, moves)
        if state.state[_FLOWS]:
            _doubts(state, given + state.late[0])
    if status and data[at] == _W:
        _flow(state, given + state.late[0] - 1)
    if status and data[at] in (_I, _H):
        halts = data[at] == _I or data[at + _ACTION] != _TRADING
        turns = _untold(state, _read(data, at + 1, 2), _read(data, at + _STOCK, 8))
        _turn(state, given + state.late[0], turns, _RELOCATED)
        if halts:
            _tell(state, given + state.late[0] - 1, 3)
    if status and data[at] in (_S, _W, _H, _I):
        _say(state, data, at, message["given"], row)


@bare
def happen(state: Follow, row: int) -> None:
    """What happens before the `row`th message."""
    flags, slots = state.state, state.slots
    while flags[_HAPPENED] < len(state.happens):
        what = state.happens[flags[_HAPPENED]]
        if what["after"] > row:
            return
        flags[_HAPPENED] += 1
        if what["kind"] == ENDS:
            flags[_FLOWS] = flags[_TOLD] = 0
            _keep_turns(state, what["cycle"])  # the end forgets those that would come later
            slots["doubted"][:] = False
            slots["moved"][:] = _NEVER
        elif what["kind"] == LOSES:
            _flow(state, what["cycle"])
        elif what["kind"] == OPENS:
            for slot in range(len(slots)):
                state.before[slot] = slots[slot]
        else:
            _forget(state, what["cycle"])


@bare
def _keep_turns(state: Follow, until: int) -> None:
    kept = 0
    for turn in range(state.state[TURNS]):
        if state.turned[turn]["cycle"] <= until:
            state.turned[kept] = state.turned[turn]
            kept += 1
    state.state[TURNS] = kept


@bare
def _flow(state: Follow, cycle: int) -> None:
    """An order, or what may have been one: what changed a little before turns, too."""
    if not state.state[_FLOWS]:
        state.state[_FLOWS] = 1
        for slot in range(len(state.slots)):
            moved = state.slots[slot]["moved"]
            if moved >= cycle - 2:
                _turn(state, max(cycle, moved) + 1, 1 << slot, state.slots[slot]["why"])
    _doubts(state, cycle + 1)


@bare
def _tell(state: Follow, cycle: int, late: int) -> None:
    """A halt, or a directory message: what hears from a little before wasn't told of it."""
    if not state.state[_TOLD] and not state.state[_FLOWS]:
        for number in range(len(state.slots)):
            slot = state.slots[number]
            if slot["why"] == _HEARS and slot["moved"] >= cycle - late:
                _turn(state, max(cycle, slot["moved"]) + 1, 1 << number, _HEARS)
                slot["moved"] = _NEVER
    state.state[_TOLD] = 1


@bare
def _forget(state: Follow, cycle: int) -> None:
    """What a wrong frame taught; the registers have it 2 cycles later."""
    moves = 0
    for slot in range(len(state.slots)):
        now, before = state.slots[slot], state.before[slot]
        now["doubted"] = before["doubted"]
        if now["locate"] != before["locate"]:
            moves |= 1 << slot
            _move(state, slot, before["locate"])
    if state.state[_FLOWS]:
        _doubts(state, cycle + 1)
    _moves(state, cycle + 2, moves)


@bare
def _doubts(state: Follow, cycle: int) -> None:
    turns = 0
    for slot in range(len(state.slots)):
        if state.slots[slot]["doubted"]:
            state.slots[slot]["doubted"], turns = False, turns | 1 << slot
    _turn(state, cycle, turns, _RELOCATED)


@bare
def _moves(state: Follow, cycle: int, slots: int) -> None:
    """Their locates change in that cycle, and so it may that they or others hear."""
    for number in range(len(state.slots)):
        slot = state.slots[number]
        before, now = slot["hears"], _hears(state, number)
        slot["hears"] = now
        why = _DEAF if before and not now else _HEARS if now and not before else _RELOCATED
        if why == _RELOCATED and not (now and slots >> number & 1):
            continue
        if state.state[_FLOWS] or (state.state[_TOLD] and why == _HEARS):
            _turn(state, cycle + 1, 1 << number, why)
        else:
            slot["moved"], slot["why"] = cycle, why
    _note(state, cycle)


@bare
def _note(state: Follow, cycle: int) -> None:
    slots = 0
    for number in range(len(state.slots)):
        slot = state.slots[number]
        if slot["hears"] and slot["locate"] != 0:
            slots |= 1 << number
    at = state.state[_CHANGES]
    state.follows[at]["cycle"], state.follows[at]["slots"] = cycle, slots
    state.state[_CHANGES] += 1


@bare
def _hears(state: Follow, number: int) -> Any:
    slot = state.slots[number]
    if not slot["enabled"]:
        return False
    for other in range(number):
        lower = state.slots[other]
        if lower["enabled"] and lower["locate"] == slot["locate"] and slot["locate"] != 0:
            return False
    return True


@bare
def _turn(state: Follow, cycle: int, slots: int, reason: int) -> None:
    if slots:
        turn = state.turned[state.state[TURNS]]
        turn["cycle"], turn["slots"], turn["reason"] = cycle, slots, reason
        state.state[TURNS] += 1


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
    locate, slots, named = _read(data, at + 1, 2), 0, 0
    symbol = _read(data, at + _STOCK, 8) if kind == _H else np.uint64(0)
    for slot in range(len(state.slots)):
        one = state.slots[slot]
        slots |= (one["locate"] == locate) << slot
        blank = one["symbol"] == 0 or one["symbol"] == _BLANK
        named |= (one["locate"] == locate if blank else one["symbol"] == symbol) << slot
    said["slots"], said["named"] = slots, named
    state.state[SAYS] += 1


@bare
def _directory(state: Follow, locate: Any, symbol: Any) -> tuple[int, int]:
    """The slots that it contradicts, and those that it moves."""
    turns, moves = 0, 0
    for number in range(len(state.slots)):
        slot = state.slots[number]
        if slot["symbol"] == symbol:
            slot["doubted"], slot["named"] = False, True
            if slot["locate"] != locate and slot["learns"]:
                moves |= 1 << number
                _move(state, number, locate)
            elif slot["locate"] != locate:
                turns |= slot["hears"] << number
        elif slot["locate"] == locate and slot["symbol"] not in (0, _BLANK):
            if slot["learns"]:
                slot["doubted"] = slot["doubted"] or slot["hears"]
                _move(state, number, 0)
            else:
                turns |= slot["hears"] << number
    return turns, moves


@bare
def _untold(state: Follow, locate: Any, symbol: Any) -> int:
    """The slots whose instrument an H or h names by another locate, or whose locate by another
    symbol: they weren't told of it."""
    turns = 0
    for number in range(len(state.slots)):
        slot = state.slots[number]
        other = slot["symbol"] != symbol and slot["symbol"] not in (0, _BLANK)
        if (slot["symbol"] == symbol and slot["locate"] != locate) or (
            other and slot["locate"] == locate
        ):
            turns |= slot["hears"] << number
    return turns


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
