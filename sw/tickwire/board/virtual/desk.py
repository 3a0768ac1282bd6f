"""A host and a venue at the simulated core: what `bus.h`, `link.h` and `venue.h` are given.

The host hands the order's session over, and then its commands go into the risk window in order,
each not before its cycle; the nonce that arms is read from the board before it is given back. The
venue, at the session's other end, takes each order, and executes it, cancels it or both, in turns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from tickwire.gen import risk_regmap
from tickwire.gen.ouch_table import CODES
from tickwire.gen.records import RISK_COMMAND, TCP_SESSION, Act
from tickwire.risk import window
from tickwire.risk.opening import Command
from tickwire.wire import soup
from tickwire.wire.dialogue import Said
from tickwire.wire.ouch import CODEC

Array = npt.NDArray[Any]
Commands = Sequence[tuple[int, Command]]

LONGEST = 68  # bytes of a venue's message
# A message of the venue's: the cycle in which the gate's decoder is given it, bytes.
HEARD = np.dtype([("cycle", np.int64), ("length", np.uint32), ("bytes", np.uint8, LONGEST)])
_ACCESS = np.dtype(
    [
        *(("cycle", np.int64), ("address", np.uint32), ("word", np.uint32)),
        *(("kind", np.int32), ("shift", np.int32)),
    ]
)
_SEQUENCED = b"S"
_WRITE, _READ, _GIVE = range(3)
_ANSWER = np.dtype(
    [
        *((name, np.uint32) for name in ("turn", "delay", "length", "divide")),
        *((name, np.uint8, 4) for name in ("from", "to", "size")),
        *(("shares_from", np.uint8), ("shares_to", np.uint8), ("spare", np.uint8, 2)),
        ("bytes", np.uint8, LONGEST),
    ]
)
_SESSION = np.dtype(
    [
        *((name, np.uint64) for name in ("our_mac", "peer_mac")),
        *((f"{name}_address", np.uint32) for name in ("our", "peer")),
        *((f"{name}_byte", np.uint32) for name in ("next", "expected")),
        *((name, np.uint16) for name in ("our_port", "peer_port", "window", "spare")),
    ]
)
_ALL, _HALF, _REST = 1, 2, 3
TURNS = 4


@dataclass(frozen=True)
class Desk:
    """What is done at the risk window, and from when on; and the session with a venue, a row of
    TCP_SESSION, which is handed over first. Without one nobody answers, and no order leaves."""

    commands: Commands = ()
    session: Records | None = None

    def accesses(self) -> bytes:
        given = [] if self.session is None else window.hand_over(self.session)
        rows = [(0, address, word, _WRITE, 0) for address, word in given]
        rows += [row for one in self.commands for row in _accesses(*one)]
        return np.array(rows, _ACCESS).tobytes()

    def ends(self) -> bytes:
        """The session, for its other end; nothing where there is none."""
        if self.session is None:
            return b""
        row = np.zeros(1, _SESSION)
        for name in TCP_SESSION.dtype.names or ():
            row[name] = self.session[name]
        return row.tobytes()

    def plan(self) -> bytes:
        """How the venue answers; nothing where there is none."""
        if self.session is None:
            return b""
        rows = np.concatenate([np.zeros(0, _ANSWER), *_answers()])
        return np.uint32(TURNS).tobytes() + rows.tobytes()


def heard(cycles: Array, stream: Array) -> Array:
    """The venue's messages in the bytes that were taken of it, each with its cycle."""
    packets, _ = soup.split(stream.tobytes())
    ends = np.cumsum([soup.PREFIX + len(one) for one in packets], dtype=np.int64)
    said = [
        (cycles[end - 1] + 1, len(one) - 1, np.frombuffer(one[1:].ljust(LONGEST, b"\0"), np.uint8))
        for one, end in zip(packets, ends.tolist(), strict=True)
        if one[:1] == _SEQUENCED
    ]
    return np.array(said, HEARD)


def _accesses(cycle: int, one: Command) -> list[tuple[int, int, int, int, int]]:
    """Of one command: the words that aren't 0, and the one that says go."""
    rows = []
    given = {} if one.act != Act.ARM else _nonce_words()
    if given:
        rows.append((cycle, risk_regmap.NONCE.address, 0, _READ, 0))
    for address, word in window.command(one.row, one.limits):
        if address in given:
            rows.append((cycle, address, word, _GIVE, given[address]))
        elif word:
            rows.append((cycle, address, word, _WRITE, 0))
    return rows


def _nonce_words() -> dict[int, int]:
    """The registers in which the nonce's bits are, and how far it is shifted in each."""
    fields = list(RISK_COMMAND.fields)
    names = [each.name for each in fields]
    low = sum(each.bits for each in fields[names.index("nonce") + 1 :])
    bits = fields[names.index("nonce")].bits
    first, last = low // 32, (low + bits - 1) // 32
    return {risk_regmap.COMMAND[n].address: low - 32 * n for n in range(first, last + 1)}


def _answers() -> list[Array]:
    """In turns: all at once, half and the rest cancelled, cancelled, refused."""
    taken = ("order_accepted", {"order_state": CODES["order_state"]["live"]}, _ALL)
    return [
        _answer(0, 20, *taken),
        _answer(0, 60, "order_executed", {}, _ALL),
        _answer(1, 20, *taken),
        _answer(1, 60, "order_executed", {}, _HALF),
        _answer(1, 200, "order_canceled", {}, _REST),
        _answer(2, 20, *taken),
        _answer(2, 500, "order_canceled", {}, _ALL),
        _answer(3, 30, "order_rejected", {}, _ALL),
    ]


def _answer(turn: int, delay: int, name: str, own: dict[str, bytes], divide: int) -> Array:
    """A message, with whatever the order says of the same name."""
    kind, order = CODEC.by_name[name], CODEC.by_name["enter_order"]
    theirs = {each.name: each for each in order.fields}
    values: dict[str, int | bytes] = {
        each.name: b" " * each.length if each.kind == "alpha" else 0
        for each in kind.fields
        if each.name not in ("message_type", "appendage_length")
    }
    values |= {
        each.name: next(iter(CODES[each.code].values())) for each in kind.fields if each.code
    }
    raw = CODEC.encode("venue", Said(name, values | own))
    row = np.zeros(1, _ANSWER)
    row["turn"], row["delay"], row["length"], row["divide"] = turn, delay, len(raw), divide
    row["bytes"][0, : len(raw)] = np.frombuffer(raw, np.uint8)
    copied = [each for each in kind.fields if each.name in ("user_ref_num", "symbol", "price")]
    for at, each in enumerate(copied):
        row["from"][0, at] = theirs[each.name].offset
        row["to"][0, at], row["size"][0, at] = each.offset, each.length
    row["shares_from"] = theirs["quantity"].offset
    row["shares_to"] = next((each.offset for each in kind.fields if each.name == "quantity"), 0)
    return row
