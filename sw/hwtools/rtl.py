"""Finds the SystemVerilog sources in hw/rtl and hw/gen: one module or package a file, same name."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from hwtools.toolchain import ROOT

HW = ROOT / "hw"


def files(hw: Path = HW) -> dict[str, Path]:
    """Every source, hand-written or generated, by the name of its module or package."""
    return {path.stem: path for part in ("rtl", "gen") for path in sorted((hw / part).glob("*.sv"))}


def modules(hw: Path = HW) -> list[str]:
    """The name of every module, without the packages."""
    return sorted(name for name in files(hw) if not name.endswith("_pkg"))


def _words(path: Path) -> set[str]:
    text = re.sub(r"//[^\n]*|/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    return set(re.findall(r"\w+", text))


@lru_cache(maxsize=None)
def sources(top: Path, hw: Path = HW, network: tuple[Path, ...] = ()) -> tuple[Path, ...]:
    """`top` and every source in `hw` that it needs, each before its users.

    `network` has the sources outside `hw` that declare network_pkg. They come first where a
    source names that package.
    """
    ordered: list[Path] = []
    known = files(hw)
    started: set[Path] = set()

    def visit(path: Path) -> None:
        started.add(path)
        for name in sorted(_words(path) & known.keys()):
            if known[name] not in started:
                visit(known[name])
        ordered.append(path)

    visit(top)
    networked = any("network_pkg" in _words(path) for path in ordered)
    return (*(network if networked else ()), *ordered)
