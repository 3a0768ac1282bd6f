"""`make train`: trains a student on a day of events.

The same seed and machine give the same integers. A checkpoint is written after each epoch: Ctrl-C
loses one epoch at most, and the same command goes on from there to the same result.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hwtools.toolchain import BUILD
from models.nets.student import KINDS, NetConfig
from models.train import checkpoint, soft, students
from models.train.labels import HORIZONS, load, parts
from models.train.progress import progress_bar
from models.train.trainer import TrainConfig, Trainer
from openrtl.torch import nonzero_weights
from tickwire.data.events import DataError

SHARE = 0.7
OPTIONS = ("epochs", "weights", "rate", "decay", "dropout", "temperature", "average")


def _config(args: argparse.Namespace, labels: soft.Soft | None) -> TrainConfig:
    values = ((name, getattr(args, name)) for name in OPTIONS)
    settings = {name: value for name, value in values if value is not None}
    if labels:
        settings |= {"soft": args.share, "teacher": labels.digest}
    config = TrainConfig(NetConfig(args.model), args.horizon, args.seed, exact=not args.float)
    return replace(config, mirror=not args.plain, **settings)


def _parser() -> argparse.ArgumentParser:
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
    parser.add_argument("--float", action="store_true", help="without quantisation, to compare")
    parser.add_argument("--weights", type=int, help="weights that remain")
    parser.add_argument("--soft", type=Path, action="append", help="a teacher's soft labels")
    parser.add_argument("--share", type=float, default=SHARE, help="of the soft labels in the loss")
    parser.add_argument("--temperature", type=float, help="of the softmax that compares them")
    parser.add_argument("--average", type=float, help="share of the weights' mean that stays")
    parser.add_argument("--plain", action="store_true", help="without the day's mirror image")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="folder of the training; default: build/training")
    parser.add_argument("--keep", type=Path, help="folder for weights.json; default: the same")
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(arguments)
    name = f"{args.data.stem}_{args.model}_{args.horizon}_{args.seed}{'_float' * args.float}"
    folder = args.out or BUILD / "training" / name
    checkpoint.repeatable()
    try:
        samples = load(args.data)
        labels = (
            soft.read(args.soft, samples, parts(samples)[0], args.horizon) if args.soft else None
        )
        trainer = Trainer(_config(args, labels), samples, folder, labels)
        with progress_bar() as bar:
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
    path = students.save(trainer, best, args.keep or folder) if not args.float else ""
    figures = {
        "weights_file": str(path),
        "model": args.model,
        "horizon": args.horizon,
        "validation_mcc": best,
        "validation_macro_f1": f1,
        "nonzero_weights": left,
        "weights": whole,
        "digest": trainer.digest(),
    }
    print(json.dumps(figures) if args.json else "\n".join(f"{k}: {v}" for k, v in figures.items()))
    return 0 if score == best else 1


if __name__ == "__main__":
    sys.exit(main())
