"""Whether anybody may act on an instrument, as far as the market and the exchange say so.

    message                  what it says
    S, event code Q          the market is open; with any other code it isn't
    W                        a market-wide circuit breaker was breached: nobody may act, until
    H, trading state T       the instrument trades, or trades again
    h, market code Q         the exchange has interrupted the instrument for reasons of its own
                             (action H), or no more (T); of other markets it is no matter

From a session's first message to the first S the market is closed. An instrument of which no H with
state T has come since then counts as halted: the exchange leaves those out of its morning's list.
What is missing may have been any of them: from then on all is in doubt, and counts as closed until
the host says that it is open. A message counts for what comes after it. The reason is the first
that applies: interrupted, breached, market_closed, halted, ok.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from tickwire.gen.itch_table import MESSAGES
from tickwire.gen.records import SLOTS, Reason
from tickwire.wire.itch import Messages

Array = npt.NDArray[Any]

KINDS = "SWHh"
WHERE = {  # the byte that counts
    name: next(one.offset for one in MESSAGES[name].fields if one.name == what)
    for name, what in (("S", "event_code"), ("H", "trading_state"), ("h", "market_code"))
}
_LETTERS: dict[str, tuple[str, ...]] = {
    "S": ("event_code",),
    "W": (),
    "H": ("trading_state",),
    "h": ("market_code", "operational_halt_action"),
}
ALL = (1 << SLOTS) - 1


@dataclass(frozen=True)
class Said:
    """Of a slot; in doubt, what was said since."""

    is_open: bool = False
    breached: bool = False
    interrupted: bool = False
    doubted: bool = False
    unsaid: bool = False  # that it trades


BEGUN = (Said(unsaid=True),) * SLOTS
UNKNOWN = (Said(is_open=True, doubted=True),) * SLOTS  # something may be missing


@dataclass
class Market:
    """What is known of each slot, by default as a session begins. With `any_hours` it is no matter
    what system events say, nor that nobody has said of an instrument that it trades."""

    any_hours: bool = False
    said: tuple[Said, ...] = BEGUN

    def take(self, kind: str, letters: bytes, slots: int, named: int) -> None:
        """A message; `letters` are its bytes that count, `slots` a bit for each that it is of, by
        its locate, `named` for each whose instrument it names."""
        change: dict[str, bool] = {}
        if kind == "S":
            change["is_open"] = letters[:1] == b"Q"
        elif kind == "W":
            change["breached"] = True
        elif kind == "H" and letters[:1] == b"T":
            change["breached"] = False
        elif kind == "h" and letters[:1] == b"Q":
            change["interrupted"] = letters[1:2] != b"T"
        of = ALL if kind in "SW" else slots
        self.said = tuple(
            replace(said, **change) if of >> slot & 1 else said
            for slot, said in enumerate(self.said)
        )
        if kind == "H" and letters[:1] == b"T":
            self.said = tuple(
                replace(said, unsaid=said.unsaid and not named >> slot & 1)
                for slot, said in enumerate(self.said)
            )

    def begins(self) -> None:
        """A session does, with its first message."""
        self.said = BEGUN

    def unsaid(self, slots: int) -> int:
        """Of how many of the first so many nobody has said that they trade, if that matters."""
        return 0 if self.any_hours else sum(said.unsaid for said in self.said[:slots])

    @property
    def reasons(self) -> list[Reason]:
        return [self._reason(said) for said in self.said]

    def _reason(self, said: Said) -> Reason:
        if said.interrupted:
            return Reason.INTERRUPTED
        if said.breached:
            return Reason.BREACHED
        if said.doubted or not (said.is_open or self.any_hours):
            return Reason.MARKET_CLOSED
        return Reason.HALTED if said.unsaid and not self.any_hours else Reason.OK

    def follow(self, messages: Messages, slots: Mapping[int, int]) -> Timeline:
        """These messages too; when, by their index, what changed."""
        line = Timeline(self)
        for at, kind, letters, locate in _rare(messages):
            mine = 1 << slots[locate] if locate in slots else 0
            if mine or kind in "SW":
                self.take(kind, letters, mine, mine)
                line.note(at)
        return line


def doubt(said: tuple[Said, ...], slots: int, lately: int) -> tuple[Said, ...]:
    """These slots follow something else, or something of theirs can't be read; `lately`: those of
    which an h was said since."""
    return tuple(
        replace(
            one,
            interrupted=one.interrupted and bool(lately >> slot & 1),
            doubted=True,
            unsaid=False,
        )
        if slots >> slot & 1
        else one
        for slot, one in enumerate(said)
    )


class Timeline:
    """The reasons of each slot, and since when."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._since: list[int] = []
        self._reasons: list[list[Reason]] = [market.reasons]

    def note(self, time: int) -> None:
        self._since.append(time)
        self._reasons.append(self._market.reasons)

    def at(self, times: Array, slots: Array) -> Array:
        """The reason of each slot at each time: by all that was noted at earlier ones."""
        rows = np.searchsorted(np.array(self._since, np.int64), times, side="left")
        return np.array(self._reasons, np.uint8)[rows, slots]


def _rare(messages: Messages) -> Iterator[tuple[int, str, bytes, int]]:
    """The messages that count, in order: where, of which type, what they say, whose they are."""
    for at in np.flatnonzero(np.isin(messages.types, [ord(kind) for kind in KINDS])).tolist():
        kind = chr(messages.types[at])
        row = messages.arrays[kind][messages.rows[at]]
        letters = b"".join(bytes(row[name]).ljust(1) for name in _LETTERS[kind])
        yield at, kind, letters, int(row["stock_locate"])
