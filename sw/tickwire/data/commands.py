"""`tickwire data …`: converts a source to a Parquet file of events, and describes such a file."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
import typer
from rich import progress as bars
from rich.console import Console

from hwtools.command import TRUST
from hwtools.rename import distinct
from tickwire.data import bitstamp, captures, days, events, itch_files, lobster_days
from tickwire.data.booked import Progress
from tickwire.data.events import About, DataError, Events
from tickwire.data.instruments import shown
from tickwire.gen.records import Operation, Reason
from tickwire.wire.chunks import WireError
from tickwire.wire.feeds import Choice

__all__ = ["DataError", "app"]

app = typer.Typer(help="Market data to one event format (Parquet).", no_args_is_help=True)

Source = Annotated[Path, typer.Argument(help="file to read")]
Out = Annotated[Path, typer.Argument(help="Parquet file to write")]
AsJson = Annotated[bool, typer.Option("--json", help="print figures as JSON")]
Symbols = Annotated[
    list[str] | None,
    typer.Option("--symbol", "-s", help="instrument to follow, or NAME=locate; may be repeated"),
]


def _write(
    out: Path,
    read: Callable[[Progress], tuple[About, Iterator[Events]]],
    as_json: bool,
    source: Path | None = None,
) -> None:
    """Read and write with a progress bar, which only a terminal shows."""
    if out.is_dir():
        raise DataError(f"{out}: a folder; name a file that ends in .parquet")
    if out.suffix != ".parquet":
        raise DataError(f"{out}: events are Parquet; name a file that ends in .parquet")
    if source is not None:
        distinct(out, source)
    console = Console(stderr=True)
    bar = bars.Progress(
        bars.TextColumn(out.name),
        bars.BarColumn(),
        bars.TextColumn("{task.percentage:3.0f} %"),
        bars.TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        task = bar.add_task("read", total=1)
        about, chunks = read(lambda done, total: bar.update(task, completed=done, total=total))
        events.write(out, about, chunks)
    _print(summary(out), as_json)


def summary(path: Path) -> dict[str, Any]:
    """What a file holds, in figures."""
    about, chunks = events.pieces(path)
    rows, packets, first, last = 0, 0, None, 0
    operations: dict[str, int] = {}
    reasons: dict[str, int] = {}
    for chunk in chunks:
        if not len(chunk):
            continue
        tops = chunk.tops
        rows += len(chunk)
        packets += int(tops["last_of_packet"].sum())
        times = tops["timestamp"][tops["operation"] != Operation.NONE]  # the others have no time
        if len(times):
            first = int(times[0]) if first is None else first
            last = int(times[-1])
        _count(operations, tops["operation"], Operation)
        _count(reasons, tops["reason"], Reason)
    return {
        "file": str(path),
        "source": about.source,
        "instruments": list(about.instruments),
        "date": about.date,
        "depth": about.depth,
        "price_unit": about.price_unit,
        "share_unit": about.share_unit,
        "events": rows,
        "packets": packets,
        "first_ns": first or 0,
        "last_ns": last,
        "operations": operations,
        "reasons": reasons,
        "notes": about.notes,
        "bytes": path.stat().st_size,
    }


def _count(into: dict[str, int], values: npt.NDArray[Any], kind: Any) -> None:
    distinct, counts = np.unique(values, return_counts=True)
    for value, count in zip(distinct.tolist(), counts.tolist(), strict=True):
        name = kind(value).name.lower()
        into[name] = into.get(name, 0) + count


def _print(figures: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(figures))
        return
    names = ", ".join(shown(name) for name in figures["instruments"])
    print(f"{figures['file']}: {figures['source']}, {names} {figures['date']}")
    seconds = (figures["last_ns"] - figures["first_ns"]) // 1_000_000_000
    print(f"  {figures['events']:,} events in {seconds:,} s, {figures['bytes']:,} bytes")
    units = f"prices in {figures['price_unit']}, sizes in {figures['share_unit']}"
    print(f"  {units}, {figures['depth']} levels")
    for name in ("operations", "reasons", "notes"):
        parts = ", ".join(f"{key} {count:,}" for key, count in figures[name].items())
        print(f"  {name}: {parts or 'none'}")


@app.command()
def lobster(source: Source, out: Out, as_json: AsJson = False) -> None:
    """A LOBSTER sample: a zip with one message file and one order book file."""
    _write(out, lambda progress: lobster_days.read(source, progress), as_json, source)


@app.command()
def itch(source: Source, out: Out, symbol: Symbols = None, as_json: AsJson = False) -> None:
    """A file of ITCH 5.0 messages after their lengths, SoupBinTCP's too; compressed or not."""
    _write(out, lambda progress: itch_files.read(source, symbol or (), progress), as_json, source)


