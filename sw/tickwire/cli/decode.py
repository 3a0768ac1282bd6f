"""A capture, each message a line: ITCH 5.0 as the Verilated RTL found it, IEX DEEP by the host.

    tickwire decode FILE [--symbols A,B] [--feed ADDRESS:PORT/SESSION] [--port N]
                         [--trust-from-here] [--window TIME]
                         [--out FILE.jsonl|FILE.parquet] [--json]

FILE is a pcap or pcapng file, or one of ITCH 5.0 messages after their lengths; compressed or not.
Of ITCH, the bytes of a message are those that mold_merge cut out of the stream, and every message
must be the one that the host's replay of the same frames delivers. Fields go by the names of the
specification, prices are in 1/10,000 dollar, texts are as sent but for the spaces that fill them
up. frame is the frame's number in the capture, frame_cycle and message_cycle are the clock cycles
of the frame's first byte and the message's last. With --symbols, a message that came to an
operation on one of these books carries it; an instrument is known from its directory message, from
adds, or by its locate: --symbols A,B=13.

Books of a session that is joined after its first message aren't trusted, and the summary says where
that was; --trust-from-here takes it that nothing rests from before.

--window 12500 (cycles), or 100us, lets what is ahead of a missing packet wait for it, where one
line is late and the other lacks something: it writes reorder.window. Frames go over the wire one
behind the other as the capture has them, not when it had them, and that is what cycles are of.

The hardware follows one session: several are decoded one after the other, and a line says its own.
Feeds of one session that send other messages under the same numbers are refused until one is
chosen.

Messages of frames that turn out wrong, which the hardware undoes, are left out.

A summary goes to stderr: messages, gaps in packets and messages, duplicates, what was refused by
cause. With --json it is one line of JSON, on stdout if --out takes the messages. The exit status is
0 where all that was sent is there, 1 where something was lost or nothing decoded, 2 for bad input.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from hwtools.command import TRUST, Parser
from hwtools.rename import by_rename, distinct
from hwtools.toolchain import ToolError
from tickwire.cli import levels
from tickwire.cli.decoded import Decoded, rows, write_lines, write_parquet
from tickwire.cli.through_rtl import decode
from tickwire.cli.verdict import Verdict, judge
from tickwire.data.booked import quiet
from tickwire.data.events import DataError
from tickwire.data.instruments import Directory, chosen, shown
from tickwire.data.itch_files import read_messages
from tickwire.exchange.flow import packets
from tickwire.wire import deep, feeds, files
from tickwire.wire.capture import read
from tickwire.wire.chunks import Chunks, WireError
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.feeds import Choice, Feeds
from tickwire.wire.window import HELP, Window, WindowError

Array = npt.NDArray[Any]
_PIECE = 1 << 24  # bytes of a file of messages at a time


class DecodeError(ValueError):
    """What can't be decoded. The message is one line."""


@dataclass(frozen=True)
class _Job:
    """What is to be decoded."""

    frames: Chunks
    times: Array
    feeds: Feeds
    symbols: tuple[str, ...]
    directory: Directory
    window: Window


def _job(args: argparse.Namespace) -> _Job:
    words = [word.strip() for word in args.symbols.split(",") if word.strip()]
    names, _ = chosen(words)
    window = Window.parse(args.window)
    choices = [Choice.parse(one) for one in args.feed]
    choices += [] if args.port is None else [Choice(port=args.port)]
    sent, times = _frames(args.file, window)
    if not len(sent):
        raise DecodeError(f"{args.file}: it holds no frame")
    try:
        found = feeds.find(sent, choices)
        feeds.check(found, sessions=True)
    except WireError as error:
        raise DecodeError(f"{args.file}: {error}") from None
    if window and found.codec is deep.CODEC:
        raise DecodeError(f"{args.file}: the host decodes IEX DEEP, by number; leave out --window")
    asked = [] if found.codec is deep.CODEC else words
    directory = _directory(args.file, found, asked)
    return _Job(sent, times, found, tuple(words if not asked else names), directory, window)


def _frames(path: Path, window: Window) -> tuple[Chunks, Array]:
    """Of a capture; or made of a file of messages, in packets as an exchange would send them."""
    kind, _ = files.kind(path)
    if kind not in (files.MESSAGES, files.SOUP):
        capture = read(path)
        return capture.frames, capture.times
    if window:
        raise DecodeError(f"{path}: only a capture has lines out of step; leave out --window")
    parts: list[bytes] = []
    number = 1
    for piece in read_messages(path, quiet, _PIECE):
        parts += frames(packets(piece, first=number), Flow())
        number += len(piece)
    return Chunks.of(parts), np.zeros(len(parts), np.int64)


