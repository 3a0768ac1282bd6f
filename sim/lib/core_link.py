"""A venue behind TCP at tickwire_core, for its bench: the line, the peer, and a desk that hands the
session over and answers what the peer has read."""

from __future__ import annotations

from typing import Any

import cocotb
from cocotb.triggers import ClockCycles, RisingEdge

from sim.golden.mac_rx import right
from sim.lib.core import Core
from sim.lib.core_desk import Desk
from sim.lib.order_line import OrderLine
from sim.lib.rows import made
from sim.lib.tcp_peer import Line, Peer
from sim.stimulus.segments import WORD, Ends, drawn_ends
from sim.test_soup_rx import packet
from tickwire.gen import risk_regmap
from tickwire.gen.records import TCP_SESSION
from tickwire.risk import window

PATIENCE = 400  # times 500 cycles


def packets(stream: bytes) -> list[bytes]:
    """Of SoupBinTCP, from their types on; one that isn't whole is left out."""
    found, at = list[bytes](), 0
    while at + 2 <= len(stream):
        end = at + 2 + int.from_bytes(stream[at : at + 2], "big")
        if end > len(stream):
            break
        found.append(stream[at + 2 : end])
        at = end
    return found


class LinkDesk(Desk):
    """A desk whose venue is at the other end of lines that may lose, double, delay and spoil."""

    def __init__(self, dut: Any, core: Core, **lines: float) -> None:
        super().__init__(dut, core)
        self.line = OrderLine(dut, self.ports, "s_link", "m_link")
        self.out, self.back = Line(self.rng, **lines), Line(self.rng, **lines)
        self.cycle, self.packets, self.heard = 0, 0, b""

    async def hand_over(self) -> None:
        """Both streams begin anew."""
        self.ends = drawn_ends(self.rng)
        self.peer = Peer(self.ends, self.rng)
        self.heard = b""
        self.out.ways.clear()
        self.back.ways.clear()
        assert await self.given(self.ends)
        self.back.put(self.peer.spoken("A"), self.cycle)  # says its window
        self.running = cocotb.start_soon(self._run())

    async def given(self, ends: Ends) -> bool:
        """Whether it was taken; it is the card's then in any case."""
        await self._write(window.hand_over(made(TCP_SESSION, **ends.__dict__)))
        await ClockCycles(self.dut.clk, 3)
        status = await self.read(risk_regmap.SESSION_STATUS)
        assert status["live"] and not status["settled"]
        return bool(status["taken"])

    async def _run(self) -> None:
        while True:
            await RisingEdge(self.dut.clk)
            self.cycle += 1
            if (left := self.line.take()) is not None:
                assert right(left)
                self.out.put(left, self.cycle)
            if self.ports.read("heard_valid"):
                self.heard += bytes([self.ports.read("heard_byte")])
            for frame in self.peer.frames(self.cycle) if self.cycle % 64 == 0 else ():
                self.back.put(frame, self.cycle)
            came = self.out.get(self.cycle)
            if came is not None and right(came):
                self.peer.hear(came[:-4], self.cycle)
            if self.line.free and (arrived := self.back.get(self.cycle)) is not None:
                self.line.give(arrived)
            self.ports.write(self.line.next())

    async def hear(self, raw: bytes, rest: int = 3) -> None:
        self.peer.stream += packet(b"S", raw)
        await ClockCycles(self.dut.clk, max(rest, 1))

    async def venue(self) -> None:
        at = 0
        while True:
            await RisingEdge(self.dut.clk)
            for one in packets(self.peer.took)[at:]:
                at += 1
                if one[:2] == b"UO":
                    await self._answer(int.from_bytes(one[1:], "big"))

    async def send(self, raw: bytes) -> bool:
        """A packet of the host's; whether it was sent."""
        await self.offer(raw)
        for _ in range(PATIENCE):
            status = await self.read(risk_regmap.SESSION_STATUS)
            if not status["waits"]:
                self.packets += 1
                assert status["packets"] == self.packets
                return not status["refused"]
        raise AssertionError("the host's packet is neither sent nor refused")

    async def offer(self, raw: bytes) -> None:
        await self._write(window.packet(raw))

    async def take_back(self) -> None:
        await self._write(window.take_back())

    async def settled(self) -> None:
        """Until both ends know that the other has all, and the venue has answered."""
        for _ in range(PATIENCE):
            before = len(self.peer.stream)
            await ClockCycles(self.dut.clk, 500)
            una = (await self.read(risk_regmap.UNACKNOWLEDGED))["position"]
            sent = (await self.read(risk_regmap.NEXT_BYTE))["position"]
            done = una == sent and (una - self.ends.next_byte) % WORD == len(self.peer.took)
            whole = len(self.peer.stream) == self.peer.known == before == len(self.heard)
            if done and whole:
                return
        raise AssertionError("the streams never come to their ends")
