"""UDP datagrams in captured frames: Ethernet with VLAN tags, IPv4 with options, IPv6.

Tags are 802.1Q or 802.1ad, as many as there are; frames may be of any length. A frame of which no
datagram can be read whole is left out, and counted by its cause. A sum of 0 says that the sender
gave none, of an IPv4 header and of UDP over IPv4; there is nothing to check then.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from hwtools.compiled import compiled
from tickwire.wire import capture
from tickwire.wire.chunks import Bytes, Chunks, Offsets


class Cause(IntEnum):
    """Why a frame brought no datagram."""

    NONE = 0
    OTHER = 1
    FRAGMENT = 2
    EXTENSION = 3
    BAD_HEADER = 4
    CUT_SHORT = 5
    BAD_SUM = 6
    BAD_FRAME = 7


SAYS = {
    Cause.OTHER: "frames of something else",
    Cause.FRAGMENT: "fragments of datagrams",
    Cause.EXTENSION: "IPv6 datagrams with extension headers",
    Cause.BAD_HEADER: "datagrams with a wrong IP or UDP header",
    Cause.CUT_SHORT: "datagrams cut short",
    Cause.BAD_SUM: "datagrams with a wrong checksum",
    Cause.BAD_FRAME: "frames with a wrong check sequence",
}
# The causes as integers: numba takes those as constants.
_NONE, _OTHER, _FRAGMENT, _EXTENSION, _BAD_HEADER, _CUT_SHORT, _BAD_SUM, _ = map(int, Cause)
_MAPPED = bytes(10) + b"\xff\xff"  # before an IPv4 address that is written as one of IPv6


@dataclass(frozen=True)
class Datagrams:
    """Payload i is of frame `frame[i]`, to `address[i]` (16 bytes) and `port[i]`. For each frame,
    `causes` says what became of it, and `to` is its address of IP, 0 where there is none."""

    payloads: Chunks
    frame: Offsets
    address: npt.NDArray[np.uint8]
    port: npt.NDArray[np.int64]
    causes: npt.NDArray[np.uint8]
    to: npt.NDArray[np.uint8]

    @property
    def left_out(self) -> dict[str, int]:
        """Frames without a datagram, by cause."""
        counts = np.bincount(self.causes, minlength=len(Cause)).tolist()
        return {says: counts[cause] for cause, says in SAYS.items() if counts[cause]}

    def rows(self, index: npt.NDArray[np.int64]) -> Datagrams:
        if len(index) == len(self.frame):  # all of them, in order
            return self
        starts = self.payloads.offsets[index]
        sizes = self.payloads.lengths[index]
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        payloads = Chunks(_copy(self.payloads.data, starts, offsets), offsets)
        return Datagrams(
            payloads,
            self.frame[index],
            self.address[index],
            self.port[index],
            self.causes,
            self.to,
        )


def text(address: bytes) -> str:
    """An address of 16 bytes as people write it."""
    whole = ipaddress.IPv6Address(address)
    return str(whole.ipv4_mapped or f"[{whole}]")


def packed(address: str) -> bytes:
    """16 bytes of an address as people write it; ValueError where it isn't one."""
    if address.startswith("[") and address.endswith("]"):
        return ipaddress.IPv6Address(address[1:-1]).packed
    return _MAPPED + ipaddress.IPv4Address(address).packed


def datagrams(frames: Chunks) -> Datagrams:
    """Every datagram of the frames."""
    count = len(frames)
    starts, sizes = np.zeros(count, np.int64), np.zeros(count, np.int64)
    ports = np.zeros(count, np.int64)
    addresses = np.zeros((count, 16), np.uint8)
    causes = np.zeros(count, np.uint8)
    _find(frames.data, frames.offsets, starts, sizes, addresses, ports, causes)
    right = capture.right(frames)
    if right is not None:
        causes[~right] = Cause.BAD_FRAME
    kept = np.flatnonzero(causes == Cause.NONE)
    offsets = np.concatenate([[0], np.cumsum(sizes[kept])]).astype(np.int64)
    payloads = Chunks(_copy(frames.data, starts[kept], offsets), offsets)
    return Datagrams(payloads, kept, addresses[kept], ports[kept], causes, addresses)


