"""Place and route for ECP5, in a wrapper that lets nextpnr time every path of a block.

nextpnr doesn't time paths to and from ports, and a block has more ports than a package has pins.
So a shift register feeds every input, and a registered XOR tree folds every output into one bit.
That takes one pin in and one pin out, and every path of the block lies between two registers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hwtools import toolchain

PARTS = {
    "ecp5-85": ("--85k", "CABGA381"),
    "ecp5-45": ("--45k", "CABGA381"),
    "ecp5-25": ("--25k", "CABGA381"),
    "ecp5-12": ("--12k", "CABGA381"),
}
SPEED_GRADE = 6
CLOCK = "clk"
FOLD = 4  # bits that one register of the tree folds
_CELL = re.compile(r"_(TRELLIS|LUT4|PFUMX|L6MUX21|CCU2C)_.*$")  # yosys' name of a net's driver
# Nets that the wrapper's own flip-flops drive; those of the tree are fold0, fold1, …
FEED, SEEN, TREE = "feed", "seen", "fold"


@dataclass(frozen=True)
class Port:
    name: str
    width: int
    output: bool


@dataclass(frozen=True)
class Placed:
    """The cells used, the wrapper's included, and the period reached in ns."""

    comb: int
    ff: int
    period: float
    worst: str = ""  # start and end of the slowest path


def _tree(bits: int) -> list[str]:
    lines, source, width, level = list[str](), SEEN, bits, 0
    while width > 1:
        narrower = -(-width // FOLD)
        terms = [f"^{source}[{min((n + 1) * FOLD, width) - 1}:{n * FOLD}]" for n in range(narrower)]
        listed = ", ".join(reversed(terms))
        lines.append(f"  reg [{narrower - 1}:0] {TREE}{level};")
        lines.append(f"  always @(posedge clk) {TREE}{level} <= {{{listed}}};")
        source, width, level = f"{TREE}{level}", narrower, level + 1
    return [*lines, f"  assign folded = {source}[0];"]


def tree_luts(ports: Sequence[Port]) -> int:
    """The LUTs of the wrapper: one for each register of the tree that folds more than one bit."""
    bits, total = sum(port.width for port in ports if port.output), 0
    while bits > 1:
        total += bits // FOLD + (bits % FOLD > 1)
        bits = -(-bits // FOLD)
    return total


def wrapper(module: str, ports: Sequence[Port]) -> str:
    """The Verilog of MODULE_timed, with the pins clk, fed and folded."""
    bindings = [f".{CLOCK}(clk)" for port in ports if port.name == CLOCK]
    widths = {}
    for output, net in ((False, FEED), (True, "result")):
        at = 0
        for port in ports:
            if port.output == output and port.name != CLOCK:
                bindings.append(f".{port.name}({net}[{at + port.width - 1}:{at}])")
                at += port.width
        widths[net] = at
    inputs, outputs = widths.values()
    lines = [
        f"module {module}_timed (input wire clk, input wire fed, output wire folded);",
        f"  reg [{inputs - 1}:0] {FEED};",
        f"  wire [{outputs - 1}:0] result;",
        f"  reg [{outputs - 1}:0] {SEEN};",
        f"  always @(posedge clk) {FEED} <= {{{FEED}[{inputs - 2}:0], fed}};",
        f"  always @(posedge clk) {SEEN} <= result;",
        f"  {module} dut ({', '.join(bindings)});",
        *_tree(outputs),
        "endmodule",
    ]
    return "\n".join(lines) + "\n"


def place(netlist: Path, part: str, period: float, seed: int = 1) -> Placed:
    """Place and route for a period in ns; writes route.json and route.log beside the netlist."""
    if part not in PARTS:
        raise toolchain.ToolError(f"part {part!r}: place and route knows {', '.join(PARTS)}")
    work, (size, package) = netlist.parent, PARTS[part]
    toolchain.run(
        "nextpnr-ecp5",
        *(size, "--package", package, "--speed", str(SPEED_GRADE)),
        *("--json", netlist.name, "--report", "route.json", "--freq", f"{1000 / period:.3f}"),
        *("--seed", str(seed), "--timing-allow-fail", "--quiet"),
        cwd=work,  # the WebAssembly build sees nothing above its working folder
        log=work / "route.log",
    )
    route: dict[str, Any] = json.loads((work / "route.json").read_text())
    used = {name: int(cells["used"]) for name, cells in route["utilization"].items()}
    slowest = min(float(clock["achieved"]) for clock in route["fmax"].values())
    return Placed(used["TRELLIS_COMB"], used["TRELLIS_FF"], 1000.0 / slowest, _worst(route))


def _worst(route: dict[str, Any]) -> str:
    """The registers at both ends of the slowest path inside the clock domain."""
    for path in route["critical_paths"]:
        if path["from"] == path["to"]:
            steps = path["path"]
            ends = (steps[0]["from"]["cell"], steps[-1]["to"]["cell"])
            return " to ".join(_CELL.sub("", end.removeprefix("dut.")) for end in ends)
    return ""