@app.command()
def pcap(
    source: Source,
    out: Out,
    symbol: Symbols = None,
    port: Annotated[
        list[int] | None, typer.Option(help="UDP port of a feed; may be repeated; default all")
    ] = None,
    feed: Annotated[
        list[str] | None,
        typer.Option(help="ADDRESS:PORT/SESSION, parts may be left out; A and B: twice"),
    ] = None,
    trust_from_here: Annotated[
        bool,
        typer.Option(help=TRUST),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """A pcap or pcapng file of ITCH 5.0 or IEX DEEP; feeds A and B together; compressed or not."""

    def read(progress: Progress) -> tuple[About, Iterator[Events]]:
        try:
            choices = [Choice.parse(one) for one in feed or ()]
        except WireError as error:
            raise DataError(str(error)) from None
        choices += [Choice(port=number) for number in port or ()]
        symbols = symbol or ()
        return captures.read(source, symbols, choices, progress, trust_from_here=trust_from_here)

    _write(out, read, as_json, source)


@app.command()
def btc(
    out: Out,
    source: Annotated[
        Path | None,
        typer.Option(help="orders.csv.gz, or an ob-analytics wheel; default: as installed"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Order-level BTC/USD that the PyPI package ob-analytics ships: 30 minutes of Bitstamp."""
    _write(out, lambda progress: bitstamp.read(source, progress), as_json)


@app.command()
def make(
    out: Out,
    kind: Annotated[
        str, typer.Option(help="market: agents that trade; flow: a test day")
    ] = "market",
    messages: Annotated[int, typer.Option(help="ITCH messages, about")] = 1_000_000,
    seed: Annotated[int, typer.Option(help="the same seed makes the same day")] = 1,
    instruments: Annotated[int, typer.Option(min=1, max=8)] = 1,
    as_json: AsJson = False,
) -> None:
    """A generated day; needs no download."""
    _write(out, lambda progress: days.read(kind, messages, seed, instruments, progress), as_json)


@app.command()
def capture(
    out: Annotated[Path, typer.Argument(help="pcap file to write")],
    kind: Annotated[
        str, typer.Option(help="market: agents that trade; flow: a test day")
    ] = "market",
    protocol: Annotated[
        str, typer.Option(help="itch: ITCH 5.0 in MoldUDP64; deep: IEX DEEP 1.0 in IEX-TP")
    ] = "itch",
    messages: Annotated[int, typer.Option(help="ITCH messages that the day is made of")] = 50_000,
    seed: Annotated[int, typer.Option(help="the same seed makes the same day")] = 1,
    instruments: Annotated[int, typer.Option(min=1, max=8)] = 1,
    feeds: Annotated[int, typer.Option(min=1, max=2, help="1: A alone; 2: A and B")] = 1,
    as_json: AsJson = False,
) -> None:
    """A generated day as a capture of what an exchange sends."""
    figures = days.write_capture(out, kind, protocol, messages, seed, instruments, feeds)
    if as_json:
        print(json.dumps({"file": str(out)} | figures))
        return
    listed = ", ".join(f"{count:,} {what}" for what, count in figures.items())
    print(f"{out}: {kind} day, seed {seed}, as {protocol}: {listed}")


@app.command()
def samples(
    folder: Annotated[Path, typer.Argument(help="where the Parquet files go")],
    lobster_zips: Annotated[
        Path | None, typer.Option("--lobster", help="folder that holds LOBSTER samples")
    ] = None,
    messages: Annotated[int, typer.Option(help="of the generated day")] = 300_000,
    seed: Annotated[int, typer.Option(help="of the generated day")] = 1,
    as_json: AsJson = False,
) -> None:
    """Everything that is there: a generated day, ob-analytics if installed, LOBSTER's zips."""
    zips = sorted(lobster_zips.glob("LOBSTER_*.zip")) if lobster_zips else []
    if lobster_zips and not zips:
        raise DataError(f"{lobster_zips}: no folder of LOBSTER_*.zip; give it as LOBSTER=folder")
    _write(
        folder / "market.parquet",
        lambda progress: days.read("market", messages, seed, 1, progress),
        as_json,
    )
    if bitstamp.installed():
        _write(folder / "btc.parquet", lambda progress: bitstamp.read(None, progress), as_json)
    else:
        print(f"no BTC/USD: {bitstamp.HOW}", file=sys.stderr)
    for source in zips:
        about, _ = lobster_days.read(source)
        out = folder / f"{about.instruments[0].lower()}.parquet"
        _write(out, lambda progress, path=source: lobster_days.read(path, progress), as_json)  # type: ignore[misc]


@app.command()
def show(source: Source, as_json: AsJson = False) -> None:
    """What a Parquet file of events holds."""
    _print(summary(source), as_json)
