"""Datagrams in captured frames: scapy builds them, takes them apart, and says which are right."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scapy.layers.inet import ICMP, IP, TCP, UDP, IPOption_NOP, IPOption_Timestamp, fragment
from scapy.layers.inet6 import IPv6, IPv6ExtHdrDestOpt, IPv6ExtHdrFragment, IPv6ExtHdrHopByHop
from scapy.layers.l2 import ARP, Dot1AD, Dot1Q, Ether
from scapy.packet import Packet, Raw

from tickwire.data import captures
from tickwire.exchange.flow import Day, DayConfig, packets
from tickwire.wire import mold, pcap
from tickwire.wire.chunks import Chunks
from tickwire.wire.datagrams import SAYS, Cause, datagrams, packed, text

GROUP, GROUP6 = "233.54.12.111", "ff3e::1"
LONGEST = 9018  # bytes of a frame, its check sequence included


def four(**more: Any) -> Packet:
    return IP(src="10.0.0.1", dst=GROUP, **more)


def six() -> Packet:
    return IPv6(src="fe80::1", dst=GROUP6)


def udp(**more: Any) -> Packet:
    return UDP(sport=1, dport=26_400, **more)


STACKS = {
    "plain": lambda: Ether() / four(),
    "tagged": lambda: Ether() / Dot1Q(vlan=7) / four(),
    "two tags": lambda: Ether() / Dot1Q(vlan=7) / Dot1Q(vlan=8, prio=3) / four(),
    "802.1ad": lambda: Ether() / Dot1AD(vlan=100) / Dot1Q(vlan=8) / four(),
    "802.1ad twice": lambda: Ether() / Dot1AD(vlan=100) / Dot1AD(vlan=8) / four(),
    "options": lambda: Ether() / four(options=[IPOption_NOP(), IPOption_Timestamp()]),
    "many options": lambda: Ether() / Dot1Q() / four(options=[IPOption_NOP()] * 40),
    "IPv6": lambda: Ether() / six(),
    "IPv6 with tags": lambda: Ether() / Dot1AD(vlan=1) / Dot1Q(vlan=2) / six(),
}


def by_scapy(frame: bytes) -> tuple[str, int, bytes] | None:
    """Address, port and payload of a datagram whose sums scapy comes to as well."""
    packet = Ether(frame)
    layer = packet.getlayer(IP) or packet.getlayer(IPv6)
    if layer is None or UDP not in layer:
        return None
    again = layer.copy()
    if IP in again and again[IP].chksum:
        del again[IP].chksum
    if again[UDP].chksum or IPv6 in again:
        del again[UDP].chksum
    if bytes(type(layer)(bytes(again))) != bytes(layer):
        return None
    return layer.dst, layer[UDP].dport, bytes(layer[UDP].payload)[: layer[UDP].len - 8]


def ours(frames: list[bytes]) -> list[tuple[str, int, bytes]]:
    found = datagrams(Chunks.of(frames))
    names = [text(address.tobytes()).strip("[]") for address in found.address]
    return list(zip(names, found.port.tolist(), list(found.payloads), strict=True))


@pytest.mark.parametrize("name", STACKS)
def test_what_scapy_builds_is_read(name: str) -> None:
    generator = random.Random(name)
    head = len(bytes(STACKS[name]() / udp()))
    sizes = [0, 1, 17, 18, 19, 1400, LONGEST - 4 - head, LONGEST, 20_001]
    sent = [generator.randbytes(size) for size in sizes]
    frames = [bytes(STACKS[name]() / udp() / Raw(payload)) for payload in sent]
    frames = [frame.ljust(60, b"\0") for frame in frames]
    assert any(len(frame) == LONGEST - 4 for frame in frames)
    observed = ours(frames)
    assert [payload for _, _, payload in observed] == sent
    assert observed == [by_scapy(frame) for frame in frames]


REFUSED: dict[Cause, list[Packet]] = {
    Cause.OTHER: [
        Ether() / ARP(),
        Ether() / four() / TCP() / Raw(b"x" * 30),
        Ether() / four() / ICMP(),
        Ether() / six() / TCP(),
        Ether(type=0x8847) / Raw(bytes(60)),
        Ether(type=0x0800) / Raw(b"E"),
        Ether(type=0x8100) / Raw(b"\0"),
        Raw(b""),
    ],
    Cause.FRAGMENT: [
        *(Ether() / piece for piece in fragment(four() / udp() / Raw(bytes(3000)), 1000)),
        Ether() / six() / IPv6ExtHdrFragment(m=1) / udp() / Raw(b"tick"),
    ],
    Cause.EXTENSION: [
        Ether() / six() / IPv6ExtHdrHopByHop() / udp() / Raw(b"tick"),
        Ether() / six() / IPv6ExtHdrDestOpt() / udp() / Raw(b"tick"),
    ],
    Cause.BAD_HEADER: [
        Ether() / four(chksum=1) / udp() / Raw(b"tick"),
        Ether(type=0x0800) / six() / udp(),
        Ether(type=0x86DD) / four() / udp() / Raw(b"tick" * 9),
        Ether() / four() / udp(len=9) / Raw(b"tick"),
        Ether() / six() / udp(len=7) / Raw(b"tick"),
    ],
    Cause.CUT_SHORT: [
        Ether() / four(len=60) / udp(len=40) / Raw(b"tick"),
        Ether() / IPv6(src="fe80::1", dst=GROUP6, plen=40) / udp() / Raw(b"tick"),
        Ether() / Raw(bytes(four(options=[IPOption_NOP()] * 40) / udp())[:40]),
    ],
    Cause.BAD_SUM: [
        Ether() / four() / udp(chksum=7) / Raw(b"tick"),
        Ether() / four(options=[IPOption_NOP()] * 8) / udp(chksum=7) / Raw(b"tick"),
        Ether() / six() / udp(chksum=7) / Raw(b"tick"),
        Ether() / six() / udp(chksum=0) / Raw(b"tick"),
    ],
}
for _packet in (REFUSED[Cause.CUT_SHORT][2],):
    _packet[Ether].type = 0x0800


@pytest.mark.parametrize("cause", REFUSED)
def test_what_cannot_be_read_is_counted_by_its_cause(cause: Cause) -> None:
    good = bytes(Ether() / four() / udp() / Raw(b"good"))
    every = [bytes(packet) for packet in REFUSED[cause]]
    found = datagrams(Chunks.of([good, *every, good]))
    assert [Cause(code) for code in found.causes[1:-1]] == [cause] * len(every)
    assert list(found.payloads) == [b"good"] * 2 and found.frame.tolist() == [0, len(every) + 1]
    assert found.left_out == {SAYS[cause]: len(every)}


def test_sums_that_were_not_given_are_not_checked() -> None:
    packets = [
        Ether() / four(chksum=0) / udp() / Raw(b"tick"),
        Ether() / four() / udp(chksum=0) / Raw(b"tick"),
    ]
    frames = [bytes(packet) for packet in packets]
    assert ours(frames) == [by_scapy(frame) for frame in frames]
    assert len(ours(frames)) == 2


def test_scapy_agrees_on_every_flipped_bit() -> None:
    """Of all headers: what is read is what scapy reads, and no payload is another's."""
    compared = 0
    for name in ("two tags", "options", "IPv6"):
        frame = bytes(STACKS[name]() / udp() / Raw(b"a tick of the market")).ljust(60, b"\0")
        head = len(frame) - 20
        flipped = [
            frame[:at] + bytes([frame[at] ^ (1 << bit)]) + frame[at + 1 :]
            for at in range(12, head)
            for bit in range(8)
        ]
        for one in flipped:
            observed = ours([one])
            if observed:
                assert observed == [by_scapy(one)]
                compared += 1
    assert compared > 60  # tags, types of service and others that no sum covers


