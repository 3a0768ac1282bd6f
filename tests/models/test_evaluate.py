"""The ledger and the command: each candidate is scored once, and each error is one line."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from models.score import evaluate, ledger, scoring
from models.score.ledger import LedgerError
from models.train import labels
from models.train.labels import FLAT

Student = Callable[..., Path]


def test_a_candidate_is_scored_once(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "ledger.jsonl"
    ledger.append("a", "c1", "d1", 10, {"mcc": 0.1}, path)
    ledger.append("a", "c1", "d1", 50, {"mcc": 0.2}, path)
    ledger.append("b", "c2", "d1", 10, {"mcc": 0.3}, path)
    with pytest.raises(LedgerError, match="already"):
        ledger.append("a", "c1", "d1", 10, {"mcc": 0.9}, path)
    line = ledger.find("c1", "d1", 10, path)
    assert line is not None and line["figures"] == {"mcc": 0.1}
    assert ledger.find("c1", "d2", 10, path) is None
    assert [line["number"] for line in ledger.read(path)] == [1, 2, 3]


LINES = 4


def filled(folder: Path) -> tuple[Path, list[str]]:
    """A ledger and its lines."""
    path = folder / "ledger.jsonl"
    for number in range(LINES):
        figures = {"mcc": 0.1, "against": {"mcc": [0.1, 0.05, 0.15]}}
        ledger.append("a", f"c{number}", "d", 10, figures, path)
    return path, path.read_text().splitlines()


def refused(path: Path, lines: list[str]) -> str:
    """Why the ledger with these lines can't be read, and so not added to either."""
    path.write_text("".join(f"{line}\n" for line in lines))
    with pytest.raises(LedgerError) as caught:
        ledger.read(path)
    for change in (ledger.find, ledger.append):
        arguments = ("a", "new", "d", 10, {}) if change is ledger.append else ("new", "d", 10)
        with pytest.raises(LedgerError):
            change(*arguments, path)  # type: ignore[operator]
    return str(caught.value)


@pytest.mark.parametrize("at", range(LINES))
def test_a_line_that_was_changed_dropped_doubled_or_moved_is_refused(
    tmp_path: Path, at: int
) -> None:
    path, lines = filled(tmp_path)
    assert len(ledger.read(path)) == LINES
    garbage = [*lines[:at], lines[at][:-5], *lines[at + 1 :]]
    assert f"line {at + 1} isn't as it was written" in refused(path, garbage)
    assert refused(path, lines[:at] + lines[at + 1 :])
    assert refused(path, [*lines[: at + 1], lines[at], *lines[at + 1 :]])
    assert refused(path, lines[:at])
    assert refused(path, lines[at + 1 :])
    for other in set(range(LINES)) - {at}:
        moved = lines.copy()
        moved[at], moved[other] = moved[other], moved[at]
        assert f"line {min(at, other) + 1} isn't as it was written" in refused(path, moved)
    path.write_text("".join(f"{line}\n" for line in lines))
    assert len(ledger.read(path)) == LINES


@pytest.mark.parametrize("at", range(LINES))
def test_each_field_is_under_the_seal(tmp_path: Path, at: int) -> None:
    path, lines = filled(tmp_path)
    whole = json.loads(lines[at])
    names = ("number", "when", "commit", "name", "candidate", "data", "horizon", "figures")
    assert set(whole) == {*names, "before", "seal"}
    for name, value in whole.items():
        others = [None, f"{value}0", 0.1, {**value, "mcc": 0.2}] if name == "figures" else [None]
        others += [value + 1] if name in ("number", "horizon") else [f"{value}0"]
        lacking = {key: value for key, value in whole.items() if key != name}
        for changed in [lacking, *({**whole, name: other} for other in others)]:
            assert refused(path, [*lines[:at], json.dumps(changed), *lines[at + 1 :]]), name
    deep = {**whole, "figures": {**whole["figures"], "against": {"mcc": [0.1, 0.05, 0.16]}}}
    more = {**whole, "note": "more"}
    for changed in (deep, more):
        assert refused(path, [*lines[:at], json.dumps(changed), *lines[at + 1 :]])


def test_a_number_out_of_turn_is_refused_though_it_is_sealed(tmp_path: Path) -> None:
    path, lines = filled(tmp_path)
    last = json.loads(lines[-1])
    last["number"] += 1
    last["seal"] = ledger._seal(last)
    ledger.latest(path).write_text(last["seal"])
    assert "line 4 isn't" in refused(path, [*lines[:-1], json.dumps(last)])


def test_a_scoring_that_was_cut_off_before_its_seal_goes_on(tmp_path: Path) -> None:
    """Its line is there; that the one before it was the last is no sign of a line that is gone."""
    path, lines = filled(tmp_path)
    ledger.latest(path).write_text(json.loads(lines[-2])["seal"])
    assert len(ledger.read(path)) == LINES
    ledger.append("a", "new", "d", 10, {}, path)
    assert ledger.latest(path).read_text().strip() == ledger.read(path)[-1]["seal"]
    ledger.latest(path).unlink()
    for count in range(2, LINES + 1):
        assert "no such file" in refused(path, lines[:count])
    path.write_text(f"{lines[0]}\n")  # cut off at the very first
    assert len(ledger.read(path)) == 1
    path.unlink()
    assert ledger.read(path) == []


def test_the_kept_ledger_is_as_it_was_written() -> None:
    lines = ledger.read()
    assert [line["number"] for line in lines] == [*range(1, len(lines) + 1)] and len(lines) > 100
    assert ledger.latest().read_text().strip() in {line["seal"] for line in lines}


