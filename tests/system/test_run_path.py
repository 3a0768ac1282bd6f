"""`make sim` as people use it: a day through the RTL, differences located, a message explained."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pywellen
from rich.console import Console
from scapy.utils import RawPcapWriter
from typer.testing import CliRunner

from hwtools.report import REPORTS
from hwtools.rtl import HW
from hwtools.toolchain import ROOT, ToolError
from sim.run_path import __main__ as command
from sim.run_path import faults
from sim.run_path.day import DayError, find
from sim.run_path.judge import LEVELS, align, compare, judge
from sim.run_path.page import page
from sim.run_path.report import notes, rows, table
from sim.run_path.run import Plan, Run, play
from tickwire.cli.__main__ import app
from tickwire.data.events import DataError
from tickwire.explain import last_run
from tickwire.explain.last_run import LastRunError
from tickwire.explain.message import ExplainError, explain
from tickwire.gen.records import BOOK_OP, FEATURE_VECTOR, Operation
from tickwire.replay.path import Expected

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


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (("--data", "nothing.zip"), "nothing.zip: no such file; give market, flow or a file"),
        (("--data", "README.md"), "README.md: a text, which isn't read; ITCH 5.0 after lengths is"),
        (("--events", "0"), "EVENTS=0: a whole number above 0, or all"),
        (("--model", "gpt"), "no network 'gpt'"),
        (("--space", "-1"), "aren't below 0"),
        (("--threshold", "nan"), "are numbers that aren't below 0"),
        (("--hysteresis", "1e6", "--events", "100", "--model", "mlp"), "is too large"),
        (("--width", "16"), "W=16: 8 or 64"),
    ],
)
def test_bad_input_ends_in_one_line(options: tuple[str, ...], text: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sim.run_path", *options],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("sim: ") and text in last and "Traceback" not in done.stderr, done.stderr


@pytest.mark.parametrize(
    ("waves", "at", "options", "expected"),
    [("1", "70", (), 70), ("1", "", (), 1), ("1", "", ("--at", "5"), 5), ("", "70", (), None),
     ("0", "70", ("--at", "5"), 5)],
)  # fmt: skip
def test_waves_are_of_a_message(
    monkeypatch: pytest.MonkeyPatch,
    waves: str,
    at: str,
    options: Sequence[str],
    expected: int | None,
) -> None:
    monkeypatch.setenv("WAVES", waves)
    monkeypatch.setenv("AT", at)
    args = command._arguments(options)
    assert command._plan(args).at == expected
    if waves == "1":
        monkeypatch.setenv("AT", "noon")
        with pytest.raises(DayError, match="AT=noon: a message's sequence number"):
            command._plan(args)


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
    plan = Plan(str(capture), None, "mlp", 64, symbols=symbols, folder=capture.parent / "last")
    run = play(plan)
    assert run.day.symbols == symbols and run.mismatches == 0 and run.messages == 2_000
    operations = run.expected.operations
    acts = operations[operations["operation"] != Operation.NONE]
    assert set(acts["slot"].tolist()) == {0, 1} and len(acts) > 200
    whole = find("market", 2_000)
    assert list(run.day.frames) == list(whole.frames)
    assert len(find(str(capture), None).symbols) == len(whole.symbols)


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
    return play(Plan(events=EVENTS, model="mlp", width=64, folder=folder))


def test_the_rtl_makes_the_hosts_signals(run: Run) -> None:
    assert run.fault is None and run.mismatches == 0
    assert [level.name for level in run.levels] == list(LEVELS)
    assert all(level.compared == level.expected > EVENTS // 2 for level in run.levels)
    assert run.expected.steps.sum() > 1_000
    assert set(run.expected.signals["decision"].tolist()) == {0, 1, 2}
    assert run.counters["network_drops"] == (0, 0)
    report = command.Report("sim", "make sim")
    rows(report, run)
    assert not report.failed and len(report.rows) > 30
    assert run.digest == (run.plan.folder / "expected.sha256").read_text().strip()


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
        assert set(LEVELS) <= set(cells) and not any("…" in line for line in lines)
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


def test_one_message_is_explained(run: Run) -> None:
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
    printed = CliRunner().invoke(app, ["explain", str(number), "--json", *folder])
    assert printed.exit_code == 0 and json.loads(printed.output) == json.loads(json.dumps(values))
    printed = CliRunner().invoke(app, ["explain", str(number), *folder])
    assert printed.exit_code == 0 and "cycles after the last byte" in printed.output
    held = values["run"]["settings"]
    assert held["buy_threshold"] == -held["sell_threshold"] == run.plan.threshold
    assert 0 <= run.plan.interval - held["interval_ns"] < 1_024  # the registers' unit
    assert f"buy from +{run.plan.threshold:g} up" in printed.output
    assert f"{held['interval_ns']:,} ns apart" in " ".join(printed.output.split())
    assert max(map(len, printed.output.splitlines())) <= 80
    assert one["strength"] == one["scores"]["up"] - one["scores"]["down"]
    assert values["operation"]["side"] == values["book_says"]["operation_side"]
    assert one["signal"]["model_id"] == f"{run.network.model_id:016x}"
    inner = np.flatnonzero(~run.expected.operations["last_of_packet"])[-1]
    inside = explain(kept, int(run.expected.operations["sequence_number"][inner]))
    assert inside["signals"] == [] and inside["packet_ends_with"] > 0
    with pytest.raises(ExplainError, match="messages are 1 to 10000"):
        explain(kept, EVENTS + 1)
    with pytest.raises(LastRunError, match="make sim leaves one"):
        last_run.read(run.plan.folder / "nowhere")


def test_the_page_needs_nothing_else(run: Run) -> None:
    html = page(run)
    assert html.count("<svg") == 4 and "<script" not in html and 'src="http' not in html
    assert "every row of every level is the host" in html
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
    assert len(wrong) == 5 and all(row["value"] == 0 and row["n"] > 1_000 for row in wrong)


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
    run = play(Plan(events=1_000, model="mlp", width=64, at=700, folder=tmp_path))
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
