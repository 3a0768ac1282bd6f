"""What a host writes into the risk window: a record's words, and then the word that says go.

A command, or a confirmation, is taken whole by its last write; what it took is 0 afterwards. So no
word of one before can be a part of it, and a host that dies between two writes has done nothing.
Limits that aren't written are 0, which isn't the strictest of all: who commands them gives them.
"""

from __future__ import annotations

from hwtools.bits import Layout, Records, pack
from hwtools.registers import Register
from tickwire.gen import risk_regmap
from tickwire.gen.records import (
    CONFIRMATION,
    RISK_COMMAND,
    SLOT_LIMITS,
    TCP_SESSION,
    TOTAL_LIMITS,
    Act,
)

Writes = list[tuple[int, int]]  # address, word
PACKET = 4 * risk_regmap.PACKET.count  # bytes

_LIMITS = {Act.SLOT_LIMITS: SLOT_LIMITS, Act.TOTAL_LIMITS: TOTAL_LIMITS}


def command(row: Records, limits: Records | None = None) -> Writes:
    """One command, with the limits of a slot or of all, if it is of these, and only then."""
    writes = _words(row, RISK_COMMAND, risk_regmap.COMMAND)
    act = Act(int(row["act"][0]))
    layout = _LIMITS.get(act)
    if (None if limits is None else limits.dtype) != (layout and layout.dtype):
        wanted = f"takes {layout.name}" if layout else "takes no limits"
        raise ValueError(f"the command {act.name.lower()} {wanted}")
    if layout and limits is not None:
        writes += _words(limits, layout, risk_regmap.LIMITS)
    return [*writes, (risk_regmap.ISSUE.address, risk_regmap.ISSUE.encode(go=1))]


def confirmation(row: Records) -> Writes:
    """What became of one order."""
    writes = _words(row, CONFIRMATION, risk_regmap.CONFIRMATION)
    return [*writes, (risk_regmap.CONFIRM.address, risk_regmap.CONFIRM.encode(go=1))]


def hand_over(row: Records) -> Writes:
    """The order's session becomes the card's, if it is settled."""
    writes = _words(row, TCP_SESSION, risk_regmap.SESSION)
    return [*writes, (risk_regmap.HAND_OVER.address, risk_regmap.HAND_OVER.encode(go=1))]


def take_back() -> Writes:
    """And the host's again, when it is settled."""
    return [(risk_regmap.TAKE_BACK.address, risk_regmap.TAKE_BACK.encode(go=1))]


def packet(raw: bytes) -> Writes:
    """A packet of SoupBinTCP from its type on, for the card to send; none may wait there yet."""
    if not 1 <= len(raw) <= PACKET:
        raise ValueError(f"a packet has 1 to {PACKET} bytes from its type on, not {len(raw)}")
    words = [raw[at : at + 4].ljust(4, b"\0") for at in range(0, len(raw), 4)]
    writes = [
        (risk_regmap.PACKET[n].address, int.from_bytes(word, "big")) for n, word in enumerate(words)
    ]
    go = risk_regmap.SEND.encode(length=len(raw), go=1)
    return [*writes, (risk_regmap.SEND.address, go)]


def _words(row: Records, layout: Layout, register: Register) -> Writes:
    if len(row) != 1:
        raise ValueError(f"the risk window takes one {layout.name} at a time, not {len(row)}")
    whole = int.from_bytes(pack(row, layout)[0].tobytes(), "big")
    count = -(-layout.width // 32)
    return [(register[n].address, whole >> 32 * n & 0xFFFF_FFFF) for n in range(count)]
