"""`make sim` of a capture whose second line is late: what the first lacks is waited for, and what
came of that is the host's, in every row; `tickwire explain` and the report say how long. And how
long it is where there is hardly room."""

from __future__ import annotations

import io
import random
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from hwtools.report import Report
from sim.run_path.day import find
from sim.run_path.plan import DayError, Plan
from sim.run_path.report import notes, rows
from sim.run_path.run import play
from sim.stimulus.fuzz import payload
from tickwire.board.virtual.builds import START
from tickwire.board.virtual.harness import Top
from tickwire.exchange.flow import Day, DayConfig
from tickwire.exchange.flow import packets as cut
from tickwire.explain import last_run
from tickwire.explain.message import explain
from tickwire.explain.text import show
from tickwire.replay.books import replay
from tickwire.replay.feed import receive
from tickwire.wire import itch, pcap
from tickwire.wire.chunks import Chunks
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.traffic import Registers, Traffic
from tickwire.wire.window import Window

LATE = 3  # packets
SYMBOLS = ("AAAA", "BBBB")


def out_of_step(folder: Path) -> Path:
    """Two lines; B is behind, and A lacks every seventh packet."""
    payloads = cut(Day(DayConfig(seed=3, events=4_000, symbols=SYMBOLS)).messages())
    a, b = (
        list(frames(payloads, flow)) for flow in (Flow(), Flow(destination_address="233.54.12.112"))
    )
    mixed: list[bytes] = []
    for at in range(len(a) + LATE):
        mixed += [] if at >= len(a) or at % 7 == 3 else [a[at]]
        mixed += [] if at < LATE else [b[at - LATE]]
    pcap.write(folder / "late.pcap", Chunks.of(mixed))
    return folder / "late.pcap"


def test_what_a_late_line_brings_is_waited_for_in_rtl(tmp_path: Path) -> None:
    file = out_of_step(tmp_path)
    plan = Plan(str(file), None, "mlp", 64, folder=tmp_path / "last")
    day = find(str(file), None)
    alone = replay(Traffic.of(day.frames, 64, start=START), day.registers, 64)
    assert len(alone.received.missing) > 10 and alone.stale >= {0, 1}
    run = play(replace(plan, window=Window.parse("100us")))
    assert run.mismatches == 0 and run.expected.steps.sum() > 100
    assert run.messages == 4_000 and run.counters["gaps"] == (0, 0)
    waited = sum(run.received.reordered)
    assert waited > 10 and run.counters["counters_feeds_reordered[0]"] == (waited, waited)
    said = f"Packets waited up to 15,625 cycles for what was missing: {waited}"
    assert notes(run)[0].startswith(said)
    report = Report("sim", "", 1)
    rows(report, run)
    figures = {row.metric: row.value for row in report.rows}
    assert [figures[name] for name in ("window", "packets_that_waited", "gaps")] == [
        15_625,
        waited,
        0,
    ]
    assert plan.folder is not None
    kept = last_run.read(plan.folder)
    values, text = explain(kept, 1_000), io.StringIO()
    show(values, Console(width=100, file=text))
    assert kept.about.window == values["run"]["window"] == 15_625
    assert "W=64, window 15,625 cycles" in text.getvalue()


def test_only_a_capture_has_lines_out_of_step(tmp_path: Path) -> None:
    file = tmp_path / "messages"
    file.write_bytes(bytes(itch.encode(Day(DayConfig(seed=1, events=100)).messages())))
    for data in ("market", "day.zip", str(file)):
        with pytest.raises(DayError, match="only a capture has lines out of step; leave out --win"):
            find(data, 100, window=9)


def crowd(rng: random.Random, width: int) -> Traffic:
    """Both lines lack the same, and each now and then a packet of its own, and have about as much
    behind it as there is room for."""
    packets, number = [(1, 1)], 10
    for _ in range(rng.choice((3, 4, 5, 6, 8))):
        packets.append((number, rng.choice((1, 10, 30, 60, 68))))
        number += packets[-1][1] + rng.choice((0, 1, 1))
    sent, feeds = list[bytes](), list[int]()
    for feed, flow in enumerate((Flow(), Flow(destination_address="233.54.12.112"))):
        mine = [one for one in packets if one[0] == 1 or rng.random() < 0.8]
        deletes = ([struct.pack(">cHH6sQ", b"D", 9, 0, bytes(6), n) for n in range(many)]
                   for _, many in mine)  # fmt: skip
        payloads = [payload(at, some) for (at, _), some in zip(mine, deletes, strict=True)]
        sent += map(bytes, frames(Chunks.of(payloads), flow))
        feeds += [feed] * len(mine)
    space = [rng.choice((0, 0, 0, 5, 20, 60, 200)) * 64 // width for _ in feeds]
    return Traffic.of(Chunks.of(sent), width, feed=np.array(feeds), space=np.array(space))


@pytest.mark.parametrize("width", [8, 64])
def test_who_is_crowded_for_a_while_lets_nothing_go_later(width: int) -> None:
    """A line is crowded no more once what the other line gave is out of it: then what lacks before
    the next packet is waited for again."""
    top, registers = Top("feed_rx", {"W": width}), Registers(any_start=1, any_group=3, window=3_000)
    gaps = 0
    for seed in range(60):
        traffic = crowd(random.Random(seed), width)
        expected = receive(traffic, registers, width)
        observed = top.run(traffic, registers, flush=30_000)
        assert observed.cycles_of("lost").tolist() == np.unique(expected.marks["cycle"]).tolist()
        assert observed.count("gaps") == len(expected.missing), seed
        gaps += len(expected.missing)
    assert gaps > 100
