"""`make measure NAME=openrtl`: networks at every level, their cells and their clock period.

    python -m openrtl.measure [--only NAME] [--no-route] [--no-synth]

Figures go to build/reports/openrtl.json. With routing it takes about 15 minutes.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.console import Console

from hwtools import toolchain
from hwtools.command import Parser, ended
from hwtools.report import Report, markdown, read
from openrtl.convert import convert
from openrtl.depth import best_of, search
from openrtl.design import compose
from openrtl.measure.digits import SIZES, FixedMLP, Trained, train
from openrtl.measure.judge import Verdict, judge
from openrtl.measure.networks import Case, cases
from openrtl.netlist import netlist_simulation
from openrtl.precision import Numbers
from openrtl.simulate import Simulation
from openrtl.synth import synthesise

SEED, PERIOD, PART = 1, 8.0, "ecp5-85"


def parse(argv: list[str]) -> argparse.Namespace:
    parser = Parser(prog="make measure NAME=openrtl")
    parser.add_argument("--only", default="", help="networks whose name holds this")
    parser.add_argument("--vectors", type=int, default=20_480, help="of inputs, for each network")
    parser.add_argument("--no-route", action="store_true", help="leave out placing and routing")
    parser.add_argument("--no-synth", action="store_true", help="leave out synthesis as well")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        default=toolchain.BUILD / "openrtl",
        help="folder for Verilog and logs",
    )
    return parser.parse_args(argv)


def add_verdict(report: Report, verdict: Verdict) -> None:
    """Exactness and timing of one network."""
    case, n, how = verdict.case, verdict.vectors, "simulated"
    bounds = case.bounds
    for levels, wrong in verdict.mismatches.items():
        metric = f"mismatches ({levels})"
        report.row(case.name, metric, wrong, "values", n=n, how=how, bound=0, op="<=")
    report.row(case.name, "distinct_values", verdict.distinct, "", n=n, how=how, bound=5, op=">=")
    if verdict.reached is not None:
        report.row(case.name, "rounding_ties", verdict.reached.ties, "values", n=n, how=how)
        report.row(case.name, "saturations", verdict.reached.saturations, "values", n=n, how=how)
        if verdict.reached.addresses:
            unread = verdict.reached.unread
            report.row(case.name, "table_entries_unread", unread, "entries", n=n, how=how)
    if verdict.steps:
        report.row(
            case.name, "steps_an_instrument", verdict.steps, "", n=n, how=how, bound=1000, op=">="
        )
    cycles, op = bounds.get("cycles", (None, None))
    report.row(
        case.name, "cycles", verdict.design.latency, "clocks", n=n, how=how, bound=cycles, op=op
    )
    report.row(case.name, "initiation_interval", 1, "clocks", n=n, how=how)
    if verdict.design.core.loop:
        bound, op = bounds.get("loop_cycles", (None, None))
        value = verdict.design.core.loop.cycles
        report.row(case.name, "loop_cycles", value, "clocks", n=n, how=how, bound=bound, op=op)
    seconds = verdict.conversion_seconds
    report.row(case.name, "conversion_seconds", seconds, "s", n=1, how="measured on host")


def add_resources(report: Report, verdict: Verdict) -> None:
    """Cells for two families."""
    name, bounds = verdict.case.name, verdict.case.bounds
    for family in ("ecp5", "ultrascale+"):
        top = Simulation(verdict.folder).name
        cells = synthesise(verdict.folder, top, family)[0].as_dict()
        for key in ("lut", "carry", "ff", "dsp", "ram", "comb"):
            if key == "comb" and family != "ecp5":
                continue
            bound, op = bounds.get(key, (None, None))
            metric = f"{key} ({family})"
            report.row(
                name, metric, cells[key], "cells", n=1, how="synthesised", bound=bound, op=op
            )


def add_training(report: Report, trained: Trained) -> None:
    """The accuracy that quantising and pruning cost on the held-out third."""
    n, how, name = len(trained.inputs), "measured on host", "mlp 16-64-32-32-5"
    report.row(name, "float_accuracy", round(trained.float_accuracy, 2), "%", n=n, how=how)
    report.row(name, "fixed_accuracy", round(trained.fixed_accuracy, 2), "%", n=n, how=how)
    lost = round(trained.float_accuracy - trained.fixed_accuracy, 2)
    report.row(name, "accuracy_lost", lost, "points", n=n, how=how, bound=1.0, op="<=")
    report.row(name, "nonzero_weights", trained.nonzero, "", n=trained.weights, how=how)


def add_periods(report: Report, verdict: Verdict, folder: Path, say: Any) -> None:
    """The period by the number of stages, from at most three routed tries."""
    name = verdict.case.name
    states, lowered = verdict.design.states, verdict.design.lowered

    def at(period: float, model: Any) -> Any:
        return compose("network", lowered, states=states, period=period, model=model)

    _, tries = search(at, folder, PART, PERIOD, say=say)
    how = "placed and routed"
    for t in tries:
        period, comb = round(t.routed.period, 2), t.routed.comb
        report.row(name, f"period at {t.depth} stages", period, "ns", n=1, how=how)
        report.row(name, f"comb at {t.depth} stages", comb, "cells", n=1, how=how)
    best = best_of(tries, PERIOD)
    value = round(best.routed.period, 2)
    report.row(name, f"period, {PART} grade 6", value, "ns", n=1, how=how, bound=PERIOD, op="<=")
    report.row(name, "stages", best.depth, "clocks", n=1, how=how, bound=20, op="<=")
    report.row(name, "comb", best.routed.comb, "cells", n=1, how=how, bound=20_000, op="<=")


def add_netlist(report: Report, verdict: Verdict) -> None:
    """500 vectors through yosys' netlist, and its registers beside those of the Verilog."""
    netlist, cells = netlist_simulation(verdict.folder)
    forms = verdict.case.inputs
    rng = np.random.default_rng(SEED)
    size = sum(int(np.prod(shape)) for shape in verdict.case.shapes)
    low, high = (round(end / forms[0].step) for end in (forms[0].low, forms[0].high))
    x = rng.integers(low, high, (500, size))
    values: Numbers = np.asarray(x * forms[0].step, np.float64)
    expected, observed = Simulation(verdict.folder).run(values), netlist.run(values)
    wrong = (expected.values != observed.values).sum() + (expected.clock != observed.clock).sum()
    name, how = verdict.case.name, "simulated"
    report.row(name, "netlist_mismatches", int(wrong), "values", n=500, how=how, bound=0, op="<=")
    registers = sum(verdict.design.core.register_bits) + verdict.design.core.out_bits
    kept = round(cells.ff / registers, 3)
    for bound, op in ((0.6, ">="), (1.2, "<=")):
        metric = "registers_kept"
        report.row(name, metric, kept, "of 1", n=registers, how="synthesised", bound=bound, op=op)


