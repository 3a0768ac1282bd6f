"""Ethernet frames around UDP payloads, many at a time: IPv4, with all checksums."""

from __future__ import annotations

import ipaddress
import struct
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hwtools.compiled import compiled
from tickwire.wire.chunks import Bytes, Chunks, Offsets, WireError

SHORTEST = 60  # bytes of a frame without its check sequence; a shorter frame is padded with zeros
CHECK_BYTES = 4
MOST_PAYLOAD = 65_507  # of a datagram: 65,535 less 20 bytes of IPv4 and 8 of UDP

_IP_LENGTH, _UDP_LENGTH = 20, 8


@dataclass(frozen=True)
class Flow:
    """Addresses and ports of the frames. A multicast group's MAC follows from its address."""

    source_address: str = "10.0.0.1"
    destination_address: str = "233.54.12.111"
    source_port: int = 26_400
    destination_port: int = 26_400
    source_mac: bytes = bytes.fromhex("02000a000001")
    destination_mac: bytes | None = None
    vlan: int | None = None  # the tag's 16 bits: priority, drop eligible, number
    time_to_live: int = 16
    first_identification: int = 0  # of the first frame's datagram, then counting up

    def header(self) -> Bytes:
        """Ethernet, IPv4 and UDP headers; lengths, identification and checksums are 0."""
        source = ipaddress.IPv4Address(self.source_address)
        destination = ipaddress.IPv4Address(self.destination_address)
        mac = self.destination_mac
        if mac is None:
            if not destination.is_multicast:
                raise WireError(f"{destination} is no multicast group: give destination_mac")
            mac = b"\x01\x00\x5e" + bytes([destination.packed[1] & 0x7F]) + destination.packed[2:]
        if len(mac) != 6 or len(self.source_mac) != 6:
            raise WireError("a MAC address has 6 bytes")
        try:
            tag = b"" if self.vlan is None else struct.pack(">HH", 0x8100, self.vlan)
            ip = struct.pack(">BBHHHBBH", 0x45, 0, 0, 0, 0x4000, self.time_to_live, 17, 0)
            udp = struct.pack(">HHHH", self.source_port, self.destination_port, 0, 0)
        except struct.error as error:
            raise WireError(f"{self}: {error}") from None
        addresses = source.packed + destination.packed
        whole = mac + self.source_mac + tag + b"\x08\x00" + ip + addresses + udp
        return np.frombuffer(whole, np.uint8)


def frames(payloads: Chunks, flow: Flow) -> Chunks:
    """A frame around each payload, with check sequence, without preamble."""
    lengths = payloads.lengths
    if len(lengths) and lengths.max() > MOST_PAYLOAD:
        raise WireError(f"payload {int(np.argmax(lengths))}: over {MOST_PAYLOAD} bytes")
    header = flow.header()
    sizes = np.maximum(lengths + len(header), SHORTEST) + CHECK_BYTES
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    ip = len(header) - _IP_LENGTH - _UDP_LENGTH
    data = np.zeros(int(offsets[-1]), np.uint8)
    _build(
        payloads.data, payloads.offsets, header, ip, flow.first_identification, data, offsets, CRC
    )
    return Chunks(data, offsets)


def _crc_table() -> npt.NDArray[np.uint32]:
    """[k, byte]: what a byte comes to that has k more behind it."""
    table = np.zeros((8, 256), np.uint32)
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = (value >> 1) ^ (0xEDB88320 if value & 1 else 0)
        table[0, byte] = value
    for more in range(1, 8):
        before = table[more - 1]
        table[more] = (before >> 8) ^ table[0, before & 0xFF]
    return table


CRC = _crc_table()


@compiled
def check(data: Bytes, start: int, end: int, table: npt.NDArray[np.uint32]) -> np.uint32:
    """The check sequence of these bytes, eight at a time; `table` is CRC."""
    crc, at, byte = np.uint32(0xFFFFFFFF), start, np.uint32(0xFF)
    while at + 8 <= end:
        word = np.uint32(0)
        for place in range(4):
            word |= np.uint32(data[at + place]) << np.uint32(8 * place)
        word ^= crc
        crc = table[3, data[at + 4]] ^ table[2, data[at + 5]]
        crc ^= table[1, data[at + 6]] ^ table[0, data[at + 7]]
        for place in range(4):
            crc ^= table[7 - place, (word >> np.uint32(8 * place)) & byte]
        at += 8
    while at < end:
        crc = table[0, (crc ^ np.uint32(data[at])) & byte] ^ (crc >> np.uint32(8))
        at += 1
    return crc ^ np.uint32(0xFFFFFFFF)


@compiled
def _put(data: Bytes, at: int, value: int) -> None:
    data[at] = (value >> 8) & 0xFF
    data[at + 1] = value & 0xFF


@compiled
def _words(data: Bytes, start: int, end: int) -> int:
    """The sum of 16-bit words, the last padded with a zero byte."""
    total = 0
    for at in range(start, end - 1, 2):
        total += int((np.int64(data[at]) << 8) | np.int64(data[at + 1]))
    if (end - start) & 1:
        total += int(np.int64(data[end - 1]) << 8)
    return total


@compiled
def _complement(total: int) -> int:
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


@compiled
def _build(
    payload: Bytes,
    starts: Offsets,
    header: Bytes,
    ip: int,
    identification: int,
    data: Bytes,
    offsets: Offsets,
    table: npt.NDArray[np.uint32],
) -> None:
    for frame in range(len(offsets) - 1):
        at, stop = offsets[frame], offsets[frame + 1] - 4
        size = starts[frame + 1] - starts[frame]
        data[at : at + len(header)] = header
        data[at + len(header) : at + len(header) + size] = payload[
            starts[frame] : starts[frame + 1]
        ]
        network = at + ip
        transport = network + 20
        _put(data, network + 2, 28 + size)
        _put(data, network + 4, (identification + frame) & 0xFFFF)
        _put(data, network + 10, _complement(_words(data, network, transport)))
        _put(data, transport + 4, 8 + size)
        # UDP's checksum covers addresses, protocol and length too; a 0 is sent as all ones
        pseudo = _words(data, network + 12, transport) + 17 + 8 + size
        total = _complement(pseudo + _words(data, transport, transport + 8 + size))
        _put(data, transport + 6, total if total else 0xFFFF)
        sum_ = check(data, at, stop, table)
        for byte in range(4):
            data[stop + byte] = (sum_ >> np.uint32(8 * byte)) & np.uint32(0xFF)
