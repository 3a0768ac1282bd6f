"""Golden model of tcp_tx: who watches it, cycle by cycle, and knows the rules of docs/session.md.

It doesn't say in which cycle a segment is sent again; it says from when on it may be, and by when
it must. Everything else is exact: what a frame is, what may begin, who is asked to wait.
"""

from __future__ import annotations

import struct
from collections import Counter, deque
from dataclasses import dataclass, field

from sim.golden.tcp_rx import WORD, Session, checksum

LONGEST = 58  # bytes of a packet
HEADER = 54
PSH_ACK, ACK = 0x18, 0x10


def frame_of(
    session: Session, number: int, acknowledged: int, window: int, flags: int, data: bytes
) -> bytes:
    """The segment's frame, by RFC 791 and RFC 9293."""
    ethernet = session.peer_mac.to_bytes(6, "big") + session.our_mac.to_bytes(6, "big") + b"\x08\0"
    addresses = struct.pack("!II", session.our_address, session.peer_address)
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 40 + len(data), 0, 0x4000, 64, 6, 0) + addresses
    ip = ip[:10] + checksum(ip).to_bytes(2, "big") + ip[12:]
    ports = struct.pack("!HH", session.our_port, session.peer_port)
    tcp = ports + struct.pack("!IIBBHHH", number, acknowledged, 0x50, flags, window, 0, 0)
    pseudo = addresses + struct.pack("!HH", 6, 20 + len(data))
    whole = checksum(pseudo + tcp + data)
    return ethernet + ip + tcp[:16] + whole.to_bytes(2, "big") + tcp[18:] + data


@dataclass
class Flight:
    """What was sent and isn't acknowledged."""

    packets: deque[tuple[int, bytes]] = field(default_factory=deque)  # first byte, bytes
    una: int = 0
    following: int = 0

    @property
    def size(self) -> int:
        return (self.following - self.una) % WORD

    def acknowledge(self, number: int) -> None:
        self.una = number
        while self.packets:
            first, data = self.packets[0]
            if (number - first) % WORD < len(data):
                break
            self.packets.popleft()


