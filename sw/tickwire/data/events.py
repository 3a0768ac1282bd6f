"""The event format: a day of book changes in one Parquet file, integers throughout.

A row is the state after one book operation, as the RTL's price_book shows it: the operation, its
time, and the best ten levels of both sides. In memory it is a row of
`tickwire.gen.records.TOP_OF_BOOK` and levels of `tickwire.book.types.LEVEL`. So features, labels
and replays see what the hardware sees.

    sequence_number, timestamp     of the message; nanoseconds since midnight
    slot                           instrument: the index of its name in the file's list
    operation, side, price, shares the operation and the order that it touched
    reason, flags                  as in top_of_book; flags: crossed, locked, stale, halted
    last_of_packet                 the packet's last message; every row, if a source has no packets
    bid_price_1 … ask_orders_10    the levels, the best first; 0 where there is none

A file is written by rename. If its source fails midway, no file is left.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from hwtools.bits import Records
from hwtools.rename import by_rename
from tickwire.book.types import LEVEL
from tickwire.gen.records import LEVELS, SLOTS, TOP_OF_BOOK

_KEY = b"tickwire"
_ROWS = 1 << 18  # of a row group
FLAGS = ("crossed", "locked", "stale", "halted")
SIDES = ("bid", "ask")

# Column, its field of top_of_book, its type.
_COLUMNS = (
    ("sequence_number", "sequence_number", pa.uint64()),
    ("timestamp", "timestamp", pa.uint64()),
    ("slot", "slot", pa.uint8()),
    ("operation", "operation", pa.uint8()),
    ("side", "operation_side", pa.uint8()),
    ("price", "operation_price", pa.uint32()),
    ("shares", "operation_shares", pa.uint32()),
    ("reason", "reason", pa.uint8()),
    ("flags", "", pa.uint8()),
    ("last_of_packet", "last_of_packet", pa.bool_()),
)
_LEVEL_COLUMNS = tuple(
    (f"{side}_{name}_{level + 1}", at, level, name)
    for at, side in enumerate(SIDES)
    for name in LEVEL.names or ()
    for level in range(LEVELS)
)
_DELTA = ("sequence_number", "timestamp")


class DataError(ValueError):
    """A file that can't be read, or whose content is wrong. The message is one line."""


@dataclass(frozen=True)
class About:
    """What a file holds; kept inside the file."""

    source: str
    instruments: tuple[str, ...]  # of slots 0, 1, 2 …
    date: str = ""
    depth: int = LEVELS  # levels that the source has; deeper ones are 0
    price_unit: str = "1/10,000 dollar"
    share_unit: str = "shares"
    notes: dict[str, int] = field(default_factory=dict)  # what was left out, and how often

    def __post_init__(self) -> None:
        if not 1 <= len(self.instruments) <= SLOTS:
            raise DataError(f"{len(self.instruments)} instruments; a file holds 1 to {SLOTS}")


@dataclass(frozen=True)
class Events:
    """Rows in memory."""

    tops: Records
    levels: npt.NDArray[Any]  # [row, side, level] of LEVEL

    def __len__(self) -> int:
        return len(self.tops)

    def rows(self, index: Any) -> Events:
        return Events(self.tops[index], self.levels[index])


def join(parts: Iterable[Events]) -> Events:
    """All parts as one."""
    empty = Events(TOP_OF_BOOK.empty(0), np.zeros((0, len(SIDES), LEVELS), LEVEL))
    listed = [empty, *parts]
    tops = np.concatenate([part.tops for part in listed])
    return Events(tops, np.concatenate([part.levels for part in listed]))


def _schema() -> pa.Schema:
    kinds = {"price": pa.uint32(), "shares": pa.uint32(), "orders": pa.uint16()}
    fields = [pa.field(name, kind, nullable=False) for name, _, kind in _COLUMNS]
    fields += [pa.field(name, kinds[part], nullable=False) for name, _, _, part in _LEVEL_COLUMNS]
    return pa.schema(fields)


