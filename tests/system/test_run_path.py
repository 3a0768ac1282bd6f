"""`make sim` as people use it: a day through the RTL, differences located, a message explained."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import zlib
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet
import pytest
import pywellen
from rich.console import Console
from scapy.layers.inet import IP, TCP
from scapy.layers.l2 import Ether
from scapy.utils import RawPcapWriter

from hwtools.report import REPORTS, Report
from hwtools.rtl import HW
from hwtools.toolchain import ROOT, ToolError
from sim.lib import ouch_reader
from sim.run_path import faults, options
from sim.run_path import frames as order_frames
from sim.run_path.day import find
from sim.run_path.frames import LENGTH, session
from sim.run_path.judge import LEVELS, WAY_OUT, align, compare, judge
from sim.run_path.orders import judged
from sim.run_path.orders import settings as order_settings
from sim.run_path.page import page
from sim.run_path.plan import LIMITS, DayError, Plan
from sim.run_path.report import lost, notes, rows, table, verdicts
from sim.run_path.run import Run, play, prepared, settings
from tickwire.board.virtual.core import Core
from tickwire.board.virtual.desk import Desk
from tickwire.data.events import DataError
from tickwire.exchange.flow import Day, DayConfig, packets
from tickwire.explain import command, last_run, orders, signals
from tickwire.explain.last_run import LastRunError
from tickwire.explain.message import ExplainError, explain, last_message
from tickwire.gen.records import (
    BOOK_OP,
    FEATURE_VECTOR,
    SLOTS,
    Act,
    Action,
    Check,
    Operation,
    Reason,
)
from tickwire.replay.feed_merge import MISSING
from tickwire.replay.path import Expected
from tickwire.risk.limits import LimitsError
from tickwire.wire import itch, mold, pcap
from tickwire.wire.chunks import Chunks
from tickwire.wire.datagrams import datagrams
from tickwire.wire.ethernet import Flow, frames

README = ROOT / "README.md"
EVENTS = 10_000  # of the market's day: enough to warm up


# -- Where it differs ------------------------------------------------------------------------------


def vectors(count: int) -> Any:
    records = FEATURE_VECTOR.empty(count)
    records["sequence_number"] = 10 + np.arange(count)
    records["slot"] = np.arange(count) % 2
    records["values"] = np.arange(count)[:, None] % 50
    return records


def test_the_first_difference_is_located() -> None:
    expected, observed = vectors(20), vectors(20)
    observed["values"][7, 24] += 1
    observed["reason"][9] = 4
    level = compare("features", observed, expected)
    assert (level.expected, level.compared, level.mismatches) == (20, 20, 2)
    assert level.first is not None
    assert str(level.first) == (
        "features: row 7, field values[24], message 17, slot 1: expected 7, observed 8"
    )
    assert compare("features", expected, expected.copy()).first is None


@pytest.mark.parametrize(("here", "there"), [(20, 18), (18, 20), (1, 0), (0, 1)])
def test_a_row_too_few_or_too_many_differs(here: int, there: int) -> None:
    level = compare("book", vectors(here), vectors(there))
    assert level.mismatches == abs(here - there) and level.compared == min(here, there)
    assert level.first is not None and level.first.message == 10 + min(here, there)
    sides = ("no row", "a row") if here > there else ("a row", "no row")
    assert (level.first.expected, level.first.observed) == sides


def test_vectors_may_overtake_those_of_others_but_not_their_own() -> None:
    expected = vectors(6)
    for order, mismatches in (([1, 0, 2, 3, 5, 4], 0), ([2, 1, 0, 3, 4, 5], 2)):
        observed = expected[order]
        way = align(observed["slot"], expected["slot"])
        assert compare("features", observed, expected, way).mismatches == mismatches


def test_what_is_left_out_is_not_compared() -> None:
    expected, observed = BOOK_OP.empty(3), BOOK_OP.empty(3)
    observed["price"][1] = 5
    assert compare("operations", observed, expected).mismatches == 1
    assert compare("operations", observed, expected, None, ("price",)).mismatches == 0


# -- What goes in ----------------------------------------------------------------------------------


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


def test_runs_beside_each_other_keep_what_the_last_one_left(tmp_path: Path) -> None:
    folder = tmp_path / "last"
    with last_run.replaced(folder) as one, last_run.replaced(folder) as two:
        (one / "whose").write_text("one")
        (two / "whose").write_text("two")
    assert (folder / "whose").read_text() == "one"  # the last to end
    with pytest.raises(DayError), last_run.replaced(folder):
        raise DayError("no good")
    assert (folder / "whose").read_text() == "one"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", "last"]


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


def test_a_fault_that_fits_nothing_is_refused() -> None:
    with pytest.raises(ToolError, match="0 times"):
        faults.put("one", "two")("three")
    flipped = faults.flip_sign("shift_adder #(8,8,1,1,11,0,2,0) a (x);")
    assert flipped == "shift_adder #(8,8,1,1,11,0,2,1) a (x);"


# -- The path --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("last")
    plan = Plan(events=EVENTS, model="mlp", width=64, folder=folder, limits=LIMITS)
    return play(plan)


def test_the_rtl_makes_the_hosts_signals(run: Run) -> None:
    assert run.fault is None and run.mismatches == 0
    assert [level.name for level in run.levels] == [*LEVELS, *WAY_OUT]
    assert all(level.compared == level.expected > EVENTS // 2 for level in run.levels[:-3])
    assert all(level.compared == level.expected > 20 for level in run.levels[-3:])
    assert run.counters["order_messages"][1] == run.levels[-1].compared
    assert run.expected.steps.sum() > 1_000
    assert set(run.expected.signals["decision"].tolist()) == {0, 1, 2}
    assert run.counters["network_drops"] == (0, 0)
    report = Report("sim", "make sim")
    rows(report, run)
    assert not report.failed and len(report.rows) > 30
    assert run.digest == (run.plan.folder / "expected.sha256").read_text().strip()


def test_each_check_is_counted_by_slot(run: Run) -> None:
    """As the decisions say; another slot's count is a difference."""
    assert sum(name.startswith("risk_checks_") for name in run.counters) == SLOTS * len(Check)
    decisions, held = run.ordered.expected.decisions, dict(run.observed.registers)
    failures = sum(int(failed).bit_count() for failed in decisions["failed"])
    assert sum(run.failed.values()) == failures > 0
    slots = [f"RISK_CHECKS_{max(Check).name}[{slot}]" for slot in range(SLOTS)]
    slots += [f"RISK_CHECKS_{Check.LOSS_TOTAL.name}[{slot}]" for slot in range(SLOTS)]
    for name in slots:
        wrong = replace(run.observed, registers=held | {name: held[name] + 1})
        assert replace(run, observed=wrong).mismatches == 1, name


