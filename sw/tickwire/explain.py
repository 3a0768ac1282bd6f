"""`tickwire explain N`: what became of one message of the last `make sim`, stage by stage.

Bytes, fields, the book before and after, features, scores, decision, and the cycles of each stage,
as the hardware had them; where the host expected otherwise, that too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
import typer
from rich.console import Console
from rich.table import Table

from models.feature_table import TABLE
from tickwire import feed_book
from tickwire.records import LEVELS, Action, Operation, Reason, Side
from tickwire.toolchain import BUILD
from tickwire.wire import itch
from tickwire.wire.chunks import WireError

Array = npt.NDArray[Any]
Told = dict[str, Any]

LAST = BUILD / "path" / "last"
_KINDS: dict[str, Any] = {
    "operation": Operation, "reason": Reason, "cause": Reason, "side": Side,
    "operation_side": Side, "decision": Action,
}  # fmt: skip
_STAMPS = ("sequence_number", "frame_cycle", "message_cycle")


class ExplainError(ValueError):
    """A message that can't be explained. The text is one line."""


@dataclass(frozen=True)
class Kept:
    """What `make sim` left."""

    about: Told
    shown: dict[str, Array]
    expected: dict[str, Array]


def kept(folder: Path = LAST) -> Kept:
    try:
        about = json.loads((folder / "run.json").read_text())
        with np.load(folder / "shown.npz") as one, np.load(folder / "expected.npz") as two:
            shown = {name: one[name] for name in one.files}
            return Kept(about, shown, {name: two[name] for name in two.files})
    except FileNotFoundError:
        raise ExplainError(f"{folder}: no run is kept there; make sim leaves one") from None
    except (OSError, ValueError, KeyError) as error:
        raise ExplainError(f"{folder}: not what make sim leaves ({error})") from None


def explain(run: Kept, message: int) -> Told:
    """All of it, as plain values."""
    messages = run.shown["messages"]
    rows = np.flatnonzero(messages["sequence_number"] == message)
    if not len(rows):
        span = "none"
        if len(messages):
            numbers = messages["sequence_number"]
            span = f"{int(numbers.min())} to {int(numbers.max())}"
        raise ExplainError(f"message {message} isn't in the last run; its messages are {span}")
    one = messages[rows[0]]
    last = int(one["message_cycle"])
    told: Told = {
        "run": {name: run.about[name] for name in ("day", "model", "width", "mismatches")},
        "message": {"sequence_number": message, **_fields(one)},
        "cycles": {"frame_began": int(one["frame_cycle"]) - last, "last_byte": 0},
        "period_ns": 1e9 / run.about["hertz"],
    }
    told |= _book(run, message, last, told["cycles"])
    told["signals"] = [
        _signal(run, row, last)
        for row in np.flatnonzero(run.shown["vectors"]["sequence_number"] == message).tolist()
    ]
    if not told["signals"]:
        told["packet_ends_with"] = _packet_end(run, message)
    return told


def _packet_end(run: Kept, message: int) -> int | None:
    """The message that ends its packet, and sends the signals."""
    operations = run.shown["operations"]
    ends = operations["sequence_number"][operations["last_of_packet"]]
    later = ends[ends >= message]
    return int(later.min()) if len(later) else None


def _fields(one: Any) -> Told:
    """Bytes, and what they say."""
    size = min(int(one["length"]), one["bytes"].shape[-1])
    data = one["bytes"][:size].tobytes()
    told: Told = {"bytes": data.hex(), "length": int(one["length"])}
    try:
        decoded = itch.decode(len(data).to_bytes(2, "big") + data)
        told["type"] = chr(decoded.types[0])
        told["fields"] = {
            name: value.decode("latin-1").rstrip() if isinstance(value, bytes) else value
            for name, value in decoded.row(0).items()
        }
    except WireError as error:
        told["fault"] = str(error)
    return told


