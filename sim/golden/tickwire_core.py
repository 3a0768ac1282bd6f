"""Golden model of tickwire_core: the host's replay of the path, on what the host's decoder and book
make of the frames. Stamps count from the cycle of the traffic's first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.golden import feed_book, feed_rx, signal
from sim.golden.nn import StandIn
from tickwire.gen.records import Operation
from tickwire.replay.path import Expected, replay
from tickwire.replay.signals import Signals
from tickwire.wire.traffic import Registers, Traffic

Array = npt.NDArray[Any]

MODEL_ID = 0x5354414E442D494E  # sim/doubles/network_pkg.sv
LATENCY = {width: cycles + 4 + 14 + 2 for width, cycles in feed_book.LATENCY.items()}


class Scores:
    """The stand-in as the replay asks: one slot's steps in order."""

    def scores(self, vectors: Array, clear: npt.NDArray[np.bool_]) -> Array:
        network, said = StandIn(), []
        for values, anew in zip(vectors.tolist(), clear.tolist(), strict=True):
            if anew:
                network.clear(0)
            said.append(network.step(0, values))
        return np.array(said, np.int64).reshape(-1, 5)


@dataclass(frozen=True)
class Told:
    """What must come, and how often what a counter counts."""

    expected: Expected
    messages: int


def told(
    traffic: Traffic, registers: Registers, width: int, settings: Array, each_change: bool
) -> Told:
    front = feed_rx.receive(traffic, registers, width)
    books = feed_book.book(front, width, levels=True)
    expected = replay(
        books.operations,
        books.outcome,
        Scores(),
        Signals(settings, MODEL_ID),
        each_change=each_change,
        bad=_bad(front, width, each_change),
    )
    return Told(expected, len(front.messages))


def _bad(front: Any, width: int, each_change: bool) -> npt.NDArray[np.bool_]:
    """Operations of frames that turned out wrong. A frame's end is known before what it sends is
    decided; where each change is sent, only before what of it is decided last."""
    ops = front.operations
    times = ops["message_cycle"].astype(np.int64)
    decided = times + LATENCY[width] - signal.LATENCY
    decided += np.where(ops["operation"] == Operation.REPLACE, 2, 0)
    bad = np.zeros(len(ops), np.bool_)
    for known in front.marks["cycle"][front.marks["kind"] == feed_rx.BAD_FRAME].tolist():
        last = np.searchsorted(times + feed_rx.LATENCY[width], known, side="right") - 1
        same = ops["frame_cycle"] == ops["frame_cycle"][last]
        bad |= same & (decided >= known) if each_change else same
    return bad
