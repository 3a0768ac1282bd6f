"""`make measure NAME=netlist`: the small core's netlist beside its RTL: equal rows and cycles.

yosys makes the netlist of tickwire_core around a network, as for the part but for its taps, which
are shown so that the program that plays the RTL (`tickwire.board.virtual.core`) plays it too. Its
cells are the models of sim/doubles/ecp5_cells.v. Both play the first messages of a short day, to
where every instrument's network steps and on; every record of every tap with its cycle, every
message and every register read is compared. Then once more with a fault in the netlist, which must
show.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools import rtl, toolchain
from hwtools.bits import RangeError, unpack
from hwtools.command import Parser, ended
from hwtools.once import build_once
from hwtools.report import REPORTS, Report
from hwtools.toolchain import BUILD, ToolError
from models.deploy.check import NetworkError
from models.deploy.convert import converted
from models.train.students import StudentError
from openrtl.refuse import RefusedError
from openrtl.synth import FAMILIES
from sim.doubles import DOUBLES
from sim.measure.core import CORE, PLACED
from sim.run_path.plan import Plan
from sim.run_path.run import settings
from tickwire.board.virtual import core, harness
from tickwire.board.virtual.builds import START
from tickwire.board.virtual.core import MODULE, RECORDS, Core, CoreObserved
from tickwire.board.virtual.harness import HARNESS
from tickwire.exchange.flow import packets
from tickwire.exchange.market import Market, MarketConfig
from tickwire.gen.records import Reason
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.traffic import Registers, Traffic

Array = npt.NDArray[Any]

WIDTH = 8
SYMBOLS = ("AAAA", "BBBB", "CCCC", "DDDD")
DAY = 12_000  # messages of the whole day: quiet, so that few fill a minute's history
MESSAGES = 3_500  # that are played; every slot's network steps from about the 2,600th
LAST = 500  # of them, with steps of every instrument
CELLS = DOUBLES / "ecp5_cells.v"
# A LUT4 of the network; with a fault the first one gives the opposite where its inputs are 0.
LUT = re.compile(
    r"(LUT4 #\(\s*\.INIT\(16'h)([0-9a-f]{4})(?=\)\s*\) \\nn_i\.network_i\.plain\.core\.stage)"
)


@dataclass(frozen=True)
class Netlist(Core):
    """The same core after synthesis; `faulty` with a fault in a LUT of the network."""

    faulty: bool = False

    @cached_property
    def text(self) -> Path:
        """The netlist in Verilog, made once."""
        sources = rtl.sources(rtl.files(self.hw)[MODULE], self.hw, self.network)
        parameters = {"W": self.width, "GATED": 0, "TAPS": 1, "LINK": int(self.link), **self.tables}
        chosen = " ".join(f"-G {name}={value}" for name, value in parameters.items())
        flow = FAMILIES["ecp5"].format(top=MODULE)
        digest = hashlib.sha256(toolchain.need("yosys").version.encode())
        for path in sources:
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        digest.update(repr((chosen, flow)).encode())
        folder = BUILD / "netlist" / digest.hexdigest()[:16]

        def synthesise(folder: Path) -> None:
            commands = [
                f"read_slang --top {MODULE} {chosen} {' '.join(map(str, sources))}",
                flow,
                f"tee -q -o {folder / 'stat.json'} stat -json",
                f"write_verilog -noattr -noexpr {folder / 'netlist.v'}",
            ]
            toolchain.run("yosys", "-q", "-p", "\n".join(commands), log=folder / "synth.log")

        build_once(folder, synthesise)
        return folder / "netlist.v"

    @cached_property
    def program(self) -> Path:
        text = _broken(self.text) if self.faulty else self.text
        signals = harness.header(MODULE, {"RECORDS(X)": harness.listed(RECORDS)})
        flags = ["--x-assign", "unique", "-MAKEFLAGS", "OPT_FAST=-O1"]
        about = f"W={self.width}, its netlist{', with a fault' if self.faulty else ''}"
        texts, main = (text, CELLS), HARNESS / "core.cpp"
        return harness.compiled(MODULE, texts, main, signals, flags, about)


def _broken(text: Path) -> Path:
    """A copy with the fault."""

    def break_(folder: Path) -> None:
        whole, changed = LUT.subn(
            lambda lut: f"{lut[1]}{int(lut[2], 16) ^ 1:04x}", text.read_text(), count=1
        )
        if not changed:
            raise ToolError(f"{text}: no LUT4 to put a fault in")
        (folder / text.name).write_text(whole)

    build_once(text.parent / "fault", break_)
    return text.parent / "fault" / text.name


def traffic(fraction: int, messages: int = MESSAGES) -> tuple[Traffic, list[tuple[int, int]]]:
    """The first messages of a market's day at line rate, and the registers that are written
    before, with thresholds that scores pass."""
    day = Market(MarketConfig(seed=1, events=max(DAY, messages), symbols=SYMBOLS))
    framed = frames(packets(day.messages(messages)), Flow())
    slots = settings(Plan(threshold=0.5, hysteresis=0.25), fraction)
    writes = core.writes(Registers(locates=day.locates), slots)
    return Traffic.of(framed, WIDTH, start=START), writes


@dataclass(frozen=True)
class Compared:
    """How much was equal. `first` names record, row and field of the first difference."""

    messages: int
    inferences: int
    steps: tuple[int, ...]  # of each instrument within the last messages
    cycles: int
    seconds: float  # of a processor, that the netlist took
    rows: int
    mismatches: int
    first: str


def compared(rtl: CoreObserved, netlist: CoreObserved) -> Compared:
    """Every row of the RTL against that of the netlist."""
    rows, mismatches, first = 0, 0, ""
    others = _columns(netlist)
    for name, columns in _columns(rtl).items():
        counts = [len(one["cycle"]) for one in (columns, others[name])]
        both = min(counts)
        wrong = np.zeros(both, np.bool_)
        for field, values in columns.items():
            differs = values[:both] != others[name][field][:both]
            wrong |= differs.any(axis=tuple(range(1, differs.ndim)))
        rows += both
        mismatches += int(wrong.sum()) + max(counts) - both
        if wrong.any() and not first:
            row = int(np.argmax(wrong))
            first = f"{name}: row {row}, {_field(rtl, netlist, name, row)}"
        elif max(counts) > both and not first:
            first = f"{name}: {counts[0]} rows in the RTL, {counts[1]} in the netlist"
    return Compared(
        len(netlist.messages), netlist.registers["COUNTERS_PATH_INFERENCES"], _steps(rtl),
        netlist.cycles, netlist.seconds, rows, mismatches, first,
    )  # fmt: skip


def _columns(observed: CoreObserved) -> dict[str, dict[str, Array]]:
    """Of every record its cycles and its bits; messages by field; registers by their order."""
    columns = {name: {"cycle": at, "bits": bits} for name, (at, bits) in observed.records.items()}
    messages = observed.messages
    columns["messages"] = {field: messages[field] for field in messages.dtype.names or ()}
    values = np.array(list(observed.registers.values()), np.uint64)
    columns["registers"] = {"cycle": np.arange(len(values)), "value": values}
    return columns


def _field(rtl: CoreObserved, netlist: CoreObserved, name: str, row: int) -> str:
    """The first field of the row that differs."""
    if name == "registers":
        register = list(rtl.registers)[row]
        one, two = (each.registers[register] for each in (rtl, netlist))
        return f"{register}: {one}, {two} in the netlist"
    first, second = _columns(rtl)[name], _columns(netlist)[name]
    field = next(at for at in first if np.any(first[at][row] != second[at][row]))
    one, two = first[field][row], second[field][row]
    if field == "bits" and (layout := RECORDS[name][2]):
        try:
            rows = [unpack(bits[None], layout)[0] for bits in (one, two)]
        except RangeError as error:  # there is no such record
            return f"field unknown: {error}"
        field = next(at for at in rows[0].dtype.names or () if np.any(rows[0][at] != rows[1][at]))
        one, two = (values[field] for values in rows)
    return f"field {field}: {one}, {two} in the netlist"


def _steps(observed: CoreObserved) -> tuple[int, ...]:
    """Of each instrument within the last messages."""
    network = observed.rows("network")
    late = observed.cycles_of("network") > int(observed.messages["cycle"][-LAST])
    slots = network["slot"][late & (network["reason"] == Reason.OK)]
    return tuple(np.bincount(slots, minlength=len(SYMBOLS)).tolist())


def run(model: str, tables: Mapping[str, int], faulty: bool = False) -> Compared:
    """Play both and compare; `tables` are the core's parameters."""
    network = converted(model)
    sent, writes = traffic(network.signature.fraction)
    # Without the order's session, as the part is synthesised.
    rtl = Core(WIDTH, network.sources, gated=False, tables=tables, link=False)
    netlist = Netlist(WIDTH, network.sources, gated=False, tables=tables, link=False, faulty=faulty)
    return compared(rtl.run(sent, writes), netlist.run(sent, writes, seed=2))


