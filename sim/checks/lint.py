"""`make lint`, the hardware's half: every module on its own, by two readers and one style checker.

Verilator -Wall elaborates each module of hw/rtl, and the example, as its own top, slang (in yosys)
reads it, and Verible checks style and layout. Waivers stand in hw/lint, each with its reason.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from hwtools import rtl, toolchain
from hwtools.command import ended
from hwtools.toolchain import ROOT, ToolError
from sim.doubles import DOUBLES, STAND_IN
from sim.lib.verilated import WAIVERS, waivers

Check = Callable[[], None]
EXAMPLE = rtl.HW / "example" / "example_top.sv"  # how the core is instantiated


def files() -> list[Path]:
    """What people write: generated files answer to their generator, not to a style."""
    folders = (rtl.HW / "rtl", EXAMPLE.parent, rtl.HW / "formal", ROOT / "sim", DOUBLES)
    every = (path for folder in folders for path in sorted(folder.glob("*.sv")))
    return [path for path in every if "Generated from" not in path.read_text()[:200]]


def _sources(module: str) -> tuple[Path, ...]:
    top = EXAMPLE if module == EXAMPLE.stem else rtl.files()[module]
    return rtl.sources(top, network=STAND_IN)


def _verilator(module: str) -> None:
    texts = _sources(module)
    options = ("--lint-only", "-Wall", "--top-module", module)
    toolchain.run("verilator", *options, *waivers(texts), *texts)


def _slang(module: str) -> None:
    texts = " ".join(map(str, _sources(module)))
    toolchain.run("yosys", "-q", "-p", f"read_slang --top {module} {texts}; check -assert")


def _style(path: Path) -> None:
    rules = f"--rules_config={WAIVERS / 'verible.rules'}"
    toolchain.run("verible-verilog-lint", rules, path)


def _layout(path: Path) -> None:
    toolchain.run("verible-verilog-format", "--verify", "--inplace", path)


def checks() -> Iterator[tuple[str, Check]]:
    for module in (*rtl.modules(), EXAMPLE.stem):
        yield f"verilator -Wall {module}", partial(_verilator, module)
        yield f"slang {module}", partial(_slang, module)
    for path in files():
        name = path.relative_to(ROOT)
        yield f"verible style {name}", partial(_style, path)
        yield f"verible layout {name}", partial(_layout, path)


def layout() -> None:
    """Write the layout that the check asks for."""
    for path in files():
        toolchain.run("verible-verilog-format", "--inplace", path)


def main(argv: list[str]) -> int:
    if argv == ["--format"]:
        layout()
        return 0

    def attempt(check: tuple[str, Check]) -> tuple[str, str]:
        try:
            check[1]()
        except ToolError as error:
            return check[0], str(error)
        return check[0], ""

    failed = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, error in pool.map(attempt, checks()):
            print(f"FAIL  {name}\n{error}" if error else f"ok  {name}", flush=True)
            failed += bool(error)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(ended("lint", lambda: main(sys.argv[1:])))
