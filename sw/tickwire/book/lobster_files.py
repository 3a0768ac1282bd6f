"""Reads LOBSTER's samples: a zip with one message file and one order book file."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import numpy as np
import numpy.typing as npt

_PARTS = ("message", "orderbook")
_DAY = 24 * 3_600 * 10**9
_SHOWN = 40  # letters of a line that is refused
_WANTED = "whole numbers, prices in 1/10,000 dollar, and no heading"


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
    (name, text), (book_name, book_text) = _members(path)
    messages = np.array(_rows(f"{path}: {name}", text, _message, 6), np.int64)
    book = np.array(_rows(f"{path}: {book_name}", book_text, _numbers), np.int64)
    if not len(messages) or len(book) != len(messages) or book.shape[1] % 4:
        raise LobsterError(f"{path}: {len(book)} rows of books for {len(messages)} messages")
    backwards = np.flatnonzero(np.diff(messages[:, 0]) < 0)
    if len(backwards):
        raise LobsterError(f"{path}: {name}, line {backwards[0] + 2}: it is before the line above")
    if messages[-1, 0] >= _DAY:
        line = int(np.searchsorted(messages[:, 0], _DAY)) + 1
        raise LobsterError(f"{path}: {name}, line {line}: beyond a day; times are in seconds")
    sides = book.reshape(len(messages), -1, 2, 2)[:, :, ::-1]
    prices, sizes = sides[..., 0].transpose(0, 2, 1), sides[..., 1].transpose(0, 2, 1)
    prices = np.where(sizes == 0, 0, prices)
    return Sample(path.stem, prices.shape[2], messages, prices, sizes.copy())


def _members(path: Path) -> list[tuple[str, str]]:
    """Name and text of the message file and of the order book file."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            parts = [[name for name in names if f"_{part}_" in name] for part in _PARTS]
            if [len(part) for part in parts] != [1, 1]:
                raise LobsterError(f"{path}: not one message and one orderbook file")
            return [(part[0], archive.read(part[0]).decode("ascii")) for part in parts]
    except OSError as error:
        raise LobsterError(f"{path}: {error.strerror or error}") from None
    except (zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise LobsterError(f"{path}: {error}") from None


def _rows(
    where: str, text: str, read: Callable[[str], list[int]], width: int | None = None
) -> list[list[int]]:
    """Of each line its numbers, as many as in the first one."""
    rows: list[list[int]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            rows.append(read(line))
        except ValueError:
            shown = line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
            raise LobsterError(
                f"{where}, line {number}: {shown!r} isn't LOBSTER's: {_WANTED}"
            ) from None
        width = width or len(rows[0])
        if len(rows[-1]) != width:
            raise LobsterError(f"{where}, line {number}: {len(rows[-1])} values, not {width}")
    return rows


def _numbers(line: str) -> list[int]:
    return [int(value) for value in line.split(",")]


def _message(line: str) -> list[int]:
    time, *rest = line.split(",")
    seconds, _, fraction = time.partition(".")
    if len(fraction) > 15:
        raise ValueError(line)
    # some times have digits beyond the nanosecond, left by a float: round to the nearest
    femtoseconds = int(seconds + fraction.ljust(15, "0"))
    return [(femtoseconds + 500_000) // 1_000_000, *map(int, rest)]
