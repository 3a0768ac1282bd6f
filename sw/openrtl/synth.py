"""Synthesis with yosys: resource counts for three families, and netlists."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from hwtools import toolchain

# abc9 knows the delays of ECP5 and iCE40. For UltraScale+ only counts are needed, and abc9 takes
# many times as long as abc: the flow stops before it maps LUTs, and abc maps them.
FAMILIES = {
    "ecp5": "synth_ecp5 -abc9 -top {top}",
    "ice40": "synth_ice40 -abc9 -device hx -top {top}",
    "ultrascale+": (
        "synth_xilinx -family xcup -flatten -noiopad -noclkbuf -top {top} -run begin:map_luts\n"
        "abc -luts 2:2,3,6:5\nclean"
    ),
}


@dataclass(frozen=True)
class Resources:
    """Cells of one family. `comb` is ECP5's unit: a LUT4, where a carry cell takes two."""

    family: str
    lut: int
    carry: int
    ff: int
    dsp: int
    ram: int
    comb: int

    def as_dict(self) -> dict[str, int | str]:
        return asdict(self)


def _sum(cells: dict[str, int], *prefixes: str) -> int:
    return sum(n for name, n in cells.items() if name.startswith(prefixes))


def count(family: str, cells: dict[str, int]) -> Resources:
    """Sum up the cells of each kind."""
    if family == "ecp5":
        lut, carry = cells.get("LUT4", 0), cells.get("CCU2C", 0)
        ram = _sum(cells, "DP16KD", "PDPW16KD")
        distributed = _sum(cells, "TRELLIS_DPR16X4")
        comb = lut + 2 * carry + 4 * distributed
        return Resources(
            family, lut, carry, _sum(cells, "TRELLIS_FF"), _sum(cells, "MULT"), ram, comb
        )
    if family == "ice40":
        lut = _sum(cells, "SB_LUT4")
        ram = _sum(cells, "SB_RAM")
        dsp = _sum(cells, "SB_MAC")
        return Resources(family, lut, _sum(cells, "SB_CARRY"), _sum(cells, "SB_DFF"), dsp, ram, lut)
    lut = _sum(cells, "LUT", "$lut")
    ram = _sum(cells, "RAMB")
    return Resources(
        family, lut, _sum(cells, "CARRY"), _sum(cells, "FD"), _sum(cells, "DSP"), ram, lut
    )


def _sources(folder: Path) -> list[str]:
    return [str(folder / name) for name in (folder / "sources.f").read_text().split()]


def synthesise(
    folder: Path,
    top: str,
    family: str,
    *,
    extra: list[Path] | None = None,
    netlist: bool = False,
    parameters: dict[str, int] | None = None,
) -> tuple[Resources, Path]:
    """Run one family's flow. Returns the counts and the netlist, in JSON or in Verilog."""
    folder = folder.resolve()
    work = folder / "synth"
    work.mkdir(exist_ok=True)
    safe = family.replace("+", "p")
    statistics = work / f"{top}_{safe}_stat.json"
    result = work / f"{top}_{safe}.{'v' if netlist else 'json'}"
    reads = " ".join([*_sources(folder), *map(str, extra or [])])
    settings = "".join(f"chparam -set {k} {v} {top}\n" for k, v in (parameters or {}).items())
    write = f"write_verilog -noattr -noexpr {result}" if netlist else f"write_json {result}"
    if family != "ecp5":  # counts only: unmapped cells' models can't be written as JSON
        write = ""
    script = work / f"{top}_{safe}.ys"
    script.write_text(
        f"read_verilog -sv {reads}\n{settings}hierarchy -top {top}\n"
        f"{FAMILIES[family].format(top=top)}\n"
        f"tee -q -o {statistics} stat -json\n{write}\n"
    )
    toolchain.run("yosys", "-q", "-s", script, log=work / f"{top}_{safe}.log")
    design = json.loads(statistics.read_text())["design"]
    return count(family, design["num_cells_by_type"]), result
