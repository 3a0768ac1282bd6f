"""The protocols that go both ways as SystemVerilog packages, Python tables and pages.

hw/regs/ouch.toml    ->  hw/gen/ouch_pkg.sv, sw/tickwire/gen/ouch_table.py, docs/reference/ouch.md
hw/regs/soup.toml    ->  hw/gen/soup_pkg.sv, sw/tickwire/gen/soup_table.py, docs/reference/soup.md
hw/regs/ouch42.toml  ->  likewise ouch42
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from hwtools.generate.dialogue_table import TAILS, Dialogue, Statement
from hwtools.generate.messages import cells
from hwtools.generate.wire import UNITS, field_rows, head, py_field, sv_fields

_SIDES = ("client", "venue")
_TAIL_SAYS = {
    "none": "",
    "tags": "appendages",
    "optional_tags": "nothing, or a count in two bytes and appendages",
    "payload": "any bytes",
}


def outputs(table: Dialogue) -> dict[str, str]:
    """What is made of a table, by path."""
    return {
        f"hw/gen/{table.name}_pkg.sv": package(table),
        f"sw/tickwire/gen/{table.name}_table.py": module(table),
        f"docs/reference/{table.name}.md": page(table),
    }


# -- SystemVerilog -------------------------------------------------------------------------------


def package(table: Dialogue) -> str:
    """hw/gen/X_pkg.sv: types, lengths, offsets, letters, tags, and what a type's length must be."""
    width = max(one.length for one in table.messages).bit_length()
    about = textwrap.wrap(
        f"{table.name}_pkg: {table.title}. X_TYPE is a message's type, X_LENGTH its bytes without"
        " what may follow (a count of appendages that is always there is among them), X_Y_AT the"
        " place of field Y's first byte, its most significant; the type is at 0. CODE_C_L is a"
        " letter, TAG_T an appendage's number, TAG_T_LENGTH the bytes of its value.",
        90,
    )
    lines = [
        f"// {head(table.name)}",
        "//",
        *(f"// {line}" for line in about),
        "`default_nettype none",
        "",
        f"package {table.name}_pkg;",
        "  // What follows the fields of a message: see the table.",
        "  typedef enum logic [1:0] {",
        *(
            f"    TAIL_{tail.upper()} = 2'd{number}{',' if number + 1 < len(TAILS) else ''}"
            for number, tail in enumerate(TAILS)
        ),
        "  } tail_e;",
        "",
        f"  localparam int unsigned MESSAGE_LENGTH_W = {width};",
        *(
            f"  localparam int unsigned LONGEST_OF_{side.upper()} ="
            f" {max(one.length for one in table.sent_by(side))};"
            for side in _SIDES
        ),
        *(
            line
            for one in table.constants
            for line in (
                "",
                f"  // {one.meaning}.",
                f"  localparam int unsigned {one.name} = {one.value};",
            )
        ),
        *_sv_letters(table),
        *_sv_messages(table),
    ]
    for side in _SIDES:
        lines += ["", *_sv_function(table, side, width)]
    return "\n".join([*lines, "endpackage", "", "`default_nettype wire", ""])


def _sv_letters(table: Dialogue) -> Iterator[str]:
    for code in table.codes:
        yield from ("", f"  // {code.meaning}.")
        for one in code.letters:
            name = f"CODE_{code.name}_{one.name}".upper()
            yield f"  localparam logic [7:0] {name} = 8'h{ord(one.letter):02x};  // {one.letter}"
    if table.tags:
        yield from ("", "  // Appendages.")
    for tag in table.tags:
        name = f"TAG_{tag.name}".upper()
        yield f"  localparam logic [7:0] {name} = 8'd{tag.number};"
        yield f"  localparam int unsigned {name}_LENGTH = {tag.length};  // {tag.kind}"


def _sv_messages(table: Dialogue) -> Iterator[str]:
    for one in table.messages:
        name = one.name.upper()
        yield from ("", f"  // {one.type}, {_by(one)}: {one.meaning}.")
        yield f"  localparam logic [7:0] {name}_TYPE = 8'h{ord(one.type):02x};"
        yield f"  localparam int unsigned {name}_LENGTH = {one.length};"
        yield from sv_fields(name, one.fields[len(table.header) :])


def _sv_function(table: Dialogue, side: str, width: int) -> Iterator[str]:
    """Two functions of a type: a message's length, and what follows it."""
    sent = table.sent_by(side)
    for what, kind, rows, other in (
        ("length", f"logic [{width}-1:0]", {m.name: f"{width}'d{m.length}" for m in sent}, "'0"),
        ("tail", "tail_e", {m.name: f"TAIL_{m.tail.upper()}" for m in sent}, "TAIL_NONE"),
    ):
        says = f"The {what} of a {side}'s message"
        says += "; 0 where the type isn't one." if what == "length" else "."
        yield f"  // {says}"
        yield f"  function automatic {kind} {side}_{what}(logic [7:0] kind);"
        yield "    unique case (kind)"
        yield from (f"      {name.upper()}_TYPE: return {value};" for name, value in rows.items())
        yield from (f"      default: return {other};", "    endcase", "  endfunction")


# -- Python --------------------------------------------------------------------------------------


