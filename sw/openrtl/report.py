"""A network's report: one JSON file, and one picture of the bits and delays of its parts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from openrtl.depth import stage_delays
from openrtl.design import Design
from openrtl.lower import layer_cost
from openrtl.pipeline import DelayModel


def layer_rows(design: Design) -> list[dict[str, Any]]:
    """For each layer the bits of its result and an estimate of its LUTs."""
    rows = []
    for name, (taken, result) in design.lowered.layers.items():
        cost, bits = layer_cost(taken, result) if taken else (0.0, 0)
        rows.append(
            {"layer": name, "elements": int(result.size), "bits": bits, "luts": round(cost)}
        )
    return rows


def stage_rows(design: Design) -> list[dict[str, Any]]:
    """For each stage the bits of its registers and its longest path by the delay model."""
    delays = stage_delays(design, DelayModel())
    return [
        {"stage": n, "register_bits": bits, "foreseen_ns": round(delay, 2)}
        for n, (bits, delay) in enumerate(zip(design.core.register_bits, delays, strict=True))
    ]


def write(design: Design, folder: Path, built: dict[str, Any], more: dict[str, Any]) -> Path:
    """Write report.json and report.png; returns the path of the first."""
    report = {
        **design.interface(),
        "longest_stage_foreseen_ns": round(max(stage_delays(design, DelayModel())), 2),
        "layers": layer_rows(design),
        "stages": stage_rows(design),
        "build": built,
        **more,
    }
    path = folder / "report.json"
    path.write_text(json.dumps(report, indent=1) + "\n")
    _draw(report, folder / "report.png")
    return path


def _draw(report: dict[str, Any], path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    layers, stages = [r for r in report["layers"] if r["luts"] or r["bits"]], report["stages"]
    figure, axes = pyplot.subplots(1, 3, figsize=(13, 1.5 + 0.28 * max(len(layers), len(stages))))
    names = [r["layer"] for r in layers]
    for axis, key, label in (
        (axes[0], "bits", "bits of the result"),
        (axes[1], "luts", "LUTs, estimated"),
    ):
        axis.barh(names, [r[key] for r in layers], color="#4472a8")
        axis.invert_yaxis()
        axis.set_xlabel(label)
    axes[1].set_yticklabels([])
    numbers = [str(r["stage"]) for r in stages]
    axes[2].barh(numbers, [r["register_bits"] for r in stages], color="#a8a8a8")
    axes[2].invert_yaxis()
    axes[2].set_xlabel("register bits (bars); longest path, ns (dots)")
    time = axes[2].twiny()
    time.plot([r["foreseen_ns"] for r in stages], numbers, "o", color="#c0504d")
    time.set_xlim(left=0)
    axes[2].set_ylabel("stage")
    latency = report["latency"]
    figure.suptitle(f"{report['name']}: {latency} stages, one result a clock")
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
