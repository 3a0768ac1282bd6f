"""MoldUDP64: a stream of messages cut into numbered packets, and put together again.

A packet is a header and as many blocks as it counts, and a block is a message with its length
before it: just what a stream holds, so a packet is a header and a piece of the stream.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.compiled import compiled
from tickwire.gen.itch_table import (
    END_OF_SESSION_COUNT,
    HEARTBEAT_COUNT,
    MOLD_HEADER,
    MOLD_HEADER_LENGTH,
)
from tickwire.wire.chunks import Bytes, Chunks, Offsets, WireError, as_bytes
from tickwire.wire.itch import PREFIX, Fault, scan

_HEADER = np.dtype([(field.name, field.wire) for field in MOLD_HEADER])
_MOST = END_OF_SESSION_COUNT - 1  # messages of a packet


class PacketFault(IntEnum):
    """What is wrong with a packet."""

    NONE = 0
    SHORT_HEADER = 1
    TRUNCATED = 2  # a block goes on past the packet's end
    TRAILING = 3  # bytes after the last block


@dataclass(frozen=True)
class Packets:
    """What packets said: a row for each, and one stream of the messages of all.

    Packet i holds messages `first[i]` to `first[i + 1]`, not included.
    """

    session: npt.NDArray[Any]
    sequence_number: npt.NDArray[np.uint64]
    message_count: npt.NDArray[np.uint16]
    first: Offsets
    stream: bytes

    @property
    def message_sequence(self) -> npt.NDArray[np.uint64]:
        """The sequence number of each message."""
        counts = np.diff(self.first)
        within = np.arange(self.first[-1]) - np.repeat(self.first[:-1], counts)
        return np.repeat(self.sequence_number, counts) + within.astype(np.uint64)

    @property
    def last_of_packet(self) -> npt.NDArray[np.bool_]:
        """Whether each message is its packet's last."""
        last = np.zeros(int(self.first[-1]), np.bool_)
        last[self.first[1:][np.diff(self.first) > 0] - 1] = True
        return last


def packetise(
    stream: bytes | Bytes,
    counts: npt.ArrayLike,
    *,
    session: bytes = b"",
    sequence_number: int = 1,
    end: bool = False,
) -> Chunks:
    """Cut `stream` into packets of `counts` messages; a count of 0 makes a heartbeat.

    `end` adds the packet that ends the session.
    """
    data = as_bytes(stream)
    counted = np.asarray(counts, np.int64)
    found = scan(data)
    if len(found.faults) and found.faults[-1] == Fault.TRUNCATED:
        raise WireError(f"message {len(found.faults) - 1}: the stream ends within it")
    if len(counted) and not 0 <= counted.min() <= counted.max() <= _MOST:
        raise WireError(f"a packet holds 0 to {_MOST} messages")
    if counted.sum() != len(found.offsets):
        raise WireError(f"{int(counted.sum())} messages in packets, {len(found.offsets)} in all")
    if len(session) > 10:
        raise WireError(f"session {session!r} is longer than 10 bytes")
    first = np.concatenate([[0], np.cumsum(counted)])
    if not 0 <= sequence_number <= 2**64 - 1 - int(first[-1]):
        raise WireError(f"sequence number {sequence_number} doesn't leave 64 bits")
    starts = np.concatenate([found.offsets - PREFIX, [len(data)]])[first]
    headers = np.zeros(len(counted) + end, _HEADER)
    headers["session"] = session.ljust(10)
    headers["message_count"][: len(counted)] = counted
    headers["message_count"][len(counted) :] = END_OF_SESSION_COUNT
    numbers = first.astype(np.uint64) + np.uint64(sequence_number)
    headers["sequence_number"] = numbers[: len(headers)]
    if end:
        starts = np.concatenate([starts, starts[-1:]])
    return _join(headers, data, starts)


def _join(headers: npt.NDArray[Any], data: Bytes, starts: Offsets) -> Chunks:
    offsets = starts + MOLD_HEADER_LENGTH * np.arange(len(starts))
    raw = headers.view(np.uint8).reshape(-1, MOLD_HEADER_LENGTH)
    return Chunks(_interleave(raw, data, starts, offsets), offsets)


@compiled
def _interleave(headers: Bytes, data: Bytes, starts: Offsets, offsets: Offsets) -> Bytes:
    packed = np.empty(offsets[-1], np.uint8)
    size = headers.shape[1]
    for row in range(len(headers)):
        at = offsets[row]
        packed[at : at + size] = headers[row]
        packed[at + size : offsets[row + 1]] = data[starts[row] : starts[row + 1]]
    return packed


def faults(packets: Chunks) -> npt.NDArray[np.uint8]:
    """The `PacketFault` of each packet."""
    return _faults(packets.data, packets.offsets, MOLD_HEADER_LENGTH, END_OF_SESSION_COUNT)


@compiled
def _faults(data: Bytes, offsets: Offsets, header: int, end_count: int) -> npt.NDArray[np.uint8]:
    found = np.zeros(len(offsets) - 1, np.uint8)
    for packet in range(len(found)):
        at, end = offsets[packet], offsets[packet + 1]
        if end - at < header:
            found[packet] = 1
            continue
        count = (np.int64(data[at + header - 2]) << 8) | np.int64(data[at + header - 1])
        at += header
        for _ in range(0 if count == end_count else count):
            if at + 2 > end:
                at = end + 1
                break
            at += 2 + ((np.int64(data[at]) << 8) | np.int64(data[at + 1]))
            if at > end:
                break
        if at != end:
            found[packet] = 2 if at > end else 3
    return found


def depacketise(packets: Chunks) -> Packets:
    """What the packets hold; a faulty one is refused."""
    found = faults(packets)
    if found.any():
        index = int(np.argmax(found != 0))
        fault = PacketFault(int(found[index])).name.lower().replace("_", " ")
        raise WireError(f"packet {index} of {packets.lengths[index]} bytes: {fault}")
    starts = packets.offsets[:-1]
    at = starts[:, None] + np.arange(MOLD_HEADER_LENGTH)
    headers = packets.data[at].reshape(-1).view(_HEADER)
    held = headers["message_count"].astype(np.int64)
    held[held == END_OF_SESSION_COUNT] = HEARTBEAT_COUNT
    keep = np.ones(len(packets.data), np.bool_)
    keep[at.reshape(-1)] = False
    return Packets(
        headers["session"].copy(),
        headers["sequence_number"].astype(np.uint64),
        headers["message_count"].astype(np.uint16),
        np.concatenate([[0], np.cumsum(held)]),
        packets.data[keep].tobytes(),
    )
