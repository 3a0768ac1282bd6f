"""What line_hold keeps of each feed, and when line_wait gives it up, compiled.

Written from the header paragraphs of both. Times are cycles in which mold_merge has a header; a
frame's end is noted a cycle before mold_merge has it, as in `feed_frames`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from hwtools.compiled import bare

Array = npt.NDArray[Any]

NEVER = 1 << 62
LONG_AGO = -16
BYTES, PACKETS = 8192, 64  # of each feed, that are kept: line_hold's defaults
HOLD = np.dtype(
    [
        ("put", np.int64),  # packets, ever
        ("got", np.int64),
        ("known", np.int64),  # the oldest, from then on
        ("popped", np.int64),  # when the one before it was done with
        ("last", np.int64),  # ... and its frame
        ("coming", np.int64),  # the frame being kept, or that was last, or -1
        ("since", np.int64),  # it is known to come
        ("until", np.int64),  # when it ended
        ("spoilt", np.bool_),
        ("from", np.int64),  # the port gives what was kept: from then on,
        ("to", np.int64),  # ... and up to then
        ("live", np.int64),  # when a header came through last
        ("given", np.int64),  # when the header was given of the packet that is played, or was last
        ("beats", np.int64),  # of it
        ("playing", np.bool_),
        ("beats_kept", np.int64),
        ("packets_kept", np.int64),
        ("changes", np.int64),
        ("reordered", np.int64),  # events
        ("hold_drops", np.int64),
    ]
)
CHANGE = np.dtype([("since", np.int64), ("beats", np.int64), ("packets", np.int64)])
_CHANGES = 4  # remembered of what is kept
# `limits`: cycles to wait; beats above which the longest packet may not fit, and two may not; the
# packets that fit; beats of the longest.
WINDOW, FULL, CROWDED, ROOM, LONGEST = range(5)


class Hold(NamedTuple):
    """By feed: `of`; the frames kept and their ends, round and round; the last changes of how much
    is kept; and the `limits`."""

    of: Array
    frames: Array
    ends: Array
    changes: Array
    limits: Array

    @classmethod
    def reset(cls, window: int, lanes: int, size: tuple[int, int]) -> Hold:
        """`size`: bytes, and packets."""
        of = np.zeros(2, HOLD)
        of["coming"] = -1
        for name in ("popped", "since", "until", "from", "to", "live", "given"):
            of[name] = LONG_AGO
        of["known"] = NEVER
        changes = np.zeros((2, _CHANGES), CHANGE)
        changes["since"] = LONG_AGO
        beats, most = size[0] // lanes, size[0] // lanes // 4
        limits = np.array([window, beats - most, beats - 2 * most, size[1], most], np.int64)
        kept = np.zeros((2, size[1]), np.int64)
        return cls(of, kept, kept.copy(), changes, limits)


@bare
def first(hold: Hold, feed: int) -> int:
    """The oldest frame."""
    return int(hold.frames[feed, hold.of[feed]["got"] % hold.limits[ROOM]])


@bare
def beats_of(packet: Any) -> int:
    """Those behind the one with the header."""
    return int(packet["end"] - packet["header"] - 1)


@bare
def comes(hold: Hold, feed: int, frame: int, time: int) -> None:
    """A packet is kept from its header on."""
    one = hold.of[feed]
    beats, packets = _kept(hold, feed, time + 1)
    one["coming"], one["since"], one["until"] = frame, time + 2, NEVER
    one["spoilt"] = beats > hold.limits[FULL] or packets >= hold.limits[ROOM]


@bare
def ends(hold: Hold, feed: int, packet: Any, time: int) -> None:
    """Its frame has ended."""
    one, cycle = hold.of[feed], time + 1
    one["until"] = cycle
    if packet["wrong"]:
        return
    if one["spoilt"] or beats_of(packet) > hold.limits[LONGEST]:
        one["hold_drops"] += 1
        return
    place = one["put"] % hold.limits[ROOM]
    hold.frames[feed, place], hold.ends[feed, place] = one["coming"], cycle
    one["put"] += 1
    _changed(hold, feed, cycle + 1, beats_of(packet), 1)
    if one["put"] - one["got"] == 1:
        one["known"] = max(one["popped"], cycle) + 3


@bare
def plays(hold: Hold, feed: int, packet: Any, time: int) -> None:
    """The oldest acts, whose header was given then."""
    one = hold.of[feed]
    one["given"], one["beats"], one["playing"] = time, beats_of(packet), True
    one["from"], one["to"] = time, time + 5 + one["beats"]
    one["reordered"] += 1


@bare
def played(hold: Hold, feed: int) -> None:
    one = hold.of[feed]
    one["playing"] = False
    pops(hold, feed, one["to"], one["beats"])


@bare
def pops(hold: Hold, feed: int, cycle: int, beats: int) -> None:
    """The oldest is done with."""
    one = hold.of[feed]
    one["last"] = first(hold, feed)
    one["got"] += 1
    one["popped"], one["known"] = cycle, NEVER
    _changed(hold, feed, cycle + 1, -beats, -1)
    if one["put"] != one["got"]:
        place = one["got"] % hold.limits[ROOM]
        one["known"] = max(cycle, hold.ends[feed, place]) + 3


@bare
def _changed(hold: Hold, feed: int, since: int, beats: int, packets: int) -> None:
    one = hold.of[feed]
    one["beats_kept"] += beats
    one["packets_kept"] += packets
    change = hold.changes[feed, one["changes"] % _CHANGES]
    change["since"], change["beats"], change["packets"] = since, beats, packets
    one["changes"] += 1


@bare
def _kept(hold: Hold, feed: int, cycle: int) -> tuple[int, int]:
    """How many beats and packets are kept in a cycle of now."""
    one = hold.of[feed]
    beats, packets = one["beats_kept"], one["packets_kept"]
    for place in range(_CHANGES):
        change = hold.changes[feed, place]
        if change["since"] > cycle:
            beats -= change["beats"]
            packets -= change["packets"]
    if one["given"] <= cycle <= one["to"] == one["given"] + 5 + one["beats"]:  # it is played
        beats -= min(max(cycle - one["given"] - 3, 0), one["beats"])
    return beats, packets


@bare
def crowded(hold: Hold, cycle: int) -> bool:
    """Of either feed."""
    for feed in range(2):
        beats, packets = _kept(hold, feed, cycle - 1)
        if beats > hold.limits[CROWDED] or packets > hold.limits[ROOM] - 2:
            return True
    return False