def _weights(layer: torch.nn.Module) -> list[torch.Tensor]:
    return [p for name, p in layer.named_parameters() if name in ("weight", "bias")]


def add_large(report: Report, folder: Path) -> None:
    """The time to convert 5,000 parameters."""
    torch.manual_seed(SEED)
    network = FixedMLP((32, 64, 40, 8), learn="").double()
    count = sum(p.numel() for layer in network.layers for p in _weights(layer))
    started = time.monotonic()
    convert(network, network.input_shapes(), folder, name="dense_mlp").write()
    seconds = round(time.monotonic() - started, 2)
    how = "measured on host"
    name = f"dense mlp, {count:,} parameters"
    report.row(name, "conversion_seconds", seconds, "s", n=1, how=how, bound=20, op="<=")


def run(args: argparse.Namespace, console: Console) -> int:
    report = Report("openrtl", command="make measure NAME=openrtl", seed=SEED)
    torch.set_num_threads(1)
    console.print("training the reference network")
    trained = train(SEED)
    chosen: list[Case] = [c for c in cases(trained.network, SEED) if args.only in c.name]
    for case in chosen:
        console.print(f"{case.name}: comparing {args.vectors:,} vectors at every level")
        folder = args.output / case.name.replace(" ", "_")
        verdict = judge(case, folder, args.vectors, SEED, PERIOD)
        add_verdict(report, verdict)
        digits = case.name.startswith("mlp")
        if digits:
            assert trained.network.sizes == SIZES
            add_training(report, trained)
        if not args.no_synth:
            add_resources(report, verdict)
            if digits:
                add_netlist(report, verdict)
        if digits and not args.no_route and not args.no_synth:
            add_periods(report, verdict, folder / "routed", console.print)
    if not args.only:
        add_large(report, args.output / "large")
    path = report.write()
    print(markdown(read(path)["rows"]))
    for row in report.failed:
        console.print(f"[red]out of bounds:[/red] {row.case}: {row.metric} {row.value}")
    return 1 if report.failed else 0


if __name__ == "__main__":
    toolchain.activate()
    sys.exit(ended("openrtl", lambda: run(parse(sys.argv[1:]), Console(stderr=True))))