@compiled
def _word(data: Bytes, at: int) -> int:
    return int((np.int64(data[at]) << 8) | np.int64(data[at + 1]))


@compiled
def _find(
    data: Bytes,
    offsets: Offsets,
    starts: Offsets,
    sizes: Offsets,
    addresses: npt.NDArray[np.uint8],
    ports: Offsets,
    causes: Bytes,
) -> None:
    for frame in range(len(offsets) - 1):
        at, end = offsets[frame] + 12, offsets[frame + 1]
        while at + 4 <= end and (_word(data, at) == 0x8100 or _word(data, at) == 0x88A8):
            at += 4
        ip, udp, stop = int(at) + 2, 0, 0
        causes[frame] = _OTHER
        if ip + 20 <= end and _word(data, at) == 0x0800:
            causes[frame] = _internet4(data, ip, end)
            udp, stop = ip + 4 * (int(data[ip]) & 15), ip + _word(data, ip + 2)
            addresses[frame, 10:12] = 0xFF
            addresses[frame, 12:] = data[ip + 16 : ip + 20]
        elif ip + 40 <= end and _word(data, at) == 0x86DD:
            causes[frame] = _internet6(data, ip)
            udp, stop = ip + 40, ip + 40 + _word(data, ip + 4)
            addresses[frame] = data[ip + 24 : ip + 40]
        if causes[frame] != _NONE:
            continue
        if udp + 8 > end or stop > end:
            causes[frame] = _CUT_SHORT
            continue
        if udp + 8 > stop or _word(data, udp + 4) != stop - udp:
            causes[frame] = _BAD_HEADER
            continue
        ports[frame] = _word(data, udp + 2)
        starts[frame], sizes[frame] = udp + 8, stop - udp - 8
        four = data[ip] >> 4 == 4
        given = _word(data, udp + 6) != 0
        ends = (ip + 12, ip + 20) if four else (ip + 8, ip + 40)  # of both addresses
        if (given or not four) and not _summed(data, ends[0], ends[1], udp, stop):
            causes[frame] = _BAD_SUM


@compiled
def _internet4(data: Bytes, ip: int, end: int) -> int:
    """Whether there is a datagram in it; why not."""
    header = 4 * (int(data[ip]) & 15)
    if data[ip] >> 4 != 4 or header < 20:
        return _BAD_HEADER
    if data[ip + 9] != 17:
        return _OTHER
    if ip + header > end:
        return _CUT_SHORT
    total = 0
    for at in range(ip, ip + header, 2):
        total += _word(data, at)
    if _word(data, ip + 10) and total % 0xFFFF:
        return _BAD_HEADER
    return _FRAGMENT if _word(data, ip + 6) & 0x3FFF else _NONE


@compiled
def _internet6(data: Bytes, ip: int) -> int:
    if data[ip] >> 4 != 6:
        return _BAD_HEADER
    after = data[ip + 6]
    if after == 17:
        return _NONE
    if after == 44:
        return _FRAGMENT
    # hop by hop, routing, security, authentication, destination, mobility, identity, shim
    extensions = (0, 43, 50, 51, 60, 135, 139, 140)
    return _EXTENSION if after in extensions else _OTHER


@compiled
def _summed(data: Bytes, first: int, last: int, udp: int, stop: int) -> bool:
    """Whether the UDP checksum is right, over both addresses, protocol and length too."""
    size = stop - udp
    total = 17 + size
    for at in range(first, last, 2):
        total += _word(data, at)
    for at in range(udp, stop - 1, 2):
        total += _word(data, at)
    if size % 2:
        total += int(data[stop - 1]) * 256
    return bool(_word(data, udp + 6) != 0 and total % 0xFFFF == 0)


@compiled
def _copy(data: Bytes, starts: Offsets, offsets: Offsets) -> Bytes:
    payloads = np.empty(offsets[-1], np.uint8)
    for row in range(len(starts)):
        size = offsets[row + 1] - offsets[row]
        payloads[offsets[row] : offsets[row + 1]] = data[starts[row] : starts[row] + size]
    return payloads
