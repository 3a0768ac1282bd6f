"""`python -m openrtl MODEL.pt --clock 125MHz --part ecp5-85 -o build/net`: torch to Verilog.

MODEL.pt is a whole module, saved with torch.save; loading it runs its code, so load only your own.
"""

from __future__ import annotations

import argparse
import pickle
import re
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

from rich.console import Console

from hwtools import toolchain
from hwtools.timed import PARTS
from openrtl import report
from openrtl.reading import check_forward, check_torch
from openrtl.refuse import NETWORK, RefusedError


def parse_clock(text: str) -> float:
    """The period in ns of a frequency or a period."""
    match = re.fullmatch(r"([0-9.]+)\s*(MHz|GHz|ns|ps)", text, re.IGNORECASE)
    if not match or float(match[1]) <= 0:
        raise argparse.ArgumentTypeError(f"{text!r}: a frequency or a period, as 125MHz or 8ns")
    value, unit = float(match[1]), match[2].lower()
    return {"mhz": 1000.0 / value, "ghz": 1.0 / value, "ns": value, "ps": value / 1000.0}[unit]


def parse_shape(text: str) -> tuple[int, ...]:
    parts = text.split("x")
    if not all(part.isdecimal() and int(part) for part in parts):
        raise argparse.ArgumentTypeError(f"{text!r}: a shape without the batch, as 16 or 3x10")
    return tuple(map(int, parts))


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"openrtl: {message}; see python -m openrtl --help\n")


def arguments(argv: list[str]) -> argparse.Namespace:
    parser = _Parser(prog="python -m openrtl", description="A torch model to Verilog, exactly.")
    parser.add_argument("model", type=Path, help="a module saved whole with torch.save")
    parser.add_argument(
        "--clock", type=parse_clock, default=8.0, metavar="125MHz", help="or a period, 8ns"
    )
    parser.add_argument("--part", choices=tuple(PARTS), default="ecp5-85", help="default: ecp5-85")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the folder to write")
    parser.add_argument("--name", default="network", help="of the Verilog module")
    parser.add_argument(
        "--input-shape",
        type=parse_shape,
        action="append",
        help="of each input, without the batch, as 16 or 3x10; a module may have input_shapes()",
    )
    parser.add_argument(
        "--precision", default="fixed<16,6>", help="where the model itself has none"
    )
    parser.add_argument("--tag-bits", type=int, default=4, help="log2 of how many instruments")
    parser.add_argument(
        "--allow-large", action="store_true", help="convert it though it is estimated as too large"
    )
    parser.add_argument("--no-synth", action="store_true", help="write Verilog only")
    parser.add_argument("--no-route", action="store_true", help="don't place and route")
    parser.add_argument(
        "--search", action="store_true", help="find the depth by up to three routed tries"
    )
    return parser.parse_args(argv)


SAVED_WHOLE = "give a module saved whole, by torch.save(module, path)"


def _load(args: argparse.Namespace) -> tuple[Any, list[tuple[int, ...]]]:
    import torch

    from openrtl import torch as fixed  # noqa: F401  (registers the fixed-point layers with hls4ml)

    try:
        module = torch.load(args.model, weights_only=False)
    except (OSError, EOFError, RuntimeError, pickle.UnpicklingError) as error:
        message = str(error).splitlines()[0]
        reason = f"{args.model} can't be read ({message})"
        raise RefusedError(NETWORK, reason, SAVED_WHOLE) from None
    except (ImportError, AttributeError) as error:
        reason = f"the class of {args.model} isn't found ({error})"
        raise RefusedError(
            NETWORK, reason, "set PYTHONPATH to the folder of its .py file"
        ) from None
    is_module: bool = isinstance(module, torch.nn.Module)
    if not is_module:
        raise RefusedError(NETWORK, f"{args.model} holds no module", SAVED_WHOLE)
    shapes = args.input_shape or (
        module.input_shapes() if hasattr(module, "input_shapes") else None
    )
    if not shapes:
        raise RefusedError(NETWORK, "its input shape is unknown", "give --input-shape")
    check_forward(module.double(), shapes)
    return module, shapes


def _convert(args: argparse.Namespace, module: Any, shapes: list[tuple[int, ...]]) -> Any:
    from openrtl.convert import convert

    check_torch(module)
    fixed = any(type(m).__name__ == "FixedQuantizer" for m in module.modules())
    try:
        model = convert(
            module,
            shapes,
            args.output,
            name=args.name,
            precision="fixed<32,16>" if fixed else args.precision,
            granularity="model" if fixed else "name",
            clock_period=args.clock,
            tag_bits=args.tag_bits,
            part=args.part,
        )
        _check_size(args, model)
        model.write()
    except (RefusedError, OSError):
        raise
    except Exception:  # hls4ml raises whatever it met
        reason = "it doesn't convert, and hls4ml doesn't say why"
        raise RefusedError(NETWORK, reason, "build it of openrtl.torch's layers") from None
    return model


def _check_size(args: argparse.Namespace, model: Any) -> None:
    from openrtl.estimate import estimate

    cost = estimate(model, args.clock)
    if cost.bound and not args.allow_large:
        raise RefusedError(NETWORK, f"{cost}", f"{cost.bound}, and --allow-large lifts it")


def run(args: argparse.Namespace, console: Console) -> int:
    started = time.monotonic()
    with console.status("reading the model"):
        module, shapes = _load(args)
    with console.status("converting"):
        model = _convert(args, module, shapes)
    design = model.openrtl_design
    more: dict[str, Any] = {"conversion_seconds": round(time.monotonic() - started, 2)}
    console.print(f"converted in {more['conversion_seconds']} s: {design.latency} stages")
    if args.search and not args.no_synth:
        design, more["tries"] = _search(args, model, console)
    built: dict[str, Any] = {}
    if not args.no_synth:
        from openrtl.build import build

        with console.status("synthesis, placement and routing (minutes)"):
            built = build(args.output, part=args.part, period=args.clock, place=not args.no_route)
        for family, cells in built["resources"].items():
            counts = ", ".join(f"{k} {cells[k]}" for k in ("lut", "carry", "ff", "dsp", "ram"))
            console.print(f"{family}: {counts}")
        if "routed" in built:
            console.print(f"{args.part}: {built['routed']['period']:.2f} ns placed and routed")
    console.print(f"report: {report.write(design, args.output, built, more)}")
    return 0


def _search(
    args: argparse.Namespace, model: Any, console: Console
) -> tuple[Any, list[dict[str, Any]]]:
    from openrtl.depth import search
    from openrtl.design import compose

    states = model.openrtl_design.states

    def at(period: float, delays: Any) -> Any:
        return compose(
            args.name,
            model.openrtl,
            states=states,
            period=period,
            model=delays,
            tag_bits=args.tag_bits,
        )

    design, tries = search(at, args.output / "search", args.part, args.clock, say=console.print)
    design.write(args.output)
    model.openrtl_design = design
    return design, [
        {"depth": t.depth, "period": t.routed.period, "comb": t.routed.comb} for t in tries
    ]


def main(argv: list[str]) -> int:
    args, console = arguments(argv), Console(stderr=True)
    toolchain.activate()
    try:
        return run(args, console)
    except OSError as error:
        print(f"openrtl: {error.filename}: {error.strerror}", file=sys.stderr)
    except (RefusedError, toolchain.ToolError) as error:
        print(f"openrtl: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("openrtl: stopped", file=sys.stderr)
        return 130
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
