"""Shows that a mutant is the original: from equal registers and equal inputs, for ever equal.

yosys reads both with slang and turns every register into an input (what it holds) and an output
(what it takes next). Hypothesis: all registers of one name hold the same. A counterexample to its
step takes registers out of it, until none is left or an output differs (van Eijk's way). What is
assumed at the start is that both wake up alike; no reset is needed, and no bound is set.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from hwtools import toolchain
from hwtools.rtl import sources
from sim.doubles import STAND_IN
from sim.lib.verilated import Value

SECONDS = 60  # of one proof; what takes longer isn't proved
ALWAYS, WHERE_VALID = "always", "in cycles in which an output is valid"
SINGLY = 3  # counterexamples that take out single bits; then whole registers go, or memories
READ = """\
read_slang --top {top} {parameters} {sources}
proc
flatten
chformal -remove
memory_map
async2sync
dffunmap
simplemap t:$dff
opt_clean
splitnets -ports
setundef -zero
opt_clean
rename -top {side}
write_json {folder}/{side}_ports.json
expose -evert-dff
opt_clean
write_json {folder}/{side}.json
write_rtlil {folder}/{side}.il
"""
PROVE = """\
read_rtlil {folder}/gold.il
read_rtlil {folder}/gate.il
read_verilog -sv {folder}/miter.v
hierarchy -top miter
flatten
opt -full
sat -set excused 0 -prove differ 0 -show differ -timeout {seconds} miter
"""


class UnprovedError(RuntimeError):
    """Nothing could be shown; the message says why."""


@dataclass(frozen=True)
class Side:
    """The ports of one of the two, in bits: `shown` are outputs of the module itself."""

    inputs: Mapping[str, int]
    outputs: Mapping[str, int]
    shown: frozenset[str]

    @property
    def registers(self) -> set[str]:
        return {name[:-2] for name in self.inputs if name.endswith(".q")}


def equivalent(
    top: Path,
    hw: Path,
    faulty: Path,
    parameters: Mapping[str, Value],
    folder: Path,
) -> str:
    """Whether the faulty copy of `hw` is proved to do what `hw` does, with these parameters:
    ALWAYS, or WHERE_VALID, if an x_data differs in cycles only in which x_valid is low; else empty.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ends, sides = time.monotonic() + SECONDS, []
    for side, tree in (("gold", hw), ("gate", faulty)):
        texts = sources(_within(top, hw, tree), tree, STAND_IN)
        _read(side, top.stem, texts, parameters, folder, ends)
        sides.append(_side(folder, side))
    gold, gate = sides
    held = Hypothesis(gold.registers & gate.registers)
    for turn in count():
        compared = _miter(gold, gate, held, folder / "miter.v")
        differ = _counterexample(len(compared), folder, ends)
        wrong = {name for name, bit in zip(compared, differ, strict=True) if bit}
        if not wrong:
            return WHERE_VALID if held.where_valid else ALWAYS
        shown = wrong & gold.shown
        if shown and (held.where_valid or not all(_valid(name, compared) for name in shown)):
            return ""
        held.where_valid |= bool(shown)
        held.weaken({name[:-2] for name in wrong - shown}, whole=turn >= SINGLY)
    raise AssertionError


@dataclass
class Hypothesis:
    """What holds in both: `alike` registers, those of `valid` while another is high."""

    alike: set[str]
    valid: dict[str, str] = field(default_factory=dict)
    where_valid: bool = False  # likewise of outputs

    def weaken(self, out: set[str], whole: bool) -> None:
        """These registers, or all bits of the registers that they are of, may differ: x_data first
        only while x_valid is low."""
        if whole:
            names = {_whole(name) for name in out}
            out |= {name for name in self.alike if _whole(name) in names}
        for name in out:
            valid = _valid(name, self.alike - out)
            if name in self.alike and valid:
                self.valid[name] = valid
            else:
                self.valid.pop(name, None)
        self.alike -= out


def _whole(name: str) -> str:
    """The register or memory that a bit is of."""
    return re.split(r"[\[.]", name)[0]


def _within(top: Path, hw: Path, tree: Path) -> Path:
    """A bench's own top level stands outside of hw."""
    return tree / top.relative_to(hw) if top.is_relative_to(hw) else top


def _read(
    side: str,
    top: str,
    texts: Sequence[Path],
    parameters: Mapping[str, Value],
    folder: Path,
    ends: float,
) -> None:
    chosen = " ".join(f"-G {name}={value}" for name, value in parameters.items())
    listed = " ".join(map(str, texts))
    _yosys(READ.format(top=top, parameters=chosen, sources=listed, side=side, folder=folder), ends)


