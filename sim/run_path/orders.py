"""The way out of a run: what the host commands, how slots make orders, and the three levels behind
the signal. `order` is every decision of the gate, `wire` every order's message, `frame` (frames)
every order's frame, each with its cycle and in each byte.

What must come follows from when signals were presented, from what the feed said of the books then,
and from what the host's commands, the venue and the session said: it is worked out after the run,
by `tickwire.replay.orders`, of the signals that were expected before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from hwtools.toolchain import ToolError
from sim.run_path import frames
from sim.run_path.judge import WAY_OUT, Level, align, compare
from tickwire.board.virtual.builds import START
from tickwire.board.virtual.core import CoreObserved
from tickwire.board.virtual.desk import Desk
from tickwire.gen.records import (
    DECISION,
    ORDER_SETTINGS,
    RISK_STOPS,
    SLOTS,
    Act,
    Capacity,
    Marking,
    Operation,
    Pricing,
    Reason,
)
from tickwire.replay import orders
from tickwire.replay.books import Replayed
from tickwire.replay.orders import BOOK, Orders, Told
from tickwire.replay.path import Expected
from tickwire.risk import ouch
from tickwire.risk.limits import Limits
from tickwire.risk.opening import Command, command, opening, reference
from tickwire.wire.market import Timeline
from tickwire.wire.traffic import Registers

Array = npt.NDArray[Any]

KEY = 0x5449434B  # of a simulated host, which has no secret
_FIRST, _APART = 4_096, 131_072  # cycles until references are pushed, and between two times
_NEAR = 16  # cycles around that in which who may act changes
_SEEN = 2_000  # cycles from a message until a host has heard it
_MOST = (1 << 32) - 1
WIRE = np.dtype(
    [
        *(("sequence_number", np.uint64), ("slot", np.uint8), ("cycle", np.int64)),
        ("bytes", np.uint8, ouch.LENGTH),
    ]
)
ORDER = np.dtype([("cycle", np.int64), *DECISION.dtype.descr])


@dataclass(frozen=True)
class Ordered:
    """What must come of a run's signals, and how it compares."""

    expected: Orders
    levels: list[Level]
    signals: Array  # the cycle of each intended order's signal
    left: Array  # which of the orders weren't refused by the session
    frames: Array  # the frames of orders that came


def settings(registers: Registers, shares: int) -> Records:
    """Each slot's orders: so many shares across the spread, no more than are shown, at once or not
    at all. Whether a sale is short nobody here knows: it is marked so."""
    rows, symbols = ORDER_SETTINGS.empty(SLOTS), registers.values()["symbol"]
    rows["pricing"], rows["shares"], rows["capped"] = Pricing.OPPOSITE, shares, True
    rows["capacity"], rows["marking"] = Capacity.PRINCIPAL, Marking.SHORT
    for slot in range(SLOTS):
        rows["symbol"][slot] = symbols >> 64 * slot & (1 << 64) - 1
    return rows


def desk(limits: Limits | None, books: Replayed, model_id: int, end: int) -> Desk:
    """A host that opens the day before the first frame, and tells the gate until `end` that it
    lives and where the market is; and a session with a venue. Without limits there is neither."""
    if limits is None:
        return Desk()
    given = [(0, one) for one in opening(limits, KEY, model_id)]
    at, apart = START + _FIRST, _FIRST
    while at < end:
        given.append((at, command(Act.BEAT, KEY)))
        middles = _middles(books, at - _SEEN)
        for slot in sorted(set(limits.slots) & set(middles)):
            given.append((at, reference(KEY, slot, middles[slot], 1, _MOST)))
        apart = min(2 * apart, _APART)
        at += apart
    return Desk(given, frames.session())


def _middles(books: Replayed, until: int) -> dict[int, int]:
    """By slot, the middle of its book as of the messages until then."""
    when = np.maximum.accumulate(books.operations["message_cycle"].astype(np.int64))
    rows = int(np.searchsorted(when, until))
    middles: dict[int, int] = {}
    for slot in range(SLOTS):
        mine = np.flatnonzero(books.outcome.tops["slot"][:rows] == slot)
        if len(mine):
            top = books.outcome.tops[mine[-1]]
            bid, ask = int(top["bid_price"]), int(top["ask_price"])
            if bid and ask and not top["stale"]:
                middles[slot] = (bid + ask) // 2
    return middles


