"""`make sweep`: accuracy and hardware cost of students of many sizes.

    python -m models.deploy.sweep DATA.parquet [--grid short|long] [--horizon 50] [--soft FILE]

Each configuration is trained, converted and synthesised: validation MCC, ECP5 cells, cycles. A
finished configuration is kept in build/sweep and not computed again, so that Ctrl-C loses one epoch
at most. Figures go to build/reports/sweep.json, and a picture of them with the Pareto front to
build/reports/sweep.svg and .png. The test part isn't read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import Any

from hwtools import toolchain
from hwtools.command import Parser, ended
from hwtools.progress import progress_bar
from hwtools.rename import by_rename
from hwtools.report import REPORTS, Report
from hwtools.toolchain import BUILD, ToolError
from models.deploy.hardware import hardware
from models.nets.student import NetConfig
from models.train import checkpoint, soft, students
from models.train.labels import HORIZONS, Samples, load, parts
from models.train.trainer import TrainConfig, Trainer
from openrtl.torch import nonzero_weights
from tickwire.data.events import DataError

ROOM, LOOP = 20_000, 12  # cells and cycles that the rest of the path leaves to the network
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
    points = []
    for left, wide in product(weights, bits):
        points += [Point(NetConfig("mlp", layers=(2 * h, h), fraction=wide), left) for h in hidden]
        points += [Point(NetConfig("cnn", hidden=h, fraction=wide), left) for h in hidden]
        points += [Point(NetConfig("lstm_attn", hidden=h, fraction=wide), left) for h in hidden]
    return points


GRIDS = {
    "short": _points((8, 16), (300, 900), (4,)),
    "long": _points((6, 8, 12, 16, 24), (200, 400, 600, 900, 1300), (3, 4, 5)),
}


def measure(
    point: Point,
    samples: Samples,
    folder: Path,
    settings: dict[str, Any],
    labels: soft.Soft | None,
) -> dict[str, Any]:
    """A configuration's figures: those kept of the very same training, else new ones."""
    config = TrainConfig(point.net, weights=point.weights, **settings)
    trainer = Trainer(config, samples, folder, labels)
    path = folder / RESULT
    if path.exists():
        kept: dict[str, Any] = json.loads(path.read_text())
        if kept["key"] == trainer.key:
            return kept
    best = trainer.run()
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
    with by_rename(path) as part:
        part.write_text(json.dumps(figures) + "\n")
    return figures


def pareto(figures: Sequence[dict[str, Any]]) -> list[int]:
    """The Pareto front: those of which no other has as few cells and forecasts as well."""
    order = sorted(
        range(len(figures)), key=lambda n: (figures[n]["comb"], -figures[n]["validation_mcc"])
    )
    best, front = float("-inf"), []
    for n in order:
        if figures[n]["validation_mcc"] > best:
            best = figures[n]["validation_mcc"]
            front.append(n)
    return front


def report(done: dict[str, dict[str, Any]], seed: int) -> Report:
    """Every figure as a row."""
    rows = Report("sweep", "make sweep", seed)
    front = pareto(list(done.values()))
    host, units = "measured on host", {"comb": "LUT4", "ff": "FF", "dsp": "DSP"}
    for number, (name, figures) in enumerate(done.items()):
        samples, mcc = figures["validation_samples"], figures["validation_mcc"]
        rows.row(name, "validation_mcc", mcc, "", n=samples, how=host)
        for metric in ("comb", "ff", "dsp", "latency", "loop"):
            unit = units.get(metric, "cycles")
            rows.row(name, metric, figures[metric], unit, n=1, how="synthesised")
        rows.row(name, "weights", figures["weights"], "", n=1, how=host)
        rows.row(name, "pareto", int(number in front), "", n=len(done), how=host)
    return rows


