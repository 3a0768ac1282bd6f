"""Place and route of a network for an ECP5, with every path between two registers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from hwtools.timed import SPEED_GRADE, Port, place, wrapper
from openrtl.synth import synthesise


@dataclass(frozen=True)
class Routed:
    """The result of place and route."""

    part: str
    speed_grade: int
    period: float
    comb: int
    ff: int


def _ports(interface: dict[str, object]) -> list[Port]:
    n_in, n_out = int(str(interface["input_bits"])), int(str(interface["output_bits"]))
    tag = int(str(interface["tag_bits"]))
    ports = [
        Port("clk", 1, False),
        Port("rst", 1, False),
        Port("s_axis_tvalid", 1, False),
        Port("s_axis_tdata", n_in, False),
        Port("s_axis_tid", tag, False),
        Port("m_axis_tdata", n_out, True),
        Port("m_axis_tid", tag, True),
        Port("m_axis_tvalid", 1, True),
    ]
    if "loop" in interface:
        ports += [Port("s_axis_tuser", 2, False), Port("s_axis_tready", 1, True)]
    return ports


def route(folder: Path, part: str, period: float, seed: int = 1) -> Routed:
    """Synthesise the wrapped block, place and route it for a clock period in ns."""
    folder = folder.resolve()
    interface = json.loads((folder / "interface.json").read_text())
    work = folder / "synth"
    work.mkdir(exist_ok=True)
    top = f"{interface['name']}_timed"
    timed = work / f"{top}.v"
    timed.write_text(wrapper(interface["name"], _ports(interface)))
    _, netlist = synthesise(folder, top, "ecp5", extra=[timed])
    placed = place(netlist, part, period, seed)
    return Routed(part, SPEED_GRADE, placed.period, placed.comb, placed.ff)
