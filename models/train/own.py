"""Training a network of one's own: what the trainer asks of a student, and what is kept of it.

A training leaves weights.pt, and model.toml, which names the user's module with these weights; so
the folder is a network's name, as it lies.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from hwtools.rename import by_rename
from models.nets.module import check_unchanged, code, make
from models.nets.own import NetworkError, Own, own
from models.nets.student import INPUT_SCALE
from models.train.baselines import Trained
from models.train.kept import OWN, WEIGHTS
from models.train.labels import Part, Samples
from models.train.metrics import Floats
from openrtl.design import states_of
from openrtl.torch import nonzero_weights
from tickwire.features.table import TABLE
from tickwire.gen.records import CLASSES

States = tuple[Tensor, ...]


class OwnNet(nn.Module):
    """A module of the user's that takes whole feature vectors, and sequences of them."""

    def __init__(self, net: nn.Module, inputs: tuple[int, ...]) -> None:
        super().__init__()
        self.net, self.inputs = net, list(inputs)
        self.states = states_of(getattr(net, "states", ()))

    def begin(self, streams: int, like: Tensor) -> States:
        """The initial states of so many streams: zeros."""
        return tuple(torch.zeros(streams, state.size, dtype=like.dtype) for state in self.states)

    def sequence(self, x: Tensor, states: States) -> tuple[Tensor, States]:
        """Outputs for x of [time, stream, feature], and the last states."""
        x = x[..., self.inputs]
        if not self.states:
            y: Tensor = self.net(x.flatten(0, 1))
            return y.reshape(*x.shape[:2], -1), states
        width, rows = sum(state.size for state in self.states), []
        for now in x.unbind():
            whole = self.net(now, *states)
            states = tuple(whole[:, s.start : s.start + s.size] for s in self.states)
            rows.append(whole[:, width:])
        return torch.stack(rows), states


@dataclass(frozen=True)
class OwnConfig:
    """What names a network of one's own among trainings."""

    module: str  # a digest of its code and of the weights that it begins with
    name: str
    inputs: tuple[int, ...]
    kind: str = "own"


def config(own: Own) -> OwnConfig:
    begins = own.weights.read_bytes() if own.weights else b""
    digest = hashlib.sha256(code(own) + b"\0" + begins).hexdigest()
    return OwnConfig(digest, own.name, own.inputs)


def maker(own: Own) -> Callable[[], OwnNet]:
    """Makes the network, which was examined, with new weights unless its TOML file names some."""

    def made() -> OwnNet:
        return OwnNet(make(own).float(), own.inputs)

    return made


def candidate(folder: Path) -> tuple[Trained, dict[str, Any]]:
    """A training as a candidate for scoring, and what it noted. Its scores are those of one stream
    from the day's first sample on, in float64, which its conversion has too."""
    described = own(folder / OWN)
    made, notes = make(described), described.notes
    check_unchanged(described)
    net = OwnNet(made.double().eval(), described.inputs)
    try:
        limit, name = float.fromhex(notes["threshold"]), notes["digest"]
        settings = {"weights_file": str(folder), "horizon": notes["horizon"], "data": notes["data"]}
        validation = float(notes["validation_mcc"])
    except (KeyError, TypeError, ValueError) as error:
        raise NetworkError(
            f"{described.path}: [training] isn't what make train wrote ({error})"
        ) from None
    if digest(net, limit) != name:
        raise NetworkError(f"{described.path}: {WEIGHTS} holds other weights than were trained")
    known: dict[str, Floats] = {}

    def chances(samples: Samples, part: Part) -> Floats:
        # a copy with shuffled features has the same digest and other scores
        key = f"{samples.digest} {hash(samples.x.tobytes())}"
        if key not in known:
            known[key] = _scores(net, samples)
        powers = np.exp(known[key][part.span] - known[key][part.span].max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))

    return Trained(folder.name, limit, name, chances, validation, settings), settings


def _scores(net: OwnNet, samples: Samples) -> Floats:
    """Of down, flat and up."""
    x = torch.as_tensor(samples.x / INPUT_SCALE)[:, None]
    with torch.no_grad():
        y, _ = net.sequence(x, net.begin(1, x))
    return np.asarray(y[:, 0, :CLASSES].numpy(), np.float64)


def prunable(own: Own) -> int:
    """Weights of fixed-point layers, which alone are pruned."""
    return nonzero_weights(make(own))[1]


def digest(net: OwnNet, limit: float) -> str:
    """A hash of the trained numbers and of the labels' threshold."""
    sha = hashlib.sha256(repr(limit).encode())
    for name, value in net.net.state_dict().items():
        sha.update(name.encode() + value.detach().cpu().double().contiguous().numpy().tobytes())
    return sha.hexdigest()


def save(net: OwnNet, own: Own, folder: Path, notes: dict[str, Any]) -> Path:
    """Write the weights and the TOML file that names them; returns the latter."""
    with by_rename(folder / WEIGHTS) as part:
        torch.save({key: value.cpu() for key, value in net.net.state_dict().items()}, part)
    model = {
        "file": os.path.relpath(own.file, folder),
        "class": own.name,
        "features": [TABLE[index].name for index in own.inputs],
        "weights": WEIGHTS,
        "period": own.period,
        "allow_large": own.allow_large or None,
    }
    notes = {**notes, "module": hashlib.sha256(code(own)).hexdigest()}
    lines = [
        "# Written by make train.",
        "[model]",
        *_pairs(model),
        "",
        "[training]",
        *_pairs(notes),
    ]
    with by_rename(folder / OWN) as part:
        part.write_text("\n".join(lines) + "\n")
    return folder / OWN


def _pairs(values: dict[str, Any]) -> list[str]:
    """Texts, numbers and lists are written alike in TOML and in JSON."""
    return [f"{key} = {json.dumps(value)}" for key, value in values.items() if value is not None]
