"""A venue's re-request server that loses, repeats, delays, reorders, shortens and garbles."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from tickwire.recover.server import Messages, Server, bind
from tickwire.wire import mold


@dataclass(frozen=True)
class Manners:
    """Shares of requests, 0 to 1; a delay is up to so many ns."""

    loses: float = 0.0
    repeats: float = 0.0
    delays: float = 0.0
    shortens: float = 0.0
    garbles: float = 0.0
    delay: int = 30_000_000


@dataclass
class Venue:
    """What it says to a request: answers and when, in ns from then."""

    server: Server
    manners: Manners
    seed: int = 1
    did: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._random = np.random.default_rng(self.seed)

    def says(self, request: bytes) -> list[tuple[int, bytes]]:
        if self._does("loses"):
            return []
        if self._does("shortens"):
            session, first, count = mold.read_request(request)
            request = mold.request(session, first, int(self._random.integers(1, count + 1)))
        answer = self.server.answer(request)
        if answer is None:
            return []
        said = [(0, answer)] * (2 if self._does("repeats") else 1)
        if self._does("garbles"):  # beside the right one, which is what a client must find
            said = [(0, self._garbled(answer)), *said]
        if self._does("delays"):
            said = [(int(self._random.integers(self.manners.delay)), one) for _, one in said]
        return said

    def _does(self, what: str) -> bool:
        yes = bool(self._random.random() < getattr(self.manners, what))
        self.did[what] += yes
        return yes

    def _garbled(self, answer: bytes) -> bytes:
        """Cut short, of another session, of other numbers, empty, or no packet at all."""
        return (
            answer[:-1],
            b"ELSEWHERE " + answer[10:],
            answer[:10] + (1 << 40).to_bytes(8, "big") + answer[18:],
            answer[:18] + bytes(2),
            b"hello",
        )[int(self._random.integers(5))]


def messages_of(every: list[bytes], first: int = 1) -> Messages:
    return dict(enumerate(every, first))


@contextmanager
def listening(venue: Venue) -> Iterator[tuple[str, int]]:
    """It as a thread on a UDP socket; where."""
    with bind("127.0.0.1", 0) as server:
        stop = threading.Event()
        thread = threading.Thread(target=_serve, args=(venue, server, stop))
        thread.start()
        try:
            yield server.getsockname()
        finally:
            stop.set()
            thread.join()


def _serve(venue: Venue, server: socket.socket, stop: threading.Event) -> None:
    waiting: list[tuple[int, bytes, tuple[str, int]]] = []
    server.settimeout(0.002)
    while not stop.is_set():
        try:
            request, who = server.recvfrom(1 << 16)
            now = time.monotonic_ns()
            waiting += [(now + late, answer, who) for late, answer in venue.says(request)]
        except TimeoutError:
            pass
        now = time.monotonic_ns()
        for _, answer, who in sorted(one for one in waiting if one[0] <= now):
            server.sendto(answer, who)
        waiting = [one for one in waiting if one[0] > now]
