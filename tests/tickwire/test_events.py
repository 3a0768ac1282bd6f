"""The event format: what is written is read, and a file of anything else is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tickwire.data import days
from tickwire.data import events as files
from tickwire.data.events import About, DataError, Events


def a_day(messages: int = 6_000) -> tuple[About, Events]:
    about, chunks = days.read("flow", messages, 4, 3)
    return about, files.join(chunks)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    about, events = a_day()
    path = tmp_path / "new" / "day.parquet"
    files.write(path, about, [events.rows(slice(0, 2500)), events.rows(slice(2500, None))])
    description, back = files.read(path)
    assert description == about
    assert np.array_equal(back.tops, events.tops) and np.array_equal(back.levels, events.levels)
    assert files.digest(back) == files.digest(events)
    assert files.about(path) == (about, len(events))
    assert [item.name for item in path.parent.iterdir()] == ["day.parquet"]
    assert len(events) > 5_000 and (events.levels["price"][:, :, 9] > 0).any()
    # any Parquet reader finds plain columns
    table = pq.read_table(path, columns=["timestamp", "bid_price_1", "ask_orders_10"])
    assert table["bid_price_1"].to_pylist() == events.tops["bid_price"].tolist()


def test_a_source_that_breaks_leaves_nothing(tmp_path: Path) -> None:
    about, events = a_day()

    def chunks() -> Iterator[Events]:
        yield events
        raise DataError("the file ends within message 7")

    with pytest.raises(DataError, match="message 7"):
        files.write(tmp_path / "day.parquet", about, chunks())
    assert list(tmp_path.iterdir()) == []
    # and an older file stays as it was
    files.write(tmp_path / "day.parquet", about, [events])
    before = (tmp_path / "day.parquet").read_bytes()
    with pytest.raises(DataError):
        files.write(tmp_path / "day.parquet", about, chunks())
    assert (tmp_path / "day.parquet").read_bytes() == before


@pytest.mark.parametrize("damage", ["cut", "foreign", "absent", "bits", "folder"])
def test_a_damaged_file_is_one_line(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "day.parquet"
    about, events = a_day()
    files.write(path, about, [events])
    raw = bytearray(path.read_bytes())
    if damage == "cut":
        path.write_bytes(raw[: len(raw) // 2])
    elif damage == "foreign":
        pq.write_table(pa.table({"a": [1]}), path)
    elif damage == "absent":
        path.unlink()
    elif damage == "folder":
        path = tmp_path
    else:
        for at in range(2000, 60_000, 97):
            raw[at] ^= 0xFF
        path.write_bytes(raw)
    with pytest.raises(DataError) as caught:
        files.read(path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_instruments_are_one_to_eight() -> None:
    with pytest.raises(DataError, match="9 instruments"):
        About("test", tuple("ABCDEFGHI"))
