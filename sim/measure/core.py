"""`make measure NAME=core`: the whole core on an ECP5-85 of grade 6, a network in it.

The build for that part: 8 bits a beat, 4 instruments, 8 k orders. With the network named in PLACED
it is placed and routed in a registered wrapper, with the others synthesised. Most of an hour.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from hwtools.command import Parser, ended
from hwtools.report import REPORTS, Report
from hwtools.toolchain import ToolError, activate
from models.deploy.check import NetworkError
from models.deploy.convert import converted
from models.train.students import StudentError
from openrtl.refuse import RefusedError
from sim.lib.route import OUT, Routed, route
from sim.measure.area import BOOKS, LEVELS

MODELS = ("mlp", "cnn", "lstm_attn")
PLACED = "mlp"
CORE = {**BOOKS, **LEVELS, "ORDER_ROWS": "1024"}
AIM = 8.0  # ns
HAS = {"comb": 83_640, "dp16kd": 208, "mult": 156}  # of an ECP5-85


def routed(model: str, seed: int, placed: bool) -> Routed:
    """The core with this network: its cells, and its period if it is to be placed."""
    network, out = converted(model).sources, OUT / f"core_{model}_{seed}"
    return route("tickwire_core", CORE, seed=seed, network=network, out=out, placed=placed)


def state(report: Report, model: str, core: Routed) -> None:
    case = f"tickwire_core, {model}"
    for metric in ("comb", "ff", "dp16kd", "dpr16x4", "mult"):
        bound = HAS.get(metric)
        op = None if bound is None else "<="
        value = getattr(core, metric)
        report.row(case, metric, value, "cells", n=1, how="synthesised", bound=bound, op=op)
    if core.period:
        how = "placed and routed"
        report.row(case, "placed_comb", core.placed_comb, "cells", n=1, how=how)
        report.row(case, "period", core.period, "ns", n=1, how=how)
        report.row(case, "worst_path", core.worst, "", n=1, how=how)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = Parser(prog="make measure NAME=core", description=__doc__)
    parser.add_argument("models", nargs="*", metavar="MODEL", help="default: all of them")
    parser.add_argument("--seed", type=int, default=1, help="of the placer")
    parser.add_argument("--synth", action="store_true", help="count cells only: don't place")
    args = parser.parse_args(arguments)
    if unknown := [name for name in args.models if name not in MODELS]:
        parser.error(f"{unknown[0]}: one of {', '.join(MODELS)}")
    activate()
    report = Report("core", "make measure NAME=core", args.seed)
    try:
        for model in args.models or MODELS:
            print(f"{model}: synthesis takes minutes, placing most of an hour", file=sys.stderr)
            state(report, model, routed(model, args.seed, model == PLACED and not args.synth))
    except (ToolError, NetworkError, StudentError, RefusedError) as error:
        print(f"core: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("core: interrupted", file=sys.stderr)
        return 130
    for row in report.rows:
        value = f"{row.value:,}" if isinstance(row.value, int) else row.value
        print(f"{row.case:26} {row.metric:13} {value:>9} {row.unit:6} {row.how}")
    if not (args.models or args.synth):
        print(report.write(REPORTS))
    for row in report.rows:
        if row.metric == "period" and float(row.value) > AIM:
            print(f"{row.case}: {row.value} ns, {AIM} ns is the aim", file=sys.stderr)
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(ended("core", main))
