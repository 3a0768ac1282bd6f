"""`python -m tickwire.generate` makes every file that has one source in hw/regs/.

    hw/regs/messages.toml  ->  hw/rtl/tick_pkg.sv, sw/tickwire/records.py, docs/messages.md
    hw/regs/tickwire.rdl   ->  hw/rtl/tickwire_regs.sv and _pkg.sv, sw/tickwire/regmap.py,
                               docs/registers.md

`--check` writes nothing; it says which file has drifted from its source and ends with 1.
"""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tickwire import generate_messages, generate_registers, tables
from tickwire.generate_registers import MapError
from tickwire.tables import TableError
from tickwire.toolchain import ROOT

# What this module writes; a test holds it against `outputs`.
GENERATED = (
    "hw/rtl/tick_pkg.sv",
    "sw/tickwire/records.py",
    "docs/messages.md",
    "hw/rtl/tickwire_regs.sv",
    "hw/rtl/tickwire_regs_pkg.sv",
    "hw/rtl/counter_regs_pkg.sv",
    "sw/tickwire/regmap.py",
    "docs/registers.md",
)

_DIFF_LINES = 20  # of each file that drifted


def outputs(
    messages: Path = tables.MESSAGES, registers: Path = generate_registers.REGISTERS
) -> dict[str, str]:
    """Every generated text by its path in the repository; nothing is written."""
    table = tables.load(messages)
    top = generate_registers.compile_map(registers)
    generate_registers.check_against(top, table)
    block = generate_registers.block(top)
    return {
        "hw/rtl/tick_pkg.sv": generate_messages.package(table),
        "sw/tickwire/records.py": generate_messages.module(table),
        "docs/messages.md": generate_messages.page(table),
        **{f"hw/rtl/{name}": text for name, text in block.items()},
        "hw/rtl/counter_regs_pkg.sv": generate_registers.indices(top),
        "sw/tickwire/regmap.py": generate_registers.module(top),
        "docs/registers.md": generate_registers.page(top),
    }


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


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="tickwire.generate", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--check", action="store_true", help="write nothing; fail on drift")
    parser.add_argument("--messages", type=Path, default=tables.MESSAGES, help="message table")
    parser.add_argument(
        "--registers", type=Path, default=generate_registers.REGISTERS, help="register map"
    )
    parser.add_argument("--root", type=Path, default=ROOT, help="the tree that holds the files")
    told = parser.parse_args(arguments)
    try:
        texts = outputs(told.messages, told.registers)
    except (TableError, MapError) as error:
        print(f"generate: {error}", file=sys.stderr)
        return 2
    if told.check:
        report = drift(texts, told.root)
        print("\n\n".join(report) or f"{len(texts)} generated files are what their sources make")
        if report:
            print("\nrun: python -m tickwire.generate")
        return bool(report)
    changed = write(texts, told.root)
    print("\n".join(f"wrote {name}" for name in changed) or f"{len(texts)} files were up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
