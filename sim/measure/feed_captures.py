"""`make measure NAME=feed`, its part on captures: what files of venues hold and don't say, each as
a row. Who judges is a day with a directory, each source alone, or MeatPy and a naive book."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import re
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.report import Report
from tickwire.cli import decode
from tickwire.data import captures, itch_files
from tickwire.data.events import DataError, Events, join
from tickwire.exchange import deep_day
from tickwire.exchange.flow import Day, DayConfig, packets
from tickwire.gen.records import Operation, Side
from tickwire.wire import itch, pcap
from tickwire.wire.chunks import Chunks
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.feeds import Choice

ZERO: dict[str, Any] = {"how": "measured on host", "bound": 0, "op": "<="}
SYMBOLS = ("AAAA", "BBBB")
EVENTS = 20_000
ONE, TWO = Flow(), Flow(destination_address="239.1.1.1", destination_port=3333)
Messages = itch.Messages


def measure(report: Report, seed: int) -> None:
    with TemporaryDirectory() as folder:
        for part in (_without_directory, _mixed, _packed, _others, _deep):
            part(report, Path(folder), seed)


def _day(seed: int) -> Messages:
    return Day(DayConfig(seed=seed, events=EVENTS, symbols=SYMBOLS)).messages()


def _sent(messages: Messages, flow: Flow = ONE, session: bytes = b"DAY") -> list[bytes]:
    return [frame[:-4] for frame in frames(packets(messages, session=session), flow)]


def _write(path: Path, every: Sequence[bytes]) -> Path:
    pcap.write(path, Chunks.of(every))
    return path


def _differing(ours: Events, theirs: Events) -> int:
    if len(ours) != len(theirs):
        return max(len(ours), len(theirs))
    return int((ours.tops != theirs.tops).sum())


def _refused(read: Callable[[], object]) -> str:
    """What it is refused with, in one line; nothing if it is taken."""
    try:
        read()
    except DataError as error:
        return str(error) if "\n" not in str(error) else ""
    return ""


def _decoded(path: Path, *more: str) -> tuple[int, dict[str, Any]]:
    """`tickwire decode`'s exit status and its summary; none, where it is refused."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
        code = decode.main([str(path), "--out", str(path.with_name("out.jsonl")), "--json", *more])
    return code, json.loads(said.getvalue() or "{}")


# -- Names -----------------------------------------------------------------------------------------


def _without_directory(report: Report, folder: Path, seed: int) -> None:
    """Its adds name the stocks: the books are those of the whole day."""
    messages = _day(seed)
    arrays = {kind: array for kind, array in messages.arrays.items() if kind != "R"}
    named = Messages.of(messages.types[messages.types != ord("R")], arrays)
    whole = _write(folder / "whole", _sent(messages))
    late = _write(folder / "late", _sent(named))
    for case, asked in (("by name", SYMBOLS), ("NAME=locate", ("ANY=2", "AAAA"))):
        observed = join(captures.read(late, asked)[1])
        names = ["BBBB" if one.startswith("ANY") else one for one in asked]
        expected = join(captures.read(whole, names)[1])
        ours, theirs = _books(observed), _books(expected)
        wrong = int((ours != theirs).sum()) if len(ours) == len(theirs) else len(theirs)
        report.row(f"no directory, {case}", "book_rows_that_differ", wrong, "rows",
                   n=len(theirs), **ZERO)  # fmt: skip


def _books(events: Events) -> npt.NDArray[Any]:
    """Levels' rows, without what counts messages."""
    halts = Operation.NONE, Operation.HALT, Operation.RESUME
    rows = events.tops[~np.isin(events.tops["operation"], halts)].copy()
    for name in ("sequence_number", "last_of_packet"):
        rows[name] = 0
    return rows


# -- Streams ---------------------------------------------------------------------------------------


def _mixed(report: Report, folder: Path, seed: int) -> None:
    """Other messages under the same numbers: named, never merged, and each of them by choice."""
    one, two = _day(seed), _day(seed + 1)
    both = len(one) + len(two)
    groups = _write(folder / "groups", _sent(one) + _sent(two, TWO))
    says = _refused(lambda: captures.read(groups))
    unsaid = both - sum(_counts(says))
    report.row("two groups", "messages_unsaid", unsaid, "messages", n=both, **ZERO)
    for flow, alone in ((ONE, one), (TWO, two)):
        chosen = [Choice.parse(flow.destination_address)]
        observed = join(captures.read(groups, choices=chosen)[1])
        path = _write(folder / "alone", _sent(alone, flow))
        expected = join(captures.read(path)[1])
        report.row(f"two groups, {flow.destination_address}", "rows_that_differ",
                   _differing(observed, expected), "rows", n=len(expected), **ZERO)  # fmt: skip
    sessions = _write(folder / "sessions", _sent(one) + _sent(two, session=b"OTHER"))
    merged = int(not _refused(lambda: captures.read(sessions)))
    report.row("two sessions", "merged", merged, "captures", n=1, **ZERO)
    code, summary = _decoded(sessions)
    report.row("two sessions", "messages_not_decoded", both - summary["messages"], "messages",
               n=both, **ZERO)  # fmt: skip
    report.row("two sessions", "exit_status", code, "", n=1, **ZERO)


