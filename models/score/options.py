"""The options of `make evaluate` and `make cards`, checked before anything heavy is imported."""

from __future__ import annotations

import argparse
from pathlib import Path

from hwtools.command import Parser, whole
from hwtools.toolchain import BUILD
from models.nets.kinds import HORIZONS
from models.train.kept import FILE, OWN, StudentError, kept

DATA = BUILD / "data"
LEAST_TRIALS = 30  # of LightGBM, for a comparison that may be published
_EVALUATE = """\
Scores students and baselines on days of events, without looking ahead.

Every choice is made on the training and validation parts. A student trained on another day is a
transfer. --test scores each candidate's test part, once ever: models/ledger.jsonl keeps it. Money
is net of spread and fees, in basis points (bp) of the capital. Figures: build/reports/models.json.
"""
_CARDS = "Writes a card, with text and pictures, beside each student's weights."


def _shared(prog: str, about: str) -> Parser:
    parser = Parser(prog=prog, description=about)
    add = parser.add_argument
    add("--model", type=Path, action="append", metavar="FOLDER",
        help="of a training; repeatable; default: all kept ones")  # fmt: skip
    add("--trials", type=whole(1), default=LEAST_TRIALS, help="of LightGBM, a horizon")
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    return parser


def of_evaluate() -> Parser:
    parser = _shared("tickwire evaluate", _EVALUATE)
    parser.set_defaults(own=True)
    parser.add_argument("--data", type=Path, action="append", metavar="FILE",
                        help="of make data; repeatable; default: a generated day")  # fmt: skip
    parser.add_argument("--horizon", type=int, action="append", choices=HORIZONS,
                        help="samples ahead; repeatable; default: all")  # fmt: skip
    parser.add_argument("--seed", type=whole(0), default=1, help="of the search")
    parser.add_argument("--test", action="store_true", help="score the test part, once a candidate")
    parser.add_argument("--dirty", action="store_true", help="score from uncommitted sources")
    return parser


def of_cards() -> Parser:
    parser = _shared("make cards", _CARDS)
    parser.set_defaults(own=False)
    parser.add_argument("--data", type=Path, action="append", metavar="FILE",
                        help="events, as make data writes them; default: build/data")  # fmt: skip
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="default: beside the weights")
    return parser


def check(args: argparse.Namespace) -> None:
    for path in args.data or ():
        if not path.is_file():
            raise StudentError(f"{path}: no such file")
    names = [folder.name for folder in args.model or ()]
    for folder, name in zip(args.model or (), names, strict=True):
        if name in ("", "lightgbm", "persistence") or names.count(name) > 1:
            raise StudentError(f"--model {folder}: each needs a name of its own, not a baseline's")
    files = (FILE, OWN) if args.own else (FILE,)
    for folder in args.model or ():
        if not folder.is_file() and not any((folder / name).is_file() for name in files):
            known, lacks = ", ".join(each.name for each in kept()), " or ".join(files)
            raise StudentError(f"{folder}: it has no {lacks}; kept in models/trained: {known}")
