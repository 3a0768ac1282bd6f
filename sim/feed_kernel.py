"""The compiled half of feed_rx's golden model: what each frame alone comes to, and both feeds.

Written from the header paragraphs of mac_rx, udp_rx, mold_rx and mold_merge.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.compiled import compiled
from sim.golden.udp_rx import EVENTS as UDP
from tickwire.wire.ethernet import _check

Array = npt.NDArray[Any]

_OTHER_PROTOCOL, _BAD_IP, _OPTIONS = (UDP.index(n) for n in UDP[1:4])
_FRAGMENTS, _BAD_UDP, _FILTERED, _TRUNCATED = (UDP.index(n) for n in UDP[4:8])
RUNT, _END = 8, 0xFFFF
MARK = np.dtype([("cycle", np.int64), ("kind", np.uint8)])
GIVEN = np.dtype(
    [
        ("frame", np.int64),
        ("at", np.int64),  # of its first byte, in the frame
        ("length", np.int64),
        ("cycle", np.int64),  # when its last byte, or a runt's length, was accepted
        ("sequence_number", np.uint64),
        ("last", np.bool_),
    ]
)
HEAD = np.dtype(
    [
        ("opened", np.bool_),
        ("error", np.bool_),
        ("header", np.int64),  # cycles as mold_merge counts them
        ("end", np.int64),
        ("session_high", np.uint64),
        ("session_low", np.uint64),
        ("sequence", np.uint64),
        ("count", np.int64),
        ("first", np.int64),  # of its messages
        ("messages", np.int64),
    ]
)


@compiled
def _word(data: Array, at: int) -> int:
    return int((np.int64(data[at]) << 8) | np.int64(data[at + 1]))


@compiled
def _verdict(data: Array, at: int, skip: int, feed: Array) -> int:
    """What the headers come to; `skip` is 4 in a tagged frame."""
    ip = at + 14 + skip
    if _word(data, ip - 2) != 0x0800:
        return _OTHER_PROTOCOL
    if data[ip] >> 4 != 4 or data[ip] & 15 < 5:
        return _BAD_IP
    if data[ip] & 15 != 5:
        return _OPTIONS
    total = 0
    for word in range(10):
        total += _word(data, ip + 2 * word)
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    if total != 0xFFFF or _word(data, ip + 2) < 20:
        return _BAD_IP
    if data[ip + 9] != 17:
        return _OTHER_PROTOCOL
    if _word(data, ip + 6) & 0x3FFF:
        return _FRAGMENTS
    length = _word(data, ip + 24)
    if length < 8 or length + 20 != _word(data, ip + 2):
        return _BAD_UDP
    group = (_word(data, ip + 16) << 16) | _word(data, ip + 18)
    our_group = feed[1] != 0 or group == feed[3]
    our_port = feed[2] != 0 or _word(data, ip + 22) == feed[4]
    return 0 if feed[0] and our_group and our_port else _FILTERED


@compiled
def _number(data: Array, at: int, length: int) -> Any:
    value = np.uint64(0)
    for byte in range(length):
        value = (value << np.uint64(8)) | np.uint64(data[at + byte])
    return value


@compiled
def read_frames(
    data: Array,
    offsets: Array,
    feeds: Array,
    firsts: Array,
    spoiled: Array,
    registers: Array,
    limits: Array,
    mac: Array,
    udp: Array,
    heads: Array,
    overruns: Array,
    found: Array,
    table: Array,
) -> int:
    """Each frame alone: what mac_rx, udp_rx and mold_rx say of it. How many messages there are."""
    lanes, shortest, longest = limits[0], limits[1], limits[2]
    used = 0
    for frame in range(len(mac)):
        at, size = offsets[frame], offsets[frame + 1] - offsets[frame]
        head = heads[frame]
        sum_right = False
        if size > 4:
            check = _check(data, at, at + size - 4, table)
            sum_right = True
            for byte in range(4):
                if data[at + size - 4 + byte] != (check >> np.uint32(8 * byte)) & np.uint32(0xFF):
                    sum_right = False
        if spoiled[frame] == 2:
            mac[frame] = 0
            continue
        if spoiled[frame] == 1:
            mac[frame] = 1
        elif size > longest:
            mac[frame] = 2
        elif size < shortest:
            mac[frame] = 3
        else:
            mac[frame] = 5 if sum_right else 4
        if size == 0:
            continue
        shown = size if size <= longest else longest // lanes * lanes
        end = firsts[frame] + (size + lanes - 1) // lanes - 1
        head["end"] = end + (2 if lanes == 1 else 4)
        skip = 4 if shown >= 14 and _word(data, at + 12) == 0x8100 else 0
        verdict = _TRUNCATED
        if shown >= 40 + skip:
            verdict = _verdict(data, at, skip, registers[feeds[frame]])
        length = _word(data, at + 38 + skip) - 8 if shown >= 40 + skip else 0
        cut = shown < 64 or (verdict == 0 and shown < 42 + skip + length + 4)
        udp[frame] = _TRUNCATED if cut else verdict
        head["error"] = mac[frame] != 5 or cut
        if verdict != 0:
            continue
        body = 62 + skip
        if shown <= body or length < 20:
            overruns[frame] = shown > body or not head["error"]
            continue
        head["opened"] = True
        head["header"] = firsts[frame] + body // lanes + (1 if lanes == 1 else 2)
        head["session_high"] = _number(data, at + body - 20, 8)
        head["session_low"] = _number(data, at + body - 12, 2)
        head["sequence"] = _number(data, at + body - 10, 8)
        head["count"] = _word(data, at + body - 2)
        head["first"] = used
        left = 0 if head["count"] == _END else head["count"]
        place, stop = body, 42 + skip + length
        overruns[frame] = left > 0 and place + 2 > stop
        while left > 0 and place + 2 <= stop and place + 2 <= shown:
            told_length = _word(data, at + place)
            left -= 1
            if place + 2 + told_length > stop:
                overruns[frame] = 1
                break
            if left > 0 and place + 2 + told_length + 2 > stop:
                overruns[frame] = 1
            ends = place + 1 if told_length <= RUNT else place + 1 + told_length
            if ends >= shown:
                break
            one = found[used]
            one["frame"], one["at"], one["length"] = frame, place + 2, told_length
            one["cycle"] = firsts[frame] + ends // lanes
            one["last"] = left == 0
            used += 1
            place += 2 + told_length
        head["messages"] = used - head["first"]
    return used


@compiled
def _mark(marks: Array, numbers: Array, cycle: int, kind: int) -> None:
    marks[numbers[1]]["cycle"] = cycle + 2
    marks[numbers[1]]["kind"] = kind
    numbers[1] += 1


@compiled
def _count(
    waiting: Array,
    heads: Array,
    merge: Array,
    followed: bool,
    high: Any,
    low: Any,
    reach: Any,
) -> None:
    """The headers that brought nothing: by the session and the packet taken as they are now."""
    for feed in range(2):
        frame = waiting[feed]
        if frame < 0:
            continue
        head = heads[frame]
        count = head["count"] if head["count"] != _END else 0
        if not (followed and head["session_high"] == high and head["session_low"] == low):
            merge[frame] = 8
        elif count:
            merge[frame] |= 4 if head["sequence"] + np.uint64(count) <= reach else 16
        waiting[feed] = -1


@compiled
def merge_feeds(
    which: Array,
    is_header: Array,
    feeds: Array,
    heads: Array,
    found: Array,
    given: Array,
    marks: Array,
    merge: Array,
    late: int,
) -> Array:
    """Headers and ends in order of time. Counts: messages given, marks, gaps, ends of session."""
    numbers = np.zeros(4, np.int64)
    followed, ended, several, doubt = False, False, False, False
    high, low, next_one, reach = np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0)
    before_followed, before_ended = False, False
    before_high, before_low, before_next = np.uint64(0), np.uint64(0), np.uint64(0)
    opened = np.full(2, -1, np.int64)  # the open frame of each feed
    done, undo = np.int64(-1), np.int64(0)  # when the packet taken is done; when all is undone
    changed, undone = np.int64(-9), np.int64(-9)  # when a header last did anything; when all was
    waiting = np.full(2, -1, np.int64)  # headers that bring nothing, by feed, to be counted
    waiting_since = np.int64(0)
    for row in range(len(which) + 1):
        over = row == len(which)
        frame = which[row] if not over else 0
        header = not over and is_header[row]
        time = np.int64(1 << 62)
        if not over:
            time = heads[frame]["header"] if header else heads[frame]["end"]
        undoes = doubt and undo < time
        if waiting_since < time and not (undoes and undo < waiting_since):
            _count(waiting, heads, merge, followed, high, low, reach)
        if undoes:
            _mark(marks, numbers, undo, 0 if several else 2)
            followed, ended, high, low = before_followed, before_ended, before_high, before_low
            next_one, doubt, undone = before_next, False, undo
            opened[:] = -1
            if waiting_since < time:
                _count(waiting, heads, merge, followed, high, low, reach)
        if over:
            break
        feed = feeds[frame]
        head = heads[frame]
        if not header:
            if opened[feed] == frame:
                opened[feed] = -1
                if head["error"]:
                    undo, doubt = max(time, done), True
            continue
        count = head["count"] if head["count"] != _END else 0
        ending = head["count"] == _END
        same = followed and head["session_high"] == high and head["session_low"] == low
        reaches = head["sequence"] + np.uint64(count)
        merge[frame] = 1 if count else 2
        if done + 1 >= time or doubt or max(undone + 1, changed) + 1 >= time:
            waiting[feed], waiting_since = frame, time
            continue
        if not same and followed and not ended:
            merge[frame] = 8
            continue
        ahead = np.int64(next_one - head["sequence"]) < 0  # of numbers that may have gone round
        beyond = same and ahead
        news = not same or ahead or np.int64(reaches - next_one) > 0
        if not same and ending:
            continue
        if count and not news:
            merge[frame] |= 4
            continue
        if not count and same and not beyond and not (ending and not ended):
            continue
        several = opened[0] >= 0 or opened[1] >= 0
        if not several:
            before_followed, before_ended, before_high, before_low = followed, ended, high, low
            before_next = next_one
        opened[feed], changed = frame, time
        if beyond:
            numbers[2] += 1
            _mark(marks, numbers, time, 0)
        if ending:
            merge[frame] = 0
            numbers[3] += 1
            _mark(marks, numbers, time, 1)
        followed, ended, high, low = True, ending, head["session_high"], head["session_low"]
        if not same or beyond:
            next_one = head["sequence"]
        reach = reaches
        if count:
            done = head["end"]
            for index in range(head["messages"]):
                one = found[head["first"] + index]
                number = head["sequence"] + np.uint64(index)
                if one["last"]:
                    done = one["cycle"] + late
                if np.int64(number - next_one) >= 0:
                    given[numbers[0]] = one
                    given[numbers[0]]["sequence_number"] = number
                    numbers[0] += 1
                    next_one = number + np.uint64(1)
    return numbers
