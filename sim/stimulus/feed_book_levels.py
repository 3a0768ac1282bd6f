"""Bench of feed_book with DEEP: a day of levels on both feeds; packets and messages that are wrong.

Every record of a book must be what the host makes of the same bytes (level_operations.py and the
compiled book), and its levels those of a naive book that MeatPy's decoder feeds.
"""

from __future__ import annotations

import random
import struct
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cocotb
import numpy as np
from cocotb.triggers import RisingEdge
from meatpy.iex_deep import iex_deep_message_reader

from sim.golden.iextp_rx import DEEP, TOO_MANY
from sim.lib.bench import Ports, figure, start
from sim.lib.level_rules import Rules, spoilt
from sim.test_feed_book import START, Books, unpacked
from sim.test_iextp_rx import packed
from tickwire.board.virtual.feed_book import levels
from tickwire.book.compiled import Book
from tickwire.exchange import deep_day
from tickwire.exchange.flow import Day, DayConfig
from tickwire.gen.records import DEPTH, TOP_OF_BOOK, Operation, Reason, Side
from tickwire.wire import deep, level_operations, pcap
from tickwire.wire.chunks import Chunks
from tickwire.wire.codec import Messages
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.traffic import Registers, Traffic

A, B = Flow(), Flow(destination_address="233.54.12.112")
ELSEWHERE = Flow(destination_port=9)
NAMES = ("AAAA", "BBBB")
REGISTERS = Registers(any_hours=1, locates={1: 0, 2: 1}, known=dict(enumerate(NAMES)))
SLOTS = {name.ljust(8).encode(): slot for slot, name in enumerate(NAMES)}
LATENCY = {8: 13, 64: 14}
STAMPS = ("frame_cycle", "message_cycle")
DAMAGED = 150  # days
SPACE = 120  # cycles between packets, so that nothing waits at W = 64


class Levels(Books):
    """Also what the books come to, as the host has it."""

    def __init__(self, dut: Any) -> None:
        super().__init__(dut, REGISTERS)
        self.ports.write({"midnight": deep_day.DAY})

    def seen(self) -> tuple[Any, Any]:
        tops = unpacked("top_of_book", TOP_OF_BOOK, [row[1] for row in self.tops])
        depths = unpacked("depth", DEPTH, [row[2] for row in self.tops])
        return tops, levels(tops, depths)


def a_day(events: int, seed: int = 1) -> Messages:
    """A third instrument isn't followed."""
    config = DayConfig(seed=seed, events=events, symbols=(*NAMES, "CCCC"), resting=20)
    return deep_day.translate(Day(config).messages())[0]


def traffic(
    sent: list[bytes], width: int, flows: list[Flow] | None = None, feeds: list[int] | None = None
) -> Traffic:
    """On feed A, if nothing else is said."""
    flows = flows or [A] * len(sent)
    framed = [
        next(iter(frames(Chunks.of([one]), flow))) for one, flow in zip(sent, flows, strict=True)
    ]
    where = np.array(feeds or [0] * len(sent))
    space = SPACE if width == 64 else 0
    return Traffic.of(Chunks.of(framed), width, feed=where, start=START, space=space)


def same(tops: Any, depths: Any, expected: Any, rows: slice) -> None:
    """The books of these rows are the host's, stamps aside."""
    for name in tops.dtype.names:
        if name not in STAMPS:
            observed, wanted = tops[name][rows], expected.tops[name][rows]
            assert np.array_equal(observed, wanted), (name, np.flatnonzero(observed != wanted)[:3])
    assert np.array_equal(depths[rows], expected.levels[rows])


def hosts(messages: Messages) -> Any:
    ops = level_operations.operations(messages, SLOTS, any_hours=bool(REGISTERS.any_hours))
    return Book(len(NAMES)).apply(ops, levels=True)


async def played(dut: Any, sent: Traffic) -> Levels:
    play = Levels(dut)
    await start(dut)
    await play.send(sent)
    return play


def width_of(dut: Any) -> int:
    return len(dut.s_axis_tkeep) * 4


@cocotb.test()
async def a_day_of_levels(dut: Any) -> None:
    """Each packet comes on both feeds; on each some are lost, but not on both."""
    rng, width = random.Random(cocotb.RANDOM_SEED), width_of(dut)
    messages = a_day(400)
    packets = list(deep_day.packets(messages))
    missed = [rng.choice((None, None, None, 0, 1)) for _ in packets]
    flows = [ELSEWHERE if feed == lost else (A, B)[feed] for lost in missed for feed in (0, 1)]
    twice = [one for one in packets for _ in (0, 1)]
    play = await played(dut, traffic(twice, width, flows, [0, 1] * len(packets)))
    tops, depths = play.seen()
    expected = hosts(messages)
    assert len(tops) == len(expected.tops) > 400 and not expected.tops["stale"].any()
    same(tops, depths, expected, slice(None))
    assert play.events["gaps"] == 0 and play.events["messages"] == len(messages)
    nothing_new = play.events["1 duplicates"] + play.events["1 feed_drops"]
    assert nothing_new == sum(one is None for one in missed) and len({*missed}) == 3
    naive(packets, tops, depths)
    lates = [row[0] for row in play.tops] - tops["message_cycle"].astype(np.int64)
    replaces = tops["operation"] == Operation.REPLACE
    assert lates[~replaces].min() == LATENCY[width] and lates[replaces].min() == LATENCY[width] + 2
    if width == 8:
        assert set(lates[~replaces]) == {LATENCY[8]} and set(lates[replaces]) == {LATENCY[8] + 2}
    figure("latency_of_levels", LATENCY[width], "cycles")


