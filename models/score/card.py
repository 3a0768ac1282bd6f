"""`make cards`: a card beside each student's weights, its words and pictures made from figures.

    python -m models.score.card [--model models/trained/NAME …] [--data FILE.parquet …]

Each student is scored again on the validation part of the day that it was trained on, which must be
among the files. The test part is never touched here: its figures are what models/ledger.jsonl
holds, or the card says that there are none. The same figures make the same bytes.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from rich.console import Console
from rich.progress import track

from hwtools.report import Report
from hwtools.toolchain import BUILD
from models.score import acceptance, card_text, evaluate, ledger, pictures, scoring
from models.score.backtest import Rules
from models.score.card_text import Card
from models.score.ledger import LedgerError
from models.score.scoring import Case
from models.train import baselines, students
from models.train.baselines import Trained
from openrtl.torch import nonzero_weights
from tickwire.data import events as files
from tickwire.data.events import DataError
from tickwire.features.table import NAMES

DATA: Final = BUILD / "data"
FILE: Final = "card.md"
SEED: Final = 1
MOST_BYTES: Final = 150_000  # of a picture
_BARS: Final = 12


def find_day(digest: str, paths: Sequence[Path]) -> Path:
    """The file that holds the day of a digest."""
    for path in paths:
        if files.digest(files.read(path)[1]) == digest:
            return path
    raise DataError(f"no file among {len(paths)} holds the day of digest {digest[:12]}")


def make(folder: Path, paths: Sequence[Path], trials: int) -> Card:
    """Score a student on validation, and gather what the ledger has."""
    net, about = students.load(folder)
    student, _ = students.candidate(folder)
    student = replace(student, name=folder.name)
    day = scoring.open_day(find_day(about["data"], paths))
    case = replace(day, horizon=about["horizon"], report=Report("card", ""), seed=SEED)
    candidates = _candidates(case, student, trials)
    validation = {one.name: scoring.judged(case, one, 1) for one in candidates}
    lines = ledger.read(scoring.BOOK)
    test = {one.name: told for one in candidates if (told := _scored(lines, one, case))}
    own = [
        line for line in lines if student.digest in (line["candidate"], line["figures"].get("of"))
    ]
    here = [line for line in own if line["data"] == about["data"]]
    money, of = _money(case, student, here)
    lost = baselines.importance(student, case.market.found, case.parts[1], case.horizon, SEED)
    line = {"k": case.horizon, "validation": validation[student.name]}
    if student.name in test:
        line["test"] = test[student.name]
    f1, samples = validation[student.name]["macro_f1"], validation[student.name]["samples"]
    return Card(
        folder.name,
        about,
        case,
        validation,
        test,
        money,
        of,
        _tried(case, student),
        {NAMES[at]: float(lost[at]) for at in np.argsort(-lost).tolist()},
        own,
        acceptance.leads(line)
        + acceptance.beside(folder, f1, samples)
        + acceptance.hardware(folder.name),
        acceptance.kept(folder, "float"),
        nonzero_weights(net),
        candidates[1].settings,
    )


def _candidates(case: Case, student: Trained, trials: int) -> list[Trained]:
    found, (training, validation, _) = case.market.found, case.parts
    boosted = baselines.boosted(
        found, training, validation, case.horizon, trials=trials, seed=SEED, keep=evaluate.KEPT
    )
    return [baselines.persistence(found, training, case.horizon), boosted, student]


def _scored(lines: list[dict[str, Any]], one: Trained, case: Case) -> dict[str, Any]:
    """A candidate's test figures, if the ledger has them."""
    key = (one.digest, case.market.found.digest, case.horizon)
    for line in lines:
        if (line["candidate"], line["data"], line["horizon"]) == key:
            return dict(line["figures"])
    return {}


def _money(case: Case, student: Trained, lines: list[dict[str, Any]]) -> tuple[dict[str, Any], str]:
    """The latest replay of the test part that the ledger has, else that of validation."""
    for line in reversed(lines):
        if "of" in line["figures"]:
            told = {name: each for name, each in line["figures"].items() if name != "of"}
            return told, "test"
    by = scoring.chosen(case, student)
    return scoring.played(case, student, 1, by), "validation"


def _tried(case: Case, student: Trained) -> dict[str, list[tuple[Rules, int, int]]]:
    """What each policy earns on validation by its threshold: what being selective changes."""
    span = case.parts[1]
    chances = student.chances(case.market.found, span)
    usual = scoring.usual(case)
    return {name: case.market.tried(chances, span, how) for name, how in usual.items()}


def write(card: Card, folder: Path) -> list[Path]:
    """The card and its pictures; a picture that is too large is refused."""
    of, figures = card.shown
    unit, scale = card_text.money_unit(card.case.about)
    bars = dict(list(card.lost.items())[:_BARS])
    made = [
        pictures.calibration(folder / "calibration.svg", figures["calibration"], of),
        pictures.confusion(folder / "confusion.svg", figures["confusion"], of),
        pictures.money(folder / "money.svg", card.money, unit, scale, card.money_of),
        pictures.importance(folder / "importance.svg", bars, "validation"),
    ]
    for path in made:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"{path}: {path.stat().st_size:,} bytes; a picture has {MOST_BYTES:,}")
    path = folder / FILE
    part = path.with_name(f".{FILE}.{os.getpid()}.part")
    part.write_text(card_text.page(card))
    part.replace(path)
    return [path, *made]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="models.score.card", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--model", type=Path, action="append", help="a trained student's folder")
    parser.add_argument("--data", type=Path, action="append", help="events; default: build/data")
    parser.add_argument("--out", type=Path, help="folder of folders; default: beside the weights")
    parser.add_argument("--trials", type=int, default=evaluate.LEAST_TRIALS, help="of LightGBM")
    parser.add_argument("--json", action="store_true", help="print what was written as JSON")
    told = parser.parse_args(arguments)
    if told.trials < 1:
        parser.error("--trials is at least 1")
    console = Console(stderr=True)
    folders, written = told.model or evaluate.all_students(), []
    paths = told.data or sorted(DATA.glob("*.parquet"))
    shown = not console.is_terminal
    try:
        for folder in track(folders, "cards", console=console, transient=True, disable=shown):
            card = make(folder, paths, told.trials)
            out = told.out / folder.name if told.out else folder
            written.append({"model": card.name, "files": [str(p) for p in write(card, out)]})
            if not told.json:
                print(out / FILE)
    except KeyboardInterrupt:
        print("card: stopped", file=sys.stderr)
        return 130
    except (DataError, LedgerError, ValueError) as error:
        print(f"card: {error}", file=sys.stderr)
        return 2
    if told.json:
        print(json.dumps(written))
    return 0


if __name__ == "__main__":
    sys.exit(main())
