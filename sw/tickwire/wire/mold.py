"""MoldUDP64: cuts a stream of messages into numbered packets, and joins them again.

A packet is a header and the number of blocks that the header counts. A block is a message after
its length, as in a stream: so a packet is a header and a piece of the stream.
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
_MOST = END_OF_SESSION_COUNT - 1  # messages in a packet


class PacketFault(IntEnum):
    """What is wrong with a packet."""

    NONE = 0
    SHORT_HEADER = 1
    TRUNCATED = 2  # a block extends beyond the packet
    TRAILING = 3  # bytes after the last block


# The faults as integers: numba takes those as constants.
_NONE, _SHORT_HEADER, _TRUNCATED, _TRAILING = (int(fault) for fault in PacketFault)


@dataclass(frozen=True)
class Packets:
    """The header of each packet, and one stream of the messages of all.

    Packet i holds the messages from `first[i]` up to, not including, `first[i + 1]`.
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
        """Whether each message is the last of its packet."""
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
    """Cut `stream` into packets of `counts` messages each; a count of 0 is a heartbeat.

    `end` adds the packet that ends the session.
    """
    data = as_bytes(stream)
    blocks = np.asarray(counts, np.int64)
    places = scan(data)
    if len(places.faults) and places.faults[-1] == Fault.TRUNCATED:
        raise WireError(f"message {len(places.faults) - 1}: the stream ends within it")
    if len(blocks) and not 0 <= blocks.min() <= blocks.max() <= _MOST:
        raise WireError(f"a packet holds 0 to {_MOST} messages")
    if blocks.sum() != len(places.offsets):
        raise WireError(f"{int(blocks.sum())} messages in packets, {len(places.offsets)} in all")
    if len(session) > 10:
        raise WireError(f"session {session!r} is longer than 10 bytes")
    first = np.concatenate([[0], np.cumsum(blocks)])
    if not 0 <= sequence_number <= 2**64 - 1 - int(first[-1]):
        raise WireError(f"sequence number {sequence_number} doesn't leave 64 bits")
    starts = np.concatenate([places.offsets - PREFIX, [len(data)]])[first]
    headers = np.zeros(len(blocks) + end, _HEADER)
    headers["session"] = session.ljust(10)
    headers["message_count"][: len(blocks)] = blocks
    headers["message_count"][len(blocks) :] = END_OF_SESSION_COUNT
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
    codes = np.zeros(len(offsets) - 1, np.uint8)
    for packet in range(len(codes)):
        at, end = offsets[packet], offsets[packet + 1]
        if end - at < header:
            codes[packet] = _SHORT_HEADER
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
            codes[packet] = _TRUNCATED if at > end else _TRAILING
    return codes


def depacketise(packets: Chunks) -> Packets:
    """The packets' headers and messages. A faulty packet is refused."""
    codes = faults(packets)
    if codes.any():
        index = int(np.argmax(codes != 0))
        fault = PacketFault(int(codes[index])).name.lower().replace("_", " ")
        raise WireError(f"packet {index} of {packets.lengths[index]} bytes: {fault}")
    starts = packets.offsets[:-1]
    at = starts[:, None] + np.arange(MOLD_HEADER_LENGTH)
    headers = packets.data[at].reshape(-1).view(_HEADER)
    counts = headers["message_count"].astype(np.int64)
    counts[counts == END_OF_SESSION_COUNT] = HEARTBEAT_COUNT
    keep = np.ones(len(packets.data), np.bool_)
    keep[at.reshape(-1)] = False
    return Packets(
        headers["session"].copy(),
        headers["sequence_number"].astype(np.uint64),
        headers["message_count"].astype(np.uint16),
        np.concatenate([[0], np.cumsum(counts)]),
        packets.data[keep].tobytes(),
    )
