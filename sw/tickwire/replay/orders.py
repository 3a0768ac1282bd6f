"""From signals to the orders that the hardware must send, on the host.

`replay` takes signals and the cycles in which they were presented, what the feed said of the books
three cycles later, what the host commanded and what the venue answered; it gives every decision of
the gate and every order's bytes, each with its cycle. The rules are docs/risk.md's; the gate is
`tickwire.risk.gate`. When what is told holds:

    what                            of an order whose signal is presented in the cycle s
    a command, in the cycle c       is judged by it where c <= s + 1
    that stops, in c                is stopped by it where c <= s + 3
    that lets pass, in c            passes by it where c <= s + 2
    the venue's message, in v       is the gate's in v + 4, or 3 behind the one before it
    an order that can't leave, in r is the gate's in r + 3, likewise
    a confirmation, the gate's in t is judged by it where t <= s - 1; by a wrong one it is stopped
                                    where t <= s + 1
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from tickwire.gen.records import (
    CONFIRMATION,
    DECISION,
    ORDER,
    RISK_STOPS,
    SLOTS,
    Act,
    Outcome,
)
from tickwire.risk import maker, ouch
from tickwire.risk.gate import PRESENTED, Gate
from tickwire.risk.opening import Command
from tickwire.risk.state import FINE, SATURATED, UNKNOWN, State, confirm

Array = npt.NDArray[Any]
DECIDED = maker.LATENCY + PRESENTED  # cycles from a signal to the gate's decision
SENT = DECIDED + 1  # to its order's message
STOPPED = 3  # to what stops it
BOOK = ("stale", "crossed", "locked", "halted")
_DECODED, _QUEUED, _APART = 1, 3, 3  # of what the venue says, until it is the gate's
_WRONG = 2  # from a wrong confirmation until it stops; a right one changes the sums then
_SAID = ("token", "outcome", "shares", "price")
_OF_STATE = (
    *(Act.POSITION, Act.LIFT, Act.NEW_DAY, Act.REFERENCE, Act.LOSS, Act.LOSS_TOTAL, Act.TOKEN),
)


@dataclass(frozen=True)
class Told:
    """What the gate hears besides signals, by the cycle: commands that it took, messages that the
    venue sent, tokens of orders that the session refused; and until when."""

    commands: Sequence[tuple[int, Command]] = ()
    heard: Sequence[tuple[int, bytes]] = ()
    refused: Sequence[tuple[int, int]] = ()
    until: int = 0


@dataclass(frozen=True)
class Orders:
    """A row of `decisions` and of `decided`, its cycle, is an intended order, of the signal in
    `made`; one of `orders`, `messages` and `sent`, its cycle, is one that the gate let pass and
    that OUCH can carry. `unwritable` it can't."""

    made: Array
    decisions: Records
    decided: Array
    orders: Records
    messages: Array
    sent: Array
    unwritable: int
    wrong: int  # confirmations that changed nothing and disarmed
    cancels: int | None  # the number of the first packet that a kill sends, if it was killed


def replay(
    signals: Records, cycles: Array, settings: Records, stops: Records, told: Told
) -> Orders:
    """`stops` has a row of RISK_STOPS for each signal, of which BOOK's fields are looked at."""
    intents, made = maker.intents(signals, settings)
    desk = _Desk(told)
    decisions, orders = DECISION.empty(len(made)), list[Records]()
    messages, sent = list[bytes](), list[int]()
    for row, at in enumerate(made.tolist()):
        comes = int(cycles[at]) + maker.LATENCY
        decisions[row : row + 1], order = desk.decide(intents[row : row + 1], comes, stops[at])
        if not len(order):
            continue
        raw = ouch.message(order[0])
        if raw is None:
            desk.unwritable(order, comes)
            continue
        orders.append(order)
        messages.append(raw)
        sent.append(comes - maker.LATENCY + SENT)
    return Orders(
        made,
        decisions,
        cycles[made] + DECIDED,
        np.concatenate([ORDER.empty(0), *orders]),
        np.frombuffer(b"".join(messages), np.uint8).reshape(-1, ouch.LENGTH),
        np.array(sent, np.int64),
        desk.refused,
        desk.wrong,
        desk.cancels(told.until),
    )


