"""Cards: every figure comes from the student, its day and the ledger; the same bytes each time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from hwtools.report import Report
from models.score import card, ledger, scoring
from models.score.backtest import LATENCIES
from models.train import labels
from models.train.labels import classes, moves, parts
from models.train.metrics import confusion, mcc
from models.train.students import candidate

Student = Callable[..., Path]


@pytest.fixture()
def folder(day: list[str], student: Student) -> Path:
    """A student of the small day."""
    data = Path(day[1])
    return student(data.parent / "mlp_own_10", labels.load(data).digest)


def written(folder: Path) -> tuple[str, dict[str, bytes]]:
    arguments = ["--model", str(folder), "--data", str(folder.parent / "day.parquet")]
    assert card.main([*arguments, "--trials", "1", "--json"]) == 0
    return (folder / "card.md").read_text(), {p.name: p.read_bytes() for p in folder.glob("*.svg")}


def score(folder: Path, money: bool = True) -> None:
    """Score the student's test part into the ledger of this test."""
    student, record = candidate(folder)
    day = scoring.open_day(folder.parent / "day.parquet")
    day.horizon, day.report = record["horizon"], Report("test", "")
    scoring.forecasts(day, student, 2)
    if money:
        scoring.money(day, student, 2)


def test_a_card_has_the_figures(folder: Path) -> None:
    text, images = written(folder)
    samples, student = labels.load(folder.parent / "day.parquet"), candidate(folder)[0]
    span = parts(samples)[1]
    truth = classes(moves(samples, span, 10), student.limit)
    matrix = confusion(truth, student.chances(samples, span).argmax(axis=1))
    assert f"| validation | mlp_own_10 | {len(span):,} | {float(mcc(matrix)):.4f} |" in text
    assert "The test part isn't scored" in text and "no test part was ever scored" in text
    assert "too short to annualise" in text
    assert re.search(r"the (taker|passive) (earned|lost|came out at)", text)
    day = scoring.open_day(folder.parent / "day.parquet")
    day.horizon = 10
    for policy, rules in scoring.usual(day).items():
        tried = day.market.tried(student.chances(samples, span), span, rules)
        for each, trips, net in tried:
            assert f"| {policy} | {each.threshold:.3f} | {trips:,} | {net / 1e4:,.2f} |" in text
        assert len({trips for _, trips, _ in tried}) > 1
    for at in range(3):
        assert f"{int(matrix[at, at]):,}".encode() in images["confusion.svg"]
    assert set(images) == {"calibration.svg", "confusion.svg", "money.svg", "importance.svg"}
    for name, raw in images.items():
        assert f"]({name})" in text
        assert len(raw) < card.MOST_BYTES and b"<image" not in raw and b"dc:date" not in raw


def test_a_card_is_the_same_each_time(folder: Path, student: Student) -> None:
    text, images = written(folder)
    assert written(folder) == (text, images)
    digest = json.loads((folder / "weights.json").read_text())["data"]
    other_text, other = written(student(folder, digest, seed=2))
    assert other_text != text and other["confusion.svg"] != images["confusion.svg"]


def test_the_test_part_comes_from_the_ledger_alone(folder: Path) -> None:
    score(folder)
    before = scoring.BOOK.read_text()
    text, images = written(folder)
    assert scoring.BOOK.read_text() == before
    line, money = ledger.read(scoring.BOOK)
    assert f"| test | mlp_own_10 | {line['figures']['samples']:,} |" in text
    assert f"MCC {line['figures']['mcc']:.4f}" in text
    net = money["figures"]["taker"]["1000"]["net"]
    assert f"| net, dollars | {money['figures']['taker']['0']['net'] / 1e4:,.2f} |" in text
    assert f"{net / 1e4:,.2f}" in text
    assert b"latency, test" in images["money.svg"] and b"confusion, test" in images["confusion.svg"]
    assert all(len(money["figures"]["taker"][str(one)]["curve"]) <= 200 for one in LATENCIES)


def test_criteria_that_are_not_met_are_listed(folder: Path) -> None:
    assert "(c) not judged" in written(folder)[0]
    (folder / "float.json").write_text(
        json.dumps({"validation_macro_f1": 0.9, "validation_mcc": 0.8})
    )
    text, _ = written(folder)
    assert "(c) **not met**: validation macro F1 below float" in text
    assert "| float | 0.8000 | 0.9000 |" in text
    score(folder, money=False)
    low = ledger.read(scoring.BOOK)[0]["figures"]["against"]["mcc_over_persistence"][1]
    verdict = "met" if low >= 1e-5 else "**not met**"
    line = f"(a) {verdict}: test MCC over persistence, lower end of 95 %, {low:g}, bound above 0"
    assert line in written(folder)[0]


def test_an_error_is_one_line(
    folder: Path,
    student: Student,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = ["--data", str(folder.parent / "day.parquet"), "--trials", "1"]
    stranger = student(folder.parent / "mlp_else_10", "0123456789abcdef")
    assert card.main(["--model", str(stranger), *data]) == 2
    assert card.main(["--model", str(folder / "none"), *data]) == 2
    monkeypatch.setattr(card, "MOST_BYTES", 10)
    assert card.main(["--model", str(folder), *data]) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 3 and "0123456789ab" in lines[0] and "at most 10" in lines[2]
    assert lines[0].startswith("cards: it lacks the generated day that it was trained on")
    assert "(make data); day.parquet: AAAA" in lines[0]
    assert not (folder / "card.md").exists()
