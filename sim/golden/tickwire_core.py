"""Golden model of tickwire_core: the host's replay of the path, on what the host's decoder and book
make of the frames. Stamps count from the cycle of the traffic's first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from golden import feed_book, feed_rx
from golden.nn import StandIn
from tickwire.path import Expected, replay
from tickwire.signals import Signals
from tickwire.traffic import Registers, Traffic

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
    packets: int


def told(
    traffic: Traffic, registers: Registers, width: int, settings: Array, each_change: bool
) -> Told:
    front = feed_rx.told(traffic, registers, width)
    books = feed_book.shown(front.operations, front.marks, width, levels=True)
    bad = front.marks["cycle"][front.marks["kind"] == feed_rx.BAD_FRAME]
    times = front.operations["message_cycle"].astype(np.int64) + feed_rx.LATENCY[width]
    last = np.searchsorted(times, bad, side="right") - 1  # operation before each
    expected = replay(
        books.operations,
        books.outcome,
        Scores(),
        Signals(settings, MODEL_ID),
        each_change=each_change,
        bad_frames=front.operations["frame_cycle"][last],
    )
    return Told(expected, len(front.given), len(np.unique(front.given["frame"])))
