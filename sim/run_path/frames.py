"""The last level of a run: each order's frame on the line to the venue, byte by byte, with the
cycle in which it begins.

What must come follows from the orders' messages, of which some were refused, and from the session
as it was handed over. Two things depend on what the venue had sent by then, and are read off the
frame itself: what it acknowledges, which is the end of one of the venue's packets, no less than was
heard by then and than any frame before it said; and the window. An order waits for the line only:
its frame begins 2 cycles after its message, or as soon as the one before it lets it. Behind all
orders comes what a killed gate sends to cancel them; its cycle isn't looked at.
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from sim.golden.order_cancel import ALL, DISABLE
from sim.golden.order_cancel import packet as cancel
from sim.golden.tcp_rx import WORD, Session
from sim.golden.tcp_tx import PSH_ACK, frame_of
from tickwire.board.virtual.core import CoreObserved
from tickwire.gen.records import TCP_SESSION
from tickwire.replay.orders import Orders
from tickwire.risk import ouch
from tickwire.wire import soup

Array = npt.NDArray[Any]

PACKET = soup.PREFIX + 1 + ouch.LENGTH
_HEADERS, _ACKNOWLEDGED, _WINDOW = 54, 42, 48  # bytes, and where these two are
_SHORTEST = 64  # a frame's bytes
LENGTH = _HEADERS + PACKET + 4
FRAME = np.dtype(
    [
        *(("sequence_number", np.uint64), ("slot", np.uint8), ("cycle", np.int64)),
        ("bytes", np.uint8, LENGTH),
    ]
)
BEGINS = 2  # cycles from an order's message to its frame's first byte
_REST = {8: 13, 64: 4}  # from a frame's last beat to the next one's first


def session() -> Records:
    """Of a simulated venue. The card's numbers wrap after some orders."""
    row = TCP_SESSION.empty(1)
    row["our_mac"], row["peer_mac"] = 0x02_54_57_00_00_01, 0x02_54_57_00_00_02
    row["our_address"], row["peer_address"] = 0xC0_00_02_01, 0xC0_00_02_02  # 192.0.2.1 and 2
    row["our_port"], row["peer_port"] = 40_000, 26_477
    row["next_byte"], row["expected_byte"] = WORD - 2_048, 1_000_000_000
    row["window"] = 16_384
    return row


def which(theirs: Orders, observed: CoreObserved) -> Array:
    """The orders that weren't refused."""
    refused = [int.from_bytes(raw.tobytes(), "big") for raw in observed.refused[1]]
    return np.flatnonzero(~np.isin(theirs.orders["token"], refused))


def expected(theirs: Orders, observed: CoreObserved, given: Records, width: int) -> Array:
    """A row for each order that wasn't refused."""
    ends = Session(**{name: int(given[name][0]) for name in given.dtype.names or ()})
    left = which(theirs, observed)
    rows, came, others = np.zeros(len(left), FRAME), of_orders(observed), _others(observed)
    for name in ("sequence_number", "slot"):
        rows[name] = theirs.orders[name][left]
    rows["cycle"] = theirs.sent[left] + BEGINS
    before = came[: len(rows)] - 1
    free = np.where(before < 0, 0, observed.frames["last"][before] + _REST[width])
    rows["cycle"][: len(free)] = np.maximum(rows["cycle"][: len(free)], free)
    said = _said(observed, np.concatenate([came[: len(rows)], others]), ends)
    packets = [soup.packet(b"U" + theirs.messages[row].tobytes()) for row in left.tolist()]
    if theirs.cancels is not None:
        packets += [cancel(what, theirs.cancels + at, {}) for at, what in enumerate((DISABLE, ALL))]
        rows = np.concatenate([rows, np.zeros(2, FRAME)])
        rows["cycle"][len(left) :][: len(others)] = observed.frames["cycle"][others][:2]
    number = ends.next_byte
    for at, packet in enumerate(packets):
        acknowledged, window = said[at] if at < len(said) else (ends.expected_byte, 0)
        frame = frame_of(ends, number % WORD, acknowledged, window, PSH_ACK, packet)
        whole = frame + zlib.crc32(frame).to_bytes(4, "little")
        rows["bytes"][at] = np.frombuffer(whole.ljust(LENGTH, b"\0"), np.uint8)
        number += len(packet)
    return rows


def seen(observed: CoreObserved) -> Array:
    """Each frame of an order that came, of the decision that gave its token; then the others."""
    which = np.concatenate([of_orders(observed), _others(observed)])
    frames, decisions = observed.frames[which], observed.rows("decisions")
    rows = np.zeros(len(frames), FRAME)
    rows["cycle"], rows["bytes"] = frames["cycle"], frames["bytes"][:, :LENGTH]
    tokens = {int(token): row for row, token in enumerate(decisions["token"])}
    at = _HEADERS + soup.PREFIX + 2
    for row in range(len(rows)):
        of = tokens.get(int.from_bytes(rows["bytes"][row, at : at + 4].tobytes(), "big"))
        if of is not None:
            for name in ("sequence_number", "slot"):
                rows[name][row] = decisions[name][of]
    return rows


def of_orders(observed: CoreObserved) -> Array:
    """Which frames are as long as an order's."""
    return np.flatnonzero(observed.frames["length"] == LENGTH)


def _others(observed: CoreObserved) -> Array:
    """Which neither are, nor bare acknowledgements."""
    lengths = observed.frames["length"]
    return np.flatnonzero((lengths != LENGTH) & (lengths > _SHORTEST))


def _said(observed: CoreObserved, which: Array, ends: Session) -> list[tuple[int, int]]:
    """What each of these acknowledges and its window, as it may be."""
    packets, _ = soup.split(observed.rows("heard_bytes").tobytes())
    boundaries = {0, *np.cumsum([soup.PREFIX + len(one) for one in packets]).tolist()}
    heard = np.searchsorted(observed.cycles_of("heard_bytes"), observed.frames["cycle"])
    most, said = 0, []
    for row, frame in enumerate(observed.frames):
        raw = frame["bytes"].tobytes()
        number = int.from_bytes(raw[_ACKNOWLEDGED : _ACKNOWLEDGED + 4], "big")
        known = (number - ends.expected_byte) % WORD
        if known in boundaries and known >= max(most, int(heard[row])):
            most = known
        else:
            most = max(most, int(heard[row]))
        window = int.from_bytes(raw[_WINDOW : _WINDOW + 2], "big")
        said.append(((ends.expected_byte + most) % WORD, window))
    return [said[row] for row in which.tolist()]
