"""The options of `tickwire sim`; `make sim` passes its variables on as these."""

from __future__ import annotations

import argparse
import math
import os
import secrets
from pathlib import Path

from hwtools.command import TRUST, Parser, whole
from sim.run_path.plan import GENERATED, LIMITS, WIDTHS, Plan
from tickwire.wire.window import HELP, Window, WindowError

_MAKE = """\
make sim passes DATA= EVENTS= MODEL= W= SEED= on as --data --events --model --width --seed, WAVES=1
as --waves, AT= as --at, TRUST=here as --trust-from-here, WINDOW= as --window, LIMITS= as --limits,
and ARGS="…" as it stands. A network of your own: docs/ml.md.
"""
_DAYS = f"{', '.join(GENERATED)} (generated), a LOBSTER zip, an ITCH file or a capture"
_MOST = 1e6  # of a score
_NETWORKS = "a kept student, a kind, a training's folder or a TOML file of your own"


def _events(text: str) -> int | None:
    if text == "all":
        return None
    try:
        return whole(1)(text)
    except argparse.ArgumentTypeError as error:
        raise argparse.ArgumentTypeError(f"{error}, or all") from None


def _seed(text: str) -> int:
    return secrets.randbelow(2**31) if text == "random" else whole(0)(text)


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= _MOST:
        raise argparse.ArgumentTypeError(f"{text!r}: a number, 0 to {_MOST:,.0f}")
    return value


def _window(text: str) -> Window:
    try:
        return Window.parse(text)
    except WindowError as error:
        raise argparse.ArgumentTypeError(f"{error}".removeprefix("--window ")) from None


def parser(about: str) -> Parser:
    made = Parser(prog="tickwire sim", description=about, epilog=_MAKE)
    add = made.add_argument
    for name, kind, default, unit, says in (
        ("data", str, Plan.data, "DAY", _DAYS),
        ("events", _events, Plan.events, "N", "messages (of a capture: frames), or all"),
        ("model", str, Plan.model, "NAME", _NETWORKS),
        ("seed", _seed, os.environ.get("SEED") or "1", "N", "of a generated day, or random"),
        ("space", whole(0, 1 << 20), Plan.space, "CYCLES", "idle between frames, beyond the wire"),
        ("threshold", _number, Plan.threshold, "SCORE", "strength to buy from; its negative sells"),
        ("hysteresis", _number, Plan.hysteresis, "SCORE", "to come back by before the same again"),
        ("interval", whole(0, 10**12), Plan.interval, "NS", "between an instrument's decisions"),
        ("shares", whole(0, 2**32 - 1), Plan.shares, "N", "of an order; 0 makes none"),
    ):
        add(f"--{name}", type=kind, default=default, metavar=unit, help=says)
    add("--width", type=int, choices=WIDTHS, default=Plan.width, help="bits of a beat")
    add("--symbol", action="append", default=[], metavar="NAME[=LOCATE]",
        help="one of a file's instruments to follow; repeatable, at most 8")  # fmt: skip
    add("--feed", action="append", default=[], metavar="ADDRESS:PORT/SESSION",
        help="of a capture, one to follow; parts may be left out; repeatable")  # fmt: skip
    add("--trust-from-here", action="store_true", help=TRUST)
    add("--window", type=_window, default=Plan.window, metavar="TIME", help=HELP)
    add("--limits", metavar="FILE", help="what may be traded, or none; of a generated day "
        "sim/limits.toml, else without a file nothing is")  # fmt: skip
    add("--waves", action="store_true", help="an FST of the cycles around a message")
    add("--at", type=whole(0), metavar="MESSAGE",
        help="sequence number of the message that --waves is around; default: 1")  # fmt: skip
    add("--ungated", action="store_true", help="let all clocks run, always")
    add("--json", action="store_true", help="print the report as JSON, and nothing else")
    return made


def plan(args: argparse.Namespace) -> Plan:
    if args.at is not None and not args.waves:
        raise ValueError("--at (AT=) needs --waves (WAVES=1)")
    at = (1 if args.at is None else args.at) if args.waves else None
    return Plan(
        args.data, args.events, args.model, args.width, args.seed, args.space, args.threshold,
        args.hysteresis, args.interval, not args.ungated, tuple(args.symbol), tuple(args.feed),
        args.trust_from_here, args.window, _limits(args), args.shares, at, at is None,
    )  # fmt: skip


def _limits(args: argparse.Namespace) -> Path | None:
    if args.limits is None:
        return LIMITS if args.data in GENERATED else None
    return None if args.limits == "none" else Path(args.limits)
