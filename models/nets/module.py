"""A network of one's own as a torch module: made, given its weights, tried on a few vectors.

Whatever goes wrong names the user's own file and line.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import inspect
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from models.nets.own import NetworkError, Own, no_class, read, some
from openrtl.blame import place, said

# What the class of a fixed-point layer says, of its parameters and buffers.
_WIDTHS = ("integer", "fraction", "weight_integer", "weight_fraction", "bias_fraction", "matrix",
           "entries")  # fmt: skip
_NEIGHBOURS = set[str]()  # modules that the last user's file imported from its folder


def code(own: Own) -> bytes:
    """The user's file, and those of its folder that it imports: what a network is made by."""
    folder = own.file.parent.resolve()
    files = {folder / own.file.name}
    _imported(folder / own.file.name, folder, files)
    others = sorted(files - {folder / own.file.name})
    return own.text + b"".join(b"\0" + each.read_bytes() for each in others)


def _imported(file: Path, folder: Path, files: set[Path]) -> None:
    """Add what the file imports from the folder, and what that does."""
    for node in ast.walk(ast.parse(file.read_bytes(), f"{file}")):
        base, names = folder, list[str]()
        if isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = file.parents[node.level - 1] if node.level else folder
            start = [node.module] if node.module else []
            names = [".".join([*start, each.name]) for each in node.names]
        for name in names:
            parts = name.split(".")
            for count in range(1, len(parts) + 1):
                stem = base.joinpath(*parts[:count])
                for each in (stem.with_suffix(".py"), stem / "__init__.py"):
                    if each.is_file() and each not in files:
                        files.add(each)
                        _imported(each, folder, files)


def make(own: Own) -> nn.Module:
    """Run the user's file and create the module, once: a second one may have other weights."""
    with blamed(own), _beside(own.file.parent.resolve()):
        name = f"tickwire_own_{own.file.stem}"
        spec = importlib.util.spec_from_file_location(name, own.file)
        assert spec is not None and spec.loader is not None
        made = importlib.util.module_from_spec(spec)
        sys.modules[name] = made  # as an import does: dataclasses and pickle look there
        spec.loader.exec_module(made)
        kind = getattr(made, own.name, None)
        if kind is None:
            known = [key for key, value in vars(made).items() if _is_module(value)]
            raise NetworkError(f"{own.path}: {own.file.name}: {no_class(own.name, known)}")
        _without_arguments(own, kind)
        net = kind()
    if not isinstance(net, nn.Module):
        raise NetworkError(f"{own.path}: {own.file.name}: {own.name} isn't a torch module")
    if isinstance(net, torch.jit.ScriptModule) or hasattr(net, "_orig_mod"):
        reason = f"{own.name} is compiled; give the module as it was"
        raise NetworkError(f"{own.path}: {own.file.name}: {reason}")
    if own.weights is not None:
        _fill(own, net, own.weights)
    _check_numbers(own, net)
    return net


@contextmanager
def blamed(own: Own, what: str = "") -> Iterator[None]:
    """What the user's code raises becomes one line that names it; `what`, what was done with it."""
    try:
        yield
    except NetworkError:
        raise
    except (Exception, SystemExit) as error:
        at = place(error, own.file.parent.resolve()) or own.file.name
        raise NetworkError(f"{own.path}: {at}: {what}{said(error)}") from None


@contextmanager
def _beside(folder: Path) -> Iterator[None]:
    """The user's file may import its neighbours: its own, not those of a file before it, which may
    have the same names."""
    for name in _NEIGHBOURS:
        sys.modules.pop(name, None)
    before = set(sys.modules)
    sys.path.insert(0, f"{folder}")
    try:
        yield
    finally:
        sys.path.remove(f"{folder}")
        new = {
            name: getattr(sys.modules[name], "__file__", None) for name in {*sys.modules} - before
        }
        _NEIGHBOURS.clear()
        _NEIGHBOURS.update(name for name, at in new.items() if at and folder in Path(at).parents)


def _is_module(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, nn.Module) and value is not nn.Module


