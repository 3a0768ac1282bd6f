"""`make sweep`: what a student's size buys, and what it costs in hardware.

    python -m models.deploy.sweep DATA.parquet [--grid short|long] [--horizon 50] [--soft FILE]

Each configuration is trained, converted and synthesised: validation MCC, ECP5 cells, cycles. A
configuration that is done is kept in build/sweep and not done again, so that Ctrl-C loses one epoch
at most. Figures go to build/reports/sweep.json, and a picture of what no other configuration beats
both ways to build/reports/sweep.svg and .png. The test part isn't read.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from hwtools import toolchain
from hwtools.report import REPORTS, Report
from hwtools.toolchain import BUILD, ToolError
from models.deploy.hardware import hardware
from models.nets.student import NetConfig
from models.train import checkpoint, soft, students
from models.train.labels import HORIZONS, Samples, load, parts
from models.train.trainer import TrainConfig, Trainer
from openrtl.torch import nonzero_weights
from tickwire.data.events import DataError

ROOM, LOOP = 20_000, 12  # cells and cycles that the whole path leaves to the network
RESULT = "result.json"


@dataclass(frozen=True)
class Point:
    """One configuration."""

    net: NetConfig
    weights: int

    @property
    def name(self) -> str:
        size = "-".join(map(str, self.net.layers)) if self.net.kind == "mlp" else self.net.hidden
        return f"{self.net.kind} {size}, {self.weights} weights of {self.net.fraction + 1} bits"

    @property
    def folder(self) -> str:
        return self.name.replace(", ", "_").replace(" ", "_")


def _points(hidden: Sequence[int], weights: Sequence[int], bits: Sequence[int]) -> list[Point]:
    made = []
    for left, wide in product(weights, bits):
        made += [Point(NetConfig("mlp", layers=(2 * h, h), fraction=wide), left) for h in hidden]
        made += [Point(NetConfig("cnn", hidden=h, fraction=wide), left) for h in hidden]
        made += [Point(NetConfig("lstm_attn", hidden=h, fraction=wide), left) for h in hidden]
    return made


GRIDS = {
    "short": _points((8, 16), (300, 900), (4,)),
    "long": _points((6, 8, 12, 16, 24), (200, 400, 600, 900, 1300), (3, 4, 5)),
}


def measure(
    point: Point,
    found: Samples,
    folder: Path,
    settings: dict[str, Any],
    labels: soft.Soft | None,
    told: Any = None,
) -> dict[str, Any]:
    """A configuration's figures: those kept, if everything was the same, else had now."""
    trainer = Trainer(
        TrainConfig(point.net, weights=point.weights, **settings), found, folder, labels
    )
    path = folder / RESULT
    if path.exists():
        kept: dict[str, Any] = json.loads(path.read_text())
        if kept["key"] == trainer.key:
            return kept
    best = trainer.run(told)
    students.save(trainer, best, folder)
    left, _ = nonzero_weights(trainer.mean)
    figures = {
        "key": trainer.key,
        "net": asdict(point.net),
        "validation_mcc": round(best, 5),
        "validation_samples": len(trainer.validation),
        "weights": left,
        **hardware(students.load(folder)[0], folder / "rtl"),
    }
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_text(json.dumps(figures) + "\n")
    part.replace(path)
    return figures


def pareto(figures: Sequence[dict[str, Any]]) -> list[int]:
    """Which are beaten by no other: none has fewer cells and forecasts at least as well."""
    order = sorted(
        range(len(figures)), key=lambda n: (figures[n]["comb"], -figures[n]["validation_mcc"])
    )
    best, made = float("-inf"), []
    for n in order:
        if figures[n]["validation_mcc"] > best:
            best = figures[n]["validation_mcc"]
            made.append(n)
    return made


def report(done: dict[str, dict[str, Any]], seed: int) -> Report:
    """Every figure as a row."""
    made = Report("sweep", "make sweep", seed)
    front = pareto(list(done.values()))
    for number, (name, told) in enumerate(done.items()):
        samples, how = told["validation_samples"], "synthesised"
        made.row(
            name, "validation_mcc", told["validation_mcc"], "", n=samples, how="measured on host"
        )
        for metric, unit in (("comb", "LUT4"), ("ff", "FF"), ("dsp", "DSP")):
            made.row(name, metric, told[metric], unit, n=1, how=how)
        for metric in ("latency", "loop"):
            made.row(name, metric, told[metric], "cycles", n=1, how=how)
        made.row(name, "weights", told["weights"], "", n=1, how="measured on host")
        made.row(name, "pareto", int(number in front), "", n=len(done), how="measured on host")
    return made


