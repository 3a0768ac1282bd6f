"""`make teacher`: a model too large for the hardware, from which the students learn.

    python -m models.train.teacher DATA.parquet [--size small|full|trees] [--horizon 50]

`small` and `full` are networks over windows (`models.train.window`), `trees` is a bag of boosted
trees (`models.train.forest`). build/teacher gets `soft.npz`, the chances of every sample of the
training part, which `make train ARGS="--soft …"` reads. A network also leaves the exported program,
and a checkpoint after each epoch, so that the same command goes on where Ctrl-C stopped it. A GPU
is used if there is one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from hwtools.command import Parser, ended
from hwtools.progress import progress_bar
from hwtools.toolchain import BUILD
from models.train import checkpoint, soft
from models.train.forest import GRID, Forest
from models.train.labels import HORIZONS, Samples, load, parts
from models.train.window import TeacherConfig, Training, judged
from tickwire.data.events import DataError

SMALL: dict[str, Any] = {"hidden": 24, "stride": 8, "epochs": 10, "patience": 3, "batch": 128}
SIZES: dict[str, dict[str, Any]] = {"small": {**SMALL, "rate": 2e-3}, "full": {}}
TREES = "trees"

Progress = Callable[[int, str], None]  # steps that are done, a line


def network(
    config: TeacherConfig, samples: Samples, folder: Path, progress: Progress
) -> dict[str, Any]:
    """Train a network, and write its soft labels and the network itself."""

    def after(epoch: int, loss: float, validation: float, score: float) -> None:
        losses = f"loss {loss:.4f}  validation loss {validation:.4f}"
        progress(epoch, f"epoch {epoch:3}  {losses} MCC {score:.4f}")

    training = Training(config, samples, folder)
    training.run(after)
    loss, score, f1 = training.judge(training.chances(training.validation))
    chances = training.chances(training.training)
    soft.write(folder / "soft.npz", chances, samples, training.training, config.horizon)
    training.export(folder / "teacher.pt2")
    return {
        "validation_loss": loss,
        "validation_mcc": score,
        "validation_macro_f1": f1,
        "epochs": training.epoch,
        "weights": sum(value.numel() for value in training.net.parameters()),
    }


def trees(
    horizon: int, seed: int, samples: Samples, folder: Path, progress: Progress
) -> dict[str, Any]:
    """Train a bag of trees, and write its soft labels."""
    training, validation, _ = parts(samples)

    def after(number: int, loss: float) -> None:
        progress(number + 1, f"setting {number + 1} of {len(GRID)}  validation loss {loss:.4f}")

    forest = Forest(samples, training, validation, horizon, seed=seed, progress=after)
    chances = forest.chances(samples.x[validation.span].astype(np.float32))
    loss, score, f1 = judged(chances, samples, validation, horizon, forest.limit)
    soft.write(folder / "soft.npz", forest.chances(forest.x), samples, training, horizon)
    return {
        "validation_loss": loss,
        "validation_mcc": score,
        "validation_macro_f1": f1,
        "trees": forest.trees * forest.bag,
        **forest.settings,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = Parser(prog="models.train.teacher", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("data", type=Path, help="events")
    parser.add_argument(
        "--size", choices=(*SIZES, TREES), default="small", help="of the network, or trees"
    )
    parser.add_argument("--horizon", type=int, choices=HORIZONS, default=50, help="samples ahead")
    parser.add_argument("--epochs", type=int, help="at most")
    parser.add_argument("--seed", type=int, default=1, help="of all that is drawn")
    parser.add_argument("--out", type=Path, help="folder; default: build/teacher/DATA_SIZE_HORIZON")
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    args = parser.parse_args(arguments)
    name = f"{args.data.stem}_{args.size}_{args.horizon}"
    folder = args.out or BUILD / "teacher" / name
    checkpoint.repeatable()
    try:
        samples = load(args.data)
        settings = {**SIZES.get(args.size, {}), "horizon": args.horizon, "seed": args.seed}
        config = TeacherConfig(**{**settings, **({"epochs": args.epochs} if args.epochs else {})})
        total = len(GRID) if args.size == TREES else config.epochs
        with progress_bar() as bar:
            task = bar.add_task(name, total=total)

            def after(done: int, line: str) -> None:
                bar.update(task, completed=done)
                print(line, file=sys.stderr, flush=True)

            if args.size == TREES:
                figures = trees(args.horizon, args.seed, samples, folder, after)
            else:
                figures = network(config, samples, folder, after)
    except KeyboardInterrupt:
        print(f"stopped; the same command goes on from {folder}", file=sys.stderr)
        return 130
    except (DataError, ValueError) as error:
        print(f"teacher: {error}", file=sys.stderr)
        return 2
    figures = {"soft_labels": str(folder / "soft.npz"), "teacher": args.size, **figures}
    print(json.dumps(figures) if args.json else "\n".join(f"{k}: {v}" for k, v in figures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(ended("teacher", main))
