"""What became of one message of the last run, stage by stage, as plain values.

Bytes, fields, the book before and after, features, scores, decision, and the cycles of each stage,
as the hardware had them; where the host expected otherwise, that too.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from tickwire.board.virtual import feed_book
from tickwire.explain.last_run import LastRun
from tickwire.explain.order import order
from tickwire.features.table import TABLE
from tickwire.gen.records import Action, Operation, Reason, Side
from tickwire.wire import itch
from tickwire.wire.chunks import WireError

Array = npt.NDArray[Any]
Values = dict[str, Any]

_KINDS: dict[str, Any] = {
    "operation": Operation, "reason": Reason, "cause": Reason, "side": Side,
    "operation_side": Side, "decision": Action,
}  # fmt: skip
_STAMPS = ("sequence_number", "frame_cycle", "message_cycle")


class ExplainError(ValueError):
    """A message that can't be explained. The text is one line."""


def explain(run: LastRun, message: int) -> Values:
    """All of it."""
    messages, about = run.observed["messages"], run.about
    rows = np.flatnonzero(messages["sequence_number"] == message)
    if not len(rows):
        span = "none"
        if len(messages):
            numbers = messages["sequence_number"]
            span = f"{int(numbers.min())} to {int(numbers.max())}"
        raise ExplainError(f"message {message} isn't in the last run; its messages are {span}")
    row = messages[rows[0]]
    last = int(row["message_cycle"])
    cycles = {"frame_began": int(row["frame_cycle"]) - last, "last_byte": 0}
    values: Values = {
        "run": {
            "day": about.day,
            "model": about.model,
            "width": about.width,
            "mismatches": about.mismatches,
            "settings": about.settings,
            "window": about.window,
        },
        "message": {"sequence_number": message, **_message(row)},
        "cycles": cycles,
        "period_ns": 1e9 / about.hertz,
    }
    values |= _book(run, message, last, cycles)
    values["signals"] = [
        _signal(run, at, last)
        for at in np.flatnonzero(run.observed["vectors"]["sequence_number"] == message).tolist()
    ]
    if not values["signals"]:
        values["packet_ends_with"] = _packet_end(run, message)
    return values


def last_message(run: LastRun, symbol: str | None, at: int | None) -> int:
    """The last message of a book, of this instrument and until this time where they are given."""
    tops, which = run.observed["tops"], "in the last run"
    tops = tops[tops["operation"] != Operation.NONE]
    if symbol is not None:
        if symbol not in run.about.symbols:
            raise ExplainError(
                f"{symbol} isn't in the last run; {', '.join(run.about.symbols)} are"
            )
        tops, which = tops[tops["slot"] == run.about.symbols.index(symbol)], f"of {symbol}"
    if not len(tops):
        raise ExplainError(f"no message {which} changed a book")
    if at is not None and (first := int(tops["timestamp"][0])) > at:
        raise ExplainError(f"the first message {which} is of {_clock(first)}, after {_clock(at)}")
    until = tops if at is None else tops[tops["timestamp"] <= at]
    return int(until["sequence_number"][-1])


def _clock(time: int) -> str:
    seconds, rest = divmod(time, 1_000_000_000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:09}"


def _packet_end(run: LastRun, message: int) -> int | None:
    """The message that ends its packet, and sends the signals."""
    operations = run.observed["operations"]
    ends = operations["sequence_number"][operations["last_of_packet"]]
    later = ends[ends >= message]
    return int(later.min()) if len(later) else None


def _message(row: Any) -> Values:
    """Its bytes, and its fields."""
    size = min(int(row["length"]), row["bytes"].shape[-1])
    data = row["bytes"][:size].tobytes()
    values: Values = {"bytes": data.hex(), "length": int(row["length"])}
    try:
        decoded = itch.decode(len(data).to_bytes(2, "big") + data)
        values["type"] = chr(decoded.types[0])
        values["fields"] = {
            name: value.decode("latin-1").rstrip(" ") if isinstance(value, bytes) else value
            for name, value in decoded.row(0).items()
        }
    except WireError as error:
        values["fault"] = str(error)
    return values


def _plain(row: Any, without: tuple[str, ...] = _STAMPS) -> Values:
    """A record's fields by name, enums by theirs."""
    values: Values = {}
    for name in row.dtype.names:
        if name in without:
            continue
        value = row[name].tolist()
        values[name] = _KINDS[name](value).name.lower() if name in _KINDS else value
        if name == "model_id":
            values[name] = f"{value:016x}"  # more than a reader of JSON may hold as a number
    return values


def _symbol(run: LastRun, slot: int) -> str:
    symbols = run.about.symbols
    return symbols[slot] if slot < len(symbols) else f"slot {slot}"