def _without_arguments(own: Own, kind: Any) -> None:
    try:
        taken = inspect.signature(kind).parameters.values()
        several = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
        needed = [
            each.name for each in taken if each.default is each.empty and each.kind not in several
        ]
        line = inspect.getsourcelines(kind.__init__ if "__init__" in vars(kind) else kind)[1]
    except (TypeError, ValueError, OSError):  # no class of Python; making it will tell
        return
    if needed:
        at = f"{own.file.name}:{line}"
        wanted = f"it is made without arguments; give {', '.join(needed)} a default"
        raise NetworkError(f"{own.path}: {at}: {own.name} needs {', '.join(needed)}: {wanted}")


def check_unchanged(described: Own) -> None:
    """A training names the module that it trained."""
    digest = described.notes.get("module")
    if digest and digest != hashlib.sha256(code(described)).hexdigest():
        reason = f"{described.file.name}, or what it imports, was changed after it was trained"
        instead = 'train it again, or name weights = "…" in a TOML file of your own'
        raise NetworkError(f"{described.path}: {reason}; {instead}")


# -- Weights -------------------------------------------------------------------------------------


def _fill(own: Own, net: nn.Module, weights: Path) -> None:
    """Load a state_dict, key by key compared with the module's."""
    where = f"{own.path}: {weights.name}"
    saved = "save one by torch.save(net.state_dict(), path)"
    read(own.path, weights)
    try:
        state = torch.load(weights, weights_only=True, map_location="cpu")
    except Exception:  # torch raises whatever its unpickler met
        raise NetworkError(f"{where} holds no state_dict; {saved}") from None
    if not isinstance(state, Mapping) or not all(isinstance(v, Tensor) for v in state.values()):
        raise NetworkError(f"{where} holds {_kind(state)}, no state_dict; {saved}")
    wanted = net.state_dict()
    other = [key for key in wanted if key in state and wanted[key].shape != state[key].shape]
    if other:
        shapes = (
            f"{key} is {_shape(state[key])}, in {own.name} {_shape(wanted[key])}" for key in other
        )
        raise NetworkError(f"{where}: {some(shapes, len(other))}")
    lacking, more = wanted.keys() - state.keys(), state.keys() - wanted.keys()
    for keys, which, says in ((lacking, wanted, "it lacks"), (more, state, "it has more:")):
        if keys:
            named = (f"{key} ({_shape(which[key])})" for key in which if key in keys)
            known = f"; those of {own.name}: {', '.join(wanted)}" if keys is more else ""
            raise NetworkError(f"{where}: {says} {some(named, len(keys))}{known}")
    bad = _not_finite(state)
    if bad:
        raise NetworkError(f"{where}: {bad}; train it again")
    for key in _said(net):
        differs = (wanted[key].double() != state[key].double()).flatten()
        if differs.any():
            theirs, ours = (float(of[key].flatten()[differs][0]) for of in (state, wanted))
            reason = f"{key} is {theirs:g}, and {own.name} says {ours:g}"
            remedy = "widths are what the class says: save its weights anew, or change it there"
            raise NetworkError(f"{where}: {reason}; {remedy}")
    net.load_state_dict(state)


def _said(net: nn.Module) -> list[str]:
    """The numbers of fixed-point layers that the class says, and no training changes."""
    return [
        f"{name}.{key}".lstrip(".")
        for name, layer in net.named_modules()
        if any(base.__module__.startswith("openrtl.") for base in type(layer).__mro__)
        for key, value in _own_of(layer)
        if key in _WIDTHS and not value.requires_grad
    ]


def _own_of(layer: nn.Module) -> list[tuple[str, Tensor]]:
    """Its own parameters and buffers."""
    return [*layer.named_parameters(recurse=False), *layer.named_buffers(recurse=False)]


def _check_numbers(own: Own, net: nn.Module) -> None:
    bad = _not_finite(net.state_dict())
    if bad:
        raise NetworkError(f"{own.path}: {own.file.name}: {own.name}: {bad}; train it again")


def _not_finite(state: Mapping[str, Tensor]) -> str:
    """Which tensor holds what is no number, or ""."""
    for key, value in state.items():
        wrong = int((~torch.isfinite(value)).sum()) if value.is_floating_point() else 0
        if wrong:
            verb = "are" if wrong > 1 else "is"
            return f"{wrong} of the {value.numel():,} values of {key} {verb} NaN or infinite"
    return ""


def _shape(value: Tensor) -> str:
    return " x ".join(map(str, value.shape)) or "a number"


def _kind(value: object) -> str:
    return f"a {type(value).__name__}"
