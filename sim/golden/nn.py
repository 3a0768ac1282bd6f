"""Golden model of nn: its header's rules, vector by vector, and when the records show.

A network's scores are somebody else's: the stand-in's arithmetic here, or what torch gave before
the simulator steps.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from hwtools.bits import pack, unpack
from models.deploy.convert import Network as Converted
from sim.golden.tick_pkg import pack_some
from tickwire.gen.records import FEATURE_VECTOR, SIGNAL, SLOTS, Reason

_RIDES = ("slot", "sequence_number", "timestamp", "bid_price", "bid_shares", "ask_price",
          "ask_shares", "frame_cycle", "message_cycle")  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """What the package says of a network's time."""

    latency: int
    loop: int
    recurrent: bool


class Network(Protocol):
    shape: Shape

    def reset(self) -> None: ...

    def clear(self, slot: int) -> None: ...

    def step(self, slot: int, values: Sequence[int]) -> list[int]: ...


@dataclass
class StandIn:
    """sim/doubles/network.sv, from its header; scores as its package shifts them."""

    shape: Shape = Shape(latency=13, loop=12, recurrent=True)
    states: dict[int, int] = field(default_factory=dict)

    def reset(self) -> None:
        self.states = {}

    def clear(self, slot: int) -> None:
        self.states.pop(slot, None)

    def step(self, slot: int, values: Sequence[int]) -> list[int]:
        taken = [value for place, value in enumerate(values) if place != 3]
        total = sum((2 * place + 1) * value for place, value in enumerate(taken))
        state = self.states[slot] = (5 * self.states.get(slot, 0) + total) % 2**16
        low, high = _signed(state % 2**12, 12), _signed(state // 2**4, 12)
        mixed = _signed((state ^ state >> 3) % 2**12, 12)
        return [low, high, mixed, _signed(state % 2**9, 9) * 2**7, state % 2**7 * 2]


def _signed(code: int, bits: int) -> int:
    return code - 2**bits if code >> bits - 1 else code


class Foreseen:
    """A real network: torch gave the scores of each slot's steps, in order, beforehand."""

    def __init__(self, network: Converted, vectors: npt.NDArray[Any]) -> None:
        self.shape = Shape(network.latency, network.loop, network.recurrent)
        steps, clear = _steps(vectors)
        self.scores = dict[int, deque[list[int]]]()
        for slot in range(SLOTS):
            mine = vectors["slot"][steps] == slot
            scores = network.scores(vectors["values"][steps][mine], clear[mine])
            self.scores[slot] = deque(scores.tolist())

    def reset(self) -> None: ...

    def clear(self, slot: int) -> None: ...

    def step(self, slot: int, values: Sequence[int]) -> list[int]:  # noqa: ARG002 - torch's
        return self.scores[slot].popleft()


def _steps(vectors: npt.NDArray[Any]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """The rows that step, and which of them find a state that was cleared, if nothing drops."""
    rows, clear, cleared = list[int](), list[bool](), dict.fromkeys(range(SLOTS), True)
    for row, vector in enumerate(vectors):
        slot = int(vector["slot"])
        if not vector["warm"]:
            cleared[slot] = True
        elif vector["reason"] == Reason.OK and vector["changed"]:
            rows.append(row)
            clear.append(cleared[slot])
            cleared[slot] = False
    return np.array(rows, np.int64), np.array(clear, np.bool_)


@dataclass
class _Job:
    slot: int
    clears: bool
    steps: bool
    values: list[int]
    record: npt.NDArray[Any]


class Nn:
    """`met` counts what happened; `waits` holds how long each vector waited."""

    inputs = ("s_valid", "s_vector")

    def __init__(self, network: Network, queue: int = 16) -> None:
        self.network, self.queue = network, queue
        self.met, self.waits = Counter[str](), Counter[int]()
        self.records = 0
        self.reset()

    def reset(self) -> None:
        self.network.reset()
        self.now = 0
        self.broken = set[int]()
        self.waiting = deque[tuple[int, _Job]]()  # when it came
        self.last = -2  # when a vector went
        self.stepped = dict[int, int]()  # when a slot's last step went
        self.due = deque[tuple[int, int]]()  # when, and the record
        self.pulses = dict.fromkeys(("inferences", "network_drops", "waited"), 0)

    def outputs(self) -> dict[str, int]:
        events = {name: self.pulses[name] for name in ("inferences", "network_drops")}
        ports = {"waited": self.pulses["waited"], "path_events": pack_some("path_events", events)}
        if self.due and self.due[0][0] == self.now:
            return {"m_valid": 1, "m_signal": self.due[0][1], **ports}
        return {"m_valid": 0, **ports}

    def step(self, **inputs: int) -> None:
        self.pulses = dict.fromkeys(self.pulses, 0)
        if self.due and self.due[0][0] == self.now:
            self.due.popleft()
            self.records += 1
        if inputs["s_valid"]:
            self._arrive(inputs["s_vector"])
        if self.waiting and self._may_go(self.waiting[0][1]):
            came, job = self.waiting.popleft()
            self.waits[self.now - came] += 1
            self._go(job)
        if inputs["s_valid"] and self.waiting and self.waiting[-1][0] == self.now:
            self.pulses["waited"] = 1
        self.now += 1
        self.met.update(name for name, pulsed in self.pulses.items() if pulsed)

    def _arrive(self, word: int) -> None:
        data = np.frombuffer(word.to_bytes(FEATURE_VECTOR.bytes, "big"), np.uint8)
        vector = unpack(data.reshape(1, -1), FEATURE_VECTOR)
        slot, warm = int(vector["slot"][0]), bool(vector["warm"][0])
        if len(self.waiting) == self.queue:
            self.broken.add(slot)
            self.pulses["network_drops"] = 1
            return
        reason = Reason(vector["reason"][0])
        if reason == Reason.OK:
            if not warm:
                reason = Reason.WARMING_UP
            elif slot in self.broken:
                reason = Reason.DROPPED
            elif not vector["changed"][0]:
                reason = Reason.UNCHANGED
        if not warm:
            self.broken.discard(slot)
        record = SIGNAL.empty(1)
        for name in _RIDES:
            record[name] = vector[name]
        record["reason"] = reason
        self.met[reason.name] += 1
        steps = reason == Reason.OK
        values = vector["values"][0].tolist()
        self.waiting.append((self.now, _Job(slot, not warm, steps, values, record)))

    def _may_go(self, job: _Job) -> bool:
        if self.now - self.last < 2:
            return False
        shape = self.network.shape
        if not shape.recurrent or not (job.steps or job.clears):
            return True
        return self.now - self.stepped.get(job.slot, self.now - shape.loop) >= shape.loop

    def _go(self, job: _Job) -> None:
        self.last = self.now
        if job.clears:
            self.network.clear(job.slot)
        if job.steps:
            scores = self.network.step(job.slot, job.values)
            job.record["scores"][0] = scores[:3]
            job.record["expected_return"], job.record["expected_volatility"] = scores[3:]
            self.stepped[job.slot] = self.now
            self.pulses["inferences"] = 1
        packed = int.from_bytes(pack(job.record, SIGNAL)[0].tobytes(), "big")
        self.due.append((self.now + self.network.shape.latency + 1, packed))