def module(table: Dialogue) -> str:
    """sw/tickwire/gen/X_table.py: a `MessageType` for each message, the tags, the letters."""
    tags = ["Tag"] if table.tags else []
    lines = [
        f'"""{table.title} for the host.\n\n{head(table.name)}\n"""',
        "",
        "from __future__ import annotations",
        "",
        "from typing import Final",
        "",
        f"from tickwire.wire.fields import {', '.join(['Field', 'MessageType', *tags])}",
        "",
        f"_HEADER: Final = ({', '.join(py_field(field, False) for field in table.header)},)",
        "",
        *(
            line
            for one in table.constants
            for line in (f"# {one.meaning}.", f"{one.name}: Final = {one.value:_}")
        ),
    ]
    for one in table.messages:
        own = [f"        {py_field(field, False)}," for field in one.fields[len(table.header) :]]
        lines += [
            *(f"# {line}" for line in textwrap.wrap(f"{one.meaning}.", 90)),
            f"{one.name.upper()}: Final = MessageType(",
            f'    "{one.type}",',
            f'    "{one.name}",',
            f"    length={one.length},",
            *(["    fields=(", "        *_HEADER,", *own, "    ),"] if own
              else ["    fields=_HEADER,"]),
            f'    sender="{one.sender}",',
            f'    tail="{one.tail}",',
            *_py_names("    tags=", one.tags),
            ")",
        ]  # fmt: skip
    listed = "".join(f"    {one.name.upper()},\n" for one in table.messages)
    lines += ["", f"MESSAGES: Final[tuple[MessageType, ...]] = (\n{listed})"]
    if table.tags:
        rows = (
            f'    Tag({tag.number}, "{tag.name}", {tag.length}, "{tag.kind}"'
            + (f', code="{tag.code}"),' if tag.code else "),")
            for tag in table.tags
        )
        lines += ["TAGS: Final[tuple[Tag, ...]] = (", *rows, ")"]
    if table.codes:
        lines += ["# The letter of each name.", "CODES: Final[dict[str, dict[str, bytes]]] = {"]
        for code in table.codes:
            letters = (f'        "{one.name}": b"{one.letter}",' for one in code.letters)
            lines += [f'    "{code.name}": {{', *letters, "    },"]
        lines += ["}"]
    return "\n".join([*lines, ""])


def _py_names(start: str, names: Iterable[str]) -> list[str]:
    """A tuple of texts as ruff lays it out."""
    quoted = [f'"{name}"' for name in names]
    if not quoted:
        return []
    line = f"{start}({', '.join(quoted)}{',' if len(quoted) == 1 else ''}),"
    if len(line) <= 100:
        return [line]
    return [f"{start}(", *(f"        {one}," for one in quoted), "    ),"]


# -- Markdown ------------------------------------------------------------------------------------


def page(table: Dialogue) -> str:
    """docs/reference/X.md."""
    lines = [
        f"# {table.title}",
        "",
        f"*{head(table.name)}*",
        "",
        "Numbers are unsigned where no kind says otherwise, most significant byte first; alpha",
        "fields are ASCII, left-justified and filled up with spaces. Offsets count bytes from the",
        "message's type, which is at 0; bytes are those of the fields, without what follows them.",
        f"`hw/gen/{table.name}_pkg.sv` has it for the RTL, `sw/tickwire/gen/{table.name}_table.py`"
        " for the host.",
        "",
        "## Where this comes from",
        "",
        *(line for note in table.notes for line in (note, "")),
        *_page_constants(table),
        "## Messages",
        "",
    ]
    for side, sends in (("client", "The client sends"), ("venue", "The venue sends")):
        rows = (
            (f"`{m.type}`", f"[{m.name}](#{m.name})", m.length, _TAIL_SAYS[m.tail], m.meaning)
            for m in table.sent_by(side)
        )
        lines += [f"{sends}:", "", *cells(("type", "message", "bytes", "then", "it says"), rows)]
        lines += [""]
    for one in table.messages:
        lines += [f"### {one.name}", "", f"`{one.type}`, {_by(one)}: {one.meaning}. {_bytes(one)}"]
        own = one.fields[len(table.header) :]
        lines += ["", *field_rows(own), ""] if own else [""]
        if one.tags:
            lines += [f"Appendages: {', '.join(f'`{name}`' for name in one.tags)}.", ""]
    return "\n".join([*lines, *_page_letters(table)]).rstrip("\n") + "\n"


def _page_constants(table: Dialogue) -> Iterator[str]:
    if table.constants:
        yield from ("## Constants", "")
        rows = ((f"`{one.name}`", f"{one.value:,}", one.meaning) for one in table.constants)
        yield from (*cells(("name", "value", "meaning"), rows), "")


def _page_letters(table: Dialogue) -> Iterator[str]:
    if table.codes:
        yield from ("## Letters", "")
    for code in table.codes:
        users = [
            f"`{message.name}.{field.name}`"
            for message in table.messages
            for field in message.fields
            if field.code == code.name
        ]
        yield from (
            f"### {code.name}",
            "",
            f"{code.meaning}: {', '.join(users)}.".replace(": .", "."),
        )
        yield ""
        yield from cells(
            ("letter", "name", "meaning"),
            ((f"`{one.letter}`", one.name, one.meaning) for one in code.letters),
        )
        yield ""
    if table.tags:
        yield from ("## Appendages", "")
        yield "A byte that counts the bytes after it, a byte with the number, then the value. Each"
        yield from ("may stand once; the host skips numbers that it doesn't know.", "")
        yield from cells(
            ("number", "name", "bytes of value", "kind", "unit", "meaning"),
            (
                (tag.number, f"`{tag.name}`", tag.length, tag.kind, UNITS[tag.kind], tag.meaning)
                for tag in table.tags
            ),
        )


def _by(one: Statement) -> str:
    return "from either" if one.sender == "any" else f"from the {one.sender}"


def _bytes(one: Statement) -> str:
    number = "1 byte" if one.length == 1 else f"{one.length} bytes"
    after = _TAIL_SAYS[one.tail]
    return f"{number}, then {after}." if after else f"{number}."
