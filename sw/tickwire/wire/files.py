"""What a file of market data is, by its first bytes and not by its name.

Compressed files (`packed`) are looked into. A file of messages has each after its length: of
NASDAQ's BinaryFILE, or of SoupBinTCP, where a letter follows that says what the packet is.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from hwtools.compiled import compiled
from tickwire.wire import itch, packed
from tickwire.wire.chunks import Bytes, WireError, as_bytes
from tickwire.wire.dialects import dialect

CAPTURE, MESSAGES, SOUP, OTHER = "capture", "messages", "soup", "other"
_HEAD = 1 << 16
_LEAST = 3  # messages without lengths that tell of it
_MAGIC = {
    b"\xa1\xb2\xc3\xd4": CAPTURE,
    b"\xd4\xc3\xb2\xa1": CAPTURE,
    b"\xa1\xb2\x3c\x4d": CAPTURE,
    b"\x4d\x3c\xb2\xa1": CAPTURE,
    b"\x0a\x0d\x0d\x0a": CAPTURE,
    b"PAR1": "a Parquet file",
    b"PK\x03\x04": "a zip",
    b"\x89HDF": "an HDF5 file",
    b"\x7fELF": "a program",
}
_SEQUENCED = ord("S")  # the letter of a SoupBinTCP packet that holds a message


def head(path: Path) -> bytes:
    """The file's first bytes, unpacked."""
    try:
        with path.open("rb") as raw:
            return packed.unpacking(raw).read(_HEAD)
    except (OSError, *packed.DAMAGE) as error:
        raise WireError(packed.blame(path, error)) from None


def kind(path: Path) -> tuple[str, str]:
    """CAPTURE, MESSAGES, SOUP or OTHER; and what it is in words, or empty."""
    start = head(path)
    for magic, what in _MAGIC.items():
        if start.startswith(magic):
            return (CAPTURE, "a capture") if what == CAPTURE else (OTHER, what)
    spoken = _spoken(start)
    if spoken:
        return MESSAGES, spoken
    spoken = _spoken(unsoup(as_bytes(start))[0].tobytes())
    if spoken:
        return SOUP, f"{spoken} in SoupBinTCP"
    if _bare(as_bytes(start)):
        return OTHER, "ITCH 5.0 without the length before each message"
    if start and _is_text(start):
        return OTHER, "a text"
    return OTHER, ""


def _spoken(start: bytes) -> str:
    """The protocol of messages after their lengths; empty where these aren't any."""
    places = itch.scan(start)
    whole = places.faults != itch.Fault.TRUNCATED
    whole &= places.lengths > 0
    return dialect(as_bytes(start)[places.offsets[whole]], places.lengths[whole])


def _is_text(start: bytes) -> bool:
    text = start.decode("utf-8", "ignore")  # the last letter may be cut
    return len(text.encode()) + 3 >= len(start) and all(
        letter.isprintable() or letter in "\t\n\r" for letter in text
    )


def _bare(data: Bytes) -> bool:
    """Whether messages of ITCH 5.0 follow each other without lengths."""
    at, count = 0, 0
    while at < len(data) and itch.LENGTHS[data[at]]:
        at, count = at + int(itch.LENGTHS[data[at]]), count + 1
    return at >= len(data) and count >= _LEAST


def unsoup(data: Bytes) -> tuple[Bytes, int]:
    """The messages of whole SoupBinTCP packets, each after its length; bytes that were taken."""
    out = np.empty(len(data), np.uint8)
    taken, used = _unsoup(data, out)
    return out[:used], taken


@compiled
def _unsoup(data: Bytes, out: Bytes) -> tuple[int, int]:
    at, used = 0, 0
    while at + 2 <= len(data):
        length = int((np.int64(data[at]) << 8) | np.int64(data[at + 1]))
        if at + 2 + length > len(data):
            break
        if length > 1 and data[at + 2] == _SEQUENCED:
            out[used] = (length - 1) >> 8
            out[used + 1] = (length - 1) & 0xFF
            out[used + 2 : used + 1 + length] = data[at + 3 : at + 2 + length]
            used += 1 + length
        at += 2 + length
    return at, used


class Unsouped(io.RawIOBase):
    """A file of SoupBinTCP packets, read as one of messages after their lengths. One that breaks
    off within a packet ends with what is there of it, so that the reader notices."""

    def __init__(self, source: BinaryIO) -> None:
        self._source, self._rest = source, b""

    def read(self, size: int = -1) -> bytes:
        while True:
            more = self._source.read(max(size, 1 << 16))
            data = self._rest + more
            messages, taken = unsoup(as_bytes(data))
            self._rest = data[taken:]
            if len(messages):
                return messages.tobytes()
            if not more:
                left, self._rest = self._rest, b""
                return left


def unsouped(source: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, Unsouped(source))