def state(report: Report, faulty: bool) -> None:
    """The rows of one comparison."""
    case = f"{PLACED}, with a fault" if faulty else PLACED
    print(f"{case}: minutes, many where it isn't built yet", file=sys.stderr)
    result = run(PLACED, {name: int(value) for name, value in CORE.items()}, faulty)
    about: dict[str, Any] = {"n": result.messages, "how": "simulated"}
    report.row(case, "messages", result.messages, "messages", **about)
    if not faulty:
        late = f"least_of_an_instrument_in_the_last_{LAST}"
        report.row(case, "inferences", result.inferences, "steps", bound=1, op=">=", **about)
        report.row(case, late, min(result.steps), "steps", bound=1, op=">=", **about)
    report.row(case, "rows_compared", result.rows, "rows", **about)
    bound, op = (1, ">=") if faulty else (0, "<=")
    report.row(case, "mismatches", result.mismatches, "rows", bound=bound, op=op, **about)
    if result.first:
        print(f"{case}: {result.first}", file=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = Parser(prog="make measure NAME=netlist", description=__doc__)
    parser.parse_args(arguments)
    toolchain.activate()
    report = Report("netlist", "make measure NAME=netlist", 1)
    try:
        for faulty in (False, True):
            state(report, faulty)
    except (ToolError, NetworkError, StudentError, RefusedError) as error:
        print(f"netlist: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("netlist: interrupted; what was built is kept", file=sys.stderr)
        return 130
    for row in report.rows:
        print(f"{row.case:20} {row.metric:42} {row.value:>9,} {row.unit:8} {row.how}")
    print(report.write(REPORTS))
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(ended("netlist", main))