def test_the_table_fits_80_columns(run: Run) -> None:
    """Whole, and also where a row is lacking; headings aren't cut."""
    lacking = replace(run.levels[2], compared=run.levels[2].expected - 1, mismatches=1)
    for levels in (run.levels, [*run.levels[:2], lacking, *run.levels[3:]]):
        console = Console(width=80, record=True, file=io.StringIO())
        console.print(table(replace(run, levels=levels)))
        lines = console.export_text().splitlines()
        assert max(len(line.rstrip()) for line in lines) <= 80
        head = next(line for line in lines if "wrong" in line)
        assert head.split() == ["rows", "wrong", "min", "p50", "p99", "max", "ns"]
        cells = {line.split("  ")[0].strip(): line.split()[1:] for line in lines if line.strip()}
        assert cells["network"][:2] == [f"{run.levels[3].compared:,}", "0"]
        assert {*LEVELS, *WAY_OUT} <= set(cells) and not any("…" in line for line in lines)
    assert f"{lacking.compared:,} of {lacking.expected:,}" in "".join(lines)
    text = " ".join(notes(run))
    assert f"{run.rate:,} messages a second" in text and run.digest[:16] in text


def test_each_cycle_of_latency_is_accounted_for(run: Run) -> None:
    waits = run.waits()
    assert waits.unknown == 0 and waits.least == waits.most > 0
    cycles, words = run.observed.records["signals"]
    cycles = cycles.copy()
    cycles[len(cycles) // 2] += 1  # one that nothing explains
    records = {**run.observed.records, "signals": (cycles, words)}
    waits = replace(run, observed=replace(run.observed, records=records)).waits()
    assert waits.unknown == 1


def test_the_judge_sees_one_wrong_score(run: Run) -> None:
    """And says which level it is, whatever follows from it."""
    expected = Expected.of({k: v.copy() for k, v in run.expected.arrays().items()})
    step = int(np.flatnonzero(expected.steps)[100])
    expected.network["scores"][step, 2] += 1
    expected.signals["scores"][step, 2] += 1
    levels = judge(run.observed, expected)
    first = next(level.first for level in levels if level.first)
    assert (first.level, first.row, first.field) == ("network", step, "scores[2]")
    assert first.message == int(expected.network["sequence_number"][step])


def test_each_order_has_its_cycle_and_its_bytes(run: Run) -> None:
    """And one that left a cycle later, or with another byte, or that nobody sent, is seen."""
    assert {name: set(run.stages.cycles[name].tolist()) for name in WAY_OUT} == {
        "order": {4}, "wire": {1}, "frame": {2, *run.stages.cycles["frame"].tolist()}
    }  # fmt: skip
    said = Desk(run.commands, session())
    makes = order_settings(run.day.registers, run.plan.shares)
    cycles, raw = run.observed.messages_sent
    market = run.received.market
    for wrong in ((cycles + 1, raw), (cycles, raw ^ (np.arange(47) == 40)), (cycles[1:], raw[1:])):
        observed = replace(run.observed, messages_sent=wrong)
        order, wire, _ = judged(observed, run.expected, market, said, makes, 64).levels
        assert not order.mismatches and wire.mismatches and wire.first is not None
    cut = tuple(part[:0] for part in run.observed.records["heard_bytes"])
    unheard = {**run.observed.records, "heard_bytes": cut}  # all of them would be open
    observed = replace(run.observed, records=unheard)
    assert judged(observed, run.expected, market, said, makes, 64).levels[0].mismatches
    for stop in (~np.uint32(0), np.uint32(0)):  # the core may not stop more than its books do
        when, shown = run.observed.records["stops"]
        always = np.full(len(shown), stop, ">u4").view(np.uint8).reshape(-1, 4)
        records = {**run.observed.records, "stops": (when, always)}
        told = judged(replace(run.observed, records=records), run.expected, market, said, makes, 64)
        assert not told.levels[0].mismatches  # what the books say holds: the RTL's was no other
    with pytest.raises(ToolError, match="other ones echoed"):
        judged(run.observed, run.expected, market, Desk(run.commands[1:]), makes, 64)


def test_each_frame_has_its_cycle_and_its_bytes(run: Run) -> None:
    """Of an order's: each byte, when it begins, that it's there, once, and in its turn."""
    said = Desk(run.commands, session())
    makes = order_settings(run.day.registers, run.plan.shares)
    frames = run.observed.frames
    orders = np.flatnonzero(frames["length"] == LENGTH)
    assert {64, LENGTH} == set(frames["length"].tolist()) and len(orders) > 20
    one, other = orders[7], orders[8]
    wrong = dict[str, Any]()
    for byte in range(LENGTH):
        wrong[f"byte {byte}"] = changed = frames.copy()
        changed["bytes"][one, byte] ^= 1
    wrong["late"] = late = frames.copy()
    late["cycle"][one] += 1
    wrong["lacking"], wrong["twice"] = np.delete(frames, one), np.insert(frames, one, frames[one])
    wrong["swapped"] = swapped = frames.copy()
    swapped["bytes"][[one, other]] = swapped["bytes"][[other, one]]
    for name, seen in wrong.items():
        observed = replace(run.observed, frames=seen)
        levels = judged(observed, run.expected, run.received.market, said, makes, 64).levels
        assert not levels[1].mismatches and levels[2].mismatches, name


def test_others_read_the_frames(run: Run) -> None:
    """scapy the frame, with checksums of its own; Nasdaq's library the packet and the order."""
    sent, bare, stream = 0, 0, b""
    for one in run.observed.frames:
        raw = one["bytes"][: one["length"]].tobytes()
        seen = Ether(raw[:-4])
        assert raw[-4:] == zlib.crc32(raw[:-4]).to_bytes(4, "little")
        assert not seen[IP].options and not seen[TCP].options
        number = (int(session()["next_byte"][0]) + len(stream)) % (1 << 32)
        assert seen[TCP].seq == number
        if seen[IP].len == 40:
            bare += 1
            assert seen[TCP].flags == "A" and raw[54:-4] == bytes(6)
        else:
            sent += 1
            assert seen[TCP].flags == "PA"
            stream += bytes(seen[TCP].payload)
        told = seen[IP].chksum, seen[TCP].chksum
        del seen[IP].chksum, seen[TCP].chksum
        again = Ether(bytes(seen))
        assert told == (again[IP].chksum, again[TCP].chksum)
    read = ouch_reader.orders(stream)
    assert read == [ouch_reader.asked(one) for one in run.ordered.expected.orders]
    assert len(read) == sent > 20 and bare > 20


def test_a_core_without_the_session_takes_none(run: Run) -> None:
    core = Core(64, run.network.sources, link=False)
    with pytest.raises(ToolError, match="no session where LINK is 0"):
        core.run(run.traffic, [], desk=Desk((), session()))


def test_what_the_session_refuses_is_the_gates_again(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A venue that takes one order at a time: who comes before it has answered is refused, and
    frees its shares."""
    narrow = session()
    narrow["window"] = 60
    monkeypatch.setattr(order_frames, "session", lambda: narrow)
    held = play(replace(run.plan, folder=tmp_path))
    assert held.mismatches == 0
    refused = len(held.observed.refused[0])
    assert 0 < refused == held.counters["link_orders_held"][1] < len(held.ordered.left)
    assert verdicts(held)["refused, by the session"] == refused
    observed = replace(held.observed, refused=tuple(part[1:] for part in held.observed.refused))
    said = Desk(held.commands, narrow)
    makes = order_settings(held.day.registers, held.plan.shares)
    levels = judged(observed, held.expected, held.received.market, said, makes, 64).levels
    assert levels[2].mismatches
    number = held.ordered.expected.orders[
        ~np.isin(np.arange(len(held.ordered.expected.orders)), held.ordered.left)
    ]["sequence_number"][0]
    (one,) = explain(last_run.read(tmp_path), int(number))["signals"]
    assert one["order"]["message"] and one["order"]["frame"] is None


def test_a_gate_that_dies_of_silence_cancels(run: Run, tmp_path: Path) -> None:
    """A host that is silent for longer than its limits bear: what the gate sends then is the last
    of the line, and a byte of it that is wrong, or its lack, is seen."""
    beats = [cycle for cycle, one in run.commands if one.act == Act.BEAT]
    middle = int(np.median(run.ordered.expected.sent))
    last = max(cycle for cycle in beats if cycle < middle)
    apart = max(two - one for one, two in pairwise(beats) if two <= last)
    silence = max(apart, middle - last) + 1
    text = Path(str(run.plan.limits)).read_text()
    limits = tmp_path / "silent.toml"
    limits.write_text(re.sub(r"(?m)^silence = .*$", f"silence = {silence}", text))
    dead = play(replace(run.plan, folder=tmp_path / "run", limits=limits))
    first = dead.ordered.expected.cancels
    assert dead.mismatches == 0 and first is not None
    assert dead.counters["link_cancels"][1] == 2
    assert 0 < len(dead.ordered.left) < len(run.ordered.left)
    (disable, cancel) = order_frames.seen(dead.observed)[-2:]["bytes"]
    assert disable[56:62].tobytes() == b"UD" + first.to_bytes(4, "big")
    assert cancel[56:62].tobytes() == b"UC" + (first + 1).to_bytes(4, "big")
    said = Desk(dead.commands, session())
    makes = order_settings(dead.day.registers, dead.plan.shares)
    last = np.flatnonzero(dead.observed.frames["length"] > 64)[-1]
    other, fewer = dead.observed.frames.copy(), np.delete(dead.observed.frames, last)
    other["bytes"][last, 60] ^= 1
    for wrong in (other, fewer):
        observed = replace(dead.observed, frames=wrong)
        levels = judged(observed, dead.expected, dead.received.market, said, makes, 64).levels
        assert levels[2].mismatches


def test_an_order_is_explained(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    number = int(run.ordered.expected.orders["sequence_number"][0])
    (one,) = explain(last_run.read(run.plan.folder), number)["signals"]
    said = one["order"]
    assert said["verdict"] == "accepted" and not said["failed"] and said["token"] == 1
    assert said["message"]["quantity"] <= run.plan.shares
    assert [name for name, *_ in said["venue"]] == ["order_accepted", "order_executed"]
    assert one["cycles"]["order"] == one["cycles"]["decision"] + 1 == one["cycles"]["signal"] + 5
    assert one["cycles"]["frame"] == one["cycles"]["order"] + 2
    assert one["cycles"]["frame_end"] == one["cycles"]["frame"] + 13  # of 108 bytes
    assert said["bytes"] in said["frame"]
    assert command.main([str(number), "--folder", str(run.plan.folder)]) == 0
    printed = capsys.readouterr().out
    assert "accepted, token 1" in printed and "order executed" in printed
    refused = run.ordered.expected.decisions
    refused = refused[refused["failed"] != 0][0]
    values = explain(last_run.read(run.plan.folder), int(refused["sequence_number"]))
    (said,) = [one["order"] for one in values["signals"] if "order" in one]
    failed = [check.name.lower() for check in Check if int(refused["failed"]) >> check & 1]
    assert said == {"verdict": "refused", "failed": failed} and failed


def test_a_day_without_limits_trades_nothing(run: Run, tmp_path: Path) -> None:
    plan = replace(run.plan, folder=tmp_path, limits=None)
    idle = play(plan)
    assert idle.mismatches == 0 and idle.levels[-3].compared == run.levels[-3].compared > 20
    assert not len(idle.observed.messages_sent[0])
    assert "No limits file: nothing may be traded" in " ".join(notes(idle))
    assert set(idle.observed.rows("decisions")["reason"].tolist()) == {Reason.KILLED}
    assert idle.failed["killed"] == idle.failed["disarmed"] == idle.levels[-3].compared


def test_limits_that_are_none_are_refused_before_anything_is_built(tmp_path: Path) -> None:
    limits = tmp_path / "limits.toml"
    limits.write_text("[slots.0]\n")
    with pytest.raises(LimitsError, match=r"limits.toml: \[total\] is lacking"):
        play(Plan(folder=tmp_path, limits=limits))


def test_one_message_is_explained(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    step = int(np.flatnonzero(run.expected.steps)[50])
    number = int(run.expected.signals["sequence_number"][step])
    kept = last_run.read(run.plan.folder)
    values = explain(kept, number)
    assert values["message"]["type"] in "AFECXDU"
    one = values["signals"][0]
    assert one["warm"] and one["changed"] and one["reason"] == "ok" and "expected" not in one
    assert one["signal"]["decision"] in ("none", "buy", "sell")
    cycles = {**values["cycles"], **one["cycles"]}
    stages = ("frame_began", "last_byte", "operation", "book", "vector", "scores", "signal")
    assert [cycles[name] for name in stages] == sorted(cycles[name] for name in stages)
    assert values["book_before"] != values["book_after"]
    folder = ("--folder", str(run.plan.folder))
    assert command.main([str(number), "--json", *folder]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(values))
    assert command.main([str(number), *folder]) == 0
    printed = capsys.readouterr().out
    assert "cycles after the last byte" in printed
    held = values["run"]["settings"]
    assert held["buy_threshold"] == -held["sell_threshold"] == run.plan.threshold
    assert 0 <= run.plan.interval - held["interval_ns"] < 1_024  # the registers' unit
    assert f"buy from +{run.plan.threshold:g} up" in printed
    assert f"{held['interval_ns']:,} ns apart" in " ".join(printed.split())
    assert max(map(len, printed.splitlines())) <= 80
    assert one["strength"] == one["scores"]["up"] - one["scores"]["down"]
    assert values["operation"]["side"] == values["book_says"]["operation_side"]
    assert one["signal"]["model_id"] == f"{run.network.model_id:016x}"
    inner = np.flatnonzero(~run.expected.operations["last_of_packet"])[-1]
    inside = explain(kept, int(run.expected.operations["sequence_number"][inner]))
    assert inside["signals"] == [] and inside["packet_ends_with"] > 0
    bare = np.flatnonzero(run.expected.operations["operation"] == Operation.NONE)[0]
    without = explain(kept, int(run.expected.operations["sequence_number"][bare]))
    assert without["operation"] is None and not {"symbol", "book_after"} & without.keys()
    with pytest.raises(ExplainError, match="messages are 1 to 10000"):
        explain(kept, EVENTS + 1)
    with pytest.raises(LastRunError, match="make sim leaves one"):
        last_run.read(run.plan.folder / "nowhere")


def test_a_message_is_found_by_instrument_and_time(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = last_run.read(run.plan.folder)
    tops = kept.observed["tops"]
    tops = tops[tops["operation"] != Operation.NONE]
    for slot, symbol in enumerate(kept.about.symbols):
        mine = tops[tops["slot"] == slot]
        assert last_message(kept, symbol, None) == mine["sequence_number"][-1]
        for row in (0, len(mine) // 2):
            until = mine[mine["timestamp"] <= mine["timestamp"][row]]
            number = last_message(kept, symbol, int(mine["timestamp"][row]))
            assert number == until["sequence_number"][-1]
    at = int(tops["timestamp"][len(tops) // 3])
    assert last_message(kept, None, at) == tops["sequence_number"][tops["timestamp"] <= at][-1]
    for time, text in ((34_200_000_000_000, "9:30"), (36_615_500_000_001, "10:10:15.500000001")):
        assert command._time(text) == time
    with pytest.raises(ExplainError, match="ZZZ isn't in the last run"):
        last_message(kept, "ZZZ", None)
    with pytest.raises(ExplainError, match=r"the first message in the last run is of 09:.*, after"):
        last_message(kept, None, 34_000_000_000_000)
    symbol, folder = kept.about.symbols[0], ("--folder", str(run.plan.folder))
    assert command.main(["--symbol", symbol, "--at", "23:00", "--json", *folder]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["symbol"] == symbol
    assert said["message"]["sequence_number"] == last_message(kept, symbol, None)


def test_an_unchanged_vector_shows_the_last_steps_scores_as_such(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = last_run.read(run.plan.folder)
    network = kept.observed["network"]
    row = int(np.flatnonzero(network["reason"] == Reason.UNCHANGED)[-1])
    number = int(network["sequence_number"][row])
    one = explain(kept, number)["signals"][0]
    steps = np.flatnonzero(
        (network["reason"] == Reason.OK) & (network["slot"] == network["slot"][row])
    )
    last = int(steps[steps < row][-1])
    unit = 1 << run.network.signature.fraction
    assert one["step"] is False and set(one["scores"].values()) == {0}
    assert one["last_step"]["message"] == int(network["sequence_number"][last])
    assert one["last_step"]["scores"]["up"] == int(network["scores"][last][2]) / unit
    assert command.main([str(number), "--folder", str(run.plan.folder)]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert f"no step; the last, of message {one['last_step']['message']}: down" in text
    assert "unchanged, strength none" in text


def test_signals_are_written_for_other_tools(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files, folder = [tmp_path / "s.csv", tmp_path / "s.parquet"], str(run.plan.folder)
    for file in files:
        assert signals.main([str(file), "--folder", folder]) == 0
    with files[0].open() as file:
        rows = list(csv.DictReader(file))
    table = pyarrow.parquet.read_table(files[1]).to_pylist()
    theirs = run.expected.signals
    assert len(rows) == len(table) == len(theirs) > 1_000
    unit = 1 << run.network.signature.fraction
    stepped = 0
    ordered = theirs[np.argsort(theirs["sequence_number"], kind="stable")]
    for row, same, one in zip(rows, table, ordered, strict=True):
        assert {k: "" if v is None else str(v) for k, v in same.items()} == row
        assert int(row["time_ns"]) == one["timestamp"]
        assert int(row["message"]) == one["sequence_number"]
        if row["up"]:
            stepped += 1
            assert float(row["up"]) == one["scores"][2] / unit
            assert row["decision"] == Action(one["decision"]).name.lower()
            assert row["symbol"] == run.day.symbols[one["slot"]]
    assert stepped == run.expected.steps.sum()
    assert signals.main([str(tmp_path / "s.txt"), "--folder", folder]) == 2
    assert signals.main([str(tmp_path / "s.csv" / "s.csv"), "--folder", folder]) == 2
    assert f"{tmp_path}/s.csv: File exists" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["s.csv", "s.parquet"]


def test_orders_are_written_for_other_tools(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    assert orders.main([str(file), "--folder", str(run.plan.folder)]) == 0
    with file.open() as opened:
        rows = list(csv.DictReader(opened))
    theirs = run.ordered.expected
    assert len(rows) == len(theirs.decisions) > 20
    sent = [row for row in rows if row["verdict"] == "accepted"]
    assert [bytes.fromhex(row["bytes"]) for row in sent] == [*map(bytes, theirs.messages)]
    assert [int(row["token"]) for row in sent] == list(range(1, len(sent) + 1))
    for turn, row in enumerate(sent):  # as the venue answers in turns
        shares, cancelled = int(row["quantity"]), int(row["cancelled"])
        executed = (shares, shares // 2, 0, 0)[turn % 4]
        assert int(row["executed"]) == executed
        assert cancelled == (shares - executed if turn % 4 in (1, 2) else 0)
        assert int(row["order_cycles"]) == int(row["decision_cycles"]) + 1
        assert int(row["frame_cycles"]) >= int(row["order_cycles"]) + 2
    refused = next(row for row in rows if row["verdict"] == "refused")
    assert refused["failed"] and not refused["bytes"] + refused["token"]


def test_limits_of_other_instruments_are_said(run: Run) -> None:
    day = replace(run.day, symbols=("XXXX", *run.day.symbols[1:]))
    text = " ".join(notes(replace(run, day=day)))
    assert "slot 0 is XXXX here, and AAAA in limits.toml: none of its orders may pass" in text
    assert "none of its orders" not in " ".join(notes(run))


def test_the_page_needs_nothing_else(run: Run) -> None:
    html = page(run)
    assert html.count("<svg") == 4 and "<script" not in html and 'src="http' not in html
    assert "every row of every level is the host" in html and "intended orders" in html
    assert html == page(run)


@pytest.mark.long
def test_make_sim_writes_its_report() -> None:
    done = subprocess.run(
        ["make", "sim", "MODEL=mlp", "W=64", f"EVENTS={EVENTS}"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "report: build/reports/sim.json, build/reports/sim.html" in done.stdout
    written = json.loads((REPORTS / "sim.json").read_text())
    wrong = [row for row in written["rows"] if row["metric"].endswith("_mismatches")]
    assert [row["metric"] for row in wrong] == [
        f"{level}_mismatches" for level in (*LEVELS, *WAY_OUT)
    ]
    assert all(row["value"] == 0 and row["n"] > 20 for row in wrong)


@pytest.mark.long
def test_the_readmes_own_network_runs(tmp_path: Path) -> None:
    """The two files of the README as they stand there, and the command below them."""
    blocks = re.findall(r"```(?:toml|python)\n# (my\S+)\n(.*?)```", README.read_text(), re.DOTALL)
    assert [name for name, _ in blocks] == ["my.toml", "my_net.py"]
    for name, text in blocks:
        (tmp_path / name).write_text(text)
    plan = Plan(events=EVENTS, model=str(tmp_path / "my.toml"), width=64, folder=tmp_path / "last")
    run = play(plan)
    assert run.model == "my.MyNet" and run.fault is None and run.mismatches == 0
    scores = run.expected.network["scores"][run.expected.steps]
    assert len(scores) > 1_000 and all(len(np.unique(column)) > 20 for column in scores.T)


@pytest.mark.long
def test_waves_around_a_message(tmp_path: Path) -> None:
    run = play(Plan(events=1_000, model="mlp", width=64, at=700, warm=False, folder=tmp_path))
    assert run.observed.wave is not None and run.mismatches == 0
    wave = pywellen.Waveform(str(run.observed.wave))
    assert {"m_valid", "tap_network_valid"} <= {var.name for var in wave.all_vars()}


def test_every_fault_fits_its_file() -> None:
    """Those in generated files are tried where the files are: in the long test below."""
    for fault in faults.FAULTS.values():
        if not fault.generated:
            text = (HW / "rtl" / fault.file).read_text()
            assert fault.change(text) != text


@pytest.mark.long
@pytest.mark.parametrize("name", faults.FAULTS)
def test_a_fault_is_found_where_it_is(name: str) -> None:
    run = play(faults.planned(name))
    assert faults.located(name, run), run.fault


def test_what_was_lost_is_said_with_its_first_message() -> None:
    assert not lost(np.zeros(0, MISSING))
    one = np.array([(0, 2_373, 1)], MISSING)
    assert "LOST: 1 messages in a gap at message 2,373." in lost(one)[0]
    more = np.array([(0, 40, 3), (9, 2_373, 1)], MISSING)
    assert "LOST: 4 messages in 2 gaps, the first at message 40." in lost(more)[0]
