"""What a run plays, as frames: a generated day, a LOBSTER zip, an ITCH file, a capture.

market and flow are generated (`tickwire.exchange`), of eight instruments. A LOBSTER day goes out a
packet a row, as the models are trained on it; all else as flow.packets cuts it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np

from sim.run_path.plan import GENERATED, WHOLE, DayError, check_day
from tickwire.book import lobster
from tickwire.data.booked import quiet
from tickwire.data.instruments import Directory
from tickwire.data.itch_files import read_messages
from tickwire.exchange.flow import Day as FlowDay
from tickwire.exchange.flow import DayConfig, packets
from tickwire.exchange.market import Market, MarketConfig
from tickwire.wire import deep, feeds, files, itch
from tickwire.wire.capture import framed, read
from tickwire.wire.chunks import Chunks, WireError
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.feeds import Choice
from tickwire.wire.itch import Messages
from tickwire.wire.mold import packetise
from tickwire.wire.traffic import Registers

SYMBOLS = ("AAAA", "BBBB", "CCCC", "DDDD", "EEEE", "FFFF", "GGGG", "HHHH")
SESSION = b"TICKWIRE"
_PIECE = 1 << 24  # bytes of an ITCH file at a time
_MOST = 30  # messages of a packet that is cut by rows


@dataclass(frozen=True)
class Day:
    """Frames, and the registers that follow the instruments in them."""

    name: str
    frames: Chunks
    registers: Registers
    symbols: tuple[str, ...]


def find(
    data: str,
    events: int | None,
    seed: int = 1,
    symbols: Sequence[str] = (),
    chosen: Sequence[str] = (),
    *,
    trust: bool = False,
    window: int = 0,
) -> Day:
    """A day by its name or its file: its first `events` messages, or all of it. A symbol is a NAME
    or NAME=locate; `chosen` are feeds of a capture, `trust` believes one that begins late, and
    `window` is how many cycles its packets wait for what is missing before them."""
    check_day(data, symbols, chosen, trust, bool(window))
    file = Path(data)
    if data in GENERATED:
        return _generated(data, events, seed)
    if file.suffix == ".zip":
        return _lobster(file, events)
    if files.kind(file)[0] == files.CAPTURE:
        day = _capture(file, events, symbols, [Choice.parse(one) for one in chosen])
        believed = int(trust)
        registers = replace(day.registers, any_start=believed, any_hours=believed, window=window)
        return replace(day, registers=registers)
    if chosen:
        raise DayError(f"{data}: only a capture has feeds to choose from; leave out --feed")
    if trust:
        raise DayError(f"{data}: only a capture begins late; leave out --trust-from-here")
    if window:
        raise DayError(f"{data}: only a capture has lines out of step; leave out --window")
    return _itch(file, events, symbols)


def _generated(kind: str, events: int | None, seed: int) -> Day:
    """`events` cuts the market's day, and makes it no busier; a flow day has all in so many."""
    whole = max(WHOLE, events or 0)
    day: Market | FlowDay
    if kind == "market":
        day = Market(MarketConfig(seed=seed, events=whole, symbols=SYMBOLS))
    else:
        day = FlowDay(DayConfig(seed=seed, events=events or whole, symbols=SYMBOLS))
    messages = day.messages(events or whole)
    played = frames(packets(messages), Flow())
    registers = Registers(locates=day.locates, known=dict(enumerate(SYMBOLS)))
    return Day(f"{kind} day, seed {seed}", played, registers, SYMBOLS)


def _lobster(file: Path, events: int | None) -> Day:
    transcoded = lobster.transcode(lobster.load(file))
    counts = np.diff(np.concatenate([[0], transcoded.ends]))
    if events is not None:  # whole rows, none beyond the one that would pass the count
        rows = max(1, int(np.searchsorted(transcoded.ends, events, side="right")))
        counts = counts[:rows]
    cut = list(chain.from_iterable(map(_pieces, counts.tolist())))
    messages = first(transcoded.messages, int(counts.sum()))
    played = frames(packetise(itch.encode(messages), cut, session=SESSION), Flow())
    symbol = file.stem.split("_")[2] if file.stem.count("_") > 2 else file.stem[:8]
    known = {0: symbol} if symbol.isascii() and len(symbol) <= 8 else {}
    registers = Registers(any_hours=1, locates={lobster.LOCATE: 0}, known=known)  # no system events
    return Day(symbol, played, registers, (symbol,))


def _pieces(count: int) -> list[int]:
    """A row's messages in packets."""
    whole, rest = divmod(count, _MOST)
    return [_MOST] * whole + [rest] * (rest > 0)


def _itch(file: Path, events: int | None, symbols: Sequence[str]) -> Day:
    """What other instruments do goes over the wire as well."""
    parts: list[Chunks] = []
    directory = Directory(str(file), symbols, follows=True)
    taken = 0
    for piece in read_messages(file, quiet, _PIECE):
        directory.learn(piece)
        count = len(piece) if events is None else min(len(piece), events - taken)
        parts.append(packets(first(piece, count), session=SESSION, first=taken + 1))
        taken += count
        if taken == events:
            break
    if not taken:
        raise DayError(f"{file}: holds no message")
    names = directory.names()
    played = frames(Chunks.of(chain.from_iterable(parts)), Flow())
    registers = Registers(locates=directory.slots, known=directory.known)
    return Day(file.name, played, registers, names)


def first(messages: Messages, count: int) -> Messages:
    """The first messages."""
    return Messages(messages.types[:count], messages.rows[:count], messages.arrays)


def _capture(
    file: Path, events: int | None, symbols: Sequence[str], choices: Sequence[Choice]
) -> Day:
    """Frames as they were captured, `events` of them; instruments by the messages that name them.
    Of several feeds only the frames of those that were chosen."""
    whole = read(file).frames
    directory = Directory(str(file), symbols, follows=True)
    try:
        found = feeds.find(whole, choices)
        feeds.check(found)
    except WireError as error:
        raise DayError(f"{file}: {error}") from None
    if found.codec is deep.CODEC:
        raise DayError(f"{file}: IEX DEEP, which the core does not read")
    directory.learn(itch.decode(found.packets.stream, skip_faulty=True))
    names = directory.names()
    whole = framed(whole)
    if choices:
        whole = Chunks.of(whole[at] for at in np.unique(found.frame[found.source >= 0]).tolist())
    count = len(whole) if events is None else min(events, len(whole))
    cut = Chunks(whole.data[: whole.offsets[count]], whole.offsets[: count + 1])
    follow = Registers(any_group=3, any_port=3, locates=directory.slots, known=directory.known)
    return Day(file.name, cut, follow, names)
