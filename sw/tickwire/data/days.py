"""Generated days as events: generated, encoded as ITCH in MoldUDP64 packets, and decoded."""

from __future__ import annotations

from collections.abc import Iterator

from tickwire.data.booked import Booker, Progress, quiet
from tickwire.data.events import About, DataError, Events
from tickwire.exchange.flow import Day, DayConfig, FlowError, packets
from tickwire.exchange.market import Market, MarketConfig, MarketError
from tickwire.wire import itch, mold
from tickwire.wire.operations import operations

_PIECE = 1 << 18  # messages
KINDS = ("market", "flow")


def read(
    kind: str, events: int, seed: int, instruments: int = 1, progress: Progress = quiet
) -> tuple[About, Iterator[Events]]:
    """`market`: agents at a matching engine. `flow`: a test day with every kind of message."""
    symbols = tuple(letter * 4 for letter in "ABCDEFGH")[:instruments]
    day: Day | Market
    try:
        if kind == "flow":
            day = Day(DayConfig(seed=seed, events=events, symbols=symbols))
        elif kind == "market":
            day = Market(MarketConfig(seed=seed, events=events, symbols=symbols))
        else:
            raise DataError(f"a day is one of {', '.join(KINDS)}, not {kind!r}")
    except (FlowError, MarketError) as error:
        raise DataError(str(error)) from None
    notes: dict[str, int] = {}
    about = About(f"{kind} day, seed {seed}", symbols, notes=notes)

    def pieces() -> Iterator[Events]:
        booker = Booker(len(symbols), notes)
        first = 1
        while day.left:
            received = mold.depacketise(packets(day.messages(_PIECE), first=first))
            first += int(received.first[-1])
            ops = operations(
                itch.decode(received.stream),
                day.locates,
                sequence=received.message_sequence,
                last=received.last_of_packet,
            )
            yield booker.events(ops)
            progress(events - day.left, events)

    return about, pieces()
