"""Bench of itch_parse: messages of every type, right and wrong, in packets of mold_rx."""

from __future__ import annotations

import random
import struct
from collections import Counter
from typing import Any

import cocotb
import pytest
from cocotb.triggers import RisingEdge

from sim.golden.itch_parse import BOOK, EVENTS, HOST, MESSAGES, ItchParse
from sim.golden.mold_rx import RUNT
from sim.golden.tick_pkg import NUMBERS, events
from sim.lib.bench import JudgeBeside, Ports, figure, start
from sim.lib.runner import run
from sim.stimulus import feed

PACKETS = 90
LOCATES = [5, 77, 300, 77, 4097, 9, 12, 65535]  # one of them twice
ENABLED = 0b10111011


def message(rng: random.Random, kind: str, locate: int) -> bytes:
    """A message of this type with anything in its fields but what is an alphabet of its own."""
    body = bytearray(rng.randbytes(MESSAGES[kind]["length"]))
    body[0:3] = struct.pack(">cH", kind.encode(), locate)
    if kind in "AF":
        body[19] = rng.choice(b"BBSSX")
    if kind == "H":
        body[19] = rng.choice(b"HPQTT")
    return bytes(body)


def any_message(rng: random.Random) -> bytes:
    kind = rng.choice([*MESSAGES, *BOOK * 4, *HOST * 4])
    right = message(rng, kind, rng.choice([*LOCATES, 1, 0x4D00]))
    spoiled = rng.random()
    if spoiled < 0.06:  # a wrong length
        return (right + bytes(300))[
            : rng.choice((0, 1, 8, 9, 10, len(right) - 1, len(right) + 1, 299))
        ]
    if spoiled < 0.12:  # a type that there isn't
        return rng.choice(b"Zaz\x00\xff").to_bytes(1, "big") + right[1:]
    return right


def lines(packets: list[list[bytes]], lanes: int, rng: random.Random) -> list[dict[str, int]]:
    """What mold_merge gives of these: its own port names, numbers and the packet's end."""
    cycles, numbered = [], 1 << 40
    for several in packets:
        head = b"TICKWIRE01" + struct.pack(">QH", numbered, len(several))
        payload = head + b"".join(struct.pack(">H", len(one)) + one for one in several)
        left = len(several)
        for beat in feed.said([payload], lanes, rng, 0):
            names = ("tail", "last", "runts", "start", "lane", "length", "cycle", "frame_cycle")
            line = {f"s_{name}": beat.get(f"m_{name}", 0) for name in names}
            line["s_axis_tvalid"] = beat["m_axis_tvalid"]
            line["s_axis_tdata"] = beat.get("m_axis_tdata", 0)
            line["sequence_number"] = numbered
            ended = line["s_last"] + line["s_runts"]
            line["last_of_packet"] = int(ended > 0 and ended == left)
            left, numbered = left - ended, numbered + ended
            cycles.append(line)
    return cycles


async def play(dut: Any, packets: list[list[bytes]]) -> tuple[ItchParse, Counter[str], list[bytes]]:
    rng = random.Random(cocotb.RANDOM_SEED)
    model = ItchParse(len(dut.s_axis_tdata))
    dut.enable.value = ENABLED
    dut.locate.value = sum(one << 16 * slot for slot, one in enumerate(LOCATES))
    cycles = lines(packets, model.lanes, rng)
    for name in cycles[0]:
        getattr(dut, name).value = 0
    judge = JudgeBeside(dut, model)
    counts: Counter[str] = Counter()
    host: list[bytes] = []
    await start(dut)
    silent = dict.fromkeys(cycles[0], 0)
    ports = Ports(dut)
    for line in [*cycles, *[silent] * 6]:
        await RisingEdge(dut.clk)
        ports.write(line)
        counts.update(events("path_events", ports.read("path_events")))
        counts["orders"] += ports.read("order")
        counts["lost"] += ports.read("lost")
        if ports.read("m_valid"):
            counts["operations"] += 1
            op = ports.read("m_op")
            nothing = op >> 410 & 15 == NUMBERS["OPERATION_NONE"]
            assert nothing or ENABLED >> (op >> 414) & 1, "an operation for a slot not enabled"
            counts["ends"] += op >> 208 & 1
        if ports.read("host_valid"):
            host.append(ports.read("host_message").to_bytes(40, "big"))
    judge.done(at_least=len(cycles))
    return model, counts, host


