"""What became of a capture that was decoded: counts, and whether anything was lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from tickwire.cli.decoded import Decoded
from tickwire.cli.heard import Heard
from tickwire.cli.unread import NEAR, unread
from tickwire.data.captures import gaps, in_order
from tickwire.data.instruments import shown
from tickwire.wire.chunks import Chunks
from tickwire.wire.codec import Fault
from tickwire.wire.datagrams import text
from tickwire.wire.feeds import Feeds, Source

Array = npt.NDArray[Any]
_FAULTS = {Fault.UNKNOWN_TYPE: "of an unknown type", Fault.WRONG_LENGTH: "of a wrong length"}


@dataclass(frozen=True)
class Verdict:
    """`decoded` messages were written. `refused` counts frames and datagrams by cause, `hardware`
    what the hardware counted, `faults` messages that say nothing."""

    frames: int
    sources: list[dict[str, Any]]
    decoded: int
    unheard: int  # messages that are there, which the hardware didn't deliver
    gaps: int  # packets ahead of which messages lack
    lacking: int
    joined: dict[str, int]  # by session: from which message on it was seen, where that isn't 1
    duplicates: int
    refused: dict[str, int]
    faults: dict[str, int]
    unread: dict[str, int]  # wrong frames and damaged packets that held what nothing else brought
    hardware: dict[str, int] = field(default_factory=dict)
    cycles: int = 0
    trusted: bool = False  # what joined late is, by the caller's word
    window: int = 0  # cycles that the hardware waited for what was missing
    undone: int = 0  # messages that it delivered of frames that turned out wrong

    @property
    def lost(self) -> dict[str, int]:
        """Why the command fails, by cause; empty where nothing was lost."""
        causes = {
            "no message": int(self.decoded == 0),
            "messages lacking": self.lacking,
            "messages that the hardware refused": self.unheard,
            "messages without a meaning": sum(self.faults.values()),
            **self.unread,
        }
        return {cause: count for cause, count in causes.items() if count > 0}

    def as_json(self) -> dict[str, Any]:
        return {
            "messages": self.decoded,
            "frames": self.frames,
            "sources": self.sources,
            "gaps": {"packets": self.gaps, "messages": self.lacking},
            "duplicates": self.duplicates,
            "joined": self.joined,
            "trusted_from_there": self.trusted,
            "undone": self.undone,
            "refused": self.refused,
            "faults": self.faults,
            "hardware": self.hardware,
            "cycles": self.cycles,
            "window": self.window,
            "lost": self.lost,
        }

    def lines(self) -> Iterator[str]:
        cycles = f", {self.cycles:,} cycles" if self.cycles else ""
        yield f"{self.decoded:,} messages in {self.frames:,} frames{cycles}"
        for source in self.sources:
            place = f"{source['address']}:{source['port']}/{shown(source['session'])}"
            numbers = f"{source['first']:,} to {source['last']:,}"
            yield f"from {place}: {source['messages']:,} messages, {numbers}"
        yield (
            f"gaps: {self.lacking:,} messages ahead of {self.gaps:,} packets; "
            f"duplicates: {self.duplicates:,}"
        )
        if self.window:
            yield f"what was ahead waited up to {self.window:,} cycles for what was missing"
        if self.undone:
            yield f"left out: {self.undone:,} messages of frames that turned out wrong"
        for session, number in self.joined.items():
            trust = "trusted from there on" if self.trusted else "not trusted until a snapshot"
            yield f"{shown(session)} joined at message {number:,}: {trust}"
        for title, counts in (
            ("refused", self.refused),
            ("messages", self.faults),
            ("the hardware counted", self.hardware),
            ("LOST", self.lost),
        ):
            if counts:
                listed = ", ".join(
                    f"{count:,} {cause.replace('_', ' ')}" for cause, count in counts.items()
                )
                yield f"{title}: {listed}"


def judge(
    frames: Chunks,
    feeds: Feeds,
    count: int,
    decoded: Decoded | None = None,
    *,
    trusted: bool = False,
) -> Verdict:
    """By the frames themselves, whoever decoded them. `count` messages were written; `decoded` is
    what the hardware made of them, if it did."""
    expected, unheard, lacking, joined, spans = 0, 0, [], {}, {}
    for session in feeds.sessions:
        rows = _rows(feeds, session)
        expected += len(rows)
        there = feeds.packets.message_sequence[rows]
        begins, ends = feeds.begins(session), feeds.ends(session)
        if decoded is not None:
            heard = Heard(decoded, session)
            unheard += heard.lacks(feeds, rows)
            there = np.union1d(there, _near(heard.numbers, begins, ends))
        spans[session] = begins, ends = min(begins, int(there[0])), max(ends, int(there[-1]) + 1)
        lacking += [lacks for _, lacks in gaps(there, ends, begins)]
        if begins > 1:
            joined[session] = begins
    faults = Counter(feeds.places.faults.tolist())
    return Verdict(
        frames=len(frames),
        sources=[_source(one) for one in feeds.sources],
        decoded=count,
        unheard=unheard,
        gaps=len(lacking),
        lacking=sum(lacking),
        joined=joined,
        duplicates=len(feeds.message_source) - expected,
        refused=feeds.left_out,
        faults={says: faults[code] for code, says in _FAULTS.items() if faults[code]},
        unread=dict(unread(frames, feeds, spans)),
        hardware=dict(sorted(decoded.dropped.items())) if decoded else {},
        cycles=decoded.cycles if decoded else 0,
        trusted=trusted,
        window=decoded.window if decoded else 0,
        undone=decoded.undone if decoded else 0,
    )


def _rows(feeds: Feeds, session: str) -> Array:
    """A session's messages in the order of their numbers, each once."""
    of = np.array([one.session == session for one in feeds.sources])
    mine = np.flatnonzero(of[feeds.message_source])
    order, _ = in_order(feeds.packets.message_sequence[mine])
    return mine[order]


def _near(numbers: Array, begins: int, ends: int) -> Array:
    """Without those that only a damaged packet can have, far from all others."""
    first, end = max(begins - NEAR, 0), min(ends + NEAR, (1 << 64) - 1)
    near: Array = numbers[(numbers >= first) & (numbers < end)]
    return near


def _source(source: Source) -> dict[str, Any]:
    return {
        "address": text(source.address),
        "port": source.port,
        "session": source.session,
        "messages": source.messages,
        "first": source.numbers[0],
        "last": source.numbers[1],
    }
