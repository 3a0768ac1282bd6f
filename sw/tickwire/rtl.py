"""The sources of hw/rtl: one module a file, named alike."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from tickwire.toolchain import ROOT

RTL = ROOT / "hw" / "rtl"
DOUBLES = ROOT / "sim" / "doubles"
# What `nn` is compiled with: a socket's files, or a stand-in's.
STAND_IN = (DOUBLES / "network_pkg.sv", DOUBLES / "network.sv")


def _words(path: Path) -> set[str]:
    text = re.sub(r"//[^\n]*|/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    return set(re.findall(r"\w+", text))


@lru_cache(maxsize=None)
def sources(top: Path, rtl: Path = RTL, network: tuple[Path, ...] = STAND_IN) -> tuple[Path, ...]:
    """`top` and all that it names in hw/rtl, used before user; first a network, if it needs one."""
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
    networked = any("network_pkg" in _words(path) for path in ordered)
    return (*(network if networked else ()), *ordered)
