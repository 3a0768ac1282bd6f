"""From what the books show to the signals that the hardware must make, on the host.

`replay` takes the operations of a feed as op_gate lets them pass, and the books after each
(`tickwire.replay.books` makes both of frames), and gives every feature vector, every record of the
network and every signal. It is what a day is trained on, scored by and run live with; the RTL is
held against it field by field.

What steps the network, of a slot's vectors in order:

    not warm                    its state begins anew; no step, scores 0
    warm, reason ok, changed    a step; the scores are the network's
    else                        no step, the state stays, scores 0; where the reason is ok it
                                becomes unchanged

`changed` says that an event (docs/reference/features.md, rule 5) of the slot happened within the
packet, or where each change is sent, with this record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from hwtools.compiled import compiled
from tickwire.book.types import Outcome
from tickwire.data.events import Events
from tickwire.features.kernel import COUNT, Features, Vectors, triggered
from tickwire.gen.records import CLASSES, FEATURE_VECTOR, SIGNAL, SLOTS, Operation, Reason
from tickwire.replay.signals import Signals

Array = npt.NDArray[Any]
Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]

STAMPS = ("timestamp", "sequence_number", "frame_cycle", "message_cycle")
TOUCHED = ("bid_price", "bid_shares", "ask_price", "ask_shares")
HEADS = ("expected_return", "expected_volatility")  # what scores hold behind the classes


class Network(Protocol):
    """What computes the scores of a slot's vectors in order: a converted network is one."""

    def scores(self, vectors: Array, clear: Flags) -> Array:
        """Raw scores of one slot's steps in order, [n, 5]; `clear`: from an empty state."""
        ...


@dataclass(frozen=True)
class Expected:
    """What must come out, level by level. A row of `operations`, `outcome` is an operation; one of
    `vectors`, `network`, `signals` a vector, of which `sends` is the operation that sends it and
    `stands` the one after which its slot stood so."""

    operations: Records
    outcome: Outcome
    vectors: Records
    network: Records
    signals: Records
    sends: Rows
    stands: Rows
    steps: Flags
    clears: Flags  # of those that step: from an empty state

    def arrays(self) -> dict[str, Array]:
        """All of it by name, as it is written down before anything is simulated."""
        assert self.outcome.levels is not None
        return {
            "operations": self.operations,
            "tops": self.outcome.tops,
            "levels": self.outcome.levels,
            "causes": self.outcome.causes,
            "ignored": self.outcome.ignored,
            "vectors": self.vectors,
            "network": self.network,
            "signals": self.signals,
            "sends": self.sends,
            "stands": self.stands,
            "steps": self.steps,
            "clears": self.clears,
        }

    @classmethod
    def of(cls, arrays: Mapping[str, Array]) -> Expected:
        """From `arrays`."""
        outcome = Outcome(*(arrays[name] for name in ("tops", "causes", "ignored", "levels")))
        names = ("vectors", "network", "signals", "sends", "stands", "steps", "clears")
        return cls(arrays["operations"], outcome, *(arrays[name] for name in names))


def digest(arrays: Mapping[str, Array]) -> str:
    """A hash of all that must come."""
    sha256 = hashlib.sha256()
    for name, array in sorted(arrays.items()):
        sha256.update(f"{name} {array.dtype} {array.shape}\n".encode())
        sha256.update(np.ascontiguousarray(array).tobytes())
    return sha256.hexdigest()


def replay(
    operations: Records,
    outcome: Outcome,
    network: Network,
    signals: Signals,
    *,
    each_change: bool = False,
    bad: Flags | None = None,
) -> Expected:
    """`outcome` with its levels. `bad` says of which operations the frame was known to be wrong
    when what they send is decided: of all that it held, where its end is what sends."""
    assert outcome.levels is not None
    features = Features(SLOTS).run(Events(outcome.tops, outcome.levels))
    triggers = triggered(outcome.tops, each_change)
    sends, slots = triggers[:, 0], triggers[:, 1]
    stands = _stands(outcome.tops, sends, slots)
    changed = _changed(outcome.tops, features.event, sends, slots, each_change)
    vectors = _vectors(outcome.tops, features, sends, stands, slots, changed)
    before, steps, clears = _network(vectors, network)
    decided = signals.decide(before, None if bad is None else bad[sends])
    return Expected(operations, outcome, vectors, before, decided, sends, stands, steps, clears)


