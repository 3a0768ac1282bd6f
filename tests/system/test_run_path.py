"""`make sim` as people use it: a day through the RTL, what differs is located, one message told."""

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
from hwtools.toolchain import ROOT, ToolError
from sim.run_path import __main__ as command
from sim.run_path import day as path_day
from sim.run_path import faults
from sim.run_path import judge as path_judge
from sim.run_path import page as path_page
from sim.run_path import run as path_run
from sim.run_path.run import Plan
from tickwire.cli.__main__ import app
from tickwire.data.events import DataError
from tickwire.explain.message import ExplainError, explain, kept
from tickwire.gen.records import BOOK_OP, FEATURE_VECTOR, Operation

README = ROOT / "README.md"
EVENTS = 10_000  # of the market's day: enough to warm up


# -- Where it differs ------------------------------------------------------------------------------


def rows(count: int) -> Any:
    made = FEATURE_VECTOR.empty(count)
    made["sequence_number"] = 10 + np.arange(count)
    made["slot"] = np.arange(count) % 2
    made["values"] = np.arange(count)[:, None] % 50
    return made


def test_the_first_difference_is_located() -> None:
    told, got = rows(20), rows(20)
    got["values"][7, 24] += 1
    got["reason"][9] = 4
    level = path_judge.compare("features", got, told)
    assert (level.expected, level.compared, level.mismatches) == (20, 20, 2)
    assert level.first is not None
    assert str(level.first) == (
        "features: row 7, field values[24], message 17, slot 1: expected 7, got 8"
    )
    assert path_judge.compare("features", told, told.copy()).first is None


@pytest.mark.parametrize(("here", "there"), [(20, 18), (18, 20), (1, 0), (0, 1)])
def test_a_row_too_few_or_too_many_differs(here: int, there: int) -> None:
    level = path_judge.compare("book", rows(here), rows(there))
    assert level.mismatches == abs(here - there) and level.compared == min(here, there)
    assert level.first is not None and level.first.message == 10 + min(here, there)


def test_vectors_may_overtake_those_of_others_but_not_their_own() -> None:
    told = rows(6)
    overtaken = told[[1, 0, 2, 3, 5, 4]]
    way = path_judge.align(overtaken["slot"], told["slot"])
    assert path_judge.compare("features", overtaken[way.seen], told[way.expected]).mismatches == 0
    swapped = told[[2, 1, 0, 3, 4, 5]]
    way = path_judge.align(swapped["slot"], told["slot"])
    assert path_judge.compare("features", swapped[way.seen], told[way.expected]).mismatches == 2


def test_what_is_left_out_is_not_compared() -> None:
    told, got = BOOK_OP.empty(3), BOOK_OP.empty(3)
    got["price"][1] = 5
    assert path_judge.compare("operations", got, told).mismatches == 1
    assert path_judge.compare("operations", got, told, None, ("price",)).mismatches == 0


