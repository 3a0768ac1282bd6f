"""Bench of iextp_rx: packets packed here, framed by scapy; every message must come out whole, and
what the host's decoder refuses of a header is refused. It shares much with test_mold_rx.
"""

from __future__ import annotations

import random
import struct
from typing import Any

import cocotb
import pytest

from sim.golden.iextp_rx import DEEP, TOO_MANY, VERSION, IextpRx
from sim.lib.bench import figure
from sim.lib.runner import run
from sim.test_mold_rx import SHAPES, Packet, check, cut_frames, messages, sent
from tickwire.wire import iex_tp
from tickwire.wire.chunks import Chunks
from tickwire.wire.packets import PacketFault

PACKETS = 90


def packed(bodies: list[bytes], count: int | None = None, rest: bytes = b"", **spoil: int) -> bytes:
    """A packet, numbers as IEX writes them; `spoil` sets fields of its header."""
    body = b"".join(struct.pack("<H", len(one)) + one for one in bodies) + rest
    said = {"version": VERSION, "protocol": DEEP, "channel": 1, "session": 7, "sequence": 1}
    said |= {"length": len(body), "count": len(bodies) if count is None else count} | spoil
    names = ("version", "protocol", "channel", "session", "length", "count")
    head = struct.pack("<BxHIIHH", *(said[name] for name in names))
    return head + struct.pack("<qqq", -1, said["sequence"], 1 << 62) + body


def packet(rng: random.Random) -> Packet:
    kinds = ("tiny", "tiny", "long", "more", "cut", "other", "none", "strange", "length", "many")
    kind = rng.choice(("right",) * 8 + kinds)
    several = messages(rng, rng.randint(1, 9))
    shape = rng.choice(SHAPES)
    about = {"channel": rng.getrandbits(32), "session": rng.getrandbits(32)}
    about["sequence"] = rng.choice((1, rng.getrandbits(63)))
    if kind == "tiny":
        several = [rng.randbytes(rng.choice((0, 0, 1, rng.randint(0, 10), 30))) for _ in range(12)]
        return Packet(packed(several), several, shape=shape)
    if kind == "long":  # a message's length reaches beyond the packet
        rest = rng.randbytes(rng.randrange(40))
        longer = struct.pack("<H", rng.choice((len(rest) + 1, 40, 300, 0xFFFF))) + rest
        payload = packed(several, len(several) + 1, longer, **about)
        return Packet(payload, several, overrun=True, shape=shape)
    if kind == "more":  # the count says more than there are, and a byte of a length may be there
        more = len(several) + rng.randint(1, 9)
        payload = packed(several, more, bytes(rng.randrange(2)), **about)
        return Packet(payload, several, overrun=True, shape=shape)
    if kind == "cut":  # no room for the header
        return Packet(packed(several)[: rng.randrange(40)], [], overrun=True, shape=shape)
    if kind == "none":
        rest = rng.choice((b"", bytes(20)))
        return Packet(packed([], None, rest, **about), [], shape=shape)
    if kind == "strange":
        field = rng.choice(("version", "protocol", "sequence"))
        values = {
            "version": (0, 2, 0x81),
            "sequence": (-1, -(1 << 63)),
            "protocol": (0x8003, 0x480),
        }
        about[field] = rng.choice(values[field])
        count = TOO_MANY if rng.random() < 0.3 else None
        return Packet(packed(several, count, b"", **about), [], strange=True, shape=shape)
    if kind == "length":  # the header's isn't what the datagram holds
        payload = packed(several, None, b"", **about)
        rest = rng.randbytes(rng.randrange(1, 9))
        payload = rng.choice((payload + rest, payload[: -len(rest)]))
        return Packet(payload, [], overrun=True, shape=shape)
    if kind == "many":
        return Packet(packed(several, TOO_MANY, b"", **about), [], overrun=True, shape=shape)
    rest = rng.randbytes(rng.choice((0, 0, 7)))
    return Packet(
        packed(several, None, rest, **about), several, accept=kind != "other", shape=shape
    )


def accepted(packets: list[Packet]) -> list[Packet]:
    return [
        one if one.accept else Packet(one.payload, [], accept=False, shape=one.shape)
        for one in packets
    ]


@cocotb.test()
@cocotb.parametrize(idle=("never", "often"))
async def every_message_comes_out(dut: Any, idle: str) -> None:
    rng = random.Random(cocotb.RANDOM_SEED)
    packets = accepted([packet(rng) for _ in range(PACKETS)])
    judge, model, gathered = await sent(dut, packets, idle, IextpRx)
    assert check(packets, model, gathered) >= 2 * PACKETS and model.runts and model.overruns
    assert gathered.stranges and 0 in {count for _, _, count in model.headers}
    judge.done(at_least=PACKETS * 90 // model.lanes)


@cocotb.test()
async def what_the_host_refuses_of_a_header_is_refused(dut: Any) -> None:
    """Each wrong header, one by one; a header is given where the host's decoder finds no fault in
    it, and where all that is wrong is the messages' lengths."""
    rng = random.Random(cocotb.RANDOM_SEED)
    packets = [one for one in (packet(rng) for _ in range(PACKETS)) if one.accept]
    judge, model, gathered = await sent(dut, packets, "never", IextpRx)
    faults = iex_tp.faults(Chunks.of([one.payload for one in packets])).tolist()
    refused = (PacketFault.SHORT_HEADER, PacketFault.BAD_HEADER)
    known = [one.payload[2:4] == b"\x04\x80" for one in packets]
    many = [one.payload[14:16] == b"\xff\xff" for one in packets]
    given = [
        fault not in refused and deep and not more
        for fault, deep, more in zip(faults, known, many, strict=True)
    ]
    assert len(model.headers) == sum(given) and 0 < sum(given) < len(given)
    check(packets, model, gathered)
    judge.done(at_least=PACKETS * 60 // model.lanes)


@cocotb.test()
async def every_alignment(dut: Any) -> None:
    """A message of each length up to 60, after a first one of each length modulo 8."""
    rng = random.Random(cocotb.RANDOM_SEED)
    sizes = ((9, 13, 21), (10, 17, 20), (16, 24, 31), (11, 19, 36), (12, 40, 50), (300, 513, 9))
    several = [
        [rng.randbytes(size) for size in (12 + shift, *three)]
        for shift in range(8)
        for three in sizes
    ]
    packets = [
        Packet(packed(one), one, shape=SHAPES[at % len(SHAPES)]) for at, one in enumerate(several)
    ]
    judge, model, gathered = await sent(dut, packets, "never", IextpRx)
    check(packets, model, gathered)
    judge.done(at_least=100)


@cocotb.test()
async def the_densest_packets(dut: Any) -> None:
    """Level updates back to back, and packets of nothing but empty messages."""
    rng = random.Random(cocotb.RANDOM_SEED)
    updates = [rng.randbytes(30) for _ in range(44)]
    empty = [b""] * 690
    packets = [Packet(packed(one), one) for one in (updates, empty, updates, [b"\0"] * 200)]
    judge, model, gathered = await sent(dut, packets, "never", IextpRx)
    assert check(packets, model, gathered) == 44 * 2 + 890
    figure("latency", model.stages, "cycles")
    judge.done(at_least=500)


@cocotb.test()
async def cut_frames_and_the_next_is_right(dut: Any) -> None:
    """A frame that ends anywhere: no message comes out that wasn't whole, the next packet's do."""
    await cut_frames(dut, IextpRx, packed, 80)


@pytest.mark.parametrize("width", [8, 64])
def test_iextp_rx(width: int) -> None:
    run("iextp_rx", W=width)
