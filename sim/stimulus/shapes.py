"""The same datagram in other headers: tags, IPv4 options, IPv6. And sums made right again.

Bytes are put together here, for frames by the hundred thousand; scapy reads them in a test.
"""

from __future__ import annotations

import struct
import zlib

PLAIN = 34  # bytes before the datagram of an untagged frame of IPv4 without options
TAGS = {"q": b"\x81\x00", "a": b"\x88\xa8"}  # 802.1Q, 802.1ad
UDP = 17
SHORTEST = 60  # bytes, without the check sequence


def checked(frame: bytes) -> bytes:
    """With the check sequence that is right."""
    return frame + zlib.crc32(frame).to_bytes(4, "little")


def ones_sum(data: bytes) -> int:
    """What a sum of RFC 1071 over it is to be."""
    words = struct.unpack(f">{(len(data) + 1) // 2}H", data + bytes(len(data) % 2))
    return 0xFFFF - int(sum(words)) % 0xFFFF


def _summed(addresses: bytes, datagram: bytes) -> bytes:
    """The datagram with the UDP checksum that is right."""
    head = addresses + struct.pack(">HH", UDP, len(datagram))
    total = ones_sum(head + datagram[:6] + b"\0\0" + datagram[8:])
    return datagram[:6] + struct.pack(">H", total) + datagram[8:]


def resent(frame: bytes) -> bytes:
    """As a sender would send it: the UDP checksum right, too. The frame has no check sequence, no
    VLAN tag."""
    stop = PLAIN + int.from_bytes(frame[38:40], "big")
    return checked(frame[:PLAIN] + _summed(frame[26:PLAIN], frame[PLAIN:stop]) + frame[stop:])


def longer(frame: bytes, size: int) -> bytes:
    """With so many zeros more behind the packet, in its datagram. The frame has a check sequence
    and is of a plain shape."""
    datagram = frame[PLAIN : PLAIN + int.from_bytes(frame[38:40], "big")] + bytes(size)
    head = frame[14:16] + struct.pack(">H", 20 + len(datagram)) + frame[18:24] + b"\0\0"
    head += frame[26:PLAIN]
    head = head[:10] + struct.pack(">H", ones_sum(head)) + head[12:]
    datagram = datagram[:4] + struct.pack(">H", len(datagram)) + datagram[6:]
    whole = frame[:14] + head + _summed(frame[26:PLAIN], datagram)
    return checked(whole.ljust(SHORTEST, b"\0"))


def shaped(frame: bytes, tags: str = "", options: bytes = b"", six: bool = False) -> bytes:
    """A plain frame with its check sequence in other headers, all sums right. Each letter of `tags`
    is a tag; options are whole words of IPv4."""
    datagram = frame[PLAIN : PLAIN + int.from_bytes(frame[38:40], "big")]
    ether = frame[:12] + b"".join(TAGS[tag] + b"\0\x07" for tag in tags)
    if six:
        four = frame[26:PLAIN]
        addresses = b"\xfe\x80" + bytes(10) + four[:4] + b"\xff\x3e" + bytes(10) + four[4:]
        head = struct.pack(">IHBB", 6 << 28, len(datagram), UDP, 16) + addresses
        whole = ether + b"\x86\xdd" + head + _summed(addresses, datagram)
    else:
        size = 20 + len(options)
        head = struct.pack(">BBH", 0x40 | size // 4, 0, size + len(datagram))
        head += frame[18:24] + b"\0\0" + frame[26:PLAIN] + options
        head = head[:10] + struct.pack(">H", ones_sum(head)) + head[12:]
        whole = ether + b"\x08\x00" + head + datagram
    return checked(whole.ljust(SHORTEST, b"\0"))
