"""Bench of mold_rx: packets packed here, framed by scapy; every message must come out whole.

The bench puts the messages together again by the lanes and compares them with what was packed,
beside the model at every edge.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import cocotb
import pytest
from cocotb.triggers import RisingEdge

from sim.golden.mold_rx import END_OF_SESSION, RUNT, MoldRx
from sim.golden.tick_pkg import events
from sim.golden.udp_rx import POSITION_BITS
from sim.lib.bench import JudgeBeside, Ports, figure, start
from sim.lib.runner import run
from sim.stimulus import feed
from sim.stimulus.feed import Frame, datagram, place

PACKETS = 60
SESSION = b"TICKWIRE01"
Shape = dict[str, Any]  # of a frame's headers, for scapy
PLAIN: Shape = {}
SHAPES: tuple[Shape, ...] = (
    *(PLAIN, {"tags": "q"}, {"tags": "aq"}, {"options": 1}, {"tags": "q", "options": 10}),
    *({"six": True}, {"tags": "a", "six": True}, {"tags": "qq", "six": True}),
)


def packed(messages: list[bytes], count: int | None = None, sequence: int = 1) -> bytes:
    count = len(messages) if count is None else count
    head = SESSION + struct.pack(">QH", sequence, count)
    return head + b"".join(struct.pack(">H", len(one)) + one for one in messages)


@dataclass(frozen=True)
class Packet:
    payload: bytes
    whole: list[bytes]  # the messages that must come out
    overrun: bool = False
    strange: bool = False
    accept: bool = True
    shape: Shape = field(default_factory=dict)


def messages(rng: random.Random, count: int, shortest: int = 9) -> list[bytes]:
    return [
        rng.randbytes(
            rng.choice(
                (
                    rng.randint(shortest, 50),
                    19,
                    12,
                    *([rng.randint(250, 270)] * (rng.random() < 0.2)),
                )
            )
        )
        for _ in range(count)
    ]


def packet(rng: random.Random) -> Packet:
    kind = rng.choice(("right",) * 6 + ("tiny", "tiny", "long", "more", "cut", "other", "none"))
    several = messages(rng, rng.randint(1, 9))
    shape = rng.choice(SHAPES)
    payload = packed(several, sequence=rng.getrandbits(64))
    if kind == "tiny":
        several = [rng.randbytes(rng.choice((0, 0, 1, rng.randint(0, 10), 30))) for _ in range(12)]
        return Packet(packed(several), several, shape=shape)
    if kind == "long":  # a message's length reaches beyond the packet
        rest = rng.randbytes(rng.randrange(40))
        size = rng.choice((len(rest) + 1, 40, 300, 0xFFFF))
        longer = struct.pack(">H", size) + rest
        return Packet(
            packed(several, len(several) + 1) + longer, several, overrun=True, shape=shape
        )
    if kind == "more":  # the count says more than there are, and a byte of a length may be there
        payload = packed(several, len(several) + rng.randint(1, 9)) + bytes(rng.randrange(2))
        return Packet(payload, several, overrun=True, shape=shape)
    if kind == "cut":  # no room for the header
        return Packet(payload[: rng.randrange(20)], [], overrun=True, shape=shape)
    if kind == "other":
        return Packet(payload, [], accept=False, shape=shape)
    if kind == "none":
        return Packet(packed([], rng.choice((0, END_OF_SESSION))) + bytes(20), [], shape=shape)
    return Packet(payload + rng.randbytes(rng.choice((0, 0, 7))), several, shape=shape)


def lines(
    packets: list[Packet], lanes: int, rng: random.Random, idle: str
) -> Iterator[dict[str, int]]:
    """The beats, with udp_rx's ports beside them: accept as late as it comes."""
    beside: dict[str, int] = {"accept": 0, "length": 0}
    for one in packets:
        frame = Frame(
            datagram(one.payload, **one.shape), error=rng.random() < 0.2 and not one.overrun
        )
        at, udp = 0, place(frame.data)
        known = (udp + 5) // lanes * lanes + 3 * lanes  # accept's beat
        for line in feed.lines([frame], lanes, rng, idle):
            if line["s_axis_tvalid"]:
                if at == 0:
                    beside = {"accept": 0, "length": rng.getrandbits(16)}
                if at >= known:
                    beside = {"accept": int(one.accept), "length": len(one.payload)}
                line |= {"position": (at - udp) % (1 << POSITION_BITS)}
                at += lanes
            accepted = int(one.accept) if line["s_end"] else rng.getrandbits(1)
            ports = {"position": 0} | line | beside | {"accepted": accepted}
            if line["s_end"]:  # it may come before accept
                beside = {"accept": int(one.accept), "length": len(one.payload)}
            yield ports | {"s_cycle": rng.getrandbits(48)}


class Gathered:
    """The messages, put together by the lanes, and the pulses counted."""

    def __init__(self, dut: Any) -> None:
        self.dut, self.messages, self.runts = dut, list[bytes](), 0
        self.overruns = self.stranges = 0
        cocotb.start_soon(self._run())

    async def _run(self) -> None:
        dut, held, lanes = self.dut, b"", len(self.dut.s_axis_tdata) // 8
        read = Ports(dut).read
        while True:
            await RisingEdge(dut.clk)
            if read("rst"):
                continue
            feed_events = events("feed_events", read("feed_events"))
            self.overruns += feed_events.pop("message_overruns", 0)
            self.stranges += feed_events.pop("other_protocol", 0)
            assert not feed_events
            if not read("m_axis_tvalid"):
                continue
            data = read("m_axis_tdata").to_bytes(lanes, "little")
            held += data[: read("m_tail")]
            if read("m_last"):
                self.messages.append(held)
            self.runts += read("m_runts")
            if read("m_start"):
                held = data[read("m_lane") :]


