"""Soft labels: a teacher's chances for every sample of a training part, in a file.

A file names the training part, the horizon and the feature table that it was made for, and is
refused for any other. It holds the training part only, so that a student can't learn a later part
from it.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.rename import by_rename
from models.train.labels import Part, Samples
from tickwire.features.table import table_hash
from tickwire.gen.records import CLASSES

Chances = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]


class SoftError(ValueError):
    """A file of soft labels that can't be used. The message is one line."""


@dataclass(frozen=True)
class Soft:
    """Chances of the training part's samples, [sample, class], and their digest."""

    chances: Chances
    digest: str


def _key(samples: Samples, training: Part, horizon: int) -> dict[str, Any]:
    # not the whole day's digest: what follows the training part must not matter
    labelled = slice(training.start, training.stop + horizon)
    sha = hashlib.sha256(samples.name.encode() + samples.x[training.span].tobytes())
    sha.update(samples.middle[labelled].tobytes())
    part = [training.start, training.stop]
    return {
        "horizon": horizon,
        "features": table_hash(),
        "part": part,
        "training": sha.hexdigest(),
    }


def write(
    path: Path, chances: Chances | Floats, samples: Samples, training: Part, horizon: int
) -> Soft:
    """Write a teacher's chances."""
    table = np.asarray(chances, np.float32)
    right = table.shape == (len(training), CLASSES)
    if not right or not np.allclose(table.sum(axis=1), 1.0, atol=1e-3):
        raise SoftError(f"{path}: {table.shape} aren't chances of {len(training)} samples")
    key = np.array(json.dumps(_key(samples, training, horizon)))
    with by_rename(path) as part, part.open("wb") as file:
        np.savez(file, chances=table, key=key)
    return Soft(table, _digest(table))


def read(paths: Sequence[Path], samples: Samples, training: Part, horizon: int) -> Soft:
    """The mean of several teachers' chances; each must be of this very training part."""
    expected, teachers = _key(samples, training, horizon), []
    for path in paths:
        try:
            with np.load(path, allow_pickle=False) as file:
                key, chances = json.loads(str(file["key"])), file["chances"]
        except OSError as error:
            raise SoftError(f"{path}: {error.strerror or 'not soft labels'}") from None
        except (KeyError, ValueError, EOFError, zipfile.BadZipFile) as error:
            raise SoftError(f"{path}: not soft labels ({error})") from None
        for name, value in expected.items():
            if key.get(name) != value:
                raise SoftError(f"{path}: soft labels of another {_WORDS[name]}")
        if chances.shape != (len(training), CLASSES) or not np.isfinite(chances).all():
            raise SoftError(f"{path}: not soft labels (chances of shape {chances.shape})")
        teachers.append(chances.astype(np.float64))
    if not teachers:
        raise SoftError("soft labels need at least one teacher's file")
    mean = np.mean(teachers, axis=0).astype(np.float32)
    return Soft(mean, _digest(mean))


_WORDS = {
    "training": "day's training part",
    "part": "training part",
    "horizon": "horizon",
    "features": "table of features",
}


def _digest(chances: Chances) -> str:
    return hashlib.sha256(np.ascontiguousarray(chances).tobytes()).hexdigest()
