"""Bench of udp_rx: scapy builds the frames; each must come to the event of how it was spoiled."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cocotb
import pytest
from scapy.all import ARP, IP, TCP, UDP, Ether, IPv6, IPv6ExtHdrFragment, Raw
from scapy.all import IPv6ExtHdrHopByHop as HopByHop

from sim.golden.udp_rx import EVENTS, UdpRx, headers, verdict
from sim.lib.bench import JudgeBeside, start
from sim.lib.runner import run
from sim.stimulus import feed
from sim.stimulus.feed import SIX, Frame, datagram, place

FRAMES = 200
REGISTERS = {
    "enable": 1,
    "any_group": 0,
    "any_port": 0,
    "group": 0xEF010203,
    "port": feed.PORT,
}
TAGS = ("", "q", "a", "qq", "qa", "aq", "aa")
WORDS = 10  # of options, at most


@dataclass(frozen=True)
class One:
    """What a frame is made of."""

    rng: random.Random
    data: bytes
    tags: str = ""
    options: int = 0
    six: bool = False

    def frame(self, data: bytes | None = None, **spoil: Any) -> bytes:
        return datagram(
            self.data if data is None else data,
            tags=self.tags, options=self.options, six=self.six, **spoil,
        )  # fmt: skip

    @property
    def ip(self) -> int:
        return 14 + 4 * len(self.tags)


Make = Callable[[One], bytes]


def any_one(rng: random.Random, six: bool, data: bytes | None = None) -> One:
    """Of one of the shapes that are taken."""
    options = rng.choice((0, 0, 1, 2, 5, WORDS))
    data = rng.randbytes(rng.randint(34, 160)) if data is None else data
    return One(rng, data, rng.choice(TAGS), 0 if six else options, six)


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
    frame = one.frame(one.data[:size])
    ends = place(frame) + 8 + size
    return frame[:ends] + one.rng.randbytes(len(frame) - ends)


def _all_ones(one: One) -> bytes:
    """Its sum is 0, which is sent as ones: the last two bytes take away what the others come to."""
    data = one.data[: len(one.data) // 2 * 2] + b"\0\0"
    frame = one.frame(data)
    at = place(frame) + 6
    frame = one.frame(data[:-2] + frame[at : at + 2])
    assert frame[at : at + 2] == b"\xff\xff"
    return frame


def _of_the_datagram(one: One) -> bytes:
    """One bit of it, or of the addresses in IPv6, where no other sum sees that."""
    frame = one.frame()
    udp = place(frame)
    places = [udp, udp + 7, *range(udp + 8, udp + 8 + len(one.data))]
    places += [one.ip + 8, one.ip + 23, one.ip + 39] * 8 * one.six
    return _flip(frame, one.rng.choice(places), 1 << one.rng.randrange(8))


def _longer(one: One) -> bytes:
    size = len(one.data) + 9
    ip: dict[str, Any] = {"ip_plen": size} if one.six else {"ip_len": size + 20 + 4 * one.options}
    return one.frame(udp_len=size, **ip)


def _below_8(one: One) -> bytes:
    ip: dict[str, Any] = {"ip_plen": 7} if one.six else {"ip_len": 27 + 4 * one.options}
    return one.frame(udp_len=7, **ip)


def _behind(one: One, after: Any) -> bytes:
    """IPv6 with another header before UDP."""
    return _other(Ether() / IPv6(**SIX) / after / UDP(dport=feed.PORT) / Raw(one.data))


MULTICAST = {"dst": feed.GROUP, "src": "10.0.0.1"}
KINDS: dict[str, tuple[str, Make]] = {  # of both
    "right": ("datagrams", lambda one: one.frame()),
    "padded with anything": ("datagrams", _padded),
    "a checksum of ones": ("datagrams", _all_ones),
    "padded": ("datagrams", lambda one: one.frame(one.data[: one.rng.randrange(9)])),
    "one bit of the datagram": ("bad_checksum", _of_the_datagram),
    "another checksum": (
        "bad_checksum",
        lambda one: one.frame(udp_chksum=one.rng.randint(1, 0xFFFE)),
    ),
    "arp": ("other_protocol", lambda one: _other(Ether(dst=feed.MAC) / ARP() / Raw(one.data))),
    "udp length": (
        "bad_udp",
        lambda one: one.frame(udp_len=len(one.data) + 8 + one.rng.choice((-1, 1, 256))),
    ),
    "udp below 8": ("bad_udp", _below_8),
    "port": (
        "filtered",
        lambda one: one.frame(udp_dport=feed.PORT ^ 1 << one.rng.randrange(16)),
    ),
    "cut": (
        "truncated",
        lambda one: one.frame()[: -one.rng.randint(1, min(len(one.data), 30))],
    ),
    "cut at once": ("truncated", lambda one: one.frame()[: one.rng.randint(1, 63)]),
    "cut before the sum": (
        "truncated",
        lambda one: one.frame()[: one.rng.randint(64, max(64, place(one.frame()) + 11))],
    ),
    "lengths beyond the frame": ("truncated", _longer),
}
FOUR: dict[str, tuple[str, Make]] = {
    "no checksum": ("no_checksum", lambda one: one.frame(udp_chksum=0)),
    "no fragments": ("datagrams", lambda one: one.frame(ip_flags="DF")),
    "three tags": (
        "other_protocol",
        lambda one: datagram(one.data, tags="".join(one.rng.choice("qa") for _ in "123")),
    ),
    "tcp": (
        "other_protocol",
        lambda one: _other(Ether() / IP(**MULTICAST) / TCP(dport=feed.PORT) / Raw(one.data)),
    ),
    "version": (
        "bad_ip_header",
        lambda one: one.frame(ip_version=one.rng.choice((0, 5, 6, 12))),
    ),
    "few words": ("bad_ip_header", lambda one: one.frame(ip_ihl=one.rng.randrange(5))),
    "checksum": (
        "bad_ip_header",
        lambda one: _flip(
            one.frame(),
            one.ip + one.rng.choice((1, 2, 4, 6, 8, 10, 17, *range(20, 20 + 4 * one.options))),
            0x10,
        ),
    ),
    "ip length": (
        "bad_ip_header",
        lambda one: one.frame(ip_len=one.rng.randrange(20 + 4 * one.options)),
    ),
    "first fragment": ("ip_fragments", lambda one: one.frame(ip_flags="MF")),
    "later fragment": ("ip_fragments", lambda one: one.frame(ip_frag=1 << one.rng.randrange(13))),
}
SIXES: dict[str, tuple[str, Make]] = {
    "no checksum": ("bad_checksum", lambda one: one.frame(udp_chksum=0)),
    "version": (
        "bad_ip_header",
        lambda one: one.frame(ip_version=one.rng.choice((0, 4, 5, 7, 14))),
    ),
    "tcp": ("other_protocol", lambda one: one.frame(ip_nh=6)),
    "hop by hop": ("other_protocol", lambda one: _behind(one, HopByHop())),
    "a fragment": ("ip_fragments", lambda one: _behind(one, IPv6ExtHdrFragment(m=1))),
    "the last fragment": ("ip_fragments", lambda one: _behind(one, IPv6ExtHdrFragment(offset=9))),
    "payload length": (
        "bad_udp",
        lambda one: one.frame(ip_plen=len(one.data) + 8 + one.rng.choice((-1, 1, 256))),
    ),
    "jumbogram": ("bad_udp", lambda one: one.frame(ip_plen=0)),
}
GROUPS = ("239.1.2.2", "239.1.3.3", "239.9.2.3", "238.1.2.3")


def of_another_group(one: One) -> bytes:
    return one.frame() if one.six else one.frame(ip_dst=one.rng.choice(GROUPS))


def frames(rng: random.Random, count: int, six: bool) -> list[tuple[str, Frame]]:
    """Every kind at least once, in every shape, with what each must come to."""
    every = KINDS | (SIXES if six else FOUR)
    kinds = [*every, *rng.choices([*every, *["right"] * 12], k=count - len(every))]
    rng.shuffle(kinds)
    sent = []
    for kind in kinds:
        event, make = every[kind]
        frame = make(any_one(rng, six))
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
@cocotb.parametrize(idle=("never", "often"), six=(False, True))
async def each_frame_comes_to_its_event(dut: Any, idle: str, six: bool) -> None:
    rng = random.Random(cocotb.RANDOM_SEED)
    judge, model = judged(dut)
    configure(dut, any_group=int(six))
    sent = frames(rng, FRAMES // 2, six)
    await start(dut)
    lanes = len(dut.s_axis_tkeep)
    await feed.drive(dut, feed.lines((frame for _, frame in sent), lanes, rng, idle), rng)
    assert model.events == [event for event, _ in sent]
    counts = Counter(model.events)
    assert set(counts) == set(EVENTS) - ({"no_checksum"} if six else set())
    assert counts["datagrams"] >= FRAMES // 10 and (model.options >= 5) == (not six)
    judge.done(at_least=FRAMES * 30 // lanes)


@cocotb.test()
async def every_shape_of_headers(dut: Any) -> None:
    """Tags and options, and IPv6, each with payloads that end in any lane, back to back."""
    rng = random.Random(cocotb.RANDOM_SEED)
    judge, model = judged(dut)
    configure(dut, any_group=1)
    shapes = [(tags, words) for tags in TAGS for words in range(WORDS + 2)]
    sizes = itertools.cycle((0, 20, 1, 41, 2, 3, 64, 5, 22, 6, 7))
    ones = [
        One(rng, rng.randbytes(next(sizes)), tags, words % (WORDS + 1), words > WORDS)
        for tags, words in shapes * 3
    ]
    await start(dut)
    lanes = len(dut.s_axis_tkeep)
    sent = [Frame(one.frame()) for one in ones]
    await feed.drive(dut, feed.lines(sent, lanes, rng, "never"), rng)
    assert model.events == ["datagrams"] * 3 * len(shapes)
    assert model.options == sum(one.options > 0 for one in ones)
    judge.done(at_least=len(sent) * 60 // lanes)


@cocotb.test()
async def cut_at_each_byte_of_the_headers(dut: Any) -> None:
    """And up to the check sequence of what has no payload: cut, the same at both widths."""
    rng = random.Random(cocotb.RANDOM_SEED)
    judge, model = judged(dut)
    configure(dut, any_group=1)
    ones = [One(rng, b"", "qa", WORDS), One(rng, b"", "", 3), One(rng, b"", "a", 0, True)]
    right = [one.frame() for one in ones]
    sent = [frame[:size] for frame in right for size in range(1, len(frame) + 1)]
    await start(dut)
    lanes = len(dut.s_axis_tkeep)
    await feed.drive(dut, feed.lines(map(Frame, sent), lanes, rng, "never"), rng)
    assert model.events == ["datagrams" if one in right else "truncated" for one in sent]
    judge.done(at_least=len(sent) * 20 // lanes)


@cocotb.test()
async def the_longest_frames(dut: Any) -> None:
    """9,018 bytes without tags; a sum that is right, and one wrong bit far behind."""
    rng = random.Random(cocotb.RANDOM_SEED)
    judge, model = judged(dut)
    configure(dut, any_group=1)
    await start(dut)
    sent = []
    for tags, options, six in (("", 0, False), ("qa", WORDS, False), ("aa", 0, True)):
        room = 9018 - 4 - 14 - (40 if six else 20 + 4 * options) - 8
        one = One(rng, rng.randbytes(room), tags, options, six)
        sent.append(one.frame())
        assert len(sent[-1]) == 9018 + 4 * len(tags)
    sent += [_flip(sent[-1], 9018, 1), sent[0][:-1]]
    lanes = len(dut.s_axis_tkeep)
    await feed.drive(dut, feed.lines(map(Frame, sent), lanes, rng, "never"), rng)
    assert model.events == ["datagrams"] * 3 + ["bad_checksum", "truncated"]
    judge.done(at_least=5 * 9018 // lanes)


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
    elsewhere = ["port", "group", "right", "six"] * 2
    makes = {kind: KINDS[kind][1] for kind in ("port", "right")}
    makes |= {"group": of_another_group, "six": of_another_group}  # IPv6 is of no group
    sent = [Frame(makes[kind](any_one(rng, kind == "six"))) for kind in elsewhere]
    lanes = len(dut.s_axis_tkeep)
    judge, model = judged(dut)
    configure(dut)
    await start(dut)
    for enable, group, port in ((1, 0, 0), (1, 0, 1), (1, 1, 0), (1, 1, 1), (0, 1, 1)):
        configure(dut, enable=enable, any_group=group, any_port=port)
        before = len(model.events)
        await feed.drive(dut, feed.lines(sent, lanes, rng, "never"), rng)
        passes = {"port": port, "group": group, "six": group, "right": 1}
        assert model.events[before:] == [
            "datagrams" if enable and passes[kind] else "filtered" for kind in elsewhere
        ]
    judge.done(at_least=len(sent) * 5 * 60 // lanes)


@cocotb.test()
async def random_headers(dut: Any) -> None:
    """Any one bit of the headers turned, and then frames of noise: the golden reading decides."""
    rng = random.Random(cocotb.RANDOM_SEED)
    judge, model = judged(dut)
    configure(dut, any_group=1)
    ones = [One(rng, rng.randbytes(40), tags, 2 * len(tags)) for tags in ("", "q", "aq")]
    right = [one.frame() for one in (*ones, One(rng, rng.randbytes(40), "a", six=True))]
    sent = [
        _flip(frame, rng.randrange(12, place(frame) + 8), 1 << rng.randrange(8))
        for frame in right * 35
    ]
    sent += [rng.randbytes(rng.randint(1, 120)) for _ in range(30)] + right
    await start(dut)
    lanes = len(dut.s_axis_tkeep)
    await feed.drive(dut, feed.lines(map(Frame, sent), lanes, rng, "often"), rng)
    assert len(model.events) == len(sent) and model.events[-4:] == ["datagrams"] * 4
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
    for six in (False, True):
        frame = One(random.Random(1), b"payload", "qa", 0 if six else 3, six).frame()
        layers, found = Ether(frame), headers(frame)
        assert found is not None and frame[found.udp :][:2] == bytes(layers[UDP])[:2]
        assert verdict(frame, *(REGISTERS | {"any_group": 1}).values()) == "datagrams"
        assert verdict(frame, *REGISTERS.values()) == ("filtered" if six else "datagrams")