def _plain(row: Any, leave: tuple[str, ...] = _STAMPS) -> Told:
    """A record's fields by name, enums by theirs."""
    told: Told = {}
    for name in row.dtype.names:
        if name in leave:
            continue
        value = row[name].tolist()
        told[name] = _KINDS[name](value).name.lower() if name in _KINDS else value
    return told


def _symbol(run: Kept, slot: int) -> str:
    symbols = run.about["symbols"]
    return str(symbols[slot]) if slot < len(symbols) else f"slot {slot}"


def _book(run: Kept, message: int, last: int, cycles: Told) -> Told:
    """The operation, the book before it and after; the host's where it is another."""
    found = np.flatnonzero(run.shown["operations"]["sequence_number"] == message)
    if not len(found):
        return {"operation": None}
    row = int(found[0])
    operation = run.shown["operations"][row]
    cycles["operation"] = int(run.shown["operations_cycle"][row]) - last
    told: Told = {"operation": _plain(operation)}
    if row >= len(run.shown["tops"]):
        return told
    slot = int(operation["slot"])
    told["symbol"] = _symbol(run, slot)
    cycles["book"] = int(run.shown["tops_cycle"][row]) - last
    upto = np.flatnonzero(run.shown["tops"]["slot"][: row + 1] == slot)
    tops = run.shown["tops"][upto]
    levels = feed_book.levels(tops, run.shown["depths"][upto])
    before = np.zeros_like(levels[0]) if len(upto) < 2 else levels[-2]
    told["book_before"], told["book_after"] = _sides(before), _sides(levels[-1])
    told["book_says"] = _plain(tops[-1])
    told["refused"] = Reason(int(run.shown["causes"][row])).name.lower()
    if row < len(run.expected["tops"]):
        host = run.expected["levels"][row]
        if (host != levels[-1]).any():
            told["book_expected"] = _sides(host)
    return told


def _sides(levels: Array) -> Told:
    """Levels of each side, the best first: price, shares, orders."""
    return {
        side.name.lower(): [
            [int(level["price"]), int(level["shares"]), int(level["orders"])]
            for level in levels[side]
            if level["price"]
        ]
        for side in Side
    }


def _signal(run: Kept, row: int, last: int) -> Told:
    """One vector and what came of it: rows of the three levels go together, in order."""
    vector = run.shown["vectors"][row]
    slot = int(vector["slot"])
    nth = int((run.shown["vectors"]["slot"][:row] == slot).sum())
    cycles = {"vector": int(run.shown["vectors_cycle"][row]) - last}
    told: Told = {
        "symbol": _symbol(run, slot),
        "features": {
            feature.name: int(value)
            for feature, value in zip(TABLE, vector["values"], strict=False)
        },
        "warm": bool(vector["warm"]),
        "changed": bool(vector["changed"]),
        "reason": Reason(int(vector["reason"])).name.lower(),
        "cycles": cycles,
    }
    unit = 1 << run.about["score_fraction"]
    if row < len(run.shown["network"]):
        network = run.shown["network"][row]
        cycles["scores"] = int(run.shown["network_cycle"][row]) - last
        told["scores"] = _scores(network, unit)
    if row < len(run.shown["signals"]):
        cycles["signal"] = int(run.shown["signals_cycle"][row]) - last
        told["signal"] = _plain(run.shown["signals"][row], (*_STAMPS, "scores"))
    expected = run.expected["signals"]
    mine = np.flatnonzero(expected["slot"] == slot)
    if nth < len(mine) and "signal" in told:
        host = _plain(expected[mine[nth]], (*_STAMPS, "scores"))
        other = {name: value for name, value in host.items() if told["signal"][name] != value}
        scores = _scores(run.expected["network"][mine[nth]], unit)
        if scores != told["scores"]:
            other["scores"] = scores
        if other:
            told["expected"] = other
    return told


def _scores(record: Any, unit: int) -> Told:
    values = [int(value) / unit for value in record["scores"]]
    return dict(zip(("down", "flat", "up"), values, strict=True))


