"""Packets, frames and captures, against scapy: it builds and reads the same."""

from __future__ import annotations

import random
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Dot1Q, Ether
from scapy.packet import Raw
from scapy.utils import PcapNgWriter, rdpcap

from tickwire.wire import itch, mold, pcap
from tickwire.wire.chunks import Chunks, WireError
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.itch import one_by_one


def a_stream(messages: int) -> bytes:
    rows = [{"message_type": b"D", "order_reference_number": n} for n in range(messages)]
    return itch.encode(one_by_one(rows))


@pytest.mark.parametrize("seed", range(5))
def test_packets_hold_the_stream(seed: int) -> None:
    counts = np.random.default_rng(seed).integers(0, 5, 60)
    stream = a_stream(int(counts.sum()))
    packets = mold.packetise(stream, counts, session=b"TICK", sequence_number=100, end=True)
    whole = stream
    sequence = 100
    for packet, count in zip(packets, [*counts.tolist(), 0xFFFF], strict=True):
        body = b""
        for _ in range(0 if count == 0xFFFF else count):  # the specification, once more
            size = 2 + int.from_bytes(whole[:2], "big")
            body, whole = body + whole[:size], whole[size:]
        assert packet == struct.pack(">10sQH", b"TICK      ", sequence, count) + body
        sequence += 0 if count == 0xFFFF else count
    back = mold.depacketise(packets)
    assert back.stream == stream
    assert back.message_count.tolist() == [*counts.tolist(), 0xFFFF]
    assert back.message_sequence.tolist() == list(range(100, 100 + int(counts.sum())))
    ends = np.cumsum(counts)[counts > 0] - 1
    assert np.flatnonzero(back.last_of_packet).tolist() == ends.tolist()


GOOD = mold.packetise(a_stream(2), [2])[0]


@pytest.mark.parametrize(
    ("packet", "fault"),
    [
        (GOOD, "NONE"),
        (GOOD[:19], "SHORT_HEADER"),
        (GOOD[:-1], "TRUNCATED"),
        (GOOD[:21], "TRUNCATED"),
        (GOOD[:20], "TRUNCATED"),
        (GOOD + b"\0", "TRAILING"),
        (GOOD[:19] + b"\0" + GOOD[20:], "TRAILING"),
        (GOOD[:18] + b"\xff\xff", "NONE"),
        (GOOD[:18] + b"\0\0", "NONE"),
    ],
)
def test_a_faulty_packet_is_named(packet: bytes, fault: str) -> None:
    packets = Chunks.of([GOOD, packet])
    assert mold.faults(packets).tolist() == [0, mold.PacketFault[fault]]
    if fault == "NONE":
        mold.depacketise(packets)
        return
    with pytest.raises(WireError, match=fault.lower().replace("_", " ")):
        mold.depacketise(packets)


@pytest.mark.parametrize(
    ("counts", "message"),
    [([1], "1 messages in packets, 2 in all"), ([-1, 3], "a packet holds 0 to 65534 messages")],
)
def test_counts_that_do_not_fit_are_refused(counts: list[int], message: str) -> None:
    with pytest.raises(WireError, match=message):
        mold.packetise(a_stream(2), counts)


def expected_frame(payload: bytes, flow: Flow, index: int, mac: str) -> bytes:
    """The frame as scapy builds it, with zlib's check sequence."""
    ether = Ether(src=flow.source_mac.hex(":"), dst=mac)
    if flow.vlan is not None:
        tag = flow.vlan
        ether = ether / Dot1Q(vlan=tag & 0xFFF, prio=tag >> 13, dei=(tag >> 12) & 1)
    packet = IP(
        src=flow.source_address,
        dst=flow.destination_address,
        ttl=flow.time_to_live,
        flags="DF",
        id=(flow.first_identification + index) & 0xFFFF,
    ) / UDP(sport=flow.source_port, dport=flow.destination_port)
    raw = bytes(ether / packet / Raw(payload)).ljust(60, b"\0")
    return raw + zlib.crc32(raw).to_bytes(4, "little")


@pytest.mark.parametrize("vlan", [None, 0, 0xA123])
def test_scapy_builds_the_same_frames(vlan: int | None) -> None:
    generator = random.Random(5)
    sizes = [0, 1, 2, 17, 18, 19, 60, 1471, 1472, *(generator.randrange(1472) for _ in range(100))]
    payloads = [generator.randbytes(size) for size in sizes]
    flow = Flow("192.168.7.9", "239.200.1.2", 1, 65_535, vlan=vlan, first_identification=65_500)
    built = frames(Chunks.of(payloads), flow)
    assert len(built) == len(sizes)
    for index, payload in enumerate(payloads):
        assert built[index] == expected_frame(payload, flow, index, "01:00:5e:48:01:02")


