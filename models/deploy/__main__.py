"""`tickwire model`: the networks that the path can run.

    tickwire model check NAME    does it convert, does it fit, what rounds away; exit 1 if not
    tickwire model list          kept students, and trainings that ended
    tickwire model show NAME     one of them

NAME is a kept student, a kind (mlp, cnn, lstm_attn), a training's folder or a TOML file.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any, Literal

from hwtools.command import Parser, ended, one_line
from models.deploy.names import locate
from models.nets.own import NetworkError, check_period, own
from models.train.kept import StudentError

_COLUMNS = {
    "name": "name", "kind": "kind", "instrument": "instrument", "horizon": "horizon",
    "validation_mcc": "MCC", "nonzero_weights": "weights", "cells": "cells", "cycles": "cycles",
    "loop": "loop",
}  # fmt: skip

_TEXTS, _WIDTH = ("name", "kind", "instrument"), 200


def main(arguments: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(arguments)

    def work() -> int:
        try:
            return int(args.run(args))
        except (ValueError, OSError) as error:
            if args.json and args.run is _check:
                why = [one_line(error)]
                print(json.dumps({"name": args.name, "converts": False, "why_not": why}))
            raise

    return ended("model", work, NetworkError, StudentError)


def _parser() -> Parser:
    parser = Parser(prog="tickwire model", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="check | list | show")
    check = commands.add_parser("check", help="does a network convert and fit, what rounds away")
    check.add_argument("--period", type=float, metavar="NS", help="ns that a stage may take; "
                       "default: the network's own, else 8")  # fmt: skip
    check.set_defaults(run=_check)
    listed = commands.add_parser("list", help="kept students, and trainings that ended")
    listed.set_defaults(run=_list)
    show = commands.add_parser("show", help="one network: what it is made of, how it was trained")
    show.set_defaults(run=_show)
    for each in (check, show):
        each.add_argument("name", help="a kept student, a kind, a training's folder or a TOML file")
    for each in (check, listed, show):
        each.add_argument("--json", action="store_true", help="print it as JSON")
    return parser


def _check(args: argparse.Namespace) -> int:
    if args.period is not None:
        check_period("--period", args.period)
    place = locate(args.name)
    if place.suffix == ".toml":
        own(place)  # what is wrong in the file is said before torch is imported
    from hwtools.progress import watched
    from models.deploy.verdict import lines, verdict

    with watched(silent=2.0) as watch:
        found = verdict(args.name, args.period, watch)
    _print(found, args.json, found["name"], lines(found))
    return 0 if found["fits"] else 1


def _show(args: argparse.Namespace) -> int:
    from models.deploy.catalogue import one, text

    row = one(args.name)
    _print(row, args.json, row["name"], text({k: v for k, v in row.items() if k != "name"}))
    return 0


def _print(row: dict[str, Any], as_json: bool, title: str, lines: Any) -> None:
    if as_json:
        print(json.dumps(row))
        return
    lines = list(lines)
    wide = max(len(what) for what, _ in lines)
    print(title)
    for what, says in lines:
        print(f"  {what:{wide}}  {says}")


def _list(args: argparse.Namespace) -> int:
    from models.deploy.catalogue import every

    rows = every()
    if args.json:
        print(json.dumps(rows))
        return 0
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for key, head in _COLUMNS.items():
        side: Literal["left", "right"] = "left" if key in _TEXTS else "right"
        table.add_column(head, justify=side, no_wrap=True)
    for row in rows:
        cells = [row.get(key) for key in _COLUMNS]
        table.add_row(*("" if each is None else _number(each) for each in cells))
    console = Console()
    console.width = max(console.width, _WIDTH)  # a line is never cut
    console.print(table)
    print("MCC: of the validation part. Cells of an ECP5, synthesised; cycles in the network.")
    return 0


def _number(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    return f"{value:,}" if isinstance(value, int) else f"{value}"


if __name__ == "__main__":
    sys.exit(main())
