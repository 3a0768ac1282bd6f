"""The tables of README.md and docs/*.md, made from the reports that docs/figures keeps."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, Final

from hwtools.report import FIGURES, markdown, markdown_by_case, number, read
from hwtools.toolchain import ROOT, TEXT

Row = dict[str, Any]

# A table in a page, up to <!-- end -->: <!-- figures REPORT [by case] [@ CASES] [: METRIC; …] -->.
# `by case` makes a line of each case and a column of each metric. CASES and METRIC are patterns.
TABLE: Final = re.compile(
    r"(<!-- figures (\w+)( by case)?(?: @ ([^:>]+?))?(?:: ([^>]+?))? -->\n).*?(<!-- end -->)",
    re.DOTALL,
)
# The README's one table: a line for each [[row]] of docs/figures/summary.toml.
SUMMARY: Final = re.compile(r"(<!-- summary -->\n).*?(<!-- end -->)", re.DOTALL)
SUMMARY_FILE: Final = "summary.toml"
# A value in such a row: {[sum ]REPORT: METRIC[ @ CASES]}.
VALUE: Final = re.compile(r"\{(sum )?(\w+): ([^@}]+?)(?: @ ([^}]+))?\}")
AGE: Final = re.compile(r", (?:\d+ commits? old|at a commit that git doesn't find)")


@dataclass(frozen=True)
class Selection:
    """Rows of a kept report, by patterns of their case and their metric."""

    report: str
    cases: str = "*"
    metrics: tuple[str, ...] = ("*",)

    def has(self, row: Row) -> bool:
        return fnmatchcase(row["case"], self.cases) and any(
            fnmatchcase(row["metric"], metric) for metric in self.metrics
        )

    def read(self, figures: Path) -> tuple[dict[str, Any], list[Row]]:
        """The report and the rows; a metric without a row is refused."""
        report = read(figures / f"{self.report}.json")
        rows = [row for row in report["rows"] if self.has(row)]
        for metric in self.metrics:
            if not any(fnmatchcase(row["metric"], metric) for row in rows):
                raise ValueError(
                    f"{self.report}.json has no row {metric!r} of {self.cases!r}: "
                    f"run {report.get('command')}, then make figures"
                )
        return report, rows


def _selection(table: re.Match[str]) -> Selection:
    _, report, _, cases, metrics, _ = table.groups()
    return Selection(report, cases or "*", tuple(metrics.split("; ")) if metrics else ("*",))


def _summary_rows(figures: Path) -> list[dict[str, str]]:
    path = figures / SUMMARY_FILE
    return list(tomllib.loads(path.read_text())["row"]) if path.exists() else []


def pages(root: Path = ROOT) -> list[Path]:
    return [root / "README.md", *sorted((root / "docs").glob("*.md"))]


def selections(texts: Iterable[str], figures: Path) -> list[Selection]:
    """What the tables of these pages show."""
    tables = [_selection(table) for text in texts for table in TABLE.finditer(text)]
    values = [value for row in _summary_rows(figures) for value in VALUE.finditer(row["value"])]
    return tables + [Selection(v[2], v[4] or "*", (v[3],)) for v in values]


@cache
def age(commit: str) -> str:
    """How many commits were made since."""
    result = subprocess.run(
        ["git", "rev-list", "--count", f"{commit}..HEAD"],
        cwd=ROOT,
        **TEXT,
        capture_output=True,
        check=False,
    )
    if result.returncode:
        return "at a commit that git doesn't find"
    count = int(result.stdout)
    return f"{count} commit{'' if count == 1 else 's'} old"


def ageless(text: str) -> str:
    """A page without the ages of its tables, which grow with each commit."""
    return AGE.sub("", text)


def rendered(text: str, figures: Path = FIGURES) -> str:
    """A page with its tables made anew from the kept figures."""

    def table(match: re.Match[str]) -> str:
        report, rows = _selection(match).read(figures)
        lines = markdown_by_case(rows) if match[3] else markdown(rows)
        source = f"*`{report['command']}` at {report['commit']}, {age(report['commit'])}*"
        return f"{match[1]}\n{lines}\n\n{source}\n\n{match[6]}"

    text = TABLE.sub(table, text)
    return SUMMARY.sub(lambda match: f"{match[1]}{summary(figures)}\n{match[2]}", text)


def summary(figures: Path) -> str:
    """The README's table."""
    lines = ["| | figure | how it was had |", "|---|---|---|"]
    for row in _summary_rows(figures):
        sources: dict[str, set[str]] = {}  # report, and how its rows were had

        def value(match: re.Match[str], sources: dict[str, set[str]] = sources) -> str:
            report, rows = Selection(match[2], match[4] or "*", (match[3],)).read(figures)
            source = f"`{report['command']}`, {age(report['commit'])}"
            sources.setdefault(source, set()).update(row["how"] for row in rows)
            return _spread([row["value"] for row in rows], bool(match[1]))

        figure = VALUE.sub(value, row["value"])
        how = [f"{', '.join(sorted(hows))}: {source}" for source, hows in sources.items()]
        lines.append(f"| {row['what']} | {figure} | {row.get('how') or '; '.join(how)} |")
    return "\n".join(lines)


def _spread(values: list[Any], added: bool) -> str:
    if added:
        return number(sum(values))
    if min(values) == max(values):
        return number(values[0])
    return f"{number(min(values))} to {number(max(values))}"
