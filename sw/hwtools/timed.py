"""Place and route for ECP5, inside a wrapper that makes the tool time the block itself.

Paths at ports aren't timed, and a block's ports don't fit a package. So a shift register feeds
every input, and a registered XOR tree folds every output: one pin in, one pin out, and each path of
the block lies between two registers.
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
FOLD = 4  # bits that one register of the folding tree takes
_CELL = re.compile(r"_(TRELLIS|LUT4|PFUMX|L6MUX21|CCU2C)_.*$")  # yosys' name of a net's driver
# The nets that the wrapper's own flip-flops drive; the tree's are fold0, fold1, …
FEED, SEEN, TREE = "feed", "seen", "fold"


@dataclass(frozen=True)
class Port:
    name: str
    width: int
    output: bool


@dataclass(frozen=True)
class Placed:
    """What place-and-route used, the wrapper's own included, and reached."""

    comb: int
    ff: int
    period: float
    worst: str = ""  # from where to where the slowest path goes


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
    """The wrapper's own: one for every register of the tree that takes more than a bit."""
    bits, total = sum(port.width for port in ports if port.output), 0
    while bits > 1:
        total += bits // FOLD + (bits % FOLD > 1)
        bits = -(-bits // FOLD)
    return total


def wrapper(module: str, ports: Sequence[Port]) -> str:
    """Verilog of MODULE_timed, with the pins clk, fed and folded."""
    bindings = [f".{CLOCK}(clk)" for port in ports if port.name == CLOCK]
    widths = {}
    for output, net in ((False, FEED), (True, "result")):
        at = 0
        for port in ports:
            if port.output == output and port.name != CLOCK:
                bindings.append(f".{port.name}({net}[{at + port.width - 1}:{at}])")
                at += port.width
        widths[net] = at
    n_fed, n_told = widths.values()
    lines = [
        f"module {module}_timed (input wire clk, input wire fed, output wire folded);",
        f"  reg [{n_fed - 1}:0] {FEED};",
        f"  wire [{n_told - 1}:0] result;",
        f"  reg [{n_told - 1}:0] {SEEN};",
        f"  always @(posedge clk) {FEED} <= {{{FEED}[{n_fed - 2}:0], fed}};",
        f"  always @(posedge clk) {SEEN} <= result;",
        f"  {module} dut ({', '.join(bindings)});",
        *_tree(n_told),
        "endmodule",
    ]
    return "\n".join(lines) + "\n"


def place(netlist: Path, part: str, period: float, seed: int = 1) -> Placed:
    """Place and route for a period in ns; route.json and route.log stand beside the netlist."""
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
    said: dict[str, Any] = json.loads((work / "route.json").read_text())
    used = {name: int(cells["used"]) for name, cells in said["utilization"].items()}
    slowest = min(float(clock["achieved"]) for clock in said["fmax"].values())
    return Placed(used["TRELLIS_COMB"], used["TRELLIS_FF"], 1000.0 / slowest, _worst(said))


def _worst(said: dict[str, Any]) -> str:
    """The registers at both ends of the slowest path within the clock."""
    for path in said["critical_paths"]:
        if path["from"] == path["to"]:
            steps = path["path"]
            ends = (steps[0]["from"]["cell"], steps[-1]["to"]["cell"])
            return " to ".join(_CELL.sub("", end.removeprefix("dut.")) for end in ends)
    return ""
