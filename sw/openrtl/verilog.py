"""Verilog text of the pipelined core: one module a stage, and the registers between them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import alkaid.codegen.rtl.verilog as alkaid_verilog
from alkaid.codegen.rtl.verilog.comb import comb_logic_gen
from alkaid.codegen.rtl.verilog.lookup import lookup_source
from alkaid.types import CombLogic

from openrtl.lower import Port
from openrtl.pipeline import Loop, Stage, Staged, split
from openrtl.precision import ApFixed
from openrtl.refuse import NETWORK, RefusedError

Kif = tuple[int, int, int]


@dataclass(frozen=True)
class Bits:
    """Where one value's bits lie in a packed vector."""

    start: int
    kif: Kif

    @property
    def width(self) -> int:
        return sum(self.kif)


def _kif(form: ApFixed) -> Kif:
    return int(form.signed), form.integer, form.fraction


def pack(kifs: list[Kif]) -> list[Bits]:
    """Values side by side, the first in the lowest bits."""
    packed, start = [], 0
    for kif in kifs:
        packed.append(Bits(start, kif))
        start += sum(kif)
    return packed


def width_of(packed: list[Bits]) -> int:
    return packed[-1].start + packed[-1].width if packed else 0


def fit(source: str, bits: Bits, form: ApFixed) -> str:
    """A value widened to a port's format: zeros below, its sign above."""
    signed, integer, fraction = bits.kif
    if bits.width == 0:
        return f"{form.width}'d0"
    below = form.fraction - fraction
    above = form.integer + int(form.signed) - integer - signed
    if below < 0 or above < 0 or (signed and not form.signed):
        raise ValueError(f"a value of format {bits.kif} doesn't fit {form}")
    top = bits.start + bits.width - 1
    parts = [f"{source}[{top}:{bits.start}]"]
    if above:
        fill = f"{source}[{top}]" if signed else "1'b0"
        parts.insert(0, f"{{{above}{{{fill}}}}}")
    if below:
        parts.append(f"{below}'d0")
    return parts[0] if len(parts) == 1 else "{" + ", ".join(parts) + "}"


@dataclass
class Core:
    """The text of the pipeline, and what its wrapper needs to know."""

    name: str
    files: dict[str, str]
    in_bits: int
    out_bits: int
    state_bits: int
    depth: int
    loop: Loop | None
    register_bits: list[int]


