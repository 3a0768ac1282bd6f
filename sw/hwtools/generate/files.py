"""Generated files: written all or none, or compared with what their source makes."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from pathlib import Path

from hwtools.toolchain import ROOT

_DIFF_LINES = 20  # of each file that drifted


def write(texts: Mapping[str, str], root: Path = ROOT) -> list[str]:
    """Write the texts that changed, all of them or none, and name those."""
    changed = [name for name, text in texts.items() if _present(root / name) != text]
    parts = {name: root / f"{name}.{os.getpid()}.part" for name in changed}
    try:
        for name, part in parts.items():
            part.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(texts[name])
        for name, part in parts.items():
            part.replace(root / name)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
    return changed


def drift(texts: Mapping[str, str], root: Path = ROOT) -> list[str]:
    """The head of a unified diff for each file that isn't what its source makes."""
    report = []
    for name, text in texts.items():
        present = _present(root / name)
        if present == text:
            continue
        if present is None:
            report.append(f"{name} is missing")
            continue
        before, after = present.splitlines(), text.splitlines()
        diff = list(
            difflib.unified_diff(before, after, name, f"{name} (from its source)", lineterm="")
        )
        left = [f"… {len(diff) - _DIFF_LINES} more lines"] if len(diff) > _DIFF_LINES else []
        report.append("\n".join([f"{name} has drifted:", *diff[:_DIFF_LINES], *left]))
    return report


def _present(path: Path) -> str | None:
    return path.read_text() if path.exists() else None
