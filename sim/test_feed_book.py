"""Bench of feed_book: frames in, books out. The golden model is the host's decoder and book.

Here is a little of each; days, LOBSTER, wrong frames by the million: `make measure NAME=feed`.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import cocotb
import numpy as np
import pytest
from cocotb.triggers import RisingEdge

from sim.golden import feed_book as golden
from sim.golden.tick_pkg import pack, unpack
from sim.lib.bench import Ports, figure, start
from sim.lib.runner import run
from sim.stimulus import feed
from sim.stimulus import fuzz as feed_fuzz
from sim.test_feed_rx import SCAPY, Play, a_frame
from tickwire.board.virtual.feed_book import levels
from tickwire.exchange.flow import Day, DayConfig, packets
from tickwire.gen.records import BOOK_OP, DEPTH, TOP_OF_BOOK, Operation, Reason
from tickwire.wire import itch, mold
from tickwire.wire.chunks import Chunks
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.mold import packetise
from tickwire.wire.traffic import Registers, Traffic

START = 200  # cycles until the tables of TABLES are empty, and more
SESSION = b"TRUSTED"
TABLES = {"ORDER_ROWS": 64, "LEVEL_ROWS": 64}


class Books(Play):
    """Also what is shown, and a host that empties books."""

    OPERATION = ("operation_valid", "operation")

    def __init__(self, dut: Any, registers: Registers) -> None:
        super().__init__(dut, registers)
        self.tops: list[tuple[int, int, int, int, int]] = []
        self.taken: list[int] = []
        self.refills: list[int] = []
        self.host_ops: list[tuple[int, int]] = []
        self.ports.write({"host_op_valid": 0, "host_op": 0})

    def see(self) -> None:
        read = self.ports.read
        self.refills += [self.cycle] * read("refilled").bit_count()
        if read("m_valid"):
            names = ("m_top", "m_depth", "m_cause", "m_ignored")
            self.tops.append((self.cycle, *(read(name) for name in names)))  # type: ignore[arg-type]
        if self.host_ops and self.cycle > self.host_ops[0][0] and read("host_op_ready"):
            self.taken.append(self.cycle)
            self.host_ops.pop(0)
        waiting = bool(self.host_ops) and self.cycle >= self.host_ops[0][0]
        self.ports.write({"host_op_valid": int(waiting)})
        if waiting:
            self.ports.write({"host_op": self.host_ops[0][1]})
        super().see()


def unpacked(name: str, layout: Any, words: list[int]) -> Any:
    rows = layout.empty(len(words))
    for row, word in enumerate(words):
        for field, value in unpack(name, word).items():
            rows[field][row] = value
    return rows


def check(play: Books, expected: golden.Replayed) -> None:
    tops = unpacked("top_of_book", TOP_OF_BOOK, [row[1] for row in play.tops])
    depths = unpacked("depth", DEPTH, [row[2] for row in play.tops])
    outcome = expected.outcome
    assert len(tops) == len(outcome.tops)
    different = np.flatnonzero(tops != outcome.tops)
    assert not len(different), (tops[different[0]], outcome.tops[different[0]])
    assert outcome.levels is not None
    assert (levels(tops, depths) == outcome.levels).all()
    ignored = np.array([row[4] for row in play.tops], bool)
    causes = np.array([row[3] for row in play.tops])
    assert (ignored == outcome.ignored).all()
    assert (causes == outcome.causes)[~ignored].all()
    events = Counter(golden.EVENTS[cause] for cause in causes.tolist() if cause in golden.EVENTS)
    events["ignored_operations"] = int(ignored.sum())
    names = (*golden.EVENTS.values(), "ignored_operations")
    assert {name: play.events[name] for name in names} == {name: events[name] for name in names}


def lates(play: Books, expected: golden.Replayed) -> dict[bool, set[int]]:
    """Cycles from a message's last byte to the book, of replaces and of others."""
    by_kind: dict[bool, set[int]] = {True: set(), False: set()}
    for (cycle, word, *_), mine in zip(play.tops, expected.of_feed.tolist(), strict=True):
        top = unpack("top_of_book", word)
        if mine:
            late = cycle - top["message_cycle"]  # type: ignore[operator]
            by_kind[top["operation"] == Operation.REPLACE].add(late)
    return by_kind


