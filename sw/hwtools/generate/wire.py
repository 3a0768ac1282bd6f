"""The wire formats as a SystemVerilog package, a numpy module and a page.

hw/regs/itch.toml  ->  hw/gen/itch_pkg.sv, sw/tickwire/gen/itch_table.py, docs/reference/itch.md
hw/regs/deep.toml  ->  hw/gen/deep_pkg.sv, sw/tickwire/gen/deep_table.py, docs/reference/deep.md
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from hwtools.generate.messages import cells
from hwtools.generate.wire_table import Field, Message, Transport, WireTable

UNITS = {
    "integer": "unsigned",
    "price4": "1/10,000 dollar",
    "wide_price4": "1/10,000 dollar",
    "price4_offset": "1/10,000 dollar, signed",
    "price8": "1/100,000,000 dollar",
    "timestamp": "ns since midnight",
    "alpha": "ASCII",
    "signed": "signed",
    "signed_price4": "1/10,000 dollar, signed",
    "epoch": "ns since 1970",
    "digits": "ASCII digits",
}


def head(name: str) -> str:
    source = f"hw/regs/{name}.toml"
    return f"Generated from {source} by `python -m hwtools.generate`. Don't edit."


# -- SystemVerilog -------------------------------------------------------------------------------


def package(table: WireTable) -> str:
    """hw/gen/X_pkg.sv: types, lengths and offsets, and the length that a type must have."""
    transport, name = table.transport, table.transport.name.upper()
    ends = transport.end_of_session_count
    first = "its number's least significant" if table.little else "its most significant"
    about = textwrap.wrap(
        f"{table.name}_pkg: {table.title} and {transport.title}. X_TYPE is the type's character,"
        " X_LENGTH bytes of the message, X_Y_AT the place of field Y's first byte, which is"
        f" {first}. The message's first byte, its type, is at 0; in a packet two bytes of length"
        " stand before it.",
        90,
    )
    lines = [
        f"// {head(table.name)}",
        "//",
        *(f"// {line}" for line in about),
        "`default_nettype none",
        "",
        f"package {table.name}_pkg;",
        f"  // {transport.title}.",
        f"  localparam int unsigned {name}_HEADER_LENGTH = {_length(transport.header)};",
        *sv_fields(name, transport.header),
        f"  localparam int unsigned {name}_BLOCK_LENGTH = {_length(transport.block)};",
        f"  localparam logic [15:0] {name}_HEARTBEAT = 16'd{transport.heartbeat_count};",
        *(
            []
            if ends is None
            else [f"  localparam logic [15:0] {name}_END_OF_SESSION = 16'd{ends};"]
        ),
        "",
        "  // What every message begins with.",
        f"  localparam int unsigned MESSAGE_HEADER_LENGTH = {_length(table.header)};",
        *sv_fields("MESSAGE", table.header),
        f"  localparam int unsigned MESSAGE_LENGTH_W = {_length_width(table)};",
        f"  localparam int unsigned LONGEST_MESSAGE = {max(m.length for m in table.messages)};",
        f"  localparam int unsigned MESSAGE_TYPES = {len(table.messages)};",
    ]
    for message in table.messages:
        name = message.name.upper()
        lines += [
            "",
            f"  // {message.type}: {message.meaning}.",
            f"  localparam logic [7:0] {name}_TYPE = 8'h{ord(message.type):02x};",
            f"  localparam int unsigned {name}_LENGTH = {message.length};",
            *sv_fields(name, message.fields[len(table.header) :]),
        ]
    return "\n".join(
        [*lines, "", *_sv_function(table), "endpackage", "", "`default_nettype wire", ""]
    )


def sv_fields(name: str, fields: Iterable[Field]) -> list[str]:
    lines = []
    for field in fields:
        declared = f"  localparam int unsigned {name}_{field.name.upper()}_AT = {field.offset};"
        size = "1 byte" if field.length == 1 else f"{field.length} bytes"
        comment = f"// {size}, {field.kind}"
        on_one_line = len(declared) + len(comment) + 2 <= 100
        lines += [f"{declared}  {comment}"] if on_one_line else [f"  {comment}", declared]
    return lines


def _sv_function(table: WireTable) -> list[str]:
    width = _length_width(table)
    rows = [
        f"      {message.name.upper()}_TYPE: return {width}'d{message.length};"
        for message in table.messages
    ]
    return [
        "  // The length that a message of this type has; 0 where the type isn't one of"
        f" {table.title}.",
        "  function automatic logic [MESSAGE_LENGTH_W-1:0] message_length(logic [7:0] kind);",
        "    unique case (kind)",
        *rows,
        "      default: return '0;",
        "    endcase",
        "  endfunction",
    ]


def _length_width(table: WireTable) -> int:
    """Bits of a message's length; 0 says that the type is unknown."""
    return max(message.length for message in table.messages).bit_length()


def _length(fields: Sequence[Field]) -> int:
    return sum(field.length for field in fields)


# -- Python --------------------------------------------------------------------------------------


