"""The number of stages for a clock period, by at most three routed tries and a fitted model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from hwtools import toolchain
from hwtools.timed import SPEED_GRADE
from openrtl.design import Design
from openrtl.pipeline import DelayModel
from openrtl.route import Routed, route

CACHE = toolchain.BUILD / "openrtl-routed"
TRIES = 3

Compose = Callable[[float, DelayModel], Design]
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Try:
    """One routed design."""

    depth: int
    foreseen: float  # the longest stage by the unfitted model, ns
    routed: Routed


def _digest(design: Design, part: str, period: float) -> str:
    tools = [toolchain.find(name).version for name in ("yosys", "nextpnr-ecp5")]
    texts = [design.wrapper(), *(f"{k}\n{v}" for k, v in sorted(design.core.files.items()))]
    whole = "\n".join([part, str(SPEED_GRADE), f"{period:.3f}", *tools, *texts])
    return hashlib.sha256(whole.encode()).hexdigest()[:24]


def routed(design: Design, folder: Path, part: str, period: float) -> Routed:
    """Write and route a design, or take the result of an earlier run."""
    design.write(folder)
    kept = CACHE / f"{_digest(design, part, period)}.json"
    if kept.exists():
        return Routed(**json.loads(kept.read_text()))
    result = route(folder, part, period)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(asdict(result)))
    return result


def stage_delays(design: Design, model: DelayModel) -> list[float]:
    """The longest path of each stage by a model, in ns."""
    staged, ops = design.staged, design.staged.logic.ops
    ends, longest = list[float](), [0.0] * staged.depth
    for i, op in enumerate(ops):
        at = staged.stage[i]
        begins = max((ends[a] for a in op.addr if staged.stage[a] == at), default=0.0)
        ends.append(begins + model.of(op, ops))
        longest[at] = max(longest[at], ends[-1])
    return [model.overhead + path for path in longest]


def _not_yet(
    compose: Compose, period: float, model: DelayModel, done: dict[int, tuple[Design, Try]]
) -> Design | None:
    """The design of the fitted model, or else of the nearest depth on that side not tried yet."""
    for _ in range(40):
        design = compose(period, model)
        if design.latency not in done:
            return design
        met = done[design.latency][1].routed.period <= period
        model = replace(model, scale=model.scale * (0.97 if met else 1.03))
    return None


def search(
    compose: Compose,
    folder: Path,
    part: str,
    period: float,
    say: Progress = print,
    tries: int = TRIES,
) -> tuple[Design, list[Try]]:
    """The shallowest routed design that meets the period, or else the fastest."""
    plain = model = DelayModel()
    done: dict[int, tuple[Design, Try]] = {}
    for attempt in range(tries):
        design = _not_yet(compose, period, model, done)
        if design is None:
            break
        say(f"try {attempt + 1}: {design.latency} stages, placing and routing for {period:.2f} ns")
        result = routed(design, folder / f"depth_{design.latency}", part, period)
        foreseen = max(stage_delays(design, plain))
        say(f"try {attempt + 1}: {result.period:.2f} ns, {result.comb} COMB")
        done[design.latency] = design, Try(design.latency, foreseen, result)
        enough = [d for d, (_, t) in done.items() if t.routed.period <= period]
        if enough and min(enough) - 1 in done:
            break  # one stage fewer is known to be too slow
        model = replace(plain, scale=result.period / foreseen)
    every = [t for _, t in done.values()]
    best = best_of(every, period)
    return done[best.depth][0], sorted(every, key=lambda t: t.depth)


def best_of(every: list[Try], period: float) -> Try:
    """The shallowest that meets the period, or else the fastest."""
    met = [t for t in every if t.routed.period <= period]
    return min(met, key=lambda t: t.depth) if met else min(every, key=lambda t: t.routed.period)
