"""Where a network comes from: a kept student, or a module of one's own, named in a TOML file."""

from __future__ import annotations

import hashlib
import importlib.util
import math
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from models.deploy.check import CHECKED, NetworkError, outputs
from models.nets.student import INPUT_SCALE, INPUTS, KINDS
from models.train import students
from models.train.students import TRAINED
from tickwire.features.table import TABLE, TOP

DEFAULT_HORIZON = "amzn_50"
PERIOD = 8.0
# A stage less than 8 ns would give: its bound in cycles is that short.
PERIODS = {"cnn": 8.2}
LEAST_PERIOD = 1.0  # ns; no part is faster
_NAMES = {feature.name: index for index, feature in enumerate(TABLE)}


@dataclass(frozen=True)
class Source:
    """Where a network comes from; `load` gives it with its weights, in float64."""

    name: str
    kind: str
    weights: str  # a digest of all that it computes with
    inputs: tuple[int, ...]  # features, by their place in the table
    period: float
    load: Callable[[], nn.Module]


def find(name: str, period: float | None = None) -> Source:
    """By the name of a kept student, a kind, or a TOML file of a network of one's own."""
    if name.endswith(".toml"):
        return _own(Path(name), period)
    folder = TRAINED / (f"{name}_{DEFAULT_HORIZON}" if name in KINDS else name)
    if not (folder / students.FILE).exists():
        kept = ", ".join(sorted(path.name for path in TRAINED.iterdir()))
        raise NetworkError(
            f"no network {name!r}: a TOML file, one of {', '.join(KINDS)}, or {kept}"
        )
    _, told = students.load(folder)
    kind = str(told["net"]["kind"])
    weights = hashlib.sha256(repr((told["digest"], sorted(told["net"].items()))).encode())

    def load() -> nn.Module:
        return students.load(folder)[0].double().eval()

    every = tuple(range(INPUTS))
    ns = period or PERIODS.get(kind, PERIOD)
    return Source(folder.name, kind, weights.hexdigest(), every, ns, load)


def _own(path: Path, period: float | None) -> Source:
    try:
        told = tomllib.loads(path.read_text())
        model = told["model"]
        unknown = [*(set(told) - {"model", "training"})]
        unknown += set(model) - {"file", "class", "weights", "features", "period"}
        if unknown:
            raise NetworkError(f"{path}: {sorted(unknown)[0]!r} isn't known here")
        name, features = model["class"], model["features"]
        if not isinstance(name, str) or not isinstance(features, list):
            raise NetworkError(f"{path}: class is a name, features a list of names")
        file = path.parent / model["file"]
        text = file.read_bytes()
        weights = path.parent / model["weights"] if "weights" in model else None
        ns = period or float(model.get("period", PERIOD))
    except OSError as error:
        raise NetworkError(f"{error.filename}: {error.strerror}") from None
    except KeyError as error:
        missing = "no [model]" if error.args[0] == "model" else f"no {error.args[0]!r} in [model]"
        raise NetworkError(f"{path}: it has {missing}") from None
    except (tomllib.TOMLDecodeError, TypeError, AttributeError, ValueError) as error:
        raise NetworkError(f"{path}: {str(error).splitlines()[0]}") from None
    if not LEAST_PERIOD <= ns < math.inf:
        raise NetworkError(f"{path}: period is {ns:g} ns; at least {LEAST_PERIOD:g}")
    unnamed = [feature for feature in features if feature not in _NAMES]
    if unnamed:
        raise NetworkError(
            f"{path}: there is no feature {unnamed[0]!r}; see docs/reference/features.md"
        )
    inputs = tuple(_NAMES[feature] for feature in features)
    if not inputs or list(inputs) != sorted(set(inputs)):
        raise NetworkError(f"{path}: features are named once each, in the order of the table")
    net = _module(path, file, name, weights)
    digest = hashlib.sha256(name.encode() + b"\0" + text + b"\0" + _identity(net, inputs))
    return Source(f"{path.stem}.{name}", "own", digest.hexdigest(), inputs, ns, lambda: net)


def _module(path: Path, file: Path, name: str, weights: Path | None) -> nn.Module:
    """Run the user's file and make the module, once: it may be another the next time."""
    at = file.name
    try:
        spec = importlib.util.spec_from_file_location(f"tickwire_own_{file.stem}", file)
        assert spec is not None and spec.loader is not None
        code = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(code)
        made = getattr(code, name)()
        if not isinstance(made, nn.Module):
            raise TypeError(f"{name} isn't a torch module")
        if weights:
            at = weights.name
            made.load_state_dict(torch.load(weights, weights_only=True))
    except (Exception, SystemExit) as error:  # whatever the user's code raises
        said = f"{type(error).__name__}: {error}".splitlines()[0].rstrip(": ")
        raise NetworkError(f"{path}: {at}: {said}") from None
    return made.double().eval()


def _identity(net: nn.Module, inputs: tuple[int, ...]) -> bytes:
    """What a module is beyond its text: its numbers and what it says, wherever they come from."""
    found = hashlib.sha256()
    for name, value in net.state_dict().items():
        numbers = value.detach().cpu().contiguous().numpy()
        found.update(f"{name} {numbers.dtype} {numbers.shape}\n".encode() + numbers.tobytes())
    lows = np.array([TABLE[index].low for index in inputs])
    given = np.random.default_rng(2).integers(lows, TOP + 1, (CHECKED, len(lows)))
    try:
        found.update(np.ascontiguousarray(outputs(net, given, INPUT_SCALE)).tobytes())
    except Exception as error:  # it won't convert either, which says why
        found.update(type(error).__name__.encode())
    return found.digest()
