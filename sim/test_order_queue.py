"""Bench of order_queue: orders and the host's packets at random, to a taker that is ready, full,
or busy; a gate that stops, a session that ends."""

from __future__ import annotations

import random
from typing import Any

import cocotb
import pytest
from cocotb.triggers import RisingEdge

from sim.golden.order_queue import CANCEL, HOST, ORDER, ORDER42, OrderQueue, allowed
from sim.lib.bench import JudgeBeside, Ports, figure, reset, start
from sim.lib.runner import run
from sim.lib.speech import SPEECH
from tickwire.gen import ouch42_table, ouch_table

# By OUCH42; most of 4.2's aren't the host's to send.
CLIENT = [
    [kind.name for kind in table.MESSAGES if kind.sender == "client"]
    for table in (ouch_table, ouch42_table)
]
CLIENT[1] += ["cancel_order"] * 7
IDLE = {
    "live": 1,
    "stopped": 0,
    "s_valid": 0,
    "s_message": 0,
    "host_valid": 0,
    "host_packet": 0,
    "host_length": 0,
    "cancel_valid": 0,
    "cancel_packet": 0,
    "cancel_length": 0,
    "blocks": 0,
    "m_ready": 0,
    "m_full": 0,
}


def host_packet(rng: random.Random, ouch42: int) -> bytes:
    way = rng.random()
    if way < 0.5:
        return b"U" + SPEECH[ouch42].said(rng, rng.choice(CLIENT[ouch42]))[: HOST - 1]
    if way < 0.7:
        return rng.choice((b"R", b"O", b"+text", b"+", b"U", b"R2", b"O2", b""))
    return rng.randbytes(rng.randint(1, HOST))


def order(rng: random.Random, ouch42: int) -> bytes:
    """Any, but for its token, which 4.2 has as text."""
    if not ouch42:
        return b"O" + rng.randbytes(ORDER - 1)
    return b"O%08X" % rng.getrandbits(32) + b" " * 6 + rng.randbytes(ORDER42 - 15)


def numbered(at: int, ouch42: int) -> bytes:
    """One that its last byte tells from others."""
    return order(random.Random(at), ouch42)[:-1] + bytes([at])


def made(dut: Any) -> OrderQueue:
    return OrderQueue(int(dut.ORDERS.value), int(dut.APART.value), bool(int(dut.OUCH42.value)))


def cancel(rng: random.Random, more: float) -> dict[str, int]:
    """What a kill sends, a while that it blocks, or nothing."""
    if rng.random() >= more:
        return {"cancel_valid": 0, "blocks": int(rng.random() < more)}
    raw = rng.randbytes(length := rng.choice((14, CANCEL))).ljust(CANCEL, b"\0")
    packet = {"cancel_packet": int.from_bytes(raw, "big"), "cancel_length": length}
    return {"cancel_valid": 1, "blocks": 1} | packet


def offer(packet: bytes, length: int | None = None) -> dict[str, int]:
    rubbish = random.Random(packet).randbytes(HOST)  # behind its end
    whole = int.from_bytes(packet + rubbish[len(packet) :], "big")
    return {"host_packet": whole, "host_length": len(packet) if length is None else length}