def draw(done: dict[str, dict[str, Any]], title: str, folder: Path) -> list[Path]:
    """Cells against MCC, the kinds apart, a line through what nothing beats."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams["svg.hashsalt"] = "sweep"  # the same figures, the same file
    figure = Figure(figsize=(7, 4.4), layout="constrained")
    axes = figure.subplots()
    figures = list(done.values())
    kinds = dict.fromkeys(told["net"]["kind"] for told in figures)
    for kind, mark in zip(kinds, "os^", strict=False):
        mine = [told for told in figures if told["net"]["kind"] == kind]
        across, up = ([told[key] for told in mine] for key in ("comb", "validation_mcc"))
        axes.scatter(across, up, marker=mark, label=kind, s=42, zorder=3)
    front = [figures[n] for n in pareto(figures)]
    across, up = ([told[key] for told in front] for key in ("comb", "validation_mcc"))
    axes.step(across, up, where="post", color="0.5", linewidth=1, label="nothing beats", zorder=2)
    axes.axvline(ROOM, color="0.8", linestyle="--", linewidth=1, label=f"room: {ROOM:,}", zorder=1)
    axes.set(xlabel="ECP5 cells (LUT4), synthesised", ylabel="validation MCC", title=title)
    axes.set_xlim(left=0)
    axes.grid(color="0.92")
    axes.legend(frameon=False)
    paths = []
    folder.mkdir(parents=True, exist_ok=True)
    for kind, data in (("svg", {"Date": None}), ("png", {"Software": None})):
        part = folder / f"sweep.part.{kind}"
        figure.savefig(part, dpi=150, metadata=data)
        paths.append(part.replace(folder / f"sweep.{kind}"))
    return paths


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="models.deploy.sweep", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("data", type=Path, help="events")
    parser.add_argument("--grid", choices=tuple(GRIDS), default="short")
    parser.add_argument("--only", default="", help="configurations whose name holds this")
    parser.add_argument("--horizon", type=int, choices=HORIZONS, default=50)
    parser.add_argument("--epochs", type=int, default=TrainConfig.epochs)
    parser.add_argument("--soft", type=Path, action="append", help="a teacher's soft labels")
    parser.add_argument("--share", type=float, default=0.7, help="of the soft labels in the loss")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    told = parser.parse_args(arguments)
    points = [point for point in GRIDS[told.grid] if told.only in point.name]
    if not points:
        parser.error(f"no configuration's name holds {told.only!r}")
    checkpoint.repeatable()
    toolchain.activate()
    settings = {"horizon": told.horizon, "epochs": told.epochs, "seed": told.seed}
    done: dict[str, dict[str, Any]] = {}
    paths: list[Path] = []
    console = Console(stderr=True)
    try:
        found = load(told.data)
        training = parts(found)[0]
        labels = soft.read(told.soft, found, training, told.horizon) if told.soft else None
        if labels:
            settings |= {"soft": told.share, "teacher": labels.digest}
        place = BUILD / "sweep" / f"{told.data.stem}_{told.horizon}_{told.seed}"
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("sweep", total=len(points))
            for point in points:
                done[point.name] = measure(point, found, place / point.folder, settings, labels)
                bar.update(task, advance=1)
                print(_line(point.name, done[point.name]), file=sys.stderr, flush=True)
                # what is done is told, also if what follows is stopped
                paths = [report(done, told.seed).write(REPORTS)]
                paths += draw(done, f"{found.name.lower()}, {told.horizon} samples ahead", REPORTS)
    except KeyboardInterrupt:
        print("stopped; the same command goes on where it was", file=sys.stderr)
        return 130
    except (DataError, ToolError, ValueError) as error:
        print(f"sweep: {error}", file=sys.stderr)
        return 2
    print(json.dumps(done) if told.json else "\n".join(map(str, paths)))
    return 0


def _line(name: str, told: dict[str, Any]) -> str:
    return (
        f"{name:44} MCC {told['validation_mcc']:.4f}  {told['comb']:>7,} cells"
        f"  {told['latency']:>2} cycles, loop {told['loop']:>2}"
    )


if __name__ == "__main__":
    sys.exit(main())
