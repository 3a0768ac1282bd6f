"""Generated days: as events, encoded as ITCH in MoldUDP64 packets and decoded; and as captures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tickwire.data.booked import Booker, Progress, quiet
from tickwire.data.events import About, DataError, Events
from tickwire.exchange import deep_day
from tickwire.exchange.flow import Day, DayConfig, FlowError, packets
from tickwire.exchange.market import Market, MarketConfig, MarketError
from tickwire.wire import iex_tp, itch, mold, pcap
from tickwire.wire.chunks import Chunks
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.market import Market as States
from tickwire.wire.operations import operations

_PIECE = 1 << 18  # messages
KINDS = ("market", "flow")
PROTOCOLS = ("itch", "deep")
_FEEDS = (
    Flow(),
    Flow(destination_address="233.54.12.112", destination_port=26_401),
)


def read(
    kind: str, events: int, seed: int, instruments: int = 1, progress: Progress = quiet
) -> tuple[About, Iterator[Events]]:
    """`market`: agents at a matching engine. `flow`: a test day with every kind of message."""
    day, symbols = _day(kind, events, seed, instruments)
    notes: dict[str, int] = {}
    about = About(f"{kind} day, seed {seed}", symbols, notes=notes)

    def pieces() -> Iterator[Events]:
        booker, market = Booker(len(symbols), notes), States()
        first = 1
        while day.left:
            received = mold.depacketise(packets(day.messages(_PIECE), first=first))
            first += int(received.first[-1])
            ops = operations(
                itch.decode(received.stream),
                day.locates,
                sequence=received.message_sequence,
                last=received.last_of_packet,
                market=market,
            )
            yield booker.events(ops)
            progress(events - day.left, events)

    return about, pieces()


def _day(
    kind: str, events: int, seed: int, instruments: int
) -> tuple[Day | Market, tuple[str, ...]]:
    symbols = tuple(letter * 4 for letter in "ABCDEFGH")[:instruments]
    try:
        if kind == "flow":
            return Day(DayConfig(seed=seed, events=events, symbols=symbols)), symbols
        if kind == "market":
            return Market(MarketConfig(seed=seed, events=events, symbols=symbols)), symbols
    except (FlowError, MarketError) as error:
        raise DataError(str(error)) from None
    raise DataError(f"a day is one of {', '.join(KINDS)}, not {kind!r}")


def write_capture(
    path: Path, kind: str, protocol: str, events: int, seed: int, instruments: int, feeds: int
) -> dict[str, int]:
    """A day as a card captures it, without check sequences; A and B by turns. What is in it."""
    day, _ = _day(kind, events, seed, instruments)
    messages = day.messages()
    if protocol == "itch":
        sent = packets(messages)
        first = mold.depacketise(sent).first
        times = deep_day.DAY + messages.column("timestamp", np.uint64).astype(np.int64)
        count = len(messages)
    elif protocol == "deep":
        levels, _ = deep_day.translate(messages)
        sent = deep_day.packets(levels, seed=seed)
        first = iex_tp.depacketise(sent).first
        times = levels.column("timestamp", np.int64)
        count = len(levels)
    else:
        raise DataError(f"a protocol is one of {', '.join(PROTOCOLS)}, not {protocol!r}")
    routes = [frames(sent, flow) for flow in _FEEDS[:feeds]]
    every = Chunks.of(route[at][:-4] for at in range(len(sent)) for route in routes)
    try:
        pcap.write(path, every, np.repeat(times[first[:-1]], feeds))
    except OSError as error:
        raise DataError(f"{path}: {error.strerror or error}") from None
    return {"messages": count, "packets": len(sent), "frames": len(every)}
