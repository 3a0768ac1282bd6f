"""The TOML file that names a network of one's own. It is checked without importing torch.

[model]
file = "my_net.py"                  # beside the TOML file; it is run
class = "MyNet"                     # a torch module that openrtl converts, without arguments
features = ["spread", "flow_8"]     # of docs/reference/features.md, in the order of its inputs
weights = "w.pt"                    # optional: a state_dict
period = 8.0                        # optional: ns that a pipeline stage may take
allow_large = true                  # optional: convert it though it is estimated as too large
[training]                          # optional: notes; those of make train name its module
"""

from __future__ import annotations

import ast
import math
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from tickwire.features.table import NAMES

PERIOD = 8.0  # ns that a pipeline stage may take, unless it is said
LEAST_PERIOD = 1.0  # ns; no part is faster
_TYPES: dict[str, tuple[tuple[type, ...], str]] = {
    "file": ((str,), "a text"),
    "class": ((str,), "a text"),
    "features": ((list,), "a list of names"),
    "weights": ((str,), "a text"),
    "period": ((int, float), "a number of ns"),
    "allow_large": ((bool,), "true or false"),
}
_NEEDED = ("file", "class", "features")


class NetworkError(ValueError):
    """A network that the path can't use. The message is one line."""


@dataclass(frozen=True)
class Own:
    """What the TOML file says, its paths made whole."""

    path: Path
    file: Path
    name: str  # of the class
    inputs: tuple[int, ...]  # features, by their index in the table
    weights: Path | None = None
    period: float | None = None  # ns
    allow_large: bool = False
    notes: dict[str, Any] = field(default_factory=dict)  # of [training]

    @property
    def text(self) -> bytes:
        """The Python file's content."""
        return read(self.path, self.file)


def own(path: Path) -> Own:
    """What a TOML file names; refused in one line where it can't be."""
    model, notes = _sections(path)
    file = path.parent / model["file"]
    _check_class(path, file, model["class"])
    weights = path.parent / model["weights"] if "weights" in model else None
    if weights is not None:
        read(path, weights)
    period = model.get("period")
    if period is not None:
        check_period(f"{path}: period", float(period))
    inputs = _inputs(path, model["features"])
    return Own(path, file, model["class"], inputs, weights, period and float(period),
               model.get("allow_large", False), notes)  # fmt: skip


def check_period(what: str, period: float) -> None:
    if not LEAST_PERIOD <= period < math.inf:
        raise NetworkError(f"{what} is {period:g} ns; at least {LEAST_PERIOD:g}")


def read(path: Path, file: Path) -> bytes:
    """The content of a file that `path` names, or of `path` itself."""
    try:
        return file.read_bytes()
    except OSError as error:
        where = f"{path}: {file}" if file != path else f"{path}"
        raise NetworkError(f"{where}: {error.strerror}") from None


def nearest(word: str, known: Collection[str]) -> str:
    """The question whether another word was meant, or ""."""
    plain = {each.lower(): each for each in known}
    close = get_close_matches(word.lower(), plain, n=1, cutoff=0.7)
    return f"; did you mean {plain[close[0]]!r}?" if close else ""


def some(lines: Iterable[str], count: int, most: int = 3) -> str:
    """The first of so many, and how many more there are."""
    shown = ", ".join(line for line, _ in zip(lines, range(most), strict=False))
    return f"{shown} and {count - most:,} more" if count > most else shown


def _sections(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The section [model] of a TOML file, its keys and their types checked; and [training]."""
    try:
        sections = tomllib.loads(read(path, path).decode())
    except ValueError as error:
        raise NetworkError(f"{path}: {str(error).splitlines()[0]}") from None
    _known(path, "the file", sections, ("model", "training"))
    model = sections.get("model")
    if not isinstance(model, dict):
        raise NetworkError(f"{path}: it has no [model]")
    _known(path, "[model]", model, _TYPES)
    for key, (kinds, wanted) in _TYPES.items():
        if key not in model and key in _NEEDED:
            raise NetworkError(f"{path}: it has no {key!r} in [model]")
        if key in model and type(model[key]) not in kinds:
            raise NetworkError(f"{path}: {key} can't be {model[key]!r}; it is {wanted}")
    notes = sections.get("training", {})
    return model, notes if isinstance(notes, dict) else {}


def _known(path: Path, where: str, keys: Collection[str], known: Collection[str]) -> None:
    for key in keys:
        if key not in known:
            valid = ", ".join(known)
            reason = f"{key!r} isn't known in {where}, which has {valid}"
            raise NetworkError(f"{path}: {reason}{nearest(key, known)}")


def _inputs(path: Path, features: list[Any]) -> tuple[int, ...]:
    """The features' indices in the table, in the order of the file."""
    for place, feature in enumerate(features):
        if feature not in NAMES:
            close = nearest(str(feature), NAMES)
            reason = f"there is no feature {feature!r}{close}"
            raise NetworkError(f"{path}: {reason}; see docs/reference/features.md")
        if feature in features[:place]:
            raise NetworkError(f"{path}: the feature {feature!r} is named twice")
    if not features:
        raise NetworkError(f"{path}: features is empty; name at least one")
    return tuple(NAMES.index(feature) for feature in features)


def _check_class(path: Path, file: Path, name: str) -> None:
    """Refuse a class that the file can't have, as far as its text says."""
    if file.suffix != ".py":
        raise NetworkError(f"{path}: file is {file.name!r}; it is a Python file, my_net.py")
    try:
        tree = ast.parse(read(path, file), file.name)
    except SyntaxError as error:
        at = f"{file.name}:{error.lineno}"
        raise NetworkError(f"{path}: {at}: {type(error).__name__}: {error.msg}") from None
    except ValueError as error:
        raise NetworkError(f"{path}: {file.name}: {error}") from None
    bound = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            bound.add(node.name)
        elif isinstance(node, ast.alias):
            bound.add(node.asname or node.name)
    if name in bound or "*" in bound:
        return
    classes = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    raise NetworkError(f"{path}: {file.name}: {no_class(name, classes)}")


def no_class(name: str, classes: list[str]) -> str:
    has = some(classes, len(classes), 6) or "none"
    return f"no class {name!r}; it has {has}{nearest(name, classes)}"
