"""Which protocol messages are of, by their types and lengths; only to say so where it isn't read.

ITCH 4.1 and 4.0 have the letters of ITCH 5.0, other lengths, and a message T a second for the time.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tickwire.wire import itch
from tickwire.wire.chunks import Bytes, Offsets

_ITCH_41 = {
    "T": 5, "S": 6, "R": 20, "H": 19, "Y": 14, "L": 20, "A": 30, "F": 34, "E": 25, "C": 30, "X": 17,
    "D": 13, "U": 29, "P": 38, "Q": 34, "B": 13, "I": 44, "N": 14,
}  # fmt: skip
_ITCH_40 = _ITCH_41 | {
    "R": 18, "H": 17, "Y": 12, "L": 18, "A": 28, "F": 32, "P": 36, "Q": 32, "I": 42,
}  # fmt: skip
_SHARE = 0.9  # of messages that must fit


def _table(lengths: dict[str, int]) -> Offsets:
    table = np.zeros(256, np.int64)
    for letter, length in lengths.items():
        table[ord(letter)] = length
    return table


DIALECTS = {"ITCH 5.0": itch.LENGTHS, "ITCH 4.1": _table(_ITCH_41), "ITCH 4.0": _table(_ITCH_40)}
# Of IEX-TP, by the number of the protocol that it carries.
IEX = {0x8002: "IEX TOPS 1.5", 0x8003: "IEX TOPS 1.6", 0x8004: "IEX DEEP 1.0"}


def dialect(types: Bytes, lengths: npt.NDArray[np.int64]) -> str:
    """The protocol of messages of these types and lengths; empty where it is none of these."""
    shares = {name: _fits(table, types, lengths) for name, table in DIALECTS.items()}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] >= _SHARE else ""


def _fits(table: Offsets, types: Bytes, lengths: npt.NDArray[np.int64]) -> float:
    return float((table[types] == lengths).mean()) if len(types) else 0.0
