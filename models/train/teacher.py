"""`make teacher`: something larger than hardware runs, from which the students learn.

    python -m models.train.teacher DATA.parquet [--size small|full|trees] [--horizon 50]

`small` and `full` are networks over windows (`models.train.window`), `trees` is a bag of boosted
trees (`models.train.forest`). Written to build/teacher: `soft.npz`, the chances of every sample of
the training part, which is what `make train ARGS="--soft …"` reads; of a network also the exported
program, and a checkpoint after each epoch, so that the same command goes on where Ctrl-C stopped
it. A GPU is used if there is one.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import Progress

from hwtools.toolchain import BUILD
from models.train import checkpoint, soft
from models.train.forest import GRID, Forest
from models.train.labels import HORIZONS, Samples, load, parts
from models.train.window import TeacherConfig, Training, judged
from tickwire.data.events import DataError

SMALL: dict[str, Any] = {"hidden": 24, "stride": 8, "epochs": 10, "patience": 3, "batch": 128}
SIZES: dict[str, dict[str, Any]] = {"small": {**SMALL, "rate": 2e-3}, "full": {}}
TREES = "trees"

Told = Callable[[int, str], None]


def network(config: TeacherConfig, found: Samples, folder: Path, told: Told) -> dict[str, Any]:
    """Train a network, and write what it says."""

    def after(epoch: int, loss: float, held: float, score: float) -> None:
        told(epoch, f"epoch {epoch:3}  loss {loss:.4f}  validation loss {held:.4f} MCC {score:.4f}")

    training = Training(config, found, folder)
    training.run(after)
    held, score, f1 = training.judge(training.chances(training.validation))
    chances = training.chances(training.training)
    soft.write(folder / "soft.npz", chances, found, training.training, config.horizon)
    training.export(folder / "teacher.pt2")
    return {
        "validation_loss": held,
        "validation_mcc": score,
        "validation_macro_f1": f1,
        "epochs": training.epoch,
        "weights": sum(value.numel() for value in training.net.parameters()),
    }


def trees(horizon: int, seed: int, found: Samples, folder: Path, told: Told) -> dict[str, Any]:
    """Grow a bag of trees, and write what it says."""
    training, validation, _ = parts(found)

    def after(number: int, loss: float) -> None:
        told(number + 1, f"setting {number + 1} of {len(GRID)}  validation loss {loss:.4f}")

    forest = Forest(found, training, validation, horizon, seed=seed, told=after)
    said = forest.chances(found.x[validation.span].astype(np.float32))
    held, score, f1 = judged(said, found, validation, horizon, forest.limit)
    soft.write(folder / "soft.npz", forest.chances(forest.x), found, training, horizon)
    return {
        "validation_loss": held,
        "validation_mcc": score,
        "validation_macro_f1": f1,
        "trees": forest.trees * forest.bag,
        **forest.settings,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="models.train.teacher", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("data", type=Path, help="events")
    parser.add_argument("--size", choices=(*SIZES, TREES), default="small")
    parser.add_argument("--horizon", type=int, choices=HORIZONS, default=50)
    parser.add_argument("--epochs", type=int, help="at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="folder; default: build/teacher/DATA_SIZE_HORIZON")
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    told = parser.parse_args(arguments)
    name = f"{told.data.stem}_{told.size}_{told.horizon}"
    folder = told.out or BUILD / "teacher" / name
    checkpoint.repeatable()
    console = Console(stderr=True)
    try:
        found = load(told.data)
        given = {**SIZES.get(told.size, {}), "horizon": told.horizon, "seed": told.seed}
        config = TeacherConfig(**{**given, **({"epochs": told.epochs} if told.epochs else {})})
        total = len(GRID) if told.size == TREES else config.epochs
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task(name, total=total)

            def after(done: int, line: str) -> None:
                bar.update(task, completed=done)
                print(line, file=sys.stderr, flush=True)

            if told.size == TREES:
                figures = trees(told.horizon, told.seed, found, folder, after)
            else:
                figures = network(config, found, folder, after)
    except KeyboardInterrupt:
        print(f"stopped; the same command goes on from {folder}", file=sys.stderr)
        return 130
    except (DataError, ValueError) as error:
        print(f"teacher: {error}", file=sys.stderr)
        return 2
    figures = {"soft_labels": str(folder / "soft.npz"), "teacher": told.size, **figures}
    print(json.dumps(figures) if told.json else "\n".join(f"{k}: {v}" for k, v in figures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
