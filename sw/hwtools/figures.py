"""`make figures`: keeps the figures that the project states, and makes the tables of its pages.

It copies the reports of `build/reports` that `docs/figures` holds already, and those named by
ARGS=, without the rows that no page shows and nothing checks. Then it makes the tables of README.md
and docs/*.md anew. A table says how many commits old its figures are when it is made.

`--check` fails where a table isn't what the kept figures make, where a kept report names what is
gone or lacks what is there, and where it holds a row in vain. `--latency` fails where a latency in
cycles that was just built lies above the kept one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hwtools.command import ended
from hwtools.pages import Row, Selection, ageless, pages, rendered, selections
from hwtools.report import FIGURES, REPORTS, dump, misses, read
from hwtools.toolchain import ROOT


def pruned(report: dict[str, Any], selected: Iterable[Selection]) -> dict[str, Any]:
    """The report without the rows that no table shows and nothing checks: they have no bound, and
    are neither a latency nor a digest of what was judged."""
    mine = [one for one in selected if one.report == report["report"]]
    rows = [row for row in report["rows"] if _is_checked(row) or any(one.has(row) for one in mine)]
    return {**report, "rows": rows}


def _is_checked(row: Row) -> bool:
    return "op" in row or row["metric"] == "digest" or _is_latency(row)


def keep(
    names: Sequence[str] = (),
    reports: Path = REPORTS,
    figures: Path = FIGURES,
    texts: Iterable[str] = (),
) -> list[Path]:
    """Copy and prune reports; one with a failed bound, or of uncommitted sources, is refused."""
    built = {path.stem: path for path in reports.glob("*.json")}
    if lacking := sorted(set(names) - set(built)):
        raise ValueError(f"{lacking[0]}: no such report in {reports}")
    kept = {path.stem: path for path in figures.glob("*.json")}
    selected = selections(texts, figures)
    written = []
    for name in sorted({*kept, *names}):
        path = built.get(name, kept.get(name))
        assert path is not None
        report = read(path)
        if wrong := _unfit(report):
            raise ValueError(f"{path.name}: {wrong}")
        before = kept[name].read_text() if name in kept else ""
        file = dump(pruned(report, selected), figures)
        if file.read_text() != before:
            written.append(file)
    return written


def _unfit(report: dict[str, Any]) -> str:
    """Why a report may not be kept; nothing where it may."""
    if failed := [row for row in report["rows"] if misses(row)]:
        return f"{len(failed)} figures miss their bound; not kept"
    if str(report["commit"]).endswith("-dirty"):
        return "made from uncommitted sources; commit, then run it again"
    return ""


# -- Checks ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Subject:
    """What the cases of a report name: `there`, all of which it must hold if it is `whole`."""

    rows: Selection
    there: set[str]
    where: str
    whole: bool = False

    def faults(self, figures: Path) -> list[str]:
        file = f"{self.rows.report}.json"
        if not (figures / file).exists():
            return []
        report = read(figures / file)
        named = {row["case"].partition(",")[0] for row in report["rows"] if self.rows.has(row)}
        lines = []
        if gone := sorted(named - self.there):
            lines.append(f"{file} names what is gone from {self.where}: {', '.join(gone)}")
        if self.whole and (lacking := sorted(self.there - named)):
            lines.append(f"{file} lacks what is in {self.where}: {', '.join(lacking)}")
        return [f"docs/figures/{line}; {report['command']}, then make figures" for line in lines]


def subjects(root: Path) -> list[Subject]:
    """Of the reports whose cases are files; only their names are looked at."""

    def stems(*patterns: str) -> set[str]:
        return {path.stem for pattern in patterns for path in root.glob(pattern)}

    modules, where = stems("hw/rtl/*.sv", "hw/gen/*.sv"), "hw/rtl and hw/gen"
    benches = {name.removeprefix("test_") for name in stems("sim/test_*.py")}
    students = {path.parent.name for path in root.glob("models/trained/*/weights.json")}
    patches = stems("sim/mutants/*.patch")
    return [
        Subject(Selection("modules", metrics=("tests",)), benches & modules, where, whole=True),
        Subject(Selection("mutants", metrics=("judges_*",)), patches, "sim/mutants", whole=True),
        Subject(Selection("mutants", metrics=("faults",)), modules, where),
        Subject(Selection("formal"), _proofs(root), "hw/formal", whole=True),
        Subject(Selection("area"), modules, where),
        Subject(Selection("core"), modules, where),
        Subject(Selection("students"), students, "models/trained", whole=True),
    ]


def _proofs(root: Path) -> set[str]:
    """Each task of each .sby file, as the report of proofs names it."""
    names = set()
    for path in root.glob("hw/formal/*.sby"):
        _, _, rest = path.read_text().partition("[tasks]\n")
        tasks = rest.partition("\n[")[0].splitlines()
        names |= {f"{path.stem} {task.split()[0]}" for task in tasks if task.strip()}
    return names


def faults(root: Path = ROOT, figures: Path = FIGURES) -> list[str]:
    """What is wrong with the pages and the kept reports, a line each."""
    lines = []
    texts = {path: path.read_text() for path in pages(root)}
    for path, text in texts.items():
        if ageless(rendered(text, figures)) != ageless(text):
            name = path.relative_to(root)
            lines.append(f"{name}: a table isn't what docs/figures makes; make figures")
    selected = selections(texts.values(), figures)
    for path in sorted(figures.glob("*.json")):
        report = read(path)
        if wrong := _unfit(report):
            lines.append(f"docs/figures/{path.name}: {wrong}")
        if not any(one.report == path.stem for one in selected):
            lines.append(f"docs/figures/{path.name}: no table shows it")
        vain = len(report["rows"]) - len(pruned(report, selected)["rows"])
        if vain:
            lines.append(
                f"docs/figures/{path.name} holds {vain} rows that nothing shows or checks; "
                "make figures"
            )
    return lines + [line for subject in subjects(root) for line in subject.faults(figures)]


def risen(reports: Path = REPORTS, figures: Path = FIGURES) -> list[str]:
    """Latencies in cycles that lie above the kept ones, or that are no longer reported."""
    lines = []
    for kept in sorted(figures.glob("*.json")):
        built = reports / kept.name
        if not built.exists():
            continue
        now = _latencies(read(built)["rows"])
        for key, cycles in _latencies(read(kept)["rows"]).items():
            if key not in now:
                lines.append(f"{kept.stem}: {' '.join(key)} is no longer reported")
            elif now[key] > cycles:
                lines.append(f"{kept.stem}: {' '.join(key)} is {now[key]} cycles, was {cycles}")
    return lines


def _is_latency(row: Row) -> bool:
    return row["unit"] == "cycles" and str(row["metric"]).startswith("latency")


def _latencies(rows: list[Row]) -> dict[tuple[str, str], int]:
    return {(row["case"], row["metric"]): row["value"] for row in rows if _is_latency(row)}


def main(argv: list[str]) -> int:
    try:
        if "--latency" in argv:
            lines = risen()
        else:
            if "--check" not in argv:
                for path in keep(argv, texts=[page.read_text() for page in pages()]):
                    print(f"kept {path.relative_to(ROOT)}")
                for page in pages():
                    page.write_text(rendered(page.read_text()))
            lines = faults()
    except ValueError as error:
        lines = [str(error)]
    print("\n".join(lines), file=sys.stderr) if lines else print("figures: nothing wrong")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(ended("figures", lambda: main(sys.argv[1:])))
