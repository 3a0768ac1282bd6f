"""Golden model of deep_parse: a message is kept as bytes and read by hw/regs/deep.toml itself."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

from sim.golden.tick_pkg import NUMBERS, RECORDS, pack, pack_some

_TABLE = tomllib.loads((Path(__file__).parents[2] / "hw" / "regs" / "deep.toml").read_text())
MESSAGES = {one["type"]: one for one in _TABLE["message"]}
HEADER = {one["name"]: one for one in _TABLE["header"]}
GOES_ON = {"H": b"T", "O": b"N"}
UPDATES, TRADES, HALTS, HOST = "85", "TB", "HO", "SDHO"
OF_ALL = "S"  # has no symbol, whatever its length
EVENTS = (
    "unknown_types",
    "wrong_lengths",
    "status_messages",
    "other_instruments",
    "book_messages",
    "trade_messages",
)
SYMBOL = slice(10, 18)  # of each message but S
LATENCY = 2
Op = dict[str, int]


def fields(message: bytes) -> dict[str, bytes]:
    """Every field of a message of the right length, by its name in the specification."""
    table = MESSAGES[chr(message[0])]
    every = [*HEADER.values(), *table["fields"]]
    return {one["name"]: message[one["offset"] : one["offset"] + one["length"]] for one in every}


def event(message: bytes, followed: bool) -> str:
    kind = chr(message[0])
    if kind not in MESSAGES:
        return "unknown_types"
    if len(message) != MESSAGES[kind]["length"]:
        return "wrong_lengths"
    if kind not in UPDATES + TRADES:
        return "status_messages"
    if not followed:
        return "other_instruments"
    return "book_messages" if kind in UPDATES else "trade_messages"


def stops(message: bytes) -> bool:
    """Whether it, of the right length, halts its instrument."""
    return chr(message[0]) in GOES_ON and message[1:2] != GOES_ON[chr(message[0])]


def since(message: bytes, midnight: int) -> int:
    return (int.from_bytes(fields(message)["timestamp"], "little") - midnight) % (1 << 64)


def named(message: bytes) -> bool:
    return len(message) >= SYMBOL.stop and chr(message[0]) != OF_ALL


def unread(message: bytes, midnight: int) -> bool:
    """Whether it may say something of a book that nobody can read."""
    kind = chr(message[0])
    if kind not in MESSAGES:
        return True
    if kind == OF_ALL:
        return bool(len(message) != MESSAGES[kind]["length"])
    if kind not in UPDATES + HALTS:
        return False
    return len(message) != MESSAGES[kind]["length"] or since(message, midnight) >= 1 << 48


def update(message: bytes) -> Op:
    """The operation of an 8 or 5, its time and slot aside."""
    parts = fields(message)
    price = int.from_bytes(parts["price"], "little", signed=True)
    done = parts["event_flags"][0] & 1
    if not 0 < price < 1 << 32:
        stale, reason = NUMBERS["OPERATION_STALE"], NUMBERS["REASON_BAD_PRICE"]
        return {"operation": stale, "reason": reason, "last_of_packet": done}
    side = int(chr(message[0]) == "5")
    reference = side * 2**32 + price
    return {
        "operation": NUMBERS["OPERATION_LEVEL"],
        "side": side,
        "price": price,
        "shares": int.from_bytes(parts["size"], "little"),
        "order_reference": reference,
        "new_order_reference": reference,
        "last_of_packet": done,
    }


class DeepParse:
    """`judged` keeps each message and its event, for the bench."""

    inputs = (
        "enable",
        "symbol",
        "midnight",
        "over",
        "begins",
        "opens",
        "bad_frame",
        "missing",
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
    )

    def __init__(self, data_bits: int) -> None:
        self.lanes = data_bits // 8
        self.judged: list[tuple[bytes, str]] = []
        self.operations: list[Op] = []
        self.host: list[bytes] = []
        self.slots = NUMBERS["SLOTS"]
        self.met: Counter[str] = Counter()
        self.reset()

    def reset(self) -> None:
        self.held = b""
        self.ended: tuple[bytes, dict[str, int]] | None = None  # in the cycle before
        self.runts = 0
        # Of which slots the last H is known and said T, and the last O likewise N.
        self.goes_on: set[tuple[int, str]] = set()
        self.told: set[int] = set()  # slots of which a frame said something that may be undone
        self.symbols = 0
        self.ports = self._silent()

    def _silent(self) -> dict[str, int]:
        return dict.fromkeys(("path_events", "host_valid", "lost", "m_valid"), 0)

    def outputs(self) -> dict[str, int]:
        return self.ports

    def beside(self, **_: int) -> dict[str, int]:
        message = self.ended[0] if self.ended else b""
        return {
            "order": int(
                bool(message) and (event(message, True) != "status_messages" or stops(message))
            )
        }

    def step(self, **inputs: int) -> None:
        ports, events = self._silent(), Counter[str]()
        self._forget(inputs)
        if inputs["opens"]:
            self.told.clear()
        events["wrong_lengths"] += self.runts
        ports["lost"] = int(self.runts > 0)
        if self.ended:
            message, its = self.ended
            slot = self._slot(message, inputs)
            name = event(message, slot is not None)
            events[name] += 1
            self.judged.append((message, name))
            if chr(message[0]) in HOST and name == "status_messages":
                ports["host_valid"] = 1
                self.host.append(message)
            if unread(message, its["midnight"]) and not named(message):
                ports["lost"] = 1
                self.met["lost"] += 1
            op = {} if slot is None else self._operation(message, slot, its["midnight"])
            if op and slot is not None:
                ports |= {"m_valid": 1, "m_op": self._packed(op | {"slot": slot}, its)}
        self._doubt(inputs, bool(ports["lost"]))
        ports["path_events"] = pack_some("path_events", events)
        self.ports = ports
        data = inputs["s_axis_tdata"].to_bytes(self.lanes, "little")
        self.held += data[: inputs["s_tail"]]
        self.ended = (self.held, inputs) if inputs["s_last"] else None
        self.runts = inputs["s_runts"]
        if inputs["s_start"]:
            self.held = data[inputs["s_lane"] :]

    def _forget(self, inputs: dict[str, int]) -> None:
        changed = self.symbols ^ inputs["symbol"]
        self.symbols = inputs["symbol"]
        for slot in range(self.slots):
            if changed >> 64 * slot & (1 << 64) - 1 or not inputs["enable"] >> slot & 1:
                self._unknown(slot)

    def _unknown(self, *slots: int) -> None:
        self.goes_on -= {(slot, kind) for slot in slots for kind in HALTS}

    def _doubt(self, inputs: dict[str, int], lost: bool) -> None:
        every = range(self.slots)
        if inputs["bad_frame"]:
            self.met["undone"] += any((slot, kind) in self.goes_on for slot in self.told
                                      for kind in HALTS)  # fmt: skip
            self._unknown(*self.told)
        if inputs["over"] or inputs["begins"] or inputs["missing"] or lost:
            self._unknown(*every)

    def _slot(self, message: bytes, inputs: dict[str, int]) -> int | None:
        """The lowest enabled slot that has its symbol."""
        if not named(message):
            return None
        where = int.from_bytes(message[SYMBOL], "big")
        for slot in range(self.slots):
            if (
                inputs["enable"] >> slot & 1
                and inputs["symbol"] >> 64 * slot & (1 << 64) - 1 == where
            ):
                return slot
        return None

    def _operation(self, message: bytes, slot: int, midnight: int) -> Op:
        kind = chr(message[0])
        if kind in HALTS and len(message) == MESSAGES[kind]["length"]:
            self.told.add(slot)
            self.goes_on.discard((slot, kind))
            if not stops(message):
                self.goes_on.add((slot, kind))
        if unread(message, midnight):
            self._unknown(slot)
            return {
                "operation": NUMBERS["OPERATION_STALE"],
                "reason": NUMBERS["REASON_PARSE_ERROR"],
                "last_of_packet": 1,
            }
        if kind in UPDATES:
            return update(message) | {"timestamp": since(message, midnight)}
        if kind not in HALTS:
            return {}
        halts = not all((slot, each) in self.goes_on for each in HALTS)
        return {
            "operation": NUMBERS[f"OPERATION_{'HALT' if halts else 'RESUME'}"],
            "last_of_packet": 1,
            "timestamp": since(message, midnight),
        }

    def _packed(self, op: Op, its: dict[str, int]) -> int:
        whole = dict.fromkeys((one.name for one in RECORDS["book_op"]), 0) | op
        whole |= {
            "sequence_number": its["sequence_number"],
            "frame_cycle": its["s_frame_cycle"],
            "message_cycle": its["s_cycle"],
        }
        self.operations.append(whole)
        return pack("book_op", whole)
