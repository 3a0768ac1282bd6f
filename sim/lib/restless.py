"""Records for the benches of features: operations of a few restless venues, as a book shows them,
and a walk of the middles alone.

Each slot has a mood for a while: how far prices jump, how large each side's orders are, how deep it
acts, how time passes. Between them the moods take every feature to its ends.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tickwire.book.compiled import Book
from tickwire.data.events import Events
from tickwire.gen.records import BOOK_OP, SLOTS, Operation, Reason, Side

MOST = 2**32 - 1
SECOND = 10**9
_GAPS = (Reason.GAP, Reason.PARSE_ERROR)
_TAKES = (Operation.DELETE, Operation.CANCEL, Operation.EXECUTE, Operation.EXECUTE_PRICE)


@dataclass(frozen=True)
class Mood:
    tick: int = 100
    reach: int = 12  # ticks from the middle that an order may come to rest at
    drift: int = 2  # ticks that the middle may go
    bids: int = 10  # bits of the shares of an order, at most
    asks: int = 10
    leans: float = 0.5  # how often an operation is of the buy side
    deep: bool = False  # the best levels are let alone
    adds: float = 0.5
    pause: int = 20_000_000  # ns, at most


MOODS = (
    *[Mood()] * 5,
    Mood(pause=900_000_000),
    Mood(bids=32, asks=32, reach=60, adds=0.3),
    Mood(tick=1, drift=40, pause=3_000),
    Mood(tick=20_000, drift=9, reach=5),
    Mood(tick=20_000, drift=9, reach=5, bids=31, asks=2),
    Mood(tick=100, drift=0, deep=True, pause=300),
    Mood(bids=17, asks=3, leans=0.9, adds=0.8),
    Mood(bids=3, asks=17, leans=0.1, adds=0.8),
    Mood(bids=17, asks=17, leans=0.95, adds=0.2),
    Mood(bids=17, asks=17, leans=0.05, adds=0.2),
    Mood(bids=31, asks=31, reach=3),
    Mood(drift=0, pause=2**43),
)


@dataclass
class _Slot:
    middle: int
    orders: dict[int, list[int]] = field(default_factory=dict)  # reference: side, price, shares
    mood: Mood = MOODS[0]
    left: int = 0  # operations until the mood changes
    broken: bool = False  # stale, until it is cleared
    loading: bool = False  # a snapshot, which isn't trusted yet

    def best(self, side: int) -> int | None:
        prices = [one[1] for one in self.orders.values() if one[0] == side]
        return (max(prices) if side == Side.BUY else min(prices)) if prices else None


TIMELESS = (  # what isn't of a message, or of none whose time is known
    *(Operation.NONE, Operation.STALE, Operation.CLEAR, Operation.LOAD, Operation.TRUST),
)


class Venues:
    """Operations of `slots` venues. `mishaps` is how often something goes wrong."""

    def __init__(self, rng: random.Random, slots: tuple[int, ...], mishaps: float = 0.006) -> None:
        self.rng, self.slots, self.mishaps = rng, slots, mishaps
        self.venues = {slot: _Slot(rng.randrange(500_000, 3_000_000)) for slot in slots}
        self.time, self.reference = 1 << 40, 0
        self.rows: list[dict[str, int]] = []

    def events(self, count: int) -> Events:
        """At least so many records, as a new book shows them."""
        while len(self.rows) < count:
            self._packet()
        ops = BOOK_OP.empty(len(self.rows))
        for name in BOOK_OP.dtype.names or ():
            ops[name] = [row.get(name, 0) for row in self.rows]
        self.rows = []
        outcome = Book(SLOTS).apply(ops, levels=True)
        assert outcome.levels is not None
        return Events(outcome.tops, outcome.levels)

    def _packet(self) -> None:
        """Records of a packet; what ends it may be a none of slot 0."""
        start = len(self.rows)
        for _ in range(self.rng.choice((1, 1, 1, 2, 3, 9, 20))):
            self._operation(self.rng.choice(self.slots))
        if self.rng.random() < 0.05:
            self._row(0, Operation.NONE)
        self.rows[-1]["last_of_packet"] = int(self.rng.random() < 0.97)
        stamp = self.rng.getrandbits(48)
        for row in self.rows[start:]:
            row["frame_cycle"] = stamp

    def _row(self, slot: int, kind: Operation, **fields: int) -> None:
        self.rows.append({
            "slot": slot,
            "operation": kind,
            "timestamp": 0 if kind in TIMELESS else self.time,
            "sequence_number": self.rng.getrandbits(64),
            "message_cycle": self.rng.getrandbits(48),
            **fields,
        })  # fmt: skip

    def _operation(self, number: int) -> None:
        rng, slot = self.rng, self.venues[number]
        if not slot.left:
            slot.mood = rng.choice(MOODS)
            slot.left = 500 if slot.mood.deep else rng.randrange(20, 300)
        slot.left -= 1
        self.time = (self.time + rng.randrange(slot.mood.pause)) % 2**48
        if rng.random() < 0.002:
            self.time = max(self.time - rng.choice((1, SECOND, 100 * SECOND)), 0)
        if slot.broken or (rng.random() < self.mishaps and not slot.mood.deep):
            self._mishap(number, slot)
        elif rng.random() < (slot.mood.adds if len(slot.orders) > 6 else 0.9):
            self._add(number, slot)
        else:
            self._change(number, slot)

    def _mishap(self, number: int, slot: _Slot) -> None:
        rng = self.rng
        if slot.loading and rng.random() < 0.9:
            self._add(number, slot)
            return
        if slot.broken and not slot.loading and rng.random() < 0.6:  # stale: nothing is heeded
            self._row(number, Operation.DELETE, order_reference=MOST)
            return
        what = rng.choice((3, 4) if slot.broken else (0, 1, 1, 1, 2, 3, 4, 5))
        if what == 0:
            self._row(number, Operation.STALE, reason=rng.choice(_GAPS))
            slot.broken = True
        elif what == 1:
            self._row(number, Operation.HALT)
            for _ in range(rng.randrange(8)):
                self._add(number, slot)
            self._row(number, Operation.RESUME)
        elif what == 2:
            self._row(number, Operation.DELETE, order_reference=MOST)  # nobody's: it is stale now
            slot.broken = True
        elif what == 3:
            untrusted = rng.random() < 0.2
            self._row(number, Operation.CLEAR, reason=rng.choice(_GAPS) if untrusted else 0)
            self._renew(slot)
            slot.broken = untrusted
        elif what == 4:
            self._load(number, slot)
        else:
            self._row(number, Operation.RESUME)

    def _renew(self, slot: _Slot) -> None:
        slot.orders, slot.broken, slot.loading = {}, False, False
        slot.middle = self.rng.choice((self.rng.randrange(2_000_000), MOST // 2 - 100_000, 5_000))

    def _load(self, number: int, slot: _Slot) -> None:
        """A snapshot; trusted at its end, unless something happens to it."""
        self._row(number, Operation.LOAD)
        self._renew(slot)
        for _ in range(self.rng.randrange(1, 16)):
            self._add(number, slot)
        if self.rng.random() < 0.5:
            self._row(number, Operation.TRUST)
            if self.rng.random() < 0.3:
                self._row(number, Operation.RESUME)
        else:
            slot.broken = slot.loading = True  # it goes on

    def _side(self, mood: Mood) -> int:
        return int(self.rng.random() >= mood.leans)

    def _price(self, slot: _Slot, side: int) -> int:
        """Behind the middle, mostly; a locked or crossed book is met, and so are the ends."""
        rng, mood = self.rng, slot.mood
        slot.middle += mood.tick * rng.randint(-mood.drift, mood.drift)
        slot.middle = min(max(slot.middle, 40 * mood.tick), MOST // 2)
        middle = slot.middle // mood.tick * mood.tick
        away = rng.randint(1, mood.reach) * mood.tick * rng.choice((1, 1, 1, 1, 1, 1, 1, 300))
        other, best = slot.best(1 - side), slot.best(side)
        if mood.deep and best is not None:
            behind = best + (1 if side else -1) * rng.randint(1, 5) * mood.tick
            return min(max(behind, 1), MOST)
        if rng.random() < 0.015:
            touching = middle if other is None else other  # a locked book, if it stays
            return rng.choice((1, MOST, MOST - 1)) if rng.random() < 0.3 else touching
        price = middle - away if side == Side.BUY else middle + away
        if other is not None and rng.random() > 0.005:
            beyond = rng.randint(1, 3) * mood.tick
            price = min(price, other - beyond) if side == Side.BUY else max(price, other + beyond)
        return min(max(price, 1), MOST)

    def _shares(self, mood: Mood, side: int) -> int:
        bits = mood.bids if side == Side.BUY else mood.asks
        return max(self.rng.getrandbits(self.rng.randint(bits // 2, bits)), 1)

    def _add(self, number: int, slot: _Slot) -> None:
        side = self._side(slot.mood)
        price, shares = self._price(slot, side), self._shares(slot.mood, side)
        self.reference += 1
        slot.orders[self.reference] = [side, price, shares]
        self._row(
            number, Operation.ADD, side=side, price=price, shares=shares,
            order_reference=self.reference,
        )  # fmt: skip

    def _change(self, number: int, slot: _Slot) -> None:
        rng, mood = self.rng, slot.mood
        side = self._side(mood)
        best = slot.best(side)
        orders = [
            reference
            for reference, (of, price, _) in slot.orders.items()
            if of == side and (price != best) == mood.deep
        ]
        if not orders:
            self._add(number, slot)
            return
        reference = rng.choice(orders)
        order = slot.orders[reference]
        kind = rng.choice((*_TAKES, Operation.REPLACE))
        fields: dict[str, Any] = {"order_reference": reference}
        if kind == Operation.REPLACE:
            del slot.orders[reference]
            self.reference += 1
            price, shares = self._price(slot, side), self._shares(mood, side)
            slot.orders[self.reference] = [side, price, shares]
            fields |= {"new_order_reference": self.reference, "price": price, "shares": shares}
        elif kind == Operation.DELETE:
            del slot.orders[reference]
        else:
            taken = rng.choice((order[2], rng.randint(1, order[2])))
            fields |= {"shares": taken}
            order[2] -= taken
            if not order[2]:
                del slot.orders[reference]
        self._row(number, kind, **fields)


@dataclass(frozen=True)
class Step:
    """A record of a slot, and what its middle is if it is an event."""

    slot: int
    time: int
    event: bool
    first: bool  # of the slot
    events: int  # of the slot before it
    middle: int
    before: int  # the middle of the event before

    def inputs(self) -> dict[str, int]:
        """As the blocks of features take it."""
        return {
            "slot0": self.slot, "time0": self.time, "slot1": self.slot, "event1": int(self.event),
            "first1": int(self.first), "middle1": self.middle, "before1": self.before,
            "slot3": self.slot, "event3": int(self.event),
        }  # fmt: skip


class Walk:
    """Events of `slots` slots, whose middles stand for a while, creep or jump."""

    def __init__(self, rng: random.Random, slots: int, bits: int) -> None:
        self.rng, self.slots, self.most = rng, slots, 2**bits - 1
        self.time = 1 << 40
        self.last: dict[int, tuple[int, int]] = {}  # by slot: middle and number of its events
        self.reach, self.pause, self.left = 0, 0, 0

    def step(self) -> Step:
        rng = self.rng
        if not self.left:
            self.reach = rng.choice((0, 0, 1, 60, 5_000, self.most // 2))
            self.pause = rng.choice((2, 11, 22, 28, 31, 36, 43))
            self.left = rng.randrange(20, 400) * (3 if self.reach == 0 else 1)
        self.left -= 1
        later = rng.getrandbits(rng.choice((self.pause, rng.randint(0, self.pause))))
        self.time = (self.time + later) % 2**48
        if rng.random() < 0.01:
            self.time = max(self.time - rng.getrandbits(33), 0)
        slot = rng.randrange(self.slots)
        first = slot not in self.last or rng.random() < 0.002
        old, events = (rng.getrandbits(16), 0) if first else self.last[slot]
        moved = old if rng.random() < 0.3 else old + rng.randint(-self.reach, self.reach)
        middle = min(max(moved, 0), self.most)
        event = rng.random() < 0.95
        step = Step(slot, self.time, event, first, events, middle, old)
        if event:
            self.last[slot] = middle, events + 1
        elif first:
            self.last.pop(slot, None)
        return step

    def sweep(self, knee: int) -> Iterator[Step]:
        """A slot that begins anew and then moves, time and again: by so much that what is squashed
        with this knee, a sixteenth of a doubling a step, takes each of its values."""
        rng = self.rng
        sizes = [(32 + half) << (knee + octave - 5) for octave in range(9) for half in range(32)]
        moves = [sign * (size - (1 << knee)) for size in sizes for sign in (-1, 1)]
        rng.shuffle(moves)
        for move in moves:
            slot, far = rng.randrange(self.slots), 1 << (knee + 9)
            start = rng.randint(far, self.most - far)
            yield Step(slot, self.time, True, True, 0, start, rng.getrandbits(16))
            yield Step(slot, self.time, True, False, 1, start + move, start)
            self.last[slot] = start + move, 2

    def skip(self, exponent: int, buckets: int, count: int = 600) -> Iterator[Step]:
        """A slot whose time goes on by none, some and all of its buckets, and more, and back."""
        rng, jumps = self.rng, [-2, -1, *range(buckets + 2)]
        slot, latest, events, middle = rng.randrange(self.slots), 1 << 40, 0, self.most // 2
        for number in range(count):
            if number % len(jumps) == 0:
                rng.shuffle(jumps)
            self.time = latest + (jumps[number % len(jumps)] << exponent)
            latest, old = max(latest, self.time), middle
            middle += rng.randint(-5_000, 5_000)
            yield Step(slot, self.time, True, events == 0, events, middle, old)
            events += 1
        self.last[slot] = middle, events


def worth(events: Events) -> dict[str, int]:
    """How often what a bench should meet is there."""
    tops = events.tops
    return {
        **{reason.name: int((tops["reason"] == reason).sum()) for reason in Reason},
        **{f"op {kind.name}": int((tops["operation"] == kind).sum()) for kind in Operation},
        "large levels": int((events.levels["shares"] >= 2**31).any(axis=(1, 2)).sum()),
        "highest price": int((events.levels["price"][:, :, :5] == MOST).any(axis=(1, 2)).sum()),
        "later first": int((np.diff(tops["timestamp"].astype(np.int64)) < 0).sum()),
    }