# -- As text ---------------------------------------------------------------------------------------


def show(told: Told, console: Console) -> None:
    run, message, cycles = told["run"], told["message"], told["cycles"]
    where = f"{run['day']}, {run['model']}, W={run['width']}"
    console.print(f"message {message['sequence_number']} of {where}", highlight=False)
    console.print(f"  bytes    {message['bytes']}", highlight=False, soft_wrap=True)
    fields = ", ".join(f"{name} {value}" for name, value in message.get("fields", {}).items())
    console.print(f"  type {message.get('type', '?')}   {fields or message.get('fault', '')}",
                  highlight=False, soft_wrap=True)  # fmt: skip
    if told["operation"] is None:
        console.print("  it makes no operation: another instrument's, or no change of a book")
    else:
        operation = ", ".join(f"{name} {value}" for name, value in told["operation"].items())
        console.print(f"  operation of {told.get('symbol', '?')}: {operation}", soft_wrap=True,
                      highlight=False)  # fmt: skip
    if "book_after" in told:
        console.print(_ladder(told))
        if told["refused"] != "ok":
            console.print(f"  refused: {told['refused']}")
    for signal in told["signals"]:
        _show_signal(signal, console)
    if not told["signals"]:
        end = told["packet_ends_with"]
        own = end is None or end == message["sequence_number"]
        said = "its packet changed no book" if own else f"message {end} ends its packet"
        console.print(f"  no signal of its own: {said}")
    period = told["period_ns"]
    both = dict(cycles)
    for signal in told["signals"][:1]:
        both |= signal["cycles"]
    line = ", ".join(f"{name.replace('_', ' ')} {value:+d}" for name, value in both.items())
    console.print(f"  cycles after the last byte: {line} (simulated; {period:g} ns each)",
                  highlight=False, soft_wrap=True)  # fmt: skip


def _show_signal(signal: Told, console: Console) -> None:
    features = ", ".join(f"{name} {value}" for name, value in signal["features"].items())
    state = f"warm {signal['warm']}, changed {signal['changed']}, {signal['reason']}"
    console.print(f"  features of {signal['symbol']} ({state}): {features}", soft_wrap=True,
                  highlight=False)  # fmt: skip
    if "scores" in signal:
        scores = ", ".join(f"{name} {value:+.4f}" for name, value in signal["scores"].items())
        console.print(f"  scores   {scores}", highlight=False)
    if "signal" in signal:
        one = signal["signal"]
        console.print(f"  signal   {one['decision']}, {one['reason']}, strength {one['strength']}",
                      highlight=False)  # fmt: skip
    if "expected" in signal:
        console.print(f"  [red]the host expected[/] {signal['expected']}", soft_wrap=True)


def _ladder(told: Told) -> Table:
    """Before and after, side by side."""
    made = Table(title=f"book of {told['symbol']}: shares at price", title_justify="left")
    for name in ("bids before", "asks before", "bids after", "asks after"):
        made.add_column(name, justify="right", no_wrap=True)
    columns = [told[when][side] for when in ("book_before", "book_after")
               for side in ("buy", "sell")]  # fmt: skip
    for level in range(min(LEVELS, max(map(len, columns), default=0))):
        made.add_row(*(_level(column[level]) if level < len(column) else "" for column in columns))
    return made


def _level(level: list[int]) -> str:
    cents, rest = divmod(level[0], 100)
    return f"{level[1]:,} @ {cents // 100}.{cents % 100:02d}" + (f"{rest:02d}" if rest else "")


def command(
    message: Annotated[int, typer.Argument(help="sequence number, as the feed counts")],
    as_json: Annotated[bool, typer.Option("--json", help="print it as JSON")] = False,
    folder: Annotated[Path, typer.Option(help="what make sim left")] = LAST,
) -> None:
    """What became of one message of the last `make sim`, stage by stage."""
    told = explain(kept(folder), message)
    if as_json:
        print(json.dumps(told))
    else:
        show(told, Console())
