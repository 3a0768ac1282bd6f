"""Bench of ouch42_decode: each type at each length around its own, every letter of a state, every
character of a token; drawn by the host's codec where they are right."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from typing import Any

import cocotb
from cocotb.triggers import RisingEdge

from sim.golden.ouch42_decode import LENGTHS, LONGEST, SAYS, UNFOLLOWED, Ouch42Decode, decode
from sim.golden.ouch_decode import LATENCY
from sim.golden.tick_pkg import NUMBERS
from sim.lib.bench import Judge, Ports, figure, reset, start
from sim.lib.runner import run
from tickwire.gen.ouch42_table import CODES, MESSAGES
from tickwire.wire.dialogue import Said, Value
from tickwire.wire.fields import Field, MessageType
from tickwire.wire.ouch import CODEC_42

RECORDS = 6000
VENUE = [kind for kind in MESSAGES if kind.sender == "venue"]
TOKEN = slice(9, 23)


def value(rng: random.Random, field: Field) -> Value:
    if field.name.endswith("order_token"):
        ours = b"%08X" % rng.choice((1, 0x89AB_CDEF, 0x0123_4567, rng.getrandbits(32)))
        return ours if rng.random() < 0.9 else rng.randbytes(14)
    if field.code:
        return rng.choice(list(CODES[field.code].values()))
    if field.kind == "alpha":
        return rng.randbytes(field.length)
    return rng.randrange(1 << 8 * field.length)


def message(rng: random.Random, kind: MessageType, **said: Value) -> bytes:
    values = {one.name: value(rng, one) for one in kind.fields if one.name != "message_type"}
    return CODEC_42.encode("venue", Said(kind.name, values | said))


def line(raw: bytes, rng: random.Random, length: int | None = None) -> dict[str, int]:
    """The ports; behind the message stands anything."""
    seen = (raw + rng.randbytes(LONGEST))[:LONGEST]
    whole = int.from_bytes(seen, "big")
    return {"s_valid": 1, "s_message": whole, "s_length": len(raw) if length is None else length}


def drawn(rng: random.Random) -> dict[str, int]:
    raw, way = message(rng, rng.choice(VENUE)), rng.random()
    if way < 0.1:
        raw = raw[: rng.randrange(len(raw) + 1)]
    elif way < 0.15:
        raw += rng.randbytes(rng.randint(1, 9))
    elif way < 0.2:
        raw = rng.randbytes(1) + raw[1:]
    elif way < 0.3:
        at = rng.randrange(len(raw))
        raw = raw[:at] + rng.randbytes(1) + raw[at + 1 :]
    return line(raw, rng) | {"s_valid": int(rng.random() < 0.9)}


def lengths(rng: random.Random) -> Iterator[dict[str, int]]:
    """Each type at each length to beyond the longest, and at lengths that wrap."""
    for kind in VENUE:
        raw = message(rng, kind)
        for length in (*range(LONGEST + 4), 255, 256, 128 + len(raw), 256 + len(raw), 65535):
            yield line(raw, rng, length)


def letters(rng: random.Random) -> Iterator[dict[str, int]]:
    """Every type that a byte can name, every state of an accepted order, every character of a
    token at every place."""
    for code in range(256):
        yield line(bytes([code]) + bytes(LENGTHS.get(bytes([code]), 40) - 1), rng)
    accepted = message(rng, CODEC_42.by_name["accepted"], order_token=b"0A9FC0DE")
    for code in range(256):
        yield line(accepted[:64] + bytes([code]) + accepted[65:], rng)
    executed = message(rng, CODEC_42.by_name["executed"], order_token=b"0A9FC0DE")
    for at in range(TOKEN.start, TOKEN.stop):
        for code in range(256):
            yield line(executed[:at] + bytes([code]) + executed[at + 1 :], rng)


async def judged(dut: Any, lines: Iterable[dict[str, int]], resets: random.Random) -> Ouch42Decode:
    model, ports, count = Ouch42Decode(), Ports(dut), 0
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
        letter = kind.type.encode()
        said = "unfollowed" if letter in UNFOLLOWED else "notices"
        said = "confirmations" if letter in SAYS else said
        assert {(kind.type, said), (kind.type, "wrong_lengths")} <= met, model.met
        assert letter not in SAYS or (kind.type, "wrong_values") in met, model.met
    figure("latency", LATENCY, "cycles")


@cocotb.test()
async def every_length_and_every_letter(dut: Any) -> None:
    rng = random.Random(cocotb.RANDOM_SEED)
    model = await judged(dut, (*lengths(rng), *letters(rng)), random.Random(1))
    events = {event for _, event in model.met}
    assert events >= {"confirmations", "wrong_lengths", "unknown_types", "wrong_values"}


WAYS = {  # the outcome; the fields of its shares and price
    "executed": ("EXECUTED", "executed_shares", "execution_price"),
    "canceled": ("CANCELLED", "decrement_shares", None),
    "aiq_canceled": ("CANCELLED", "decrement_shares", None),
    "rejected": ("REJECTED", None, None),
    "broken_trade": ("BROKEN", None, None),
    "accepted": ("ACCEPTED", None, None),
}


def codec_agrees(raw: bytes) -> None:
    """What the host's codec takes is of a right length here, and the other way round."""
    event, row = decode(raw)
    try:
        said = CODEC_42.decode("venue", raw)
    except ValueError:
        assert event in ("wrong_lengths", "unknown_types"), (event, raw)
        return
    assert event not in ("wrong_lengths", "unknown_types"), (event, raw)
    if event != "confirmations":
        return
    values = said.values
    outcome, shares, price = WAYS[said.name]
    if values.get("order_state") == CODES["order_state"]["dead"]:
        outcome, shares = "CANCELLED", "shares"
    assert (b"%08X" % row["token"]).ljust(14) == values["order_token"]
    expected = (values[shares] if shares else 0, values[price] if price else 0)
    assert (row["shares"], row["price"]) == expected
    assert row["outcome"] == NUMBERS[f"OUTCOME_{outcome}"]


def test_the_codec_says_the_same() -> None:
    rng, compared = random.Random(1), 0
    for _ in range(RECORDS):
        raw = message(rng, rng.choice(VENUE))
        if rng.random() < 0.2:
            raw = raw[: rng.randrange(len(raw) + 1)]
        codec_agrees(raw)
        compared += 1
    assert compared == RECORDS


def test_ouch42_decode() -> None:
    run("ouch42_decode")