def test_the_command_scores_once_and_reports(
    tmp_path: Path, day: list[str], student: Student, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "ledger.jsonl"
    own = student(tmp_path / "mlp_own_10", labels.load(tmp_path / "day.parquet").digest)
    other = student(tmp_path / "mlp_other_10", "another day", seed=2)
    later = student(tmp_path / "mlp_own_50", "another day", 50)
    for model in (own, other, later):
        day += ["--model", str(model)]
    assert evaluate.main(day) == 0
    assert not book.exists()
    lines = json.loads(capsys.readouterr().out)
    assert [line["candidate"] for line in lines] == [
        "persistence",
        "lightgbm",
        "mlp_own_10",
        "mlp_other_10",
    ]
    assert [line["transfer"] for line in lines] == [False, False, False, True]
    assert all("test" not in line for line in lines)
    # the threshold of a transfer is this day's: as many flats as the baselines have
    flats = [sum(line["validation"]["confusion"][FLAT]) for line in lines]
    assert flats[0] == flats[1] == flats[3] > 500 and flats[2] != flats[0]
    assert evaluate.main([*day, "--test", "--dirty"]) == 0
    scored = json.loads(capsys.readouterr().out)
    written = book.read_text()
    # the forecasts of each, and its orders
    assert len(written.splitlines()) == 2 * 4
    assert evaluate.main([*day, "--test", "--dirty"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert book.read_text() == written
    assert [(line["test"], line["test_money"]) for line in again] == [
        (line["test"], line["test_money"]) for line in scored
    ]
    low, high = scored[1]["test"]["against"]["mcc"][1:]
    assert low < scored[1]["test"]["mcc"] < high
    rows = json.loads((tmp_path / "models.json").read_text())["rows"]
    named = {row["metric"] for row in rows}
    assert {"test_mcc", "validation_macro_f1", "test_taker_100us_net"} <= named
    cases = {row["case"] for row in rows}
    assert {"aaaa k=10 mlp_own_10", "aaaa k=10 mlp_other_10 (transfer)"} <= cases


def test_equal_columns_are_explained(day_file: Path) -> None:
    """By how often an event follows a sample that soon."""
    case = scoring.open_day(day_file)
    tape, samples = case.market.tape, case.market.samples
    at = np.searchsorted(case.market.rows, samples.rows).tolist()
    gaps = [int(tape.time[one + 1] - tape.time[one]) for one in at if one + 1 < len(tape.time)]
    shares = evaluate.soon(case)
    assert list(shares) == [1_000, 100_000] and len(gaps) > 1_000
    for latency, share in shares.items():
        assert share == pytest.approx(sum(gap < latency for gap in gaps) / len(gaps))
    assert 0 < shares[100_000] < 1
    text = evaluate._equal("day", {1_000: 0.0, 100_000: 0.125})
    assert "day: the next event follows 0.0% within 1 us, 12.5% within 100 us of a" in text


def test_money_on_validation_is_by_the_rules_chosen_there(
    day: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate.main(day) == 0
    for line in json.loads(capsys.readouterr().out):
        money = line["validation_money"]
        assert set(money) == {"taker", "passive"}
        for results in money.values():
            now = results["0"]
            assert now["curve"][0] == [0, 0] and now["curve"][-1][1] == now["net"]
            assert len(now["curve"]) <= scoring.POINTS
            assert results["rules"]["hold"] == 10 and now["too_short"]


def test_a_scoring_needs_committed_sources(
    tmp_path: Path,
    day: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        ledger, "uncommitted", lambda: ["models/nets.py", "sw/tickwire/book/compiled.py"]
    )
    assert evaluate.main([*day, "--test"]) == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert "models/nets.py and 1 more not committed" in captured.err
    assert not captured.out and not (tmp_path / "ledger.jsonl").exists()
    line = ledger.append("a", "c", "d", 10, {}, tmp_path / "marked.jsonl")
    assert line["commit"].endswith("-dirty")
    monkeypatch.setattr(ledger, "uncommitted", list)
    line = ledger.append("a", "c", "e", 10, {}, tmp_path / "marked.jsonl")
    assert not line["commit"].endswith("-dirty")


def test_what_a_scoring_writes_is_no_change_of_sources(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        who = ["-c", "user.name=t", "-c", "user.email=t@t"]
        subprocess.run(["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True)

    # no repository: every source counts as changed
    assert ledger.uncommitted(tmp_path) == ["models", "sw", "pyproject.toml", "requirements.lock"]
    git("init", "-q")
    kept = tmp_path / "models" / "trained" / "a"
    kept.mkdir(parents=True)
    (tmp_path / "hw").mkdir()
    for name in (
        "models/ledger.jsonl",
        "models/nets.py",
        "hw/x.sv",
        "models/trained/a/card.md",
    ):
        (tmp_path / name).write_text("1")
    git("add", ".")
    git("commit", "-qm", "one")
    assert ledger.uncommitted(tmp_path) == []
    for name in ("models/ledger.jsonl", "models/ledger.seal", "hw/x.sv"):
        (tmp_path / name).write_text("2")
    (kept / "card.md").write_text("2")
    (kept / "money.svg").write_text("new")
    assert ledger.uncommitted(tmp_path) == []
    (tmp_path / "models" / "nets.py").write_text("2")
    (tmp_path / "models" / "new.py").write_text("2")
    assert ledger.uncommitted(tmp_path) == ["models/nets.py", "models/new.py"]


def test_a_missing_file_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main(["--data", str(tmp_path / "none.parquet")]) == 2
    message = capsys.readouterr().err
    assert message.count("\n") == 1 and "none.parquet" in message
