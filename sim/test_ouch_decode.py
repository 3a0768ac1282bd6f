"""Bench of ouch_decode: each type at each length around its own, with and without appendages, every
letter of a state, prices of every width; drawn by the host's codec where they are right."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from typing import Any

import cocotb
from cocotb.triggers import RisingEdge

from sim.golden.ouch_decode import LATENCY, LONGEST, SAYS, TYPES, OuchDecode, decode
from sim.golden.tick_pkg import NUMBERS
from sim.lib.bench import Judge, Ports, figure, reset, start
from sim.lib.runner import run
from sim.stimulus.ouch import message
from tickwire.gen.ouch_table import CODES, MESSAGES
from tickwire.wire.fields import MessageType
from tickwire.wire.ouch import CODEC

RECORDS = 6000
VENUE = [kind for kind in MESSAGES if kind.sender == "venue"]
# Every appendage that a message may have to say whose it is; others are random bytes.
INDEX = b"\2\x1c\1"


def with_appendages(rng: random.Random, kind: MessageType, raw: bytes) -> bytes:
    """With some bytes of them, mostly as many as it says."""
    if kind.tail == "none":
        return raw + rng.randbytes(rng.randrange(4))
    more = rng.choice((b"", INDEX, rng.randbytes(rng.randint(1, 120))))
    said = len(more) + rng.choice((0, 0, 0, 0, 1, -1, 256))
    head = raw[:-2] if kind.tail == "tags" else raw
    return head + (said % 65536).to_bytes(2, "big") + more


def line(raw: bytes, rng: random.Random, length: int | None = None) -> dict[str, int]:
    """The ports; behind the message stands anything."""
    seen = (raw + rng.randbytes(LONGEST))[:LONGEST]
    whole = int.from_bytes(seen, "big")
    return {"s_valid": 1, "s_message": whole, "s_length": len(raw) if length is None else length}


def drawn(rng: random.Random) -> dict[str, int]:
    kind = rng.choice(VENUE)
    raw = message(rng, kind)
    way = rng.random()
    if way < 0.3:
        raw = with_appendages(rng, kind, raw)
    elif way < 0.4:
        raw = raw[: rng.randrange(len(raw) + 1)]
    elif way < 0.45:
        raw = rng.randbytes(1) + raw[1:]
    elif way < 0.5:
        at = rng.randrange(len(raw))
        raw = raw[:at] + rng.randbytes(1) + raw[at + 1 :]
    return line(raw, rng) | {"s_valid": int(rng.random() < 0.9)}


def lengths(rng: random.Random) -> Iterator[dict[str, int]]:
    """Each type at each length to beyond the longest, and at lengths that wrap."""
    for kind in VENUE:
        raw = message(rng, kind)
        for length in (*range(LONGEST + 4), 255, 256, 256 + len(raw), 65535, 65534):
            yield line(raw, rng, length)
    # The count alone makes it right, or the sum would wrap.
    for kind in VENUE:
        raw = message(rng, kind)
        head = raw[:-2] if kind.tail == "tags" else raw
        for count in (0, 1, 3, 255, 256, 65535, 65536 - len(head), 65536 - len(head) - 2):
            counted = head + (count % 65536).to_bytes(2, "big")
            for off in (-1, 0, 1):
                yield line(counted, rng, (len(counted) + count + off) % 65536)


def letters(rng: random.Random) -> Iterator[dict[str, int]]:
    """Every type that a byte can name, and every state of an accepted order."""
    for code in range(256):
        length, _ = TYPES.get(bytes([code]), (36, 0))
        yield line(bytes([code]) + bytes(length - 1), rng)
    accepted = message(rng, CODEC.by_name["order_accepted"])
    for code in range(256):
        yield line(accepted[:47] + bytes([code]) + accepted[48:], rng)
    executed = message(rng, CODEC.by_name["order_executed"])
    for bit in range(64):
        yield line(executed[:17] + (1 << bit).to_bytes(8, "big") + executed[25:], rng)


async def judged(dut: Any, lines: Iterable[dict[str, int]], resets: random.Random) -> OuchDecode:
    model, ports, count = OuchDecode(), Ports(dut), 0
    judge = Judge(dut, model)
    ports.write({"s_valid": 0, "s_message": 0, "s_length": 0})
    await start(dut)
    for each in lines:
        ports.write(each)
        await (reset(dut) if resets.random() < 0.005 else RisingEdge(dut.clk))
        count += 1
    ports.write({"s_valid": 0})
    await RisingEdge(dut.clk)
    await RisingEdge(dut.clk)
    judge.done(at_least=count * 9 // 10)
    return model


@cocotb.test()
async def every_message_is_a_confirmation_or_an_event(dut: Any) -> None:
    rng = random.Random(cocotb.RANDOM_SEED)
    model = await judged(dut, (drawn(rng) for _ in range(RECORDS)), rng)
    met = {pair for pair, times in model.met.items() if times >= 2}
    for kind in VENUE:
        said = "unfollowed" if kind.type in "UM" else "notices"
        said = "confirmations" if kind.type.encode() in SAYS else said
        assert {(kind.type, said), (kind.type, "wrong_lengths")} <= met, model.met
    assert {("E", "wrong_values")} | {(one, "appended") for one in "ACDEJB"} <= met, model.met
    figure("latency", LATENCY, "cycles")


@cocotb.test()
async def every_length_and_every_letter(dut: Any) -> None:
    rng = random.Random(cocotb.RANDOM_SEED)
    model = await judged(dut, (*lengths(rng), *letters(rng)), random.Random(1))
    events = {event for _, event in model.met}
    assert events >= {"confirmations", "wrong_lengths", "unknown_types", "wrong_values", "appended"}


def codec_agrees(raw: bytes) -> None:
    """What the host's codec takes is of a right length here, and the other way round."""
    event, row = decode(raw)
    try:
        said = CODEC.decode("venue", raw)
    except ValueError:
        assert event in ("wrong_lengths", "unknown_types"), (event, raw)
        return
    assert event not in ("wrong_lengths", "unknown_types"), (event, raw)
    if event != "confirmations":
        return
    values = said.values
    assert row["token"] == values["user_ref_num"]
    ways = {
        "order_executed": ("EXECUTED", "quantity", "price"),
        "order_canceled": ("CANCELLED", "quantity", None),
        "aiq_canceled": ("CANCELLED", "decrement_shares", None),
        "order_rejected": ("REJECTED", None, None),
        "broken_trade": ("BROKEN", None, None),
        "order_accepted": ("ACCEPTED", None, None),
    }
    outcome, shares, price = ways[said.name]
    if values.get("order_state") == CODES["order_state"]["dead"]:
        outcome, shares = "CANCELLED", "quantity"
    expected = (values[shares] if shares else 0, values[price] if price else 0)
    assert (row["shares"], row["price"]) == expected
    assert row["outcome"] == NUMBERS[f"OUTCOME_{outcome}"]


def test_the_codec_says_the_same() -> None:
    """The golden model and the host's codec, on messages whose appendages are well formed."""
    rng, compared = random.Random(1), 0
    for _ in range(RECORDS):
        kind = rng.choice(VENUE)
        raw = message(rng, kind)
        if kind.tail != "none" and rng.random() < 0.5:
            head = raw[:-2] if kind.tail == "tags" else raw
            raw = head + rng.choice((b"\0\0", b"\0\3" + INDEX, b"\0\4" + INDEX, b"\0\2" + INDEX))
        elif rng.random() < 0.3:
            raw = raw[: rng.randrange(len(raw) + 1)]
        codec_agrees(raw)
        compared += 1
    assert compared == RECORDS


def test_ouch_decode() -> None:
    run("ouch_decode")
