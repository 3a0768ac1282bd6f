"""A judge of the A/B merge by its rules alone: what must be delivered of two feeds' packets, and
what may be. It knows the order in which things happen, and no cycle.

MoldUDP64: a packet is a session, the number of its first message, a count, and the messages. Count
0 is a heartbeat, and its number that of the next message; 0xFFFF ends the session.

The rules, of docs/book.md and of what feed_rx promises:

1. Nothing is invented: what is delivered is a message of a packet that has begun, under its number
   and byte for byte.
2. Each message once and in order: a message delivered has the next number.
3. A packet that begins beyond the next number shows a gap. It is reported, with just the messages
   that are missing, and no other gap is.
4. What comes in time isn't lost: a packet that brings something new is taken, and all of it that
   came whole is delivered. Only while another packet is being taken does it bring nothing.
5. Frames are taken before their end is known. If one was wrong, all that was done since no frame
   was open is undone, as soon as no packet is being taken; until then no packet brings anything. It
   is reported whether that was this frame's doing alone, and no session's end, gap or late join.
   What was undone may come again.
6. One session is followed: the first, and another one only after its end, which is reported.
7. A session that is joined after its message 1 or goes on after its end is reported; and that
   another one sends before the one followed has ended. (Of such packets that come just together one
   report is enough, and so is any other of a loss.)

Just after another packet or an end, the order alone doesn't tell whether the merge was ready. The
judge then goes on with both, a `World` each, until what is delivered tells. Something is wrong when
no world is left. `settles` says that whatever happened has shown by now: then nothing is open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

END_OF_SESSION = 0xFFFF
MODULO = 1 << 64
Gap = tuple[int, int]  # the first message, how many
ENDED, LATE = "the end of the session", "a session joined late"


class RuleError(AssertionError):
    """A rule is broken. The message says which, and by what."""


@dataclass(eq=False)
class Packet:
    """`messages`: those that came whole so far; None for one that is too short to be shown."""

    session: bytes
    number: int
    count: int
    messages: list[bytes | None] = field(default_factory=list)

    @property
    def ending(self) -> bool:
        return self.count == END_OF_SESSION

    @property
    def after(self) -> int:
        """The number after its last message's."""
        return (self.number + (0 if self.ending else self.count)) % MODULO

    def __str__(self) -> str:
        return f"packet {self.number}+{self.count} of {self.session!r}"


def ahead(number: int, of: int) -> int:
    """How far, of numbers that may have gone round; below 0 it is behind."""
    far = (number - of) % MODULO
    return far if far <= MODULO // 2 else far - MODULO


@dataclass(frozen=True)
class World:
    """One way in which it may stand."""

    session: bytes | None = None
    ended: bool = False
    next: int = 0
    taken: Packet | None = None
    open: tuple[Packet, ...] = ()  # whose header did something, and whose end isn't known
    before: tuple[bytes | None, bool, int] = (None, False, 0)  # session, ended, next: none was open
    several: bool = False  # packets that did something since, or one what nobody else may
    doubt: bool = False  # one of them was wrong
    stands: bool = False  # ... and the packet taken goes on upon that, which isn't reported
    owed: tuple[Gap | str, ...] = ()  # reports
    strangers: bool = False  # another session's packets came, by now or when all is undone
    strange: bool = False  # ... which isn't reported
    lately: bool = False  # something happened since all had settled
    excused: bool = False  # a packet was left out: an open frame must turn out wrong at once
    presumed: tuple[Packet, ...] = ()  # counted as ended: they must turn out right at once

    def begins(self, packet: Packet) -> Iterable[World]:
        return [later for world in self._meets(packet) for later in world._begins(packet)]

    def _meets(self, packet: Packet) -> Iterable[World]:
        """Whether it is of another session than the one followed, which its header is held to a
        little later."""
        followed = None if self.ended else self.session
        unsettled = self.doubt or self.lately
        if followed == packet.session:
            return [self]
        perhaps = replace(self, strangers=True)
        if followed is None:  # it may be followed again, if what ended it is undone
            return [perhaps if unsettled and self.before[0] not in (None, packet.session) else self]
        owes = replace(perhaps, strange=True)
        return [owes, perhaps] if unsettled else [owes]

    def _begins(self, packet: Packet) -> Iterable[World]:
        if self.taken or self.doubt or not self._brings(packet):
            return [self]
        worlds = [self._takes(packet)]
        if self.open:
            ended = replace(self, open=(), presumed=self.presumed + self.open)
            worlds.append(ended._takes(packet))
        if self.lately:
            worlds.append(self)
        elif self.open:
            worlds.append(replace(self, excused=True))
        return worlds

    def _brings(self, packet: Packet) -> bool:
        if packet.session != self.session:
            return (self.session is None or self.ended) and not packet.ending
        new = max(ahead(packet.number, self.next), ahead(packet.after, self.next)) > 0
        return new or (packet.ending and not self.ended)

    def _takes(self, packet: Packet) -> World:
        jump = ahead(packet.number, self.next) if packet.session == self.session else 0
        anew = packet.session != self.session or jump > 0
        late = self.ended and not packet.ending
        if packet.session != self.session:
            late = packet.number != 1
        owed = [(self.next, jump)] * (jump > 0) + [ENDED] * packet.ending + [LATE] * late
        return replace(
            self,
            session=packet.session,
            ended=packet.ending,
            next=packet.number if anew else self.next,
            taken=packet if packet.after != packet.number else None,
            open=(*self.open, packet),
            before=self.before if self.open else (self.session, self.ended, self.next),
            several=bool(self.open) or packet.ending or late or jump > 0,
            owed=(*self.owed, *owed),
            lately=True,
        )

    def delivers(self, packet: Packet, number: int) -> Iterable[World]:
        if self.taken is not packet:
            raise RuleError(f"it is of {packet}, and {self.taken or 'nothing'} is being taken")
        if number != self.next:
            raise RuleError(f"the next message is {self.next}")
        after = (number + 1) % MODULO
        taken = None if after == packet.after else packet
        return [replace(self, next=after, taken=taken, lately=True)]

    def ends(self, packet: Packet, wrong: bool) -> Iterable[World]:
        world = self
        if self.taken is packet:
            if self._index(packet) < len(packet.messages):
                raise RuleError(f"{packet} came, and its message {self.next} wasn't delivered")
            world = replace(world, taken=None, lately=True)
        if packet in self.open:
            world = replace(world, open=tuple(one for one in self.open if one is not packet))
            if wrong:
                stands = world.taken is not None
                world = replace(world, doubt=True, excused=False, lately=True, stands=stands)
        if packet in self.presumed:
            if wrong:
                raise RuleError(f"{packet} was wrong, and what it did isn't undone")
            presumed = tuple(one for one in self.presumed if one is not packet)
            world = replace(world, presumed=presumed)
        return [world]

    def _index(self, packet: Packet) -> int:
        return (self.next - packet.number) % MODULO

    def undoes(self, alone: bool) -> Iterable[World]:
        if not self.doubt or self.taken:
            raise RuleError("no frame was wrong" if not self.doubt else f"{self.taken} isn't done")
        if self.stands:
            raise RuleError("that a packet went on upon a wrong frame's wasn't reported")
        if alone == self.several:
            raise RuleError(f"{'several' if alone else 'no other'} packets had done something")
        session, ended, number = self.before
        world = replace(self, session=session, ended=ended, next=number)
        strange = self.strange and alone
        return [replace(world, open=(), several=False, doubt=False, lately=True, strange=strange)]

    def reports_standing(self) -> Iterable[World]:
        if not self.stands:
            raise RuleError("no packet goes on upon a wrong frame's")
        return [replace(self, stands=False)]

    def reports(self, what: Gap | str) -> Iterable[World]:
        if what not in self.owed:
            raise RuleError(f"what is to be reported is {list(self.owed) or 'nothing'}")
        owed = list(self.owed)
        owed.remove(what)
        return [replace(self, owed=tuple(owed), strange=self.strange and what == ENDED)]

    def reports_other(self) -> Iterable[World]:
        if not self.strangers:
            raise RuleError("no other session sends, or this one has ended")
        return [replace(self, strange=False)]

    def settles(self) -> Iterable[World]:
        if self.owed:
            raise RuleError(f"{self.owed[0]} wasn't reported")
        if self.strange:
            raise RuleError("that another session sends wasn't reported")
        if self.stands:
            raise RuleError("that a packet goes on upon a wrong frame's wasn't reported")
        if self.doubt and not self.taken:
            raise RuleError("what a wrong frame did wasn't undone")
        if self.excused:
            raise RuleError("a packet that brings something new was left out")
        if self.presumed:
            raise RuleError(f"{self.presumed[0]} isn't known to be right")
        return [replace(self, lately=False, strangers=False)]


