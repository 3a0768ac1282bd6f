"""Bench of udp_rx: scapy builds the frames; each must come to the event of how it was spoiled."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cocotb
import pytest
from scapy.all import ARP, IP, TCP, UDP, Dot1Q, Ether, IPOption_NOP, Raw

from sim.golden.udp_rx import EVENTS, UdpRx, verdict
from sim.lib.bench import JudgeBeside, start
from sim.lib.runner import run
from sim.stimulus import feed
from sim.stimulus.feed import Frame, datagram

FRAMES = 160
REGISTERS = {
    "enable": 1,
    "any_group": 0,
    "any_port": 0,
    "group": 0xEF010203,
    "port": feed.PORT,
}


@dataclass(frozen=True)
class One:
    """What a frame is made of."""

    rng: random.Random
    data: bytes
    tag: bool


Make = Callable[[One], bytes]


def _flip(frame: bytes, at: int, bits: int) -> bytes:
    changed = bytearray(frame)
    changed[at] ^= bits
    return bytes(changed)


def _other(layers: Any) -> bytes:
    frame = bytes(layers)
    return frame + bytes(max(0, 60 - len(frame))) + b"\0\0\0\0"


def _padded(one: One) -> bytes:
    """Of any length to 20 bytes; what is behind isn't of the datagram."""
    size = one.rng.randrange(20)
    frame = datagram(one.data[:size], tag=one.tag)
    ends = 42 + 4 * one.tag + size
    return frame[:ends] + one.rng.randbytes(len(frame) - ends)


