"""`make faults`: faults put into a copy of the path, and whether `make sim` finds the place.

Each goes into a copy of hw/rtl or of a generated network, a short day is played, and the first
level that differs must be the one in which the fault is. `python -m sim.run_path.faults [NAME …]`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from hwtools.command import Parser, ended
from hwtools.progress import watched
from hwtools.report import Report
from hwtools.rtl import HW
from hwtools.toolchain import BUILD, ToolError, activate
from sim.run_path.plan import LIMITS, Plan
from sim.run_path.run import Run, copied, play

FOLDER = BUILD / "path" / "faults"


@dataclass(frozen=True)
class Fault:
    """Text put for another in one file; `level` is where it must be found."""

    what: str
    level: str
    file: str  # of hw/rtl, or of the network's src: a pattern that one has
    change: Callable[[str], str]
    generated: bool = False  # the file is the network's
    model: str = "mlp"
    width: int = 8
    events: int = 12_000  # of the market's day, by its limits


def put(old: str, new: str) -> Callable[[str], str]:
    """One text for another, which must be there once."""

    def change(text: str) -> str:
        if text.count(old) != 1:
            raise ToolError(f"{old!r} is there {text.count(old)} times, not once")
        return text.replace(old, new)

    return change


def flip_sign(text: str) -> str:
    """The sign of one weight: of an adder in the middle of a stage, add for subtract."""
    adders = list(re.finditer(r"(shift_adder #\((?:-?\d+,){7})([01])\)", text))
    if not adders:
        raise ToolError("the stage has no adder")
    sign = adders[len(adders) // 2]
    return text[: sign.start(2)] + str(1 - int(sign.group(2))) + text[sign.end(2) :]


_LATE = 8  # cycles; instruments follow themselves 14 cycles apart at W = 64, the loop is 12
_WRITE = "    if (step[WRITE+1]) state_q[write_tag] <= next_state;\n"
_LATE_WRITE = f"""\
    late_q <= {{late_q[{_LATE - 2}:0], step[WRITE+1]}};
    for (at = {_LATE - 1}; at > 0; at = at - 1) begin
      late_tag_q[at] <= late_tag_q[at-1];
      late_state_q[at] <= late_state_q[at-1];
    end
    late_tag_q[0] <= write_tag;
    late_state_q[0] <= next_state;
    if (late_q[{_LATE - 1}]) state_q[late_tag_q[{_LATE - 1}]] <= late_state_q[{_LATE - 1}];
"""
_STATE = "  wire [STATE_BITS-1:0] next_state;\n"
_LATE_STATE = f"""\
  wire [STATE_BITS-1:0] next_state;
  reg [{_LATE - 1}:0] late_q;
  reg [TAG_BITS-1:0] late_tag_q[0:{_LATE - 1}];
  reg [STATE_BITS-1:0] late_state_q[0:{_LATE - 1}];
  integer at;
"""


def write_late(text: str) -> str:
    """The state comes back so many cycles too late."""
    return put(_STATE, _LATE_STATE)(put(_WRITE, _LATE_WRITE)(text))


FAULTS = {
    "swapped_level": Fault(
        "the second and third best prices of a side are swapped as they are shown",
        "book",
        "price_book.sv",
        put(
            "depth_q.prices[k] <= levels3[k].price;",
            "depth_q.prices[k] <= levels3[k==1 ? 2 : k==2 ? 1 : k].price;",
        ),
    ),
    "feature_off_by_one": Fault(
        "the events since the middle moved are counted from 1",
        "features",
        "feature_history.sv",
        put("if (moved1) since1 = COUNT_W'(1);", "if (moved1) since1 = COUNT_W'(2);"),
    ),
    "flipped_weight": Fault(
        "a weight's sign is flipped in the generated network",
        "network",
        "*_stage0.v",
        flip_sign,
        generated=True,
    ),
    "late_state": Fault(
        f"the recurrent state is written back {_LATE} cycles late",
        "network",
        "network.v",
        write_late,
        generated=True,
        model="lstm_attn",
        width=64,
    ),
    "stopped": Fault(
        "the core tells the gate that every book is stale",
        "order",
        "tickwire_core.sv",
        put("stops.stale   = stale_slots | ~hears;", "stops.stale   = '1;"),
    ),
    "older": Fault(
        "the gate finds an order old after a 256th of the time",
        "order",
        "risk_check.sv",
        put("> CYCLE_W'(q_limits.age);", "> CYCLE_W'(q_limits.age >> 8);"),
    ),
    "marked_long": Fault(
        "a short sale is sent as a sale",
        "wire",
        "ouch_encode.sv",
        put("? CODE_SIDE_SELL_SHORT : CODE_SIDE_SELL;", "? CODE_SIDE_SELL : CODE_SIDE_SELL;"),
    ),
    "unfolded": Fault(
        "a segment's checksum lacks its carry",
        "frame",
        "tcp_tx.sv",
        put("checksum_q <= ~fold(total_q);", "checksum_q <= ~16'(total_q);"),
    ),
}


def planned(name: str, hw: Path = HW) -> Plan:
    """A run of the path with the fault in it."""
    fault, folder = FAULTS[name], FOLDER / name
    plan = Plan(
        events=fault.events, model=fault.model, width=fault.width, folder=folder / "run", hw=hw,
        limits=LIMITS,
    )  # fmt: skip
    if fault.generated:

        def network(source: Path) -> Path:
            copy = copied(source, folder / "network")
            _change(copy / "src", fault)
            return copy

        return replace(plan, network=network)
    copy = copied(hw, folder / "hw")
    _change(copy / "rtl", fault)
    return replace(plan, hw=copy)


def _change(folder: Path, fault: Fault) -> None:
    files = sorted(folder.glob(fault.file))
    if len(files) != 1:
        raise ToolError(f"{folder} has {len(files)} files {fault.file}, not one")
    try:
        files[0].write_text(fault.change(files[0].read_text()))
    except ToolError as error:
        raise ToolError(f"{fault.file}: {error}: the fault doesn't fit it any more") from None


def located(name: str, run: Run) -> bool:
    """Caught, in its own level, and before it nothing."""
    return run.fault is not None and run.fault.level == FAULTS[name].level


def main(arguments: Sequence[str] | None = None) -> int:
    parser = Parser(prog="make faults", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="default: every fault")
    names = parser.parse_args(arguments).names or [*FAULTS]
    unknown = sorted(set(names) - set(FAULTS))
    if unknown:
        print(f"no fault {', '.join(unknown)}; there are: {', '.join(FAULTS)}", file=sys.stderr)
        return 2
    activate()
    console, report = Console(), Report("sim_faults", "make faults", 1)
    table = Table("fault", "where", "found", "first mismatch", title="Faults in the path")
    for name in names:
        try:
            with watched() as watch:
                run = play(planned(name), watch)
        except (OSError, ValueError, ToolError) as error:
            print(f"faults: {name}: {error}", file=sys.stderr)
            return 2
        right = located(name, run)
        level = run.fault.level if run.fault else "nowhere"
        table.add_row(name, FAULTS[name].level, level if right else f"[red]{level}[/]",
                      str(run.fault or ""))  # fmt: skip
        report.row(name, "found_in_its_level", int(right), "", n=run.messages, how="simulated",
                   bound=1, op=">=")  # fmt: skip
        report.row(name, "mismatches", run.mismatches, "rows", n=len(run.expected.signals),
                   how="simulated")  # fmt: skip
    console.print(table)
    report.write()
    return bool(report.failed)


if __name__ == "__main__":
    sys.exit(ended("faults", main))
