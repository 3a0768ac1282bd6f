"""A capture file as frames for the wire: whole or refused, with check sequences."""

from __future__ import annotations

import gzip
import struct
import zlib
from pathlib import Path

from tickwire.wire import pcap
from tickwire.wire.chunks import Chunks, WireError
from tickwire.wire.ethernet import CHECK_BYTES, SHORTEST

_PCAP = {b"\xa1\xb2\xc3\xd4": ">", b"\xa1\xb2\x3c\x4d": ">"}
_PCAP |= {magic[::-1]: "<" for magic in _PCAP}
_NG = b"\x0a\x0d\x0d\x0a"


def read(path: Path) -> pcap.Capture:
    """Every frame; a copy that broke off is refused, and not read to where it ends."""
    _refuse_truncated(path)
    return pcap.read(path)


def _refuse_truncated(path: Path) -> None:
    """A capture ends with a whole record."""
    try:
        raw = path.read_bytes()
        if raw[:2] == b"\x1f\x8b":
            raw = gzip.decompress(raw)
    except (OSError, EOFError, zlib.error) as error:
        raise WireError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    at, number = 0, 0
    if raw[:4] in _PCAP:
        order, at = _PCAP[raw[:4]], 24
        while at + 16 <= len(raw):
            at += 16 + struct.unpack_from(order + "I", raw, at + 8)[0]
            number += 1
    elif raw[:4] == _NG:
        order = "<" if raw[8:12] == b"\x4d\x3c\x2b\x1a" else ">"
        while at + 12 <= len(raw):
            size = struct.unpack_from(order + "I", raw, at + 4)[0]
            if size < 12 or size % 4:
                raise WireError(f"{path}: block {number} says that it has {size} bytes")
            at, number = at + size, number + 1
    else:
        raise WireError(f"{path}: neither pcap nor pcapng")
    if at != len(raw):
        raise WireError(f"{path}: it breaks off within record {max(number, 1)}")


def framed(frames: Chunks) -> Chunks:
    """As they are on the wire. If every frame ends in its own check sequence, it was captured."""
    every = list(frames)
    if every and all(
        len(one) >= SHORTEST + CHECK_BYTES
        and zlib.crc32(one[:-4]) == int.from_bytes(one[-4:], "little")
        for one in every
    ):
        return frames
    padded = (one.ljust(SHORTEST, b"\0") for one in every)
    return Chunks.of(one + zlib.crc32(one).to_bytes(4, "little") for one in padded)
