"""The texts that the message table makes: a SystemVerilog package, a Python module, a page."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from hwtools.generate.message_table import Enum, Field, Record, Table, element_type

HEADER = (
    "Generated from hw/regs (messages.toml, tickwire.rdl) by `python -m hwtools.generate`. "
    "Don't edit."
)


# -- SystemVerilog -------------------------------------------------------------------------------


def package(table: Table) -> str:
    """hw/gen/tick_pkg.sv: constants, enums, packed structs and the width of each."""
    lines = [
        f"// {HEADER}",
        "//",
        "// tick_pkg: the messages between the blocks of the path. First field in the most",
        "// significant bits, element 0 of an array in the least significant. X_t is a record,",
        "// X_e an enum, X_W the bits of either.",
        "`default_nettype none",
        "",
        "package tick_pkg;",
    ]
    for constant in table.constants:
        declared = f"  localparam int unsigned {constant.name} = {constant.value};"
        lines.append(f"{declared}  // {constant.unit}: {constant.meaning}")
    for enum in table.enums:
        lines += ["", *_sv_enum(enum)]
    for record in table.records:
        lines += ["", *_sv_record(record)]
    return "\n".join([*lines, "endpackage", "", "`default_nettype wire", ""])


def _sv_enum(enum: Enum) -> list[str]:
    prefix = enum.name.upper()
    rows = []
    for place, member in enumerate(enum.members):
        comma = "," if place + 1 < len(enum.members) else ""
        value = f"{prefix}_{member.name.upper()} = {enum.width}'d{member.value}{comma}"
        rows.append(f"    {value}  // {member.meaning}")
    return [
        f"  // {enum.meaning}.",
        f"  localparam int unsigned {prefix}_W = {enum.width};",
        f"  typedef enum logic [{prefix}_W-1:0] {{",
        *rows,
        f"  }} {enum.name}_e;",
    ]


def _sv_record(record: Record) -> list[str]:
    elements = [
        f"  typedef logic signed [{_range(field)}] {element_type(record, field)};"
        for field in record.fields
        if field.is_array and field.kind == "signed"
    ]
    members = []
    for field in record.fields:
        unit = f"{field.unit}: " if field.unit else ""
        declared = f"    {_sv_type(record, field)} {field.name};"
        comment = f"// {unit}{field.meaning}"
        on_one_line = len(declared) + len(comment) + 2 <= 100
        members += [f"{declared}  {comment}"] if on_one_line else [f"    {comment}", declared]
    return [
        f"  // {record.meaning}.",
        *elements,
        f"  localparam int unsigned {record.name.upper()}_W = {record.width};",
        "  typedef struct packed {",
        *members,
        f"  }} {record.name}_t;",
    ]


def _sv_type(record: Record, field: Field) -> str:
    if field.kind == "enum":
        base = f"{field.enum}_e"
    elif field.is_array and field.kind == "signed":
        base = element_type(record, field)
    elif field.is_array:
        return f"logic [{_bound(field.count_name)}:0][{_range(field)}]"
    elif field.kind == "flag":
        return "logic"
    else:
        return f"logic {'signed ' if field.kind == 'signed' else ''}[{_range(field)}]"
    return f"{base} [{_bound(field.count_name)}:0]" if field.is_array else base


def _range(field: Field) -> str:
    return f"{_bound(field.width_name)}:0"


def _bound(size: str) -> str:
    return str(int(size) - 1) if size.isdigit() else f"{size}-1"


# -- Python --------------------------------------------------------------------------------------


def module(table: Table) -> str:
    """sw/tickwire/gen/records.py: constants, IntEnums and a Layout for each record."""
    lines = [
        f'"""The messages between the blocks, for the host.\n\n{HEADER}\n"""',
        "",
        "from __future__ import annotations",
        "",
        "from enum import IntEnum",
        "from typing import Final",
        "",
        "import numpy as np",
        "",
        "from hwtools.bits import Field, Layout",
        "",
    ]
    for constant in table.constants:
        note = textwrap.wrap(f"{constant.unit}: {constant.meaning}", 90)
        lines += [f"# {line}" for line in note]
        lines.append(f"{constant.name}: Final = {constant.value}")
    for enum in table.enums:
        lines += ["", "", *_py_enum(enum)]
    lines.append("")
    for record in table.records:
        lines += ["", *_py_record(record)]
    names = "".join(
        f"    {record.name.upper()}.name: {record.name.upper()},\n" for record in table.records
    )
    lines += ["", f"LAYOUTS: Final[dict[str, Layout]] = {{\n{names}}}", ""]
    return "\n".join(lines)


def class_name(enum: str) -> str:
    return "".join(part.capitalize() for part in enum.split("_"))


def _py_enum(enum: Enum) -> list[str]:
    rows = []
    for member in enum.members:
        rows += [f"    # {line}" for line in textwrap.wrap(member.meaning, 90)]
        rows.append(f"    {member.name.upper()} = {member.value}")
    return [f"class {class_name(enum.name)}(IntEnum):", f'    """{enum.meaning}."""', "", *rows]


def _py_record(record: Record) -> list[str]:
    types = [f'            ("{field.name}", {_numpy_type(field)}),' for field in record.fields]
    return [
        *(f"# {line}" for line in textwrap.wrap(record.meaning, 90)),
        f"{record.name.upper()}: Final = Layout(",
        f'    "{record.name}",',
        f"    width={record.width},",
        "    fields=(",
        *(line for field in record.fields for line in _py_field(field)),
        "    ),",
        "    dtype=np.dtype(",
        "        [",
        *types,
        "        ]",
        "    ),",
        ")",
    ]


def _py_field(field: Field) -> list[str]:
    parts = [f'"{field.name}"', f'"{field.kind}"', str(field.width)]
    if field.is_array:
        parts.append(f"count={field.count}")
    parts += [f"low={field.low}", f"high={field.high}"]
    if field.unit:
        parts.append(f'unit="{field.unit}"')
    if field.enum:
        parts.append(f"values={class_name(field.enum)}")
    return call("Field", parts, 8)


def call(name: str, parts: Sequence[str], indent: int) -> list[str]:
    """A call with these arguments and a comma, in as few lines of 100 columns as it takes."""
    pad, lines = " " * indent, [""]
    for part in parts:
        longer = f"{lines[-1]} {part}," if lines[-1] else f"{pad}    {part},"
        lines[-1:] = [longer] if len(longer) <= 100 else [lines[-1], f"{pad}    {part},"]
    whole = f"{pad}{name}({', '.join(parts)}),"
    return [whole] if len(whole) <= 100 else [f"{pad}{name}(", *lines, f"{pad}),"]


def _numpy_type(field: Field) -> str:
    if field.kind == "flag":
        base = "np.bool_"
    else:
        size = next(bits for bits in (8, 16, 32, 64) if bits >= field.width)
        base = f"np.{'int' if field.kind == 'signed' else 'uint'}{size}"
    return f"{base}, ({field.count},)" if field.is_array else base


# -- Markdown ------------------------------------------------------------------------------------


def page(table: Table) -> str:
    """docs/reference/messages.md."""
    lines = [
        "# Messages between the blocks",
        "",
        f"*{HEADER}*",
        "",
        "A record is a packed struct: its first field is in the most significant bits, and element",
        "0 of an array in the least significant bits of its field. `hw/gen/tick_pkg.sv` has it for",
        "the RTL, `sw/tickwire/gen/records.py` for numpy; `hwtools.bits` turns one into the other.",
        "",
        *cells(
            ("record", "bits", "what it is"),
            ((f"[`{r.name}`](#{r.name})", r.width, r.meaning) for r in table.records),
        ),
    ]
    for record in table.records:
        lines += ["", f"## {record.name}", "", f"{record.meaning}. {record.width} bits.", ""]
        lines += cells(("bits", "field", "kind", "unit", "range", "meaning"), _rows(record))
    lines += ["", "## Enums", "", "Any other value is refused by the host."]
    for enum in table.enums:
        lines += ["", f"### {enum.name}", "", f"{enum.meaning}. {_bits(enum.width)}.", ""]
        lines += cells(
            ("value", "name", "meaning"),
            ((m.value, f"`{enum.name}_{m.name}`".upper(), m.meaning) for m in enum.members),
        )
    lines += ["", "## Constants", ""]
    lines += cells(
        ("name", "value", "unit", "meaning"),
        ((f"`{c.name}`", c.value, c.unit, c.meaning) for c in table.constants),
    )
    return "\n".join([*lines, ""])


def _rows(record: Record) -> Iterable[Sequence[object]]:
    top = record.width
    for field in record.fields:
        low = top - field.bits
        kind = f"[{field.enum}](#{field.enum})" if field.enum else field.kind
        if field.is_array:
            kind += f"[{field.count}]"
        bits = f"{top - 1}:{low}" if field.bits > 1 else str(low)
        yield bits, f"`{field.name}`", kind, field.unit, _limits(field), field.meaning
        top = low


def _limits(field: Field) -> str:
    if field.kind == "enum":
        return ""
    full = field.high == 2 ** (field.width - (field.kind == "signed")) - 1
    if full and field.low == (-field.high - 1 if field.kind == "signed" else 0):
        return _bits(field.width)
    return f"{field.low:,} to {field.high:,}"


def _bits(width: int) -> str:
    return f"{width} bit" + ("s" if width > 1 else "")


def cells(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return [
        "| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in lines
    ]
