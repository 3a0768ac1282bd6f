"""Bench of feed_book with DEEP: whether a book is halted, where that isn't all known.

Each packet is written down here, with what its frame is; so is what the host does in between.
"""

from __future__ import annotations

import struct
from typing import Any

import cocotb
import numpy as np
from cocotb.triggers import RisingEdge

from sim.golden.iextp_rx import DEEP
from sim.golden.tick_pkg import RECORDS, pack
from sim.lib.bench import start
from sim.stimulus.feed_book_levels import A, Levels
from sim.test_iextp_rx import packed
from tickwire.exchange import deep_day
from tickwire.gen.records import Operation, Reason, Side
from tickwire.wire import deep
from tickwire.wire.chunks import Chunks
from tickwire.wire.ethernet import frames
from tickwire.wire.mold import named
from tickwire.wire.traffic import Traffic

APART = 1200  # cycles between the beginnings of packets: all that one does is done by then
FIRST = 600
Packet = tuple[int, list[bytes]]  # the first message's number, and the messages


def said(kind: bytes, symbol: bytes = b"", **fields: bytes | int) -> bytes:
    row: dict[str, Any] = {"message_type": kind, "timestamp": deep_day.DAY + 1, **fields}
    if symbol:
        row["symbol"] = symbol
    return bytes(deep.CODEC.encode(deep.CODEC.one_by_one([row]))[2:])


def status(said_so: bytes, symbol: bytes = b"AAAA") -> bytes:
    return said(b"H", symbol, trading_status=said_so)


def operational(said_so: bytes, symbol: bytes = b"AAAA") -> bytes:
    return said(b"O", symbol, operational_halt_status=said_so)


def level(kind: bytes, price: int, symbol: bytes = b"AAAA") -> bytes:
    return said(kind, symbol, price=price, size=100, event_flags=1)


OPEN = said(b"S", system_event=b"R")


def sent(packets: list[Packet], wrong: tuple[int, ...] = ()) -> Traffic:
    """Those at the places `wrong` have a wrong check sequence."""
    payloads = [
        packed(several, None, b"", session=1, channel=1, sequence=at) for at, several in packets
    ]
    framed = [bytes(one) for one in frames(Chunks.of(payloads), A)]
    for place in wrong:
        framed[place] = framed[place][:-1] + bytes([framed[place][-1] ^ 1])
    zeros = np.zeros(len(framed), np.uint8)
    first = np.array([began(place) for place in range(len(framed))], np.int64)
    return Traffic(Chunks.of(framed), zeros, first, zeros, zeros.astype(np.uint16))


# As IEX-TP names it: the message protocol, a channel, a session.
SESSION = struct.pack(">HII", DEEP, 1, 1)


def began(place: int) -> int:
    return FIRST + APART * place


def operation(kind: Operation, **fields: int) -> int:
    whole = dict.fromkeys((one.name for one in RECORDS["book_op"]), 0)
    return pack("book_op", whole | {"operation": kind} | fields)


def snapshot(cycle: int, last: int) -> list[tuple[int, int]]:
    """Of slot 0, which is halted: one level, up to the message `last`."""
    word = [
        operation(Operation.LOAD),
        operation(Operation.ADD, order_reference=10_000, shares=100, price=10_000, side=Side.BUY),
        operation(Operation.HALT),
        operation(Operation.TRUST, sequence_number=last, **named(SESSION)),
    ]
    return [(cycle, one) for one in word]


HALTED = [OPEN, status(b"H"), level(b"8", 10_000)]
AFTER = [(4, [level(b"5", 10_100)]), (5, [operational(b"N")]), (6, [status(b"T")])]
LEFT: dict[str, tuple[list[Packet], tuple[int, ...]]] = {
    "undone": ([(1, HALTED), (4, [status(b"T"), level(b"5", 10_200)]), *AFTER], (1,)),
    "lost": ([(1, [status(b"T"), operational(b"N")]), (3, []), *AFTER], ()),
}


@cocotb.test()
@cocotb.parametrize(what=tuple(LEFT))
async def what_was_halted_stays_so(dut: Any, what: str) -> None:
    """A T that was undone, and an H that was lost: the host says by its snapshot that the slot is
    halted, and an O that isn't one doesn't resume it; the next T does."""
    packets, wrong = LEFT[what]
    play = Levels(dut)
    play.host_ops = snapshot(began(len(packets) - 2) - APART // 2, 4)
    await start(dut)
    await play.send(sent(packets, wrong))
    tops, _ = play.seen()
    rows = {int(row["sequence_number"]): row for row in tops if row["sequence_number"] > 4}
    assert not play.host_ops and not rows[5]["stale"] and not rows[6]["stale"]
    assert rows[5]["halted"] and not rows[6]["halted"]


BEFORE = {
    "H H": (status(b"H", b"BBBB"), True),
    "O O": (operational(b"O", b"BBBB"), True),
    "H T": (status(b"T", b"BBBB"), False),
    "O N": (operational(b"N", b"BBBB"), False),
}


@cocotb.test()
@cocotb.parametrize(what=tuple(BEFORE), how=("enabled", "named"))
async def a_slot_that_comes_after_a_halt_is_stale(dut: Any, what: str, how: str) -> None:
    """Before any level: nobody told the slot, which is enabled or given the symbol only then."""
    message, halts = BEFORE[what]
    play = Levels(dut)
    play.ports.write({"enable": 1})
    await start(dut)

    async def write() -> None:
        while play.cycle < began(1) - APART // 2:
            await RisingEdge(dut.clk)
        names = {"enabled": {"enable": 3}, "named": {"symbol": int.from_bytes(b"BBBB    ", "big")}}
        play.ports.write(names[how])

    cocotb.start_soon(write())
    await play.send(sent([(1, [OPEN, message]), (3, [level(b"8", 10_000, b"BBBB")])]))
    row = play.seen()[0][-1]
    assert row["sequence_number"] == 3 and row["slot"] == int(how == "enabled")
    assert row["stale"] == halts and not row["halted"]
    if halts:
        assert row["reason"] == (Reason.NO_START if how == "enabled" else Reason.RELOCATED)


SAID = {"neither": [], "H": [status(b"T")], "O": [operational(b"N")]}


@cocotb.test()
@cocotb.parametrize(what=tuple(SAID))
async def what_the_morning_leaves_out_is_halted(dut: Any, what: str) -> None:
    """Nobody may act on the slot of an instrument until IEX has said both of it; on another's they
    may."""
    play = Levels(dut)
    other = [status(b"T", b"BBBB"), operational(b"N", b"BBBB")]
    begin = [OPEN, *other, *SAID[what], level(b"8", 10_000), level(b"8", 20_000, b"BBBB")]
    rest = [one for one in (status(b"T"), operational(b"N")) if one not in SAID[what]]
    numbers = 1, 1 + len(begin), 1 + len(begin) + len(rest)
    play.ports.write({"any_hours": 0})
    await start(dut)
    await play.send(
        sent([(numbers[0], begin), (numbers[1], rest), (numbers[2], [level(b"5", 11_000)])])
    )
    rows = {int(row["sequence_number"]): row for row in play.seen()[0]}
    first, second, last = rows[len(begin) - 1], rows[len(begin)], rows[numbers[2]]
    assert not first["stale"] and first["reason"] == Reason.HALTED
    assert not second["stale"] and second["reason"] == Reason.ONE_SIDED
    assert not last["stale"] and not last["halted"] and last["reason"] == Reason.OK
