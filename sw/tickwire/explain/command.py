"""`tickwire explain N`: what became of one message of the last `make sim`, stage by stage."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from hwtools.command import Parser, ended, whole


def _parser() -> Parser:
    parser = Parser(prog="tickwire explain", description=__doc__)
    parser.add_argument("message", type=whole(0), help="sequence number, as the feed counts")
    add_folder(parser)
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    return parser


def add_folder(parser: Parser) -> None:
    parser.add_argument(
        "--folder", type=Path, metavar="FOLDER", help="what make sim left; default: build/path/last"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(arguments)

    def work() -> int:
        from tickwire.explain import last_run
        from tickwire.explain.message import explain

        values = explain(last_run.read(args.folder or last_run.FOLDER), args.message)
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
