"""Golden model of features: the host's own features, record by record, and when vectors show.

What every record's slot stands at, and which slots a packet's end sends, is computed by
tickwire.features.kernel before the simulator steps, and hashed. Here it is only picked up.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from hwtools.bits import Bytes, pack
from sim.golden.feature_turns import Turns
from tickwire.data.events import Events
from tickwire.features.kernel import COUNT, Features, Vectors, triggered
from tickwire.features.table import WHOLE, Table
from tickwire.gen.records import DEPTH, FEATURE_VECTOR, SLOTS, TOP_OF_BOOK, Operation, Side

LATENCY = 4
_SIDED = range(Operation.ADD, Operation.REPLACE + 1)
_BEST = ("bid_price", "bid_shares", "ask_price", "ask_shares")
_STAMPS = ("timestamp", "sequence_number", "frame_cycle", "message_cycle")


@dataclass(frozen=True)
class Part:
    """What comes between two resets, and what must come of it."""

    events: Events
    vectors: Vectors
    sent: list[list[int]]  # [row, slot], in order
    each_change: bool

    @staticmethod
    def of(events: Events, each_change: bool, table: Table = WHOLE) -> Part:
        vectors = Features(SLOTS, table).run(events)
        return Part(events, vectors, triggered(events.tops, each_change).tolist(), each_change)

    @cached_property
    def sides(self) -> list[int]:
        """The side whose levels come with each record."""
        tops = self.events.tops
        sided = np.isin(tops["operation"], list(_SIDED))
        sides: list[int] = np.where(sided, tops["operation_side"], Side.BUY).tolist()
        return sides

    def levels(self, row: int, side: int) -> list[tuple[int, int]]:
        """Price and shares of a side's levels after a record, the best first."""
        levels = self.events.levels[row, side]
        return list(zip(levels["price"].tolist(), levels["shares"].tolist(), strict=True))

    @cached_property
    def inputs(self) -> list[tuple[int, int]]:
        """s_top and s_depth of each record."""
        tops, levels = self.events.tops, self.events.levels
        depths = DEPTH.empty(len(tops))
        depths["slot"], depths["side"] = tops["slot"], self.sides
        sided = levels[np.arange(len(tops)), depths["side"]]
        for name, part in (("prices", "price"), ("shares", "shares"), ("orders", "orders")):
            depths[name] = sided[part]
        packed = pack(tops, TOP_OF_BOOK), pack(depths, DEPTH)
        return list(zip(*map(_words, packed), strict=True))

    @cached_property
    def rows(self) -> npt.NDArray[np.int64]:
        """Of each vector sent, the row at which its slot came to stand where it does."""
        acts = self.events.tops["operation"] != Operation.NONE
        newest, rows, at = dict[int, int](), list[int](), 0
        for row, slot in self.sent:
            for earlier in range(at, row + 1):
                if acts[earlier]:
                    newest[int(self.events.tops["slot"][earlier])] = earlier
            at = row + 1 if row >= at else at
            own = slot == self.events.tops["slot"][row]
            rows.append(row if own else newest[slot])
        return np.array(rows, np.int64)

    @cached_property
    def changed(self) -> npt.NDArray[np.bool_]:
        """Of each vector sent, whether an event of its slot came after the slot's vector before."""
        slots, events = self.events.tops["slot"], self.vectors.event
        changed, begins = list[bool](), dict[int, int]()
        for row, slot in self.sent:
            span = slice(begins.get(slot, 0), row + 1)
            changed.append(bool((events[span] & (slots[span] == slot)).any()))
            begins[slot] = row + 1
        return np.array(changed, np.bool_)

    @cached_property
    def outputs(self) -> list[int]:
        """Each vector sent."""
        rows, ends = self.rows, np.array([row for row, _ in self.sent], np.int64)
        sent = FEATURE_VECTOR.empty(len(rows))
        sent["slot"] = [slot for _, slot in self.sent]
        sent["values"][:, :COUNT] = self.vectors.values[rows]
        sent["warm"], sent["reason"] = self.vectors.warm[rows], self.vectors.reason[rows]
        sent["changed"] = self.changed
        for name in _BEST:
            sent[name] = self.events.tops[name][rows]
        for name in _STAMPS:
            sent[name] = self.events.tops[name][ends]
        sent["timestamp"] = [self.times[row] for row in ends.tolist()]
        return _words(pack(sent, FEATURE_VECTOR))

    @cached_property
    def times(self) -> list[int]:
        """The exchange's time at each record: of the last one that had any."""
        times, last = list[int](), 0
        for time in self.events.tops["timestamp"].tolist():
            last = time or last
            times.append(last)
        return times


def digest(parts: Sequence[Part]) -> str:
    """A hash of all that must come, taken before anything is simulated."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(repr((part.sent, part.outputs)).encode())
    return whole.hexdigest()


def _words(packed: Bytes) -> list[int]:
    return [int.from_bytes(row.tobytes(), "big") for row in packed]


class FeaturesModel:
    """Takes the records of the parts in order; a reset begins the next part."""

    inputs = ("s_valid",)

    def __init__(self, parts: Sequence[Part], slots: int, gap: int) -> None:
        self.parts, self.slots, self.gap = deque(parts), slots, gap
        self.sent = self.others = 0
        self._begin()

    def reset(self) -> None:
        """Of a part that has begun; a reset takes some edges."""
        if self.row:
            self._begin()

    def _begin(self) -> None:
        self.part = self.parts.popleft()
        self.row, self.turns = 0, Turns(self.slots, self.gap)
        self.before: dict[str, int] = dict.fromkeys(Turns.inputs, 0)
        self.leaving: int | None = None
        self.own, self.due = deque[int](), defaultdict[int, deque[int]](deque)
        self.ends = defaultdict[int, list[int]](list)
        for index, (row, _) in enumerate(self.part.sent):
            self.ends[row].append(index)
        self.order: list[int] = []  # which of the part's vectors left

    def outputs(self) -> dict[str, int]:
        if self.leaving is None:
            return {"m_valid": 0}
        return {"m_valid": 1, "m_vector": self.leaving}

    def step(self, s_valid: int) -> None:
        turn = self.turns.outputs()
        self.leaving = None
        if turn["m_own"] or turn["m_other"]:
            index = self.own.popleft() if turn["m_own"] else self.due[turn["m_slot"]].popleft()
            self.order.append(index)
            self.leaving = self.part.outputs[index]
            self.sent += 1
            self.others += turn["m_other"]
        self.turns.step(**self.before)
        self.before = dict.fromkeys(Turns.inputs, 0) | {"each_change": int(self.part.each_change)}
        if s_valid:
            self._record()

    def _record(self) -> None:
        top = self.part.events.tops[self.row]
        self.before |= {
            "s_valid": 1,
            "s_acts": int(top["operation"] != Operation.NONE),
            "s_last": int(top["last_of_packet"]),
            "s_slot": int(top["slot"]),
        }
        for index in self.ends.pop(self.row, []):
            slot = self.part.sent[index][1]
            (self.own if slot == top["slot"] else self.due[slot]).append(index)
        self.row += 1
