"""Golden model of itch_parse: a message is kept as bytes and read by hw/regs/itch.toml itself."""

from __future__ import annotations

import tomllib
from collections import Counter, deque
from pathlib import Path

from sim.golden.tick_pkg import NUMBERS, RECORDS, pack, pack_some

_TABLE = tomllib.loads((Path(__file__).parents[2] / "hw" / "regs" / "itch.toml").read_text())
MESSAGES = {one["type"]: one for one in _TABLE["message"]}
HEADER = {one["name"]: one for one in _TABLE["header"]}
BOOK, TRADES, HOST = "AFECXDU", "PQB", "SRH"
OF_THE_BOOK = BOOK + "H"  # what a message of these types says, the book has to know
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
        "learn",
        "locate",
        "symbol",
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
        "over",
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
        self.flowing = False  # an order has come in this session
        self.came: deque[bool] = deque([False] * 2)  # one came, that doesn't count yet
        self.were: list[int] = []  # each slot's locate, -1: not enabled
        self.late: set[int] = set()  # enabled, or given another locate, since it flows
        self.used: set[int] = set()
        self.after: deque[dict[str, int]] = deque([self._silent()] * 2)
        self.ops: deque[dict[str, int]] = deque([{"m_valid": 0}] * self.latency)

    def _silent(self) -> dict[str, int]:
        return dict.fromkeys(("path_events", "host_valid", "learned", "lost"), 0)

    def outputs(self) -> dict[str, int]:
        late = {name: value for name, value in self.ops[0].items() if name != "late"}
        ports = self.after[0] | late
        if self.ops[0].get("late"):
            ports["path_events"] |= pack_some("path_events", {"late_slots": 1})
        return ports

    def beside(self, **_: int) -> dict[str, int]:
        return {}

    def step(self, **inputs: int) -> None:
        ports, events = self._silent(), Counter[str]()
        self._followed(inputs)
        if self.latency > 1 and self.ops[-1]["m_valid"]:
            self._trusted(self.ops[-1])
        data = inputs["s_axis_tdata"].to_bytes(self.lanes, "little")
        self.held += data[: inputs["s_tail"]]
        op: dict[str, int] = {}
        if inputs["s_last"]:
            events[event(self.held, bool(self._slots(self.held, inputs)))] += 1
            op = self._message(self.held, inputs, ports)
        events["wrong_lengths"] += inputs["s_runts"]
        ports["lost"] = int(inputs["s_runts"] > 0)
        ports["path_events"] = pack_some("path_events", events)
        if op or inputs["last_of_packet"]:
            self.ops.append({"m_valid": 1, "m_op": self._packed(op, inputs)})
            if self.latency == 1:
                self._trusted(self.ops[-1])
        else:
            self.ops.append({"m_valid": 0})
        if inputs["s_start"]:
            self.held = data[inputs["s_lane"] :]
        self.ops.popleft()
        self.after.popleft()
        self.after.append(ports)
        self.came.append(bool(+events) and not events["status_messages"])
        if inputs["over"]:
            self.flowing, self.late, self.used = False, set(), set()
            self.came[0] = False

    def _followed(self, inputs: dict[str, int]) -> None:
        """What the registers follow now; a change since orders flow leaves a slot untrusted."""
        self.flowing |= self.came.popleft()
        now = [
            inputs["locate"] >> 16 * slot & 0xFFFF if inputs["enable"] >> slot & 1 else -1
            for slot in range(self.slots)
        ]
        if self.flowing and self.were:
            changed = (slot for slot in range(self.slots) if now[slot] not in (-1, self.were[slot]))
            self.late.update(changed)
        self.were = now

    def _trusted(self, ports: dict[str, int]) -> None:
        """The operation as it leaves: it is stale instead if its slot can't be trusted."""
        op = self.operations[-1]
        if op["operation"] == NUMBERS["OPERATION_NONE"]:
            return
        slot = op["slot"]
        if slot in self.late:
            known = ("slot", "last_of_packet", "sequence_number", "frame_cycle", "message_cycle")
            op = dict.fromkeys(op, 0) | {name: op[name] for name in known}
            op["operation"] = NUMBERS["OPERATION_STALE"]
            op["reason"] = NUMBERS[f"REASON_{'RELOCATED' if slot in self.used else 'NO_START'}"]
            self.operations[-1] = op
            ports |= {"m_op": pack("book_op", op), "late": 1}
        self.late.discard(slot)
        self.used.add(slot)

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
            ports |= {"host_valid": 1, "host_locate": number(message[1:3])}
            self.host.append(message)
            if kind == "R":
                stock = number(fields(message)["stock"])
                ports["learned"] = sum(
                    1 << slot
                    for slot in range(self.slots)
                    if inputs["learn"] >> slot & 1
                    and inputs["symbol"] >> 64 * slot & (1 << 64) - 1 == stock
                )
        op = operation(message) if slots else {}
        return op | {"slot": slots[0]} if op else {}