class TcpTx:
    """`met` counts frames and what else happened. `slack` is how late, with a free line, what is
    due may begin."""

    def __init__(self, timeout: int, retries: int, messages: int, slack: int) -> None:
        self.timeout, self.retries, self.messages, self.slack = timeout, retries, messages, slack
        self.met = Counter[str]()
        self.live = False
        self.free_since = 0  # the cycle in which the line became free
        self.sending: str | None = None

    def open(self, session: Session, cycle: int) -> None:
        self.session, self.live = session, True
        self.flight = Flight(una=session.next_byte, following=session.next_byte)
        self.window, self.wl1, self.wl2 = session.window, session.expected_byte, session.next_byte
        self.tries = self.same = 0
        self.recover: int | None = None
        self.again: int | None = None  # the cycle since which the oldest is to be sent again
        self.ack: int | None = None  # likewise an acknowledgement
        self.since = cycle  # since when the clock runs
        self.held: bytes | None = None  # the packet that was taken
        self.freed = cycle  # when the last of the memory was given back, at the latest

    # -- What may be asked for in a cycle ----------------------------------------------------------

    def fits(self, length: int) -> bool:
        return length + self.flight.size <= self.window

    def checks_ready(self, cycle: int, length: int, ready: bool, full: bool) -> None:
        """Of a cycle in which no frame leaves and none was closed."""
        if len(self.flight.packets) >= self.messages:
            assert full and not ready, "the memory is full"
        elif self.fits(length):
            assert ready != full, (ready, full)
            if full:  # acknowledged packets leave one by one
                assert cycle <= self.freed, "what would fit is told to wait"
        else:
            assert full and not ready, "what doesn't fit is taken"

    @property
    def probing(self) -> bool:
        return self.flight.size == 0 and self.window < LONGEST

    @property
    def period(self) -> int:
        return self.timeout << self.tries

    def overdue(self, cycle: int) -> None:
        """Of a cycle with a line that was free long enough: what had to begin hasn't."""
        if self.sending is not None or not self.live or cycle < self.free_since + self.slack:
            return
        for name, since in (("the oldest segment", self.again), ("an acknowledgement", self.ack)):
            assert since is None or cycle < since + self.slack, f"{name} isn't sent"
        if self.flight.size or self.probing:
            assert cycle < self.since + self.period + self.slack, "time has passed, and nothing is"

    # -- What happens ------------------------------------------------------------------------------

    def took(self, packet: bytes) -> None:
        self.held = packet

    def begins(self, cycle: int, acknowledged: int, window: int, told: bool) -> None:
        """A frame begins, with these two as they are; which, shows when it is whole."""
        self.sending = "fresh" if self.held is not None else "other"
        self.begun, self.told = (cycle, acknowledged, window), told
        self.due = (self.again, self.ack, self.since + self.period, self.probing)
        self.oldest = self.flight.packets[0] if self.flight.packets else None
        self.number = self.flight.following
        self.calm = True  # nothing was heard meanwhile that ends the asking
        self.ack = None
        if self.held is not None and not self.flight.size:
            self.tries = 0
        timed = cycle >= self.since + self.period
        if self.held is None and self.flight.size and (self.again is not None or timed):
            self.again = None
            if self.recover is None:
                self.recover = self.flight.following

    def frame(self, cycle: int, frame: bytes) -> str:
        """The frame is whole: it must be one that could begin then."""
        begun, acknowledged, window = self.begun
        again, ack, time, probing = self.due

        def built(number: int, flags: int, data: bytes) -> bytes:
            return frame_of(self.session, number % WORD, acknowledged, window, flags, data)

        if self.held is not None:
            assert frame == built(self.number, PSH_ACK, self.held), "not the packet's frame"
            if not self.flight.size:
                self.since = cycle
            self.flight.packets.append((self.number, self.held))
            self.flight.following = (self.number + len(self.held)) % WORD
            self.held, kind = None, "packets_sent"
        elif self.oldest is not None and frame == built(self.oldest[0], PSH_ACK, self.oldest[1]):
            kind = "packets_resent"
            if again is None:
                self._timed(begun, time)
            self.since = cycle
            self.freed = max(self.freed, cycle + 2 * len(self.flight.packets) + 8)
        elif probing and frame == built(self.number - 1, ACK, b""):
            self._timed(begun, time)
            kind, self.since = "probes_sent", cycle
        else:
            assert frame == built(self.number, ACK, b""), "a frame that nobody asked for"
            assert ack is not None, "an acknowledgement that nobody asked for"
            kind = "acks_sent"
        told = kind in ("packets_sent", "acks_sent")
        assert told == self.told, "what the venue needn't read takes an acknowledgement along"
        if not told and ack is not None:
            self.ack = ack
        self.sending, self.free_since = None, cycle
        self.met[kind] += 1
        return kind

    def _timed(self, begun: int, time: int) -> None:
        assert begun >= time, f"sent again {time - begun} cycles too early"
        assert self.tries < self.retries, "asked too often"
        self.tries += self.calm

    def timed_out(self, cycle: int) -> None:
        assert self.tries == self.retries and cycle >= self.since + self.period, "given up early"
        self.live = False
        self.met["timeouts"] += 1

    def asked(self, cycle: int) -> None:
        """An acknowledgement is wanted."""
        self.ack = cycle

    def hear(self, cycle: int, first: int, acknowledged: int, window: int, bare: bool) -> None:
        flight = self.flight
        new = (acknowledged - flight.una) % WORD
        if new > flight.size:
            return
        if new == 0 and flight.size and bare and window == self.window:
            self.same += 1
            if self.same == 3 and self.recover is None:
                self.again = cycle
                self.met["fast"] += 1
        newer = (first - self.wl1) % WORD
        if 0 < newer < WORD // 2 or (not newer and (acknowledged - self.wl2) % WORD < WORD // 2):
            self.window, self.wl1, self.wl2 = window, first, acknowledged
        if new or flight.size == 0:
            self.tries, self.calm, self.since = 0, False, cycle
        if new:
            self.freed = cycle + 2 * len(flight.packets) + 8
            flight.acknowledge(acknowledged)
            self.same, self.again = 0, None
            if self.recover is not None:
                if (acknowledged - self.recover) % WORD >= WORD // 2:
                    self.again = cycle
                    self.met["partial"] += 1
                else:
                    self.recover = None
