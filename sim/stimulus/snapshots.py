"""A day that loses something on both lines at many moments, and the host's way back after each.

A moment loses a message amid a packet, a packet, or several; the first loses message 1, the last
the day's last. Then every slot is loaded with the orders that rest as of a number S, while the feed
runs on, and is trusted at S just behind a message r:

    newest    S is the slot's newest that came, or r
    ahead     S is still to come: until then operations are to be kept out
    old       something came, or was missing, after S: it must be refused; the host tries again
    early     the load is begun before the loss, and ends behind it; the host tries again

The host's operations are planned from what was sent alone, and from when its bytes are on the wire.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from sim.stimulus.lossless import Lossless
from tickwire.book.types import Order
from tickwire.exchange.flow import packets
from tickwire.gen.records import BOOK_OP, Operation
from tickwire.wire import itch
from tickwire.wire.chunks import Chunks
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.mold import named, packetise
from tickwire.wire.traffic import Registers, Traffic

Array = npt.NDArray[np.int64]

FLOWS = (Flow(destination_address="233.54.12.111"), Flow(destination_address="233.54.12.112"))
SESSION = b"TICKWIRE"
COST = {8: 16, 64: 6}  # cycles that an operation of the host may need beside a busy feed
SPREAD = 120  # cycles between the deletes of the end: no side may lack a level
OPERATION = {8: 3, 64: 5}  # cycles from a message's last byte to its operation
_HEADERS, _MOLD, _PREFIX = 42, 20, 2  # bytes before a packet, and before its messages
_MOST_BYTES = 1_300
_AHEAD, _BEHIND = 60, 30  # messages by which S may be ahead or behind
_BEATS = 3  # heartbeats at the end


@dataclass(frozen=True)
class Trust:
    """One try: rows of the host's operations of its load and its trust."""

    moment: int
    slot: int
    kind: str
    number: int  # S
    load: int
    trust: int


@dataclass(frozen=True)
class Snapshots:
    """`lost`: first and count of the messages of each moment. `ends`: numbers that end a packet."""

    traffic: Traffic
    registers: Registers
    host: tuple[Array, Records]
    lost: list[tuple[int, int]]
    trusts: list[Trust]
    ends: Array
    flush: int


@dataclass
class _Try:
    moment: int
    slot: int
    kind: str
    number: int
    begin: int
    at: int  # from when the trust is offered


