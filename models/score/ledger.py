"""The ledger of test scorings: one line each, never changed, each line sealing the one before.

A candidate is what was trained (its hash), on which data, for which horizon. Its test part is
scored once: asked again, the ledger answers, and nothing is scored.

A line names the commit of what it depends on: models, host and pinned packages. A scoring from
sources that aren't committed is marked, and `models.score.evaluate` refuses it unless told
otherwise.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hwtools.report import commit
from hwtools.toolchain import ROOT

LEDGER = ROOT / "models" / "ledger.jsonl"
_KEY = ("candidate", "data", "horizon")
# What a scoring depends on, and what changes through scoring without changing any.
_SOURCES = ("models", "sw", "pyproject.toml", "requirements.lock")
_MADE = (":!models/ledger.jsonl", ":!models/trained/*/card.md", ":!models/trained/*.svg")


class LedgerError(ValueError):
    """A ledger that was changed. The message is one line."""


def uncommitted(root: Path = ROOT) -> list[str]:
    """Sources that differ from the commit, new ones too; all of them where there is no commit."""
    said = subprocess.run(
        ["git", "status", "--porcelain", "--", *_SOURCES, *_MADE],
        cwd=root,
        text=True,
        capture_output=True,
        check=False,
    )
    if said.returncode:
        return list(_SOURCES)
    return [line[3:] for line in said.stdout.splitlines()]


def _source() -> str:
    """The commit, marked where sources differ from it; changes elsewhere count for nothing."""
    clean = commit().removesuffix("-dirty")
    return f"{clean}-dirty" if uncommitted() else clean


def _seal(line: dict[str, Any]) -> str:
    rest = {key: value for key, value in line.items() if key != "seal"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def read(path: Path = LEDGER) -> list[dict[str, Any]]:
    """Every line, once all seals hold."""
    if not path.exists():
        return []
    lines: list[dict[str, Any]] = []
    before = ""
    for number, text in enumerate(path.read_text().splitlines(), 1):
        try:
            line = json.loads(text)
            right = line["before"] == before and line["seal"] == _seal(line)
        except (json.JSONDecodeError, KeyError, TypeError):
            right = False
        if not right:
            raise LedgerError(f"{path}: line {number} isn't as it was written")
        before = line["seal"]
        lines.append(line)
    return lines


def find(candidate: str, data: str, horizon: int, path: Path = LEDGER) -> dict[str, Any] | None:
    """The line of a scoring, if there was one."""
    wanted = (candidate, data, horizon)
    for line in read(path):
        if tuple(line[key] for key in _KEY) == wanted:
            return line
    return None


def append(
    name: str,
    candidate: str,
    data: str,
    horizon: int,
    figures: dict[str, Any],
    path: Path = LEDGER,
) -> dict[str, Any]:
    """Write a scoring down; a second one of the same candidate is refused."""
    if find(candidate, data, horizon, path):
        raise LedgerError(f"{name} was scored on this test part already")
    lines = read(path)
    line: dict[str, Any] = {
        "number": len(lines) + 1,
        "when": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "commit": _source(),
        "name": name,
        **dict(zip(_KEY, (candidate, data, horizon), strict=True)),
        "figures": figures,
        "before": lines[-1]["seal"] if lines else "",
    }
    line["seal"] = _seal(line)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return line