@cocotb.test()
async def a_day_from_its_first_message(dut: Any) -> None:
    """Spaced, so that nothing waits: each book change is as late as the next."""
    width = len(dut.s_axis_tkeep) * 4
    day = Day(DayConfig(seed=cocotb.RANDOM_SEED, events=200, resting=20))
    framed = frames(packets(day.messages()), Flow())
    registers = Registers(locates=day.locates)
    traffic = Traffic.of(framed, width, start=START)
    play = Books(dut, registers)
    await start(dut)
    await play.send(traffic)
    expected = golden.replay(traffic, registers, width)
    check(play, expected)
    late, bound = lates(play, expected), golden.LATENCY[width]
    assert min(late[False]) == bound and min(late[True]) == bound + 2 and len(play.tops) > 150
    if width == 8:
        assert late == {False: {bound}, True: {bound + 2}}
    figure("latency", min(late[False]), "cycles")
    figure("latency_of_a_replace", min(late[True]), "cycles")


@cocotb.test()
async def right_and_wrong_frames(dut: Any) -> None:
    """With a host that empties the slots that have become stale."""
    width = len(dut.s_axis_tkeep) * 4
    fuzz = feed_fuzz.fuzz(cocotb.RANDOM_SEED, 60 if width == 8 else 120, width)
    cycles, ops = feed_fuzz.host(fuzz)
    names = ops.dtype.names or ()
    words = [pack("book_op", dict(zip(names, row, strict=True))) for row in ops.tolist()]
    play = Books(dut, feed_fuzz.REGISTERS)
    play.host_ops = list(zip(cycles.tolist(), words, strict=True))
    await start(dut)
    await play.send(fuzz.traffic)
    assert len(play.taken) == len(ops)
    host = np.array(play.taken), ops
    expected = golden.replay(fuzz.traffic, feed_fuzz.REGISTERS, width, host)
    check(play, expected)
    applied = ~expected.outcome.ignored & (expected.outcome.causes == 0)
    assert applied.sum() > 30 and expected.outcome.ignored.sum() > 2


@cocotb.test()
async def what_a_wrong_frame_touched_is_stale(dut: Any) -> None:
    """Slot 0's order is of a frame that turns out wrong: its next record says so, not slot 1's."""
    width, rng = len(dut.s_axis_tkeep) * 4, random.Random(cocotb.RANDOM_SEED)
    registers = Registers(group=SCAPY.group, port=SCAPY.port, locates={40: 0, 41: 1})
    framed = [a_frame(rng, n, [feed.order(n, locate)]) for n, locate in ((1, 40), (2, 41), (3, 40))]
    framed += [
        a_frame(rng, n, [feed.order(n, locate)]) for n, locate in ((3, 40), (4, 41), (5, 40))
    ]
    framed[2] = framed[2][:-1] + bytes([framed[2][-1] ^ 1])
    traffic = Traffic.of(Chunks.of(framed), width, space=200, start=START)
    play = Books(dut, registers)
    await start(dut)
    await play.send(traffic)
    expected = golden.replay(traffic, registers, width)
    check(play, expected)
    tops = expected.outcome.tops
    stale = [(row["slot"], bool(row["stale"])) for row in tops]
    assert stale == [(0, False), (1, False), (0, False), (0, True), (1, False), (0, True)]
    assert tops["reason"][3] == Reason.BAD_FRAME


