"""The feed's RTL, compiled, against the host's replay: frames right and wrong, LOBSTER's days."""

from __future__ import annotations

import struct
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from hwtools.toolchain import ToolError
from sim.golden import feed_rx as golden
from sim.lib import feed_judge
from sim.stimulus import fuzz as feed_fuzz
from tickwire.board.virtual.harness import BY_FEED, EVENTS, Top
from tickwire.book import lobster
from tickwire.cli import exact
from tickwire.data.samples import AAPL, AMZN, FOLDER
from tickwire.exchange.flow import Day, DayConfig, packets
from tickwire.gen.records import Operation
from tickwire.replay.feed import Feed
from tickwire.wire import itch
from tickwire.wire.chunks import Chunks
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.market import Market
from tickwire.wire.operations import operations
from tickwire.wire.traffic import Registers, Traffic, wire_cycles

SAMPLES = {
    AMZN: (8, 155_935, 143_800),
    AAPL: (64, 118_497, 101_200),
}


@pytest.mark.parametrize("width", [8, 64])
def test_a_few_thousand_wrong_frames(width: int) -> None:
    """Every frame is counted once, every operation and every mishap is the golden model's."""
    made = feed_fuzz.fuzz(11, 4_000, width)
    observed = Top("feed_rx", {"W": width}).run(made.traffic, feed_fuzz.REGISTERS)
    expected = golden.receive(made.traffic, feed_fuzz.REGISTERS, width)
    assert feed_judge.accounted(observed, made.traffic) == 0
    assert feed_judge.counters(observed, expected, made.traffic) == 0
    assert np.array_equal(observed.rows("operations"), expected.operations)
    assert len(expected.operations) > 2_000 and len(expected.marks) > 100
    assert min(made.faults.values()) >= 1
    stamps = expected.operations["message_cycle"].astype(np.int64)
    late = observed.cycles_of("operations") - stamps
    assert set(late.tolist()) == {golden.LATENCY[width]}
    # and the comparison sees one operation that is otherwise
    wrong = expected.operations.copy()
    wrong["shares"][17] ^= 1
    assert feed_judge.differing(observed.rows("operations"), wrong) == 1


@pytest.mark.parametrize("width", [8, 64])
def test_the_replay_decodes_as_the_codec_does(width: int) -> None:
    """Each right message of a followed instrument, by the decoder of whole streams."""
    made = feed_fuzz.fuzz(13, 3_000, width)
    received = golden.receive(made.traffic, feed_fuzz.REGISTERS, width)
    chunks, whole = made.traffic.frames, received.messages[received.messages["length"] > 8]
    starts = chunks.offsets[whole["frame"]] + whole["at"]
    right = itch.LENGTHS[chunks.data[starts]] == whole["length"]
    spans = zip(starts[right].tolist(), whole["length"][right].tolist(), strict=True)
    stream = b"".join(
        size.to_bytes(2, "big") + chunks.data[at : at + size].tobytes() for at, size in spans
    )
    numbers = whole["sequence_number"][right]
    expected = operations(itch.decode(stream), feed_fuzz.LOCATES, sequence=numbers)
    decoded = received.operations[received.operations["operation"] != Operation.NONE]
    decoded = decoded[np.isin(decoded["message_cycle"], whole["cycle"][right])]
    assert len(decoded) > 1_500 and set(decoded["operation"].tolist()) >= {*range(1, 8)}
    for name in ("last_of_packet", "frame_cycle", "message_cycle"):
        decoded[name] = 0
    decoded["reason"][decoded["operation"] != Operation.STALE] = 0  # by what else there was
    assert np.array_equal(decoded, expected)


def test_halts_and_strange_sides_are_decoded_as_well() -> None:
    locate = next(iter(feed_fuzz.LOCATES))
    halts = [struct.pack(">cHH6s8sccI", b"H", locate, 0, bytes(6), b"", *state, 0)
             for state in ((b"T", b" "), (b"H", b" "), (b"Q", b"T"))]  # fmt: skip
    adds = [struct.pack(">cHH6sQBI8sI", b"A", locate, 0, bytes(5) + b"7", 9, side, 8, b"", 7)
            for side in b"BSTb"]  # fmt: skip
    payload = feed_fuzz.payload(1, halts + adds)
    traffic = Traffic.of(frames(Chunks.of([payload]), feed_fuzz.FLOWS[0]), 8)
    decoded = golden.receive(traffic, feed_fuzz.REGISTERS, 8).operations
    assert decoded["operation"].tolist() == [8, 7, 7, 1, 1, 9, 9] and decoded["last_of_packet"][6]
    for name in ("last_of_packet", "frame_cycle", "message_cycle"):
        decoded[name] = 0
    whole = operations(itch.decode(payload[20:]), feed_fuzz.LOCATES, market=Market())
    assert np.array_equal(decoded, whole)


