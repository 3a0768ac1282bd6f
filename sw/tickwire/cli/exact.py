"""A LOBSTER day through the Verilated feed and book, judged by LOBSTER's own order book by row.

    tickwire exact FILE.zip [--width 8|64] [--answers FILE.zip]

The day becomes ITCH in MoldUDP64 packets in Ethernet frames at line rate (`tickwire.book.lobster`
says how and what may be repaired), goes through feed_rx, op_gate, order_table and price_book, and
each row of the file is compared with what price_book shows. The operations on the way must be those
of the host's own replay of the frames.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hwtools.command import Parser, ended
from hwtools.progress import watched
from hwtools.toolchain import ToolError

if TYPE_CHECKING:
    import numpy.typing as npt

    from tickwire.book.lobster import Replay, Transcoded


def replay(width: int) -> Replay:
    """The book after each row, as the RTL shows it."""
    import numpy as np

    from tickwire.board.virtual import feed_book
    from tickwire.book.lobster import LOCATE
    from tickwire.replay.feed import receive
    from tickwire.wire.traffic import Registers

    def replayed(transcoded: Transcoded) -> npt.NDArray[Any]:
        traffic = feed_book.traffic(transcoded.messages, width)
        registers = Registers(any_hours=1, locates={LOCATE: 0})
        with watched() as watch:
            observed = feed_book.top(width).run(
                traffic,
                registers,
                progress=lambda _, frames: watch(f"frames, W={width}", frames, len(traffic.frames)),
            )
        expected = receive(traffic, registers, width).operations
        if not np.array_equal(observed.rows("operations"), expected):
            raise ToolError("the RTL's operations aren't those of the host's replay")
        tops = observed.rows("tops")
        books = feed_book.levels(tops, observed.rows("depths"))
        # row r's book is that after the last operation of a message up to its end; 0: none so far
        index = np.searchsorted(tops["sequence_number"], transcoded.ends, side="right")
        empty = np.zeros((1, *books.shape[1:]), books.dtype)
        return np.concatenate([empty, books])[index]

    return replayed


def main(arguments: Sequence[str] | None = None) -> int:
    parser = Parser(prog="tickwire exact", description=__doc__)
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE.zip", help="a LOBSTER sample")
    parser.add_argument("--width", type=int, choices=(8, 64), default=8, help="bits of a beat")
    parser.add_argument(
        "--answers", type=Path, help="judge by this file's order book; default: the sample's own"
    )
    args = parser.parse_args(arguments)

    def work() -> int:
        from hwtools.report import Report
        from tickwire.book.lobster import LobsterError, judge_files

        report = Report("exact", f"make exact LOBSTER=FILE.zip W={args.width}")
        if not all(file.name for file in args.files):
            raise LobsterError("give a sample: make exact LOBSTER=file.zip")
        judge_files(args.files, args.answers, replay(args.width), report, "simulated")
        print(report.write())
        return int(bool(report.failed))

    return ended("exact", work, ValueError)


if __name__ == "__main__":
    sys.exit(main())
