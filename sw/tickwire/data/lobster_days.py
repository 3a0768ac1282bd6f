"""LOBSTER's zips as events: the file's own book after each row, exact to the file's depth.

A row is an event, but for hidden executions, which change no book and which the feed's book can't
see; they are counted. LOBSTER doesn't tell how many orders a level has: `orders` is 0.
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
from tickwire.book import lobster
from tickwire.book.types import LEVEL
from tickwire.data.booked import Progress, quiet
from tickwire.data.events import About, DataError, Events
from tickwire.gen.records import LEVELS, TOP_OF_BOOK, Operation, Reason, Side

_KINDS = {1: Operation.ADD, 2: Operation.CANCEL, 3: Operation.DELETE, 4: Operation.EXECUTE}
_HIDDEN, _HALT, _TRADING = 5, 7, 1
_NAME = re.compile(r"([A-Z][A-Z.]*)_(\d{4}-\d{2}-\d{2})_")


def read(path: Path, progress: Progress = quiet) -> tuple[About, Iterator[Events]]:
    """What the zip says, and its events in one piece."""
    progress(0, path.stat().st_size if path.exists() else 0)
    if path.is_file() and not zipfile.is_zipfile(path):
        raise DataError(f"{path}: byte {path.stat().st_size}: ends without a zip's directory")
    try:
        sample = lobster.load(path)
    except lobster.LobsterError as error:
        raise DataError(str(error)) from None
    except (EOFError, zlib.error, NotImplementedError, RuntimeError) as error:
        raise DataError(f"{path}: a damaged zip ({error})") from None
    if sample.depth > LEVELS:
        raise DataError(f"{path}: {sample.depth} levels; at most {LEVELS} are kept")
    found = _NAME.search(path.name)
    symbol, date = found.groups() if found else (sample.symbol, "")
    kinds = sample.messages[:, 1]
    strange = ~np.isin(kinds, [*_KINDS, _HIDDEN, _HALT])
    if strange.any():
        row = int(np.argmax(strange))
        raise DataError(f"{path}: row {row}: a message of type {int(kinds[row])}")
    notes = {"hidden executions left out": int((kinds == _HIDDEN).sum())}
    about = About("lobster", (symbol,), date, sample.depth, notes=notes)
    progress(path.stat().st_size, path.stat().st_size)
    return about, iter([_events(sample)])


def _events(sample: lobster.Sample) -> Events:
    keep = sample.messages[:, 1] != _HIDDEN
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
    on_book = kind != _HALT
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
    show(tops, levels)
    return Events(tops, levels)


def show(tops: Records, levels: npt.NDArray[Any]) -> None:
    """The best prices, and why a book is not to be acted on, of books that are never stale."""
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
