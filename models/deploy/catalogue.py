"""`tickwire model list` and `show`: the networks that are there, and one of them.

Kept students and trainings are read from their files, without torch.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hwtools.toolchain import ROOT
from models.deploy.names import default, locate
from models.nets.own import own
from models.train.kept import FILE, OWN, StudentError, kept, trainings
from tickwire.features.table import TABLE, table_hash

FIGURES = ROOT / "docs" / "figures" / "students.json"
_METRICS = {
    "cells": "comb (ecp5)",
    "multipliers": "dsp (ecp5)",
    "cycles": "latency_cycles",
    "loop": "loop_cycles",
}


def every() -> list[dict[str, Any]]:
    """A row for each kept student and each training that ended."""
    figures = _figures()
    rows = [_student(folder, folder.name, figures) for folder in kept()]
    for folder in trainings():
        name = os.path.relpath(folder)
        read = _student if (folder / FILE).exists() else _own_training
        rows.append(read(folder, name, {}))
    return rows


def one(name: str) -> dict[str, Any]:
    """A network in full."""
    folder = locate(name)
    if folder.suffix == ".toml":
        return _own(folder, name)
    record = _record(folder)
    row = _student(folder, default(name), _figures())
    return row | {
        "net": record["net"],
        "training": record["training"],
        "machine": record.get("machine", ""),
        "digest": record["digest"],
        "features": [feature.name for feature in TABLE],
        "layers": [_layer(*item) for item in record["layers"].items()],
    }


def _record(folder: Path) -> dict[str, Any]:
    path = folder / FILE
    try:
        record: dict[str, Any] = json.loads(path.read_text())
        _ = record["net"]["kind"], record["layers"], record["training"], record["features"]
    except OSError as error:
        raise StudentError(f"{path}: {error.strerror}") from None
    except (KeyError, TypeError, ValueError) as error:
        raise StudentError(f"{path}: not a trained student ({error})") from None
    return record


def _student(folder: Path, name: str, figures: dict[str, dict[str, Any]]) -> dict[str, Any]:
    record = _record(folder)
    return {
        "name": name,
        "kind": record["net"]["kind"],
        "instrument": record["instrument"],
        "horizon": record["horizon"],
        "validation_mcc": record["validation_mcc"],
        "nonzero_weights": sum(_nonzero(each["weight"]) for each in record["layers"].values()),
        **figures.get(folder.name, dict.fromkeys(_METRICS)),
        "usable": record["features"] == table_hash(),
    }


def _nonzero(part: dict[str, Any]) -> int:
    return str(part["codes"]).count(",") + 1 - _zeros(part["codes"]) if part["codes"] else 0


def _zeros(codes: Any) -> int:
    return sum(map(_zeros, codes)) if isinstance(codes, list) else int(codes == 0)


def _layer(name: str, record: dict[str, Any]) -> dict[str, Any]:
    codes, shape = record["weight"]["codes"], []
    while isinstance(codes, list):
        shape.append(len(codes))
        codes = codes[0] if codes else None
    return {
        "name": name,
        "shape": shape,
        "nonzero_weights": _nonzero(record["weight"]),
        "fraction": record["weight"]["fraction"],
    }


def _figures() -> dict[str, dict[str, Any]]:
    """Cells and cycles of each kept student, synthesised."""
    found: dict[str, dict[str, Any]] = {}
    rows = json.loads(FIGURES.read_text())["rows"] if FIGURES.exists() else []
    for row in rows:
        for key, metric in _METRICS.items():
            if row["metric"] == metric:
                found.setdefault(row["case"], dict.fromkeys(_METRICS))[key] = row["value"]
    return found


# -- Networks of one's own -----------------------------------------------------------------------


def _own_training(folder: Path, name: str, _: dict[str, dict[str, Any]]) -> dict[str, Any]:
    row = _own(folder / OWN, name)
    return {key: row.get(key) for key in ("name", "kind", "instrument", "horizon",
                                          "validation_mcc")} | {"usable": True}  # fmt: skip


def _own(path: Path, name: str) -> dict[str, Any]:
    described = own(path)
    return {
        "name": name,
        "kind": "own",
        "file": os.path.normpath(described.file),
        "class": described.name,
        "features": [TABLE[index].name for index in described.inputs],
        "weights": f"{described.weights}" if described.weights else None,
        "period": described.period,
        "allow_large": described.allow_large,
        **described.notes,
    }


def text(row: dict[str, Any]) -> Sequence[tuple[str, str]]:
    """One network for people."""
    pairs = []
    for key, value in row.items():
        if key == "layers":
            pairs += [("layer", _layer_text(layer)) for layer in value]
        elif key == "features" and len(value) == len(TABLE):
            pairs.append((key, f"all {len(TABLE)}"))
        elif isinstance(value, dict):
            said = (f"{k} {_plain(v)}" for k, v in value.items() if v != "")
            pairs.append((key, ", ".join(said)))
        elif value is not None:
            pairs.append((key.replace("_", " "), _plain(value)))
    return pairs


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else f"{value}"


def _layer_text(layer: dict[str, Any]) -> str:
    shape = " x ".join(map(str, layer["shape"]))
    bits = f"{layer['fraction']} fraction bits"
    return f"{layer['name']}: {shape}, {layer['nonzero_weights']:,} weights not 0, {bits}"
