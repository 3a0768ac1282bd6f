"""Golden model of line_wait: how long a packet that came early waits."""

from __future__ import annotations

MODULO = 1 << 64


class LineWait:
    """`released` counts those by time and those by crowding."""

    inputs = (
        *("window", "quiet", "acted", "s_head", "s_ahead", "s_number", "s_pending"),
        *("s_coming", "s_coming_number", "s_crowded"),
    )

    def __init__(self) -> None:
        self.released = {"waited": 0, "crowded": 0}
        self.reset()

    def reset(self) -> None:
        self.waited = 0
        self.was_quiet = False
        self.before: dict[str, int] = dict.fromkeys(self.inputs, 0)
        self.out = 0

    def outputs(self) -> dict[str, int]:
        return {"released": self.out}

    @staticmethod
    def _number(heads: dict[str, int], feed: int) -> int | None:
        """Where the feed's oldest packet begins, or else the one coming in."""
        for known, number in (("s_head", "s_number"), ("s_coming", "s_coming_number")):
            if heads[known] >> feed & 1:
                return heads[number] >> 64 * feed & (MODULO - 1)
        return None

    def _lets(self, heads: dict[str, int], feed: int) -> bool:
        """Whether this feed's is the one, of what was known a cycle ago."""
        if not heads["s_head"] & heads["s_ahead"] & 1 << feed:
            return False
        if heads["s_pending"] >> (1 - feed) & 1:
            return False
        a, b = (self._number(heads, one) for one in (0, 1))
        if a is None or b is None:
            return True
        return ((b - a) % MODULO >= MODULO // 2) == bool(feed)  # B's begins first

    def step(self, **inputs: int) -> None:
        heads, self.before = self.before, inputs
        counts = inputs["quiet"] and self.was_quiet and heads["s_head"] & heads["s_ahead"]
        due = counts and (self.waited >= inputs["window"] or inputs["s_crowded"])
        self.out = sum(1 << feed for feed in (0, 1) if due and self._lets(heads, feed))
        if self.out:
            self.released["waited" if self.waited >= inputs["window"] else "crowded"] += 1
        if inputs["acted"]:
            self.waited = 0
        elif counts:
            self.waited = min(self.waited + 1, (1 << 24) - 1)
        self.was_quiet = bool(inputs["quiet"])
