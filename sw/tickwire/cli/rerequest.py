"""MoldUDP64's re-requests: fills a capture's gaps, or answers those who ask.

    tickwire rerequest fill CAPTURE OUT --server ADDRESS:PORT    asks for what CAPTURE lacks
    tickwire rerequest serve FILE [--address A] [--port N]       answers from FILE until Ctrl-C

`fill` writes OUT: the capture, with what came in frames ahead of the packets that showed the gaps,
so that `tickwire data pcap`, `tickwire decode` and `tickwire sim` read it as one that lost nothing.
With --from-start it asks for what came before the first message too. A request that isn't answered
is sent again, ever later, and given up after --tries. Exit status: 0 where nothing lacks any more,
1 where something does, 2 for bad input.

`serve` is for trying that out. FILE is a capture of MoldUDP64, or a file of ITCH 5.0 messages,
which are of the session --session, numbered from 1 on.
"""

from __future__ import annotations

import json
import sys
import threading
from argparse import ArgumentTypeError, Namespace
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from hwtools.command import Parser, ended, whole
from hwtools.rename import distinct

if TYPE_CHECKING:
    from tickwire.recover.filled import Filled
    from tickwire.recover.recovery import Recovery

_MILLISECOND = 1_000_000  # ns
_LISTED = 8  # spans in a line


def _parser() -> Parser:
    made = Parser(prog="tickwire rerequest", description=__doc__)
    does = made.add_subparsers(dest="does", metavar="fill|serve", required=True)
    fill = does.add_parser("fill", help="ask for what a capture lacks", description=__doc__)
    fill.add_argument("capture", type=Path, metavar="CAPTURE", help="pcap or pcapng")
    fill.add_argument("out", type=Path, metavar="OUT", help="pcap file to write")
    fill.add_argument("--server", required=True, metavar="ADDRESS:PORT", help="whom to ask")
    fill.add_argument("--from-start", action="store_true", help="ask for the messages from 1 on")
    fill.add_argument("--tries", type=whole(1, 1000), default=8, help="of a request")
    fill.add_argument(
        "--wait", type=whole(1, 60_000), default=50, metavar="MS", help="for an answer, at first"
    )
    fill.add_argument("--json", action="store_true", help="what came of it as a line of JSON")
    serve = does.add_parser("serve", help="answer requests", description=__doc__)
    serve.add_argument("file", type=Path, metavar="FILE", help="a capture, or ITCH messages")
    serve.add_argument("--address", default="127.0.0.1", help="to listen at")
    serve.add_argument("--port", type=whole(0, 65_535), default=0, help="0: any that is free")
    serve.add_argument("--session", default="TICKWIRE", type=_session, help="of ITCH messages")
    for each in (fill, serve):
        says = "of a capture, one to take; parts may be left out; repeatable"
        each.add_argument(
            "--feed", action="append", default=[], metavar="ADDRESS:PORT/SESSION", help=says
        )
    return made


def _session(text: str) -> str:
    if not text.isascii() or not 1 <= len(text) <= 10:
        raise ArgumentTypeError(f"{text!r}: 1 to 10 characters of ASCII")
    return text


def main(arguments: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(arguments)
    work = _fill if args.does == "fill" else _serve
    return ended("rerequest", lambda: work(args), ValueError)


def _open(file: Path) -> None:
    """What can't be is said before anything heavy is imported."""
    with file.open("rb"):
        pass


def _fill(args: Namespace) -> int:
    from tickwire.recover.client import Client, place

    server = place(args.server)
    _open(args.capture)
    distinct(args.out, args.capture)
    from tickwire.recover.filled import fill, found
    from tickwire.recover.requests import Settings
    from tickwire.wire import pcap
    from tickwire.wire.capture import read
    from tickwire.wire.feeds import Choice

    choices = [Choice.parse(one) for one in args.feed]
    wait = args.wait * _MILLISECOND
    settings = Settings(tries=args.tries, wait=wait, most_wait=max(wait, 2_000 * _MILLISECOND))
    capture = read(args.capture)
    every = found(args.capture, capture, choices)

    def run(recovery: Recovery) -> None:
        with Client(server, recovery) as client:
            client.run()

    made, done = fill(capture, every, run, from_start=args.from_start, settings=settings)
    pcap.write(args.out, made.frames, made.times)
    if args.json:
        print(json.dumps({"file": str(args.out), "sessions": [asdict(one) for one in done]}))
    else:
        for one in done:
            print(_says(one))
    return int(any(one.lacks for one in done))


def _says(one: Filled) -> str:
    name = one.session or "(no name)"
    if not one.lacked:
        return f"{name}: nothing lacked"
    came = one.lacked - one.lacking
    line = f"{name}: {one.lacked:,} messages lacked in {one.gaps:,} gaps; {came:,} came"
    refused = {fate: count for fate, count in one.answers.items() if fate != "taken"}
    line += f", in {one.requests:,} requests"
    if refused:
        listed = ", ".join(f"{count:,} {fate.replace('_', ' ')}" for fate, count in refused.items())
        line += f"; answers that weren't taken: {listed}"
    if one.lacks:
        spans = ", ".join(f"{first:,} to {end - 1:,}" for first, end in one.lacks[:_LISTED])
        more = len(one.lacks) - _LISTED
        line += f"; LACKING STILL: {one.lacking:,}: {spans}"
        line += f" and {more:,} more gaps" if more > 0 else ""
    return line


def _serve(args: Namespace) -> int:
    _open(args.file)
    from tickwire.recover.filled import messages
    from tickwire.recover.server import Server, bind
    from tickwire.wire.feeds import Choice

    choices = [Choice.parse(one) for one in args.feed]
    server = Server(messages(args.file, args.session, choices))
    try:
        listening = bind(args.address, args.port)
    except OSError as error:
        raise ValueError(f"{args.address}:{args.port}: {error.strerror or error}") from None
    with listening:
        where = listening.getsockname()
        for name, mine in server.sessions.items():
            shown = name.decode("latin-1").rstrip(" ")
            span = f"{min(mine):,} to {max(mine):,}"
            print(f"{shown}: {len(mine):,} messages, {span}, at {where[0]}:{where[1]}", flush=True)
        try:
            server.serve(listening, threading.Event())
        finally:
            listed = ", ".join(f"{count:,} {what}" for what, count in server.counts.items())
            print(f"rerequest: {listed or 'nobody asked'}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
