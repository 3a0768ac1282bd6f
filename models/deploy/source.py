"""Where a network comes from: a kept student, or one of your own that a TOML file names.

A network's name is a folder of models/trained, or a kind (mlp, cnn, lstm_attn) for that kind's
default student, or the path of a TOML file:

    [model]
    file = "my_net.py"                  # beside the TOML file; it is run
    class = "MyNet"                     # a torch module that openrtl converts, without arguments
    features = ["spread", "flow_8"]     # of docs/reference/features.md, in its order
    weights = "w.pt"                    # optional: a state_dict
    period = 8.0                        # optional: ns that a pipeline stage may take
    [training]                          # optional: notes for people, not read
"""

from __future__ import annotations

import hashlib
import importlib.util
import math
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from models.deploy.check import CHECKED, NetworkError, outputs
from models.nets.student import INPUT_SCALE, INPUTS, KINDS
from models.train import students
from models.train.students import TRAINED
from tickwire.features.table import NAMES, TABLE, TOP

DEFAULT_HORIZON = "amzn_50"
PERIOD = 8.0
# One stage fewer than 8 ns would give: the cnn's bound in cycles has no room for it.
PERIODS = {"cnn": 8.2}
LEAST_PERIOD = 1.0  # ns; no part is faster
_TYPES: dict[str, type | tuple[type, ...]] = {
    "file": str,
    "class": str,
    "features": list,
    "weights": str,
    "period": (int, float),
}
_OPTIONAL = {"weights", "period"}


@dataclass(frozen=True)
class Source:
    """Where a network comes from; `load` gives it with its weights, in float64."""

    name: str
    kind: str
    weights: str  # a digest of everything that it computes with
    inputs: tuple[int, ...]  # features, by their index in the table
    period: float
    load: Callable[[], nn.Module]


def find(name: str, period: float | None = None) -> Source:
    """The source of a name; `period` in ns replaces the network's own."""
    if name.endswith(".toml"):
        return _own(Path(name), period)
    folder = TRAINED / (f"{name}_{DEFAULT_HORIZON}" if name in KINDS else name)
    if not (folder / students.FILE).exists():
        kept = ", ".join(path.name for path in students.kept())
        raise NetworkError(
            f"no network {name!r}: a TOML file, one of {', '.join(KINDS)}, or {kept}"
        )
    _, record = students.load(folder)
    kind = str(record["net"]["kind"])
    weights = hashlib.sha256(repr((record["digest"], sorted(record["net"].items()))).encode())

    def load() -> nn.Module:
        return students.load(folder)[0].double().eval()

    ns = period or PERIODS.get(kind, PERIOD)
    return Source(folder.name, kind, weights.hexdigest(), tuple(range(INPUTS)), ns, load)


# -- A network of one's own ----------------------------------------------------------------------


def _own(path: Path, period: float | None) -> Source:
    model = _section(path)
    ns = period or float(model.get("period", PERIOD))
    if not LEAST_PERIOD <= ns < math.inf:
        raise NetworkError(f"{path}: period is {ns:g} ns; at least {LEAST_PERIOD:g}")
    inputs = _inputs(path, model["features"])
    name, file = model["class"], path.parent / model["file"]
    text = _read(file)
    weights = path.parent / model["weights"] if "weights" in model else None
    net = _module(path, file, name, weights)
    digest = hashlib.sha256(name.encode() + b"\0" + text + b"\0" + _identity(net, inputs))
    return Source(f"{path.stem}.{name}", "own", digest.hexdigest(), inputs, ns, lambda: net)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NetworkError(f"{error.filename}: {error.strerror}") from None


def _section(path: Path) -> dict[str, Any]:
    """The section [model] of a TOML file, its keys and their types checked."""
    text = _read(path)
    try:
        sections = tomllib.loads(text.decode())
    except ValueError as error:
        raise NetworkError(f"{path}: {str(error).splitlines()[0]}") from None
    model = sections.get("model")
    if not isinstance(model, dict):
        raise NetworkError(f"{path}: it has no [model]")
    unknown = sorted({*sections} - {"model", "training"} | {*model} - {*_TYPES})
    if unknown:
        raise NetworkError(f"{path}: {unknown[0]!r} isn't known here")
    for key in _TYPES:
        if key not in model and key not in _OPTIONAL:
            raise NetworkError(f"{path}: it has no {key!r} in [model]")
        if key in model and not isinstance(model[key], _TYPES[key]):
            raise NetworkError(f"{path}: {key} can't be {model[key]!r}")
    return model


def _inputs(path: Path, features: list[Any]) -> tuple[int, ...]:
    """The features' indices in the table."""
    unknown = [feature for feature in features if feature not in NAMES]
    if unknown:
        raise NetworkError(
            f"{path}: there is no feature {unknown[0]!r}; see docs/reference/features.md"
        )
    inputs = tuple(NAMES.index(feature) for feature in features)
    if not inputs or list(inputs) != sorted(set(inputs)):
        raise NetworkError(f"{path}: features are named once each, in the order of the table")
    return inputs


def _module(path: Path, file: Path, name: str, weights: Path | None) -> nn.Module:
    """Run the user's file and create the module, once: a second one may have other weights."""
    at = file.name
    try:
        spec = importlib.util.spec_from_file_location(f"tickwire_own_{file.stem}", file)
        assert spec is not None and spec.loader is not None
        code = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(code)
        net = getattr(code, name)()
        if not isinstance(net, nn.Module):
            raise TypeError(f"{name} isn't a torch module")
        if weights:
            at = weights.name
            net.load_state_dict(torch.load(weights, weights_only=True))
    except (Exception, SystemExit) as error:  # whatever the user's code raises
        message = f"{type(error).__name__}: {error}".splitlines()[0].rstrip(": ")
        raise NetworkError(f"{path}: {at}: {message}") from None
    return net.double().eval()


def _identity(net: nn.Module, inputs: tuple[int, ...]) -> bytes:
    """A digest of a module's numbers and of its outputs, which may depend on more than its file."""
    sha = hashlib.sha256()
    for name, value in net.state_dict().items():
        numbers = value.detach().cpu().contiguous().numpy()
        sha.update(f"{name} {numbers.dtype} {numbers.shape}\n".encode() + numbers.tobytes())
    lows = np.array([TABLE[index].low for index in inputs])
    vectors = np.random.default_rng(2).integers(lows, TOP + 1, (CHECKED, len(lows)))
    try:
        sha.update(np.ascontiguousarray(outputs(net, vectors, INPUT_SCALE)).tobytes())
    except Exception as error:  # the conversion will fail too, and give the reason
        sha.update(type(error).__name__.encode())
    return sha.digest()
