"""Tells the rules of the A/B merge which frames came, and what a replay of the feed made of them.

Frames are read here in plain Python: their check sequences by zlib, headers by udp_rx's golden
model, packets and messages from MoldUDP64's text. Of cycles it uses no more than their order.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sim.golden import mac_rx, udp_rx
from sim.lib.merge_rules import MergeRules, Packet
from tickwire.gen.records import Reason
from tickwire.replay.feed import LATENCY, LONGEST, SHORTEST, Received
from tickwire.replay.feed_frames import RUNT
from tickwire.replay.feed_merge import BAD_FRAME
from tickwire.wire.traffic import Registers, Traffic

SETTLED = 4  # cycles without anything after which all that happened has shown
HEADER, BLOCKS = 8, 28  # bytes of a datagram before the packet, and before its messages
# In a cycle: what begins, then what comes of it, then what ends.
_BEGINS, _REPORTED, _DELIVERED, _ENDS, _UNDONE = range(5)
Step = tuple[int, int, int, Callable[[], None]]  # cycle, which of these, feed, what to tell


@dataclass(frozen=True)
class Arrival:
    """A packet that can be taken; its messages begin at `at` of the frame."""

    packet: Packet
    at: int
    wrong: bool


def arrival(
    frame: bytes, feed: int, spoiled: int, registers: Registers, lanes: int
) -> Arrival | None:
    """What a frame brings; nothing if it isn't one of ours."""
    passed = frame if len(frame) <= LONGEST else frame[: LONGEST // lanes * lanes]
    found = udp_rx.headers(passed)
    if spoiled == 2 or found is None or len(passed) < found.udp + 6:  # no preamble, or UDP length
        return None
    udp = found.udp
    bits = (registers.feed_enable, registers.any_group, registers.any_port)
    filters = (*(word >> feed & 1 for word in bits), registers.group[feed], registers.port[feed])
    if udp_rx.verdict(passed, *filters) != "datagrams":
        return None
    stop = udp + struct.unpack(">H", passed[udp + 4 : udp + 6])[0]
    body = udp + BLOCKS
    if stop < body or len(passed) <= body:
        return None
    packet = Packet(*struct.unpack(">10sQH", passed[udp + HEADER : body]))
    packet.messages += _messages(passed, body, stop, 0 if packet.ending else packet.count)
    right = spoiled == 0 and SHORTEST <= len(frame) <= LONGEST and mac_rx.right(frame)
    wrong = not right or len(passed) < stop + 4 or udp_rx.summed(passed) == "bad_checksum"
    return Arrival(packet, body, wrong)


def _messages(passed: bytes, at: int, stop: int, count: int) -> list[bytes | None]:
    """Those that came whole; of one that is too short to be shown its length is enough."""
    found: list[bytes | None] = []
    while len(found) < count and at + 2 <= min(stop, len(passed)):
        size = int.from_bytes(passed[at : at + 2], "big")
        if at + 2 + size > stop or (size > RUNT and at + 2 + size > len(passed)):
            break
        found.append(passed[at + 2 : at + 2 + size] if size > RUNT else None)
        at += 2 + size
    return found


def judge(traffic: Traffic, received: Received, registers: Registers, width: int) -> MergeRules:
    """Hold what was received to the rules; a broken one raises. The judge says how much it saw."""
    rules = MergeRules()
    arrivals = {}
    for frame, data in enumerate(traffic.frames):
        feed, spoiled = int(traffic.feed[frame]), int(traffic.spoiled[frame])
        found = arrival(data, feed, spoiled, registers, width // 8)
        if found is not None:
            arrivals[frame] = found
    steps = _inputs(traffic, arrivals, rules, width // 8)
    steps += _outputs(traffic, received, width, arrivals, rules)
    last = 0
    for cycle, _, _, tell in sorted(steps, key=lambda step: step[:3]):
        if cycle - last >= SETTLED:
            rules.settles()
        tell()
        last = cycle
    rules.settles()
    return rules


def _inputs(
    traffic: Traffic, arrivals: dict[int, Arrival], rules: MergeRules, lanes: int
) -> list[Step]:
    steps: list[Step] = []
    for frame, found in arrivals.items():
        feed, first = int(traffic.feed[frame]), int(traffic.first[frame])
        length = min(int(traffic.frames.lengths[frame]), LONGEST + 1)  # nobody waits for more
        end = first + -(-length // lanes) - 1
        begins = partial(rules.begins, found.packet)
        ends = partial(rules.ends, found.packet, found.wrong)
        steps += [(first + found.at // lanes, _BEGINS, feed, begins), (end, _ENDS, feed, ends)]
    return steps


def _outputs(
    traffic: Traffic,
    received: Received,
    width: int,
    arrivals: dict[int, Arrival],
    rules: MergeRules,
) -> list[Step]:
    """In the cycle of the byte that each is due to: a mark stands 3 cycles (at 64 bits: 4) behind a
    header, and LATENCY behind a message's last byte; a frame is undone a cycle after its own."""
    steps: list[Step] = []
    for frame, at, size, cycle, _, number, _ in received.messages.tolist():
        message = traffic.frames[frame][at : at + size] if size > RUNT else None
        delivers = partial(rules.delivers, arrivals[frame].packet, number, message)
        steps.append((cycle, _DELIVERED, 0, delivers))
    header, gaps = {8: 3, 64: 4}[width], set[int]()
    for cycle, first, count in received.missing.tolist():
        gaps.add(cycle)
        steps.append((cycle - header, _REPORTED, 0, partial(rules.reports_gap, first, count)))
    told = {
        int(Reason.SESSION_ENDED): rules.reports_end,
        int(Reason.NO_START): rules.reports_late_join,
        int(Reason.OTHER_SESSION): rules.reports_other_session,
    }
    for mark in received.marks:
        cycle, reason = int(mark["cycle"]), int(mark["reason"])
        if reason == Reason.PARSE_ERROR:
            continue  # itch_parse's
        if reason in told:
            late = header + 2 * (reason == Reason.OTHER_SESSION)
            steps.append((cycle - late, _REPORTED, 0, told[reason]))
        elif mark["amid"]:
            steps.append((cycle - LATENCY[width], _UNDONE, 0, rules.reports_standing))
        elif reason == BAD_FRAME or cycle not in gaps:
            undoes = partial(rules.undoes, reason == BAD_FRAME)
            steps.append((cycle - LATENCY[width], _UNDONE, 0, undoes))
    return steps