def _stands(tops: Records, sends: Rows, slots: Rows) -> Rows:
    """The record after which each vector's slot stands as it is sent: the sending one if that is
    the slot's own, else the latest one of the slot that has an operation."""
    stands = sends.copy()
    acts = tops["operation"] != Operation.NONE
    for slot in np.unique(slots).tolist():
        rows = np.flatnonzero(acts & (tops["slot"] == slot))
        mine = np.flatnonzero((slots == slot) & (tops["slot"][sends] != slot))
        stands[mine] = rows[np.searchsorted(rows, sends[mine], side="right") - 1]
    return stands


def _changed(tops: Records, event: Flags, sends: Rows, slots: Rows, each_change: bool) -> Flags:
    """Whether an event of the slot happened since what the vector stands for began."""
    if each_change:
        return np.asarray(event[sends], np.bool_)
    ends = np.flatnonzero(tops["last_of_packet"])
    first = np.concatenate([[0], ends + 1])[np.searchsorted(ends, sends)]
    changed = np.zeros(len(sends), np.bool_)
    for slot in np.unique(slots).tolist():
        mine = np.flatnonzero(slots == slot)
        count = np.concatenate([[0], np.cumsum(event & (tops["slot"] == slot))])
        changed[mine] = count[sends[mine] + 1] > count[first[mine]]
    return changed


def _vectors(
    tops: Records, features: Vectors, sends: Rows, stands: Rows, slots: Rows, changed: Flags
) -> Records:
    vectors = FEATURE_VECTOR.empty(len(sends))
    vectors["slot"] = slots
    vectors["values"][:, :COUNT] = features.values[stands]
    vectors["warm"], vectors["reason"] = features.warm[stands], features.reason[stands]
    vectors["changed"] = changed
    for name in STAMPS:
        vectors[name] = tops[name][sends]
    vectors["timestamp"] = _times(tops["timestamp"])[sends]
    for name in TOUCHED:
        vectors[name] = tops[name][stands]
    return vectors


def _times(timestamps: Array) -> Array:
    """Where a record has no time (its message was no operation, or the host's), the last before."""
    latest = np.maximum.accumulate(np.where(timestamps != 0, np.arange(len(timestamps)), 0))
    return timestamps[latest]


def _network(vectors: Records, network: Network) -> tuple[Records, Flags, Flags]:
    """Signals before their decision; which vectors step, and which of those from empty."""
    records = SIGNAL.empty(len(vectors))
    for name in ("slot", "reason", *STAMPS):
        records[name] = vectors[name]
    for name in TOUCHED:
        records[name] = vectors[name]
    fine = vectors["reason"] == Reason.OK
    steps = vectors["warm"] & fine & vectors["changed"]
    records["reason"][vectors["warm"] & fine & ~steps] = Reason.UNCHANGED
    clears = _clears(vectors["slot"], vectors["warm"], steps)
    for slot in np.unique(vectors["slot"][steps]).tolist():
        mine = np.flatnonzero(steps & (vectors["slot"] == slot))
        scores = network.scores(vectors["values"][mine, :COUNT], clears[mine])
        records["scores"][mine] = scores[:, :CLASSES]
        for place, name in enumerate(HEADS):
            records[name][mine] = scores[:, CLASSES + place]
    return records, steps, clears


@compiled
def _clears(slots: Array, warm: Array, steps: Array) -> Flags:
    """Of the steps, those before which the slot's state began anew."""
    anew = np.ones(256, np.bool_)  # after reset
    clears = np.zeros(len(slots), np.bool_)
    for row in range(len(slots)):
        slot = slots[row]
        if not warm[row]:
            anew[slot] = True
        elif steps[row]:
            clears[row], anew[slot] = anew[slot], False
    return clears
