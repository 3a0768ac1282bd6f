"""A capture file as frames for the wire, with check sequences. An incomplete file is refused."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tickwire.wire import files, packed, pcap
from tickwire.wire.chunks import Chunks, WireError
from tickwire.wire.ethernet import CHECK_BYTES, SHORTEST

_PCAP = {b"\xa1\xb2\xc3\xd4": ">", b"\xa1\xb2\x3c\x4d": ">"}
_PCAP |= {magic[::-1]: "<" for magic in _PCAP}
_PCAP_HEADER = 24
_PCAPNG = b"\x0a\x0d\x0d\x0a"
_PCAPNG_LITTLE = b"\x4d\x3c\x2b\x1a"


def read(path: Path) -> pcap.Capture:
    """Every frame, of a compressed file too. One that ends within a record is refused: scapy would
    read up to there."""
    raw = packed.read(path)
    _refuse_truncated(path, raw)
    return pcap.read(path, io.BytesIO(raw))


def _refuse_truncated(path: Path, raw: bytes) -> None:
    if raw[:4] in _PCAP:  # the number of bytes captured is in a record's third word
        at, length, more, align = _PCAP_HEADER, struct.Struct(f"{_PCAP[raw[:4]]}8xI4x"), 16, 1
    elif raw[:4] == _PCAPNG:  # a block's second word is its length
        order = "<" if raw[8:12] == _PCAPNG_LITTLE else ">"
        at, length, more, align = 0, struct.Struct(f"{order}4xI4x"), 0, 4
    else:
        kind, what = files.kind(path)
        way = "; tickwire data itch reads it" if kind != files.OTHER else ""
        raise WireError(f"{path}: neither pcap nor pcapng{f', but {what}' if what else ''}{way}")
    number = 0
    while at != len(raw):
        head = raw[at : at + length.size]
        size = length.unpack(head)[0] + more if len(head) == length.size else 0
        if size < length.size or size % align or at + size > len(raw):
            raise WireError(f"{path}: it breaks off within record {number}, at byte {at}")
        at, number = at + size, number + 1


def right(frames: Chunks) -> npt.NDArray[np.bool_] | None:
    """Which frames end in their check sequence; None if the capture holds none.

    A capture says of none of its frames whether that is there, and most cards strip it. It counts
    as there if half of the frames or more end in the right one: one that is there by chance is one
    in 4,294,967,296. Then each frame is judged by its own.
    """
    found = np.array([_ends_right(frame) for frame in frames], np.bool_)
    return found if len(found) and 2 * found.sum() >= len(found) else None


def _ends_right(frame: bytes) -> bool:
    whole = len(frame) >= SHORTEST + CHECK_BYTES
    return whole and zlib.crc32(frame[:-4]) == int.from_bytes(frame[-4:], "little")


def framed(frames: Chunks) -> Chunks:
    """Frames as they were on the wire: a capture without check sequences gets them, and padding.
    In one that has them a wrong one stays wrong."""
    if right(frames) is not None:
        return frames
    padded = (frame.ljust(SHORTEST, b"\0") for frame in frames)
    return Chunks.of(frame + zlib.crc32(frame).to_bytes(4, "little") for frame in padded)