def _counts(refusal: str) -> list[int]:
    """Of each `ADDRESS:PORT/SESSION (N messages, 1 to N)` the N."""
    return [int(one.replace(",", "")) for one in re.findall(r"\(([\d,]+) messages", refusal)]


# -- Files -----------------------------------------------------------------------------------------


def soup(raw: bytes) -> bytes:
    places = itch.scan(raw)
    return b"".join(
        struct.pack(">H", length + 1) + b"S" + raw[at : at + length]
        for at, length in zip(places.offsets.tolist(), places.lengths.tolist(), strict=True)
    )


def _packed(report: Report, folder: Path, seed: int) -> None:
    messages = _day(seed)
    raw, path = itch.encode(messages), folder / "file"
    path.write_bytes(raw)
    expected = join(itch_files.read(path)[1])
    for case, packed in (("ITCH 5.0, .gz", gzip.compress(raw)), ("SoupBinTCP", soup(raw))):
        path.write_bytes(packed)
        wrong = _differing(join(itch_files.read(path)[1]), expected)
        report.row(case, "rows_that_differ", wrong, "rows", n=len(expected), **ZERO)


def _others(report: Report, folder: Path, seed: int) -> None:
    """What isn't read says so in one line; a capture with a loss, or of nothing, isn't exit 0."""
    path = folder / "old"
    path.write_bytes(_old_itch())
    named = "ITCH 4.1" in _refused(lambda: itch_files.read(path))
    report.row("ITCH 4.1", "taken_or_unnamed", int(not named), "files", n=1, **ZERO)
    every = _sent(_day(seed))
    for case, sent in (("a packet that lacks", every[:5] + every[6:]), ("nothing", every[:0])):
        code, _ = _decoded(_write(folder / "lossy", sent))
        report.row(f"decode of {case}", "exit_status_of_success", int(code == 0), "", n=1, **ZERO)


def _old_itch() -> bytes:
    """Messages as ITCH 4.1 has them, written by MeatPy."""
    from meatpy.itch41 import itch41_market_message as theirs

    every = []
    for number in range(1, 60):
        second, gone = theirs.SecondsMessage(), theirs.OrderDeleteMessage()
        second.seconds = gone.timestamp = gone.order_ref = number
        every += [second.to_bytes(), gone.to_bytes()]
    return b"".join(struct.pack(">H", len(one)) + one for one in every)


# -- The second venue ------------------------------------------------------------------------------


def _deep(report: Report, folder: Path, seed: int) -> None:
    """A day as IEX DEEP: MeatPy decodes it, a dictionary of levels is the naive book."""
    from meatpy.iex_deep.iex_deep_message_reader import IEXDEEPMessageReader

    sent = deep_day.packets(deep_day.translate(_day(seed))[0])
    path = _write(folder / "deep", [frame[:-4] for frame in frames(sent, ONE)])
    observed = join(captures.read(path)[1])
    naive: dict[tuple[bytes, str], dict[int, int]] = {}
    row = wrong = compared = 0
    for message in IEXDEEPMessageReader().read_file(path):
        code = message.message_type.decode()
        row += code in "HO"
        if code not in "85":
            continue
        naive.setdefault((message.symbol, code), {})[message.price] = message.size
        if not message.size:
            del naive[message.symbol, code][message.price]
        wrong += int(observed.tops["stale"][row])
        for side, number in (("8", Side.BUY), ("5", Side.SELL)):
            best = sorted(naive.get((message.symbol, side), {}).items(), reverse=side == "8")[:10]
            shown = [(int(one["price"]), int(one["shares"]))
                     for one in observed.levels[row, number] if one["orders"]]  # fmt: skip
            wrong += shown != best
            compared += 1
        row += 1
    report.row("IEX DEEP, a day", "sides_that_differ", wrong, "sides", n=compared, **ZERO)
    report.row("IEX DEEP, a day", "rows_unjudged", len(observed) - row, "rows",
               n=len(observed), **ZERO)  # fmt: skip
