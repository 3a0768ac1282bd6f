"""The texts that a register map makes: PeakRDL's register block, a Python map, a page."""

from __future__ import annotations

import re
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

from peakrdl_regblock import RegblockExporter
from peakrdl_regblock.cpuif.axi4lite import AXI4Lite_Cpuif_flattened
from peakrdl_regblock.udps import ALL_UDPS
from systemrdl.compiler import RDLCompiler
from systemrdl.messages import MessagePrinter, RDLCompileError, Severity
from systemrdl.node import (
    AddressableNode,
    AddrmapNode,
    FieldNode,
    MemNode,
    Node,
    RegfileNode,
    RegNode,
)
from systemrdl.source_ref import DetailedFileSourceRef, SourceRefBase

from hwtools.generate.message_table import Enum, Table
from hwtools.generate.messages import call, cells
from hwtools.registers import Access, Register, RegisterField, Window
from hwtools.toolchain import ROOT

REGISTERS = ROOT / "hw" / "regs" / "tickwire.rdl"
RISK = ROOT / "hw" / "regs" / "risk.rdl"
MODULES = {"tickwire_regs": "regmap", "risk_regs": "risk_regmap"}  # of tickwire.gen, by map

ADDING = (
    "The counters of `hw/regs/tickwire.rdl` are the only table of counters. A new one touches",
    "that table and the module that has the event:",
    "",
    "1. Add a line at the end of `feed_counter_regs` (events of one feed) or `path_counter_regs`:",
    "   a counter's place is its address, and so no other moves. `step_bits = n` where it may add",
    "   more than 1 in a cycle; `each_feed = true` where one of the path counts for both feeds.",
    "2. `make generate`: `feed_events_t` or `path_events_t` of `hw/gen/tick_pkg.sv` has a field of",
    "   its name, `hw/gen/counter_regs_pkg.sv` its index, `tickwire.gen.regmap` its register.",
    "3. Set the field in the module that has the event. A module's struct is 0 but for its own",
    "   fields, and each level above joins the structs of those below.",
    "4. The bench of that module, with its golden model, says when the event comes; the core's",
    "   bench wants a scenario that provokes it, or to be told who does",
    "   ([how](../fpga.md#add-a-counter)). `sim/test_path_counters.py` counts it without a change.",
    "",
    "A check of the risk gate has its counter by its value of the enum `check`; no line here.",
)


SNAPSHOTS = (
    "By `host.issue`, each when `host.status` is 0: `load`, `halt` or `resume`, an `add` for",
    "each order, `trust`. A `trust` has in `sequence_high` and `sequence_low` the number up",
    "to which the snapshot is whole, and names the session that it is of: its first four",
    "characters in `reference_high`, the next four in `reference_low`, the last two in",
    "`price`, above them 0. They are as the host knows them, not a copy of `mold.session`,",
    "which they are held to; nor may `mold.session_end` be copied, whose highest bit says",
    "something else. Where the session isn't followed any more, the slot follows no",
    "instrument, or something newer came or lacks, the slot goes on loading and",
    "`refused_trusts` counts ([why](../book.md#op_gate)).",
)

COUNT = "Decisions since the counters were last cleared; stays at its maximum."
_WIDE = (
    "- A 64-bit register is read low word first; that read takes all of it, so its halves",
    "  belong together.",
)


class MapError(ValueError):
    """The register map can't be used. The message is one line and names the place."""


class _Keep(MessagePrinter):
    """Keeps the compiler's errors, one line each, where its own printer writes to stderr."""

    def __init__(self) -> None:
        self.errors: list[str] = []

    def print_message(self, severity: Severity, text: str, src_ref: SourceRefBase | None) -> None:
        place = ""
        if isinstance(src_ref, DetailedFileSourceRef):
            place = f"{Path(src_ref.path).name}:{src_ref.line}: "
        if severity >= Severity.ERROR:
            self.errors.append(place + " ".join(text.split()))


def header(top: AddrmapNode) -> str:
    source = top.inst_name.removesuffix("_regs")
    return f"Generated from hw/regs/{source}.rdl by `python -m hwtools.generate`. Don't edit."


def compile_map(path: Path = REGISTERS) -> AddrmapNode:
    """The elaborated register map, each part of it described."""
    keep = _Keep()
    compiler = RDLCompiler(message_printer=keep)
    for definition in ALL_UDPS:
        compiler.register_udp(definition, soft=False)
    try:
        compiler.compile_file(str(path))
        top = compiler.elaborate().top
    except (RDLCompileError, FileNotFoundError) as error:
        raise MapError(keep.errors[0] if keep.errors else f"{path.name}: {error}") from None
    for register in _registers(top, "", 0, 1, 0):
        described = {register.name: register.description}
        described |= {f"{register.name}.{one.name}": one.description for one in register.fields}
        for name, description in described.items():
            if not description:
                raise MapError(f"{path.name}: {name} has no description")
    return top


