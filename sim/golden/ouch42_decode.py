"""Golden model of ouch42_decode: ouch_decode's, by the lengths and places of OUCH 4.2."""

from __future__ import annotations

import re
from collections.abc import Callable

from sim.golden import ouch_decode
from sim.golden.ouch_decode import Row, number
from sim.golden.tick_pkg import NUMBERS

LONGEST = 80
LENGTHS = {
    b"S": 10, b"A": 66, b"U": 80, b"C": 28, b"D": 37, b"E": 40, b"B": 32, b"G": 45, b"F": 41,
    b"J": 24, b"P": 23, b"I": 23, b"T": 36, b"M": 28, b"N": 23,
}  # fmt: skip
UNFOLLOWED = (b"U", b"M", b"G", b"F")
OURS = re.compile(rb"([0-9A-F]{8}) {6}")


def _accepted(raw: bytes) -> tuple[str, int, int] | None:
    """L lives, D died as it was accepted."""
    said = {b"L": ("ACCEPTED", 0, 0), b"D": ("CANCELLED", number(raw, 24, 4), 0)}
    return said.get(raw[64:65])


# Outcome, shares and price; None where the state is neither.
SAYS: dict[bytes, Callable[[bytes], tuple[str, int, int] | None]] = {
    b"A": _accepted,
    b"E": lambda raw: ("EXECUTED", number(raw, 23, 4), number(raw, 27, 4)),
    b"C": lambda raw: ("CANCELLED", number(raw, 23, 4), 0),
    b"D": lambda raw: ("CANCELLED", number(raw, 23, 4), 0),
    b"J": lambda _: ("REJECTED", 0, 0),
    b"B": lambda _: ("BROKEN", 0, 0),
}


def decode(raw: bytes) -> tuple[str, Row]:
    """The event, and the confirmation if it is one."""
    kind = raw[:1]
    if raw and kind not in LENGTHS:
        return "unknown_types", {}
    if len(raw) != LENGTHS.get(kind):
        return "wrong_lengths", {}
    if kind in UNFOLLOWED:
        return "unfollowed", {}
    if kind not in SAYS:
        return "notices", {}
    said, token = SAYS[kind](raw), OURS.fullmatch(raw[9:23])
    if said is None or token is None:
        return "wrong_values", {}
    outcome, shares, price = said
    row = {"token": int(token[1], 16), "outcome": NUMBERS[f"OUTCOME_{outcome}"]}
    return "confirmations", row | {"shares": shares, "price": price}


class Ouch42Decode(ouch_decode.OuchDecode):
    longest = LONGEST
    decode = staticmethod(decode)
