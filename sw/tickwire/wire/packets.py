"""Packets of messages, whatever protocol carries them: a header, then blocks.

A block is a message after its length, as in a stream: so a packet is a header and a piece of the
stream.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.compiled import compiled
from tickwire.wire.chunks import Bytes, Chunks, Offsets, WireError


class PacketFault(IntEnum):
    """What is wrong with a packet."""

    NONE = 0
    SHORT_HEADER = 1
    TRUNCATED = 2  # a block extends beyond the packet
    TRAILING = 3  # bytes after the last block
    BAD_HEADER = 4  # of another version, or its length isn't the packet's


# The faults as integers: numba takes those as constants.
_SHORT_HEADER, _TRUNCATED, _TRAILING = (int(fault) for fault in list(PacketFault)[1:4])


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


@compiled
def interleave(headers: Bytes, data: Bytes, starts: Offsets, offsets: Offsets) -> Bytes:
    """A row of headers ahead of each piece of `data`."""
    packed = np.empty(offsets[-1], np.uint8)
    size = headers.shape[1]
    for row in range(len(headers)):
        at = offsets[row]
        packed[at : at + size] = headers[row]
        packed[at + size : offsets[row + 1]] = data[starts[row] : starts[row + 1]]
    return packed


def refuse(packets: Chunks, codes: npt.NDArray[np.uint8]) -> None:
    """Raise a WireError for the first packet that has a fault."""
    if codes.any():
        index = int(np.argmax(codes != 0))
        fault = PacketFault(int(codes[index])).name.lower().replace("_", " ")
        raise WireError(f"packet {index} of {packets.lengths[index]} bytes: {fault}")


def split(packets: Chunks, header: int) -> tuple[Bytes, bytes]:
    """A row of header bytes for each packet, and the stream of all blocks."""
    at = packets.offsets[:-1, None] + np.arange(header)
    keep = np.ones(len(packets.data), np.bool_)
    keep[at.reshape(-1)] = False
    return packets.data[at], packets.data[keep].tobytes()


@compiled
def _word(data: Bytes, at: int, little: bool) -> int:
    one, other = np.int64(data[at]), np.int64(data[at + 1])
    return int((other << 8) | one) if little else int((one << 8) | other)


@compiled
def block_faults(
    data: Bytes, offsets: Offsets, header: int, count_at: int, end_count: int, little: bool
) -> npt.NDArray[np.uint8]:
    """The fault of each packet: a header, in it the count of blocks, then these; none where that is
    `end_count`."""
    codes = np.zeros(len(offsets) - 1, np.uint8)
    for packet in range(len(codes)):
        at, end = offsets[packet], offsets[packet + 1]
        if end - at < header:
            codes[packet] = _SHORT_HEADER
            continue
        count = _word(data, at + count_at, little)
        at += header
        for _ in range(0 if count == end_count else count):
            if at + 2 > end:
                at = end + 1
                break
            at += 2 + _word(data, at, little)
            if at > end:
                break
        if at != end:
            codes[packet] = _TRUNCATED if at > end else _TRAILING
    return codes