@cocotb.test()
async def a_snapshot_is_trusted_to_its_number(dut: Any) -> None:
    """The operation of that number is kept out, the next one isn't, though they come together."""
    width = len(dut.s_axis_tkeep) * 4
    day = Day(DayConfig(seed=7, events=120, resting=20))
    registers = Registers(locates=day.locates)
    framed = frames(packets(day.messages(), session=SESSION), Flow())
    space = np.where(np.arange(len(framed)) == 1, 20 * START, 0)  # the session begins, then waits
    traffic = Traffic.of(framed, width, space=space, start=START)
    operations = golden.replay(traffic, registers, width).received.operations
    named = operations[operations["operation"] != Operation.NONE]
    pairs = np.flatnonzero((np.diff(named["slot"]) == 0) & (np.diff(named["sequence_number"]) == 1))
    last = named[pairs[len(pairs) // 2]]
    slot, upto = int(last["slot"]), int(last["sequence_number"])
    blank = dict.fromkeys(BOOK_OP.dtype.names or (), 0) | {"slot": slot}
    words = [
        pack("book_op", blank | {"operation": Operation.LOAD}),
        pack(
            "book_op",
            blank | {"operation": Operation.TRUST, "sequence_number": upto} | mold.named(SESSION),
        ),
    ]
    play = Books(dut, registers)
    play.host_ops = [(int(traffic.first[1]) - 10 * START, word) for word in words]
    await start(dut)
    await play.send(traffic)
    assert len(play.taken) == 2
    tops = unpacked("top_of_book", TOP_OF_BOOK, [row[1] for row in play.tops])
    later = tops["message_cycle"] > traffic.first[1]
    feeds = tops[later & (tops["operation"] != Operation.NONE)]
    came = feeds["sequence_number"][feeds["slot"] == slot].tolist()
    mine = named["sequence_number"][named["slot"] == slot].tolist()
    assert came == [number for number in mine if number > upto] and upto + 1 in came
    assert len(came) > 2 and len(mine) - len(came) > 2


@cocotb.test()
async def a_snapshot_is_of_the_session_that_goes_on(dut: Any) -> None:
    """One of a session that ended isn't trusted, neither then nor as the next one goes on."""
    width = len(dut.s_axis_tkeep) * 4
    ended, goes_on = (mold.named(session) for session in (b"ENDED", b"GOES ON"))
    payloads = [
        *packetise(b"", [0], session=b"ENDED", end=True),
        *packetise(b"", [0, 0], session=b"GOES ON"),
    ]
    sent = frames(Chunks.of(bytes(one) for one in payloads), Flow())
    traffic = Traffic.of(sent, width, start=START, space=1_000)
    registers = Registers(locates={1: 0})
    play = Books(dut, registers)
    blank = dict.fromkeys(BOOK_OP.dtype.names or (), 0)
    for place, session in ((0, ended), (1, ended), (2, ended), (2, goes_on)):
        at = int(traffic.first[place]) + 400
        for operation in (Operation.LOAD, Operation.TRUST):
            word = pack("book_op", blank | {"operation": operation} | session)
            play.host_ops.append((at + 400 * (session is goes_on), word))
    await start(dut)
    await play.send(traffic)
    assert len(play.taken) == 8 and play.events["refused_trusts"] == 2
    tops = unpacked("top_of_book", TOP_OF_BOOK, [row[1] for row in play.tops])
    rows = list(zip(tops["operation"].tolist(), tops["stale"].tolist(), strict=True))
    load, trust = (Operation.LOAD, True), (Operation.TRUST, False)
    assert rows == [load, trust, load, load, load, trust]


@cocotb.test()
async def a_side_comes_back_from_beyond_the_cache(dut: Any) -> None:
    """A packet takes some of its levels, time goes by, and as many have come: they are such as take
    long to find, since their prices have no index."""
    width, cache, burst = len(dut.s_axis_tkeep) * 4, int(dut.CACHE.value), 7
    numbers = range(cache + 2 * burst)
    messages: list[dict[str, int | bytes]] = [
        {"message_type": b"A", "stock_locate": 1, "timestamp": number, "stock": b"TICK",
         "order_reference_number": 1 + number, "buy_sell_indicator": b"S", "shares": 100,
         "price": 500_000 + 3300 * number + (number >= cache)}
        for number in numbers
    ]  # fmt: skip
    messages += [
        {"message_type": b"D", "stock_locate": 1, "timestamp": 1000 + number,
         "order_reference_number": 1 + number}
        for number in range(3 * burst)
    ]  # fmt: skip
    counts = [1] * len(numbers) + [burst] * 3
    payloads = packetise(itch.encode(itch.one_by_one(messages)), counts, session=b"BEYOND")
    registers = Registers(locates={1: 0})
    traffic = Traffic.of(frames(payloads, Flow()), width, start=START, space=300)
    play = Books(dut, registers)
    await start(dut)
    await play.send(traffic)
    books = golden.replay(traffic, registers, width)
    assert len(books.outcome.tops) == len(messages) and not books.outcome.causes.any()
    check(play, books)
    begins = [play.tops[len(numbers) + at][0] - 8 for at in (0, burst, 2 * burst)]
    came = [sum(cycle < begin for cycle in play.refills) for begin in begins]
    assert came == [0, burst, 2 * burst], came


@cocotb.test()
async def reset_empties_the_books(dut: Any) -> None:
    width = len(dut.s_axis_tkeep) * 4
    day = Day(DayConfig(seed=5, events=60, resting=20))
    traffic = Traffic.of(frames(packets(day.messages()), Flow()), width, start=START)
    registers = Registers(locates=day.locates)
    for _ in range(2):
        play = Books(dut, registers)
        if not _:
            await start(dut)
        else:
            ports = Ports(dut)
            ports.write({"rst": 1})
            await RisingEdge(dut.clk)
            ports.write({"rst": 0})
        await play.send(traffic)
        check(play, golden.replay(traffic, registers, width))


@pytest.mark.parametrize("gated", [0, 1])
@pytest.mark.parametrize("width", [8, 64])
def test_feed_book(width: int, gated: int) -> None:
    run("feed_book", {"W": width, "GATED": gated, **TABLES})


@pytest.mark.parametrize("width", [8, 64])
def test_levels(width: int) -> None:
    run("feed_book", {"W": width, "DEEP": 1, **TABLES}, bench="stimulus.feed_book_levels")


@pytest.mark.parametrize("width", [8, 64])
def test_halts(width: int) -> None:
    run("feed_book", {"W": width, "DEEP": 1, **TABLES}, bench="stimulus.feed_book_halts")
