"""Each frame alone, compiled: what mac_rx, udp_rx and mold_rx find in it.

Written from the header paragraphs of these modules. Cycles are those in which mold_merge sees what
it is given, since which feed a packet is taken from depends on them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from hwtools.compiled import bare, compiled
from tickwire.wire.ethernet import check

Array = npt.NDArray[Any]

# What can come of a frame, by number; the counters have the same names.
MAC = ("bad_preamble", "receive_errors", "long_frames", "short_frames", "bad_fcs", "frames")
UDP = (
    *("datagrams", "other_protocol", "bad_ip_header", "ip_fragments"),
    *("bad_udp", "filtered", "truncated", "bad_checksum", "no_checksum"),
)
_BAD_PREAMBLE, _ERRORS, _LONG, _SHORT, _BAD_CHECK, _RIGHT = range(len(MAC))
_DATAGRAM, _OTHER, _BAD_IP, _FRAGMENT = range(4)
_BAD_UDP, _FILTERED, _TRUNCATED, _BAD_SUM, _NO_SUM = range(4, len(UDP))
_TAG, _SERVICE_TAG, _IPV4, _IPV6 = 0x8100, 0x88A8, 0x0800, 0x86DD  # types of frames
_UDP, _NEXT_FRAGMENT = 17, 44  # what comes after an IP header
RUNT = 8  # bytes: messages of no more are only counted
END_OF_SESSION = 0xFFFF  # the count of a packet that ends its session
ERROR, PREAMBLE = 1, 2  # what the wire does to a frame: Traffic.spoiled

MESSAGE = np.dtype(
    [
        ("frame", np.int64),
        ("at", np.int64),  # of its first byte, in the frame
        ("length", np.int64),
        ("cycle", np.int64),  # when its last byte, or a runt's length, was accepted
        ("given", np.int64),  # the same, or as much later as line_hold kept it
        ("sequence_number", np.uint64),
        ("last", np.bool_),
    ]
)
PACKET = np.dtype(
    [
        ("opened", np.bool_),  # there is one: the headers are ours, and the packet's own is there
        ("wrong", np.bool_),  # as the frame's end shows
        ("header", np.int64),  # cycle
        ("end", np.int64),  # cycle
        ("session_high", np.uint64),
        ("session_low", np.uint64),
        ("sequence_number", np.uint64),
        ("count", np.int64),
        ("first", np.int64),  # of its messages
        ("messages", np.int64),  # that came whole
    ]
)


class Frames(NamedTuple):
    """As Traffic has them."""

    data: Array
    offsets: Array
    feed: Array
    first: Array
    spoiled: Array
    at: Array  # the byte where it is


class Limits(NamedTuple):
    """Of the wire, and of a frame's bytes."""

    lanes: int
    shortest: int
    longest: int


class Findings(NamedTuple):
    """A row for each frame, and one for each message that came whole. `options`: whether some were
    skipped in a datagram that was taken."""

    mac: Array
    udp: Array
    options: Array
    overruns: Array
    packets: Array
    messages: Array


