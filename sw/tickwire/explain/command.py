"""`tickwire explain N`: what became of one message of the last `make sim`, stage by stage.

Instead of its number: `--at 10:30:15.5`, the last message of a book until then; `--symbol AAPL`,
the last of that instrument's."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from hwtools.command import Parser, ended, whole


def _parser() -> Parser:
    parser = Parser(prog="tickwire explain", description=__doc__)
    parser.add_argument(
        "message", type=whole(0), nargs="?", help="sequence number, as the feed counts"
    )
    parser.add_argument(
        "--symbol", metavar="NAME", help="the last message of this instrument's book"
    )
    parser.add_argument(
        "--at",
        type=_time,
        metavar="HH:MM:SS",
        help="until then, by the exchange's clock; 10:30:15.5",
    )
    add_folder(parser)
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    return parser


def _time(text: str) -> int:
    """Nanoseconds since midnight."""
    parts = re.fullmatch(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?", text)
    if parts is None or int(parts[1]) > 23:
        raise argparse.ArgumentTypeError(f"{text!r} isn't a time of day such as 10:30:15.5")
    hours, minutes, seconds = (int(part or 0) for part in parts.groups()[:3])
    whole_seconds = (hours * 60 + minutes) * 60 + seconds
    return whole_seconds * 1_000_000_000 + int((parts[4] or "").ljust(9, "0"))


def add_folder(parser: Parser) -> None:
    parser.add_argument(
        "--folder", type=Path, metavar="FOLDER", help="what make sim left; default: build/path/last"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = _parser()
    args = parser.parse_args(arguments)
    sought = args.symbol is not None or args.at is not None
    if (args.message is None) != sought:
        parser.error("give a message's number, or --symbol, --at or both")

    def work() -> int:
        from tickwire.explain import last_run
        from tickwire.explain.message import explain, last_message

        run = last_run.read(args.folder or last_run.FOLDER)
        values = explain(run, last_message(run, args.symbol, args.at) if sought else args.message)
        if args.json:
            import json

            print(json.dumps(values))
            return 0
        from rich.console import Console

        from tickwire.explain.text import show

        show(values, Console())
        return 0

    return ended("explain", work, ValueError)


if __name__ == "__main__":
    sys.exit(main())
