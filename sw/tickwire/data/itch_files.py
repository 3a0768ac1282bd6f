"""NASDAQ's ITCH 5.0 files, raw or gz, as events: messages, each after its length.

A day is read a piece at a time. A file that ends within a message, or isn't ITCH 5.0, is refused;
the error names the byte.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, cast

from tickwire.data.booked import Booker, Progress, quiet
from tickwire.data.events import About, DataError, Events
from tickwire.gen.records import SLOTS
from tickwire.wire import itch
from tickwire.wire.chunks import WireError
from tickwire.wire.itch import PREFIX, Fault, Messages
from tickwire.wire.operations import operations

_PIECE = 1 << 24
_GZIP = b"\x1f\x8b"


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
    notes: dict[str, int] = {}
    about = About("itch", locates.names(), notes=notes)

    def events() -> Iterator[Events]:
        booker = Booker(len(about.instruments), notes)
        sequence = 1
        chunk: Messages | None = first
        while chunk is not None:
            locates.learn(chunk)
            ops = operations(chunk, locates.slots)
            ops["sequence_number"] += sequence - 1
            ops["last_of_packet"] = 1
            sequence += len(chunk)
            yield booker.events(ops)
            chunk = next(messages, None)

    return about, events()


class Directory:
    """The slot of each followed locate number, from the messages of the stock directory."""

    def __init__(self, where: str, symbols: Sequence[str]) -> None:
        self._where, self._symbols = where, tuple(dict.fromkeys(symbols))
        if len(self._symbols) > SLOTS:
            raise DataError(f"{len(self._symbols)} symbols; a file holds at most {SLOTS}")
        self._locates: dict[str, int] = {}
        self._named = False

    def learn(self, messages: Messages) -> None:
        if "R" not in messages.arrays:
            return
        rows = messages.arrays["R"]
        for stock, locate in zip(
            rows["stock"].tolist(), rows["stock_locate"].tolist(), strict=True
        ):
            name = stock.decode("ascii", "replace").strip()
            if self._named and name not in self._locates and not self._symbols:
                raise DataError(f"{self._where}: {name} is late in the directory; choose symbols")
            self._locates[name] = locate

    def names(self) -> tuple[str, ...]:
        """The instruments in the order of their slots."""
        self._named = True
        if not self._symbols:
            if not 1 <= len(self._locates) <= SLOTS:
                raise DataError(f"{self._where}: {len(self._locates)} instruments; choose symbols")
            self._symbols = tuple(self._locates)
        missing = [name for name in self._symbols if name not in self._locates]
        if missing:
            raise DataError(f"{self._where}: its directory has no {', '.join(missing)}")
        return self._symbols

    @property
    def slots(self) -> dict[int, int]:
        return {self._locates[name]: slot for slot, name in enumerate(self._symbols)}


def read_messages(path: Path, progress: Progress, piece: int) -> Iterator[Messages]:
    """Whole messages, about `piece` bytes of them at a time."""
    try:
        total = path.stat().st_size
        with path.open("rb") as raw:
            packed = raw.read(2) == _GZIP
            raw.seek(0)
            source = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if packed else raw
            yield from _cut(path, source, raw, total, progress, piece)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{path}: its gzip stream is damaged or ends early ({error})") from None
    except OSError as error:
        raise DataError(f"{path}: {error.strerror or error}") from None


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
