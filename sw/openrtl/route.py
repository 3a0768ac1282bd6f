"""Place and route for ECP5, inside a wrapper that makes the tool time the block itself.

A block alone has hundreds of ports; paths at ports are not timed, and they don't fit the package.
So a shift register feeds every input and a registered XOR tree takes every output: one pin in, one
pin out, and every path of the block between two registers.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from openrtl.synth import synthesise
from tickwire import toolchain

PARTS = {
    "ecp5-85": ("--85k", "CABGA381"),
    "ecp5-45": ("--45k", "CABGA381"),
    "ecp5-25": ("--25k", "CABGA381"),
    "ecp5-12": ("--12k", "CABGA381"),
}
SPEED_GRADE = 6
XOR_WIDTH = 4


@dataclass(frozen=True)
class Routed:
    """What place-and-route reached."""

    part: str
    speed_grade: int
    period: float
    comb: int
    ff: int


def _tree(bits: int) -> str:
    """A registered XOR tree over `seen`, four to one a level."""
    lines, level, width = [], 0, bits
    source = "seen"
    while width > 1:
        narrower = -(-width // XOR_WIDTH)
        lines.append(f"  reg [{narrower - 1}:0] x{level};")
        terms = [
            f"^{source}[{min((n + 1) * XOR_WIDTH, width) - 1}:{n * XOR_WIDTH}]"
            for n in range(narrower)
        ]
        listed = ", ".join(reversed(terms))
        lines.append(f"  always @(posedge clk) x{level} <= {{{listed}}};")
        source, width, level = f"x{level}", narrower, level + 1
    lines.append(f"  assign out = {source}[0];")
    return "\n".join(lines)


def timing_wrapper(interface: dict[str, object]) -> str:
    """The wrapper's text for a network's interface."""
    name, tag = str(interface["name"]), int(str(interface["tag_bits"]))
    n_in, n_out = int(str(interface["input_bits"])), int(str(interface["output_bits"]))
    recurrent = "loop" in interface
    total = 2 + n_in + tag + (2 if recurrent else 0)
    ports = [
        (".clk", "clk"),
        (".rst", "feed[0]"),
        (".s_axis_tvalid", "feed[1]"),
        (".s_axis_tdata", f"feed[{n_in + 1}:2]"),
        (".s_axis_tid", f"feed[{n_in + tag + 1}:{n_in + 2}]"),
        (".m_axis_tvalid", f"result[{n_out + tag}]"),
        (".m_axis_tdata", f"result[{n_out - 1}:0]"),
        (".m_axis_tid", f"result[{n_out + tag - 1}:{n_out}]"),
    ]
    outputs = n_out + tag + 1
    if recurrent:
        ports += [
            (".s_axis_tuser", f"feed[{total - 1}:{total - 2}]"),
            (".s_axis_tready", f"result[{outputs}]"),
        ]
        outputs += 1
    listed = ", ".join(f"{port}({net})" for port, net in ports)
    return (
        f"module {name}_timed (input wire clk, input wire in, output wire out);\n"
        f"  reg [{total - 1}:0] feed;\n  wire [{outputs - 1}:0] result;\n"
        f"  reg [{outputs - 1}:0] seen;\n"
        f"  always @(posedge clk) begin feed <= {{feed[{total - 2}:0], in}}; seen <= result; end\n"
        f"  {name} dut ({listed});\n{_tree(outputs)}\nendmodule\n"
    )


def _period(report: dict[str, object]) -> float:
    found = report["fmax"]
    assert isinstance(found, dict)
    return 1000.0 / min(float(clock["achieved"]) for clock in found.values())


def route(folder: Path, part: str, period: float, seed: int = 1) -> Routed:
    """Synthesise the wrapped block, place and route it for a clock period in ns."""
    if part not in PARTS:
        raise toolchain.ToolError(f"part {part!r}: place and route knows {', '.join(PARTS)}")
    folder = folder.resolve()
    interface = json.loads((folder / "interface.json").read_text())
    work = folder / "synth"
    work.mkdir(exist_ok=True)
    wrapper = work / f"{interface['name']}_timed.v"
    wrapper.write_text(timing_wrapper(interface))
    _, netlist = synthesise(folder, f"{interface['name']}_timed", "ecp5", extra=[wrapper])
    size, package = PARTS[part]
    report = work / "route.json"
    toolchain.run(
        "nextpnr-ecp5",
        *(size, "--package", package, "--speed", str(SPEED_GRADE)),
        *("--json", netlist.name, "--report", report.name, "--freq", f"{1000 / period:.3f}"),
        *("--seed", str(seed), "--timing-allow-fail", "--quiet"),
        cwd=work,  # the WebAssembly build sees nothing above its working folder
        log=work / "route.log",
    )
    found = json.loads(report.read_text())
    used = {key: value["used"] for key, value in found["utilization"].items()}
    return Routed(part, SPEED_GRADE, _period(found), used["TRELLIS_COMB"], used["TRELLIS_FF"])


def critical_path(folder: Path) -> str:
    """The longest path's summary from the last log, for a reader."""
    text = (folder / "synth" / "route.log").read_text()
    found = re.findall(r"Max frequency for clock[^\n]*", text)
    return str(found[-1]) if found else "no timing in the log"
