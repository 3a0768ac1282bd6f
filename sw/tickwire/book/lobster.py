"""Judges a book by LOBSTER's own order book, row by row.

    python -m tickwire.book.lobster FILE.zip

`lobster_files` reads a sample and `lobster_itch` transcodes it to ITCH 5.0. A book of that stream
must show what the file shows after every row. `--answers` takes the order book from another file
than the one that is transcoded.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.command import Parser
from hwtools.report import Report
from tickwire.book.compiled import Book
from tickwire.book.lobster_files import LobsterError, Sample, load
from tickwire.book.lobster_itch import LOCATE, Transcoded, transcode
from tickwire.wire import itch
from tickwire.wire.operations import operations

__all__ = [
    "LOCATE",
    "LobsterError",
    "Replay",
    "Sample",
    "Transcoded",
    "Verdict",
    "judge",
    "judge_files",
    "load",
    "replay",
    "transcode",
]

_LISTED = 5  # wrong rows that are printed

Replay = Callable[[Transcoded], npt.NDArray[Any]]  # the book after each row


@dataclass(frozen=True)
class Verdict:
    """Which rows of a book were right, and which rows had repairs."""

    right: npt.NDArray[np.bool_]
    repaired: npt.NDArray[np.bool_]

    @property
    def counts(self) -> tuple[int, int, int]:
        """Rows exact without repair, exact after a repair, mismatching."""
        exact = int((self.right & ~self.repaired).sum())
        return exact, int((self.right & self.repaired).sum()), int((~self.right).sum())


def judge(sample: Sample, transcoded: Transcoded, levels: npt.NDArray[Any]) -> Verdict:
    """Compare the book after each row, [row, side, level] of price and shares, with the file's."""
    rows, depth = len(sample.messages), sample.depth
    if levels.shape[0] != rows:
        raise LobsterError(f"{levels.shape[0]} rows to judge, {rows} in the file")
    if levels.shape[2] < depth:
        raise LobsterError(f"a book of {levels.shape[2]} levels, {depth} in the file")
    observed = levels[:, :, :depth]
    same = (observed["price"] == sample.prices) & (observed["shares"] == sample.sizes)
    return Verdict(same.all(axis=(1, 2)), transcoded.repairs > 0)


def replay(transcoded: Transcoded) -> npt.NDArray[Any]:
    """The compiled book after each row: the stream is encoded, decoded and applied."""
    messages = itch.decode(itch.encode(transcoded.messages))
    ops = operations(messages, {LOCATE: 0})
    levels = Book(1).apply(ops, levels=True).levels
    assert levels is not None
    # the book after a row is the one after the row's last operation; index 0: before any operation
    index = np.searchsorted(ops["sequence_number"], transcoded.ends, side="right")
    empty = np.zeros((1, *levels.shape[1:]), levels.dtype)
    return np.concatenate([empty, levels])[index]


def judge_files(
    files: Sequence[Path], answers: Path | None, replayed: Replay, report: Report, how: str
) -> None:
    """Transcode each file, replay it, and print and report the three counts."""
    names = ("exact_without_repair", "exact_after_repair", "mismatching")
    for path in files:
        sample = load(path)
        transcoded = transcode(sample)
        verdict = judge(load(answers) if answers else sample, transcoded, replayed(transcoded))
        rows = len(verdict.right)
        print(f"{sample.symbol}: {rows:,} rows compared, depth {sample.depth}")
        for name, count in zip(names, verdict.counts, strict=True):
            bound: dict[str, Any] = {"bound": 0, "op": "<="} if name == "mismatching" else {}
            report.row(sample.symbol, name, count, "rows", n=rows, how=how, **bound)
            print(f"  {name:22}{count:>10,}")
        for row in np.flatnonzero(~verdict.right)[:_LISTED].tolist():
            print(f"  row {row} is wrong")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = Parser(prog="tickwire.book.lobster", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("file", type=Path, nargs="+", help="a LOBSTER sample")
    parser.add_argument("--answers", type=Path, help="judge by this file's order book")
    args = parser.parse_args(arguments)
    report = Report("lobster", "python -m tickwire.book.lobster FILE.zip")
    try:
        judge_files(args.file, args.answers, replay, report, "measured on host")
    except LobsterError as error:
        print(f"lobster: {error}", file=sys.stderr)
        return 2
    print(report.write())
    return bool(report.failed)


if __name__ == "__main__":
    sys.exit(main())
