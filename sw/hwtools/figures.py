"""`make figures`: keeps the figures that the project states.

It copies the reports of `build/reports` that `docs/figures` has already, and those named by ARGS=,
commit and command inside, and renews the README's tables from there. `--check` fails when it
differs from the kept figures; `--latency` fails when a latency in cycles that was just built lies
above the kept one.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hwtools.report import FIGURES, REPORTS, markdown, markdown_by_case, read
from hwtools.toolchain import ROOT

README = ROOT / "README.md"
# <!-- figures NAME [by case]: metric; metric … --> … <!-- end --> in the README; no metric: all.
# `by case` makes a line of each case, with a column a metric.
TABLE = re.compile(
    r"(<!-- figures (\w+)( by case)?(?:: ([^>]*?))? -->\n).*?(<!-- end -->)", re.DOTALL
)


def keep(names: Sequence[str] = (), reports: Path = REPORTS, figures: Path = FIGURES) -> list[Path]:
    """Copy the reports; one that holds a failed bound, or a dirty commit, is refused."""
    kept = []
    built = {path.stem: path for path in reports.glob("*.json")}
    if lacking := sorted(set(names) - set(built)):
        raise ValueError(f"{lacking[0]}: no such report in {reports}")
    stated = {path.stem for path in figures.glob("*.json")}
    for path in (built[name] for name in sorted(built) if name in stated or name in names):
        found = read(path)
        failed = [row for row in found["rows"] if row.get("holds") is False]
        if failed:
            raise ValueError(f"{path.name}: {len(failed)} figures miss their bound; not kept")
        if str(found["commit"]).endswith("-dirty"):
            raise ValueError(
                f"{path.name}: made from uncommitted sources; commit, then run it again"
            )
        figures.mkdir(parents=True, exist_ok=True)
        (figures / path.name).write_text(path.read_text())
        kept.append(figures / path.name)
    return kept


def rendered(text: str, figures: Path = FIGURES) -> str:
    """A page with its tables made anew from the kept figures."""

    def table(match: re.Match[str]) -> str:
        opening, name, by_case, metrics, closing = match.groups()
        found = read(figures / f"{name}.json")
        wanted = metrics.split("; ") if metrics else []
        rows = [row for row in found["rows"] if not wanted or row["metric"] in wanted]
        shown = markdown_by_case(rows) if by_case else markdown(rows)
        source = f"*`{found['command']}` at {found['commit']}*"
        return f"{opening}\n{shown}\n\n{source}\n\n{closing}"

    return TABLE.sub(table, text)


def risen(reports: Path = REPORTS, figures: Path = FIGURES) -> list[str]:
    """Latencies in cycles that lie above the kept ones, or that are no longer reported."""
    told = []
    for kept in sorted(figures.glob("*.json")):
        built = reports / kept.name
        if not built.exists():
            continue
        now = _latencies(read(built)["rows"])
        for key, cycles in _latencies(read(kept)["rows"]).items():
            if key not in now:
                told.append(f"{kept.stem}: {' '.join(key)} is no longer reported")
            elif now[key] > cycles:
                told.append(f"{kept.stem}: {' '.join(key)} is {now[key]} cycles, was {cycles}")
    return told


def _latencies(rows: list[dict[str, Any]]) -> dict[tuple[str, str], int]:
    return {
        (row["case"], row["metric"]): row["value"]
        for row in rows
        if row["unit"] == "cycles" and row["metric"].startswith("latency")
    }


def main(argv: list[str]) -> int:
    try:
        if "--latency" in argv:
            told = risen()
            print("\n".join(told) or "no latency rose")
            return 1 if told else 0
        text = README.read_text()
        if "--check" in argv:
            if rendered(text) != text:
                print(
                    "README.md: its tables differ from docs/figures; make figures", file=sys.stderr
                )
                return 1
            return 0
        for path in keep(argv):
            print(path.relative_to(ROOT))
        README.write_text(rendered(README.read_text()))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
