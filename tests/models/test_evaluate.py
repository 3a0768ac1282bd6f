"""The ledger and the command: one scoring a candidate, and a line for whatever is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models import baselines, evaluate, ledger
from models.ledger import LedgerError
from tickwire import report
from tickwire.data import days
from tickwire.data import events as files


def test_a_candidate_is_scored_once(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    ledger.append("a", "c1", "d1", 10, {"mcc": 0.1}, path)
    ledger.append("a", "c1", "d1", 50, {"mcc": 0.2}, path)
    ledger.append("b", "c2", "d1", 10, {"mcc": 0.3}, path)
    with pytest.raises(LedgerError, match="already"):
        ledger.append("a", "c1", "d1", 10, {"mcc": 0.9}, path)
    found = ledger.find("c1", "d1", 10, path)
    assert found is not None and found["figures"] == {"mcc": 0.1}
    assert ledger.find("c1", "d2", 10, path) is None
    assert [line["number"] for line in ledger.read(path)] == [1, 2, 3]


@pytest.mark.parametrize("fault", ["changed", "removed", "swapped", "garbage"])
def test_a_changed_ledger_is_refused(tmp_path: Path, fault: str) -> None:
    path = tmp_path / "ledger.jsonl"
    for number in range(3):
        ledger.append("a", f"c{number}", "d", 10, {"mcc": 0.1}, path)
    lines = path.read_text().splitlines()
    if fault == "changed":
        lines[1] = lines[1].replace("0.1", "0.2")
    elif fault == "removed":
        del lines[1]
    elif fault == "swapped":
        lines[1:] = lines[:0:-1]
    else:
        lines[1] = lines[1][:-5]
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(LedgerError, match="line 2 isn't as it was written"):
        ledger.read(path)


def test_the_command_scores_once_and_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(baselines, "ROUNDS", 40)
    monkeypatch.setattr(report, "commit", lambda: "none")
    path, book = tmp_path / "day.parquet", tmp_path / "ledger.jsonl"
    monkeypatch.setattr(evaluate, "BOOK", book)
    monkeypatch.setattr(evaluate, "REPORTS", tmp_path)
    monkeypatch.setattr(evaluate, "KEPT", tmp_path)
    files.write(path, *days.read("market", 24_000, 5))
    arguments = ["--data", str(path), "--trials", "1", "--horizon", "10", "--json"]
    assert evaluate.main(arguments) == 0
    assert not book.exists()
    lines = json.loads(capsys.readouterr().out)
    assert [line["candidate"] for line in lines] == ["persistence", "lightgbm"]
    assert all("test" not in line for line in lines)
    assert evaluate.main([*arguments, "--test"]) == 0
    scored = json.loads(capsys.readouterr().out)
    written = book.read_text()
    assert len(written.splitlines()) == 2
    assert evaluate.main([*arguments, "--test"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert book.read_text() == written
    assert [line["test"] for line in again] == [line["test"] for line in scored]
    low, high = scored[1]["test"]["against"]["mcc"][1:]
    assert low < scored[1]["test"]["mcc"] < high
    rows = json.loads((tmp_path / "models.json").read_text())["rows"]
    assert {"test_mcc", "validation_macro_f1"} <= {row["metric"] for row in rows}


def test_a_missing_file_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main(["--data", str(tmp_path / "none.parquet")]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "none.parquet" in said
