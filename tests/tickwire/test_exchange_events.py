"""Events as ITCH messages, byte by byte from the venue's specification; and an engine small enough
that every rule applies often.

The layouts stand here as Nasdaq's ITCH 5.0 lists them, and nothing comes from `hw/regs/itch.toml`.
"""

from __future__ import annotations

import struct
from collections import Counter
from typing import Any

import numpy as np
import pytest

from hwtools.bits import Records
from tickwire.book.naive import NaiveBook
from tickwire.exchange.engine import Engine
from tickwire.exchange.engine_types import COMMAND, MOST_SHARES, EngineConfig, Refusal
from tickwire.exchange.events import EVENT, to_messages
from tickwire.exchange.naive_engine import NaiveEngine
from tickwire.wire import itch
from tickwire.wire.operations import operations

SYMBOLS = ("A", "BRK.B", "ZXZZT", "EIGHTCHR")
KINDS = "SRHAFECXDUPQI"


def message(event: Any) -> bytes:
    """One event by the specification: type, stock locate, tracking number, 6 bytes of time, …"""
    kind, number = chr(event["type"]), int(event["instrument"])
    locate = 0 if kind == "S" else number + 1
    head = struct.pack(">cHH", kind.encode(), locate, 0)
    head += int(event["timestamp"]).to_bytes(6, "big")
    stock = SYMBOLS[number].ljust(8).encode() if kind != "S" else b""
    reference, other, match = (int(event[name]) for name in ("reference", "other", "match"))
    shares, price, code = int(event["shares"]), int(event["price"]), bytes([event["code"]])
    side = b"S" if event["side"] else b"B"
    if kind == "S":
        body = code
    elif kind == "R":
        body = struct.pack(">8sccIcc2scccccIc", stock, b"Q", b"N", 100, b"N", b"C", b"Z ", b"T",
                           b"N", b"N", b"1", b"N", 0, b"N")  # fmt: skip
    elif kind == "H":
        body = stock + code + b" " + b"    "
    elif kind in "AF":
        body = struct.pack(">QcI8sI", reference, side, shares, stock, price)
        body += b"TICK" if kind == "F" else b""
    elif kind in "EC":
        body = struct.pack(">QIQ", reference, shares, match)
        body += code + struct.pack(">I", price) if kind == "C" else b""
    elif kind == "X":
        body = struct.pack(">QI", reference, shares)
    elif kind == "D":
        body = struct.pack(">Q", reference)
    elif kind == "U":
        body = struct.pack(">QQII", reference, other, shares, price)
    elif kind == "P":  # since 2014 without a reference, and always as of a buyer
        body = struct.pack(">QcI8sIQ", 0, b"B", shares, stock, price, match)
    elif kind == "Q":
        body = struct.pack(">Q8sIQc", shares, stock, price, match, code)
    else:
        body = struct.pack(">QQc8sIIIcc", shares, 0, code, stock, 0, 0, price, b"O", b" ")
    return head + body


LENGTHS = dict(zip(KINDS, (12, 39, 25, 36, 40, 31, 36, 23, 19, 35, 44, 40, 50), strict=True))


def random_events(seed: int, count: int) -> Records:
    """Every kind as often as any other, refusals too, each field of any value that it holds."""
    generator = np.random.default_rng(seed)
    events = np.zeros(count, EVENT)
    for name in EVENT.names or ():
        most = np.iinfo(EVENT[name]).max
        events[name] = generator.integers(0, most, count, EVENT[name], endpoint=True)
        edges = generator.random(count) < 0.2
        events[name][edges] = generator.choice(np.array([0, 1, most], EVENT[name]), edges.sum())
    events["timestamp"] %= np.uint64(86_400_000_000_000)
    events["type"] = generator.choice(np.frombuffer(b"\0" + KINDS.encode(), np.uint8), count)
    events["instrument"] = generator.integers(0, len(SYMBOLS), count)
    events["side"] = generator.integers(0, 2, count)
    return events


@pytest.mark.parametrize("seed", range(3))
def test_every_kind_of_event_is_the_specifications_message(seed: int) -> None:
    events = random_events(seed, 700)
    sent = [event for event in events if event["type"]]
    expected = [message(event) for event in sent]
    for event, made in zip(sent, expected, strict=True):
        assert len(made) == LENGTHS[chr(event["type"])]
    stream = itch.encode(to_messages(events, SYMBOLS))
    assert bytes(stream) == b"".join(len(m).to_bytes(2, "big") + m for m in expected)
    assert min(Counter(chr(event["type"]) for event in sent).values()) > 25
    assert {chr(event["type"]) for event in sent} == set(KINDS) and len(sent) < len(events)


