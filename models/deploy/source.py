"""Where a network comes from: a kept student, a training, or a TOML file that names one's own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from torch import nn

from models.deploy.check import CHECKED, NetworkError, outputs
from models.deploy.names import locate
from models.nets.examine import examine, rounded_away
from models.nets.module import check_unchanged, make
from models.nets.own import PERIOD, Own, check_period, own
from models.nets.student import INPUT_SCALE, INPUTS
from models.train.kept import OWN
from tickwire.features.table import TABLE, TOP

# One stage fewer than 8 ns would give: the cnn's bound in cycles has no room for it.
PERIODS = {"cnn": 8.2}


@dataclass(frozen=True)
class Source:
    """Where a network comes from; `load` gives it with its weights, in float64."""

    name: str
    kind: str
    weights: str  # a digest of everything that it computes with
    inputs: tuple[int, ...]  # features, by their index in the table
    period: float
    load: Callable[[], nn.Module]
    file: str = ""  # the TOML file of a network of one's own
    allow_large: bool = False
    trained: bool = False  # by make train, on n / 32

    @property
    def where(self) -> str:
        """What a message about it begins with."""
        return f"{self.file}: {self.name.partition('.')[2]}" if self.file else self.name


def find(name: str, period: float | None = None) -> Source:
    """The source of a name; `period` in ns replaces the network's own."""
    if period is not None:
        check_period("--period", period)
    place = locate(name)
    if place.suffix != ".toml":
        return _student(place, period)
    return _own(place, period, place.parent.name if place.name == OWN else place.stem)


def _student(folder: Path, period: float | None) -> Source:
    from models.train import students  # the whole of training, which others don't need

    _, record = students.load(folder)
    kind = str(record["net"]["kind"])
    weights = hashlib.sha256(repr((record["digest"], sorted(record["net"].items()))).encode())

    def load() -> nn.Module:
        return students.load(folder)[0].double().eval()

    ns = period or PERIODS.get(kind, PERIOD)
    return Source(folder.name, kind, weights.hexdigest(), tuple(range(INPUTS)), ns, load)


# -- A network of one's own ----------------------------------------------------------------------


def _own(path: Path, period: float | None, name: str) -> Source:
    described = own(path)
    net = make(described)
    check_unchanged(described)
    examine(described, net)
    net = net.double().eval()
    return Source(
        f"{name}.{described.name}",
        "own",
        _identity(described, net),
        described.inputs,
        period or described.period or PERIOD,
        lambda: net,
        f"{path}",
        described.allow_large,
        "module" in described.notes,
    )


def _identity(described: Own, net: nn.Module) -> str:
    """A digest of a module's file, numbers and outputs, which may depend on more than its file."""
    sha = hashlib.sha256(described.name.encode() + b"\0" + described.text + b"\0")
    for name, value in net.state_dict().items():
        numbers = value.detach().cpu().contiguous().numpy()
        sha.update(f"{name} {numbers.dtype} {numbers.shape}\n".encode() + numbers.tobytes())
    lows = np.array([TABLE[index].low for index in described.inputs])
    vectors = np.random.default_rng(2).integers(lows, TOP + 1, (CHECKED, len(lows)))
    y = outputs(net, vectors, INPUT_SCALE)
    if (y == y[0]).all():
        reason = f"its outputs are the same for all of {CHECKED} vectors"
        why = "".join(f"; layer {line}" for line in rounded_away(net)[:1])
        raise NetworkError(f"{described.path}: {described.name}: {reason}{why}")
    sha.update(np.ascontiguousarray(y).tobytes())
    return sha.hexdigest()
