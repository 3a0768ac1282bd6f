"""LOBSTER's zips as events: the file's own book after each row, exact to the file's depth.

Each row is an event, except hidden executions: they change no book and a feed's book can't show
them. They are counted. LOBSTER doesn't have the number of orders of a level: `orders` is 0.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from tickwire.book.lobster_files import Kind, LobsterError, Sample, load
from tickwire.book.types import LEVEL
from tickwire.data.booked import Progress, quiet
from tickwire.data.events import About, DataError, Events
from tickwire.gen.records import LEVELS, TOP_OF_BOOK, Operation, Reason, Side

_KINDS = {
    Kind.ADD: Operation.ADD,
    Kind.CANCEL: Operation.CANCEL,
    Kind.DELETE: Operation.DELETE,
    Kind.EXECUTE: Operation.EXECUTE,
}
_TRADING = 1  # the price of a halt's row when trading resumes
_NAME = re.compile(r"([A-Z][A-Z.]*)_(\d{4}-\d{2}-\d{2})_")


def read(path: Path, progress: Progress = quiet) -> tuple[About, Iterator[Events]]:
    """What the zip holds, and its events in one piece."""
    progress(0, path.stat().st_size if path.exists() else 0)
    if path.is_file() and not zipfile.is_zipfile(path):
        raise DataError(f"{path}: byte {path.stat().st_size}: ends without a zip's directory")
    try:
        sample = load(path)
    except LobsterError as error:
        raise DataError(str(error)) from None
    except (EOFError, zlib.error, NotImplementedError, RuntimeError) as error:
        raise DataError(f"{path}: a damaged zip ({error})") from None
    if sample.depth > LEVELS:
        raise DataError(f"{path}: {sample.depth} levels; at most {LEVELS} are kept")
    name = _NAME.search(path.name)
    symbol, date = name.groups() if name else (sample.symbol, "")
    kinds = sample.messages[:, 1]
    unknown = ~np.isin(kinds, [*_KINDS, Kind.HIDDEN, Kind.HALT])
    if unknown.any():
        row = int(np.argmax(unknown))
        raise DataError(f"{path}: row {row}: a message of type {int(kinds[row])}")
    _check_books(path, sample)
    notes = {"hidden executions left out": int((kinds == Kind.HIDDEN).sum())}
    about = About("lobster", (symbol,), date, sample.depth, notes=notes)
    progress(path.stat().st_size, path.stat().st_size)
    return about, iter([_events(sample)])


def _check_books(path: Path, sample: Sample) -> None:
    """Each message changes its level of the book by its size, and the level is shown before or
    after: LOBSTER has no others. What doesn't is another day's book, or another instrument's."""
    kind, size, price, direction = sample.messages[1:, [1, 3, 4, 5]].T
    rows = np.flatnonzero(np.isin(kind, [*_KINDS]))
    side, price = np.where(direction == 1, 0, 1)[rows], price[rows, None]
    shown = [sample.prices[rows + at, side] == price for at in (0, 1)]
    before, after = ((sample.sizes[rows + at, side] * shown[at]).sum(axis=1) for at in (0, 1))
    change = np.where(kind[rows] == Kind.ADD, size[rows], -size[rows])
    wrong = (after - before != change) | ~(shown[0].any(axis=1) | shown[1].any(axis=1))
    if wrong.any():
        row = int(rows[np.argmax(wrong)]) + 1
        raise DataError(
            f"{path}: line {row + 1}: the book isn't what the message makes of the row before; "
            f"in {int(wrong.sum()):,} of {len(rows):,} rows"
        )


def _events(sample: Sample) -> Events:
    keep = sample.messages[:, 1] != Kind.HIDDEN
    time, kind, _, size, price, direction = sample.messages[keep].T
    tops = TOP_OF_BOOK.empty(len(time))
    levels = np.zeros((len(time), 2, LEVELS), LEVEL)
    levels["price"][:, :, : sample.depth] = sample.prices[keep]
    levels["shares"][:, :, : sample.depth] = sample.sizes[keep]
    tops["timestamp"] = time
    tops["sequence_number"] = np.flatnonzero(keep) + 1
    tops["last_of_packet"] = 1
    for code, operation in _KINDS.items():
        tops["operation"][kind == code] = operation
    on_book = kind != Kind.HALT
    tops["operation"][~on_book] = np.where(
        price[~on_book] == _TRADING, Operation.RESUME, Operation.HALT
    )
    tops["operation_side"][on_book] = np.where(direction == 1, Side.BUY, Side.SELL)[on_book]
    tops["operation_price"][on_book] = price[on_book]
    tops["operation_shares"][on_book] = size[on_book]
    # halted from a halt until the next resume
    changes = np.where(on_book, 0, np.where(price == _TRADING, -1, 1))
    last = np.maximum.accumulate(np.where(on_book, 0, np.arange(len(time))))
    tops["halted"] = changes[last] == 1
    _fill_tops(tops, levels)
    return Events(tops, levels)


def _fill_tops(tops: Records, levels: npt.NDArray[Any]) -> None:
    """Fill in the best levels and the reason; none of the books is stale."""
    for at, side in enumerate(("bid", "ask")):
        for part in ("price", "shares", "orders"):
            tops[f"{side}_{part}"] = levels[part][:, at, 0]
    bid, ask = tops["bid_price"], tops["ask_price"]
    both = (bid > 0) & (ask > 0)
    tops["crossed"], tops["locked"] = both & (bid > ask), both & (bid == ask)
    tops["reason"] = np.select(
        [tops["halted"] == 1, tops["crossed"] == 1, tops["locked"] == 1, ~both],
        [Reason.HALTED, Reason.CROSSED, Reason.LOCKED, Reason.ONE_SIDED],
        Reason.OK,
    )
