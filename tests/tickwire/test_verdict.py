"""What decode says of a capture: every count and every cause, from the frames alone."""

from __future__ import annotations

import struct
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from tickwire.board.virtual.harness import MESSAGE
from tickwire.cli.decoded import Decoded
from tickwire.cli.verdict import Verdict, judge
from tickwire.wire import feeds
from tickwire.wire.chunks import Chunks, as_bytes
from tickwire.wire.ethernet import Flow, frames

A = Flow()
B = Flow(destination_address="233.54.12.112", destination_port=26_401)
GOOD = struct.pack(">H", 12) + b"S" + bytes(10) + b"O"
STRANGE, SHORT = struct.pack(">H", 3) + b"zzz", struct.pack(">H", 4) + b"Szzz"


def packet(number: int, *messages: bytes, session: bytes = b"DAY") -> bytes:
    head = session.ljust(10) + struct.pack(">QH", number, len(messages))
    return head + b"".join(messages)


def sent(*packets: bytes, flow: Flow = A) -> list[bytes]:
    return [frame[:-4] for frame in frames(Chunks.of(packets), flow)]


def wrong(frame: bytes) -> bytes:
    return frame[:40] + b"\x12\x34" + frame[42:]


def delivered(found: feeds.Feeds, numbers: list[tuple[str, int]]) -> Decoded:
    """As if the hardware had delivered these messages of the capture."""
    names = [found.sources[at].session for at in found.message_source.tolist()]
    every = list(zip(names, found.packets.message_sequence.tolist(), strict=True))
    messages, data = np.zeros(len(numbers), MESSAGE), as_bytes(found.packets.stream)
    for row, which in zip(messages, numbers, strict=True):
        row["sequence_number"] = which[1]
        if which in every:
            at = every.index(which)
            start, length = int(found.places.offsets[at]), int(found.places.lengths[at])
            row["runts"], row["length"] = length <= 8, length if length > 8 else 0
            row["bytes"][: row["length"]] = data[start : start + int(row["length"])]
    sessions = np.array([session for session, _ in numbers], np.object_)
    none = np.zeros(len(numbers), np.int64)
    return Decoded(messages, none, sessions, none, {}, Counter(), 1, 0, frozenset())


def verdict(every: list[bytes], count: int, **more: int) -> Verdict:
    """Of the first `count` messages; the hardware counted `more`."""
    whole = Chunks.of(every)
    found = feeds.find(whole)
    names = [found.sources[at].session for at in found.message_source.tolist()]
    pairs = dict.fromkeys(zip(names, found.packets.message_sequence.tolist(), strict=True))
    decoded = delivered(found, list(pairs)[:count])
    decoded = replace(decoded, dropped=Counter(more), cycles=7 if more else 0)
    return judge(whole, found, count, decoded)


def test_a_whole_capture_says_what_came_and_from_whom() -> None:
    every = [packet(1, GOOD), packet(2, GOOD, GOOD), packet(4)]
    observed = verdict([*sent(*every), *sent(*every[:2], flow=B)], 3, packets=5)
    assert list(observed.lines()) == [
        "3 messages in 5 frames, 7 cycles",
        "from 233.54.12.111:26400/DAY: 3 messages, 1 to 3",
        "from 233.54.12.112:26401/DAY: 3 messages, 1 to 3",
        "gaps: 0 messages ahead of 0 packets; duplicates: 3",
        "the hardware counted: 5 packets",
    ]
    assert observed.lost == {} and observed.as_json()["joined"] == {}
    assert observed.as_json()["sources"][1] == {
        "address": "233.54.12.112", "port": 26_401, "session": "DAY", "messages": 3,
        "first": 1, "last": 3,
    }  # fmt: skip


def test_everything_that_can_be_lost() -> None:
    every = [
        *sent(packet(2, GOOD), packet(5, STRANGE, SHORT, GOOD), packet(9, GOOD)),
        *sent(packet(7, GOOD, session=b"LATE\0"), packet(11, session=b"LATE\0")),
        wrong(sent(packet(10, GOOD))[0]),
    ]
    observed = verdict([wrong(every[0]), *every, bytes(60)], 4)
    assert list(observed.lines()) == [
        "4 messages in 8 frames",
        "from 233.54.12.111:26400/DAY: 5 messages, 2 to 9",
        "from 233.54.12.111:26400/LATE\\x00: 1 messages, 7 to 7",
        "gaps: 6 messages ahead of 3 packets; duplicates: 0",
        "DAY joined at message 2: not trusted until a snapshot",
        "LATE\\x00 joined at message 7: not trusted until a snapshot",
        "refused: 1 frames of something else, 2 datagrams with a wrong checksum",
        "messages: 1 of an unknown type, 1 of a wrong length",
        "LOST: 6 messages lacking, 2 messages that the hardware refused, "
        "2 messages without a meaning, 1 wrong frames at the end",
    ]
    assert observed.as_json()["gaps"] == {"packets": 3, "messages": 6}


@pytest.mark.parametrize(("number", "joined"), [(1, {}), (2, {"DAY": 2})])
def test_a_capture_is_joined_where_it_does_not_begin_with_the_first(
    number: int, joined: dict[str, int]
) -> None:
    observed = verdict(sent(packet(number, GOOD)), 1)
    assert observed.joined == joined and observed.lost == {}
    assert observed.as_json()["trusted_from_there"] is False
    whole = Chunks.of(sent(packet(number, GOOD)))
    told = judge(whole, feeds.find(whole), 1, trusted=True)
    assert told.as_json()["trusted_from_there"] is True
    says = ["DAY joined at message 2: trusted from there on"] if joined else []
    assert [line for line in told.lines() if "joined" in line] == says


def test_nothing_decoded_is_a_failure() -> None:
    observed = verdict(sent(packet(1, GOOD)), 0)
    assert observed.lost == {"no message": 1, "messages that the hardware refused": 1}


@pytest.mark.parametrize("cause", ["short", "fragment", "checksum"])
def test_wrong_frames_at_the_end_may_have_held_messages(cause: str) -> None:
    *every, last = sent(packet(1, GOOD), packet(2, GOOD))
    spoiled = {
        "short": last[:50],
        "fragment": last[:20] + b"\x20\0" + last[22:24] + b"\0\0" + last[26:],  # no header sum
        "checksum": wrong(last),
    }[cause]
    assert verdict([*every, spoiled], 1).lost == {"wrong frames at the end": 1}
    before = {} if cause == "short" else {"wrong frames at the end": 1}  # it says: message 2
    assert verdict([spoiled, *every], 1).lost == before
    others = spoiled[:30] + bytes([9]) + spoiled[31:]  # to an address that sent nothing
    assert verdict([*every, others], 1).lost == before
