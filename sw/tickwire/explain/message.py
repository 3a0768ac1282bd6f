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
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from hwtools.toolchain import BUILD
from tickwire.board.virtual import feed_book
from tickwire.features.table import TABLE
from tickwire.gen.records import LEVELS, Action, Operation, Reason, Side
from tickwire.wire import itch
from tickwire.wire.chunks import WireError

Array = npt.NDArray[Any]
Told = dict[str, Any]

LAST = BUILD / "path" / "last"
_KINDS: dict[str, Any] = {
    "operation": Operation, "reason": Reason, "cause": Reason, "side": Side,
    "operation_side": Side, "decision": Action,
}  # fmt: skip
_ABOUT = ("day", "model", "width", "mismatches", "settings")
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
        if lacking := [name for name in _ABOUT if name not in about]:
            raise ValueError(f"run.json has no {lacking[0]}")
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
        "run": {name: run.about[name] for name in _ABOUT},
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
        if name == "model_id":
            told[name] = f"{value:016x}"  # more than a reader of JSON may hold as a number
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
    named = operation["operation"] == Operation.ADD  # only then the message says the side
    told: Told = {"operation": _plain(operation, _STAMPS if named else (*_STAMPS, "side"))}
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
    if told["refused"] == "ok":
        told["operation"]["side"] = told["book_says"]["operation_side"]
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
        told["strength"] = told["signal"]["strength"] / unit  # as the scores are
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
    run, message = told["run"], told["message"]
    where = f"{run['day']}, {run['model']}, W={run['width']}"
    console.print(f"message {message['sequence_number']} of {where}", highlight=False)
    _line(console, "bytes", message["bytes"])
    fields = {name: value for name, value in message.get("fields", {}).items()
              if name != "message_type"}  # fmt: skip
    _line(console, f"type {message.get('type', '?')}", _list(fields) or message.get("fault", ""))
    if told["operation"] is None:
        _line(console, "operation", "none: another instrument's, or no change of a book")
    else:
        _line(console, "operation", f"of {told.get('symbol', '?')}: {_list(told['operation'])}")
    if "book_after" in told:
        console.print(_ladder(told, "book", ("book_before", "book_after")))
        if "book_expected" in told:
            console.print("  [red]the host expected another book[/]")
            console.print(_ladder(told, "the host's book", ("book_before", "book_expected")))
        if told["refused"] != "ok":
            _line(console, "refused", told["refused"])
    for signal in told["signals"]:
        _show_signal(signal, run["settings"], console)
    if not told["signals"]:
        end = told["packet_ends_with"]
        own = end is None or end == message["sequence_number"]
        said = "its packet changed no book" if own else f"message {end} ends its packet"
        _line(console, "signal", f"none of its own: {said}")
    _show_cycles(told, console)


def _line(console: Console, label: str, text: str) -> None:
    """A label, and text that is wrapped beside it."""
    made = Table.grid(padding=(0, 1))
    made.add_column(min_width=11, no_wrap=True)
    made.add_column(overflow="fold")
    made.add_row(f"  {label}", escape(text))
    console.print(made, highlight=False)


def _list(values: Told) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())


def _show_cycles(told: Told, console: Console) -> None:
    """Of the message, then of each signal; the first is the message's own instrument's."""
    console.print(f"  cycles after the last byte, simulated, {told['period_ns']:g} ns each:",
                  highlight=False)  # fmt: skip
    ways = [(signal["symbol"], signal["cycles"]) for signal in told["signals"]]
    for label, cycles in (("", told["cycles"]), *ways):
        line = ", ".join(f"{name.replace('_', ' ')} {at:+d}" for name, at in cycles.items())
        _line(console, label, line)


def _show_signal(signal: Told, settings: Told, console: Console) -> None:
    warm = "warm" if signal["warm"] else "not warm"
    changed = "changed" if signal["changed"] else "unchanged"
    state = f"of {signal['symbol']}, {warm}, {changed}, {signal['reason']}"
    _line(console, "features", f"{state}: {_list(signal['features'])}")
    if "scores" in signal:
        scores = ", ".join(f"{name} {value:+.4f}" for name, value in signal["scores"].items())
        _line(console, "scores", scores)
    if "signal" in signal:
        one = signal["signal"]
        strength = f"{signal['strength']:+.4f}, up less down"
        _line(console, "signal", f"{one['decision']}, {one['reason']}, strength {strength}")
        _line(console, "asked", _asked(settings))
    if "expected" in signal:
        console.print(f"  [red]the host expected[/] {escape(str(signal['expected']))}",
                      soft_wrap=True)  # fmt: skip


def _asked(settings: Told) -> str:
    """What a decision takes, every slot's."""
    return (
        f"buy from {settings['buy_threshold']:+g} up, sell from {settings['sell_threshold']:+g} "
        f"down, the same again once strength came back by {settings['hysteresis']:g}, "
        f"{settings['interval_ns']:,} ns apart or more"
    )


def _ladder(told: Told, what: str, shown: tuple[str, str]) -> Table:
    """Before and after, side by side."""
    title = f"  {what} of {told['symbol']}: shares at price"
    made = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for name in ("bids before", "asks before", "bids after", "asks after"):
        made.add_column(name, justify="right", no_wrap=True)
    columns = [told[when][side] for when in shown for side in ("buy", "sell")]
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
