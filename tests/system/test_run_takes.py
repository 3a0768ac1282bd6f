"""What `make sim` takes, and what it refuses before anything is built."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scapy.utils import RawPcapWriter

from sim.run_path import options
from sim.run_path.day import find
from sim.run_path.plan import DayError, Plan
from sim.run_path.report import notes
from sim.run_path.run import play, prepared, settings
from tickwire.data.events import DataError
from tickwire.exchange.flow import Day, DayConfig, packets
from tickwire.gen.records import (
    Operation,
    Reason,
)
from tickwire.risk.limits import LimitsError
from tickwire.wire import itch, mold, pcap
from tickwire.wire.chunks import Chunks
from tickwire.wire.datagrams import datagrams
from tickwire.wire.ethernet import Flow, frames


def test_a_day_too_short_to_warm_up_is_known_before_anything_is_built(tmp_path: Path) -> None:
    plan = Plan(events=300, model="mlp", folder=tmp_path / "last")
    with pytest.raises(DayError, match="never runs: 300 messages are too few to warm up"):
        play(plan)
    assert not list((tmp_path / "last").iterdir())


def test_a_gap_that_leaves_no_book_is_the_reason(tmp_path: Path) -> None:
    """Of 2,000 messages only the 3rd and 4th packet lack: enough came, and none of it counts."""
    day, path = Day(DayConfig(seed=1, events=2_000)), tmp_path / "day.pcap"
    every = packets(day.messages())
    left = [one for at, one in enumerate(every) if at not in (2, 3)]
    pcap.write(path, frames(Chunks.of(bytes(one) for one in left), Flow()))
    plan = Plan(data=path, model="mlp", folder=tmp_path / "last")
    said = r"never runs: messages \d+ to \d+ lack, and every book is stale from there; 1,9\d\d"
    with pytest.raises(DayError, match=said):
        play(plan)


def test_a_threshold_beyond_its_register_is_refused() -> None:
    assert settings(Plan(), 7)["buy_threshold"][0] == 1.5 * 128
    with pytest.raises(DayError, match="hysteresis: 128,000,000 is too large for its register"):
        settings(Plan(hysteresis=1e6), 7)


def test_waves_are_of_a_message() -> None:
    def asked(*given: str) -> Plan:
        return options.plan(options.parser("").parse_args(given))

    assert asked("--waves").at == 1 and asked("--waves", "--at", "70").at == 70
    assert asked("--waves").warm is False and asked().at is None and asked().warm
    with pytest.raises(ValueError, match=r"--at \(AT=\) needs --waves"):
        asked("--at", "70")


def test_a_slice_is_the_beginning_of_the_whole() -> None:
    less, more = find("market", 3_000), find("market", 4_000)
    count = len(less.frames) - 1  # the last packet may be cut
    assert list(less.frames)[:count] == list(more.frames)[:count]


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    """The beginning of the market's day, as a card without check sequences captures it."""
    file = tmp_path / "day.pcap"
    with RawPcapWriter(str(file), linktype=1) as writer:
        writer.write_header(None)
        for frame in find("market", 2_000).frames:
            writer.write(bytes(frame)[:-4])
    return file


def test_a_capture_is_followed_by_name(capture: Path) -> None:
    """With its own stock directory, also in the host's replay, which learns nothing on the way."""
    symbols = ("CCCC", "AAAA")
    folder = capture.parent / "last"
    plan = Plan(str(capture), None, "mlp", 64, symbols=symbols, warm=False, folder=folder)
    run = play(plan)
    assert run.day.symbols == symbols and run.mismatches == 0 and run.messages == 2_000
    operations = run.expected.operations
    acts = operations[operations["operation"] != Operation.NONE]
    assert set(acts["slot"].tolist()) == {0, 1} and len(acts) > 200
    whole = find("market", 2_000)
    assert list(run.day.frames) == list(whole.frames)
    assert len(find(str(capture), None).symbols) == len(whole.symbols)


def late(folder: Path, events: int = 8_000) -> tuple[Path, int]:
    """A capture that begins within the session, before any order; and its first message."""
    every = list(find("market", events).frames)
    first = 1 + len(mold.depacketise(datagrams(Chunks.of(every[:2])).payloads).message_sequence)
    pcap.write(folder / "late.pcap", Chunks.of(every[2:]))
    return folder / "late.pcap", first