def module(table: WireTable) -> str:
    """sw/tickwire/gen/itch_table.py: a `MessageType` for each type, with its numpy types."""
    transport, name = table.transport, table.transport.name.upper()
    ends = transport.end_of_session_count
    lines = [
        f'"""{table.title} and {transport.title} for the host.\n\n{head(table.name)}\n"""',
        "",
        "from __future__ import annotations",
        "",
        "from typing import Final",
        "",
        "from tickwire.wire.fields import Field, MessageType",
        "",
        f"{name}_HEADER_LENGTH: Final = {_length(transport.header)}",
        f"{name}_BLOCK_LENGTH: Final = {_length(transport.block)}",
        f"HEARTBEAT_COUNT: Final = {transport.heartbeat_count}",
        *([] if ends is None else [f"END_OF_SESSION_COUNT: Final = {ends}"]),
        "",
        *_py_fields(table, f"{name}_HEADER", transport.header),
        *_py_fields(table, "_HEADER", table.header),
    ]
    for message in table.messages:
        lines += [
            *(f"# {line}" for line in textwrap.wrap(f"{message.meaning}.", 90)),
            f"{message.name.upper()}: Final = MessageType(",
            f'    "{message.type}",',
            f'    "{message.name}",',
            f"    length={message.length},",
            f"    book={message.book},",
            "    fields=(",
            "        *_HEADER,",
            *(
                f"        {py_field(field, table.little)},"
                for field in message.fields[len(table.header) :]
            ),
            "    ),",
            ")",
        ]
    names = "".join(
        f"    {message.name.upper()}.type: {message.name.upper()},\n" for message in table.messages
    )
    lines += ["", f"MESSAGES: Final[dict[str, MessageType]] = {{\n{names}}}", ""]
    return "\n".join(lines)


def _py_fields(table: WireTable, name: str, fields: Sequence[Field]) -> list[str]:
    """A tuple of fields, laid out as ruff does it."""
    if len(fields) == 1:
        return [f"{name}: Final = ({py_field(fields[0], table.little)},)", ""]
    rows = (f"    {py_field(field, table.little)}," for field in fields)
    return [f"{name}: Final = (", *rows, ")", ""]


def py_field(field: Field, little: bool) -> str:
    order = ', "<"' if little and field.kind != "alpha" else ""
    code = f', code="{field.code}"' if field.code else ""
    return f'Field("{field.name}", {field.offset}, {field.length}, "{field.kind}"{order}{code})'


# -- Markdown ------------------------------------------------------------------------------------


def page(table: WireTable) -> str:
    """docs/reference/itch.md, deep.md."""
    transport = table.transport
    lines = [
        f"# {table.title} and {transport.title}",
        "",
        f"*{head(table.name)}*",
        "",
        *_order(table),
        "",
        *cells(
            ("type", "message", "bytes", "changes a book", "what it says"),
            (
                (f"`{m.type}`", f"[{m.name}](#{m.name})", m.length, _yes(m.book), m.meaning)
                for m in table.messages
            ),
        ),
        "",
        f"## {transport.title}",
        "",
        "A packet is a header, then as many blocks as it counts: a length, and a message of that",
        _counts(transport),
        "",
        "### Packet header",
        "",
        *field_rows(transport.header),
        "",
        "### Block",
        "",
        *field_rows(transport.block),
        "",
        "## Message header",
        "",
        "Every message begins with it.",
        "",
        *field_rows(table.header),
    ]
    for message in table.messages:
        lines += ["", f"## {message.name}", "", _says(message), ""]
        lines += field_rows(message.fields[len(table.header) :])
    return "\n".join([*lines, ""])


def _order(table: WireTable) -> list[str]:
    """How fields are written, and where else the table is."""
    module = f"`sw/tickwire/gen/{table.name}_table.py` for numpy."
    if table.little:
        return [
            "Numbers are unsigned where no kind says otherwise, least significant byte first;",
            "alpha fields are ASCII, left-justified and filled up with spaces. Offsets count bytes",
            f"from the message's type, which is at 0. `hw/gen/{table.name}_pkg.sv` has it for the",
            f"RTL, {module}",
        ]
    return [
        "Numbers are unsigned, most significant byte first; alpha fields are ASCII, left-justified",
        "and filled up with spaces. Offsets count bytes from the message's type, which is at 0.",
        f"`hw/gen/{table.name}_pkg.sv` has it for the RTL, {module}",
    ]


def _counts(transport: Transport) -> str:
    beat = f"length. A count of {transport.heartbeat_count} is a heartbeat"
    if transport.end_of_session_count is None:
        return f"{beat}, which has no blocks."
    return f"{beat}, {transport.end_of_session_count} the end of the session; neither has blocks."


def _says(message: Message) -> str:
    return f"`{message.type}`: {message.meaning}. {message.length} bytes."


def _yes(truth: bool) -> str:
    return "yes" if truth else ""


def field_rows(fields: Iterable[Field]) -> list[str]:
    return cells(
        ("offset", "bytes", "field", "kind", "unit", "meaning"),
        ((f.offset, f.length, f"`{f.name}`", f.kind, UNITS[f.kind], f.meaning) for f in fields),
    )
