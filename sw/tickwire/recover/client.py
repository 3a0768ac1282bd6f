"""The requester: what a recovery asks goes to a server by UDP, what comes back goes to it.

The socket is connected, so that only the server's datagrams come.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable
from types import TracebackType
from typing import Protocol

from tickwire.wire.chunks import WireError

_SECOND = 1_000_000_000


class Asks(Protocol):
    """`recovery.Recovery` is one, and `live.Live`."""

    def due(self, now: int) -> list[bytes]: ...

    def wake(self, now: int) -> int | None: ...

    def answer(self, payload: bytes, now: int) -> str: ...


def place(text: str) -> tuple[str, int]:
    """ADDRESS:PORT as people write it; IPv6 stands in brackets."""
    address, _, port = text.rpartition(":")
    if not (port.isascii() and port.isdecimal() and 1 <= int(port) < 1 << 16):
        raise WireError(f"server {text!r}: give ADDRESS:PORT, its port 1 to 65,535")
    bare = address[1:-1] if address.startswith("[") and address.endswith("]") else address
    try:
        known = ipaddress.ip_address(bare)
    except ValueError:
        raise WireError(f"server {text!r}: {address!r} isn't an IP address") from None
    if known.version == 6 and bare == address:
        raise WireError(f"server {text!r}: an IPv6 address stands in brackets")
    return bare, int(port)


class Client:
    """Asks one server."""

    def __init__(
        self, server: tuple[str, int], asks: Asks, clock: Callable[[], int] = time.monotonic_ns
    ) -> None:
        self.asks, self.clock = asks, clock
        self.silent = 0  # datagrams that nobody took, as the server's machine said
        family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self._socket.connect(server)
        except BaseException:
            self._socket.close()
            raise

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._socket.close()

    def poll(self, most: int) -> bool:
        """Send what is due, and take what comes in up to `most` ns; whether there is more to do."""
        end = self.clock() + most
        while True:
            now = self.clock()
            for request in self.asks.due(now):
                self._send(request)
            wake = self.asks.wake(now)
            if wake is None:
                return False
            until = min(wake, end)
            self._receive(max(until - now, 0))
            if self.clock() >= end:
                return True

    def run(self) -> None:
        """Until nothing lacks, or nothing more is asked for."""
        while self.poll(_SECOND):
            pass

    def _send(self, request: bytes) -> None:
        try:
            self._socket.send(request)
        except ConnectionError:
            self.silent += 1

    def _receive(self, most: int) -> None:
        """All that is there, or the first that comes within `most` ns."""
        self._socket.settimeout(max(most, 1) / _SECOND)
        try:
            while True:
                self.asks.answer(self._socket.recv(1 << 16), self.clock())
                self._socket.setblocking(False)
        except (TimeoutError, BlockingIOError):
            return
        except ConnectionError:
            self.silent += 1