def _directory(path: Path, found: Feeds, words: Sequence[str]) -> Directory:
    """What the messages say of these symbols."""
    directory = Directory(str(path), words, follows=True)
    if words:
        directory.learn(found.codec.decode(found.packets.stream, skip_faulty=True))
        if directory.missing:
            raise DecodeError(f"{path}: {directory.lacks(directory.missing)}")
    return directory


def _decoded(job: _Job, args: argparse.Namespace, console: Console) -> Decoded:
    """Through the RTL; of several feeds only the frames of those that were chosen."""
    which = None
    if args.feed:
        which = np.unique(job.feeds.frame[job.feeds.source >= 0])
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("frames through the RTL", total=len(job.frames))
        return decode(
            job.frames,
            job.times,
            symbols=job.symbols,
            locates=job.directory.unlearned,
            named=job.directory.known.values() if job.symbols else (),
            port=args.port,
            which=which,
            trust_from_here=args.trust_from_here,
            window=job.window,
            progress=lambda _, done: bar.update(task, completed=done),
        )


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = Parser(prog="tickwire decode", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--symbols", default="", help="whose books are shown: A,B or A=locate")
    parser.add_argument("--port", type=int, help="only datagrams to this UDP port")
    parser.add_argument(
        "--feed",
        action="append",
        default=[],
        help="ADDRESS:PORT/SESSION, parts may be left out; may be repeated",
    )
    parser.add_argument("--trust-from-here", action="store_true", help=TRUST)
    parser.add_argument("--window", default="0", metavar="TIME", help=HELP)
    parser.add_argument("--out", type=Path, help="FILE.jsonl or FILE.parquet; else stdout")
    parser.add_argument("--json", action="store_true", help="the summary as a line of JSON")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    args = _arguments(arguments)
    console = Console(stderr=True)
    try:
        if not args.file.name:
            raise DecodeError("give a capture file: make decode PCAP=file")
        if args.out and args.out.suffix not in (".jsonl", ".parquet"):
            raise DecodeError(f"{args.out}: write to a name that ends in .jsonl or .parquet")
        if args.port is not None and not 0 <= args.port < 1 << 16:
            raise DecodeError(f"port {args.port} isn't within 0 to 65,535")
        if args.out:
            distinct(args.out, args.file)
        verdict, silent = _run(_job(args), args, console)
    except (DecodeError, DataError, WireError, WindowError, ToolError) as error:
        print(f"decode: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"decode: {error.filename or args.out}: {error.strerror}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("decode: interrupted", file=sys.stderr)
        return 130
    if args.json:
        print(json.dumps(verdict.as_json()), file=sys.stdout if args.out else sys.stderr)
    else:
        for line in (*verdict.lines(), *silent):
            print(line, file=sys.stderr)
    return int(bool(verdict.lost))


def _run(job: _Job, args: argparse.Namespace, console: Console) -> tuple[Verdict, list[str]]:
    """Decode and write; what came of it, and what else is to be said."""
    if job.feeds.codec is deep.CODEC:
        trust = args.trust_from_here
        found = levels.rows(
            str(args.file), job.feeds, job.times, job.symbols, trust_from_here=trust
        )
        return judge(job.frames, job.feeds, _write(found, args.out), trusted=trust), []
    decoded = _decoded(job, args, console)
    count = _write(rows(decoded), args.out)
    silent = [name for name in job.symbols if name not in decoded.learned]
    verdict = judge(job.frames, job.feeds, count, decoded, trusted=args.trust_from_here)
    if not silent:
        return verdict, []
    names = ", ".join(shown(name) for name in silent)
    return verdict, [f"no book of {names}: {job.directory.lacks(silent)}"]


def _write(every: Iterator[dict[str, Any]], out: Path | None) -> int:
    if out is None:
        count = 0
        try:
            for row in every:
                count += 1
                write_lines([row], sys.stdout)
            sys.stdout.flush()
        except BrokenPipeError:  # the reader has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            count += sum(1 for _ in every)
        return count
    with by_rename(out) as part:
        if out.suffix == ".parquet":
            return write_parquet(every, part)
        with part.open("w") as file:
            return write_lines(every, file)


if __name__ == "__main__":
    sys.exit(main())