@pytest.mark.parametrize("width", [8, 64])
def test_a_feed_taken_in_parts_is_the_whole(width: int) -> None:
    made = feed_fuzz.fuzz(14, 3_000, width)
    whole = golden.receive(made.traffic, feed_fuzz.REGISTERS, width)
    feed, parts = Feed(feed_fuzz.REGISTERS, width), []
    begins = np.searchsorted(
        np.maximum.accumulate(made.traffic.first), [cycle for cycle, _ in made.begins]
    )
    for begin, end in pairwise([*begins.tolist(), len(made.traffic.frames)]):
        parts.append(feed.take(_part(made.traffic, begin, end)))
    assert len(parts) > 100
    for name in ("mac", "udp", "merge", "overruns", "operations", "pulses", "turned", "missing"):
        joined = np.concatenate([getattr(part, name) for part in parts])
        assert np.array_equal(joined, getattr(whole, name)), name
    events = {name: sum(part.events[name] for part in parts) for name in whole.events}
    assert events == whole.events and len(whole.marks) > 100


def _part(traffic: Traffic, begin: int, end: int) -> Traffic:
    offsets = traffic.frames.offsets[begin : end + 1]
    chunks = Chunks(traffic.frames.data[offsets[0] : offsets[-1]], offsets - offsets[0])
    columns = (traffic.feed, traffic.first, traffic.spoiled, traffic.at)
    return Traffic(chunks, *(column[begin:end] for column in columns))


def test_messages_are_cut_as_they_were_packed() -> None:
    made = feed_fuzz.fuzz(12, 600, 64)
    observed = Top("feed_rx", {"W": 64}).run(made.traffic, feed_fuzz.REGISTERS)
    expected = golden.receive(made.traffic, feed_fuzz.REGISTERS, 64).messages
    long_ones = expected[expected["length"] > 8]
    cut = observed.messages[observed.messages["runts"] == 0]
    assert len(cut) == len(long_ones) > 300
    data, offsets = made.traffic.frames.data, made.traffic.frames.offsets
    for message, one in zip(cut, long_ones, strict=True):
        assert message["sequence_number"] == one["sequence_number"]
        at, size = int(offsets[one["frame"]] + one["at"]), min(68, int(one["length"]))
        assert message["bytes"][:size].tobytes() == data[at : at + size].tobytes()


def test_frames_follow_each_other_as_the_wire_lets_them() -> None:
    three = Chunks.of([bytes(64), bytes(65), bytes(100)])
    for width, apart in ((8, [84, 85]), (64, [11, 11])):
        traffic = Traffic.of(three, width)
        assert np.diff(traffic.first).tolist() == apart
        assert wire_cycles(three.lengths, width)[:2].tolist() == apart
        spaced = Traffic.of(three, width, space=9)
        assert np.diff(spaced.first).tolist() == [one + 9 for one in apart]


def test_events_are_named_once_and_registers_packed() -> None:
    assert len(set(EVENTS)) == len(EVENTS) and set(BY_FEED) < set(EVENTS)
    values = Registers(locates={5: 1}, symbols=("A",), port=(1, 2)).values()
    assert values["enable"] == 3 and values["locate"] == 5 << 16 and values["port"] == 0x20001
    assert values["symbol"] == int.from_bytes(b"A       ", "big")


def test_a_port_is_written_whole() -> None:
    """The symbols of slots that have none are blank, and not what their bits began with."""
    day = Day(DayConfig(seed=1, events=400))
    traffic = Traffic.of(frames(packets(day.messages()), Flow()), 64)
    for known, late in (
        ({}, 0),
        ({0: day.config.symbols[0]}, 0),
        ({0: "OTHER"}, 2),
    ):  # by its R, and by its H
        registers = Registers(locates=day.locates, known=known)
        observed = Top("feed_rx", {"W": 64}).run(traffic, registers, seed=3)
        turned = golden.receive(traffic, registers, 64).turned["slots"].tolist()
        assert observed.count("late_slots") == late == sum(one.bit_count() for one in turned)


def test_a_module_that_is_not_there_is_named() -> None:
    with pytest.raises(ToolError, match=r"hw/rtl has no nothing\.sv"):
        _ = Top("nothing", {}).program


def test_a_file_that_is_no_sample_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exact.main([str(tmp_path / "absent.zip")]) == 2
    assert capsys.readouterr().err.startswith("exact: ")


@pytest.mark.long
@pytest.mark.parametrize("name", SAMPLES)
def test_a_lobster_day_through_the_rtl(name: str) -> None:
    """Each row; and one size changed in the answer fails exactly its row."""
    if not (FOLDER / name).exists():
        pytest.skip(f"{name} isn't in {FOLDER}: set TICKWIRE_DATA to where LOBSTER's samples are")
    width, rows, least = SAMPLES[name]
    sample = lobster.load(FOLDER / name)
    transcoded = lobster.transcode(sample)
    books = exact.replay(width)(transcoded)
    plain, repaired, wrong = lobster.judge(sample, transcoded, books).counts
    assert plain + repaired + wrong == rows and plain >= least and wrong == 0
    for row in (0, 77_777, rows - 1):
        sizes = sample.sizes.copy()
        sizes[row, 1, 0] += 1
        verdict = lobster.judge(replace(sample, sizes=sizes), transcoded, books)
        assert np.flatnonzero(~verdict.right).tolist() == [row]