class CoreWriter:
    """Writes the stages of one network.

    `outputs` leave as y, with their port formats; `next_state` go back.
    """

    def __init__(
        self,
        name: str,
        staged: Staged,
        x_inputs: list[int],
        x_port: list[ApFixed],
        state_inputs: list[int],
        next_state: list[int],
        outputs: dict[int, ApFixed],
        loop: Loop | None,
    ) -> None:
        self.name, self.staged, self.loop = name, staged, loop
        self.x_inputs, self.state_inputs = x_inputs, state_inputs
        self.next_state, self.outputs = next_state, outputs
        self.stages = split(staged, next_state)
        ops = staged.logic.ops
        self.source_of = {op.data[0]: i for i, op in enumerate(ops) if op.opcode == -1}
        self.x_bits = dict(zip(x_inputs, pack([_kif(f) for f in x_port]), strict=True))
        self.state_forms = [self._input_form(i) for i in state_inputs]
        self.state_bits = dict(
            zip(state_inputs, pack([_kif(f) for f in self.state_forms]), strict=True)
        )

    def _input_form(self, index: int) -> ApFixed:
        if index not in self.source_of:  # nothing reads it: it has no bits
            return ApFixed(False, 0, 0)
        kif = self.staged.logic.ops[self.source_of[index]].qint.kif
        return ApFixed(bool(kif.signed), int(kif.integers), int(kif.fractional))

    def write(self) -> Core:
        for at, stage in enumerate(self.stages):
            if not stage.takes:
                reason = "an output doesn't depend on the input (all weights zero?)"
                raise RefusedError(
                    NETWORK, f"stage {at} has nothing to do: {reason}", "train it again"
                )
        in_bits = width_of(list(self.x_bits.values()))
        out_bits = sum(form.width for form in self.outputs.values())
        files = {
            f"{self.name}_stage{at}": comb_logic_gen(stage.logic, f"{self.name}_stage{at}")
            for at, stage in enumerate(self.stages)
        }
        tables = lookup_source([stage.logic for stage in self.stages])
        if tables:
            files[f"{self.name}_tables"] = tables
        files[f"{self.name}_core"] = self._core(in_bits, out_bits)
        registers = [self._taken_width(stage) for stage in self.stages]
        state_bits = width_of(list(self.state_bits.values()))
        return Core(
            self.name, files, in_bits, out_bits, state_bits, self.staged.depth, self.loop, registers
        )

    def _taken_width(self, stage: Stage) -> int:
        return sum(sum(map(int, self.staged.logic.ops[i].qint.kif)) for i in stage.takes)

    def _core(self, in_bits: int, out_bits: int) -> str:
        state_bits = width_of(list(self.state_bits.values()))
        ports = ["input wire clk", f"input wire [{in_bits - 1}:0] x"]
        if state_bits:
            ports.append(f"input wire [{state_bits - 1}:0] state")
            ports.append(f"output wire [{state_bits - 1}:0] next_state")
        ports.append(f"output reg [{out_bits - 1}:0] y")
        body = [self._stage_text(at, stage) for at, stage in enumerate(self.stages)]
        body.append(self._results())
        head = f"// {self.name}: the pipeline's registers and stages. Generated; don't edit.\n"
        listed = ",\n    ".join(ports)
        return (
            f"{head}\nmodule {self.name}_core (\n    {listed}\n);\n\n"
            + "\n".join(body)
            + "\nendmodule\n"
        )

    def _stage_text(self, at: int, stage: Stage) -> str:
        width = self._taken_width(stage)
        out_width = max(int(stage.logic.out_kifs.sum()) if stage.logic.shape[1] else 0, 1)
        sources = self._sources(at, stage)
        name = f"{self.name}_stage{at}"
        return (
            f"    reg [{width - 1}:0] q{at};\n"
            f"    wire [{out_width - 1}:0] d{at};\n"
            f"    always @(posedge clk) q{at} <= {{\n        {sources}\n    }};\n"
            f"    {name} stage{at} (.model_inp(q{at}), .model_out(d{at}));\n"
        )

    def _sources(self, at: int, stage: Stage) -> str:
        """What the registers of a stage take: the stage before, the ports, the state."""
        given: dict[int, Bits] = {}
        if at:
            before = self.stages[at - 1]
            kifs = [_as_kif(before.logic, n) for n in range(len(before.gives))]
            given = dict(zip(before.gives, pack(kifs), strict=True))
        texts = []
        for value in stage.takes:
            if value in given:
                bits, source = given[value], f"d{at - 1}"
            else:
                index = self.staged.logic.ops[value].data[0]
                from_state = index in self.state_bits
                bits = self.state_bits[index] if from_state else self.x_bits[index]
                source = "state" if from_state else "x"
            texts.append(f"{source}[{bits.start + bits.width - 1}:{bits.start}]")
        return ",\n        ".join(reversed(texts))

    def _leaving(self, at: int) -> dict[int, Bits]:
        """Outputs that leave at the end of stage `at`, and where they are in its result."""
        stage, last = self.stages[at], at + 1 == len(self.stages)
        early = set(self.next_state)
        names = [
            n
            for n in range(len(self.staged.logic.out_idxs))
            if (n in early and self.staged.ready[n] == at) or (last and n not in early)
        ]
        packed = pack([_as_kif(stage.logic, n) for n in range(stage.logic.shape[1])])
        return dict(zip(names, packed[len(stage.gives) :], strict=True))

    def _results(self) -> str:
        last = len(self.stages) - 1
        places = self._leaving(last)
        y = [fit(f"d{last}", places[n], form) for n, form in self.outputs.items()]
        listed = ",\n        ".join(reversed(y))
        text = f"    always @(posedge clk) y <= {{\n        {listed}\n    }};\n"
        return self._next_state() + "\n" + text if self.loop else text

    def _next_state(self) -> str:
        """The successor of every state element, in the order and the formats of the state."""
        assert self.loop is not None
        texts, extra = [], []
        for n, form in zip(self.next_state, self.state_forms, strict=True):
            if not form.width:
                continue
            at = self.staged.ready[n]
            text = fit(f"d{at}", self._leaving(at)[n], form)
            for step in range(at, self.loop.write):  # ready before the last one is: wait for it
                extra.append((n, step, form.width, text))
                text = f"s{n}_{step}"
            texts.append(text)
        lines = [
            f"    reg [{width - 1}:0] s{n}_{step};\n"
            f"    always @(posedge clk) s{n}_{step} <= {text};"
            for n, step, width, text in extra
        ]
        listed = ",\n        ".join(reversed(texts))
        lines.append(f"    assign next_state = {{\n        {listed}\n    }};\n")
        return "\n".join(lines)


def _as_kif(logic: CombLogic, output: int) -> Kif:
    k, i, f = logic.out_qint[output].kif if logic.out_idxs[output] >= 0 else (0, 0, 0)
    return int(k), int(i), int(f)


def output_forms(outputs: list[Port]) -> list[ApFixed]:
    return [port.form for port in outputs for _ in range(port.size)]


OWN_ADDER = Path(__file__).parent / "templates" / "shift_adder.v"


def copy_primitives(folder: Path) -> list[str]:
    """What the stages instantiate: our adder, alkaid's muxes, multipliers, bit operations."""
    sources = sorted((Path(alkaid_verilog.__file__).parent / "source").glob("*.v"))
    chosen = {path.name: path for path in [*sources, OWN_ADDER] if path.name != "ternary_adder.v"}
    for name, path in chosen.items():
        shutil.copyfile(path, folder / name)
    return list(chosen)
