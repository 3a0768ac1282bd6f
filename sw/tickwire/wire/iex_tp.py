"""IEX-TP: cuts a stream of messages into numbered packets, and joins them again.

Sequence numbers count within a channel and a session; `Packets.session` is CHANNEL:SESSION.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tickwire.gen.deep_table import IEX_TP_HEADER, IEX_TP_HEADER_LENGTH
from tickwire.wire import deep
from tickwire.wire.chunks import Bytes, Chunks, WireError, as_bytes
from tickwire.wire.codec import PREFIX, Fault
from tickwire.wire.packets import PacketFault, Packets, block_faults, interleave, refuse, split

VERSION = 1
DEEP = 0x8004  # the number of DEEP 1.0 among what IEX-TP carries
_HEADER = np.dtype([(field.name, field.wire) for field in IEX_TP_HEADER])
_COUNT_AT = next(field.offset for field in IEX_TP_HEADER if field.name == "message_count")
_MOST = 0xFFFF  # messages of a packet, and bytes of its payload
_NO_END = -1  # no count ends a session


def packetise(
    stream: bytes | Bytes,
    counts: npt.ArrayLike,
    *,
    channel: int = 1,
    session: int = 1,
    sequence_number: int = 1,
    stream_offset: int = 0,
    protocol: int = DEEP,
    times: npt.NDArray[np.int64] | None = None,
) -> Chunks:
    """Cut `stream` into packets of `counts` messages each; a count of 0 is a heartbeat."""
    data = as_bytes(stream)
    blocks = np.asarray(counts, np.int64)
    places = deep.CODEC.scan(data)
    if len(places.faults) and places.faults[-1] == Fault.TRUNCATED:
        raise WireError(f"message {len(places.faults) - 1}: the stream ends within it")
    if blocks.sum() != len(places.offsets):
        raise WireError(f"{int(blocks.sum())} messages in packets, {len(places.offsets)} in all")
    first = np.concatenate([[0], np.cumsum(blocks)])
    starts = np.concatenate([places.offsets - PREFIX, [len(data)]])[first]
    sizes = np.diff(starts)
    if len(blocks) and not (0 <= blocks.min() <= blocks.max() <= _MOST and sizes.max() <= _MOST):
        raise WireError(f"a packet holds 0 to {_MOST} messages, and as many bytes")
    headers = np.zeros(len(blocks), _HEADER)
    headers["version"], headers["message_protocol"] = VERSION, protocol
    headers["channel"], headers["session"] = channel, session
    headers["payload_length"], headers["message_count"] = sizes, blocks
    headers["stream_offset"] = starts[:-1] + stream_offset
    headers["sequence_number"] = first[:-1] + sequence_number
    headers["send_time"] = 0 if times is None else times
    offsets = starts + IEX_TP_HEADER_LENGTH * np.arange(len(starts))
    raw = headers.view(np.uint8).reshape(-1, IEX_TP_HEADER_LENGTH)
    return Chunks(interleave(raw, data, starts, offsets), offsets)


def faults(packets: Chunks) -> npt.NDArray[np.uint8]:
    """The `PacketFault` of each packet."""
    codes = block_faults(
        packets.data, packets.offsets, IEX_TP_HEADER_LENGTH, _COUNT_AT, _NO_END, True
    )
    long = codes != PacketFault.SHORT_HEADER
    headers = _headers(packets, long)
    wrong = headers["version"] != VERSION
    wrong |= headers["payload_length"] != packets.lengths[long] - IEX_TP_HEADER_LENGTH
    wrong |= headers["sequence_number"] < 0
    codes[np.flatnonzero(long)[wrong]] = PacketFault.BAD_HEADER
    return codes


def protocols(packets: Chunks) -> npt.NDArray[np.int64]:
    """The number of what each packet carries, of packets without a fault."""
    every = _headers(packets, np.ones(len(packets), np.bool_))
    return np.asarray(every["message_protocol"], np.int64)


def _headers(packets: Chunks, which: npt.NDArray[np.bool_]) -> npt.NDArray[np.void]:
    at = packets.offsets[:-1][which][:, None] + np.arange(IEX_TP_HEADER_LENGTH)
    headers: npt.NDArray[np.void] = packets.data[at].reshape(-1).view(_HEADER)
    return headers


def depacketise(packets: Chunks) -> Packets:
    """The packets' headers and messages. A faulty packet is refused."""
    refuse(packets, faults(packets))
    raw, stream = split(packets, IEX_TP_HEADER_LENGTH)
    headers = raw.reshape(-1).view(_HEADER)
    pairs = zip(headers["channel"].tolist(), headers["session"].tolist(), strict=True)
    return Packets(
        np.array([f"{channel}:{session}" for channel, session in pairs], "S21"),
        headers["sequence_number"].astype(np.uint64),
        headers["message_count"].astype(np.uint16),
        np.concatenate([[0], np.cumsum(headers["message_count"].astype(np.int64))]),
        stream,
    )


def peek(packet: bytes) -> tuple[str, int, int] | None:
    """Session, first number and count, as the header of a packet says that may be damaged; none
    where it isn't there whole."""
    if len(packet) < IEX_TP_HEADER_LENGTH:
        return None
    header = np.frombuffer(packet[:IEX_TP_HEADER_LENGTH], _HEADER)[0]
    session = f"{header['channel']}:{header['session']}"
    return session, int(header["sequence_number"]), int(header["message_count"])
