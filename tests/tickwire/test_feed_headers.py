"""Tags, options, IPv6, fragments, long frames, from wire to decoder: scapy builds them."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest
from scapy.layers.inet import IP, UDP, IPOption, fragment
from scapy.layers.inet6 import IPv6, IPv6ExtHdrFragment, fragment6
from scapy.layers.l2 import Dot1AD, Dot1Q, Ether
from scapy.packet import Packet, Raw

from sim.golden import udp_rx
from sim.stimulus.shapes import checked, longer, shaped
from tickwire.cli.decode import main
from tickwire.exchange.flow import Day, DayConfig, packets
from tickwire.replay.feed import LONGEST, Received, receive
from tickwire.replay.feed_frames import UDP as VERDICTS
from tickwire.wire import mold, pcap
from tickwire.wire.capture import framed
from tickwire.wire.chunks import Chunks
from tickwire.wire.datagrams import Cause, datagrams
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.traffic import Registers, Traffic

GROUP, GROUP6, PORT = "233.54.12.111", "ff3e::1", 26_400
TAGS: tuple[tuple[type[Packet], ...], ...] = (
    *((), (Dot1Q,), (Dot1AD,), (Dot1Q, Dot1Q), (Dot1Q, Dot1AD)),
    *((Dot1AD, Dot1Q), (Dot1AD, Dot1AD)),
)
FOUR, SIX, ANY = IP(src="10.0.0.1", dst=GROUP), IPv6(src="fe80::1", dst=GROUP6), -1


def network(words: int) -> Packet:
    """IPv4 with so many words of options, or IPv6."""
    if words == ANY:
        return SIX.copy()
    options = [IPOption(b"\x01" * 4 * words)] if words else []
    return IP(src="10.0.0.1", dst=GROUP, options=options)


def framed_by_scapy(payload: bytes, words: int, tags: tuple[type[Packet], ...] = ()) -> bytes:
    frame = Ether(dst="01:00:5e:36:0c:6f")
    for tag in tags:
        frame /= tag(vlan=7)
    return bytes(frame / network(words) / UDP(sport=1, dport=PORT) / Raw(payload)).ljust(60, b"\0")


def received(every: list[bytes], registers: Registers, width: int = 8) -> Received:
    return receive(Traffic.of(Chunks.of(every), width, space=40), registers, width)


def payloads(count: int = 40) -> list[bytes]:
    return list(packets(Day(DayConfig(seed=6, events=12 * count + 40)).messages()))[:count]


@pytest.mark.parametrize("width", [8, 64])
@pytest.mark.parametrize("any_group", [0, 3])
def test_the_replay_reads_headers_as_the_golden_model_does(width: int, any_group: int) -> None:
    """Every shape whole, with any bit of its headers turned, and cut anywhere."""
    rng, registers = random.Random(any_group), Registers(any_group=any_group)
    every = []
    for tags in (*TAGS, (Dot1Q, Dot1AD, Dot1Q)):
        for words in (*range(11), ANY):
            right = framed_by_scapy(rng.randbytes(rng.randrange(40)), words, tags)
            every.append(checked(right))
            head = len(right) - 8
            for _ in range(12):
                at, bit = rng.randrange(12, head), 1 << rng.randrange(8)
                every.append(checked(right[:at] + bytes([right[at] ^ bit]) + right[at + 1 :]))
            every += [checked(right[: rng.randrange(60, len(right) + 1)]) for _ in range(3)]
    observed = received(every, registers, width)
    expected, options = [], []
    for frame in every:
        found = udp_rx.headers(frame)
        event = "truncated"
        if found is not None and len(frame) >= max(64, found.udp + 12):
            event = udp_rx.verdict(
                frame, 1, any_group & 1, 0, registers.group[0], registers.port[0]
            )
            if event == "datagrams":
                stop = found.udp + int.from_bytes(frame[found.udp + 4 : found.udp + 6], "big")
                event = "truncated" if len(frame) < stop + 4 else udp_rx.summed(frame)
        expected.append(event)
        options.append(int(udp_rx.optional(frame, event)))
    assert [VERDICTS[number] for number in observed.udp] == expected
    assert observed.options.tolist() == options and sum(options) > 100
    assert set(expected) == set(VERDICTS) - {"no_checksum", "ip_fragments"}


def test_the_reader_and_the_replay_take_the_same_frames() -> None:
    """What scapy builds is taken by both, and what is fragmented or extended by neither."""
    every = [
        framed_by_scapy(payload, words, tags)
        for tags in TAGS
        for words, payload in zip((*range(11), ANY), payloads(12), strict=True)
    ]
    every += [bytes(Ether() / piece) for piece in fragment(FOUR / UDP() / Raw(bytes(900)), 400)]
    six = SIX / IPv6ExtHdrFragment() / UDP() / Raw(bytes(900))
    every += [bytes(Ether() / piece) for piece in fragment6(six, 600)]
    taken = received([checked(frame) for frame in every], Registers(any_group=3, any_port=3))
    causes = datagrams(Chunks.of(every)).causes
    assert np.array_equal(taken.udp == VERDICTS.index("datagrams"), causes == Cause.NONE)
    assert np.array_equal(taken.udp == VERDICTS.index("ip_fragments"), causes == Cause.FRAGMENT)
    assert (causes == Cause.NONE).sum() == 12 * len(TAGS) and (causes == Cause.FRAGMENT).sum() > 3


@pytest.mark.parametrize("words", [0, ANY])
def test_what_fragments_carried_is_a_gap(words: int) -> None:
    """By the numbers; no fragment is taken for a packet, the first one neither."""
    every = [framed_by_scapy(payload, words) for payload in payloads(9)]
    lost = payloads(9)[4]
    whole = network(words) / UDP(sport=1, dport=PORT) / Raw(lost)
    if words == ANY:
        six = SIX / IPv6ExtHdrFragment() / UDP(sport=1, dport=PORT) / Raw(lost)
        pieces = fragment6(six, 120)
    else:
        pieces = fragment(whole, 80)
    assert len(pieces) > 1
    every[4:5] = [bytes(Ether() / piece).ljust(60, b"\0") for piece in pieces]
    found = received([checked(frame) for frame in every], Registers(any_group=3))
    blocks = mold.depacketise(Chunks.of([lost]))
    first = int.from_bytes(lost[10:18], "big")
    assert [row[1:] for row in found.missing.tolist()] == [(first, int(blocks.first[-1]))]
    assert (found.udp == VERDICTS.index("ip_fragments")).sum() == len(pieces)


def test_the_decoder_takes_what_venues_send(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Through the RTL: all shapes of a day, and a packet of 9,000 bytes; then one in fragments."""
    sent = payloads(12 * len(TAGS) - 1)
    shapes = [(tags, words) for tags in TAGS for words in (*range(11), ANY)]
    every = [
        framed_by_scapy(payload, words, tags)
        for payload, (tags, words) in zip(sent, shapes, strict=False)
    ]
    number = int.from_bytes(sent[-1][10:18], "big") + int.from_bytes(sent[-1][18:20], "big")
    noii = b"\0\x32I" + bytes(49)
    jumbo = sent[0][:10] + number.to_bytes(8, "big") + (170).to_bytes(2, "big") + 170 * noii
    every.append(framed_by_scapy(jumbo, ANY, (Dot1AD, Dot1Q)))
    assert 8_900 < len(every[-1]) + 4 <= LONGEST
    none = Ether() / FOUR / UDP(sport=1, dport=PORT, chksum=0) / Raw(sent[0])
    every[0] = bytes(none).ljust(60, b"\0")
    out, path = tmp_path / "out.jsonl", tmp_path / "day.pcap"
    pcap.write(path, Chunks.of(every))
    assert main([str(path), "--out", str(out), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [row["sequence_number"] for row in rows] == list(range(1, number + 170))
    skipped = sum(words not in (0, ANY) for _, words in shapes[: len(sent)])
    assert figures["hardware"] == {"ip_options": skipped, "no_checksum": 1} and not figures.get(
        "lost"
    )
    pieces = fragment(FOUR / UDP(sport=1, dport=PORT) / Raw(sent[20]), 80)
    every[20:21] = [bytes(Ether() / piece).ljust(60, b"\0") for piece in pieces]
    pcap.write(path, Chunks.of(every))
    assert main([str(path), "--out", str(out), "--json"]) == 1
    figures = json.loads(capsys.readouterr().out)
    assert figures["hardware"]["ip_fragments"] == len(pieces) and "lost" in figures


def test_frames_may_be_as_long_as_that() -> None:
    """By what stands behind the packet, or behind the datagram."""
    (frame,) = frames(Chunks.of(payloads(1)), Flow())
    for size, event in ((LONGEST, "datagrams"), (LONGEST + 1, "truncated")):
        long = longer(frame, size - len(frame))
        assert len(long) == size
        found = received([long, checked(frame[:-4] + bytes(size - len(frame)))], Registers())
        assert [VERDICTS[number] for number in found.udp] == [event, "datagrams"]
        assert (found.mac == found.mac[0]).all() and len(found.messages) > 0


def test_scapy_reads_the_shapes_of_the_fuzz() -> None:
    rng = random.Random(3)
    for frame in frames(Chunks.of(payloads(30)), Flow()):
        tags = "".join(rng.choices("qa", k=rng.randrange(3)))
        six, words = rng.random() < 0.3, rng.randrange(11)
        read = Ether(shaped(frame, tags, bytes([1] * 4 * words), six)[:-4])
        plain = Ether(frame[:-4])
        layer = read[IPv6] if six else read[IP]
        again = layer.copy()
        for name, of in (("chksum", UDP), ("len", UDP), *(() if six else (("ihl", IP),))):
            delattr(again[of], name)
        if not six:
            del again.chksum
        assert bytes(type(layer)(bytes(again))) == bytes(layer)
        assert (
            bytes(read[UDP].payload)[: read[UDP].len - 8]
            == bytes(plain[UDP].payload)[: plain[UDP].len - 8]
        )
        assert len(tags) == sum(kind in (Dot1Q, Dot1AD) for kind in read.layers())
    assert len(framed(Chunks.of([frame]))) == 1
