"""What is asked of a re-request server, and when: a state machine without a clock or a socket.

A span that lacks is asked for in requests of at most `most` messages, so that an answer fits a
datagram whatever the messages are; `open` of them wait for their answers at a time. One that isn't
answered is sent again, after a wait that doubles; after `tries` its halves are asked for, since a
server that lacks the first message says nothing; and one message is given up. What an answer leaves
out is asked for anew. All that lacks is given up where the server never said anything, or nothing
at all while it was asked for one message. What was given up is never asked for again, unless
`retry` says so; it goes on lacking, and a line may bring it.
"""

from __future__ import annotations

from dataclasses import dataclass

from tickwire.gen.itch_table import MOLD_HEADER_LENGTH
from tickwire.recover.spans import Span, Spans
from tickwire.wire.itch import LENGTHS, PREFIX

MOST_BYTES = 1_400  # of an answer's payload
MOST = (MOST_BYTES - MOLD_HEADER_LENGTH) // (int(LENGTHS.max()) + PREFIX)
_MILLISECOND = 1_000_000  # ns


@dataclass(frozen=True)
class Settings:
    """Times are in nanoseconds."""

    most: int = MOST
    open: int = 8
    wait: int = 50 * _MILLISECOND  # for an answer, at first
    most_wait: int = 2_000 * _MILLISECOND
    tries: int = 8

    def __post_init__(self) -> None:
        if not (1 <= self.most < 0xFFFF and self.open >= 1 and self.tries >= 1):
            raise ValueError("1 to 65,534 messages a request, 1 or more open, 1 or more tries")
        if not 1 <= self.wait <= self.most_wait:
            raise ValueError("a wait is 1 ns or more, the first not longer than the longest")


@dataclass
class _Open:
    first: int
    end: int
    since: int
    due: int
    wait: int
    tries: int = 1


class Requests:
    """`asked`: all that ever was; `given_up`: what nobody asks for any more, and yet lacks."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.asked, self.given_up = Spans(), Spans()
        self.sent = 0
        self._open: list[_Open] = []
        self._heard: int | None = None

    def heard(self, now: int) -> None:
        """An answer was taken."""
        self._heard = now

    def retry(self) -> None:
        """Ask anew for what was given up."""
        self.given_up = Spans()

    def due(self, lacking: Spans, now: int) -> list[Span]:
        """What is to be sent now, of what lacks."""
        self._answered(lacking)
        sends: list[Span] = []
        for one in [one for one in self._open if one.due <= now and self._exhausted(one)]:
            self._open.remove(one)
            middle = (one.first + one.end) // 2
            silent = self._heard is None or (middle == one.first and self._heard < one.since)
            if silent:
                self.given_up, self._open = lacking.without(()), []
                break
            if middle == one.first:
                self.given_up.add(one.first, one.end)
            else:
                halves = (one.first, middle), (middle, one.end)
                sends += [self._ask(first, end, now) for first, end in halves]
        self.given_up = self.given_up.without(self.given_up.without(lacking))
        for one in self._open:
            if one.due <= now:
                one.tries += 1
                one.wait = min(2 * one.wait, self.settings.most_wait)
                one.due = now + one.wait
                sends.append((one.first, one.end))
        sends += self._begin(lacking, now)
        self.sent += len(sends)
        return sends

    def _answered(self, lacking: Spans) -> None:
        """Of a request that was answered in part the rest is asked for anew."""
        self._open = [one for one in self._open if lacking.holds(one.first, one.end)]

    def _exhausted(self, one: _Open) -> bool:
        return one.tries >= self.settings.tries

    def _begin(self, lacking: Spans, now: int) -> list[Span]:
        begun: list[Span] = []
        for first, end in self._uncovered(lacking):
            while first < end and len(self._open) < self.settings.open:
                stop = min(first + self.settings.most, end)
                begun.append(self._ask(first, stop, now))
                first = stop
        return begun

    def _ask(self, first: int, end: int, now: int) -> Span:
        wait = self.settings.wait
        self._open.append(_Open(first, end, now, now + wait, wait))
        self.asked.add(first, end)
        return first, end

    def _uncovered(self, lacking: Spans) -> Spans:
        return lacking.without(self.given_up).without((one.first, one.end) for one in self._open)

    def wake(self, lacking: Spans, now: int) -> int | None:
        """When `due` has something to say next; None: never, unless something comes."""
        self._answered(lacking)
        if len(self._open) < self.settings.open and self._uncovered(lacking):
            return now
        return min((one.due for one in self._open), default=None)
