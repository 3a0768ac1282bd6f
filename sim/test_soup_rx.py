"""Bench of soup_rx: packets of the host's codec and of every type and length, byte by byte."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

import cocotb
import pytest
from cocotb.triggers import RisingEdge

from sim.golden.soup_rx import LATENCY, SoupRx
from sim.lib.bench import Judge, Ports, figure, reset, start
from sim.lib.runner import run
from sim.lib.speech import SPEECH, Speech
from sim.stimulus.ouch import message
from tickwire.gen.ouch_table import MESSAGES

VENUE = [kind for kind in MESSAGES if kind.sender == "venue"]


def packet(kind: bytes, body: bytes = b"") -> bytes:
    return (len(kind) + len(body)).to_bytes(2, "big") + kind + body


def speech(dut: Any) -> Speech:
    return SPEECH[int(dut.OUCH42.value)]


def drawn(rng: random.Random, longest: int) -> bytes:
    way = rng.random()
    if way < 0.6:
        return packet(b"S", message(rng, rng.choice(VENUE)))
    if way < 0.7:
        return packet(b"H")
    if way < 0.8:
        return packet(b"+", rng.randbytes(rng.randint(0, 90)))
    if way < 0.9:
        return packet(b"S", rng.randbytes(rng.choice((0, 1, 2, longest - 1, longest, 300))))
    return rng.choice((b"\0\0", packet(rng.randbytes(1), rng.randbytes(rng.randint(0, 5)))))


async def given(
    dut: Any, packets: Iterable[bytes], rng: random.Random, often: float, opened: float = 0.5
) -> SoupRx:
    model, ports, count = SoupRx(speech(dut).longest), Ports(dut), 0
    judge = Judge(dut, model)
    ports.write({"s_valid": 0, "s_byte": 0, "open": 0})
    await start(dut)
    for each in packets:
        for byte in each:
            while rng.random() > often:
                ports.write({"s_valid": 0, "s_byte": rng.getrandbits(8)})
                await RisingEdge(dut.clk)
            ports.write({"s_valid": 1, "s_byte": byte})
            await RisingEdge(dut.clk)
            count += 1
        if (
            each[2:3] not in (b"S", b"H", b"+") and rng.random() < opened
        ):  # else the next one isn't read, either
            ports.write({"s_valid": 0, "open": 1})
            await RisingEdge(dut.clk)
            ports.write({"open": 0})
    ports.write({"s_valid": 0})
    for _ in range(3):
        await RisingEdge(dut.clk)
    judge.done(at_least=count)
    return model


@cocotb.test()
@cocotb.parametrize(often=[1.0, 0.5])
async def every_packet_is_read(dut: Any, often: float) -> None:
    rng = random.Random(f"{cocotb.RANDOM_SEED} {often}")
    packets = [drawn(rng, speech(dut).longest) for _ in range(400)]
    model = await given(dut, packets, rng, often)
    there = [each[3:] for each in packets if each[2:3] == b"S"]
    assert (
        all(each in there for each in model.heard)
        and 100 < len(model.heard) < len(there)
        and {"S", "H", "+", ""} <= model.met.keys()
    )
    figure("latency", LATENCY, "cycles")


@cocotb.test()
async def every_type_that_a_byte_can_name(dut: Any) -> None:
    rng = random.Random(cocotb.RANDOM_SEED)
    model = await given(dut, (packet(bytes([kind]), b"x") for kind in range(256)), rng, 1.0, 1.0)
    assert all(times == 1 for times in model.met.values()) and len(model.met) == 256


@cocotb.test()
async def reset_and_open_begin_with_a_length(dut: Any) -> None:
    model, ports = SoupRx(speech(dut).longest), Ports(dut)
    rng = random.Random(cocotb.RANDOM_SEED)
    judge = Judge(dut, model)
    ports.write({"s_valid": 0, "s_byte": 0, "open": 0})
    await start(dut)
    for at in range(400):
        for byte in packet(b"S", rng.randbytes(20))[: rng.randint(1, 24)]:
            ports.write({"s_valid": 1, "s_byte": byte, "open": 0})
            await RisingEdge(dut.clk)
        if at % 2:
            await reset(dut)
        else:
            ports.write({"open": 1, "s_valid": rng.getrandbits(1)})
            await RisingEdge(dut.clk)
            ports.write({"open": 0})
    judge.done(at_least=2_000)
    assert model.heard


@pytest.mark.parametrize("ouch42", [0, 1])
def test_soup_rx(ouch42: int) -> None:
    run("soup_rx", OUCH42=ouch42)
