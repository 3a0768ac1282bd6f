"""Reads LOBSTER's samples: a zip with one message file and one order book file."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import numpy as np
import numpy.typing as npt

_PARTS = ("message", "orderbook")


class Kind(IntEnum):
    """The type of a row's message."""

    ADD = 1
    CANCEL = 2
    DELETE = 3
    EXECUTE = 4
    HIDDEN = 5
    HALT = 7


class LobsterError(ValueError):
    """A file that isn't LOBSTER's. The message is one line."""


@dataclass(frozen=True)
class Sample:
    """A day: messages [time in ns, type, order, size, price, direction] and the book after each."""

    symbol: str
    depth: int
    messages: npt.NDArray[np.int64]
    prices: npt.NDArray[np.int64]  # [row, side, level]; 0 where there is no level
    sizes: npt.NDArray[np.int64]


def load(path: Path) -> Sample:
    """Read a sample, or raise a LobsterError."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            parts = [[name for name in names if f"_{part}_" in name] for part in _PARTS]
            if [len(part) for part in parts] != [1, 1]:
                raise LobsterError(f"{path}: not one message and one orderbook file")
            message_text, book_text = (archive.read(part[0]).decode("ascii") for part in parts)
    except (OSError, zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise LobsterError(f"{path}: {error}") from None
    try:
        messages = np.array([_message(line) for line in message_text.split()], np.int64)
        values = [int(value) for value in book_text.replace("\n", ",").split(",") if value.strip()]
    except ValueError as error:
        raise LobsterError(f"{path}: {error}") from None
    if not len(messages) or not values or len(values) % (4 * len(messages)):
        raise LobsterError(f"{path}: {len(values)} book values for {len(messages)} messages")
    book = np.array(values, np.int64).reshape(len(messages), -1, 2, 2)[:, :, ::-1]
    prices, sizes = book[..., 0].transpose(0, 2, 1), book[..., 1].transpose(0, 2, 1)
    prices = np.where(sizes == 0, 0, prices)
    return Sample(path.stem, prices.shape[2], messages, prices, sizes.copy())


def _message(line: str) -> list[int]:
    time, *rest = line.split(",")
    seconds, _, fraction = time.partition(".")
    if len(rest) != 5 or len(fraction) > 15:
        raise ValueError(f"{line!r} isn't a message")
    # some times have digits beyond the nanosecond, left by a float: round to the nearest
    femtoseconds = int(seconds + fraction.ljust(15, "0"))
    return [(femtoseconds + 500_000) // 1_000_000, *map(int, rest)]