def judged(
    observed: CoreObserved,
    expected: Expected,
    market: Timeline,
    given: Desk,
    slots: Records,
    width: int,
) -> Ordered:
    """The three levels; `market` says who may act, `slots` are `settings`."""
    order = align(observed.rows("signals")["slot"], expected.signals["slot"])
    came = np.argsort(order.observed)
    signals = expected.signals[order.expected[came]]
    cycles = observed.cycles_of("signals")[order.observed[came]]
    until = int(observed.cycles_of("echoes").max(initial=0))
    told = Told(_told(observed, given.commands), _heard(observed), _refused(observed), until)
    stops = _stops(observed, expected, market, signals["slot"], cycles)
    theirs = orders.replay(signals, cycles, slots, stops, told)
    decisions, sent = _decisions(theirs.decided, theirs.decisions), _sent(theirs)
    ours = _decisions(observed.cycles_of("decisions"), observed.rows("decisions"))
    left = frames.seen(observed)
    framed = left[:0]
    if given.session is not None:
        framed = frames.expected(theirs, observed, given.session, width)
    pairs = zip(WAY_OUT, ((ours, decisions), (_seen(observed), sent), (left, framed)), strict=True)
    levels = [compare(name, *both) for name, both in pairs]
    came = observed.frames[frames.of_orders(observed)]
    return Ordered(theirs, levels, cycles[theirs.made], frames.which(theirs, observed), came)


def _told(observed: CoreObserved, commands: Sequence[tuple[int, Command]]) -> list[Any]:
    """Each command with the cycle in which the gate took it; one that it didn't take is an error of
    the run's host."""
    acts, taken = observed.rows("echoes")["act"].tolist(), observed.rows("echoes_taken").tolist()
    if acts != [int(one.act) for _, one in commands]:
        raise ToolError(f"{len(commands)} commands of the host's, {len(acts)} other ones echoed")
    for row, took in enumerate(taken):
        if not took:
            raise ToolError(f"the gate didn't take the command {commands[row][1].act.name.lower()}")
    when = observed.cycles_of("echoes") - 1
    return [(cycle, one) for cycle, (_, one) in zip(when.tolist(), commands, strict=True)]


def _heard(observed: CoreObserved) -> list[tuple[int, bytes]]:
    rows = zip(*(observed.heard[name] for name in observed.heard.dtype.names or ()), strict=True)
    return [(int(cycle), raw[:length].tobytes()) for cycle, length, raw in rows]


def _refused(observed: CoreObserved) -> list[tuple[int, int]]:
    """Tokens of the orders that the session refused."""
    pairs = zip(*observed.refused, strict=True)
    return [(int(cycle), int.from_bytes(raw.tobytes(), "big")) for cycle, raw in pairs]


def _stops(
    observed: CoreObserved, expected: Expected, market: Timeline, slots: Array, cycles: Array
) -> Records:
    """What the feed said of each signal's slot as its order was stopped or not. Of the host's own
    books; but when a loss, or who may act, shows ahead of them, the core's taps have: if the books
    say so no later than with the slot's next record."""
    then, at = cycles + orders.STOPPED, np.arange(len(slots))
    which = np.searchsorted(observed.cycles_of("stops"), then, side="right") - 1
    shown, stops = observed.rows("stops"), RISK_STOPS.empty(len(slots))
    closed, closes = (market.at(then + late, slots) != Reason.OK for late in (-_NEAR, _NEAR))
    booked = observed.cycles_of("tops")
    tops = expected.outcome.tops[: len(booked)]
    for slot in np.unique(slots).tolist():
        mine = np.flatnonzero(slots == slot)
        rows = np.flatnonzero((tops["slot"] == slot) & (tops["operation"] != Operation.NONE))
        if not len(rows):  # a signal of no book: an earlier level differs
            continue
        place = np.searchsorted(booked[rows], then[mine])
        last, after = rows[place - 1], rows[np.minimum(place, len(rows) - 1)]
        for name in BOOK:
            stops[name][mine] = tops[name][last]
        stops["halted"][mine] |= closed[mine] & closes[mine]
        for name, soon in (("stale", False), ("halted", closed[mine] | closes[mine])):
            soon |= tops[name][after] | (place == len(rows))
            tapped = shown[name][which][at, slots][mine] != 0
            stops[name][mine] |= tapped & soon
    return stops


def _decisions(cycles: Array, decisions: Records) -> Array:
    rows = np.zeros(len(decisions), ORDER)
    rows["cycle"] = cycles
    for name in DECISION.dtype.names or ():
        rows[name] = decisions[name]
    return rows


def _sent(theirs: Orders) -> Array:
    rows = np.zeros(len(theirs.messages), WIRE)
    rows["cycle"], rows["bytes"] = theirs.sent, theirs.messages
    for name in ("sequence_number", "slot"):
        rows[name] = theirs.orders[name]
    return rows


def _seen(observed: CoreObserved) -> Array:
    """Each message that came, of the decision that gave its token."""
    cycles, raw = observed.messages_sent
    rows, decisions = np.zeros(len(raw), WIRE), observed.rows("decisions")
    rows["cycle"], rows["bytes"] = cycles, raw
    tokens = {int(token): row for row, token in enumerate(decisions["token"])}
    for row in range(len(raw)):
        of = tokens.get(int.from_bytes(raw[row, 1:5].tobytes(), "big"))
        if of is not None:
            for name in ("sequence_number", "slot"):
                rows[name][row] = decisions[name][of]
    return rows