def test_random_frames_never_hang_and_each_is_accounted_for() -> None:
    generator = random.Random(4)
    frames = [generator.randbytes(generator.randrange(120)) for _ in range(500)]
    heads = [bytes(stack() / udp()) for stack in STACKS.values()]
    frames += [head[: generator.randrange(len(head))] for head in heads for _ in range(40)]
    found = datagrams(Chunks.of(frames))
    assert len(found.frame) + sum(found.left_out.values()) == len(frames)


def test_addresses_are_read_as_they_are_written() -> None:
    for address in (GROUP, "0.0.0.0", f"[{GROUP6}]", "[::1]"):
        assert text(packed(address)) == address
    for wrong in ("", "1.2.3", GROUP6, "[1.2.3.4]", "a.b.c.d"):
        with pytest.raises(ValueError):
            packed(wrong)


def test_a_feed_in_all_those_frames_is_the_feed(tmp_path: Path) -> None:
    """A day whose packets go round all stacks, a fragment among them, ends in the same books."""
    day = Day(DayConfig(seed=4, events=3_000, symbols=("AAAA", "BBBB")))
    every = list(packets(day.messages()))
    stacks = list(STACKS.values())
    frames = [
        bytes(stacks[at % len(stacks)]() / udp() / Raw(payload)) for at, payload in enumerate(every)
    ]
    pcap.write(
        tmp_path / "plain.pcap",
        Chunks.of(bytes(stacks[0]() / udp() / Raw(payload)) for payload in every),
    )
    pcap.write(tmp_path / "all.pcap", Chunks.of(frames))
    about, chunks = captures.read(tmp_path / "all.pcap")
    plain, others = captures.read(tmp_path / "plain.pcap")
    assert about.notes == plain.notes == {}
    for one, other in zip(chunks, others, strict=True):
        assert np.array_equal(one.tops, other.tops) and len(one) > 2_000
    lost = len(every) // 2
    pieces = fragment(four() / udp() / Raw(every[lost]), 64)
    assert len(pieces) > 1
    frames[lost : lost + 1] = [bytes(Ether() / piece) for piece in pieces]
    pcap.write(tmp_path / "all.pcap", Chunks.of(frames))
    about, _ = captures.read(tmp_path / "all.pcap")
    count = int(mold.depacketise(Chunks.of([every[lost]])).first[-1])
    assert about.notes == {
        "fragments of datagrams": len(pieces), "gaps": 1, "messages lacking": count,
    }  # fmt: skip
