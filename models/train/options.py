"""The options of `make train`, checked before anything heavy is imported."""

from __future__ import annotations

import argparse
import math
import os
from collections.abc import Callable
from pathlib import Path

from hwtools.command import Parser, whole
from models.nets.kinds import HORIZONS, KINDS
from models.nets.own import NetworkError, nearest, own

_SAYS = "Trains a student, or a network of one's own, on a day of events."
SHARE = 0.7
OPTIONS = ("epochs", "weights", "rate", "decay", "dropout", "temperature", "average")


def _from(least: float, most: float, above: bool = False) -> Callable[[str], float]:
    """A number of this range; with `above`, not its least."""

    def number(text: str) -> float:
        span = f"above {least:g}" if above else f"{least:g}"
        span += f" to {most:g}" if most < math.inf else "" if above else " or more"
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not least <= value <= most or value == math.inf or (above and value == least):
            raise argparse.ArgumentTypeError(f"{text!r}: a number, {span}")
        return value

    return number


def parser() -> Parser:
    wanted = Parser(prog="tickwire train", description=_SAYS)
    rate = _from(0.0, math.inf, above=True)
    kinds = ", ".join(KINDS)
    wanted.add_argument("data", type=Path, help="events, as make data writes them")
    wanted.add_argument(
        "--model", default="lstm_attn", metavar="NAME", help=f"{kinds}, or a TOML file of your own"
    )
    wanted.add_argument("--horizon", type=int, choices=HORIZONS, default=50, help="samples ahead")
    wanted.add_argument("--epochs", type=whole(1), help="default: 24")
    wanted.add_argument("--rate", type=rate, help="of learning; default: 0.004")
    wanted.add_argument("--decay", type=_from(0.0, math.inf), help="of weights; default: 0")
    wanted.add_argument("--dropout", type=_from(0.0, 1.0), help="of features; default: 0")
    wanted.add_argument("--float", action="store_true", help="without quantisation, to compare")
    wanted.add_argument(
        "--weights", type=whole(1), help="that remain; default: 850, of your own all"
    )
    wanted.add_argument("--soft", type=Path, action="append", help="a teacher's soft labels")
    wanted.add_argument("--share", type=_from(0.0, 1.0), default=SHARE,
                        help=f"of the soft labels in the loss; default: {SHARE}")  # fmt: skip
    wanted.add_argument("--temperature", type=rate, help="of the softmax that compares them")
    wanted.add_argument("--average", type=_from(0.0, 0.999999), help="share of the weights' mean "
                        "that stays; default: 0.99")  # fmt: skip
    wanted.add_argument("--plain", action="store_true", help="without the day's mirror image")
    wanted.add_argument("--seed", type=whole(0), default=1, help="of weights and of their order")
    wanted.add_argument("--out", type=Path, help="folder of the training; default: build/training")
    wanted.add_argument("--keep", type=Path, help="folder for the weights; default: the same")
    wanted.add_argument("--json", action="store_true", help="print figures as JSON")
    return wanted


def check(args: argparse.Namespace) -> None:
    """What is wrong is said before anything heavy is imported."""
    described = own(Path(args.model)) if args.model.endswith(".toml") else None
    if not described and args.model not in KINDS:
        close = nearest(args.model, KINDS)
        raise NetworkError(f"--model {args.model}: {', '.join(KINDS)} or a TOML file{close}")
    for option, folder in (("--out", args.out), ("--keep", args.keep)):
        if folder is not None:
            _check_folder(option, folder)
    for path in (args.data, *(args.soft or ())):
        if not path.is_file():
            made = "; make data makes it" if path.parent == Path("build/data") else ""
            raise NetworkError(f"{path}: no such file{made}")
    if described:
        from models.nets.examine import check_scale, examine
        from models.nets.module import make

        net = make(described)
        examine(described, net)
        check_scale(described, net)
        if not args.float:
            from models.nets.graph import trial

            trial(described, net, pruned=args.weights is not None)


def _check_folder(option: str, folder: Path) -> None:
    """It is made when there is something to write, which is late to learn that it can't be."""
    there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    if not there.is_dir():
        raise NetworkError(f"{option} {folder}: {there} is a file, and no folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise NetworkError(f"{option} {folder}: nobody may write in {there}")


def name_of(args: argparse.Namespace) -> str:
    """Of the training's folder: the data, the network, and each option that was given."""
    parts = [args.data.stem, Path(args.model).stem, str(args.horizon), str(args.seed)]
    parts += ["float"] * args.float + ["plain"] * args.plain
    given = ((name, getattr(args, name)) for name in OPTIONS)
    parts += [f"{name}{value:g}" for name, value in given if value is not None]
    if args.soft:
        parts += [f"soft{args.share:g}", *(path.stem for path in args.soft)]
    return "_".join(parts)
