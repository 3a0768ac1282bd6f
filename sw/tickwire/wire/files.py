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
from tickwire.wire.chunks import Bytes, Offsets, WireError, as_bytes
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
# Letters of SoupBinTCP's packets: what holds a message; a login's answer, which has its session and
# the number of the next message; the end of the session.
_SEQUENCED, _ACCEPTED, _END = ord("S"), ord("A"), ord("Z")
_ACCEPTED_LENGTH, _SESSION_LENGTH = 31, 10  # with the letter; the number is behind the session


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
    out, _, taken = _cut(data)
    return out, taken


def _cut(data: Bytes) -> tuple[Bytes, Offsets, int]:
    """Likewise; and of each login's answer and end where it is, and how many messages go before;
    the last row is of the data's end."""
    out = np.empty(len(data), np.uint8)
    marks = np.empty((len(data) // 3 + 1, 2), np.int64)
    taken, used, count = _unsoup(data, out, marks)
    return out[:used], marks[: count + 1], taken


@compiled
def _unsoup(data: Bytes, out: Bytes, marks: Offsets) -> tuple[int, int, int]:
    at, used, messages, count = 0, 0, 0, 0
    while at + 2 <= len(data):
        length = int((np.int64(data[at]) << 8) | np.int64(data[at + 1]))
        if at + 2 + length > len(data):
            break
        if length > 1 and data[at + 2] == _SEQUENCED:
            out[used] = (length - 1) >> 8
            out[used + 1] = (length - 1) & 0xFF
            out[used + 2 : used + 1 + length] = data[at + 3 : at + 2 + length]
            used += 1 + length
            messages += 1
        elif length > 0 and (data[at + 2] == _ACCEPTED or data[at + 2] == _END):
            marks[count, 0], marks[count, 1] = at, messages
            count += 1
        at += 2 + length
    marks[count, 0], marks[count, 1] = at, messages
    return at, used, count


class Unsouped(io.RawIOBase):
    """A file of SoupBinTCP packets, read as one of messages after their lengths, which is one
    session from its message 1 on, or a WireError: whoever logs in again goes on where it was. One
    that breaks off within a packet ends with what is there of it, so that the reader notices."""

    def __init__(self, source: BinaryIO) -> None:
        self._source, self._rest = source, b""
        self._next, self._session, self._over = 1, b"", False

    def read(self, size: int = -1) -> bytes:
        while True:
            more = self._source.read(max(size, 1 << 16))
            data = self._rest + more
            messages, marks, taken = _cut(as_bytes(data))
            self._follow(data, marks)
            self._rest = data[taken:]
            if len(messages):
                return messages.tobytes()
            if not more:
                left, self._rest = self._rest, b""
                return left

    def _follow(self, data: bytes, marks: Offsets) -> None:
        """That all is one session, without a gap."""
        before = 0
        for at, messages in marks.tolist():
            if messages > before and self._over:
                raise WireError(f"message {self._next} comes behind its SoupBinTCP session's end")
            self._next += messages - before
            before = messages
            end = at + 2 + int.from_bytes(data[at : at + 2], "big")
            if at == marks[-1][0]:  # the last is of no packet
                return
            if data[at + 2] == _ACCEPTED:
                self._login(data[at + 3 : end])
            else:
                self._over = True

    def _login(self, answer: bytes) -> None:
        session, digits = answer[:_SESSION_LENGTH], answer[_SESSION_LENGTH:]
        if len(answer) + 1 != _ACCEPTED_LENGTH or not digits.strip().isdigit():
            raise WireError("an answer to a login that isn't SoupBinTCP's")
        name = session.decode("latin-1").strip()
        if self._session not in (b"", session):
            raise WireError(f"two sessions: {self._session.decode('latin-1').strip()} and {name}")
        if int(digits) != self._next:
            raise WireError(
                f"session {name} goes on at message {int(digits)} where {self._next} is the next"
            )
        self._session, self._over = session, False


def unsouped(source: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, Unsouped(source))