async def driven(dut: Any, cycles: int, busy: float, orders: float, stops: float) -> OrderQueue:
    rng = random.Random(f"{cocotb.RANDOM_SEED} {busy} {orders} {stops}")
    model, ports, ouch42 = made(dut), Ports(dut), int(dut.OUCH42.value)
    judge = JudgeBeside(dut, model)
    ports.write(IDLE)
    await start(dut)
    live, stopped, fits, held = 1, 0, True, 0
    pending = dict[str, int]()
    ports.write({"host_valid": 1, **offer(host_packet(rng, ouch42))})
    for _ in range(cycles):
        live = int(rng.random() >= (stops if live else 0.9))
        stopped = int(rng.random() < (0.9 if stopped else stops))
        fits ^= rng.random() < 0.02
        if ports.read("cancel_ready") or not pending:
            ports.write(pending := cancel(rng, stops / 4))
            pending = pending if pending["cancel_valid"] else {}
        held = held - 1 if held else rng.randint(0, 60) * (rng.random() < busy)
        ports.write(
            {
                "live": live,
                "stopped": stopped,
                "s_valid": int(rng.random() < orders),
                "s_message": int.from_bytes(order(rng, ouch42), "big"),
                "m_ready": int(not held and fits),
                "m_full": int(not held and not fits),
            }
        )
        await (reset(dut) if rng.random() < stops / 20 else RisingEdge(dut.clk))
        if ports.read("host_ready") or rng.random() < 0.01:
            packet = host_packet(rng, ouch42)
            length = rng.randint(57, 63) if rng.random() < 0.05 else None
            ports.write({"host_valid": int(rng.random() < 0.7), **offer(packet, length)})
    judge.done(at_least=cycles * 9 // 10)
    return model


@cocotb.test()
@cocotb.parametrize(busy=[0.0, 0.3], orders=[0.02, 0.3], stops=[0.0, 0.02])
async def whose_turn_it_is(dut: Any, busy: float, orders: float, stops: float) -> None:
    met = (await driven(dut, 6_000, busy, orders, stops)).met
    ways = {"order", "refused", "host", "host refused", "host refused and offered"}
    assert all(met[way] >= 3 for way in ways) or orders == 0.3, met
    assert met["order"] > 10 or (orders == 0.3 and stops), met  # then nearly all are refused
    assert met["most"] > 1 or not busy, met
    assert met["cancel"] >= 3 or not stops, met
    assert met["doomed"] > 10 or not stops or orders < 0.3 or int(dut.APART.value) == 1, met


@cocotb.test()
async def what_left_is_what_came(dut: Any) -> None:
    """Where the taker is always ready, everything leaves in its cycle and in its order."""
    rng = random.Random(cocotb.RANDOM_SEED)
    model, ports, ouch42 = made(dut), Ports(dut), int(dut.OUCH42.value)
    judge = JudgeBeside(dut, model)
    ports.write(IDLE | {"m_ready": 1})
    await start(dut)
    expected = list[bytes]()
    for _ in range(1_000):
        raw, host = order(rng, ouch42), host_packet(rng, ouch42)
        comes = int(rng.random() < 0.5)
        line = {"s_valid": comes, "s_message": int.from_bytes(raw, "big"), "host_valid": 1}
        ports.write(line | offer(host))
        if comes:
            expected.append(b"\0%cU" % (len(raw) + 1) + raw)
        elif allowed(host, bool(ouch42)):
            expected.append(len(host).to_bytes(2, "big") + host)
        await RisingEdge(dut.clk)
    ports.write(IDLE)
    await RisingEdge(dut.clk)
    assert model.sent == expected and len(expected) > 500
    figure("latency", 0, "cycles")
    judge.done(at_least=1_000)


@cocotb.test()
async def as_many_as_there_is_room_for_wait(dut: Any) -> None:
    room = int(dut.ORDERS.value)
    model, ports, ouch42 = made(dut), Ports(dut), int(dut.OUCH42.value)
    judge = JudgeBeside(dut, model)
    ports.write(IDLE)
    await start(dut)
    for at in range(room + 2):
        ports.write({"s_valid": 1, "s_message": int.from_bytes(numbered(at, ouch42), "big")})
        await RisingEdge(dut.clk)
    ports.write({"s_valid": 0, "m_ready": 1})
    for _ in range(room + 4):
        await RisingEdge(dut.clk)
    assert [each[-1] for each in model.sent] == list(range(room)) and model.met["lost"] == 2
    judge.done(at_least=room)


@pytest.mark.parametrize(("orders", "apart", "ouch42"), [(16, 12, 0), (2, 1, 0), (4, 3, 1)])
def test_order_queue(orders: int, apart: int, ouch42: int) -> None:
    run("order_queue", ORDERS=orders, APART=apart, OUCH42=ouch42)