def check_against(top: AddrmapNode, table: Table) -> None:
    """What the map says in numbers must be what the message table says."""
    constants = {constant.name: constant.value for constant in table.constants}
    widths = {enum.name: enum.width for enum in table.enums}
    by_name = {register.name: register for register in registers(top, table)}
    status, buy = by_name["slots[].status"], by_name["slots[].buy_threshold"]
    for what, here, there in (
        ("the number of slots", status.count, constants["SLOTS"]),
        ("the width of a reason", status.field("reason").width, widths["reason"]),
        ("the width of a strength", buy.field("strength").width, constants["STRENGTH_W"]),
    ):
        if here != there:
            raise MapError(f"{what} is {here} in the register map, {there} in the message table")


def check_risk(top: AddrmapNode, table: Table) -> None:
    """The risk window holds each record whole, and no word more."""
    widths = {record.name: record.width for record in table.records}
    enums = {enum.name: enum.width for enum in table.enums}
    by_name = {register.name: register for register in registers(top, table)}
    most = max(widths["slot_limits"], widths["total_limits"])
    for name, bits in (
        ("confirmation", widths["confirmation"]),
        ("command", widths["risk_command"]),
        ("limits", most),
    ):
        here, there = by_name[f"{name}[]"].count, -(-bits // 32)
        if here != there:
            raise MapError(f"{name} has {here} words in the risk window, its record {there}")
    if enums["act"] > by_name["last"].field("act").width:
        raise MapError("an act doesn't fit into `last` of the risk window")


def block(top: AddrmapNode) -> dict[str, str]:
    """The register block and its package, by file name."""
    with tempfile.TemporaryDirectory() as folder:
        RegblockExporter().export(
            top,
            folder,
            cpuif_cls=AXI4Lite_Cpuif_flattened,
            address_width=(top.size - 1).bit_length(),
            err_if_bad_addr=True,
            err_if_bad_rw=True,
            reuse_hwif_typedefs=False,
            retime_read_fanin=True,
            retime_read_response=True,
        )
        texts = {path.name: path.read_text() for path in sorted(Path(folder).iterdir())}
    return {name: f"// {header(top)}\n{_trimmed(_begun(text))}" for name, text in texts.items()}


def _begun(text: str) -> str:
    """The block with its list of readable words begun where it is declared: Verilator gives it
    random values first in every cycle otherwise, which took a sixth of a core with lstm_attn."""
    return re.sub(
        r"(automatic logic \[31:0\] readback_data_var\[(\d+)\]);\n"
        r" *for\(int i=0; i<\2; i\+\+\) readback_data_var\[i\] = '0;",
        r"\1 = '{default: '0};",
        text,
    )


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.rstrip().splitlines()) + "\n"


# -- the map, flat -------------------------------------------------------------------------------


def registers(top: AddrmapNode, table: Table) -> list[Register]:
    """Every register in order of address; an array's elements are one register with a stride."""
    own, counts = _registers(top, "", 0, 1, 0), _counts(top, table)
    return sorted([*own, *counts], key=lambda register: register.address)


def _counts(top: AddrmapNode, table: Table) -> Iterator[Register]:
    """The counters of a memory that names an enum: one for each value, an element for each slot."""
    slots = next(constant.value for constant in table.constants if constant.name == "SLOTS")
    for child in top.children():
        if not isinstance(child, MemNode):
            continue
        name, stride = child.inst_name, child.size // slots
        counts = RegisterField("count", 31, 0, "r", None, COUNT)
        for member in _named(child, table).members:
            if 4 * member.value >= stride:
                raise MapError(f"{name}: a slot's row has no place {member.value}")
            about = f"Orders that failed this: {member.meaning}."
            address = child.raw_address_offset + 4 * member.value
            full = f"{name}[].{member.name}"
            yield Register(full, address, 32, about, (counts,), slots, stride)


def _named(memory: MemNode, table: Table) -> Enum:
    name = str(memory.get_property("counts_of", default=""))
    for enum in table.enums:
        if enum.name == name:
            return enum
    raise MapError(f"{memory.inst_name}: counts_of {name!r} isn't an enum of the message table")


