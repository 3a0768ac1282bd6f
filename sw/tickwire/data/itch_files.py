"""ITCH 5.0 files as events: messages, each after its length; SoupBinTCP's, too; compressed or not.

A day is read a piece at a time. A file that ends within a message is refused; the error names the
byte. One that isn't ITCH 5.0 is refused by what it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from tickwire.data.booked import UNSAID, Booker, Progress, quiet
from tickwire.data.events import About, DataError, Events
from tickwire.data.instruments import Directory
from tickwire.wire import files, itch, packed
from tickwire.wire.chunks import WireError
from tickwire.wire.itch import PREFIX, Fault, Messages
from tickwire.wire.market import Market
from tickwire.wire.operations import operations

_PIECE = 1 << 24


def read(
    path: Path, symbols: Sequence[str] = (), progress: Progress = quiet, piece: int = _PIECE
) -> tuple[About, Iterator[Events]]:
    """What the file holds, and its events. Without symbols: of all instruments, at most eight."""
    messages = read_messages(path, progress, piece)
    first = next(messages, None)
    if first is None:
        raise DataError(f"{path}: holds no message")
    locates = Directory(str(path), symbols)
    locates.learn(first)
    if locates.missing:  # a file without a directory may name them late
        for later in read_messages(path, quiet, piece):
            locates.learn(later)
            if not locates.missing:
                break
    notes: dict[str, int] = {}
    about = About("itch", locates.names(), notes=notes)

    def events() -> Iterator[Events]:
        booker, market = Booker(len(about.instruments), notes), Market()
        sequence = 1
        chunk: Messages | None = first
        while chunk is not None:
            locates.learn(chunk)
            ops = operations(chunk, locates.slots, market=market)
            ops["sequence_number"] += sequence - 1
            ops["last_of_packet"] = 1
            sequence += len(chunk)
            yield booker.events(ops)
            chunk = next(messages, None)
        if unsaid := market.unsaid(len(about.instruments)):
            notes[UNSAID] = unsaid

    return about, events()


def read_messages(path: Path, progress: Progress, piece: int) -> Iterator[Messages]:
    """Whole messages, about `piece` bytes of them at a time."""
    what = _kind(path)
    try:
        total = path.stat().st_size
        with path.open("rb") as raw:
            source = packed.unpacking(raw)
            source = files.unsouped(source) if what == files.SOUP else source
            yield from _cut(path, source, raw, total, progress, piece)
    except WireError as error:
        raise error if isinstance(error, DataError) else DataError(f"{path}: {error}") from None
    except (OSError, *packed.DAMAGE) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(packed.blame(path, error)) from None


def _kind(path: Path) -> str:
    """Of a file that may hold ITCH 5.0; what certainly doesn't is refused."""
    try:
        kind, what = files.kind(path)
    except WireError as error:
        raise DataError(str(error)) from None
    if kind == files.CAPTURE:
        raise DataError(f"{path}: a capture; tickwire data pcap reads it")
    if what and (kind == files.OTHER or not what.startswith("ITCH 5.0")):
        raise DataError(f"{path}: {what}, which isn't read; ITCH 5.0 after lengths is")
    return kind


def _cut(
    path: Path, source: BinaryIO, raw: BinaryIO, total: int, progress: Progress, piece: int
) -> Iterator[Messages]:
    rest, base, number = b"", 0, 0
    while True:
        read = source.read(piece)
        data = rest + read
        if not data:
            return
        places = itch.scan(data)
        end = len(data)
        if len(places.faults) and places.faults[-1] == Fault.TRUNCATED:
            end = int(places.offsets[-1]) - PREFIX
        if not read:
            if end < len(data):
                raise DataError(f"{path}: byte {base + end}: the file ends within message {number}")
            return
        try:
            # a file of a whole day ends with a length of 0
            last = data[:end].endswith(b"\0\0") and int(places.lengths[-1]) == 0
            messages = itch.decode(data[: end - PREFIX if last else end])
        except WireError as error:
            raise DataError(f"{path}: after byte {base}: {error}") from None
        if last and (source.read(1) or end < len(data)):
            raise DataError(f"{path}: byte {base + end}: bytes after the end of the day")
        progress(raw.tell(), total)
        number += len(messages)
        if len(messages):
            yield messages
        if last:
            return
        rest, base = data[end:], base + end
