"""Samples, labels, and the chronological parts of a day: training, validation, test.

A sample is a row at which the network would run and act: the end of a packet that changed the
instrument's features, with the book's reason ok and the features warm. Horizons are counted in
samples. A label compares the middle price k samples ahead with the middle price now: up or down
where it moved by more than a threshold, else flat. The threshold is the lower third of the absolute
moves of the training part, and of nothing else.

The parts are 60, 10 and 30 % of the file's rows, so that the content of later rows moves no border.
A part ends GAP samples before the next begins, so that no label of one reaches into another.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.nets.kinds import HORIZONS as HORIZONS
from tickwire.data import events as files
from tickwire.data.events import About, Events
from tickwire.features.kernel import Features, Vectors
from tickwire.gen.records import CLASSES, Reason

DOWN, FLAT, UP = range(CLASSES)
SHARES = (60, 10, 30)  # percent of the rows: training, validation, test
GAP = 256  # samples left out before each border
PARTS = ("training", "validation", "test")

Floats = npt.NDArray[np.float64]
Classes = npt.NDArray[np.int64]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Samples:
    """One instrument's samples in order."""

    name: str
    digest: str  # of the events
    rows: Rows  # of the file
    file_rows: int
    x: npt.NDArray[np.int16]
    middle: Rows  # best bid plus best ask
    spread: Rows
    time: Rows

    def __len__(self) -> int:
        return len(self.rows)


def samples(about: About, events: Events, slot: int = 0) -> Samples:
    """The samples of a slot."""
    vectors = Features(slot + 1).run(of_slot(events, slot))
    mine = events.tops["slot"] == slot
    decides = _decides(events, vectors, mine)
    rows = np.flatnonzero(mine)[decides]
    tops = events.tops[rows]
    bid, ask = tops["bid_price"].astype(np.int64), tops["ask_price"].astype(np.int64)
    x = vectors.values[decides]
    name = about.instruments[slot]
    # the end of a packet has no time of its own: it has that of the row before
    time = np.maximum.accumulate(events.tops["timestamp"].astype(np.int64))[rows]
    return Samples(name, files.digest(events), rows, len(events), x, bid + ask, ask - bid, time)


def of_slot(events: Events, slot: int) -> Events:
    return events.rows(events.tops["slot"] == slot)


def _decides(
    events: Events, vectors: Vectors, mine: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Which of a slot's rows are samples: the last of a packet that held an event of the slot."""
    packet = np.concatenate([[0], np.cumsum(events.tops["last_of_packet"])])[:-1][mine]
    last = np.ones(len(packet), np.bool_)
    last[:-1] = packet[1:] != packet[:-1]
    # an event anywhere in the slot's rows of the packet
    before = np.concatenate([[0], np.cumsum(vectors.event)])
    first = np.searchsorted(packet, packet, side="left")
    changed = before[1:] > before[first]
    ready = vectors.warm & (vectors.reason == Reason.OK)
    return np.asarray(last & changed & ready)


def load(path: Path, slot: int = 0) -> Samples:
    """A file's samples."""
    return samples(*files.read(path), slot)


# -- Parts ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """Samples from `start` up to `stop`; their labels need `horizon` more samples behind it."""

    start: int
    stop: int

    def __len__(self) -> int:
        return max(self.stop - self.start, 0)

    @property
    def span(self) -> slice:
        return slice(self.start, self.stop)


def parts(samples: Samples, shares: tuple[int, ...] = SHARES, gap: int = GAP) -> tuple[Part, ...]:
    """Training, validation, test; at the very end the longest horizon is left out."""
    if gap < max(HORIZONS):
        raise ValueError(f"a gap of {gap} lets labels reach over a border")
    borders = np.cumsum((0, *shares))[:-1] * samples.file_rows // sum(shares)
    starts = np.searchsorted(samples.rows, borders).tolist()
    stops = [start - gap for start in starts[1:]] + [len(samples) - max(HORIZONS)]
    cut = tuple(Part(start, stop) for start, stop in zip(starts, stops, strict=True))
    if any(len(part) < 1000 for part in cut):
        sizes = ", ".join(f"{len(part):,}" for part in cut)
        raise ValueError(f"{samples.name}: parts of {sizes} samples; each needs 1,000")
    return cut


# -- Labels --------------------------------------------------------------------------------------


def moves(samples: Samples, part: Part, horizon: int) -> Floats:
    """m(t + k) / m(t) - 1 of a part's samples."""
    now = samples.middle[part.span].astype(np.float64)
    ahead = samples.middle[part.start + horizon : part.stop + horizon].astype(np.float64)
    return np.asarray(ahead / now - 1.0)


def smoothed_moves(samples: Samples, part: Part, horizon: int) -> Floats:
    """The same with the mean of the next k middle prices, as is common in the literature."""
    now = samples.middle[part.span].astype(np.float64)
    total = np.concatenate([[0], np.cumsum(samples.middle)])
    first = np.arange(part.start + 1, part.stop + 1)
    return np.asarray((total[first + horizon] - total[first]) / horizon / now - 1.0)


def past_moves(samples: Samples, part: Part, horizon: int) -> Floats:
    """m(t) / m(t - k) - 1; the first k samples are compared with the first one."""
    at = np.arange(part.start, part.stop)
    before = samples.middle[np.maximum(at - horizon, 0)].astype(np.float64)
    return np.asarray(samples.middle[part.span].astype(np.float64) / before - 1.0)


def threshold(training_moves: Floats) -> float:
    """A third of the training moves are at most this."""
    if not np.isfinite(training_moves).all():
        raise ValueError("moves that are no numbers have no threshold")
    return float(np.quantile(np.abs(training_moves), 1 / 3))


def classes(changes: Floats, limit: float) -> Classes:
    return np.where(changes > limit, UP, np.where(changes < -limit, DOWN, FLAT)).astype(np.int64)
