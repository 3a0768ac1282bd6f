"""What a student has to reach, as rows with a bound, and as words for its card.

    a   MCC above the persistence rule's at every horizon: the lower end of the paired difference's
        95 % interval is above 0
    b   MCC at least LightGBM's less 0.02, by the same end, at k = 50 or k = 100
    c   macro-F1 on validation at most 1.0 point below its float self's, 2.0 below its teacher's
    d   at most 20,000 COMB, the state loop at most 12 cycles

Beside a student's weights, `float.json` and `teacher.json` keep what training its float self or its
teacher printed with --json. Figures of hardware are rows of any report in build/reports or
docs/figures whose case is the student's name. What isn't there isn't judged.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hwtools import report
from hwtools.report import FIGURES, REPORTS, Report
from models.train.labels import HORIZONS

_ABOVE: Final = 1e-5  # the least that intervals are kept to
_BELOW_LIGHTGBM: Final = -0.02
_LONG: Final = (50, 100)
_BESIDE: Final = (("float", 1.0), ("teacher", 2.0))  # points of macro-F1
HARDWARE: Final = (("comb (ecp5)", "cells", 20_000), ("loop_cycles", "clocks", 12))


@dataclass(frozen=True)
class Criterion:
    """One figure and its bound."""

    letter: str
    metric: str
    value: float | int
    bound: float | int
    op: str
    n: int
    unit: str = ""
    how: str = "measured on host"
    binds: bool = True  # on validation, leads are told and not held to the bound

    @property
    def holds(self) -> bool:
        return self.value >= self.bound if self.op == ">=" else self.value <= self.bound

    @property
    def words(self) -> str:
        said = "met" if self.holds else "**not met**"
        unit = f" {self.unit}" if self.unit else ""
        where = "" if self.binds else " (validation only; the test part isn't scored)"
        bound = "above 0" if self.bound == _ABOVE else f"{self.op} {self.bound:g}"
        name = self.metric.replace("_", " ").replace("mcc", "MCC").replace("f1", "F1")
        name = name.replace(" low", ", lower end of 95 %,")
        return f"({self.letter}) {said}: {name} {self.value:g}{unit}, bound {bound}{where}"


def scored(line: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The part that counts: test where it was scored, else validation."""
    part = "test" if "test" in line else "validation"
    return part, line[part]


def leads(line: dict[str, Any]) -> list[Criterion]:
    """a and b of one student on its own day."""
    part, told = scored(line)
    made = []
    for letter, other, bound in (("a", "persistence", _ABOVE), ("b", "lightgbm", _BELOW_LIGHTGBM)):
        found = told["against"].get(f"mcc_over_{other}")
        if found and (letter == "a" or line["k"] in _LONG):
            name = f"{part}_mcc_over_{other}_low"
            made.append(
                Criterion(
                    letter, name, found[1], bound, ">=", told["samples"], binds=part == "test"
                )
            )
    return made


def of_family(lines: list[dict[str, Any]]) -> list[Criterion]:
    """a and b of students of one kind and day, over their horizons."""
    each = [one for line in lines for one in leads(line)]
    parts = {scored(line)[0] for line in lines}
    made = []
    if {line["k"] for line in lines} == set(HORIZONS) and len(parts) == 1:
        a = min((one for one in each if one.letter == "a"), key=lambda one: one.value)
        made.append(_renamed(a, "least"))
    longer = [one for one in each if one.letter == "b"]
    if {line["k"] for line in lines} >= set(_LONG) and len(parts) == 1 and longer:
        made.append(_renamed(max(longer, key=lambda one: one.value), "best"))
    return made


def _renamed(one: Criterion, which: str) -> Criterion:
    return Criterion(**{**one.__dict__, "metric": f"{one.metric}_{which}_of_horizons"})


def beside(folder: Path, macro_f1: float, samples: int) -> list[Criterion]:
    """c: against its float self and its teacher, where their figures are kept."""
    made = []
    for name, bound in _BESIDE:
        told = kept(folder, name)
        if told is not None:
            lost = round(100 * (float(told["validation_macro_f1"]) - macro_f1), 3)
            metric = f"validation_macro_f1_below_{name}"
            made.append(Criterion("c", metric, lost, bound, "<=", samples, "points"))
    return made


def kept(folder: Path, name: str) -> dict[str, Any] | None:
    """The figures of a student's float self or teacher; ValueError where they aren't figures."""
    path = folder / f"{name}.json"
    if not path.exists():
        return None
    try:
        told = dict(json.loads(path.read_text()))
        told["validation_macro_f1"] = float(told["validation_macro_f1"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: not what training prints with --json ({error})") from None
    return told


def hardware(name: str, folders: Iterable[Path] = (REPORTS, FIGURES)) -> list[Criterion]:
    """d: from the first report that tells it."""
    found: dict[str, dict[str, Any]] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.json")):
            for row in report.read(path)["rows"]:
                if row["case"] == name:
                    found.setdefault(row["metric"], row)
    return [
        Criterion("d", metric, found[metric]["value"], bound, "<=", found[metric]["n"], unit,
                  found[metric]["how"])
        for metric, unit, bound in HARDWARE
        if metric in found
    ]  # fmt: skip


def state(into: Report, lines: list[dict[str, Any]], folders: dict[str, Path]) -> None:
    """Every criterion of the students of these lines that were trained on their own day."""
    families: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for line in lines:
        folder = folders.get(line["candidate"])
        if folder is None or line["transfer"]:
            continue
        family = folder.name.removesuffix(f"_{line['k']}")
        families.setdefault((line["case"], family), []).append(line)
        told = line["validation"]
        own = beside(folder, told["macro_f1"], told["samples"]) + hardware(folder.name)
        _add(into, f"{line['case']} k={line['k']} {folder.name}", own)
    for (case, family), each in families.items():
        _add(into, f"{case} {family}", of_family(each))


def _add(into: Report, case: str, found: list[Criterion]) -> None:
    for one in found:
        bound = {"bound": one.bound, "op": one.op} if one.binds else {}
        metric = f"accepted_{one.letter}_{one.metric}"
        into.row(case, metric, one.value, one.unit, n=one.n, how=one.how, **bound)  # type: ignore[arg-type]
