"""What a run of the path is asked for, checked before anything heavy is imported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hwtools.rtl import HW
from hwtools.toolchain import ROOT
from tickwire.wire.window import NONE, Window

GENERATED = ("market", "flow")
WIDTHS = (8, 64)
LIMITS = ROOT / "sim" / "limits.toml"  # of a generated day


class DayError(ValueError):
    """A day that can't be played. The message is one line."""


WHOLE = 1_000_000  # messages of a generated day


@dataclass(frozen=True)
class Plan:
    """What to run. `threshold`, `hysteresis` are in units of the network's scores."""

    data: str = "market"
    events: int | None = 50_000
    model: str = "lstm_attn"
    width: int = 8
    seed: int = 1
    space: int = 0  # cycles between frames beyond what the wire asks for
    threshold: float = 1.5
    hysteresis: float = 0.5
    interval: int = 1_000_000  # ns
    gated: bool = True
    symbols: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()  # of a capture, those chosen
    trust: bool = False  # a capture that begins within a session, from there on
    window: Window = NONE  # what a packet waits for what is missing before it
    limits: Path | None = None  # what may be traded; without a file nothing may
    shares: int = 100  # of an order
    at: int | None = None  # waves around this message
    warm: bool = True  # refuse a day in which the network never runs
    hw: Path = HW
    network: Callable[[Path], Path] | None = None  # another copy of the network's files
    folder: Path | None = None  # None: what `tickwire explain` reads


def check_day(
    data: str,
    symbols: Sequence[str] = (),
    chosen: Sequence[str] = (),
    trust: bool = False,
    window: bool = False,
    events: int | None = None,
    at: int | None = None,
) -> None:
    """Refuse what no day can be, as far as its name says."""
    file = Path(data)
    if trust and (data in GENERATED or file.suffix == ".zip"):
        raise DayError(f"{data}: it begins with message 1; leave out --trust-from-here")
    if window and (data in GENERATED or file.suffix == ".zip"):
        raise DayError(f"{data}: only a capture has lines out of step; leave out --window")
    if chosen and (data in GENERATED or file.suffix == ".zip"):
        raise DayError(f"{data}: only a capture has feeds to choose from; leave out --feed")
    if symbols and (data in GENERATED or file.suffix == ".zip"):
        raise DayError(f"{data}: all its instruments are followed; leave out --symbol")
    if data in GENERATED:
        if at is not None and not 1 <= at <= (events or WHOLE):
            raise DayError(f"AT={at}: messages are 1 to {events or WHOLE:,}")
        return
    if not file.exists():
        raise DayError(f"{data}: no such file; give {', '.join(GENERATED)} or a file")
    if file.suffix == ".parquet":
        raise DayError(f"{data}: it holds books and no messages; give what it was made from")
    with file.open("rb"):  # a folder, or a file that can't be read
        pass