@dataclass
class _Control:
    """What stops all orders, or a slot's, after reset."""

    killed: bool = True
    armed: bool = False
    open: bool = False
    slots: set[int] = field(default_factory=lambda: set(range(SLOTS)))  # killed
    beat: int | None = None
    silence: int = 0  # the limit

    def disarm(self) -> None:
        self.armed = False

    def kill(self) -> None:
        self.killed, self.armed = True, False

    def alive(self, now: int) -> None:
        """An armed gate dies of silence."""
        if self.armed and (self.beat is None or now > self.beat + self.silence):
            self.kill()


class _Desk:
    """The gate, and what is told to it until each order, in order of time."""

    def __init__(self, told: Told) -> None:
        self._gate, self._control = Gate(), _Control()
        self._commands = sorted(told.commands, key=lambda one: one[0])[::-1]  # the next is last
        # of control: from which cycle on, and whether its cause is of that very cycle
        self._changes: list[tuple[int, bool, int, Callable[[], None]]] = []
        self._said: list[tuple[int, int, Records]] = []  # on its way: cycle, source, what
        self._due: list[tuple[int, ...]] = []  # the gate's: cycle, token, outcome, shares, price
        self._looked: tuple[int, ...] = ()  # the last of them, which hasn't changed anything yet
        self._count = self.refused = self.wrong = 0
        self._last = -_APART
        self._leaves: dict[int, int] = {}  # tokens: when their orders are presented
        for cycle, one in self._commands:
            self._change(cycle, one)
        for cycle, raw in told.heard:
            self._hear(cycle, raw)
        for cycle, token in told.refused:
            self._reject(cycle, 2, token)

    def decide(self, intent: Records, comes: int, book: Any) -> tuple[Records, Records]:
        """The decision on an intended order that comes in this cycle, and its order if it may."""
        self._tell(comes)
        self._confirm(comes)
        stops = RISK_STOPS.empty(1)
        for name in BOOK:
            stops[name] = book[name]
        control = self._stand(comes + STOPPED - maker.LATENCY)
        stops["killed"], stops["armed"] = control.killed, control.armed
        stops["slot_killed"] = int(intent["slot"][0]) in control.slots
        stops["session_open"] = control.open
        decisions, orders = self._gate.decide(intent, [comes], stops)
        for token in orders["token"].tolist():
            self._leaves[token] = comes + PRESENTED
        return decisions, orders

    def _stand(self, now: int) -> _Control:
        """What stops in this cycle."""
        control = self._control
        while self._changes and self._changes[0][0] <= now:
            cycle, at_once, _, change = heapq.heappop(self._changes)
            control.alive(cycle if at_once else cycle - 1)
            change()
        control.alive(now)
        return control

    def cancels(self, until: int) -> int | None:
        """A gate that was killed, and isn't as it was at reset, numbers what cancels."""
        self._confirm(until)
        total = self._gate.state.total
        if not self._stand(until).killed or not total["token_known"][0]:
            return None
        return int(total["token"][0])

    def unwritable(self, order: Records, comes: int) -> None:
        """OUCH can't carry it: the gate hears that it was rejected."""
        self._reject(comes - maker.LATENCY + SENT, 0, int(order["token"][0]))
        self.refused += 1

    def _reject(self, cycle: int, source: int, token: int) -> None:
        row = CONFIRMATION.empty(1)
        row["token"], row["outcome"] = token, Outcome.REJECTED
        heapq.heappush(self._said, (cycle, self._order(source), row))

    # -- What is told --------------------------------------------------------------------------

    def _hear(self, cycle: int, raw: bytes) -> None:
        try:
            row = ouch.confirmation(raw)
        except ouch.DoubtError:
            self._at(cycle + _DECODED, self._control.disarm)
            return
        if row is not None:
            heapq.heappush(self._said, (cycle + _DECODED, self._order(1), row))

    def _order(self, source: int) -> int:
        """Of what comes at once the lower source's is first; else as it came."""
        self._count += 1
        return source << 32 | self._count

    def _at(self, cycle: int, change: Callable[[], None], later: bool = False) -> None:
        heapq.heappush(self._changes, (cycle + later, not later, self._order(0), change))

    def _change(self, cycle: int, one: Command) -> None:
        """What a command does to what stops, and from when on."""
        control, slot = self._control, int(one.row["slot"][0])

        def revive() -> None:
            control.killed = False

        def arm() -> None:
            control.armed = True

        def session() -> None:
            control.open = bool(one.row["open"][0])

        def beat() -> None:
            control.beat = cycle

        at_once: dict[Act, Callable[[], None]] = {
            Act.KILL: control.kill,
            Act.DISARM: control.disarm,
            Act.KILL_SLOT: lambda: control.slots.add(slot),
        }
        later: dict[Act, Callable[[], None]] = {
            Act.REVIVE: revive,
            Act.REVIVE_SLOT: lambda: control.slots.discard(slot),
            Act.ARM: arm,
            Act.BEAT: beat,
        }
        if one.act == Act.SESSION:
            self._at(cycle, session, bool(one.row["open"][0]))
        elif one.act in at_once:
            self._at(cycle, at_once[one.act])
        elif one.act in later:
            self._at(cycle, later[one.act], True)

    def _tell(self, comes: int) -> None:
        """Commands by which an order that comes now is judged."""
        gate = self._gate
        while self._commands and self._commands[-1][0] <= comes:
            cycle, one = self._commands.pop()
            slot = int(one.row["slot"][0])
            self._confirm(cycle - 1)
            gate.settle(cycle + 1)
            if one.act == Act.SLOT_LIMITS:
                gate.limits[slot : slot + 1] = one.limits
                gate.written[slot] = True
            elif one.act == Act.TOTAL_LIMITS:
                gate.total[:] = one.limits
                gate.total_written = True
                self._control.silence = int(gate.total["silence"][0])
            elif one.act in _OF_STATE and not gate.tell(one.row[0], False, cycle + 1):
                raise ValueError(f"{one.act.name.lower()} in cycle {cycle}: not to be taken")

    def _confirm(self, comes: int) -> None:
        """Confirmations by which an order that comes now is judged, and those that stop it."""
        while self._said and self._said[0][0] + _QUEUED <= comes:
            cycle, _, row = heapq.heappop(self._said)
            self._last = max(cycle + _QUEUED, self._last + _APART)
            self._due.append((self._last, *(int(row[name][0]) for name in _SAID)))
        while self._due and self._due[0][0] <= comes:
            self._apply()  # it came 3 cycles or more before the next one
            self._look(*self._due.pop(0))
        if self._looked and self._looked[0] + _WRONG <= comes:
            self._apply()

    def _apply(self) -> None:
        if self._looked:
            confirm(self._gate.state, *self._looked[1:])
        self._looked = ()

    def _look(self, cycle: int, *said: int) -> None:
        """What a confirmation will come to, before it changes anything."""
        comes_to = confirm(State(*(part.copy() for part in self._gate.state)), *said)
        if cycle < self._leaves.get(said[0], cycle):
            comes_to = UNKNOWN
        if comes_to in (FINE, SATURATED):
            self._looked = (cycle, *said)
        else:
            self.wrong += 1
            self._at(cycle + _WRONG, self._control.disarm)
        if comes_to == SATURATED:
            self._at(cycle + _WRONG, self._control.kill)
