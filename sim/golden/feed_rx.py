"""Golden model of feed_rx, a frame at a time: a million of them in seconds.

It knows when each frame came, since which feed is taken from depends on that. The bytes of the
messages go through the host's own decoder, `tickwire.wire.operations`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.feed_kernel import GIVEN, HEAD, MARK, RUNT, merge_feeds, read_frames
from sim.golden import mac_rx, mold_merge, udp_rx
from tickwire.gen.itch_table import MESSAGES
from tickwire.gen.records import BOOK_OP, Operation, Reason
from tickwire.wire import itch
from tickwire.wire.ethernet import _CRC as CRC
from tickwire.wire.operations import operations
from tickwire.wire.traffic import Registers, Traffic

Array = npt.NDArray[Any]

MAC = mac_rx.EVENTS  # events of a frame, by number
UDP = udp_rx.EVENTS
MERGE = mold_merge.BY_FEED
GAP, SESSION_ENDED, BAD_FRAME = range(3)  # marks: what op_gate is told, beside operations
BOOKED = np.zeros(256, np.bool_)
BOOKED[[ord(kind) for kind in "AFECXDU"]] = True
LATENCY = {8: 3, 64: 5}  # of an operation, from the edge that accepts the message's last byte


@dataclass(frozen=True)
class Told:
    """What must come of them. `mac`, `udp` and `merge` are events by frame, -1 for none; `merge` is
    a set of bits. `given` are the messages, runts too, in order; `marks` what op_gate is told."""

    mac: Array
    udp: Array
    merge: Array
    overruns: Array
    gaps: int
    sessions_ended: int
    given: Array
    operations: Array
    events: dict[str, int]  # of itch_parse
    marks: Array


def told(
    sent: Traffic, registers: Registers, width: int, shortest: int = 64, longest: int = 1522
) -> Told:
    count, lanes = len(sent.frames), width // 8
    mac, udp, merge = (np.full(count, -1, np.int8) for _ in range(3))
    heads, overruns = np.zeros(count, HEAD), np.zeros(count, np.uint8)
    data, offsets = sent.frames.data, sent.frames.offsets
    found = np.zeros(len(data) // 2 + 1, GIVEN)
    limits = np.array([lanes, shortest, longest], np.int64)
    about = (sent.feed.astype(np.int64), sent.first.astype(np.int64), sent.spoiled.astype(np.int64))
    used = read_frames(
        data, offsets, *about, _feeds(registers), limits, mac, udp, heads, overruns, found, CRC
    )
    seen = np.flatnonzero(heads["opened"])
    # in a cycle the ends of frames come before headers, and A before B
    times = np.concatenate([heads["end"][seen] * 4, heads["header"][seen] * 4 + 2])
    which = np.concatenate([seen, seen])
    times += about[0][which]
    order = np.argsort(times, kind="stable")
    given = np.zeros(used * 2 + 1, GIVEN)
    marks = np.zeros(2 * len(order) + 1, MARK)
    numbers = merge_feeds(
        which[order],
        order >= len(seen),
        about[0],
        heads,
        found,
        given,
        marks,
        merge,
        1 if lanes == 1 else 3,
    )
    taken = given[: numbers[0]]
    made, events = _operations(sent, taken, registers.locates)
    return Told(
        mac, udp, merge, overruns, int(numbers[2]), int(numbers[3]), taken, made, events,
        marks[: numbers[1]],
    )  # fmt: skip


def _feeds(registers: Registers) -> Array:
    """A row for each: enabled, any group, any port, group, port."""
    words = registers.feed_enable, registers.any_group, registers.any_port
    bits = [[word >> feed & 1 for feed in (0, 1)] for word in words]
    return np.array([*bits, registers.group, registers.port], np.int64).T.copy()


def _operations(
    sent: Traffic, given: Array, locates: Mapping[int, int]
) -> tuple[Array, dict[str, int]]:
    """By the host's decoder: what each beat that ends messages comes to."""
    data, offsets = sent.frames.data, sent.frames.offsets
    starts = offsets[given["frame"]] + given["at"]
    whole = given["length"] > RUNT
    types = np.where(whole, data[np.minimum(starts, len(data) - 1)], 0)
    sizes = itch.LENGTHS[types]
    right = whole & (sizes == given["length"])
    # of a beat: its message of over 8 bytes, or else its first runt; and whether it ends a packet
    beat = np.ones(len(given), np.bool_)
    same = (given["frame"][1:] == given["frame"][:-1]) & (given["cycle"][1:] == given["cycle"][:-1])
    beat[1:] = ~same
    group = np.cumsum(beat) - 1
    last = np.zeros(int(beat.sum()), np.bool_)
    np.logical_or.at(last, group, given["last"])

    where = np.flatnonzero(right)
    good = _decode(data, starts[where], given["length"][where])
    ops = operations(
        good,
        locates,
        sequence=np.arange(len(where), dtype=np.uint64),
        last=last[group[where]],
    )
    rows = where[ops["sequence_number"].astype(np.int64)]
    made = BOOK_OP.empty(len(given))
    made[rows] = ops
    wanted = np.zeros(len(given), np.bool_)
    wanted[rows] = True
    of_locate = np.full(1 << 16, -1, np.int64)
    for locate, slot in locates.items():
        of_locate[locate] = slot
    said = np.zeros(len(given), np.int64)
    long_enough = np.flatnonzero(whole)
    said[long_enough] = of_locate[
        (data[starts[long_enough] + 1].astype(np.int64) << 8) | data[starts[long_enough] + 2]
    ]
    ours = whole & (said >= 0)
    wrong = ours & ~right & BOOKED[types]
    made["operation"][wrong], made["reason"][wrong] = Operation.STALE, Reason.PARSE_ERROR
    made["slot"][wrong], made["timestamp"][wrong] = said[wrong], 0
    wanted |= wrong | (beat & last[group])
    made["sequence_number"] = given["sequence_number"]
    made["last_of_packet"] = last[group]
    made["frame_cycle"] = sent.first[given["frame"]]
    made["message_cycle"] = given["cycle"]
    return made[wanted & beat], _count(types, whole, right, ours)


def _count(types: Array, whole: Array, right: Array, ours: Array) -> dict[str, int]:
    """itch_parse's events."""
    sizes, trade = itch.LENGTHS[types], np.isin(types, [ord(kind) for kind in "PQB"])
    book = BOOKED[types]
    return {
        "unknown_types": int((whole & (sizes == 0)).sum()),
        "wrong_lengths": int((~whole | ((sizes != 0) & ~right)).sum()),
        "status_messages": int((right & ~book & ~trade).sum()),
        "other_instruments": int((right & (book | trade) & ~ours).sum()),
        "book_messages": int((right & book & ours).sum()),
        "trade_messages": int((right & trade & ours).sum()),
    }


def _decode(data: Array, starts: Array, lengths: Array) -> itch.Messages:
    """Messages that stand anywhere; all are of the right length."""
    types, arrays = data[starts], {}
    for name, kind in MESSAGES.items():
        here = starts[types == kind.code]
        if len(here):
            arrays[name] = itch.from_wire(data[here[:, None] + np.arange(kind.length)], kind)
    assert (itch.LENGTHS[types] == lengths).all()
    return itch.Messages.of(types, arrays)
