"""A LOBSTER day through the Verilated feed and book, judged by LOBSTER's own order book by row.

    python -m tickwire.cli.exact FILE.zip [--width 8|64] [--answers FILE.zip]

The day becomes ITCH in MoldUDP64 packets in Ethernet frames at line rate (`tickwire.book.lobster`
says how and what may be repaired), goes through feed_rx, op_gate, order_table and price_book, and
each row of the file is compared with what price_book shows.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from hwtools.report import Report
from hwtools.toolchain import ToolError
from tickwire.board.virtual import feed_book
from tickwire.book.lobster import LOCATE, LobsterError, Replay, Transcoded, judge_files


def replay(width: int) -> Replay:
    """The book after each row, as the RTL shows it."""

    def replayed(transcoded: Transcoded) -> npt.NDArray[Any]:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(
            *columns, console=console, transient=True, disable=not console.is_terminal
        ) as bar:
            task = bar.add_task(f"frames, W={width}", total=None)
            seen = feed_book.play(
                transcoded.messages,
                {LOCATE: 0},
                width,
                progress=lambda _, frames: bar.update(task, completed=frames),
            )
        tops = seen.rows("tops")
        shown = feed_book.levels(tops, seen.rows("depths"))
        # row r's book is that after the last operation of a message up to its end; 0: none so far
        index = np.searchsorted(tops["sequence_number"], transcoded.ends, side="right")
        empty = np.zeros((1, *shown.shape[1:]), shown.dtype)
        return np.concatenate([empty, shown])[index]

    return replayed


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="tickwire.cli.exact", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("file", type=Path, nargs="+")
    parser.add_argument("--width", type=int, choices=(8, 64), default=8)
    parser.add_argument("--answers", type=Path, help="judge by this file's order book")
    told = parser.parse_args(arguments)
    report = Report("exact", f"make exact LOBSTER=FILE.zip W={told.width}")
    try:
        if not all(path.name for path in told.file):
            raise LobsterError("give a sample: make exact LOBSTER=file.zip")
        judge_files(told.file, told.answers, replay(told.width), report, "simulated")
    except (LobsterError, ToolError) as error:
        print(f"exact: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("exact: interrupted", file=sys.stderr)
        return 130
    print(report.write())
    return bool(report.failed)


if __name__ == "__main__":
    sys.exit(main())