async def sent(
    dut: Any, packets: list[Packet], idle: str, of: type[MoldRx] = MoldRx
) -> tuple[JudgeBeside, MoldRx, Gathered]:
    rng = random.Random(cocotb.RANDOM_SEED)
    model = of(len(dut.s_axis_tdata))
    judge, gathered = JudgeBeside(dut, model), Gathered(dut)
    dut.accept.value = dut.accepted.value = dut.s_axis_tvalid.value = dut.s_end.value = (
        dut.s_first.value
    ) = 0
    await start(dut)
    await drive(dut, lines(packets, model.lanes, rng, idle), rng)
    return judge, model, gathered


async def drive(dut: Any, cycles: Iterator[dict[str, int]], rng: random.Random) -> None:
    dut.s_axis_tvalid.value = dut.s_end.value = dut.s_first.value = 0
    ports, width = Ports(dut), len(dut.s_axis_tdata)
    for line in cycles:
        await RisingEdge(dut.clk)
        free = {"s_axis_tdata": rng.getrandbits(width), "s_error": 0, "s_first": 0}
        ports.write(free | line)
    await RisingEdge(dut.clk)
    dut.s_axis_tvalid.value = dut.s_end.value = 0
    for _ in range(8):
        await RisingEdge(dut.clk)


def check(packets: list[Packet], model: MoldRx, gathered: Gathered) -> int:
    whole = [message for one in packets for message in one.whole]
    expected = [message for message in whole if len(message) > RUNT]
    assert model.messages == expected and gathered.messages == expected
    assert model.runts == gathered.runts == len(whole) - len(expected)
    assert model.overruns == gathered.overruns == sum(one.overrun for one in packets)
    assert gathered.stranges == sum(one.strange for one in packets)
    return len(whole)


@cocotb.test()
@cocotb.parametrize(idle=("never", "often"))
async def every_message_comes_out(dut: Any, idle: str) -> None:
    rng = random.Random(cocotb.RANDOM_SEED)
    packets = [packet(rng) for _ in range(PACKETS)]
    judge, model, gathered = await sent(dut, packets, idle)
    assert check(packets, model, gathered) >= 2 * PACKETS and model.runts and model.overruns
    judge.done(at_least=PACKETS * 90 // model.lanes)


@cocotb.test()
async def every_alignment(dut: Any) -> None:
    """A message of each length up to 60, after a first one of each length modulo 8."""
    rng = random.Random(cocotb.RANDOM_SEED)
    packets = [
        Packet(packed(several), several, shape=SHAPES[shift % len(SHAPES)])
        for shift in range(8)
        for sizes in (
            (9, 13, 21),
            (10, 17, 20),
            (16, 24, 31),
            (11, 19, 36),
            (12, 40, 50),
            (300, 513, 9),
        )
        for several in [[rng.randbytes(size) for size in (12 + shift, *sizes)]]
    ]
    judge, model, gathered = await sent(dut, packets, "never")
    check(packets, model, gathered)
    judge.done(at_least=100)


@cocotb.test()
async def the_densest_packets(dut: Any) -> None:
    """Deletes back to back, and packets of nothing but empty messages: four lengths a beat."""
    rng = random.Random(cocotb.RANDOM_SEED)
    deletes = messages(rng, 69, 19)
    empty = [b""] * 700
    jumbo = [rng.randbytes(19) for _ in range(425)]  # 8,973 bytes
    each = (deletes, empty, deletes, [b"\0"] * 200, jumbo)
    packets = [Packet(packed(one), one) for one in each]
    packets.append(Packet(packed(jumbo), jumbo, shape={"tags": "qa", "six": True}))
    judge, model, gathered = await sent(dut, packets, "never")
    assert check(packets, model, gathered) == 69 * 2 + 900 + 2 * 425
    figure("latency", model.stages, "cycles")
    judge.done(at_least=500)


@cocotb.test()
async def cut_frames_and_the_next_is_right(dut: Any) -> None:
    """A frame that ends anywhere: no message comes out that wasn't whole, the next packet's do."""
    await cut_frames(dut, MoldRx, packed, 60)


async def cut_frames(dut: Any, of: type[MoldRx], pack: Callable[..., bytes], least: int) -> None:
    rng = random.Random(cocotb.RANDOM_SEED)
    model = of(len(dut.s_axis_tdata))
    judge, gathered = JudgeBeside(dut, model), Gathered(dut)
    dut.accept.value = dut.accepted.value = dut.s_axis_tvalid.value = dut.s_end.value = (
        dut.s_first.value
    ) = 0
    await start(dut)
    expected = []
    for _ in range(40):
        several = messages(rng, 4)
        right = Packet(pack(several), several)
        cycles = list(lines([right], model.lanes, rng, "never"))
        end = rng.randrange(least // model.lanes, len(cycles) - 1)
        cycles[end - 1]["s_axis_tkeep"] = (1 << rng.randint(1, model.lanes)) - 1
        cycles = [*cycles[:end], cycles[-1], *lines([right], model.lanes, rng, "never")]
        before = len(gathered.messages)
        await drive(dut, iter(cycles), rng)
        observed = gathered.messages[before:]
        assert observed[-4:] == several and observed[:-4] == several[: len(observed) - 4]
        expected += observed
    assert model.messages == expected and model.cut >= 10
    judge.done(at_least=400)


@pytest.mark.parametrize("width", [8, 64])
def test_mold_rx(width: int) -> None:
    run("mold_rx", W=width)
