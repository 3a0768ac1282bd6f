"""Converts DEEP messages to book operations: levels fill the same books as orders do.

A level is kept as one order, whose reference is made of side and price. A level update that says
how many shares rest there now becomes an add where there were none, else a replace of the level
under its own reference, or a delete for none. To take away what isn't there changes nothing, and is
`none`. A price that no book holds (below 0, or of 2**32 and more) makes the slot stale.

A slot is halted while its trading status isn't T, or IEX has halted it for reasons of its own. IEX
says both of each instrument in the morning, and what it leaves out is halted: unless any hours will
do, nobody may act on a slot (reason `halted`) until both were said.
`last_of_packet` marks the end of an event: DEEP tells by a flag whether more levels of it follow,
and only at its end is the book one that there was.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from tickwire.gen.records import BOOK_OP, Operation, Reason, Side
from tickwire.wire import deep
from tickwire.wire.codec import Messages

Array = npt.NDArray[np.int64]

SIDES = {"8": Side.BUY, "5": Side.SELL}
COMPLETE = 1  # the flag of an event's last level update
_SYMBOL = slice(10, 18)  # of each message but S
_MOST, _MOST_TIME = 1 << 32, 1 << 48
_SECOND = 1_000_000_000


def operations(
    messages: Messages,
    slots: Mapping[bytes, int],
    *,
    sequence: npt.NDArray[np.uint64] | None = None,
    any_hours: bool = False,
) -> Records:
    """The operations in order; `slots` has the slot of each symbol, of 8 bytes, that is followed.
    All that is known of levels before is that there were none."""
    numbers = np.arange(len(messages), dtype=np.uint64) + np.uint64(1)
    numbers = numbers if sequence is None else sequence
    parts = [_updates(messages, slots, numbers), _halts(messages, slots, numbers)]
    rows = np.concatenate([index for index, _ in parts])
    ops = np.concatenate([part for _, part in parts])
    order = np.argsort(rows)
    rows, ops = rows[order], ops[order]
    for slot in () if any_hours else slots.values():
        mine = np.flatnonzero(ops["slot"] == slot)
        said = np.flatnonzero(ops["operation"][mine] == Operation.RESUME)
        untold = mine[: said[0]] if len(said) else mine
        untold = untold[ops["operation"][untold] != Operation.STALE]
        ops["reason"][untold] = Reason.HALTED
    ops[_untimed(messages, rows)] = _unread(ops[_untimed(messages, rows)])
    return ops


def _untimed(messages: Messages, rows: Array) -> npt.NDArray[np.bool_]:
    """Which of these have a time that no day has."""
    times = messages.column("timestamp", np.int64)
    since = times[rows] - midnight(int(times[0])) if len(times) else times
    untimed: npt.NDArray[np.bool_] = (since < 0) | (since >= _MOST_TIME)
    return untimed


def _unread(ops: Records) -> Records:
    """What is known of operations of messages that can't be read."""
    stale = BOOK_OP.empty(len(ops))
    stale["slot"], stale["sequence_number"] = ops["slot"], ops["sequence_number"]
    stale["operation"], stale["reason"] = Operation.STALE, Reason.PARSE_ERROR
    stale["last_of_packet"] = 1
    return stale


def unread_of(message: bytes) -> bytes | None:
    """Whose book a message that can't be read may concern: a symbol's; every one's, which is
    empty; or none's, where only what isn't of books is wrong."""
    if len(message) < _SYMBOL.stop or message[:1] == b"S":
        return b""
    of_books = message[:1] in b"85HO"
    return message[_SYMBOL] if of_books or message[0] not in deep.CODEC.by_code else None


def since_midnight(times: Array) -> Array:
    """Nanoseconds since 1970 as those since the first one's midnight in New York."""
    if not len(times):
        return times
    return times - midnight(int(times[0]))


