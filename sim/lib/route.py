"""Routes one module of hw/rtl for ECP5: `python -m sim.lib.route MODULE [PARAM=VALUE …]`.

It stands in a registered wrapper (hwtools.timed), so that each of its paths is timed. The period
is *placed and routed*; what the wrapper takes itself is in neither `comb` nor `ff`.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hwtools import toolchain
from hwtools.command import Parser, ended
from hwtools.rtl import HW, files, modules, sources
from hwtools.timed import FEED, SEEN, TREE, Placed, Port, place, tree_luts, wrapper
from hwtools.toolchain import BUILD
from sim.doubles import STAND_IN

PARAMETER = re.compile(r"^ *parameter [^=;]*?(\w+) *=", re.MULTILINE)

OUT = BUILD / "route"
PART = "ecp5-85"
Sources = tuple[Path, ...]


@dataclass(frozen=True)
class Routed:
    """What the block needs and reaches; `comb` is ECP5's unit, a LUT4 or half a carry cell, counted
    by yosys, `placed_comb` by the placer, which also counts what a RAM's write ports take."""

    module: str
    parameters: dict[str, str]
    comb: int
    placed_comb: int
    ff: int
    dp16kd: int
    dpr16x4: int
    mult: int
    period: float
    seed: int
    worst: str = ""  # from where to where the slowest path goes


def _read(module: str, parameters: dict[str, str], work: Path, files: Sources) -> list[Port]:
    """The module's ports; it is elaborated into `work`."""
    texts = " ".join(map(str, files))
    chosen = " ".join(f"-G {name}={value}" for name, value in parameters.items())
    commands = [
        f"read_slang --top {module} {chosen} {texts}",
        f"write_rtlil {work / 'read.il'}",
        "proc",
        f"write_json {work / 'read.json'}",
    ]
    toolchain.run("yosys", "-q", "-p", "\n".join(commands), log=work / "read.log")
    design: dict[str, Any] = json.loads((work / "read.json").read_text())
    ports: dict[str, Any] = design["modules"][module]["ports"]
    return [
        Port(name, len(port["bits"]), port["direction"] == "output") for name, port in ports.items()
    ]


def _flip_flops(work: Path, top: str) -> int:
    """Those of the module: what isn't the wrapper's by the name of the net it drives."""
    design: dict[str, Any] = json.loads((work / "netlist.json").read_text())
    netlist = design["modules"][top]
    ours = {
        bit
        for name, net in netlist["netnames"].items()
        if name in (FEED, SEEN) or name.startswith(TREE)
        for bit in net["bits"]
    }
    flops = (cell for cell in netlist["cells"].values() if cell["type"] == "TRELLIS_FF")
    return sum(cell["connections"]["Q"][0] not in ours for cell in flops)


def _cells(work: Path) -> dict[str, int]:
    design: dict[str, Any] = json.loads((work / "stat.json").read_text())["design"]
    return dict(design["num_cells_by_type"])


def route(
    module: str,
    parameters: dict[str, str],
    *,
    period: float = 8.0,
    seed: int = 1,
    hw: Path = HW,
    network: Sources = STAND_IN,
    out: Path = OUT,
    placed: bool = True,
) -> Routed:
    """Synthesise, place and route `module`; `placed=False` ends after synthesis, with period 0."""
    label = "-".join([module, *(f"{name}{value}" for name, value in parameters.items())])
    work = (out / label).resolve()
    work.mkdir(parents=True, exist_ok=True)
    ports = _read(module, parameters, work, sources(files(hw)[module], hw, network))
    (work / "timed.v").write_text(wrapper(module, ports))
    top = f"{module}_timed"
    commands = [
        f"read_rtlil {work / 'read.il'}",
        f"read_verilog {work / 'timed.v'}",
        f"synth_ecp5 -abc9 -top {top}",
        f"tee -q -o {work / 'stat.json'} stat -json",
        f"write_json {work / 'netlist.json'}",
    ]
    toolchain.run("yosys", "-q", "-p", "\n".join(commands), log=work / "synth.log")
    cells = _cells(work)
    ours = tree_luts(ports)
    lut, carry = cells.get("LUT4", 0), cells.get("CCU2C", 0)
    distributed = cells.get("TRELLIS_DPR16X4", 0)
    comb = lut + 2 * carry + 4 * distributed
    done = place(work / "netlist.json", PART, period, seed) if placed else Placed(0, 0, 0.0)
    return Routed(
        module,
        parameters,
        comb - ours,
        done.comb - ours if placed else 0,
        _flip_flops(work, top),
        cells.get("DP16KD", 0) + cells.get("PDPW16KD", 0),
        distributed,
        sum(count for kind, count in cells.items() if kind.startswith("MULT")),
        round(done.period, 2),
        seed,
        done.worst,
    )


def main(argv: list[str]) -> int:
    parser = Parser(prog="python -m sim.lib.route", description=__doc__)
    parser.add_argument("module", choices=modules(), metavar="MODULE", help="of hw/rtl")
    parser.add_argument("parameters", nargs="*", metavar="PARAM=VALUE", help="of the module")
    parser.add_argument("--period", type=float, default=8.0, help="aim in ns, default 8.0")
    parser.add_argument("--seed", type=int, default=1, help="of the placer")
    parser.add_argument("--synth", action="store_true", help="count cells only: don't place")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a line")
    args = parser.parse_args(argv)
    if bad := [one for one in args.parameters if "=" not in one]:
        parser.error(f"{bad[0]}: give PARAM=VALUE")
    chosen = dict(one.split("=", 1) for one in args.parameters)
    there = PARAMETER.findall(files()[args.module].read_text())
    if unknown := sorted(set(chosen) - set(there)):  # slang would take it, and count another build
        has = ", ".join(there) or "none"
        parser.error(f"{args.module} has no parameter {unknown[0]}; it has {has}")
    routed = route(
        args.module, chosen, period=args.period, seed=args.seed, placed=not args.synth
    )  # fmt: skip
    if args.json:
        print(json.dumps(asdict(routed)))
    else:
        timed = f"{routed.period:.2f} ns" if routed.period else "not placed"
        print(
            f"{routed.module}: {routed.comb} COMB, {routed.ff} FF, {routed.dp16kd} DP16KD, "
            f"{routed.dpr16x4} DPR16X4, {routed.mult} MULT18X18D, {timed}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(ended("route", lambda: main(sys.argv[1:])))