def draw(done: dict[str, dict[str, Any]], title: str, folder: Path) -> list[Path]:
    """Cells against MCC, with a mark for each kind and a line along the Pareto front."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams["svg.hashsalt"] = "sweep"  # the same figures give the same file
    figure = Figure(figsize=(7, 4.4), layout="constrained")
    axes = figure.subplots()
    points = list(done.values())

    def columns(chosen: list[dict[str, Any]]) -> tuple[list[int], list[float]]:
        return [one["comb"] for one in chosen], [one["validation_mcc"] for one in chosen]

    kinds = dict.fromkeys(one["net"]["kind"] for one in points)
    for kind, mark in zip(kinds, "os^", strict=False):
        own = [one for one in points if one["net"]["kind"] == kind]
        axes.scatter(*columns(own), marker=mark, label=kind, s=42, zorder=3)
    front = columns([points[n] for n in pareto(points)])
    axes.step(*front, where="post", color="0.5", linewidth=1, label="nothing beats", zorder=2)
    axes.axvline(ROOM, color="0.8", linestyle="--", linewidth=1, label=f"room: {ROOM:,}", zorder=1)
    axes.set(xlabel="ECP5 cells (LUT4), synthesised", ylabel="validation MCC", title=title)
    axes.set_xlim(left=0)
    axes.grid(color="0.92")
    axes.legend(frameon=False)
    paths = [folder / "sweep.svg", folder / "sweep.png"]
    for path, metadata in zip(paths, ({"Date": None}, {"Software": None}), strict=True):
        with by_rename(path) as part:
            figure.savefig(part, dpi=150, metadata=metadata)
    return paths


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="models.deploy.sweep", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("data", type=Path, help="events")
    parser.add_argument(
        "--grid", choices=tuple(GRIDS), default="short", help="which configurations"
    )
    parser.add_argument("--only", default="", help="configurations whose name holds this")
    parser.add_argument("--horizon", type=int, choices=HORIZONS, default=50, help="samples ahead")
    parser.add_argument("--epochs", type=int, default=TrainConfig.epochs, help="of each training")
    parser.add_argument("--soft", type=Path, action="append", help="a teacher's soft labels")
    parser.add_argument("--share", type=float, default=0.7, help="of the soft labels in the loss")
    parser.add_argument("--seed", type=int, default=1, help="of all that is drawn")
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    parser = _parser()
    args = parser.parse_args(arguments)
    points = [point for point in GRIDS[args.grid] if args.only in point.name]
    if not points:
        parser.error(f"no configuration's name holds {args.only!r}")
    checkpoint.repeatable()
    toolchain.activate()
    settings = {"horizon": args.horizon, "epochs": args.epochs, "seed": args.seed}
    done: dict[str, dict[str, Any]] = {}
    paths: list[Path] = []
    try:
        samples = load(args.data)
        training = parts(samples)[0]
        labels = soft.read(args.soft, samples, training, args.horizon) if args.soft else None
        if labels:
            settings |= {"soft": args.share, "teacher": labels.digest}
        out = BUILD / "sweep" / f"{args.data.stem}_{args.horizon}_{args.seed}"
        title = f"{samples.name.lower()}, {args.horizon} samples ahead"
        with progress_bar() as bar:
            for point in bar.track(points, description="sweep"):
                done[point.name] = measure(point, samples, out / point.folder, settings, labels)
                print(_line(point.name, done[point.name]), file=sys.stderr, flush=True)
                # after each point, so that the report remains after a Ctrl-C
                paths = [report(done, args.seed).write(REPORTS), *draw(done, title, REPORTS)]
    except KeyboardInterrupt:
        print("stopped; the same command goes on where it was", file=sys.stderr)
        return 130
    except (DataError, ToolError, ValueError) as error:
        print(f"sweep: {error}", file=sys.stderr)
        return 2
    print(json.dumps(done) if args.json else "\n".join(map(str, paths)))
    return 0


def _line(name: str, figures: dict[str, Any]) -> str:
    score = f"MCC {figures['validation_mcc']:.4f}  {figures['comb']:>7,} cells"
    return f"{name:44} {score}  {figures['latency']:>2} cycles, loop {figures['loop']:>2}"


if __name__ == "__main__":
    sys.exit(ended("sweep", main))
