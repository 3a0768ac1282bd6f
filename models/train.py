"""`make train`: a student from a day of events, the same integers for the same seed and machine.

A checkpoint is written after each epoch: Ctrl-C loses one at most, and the same command goes on
where it stopped, to the same end.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from rich.console import Console
from rich.progress import Progress

from models import students
from models.fixed import nonzero_weights
from models.labels import HORIZONS, load
from models.nets import KINDS, NetConfig
from models.trainer import TrainConfig, Trainer
from tickwire.data.events import DataError
from tickwire.toolchain import BUILD


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="models.train", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("data", type=Path, help="events")
    parser.add_argument("--model", choices=KINDS, default="lstm_attn")
    parser.add_argument("--horizon", type=int, choices=HORIZONS, default=50)
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--rate", type=float, help="of learning")
    parser.add_argument("--decay", type=float, help="of weights")
    parser.add_argument("--dropout", type=float, help="of features")
    parser.add_argument("--float", action="store_true", help="its float self, for comparison")
    parser.add_argument("--weights", type=int, help="weights that stay")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="folder of the training; default: build/training")
    parser.add_argument("--keep", type=Path, help="folder for weights.json; default: the same")
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    told = parser.parse_args(arguments)
    config = TrainConfig(NetConfig(told.model), told.horizon, told.seed, exact=not told.float)
    names = ("epochs", "weights", "rate", "decay", "dropout")
    given = {name: getattr(told, name) for name in names if getattr(told, name) is not None}
    folder = (
        told.out
        or BUILD / "training" / f"{told.model}_{told.horizon}_{told.seed}{'_float' * told.float}"
    )
    torch.set_num_threads(1)  # the same sums in the same order
    torch.use_deterministic_algorithms(True)
    console = Console(stderr=True)
    try:
        trainer = Trainer(replace(config, **given), load(told.data), folder)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task(folder.name, total=trainer.config.epochs)

            def after(epoch: int, loss: float, score: float, f1: float) -> None:
                bar.update(task, completed=epoch)
                line = f"epoch {epoch:3}  loss {loss:.4f}  validation MCC {score:.4f}  F1 {f1:.4f}"
                print(line, file=sys.stderr, flush=True)

            best = trainer.run(after)
    except KeyboardInterrupt:
        print(f"stopped; the same command goes on from {folder}", file=sys.stderr)
        return 130
    except (DataError, ValueError) as error:
        print(f"train: {error}", file=sys.stderr)
        return 2
    left, whole = nonzero_weights(trainer.net)
    score, f1 = trainer.score(trainer.validation)
    path = students.save(trainer, best, told.keep or folder) if not told.float else ""
    figures = {
        "weights_file": str(path),
        "model": told.model,
        "horizon": told.horizon,
        "validation_mcc": best,
        "validation_macro_f1": f1,
        "nonzero_weights": left,
        "weights": whole,
        "digest": trainer.digest(),
    }
    print(json.dumps(figures) if told.json else "\n".join(f"{k}: {v}" for k, v in figures.items()))
    return 0 if score == best else 1


if __name__ == "__main__":
    sys.exit(main())
