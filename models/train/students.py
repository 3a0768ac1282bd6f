"""Trained students as files of integers, models/trained/NAME/weights.json: written and read.

A file holds every weight and bias as an integer with its binary point, the threshold of the labels,
and what the student was trained on and with. A network built from it computes what the trained one
did; its digest is checked when it is read.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from hwtools.rename import by_rename
from models.nets.student import NetConfig, Student, build
from models.train.baselines import Trained
from models.train.kept import FILE as FILE
from models.train.kept import TRAINED as TRAINED
from models.train.kept import StudentError as StudentError
from models.train.kept import kept as kept
from models.train.labels import Part, Samples
from models.train.metrics import Floats
from models.train.stream import exact_scores
from models.train.trainer import Trainer, digest
from openrtl.torch.export import IntegerWeights, integers
from openrtl.torch.layers import FixedWeights
from tickwire.features.table import table_hash


def save(trainer: Trainer, best: float, folder: Path) -> Path:
    """Write a finished training's integers."""
    config = trainer.config
    record = {
        "net": asdict(config.net),
        "training": {k: v for k, v in asdict(config).items() if k != "net"},
        "horizon": config.horizon,
        "threshold": trainer.limit.hex(),
        "data": trainer.samples.digest,
        "instrument": trainer.samples.name,
        "features": table_hash(),
        "validation_mcc": round(best, 6),
        "digest": trainer.digest(),
        "machine": machine(),
        "layers": _layers(trainer.net),
    }
    with by_rename(folder / FILE) as part:
        part.write_text(json.dumps(record) + "\n")
    return folder / FILE


def machine() -> str:
    """What decides the order of sums: elsewhere the same training may end in other integers."""
    return f"torch {torch.__version__.partition('+')[0]} {torch.backends.cpu.get_cpu_capability()}"


def _layers(net: nn.Module) -> dict[str, Any]:
    layers: dict[str, Any] = {}
    for name, module in net.named_modules():
        if isinstance(module, FixedWeights):
            exact = integers(module)
            assert isinstance(exact, IntegerWeights)
            layers[name] = {
                part: {"codes": grid.codes.tolist(), "fraction": grid.fraction}
                for part, grid in (("weight", exact.weight), ("bias", exact.bias))
                if grid is not None
            }
    return layers


def load(path: Path) -> tuple[Student, dict[str, Any]]:
    """The network of a file, and the file's record of it."""
    path = path / FILE if path.is_dir() else path
    try:
        record = json.loads(path.read_text())
        net: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value
            for key, value in record["net"].items()
        }
        student = build(NetConfig(**net))
        for name, module in student.named_modules():
            if isinstance(module, FixedWeights):
                _fill(module, record["layers"][name])
        limit = float.fromhex(record["threshold"])
    except OSError as error:
        raise StudentError(f"{path}: {error.strerror}") from None
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise StudentError(f"{path}: not a trained student ({error})") from None
    if record["features"] != table_hash():
        raise StudentError(f"{path}: trained on another table of features")
    if digest(student, limit) != record["digest"]:
        raise StudentError(f"{path}: its digest is that of other weights")
    return student, record


def _fill(layer: FixedWeights, record: dict[str, Any]) -> None:
    with torch.no_grad():
        for part, target in (("weight", layer.weight), ("bias", layer.bias)):
            if target is not None:
                codes = torch.tensor(record[part]["codes"], dtype=torch.float64)
                target.copy_(codes * 2.0 ** -record[part]["fraction"])
        layer.keep.copy_(layer.weight != 0)
        # trained widths may be finer than the initial ones
        layer.weight_fraction.fill_(max(layer.weight_fraction.max(), record["weight"]["fraction"]))


def candidate(path: Path) -> tuple[Trained, dict[str, Any]]:
    """A kept student as a candidate for scoring, and its record.

    Its scores are those of one stream from the day's first sample on, as in hardware.
    """
    net, record = load(path)
    known: dict[str, Floats] = {}

    def chances(samples: Samples, part: Part) -> Floats:
        # a copy with shuffled features has the same digest and other scores
        key = f"{samples.digest} {hash(samples.x.tobytes())}"
        if key not in known:
            known[key] = exact_scores(net, samples)
        scores = known[key][part.span]
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))

    name, limit = str(record["net"]["kind"]), float.fromhex(record["threshold"])
    settings = {**record["training"], "weights_file": str(path)}
    mcc = record["validation_mcc"]
    return Trained(name, limit, record["digest"], chances, mcc, settings), record
