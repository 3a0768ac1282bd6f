"""Decoded messages as rows: a line of JSON for each, or a Parquet table."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from tickwire.gen.itch_table import MESSAGES
from tickwire.wire import itch
from tickwire.wire.codec import Fault, Messages
from tickwire.wire.fields import MessageType

Array = npt.NDArray[Any]
FAULTS = {Fault.UNKNOWN_TYPE: "unknown type", Fault.WRONG_LENGTH: "wrong length"}


@dataclass(frozen=True)
class Decoded:
    """What came of a capture. Message i is of frame `frame[i]` and session `session[i]`. Those of
    frames that turned out wrong aren't among them: `undone` is how many there were."""

    messages: Array
    frame: Array
    session: Array
    times: Array
    books: dict[int, dict[str, Any]]  # by message
    dropped: Counter[str]
    frames: int
    cycles: int
    learned: frozenset[str]
    window: int = 0  # cycles that a packet waited for what was missing before it
    undone: int = 0


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
        if len(here):
            raw = np.ascontiguousarray(messages["bytes"][here, : kind.length])
            for index, row in zip(
                here.tolist(), _shown(itch.from_wire(raw, kind), kind), strict=True
            ):
                fields[index] = row
    for index in np.flatnonzero((sizes != lengths) | (messages["runts"] > 0)).tolist():
        if messages["runts"][index]:
            fields[index] = {"fault": "shorter than any message"}
            continue
        kept = min(int(lengths[index]), messages["bytes"].shape[1])
        known = sizes[index] > 0
        fields[index] = {
            "fault": f"{lengths[index]} bytes" if known else FAULTS[Fault.UNKNOWN_TYPE],
            "length": int(lengths[index]),
            "bytes": messages["bytes"][index, :kept].tobytes().hex(),
        }
    return fields


def _shown(records: Records, kind: MessageType) -> Iterator[dict[str, Any]]:
    """Fields by name. Texts are as sent, but for the spaces that fill them up."""
    columns: dict[str, list[Any]] = {}
    for field in kind.fields:
        column = records[field.name]
        if field.kind == "alpha":
            raw = np.ascontiguousarray(column).view(f"V{field.length}").tolist()
            columns[field.name] = [text.decode("latin-1").rstrip(" ") for text in raw]
        else:
            columns[field.name] = column.tolist()
    for values in zip(*columns.values(), strict=True):
        yield {"name": kind.name} | dict(zip(columns, values, strict=True))


def shown_fields(messages: Messages, kinds: Mapping[int, MessageType]) -> Iterator[dict[str, Any]]:
    """The fields of each message in order."""
    every = {code: list(_shown(messages.arrays[chr(code)], kinds[code]))
             for code in np.unique(messages.types).tolist()}  # fmt: skip
    for code, row in zip(messages.types.tolist(), messages.rows.tolist(), strict=True):
        yield every[code][row]


def write_lines(every: Iterable[dict[str, Any]], file: IO[str]) -> int:
    count = 0
    for row in every:
        file.write(json.dumps(row, separators=(",", ":")) + "\n")
        count += 1
    return count


def write_parquet(every: Iterable[dict[str, Any]], path: Path) -> int:
    """A column for each field that some message has, null elsewhere; a book's are book_…"""
    import pyarrow
    import pyarrow.parquet

    def flat(row: dict[str, Any]) -> dict[str, Any]:
        book = row.pop("book", None) or {}
        return row | {f"book_{name}": value for name, value in book.items()}

    listed = [flat(row) for row in every]
    names = dict.fromkeys(name for row in listed for name in row)
    table = pyarrow.table({name: [row.get(name) for row in listed] for name in names})
    pyarrow.parquet.write_table(table, path)
    return len(listed)