@dataclass
class _Maker:
    day: Lossless
    width: int
    rng: random.Random
    sweep: int
    start: int
    tries: list[_Try] = field(default_factory=list)
    shift: int = 0  # cycles by which pauses have moved what comes
    lost: list[tuple[int, int]] = field(init=False)
    lines: list[Chunks] = field(init=False)
    first: Array = field(init=False)  # of each packet on line A, without pauses
    ends: Array = field(init=False)
    base: Array = field(init=False)  # when each message's last byte comes, without pauses
    space: Array = field(init=False)  # the pause before each packet

    def make(self, moments: int, forget: int) -> Snapshots:
        day = self.day
        self.lost = self._lost(moments)
        bounds = self._bounds()
        counts = np.diff(np.concatenate([[0], bounds]))
        stream = itch.encode(day.messages)
        payloads = packetise(stream, counts, session=SESSION)
        beats = packetise(b"", [0] * _BEATS, session=SESSION, sequence_number=day.last + 1)
        payloads = Chunks.of([*payloads, *beats])
        self.lines = [frames(payloads, flow) for flow in FLOWS]
        plain = Traffic.of(self.lines[0], self.width, start=self.start)
        self.first, self.ends = plain.first.astype(np.int64), bounds
        frame = np.searchsorted(bounds, np.arange(1, day.last + 1), side="left")
        self.base = self.first[frame] + self._places(counts) // (self.width // 8)
        self.space = np.zeros(len(payloads), np.int64)
        for moment in range(len(self.lost)):
            self._moment(moment)
        return self._made(forget)

    def _lost(self, moments: int) -> list[tuple[int, int]]:
        """By one stratum of the day each."""
        last, rng = self.day.last, self.rng
        edges = np.linspace(1, last, max(3, moments) - 1).astype(int).tolist()
        inner = [rng.randrange(a + (a == 1) * 40, b) for a, b in pairwise(edges)]
        spans = [(at, rng.choice((1, 1, 1, 2, 3, 9))) for at in inner]
        spans = [(first, min(count, last - 40 - first)) for first, count in spans]
        return [(1, rng.choice((1, 2))), *(one for one in spans if one[1] > 0), (last, 1)]

    def _bounds(self) -> Array:
        """The number that ends each packet: those of a day, some of them joined; what is lost is
        cut out, often from amid a packet."""
        sizes = itch.LENGTHS[self.day.messages.types].astype(np.int64) + _PREFIX
        until = np.concatenate([[0], np.cumsum(sizes)])
        sent = packets(self.day.messages)
        heads = sent.data[(sent.offsets[:-1, None] + np.array([18, 19]))].astype(np.int64)
        ends = np.cumsum(heads[:, 0] * 256 + heads[:, 1]).tolist()
        cuts = set[int]()
        for first, count in self.lost:
            cuts |= {first - 1, first + count - 1}
        near = {n for first, count in self.lost for n in range(first - 6, first + count + 6)}
        kept, begin, places = [], 0, sorted({*ends, *cuts} - {0})
        for end, following in zip(places, [*places[1:], self.day.last], strict=True):
            join = end not in cuts and self.rng.random() < (0.9 if end in near else 0.3)
            if not (join and until[following] - until[begin] < _MOST_BYTES):
                kept.append(end)
                begin = end
        return np.array(kept, np.int64)

    def _places(self, counts: Array) -> Array:
        """Of each message, where in its frame its last byte stands."""
        sizes = itch.LENGTHS[self.day.messages.types].astype(np.int64) + _PREFIX
        upto = np.cumsum(sizes)
        begins = np.concatenate([[0], upto])[np.cumsum(counts) - counts]
        places: Array = _HEADERS + _MOLD + upto - np.repeat(begins, counts) - 1
        return places

    def _time(self, number: int) -> int:
        """When its last byte is on line A."""
        return int(self.base[number - 1]) + self.shift

    def _moment(self, moment: int) -> None:
        first, count = self.lost[moment]
        until = self.lost[moment + 1][0] if moment + 1 < len(self.lost) else 0
        slots = sorted(self.day.locates.values())
        self.rng.shuffle(slots)
        if len(slots) > 1 and until:
            slots = slots[: len(slots) - (self.rng.random() < 0.2)]  # one stays stale
        kinds = [(slot, kind) for slot in slots for kind in self._kinds(moment)]
        cursor = self._time(min(first + count, self.day.last)) + 200
        if not until:
            cursor = int(self.first[-1]) + self.shift + 400  # the heartbeats have told it
        free: dict[int, int] = {}
        newest: dict[int, int] = {}
        for slot, kind in sorted(kinds, key=lambda one: one[1] != "early"):
            need = self.day.most * COST[self.width] + 400
            begin = max(cursor, free.get(slot, 0))
            if kind == "early":
                begin = max(self._time(first) - need // 2, self.start // 2)
                begin = max(begin, self.tries[-1].at + 50 if self.tries else 0)
            done = self._try(moment, slot, kind, max(begin, 0), need, until, newest)
            if done is None:
                return
            cursor, free[slot] = done + 60, begin + self.sweep

    def _kinds(self, moment: int) -> list[str]:
        good = self.rng.choice(("newest", "newest", "ahead"))
        before = self.rng.choice(("", "", "old", "old", "early"))
        if moment == 0 and before == "early":
            before = "old"
        if moment == len(self.lost) - 1:  # nothing comes behind: the loss alone refuses it
            before = "old"
        return [before, good] if before else [good]

    def _try(
        self, moment: int, slot: int, kind: str, begin: int, need: int, until: int,
        newest: dict[int, int],
    ) -> int | None:  # fmt: skip
        """When its trust is offered; None: the next loss comes first."""
        rng, last = self.rng, self.day.last
        first, count = self.lost[moment]
        missing = first + count - 1
        ready = begin + need
        row = int(np.searchsorted(self.base + self.shift, ready))
        behind = min(last, max(row + 1, missing + 1))  # the message that the trust comes after
        if self.width == 64 and kind != "old":  # a packet's end: there is time before the next one
            behind = int(self.ends[np.searchsorted(self.ends, behind)])
        if until and behind + _AHEAD + 20 > until:
            return None
        at = max(ready, self._time(behind) + OPERATION[self.width] + rng.randrange(1, 5))
        mark = max(self.day.newest(slot, min(behind, last)), missing)
        if kind in ("ahead", "early"):
            number = min(last, behind + rng.randrange(1, _AHEAD))
        elif kind == "newest":
            number = rng.choice((mark, mark, max(mark, behind)))
        else:
            number = max(
                0, rng.choice((mark - 1, mark - 1, mark - rng.randrange(1, _BEHIND), first - 1))
            )
        if kind != "old":
            number = max(number, newest.get(slot, 0))
            newest[slot] = number
            if behind in self.ends and behind < last and rng.random() < 0.4:  # the feed rests
                pause = rng.choice((100, 1_000))
                self.space[int(np.searchsorted(self.ends, behind)) + 1] += pause
                self.shift += pause
        self.tries.append(_Try(moment, slot, kind, number, begin, at))
        return at

    def _made(self, forget: int) -> Snapshots:
        day = self.day
        resting = day.resting((one.slot, one.number) for one in self.tries)
        times: list[Array] = []
        given: list[Records] = []
        trusts: list[Trust] = []
        rows = 0
        for one in self.tries:
            orders = dict(resting[one.slot, one.number])
            if len(trusts) == forget and orders:
                orders.pop(self.rng.choice(sorted(orders)))
            top = day.row(one.slot, one.number)
            halted = top >= 0 and bool(day.outcome.tops["halted"][top])
            ops = _operations(one.slot, orders, halted, one.number)
            when = np.full(len(ops), one.begin, np.int64)
            when[-1] = one.at
            trusts.append(
                Trust(one.moment, one.slot, one.kind, one.number, rows, rows + len(ops) - 1)
            )
            times.append(when)
            given.append(ops)
            rows += len(ops)
        traffic = self._traffic()
        last = int(traffic.first.max())
        start = max(last + 2_000, self.tries[-1].at + 500)
        deletes = day.deletes
        times.append(start + SPREAD * np.arange(len(deletes), dtype=np.int64))
        given.append(deletes)
        flush = start + SPREAD * len(deletes) + 4_000 - last
        registers = Registers(any_hours=1, locates=dict(day.locates))
        host = np.concatenate(times), np.concatenate(given)
        return Snapshots(traffic, registers, host, self.lost, trusts, self.ends, flush)

    def _traffic(self) -> Traffic:
        """Without what is lost; B comes behind A."""
        begins = np.concatenate([[0], self.ends[:-1]]) + 1
        lost = np.zeros(len(self.space), np.bool_)
        for number, count in self.lost:
            lost[: len(begins)] |= (begins >= number) & (begins < number + count)
        first: Array = self.first + np.cumsum(self.space)
        lag = self.rng.choice((0, 3, 40, 700))
        parts = []
        for line, framed in enumerate(self.lines):
            parts += [(int(first[at]) + line * lag, line, framed[at])
                      for at in np.flatnonzero(~lost).tolist()]  # fmt: skip
        parts.sort(key=lambda one: one[:2])
        when, lines, raw = zip(*parts, strict=True)
        none = np.zeros(len(raw), np.uint8)
        return Traffic(
            Chunks.of(raw), np.array(lines, np.uint8), np.array(when, np.int64), none,
            none.astype(np.uint16),
        )  # fmt: skip


def snapshots(
    day: Lossless, width: int, moments: int, seed: int, *, sweep: int, start: int, forget: int = -1
) -> Snapshots:
    """`sweep`: cycles from a load until the tables can take the slot's next; `start`: until they
    are empty after reset. `forget`: the host leaves an order out of this try's snapshot."""
    return _Maker(day, width, random.Random(f"{seed} {width} snapshots"), sweep, start).make(
        moments, forget
    )


def _operations(slot: int, orders: dict[int, Order], halted: bool, number: int) -> Records:
    """What a board is given: load, halt or resume, the orders, trust."""
    ops = BOOK_OP.empty(len(orders) + 3)
    ops["slot"], ops["operation"] = slot, Operation.ADD
    ops["operation"][0] = Operation.LOAD
    ops["operation"][1] = Operation.HALT if halted else Operation.RESUME
    ops["operation"][-1] = Operation.TRUST
    ops["sequence_number"][-1] = number
    for name, value in named(SESSION).items():
        ops[name][-1] = value
    for row, (reference, (side, price, shares)) in enumerate(orders.items(), 2):
        ops["order_reference"][row], ops["side"][row] = reference, side
        ops["price"][row], ops["shares"][row] = price, shares
    return ops
