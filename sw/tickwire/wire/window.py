"""How long a packet waits for what is missing before it, as an option says: cycles, or a time."""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST = (1 << 24) - 1  # cycles: what `reorder.window` holds
_UNITS = {"ns": 1, "us": 1_000, "ms": 1_000_000}
_ASKED = "a whole number of cycles, or a time such as 100us (ns, us, ms)"
HELP = "wait so long for what a line lacks and the other brings: cycles, or a time as 100us"


class WindowError(ValueError):
    """No window, or one that the register doesn't hold. The message is one line."""


@dataclass(frozen=True)
class Window:
    """`unit` nanoseconds each; 0: cycles."""

    text: str = "0"
    count: int = 0
    unit: int = 0

    @classmethod
    def parse(cls, text: str) -> Window:
        found = re.fullmatch(r"([0-9]{1,12})(ns|us|ms)?", text)
        if not found:
            raise WindowError(f"--window {text!r}: {_ASKED}")
        made = cls(text, int(found[1]), _UNITS[found[2]] if found[2] else 0)
        if not made.unit:
            made.cycles(1)
        return made

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return self.count > 0

    def cycles(self, hertz: int) -> int:
        """At least so long."""
        billion = 10**9
        cycles = -(-self.count * self.unit * hertz // billion) if self.unit else self.count
        if cycles > MOST:
            raise WindowError(
                f"--window {self.text}: {cycles:,} cycles; a window holds {MOST:,} at most"
            )
        return cycles


NONE = Window()
