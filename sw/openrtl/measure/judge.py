"""One network at every level, compared exactly: torch, hls4ml's C++, integers, Verilog."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from openrtl.convert import convert
from openrtl.design import Design
from openrtl.measure.networks import Case
from openrtl.measure.vectors import Reached, draw, reached
from openrtl.precision import Numbers
from openrtl.simulate import Simulation
from openrtl.torch.steps import Step

TAG_BITS = 4


@dataclass
class Verdict:
    """Mismatches between neighbouring levels, and the number of values compared."""

    case: Case
    design: Design
    folder: Path
    conversion_seconds: float
    vectors: int
    values: int
    distinct: int
    mismatches: dict[str, int] = field(default_factory=dict)
    steps: int = 0
    reached: Reached | None = None

    @property
    def total(self) -> int:
        return sum(self.mismatches.values())


def _hardware_order(tensors: list[Numbers]) -> list[Numbers]:
    """hls4ml keeps channels last."""
    return [np.ascontiguousarray(np.moveaxis(t, 1, -1)) if t.ndim == 3 else t for t in tensors]


def _torch_result(case: Case, tensors: list[Numbers]) -> Numbers:
    with torch.no_grad():
        result: Numbers = case.module(*[torch.from_numpy(t) for t in tensors]).numpy()
    return result.reshape(len(result), -1)


def _c_simulation(case: Case, tensors: list[Numbers], folder: Path) -> Numbers:
    model = convert(
        case.module,
        case.shapes,
        folder,
        backend="Vitis",
        precision=case.precision,
        granularity=case.granularity,
    )
    model.compile()
    ready = [np.ascontiguousarray(t) for t in tensors]
    result: Numbers = np.asarray(model.predict(ready if len(ready) > 1 else ready[0]), np.float64)
    return result.reshape(len(ready[0]), -1)


def judge(case: Case, folder: Path, count: int, seed: int, period: float = 8.0) -> Verdict:
    """Compare every level on `count` vectors; a recurrent network also on long mixed sequences."""
    rng = np.random.default_rng(seed)
    case.module.double().eval()
    if case.exhaustive:
        codes = case.inputs[0].codes().numpy().astype(np.float64)
        tensors, count = [codes[:, None]], len(codes)
    else:
        forms = zip(case.inputs, case.shapes, strict=True)
        tensors = [draw(form, shape, count, rng) for form, shape in forms]
    started = time.monotonic()
    ours = convert(
        case.module,
        case.shapes,
        folder / "rtl",
        name=case.name.replace(" ", "_").replace("-", "_"),
        precision=case.precision,
        granularity=case.granularity,
        clock_period=period,
        tag_bits=TAG_BITS,
    )
    ours.write()
    seconds = round(time.monotonic() - started, 2)
    ordered = _hardware_order(tensors)
    golden = _c_simulation(case, ordered, folder / "csim")
    flat = ours.openrtl.quantise_inputs(ordered)
    integers = ours.openrtl.evaluate(flat)
    distinct = len(np.unique(golden))
    verdict = Verdict(
        case, ours.openrtl_design, folder / "rtl", seconds, count, golden.size, distinct
    )
    if case.torch_is_exact:
        verdict.mismatches["torch, c++"] = _differ(_torch_result(case, tensors), golden)
        verdict.reached = reached(case.module, tensors)
    verdict.mismatches["c++, integers"] = _differ(golden, integers)
    _judge_verilog(verdict, flat, integers, rng)
    return verdict


def _judge_verilog(
    verdict: Verdict, flat: Numbers, integers: Numbers, rng: np.random.Generator
) -> None:
    """The Verilated network: of a recurrent one its loop, of others every vector's result."""
    case, count, wrong = verdict.case, verdict.vectors, verdict.mismatches
    simulation = Simulation(verdict.folder)
    simulation.compile()
    if case.recurrent:
        wrong["torch, verilog"], verdict.steps = compare_sequences(
            case.module, case.inputs[0], simulation, count, rng
        )
        return
    tags = rng.integers(0, 1 << TAG_BITS, count)
    beats = simulation.run(flat, tags=tags, gaps=(rng.random(count) < 0.1).astype(np.int64))
    wrong["integers, verilog"] = _differ(integers, beats.values)
    wrong["tags"] = _differ(tags, beats.tag)
    latency = beats.clock - beats.taken - 1
    wrong["latency"] = int((latency != simulation.interface["latency"]).sum())


def _differ(a: Any, b: Any) -> int:
    if a.shape != b.shape:
        raise ValueError(f"{a.shape} against {b.shape}: not as many results as inputs")
    return int((a != b).sum())


def torch_sequences(step: Step, x: Numbers) -> Numbers:
    """Outputs for x of shape (instruments, steps, features), all instruments side by side."""
    parts = [torch.zeros(len(x), s.size, dtype=torch.float64) for s in step.states]
    width, results = sum(s.size for s in step.states), []
    with torch.no_grad():
        for at in range(x.shape[1]):
            whole = step(torch.from_numpy(x[:, at]), *parts)
            parts = [whole[:, s.start : s.start + s.size] for s in step.states]
            results.append(whole[:, width:].numpy())
    return np.stack(results, axis=1)


def mixed(
    instruments: int, steps: int, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A random order of all ticks: for each, its instrument and how many it had before."""
    names = rng.permutation(np.repeat(np.arange(instruments), steps))
    before = np.empty_like(names)
    for name in range(instruments):
        before[names == name] = np.arange(steps)
    return names, before


def compare_sequences(
    step: Step, form: Any, simulation: Simulation, count: int, rng: np.random.Generator
) -> tuple[int, int]:
    """Mismatches of the hardware's loop against torch's, and the steps of each instrument."""
    instruments = 1 << TAG_BITS
    steps = -(-count // instruments)
    x = draw(form, (step.n_in,), instruments * steps, rng).reshape(instruments, steps, step.n_in)
    expected = torch_sequences(step, x)
    names, before = mixed(instruments, steps, rng)
    gaps = np.where(rng.random(len(names)) < 0.02, rng.integers(1, 40, len(names)), 0)
    beats = simulation.run(x[names, before], tags=names, gaps=gaps)
    wrong = _differ(expected[names, before], beats.values) + _differ(names, beats.tag)
    return wrong, steps
