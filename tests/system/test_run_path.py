"""`make sim` as people use it: a day through the RTL, differences located, a report."""

from __future__ import annotations

import io
import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pywellen
from rich.console import Console

from hwtools.report import REPORTS, Report
from hwtools.rtl import HW
from hwtools.toolchain import ROOT, ToolError
from sim.run_path import faults
from sim.run_path.judge import LEVELS, WAY_OUT, align, compare, judge
from sim.run_path.page import page
from sim.run_path.plan import DayError, Plan
from sim.run_path.report import lost, notes, rows, table
from sim.run_path.run import Run, play
from tickwire.explain import last_run
from tickwire.gen.records import (
    BOOK_OP,
    FEATURE_VECTOR,
    SLOTS,
    Check,
)
from tickwire.replay.feed_merge import MISSING
from tickwire.replay.path import Expected

README = ROOT / "README.md"
EVENTS = 10_000  # enough to warm up


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


def test_a_fault_that_fits_nothing_is_refused() -> None:
    with pytest.raises(ToolError, match="0 times"):
        faults.put("one", "two")("three")
    flipped = faults.flip_sign("shift_adder #(8,8,1,1,11,0,2,0) a (x);")
    assert flipped == "shift_adder #(8,8,1,1,11,0,2,1) a (x);"


def test_the_rtl_makes_the_hosts_signals(run: Run) -> None:
    assert run.fault is None and run.mismatches == 0
    assert [level.name for level in run.levels] == [*LEVELS, *WAY_OUT]
    assert all(level.compared == level.expected > run.plan.events // 2 for level in run.levels[:-3])
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
