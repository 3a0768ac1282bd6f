"""What goes into the feed: frames on the wires of A and B, and the registers that filter them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from tickwire.wire.chunks import Chunks

Array = npt.NDArray[Any]

HERTZ = {8: 125_000_000, 64: 156_250_000}  # of the wire, by width: GMII bytes, XGMII words
PREAMBLE = 8  # bytes, W = 8 only
GAP = 12  # bytes: the least between two frames on the wire
PORTS = (
    *("feed_enable", "any_group", "any_port", "group", "port"),
    *("any_start", "any_hours", "window"),
    *("enable", "learn", "locate", "symbol"),
)


@dataclass(frozen=True)
class Traffic:
    """Frames after their preamble; of each its feed, the cycle of its first byte, and what the wire
    does to it: `spoiled` 1 marks an error at byte `at`, 2 makes the preamble wrong."""

    frames: Chunks
    feed: Array
    first: Array
    spoiled: Array
    at: Array

    @classmethod
    def of(
        cls,
        frames: Chunks,
        width: int,
        *,
        feed: Array | None = None,
        space: Array | int = 0,
        start: int = 64,
        spoiled: Array | None = None,
        at: Array | None = None,
    ) -> Traffic:
        """As fast as the wire carries them, with `space` more cycles before each."""
        count = len(frames)
        feeds = np.zeros(count, np.uint8) if feed is None else feed.astype(np.uint8)
        lasts = wire_cycles(frames.lengths, width) + np.broadcast_to(space, count)
        first = np.zeros(count, np.int64)
        for one in (0, 1):
            here = feeds == one
            ends = np.cumsum(lasts[here])
            ahead = (PREAMBLE if width == 8 else 0) + np.broadcast_to(space, count)[here]
            first[here] = start + ends - lasts[here] + ahead
        none = np.zeros(count, np.uint8)
        where = np.zeros(count, np.uint16) if at is None else at.astype(np.uint16)
        return cls(frames, feeds, first, none if spoiled is None else spoiled, where)


def wire_cycles(lengths: Array, width: int) -> Array:
    """Cycles from a frame's start to the next one's at line rate."""
    whole: Array = lengths + PREAMBLE + GAP
    if width == 8:
        return whole
    # the words of a frame, preamble and gap included; the next begins in lane 0
    words: Array = (whole + 7) // 8
    return words


@dataclass(frozen=True)
class Registers:
    """What a host would have written. Index 0 is feed A."""

    group: tuple[int, int] = (0xE9360C6F, 0xE9360C70)
    port: tuple[int, int] = (26_400, 26_400)
    feed_enable: int = 3
    any_group: int = 0
    any_port: int = 0
    any_start: int = 0
    any_hours: int = 0
    window: int = 0  # cycles that a packet waits for what is missing before it
    locates: Mapping[int, int] = field(default_factory=dict)  # the slot of each
    symbols: tuple[str, ...] = ()  # learned by name, from slot 0 on; one without a name isn't
    shared: Mapping[int, int] = field(default_factory=dict)  # slots' locates that others have too
    known: Mapping[int, str] = field(default_factory=dict)  # the symbols of slots that don't learn

    def values(self) -> dict[str, int]:
        slots = [*self.locates.items(), *((at, slot) for slot, at in self.shared.items())]
        learned = {slot: name for slot, name in enumerate(self.symbols) if name}
        learn = sum(1 << slot for slot in learned)
        names = dict(self.known) | learned
        words = {slot: int.from_bytes(name.ljust(8).encode("ascii"), "big")
                 for slot, name in names.items()}  # fmt: skip
        return {
            "feed_enable": self.feed_enable,
            "any_group": self.any_group,
            "any_port": self.any_port,
            "any_start": self.any_start,
            "any_hours": self.any_hours,
            "window": self.window,
            "group": self.group[0] | self.group[1] << 32,
            "port": self.port[0] | self.port[1] << 16,
            "enable": learn | sum(1 << slot for slot in {slot for _, slot in slots}),
            "learn": learn,
            "locate": sum(locate << 16 * slot for locate, slot in slots),
            "symbol": sum(word << 64 * slot for slot, word in words.items()),
        }
