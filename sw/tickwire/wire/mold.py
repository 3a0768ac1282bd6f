"""MoldUDP64: cuts a stream of messages into numbered packets, and joins them again.

A request for messages that were lost is a packet's header alone: session, the first number, and how
many from there on. The answer is a packet.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from tickwire.gen.itch_table import (
    END_OF_SESSION_COUNT,
    HEARTBEAT_COUNT,
    MOLD_HEADER,
    MOLD_HEADER_LENGTH,
)
from tickwire.wire.chunks import Bytes, Chunks, Offsets, WireError, as_bytes
from tickwire.wire.itch import PREFIX, Fault, scan
from tickwire.wire.packets import PacketFault, Packets, block_faults, interleave, refuse, split

__all__ = [
    "PacketFault",
    "Packets",
    "depacketise",
    "faults",
    "packetise",
    "peek",
    "read_request",
    "request",
]

_HEADER = np.dtype([(field.name, field.wire) for field in MOLD_HEADER])
_COUNT_AT = next(field.offset for field in MOLD_HEADER if field.name == "message_count")
_MOST = END_OF_SESSION_COUNT - 1  # messages in a packet


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
    return Chunks(interleave(raw, data, starts, offsets), offsets)


def faults(packets: Chunks) -> npt.NDArray[np.uint8]:
    """The `PacketFault` of each packet."""
    return block_faults(
        packets.data, packets.offsets, MOLD_HEADER_LENGTH, _COUNT_AT, END_OF_SESSION_COUNT, False
    )


def depacketise(packets: Chunks) -> Packets:
    """The packets' headers and messages. A faulty packet is refused."""
    refuse(packets, faults(packets))
    raw, stream = split(packets, MOLD_HEADER_LENGTH)
    headers = raw.reshape(-1).view(_HEADER)
    counts = headers["message_count"].astype(np.int64)
    counts[counts == END_OF_SESSION_COUNT] = HEARTBEAT_COUNT
    return Packets(
        headers["session"].copy(),
        headers["sequence_number"].astype(np.uint64),
        headers["message_count"].astype(np.uint16),
        np.concatenate([[0], np.cumsum(counts)]),
        stream,
    )


def peek(packet: bytes) -> tuple[str, int, int] | None:
    """Session, first number and count, as the header of a packet says that may be damaged; none
    where it isn't there whole."""
    if len(packet) < MOLD_HEADER_LENGTH:
        return None
    header = np.frombuffer(packet[:MOLD_HEADER_LENGTH], _HEADER)[0]
    count = int(header["message_count"])
    session = packet[:10].decode("latin-1").rstrip(" ")
    return session, int(header["sequence_number"]), 0 if count == END_OF_SESSION_COUNT else count


def named(session: bytes) -> dict[str, int]:
    """The fields of a book operation by which a `trust` names the session of its snapshot."""
    whole = int.from_bytes(session.ljust(10), "big")
    return {"order_reference": whole >> 16, "price": whole & 0xFFFF}


def request(session: bytes, first: int, count: int) -> bytes:
    """Asks for `count` messages from `first` on."""
    if len(session) > 10:
        raise WireError(f"session {session!r} is longer than 10 bytes")
    if not 1 <= count <= _MOST:
        raise WireError(f"a request is for 1 to {_MOST} messages, not {count}")
    if not 0 <= first < 2**64:
        raise WireError(f"sequence number {first} doesn't fit 64 bits")
    header = np.zeros(1, _HEADER)
    header["session"], header["sequence_number"] = session.ljust(10), first
    header["message_count"] = count
    return header.tobytes()


def read_request(payload: bytes) -> tuple[bytes, int, int]:
    """Session, first number, count."""
    if len(payload) != MOLD_HEADER_LENGTH:
        raise WireError(f"a request has {MOLD_HEADER_LENGTH} bytes, not {len(payload)}")
    header = np.frombuffer(payload, _HEADER)[0]
    count = int(header["message_count"])
    if not 1 <= count <= _MOST:
        raise WireError(f"a request is for 1 to {_MOST} messages, not {count}")
    return payload[:10], int(header["sequence_number"]), count
