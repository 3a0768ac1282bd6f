"""`make lint`, the hardware's half: every module on its own, by two readers and one style checker.

Verilator -Wall elaborates each module of hw/rtl as its own top, slang (in yosys) reads it, and
Verible checks style and layout. Waivers stand in hw/lint, each with its reason.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from build import RTL, WAIVERS, modules, sources

from tickwire import toolchain
from tickwire.generate import GENERATED
from tickwire.toolchain import ROOT, ToolError

Check = Callable[[], object]


def files() -> list[Path]:
    """What people write: generated files answer to their generator, not to a style."""
    generated = {ROOT / path for path in GENERATED}
    written = [*RTL.glob("*.sv"), *(ROOT / "hw" / "formal").glob("*.sv"), *(ROOT / "sim").glob("*.sv")]
    return sorted(path for path in written if path not in generated)


def _verilator(module: str) -> object:
    waivers = sorted(WAIVERS.glob("*.vlt"))
    options = ("--lint-only", "-Wall", "--top-module", module)
    return toolchain.run("verilator", *options, *waivers, *sources(RTL / f"{module}.sv"))


def _slang(module: str) -> object:
    texts = " ".join(map(str, sources(RTL / f"{module}.sv")))
    return toolchain.run("yosys", "-q", "-p", f"read_slang --top {module} {texts}; check -assert")


def _style(path: Path) -> object:
    rules = f"--rules_config={WAIVERS / 'verible.rules'}"
    return toolchain.run("verible-verilog-lint", rules, path)


def _layout(path: Path) -> object:
    return toolchain.run("verible-verilog-format", "--verify", "--inplace", path)


def checks() -> Iterator[tuple[str, Check]]:
    for module in modules():
        yield f"verilator -Wall {module}", lambda module=module: _verilator(module)  # type: ignore[misc]
        yield f"slang {module}", lambda module=module: _slang(module)  # type: ignore[misc]
    for path in files():
        name = path.relative_to(ROOT)
        yield f"verible style {name}", lambda path=path: _style(path)  # type: ignore[misc]
        yield f"verible layout {name}", lambda path=path: _layout(path)  # type: ignore[misc]


def main() -> int:
    def attempt(check: tuple[str, Check]) -> tuple[str, str]:
        try:
            check[1]()
        except ToolError as error:
            return check[0], str(error)
        return check[0], ""

    failed = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, said in pool.map(attempt, checks()):
            print(f"{'FAIL' if said else 'ok'}  {name}" + (f"\n{said}" if said else ""))
            failed += bool(said)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
