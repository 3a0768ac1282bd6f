"""`tickwire explain`, `signals` and `orders`, of the run that `make sim` left."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pyarrow.parquet
import pytest

from sim.run_path.run import Run
from tickwire.explain import command, last_run, orders, signals
from tickwire.explain.last_run import LastRunError
from tickwire.explain.message import ExplainError, explain, last_message
from tickwire.gen.records import (
    Action,
    Check,
    Operation,
    Reason,
)


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
        explain(kept, run.plan.events + 1)
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
