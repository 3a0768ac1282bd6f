"""The map of the path in docs/path.md, a diagram and a table, from hw/regs/path.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hwtools.generate.message_table import Table, TableError
from hwtools.generate.messages import cells
from hwtools.toolchain import ROOT

PATH = ROOT / "hw" / "regs" / "path.toml"
PAGE = "docs/path.md"
_MARKED = re.compile(r"(<!-- generated (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_KEYS = {"name", "makes", "takes", "gives", "cycles", "of", "parts", "more", "feeds", "aside",
         "folder"}  # fmt: skip
# What stands beside the chain: both feeds before it, the registers and counters below it.
_AROUND = """\
  A["feed A"] -- "W" --> mac_rx
  B["feed B"] -- "W" --> mac_rx
  host["host: registers"] <-- "AXI4-Lite, 32" --> tickwire_regs
  tickwire_regs -. "host's operations, settings" .-> op_gate
  mac_rx & mold_merge & itch_parse & price_book & nn & signal -. "events" .-> counters
  counters -- "32" --> tickwire_regs"""


@dataclass(frozen=True)
class Block:
    """A block of the path; `cycles` at W = 8 and 64, of one that joins others their sum."""

    name: str
    makes: str
    takes: tuple[str, ...]
    gives: tuple[str, ...]
    cycles: tuple[int, ...]
    of: tuple[str, ...]
    parts: tuple[str, ...]
    more: str
    feeds: bool
    aside: bool
    folder: str


def load(path: Path = PATH) -> list[Block]:
    blocks: dict[str, Block] = {}
    for raw in tomllib.loads(path.read_text())["block"]:
        if unknown := set(raw) - _KEYS:
            raise TableError(f"{path.name}: {raw.get('name')}: unknown {', '.join(unknown)}")
        joined = [blocks[name].cycles for name in raw.get("of", ())]
        cycles = [sum(each) for each in zip(*joined, strict=True)] or raw.get("cycles", ())
        takes, gives, of, parts = (
            tuple(raw.get(name, ())) for name in ("takes", "gives", "of", "parts")
        )
        blocks[raw["name"]] = Block(
            raw["name"], raw["makes"], takes, gives, tuple(cycles), of, parts, raw.get("more", ""),
            raw.get("feeds", False), raw.get("aside", False), raw.get("folder", "rtl"),
        )  # fmt: skip
    return list(blocks.values())


def widths(table: Table) -> dict[str, int]:
    return {record.name: record.width for record in table.records}


def diagram(blocks: Sequence[Block], bits: Mapping[str, int]) -> str:
    """The blocks with their cycles, and what goes from one to the next with its bits."""
    chain = [block for block in blocks if not block.of and not block.aside]
    lines = ["```mermaid", "flowchart LR"]
    lines += [f'  {block.name}["{block.name}<br>{_said(block)}"]' for block in chain]
    out = 'out["order_path: the risk gate"]'
    for block, name in zip(chain, [*(each.name for each in chain[1:]), out], strict=True):
        given = " and ".join(f"{one}, {bits[one]}" if one in bits else one for one in block.gives)
        lines.append(f'  {block.name} -- "{given}" --> {name}')
    return "\n".join([*lines, _AROUND, "```"])


def _said(block: Block) -> str:
    narrow, wide = block.cycles
    count = f"{narrow} or {wide} cycles" if narrow != wide else f"{narrow} cycle{'s' * (wide != 1)}"
    return f"{count}{f', {block.more}' if block.more else ''}"


def rows(blocks: Sequence[Block], bits: Mapping[str, int]) -> Iterator[tuple[str, ...]]:
    met = set[str]()
    for block in blocks:
        bold = "**" if block.of else ""
        parts = f" ({', '.join(f'`{part}`' for part in block.parts)})" if block.parts else ""
        each = ", one a feed" if block.feeds else ""
        way = f"{_bits(block.takes, bits, met)} → {_bits(block.gives, bits, met)}"
        files = (
            ("RTL", f"hw/{block.folder}/{block.name}.sv"),
            ("bench", f"sim/test_{block.name}.py"),
            ("golden", f"sim/golden/{block.name}.py"),
        )
        yield (
            f"{bold}`{block.name}`{bold}{each}",
            f"{block.makes}{parts}",
            way,
            f"{bold}{_cycles(block)}{bold}" if block.cycles else "",
            " · ".join(f"[{what}](../{file})" for what, file in files),
        )


def _cycles(block: Block) -> str:
    numbers = ", ".join(map(str, dict.fromkeys(block.cycles)))
    return f"{numbers}; {block.more}" if block.more else numbers


def _bits(names: Sequence[str], bits: Mapping[str, int], met: set[str]) -> str:
    """Records by their bits; one that comes for the first time by its name, too."""
    texts = []
    for name in names:
        if name not in bits:
            texts.append(name)
        elif name in met:
            texts.append(f"{bits[name]}")
        else:
            texts.append(f"[`{name}`](reference/messages.md#{name}), {bits[name]} bits")
            met.add(name)
    return " and ".join(texts)


def page(text: str, blocks: Sequence[Block], table: Table) -> str:
    """docs/path.md with its diagram and its table made anew."""
    bits = widths(table)
    head = ("block", "makes", "in → out, bits", "cycles", "files")
    made = {
        "diagram": diagram(blocks, bits),
        "blocks": "\n".join(cells(head, rows(blocks, bits))),
    }
    return _MARKED.sub(lambda match: f"{match[1]}\n{made[match[2]]}\n\n{match[3]}", text)
