"""What the benches of the feed share: beats as mac_rx presents them, and a judge that also compares
what a module answers in the cycle of its inputs."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cocotb.triggers import RisingEdge
from scapy.all import IP, UDP, Dot1AD, Dot1Q, Ether, IPOption, IPv6, Raw

from sim.golden.mold_rx import MoldRx
from sim.golden.udp_rx import POSITION_BITS, headers
from sim.lib.bench import Ports

GROUP, PORT = "239.1.2.3", 26400
# Of no group, though the four bytes of GROUP are in both.
SIX = {"dst": "ff3e::ef01:203", "src": "fe80::ef01:203:0:1"}
MAC = "01:00:5e:01:02:03"
CHECK = 4  # bytes of the check sequence


def datagram(
    payload: bytes, *, tags: str = "", options: int = 0, six: bool = False, **spoil: Any
) -> bytes:
    """A frame by scapy, padded, with a check sequence of no matter; `spoil` sets IP and UDP fields
    by names like ip_ttl and udp_len. Each letter of `tags` is a tag, q of 802.1Q, a of 802.1ad;
    `options` are words behind the IPv4 header."""
    of = {
        layer: {k.removeprefix(layer): v for k, v in spoil.items() if k.startswith(layer)}
        for layer in ("ip_", "udp_")
    }
    frame = Ether(dst=MAC)
    for number, tag in enumerate(tags, 7):
        frame /= {"q": Dot1Q, "a": Dot1AD}[tag](vlan=number)
    ip: dict[str, Any] = {"dst": GROUP, "src": "10.0.0.1"}
    if options:
        ip |= {"options": [IPOption(b"\x01" * 4 * options)]}
    network = IPv6(**SIX | of["ip_"]) if six else IP(**ip | of["ip_"])
    udp = UDP(**{"dport": PORT, "sport": 30000} | of["udp_"])
    raw = bytes(frame / network / udp / Raw(payload))
    return raw + bytes(max(0, 60 - len(raw))) + b"\xfc" * CHECK


def directory(locate: int, symbol: str) -> bytes:
    name = symbol.ljust(8).encode()
    return struct.pack(">cHH6s8s20s", b"R", locate, 0, bytes(6), name, bytes(20))


def order(reference: int, locate: int) -> bytes:
    return struct.pack(
        ">cHH6sQcI8sI", b"A", locate, 0, bytes(6), reference, b"B", 100, b"STOCK   ", 10_000
    )


def place(frame: bytes) -> int:
    """Of the datagram's first byte."""
    found = headers(frame)
    assert found is not None
    return found.udp


@dataclass(frozen=True)
class Frame:
    """Bytes after the preamble, and whether mac_rx ends them with m_error."""

    data: bytes
    error: bool = False


def beats(frame: Frame, lanes: int) -> Iterator[dict[str, int]]:
    for at in range(0, len(frame.data), lanes):
        part = frame.data[at : at + lanes]
        yield {
            "s_axis_tdata": int.from_bytes(part, "little"),
            "s_axis_tkeep": (1 << len(part)) - 1,
            "s_axis_tvalid": 1,
            "s_first": int(at == 0),
        }


def lines(
    frames: Iterable[Frame], lanes: int, rng: random.Random, idle: str
) -> Iterator[dict[str, int]]:
    """Cycle by cycle: at W = 64 with idle cycles within frames unless idle is "never"; the end of a
    frame in the cycle after its last beat, where the next frame may begin."""
    ended: dict[str, int] = {}
    nothing = {"s_axis_tvalid": 0, "s_end": 0}
    for frame in frames:
        for beat in beats(frame, lanes):
            while lanes > 1 and not beat["s_first"] and idle != "never" and rng.random() < 0.2:
                yield nothing
            yield nothing | beat | ended
            ended = {}
        ended = {"s_end": 1, "s_error": int(frame.error)}
        for _ in range(rng.randint(0, 12) if idle == "often" else 0):
            yield nothing | ended
            ended = {}
    yield nothing | ended


def said(
    payloads: list[bytes],
    lanes: int,
    rng: random.Random,
    loss: float,
    cut: int = 0,
    model: MoldRx | None = None,
) -> Iterator[dict[str, int]]:
    """What mold_rx gives of these packets, cycle by cycle, by its golden model; some lost or cut.
    With `cut`, each frame ends there. iextp_rx's model may take the place of mold_rx's."""
    model = model or MoldRx(8 * lanes)
    model.reset()
    for payload in payloads:
        if rng.random() < loss:
            continue
        frame = datagram(payload)
        ends = cut or len(frame)
        if len(frame) > 80 and rng.random() < loss / 2:
            ends = rng.randint(70, len(frame))
        bad, frame = ends < len(frame), frame[:ends]
        at = 0
        for line in lines([Frame(frame, error=bad)], lanes, rng, "often"):
            inputs = dict.fromkeys(MoldRx.inputs, 0) | line
            position = (at - place(frame)) % (1 << POSITION_BITS)
            inputs |= {"position": position, "accept": int(at >= 56), "length": len(payload)}
            inputs["accepted"] = inputs["s_end"]
            inputs["s_cycle"] = rng.getrandbits(48)
            at += lanes * line["s_axis_tvalid"]
            yield model.outputs() | model.beside(**inputs)
            model.step(**inputs)
    for _ in range(model.stages):  # what is still on its way
        inputs = dict.fromkeys(MoldRx.inputs, 0)
        yield model.outputs() | model.beside(**inputs)
        model.step(**inputs)


async def drive(dut: Any, cycles: Iterable[dict[str, int]], rng: random.Random) -> None:
    """Lines that mean nothing in a cycle hold anything."""
    dut.s_axis_tvalid.value = dut.s_end.value = 0
    ports, data, keep = Ports(dut), len(dut.s_axis_tdata), len(dut.s_axis_tkeep)
    for cycle in cycles:
        await RisingEdge(dut.clk)
        free = {"s_axis_tdata": rng.getrandbits(data), "s_error": 0}
        free |= {"s_axis_tkeep": rng.getrandbits(keep), "s_first": 0}
        ports.write(free | cycle)
    await RisingEdge(dut.clk)
    dut.s_axis_tvalid.value = dut.s_end.value = 0
    for _ in range(8):
        await RisingEdge(dut.clk)