def check(
    packets: list[list[bytes]], model: ItchParse, counts: Counter[str], host: list[bytes]
) -> None:
    every = [one for several in packets for one in several]
    assert [one for one, _ in model.judged] == [one for one in every if len(one) > RUNT]
    assert sum(counts[event] for event in EVENTS) == len(every)
    status = sum(kind == "status_messages" for _, kind in model.judged)
    assert counts["orders"] == len(model.judged) - status
    assert counts["ends"] == sum(bool(several) for several in packets)
    assert counts["operations"] == len(model.operations)
    assert len(host) == len(model.host)
    assert all(given.startswith(sent) for given, sent in zip(host, model.host, strict=True))


@cocotb.test()
async def every_message_comes_to_its_operation(dut: Any) -> None:
    rng = random.Random(cocotb.RANDOM_SEED)
    packets = [[any_message(rng) for _ in range(rng.choice((0, 1, 3, 8)))] for _ in range(PACKETS)]
    model, counts, host = await play(dut, packets)
    check(packets, model, counts, host)
    assert all(counts[event] for event in EVENTS) and host
    operations = Counter(one["operation"] for one in model.operations)
    assert len(operations) == len(BOOK) - 1 + 4, "A and F are one; none, stale, halt and resume"


@cocotb.test()
async def every_type_in_every_alignment(dut: Any) -> None:
    rng = random.Random(cocotb.RANDOM_SEED)
    packets = [
        [bytes(9 + shift), message(rng, kind, LOCATES[0]), message(rng, "D", LOCATES[1])]
        for kind in (*BOOK, *HOST)
        for shift in range(8)
    ]
    model, counts, host = await play(dut, packets)
    check(packets, model, counts, host)
    figure("latency", model.latency, "cycles")  # the model is compared at every edge


@cocotb.test()
async def every_type_of_a_wrong_length(dut: Any) -> None:
    """Of an instrument that is followed, and of one that isn't."""
    rng = random.Random(cocotb.RANDOM_SEED)
    packets = [
        [(message(rng, kind, locate) + b"\0")[: MESSAGES[kind]["length"] + more]]
        for kind in MESSAGES
        for locate in (LOCATES[0], 1)
        for more in (-1, 1)
    ]
    model, counts, host = await play(dut, packets)
    check(packets, model, counts, host)
    assert counts["wrong_lengths"] == len(packets) and not host
    stale = [one for one in model.operations if one["operation"] == NUMBERS["OPERATION_STALE"]]
    assert len(stale) == 2 * len("AFECXDUHh") and counts["lost"] == 2 * 2 * len("SWR")


# What the types that change no book come to: what they count as, and whether the host is told.
EFFECTS = {
    **dict.fromkeys("SRHWhJ", ("status_messages", True)),
    **dict.fromkeys("YLVKINO", ("status_messages", False)),
    **dict.fromkeys("PQB", ("trade_messages", False)),
}


@cocotb.test()
async def every_other_type_has_its_effect(dut: Any) -> None:
    """One a packet, of an instrument that is followed."""
    rng = random.Random(cocotb.RANDOM_SEED)
    assert {*EFFECTS, *BOOK} == {*MESSAGES}
    packets = [[message(rng, kind, LOCATES[0])] for kind in EFFECTS]
    model, counts, host = await play(dut, packets)
    check(packets, model, counts, host)
    assert [name for _, name in model.judged] == [name for name, _ in EFFECTS.values()]
    told = [chr(one[0]) for one in host]
    assert told == [kind for kind, (_, tells) in EFFECTS.items() if tells]
    acts = [one for one in model.operations if one["operation"] != NUMBERS["OPERATION_NONE"]]
    assert len(acts) == 1 and counts["lost"] == 0  # H alone


@pytest.mark.parametrize("width", [8, 64])
def test_itch_parse(width: int) -> None:
    run("itch_parse", W=width)