def _registers(
    node: AddressableNode, prefix: str, base: int, count: int, stride: int
) -> Iterator[Register]:
    for child in node.children():
        if not isinstance(child, (RegfileNode, RegNode)):
            continue
        name, address = prefix + child.inst_name, base + child.raw_address_offset
        own_count, own_stride = count, stride
        if child.is_array:
            if stride or len(child.array_dimensions or ()) != 1:
                raise MapError(f"{name}: an array of arrays can't be mapped")
            own_count, own_stride = child.n_elements, child.array_stride or 0
            name += "[]"
        if isinstance(child, RegfileNode):
            yield from _registers(child, f"{name}.", address, own_count, own_stride)
        else:
            fields = tuple(_field(field) for field in child.fields())
            width = child.get_property("regwidth")
            about = _description(child)
            yield Register(name, address, width, about, fields, own_count, own_stride)


def _field(node: FieldNode) -> RegisterField:
    reset = node.get_property("reset")
    if reset is not None and not isinstance(reset, int):
        raise MapError(f"{node.get_path()}: a reset value must be a number")
    known = node.implements_storage or not node.is_hw_writable
    return RegisterField(
        name=node.inst_name,
        high=node.high,
        low=node.low,
        access=_access(node),
        reset=(reset or 0) if known else None,
        description=_field_description(node),
        signed=bool(node.get_property("is_signed")),
    )


def _access(node: FieldNode) -> Access:
    if node.get_property("singlepulse"):
        return "pulse"
    if node.get_property("onwrite") is not None:
        return "w1c"
    if not node.is_sw_readable:
        return "w"
    return "rw" if node.is_sw_writable else "r"


def _field_description(node: FieldNode) -> str:
    about = _description(node)
    encode = node.get_property("encode")
    if encode is None:
        return about
    values = (f"{int(m.value)} {m.name}: {m.rdl_desc or ''}".rstrip() for m in encode)
    return f"{about} {'; '.join(values)}."


def _description(node: Node) -> str:
    return " ".join((node.get_property("desc") or "").split())


def windows(top: AddrmapNode) -> list[Window]:
    """The address ranges that are kept for later."""
    return [
        Window(child.inst_name, child.raw_address_offset, child.total_size, _description(child))
        for child in top.children(skip_not_present=False)
        if isinstance(child, MemNode) and not child.get_property("ispresent")
    ]


# -- Python --------------------------------------------------------------------------------------


def module(top: AddrmapNode, table: Table) -> str:
    """The map for the host: a constant for each register."""
    types = ["Register", "RegisterField", *(["Window"] if windows(top) else [])]
    lines = [
        f'"""{top.get_property("name")}.\n\n{header(top)}\n"""',
        "",
        "from __future__ import annotations",
        "",
        "from typing import Final",
        "",
        f"from hwtools.registers import {', '.join(types)}",
        "",
    ]
    names = []
    for register in registers(top, table):
        names.append(register.name.replace("[]", "").replace(".", "_").upper())
        lines += [f"{names[-1]}: Final = Register(", *_py_register(register), ")"]
    for window in windows(top):
        lines += [f"{window.name.upper()}_WINDOW: Final = Window("]
        lines += [f'    "{window.name}", address=0x{window.address:04X}, size=0x{window.size:X},']
        lines += [*_py_text(window.description, "    description"), ")"]
    lines += ["", "REGISTERS: Final = (", *(f"    {name}," for name in names), ")", ""]
    return "\n".join(lines)


def _py_register(register: Register) -> Iterator[str]:
    yield f'    "{register.name}", address=0x{register.address:04X}, width={register.width},'
    yield from _py_text(register.description, "    description")
    yield "    fields=("
    for field in register.fields:
        reset = "None" if field.reset is None else f"0x{field.reset:X}"
        parts = [f'"{field.name}"', f"{field.high}", f"{field.low}", f'"{field.access}"', reset]
        text = _py_text(field.description, "            description")
        if len(text) == 1:
            parts.append(text[0].strip().removesuffix(",").removeprefix("description="))
            text = []
        if field.signed:
            parts.append("signed=True")
        lines = call("RegisterField", parts, 8)
        if text:
            lines = [
                "        RegisterField(",
                f"            {', '.join(parts)},",
                *text,
                "        ),",
            ]
        yield from lines
    yield "    ),"
    if register.stride:
        yield f"    count={register.count}, stride=0x{register.stride:X},"


