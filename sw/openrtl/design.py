"""A lowered network as a hardware design: staged, wrapped, described, written."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from openrtl.lower import Lowered
from openrtl.pipeline import DelayModel, Loop, Staged, place, place_loop, shortest_period
from openrtl.precision import ApFixed
from openrtl.refuse import RefusedError
from openrtl.verilog import Core, CoreWriter, copy_primitives, output_forms

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class StatePort:
    """A state tensor: which input it is, and where its successor begins in the flat output."""

    name: str
    position: int
    start: int
    size: int


def states_of(described: Any) -> list[StatePort]:
    """From objects or mappings with these four fields."""
    fields = ("name", "position", "start", "size")
    return [
        StatePort(*(s[f] if isinstance(s, dict) else getattr(s, f) for f in fields))
        for s in described or ()
    ]


@dataclass
class Design:
    """One network, ready to be written."""

    name: str
    lowered: Lowered
    staged: Staged
    core: Core
    states: list[StatePort]
    tag_bits: int
    x_count: int
    out_forms: list[ApFixed]  # of the elements of y, in order

    @property
    def latency(self) -> int:
        return self.core.depth

    @property
    def recurrent(self) -> bool:
        return bool(self.states)

    def interface(self) -> dict[str, Any]:
        """The content of interface.json: what a program needs to drive the block."""
        lowered, core = self.lowered, self.core
        described: dict[str, Any] = {
            "name": self.name,
            "latency": self.latency,
            "initiation_interval": 1,
            "tag_bits": self.tag_bits,
            "inputs": [
                {"name": p.name, "shape": list(p.shape), **_described(p.form)}
                for n, p in enumerate(lowered.inputs)
                if n not in {s.position for s in self.states}
            ],
            "input_bits": core.in_bits,
            "output_bits": core.out_bits,
            "outputs": [_described(form) for form in self.out_forms],
            "stage_register_bits": core.register_bits,
        }
        if core.loop:
            described["loop"] = {**asdict(core.loop), "cycles": core.loop.cycles}
            described["state_bits"] = core.state_bits
            described["states"] = [asdict(state) for state in self.states]
        return described

    def wrapper(self) -> str:
        core = self.core
        text = (TEMPLATES / ("step.v" if self.recurrent else "stream.v")).read_text()
        loop = core.loop or Loop(0, 0)
        values = {
            "NAME": self.name,
            "LATENCY": self.latency,
            "LOOP": loop.cycles,
            "READ": loop.read,
            "WRITE": loop.write,
            "TAG_BITS": self.tag_bits,
            "IN_TOP": core.in_bits - 1,
            "IN_BITS": core.in_bits,
            "OUT_TOP": core.out_bits - 1,
            "STATE_BITS": core.state_bits,
        }
        return re.sub(r"@(\w+)@", lambda match: str(values[match[1]]), text)

    def write(self, folder: Path) -> list[str]:
        """All Verilog into `folder`/src and the description beside it; returns the file names."""
        src = folder / "src"
        src.mkdir(parents=True, exist_ok=True)
        for old in src.glob("*.v"):
            old.unlink()
        names = copy_primitives(src)
        for name, text in {**self.core.files, self.name: self.wrapper()}.items():
            (src / f"{name}.v").write_text(text)
            names.append(f"{name}.v")
        (folder / "interface.json").write_text(json.dumps(self.interface(), indent=1) + "\n")
        (folder / "sources.f").write_text("".join(f"src/{name}\n" for name in sorted(names)))
        return sorted(names)


def _described(form: ApFixed) -> dict[str, Any]:
    return {"signed": form.signed, "integer": form.integer, "fraction": form.fraction}


def _elements(lowered: Lowered, position: int) -> list[int]:
    start = sum(port.size for port in lowered.inputs[:position])
    return list(range(start, start + lowered.inputs[position].size))


def _check_states(lowered: Lowered, states: list[StatePort]) -> None:
    for state in states:
        port = lowered.inputs[state.position]
        if port.size != state.size:
            reason = f"it has {state.size} elements and its input {port.size}"
            raise RefusedError(state.name, reason, "pass the step's own `states`")
        for n in range(state.start, state.start + state.size):
            low, high, step = lowered.logic.out_qint[n]
            fits = port.form.low <= low and high <= port.form.high and step >= port.form.step
            if not fits and low != high:
                reason = f"its successor [{low}, {high}] step {step} doesn't fit {port.form}"
                raise RefusedError(state.name, reason, "quantise input and successor alike")


def compose(
    name: str,
    lowered: Lowered,
    *,
    states: list[StatePort] | None = None,
    period: float = 8.0,
    depth: int = 0,
    tag_bits: int = 4,
    model: DelayModel | None = None,
) -> Design:
    """Stage the logic for a period in ns, or into so many stages, and lay out the core."""
    model, states = model or DelayModel(), states or []
    _check_states(lowered, states)
    logic = lowered.logic
    state_inputs = [i for s in states for i in _elements(lowered, s.position)]
    next_state = [n for s in states for n in range(s.start, s.start + s.size)]
    x_inputs = [i for i in range(logic.shape[0]) if i not in set(state_inputs)]
    if depth:
        period = shortest_period(logic, depth, model, [0] * logic.shape[0]) + 1e-6
    loop: Loop | None = None
    if states:
        staged, loop = place_loop(logic, period, model, set(state_inputs), next_state)
    else:
        staged = place(logic, period, model, [0] * logic.shape[0])
    forms = output_forms(lowered.outputs)
    outputs = {n: form for n, form in enumerate(forms) if n not in set(next_state)}
    in_forms = [port.form for port in lowered.inputs for _ in range(port.size)]
    writer = CoreWriter(
        name,
        staged,
        x_inputs,
        [in_forms[i] for i in x_inputs],
        state_inputs,
        next_state,
        outputs,
        loop,
    )
    core = writer.write()
    return Design(
        name, lowered, staged, core, states, tag_bits, len(x_inputs), list(outputs.values())
    )