def test_no_events_are_no_messages() -> None:
    assert len(itch.encode(to_messages(np.zeros(0, EVENT), SYMBOLS))) == 0
    assert len(itch.encode(to_messages(np.zeros(3, EVENT), SYMBOLS))) == 0  # all were refused


# -- A small engine --------------------------------------------------------------------------------

SMALL = EngineConfig(instruments=2, lowest=7, tick=3, ticks=64, orders=16)
ODD_SHARES = (0, 1, MOST_SHARES, MOST_SHARES + 1)


def small_commands(seed: int, count: int) -> Records:
    """Of few references, prices and sizes: every refusal, crossing and renaming is common."""
    generator = np.random.default_rng(seed)
    commands = np.zeros(count, COMMAND)
    commands["timestamp"] = np.arange(count)
    commands["kind"] = generator.choice(
        range(7), count, p=[0.01, 0.43, 0.09, 0.15, 0.09, 0.22, 0.01]
    )
    for name in ("reference", "new_reference"):
        commands[name] = generator.integers(1, 40, count)
    # an order's number tells its instrument, mostly
    commands["instrument"] = commands["reference"] % np.uint64(2)
    odd = generator.random(count) < 0.05
    commands["instrument"][odd] = generator.integers(0, 3, odd.sum())
    commands["side"] = generator.choice([0, 1, 2, 3, 255], count, p=[0.44, 0.44, 0.04, 0.04, 0.04])
    away = generator.integers(-6, 7, count)
    odd = generator.random(count) < 0.05
    away[odd] = generator.choice([-33, -32, 31, 32], odd.sum())  # the ladder's ends
    commands["price"] = SMALL.lowest + SMALL.tick * (32 + away)
    commands["price"] += (generator.random(count) < 0.02).astype(np.uint32)  # between two ticks
    commands["shares"] = generator.integers(1, 9, count)
    odd = generator.random(count) < 0.04
    commands["shares"][odd] = generator.choice(ODD_SHARES, odd.sum())
    same = generator.random(count) < 0.2
    commands["new_reference"][same] = commands["reference"][same]
    large = generator.random(count) < 0.1  # references that are negative as signed ones
    commands["reference"][large] += np.uint64(2**64 - 40)
    return commands


@pytest.mark.parametrize("seed", range(4))
def test_a_small_engine_follows_the_rules(seed: int) -> None:
    """Its naive twin's events and orders, and the book that the messages make."""
    fast, naive, book = Engine(SMALL), NaiveEngine(SMALL), NaiveBook(2)
    kinds, codes = Counter[str](), Counter[int]()
    for part in np.array_split(small_commands(seed, 4_000), 60):
        events = fast.run(part)
        assert np.array_equal(events, naive.run(part)) and fast.orders() == naive.orders()
        kinds.update(chr(kind) for kind in events["type"])
        codes.update(events["code"].tolist())
        orders = fast.orders()
        assert len(orders) <= SMALL.orders
        outcome = book.apply(operations(to_messages(events, SYMBOLS), {1: 0, 2: 1}))
        assert not outcome.causes.any() and not outcome.ignored.any()
        for instrument in range(SMALL.instruments):
            for side in range(2):
                assert book.levels(instrument, side, 99) == _levels(orders, instrument, side)
            bids, asks = (_levels(orders, instrument, side) for side in range(2))
            assert not bids or not asks or bids[0][0] < asks[0][0]
    assert set(kinds) == set("\0AEUXD") and min(kinds.values()) > 20, kinds
    assert set(codes) == {int(each) for each in Refusal} and min(codes.values()) > 8, codes


def _levels(
    orders: dict[int, tuple[int, int, int, int]], instrument: int, side: int
) -> list[tuple[int, int, int]]:
    """Price, shares and orders of each level, the best first."""
    mine = [order[2:] for order in orders.values() if order[:2] == (instrument, side)]
    prices = sorted({price for price, _ in mine}, reverse=side == 0)
    held = [[shares for price, shares in mine if price == each] for each in prices]
    return [(price, sum(each), len(each)) for price, each in zip(prices, held, strict=True)]