def _py_text(text: str, name: str) -> list[str]:
    """A keyword argument of text, broken over lines where it is long."""
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    pad = " " * (len(name) - len(name.lstrip()))
    if len(name) + len(quoted) + 4 <= 100:
        return [f'{name}="{quoted}",']
    parts = textwrap.wrap(quoted, 94 - len(pad), drop_whitespace=False)
    return [f"{name}=(", *(f'{pad}    "{part}"' for part in parts), f"{pad}),"]


# -- Markdown ------------------------------------------------------------------------------------


def page(top: AddrmapNode, table: Table) -> str:
    """The map's page in docs/reference."""
    flat, name = registers(top, table), top.inst_name
    wide = any(register.words > 1 for register in flat)
    lines = [
        f"# {top.get_property('name')}",
        "",
        f"*{header(top)}*",
        "",
        _description(top),
        f"`hw/gen/{name}.sv` is the block, `tickwire.gen.{MODULES[name]}` the host's map.",
        "",
        *(_WIDE if wide else ()),
        "- A write to a register that can only be read, a read of one that can only be written,",
        "  and any access to an address that has no register, ends in SLVERR and changes nothing.",
        "- **rw** is kept as written, **r** only read, **w** only written. **w1c** is set by",
        "  hardware and cleared by a written 1. **pulse**: a written 1 acts once, and reads as 0.",
        "- A field without a reset value is driven by hardware.",
        "",
    ]
    groups = list(dict.fromkeys(_group(register) for register in flat))
    own = "board" if any(groups) else "registers"
    if any(groups):
        lines += cells(("addresses", "block", "what it is"), _map(top, flat))
    for group in groups:
        members = [register for register in flat if _group(register) == group]
        lines += ["", f"## {group or own}", ""]
        if group:
            lines += [_description(top.find_by_path(group.replace("[]", "")) or top), ""]
        if group and members[0].stride:
            lines += [
                f"Element *n* is at *n* times 0x{members[0].stride:X} from these addresses.",
                "",
            ]
        counters = all([f.name for f in register.fields] == ["count"] for register in members[:3])
        lines += _counter_rows(members) if counters else _field_rows(members)
    for window in windows(top):
        lines += ["", f"## {window.name}", "", window.description]
    if any(isinstance(child, RegfileNode) and child.external for child in top.children()):
        lines += ["", "## Loading a snapshot", "", *SNAPSHOTS]
        lines += ["", "## Adding a counter", "", *ADDING]
    return "\n".join([*lines, ""])


def _group(register: Register) -> str:
    return register.name.rpartition(".")[0]


def _map(top: AddrmapNode, flat: list[Register]) -> Iterator[tuple[str, str, str]]:
    last = max(r.address + r.width // 8 for r in flat if not _group(r))
    yield (
        f"0x0000 to 0x{last - 1:04X}",
        "[board](#board)",
        "What is there, and what drives all of it.",
    )
    for child in top.children(skip_not_present=False):
        if isinstance(child, AddressableNode) and not isinstance(child, RegNode):
            first = child.raw_address_offset
            name = child.inst_name + (f"[{child.n_elements}]" if child.is_array else "")
            link = f"[`{name}`](#{child.inst_name})"
            yield (
                f"0x{first:04X} to 0x{first + child.total_size - 1:04X}",
                link,
                _description(child),
            )


def _counter_rows(members: list[Register]) -> list[str]:
    count = members[0].fields[0]
    rows = ((f"`0x{r.address:04X}`", f"`{_last(r)}`", r.description) for r in members)
    return [
        f"32 bits each, **r**. {count.description}",
        "",
        *cells(("address", "counter", "counts"), rows),
    ]


def _field_rows(members: list[Register]) -> list[str]:
    rows: list[tuple[str, ...]] = []
    for register in members:
        rows.append(
            (
                _address(register),
                f"**`{_last(register)}`**",
                "",
                "",
                "",
                register.description,
            )
        )
        for field in register.fields:
            bits = str(field.low) if field.width == 1 else f"{field.high}:{field.low}"
            reset = "" if field.reset is None else f"0x{field.reset:X}"
            rows.append(("", f"`{field.name}`", bits, field.access, reset, field.description))
    return cells(("address", "register, field", "bits", "access", "reset", "meaning"), rows)


def _address(register: Register) -> str:
    """Of an array that is no block of registers, those of its elements."""
    first = f"`0x{register.address:04X}`"
    if _group(register) or not register.stride:
        return first
    last = register.address + (register.count - 1) * register.stride
    return f"{first} to `0x{last:04X}`"


def _last(register: Register) -> str:
    name = register.name.rpartition(".")[2]
    return name.replace("[]", f"[{register.count}]")
