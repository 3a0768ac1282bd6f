"""The ledger of test scorings: a line for each, never changed, with the hash of the line before it.
The hash of the latest one stands in a file beside it, so that the last lines can't go unnoticed.

A candidate is a trained model (its digest), its data and its horizon. Its test part is scored once;
every later request is answered from the ledger.

A line names the commit of what the scoring depends on: models, host and pinned packages. A scoring
from uncommitted sources is marked as such, and `models.score.evaluate` refuses it without --dirty.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hwtools.rename import by_rename
from hwtools.report import commit
from hwtools.toolchain import ROOT, TEXT

LEDGER = ROOT / "models" / "ledger.jsonl"
_KEY = ("candidate", "data", "horizon")
# What a scoring depends on, and what a scoring itself writes, which changes no other scoring.
_SOURCES = ("models", "sw", "pyproject.toml", "requirements.lock")
_WRITTEN = (
    ":!models/ledger.jsonl",
    ":!models/ledger.seal",
    ":!models/trained/*/card.md",
    ":!models/trained/*.svg",
)


class LedgerError(ValueError):
    """A ledger that was changed. The message is one line."""


def latest(path: Path = LEDGER) -> Path:
    """The file with the seal of the ledger's latest line."""
    return path.with_suffix(".seal")


def uncommitted(root: Path = ROOT) -> list[str]:
    """Sources that differ from the commit, new ones too; all sources where there is no commit."""
    status = subprocess.run(
        ["git", "status", "--porcelain", "--", *_SOURCES, *_WRITTEN],
        cwd=root,
        **TEXT,
        capture_output=True,
        check=False,
    )
    if status.returncode:
        return list(_SOURCES)
    return [line[3:] for line in status.stdout.splitlines()]


def _source() -> str:
    """The commit, marked where sources differ from it; changes elsewhere don't count."""
    clean = commit().removesuffix("-dirty")
    return f"{clean}-dirty" if uncommitted() else clean


def _seal(line: dict[str, Any]) -> str:
    rest = {key: value for key, value in line.items() if key != "seal"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def read(path: Path = LEDGER) -> list[dict[str, Any]]:
    """Every line, after all seals are checked."""
    lines: list[dict[str, Any]] = []
    before = ""
    texts = path.read_text().splitlines() if path.exists() else []
    for number, text in enumerate(texts, 1):
        try:
            line = json.loads(text)
            right = line["before"] == before and line["seal"] == _seal(line)
            right = right and line["number"] == number
        except (json.JSONDecodeError, KeyError, TypeError):
            right = False
        if not right:
            raise LedgerError(f"{path}: line {number} isn't as it was written")
        before = line["seal"]
        lines.append(line)
    _complete(path, lines)
    return lines


def _complete(path: Path, lines: list[dict[str, Any]]) -> None:
    """A line that was sealed last and is gone: the chain of those before it can't tell."""
    seals, beside = {line["seal"] for line in lines}, latest(path)
    if not beside.exists():
        # a scoring may have been cut off between its line and the seal, the first one of all too
        if len(lines) > 1:
            raise LedgerError(f"{beside}: no such file, and the ledger has {len(lines)} lines")
    elif beside.read_text().strip() not in seals:
        raise LedgerError(
            f"{path}: its last lines aren't there: none has the seal of {beside.name}"
        )


def find(candidate: str, data: str, horizon: int, path: Path = LEDGER) -> dict[str, Any] | None:
    """The line of a scoring, if there was one."""
    scoring = (candidate, data, horizon)
    return next((line for line in read(path) if tuple(line[key] for key in _KEY) == scoring), None)


def append(
    name: str,
    candidate: str,
    data: str,
    horizon: int,
    figures: dict[str, Any],
    path: Path = LEDGER,
) -> dict[str, Any]:
    """Add a scoring; a second one of the same candidate is refused."""
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
    with by_rename(latest(path)) as part:
        part.write_text(f"{line['seal']}\n")
    return line