def naive(packets: list[bytes], tops: Any, depths: Any) -> None:
    """MeatPy reads a capture of the day; a size is what rests at a price now."""
    path = Path("day.pcap").absolute()
    pcap.write(path, Chunks.of(frame[:-4] for frame in frames(Chunks.of(packets), A)))
    sides: dict[tuple[bytes, str], dict[int, int]] = {}
    row = compared = 0
    for message in iex_deep_message_reader.IEXDEEPMessageReader().read_file(path):
        code = message.message_type.decode()
        if code not in "85HO" or message.symbol not in SLOTS:
            continue
        assert tops["slot"][row] == SLOTS[message.symbol]
        if code in "85":
            held = sides.setdefault((message.symbol, code), {})
            held[message.price] = message.size
            if not message.size:
                del held[message.price]
            side = Side.BUY if code == "8" else Side.SELL
            shown = [one for one in depths[row, side].tolist() if one[2]]
            best = sorted(held.items(), reverse=code == "8")[: len(depths[row, side])]
            assert [(price, shares) for price, shares, _ in shown] == best, row
            assert tops["last_of_packet"][row] == message.event_flags
            compared += 1
        row += 1
    assert row == len(tops) and compared > 300


def refused(rng: random.Random, sequence: int) -> list[tuple[str, bytes]]:
    """Packets that would be the next, were they right; the counter that has each."""
    update = deep.CODEC.encode(
        deep.CODEC.one_by_one(
            [{"message_type": b"8", "symbol": b"AAAA", "price": 777, "size": 7, "event_flags": 1,
              "timestamp": deep_day.DAY + 1}]
        )
    )[2:]  # fmt: skip
    other = {"session": 1, "sequence": sequence}
    return [
        ("other_protocol", packed([update], None, b"", **other, version=2)),
        ("other_protocol", packed([update], None, b"", **other, protocol=DEEP - 1)),
        ("other_protocol", packed([update], None, b"", session=1, sequence=-sequence)),
        ("message_overruns", packed([update], None, b"", **other) + rng.randbytes(3)),
        ("message_overruns", packed([update], None, b"", **other)[:-1]),
        ("message_overruns", packed([update], TOO_MANY, b"", **other)),
        ("message_overruns", packed([update], None, b"", **other)[:39]),
    ]


@cocotb.test()
async def what_is_refused_changes_nothing(dut: Any) -> None:
    rng, width, messages = random.Random(cocotb.RANDOM_SEED), width_of(dut), a_day(120)
    packets = list(deep_day.packets(messages))
    sent, counts, kinds = list[bytes](), dict[str, int](), 0
    for packet in packets:
        sequence = struct.unpack_from("<q", packet, 24)[0]
        for name, wrong in rng.sample(refused(rng, sequence), 2):
            sent.append(wrong)
            counts[name] = counts.get(name, 0) + 1
        sent.append(packet)
        if rng.random() < 0.5:  # a heartbeat
            counted = struct.unpack_from("<H", packet, 14)[0]
            sent.append(packed([], None, b"", session=1, sequence=sequence + counted))
            kinds += 1
    play = await played(dut, traffic(sent, width))
    tops, depths = play.seen()
    expected = hosts(messages)
    assert len(tops) == len(expected.tops) > 100
    same(tops, depths, expected, slice(None))
    assert {name: play.events[f"0 {name}"] for name in counts} == counts
    assert play.events["0 heartbeats"] == kinds and play.events["sessions_ended"] == 0
    assert play.events["0 other_session"] == 0


Spoiler = Callable[[list[bytes]], list[bytes]]


def resized(body: bytes, by: Callable[[bytes], bytes]) -> Spoiler:
    """In the middle packet, the first update of slot 0 or what `by` makes of it."""

    def spoil(packets: list[bytes]) -> list[bytes]:
        middle = len(packets) // 2
        for at in range(middle, len(packets)):
            head, rest, out, found = packets[at][:40], packets[at][40:], [], False
            while rest:
                size = struct.unpack_from("<H", rest)[0]
                one, rest = rest[2 : 2 + size], rest[2 + size :]
                if not found and one[:1] in b"85" and one[10:18] == body:
                    one, found = by(one), True
                out.append(struct.pack("<H", len(one)) + one)
            if found:
                whole = b"".join(out)
                right = head[:12] + struct.pack("<H", len(whole)) + head[14:] + whole
                return [*packets[:at], right, *packets[at + 1 :]]
        raise AssertionError("no packet has an update of it")

    return spoil


