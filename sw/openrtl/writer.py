"""What `.write()` leaves in the output folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hls4ml.writer.writers import Writer

from openrtl.design import Design

VIVADO = """\
# Vivado, out of context: vivado -mode batch -source {name}_vivado.tcl
# Emitted from the same design as everything here, and not run by this project's tests.
set here [file dirname [file normalize [info script]]]
create_project -force {name} $here/vivado -part {part}
foreach file [split [string trim [read [open $here/sources.f]]] "\\n"] {{ add_files $here/$file }}
add_files -fileset constrs_1 $here/{name}.xdc
set_property top {name} [current_fileset]
synth_design -top {name} -part {part} -mode out_of_context
opt_design
place_design
phys_opt_design
route_design
report_utilization -file $here/vivado_utilization.rpt
report_timing_summary -file $here/vivado_timing.rpt
"""


class OpenRTLWriter(Writer):  # type: ignore[misc]
    """Writes a design and a Vivado script."""

    def write_hls(self, model: Any) -> None:
        folder = Path(model.config.get_output_dir())
        design: Design = model.openrtl_design
        design.write(folder)
        settings = model.config.config
        period = float(settings["ClockPeriod"])
        part = str(settings["VivadoPart"])
        (folder / f"{design.name}_vivado.tcl").write_text(
            VIVADO.format(name=design.name, part=part)
        )
        constraint = f"create_clock -name clk -period {period} [get_ports clk]\n"
        (folder / f"{design.name}.xdc").write_text(constraint)
