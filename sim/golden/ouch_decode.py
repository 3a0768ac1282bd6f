"""Golden model of ouch_decode, a message at a time, by the specification's lengths and places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from sim.golden.tick_pkg import NUMBERS, pack_some

LATENCY = 1
LONGEST = 68
# Of a type: its bytes; whether a count of appendages is the last two of them, may follow, or isn't
# there at all.
ALWAYS, MAYBE, NEVER = range(3)
TYPES = {
    b"S": (10, NEVER), b"A": (64, ALWAYS), b"U": (68, ALWAYS), b"C": (18, MAYBE),
    b"D": (32, MAYBE), b"E": (36, ALWAYS), b"B": (36, MAYBE), b"J": (29, MAYBE),
    b"P": (13, MAYBE), b"I": (13, MAYBE), b"T": (30, MAYBE), b"M": (18, MAYBE),
    b"R": (16, ALWAYS), b"X": (27, ALWAYS), b"G": (19, ALWAYS), b"K": (19, ALWAYS),
    b"Q": (13, MAYBE),
}  # fmt: skip
DOUBTS = ("unknown_types", "wrong_lengths", "unfollowed", "wrong_values", "appended")
Row = dict[str, int]


def number(raw: bytes, at: int, length: int) -> int:
    return int.from_bytes(raw[at : at + length], "big")


def _accepted(raw: bytes) -> tuple[str, int, int] | None:
    """L lives, D died as it was accepted."""
    said = {b"L": ("ACCEPTED", 0, 0), b"D": ("CANCELLED", number(raw, 14, 4), 0)}
    return said.get(raw[47:48])


def _executed(raw: bytes) -> tuple[str, int, int] | None:
    price = number(raw, 17, 8)
    return ("EXECUTED", number(raw, 13, 4), price) if price < 1 << 32 else None


# Outcome, shares and price; None where a confirmation can't hold them.
SAYS: dict[bytes, Callable[[bytes], tuple[str, int, int] | None]] = {
    b"A": _accepted,
    b"E": _executed,
    b"C": lambda raw: ("CANCELLED", number(raw, 13, 4), 0),
    b"D": lambda raw: ("CANCELLED", number(raw, 13, 4), 0),
    b"J": lambda _: ("REJECTED", 0, 0),
    b"B": lambda _: ("BROKEN", 0, 0),
}


def appendages(raw: bytes) -> int | None:
    """How many bytes of them a message has; None: its length isn't its type's."""
    length, kind = TYPES[raw[:1]]
    if len(raw) < length:
        return None
    if kind == NEVER or (kind == MAYBE and len(raw) == length):
        return 0 if len(raw) == length else None
    start = length if kind == ALWAYS else length + 2
    if len(raw) < start:
        return None
    announced = number(raw, start - 2, 2)
    return announced if announced == len(raw) - start else None


def decode(raw: bytes) -> tuple[str, Row]:
    """The event, and the confirmation if it is one."""
    kind = raw[:1]
    if raw and kind not in TYPES:
        return "unknown_types", {}
    appended = appendages(raw) if raw else None
    if appended is None:
        return "wrong_lengths", {}
    if kind in (b"U", b"M"):
        return "unfollowed", {}
    if kind not in SAYS:
        return "notices", {}
    said = SAYS[kind](raw)
    if said is None:
        return "wrong_values", {}
    outcome, shares, price = said
    if appended and outcome != "ACCEPTED":
        return "appended", {}
    token = number(raw, 9, 4)
    row = {"token": token, "outcome": NUMBERS[f"OUTCOME_{outcome}"], "shares": shares}
    return "confirmations", row | {"price": price}


class OuchDecode:
    """`met` counts the events by the message's type.

    A message longer than the block sees has its length alone: what lies behind has no meaning.
    """

    inputs: Sequence[str] = ("s_valid", "s_message", "s_length")
    longest = LONGEST
    decode = staticmethod(decode)

    def __init__(self) -> None:
        self.met: Counter[tuple[str, str]] = Counter()
        self.reset()

    def reset(self) -> None:
        self.event, self.row = "", Row()

    def outputs(self) -> dict[str, int]:
        out = {
            "m_valid": int(self.event == "confirmations"),
            "m_doubt": int(self.event in DOUBTS),
            "m_events": pack_some("ouch_events", {self.event: 1} if self.event else {}),
        }
        if self.event == "confirmations":
            out["m_confirmation"] = pack_some("confirmation", self.row)
        return out

    def step(self, s_valid: int, s_message: int, s_length: int) -> None:
        self.reset()
        if s_valid:
            raw = s_message.to_bytes(self.longest, "big").ljust(s_length, b"\0")[:s_length]
            self.event, self.row = self.decode(raw)
            self.met[raw[:1].decode("latin-1"), self.event] += 1
