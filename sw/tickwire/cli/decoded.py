"""What the RTL made of a capture, as rows: a line of JSON for each message, or a Parquet table."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from tickwire.gen.itch_table import MESSAGES
from tickwire.wire import itch

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Decoded:
    """What came of a capture. Message i is of frame `frame[i]` and session `session[i]`."""

    messages: Array
    frame: Array
    session: Array
    times: Array
    books: dict[int, dict[str, Any]]  # by message
    dropped: Counter[str]
    frames: int
    cycles: int
    learned: frozenset[str]


def _columns(decoded: Decoded) -> dict[str, list[Any]]:
    messages = decoded.messages
    numbers = {name: messages[name] for name in ("sequence_number", "frame_cycle", "message_cycle")}
    columns = {"frame": decoded.frame, "time": decoded.times, "session": decoded.session} | numbers
    return {name: column.tolist() for name, column in columns.items()}


def rows(decoded: Decoded) -> Iterator[dict[str, Any]]:
    """A dictionary for each message."""
    columns = _columns(decoded)
    fields = _fields(decoded.messages)
    heads = zip(*columns.values(), strict=True)
    for index, head in enumerate(heads):
        stamps = dict(zip(columns, head, strict=True))
        for _ in range(max(1, int(decoded.messages["runts"][index]))):
            row = stamps | fields[index]
            if index in decoded.books:
                row["book"] = decoded.books[index]
            yield row
            stamps = stamps | {"sequence_number": stamps["sequence_number"] + 1}


def _fields(messages: Array) -> list[dict[str, Any]]:
    """Each message's fields, by the names of hw/regs/itch.toml, or what is wrong with it."""
    fields: list[dict[str, Any]] = [{} for _ in range(len(messages))]
    types, lengths = messages["bytes"][:, 0], messages["length"]
    sizes = itch.LENGTHS[types]
    for kind in MESSAGES.values():
        here = np.flatnonzero((types == kind.code) & (lengths == kind.length))
        if not len(here):
            continue
        host = itch.from_wire(np.ascontiguousarray(messages["bytes"][here, : kind.length]), kind)
        texts = [field.name for field in kind.fields if field.kind == "alpha"]
        columns = {
            field: [value.decode("latin-1").rstrip(" ") for value in host[field].tolist()]
            if field in texts
            else host[field].tolist()
            for field in host.dtype.names or ()
        }
        for index, values in zip(here.tolist(), zip(*columns.values(), strict=True), strict=True):
            fields[index] = {"name": kind.name} | dict(zip(columns, values, strict=True))
    for index in np.flatnonzero((sizes != lengths) | (messages["runts"] > 0)).tolist():
        if messages["runts"][index]:
            fields[index] = {"fault": "shorter than any message"}
            continue
        kept = min(int(lengths[index]), messages["bytes"].shape[1])
        known = sizes[index] > 0
        fields[index] = {
            "fault": f"{lengths[index]} bytes" if known else "unknown type",
            "length": int(lengths[index]),
            "bytes": messages["bytes"][index, :kept].tobytes().hex(),
        }
    return fields


def write_lines(decoded: Decoded, file: IO[str]) -> int:
    count = 0
    for row in rows(decoded):
        file.write(json.dumps(row, separators=(",", ":")) + "\n")
        count += 1
    return count


def write_parquet(decoded: Decoded, path: Path) -> int:
    """A column for each field that some message has, null elsewhere; a book's are book_…"""
    import pyarrow
    import pyarrow.parquet

    def flat(row: dict[str, Any]) -> dict[str, Any]:
        book = row.pop("book", None) or {}
        return row | {f"book_{name}": value for name, value in book.items()}

    every = [flat(row) for row in rows(decoded)]
    names = dict.fromkeys(name for row in every for name in row)
    table = pyarrow.table({name: [row.get(name) for row in every] for name in names})
    pyarrow.parquet.write_table(table, path)
    return len(every)