def _table(events: Events) -> pa.Table:
    tops = events.tops
    flags = np.zeros(len(tops), np.uint8)
    for bit, name in enumerate(FLAGS):
        flags |= tops[name].astype(np.uint8) << np.uint8(bit)
    arrays = [
        pa.array(flags if name == "flags" else np.ascontiguousarray(tops[source]), kind)
        for name, source, kind in _COLUMNS
        if kind != pa.bool_()
    ]
    arrays.append(pa.array(tops["last_of_packet"].astype(np.bool_)))
    for _, side, level, part in _LEVEL_COLUMNS:
        arrays.append(pa.array(np.ascontiguousarray(events.levels[:, side, level][part])))
    return pa.table(arrays, schema=_schema())


def _events(table: pa.Table) -> Events:
    tops = TOP_OF_BOOK.empty(len(table))
    levels = np.zeros((len(table), len(SIDES), LEVELS), LEVEL)
    columns = {name: table.column(name).to_numpy() for name in table.column_names}
    for name, source, _ in _COLUMNS:
        if source:
            tops[source] = columns[name]
    for bit, name in enumerate(FLAGS):
        tops[name] = columns["flags"] >> bit & 1
    for name, at, level, part in _LEVEL_COLUMNS:
        levels[part][:, at, level] = columns[name]
    for at, side in enumerate(SIDES):
        for part in LEVEL.names or ():
            tops[f"{side}_{part}"] = levels[part][:, at, 0]
    return Events(tops, levels)


def write(path: Path, about: About, chunks: Iterable[Events]) -> About:
    """Write all chunks, or nothing. `about.notes` may grow until the last chunk is taken."""
    with (
        by_rename(path) as part,
        pq.ParquetWriter(
            part,
            _schema(),
            compression="zstd",
            use_dictionary=[f.name for f in _schema() if f.name not in _DELTA],
            column_encoding=dict.fromkeys(_DELTA, "DELTA_BINARY_PACKED"),
        ) as writer,
    ):
        for chunk in chunks:
            writer.write_table(_table(chunk), row_group_size=_ROWS)
        writer.add_key_value_metadata({_KEY: json.dumps(asdict(about)).encode()})
    return about


def _open(path: Path) -> tuple[pq.ParquetFile, About]:
    try:
        file = pq.ParquetFile(path)
        text = (file.metadata.metadata or {}).get(_KEY)
        if text is None or not file.schema_arrow.equals(_schema()):
            raise DataError(f"{path}: a Parquet file, but none of Tickwire's events")
        fields = json.loads(text)
        about = About(**{**fields, "instruments": tuple(fields["instruments"])})
    except OSError as error:
        raise DataError(f"{path}: {error.strerror or error}") from None
    except (pa.ArrowException, KeyError, TypeError, json.JSONDecodeError) as error:
        raise DataError(f"{path}: {_line(error)}") from None
    return file, about


def about(path: Path) -> tuple[About, int]:
    """What a file holds, and its number of rows."""
    file, description = _open(path)
    with file:
        return description, int(file.metadata.num_rows)


def read(path: Path) -> tuple[About, Events]:
    """A whole file."""
    description, chunks = pieces(path)
    return description, join(chunks)


def pieces(path: Path) -> tuple[About, Iterator[Events]]:
    """A file, a row group at a time."""
    file, description = _open(path)

    def groups() -> Iterator[Events]:
        with file:
            for group in range(file.metadata.num_row_groups):
                try:
                    yield _events(file.read_row_group(group))
                except (OSError, pa.ArrowException) as error:
                    raise DataError(f"{path}: row group {group}: {_line(error)}") from None

    return description, groups()


def digest(events: Events) -> str:
    """A hash of the rows, the same in whatever file they are."""
    rows = hashlib.sha256(np.ascontiguousarray(events.tops).tobytes())
    rows.update(np.ascontiguousarray(events.levels).tobytes())
    return rows.hexdigest()


def _line(error: Exception) -> str:
    return str(error).strip().split("\n")[0]
