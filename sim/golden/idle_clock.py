"""Golden model of idle_clock: which rising edges of the clock go through."""

from __future__ import annotations


class IdleClock:
    """Stepped once a cycle, with what the inputs are right before its rising edge."""

    def __init__(self, gated: bool, linger: int) -> None:
        self.gated, self.linger = gated, linger
        self.since = linger + 1  # edges since the last busy one

    def step(self, busy: bool, rst: bool) -> bool:
        """Whether the block's clock rises."""
        self.since = 0 if busy or rst else self.since + 1
        return not self.gated or self.since <= self.linger
