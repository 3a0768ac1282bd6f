"""What became of a capture that was decoded: counts, and whether anything was lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tickwire.data.captures import gaps, in_order
from tickwire.data.instruments import shown
from tickwire.wire.chunks import Chunks
from tickwire.wire.codec import Fault
from tickwire.wire.datagrams import Cause, datagrams, text
from tickwire.wire.feeds import Feeds, Source

_FAULTS = {Fault.UNKNOWN_TYPE: "of an unknown type", Fault.WRONG_LENGTH: "of a wrong length"}


@dataclass(frozen=True)
class Verdict:
    """`expected` messages are there, each once; `decoded` were written. `refused` counts frames and
    datagrams by cause, `hardware` what the hardware counted, `faults` messages that say nothing."""

    frames: int
    sources: list[dict[str, Any]]
    expected: int
    decoded: int
    gaps: int  # packets ahead of which messages lack
    lacking: int
    joined: dict[str, int]  # by session: its first message where that isn't 1
    duplicates: int
    refused: dict[str, int]
    faults: dict[str, int]
    unread: int  # wrong frames after the last packet: who knows what they held
    hardware: dict[str, int] = field(default_factory=dict)
    cycles: int = 0
    trusted: bool = False  # what joined late is, by the caller's word
    window: int = 0  # cycles that the hardware waited for what was missing

    @property
    def lost(self) -> dict[str, int]:
        """Why the command fails, by cause; empty where nothing was lost."""
        causes = {
            "no message": int(self.decoded == 0),
            "messages lacking": self.lacking,
            "messages that the hardware refused": self.expected - self.decoded,
            "messages without a meaning": sum(self.faults.values()),
            "wrong frames at the end": self.unread,
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
    decoded: int,
    hardware: Counter[str] | None = None,
    cycles: int = 0,
    *,
    trusted: bool = False,
    window: int = 0,
) -> Verdict:
    """By the frames themselves, whoever decoded them."""
    numbers, source = feeds.packets.message_sequence, feeds.message_source
    sessions = np.array([feeds.sessions.index(one.session) for one in feeds.sources], np.int64)
    expected, lacking, joined = 0, [], {}
    for at, session in enumerate(feeds.sessions):
        mine = np.flatnonzero(sessions[source] == at)
        order, _ = in_order(numbers[mine])
        sequence = numbers[mine][order]
        expected += len(sequence)
        lacking += [count for _, count in gaps(sequence, feeds.ends(session))]
        if int(sequence[0]) > 1:
            joined[session] = int(sequence[0])
    faults = Counter(feeds.places.faults.tolist())
    return Verdict(
        frames=len(frames),
        sources=[_source(one) for one in feeds.sources],
        expected=expected,
        decoded=decoded,
        gaps=len(lacking),
        lacking=sum(lacking),
        joined=joined,
        duplicates=len(numbers) - expected,
        refused=feeds.left_out,
        faults={says: faults[code] for code, says in _FAULTS.items() if faults[code]},
        unread=_unread(frames, feeds),
        hardware=dict(sorted((hardware or Counter()).items())),
        cycles=cycles,
        trusted=trusted,
        window=window,
    )


def _source(source: Source) -> dict[str, Any]:
    return {
        "address": text(source.address),
        "port": source.port,
        "session": source.session,
        "messages": source.messages,
        "first": source.numbers[0],
        "last": source.numbers[1],
    }


def _unread(frames: Chunks, feeds: Feeds) -> int:
    """Wrong frames after the last packet that may have held messages of these sources."""
    every = datagrams(frames)
    wrong = (every.causes != Cause.NONE) & (every.causes != Cause.OTHER)
    wrong[: int(feeds.frame.max(initial=-1)) + 1] = False
    ours = {bytes(16), *(source.address for source in feeds.sources)}
    return sum(every.to[at].tobytes() in ours for at in np.flatnonzero(wrong).tolist())