def _side(folder: Path, side: str) -> Side:
    def ports(file: str) -> dict[str, dict[str, object]]:
        modules = json.loads((folder / file).read_text())["modules"]
        return dict(modules[side]["ports"])

    own, every = ports(f"{side}_ports.json"), ports(f"{side}.json")

    def sized(direction: str) -> dict[str, int]:
        found = (item for item in every.items() if item[1]["direction"] == direction)
        return {name: len(list(port["bits"])) for name, port in found}  # type: ignore[call-overload]

    outputs = sized("output")
    shown = {name for name in outputs if name in own}
    return Side(sized("input"), outputs, frozenset(shown))


def _miter(gold: Side, gate: Side, held: Hypothesis, path: Path) -> list[str]:
    """Both, side by side; gives the outputs that it compares: the module's, clocks of registers in
    the hypothesis, and what these take next. A register that only one has is an input of its own.
    """
    known = held.alike | held.valid.keys()
    compared = sorted(
        name
        for name in gold.outputs.keys() & gate.outputs.keys()
        if name in gold.shown or name[:-2] in known
    )
    if gold.shown - set(compared):
        raise UnprovedError("an output of the module is lacking")
    shared = {
        name
        for name in gold.inputs.keys() & gate.inputs.keys()
        if not name.endswith(".q") or name[:-2] in held.alike
    }
    lines, connections = list[str](), {"gold": list[str](), "gate": list[str]()}
    ports = list[str]()
    for side, each in (("gold", gold), ("gate", gate)):
        for name, bits in sorted(each.inputs.items()):
            wire = f"{'both' if name in shared else side}:{name}"
            connections[side].append(f".\\{name} (\\{wire} )")
            if f"\\{wire} " not in ports:
                ports.append(f"\\{wire} ")
                lines.append(f"  input [{bits - 1}:0] \\{wire} ;")
        for name in compared:
            connections[side].append(f".\\{name} (\\{side}:{name} )")
            lines.append(f"  wire [{each.outputs[name] - 1}:0] \\{side}:{name} ;")

    def factor(name: str) -> str:
        """In which cycles a difference counts."""
        if name in gold.shown:
            valid = _valid(name, compared) if held.where_valid else ""
        else:
            valid = f"{held.valid[name[:-2]]}.d" if name[:-2] in held.valid else ""
        return f"\\gold:{valid}  && " if valid and not name.endswith(".c") else ""

    differ = ", ".join(
        f"{factor(name)}(\\gold:{name} != \\gate:{name} )" for name in reversed(compared)
    )
    excused = [
        f"{_register(valid, shared)} && \\gold:{name}.q != \\gate:{name}.q "
        for name, valid in sorted(held.valid.items())
    ]
    text = [
        f"module miter({', '.join([*ports, 'differ', 'excused'])});",
        *lines,
        f"  output [{len(compared) - 1}:0] differ;\n  output excused;",
        *(f"  {side} {side}_i({', '.join(list_)});" for side, list_ in connections.items()),
        f"  assign differ = {{{differ}}};",
        f"  assign excused = {' || '.join(excused) or 0};",
        "endmodule\n",
    ]
    path.write_text("\n".join(text))
    return compared


def _register(name: str, shared: set[str]) -> str:
    """What the original's register holds."""
    return f"\\{'both' if f'{name}.q' in shared else 'gold'}:{name}.q "


def _valid(name: str, others: Collection[str]) -> str:
    """x_valid, which says of x_data whether it counts."""
    prefix = re.match(r"(?:\w+_)?(?=[a-z0-9]+(?:[\[.].*)?$)", name)
    for valid in ("valid", "tvalid"):
        whole = f"{prefix[0] if prefix else ''}{valid}"
        if whole in others and name != whole:
            return whole
    return ""


def _counterexample(bits: int, folder: Path, ends: float) -> list[bool]:
    """Of each compared output, whether it differs in a counterexample; all false: proved."""
    log = _yosys(PROVE.format(folder=folder, seconds=SECONDS), ends)
    if "SAT proof finished - no model found: SUCCESS" in log:
        return [False] * bits
    shown = re.findall(r"^\s*\\differ\s.*?([01x]+)\s*$", log, re.MULTILINE)
    if "model found: FAIL" not in log or not shown:
        raise UnprovedError("the solver gave up")
    return [bit == "1" for bit in reversed(shown[-1].rjust(bits, "0"))]


def _yosys(script: str, ends: float) -> str:
    argv = [*toolchain.need("yosys").argv, "-p", script]
    process = subprocess.Popen(
        argv, env=toolchain.environment(), **toolchain.TEXT, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        log, _ = process.communicate(timeout=max(1, ends - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise UnprovedError(f"more than {SECONDS} s") from None
    finally:
        if process.poll() is None:  # yosys is a child of what we started
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if process.returncode:
        errors = [line for line in log.splitlines() if "ERROR" in line]
        raise UnprovedError(errors[0] if errors else log[-200:])
    return log
