"""What a long measure has done of some sources is kept: after Ctrl-C, or run in parts, it goes on
from there. A commit that changes none of these sources, pages say, keeps it too."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from hwtools.rename import by_rename
from hwtools.report import Report, Row, commit
from hwtools.toolchain import ROOT, TEXT

SOURCES = ("hw", "sw", "models", "sim", "requirements.lock")
APART = "sim/mutants/"


def once(folder: Path, report: Report, key: str, make: Callable[[Report], None]) -> bool:
    """Add the rows that `make` adds, or those of an earlier run of these sources, all of them
    committed. Whether they were made now."""
    of, file = sources(), folder / f"{re.sub('[^a-zA-Z0-9]+', '_', key)}.json"
    done = json.loads(file.read_text()) if file.exists() else {}
    if of and done.get("key") == key and done.get("sources") == of:
        report.rows += [Row(**row) for row in done["rows"]]
        return False
    before = len(report.rows)
    make(report)
    rows = [asdict(row) for row in report.rows[before:]]
    if not rows:
        return True  # what it needs isn't here
    folder.mkdir(parents=True, exist_ok=True)
    with by_rename(file) as part:
        part.write_text(json.dumps({"sources": of, "key": key, "rows": rows}))
    return True


def sources(root: Path = ROOT) -> str:
    """A digest of what is measured and of what measures; nothing where it isn't all committed."""
    if commit().endswith("-dirty"):
        return ""
    argv = ["git", "ls-tree", "-r", "HEAD", "--", *SOURCES]
    listed = subprocess.run(argv, cwd=root, **TEXT, capture_output=True, check=True).stdout
    lines = [line for line in listed.splitlines() if APART not in line]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
