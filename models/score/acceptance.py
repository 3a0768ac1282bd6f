"""The acceptance criteria of a student, as rows of a report with bounds and as lines of its card.

    a   at every horizon, MCC above that of the persistence rule: the 95 % interval of the paired
        difference lies above 0
    b   at k = 50 or k = 100, MCC at most 0.02 below LightGBM's, by the lower end of that interval
    c   macro-F1 on validation at most 1.0 point below that of the same network in floating point,
        2.0 below its teacher's
    d   at most 20,000 COMB, a state loop of at most 12 cycles

Beside a student's weights, `float.json` and `teacher.json` hold what training the floating-point
network or the teacher printed with --json. Figures of hardware come from any report in
build/reports or docs/figures that has rows for the student. A criterion without figures isn't
judged.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from hwtools import report
from hwtools.report import FIGURES, REPORTS, Report
from models.train.labels import HORIZONS

_ABOVE: Final = 1e-5  # above 0: intervals are kept with five digits
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
    binds: bool = True  # leads on the validation part are reported without a bound

    @property
    def holds(self) -> bool:
        return self.value >= self.bound if self.op == ">=" else self.value <= self.bound

    @property
    def words(self) -> str:
        verdict = "met" if self.holds else "**not met**"
        unit = f" {self.unit}" if self.unit else ""
        where = "" if self.binds else " (validation only; the test part isn't scored)"
        bound = "above 0" if self.bound == _ABOVE else f"{self.op} {self.bound:g}"
        name = self.metric.replace("_", " ").replace("mcc", "MCC").replace("f1", "F1")
        name = name.replace(" low", ", lower end of 95 %,")
        return f"({self.letter}) {verdict}: {name} {self.value:g}{unit}, bound {bound}{where}"


def scored(line: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The part that counts and its figures: test where it was scored, else validation."""
    part = "test" if "test" in line else "validation"
    return part, line[part]


def leads(line: dict[str, Any]) -> list[Criterion]:
    """Criteria a and b of one student on its own day."""
    part, figures = scored(line)
    samples, binds, criteria = figures["samples"], part == "test", []
    for letter, other, bound in (("a", "persistence", _ABOVE), ("b", "lightgbm", _BELOW_LIGHTGBM)):
        lead = figures["against"].get(f"mcc_over_{other}")
        if lead and (letter == "a" or line["k"] in _LONG):
            name = f"{part}_mcc_over_{other}_low"
            criteria.append(Criterion(letter, name, lead[1], bound, ">=", samples, binds=binds))
    return criteria


def of_family(lines: list[dict[str, Any]]) -> list[Criterion]:
    """Criteria a and b of the students of one kind and day, over their horizons."""
    parts, horizons = {scored(line)[0] for line in lines}, {line["k"] for line in lines}
    if len(parts) != 1:
        return []
    every = [one for line in lines for one in leads(line)]
    criteria = []
    if horizons == set(HORIZONS):
        a = min((one for one in every if one.letter == "a"), key=lambda one: one.value)
        criteria.append(_renamed(a, "least"))
    longer = [one for one in every if one.letter == "b"]
    if horizons >= set(_LONG) and longer:
        criteria.append(_renamed(max(longer, key=lambda one: one.value), "best"))
    return criteria


def _renamed(one: Criterion, which: str) -> Criterion:
    return replace(one, metric=f"{one.metric}_{which}_of_horizons")


def beside(folder: Path, macro_f1: float, samples: int) -> list[Criterion]:
    """Criterion c, for those of the float network and the teacher whose figures are kept."""
    criteria = []
    for name, bound in _BESIDE:
        figures = kept(folder, name)
        if figures is not None:
            lost = round(100 * (figures["validation_macro_f1"] - macro_f1), 3)
            metric = f"validation_macro_f1_below_{name}"
            criteria.append(Criterion("c", metric, lost, bound, "<=", samples, "points"))
    return criteria


def kept(folder: Path, name: str) -> dict[str, Any] | None:
    """The figures of a student's float network or teacher, if they are kept."""
    path = folder / f"{name}.json"
    if not path.exists():
        return None
    try:
        figures = dict(json.loads(path.read_text()))
        figures["validation_macro_f1"] = float(figures["validation_macro_f1"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: not what training prints with --json ({error})") from None
    return figures


def hardware(name: str, folders: Iterable[Path] = (REPORTS, FIGURES)) -> list[Criterion]:
    """Criterion d, from the first report that has the figure."""
    rows: dict[str, dict[str, Any]] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.json")):
            for row in report.read(path)["rows"]:
                if row["case"] == name:
                    rows.setdefault(row["metric"], row)
    return [
        Criterion("d", metric, row["value"], bound, "<=", row["n"], unit, row["how"])
        for metric, unit, bound in HARDWARE
        if (row := rows.get(metric))
    ]


def add_rows(into: Report, lines: list[dict[str, Any]], folders: dict[str, Path]) -> None:
    """Every criterion of the students in these lines that were trained on their own day."""
    families: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for line in lines:
        folder = folders.get(line["candidate"])
        if folder is None or line["transfer"]:
            continue
        family = folder.name.removesuffix(f"_{line['k']}")
        families.setdefault((line["case"], family), []).append(line)
        figures = line["validation"]
        own = beside(folder, figures["macro_f1"], figures["samples"]) + hardware(folder.name)
        _add(into, f"{line['case']} k={line['k']} {folder.name}", own)
    for (case, family), members in families.items():
        _add(into, f"{case} {family}", of_family(members))


def _add(into: Report, case: str, criteria: list[Criterion]) -> None:
    for one in criteria:
        bound = {"bound": one.bound, "op": one.op} if one.binds else {}
        metric = f"accepted_{one.letter}_{one.metric}"
        into.row(case, metric, one.value, one.unit, n=one.n, how=one.how, **bound)  # type: ignore[arg-type]
