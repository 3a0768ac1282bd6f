"""What `make train` does once its arguments are known to be right."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from hwtools.progress import progress_bar
from models.nets.own import NetworkError, Own, own
from models.nets.student import NetConfig
from models.train import checkpoint, soft, students
from models.train import own as training_of_own
from models.train.labels import Samples, load, parts
from models.train.options import OPTIONS
from models.train.trainer import TrainConfig, Trainer
from openrtl.torch import nonzero_weights


def run(args: argparse.Namespace, folder: Path) -> tuple[dict[str, Any], bool]:
    """Train; the figures, and whether the kept weights score as they did."""
    described = own(Path(args.model)) if args.model.endswith(".toml") else None
    checkpoint.repeatable()
    samples = load(args.data)
    trainer = _trainer(args, samples, folder, described)
    if not args.out:
        trainer.folder = checkpoint.beside(folder, trainer.key)
    with progress_bar() as bar:
        task = bar.add_task(trainer.folder.name, total=trainer.config.epochs)

        def after(epoch: int, loss: float, score: float, f1: float) -> None:
            bar.update(task, completed=epoch)
            line = f"epoch {epoch:3}  loss {loss:.4f}  validation MCC {score:.4f}  F1 {f1:.4f}"
            print(line, file=sys.stderr, flush=True)

        best = trainer.run(after)
    left, whole = nonzero_weights(trainer.net)
    score, f1 = trainer.score(trainer.validation)
    path = _save(args, trainer, best, described) if not args.float else ""
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
    return figures, score == best


def _trainer(
    args: argparse.Namespace, samples: Samples, folder: Path, described: Own | None
) -> Trainer:
    labels = soft.read(args.soft, samples, parts(samples)[0], args.horizon) if args.soft else None
    config = _config(args, labels, described)
    make = training_of_own.maker(described) if described else None
    return Trainer(config, samples, folder, labels, make)


def _config(
    args: argparse.Namespace, labels: soft.Soft | None, described: Own | None
) -> TrainConfig:
    values = ((name, getattr(args, name)) for name in OPTIONS)
    settings = {name: value for name, value in values if value is not None}
    if labels:
        settings |= {"soft": args.share, "teacher": labels.digest}
    net: NetConfig | training_of_own.OwnConfig
    if described:
        net = training_of_own.config(described)
        settings = {"weights": _weights(args, described)} | settings
    else:
        net = NetConfig(args.model)
    config = TrainConfig(net, args.horizon, args.seed, exact=not args.float)
    return replace(config, mirror=not args.plain, **settings)


def _weights(args: argparse.Namespace, described: Own) -> int:
    """As many as there are, so that none is pruned unless it is asked for."""
    every = training_of_own.prunable(described)
    if not every and args.weights:
        reason = "prunes FixedLinear and FixedConv1d, and it has none"
        raise NetworkError(f"--weights {args.weights}: {described.path}: {reason}")
    return every or 1


def _save(args: argparse.Namespace, trainer: Trainer, best: float, described: Own | None) -> Path:
    folder = args.keep or trainer.folder
    if described is None:
        return students.save(trainer, best, folder)
    assert isinstance(trainer.net, training_of_own.OwnNet)
    notes = {
        "instrument": trainer.samples.name,
        "data": trainer.samples.digest,
        "horizon": args.horizon,
        "threshold": trainer.limit.hex(),
        "validation_mcc": round(best, 6),
        "digest": trainer.digest(),
    }
    return training_of_own.save(trainer.net, described, folder, notes)
