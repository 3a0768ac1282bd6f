"""Tells the rules of the A/B merge what goes into mold_merge and what comes out, from its ports."""

from __future__ import annotations

from typing import Any

import cocotb
from cocotb.triggers import RisingEdge

from sim.golden.tick_pkg import NUMBERS, events
from sim.lib.bench import Ports
from sim.lib.merge_frames import SETTLED
from sim.lib.merge_rules import MODULO, MergeRules, Packet


class Watch:
    """The rules, at every edge: headers and beats of both feeds, then what comes of them."""

    def __init__(self, dut: Any) -> None:
        self.rules, self.ports = MergeRules(), Ports(dut)
        self._lanes = len(dut.m_axis_tdata) // 8
        self._lane_bits = len(dut.m_tail)
        self._task = cocotb.start_soon(self._run(dut))
        self._packets: list[Packet | None] = [None, None]
        self._coming = [b"", b""]  # of the message in progress, by feed
        self._going = b""
        self._next = self._delivered = 0  # a cycle ago
        self._gap: int | None = None  # of a cycle ago: messages
        self._quiet = 0

    def done(self, at_least: int) -> None:
        """End it; so many messages must have been judged."""
        if self._task.done():
            self._task.result()
        self._task.cancel()
        self.rules.settles()
        assert self.rules.met["delivered"] >= at_least, self.rules.met

    async def _run(self, dut: Any) -> None:
        while not self.ports.read("rst"):
            await RisingEdge(dut.clk)
        while True:
            await RisingEdge(dut.clk)
            if not self.ports.read("rst"):
                self._edge()

    def _edge(self) -> None:
        read, before = self.ports.read, self.rules.met.total()
        if read("undone"):  # before a header of this cycle, which may act again
            self.rules.undoes(alone=bool(read("bad_frame")))
        headers, ends = read("s_header"), read("s_end")
        for feed in range(2):
            if headers >> feed & 1:
                self._begins(feed)
            if read("s_axis_tvalid") >> feed & 1:
                self._comes(feed)
        delivered = self._delivers() if read("m_axis_tvalid") else 0
        for feed in range(2):
            if ends >> feed & 1 and (packet := self._packets[feed]) is not None:
                self._packets[feed] = None
                self.rules.ends(packet, bool(read("s_error") >> feed & 1))
        self._reports()
        self._next, self._delivered = read("next"), delivered
        self._quiet = 0 if self.rules.met.total() > before else self._quiet + 1
        if self._quiet == SETTLED:
            self.rules.settles()

    def _of(self, name: str, feed: int, bits: int) -> int:
        return self.ports.read(name) >> feed * bits & ((1 << bits) - 1)

    def _begins(self, feed: int) -> None:
        session = self._of("s_session", feed, 80).to_bytes(10, "big")
        number, count = self._of("s_sequence_number", feed, 64), self._of("s_count", feed, 16)
        self._packets[feed] = packet = Packet(session, number, count)
        self.rules.begins(packet)

    def _comes(self, feed: int) -> None:
        """A beat's messages into the packet."""
        data = self._of("s_axis_tdata", feed, 8 * self._lanes).to_bytes(self._lanes, "little")
        packet, lanes = self._packets[feed], self._lane_bits
        if packet is None:
            return
        self._coming[feed] += data[: self._of("s_tail", feed, lanes)]
        if self._of("s_last", feed, 1):
            packet.messages.append(self._coming[feed])
        packet.messages += [None] * self._of("s_runts", feed, 3)
        if self._of("s_start", feed, 1):
            self._coming[feed] = data[self._of("s_lane", feed, lanes) :]

    def _delivers(self) -> int:
        """A beat's messages, from the packet whose frame it says; how many."""
        read = self.ports.read
        data, number = read("m_axis_tdata").to_bytes(self._lanes, "little"), read("sequence_number")
        self._going += data[: read("m_tail")]
        messages = [self._going] * read("m_last") + [None] * read("m_runts")
        if messages:
            packet = self._source(read("m_frame_cycle"))
            assert packet is not None, f"message {number} is of no packet"
            assert read("session").to_bytes(10, "big") == packet.session and read("followed")
            for at, message in enumerate(messages):
                self.rules.delivers(packet, (number + at) % MODULO, message)
        if read("m_start"):
            self._going = data[read("m_lane") :]
        return len(messages)

    def _source(self, frame: int) -> Packet | None:
        """The packet of a frame by the stamp of its first byte, which its beat carries."""
        valid = self.ports.read("s_axis_tvalid")
        for feed, packet in enumerate(self._packets):
            if valid >> feed & 1 and self._of("s_frame_cycle", feed, 48) == frame:
                return packet
        return None

    def _reports(self) -> None:
        """A gap is one where next has jumped, else what several frames did is undone."""
        read = self.ports.read
        if self._gap is not None:
            assert read("gap_count") == self._gap
            self._gap = None
        reason = read("lost_reason") if read("lost") else None
        joined = "late_joins" in events("path_events", read("path_events"))
        no_start, gap = NUMBERS["REASON_NO_START"], NUMBERS["REASON_GAP"]
        assert joined or reason != no_start
        if joined:  # a gap is said first
            assert reason in ((None, gap) if read("any_start") else (no_start, gap))
            self.rules.reports_late_join()
            reason = None if reason == no_start else reason
        if reason == NUMBERS["REASON_OTHER_SESSION"]:
            self.rules.reports_other_session()
        elif reason is not None and any(world.stands for world in self.rules.worlds):
            assert reason == gap and not read("undone")
            self.rules.reports_standing()
        elif reason is not None and not read("undone"):
            first = read("gap_first")
            self._gap = (read("next") - first) % MODULO
            self.rules.reports_gap(first, self._gap)
        elif reason is not None:
            assert reason == gap
        assert read("undone") or not read("bad_frame")
        if read("over"):
            self.rules.reports_end()