AAAA = b"AAAA    "
WRONG: dict[str, tuple[Spoiler, Reason, tuple[int, ...]]] = {
    "gap": (lambda sent: [*sent[:4], *sent[5:]], Reason.GAP, (0, 1)),
    "long": (resized(AAAA, lambda one: one + b"\0"), Reason.PARSE_ERROR, (0,)),
    "short": (resized(AAAA, lambda one: one[:17]), Reason.PARSE_ERROR, (0, 1)),
    "runt": (resized(AAAA, lambda one: one[:8]), Reason.PARSE_ERROR, (0, 1)),
    "event": (resized(AAAA, lambda one: b"S" + one[1:]), Reason.PARSE_ERROR, (0, 1)),
    "unknown": (resized(AAAA, lambda one: b"Z" + one[1:]), Reason.PARSE_ERROR, (0,)),
    "price": (resized(AAAA, lambda one: one[:26] + b"\1" + one[27:]), Reason.BAD_PRICE, (0,)),
    "yesterday": (resized(AAAA, lambda one: one[:2] + bytes(8) + one[10:]), Reason.PARSE_ERROR,
                  (0,)),
}  # fmt: skip


@cocotb.test()
@cocotb.parametrize(what=tuple(WRONG))
async def what_cant_be_known_is_stale(dut: Any, what: str) -> None:
    """From there on its books are stale, with the reason; all else is as the host's."""
    spoil, reason, slots = WRONG[what]
    messages, width = a_day(120), width_of(dut)
    packets = list(deep_day.packets(messages))
    play = await played(dut, traffic(spoil(packets), width))
    tops, _ = play.seen()
    expected = hosts(messages).tops
    right = {(row["sequence_number"], row["slot"]): row for row in expected}
    stale = tops["stale"] != 0
    assert set(tops["slot"][stale].tolist()) == set(slots)
    assert set(tops["reason"][stale].tolist()) == {reason}
    compared = 0
    for row in tops:
        slot, key = int(row["slot"]), (row["sequence_number"], row["slot"])
        first = np.flatnonzero(stale & (tops["slot"] == slot))
        if len(first) and row["sequence_number"] >= tops["sequence_number"][first[0]]:
            assert row["stale"], "stale for good"
        else:
            for name in ("bid_price", "bid_shares", "ask_price", "ask_shares", "operation"):
                assert row[name] == right[key][name]
            compared += 1
    assert compared > 20 and stale.sum() > 10


@cocotb.test()
async def damaged_packets(dut: Any) -> None:
    """Never wrong and not stale: with checksums that are right, something is wrong with a packet,
    and rules that know no cycle say what is stale from there on, and what rests in the others."""
    rng, width, met = random.Random(cocotb.RANDOM_SEED), width_of(dut), Counter[str]()
    days = [list(deep_day.packets(a_day(30, seed), seed=seed)) for seed in range(1, 5)]
    for number in range(DAMAGED):
        sent, rules = spoilt(rng, rng.choice(days)), Rules(SLOTS)
        for packet in sent:
            rules.take(packet)
        play = Levels(dut)
        if number:
            play.ports.write({"rst": 1})
            await RisingEdge(dut.clk)
            play.ports.write({"rst": 0})
        else:
            await start(dut)
        await play.send(traffic(sent, width))
        tops, depths = play.seen()
        assert len(tops) == len(rules.rows) > 3, number
        for row, (slot, stale, best) in enumerate(rules.rows):
            assert tops["slot"][row] == slot and tops["stale"][row] == stale, (number, row)
            if not stale:
                shown = [[one[:2] for one in side if one[2]] for side in depths[row].tolist()]
                assert shown == best, (number, row)
        met[f"stale {len(rules.stale)}"] += 1
        met["rows"] += len(tops)
    assert min(met[f"stale {slots}"] for slots in range(3)) > 2 and met["rows"] > 10 * DAMAGED


@cocotb.test()
async def another_symbol_is_another_book(dut: Any) -> None:
    """A slot whose symbol changes within the session is stale until it is cleared."""
    width, messages = width_of(dut), a_day(200)
    sent = traffic(list(deep_day.packets(messages)), width)
    play = Levels(dut)
    await start(dut)
    middle = int(sent.first[len(sent.first) // 2])

    async def write() -> None:
        while play.cycle < middle:
            await RisingEdge(dut.clk)
        names = (b"AAAA    ", b"CCCC    ")
        Ports(dut).write(
            {"symbol": sum(int.from_bytes(one, "big") << 64 * at for at, one in enumerate(names))}
        )

    cocotb.start_soon(write())
    await play.send(sent)
    tops, _ = play.seen()
    stale = tops["stale"] != 0
    assert play.turned and set(tops["slot"][stale].tolist()) == {1}
    assert set(tops["reason"][stale].tolist()) == {Reason.RELOCATED} and stale.sum() > 3
