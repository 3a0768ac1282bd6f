"""`python -m hwtools.generate` makes every file that has one source in hw/regs/.

    messages.toml  ->  hw/gen/tick_pkg.sv, sw/tickwire/gen/records.py, docs/reference/messages.md
    tickwire.rdl   ->  hw/gen/tickwire_regs.sv and _pkg.sv, hw/gen/counter_regs_pkg.sv,
                       sw/tickwire/gen/regmap.py, docs/reference/registers.md; and its counters
                       the records feed_events and path_events among those of messages.toml
    risk.rdl       ->  hw/gen/risk_regs.sv and _pkg.sv, sw/tickwire/gen/risk_regmap.py,
                       docs/reference/risk_registers.md
    itch.toml      ->  hw/gen/itch_pkg.sv, sw/tickwire/gen/itch_table.py, docs/reference/itch.md
    deep.toml      ->  hw/gen/deep_pkg.sv, sw/tickwire/gen/deep_table.py, docs/reference/deep.md
    ouch.toml      ->  hw/gen/ouch_pkg.sv, sw/tickwire/gen/ouch_table.py, docs/reference/ouch.md;
                       likewise ouch42.toml and soup.toml
    path.toml      ->  the diagram and the table of docs/path.md

and from hw/rtl/tickwire_core.sv its page, file list and FuseSoC core: docs/reference/core.md,
hw/tickwire_core.f, hw/tickwire_core.core.

`--check` writes nothing; it names each file that has drifted from its source and ends with 1.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from systemrdl.node import AddrmapNode

from hwtools.command import Parser, ended
from hwtools.generate import (
    core,
    counters,
    dialogue,
    dialogue_table,
    message_table,
    messages,
    path_map,
    registers,
    wire,
    wire_table,
)
from hwtools.generate.files import drift, write
from hwtools.generate.message_table import Table, TableError
from hwtools.generate.registers import MapError
from hwtools.toolchain import ROOT

# What this module writes; a test holds it against `outputs`.
GENERATED = (
    "hw/gen/tick_pkg.sv",
    "sw/tickwire/gen/records.py",
    "docs/reference/messages.md",
    "hw/gen/tickwire_regs.sv",
    "hw/gen/tickwire_regs_pkg.sv",
    "hw/gen/counter_regs_pkg.sv",
    "sw/tickwire/gen/regmap.py",
    "docs/reference/registers.md",
    "hw/gen/risk_regs.sv",
    "hw/gen/risk_regs_pkg.sv",
    "sw/tickwire/gen/risk_regmap.py",
    "docs/reference/risk_registers.md",
    "hw/gen/itch_pkg.sv",
    "sw/tickwire/gen/itch_table.py",
    "docs/reference/itch.md",
    "hw/gen/deep_pkg.sv",
    "sw/tickwire/gen/deep_table.py",
    "docs/reference/deep.md",
    "hw/gen/ouch_pkg.sv",
    "sw/tickwire/gen/ouch_table.py",
    "docs/reference/ouch.md",
    "hw/gen/soup_pkg.sv",
    "sw/tickwire/gen/soup_table.py",
    "docs/reference/soup.md",
    "hw/gen/ouch42_pkg.sv",
    "sw/tickwire/gen/ouch42_table.py",
    "docs/reference/ouch42.md",
    "docs/path.md",
    "docs/reference/core.md",
    "hw/tickwire_core.f",
    "hw/tickwire_core.core",
)


def tables(
    message_file: Path = message_table.MESSAGES, register_file: Path = registers.REGISTERS
) -> tuple[Table, AddrmapNode]:
    """Every record, those that the register map's counters make included, and the map."""
    top = registers.compile_map(register_file)
    table = message_table.joined(message_table.load(message_file), counters.records(top))
    registers.check_against(top, table)
    counters.check_against(top, table)
    return table, top


def outputs(
    message_file: Path = message_table.MESSAGES,
    register_file: Path = registers.REGISTERS,
    wire_file: Path = wire_table.ITCH,
) -> dict[str, str]:
    """Every generated text by its path in the repository; nothing is written."""
    table, top = tables(message_file, register_file)
    risk = registers.compile_map(registers.RISK)
    registers.check_risk(risk, table)
    formats, levels = wire_table.load(wire_file), wire_table.load(wire_table.DEEP)
    return {
        "hw/gen/tick_pkg.sv": messages.package(table),
        "sw/tickwire/gen/records.py": messages.module(table),
        "docs/reference/messages.md": messages.page(table),
        **{f"hw/gen/{name}": text for name, text in registers.block(top).items()},
        "hw/gen/counter_regs_pkg.sv": counters.package(top),
        "sw/tickwire/gen/regmap.py": registers.module(top, table),
        "docs/reference/registers.md": registers.page(top, table),
        **{f"hw/gen/{name}": text for name, text in registers.block(risk).items()},
        "sw/tickwire/gen/risk_regmap.py": registers.module(risk, table),
        "docs/reference/risk_registers.md": registers.page(risk, table),
        "hw/gen/itch_pkg.sv": wire.package(formats),
        "sw/tickwire/gen/itch_table.py": wire.module(formats),
        "docs/reference/itch.md": wire.page(formats),
        "hw/gen/deep_pkg.sv": wire.package(levels),
        "sw/tickwire/gen/deep_table.py": wire.module(levels),
        "docs/reference/deep.md": wire.page(levels),
        **dialogue.outputs(dialogue_table.load(dialogue_table.OUCH)),
        **dialogue.outputs(dialogue_table.load(dialogue_table.SOUP)),
        **dialogue.outputs(dialogue_table.load(dialogue_table.OUCH42)),
        path_map.PAGE: path_map.page((ROOT / path_map.PAGE).read_text(), path_map.load(), table),
        **core.outputs(table, top),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = Parser(prog="hwtools.generate", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail on drift")
    parser.add_argument(
        "--messages", type=Path, default=message_table.MESSAGES, help="message table"
    )
    parser.add_argument("--registers", type=Path, default=registers.REGISTERS, help="register map")
    parser.add_argument("--wire", type=Path, default=wire_table.ITCH, help="wire formats")
    parser.add_argument("--root", type=Path, default=ROOT, help="the tree that holds the files")
    args = parser.parse_args(arguments)
    try:
        texts = outputs(args.messages, args.registers, args.wire)
    except (TableError, MapError) as error:
        print(f"generate: {error}", file=sys.stderr)
        return 2
    if args.check:
        report = drift(texts, args.root)
        print("\n\n".join(report) or f"{len(texts)} generated files are what their sources make")
        if report:
            print("\nrun: make generate")
        return bool(report)
    changed = write(texts, args.root)
    print("\n".join(f"wrote {name}" for name in changed) or f"{len(texts)} files were up to date")
    return 0


if __name__ == "__main__":
    sys.exit(ended("generate", main))