def test_a_capture_that_begins_late_is_believed_by_word_alone(tmp_path: Path) -> None:
    file, first = late(tmp_path)
    plan = Plan(str(file), None, "mlp", 64, folder=tmp_path / "last")
    says = rf"late\.pcap: joined at message {first}: not trusted until a snapshot; --tr"
    with pytest.raises(DayError, match=says):
        play(plan)
    assert not prepared(plan).any() and prepared(replace(plan, trust=True)).any()
    asked = options.plan(options.parser("").parse_args(["--trust-from-here"]))
    assert asked.trust and not Plan().trust
    messages = tmp_path / "day.itch"
    messages.write_bytes(itch.encode(Day(DayConfig(seed=1, events=100)).messages()))
    for day in ("market", str(messages)):
        with pytest.raises(DayError, match="; leave out --trust-from-here"):
            find(day, 100, trust=True)


def test_a_late_capture_that_is_believed_is_the_hosts_in_rtl(tmp_path: Path) -> None:
    file, first = late(tmp_path)
    run = play(Plan(str(file), None, "mlp", 64, trust=True, folder=tmp_path / "last"))
    assert run.mismatches == 0 and run.expected.steps.sum() > 100
    assert notes(run)[0] == f"late.pcap joined at message {first}: trusted from there on."
    assert not any("joined" in note for note in notes(run)[1:])


def relocated(folder: Path) -> tuple[Path, int]:
    """A capture in which the directory moves AAAA to another locate; and the message that does."""
    stream = itch.encode(Day(DayConfig(seed=1, events=2_000, symbols=("AAAA", "BBBB"))).messages())
    places = itch.scan(stream)
    spans = zip(places.offsets.tolist(), places.lengths.tolist(), strict=True)
    every = [stream[at : at + length] for at, length in spans]
    said = next(one for one in every if one[:1] == b"R" and one[11:19] == b"AAAA    ")
    every.insert(1_000, said[:1] + (9).to_bytes(2, "big") + said[3:])
    sent = b"".join(len(one).to_bytes(2, "big") + one for one in every)
    packets = mold.packetise(sent, [1] * len(every), session=b"TICKWIRE")
    pcap.write(folder / "moved.pcap", frames(packets, Flow()))
    return folder / "moved.pcap", 1_001


def test_a_directory_that_moves_a_symbol_makes_its_slot_stale(tmp_path: Path) -> None:
    """In RTL as on the host: the slots' symbols are written."""
    file, number = relocated(tmp_path)
    with pytest.raises(DataError, match="AAAA has the locates 1 and 9; choose by AAAA=9"):
        find(str(file), None)
    asked = ("AAAA=1", "BBBB")
    plan = Plan(str(file), None, "mlp", 64, symbols=asked, warm=False, folder=tmp_path / "last")
    run = play(plan)
    assert run.mismatches == 0 and run.day.registers.known == {0: "AAAA", 1: "BBBB"}
    tops = run.expected.outcome.tops
    for slot in (0, 1):
        mine = tops[(tops["slot"] == slot) & (tops["operation"] != Operation.NONE)]
        before = mine["sequence_number"] < number
        assert 100 < before.sum() < len(mine) - 100 and not mine["stale"][before].any()
        relocated_ = mine["stale"] & (mine["reason"] == Reason.RELOCATED)
        assert np.array_equal(relocated_, ~before if slot == 0 else before & False)


def test_symbols_are_of_files(capture: Path) -> None:
    with pytest.raises(DataError, match="no message names ZZZZ"):
        find(str(capture), None, symbols=("ZZZZ",))
    with pytest.raises(DayError, match="leave out --symbol"):
        find("market", 100, symbols=("AAAA",))


def test_a_file_of_books_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "day.parquet"
    file.touch()
    with pytest.raises(DayError, match="it holds books and no messages"):
        find(str(file), 10)


def test_limits_that_are_none_are_refused_before_anything_is_built(tmp_path: Path) -> None:
    limits = tmp_path / "limits.toml"
    limits.write_text("[slots.0]\n")
    with pytest.raises(LimitsError, match=r"limits.toml: \[total\] is lacking"):
        play(Plan(folder=tmp_path, limits=limits))
