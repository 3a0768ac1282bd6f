"""What a long measure has done at a commit is kept: after Ctrl-C, or run in parts, it goes on from
there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from hwtools.rename import by_rename
from hwtools.report import Report, Row, commit


def once(folder: Path, report: Report, key: str, make: Callable[[Report], None]) -> bool:
    """Add the rows that `make` adds, or those of an earlier run of this commit and a clean one.
    Whether they were made now."""
    at, file = commit(), folder / f"{re.sub('[^a-zA-Z0-9]+', '_', key)}.json"
    done = json.loads(file.read_text()) if file.exists() else {}
    if done.get("key") == key and done.get("commit") == at and not at.endswith("-dirty"):
        report.rows += [Row(**row) for row in done["rows"]]
        return False
    before = len(report.rows)
    make(report)
    rows = [asdict(row) for row in report.rows[before:]]
    if not rows:
        return True  # what it needs isn't here
    folder.mkdir(parents=True, exist_ok=True)
    with by_rename(file) as part:
        part.write_text(json.dumps({"commit": at, "key": key, "rows": rows}))
    return True