class MergeRules:
    """Tell it what arrives and what comes of it, in order. `met` counts what it has judged;
    `undecided`, at how many packets the order alone didn't tell whether they are taken."""

    def __init__(self) -> None:
        self.worlds = [World()]
        self.met: Counter[str] = Counter()

    def begins(self, packet: Packet) -> None:
        """The packet's header is known."""
        self._step("packets", f"{packet} begins", lambda world: world.begins(packet))
        self.met["undecided"] += len(self.worlds) > 1

    def ends(self, packet: Packet, wrong: bool) -> None:
        """Its frame has ended, and is known to be right or wrong."""
        self.met["wrong"] += wrong
        self._step("ends", f"{packet} ends", lambda world: world.ends(packet, wrong))

    def delivers(self, packet: Packet, number: int, message: bytes | None) -> None:
        at = (number - packet.number) % MODULO
        if at >= len(packet.messages) or packet.messages[at] != message:
            raise RuleError(f"message {number} is delivered: it isn't what {packet} holds")
        what = f"message {number} is delivered"
        self._step("delivered", what, lambda world: world.delivers(packet, number))

    def reports_gap(self, first: int, count: int) -> None:
        what = f"a gap of {count} from {first} on is reported"
        self._step("gaps", what, lambda world: world.reports((first, count)))

    def reports_end(self) -> None:
        self._step("sessions_ended", f"{ENDED} is reported", lambda world: world.reports(ENDED))

    def reports_late_join(self) -> None:
        self._step("late_joins", f"{LATE} is reported", lambda world: world.reports(LATE))

    def reports_other_session(self) -> None:
        self._step("others", "another session is reported", World.reports_other)

    def reports_standing(self) -> None:
        """A loss: what is given stands upon a wrong frame, and isn't undone yet."""
        self._step("standing", "a loss is reported at once", World.reports_standing)

    def undoes(self, alone: bool) -> None:
        """A bad frame is reported; not `alone`: that messages of others are lost with it."""
        what = f"{'a bad frame' if alone else 'a loss'} is reported"
        self._step("undone", what, lambda world: world.undoes(alone))

    def settles(self) -> None:
        """Whatever happened has shown by now, but for messages that are still coming."""
        self._step("settled", "all has settled", World.settles)

    def _step(self, kind: str, what: str, step: Callable[[World], Iterable[World]]) -> None:
        self.met[kind] += 1
        worlds: dict[World, None] = {}
        reasons = []
        for world in self.worlds:
            try:
                worlds |= dict.fromkeys(step(world))
            except RuleError as error:
                reasons.append(str(error))
        if not worlds:
            raise RuleError(f"{what}: {reasons[0]}")
        self.worlds = list(worlds)
