"""`make cards`: writes a card, with text and pictures, beside each student's weights.

    make cards ARGS="[--model models/trained/NAME …] [--data FILE.parquet …]"

Each student is scored again on the validation part of its training day, which must be among the
files. The test part isn't scored here: its figures come from models/ledger.jsonl, and without them
the card says that there are none. The same figures give the same bytes.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from hwtools.command import ended
from hwtools.progress import progress_bar
from hwtools.rename import by_rename
from hwtools.report import Report
from models.score import acceptance, card_text, evaluate, ledger, pictures, scoring
from models.score.backtest import Rules
from models.score.card_text import Card
from models.score.options import DATA, of_cards
from models.score.scoring import Case
from models.train import baselines, students
from models.train.baselines import Trained
from openrtl.torch import nonzero_weights
from tickwire.data import events as files
from tickwire.data.events import DataError
from tickwire.features.table import NAMES

FILE: Final = "card.md"
SEED: Final = 1
MOST_BYTES: Final = 150_000  # of a picture
_BARS: Final = 12


def find_day(record: dict[str, Any], paths: Sequence[Path]) -> Path:
    """The file of the day that a student was trained on."""
    held = []
    for path in paths:
        about, events = files.read(path)
        if files.digest(events) == record["data"]:
            return path
        held.append(f"{path.name}: {', '.join(about.instruments)} {about.date}".rstrip())
    raise DataError(f"{_wanted(record)}; {'; '.join(held) or 'build/data holds no day'}")


def _wanted(record: dict[str, Any]) -> str:
    """Which day a student needs, and how it is had."""
    name, begins = str(record["instrument"]), record["data"][:12]
    known = {
        "AAAA": ("the generated day", "make data"),
        "BTCUSD": ("30 minutes of BTC/USD", "pip install --no-deps ob-analytics==0.1.0"),
    }
    day, how = known.get(name, (f"LOBSTER's sample of {name}", "make data LOBSTER=folder"))
    return f"it lacks {day} that it was trained on, whose digest begins {begins} ({how})"


def make(folder: Path, paths: Sequence[Path], trials: int) -> Card:
    """Score a student on the validation part, and read its other figures from the ledger."""
    net, record = students.load(folder)
    student, _ = students.candidate(folder)
    student = replace(student, name=folder.name)
    day = scoring.open_day(find_day(record, paths))
    case = replace(day, horizon=record["horizon"], report=Report("card", ""), seed=SEED)
    candidates = _candidates(case, student, trials)
    validation = {one.name: scoring.judged(case, one, 1) for one in candidates}
    lines = ledger.read(scoring.BOOK)
    test = {one.name: figures for one in candidates if (figures := _scored(lines, one, case))}
    own = [
        line for line in lines if student.digest in (line["candidate"], line["figures"].get("of"))
    ]
    here = [line for line in own if line["data"] == record["data"]]
    money, of = _money(case, student, here)
    lost = baselines.importance(student, case.market.samples, case.parts[1], case.horizon, SEED)
    line = {"k": case.horizon, "validation": validation[student.name]}
    if student.name in test:
        line["test"] = test[student.name]
    f1, samples = validation[student.name]["macro_f1"], validation[student.name]["samples"]
    return Card(
        folder.name,
        record,
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
    samples, (training, validation, _) = case.market.samples, case.parts
    boosted = baselines.boosted(
        samples, training, validation, case.horizon, trials=trials, seed=SEED, keep=evaluate.KEPT
    )
    return [baselines.persistence(samples, training, case.horizon), boosted, student]


def _scored(lines: list[dict[str, Any]], one: Trained, case: Case) -> dict[str, Any]:
    """A candidate's figures on the test part, if the ledger has them."""
    key = (one.digest, case.market.samples.digest, case.horizon)
    for line in lines:
        if (line["candidate"], line["data"], line["horizon"]) == key:
            return dict(line["figures"])
    return {}


def _money(case: Case, student: Trained, lines: list[dict[str, Any]]) -> tuple[dict[str, Any], str]:
    """The ledger's latest backtest of the test part, or else a backtest of the validation part."""
    for line in reversed(lines):
        if "of" in line["figures"]:
            return {name: each for name, each in line["figures"].items() if name != "of"}, "test"
    by = scoring.chosen(case, student)
    return scoring.played(case, student, 1, by), "validation"


def _tried(case: Case, student: Trained) -> dict[str, list[tuple[Rules, int, int]]]:
    """The money of each policy on the validation part, for every threshold."""
    span = case.parts[1]
    chances = student.chances(case.market.samples, span)
    usual = scoring.usual(case)
    return {name: case.market.tried(chances, span, rules) for name, rules in usual.items()}


def write(card: Card, folder: Path) -> list[Path]:
    """Write the card and its pictures; a picture that is too large is refused."""
    of, figures = card.pictured
    unit, scale = card_text.money_unit(card.case.about)
    bars = dict(list(card.lost.items())[:_BARS])
    images = [
        folder / f"{name}.svg" for name in ("calibration", "confusion", "money", "importance")
    ]
    pictures.calibration(images[0], figures["calibration"], of)
    pictures.confusion(images[1], figures["confusion"], of)
    pictures.money(images[2], card.money, unit, scale, card.money_of)
    pictures.importance(images[3], bars, "validation")
    for path in images:
        if path.stat().st_size > MOST_BYTES:
            size = path.stat().st_size
            raise ValueError(f"{path}: {size:,} bytes; a picture has at most {MOST_BYTES:,}")
    with by_rename(folder / FILE) as part:
        part.write_text(card_text.page(card))
    return [folder / FILE, *images]


def run(args: argparse.Namespace) -> int:
    written = []
    paths = args.data or sorted(DATA.glob("*.parquet"))
    with progress_bar() as bar:
        for folder in bar.track(args.model or students.kept(), description="cards"):
            card = make(folder, paths, args.trials)
            out = args.out / folder.name if args.out else folder
            written.append({"model": card.name, "files": [str(p) for p in write(card, out)]})
            if not args.json:
                print(out / FILE)
    if args.json:
        print(json.dumps(written))
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    return ended("cards", lambda: run(of_cards().parse_args(arguments)), ValueError)
