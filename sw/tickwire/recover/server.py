"""A re-request server: the messages of sessions by number, sent to whoever asks for them.

An answer is one packet from the first number that was asked for, with as many of the messages as
it has, as were asked for, and as fit a datagram. Where it lacks the first it says nothing, as it
does where what came is no request.
"""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Mapping

from tickwire.gen.itch_table import MOLD_HEADER_LENGTH
from tickwire.recover.requests import MOST_BYTES
from tickwire.recover.stream import payloads
from tickwire.wire import mold
from tickwire.wire.chunks import WireError
from tickwire.wire.itch import PREFIX

Messages = Mapping[int, bytes]
_LISTENS = 0.1  # s, between looks at whether to stop


def bind(address: str, port: int) -> socket.socket:
    """A socket that listens there; port 0: any that is free."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_DGRAM)
    try:
        listening.bind((address, port))
    except BaseException:
        listening.close()
        raise
    return listening


class Server:
    """`sessions`: ten bytes, as on the wire."""

    def __init__(self, sessions: Mapping[bytes, Messages], most_bytes: int = MOST_BYTES) -> None:
        self.sessions, self.most_bytes = sessions, most_bytes
        self.counts: Counter[str] = Counter()

    def answer(self, request: bytes) -> bytes | None:
        try:
            session, first, count = mold.read_request(request)
        except WireError:
            self.counts["no request"] += 1
            return None
        there = self.sessions.get(session)
        if there is None or first not in there:
            self.counts["not here" if there is not None else "other session"] += 1
            return None
        messages: list[bytes] = []
        size = MOLD_HEADER_LENGTH
        for number in range(first, first + count):
            message = there.get(number)
            if message is None:
                break
            size += PREFIX + len(message)
            if messages and size > self.most_bytes:
                break
            messages.append(message)
        self.counts["answered"] += 1
        self.counts["messages"] += len(messages)
        return payloads(session, first, messages, max(size, self.most_bytes))[0]

    def serve(self, listening: socket.socket, stop: threading.Event) -> None:
        """Until `stop`; a requester that is gone doesn't end it."""
        listening.settimeout(_LISTENS)
        while not stop.is_set():
            try:
                request, requester = listening.recvfrom(1 << 16)
            except (TimeoutError, ConnectionError):
                continue
            answer = self.answer(request)
            if answer is not None:
                try:
                    listening.sendto(answer, requester)
                except OSError:
                    self.counts["not sent"] += 1
