"""Frames of a venue's TCP connection, by scapy: right ones, and all that isn't."""

from __future__ import annotations

import random
import zlib
from dataclasses import dataclass, replace
from typing import Any

from scapy.all import IP, TCP, UDP, Ether, Raw

from sim.golden.tick_pkg import pack

WORD = 1 << 32


@dataclass(frozen=True)
class Ends:
    """Both ends of a connection, and where its two streams stand."""

    our_mac: int = 0x02_00_00_00_00_01
    peer_mac: int = 0x02_00_00_00_00_02
    our_address: int = 0x0A_00_00_01
    peer_address: int = 0x0A_00_00_02
    our_port: int = 40_000
    peer_port: int = 26_477
    next_byte: int = 0
    expected_byte: int = 0
    window: int = 8_192

    def packed(self) -> int:
        return pack("tcp_session", self.__dict__)


def drawn_ends(rng: random.Random) -> Ends:
    """Any; the streams are often near where their numbers wrap."""
    near = (0, 1, WORD - 1, WORD - 300, 1 << 31, (1 << 31) - 200, rng.randrange(WORD))
    return Ends(
        rng.getrandbits(48) & ~(1 << 40),
        rng.getrandbits(48) & ~(1 << 40),
        rng.getrandbits(32),
        rng.getrandbits(32),
        rng.randrange(1, 1 << 16),
        rng.randrange(1, 1 << 16),
        rng.choice(near),
        rng.choice(near),
        rng.choice((0, 57, 58, 500, 8_192, 65_535)),
    )


def mac(number: int) -> str:
    return number.to_bytes(6, "big").hex(":")


def address(number: int) -> str:
    return ".".join(map(str, number.to_bytes(4, "big")))


def sealed(frame: bytes) -> bytes:
    """Padded, with its check sequence."""
    frame = frame.ljust(60, b"\0")
    return frame + zlib.crc32(frame).to_bytes(4, "little")


def segment(ends: Ends, number: int, acknowledged: int, data: bytes = b"", **more: Any) -> bytes:
    """A frame of the venue's; `more` are fields of TCP, and with ip_ in front of IP."""
    layers = Ether(dst=mac(ends.our_mac), src=mac(ends.peer_mac))
    of_ip = {name[3:]: value for name, value in more.items() if name.startswith("ip_")}
    of_tcp = {name: value for name, value in more.items() if not name.startswith("ip_")}
    layers /= IP(src=address(ends.peer_address), dst=address(ends.our_address), **of_ip)
    layers /= TCP(
        sport=ends.peer_port,
        dport=ends.our_port,
        seq=number % WORD,
        ack=acknowledged % WORD,
        **{"flags": "A", "window": ends.window} | of_tcp,
    )
    return bytes(layers / Raw(data)) if data else bytes(layers)


OPTIONS: tuple[list[tuple[str, Any]], ...] = (
    [],
    [("NOP", None), ("NOP", None), ("Timestamp", (1, 2))],
    [("MSS", 1460)],
    [("NOP", None)] * 40,
)


@dataclass
class Venue:
    """Draws frames, knowing what the card expects and has sent."""

    rng: random.Random
    ends: Ends
    longest: int = 200

    def data(self) -> bytes:
        rng = self.rng
        return rng.randbytes(rng.choice((1, 2, 3, rng.randint(1, self.longest))))

    def number(self, expected: int, length: int, room: int) -> int:
        """The expected one more often than not."""
        rng = self.rng
        if rng.random() < 0.6:
            return expected
        off = rng.choice(
            (1, -1, -length, -length - 1, 1 - length, room, room - 1, rng.randrange(9))
        )
        return expected + rng.choice((off, rng.randint(-300, 300), 1 << 31, rng.getrandbits(32)))

    def frame(self, expected: int, room: int, una: int, following: int) -> tuple[bytes, bool]:
        """With its check sequence, and whether the line says that something is wrong."""
        rng, flags = self.rng, "A"
        data = self.data() if rng.random() < 0.6 else b""
        number = self.number(expected, len(data), room)
        acknowledged = rng.choice((una, following, una + rng.randint(0, (following - una) % WORD)))
        way = rng.random()
        more: dict[str, Any] = {"window": rng.choice((0, 100, 8_192, 65_535))}
        if way < 0.08:
            off = rng.choice((1, 2, 65_535, 65_536, 1 << 31, rng.getrandbits(32)))
            acknowledged = rng.choice((following + off, una - off))
        elif way < 0.16:
            flags = rng.choice(("RA", "R", "S", "SA", "FA", "F", "PA", "UA", "", "FSA", "RFA"))
        elif way < 0.24:
            more["options"] = rng.choice(OPTIONS)
        raw = segment(self.ends, number, acknowledged, data, flags=flags, **more)
        if way > 0.9:
            return self.spoiled(raw), False
        return sealed(raw), rng.random() < 0.03

    def spoiled(self, raw: bytes) -> bytes:
        """Something of it is wrong: a bit, a length, a field that makes it another's."""
        rng, ends = self.rng, self.ends
        way = rng.randrange(7)
        if way == 0:
            at = rng.randrange(len(raw))
            return sealed(raw[:at] + bytes([raw[at] ^ 1 << rng.randrange(8)]) + raw[at + 1 :])
        if way == 1:
            total = int.from_bytes(raw[16:18], "big") + rng.choice((-1, 1, -8, 20, 4_000, -30))
            return sealed(summed(raw[:16] + (total % 65_536).to_bytes(2, "big") + raw[18:]))
        if way == 2:
            name = rng.choice(("our_mac", "our_address", "peer_address", "our_port", "peer_port"))
            other = replace(ends, **{name: getattr(ends, name) ^ 1 << rng.randrange(16)})
            return sealed(segment(other, ends.expected_byte, ends.next_byte, b"x"))
        if way == 3:
            more = rng.choice(
                ({"ip_flags": "MF"}, {"ip_frag": 5}, {"ip_options": b"\1" * 4}, {"dataofs": 4})
            )
            return sealed(segment(ends, ends.expected_byte, ends.next_byte, b"abcdef", **more))
        if way == 4:
            return sealed(raw)[: rng.randint(1, len(raw))]
        if way == 5:
            other = Ether(dst=mac(ends.our_mac)) / IP(dst=address(ends.our_address)) / UDP()
            return sealed(bytes(other / Raw(raw)))
        return sealed(
            raw[:12] + rng.choice((b"\x81\x00\x00\x01", b"\x86\xdd", b"\x08\x06")) + raw[14:]
        )


def summed(raw: bytes) -> bytes:
    """With IPv4's checksum put right, so that it is what else is wrong that counts."""
    header = IP(raw[14:34])
    del header.chksum
    return raw[:14] + bytes(header)[:20] + raw[34:]
