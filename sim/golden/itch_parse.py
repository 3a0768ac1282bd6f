"""Golden model of itch_parse: a message is kept as bytes and read by hw/regs/itch.toml itself."""

from __future__ import annotations

import tomllib
from collections import Counter, deque
from pathlib import Path

from sim.golden.tick_pkg import NUMBERS, RECORDS, pack, pack_some

_TABLE = tomllib.loads((Path(__file__).parents[2] / "hw" / "regs" / "itch.toml").read_text())
MESSAGES = {one["type"]: one for one in _TABLE["message"]}
HEADER = {one["name"]: one for one in _TABLE["header"]}
BOOK, TRADES, HOST = "AFECXDU", "PQB", "SRHWhJ"
OF_THE_BOOK = BOOK + "Hh"  # what a message of these types says of an instrument, has to be known
OF_ALL = "SWR"  # of every one, or of any
EVENTS = (
    "unknown_types",
    "wrong_lengths",
    "status_messages",
    "other_instruments",
    "book_messages",
    "trade_messages",
)
OPERATION = {
    "A": "ADD",
    "F": "ADD",
    "E": "EXECUTE",
    "C": "EXECUTE_PRICE",
    "X": "CANCEL",
    "D": "DELETE",
    "U": "REPLACE",
}


def fields(message: bytes) -> dict[str, bytes]:
    """Every field of a message of the right length, by its name in the specification."""
    table = MESSAGES[chr(message[0])]
    every = [*HEADER.values(), *table["fields"]]
    return {one["name"]: message[one["offset"] : one["offset"] + one["length"]] for one in every}


def number(value: bytes) -> int:
    return int.from_bytes(value, "big")


def event(message: bytes, followed: bool) -> str:
    kind = chr(message[0])
    if kind not in MESSAGES:
        return "unknown_types"
    if len(message) != MESSAGES[kind]["length"]:
        return "wrong_lengths"
    if kind not in BOOK + TRADES:
        return "status_messages"
    if not followed:
        return "other_instruments"
    return "book_messages" if kind in BOOK else "trade_messages"


def operation(message: bytes) -> dict[str, int]:
    """What a message of a followed instrument does to its book; empty when nothing."""
    kind = chr(message[0])
    stale = {
        "operation": NUMBERS["OPERATION_STALE"],
        "reason": NUMBERS["REASON_PARSE_ERROR"],
    }
    if kind not in MESSAGES:
        return stale
    if len(message) != MESSAGES[kind]["length"]:
        return stale if kind in OF_THE_BOOK else {}
    parts = fields(message)
    when = {"timestamp": number(parts["timestamp"])}
    if kind == "H":
        trading = parts["trading_state"] == b"T"
        return when | {"operation": NUMBERS[f"OPERATION_{'RESUME' if trading else 'HALT'}"]}
    if kind not in BOOK:
        return {}
    op = when | {"operation": NUMBERS[f"OPERATION_{OPERATION[kind]}"]}
    if kind in "AF":
        if parts["buy_sell_indicator"] not in (b"B", b"S"):
            return stale
        op["side"] = int(parts["buy_sell_indicator"] == b"S")
    names = {
        "order_reference": ("order_reference_number", "original_order_reference_number"),
        "new_order_reference": ("new_order_reference_number",),
        "price": ("price", "execution_price"),
        "shares": ("shares", "executed_shares", "cancelled_shares"),
    }
    for ours, theirs in names.items():
        for name in theirs:
            if name in parts:
                op[ours] = number(parts[name])
    return op


class ItchParse:
    """`judged` keeps each message and its event, for the bench."""

    inputs = (
        "enable",
        "locate",
        "s_axis_tdata",
        "s_axis_tvalid",
        "s_cycle",
        "s_frame_cycle",
        "s_tail",
        "s_last",
        "s_runts",
        "s_start",
        "s_lane",
        "s_length",
        "sequence_number",
        "last_of_packet",
    )

    def __init__(self, data_bits: int) -> None:
        self.lanes = data_bits // 8
        self.judged: list[tuple[bytes, str]] = []
        self.operations: list[dict[str, int]] = []
        self.host: list[bytes] = []
        self.slots = NUMBERS["SLOTS"]
        self.latency = 1 if data_bits == 8 else 2  # of an operation; all else has 2
        self.reset()

    def reset(self) -> None:
        self.held = b""
        self.late_order = 0  # of the cycle before
        self.after: deque[dict[str, int]] = deque([self._silent()] * 2)
        self.ops: deque[dict[str, int]] = deque([{"m_valid": 0}] * self.latency)

    def _silent(self) -> dict[str, int]:
        return dict.fromkeys(("path_events", "host_valid", "lost"), 0)

    def outputs(self) -> dict[str, int]:
        return self.after[0] | self.ops[0]

    def beside(self, **inputs: int) -> dict[str, int]:
        now = self._order(inputs)
        return {"order": now if self.latency == 1 else self.late_order}

    def _order(self, inputs: dict[str, int]) -> int:
        """Whether a message ends that isn't one of those that say nothing of orders."""
        data = inputs["s_axis_tdata"].to_bytes(self.lanes, "little")
        whole = self.held + data[: inputs["s_tail"]]
        return int(bool(inputs["s_last"]) and event(whole, True) != "status_messages")

    def step(self, **inputs: int) -> None:
        ports, events = self._silent(), Counter[str]()
        self.late_order = self._order(inputs)
        data = inputs["s_axis_tdata"].to_bytes(self.lanes, "little")
        self.held += data[: inputs["s_tail"]]
        op: dict[str, int] = {}
        if inputs["s_last"]:
            events[event(self.held, bool(self._slots(self.held, inputs)))] += 1
            op = self._message(self.held, inputs, ports)
        events["wrong_lengths"] += inputs["s_runts"]
        ports["lost"] |= int(inputs["s_runts"] > 0)
        ports["path_events"] = pack_some("path_events", events)
        if op or inputs["last_of_packet"]:
            self.ops.append({"m_valid": 1, "m_op": self._packed(op, inputs)})
        else:
            self.ops.append({"m_valid": 0})
        if inputs["s_start"]:
            self.held = data[inputs["s_lane"] :]
        self.ops.popleft()
        self.after.popleft()
        self.after.append(ports)

    def _packed(self, op: dict[str, int], inputs: dict[str, int]) -> int:
        whole = dict.fromkeys((one.name for one in RECORDS["book_op"]), 0) | op
        whole |= {
            "last_of_packet": inputs["last_of_packet"],
            "sequence_number": inputs["sequence_number"],
            "frame_cycle": inputs["s_frame_cycle"],
            "message_cycle": inputs["s_cycle"],
        }
        self.operations.append(whole)
        return pack("book_op", whole)

    def _slots(self, message: bytes, inputs: dict[str, int]) -> list[int]:
        """The enabled slots that have its locate."""
        where = number(message[1:3])
        return [
            slot
            for slot in range(self.slots)
            if inputs["enable"] >> slot & 1 and inputs["locate"] >> 16 * slot & 0xFFFF == where
        ]

    def _message(
        self, message: bytes, inputs: dict[str, int], ports: dict[str, int]
    ) -> dict[str, int]:
        slots = self._slots(message, inputs)
        name = event(message, bool(slots))
        self.judged.append((message, name))
        kind = chr(message[0])
        if kind in HOST and name == "status_messages":
            ports["host_valid"] = 1
            self.host.append(message)
        if kind in OF_ALL and name == "wrong_lengths":
            ports["lost"] = 1
        op = operation(message) if slots else {}
        return op | {"slot": slots[0]} if op else {}
