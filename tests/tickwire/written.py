"""Captures that tests write: one generated day, as any feed and session would send it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from tickwire.exchange.flow import Day, DayConfig, packets
from tickwire.wire import itch, pcap
from tickwire.wire.chunks import Chunks
from tickwire.wire.ethernet import Flow, frames

A = Flow()
B = Flow(destination_address="233.54.12.112", destination_port=26_401)
OTHER = Flow(destination_address="239.1.1.1", destination_port=3333)
SYMBOLS = ("AAAA", "BBBB")
EVENTS = 400


@lru_cache(maxsize=None)
def messages(seed: int = 1, events: int = EVENTS) -> itch.Messages:
    return Day(DayConfig(seed=seed, events=events, symbols=SYMBOLS)).messages()


def sent(flow: Flow, seed: int = 1, session: bytes = b"DAY", first: int = 1) -> list[bytes]:
    every = packets(messages(seed), session=session, first=first)
    return [frame[:-4] for frame in frames(every, flow)]


def write(path: Path, every: list[bytes]) -> Path:
    pcap.write(path, Chunks.of(every))
    return path
