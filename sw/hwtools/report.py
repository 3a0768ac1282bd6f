"""The one writer of `build/reports/NAME.json`: flat rows, a figure and how it was had in each."""

from __future__ import annotations

import json
import math
import operator
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from hwtools.rename import by_rename
from hwtools.toolchain import BUILD, ROOT, TEXT

REPORTS = BUILD / "reports"
FIGURES = ROOT / "docs" / "figures"
HOW = ("simulated", "proved", "placed and routed", "synthesised", "measured on host", "on board")

Number = int | float
_OPS: dict[str, Callable[[Any, Any], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
}


@dataclass(frozen=True)
class Row:
    """One figure. `bound` and `op` stand beside it where something promises a bound."""

    case: str
    metric: str
    value: Number | str
    unit: str
    n: int
    how: str
    bound: Number | str | None = None
    op: str | None = None
    holds: bool | None = None


@dataclass
class Report:
    """The rows of one command, written whole at its end."""

    name: str
    command: str
    seed: int | None = None
    rows: list[Row] = field(default_factory=list)

    def row(
        self,
        case: str,
        metric: str,
        value: Number | str,
        unit: str,
        *,
        n: int,
        how: str,
        bound: Number | str | None = None,
        op: str | None = None,
    ) -> Row:
        """Add a figure; with a bound, `op` says on which side of it the figure must lie."""
        if how not in HOW:
            raise ValueError(f"how={how!r}: a figure is one of {', '.join(HOW)}")
        if (bound is None) != (op is None) or (op is not None and op not in _OPS):
            raise ValueError(f"bound={bound!r}, op={op!r}: give both, op one of {', '.join(_OPS)}")
        for figure in (value, bound) if op else (value,):
            if not isinstance(figure, str) and (figure is None or not math.isfinite(figure)):
                raise ValueError(f"{case} {metric}: {figure} is no figure")
        holds = None if op is None or bound is None else _holds(value, op, bound)
        row = Row(case, metric, value, unit, n, how, bound, op, holds)
        self.rows.append(row)
        return row

    @property
    def failed(self) -> list[Row]:
        return [row for row in self.rows if row.holds is False]

    def write(self, folder: Path = REPORTS) -> Path:
        """Write the JSON file of this report, stamped with the commit."""
        head = {
            "report": self.name,
            "commit": commit(),
            "command": self.command,
            "seed": self.seed,
        }
        return dump({**head, "rows": [_plain(row) for row in self.rows]}, folder)


def _holds(value: Number | str, op: str, bound: Number | str) -> bool:
    """Words are compared for being the same, and never with numbers."""
    if isinstance(value, str) != isinstance(bound, str) or (isinstance(value, str) and op != "=="):
        raise ValueError(f"{value!r} {op} {bound!r}: can't be compared")
    return _OPS[op](value, bound)


def misses(row: dict[str, Any]) -> bool:
    """Whether a row that was read misses its bound, whatever it says of itself."""
    if not {"bound", "op", "holds"} & row.keys():
        return False
    try:
        return not (_holds(row["value"], row["op"], row["bound"]) and row["holds"] is True)
    except (KeyError, ValueError):
        return True  # a bound without a figure, or the other way round


def _plain(row: Row) -> dict[str, Any]:
    return {key: value for key, value in asdict(row).items() if value is not None}


def dump(report: dict[str, Any], folder: Path) -> Path:
    """Write a report, a row a line, by rename: a reader never sees half a report."""
    path = folder / f"{report['report']}.json"
    head = {key: value for key, value in report.items() if key != "rows"}
    rows = ",\n  ".join(json.dumps(row) for row in report["rows"])
    text = json.dumps(head, indent=1)[:-2] + f',\n "rows": [\n  {rows}\n ]\n}}\n'
    json.loads(text)
    with by_rename(path) as part:
        part.write_text(text)
    return path


def read(path: Path) -> dict[str, Any]:
    """A report as written, or one line that says what is wrong with the file."""
    try:
        report = json.loads(path.read_text())
    except (OSError, json.JSONDecodeError) as error:
        raise ValueError(f"{path}: not a report ({error})") from None
    if not isinstance(report, dict) or not {"report", "commit", "rows"} <= report.keys():
        raise ValueError(f"{path}: not a report (no report, commit or rows)")
    return report


def commit() -> str:
    """The commit that the figures belong to, marked when the work tree differs from it."""
    result = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"],
        cwd=ROOT,
        **TEXT,
        capture_output=True,
        check=False,
    )
    return result.stdout.strip() or "unknown"


def markdown(rows: Iterable[dict[str, Any]]) -> str:
    """A table with a line for each row."""
    lines = ["| case | figure | value | bound | how |", "|---|---|---|---|---|"]
    for row in rows:
        bound = f"{row['op']} {row['bound']}" if "op" in row else ""
        value = f"{number(row['value'])} {row['unit']}".strip()
        metric = row["metric"].replace("_", " ")
        lines.append(f"| {row['case']} | {metric} | {value} | {bound} | {row['how']} |")
    return "\n".join(lines)


def markdown_by_case(rows: Iterable[dict[str, Any]]) -> str:
    """A table with a line for each case and a column for each metric; its heading says how."""
    values: dict[str, dict[str, str]] = {}
    columns: dict[str, str] = {}
    for row in rows:
        metric = row["metric"]
        unit = f", {row['unit']}" if row["unit"] else ""
        columns[metric] = f"{metric.replace('_', ' ')}{unit}<br>*{row['how']}*"
        values.setdefault(row["case"], {})[metric] = number(row["value"])
    lines = ["| | " + " | ".join(columns.values()) + " |", "|---|" + "---|" * len(columns)]
    for case, cells in values.items():
        lines.append(f"| {case} | " + " | ".join(cells.get(m, "") for m in columns) + " |")
    return "\n".join(lines)


def number(value: Number | str) -> str:
    """A value as tables show it."""
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.4g}" if isinstance(value, float) else value