def _all_ones(one: One) -> bytes:
    """Its sum is 0, which is sent as ones: the last two bytes take away what the others come to."""
    data = one.data[: len(one.data) // 2 * 2] + b"\0\0"
    rest = int.from_bytes(datagram(data)[40:42], "big")
    frame = datagram(data[:-2] + rest.to_bytes(2, "big"), tag=one.tag)
    assert frame[40 + 4 * one.tag :][:2] == b"\xff\xff"
    return frame


MULTICAST = {"dst": feed.GROUP, "src": "10.0.0.1"}
KINDS: dict[str, tuple[str, Make]] = {
    "right": ("datagrams", lambda one: datagram(one.data, tag=one.tag)),
    "padded with anything": ("datagrams", lambda one: _padded(one)),
    "a checksum of ones": ("datagrams", lambda one: _all_ones(one)),
    "padded": ("datagrams", lambda one: datagram(one.data[: one.rng.randrange(9)], tag=one.tag)),
    "no checksum": (
        "no_checksum",
        lambda one: datagram(one.data, tag=one.tag, udp_chksum=0),
    ),
    "one bit of the datagram": (
        "bad_checksum",
        lambda one: _flip(
            datagram(one.data, tag=one.tag),
            one.rng.choice((34, 41, *range(42, 42 + len(one.data)))) + 4 * one.tag,
            1 << one.rng.randrange(8),
        ),
    ),
    "another checksum": (
        "bad_checksum",
        lambda one: datagram(one.data, tag=one.tag, udp_chksum=one.rng.randint(1, 0xFFFE)),
    ),
    "no fragments": ("datagrams", lambda one: datagram(one.data, tag=one.tag, ip_flags="DF")),
    "arp": ("other_protocol", lambda one: _other(Ether(dst=feed.MAC) / ARP() / Raw(one.data))),
    "two tags": (
        "other_protocol",
        lambda one: _other(
            Ether() / Dot1Q(vlan=1) / Dot1Q(vlan=2) / IP(**MULTICAST) / UDP(dport=1) / Raw(one.data)
        ),
    ),
    "tcp": (
        "other_protocol",
        lambda one: _other(Ether() / IP(**MULTICAST) / TCP(dport=feed.PORT) / Raw(one.data)),
    ),
    "version": (
        "bad_ip_header",
        lambda one: datagram(one.data, tag=one.tag, ip_version=one.rng.choice((0, 5, 6, 12))),
    ),
    "few words": (
        "bad_ip_header",
        lambda one: datagram(one.data, tag=one.tag, ip_ihl=one.rng.randrange(5)),
    ),
    "checksum": (
        "bad_ip_header",
        lambda one: _flip(
            datagram(one.data, tag=one.tag),
            16 + 4 * one.tag + one.rng.choice((0, 1, 2, 6, 8, 10, 17)),
            0x10,
        ),
    ),
    "ip length": (
        "bad_ip_header",
        lambda one: datagram(one.data, tag=one.tag, ip_len=one.rng.randrange(20)),
    ),
    "options": (
        "ip_options",
        lambda one: datagram(one.data, tag=one.tag, ip_options=[IPOption_NOP()]),
    ),
    "first fragment": (
        "ip_fragments",
        lambda one: datagram(one.data, tag=one.tag, ip_flags="MF"),
    ),
    "later fragment": (
        "ip_fragments",
        lambda one: datagram(one.data, tag=one.tag, ip_frag=1 << one.rng.randrange(13)),
    ),
    "udp length": (
        "bad_udp",
        lambda one: datagram(
            one.data, tag=one.tag, udp_len=len(one.data) + 8 + one.rng.choice((-1, 1, 256))
        ),
    ),
    "udp below 8": (
        "bad_udp",
        lambda one: datagram(one.data, tag=one.tag, udp_len=7, ip_len=27),
    ),
    "port": (
        "filtered",
        lambda one: datagram(
            one.data, tag=one.tag, udp_dport=feed.PORT ^ 1 << one.rng.randrange(16)
        ),
    ),
    "group": (
        "filtered",
        lambda one: datagram(
            one.data,
            tag=one.tag,
            ip_dst=one.rng.choice(("239.1.2.2", "239.1.3.3", "239.9.2.3", "238.1.2.3")),
        ),
    ),
    "cut": (
        "truncated",
        lambda one: datagram(one.data, tag=one.tag)[: -one.rng.randint(1, min(len(one.data), 30))],
    ),
    "cut at once": (
        "truncated",
        lambda one: datagram(one.data, tag=one.tag)[: one.rng.randint(1, 63)],
    ),
    "lengths beyond the frame": (
        "truncated",
        lambda one: datagram(
            one.data, tag=one.tag, udp_len=len(one.data) + 9, ip_len=len(one.data) + 29
        ),
    ),
}


def frames(rng: random.Random, count: int) -> list[tuple[str, Frame]]:
    """Every kind at least once, each as likely tagged as not, with what each must come to."""
    kinds = [*KINDS, *rng.choices([*KINDS, *["right"] * 12], k=count - len(KINDS))]
    rng.shuffle(kinds)
    sent = []
    for kind in kinds:
        event, make = KINDS[kind]
        frame = make(One(rng, rng.randbytes(rng.randint(34, 160)), rng.random() < 0.5))
        sent.append((event, Frame(frame, error=rng.random() < 0.2)))
    return sent


def judged(dut: Any) -> tuple[JudgeBeside, UdpRx]:
    model = UdpRx(len(dut.s_axis_tdata))
    return JudgeBeside(dut, model), model


def configure(dut: Any, **changed: int) -> None:
    dut.s_axis_tvalid.value = dut.s_end.value = 0
    for name, value in (REGISTERS | changed).items():
        getattr(dut, name).value = value


@cocotb.test()
@cocotb.parametrize(idle=("never", "often"))
async def each_frame_comes_to_its_event(dut: Any, idle: str) -> None:
    rng = random.Random(cocotb.RANDOM_SEED)
    judge, model = judged(dut)
    configure(dut)
    sent = frames(rng, FRAMES)
    await start(dut)
    lanes = len(dut.s_axis_tkeep)
    await feed.drive(dut, feed.lines((frame for _, frame in sent), lanes, rng, idle), rng)
    assert model.events == [event for event, _ in sent]
    counts = Counter(model.events)
    assert set(counts) == set(EVENTS) and counts["datagrams"] >= FRAMES // 5
    judge.done(at_least=FRAMES * 60 // lanes)


@cocotb.test()
async def not_enabled_takes_nothing(dut: Any) -> None:
    rng = random.Random(cocotb.RANDOM_SEED)
    judge, model = judged(dut)
    configure(dut, enable=0)
    await start(dut)
    sent = [Frame(datagram(rng.randbytes(60))) for _ in range(8)]
    lanes = len(dut.s_axis_tkeep)
    await feed.drive(dut, feed.lines(sent, lanes, rng, "never"), rng)
    assert model.events == ["filtered"] * 8
    judge.done(at_least=8 * 60 // lanes)


@cocotb.test()
async def any_group_and_any_port_take_what_is_for_others(dut: Any) -> None:
    """Each alone and both, and still nothing that isn't enabled."""
    rng = random.Random(cocotb.RANDOM_SEED)
    elsewhere = ["port", "group", "right"] * 2
    sent = [
        Frame(KINDS[kind][1](One(rng, rng.randbytes(50), rng.random() < 0.5))) for kind in elsewhere
    ]
    lanes = len(dut.s_axis_tkeep)
    judge, model = judged(dut)
    configure(dut)
    await start(dut)
    for enable, group, port in ((1, 0, 0), (1, 0, 1), (1, 1, 0), (1, 1, 1), (0, 1, 1)):
        configure(dut, enable=enable, any_group=group, any_port=port)
        before = len(model.events)
        await feed.drive(dut, feed.lines(sent, lanes, rng, "never"), rng)
        passes = {"port": port, "group": group, "right": 1}
        assert model.events[before:] == [
            "datagrams" if enable and passes[kind] else "filtered" for kind in elsewhere
        ]
    judge.done(at_least=len(sent) * 5 * 60 // lanes)


@cocotb.test()
async def random_headers(dut: Any) -> None:
    """Any one bit of the headers turned, and then frames of noise: the golden reading decides."""
    rng = random.Random(cocotb.RANDOM_SEED)
    judge, model = judged(dut)
    configure(dut)
    right = [datagram(rng.randbytes(40), tag=tag) for tag in (False, True)]
    sent = [_flip(right[i % 2], rng.randrange(12, 46), 1 << rng.randrange(8)) for i in range(120)]
    sent += [rng.randbytes(rng.randint(1, 120)) for _ in range(30)] + right
    await start(dut)
    lanes = len(dut.s_axis_tkeep)
    await feed.drive(dut, feed.lines(map(Frame, sent), lanes, rng, "often"), rng)
    assert len(model.events) == len(sent) and model.events[-2:] == ["datagrams"] * 2
    assert len(set(model.events)) >= 6
    judge.done(at_least=len(sent) * 40 // lanes)


@cocotb.test()
async def a_reset_forgets_the_frame(dut: Any) -> None:
    rng = random.Random(cocotb.RANDOM_SEED)
    judge, model = judged(dut)
    configure(dut)
    await start(dut)
    lanes = len(dut.s_axis_tkeep)
    for _ in range(20):
        lines = list(feed.lines([Frame(datagram(rng.randbytes(60)))] * 2, lanes, rng, "never"))
        lines = [line | {"rst": 0} for line in lines]
        lines[rng.randrange(1, len(lines) // 2)]["rst"] = 1
        await feed.drive(dut, lines, rng)
    assert model.events == ["datagrams"] * len(model.events) and len(model.events) >= 20
    judge.done(at_least=20)


@pytest.mark.parametrize("width", [8, 64])
def test_udp_rx(width: int) -> None:
    run("udp_rx", W=width)


def test_golden_takes_what_scapy_takes() -> None:
    frame = datagram(b"payload")
    assert Ether(frame)[UDP].dport == feed.PORT
    assert verdict(frame, *REGISTERS.values()) == "datagrams"