@compiled
def most_messages(frames: Frames) -> int:
    """How many messages there can be: by each packet's count, and by the bytes that are left."""
    most = 0
    for frame in range(len(frames.first)):
        at, size = frames.offsets[frame], frames.offsets[frame + 1] - frames.offsets[frame]
        body = _place(frames.data, at, size)[1] + 28
        if body + 2 <= size:
            most += min(_word(frames.data, at + body - 2), (size - body) // 2)
    return most


@compiled
def read_frames(
    frames: Frames, limits: Limits, filters: Array, table: Array, findings: Findings
) -> int:
    """Fill in what is found; how many messages there are. `filters` by feed: enabled, any group,
    any port, group, port. `table` is the check sequence's."""
    messages = 0
    for frame in range(len(frames.first)):
        verdict = _mac(frames, limits, frame, table)
        findings.mac[frame] = verdict
        size = frames.offsets[frame + 1] - frames.offsets[frame]
        if verdict != _BAD_PREAMBLE and size > 0:
            messages = _datagram(frames, limits, filters, findings, frame, messages)
    return messages


@bare
def _mac(frames: Frames, limits: Limits, frame: int, table: Array) -> int:
    start, end = frames.offsets[frame], frames.offsets[frame + 1]
    if frames.spoiled[frame] == PREAMBLE:
        return _BAD_PREAMBLE
    seen = frames.at[frame] // limits.lanes <= limits.longest // limits.lanes
    if frames.spoiled[frame] == ERROR and seen:
        return _ERRORS
    if end - start > limits.longest:
        return _LONG
    if end - start < limits.shortest:
        return _SHORT
    if end - start <= 4:
        return _BAD_CHECK
    sum_ = check(frames.data, start, end - 4, table)
    for byte in range(4):
        if frames.data[end - 4 + byte] != (sum_ >> np.uint32(8 * byte)) & np.uint32(0xFF):
            return _BAD_CHECK
    return _RIGHT


@bare
def _datagram(
    frames: Frames, limits: Limits, filters: Array, findings: Findings, frame: int, messages: int
) -> int:
    """The frame's headers, and its packet if they are ours; how many messages there are now."""
    data, at, lanes = frames.data, frames.offsets[frame], limits.lanes
    size = frames.offsets[frame + 1] - at
    passed = size if size <= limits.longest else limits.longest // lanes * lanes  # by mac_rx
    packet = findings.packets[frame]
    ended = min(size, limits.longest + 1)  # mac_rx waits no longer for its end
    packet["end"] = (
        frames.first[frame] + (ended + lanes - 1) // lanes - 1 + (2 if lanes == 1 else 4)
    )
    ip, udp = _place(data, at, passed)
    findings.udp[frame], packet["wrong"] = _TRUNCATED, True
    if passed < udp + 12:  # without the place of a UDP header and a check sequence
        return messages
    verdict = _verdict(data, at + ip, at + udp, filters[frames.feed[frame]])
    length = _word(data, at + udp + 4) - 8
    cut = passed < 64 or (verdict == _DATAGRAM and passed < udp + 8 + length + 4)
    summed = _summed(data, at + ip, at + udp) if verdict == _DATAGRAM and not cut else verdict
    findings.udp[frame] = _TRUNCATED if cut else summed
    options = udp - ip != 20 and _word(data, at + ip - 2) == _IPV4
    findings.options[frame] = options and not cut and summed in (_DATAGRAM, _NO_SUM)
    packet["wrong"] = findings.mac[frame] != _RIGHT or cut or summed == _BAD_SUM
    if verdict != _DATAGRAM:
        return messages
    body = udp + 28
    if passed <= body or length < 20:
        findings.overruns[frame] = passed > body or not packet["wrong"]
        return messages
    return _packet(frames, lanes, findings, frame, body, length, passed, messages)


@bare
def _place(data: Array, at: int, size: int) -> tuple[int, int]:
    """Bytes of the frame at which its IP header begins and its UDP header would; far behind its end
    if it has none."""
    ip = 14
    while ip < 22 and ip <= size:
        kind = _word(data, at + ip - 2)
        if kind != _TAG and kind != _SERVICE_TAG:
            break
        ip += 4
    if ip >= size:
        return ip, size + 64
    kind, words = _word(data, at + ip - 2), int(data[at + ip]) & 15
    if kind == _IPV6:
        return ip, ip + 40
    return ip, ip + (4 * words if kind == _IPV4 and words > 5 else 20)


@bare
def _verdict(data: Array, ip: int, udp: int, filters: Array) -> int:
    """What the headers come to."""
    kind = _word(data, ip - 2)
    if kind != _IPV4 and kind != _IPV6:
        return _OTHER
    if data[ip] >> 4 != (4 if kind == _IPV4 else 6):
        return _BAD_IP
    verdict = _internet4(data, ip, udp) if kind == _IPV4 else _internet6(data, ip)
    if verdict != _DATAGRAM:
        return verdict
    length = _word(data, udp + 4)
    stated = _word(data, ip + 2) - (udp - ip) if kind == _IPV4 else _word(data, ip + 4)
    if length < 8 or length != stated:
        return _BAD_UDP
    group = (_word(data, ip + 16) << 16) | _word(data, ip + 18)
    our_group = filters[1] != 0 or (kind == _IPV4 and group == filters[3])
    our_port = filters[2] != 0 or _word(data, udp + 2) == filters[4]
    return _DATAGRAM if filters[0] and our_group and our_port else _FILTERED


@bare
def _internet4(data: Array, ip: int, udp: int) -> int:
    """What an IPv4 header comes to."""
    if data[ip] & 15 < 5:
        return _BAD_IP
    total = 0
    for at in range(ip, udp, 2):
        total += _word(data, at)
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    if total != 0xFFFF or _word(data, ip + 2) < udp - ip:
        return _BAD_IP
    if data[ip + 9] != _UDP:
        return _OTHER
    return _FRAGMENT if _word(data, ip + 6) & 0x3FFF else _DATAGRAM


@bare
def _internet6(data: Array, ip: int) -> int:
    """What an IPv6 header comes to."""
    if data[ip + 6] == _NEXT_FRAGMENT:
        return _FRAGMENT
    return _DATAGRAM if data[ip + 6] == _UDP else _OTHER


@bare
def _summed(data: Array, ip: int, udp: int) -> int:
    """What the UDP checksum comes to."""
    length, six = _word(data, udp + 4), _word(data, ip - 2) == _IPV6
    if _word(data, udp + 6) == 0:
        return _BAD_SUM if six else _NO_SUM
    total = 17 + length  # the protocol
    first, behind = (ip + 8, ip + 40) if six else (ip + 12, ip + 20)  # both addresses
    for at in range(first, behind, 2):
        total += _word(data, at)
    for word in range(length // 2):
        total += _word(data, udp + 2 * word)
    if length % 2:
        total += int(data[udp + length - 1]) * 256
    return _DATAGRAM if total % 0xFFFF == 0 else _BAD_SUM


@bare
def _packet(
    frames: Frames,
    lanes: int,
    findings: Findings,
    frame: int,
    body: int,
    length: int,
    passed: int,
    messages: int,
) -> int:
    """The packet's header and its messages, as far as they are there."""
    data, at, first = frames.data, frames.offsets[frame], frames.first[frame]
    packet = findings.packets[frame]
    packet["opened"] = True
    packet["header"] = first + body // lanes + (1 if lanes == 1 else 2)
    packet["session_high"] = _number(data, at + body - 20, 8)
    packet["session_low"] = _number(data, at + body - 12, 2)
    packet["sequence_number"] = _number(data, at + body - 10, 8)
    packet["count"] = _word(data, at + body - 2)
    packet["first"] = messages
    left = 0 if packet["count"] == END_OF_SESSION else packet["count"]
    place, stop = body, body - 20 + length
    findings.overruns[frame] = left > 0 and place + 2 > stop
    while left > 0 and place + 2 <= stop and place + 2 <= passed:
        size = _word(data, at + place)
        left -= 1
        if place + 2 + size > stop:
            findings.overruns[frame] = 1
            break
        if left > 0 and place + 2 + size + 2 > stop:
            findings.overruns[frame] = 1
        ends = place + 1 if size <= RUNT else place + 1 + size
        if ends >= passed:
            break
        message = findings.messages[messages]
        message["frame"], message["at"], message["length"] = frame, place + 2, size
        message["cycle"] = first + ends // lanes
        message["last"] = left == 0
        messages += 1
        place += 2 + size
    packet["messages"] = messages - packet["first"]
    return messages


@bare
def _word(data: Array, at: int) -> int:
    return int((np.int64(data[at]) << 8) | np.int64(data[at + 1]))


@bare
def _number(data: Array, at: int, length: int) -> Any:
    value = np.uint64(0)
    for byte in range(length):
        value = (value << np.uint64(8)) | np.uint64(data[at + byte])
    return value