def test_a_checksum_of_zero_is_sent_as_ones() -> None:
    flow = Flow()
    plain = frames(Chunks.of([b"\0\0"]), flow)[0]
    built = frames(Chunks.of([plain[40:42]]), flow)[0]  # the sum's own complement makes it 0
    assert built[40:42] == b"\xff\xff"
    assert built == expected_frame(plain[40:42], flow, 0, "01:00:5e:36:0c:6f")


def test_the_judge_notices_a_wrong_bit() -> None:
    flow = Flow()
    built = bytearray(frames(Chunks.of([b"tick"]), flow)[0])
    built[24] ^= 1  # the checksum of the IPv4 header
    assert bytes(built) != expected_frame(b"tick", flow, 0, "01:00:5e:36:0c:6f")


def test_invalid_frames_are_refused() -> None:
    for wrong in (Flow(destination_address="10.0.0.2"), Flow(vlan=1 << 16), Flow(source_mac=b"")):
        with pytest.raises(WireError):
            frames(Chunks.of([b""]), wrong)
    with pytest.raises(WireError, match="payload 0: over 65507 bytes"):
        frames(Chunks.of([bytes(65_508)]), Flow())


def test_scapy_reads_the_capture_and_so_do_we(tmp_path: Path) -> None:
    path = tmp_path / "some.pcap"
    built = frames(mold.packetise(a_stream(30), [10, 0, 20]), Flow())
    times = np.array([5, 1_000_000_007, 1_340_000_000_123_456_789])
    pcap.write(path, built, times)
    read = rdpcap(str(path))
    assert [bytes(packet) for packet in read] == list(built)
    assert [int(packet.time * 10**9) for packet in read] == times.tolist()
    back = pcap.read(path)
    assert list(back.frames) == list(built)
    assert back.times.tolist() == times.tolist()


def test_pcapng_is_read(tmp_path: Path) -> None:
    path = tmp_path / "some.pcapng"
    packets = [Ether() / IP() / UDP() / Raw(bytes([n])) for n in range(3)]
    writer = PcapNgWriter(str(path))
    for n, packet in enumerate(packets):
        packet.time = 100 + n
        writer.write(packet)
    writer.close()
    back = pcap.read(path)
    assert list(back.frames) == [bytes(packet) for packet in packets]
    assert back.times.tolist() == [100 * 10**9, 101 * 10**9, 102 * 10**9]


def block(kind: int, body: bytes) -> bytes:
    """Of pcapng."""
    body += bytes(-len(body) % 4)
    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)


def test_what_a_pcapng_does_not_describe_is_refused(tmp_path: Path) -> None:
    """A frame of an interface that has no block, and one whose block has no length."""
    path, frame = tmp_path / "some.pcapng", bytes(Ether() / IP() / UDP())
    begin = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    begin += block(1, struct.pack("<HHI", 1, 0, 0))

    def of(interface: int) -> bytes:
        size = len(frame)
        return block(6, struct.pack("<IIIII", interface, 0, 0, size, size) + frame)

    path.write_bytes(begin + of(0) + of(0))
    assert list(pcap.read(path).frames) == [frame] * 2
    path.write_bytes(begin + of(0) + of(7))
    with pytest.raises(WireError, match="interface 7, which the file doesn't describe"):
        pcap.read(path)
    path.write_bytes(begin + block(3, struct.pack("<I", len(frame)) + frame))
    with pytest.raises(WireError, match="frame 0 is in a Simple Packet Block"):
        pcap.read(path)


def test_the_link_type_may_say_how_long_check_sequences_are(tmp_path: Path) -> None:
    path = tmp_path / "some.pcap"
    pcap.write(path, Chunks.of([bytes(range(64))]))
    raw = bytearray(path.read_bytes())
    raw[20:24] = struct.pack("<I", 1 | 1 << 26 | 4 << 28)
    path.write_bytes(raw)
    assert list(pcap.read(path).frames) == [bytes(range(64))]
    raw[20:24] = struct.pack("<I", 113 | 1 << 26 | 4 << 28)
    path.write_bytes(raw)
    with pytest.raises(WireError, match="link type 113 isn't Ethernet"):
        pcap.read(path)


def test_a_file_that_is_no_capture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no capture, but long enough for a header")
    (tmp_path / "empty").write_bytes(b"")
    for name in ("text", "empty", "absent"):
        with pytest.raises(WireError) as error:
            pcap.read(tmp_path / name)
        assert "\n" not in str(error.value)