def _book(run: LastRun, message: int, last: int, cycles: Values) -> Values:
    """The operation, the book before it and after; the host's where it is another."""
    observed = run.observed
    operations = observed["operations"]
    of_slot = operations["operation"] != Operation.NONE
    rows = np.flatnonzero(of_slot & (operations["sequence_number"] == message))
    if not len(rows):
        return {"operation": None}
    row = int(rows[0])
    operation = observed["operations"][row]
    cycles["operation"] = int(observed["operations_cycle"][row]) - last
    named = operation["operation"] == Operation.ADD  # only then the message has the side
    values: Values = {"operation": _plain(operation, _STAMPS if named else (*_STAMPS, "side"))}
    if row >= len(observed["tops"]):
        return values
    slot = int(operation["slot"])
    values["symbol"] = _symbol(run, slot)
    cycles["book"] = int(observed["tops_cycle"][row]) - last
    upto = np.flatnonzero(observed["tops"]["slot"][: row + 1] == slot)
    tops = observed["tops"][upto]
    levels = feed_book.levels(tops, observed["depths"][upto])
    before = np.zeros_like(levels[0]) if len(upto) < 2 else levels[-2]
    values["book_before"], values["book_after"] = _sides(before), _sides(levels[-1])
    values["book_says"] = _plain(tops[-1])
    values["refused"] = Reason(int(observed["causes"][row])).name.lower()
    if values["refused"] == "ok":
        values["operation"]["side"] = values["book_says"]["operation_side"]
    if row < len(run.expected["tops"]):
        expected = run.expected["levels"][row]
        if (expected != levels[-1]).any():
            values["book_expected"] = _sides(expected)
    return values


def _sides(levels: Array) -> Values:
    """Levels of each side, the best first: price, shares, orders."""
    return {
        side.name.lower(): [
            [int(level["price"]), int(level["shares"]), int(level["orders"])]
            for level in levels[side]
            if level["price"]
        ]
        for side in Side
    }


def _signal(run: LastRun, row: int, last: int) -> Values:
    """One vector and what came of it: rows of the three levels go together, in order."""
    observed = run.observed
    vector = observed["vectors"][row]
    slot = int(vector["slot"])
    cycles = {"vector": int(observed["vectors_cycle"][row]) - last}
    values: Values = {
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
    unit = 1 << run.about.score_fraction
    if row < len(observed["network"]):
        cycles["scores"] = int(observed["network_cycle"][row]) - last
        values["scores"] = _scores(observed["network"][row], unit)
        values["step"] = bool(observed["network"]["reason"][row] == Reason.OK)
        if not values["step"]:
            values["last_step"] = _last_step(run, row, slot, unit)
    if row < len(observed["signals"]):
        cycles["signal"] = int(observed["signals_cycle"][row]) - last
        values["signal"] = _plain(observed["signals"][row], (*_STAMPS, "scores"))
        values["strength"] = values["signal"]["strength"] / unit  # as the scores are
        values |= order(run, slot, int(vector["sequence_number"]), last, cycles)
    other = _other(run, slot, int((observed["vectors"]["slot"][:row] == slot).sum()), values)
    return values | ({"expected": other} if other else {})


def _last_step(run: LastRun, row: int, slot: int, unit: int) -> Values | None:
    """The slot's last step before, of the state that it still has: its message, and its scores."""
    before = run.observed["network"][:row]
    before = before[before["slot"] == slot]
    began = np.flatnonzero(before["reason"] == Reason.WARMING_UP)
    steps = np.flatnonzero(before["reason"] == Reason.OK)
    if not len(steps) or (len(began) and began[-1] > steps[-1]):
        return None
    last = before[steps[-1]]
    return {"message": int(last["sequence_number"]), "scores": _scores(last, unit)}


def _other(run: LastRun, slot: int, nth: int, values: Values) -> Values:
    """What the host expected of the slot's nth signal, as far as it is another."""
    rows = np.flatnonzero(run.expected["signals"]["slot"] == slot)
    if nth >= len(rows) or "signal" not in values:
        return {}
    row = rows[nth]
    expected = _plain(run.expected["signals"][row], (*_STAMPS, "scores"))
    other = {name: value for name, value in expected.items() if values["signal"][name] != value}
    scores = _scores(run.expected["network"][row], 1 << run.about.score_fraction)
    return other | ({"scores": scores} if scores != values["scores"] else {})


def _scores(record: Any, unit: int) -> Values:
    values = [int(value) / unit for value in record["scores"]]
    return dict(zip(("down", "flat", "up"), values, strict=True))
