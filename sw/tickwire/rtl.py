"""The sources of hw/rtl: one module a file, named alike."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from tickwire.toolchain import ROOT

RTL = ROOT / "hw" / "rtl"


def _words(path: Path) -> set[str]:
    text = re.sub(r"//[^\n]*|/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    return set(re.findall(r"\w+", text))


@lru_cache(maxsize=None)
def sources(top: Path, rtl: Path = RTL) -> tuple[Path, ...]:
    """`top` and all that it names in hw/rtl, used before user."""
    ordered: list[Path] = []
    known = {path.stem: path for path in rtl.glob("*.sv")}
    started: set[Path] = set()

    def visit(path: Path) -> None:
        started.add(path)
        for name in sorted(_words(path) & known.keys()):
            if known[name] not in started:
                visit(known[name])
        ordered.append(path)

    visit(top)
    return tuple(ordered)