def midnight(time: int) -> int:
    """When New York's clocks would have shown midnight, had they not changed since; both times in
    nanoseconds since 1970."""
    moment = datetime.fromtimestamp(time // _SECOND, UTC)
    local = moment - timedelta(hours=_behind(moment))
    start = datetime(local.year, local.month, local.day, tzinfo=UTC) + timedelta(
        hours=_behind(moment)
    )
    return int(start.timestamp()) * _SECOND


def _behind(moment: datetime) -> int:
    """Hours that New York is behind: 4 from the second Sunday of March to the first of November."""
    march, november = date(moment.year, 3, 8), date(moment.year, 11, 1)
    starts, ends = (day + timedelta(days=(6 - day.weekday()) % 7) for day in (march, november))
    return 4 if starts <= (moment - timedelta(hours=6)).date() < ends else 5


def _slots(rows: Records, slots: Mapping[bytes, int]) -> Array:
    """The slot of each row, -1 where its symbol isn't followed."""
    names = np.ascontiguousarray(rows["symbol"]).view(">u8")
    of = np.full(len(rows), -1, np.int64)
    for name, slot in slots.items():
        of[names == int.from_bytes(name, "big")] = slot
    return of


def _updates(
    messages: Messages, slots: Mapping[bytes, int], numbers: npt.NDArray[np.uint64]
) -> tuple[Array, Records]:
    """Of level updates: their messages, and an operation each."""
    found = []
    for kind, side in SIDES.items():
        if kind in messages.arrays:
            here = np.flatnonzero(messages.types == ord(kind))
            rows = messages.arrays[kind][messages.rows[here]]
            of = _slots(rows, slots)
            found.append((here, rows, of, np.full(len(here), side)))
    if not found:
        return np.zeros(0, np.int64), BOOK_OP.empty(0)
    order = np.argsort(np.concatenate([part[0] for part in found]), kind="stable")
    here = np.concatenate([part[0] for part in found])[order]
    of = np.concatenate([part[2] for part in found])[order]
    sides = np.concatenate([part[3] for part in found])[order]
    columns = [part[1][["timestamp", "event_flags", "size", "price"]] for part in found]
    rows = np.concatenate(columns)[order]
    keep = of >= 0
    here, rows, of, sides = here[keep], rows[keep], of[keep], sides[keep]
    ops = BOOK_OP.empty(len(here))
    price, size = rows["price"].astype(np.int64), rows["size"].astype(np.int64)
    held = (price > 0) & (price < _MOST)
    key = sides * _MOST + np.where(held, price, 0)
    before = _before(of * 2 * _MOST + key, np.where(held, size, 0))
    ops["slot"], ops["side"], ops["price"] = of, sides, np.where(held, price, 0)
    ops["order_reference"], ops["shares"] = key, size
    ops["timestamp"] = since_midnight(rows["timestamp"])
    ops["sequence_number"] = numbers[here]
    ops["last_of_packet"] = rows["event_flags"] & COMPLETE
    kinds = np.where(before > 0, Operation.REPLACE, Operation.ADD)
    kinds = np.where(size == 0, np.where(before > 0, Operation.DELETE, Operation.NONE), kinds)
    kinds[~held] = Operation.STALE
    ops["operation"] = kinds
    ops["new_order_reference"][kinds == Operation.REPLACE] = key[kinds == Operation.REPLACE]
    ops["reason"][~held] = Reason.BAD_PRICE
    for name in ("order_reference", "shares", "price", "side"):
        ops[name][(kinds == Operation.NONE) | ~held] = 0
    ops["side"][kinds == Operation.REPLACE] = 0
    for name in ("shares", "price", "side"):
        ops[name][kinds == Operation.DELETE] = 0
    return here, ops


def _before(keys: Array, sizes: Array) -> Array:
    """The shares that each level had before its update."""
    order = np.argsort(keys, kind="stable")
    before = np.zeros(len(keys), np.int64)
    again = keys[order][1:] == keys[order][:-1]
    before[order[1:][again]] = sizes[order[:-1][again]]
    return before


def _halts(
    messages: Messages, slots: Mapping[bytes, int], numbers: npt.NDArray[np.uint64]
) -> tuple[Array, Records]:
    """Of trading statuses and operational halts, which together say whether a slot is halted."""
    found: list[tuple[int, int, str, bytes, int]] = []
    for kind, name in (("H", "trading_status"), ("O", "operational_halt_status")):
        if kind in messages.arrays:
            here = np.flatnonzero(messages.types == ord(kind))
            rows = messages.arrays[kind][messages.rows[here]]
            of = _slots(rows, slots)
            found += [
                (int(here[at]), int(of[at]), kind, rows[name][at], int(rows["timestamp"][at]))
                for at in np.flatnonzero(of >= 0).tolist()
            ]
    found.sort()
    ops = BOOK_OP.empty(len(found))
    halted: dict[tuple[int, str], bool] = {}
    for row, (message, slot, kind, status, time) in enumerate(found):
        halted[slot, kind] = status != b"T" if kind == "H" else status != b"N"
        either = halted.get((slot, "H"), True) or halted.get((slot, "O"), True)
        ops["slot"][row] = slot
        ops["operation"][row] = Operation.HALT if either else Operation.RESUME
        ops["timestamp"][row], ops["last_of_packet"][row] = time - midnight(time), 1
        ops["sequence_number"][row] = numbers[message]
    return np.array([message for message, *_ in found], np.int64), ops
