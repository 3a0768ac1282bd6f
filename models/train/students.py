"""Trained students as they are kept: whole numbers in a text file, and back into a network.

    models/trained/NAME/weights.json

The file holds every weight and bias as an integer with its binary point, the threshold of the
labels, what it was trained on and with. A network made from it computes what the trained one did;
its hash is checked as it is read.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from hwtools.toolchain import ROOT
from models.nets.student import NetConfig, Student, build
from models.train.baselines import Trained
from models.train.labels import Part, Samples
from models.train.metrics import Floats
from models.train.stream import exact_scores
from models.train.trainer import Trainer, digest
from openrtl.torch.export import IntegerWeights, integers
from openrtl.torch.layers import FixedWeights
from tickwire.features.table import table_hash

TRAINED = ROOT / "models" / "trained"
FILE = "weights.json"


class StudentError(ValueError):
    """A file of weights that can't be used. The message is one line."""


def save(trainer: Trainer, best: float, folder: Path) -> Path:
    """Write a finished training's integers, by rename."""
    config = trainer.config
    told = {
        "net": asdict(config.net),
        "training": {k: v for k, v in asdict(config).items() if k != "net"},
        "horizon": config.horizon,
        "threshold": trainer.limit.hex(),
        "data": trainer.found.digest,
        "instrument": trainer.found.name,
        "features": table_hash(),
        "validation_mcc": round(best, 6),
        "digest": trainer.digest(),
        "machine": machine(),
        "layers": _layers(trainer.net),
    }
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{FILE}.{os.getpid()}.part"
    part.write_text(json.dumps(told) + "\n")
    part.replace(folder / FILE)
    return folder / FILE


def machine() -> str:
    """What sums are ordered by: elsewhere the same training may end in other integers."""
    return f"torch {torch.__version__.partition('+')[0]} {torch.backends.cpu.get_cpu_capability()}"


def _layers(net: nn.Module) -> dict[str, Any]:
    layers: dict[str, Any] = {}
    for name, module in net.named_modules():
        if isinstance(module, FixedWeights):
            found = integers(module)
            assert isinstance(found, IntegerWeights)
            layers[name] = {
                part: {"codes": grid.codes.tolist(), "fraction": grid.fraction}
                for part, grid in (("weight", found.weight), ("bias", found.bias))
                if grid is not None
            }
    return layers


def load(path: Path) -> tuple[Student, dict[str, Any]]:
    """A network with the file's weights, and what the file says of it."""
    path = path / FILE if path.is_dir() else path
    try:
        told = json.loads(path.read_text())
        net: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value
            for key, value in told["net"].items()
        }
        student = build(NetConfig(**net))
        for name, module in student.named_modules():
            if isinstance(module, FixedWeights):
                _fill(module, told["layers"][name])
        limit = float.fromhex(told["threshold"])
    except OSError as error:
        raise StudentError(f"{path}: {error.strerror}") from None
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise StudentError(f"{path}: not a trained student ({error})") from None
    if told["features"] != table_hash():
        raise StudentError(f"{path}: trained on another table of features")
    if digest(student, limit) != told["digest"]:
        raise StudentError(f"{path}: its weights aren't those that its hash was made of")
    return student, told


def _fill(layer: FixedWeights, told: dict[str, Any]) -> None:
    with torch.no_grad():
        for part, target in (("weight", layer.weight), ("bias", layer.bias)):
            if target is not None:
                codes = torch.tensor(told[part]["codes"], dtype=torch.float64)
                target.copy_(codes * 2.0 ** -told[part]["fraction"])
        layer.keep.copy_(layer.weight != 0)
        # trained widths may be finer than those that a network begins with
        layer.weight_fraction.fill_(max(layer.weight_fraction.max(), told["weight"]["fraction"]))


def candidate(path: Path) -> tuple[Trained, dict[str, Any]]:
    """A kept student as evaluation takes it. Its scores are those of one stream from the day's
    first sample on, as the hardware has it."""
    net, told = load(path)
    said: dict[str, Floats] = {}

    def chances(found: Samples, part: Part) -> Floats:
        # a shuffled copy of the samples is other samples: known by its features
        key = f"{found.digest} {hash(found.x.tobytes())}"
        if key not in said:
            said[key] = exact_scores(net, found)
        each = np.exp(said[key][part.span] - said[key][part.span].max(axis=1, keepdims=True))
        return np.asarray(each / each.sum(axis=1, keepdims=True))

    name = str(told["net"]["kind"])
    settings = {**told["training"], "weights_file": str(path)}
    limit = float.fromhex(told["threshold"])
    return Trained(name, limit, told["digest"], chances, told["validation_mcc"], settings), told