# -- What goes in ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--data", "nothing.zip"), "nothing.zip: no such file; give market, flow or a file"),
        (("--data", "README.md"), "README.md: after byte 0"),
        (("--events", "0"), "EVENTS=0: a whole number above 0, or all"),
        (("--model", "gpt"), "no network 'gpt'"),
        (("--space", "-1"), "aren't below 0"),
        (("--threshold", "nan"), "are numbers that aren't below 0"),
        (("--hysteresis", "1e6", "--events", "100", "--model", "mlp"), "is too large"),
        (("--width", "16"), "W=16: 8 or 64"),
    ],
)
def test_bad_input_ends_in_one_line(options: tuple[str, ...], said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sim.run_path", *options],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("sim: ") and said in last and "Traceback" not in done.stderr, done.stderr


@pytest.mark.parametrize(
    ("waves", "at", "options", "wanted"),
    [("1", "70", (), 70), ("1", "", (), 1), ("1", "", ("--at", "5"), 5), ("", "70", (), None),
     ("0", "70", ("--at", "5"), 5)],
)  # fmt: skip
def test_waves_are_of_a_message(
    monkeypatch: pytest.MonkeyPatch, waves: str, at: str, options: Sequence[str], wanted: int | None
) -> None:
    monkeypatch.setenv("WAVES", waves)
    monkeypatch.setenv("AT", at)
    told = command._arguments(options)
    assert command._plan(told).at == wanted
    if waves == "1":
        monkeypatch.setenv("AT", "noon")
        with pytest.raises(path_day.DayError, match="AT=noon: a message's sequence number"):
            command._plan(told)


def test_a_slice_is_the_beginning_of_the_whole() -> None:
    less, more = path_day.find("market", 3_000), path_day.find("market", 4_000)
    count = len(less.frames) - 1  # the last packet may be cut
    assert list(less.frames)[:count] == list(more.frames)[:count]


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    """The beginning of the market's day, as a card without check sequences captures it."""
    file = tmp_path / "day.pcap"
    with RawPcapWriter(str(file), linktype=1) as writer:
        writer.write_header(None)
        for frame in path_day.find("market", 2_000).frames:
            writer.write(bytes(frame)[:-4])
    return file


def test_a_capture_is_followed_by_name(capture: Path) -> None:
    """With its own stock directory, also in the host's replay, which learns nothing on the way."""
    symbols = ("CCCC", "AAAA")
    plan = Plan(str(capture), None, "mlp", 64, symbols=symbols, folder=capture.parent / "last")
    made = path_run.run(plan)
    assert made.day.symbols == symbols and made.mismatches == 0 and made.messages == 2_000
    told = made.told.operations
    acts = told[told["operation"] != Operation.NONE]
    assert set(acts["slot"].tolist()) == {0, 1} and len(acts) > 200
    whole = path_day.find("market", 2_000)
    assert list(made.day.frames) == list(whole.frames)
    assert len(path_day.find(str(capture), None).symbols) == len(whole.symbols)


def test_symbols_are_of_files(capture: Path) -> None:
    with pytest.raises(DataError, match="its directory has no ZZZZ"):
        path_day.find(str(capture), None, symbols=("ZZZZ",))
    with pytest.raises(path_day.DayError, match="leave out --symbol"):
        path_day.find("market", 100, symbols=("AAAA",))


def test_a_file_of_books_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "day.parquet"
    file.touch()
    with pytest.raises(path_day.DayError, match="it holds books and no messages"):
        path_day.find(str(file), 10)


def test_a_fault_that_fits_nothing_is_told() -> None:
    with pytest.raises(ToolError, match="0 times"):
        faults.put("one", "two")("three")
    flipped = faults.flip_sign("shift_adder #(8,8,1,1,11,0,2,0) a (x);")
    assert flipped == "shift_adder #(8,8,1,1,11,0,2,1) a (x);"


# -- The path --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> path_run.Run:
    folder = tmp_path_factory.mktemp("last")
    return path_run.run(Plan(events=EVENTS, model="mlp", width=64, folder=folder))


def test_the_rtl_makes_the_hosts_signals(run: path_run.Run) -> None:
    assert run.fault is None and run.mismatches == 0
    assert [level.name for level in run.levels] == list(path_judge.LEVELS)
    assert all(level.compared == level.expected > EVENTS // 2 for level in run.levels)
    assert run.told.steps.sum() > 1_000
    assert set(run.told.signals["decision"].tolist()) == {0, 1, 2}
    assert run.counters["network_drops"] == (0, 0)
    report = command.Report("sim", "make sim")
    command.rows(report, run)
    assert not report.failed and len(report.rows) > 30
    assert run.digest == (run.plan.folder / "expected.sha256").read_text().strip()


def test_the_table_fits_80_columns(run: path_run.Run) -> None:
    """Whole, and also where a row is lacking; headings aren't cut."""
    lacking = replace(run.levels[2], compared=run.levels[2].expected - 1, mismatches=1)
    for levels in (run.levels, [*run.levels[:2], lacking, *run.levels[3:]]):
        console = Console(width=80, record=True, file=io.StringIO())
        console.print(command.table(replace(run, levels=levels)))
        lines = console.export_text().splitlines()
        assert max(len(line.rstrip()) for line in lines) <= 80
        head = next(line for line in lines if "wrong" in line)
        assert head.split() == ["rows", "wrong", "min", "p50", "p99", "max", "ns"]
        told = {line.split("  ")[0].strip(): line.split()[1:] for line in lines if line.strip()}
        assert told["network"][:2] == [f"{run.levels[3].compared:,}", "0"]
        assert set(path_judge.LEVELS) <= set(told) and not any("…" in line for line in lines)
    assert f"{lacking.compared:,} of {lacking.expected:,}" in "".join(lines)
    said = " ".join(command.notes(run))
    assert f"{run.rate:,} messages a second" in said and run.digest[:16] in said


def test_each_cycle_of_latency_is_accounted_for(run: path_run.Run) -> None:
    waits = run.waits()
    assert waits.unknown == 0 and waits.least == waits.most > 0
    cycles, words = run.shown.records["signals"]
    cycles = cycles.copy()
    cycles[len(cycles) // 2] += 1  # one that nothing explains
    records = {**run.shown.records, "signals": (cycles, words)}
    waits = replace(run, shown=replace(run.shown, records=records)).waits()
    assert waits.unknown == 1


def test_the_judge_sees_one_wrong_score(run: path_run.Run) -> None:
    """And says which level it is, whatever follows from it."""
    told = path_run.path.Expected.of({k: v.copy() for k, v in run.told.arrays().items()})
    step = int(np.flatnonzero(told.steps)[100])
    told.network["scores"][step, 2] += 1
    told.signals["scores"][step, 2] += 1
    levels = path_judge.judge(run.shown, told)
    first = next(level.first for level in levels if level.first)
    assert (first.level, first.row, first.field) == ("network", step, "scores[2]")
    assert first.message == int(told.network["sequence_number"][step])


def test_one_message_is_explained(run: path_run.Run) -> None:
    step = int(np.flatnonzero(run.told.steps)[50])
    number = int(run.told.signals["sequence_number"][step])
    told = explain(kept(run.plan.folder), number)
    assert told["message"]["type"] in "AFECXDU"
    one = told["signals"][0]
    assert one["warm"] and one["changed"] and one["reason"] == "ok" and "expected" not in one
    assert one["signal"]["decision"] in ("none", "buy", "sell")
    cycles = {**told["cycles"], **one["cycles"]}
    stages = ("frame_began", "last_byte", "operation", "book", "vector", "scores", "signal")
    assert [cycles[name] for name in stages] == sorted(cycles[name] for name in stages)
    assert told["book_before"] != told["book_after"]
    folder = ("--folder", str(run.plan.folder))
    said = CliRunner().invoke(app, ["explain", str(number), "--json", *folder])
    assert said.exit_code == 0 and json.loads(said.output) == json.loads(json.dumps(told))
    said = CliRunner().invoke(app, ["explain", str(number), *folder])
    assert said.exit_code == 0 and "cycles after the last byte" in said.output
    asked = told["run"]["settings"]
    assert asked["buy_threshold"] == -asked["sell_threshold"] == run.plan.threshold
    assert 0 <= run.plan.interval - asked["interval_ns"] < 1_024  # the registers' unit
    assert f"buy from +{run.plan.threshold:g} up" in said.output
    assert f"{asked['interval_ns']:,} ns apart" in " ".join(said.output.split())
    assert max(map(len, said.output.splitlines())) <= 80
    assert one["strength"] == one["scores"]["up"] - one["scores"]["down"]
    assert told["operation"]["side"] == told["book_says"]["operation_side"]
    assert one["signal"]["model_id"] == f"{run.model_id:016x}"
    inner = np.flatnonzero(~run.told.operations["last_of_packet"])[-1]
    inside = explain(kept(run.plan.folder), int(run.told.operations["sequence_number"][inner]))
    assert inside["signals"] == [] and inside["packet_ends_with"] > 0
    with pytest.raises(ExplainError, match="messages are 1 to 10000"):
        explain(kept(run.plan.folder), EVENTS + 1)
    with pytest.raises(ExplainError, match="make sim leaves one"):
        kept(run.plan.folder / "nowhere")


def test_the_page_needs_nothing_else(run: path_run.Run) -> None:
    page = path_page.page(run)
    assert page.count("<svg") == 4 and "<script" not in page and 'src="http' not in page
    assert "every row of every level is the host" in page
    assert page == path_page.page(run)


@pytest.mark.long
def test_make_sim_writes_its_report() -> None:
    done = subprocess.run(
        ["make", "sim", "MODEL=mlp", "W=64", f"EVENTS={EVENTS}"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "report: build/reports/sim.json, build/reports/sim.html" in done.stdout
    told = json.loads((REPORTS / "sim.json").read_text())
    wrong = [row for row in told["rows"] if row["metric"].endswith("_mismatches")]
    assert len(wrong) == 5 and all(row["value"] == 0 and row["n"] > 1_000 for row in wrong)


@pytest.mark.long
def test_the_readmes_own_network_runs(tmp_path: Path) -> None:
    """The two files of the README as they stand there, and the command below them."""
    blocks = re.findall(r"```(?:toml|python)\n# (my\S+)\n(.*?)```", README.read_text(), re.DOTALL)
    assert [name for name, _ in blocks] == ["my.toml", "my_net.py"]
    for name, text in blocks:
        (tmp_path / name).write_text(text)
    plan = Plan(events=EVENTS, model=str(tmp_path / "my.toml"), width=64, folder=tmp_path / "last")
    made = path_run.run(plan)
    assert made.model == "my.MyNet" and made.fault is None and made.mismatches == 0
    scores = made.told.network["scores"][made.told.steps]
    assert len(scores) > 1_000 and all(len(np.unique(column)) > 20 for column in scores.T)


@pytest.mark.long
def test_waves_around_a_message(tmp_path: Path) -> None:
    made = path_run.run(Plan(events=1_000, model="mlp", width=64, at=700, folder=tmp_path))
    assert made.shown.wave is not None and made.mismatches == 0
    wave = pywellen.Waveform(str(made.shown.wave))
    assert {"m_valid", "tap_network_valid"} <= {var.name for var in wave.all_vars()}


@pytest.mark.long
@pytest.mark.parametrize("name", faults.FAULTS)
def test_a_fault_is_found_where_it_is(name: str) -> None:
    made = path_run.run(faults.plan(name))
    assert faults.found(name, made), made.fault
